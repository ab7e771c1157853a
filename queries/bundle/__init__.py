"""Verdicts and the evidence they rest on -> one ZIP that a sceptic can check without Tayang and offline."""

from queries.bundle.selection import Selection
from queries.bundle.write import BundleRequest, Written, write_bundle

__all__ = ["BundleRequest", "Selection", "Written", "write_bundle"]
