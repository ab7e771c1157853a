"""The store's record of what people decided -> the decisions that bear on a report's duties, newest standing only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.items import Span
from pipelines.items import Duty, Verdict
from queries.reader import Connection, rows

MACHINE = "tayang"  # how verdicts name the decider when it was no person

# A decision on a post holds for it, one on a duty for the agency's duty; a newer one supersedes it.
_STANDING = """
WITH told AS (
  SELECT *, lead(review_id) OVER (
    PARTITION BY post_id, campaign_id, material_id, opens_at, CASE WHEN post_id IS NULL THEN agency_id END
    ORDER BY reviewed_at, review_id) IS NULL AS is_standing
  FROM reviews),
about AS (
  SELECT post_id, arg_max(url, seen_at) AS post_url, arg_max(published_at, seen_at) AS published_at FROM post_rows
  WHERE post_id IN (SELECT post_id FROM reviews) GROUP BY post_id)
SELECT agency_id, campaign_id, material_id, opens_at, post_id, post_url, published_at, decision, reviewer, reason,
  reviewed_at
FROM told LEFT JOIN about USING (post_id) WHERE is_standing ORDER BY reviewed_at, review_id"""


@dataclass(frozen=True, slots=True)
class Decided:
    """One person's decision: on a duty (`opens_at`; `decision` is a status) or a post (`post_id`; match | none)."""

    agency_id: str
    campaign_id: str
    material_id: str
    opens_at: datetime | None
    post_id: str | None
    post_url: str | None
    published_at: datetime | None
    decision: str
    reviewer: str
    reason: str
    reviewed_at: datetime


def is_decided(verdict: Verdict) -> bool:
    """Whether a person's decision made the verdict, not the rule alone."""
    return verdict.decided_by != MACHINE


def refusal_behind(verdict: Verdict, decided: Sequence[Decided]) -> Decided | None:
    """A person's no to the post that would have stood for a duty of which nothing else was found: the newest."""
    if verdict.post_id is not None or is_decided(verdict):
        return None
    return next((one for one in reversed(decided) if _is_refusal(one, verdict.duty)), None)


def _is_refusal(one: Decided, duty: Duty) -> bool:
    """As the judge weighs posts: until grace ends, and not what was the answer to an earlier window."""
    if one.decision != "none" or one.published_at is None:
        return False
    if (one.campaign_id, one.material_id, one.agency_id) != duty.key[:3]:
        return False
    at, window = one.published_at, duty.window
    taken = any(span.start <= at < min(span.end, window.start) for span in duty.taken)
    return at < window.end + timedelta(hours=duty.grace_hours) and not taken


def read_decided(connection: Connection, verdicts: Sequence[Verdict], near: Span) -> tuple[Decided, ...]:
    """Those on one of these duties, or on a post that was published `near` or bears one of these verdicts."""
    duties = {verdict.duty.key for verdict in verdicts}
    series = {key[:3] for key in duties}
    resting = {verdict.post_id for verdict in verdicts}
    found = [Decided(**row) for row in rows(connection, _STANDING)]
    return tuple(one for one in found if _bears_on(one, duties) or _is_near(one, series, resting, near))


def _bears_on(one: Decided, duties: set[tuple[str, str, str, datetime]]) -> bool:
    return one.opens_at is not None and (one.campaign_id, one.material_id, one.agency_id, one.opens_at) in duties


def _is_near(one: Decided, series: set[tuple[str, str, str]], resting: set[str | None], near: Span) -> bool:
    if one.post_id is None or (one.campaign_id, one.material_id, one.agency_id) not in series:
        return False
    is_near = one.published_at is not None and near.start <= one.published_at < near.end
    return is_near or one.post_id in resting
