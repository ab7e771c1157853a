"""The store's looks -> when each post was first seen, and when it was not there yet: our own word beside the source's.

A site's date is its own claim. That an earlier complete look over that time did not list the post, and a later one
did, is what a sceptic can check.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from queries.reader import Connection, rows

_SIGHTS = """
WITH first AS (
  SELECT post_id, min(seen_at) AS seen_at FROM sighting_rows WHERE post_id IN (SELECT unnest($ids)) GROUP BY post_id),
told AS (
  SELECT post_id, any_value(channel) AS channel, any_value(handle) AS handle, min(published_at) AS published_at
  FROM post_rows WHERE post_id IN (SELECT unnest($ids)) AND origin = 'crawl' GROUP BY post_id)
SELECT first.post_id, first.seen_at, max(v.finished_at) AS not_yet_at
FROM first JOIN told USING (post_id) LEFT JOIN looks_of_owner v ON v.channel = told.channel AND v.handle = told.handle
  AND v.outcome = 'complete' AND v.finished_at < first.seen_at AND v.covers_from <= told.published_at
GROUP BY ALL ORDER BY first.post_id"""


@dataclass(frozen=True, slots=True)
class Sight:
    """`seen_at`: first seen by us; `not_yet_at`: end of the last complete look before that did not list it, or None."""

    seen_at: datetime
    not_yet_at: datetime | None

    def bears_out(self, published_at: datetime) -> bool:
        """Whether the claimed time lies between the two: the source cannot be far off it."""
        return self.not_yet_at is not None and self.not_yet_at <= published_at <= self.seen_at


def read_sights(connection: Connection, post_ids: Iterable[str]) -> Mapping[str, Sight]:
    """The sights of crawled posts by id."""
    ids = sorted(set(post_ids))
    found = rows(connection, _SIGHTS, {"ids": ids}) if ids else []
    return {row["post_id"]: Sight(row["seen_at"], row["not_yet_at"]) for row in found}
