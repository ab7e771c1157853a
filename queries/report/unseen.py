"""Verdicts, visits and unread posts -> what could not be observed, by cause: the report's honesty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crawler.items import Cause, Outcome
from pipelines.items import Status, Verdict
from queries.report.facts import LookFact

# A visit that names no cause is told by its outcome.
_BY_OUTCOME = {
    Outcome.PARTIAL: Cause.GAP, Outcome.BLOCKED: Cause.BLOCKED, Outcome.PRIVATE: Cause.PRIVATE,
    Outcome.GONE: Cause.GONE, Outcome.UNREADABLE: Cause.UNREADABLE, Outcome.FAILED: Cause.NOT_VISITED,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One account (or, without `account`, one agency) that was not wholly observed.

    `duties` counts the agency's duties of this report that therefore cannot be judged.
    """

    cause: Cause
    agency_id: str
    account: str
    detail: str
    duties: int


def obstacles_of(verdicts: Sequence[Verdict], looks: Sequence[LookFact]) -> tuple[Obstacle, ...]:
    """Every account whose last visit proved less than wanted, and agencies unknown for other reasons."""
    unknown = Counter(v.duty.agency_id for v in verdicts if v.status is Status.UNKNOWN)
    wanted = {key for verdict in verdicts for key in verdict.duty.accounts}
    seen = [
        Obstacle(_cause(look), look.agency_id, look.account, look.detail, unknown[look.agency_id])
        for look in looks
        if _is_wanting(look, wanted)
    ]
    told = {(obstacle.agency_id, obstacle.cause) for obstacle in seen}
    rest = [one for verdict in verdicts for one in _untold(verdict, told, unknown)]
    return tuple(sorted({*seen, *rest}, key=lambda o: (list(Cause).index(o.cause), o.agency_id, o.account)))


def by_cause(obstacles: Sequence[Obstacle]) -> dict[Cause, list[Obstacle]]:
    """Obstacles grouped, most telling cause first."""
    return {cause: found for cause in Cause if (found := [o for o in obstacles if o.cause is cause])}


def _untold(verdict: Verdict, told: set[tuple[str, Cause]], unknown: Mapping[str, int]) -> list[Obstacle]:
    """An unknown verdict whose cause no visit of the last run tells: old gaps, no account, never visited."""
    agency_id = verdict.duty.agency_id
    if verdict.status is not Status.UNKNOWN or verdict.reason not in set(Cause):
        return []
    cause = Cause(verdict.reason)
    if (agency_id, cause) in told:
        return []
    return [Obstacle(cause, agency_id, key, "", unknown[agency_id]) for key in verdict.duty.accounts or ("",)]


def _is_wanting(look: LookFact, wanted: set[str]) -> bool:
    """Whether a look proved too little; an account never visited matters where a duty rests on it."""
    if look.outcome is None:
        return look.account in wanted
    return bool(look.cause) or look.outcome != Outcome.COMPLETE


def _cause(look: LookFact) -> Cause:
    if look.cause or look.outcome is None:
        return Cause(look.cause or Cause.NOT_VISITED)
    return _BY_OUTCOME[Outcome(look.outcome)]
