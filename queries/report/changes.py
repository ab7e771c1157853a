"""Verdicts and what the report of the day before said -> what differs, grouped by what happened. Pure.

Each change stands in one group. A change that came only because a window closed is no finding: it is marked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipelines.items import Status, Verdict
from pipelines.judge import REMOVED
from queries.report.decided import MACHINE
from queries.report.history import Earlier, Said

Reviewers = Mapping[tuple[str, str, str], str]  # by post, campaign, material

_LESS = frozenset({Status.INCOMPLETE, Status.LATE, Status.EARLY, Status.REVIEW, Status.MISSING})


class Group(StrEnum):
    """What happened, in the order told."""

    FULFILLED = "fulfilled"
    REMOVED = "removed"
    DECIDED = "decided"
    MISSING = "missing"
    LATE = "late"
    RESOLVED = "resolved"
    BLINDED = "blinded"
    CLOSED_MISSING = "closed_missing"
    CLOSED_UNKNOWN = "closed_unknown"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Change:
    """One duty of which something else is said; `before` is None where nothing was said of it yet.

    `is_closing`: nothing was found out, the window came to its end. `decider`: the person, empty = the rule.
    """

    group: Group
    verdict: Verdict
    before: Said | None
    is_closing: bool
    decider: str

    @property
    def post_url(self) -> str | None:
        """The post the new verdict rests on, else the one the old rested on."""
        return self.verdict.post_url or (self.before.post_url if self.before else None)


@dataclass(frozen=True, slots=True)
class Changes:
    """All changes since the verification that spoke of `since`; None = there was none before this day."""

    since: datetime | None = None
    found: tuple[Change, ...] = ()

    def by_group(self) -> dict[Group, list[Change]]:
        """Those of each group that has any."""
        return {group: those for group in Group if (those := [one for one in self.found if one.group is group])}


def changes_of(verdicts: Sequence[Verdict], earlier: Earlier | None, reviewers: Reviewers) -> Changes:
    """What is said otherwise than `earlier`, by group, window, material and agency."""
    if earlier is None:
        return Changes()
    pairs = [(verdict, earlier.said.get(verdict.duty.key)) for verdict in verdicts]
    found = [_change(verdict, before, reviewers) for verdict, before in pairs if _differs(verdict, before)]
    return Changes(earlier.as_of, tuple(sorted(found, key=_rank)))


def _differs(verdict: Verdict, before: Said | None) -> bool:
    """Another status or decider, or a removal that was not known; a duty that is new and only waits is no change."""
    if before is None:
        return verdict.status is not Status.PENDING
    removed = REMOVED in _parts(verdict.reason) and REMOVED not in _parts(before.reason)
    return verdict.status is not before.status or verdict.decided_by != before.decided_by or removed


def _parts(reason: str) -> set[str]:
    return {part.strip() for part in reason.split(";")}


def _change(verdict: Verdict, before: Said | None, reviewers: Reviewers) -> Change:
    decider = _decider(verdict, before, reviewers)
    closing = not decider and _is_closing(verdict, before)
    return Change(_group(verdict, before, decider, closing), verdict, before, closing, decider)


def _decider(verdict: Verdict, before: Said | None, reviewers: Reviewers) -> str:
    """The person behind the change: named by the verdict, or one who refused or accepted a post meanwhile."""
    if verdict.decided_by != MACHINE and (before is None or before.decided_by != verdict.decided_by):
        return verdict.decided_by
    duty, posts = verdict.duty, (verdict.post_id, before.post_id if before else None)
    deciders = [reviewers.get((post, duty.campaign_id, duty.material_id), "") for post in posts if post]
    return next(filter(None, deciders), "")


def _is_closing(verdict: Verdict, before: Said | None) -> bool:
    """Whether nothing but the end of the window made the difference."""
    waited = before is None or before.status is Status.PENDING
    return waited and verdict.status in (Status.MISSING, Status.UNKNOWN, Status.CLEAR)


def _group(verdict: Verdict, before: Said | None, decider: str, closing: bool) -> Group:
    """The group of a change, most telling first."""
    status, was = verdict.status, before.status if before else Status.PENDING
    if decider:
        return Group.DECIDED
    if closing and status is not Status.CLEAR:
        return Group.CLOSED_MISSING if status is Status.MISSING else Group.CLOSED_UNKNOWN
    if status is Status.UNKNOWN:
        return Group.BLINDED
    if was is Status.UNKNOWN:
        return Group.RESOLVED
    return _found(verdict, was)


def _found(verdict: Verdict, was: Status) -> Group:
    if (was is Status.FULFILLED and verdict.status in _LESS) or REMOVED in _parts(verdict.reason):
        return Group.REMOVED
    named = {Status.FULFILLED: Group.FULFILLED, Status.LATE: Group.LATE, Status.MISSING: Group.MISSING}
    return named.get(verdict.status, Group.OTHER)


def _rank(change: Change) -> tuple[int, datetime, datetime, str, str, str]:
    duty = change.verdict.duty
    place = list(Group).index(change.group)
    return (place, duty.window.start, duty.window.end, duty.campaign_id, duty.material_id, duty.agency_id)
