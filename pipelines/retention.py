"""`[retention]` and the store -> which kept payloads have outlived their time.

Counted from the end of the last campaign that a payload may stand behind (an answer or picture of an account that owed
something in it, kept from a month before the campaign opened), at the earliest from the day it was fetched. So nothing
is deleted that a campaign not yet over may need. A payload goes when every line about it has outlived its time.
"""

from __future__ import annotations

from datetime import datetime

from crawler.retention_settings import RetentionSettings
from pipelines.deleting import Doomed
from pipelines.store import Store

# Days by kind of payload, None = for ever. What has no account (imports) may stand behind anybody's duty.
EXPIRED_SQL = """
    WITH campaign AS (
      SELECT campaign_id, min(opens_at) - INTERVAL 31 DAY AS starts,
        max(closes_at + to_seconds(greatest(grace_hours, keep_hours) * 3600)) AS ends
      FROM duty_rows GROUP BY campaign_id),
    owed AS (
      SELECT DISTINCT unnest(d.accounts) AS account, c.starts, c.ends
      FROM duty_rows d JOIN campaign c USING (campaign_id)
      UNION SELECT '', starts, ends FROM campaign),
    known AS (
      SELECT e.sha256, e.fetched_at, e.account,
        CASE WHEN e.kind = 'import' OR e.url LIKE 'import:%' THEN 'submissions_days'
          WHEN e.kind = 'media' THEN 'media_days' ELSE 'captures_days' END AS rule
      FROM evidence_rows e WHERE e.sha256 NOT IN (SELECT sha256 FROM deletion_rows)),
    counted AS (
      SELECT k.sha256, k.rule, greatest(k.fetched_at, (SELECT max(o.ends) FROM owed o
        WHERE o.account = CASE WHEN k.rule = 'submissions_days' THEN ''
            ELSE coalesce(f.channel || ':' || f.now_handle, k.account) END
          AND o.starts <= k.fetched_at)) AS counts_from
      FROM known k LEFT JOIN former_name_rows f ON f.channel || ':' || f.handle = k.account)
    SELECT sha256, any_value(rule) AS rule FROM counted GROUP BY sha256
    HAVING bool_and(coalesce(counts_from + to_days(CASE rule WHEN 'submissions_days' THEN $submissions_days
      WHEN 'media_days' THEN $media_days ELSE $captures_days END::INTEGER) < $now, false))
    ORDER BY rule, sha256
"""
# What is left to say of posts once what they rest on is gone: all but what they said and showed.
STUBS_SQL = """
    SELECT post_id, content_id, channel, agency_id, handle, native_id, url, published_at, published_until,
      published_quality, origin, evidence_sha256, seen_at
    FROM post_rows WHERE list_contains($digests, evidence_sha256) ORDER BY post_id, content_id
"""
_INSTANTS = ("published_at", "published_until", "seen_at")


def expired(store: Store, settings: RetentionSettings, now: datetime) -> list[Doomed]:
    """The payloads to delete by the rules as set; [] where none is set."""
    if not settings.is_set:
        return []
    days = {"submissions_days": settings.submissions, "media_days": settings.media, "captures_days": settings.captures}
    rows = store.rows(EXPIRED_SQL, {**days, "now": now})
    stubs = stubs_of(store, [row["sha256"] for row in rows], "deleted")
    return [Doomed(row["sha256"], f"retention.{row['rule']}", tuple(stubs.get(row["sha256"], ()))) for row in rows]


def stubs_of(store: Store, digests: list[str], unread: str) -> dict[str, list[dict[str, object]]]:
    """By digest: what is left to say of the posts that rest on it; `unread` says why they cannot be read."""
    found: dict[str, list[dict[str, object]]] = {}
    for row in store.rows(STUBS_SQL, {"digests": digests}):
        found.setdefault(row["evidence_sha256"], []).append(stub(row, unread))
    return found


def stub(row: dict[str, object], unread: str) -> dict[str, object]:
    """A row of `post_rows` without its content, as a ledger line can hold it."""
    told = {name: one.isoformat() if isinstance(one, datetime) else one for name, one in row.items()}
    return {**told, "unread": unread}
