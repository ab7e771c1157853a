"""Instants of a paged list as read -> the part of its order that proves something, and when to stop.

The newest-first order of a list is its only proof. Up to MAX_PINNED items may be stuck out of order at
its head, which `crawler.coverage` sets aside; as many may be stuck at its foot, and an old one there
would stretch the proof over everything that the list does not hold. So the foot proves nothing either.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crawler.coverage import MAX_PINNED, Listing, proved_span, reaches_back
from crawler.discovery.site import Site
from crawler.items import Capture
from crawler.language import say
from crawler.readers.answers import answered_at

MAX_STUCK = MAX_PINNED

Instants = tuple[datetime, ...]


def without_foot(order: Instants) -> Instants:
    """The order without its last items; the head is kept, that a list was read at all stays visible."""
    return order[: max(MAX_PINNED, len(order) - MAX_STUCK)]


def reads_far_enough(order: Instants, page: Instants, since: datetime) -> bool:
    """Whether nothing older must be asked for: `page`, the last of `order`, lies before `since`, and what
    remains without the foot does as well."""
    proving = without_foot(order)
    return reaches_back(order, page, since) and len(proving) > MAX_PINNED and proving[-1] < since


def proves_all(order: Instants, since: datetime, asked_at: datetime) -> bool:
    """Whether an order alone proves all of the time since `since`."""
    span = proved_span(Listing(order=without_foot(order), confirmed=True), since, asked_at)
    return span is not None and span.start <= since


def doubt_stale_parts(site: Site, parts: Sequence[Capture], order: Instants) -> None:
    """A later part out of a cache is that of an older list: what moved in between is in neither part."""
    newest = max(order[MAX_PINNED:], default=None)
    if newest and any(answered_at(part) < newest for part in parts[1:]):
        site.doubt(say("bagian daftar berasal dari tembolok lama", "parts of the list come from an old cache"))


def doubt_moved(site: Site, url: str, before: Sequence[str], again: Sequence[str]) -> None:
    """An item added or deleted while a list was paged shifts the rest: one may have slipped through
    between two parts. Every part but the last is asked again at the end and must be as it was."""
    if list(before) != list(again):
        site.doubt(say("daftar berubah selagi dibaca", "the list changed while it was read") + f": {url}")
