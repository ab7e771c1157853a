"""Verdicts that rest on posts, and when those were last looked at -> the posts that are to be looked at again.

A post is due some days after it was published (`crawl.look_again_days`), and once more when its keeping time is over.
One look that answers serves every due date before it; a look that does not answer is made again for two weeks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crawler.assignments import Standing
from pipelines.store import Store

TRIES = timedelta(days=14)
# A list is read a little further back than the post, so that the look covers its second.
MARGIN = timedelta(minutes=1)

# Posts behind what stands as shown. `looked_at`: the newest look that told whether the post was there. For articles
# that is their own address or a sight of them; for others a sight, or a whole list of its time without it.
BEHIND_SQL = """
    WITH behind AS (
      SELECT v.post_id, max(coalesce(d.keep_hours, 0)) AS keep_hours
      FROM newest_verdict_rows v LEFT JOIN duty_rows d USING (campaign_id, material_id, agency_id, opens_at)
      WHERE v.post_id IS NOT NULL AND v.published_at >= $since AND (v.status = 'fulfilled'
        OR (v.status = 'incomplete' AND list_contains(string_split(v.reason, '; '), 'removed')))
      GROUP BY v.post_id),
    seen AS (
      SELECT post_id, arg_max(content_id, seen_at) AS content_id, max(seen_at) AS seen_at
      FROM sighting_rows SEMI JOIN behind USING (post_id) GROUP BY post_id),
    posts_behind AS (
      SELECT post_id, content_id, p.channel, coalesce(f.now_handle, p.handle) AS handle, p.url, p.published_at,
        p.published_until, s.seen_at, b.keep_hours
      FROM behind b JOIN seen s USING (post_id) JOIN post_rows p USING (post_id, content_id)
      LEFT JOIN former_name_rows f ON f.channel = p.channel AND f.handle = p.handle
      WHERE p.origin = 'crawl')
    SELECT b.*, b.channel || ':' || b.handle AS account, greatest(b.seen_at,
      (SELECT max(e.fetched_at) FROM evidence_rows e WHERE e.kind = 'again' AND e.url = b.url
        AND e.account = b.channel || ':' || b.handle),
      (SELECT max(l.started_at) FROM looks_of_owner l WHERE b.channel <> 'news' AND l.channel = b.channel
        AND l.handle = b.handle AND l.outcome = 'complete' AND l.covers_from <= b.published_at
        AND l.covers_until > b.published_at)) AS looked_at
    FROM posts_behind b ORDER BY b.post_id
"""


@dataclass(frozen=True, slots=True)
class Behind:
    """One account's posts behind verdicts: all of them, and from when its list must be read for those that are due."""

    posts: tuple[Mapping[str, Any], ...]
    since: datetime | None

    def reads_from(self, since: datetime) -> datetime:
        """Where a look that would begin at `since` begins."""
        return min(since, self.since) if self.since else since

    def standings(self, since: datetime) -> tuple[Standing, ...]:
        """The articles that such a look will either list or ask for by their own address."""
        told = (row for row in self.posts if row["channel"] == "news" and row["published_until"] >= since)
        return tuple(Standing(row["post_id"], row["content_id"], row["url"]) for row in told)


NOTHING = Behind((), None)


def posts_behind(store: Store, days: Sequence[float], now: datetime) -> dict[str, Behind]:
    """By account key: the posts behind `fulfilled` (or `removed`) and how far back they ask the list to be read."""
    rows = store.rows(BEHIND_SQL, {"since": now - timedelta(days=400)})
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        grouped.setdefault(row["account"], []).append(row)
    return {account: Behind(tuple(posts), _since(posts, days, now)) for account, posts in grouped.items()}


def _since(posts: Iterable[Mapping[str, Any]], days: Sequence[float], now: datetime) -> datetime | None:
    return min((row["published_at"] - MARGIN for row in posts if is_due(row, days, now)), default=None)


def is_due(row: Mapping[str, Any], days: Sequence[float], now: datetime) -> bool:
    """Whether a due date has passed that no look has answered; `days` after publication, empty = never."""
    due = last_due(row["published_until"], days, row["keep_hours"], now)
    return due is not None and row["looked_at"] < due and now < due + TRIES


def last_due(published: datetime, days: Sequence[float], keep_hours: float, now: datetime) -> datetime | None:
    """The newest due date that has passed; the end of the keeping time is one."""
    dates = [published + timedelta(days=one) for one in days]
    if keep_hours and days:
        dates.append(published + timedelta(hours=keep_hours))
    return max((one for one in dates if one <= now), default=None)
