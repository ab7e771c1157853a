"""Doubtful matches and disputes -> a person's decisions, at a web desk on this machine only."""

from queries.review.desk import open_desk, serve_desk

__all__ = ["open_desk", "serve_desk"]
