"""Answers of a source as bytes -> what they say. Reading never fetches."""
