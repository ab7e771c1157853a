"""The store's record -> what an earlier report said, who decided since, and how much was observed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.items import Span
from pipelines.items import Status
from pipelines.said import HEAD_SQL
from pipelines.timestamps import NEWEST_SQL
from queries.reader import Connection, rows

DutyKey = tuple[str, str, str, datetime]  # as `Duty.key`

# The last verification up to an instant. What a run told ends with it: a decision that came after it and speaks of
# the same as_of stood in no report yet. A verification by hand leaves no run, so nothing bounds it.
_LAST = """
WITH last_run AS (
  SELECT as_of, finished_at FROM runs WHERE as_of <= $until::TIMESTAMPTZ AND finished_at IS NOT NULL
  ORDER BY as_of DESC, finished_at DESC LIMIT 1),
last_said AS (SELECT max(as_of) AS as_of FROM verdict_rows WHERE as_of <= $until::TIMESTAMPTZ)
SELECT greatest(s.as_of, r.as_of) AS as_of,
  CASE WHEN r.as_of >= s.as_of THEN r.finished_at ELSE 'infinity'::TIMESTAMPTZ END AS told_until
FROM last_said s LEFT JOIN last_run r ON true WHERE s.as_of IS NOT NULL"""

# verdict_history without said_at cannot tell two verdicts of one as_of apart; its rows can.
_SAID = f"""
WITH last AS ({_LAST})
SELECT v.campaign_id, v.material_id, v.agency_id, v.opens_at, v.closes_at, v.status, v.reason, v.post_id, v.post_url,
  v.decided_by, last.as_of
FROM verdict_rows v, last WHERE v.as_of <= last.as_of AND v.said_at <= last.told_until
QUALIFY row_number() OVER (PARTITION BY v.campaign_id, v.material_id, v.agency_id, v.opens_at
  ORDER BY v.as_of DESC, v.said_at DESC) = 1
ORDER BY v.campaign_id, v.material_id, v.agency_id, v.opens_at"""  # noqa: S608 - our own text, nothing of a user's

# Decisions on posts, whose verdicts name no decider once the post is refused.
_REVIEWED = """
SELECT post_id, campaign_id, material_id, arg_max(reviewer, row(reviewed_at, review_id)) AS reviewer
FROM reviews WHERE reviewed_at > $since::TIMESTAMPTZ AND post_id IS NOT NULL
GROUP BY post_id, campaign_id, material_id ORDER BY ALL"""

_COVERED = """
SELECT channel || ':' || handle AS account, covers_from, covers_until FROM coverage
WHERE covers_until > $since::TIMESTAMPTZ AND covers_from < $until::TIMESTAMPTZ ORDER BY ALL"""

_FORMER = """
SELECT channel || ':' || now_handle AS account, channel || ':' || handle AS former FROM former_names ORDER BY ALL"""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an outside authority confirmed: the ledger line of this number and hash was there at `stamped_at`."""

    authority: str
    seq: int
    hash: str
    stamped_at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of one duty."""

    status: Status
    reason: str
    closes_at: datetime
    post_id: str | None
    post_url: str | None
    decided_by: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the last verification up to an instant said, duty by duty; `as_of`: the instant it spoke of."""

    as_of: datetime
    said: Mapping[DutyKey, Said]


def read_earlier(connection: Connection, until: datetime) -> Earlier | None:
    """The last verification at or before `until`; None where there was none."""
    found = rows(connection, _SAID, {"until": until.isoformat()})
    return Earlier(found[0]["as_of"], {_key(row): _said(row) for row in found}) if found else None


def read_reviewers(connection: Connection, since: datetime) -> dict[tuple[str, str, str], str]:
    """Who decided after `since` on a post for a material, by post, campaign and material; the newest of several."""
    found = rows(connection, _REVIEWED, {"since": since.isoformat()})
    return {(row["post_id"], row["campaign_id"], row["material_id"]): row["reviewer"] for row in found}


def read_coverage(connection: Connection, span: Span) -> dict[str, tuple[Span, ...]]:
    """The merged spans of every account that touch `span`, by `channel:handle`."""
    found: dict[str, tuple[Span, ...]] = {}
    limits = {"since": span.start.isoformat(), "until": span.end.isoformat()}
    for row in rows(connection, _COVERED, limits):
        account = row["account"]
        found[account] = (*found.get(account, ()), Span(row["covers_from"], row["covers_until"]))
    return found


def read_former_names(connection: Connection) -> dict[str, tuple[str, ...]]:
    """The earlier names of every account that was renamed, both as `channel:handle`."""
    found: dict[str, tuple[str, ...]] = {}
    for row in rows(connection, _FORMER):
        found[row["account"]] = (*found.get(row["account"], ()), row["former"])
    return found


def _key(row: Mapping[str, Any]) -> DutyKey:
    return (row["campaign_id"], row["material_id"], row["agency_id"], row["opens_at"])


def _said(row: Mapping[str, Any]) -> Said:
    return Said(
        Status(row["status"]), row["reason"] or "", row["closes_at"], row["post_id"], row["post_url"], row["decided_by"]
    )


def read_head(connection: Connection, as_of: datetime) -> tuple[int, str] | None:
    """(seq, hash) of the ledger line that seals the verdicts of an instant; None where nothing was sealed by then."""
    found = rows(connection, HEAD_SQL, {"as_of": as_of})
    return (found[0]["seq"], found[0]["hash"]) if found else None


def read_stamps(connection: Connection, as_of: datetime) -> tuple[Stamp, ...]:
    """The newest time stamp of each authority up to an instant, by name."""
    found = rows(connection, NEWEST_SQL, {"as_of": as_of})
    return tuple(
        Stamp(row["authority"], row["stamped_seq"], row["stamped_hash"], row["stamped_at"]) for row in found
    )
