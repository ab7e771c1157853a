"""Verdicts, visits and unread posts -> what could not be observed, by cause: the report's honesty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.items import Cause, Outcome, Span
from pipelines.items import Status, Verdict
from pipelines.judge import blind_accounts
from queries.report.facts import LookFact, UnreadFact

Coverage = Mapping[str, Sequence[Span]]

# A visit that names no cause is told by its outcome.
_BY_OUTCOME = {
    Outcome.PARTIAL: Cause.GAP, Outcome.BLOCKED: Cause.BLOCKED, Outcome.PRIVATE: Cause.PRIVATE,
    Outcome.GONE: Cause.GONE, Outcome.UNREADABLE: Cause.UNREADABLE, Outcome.FAILED: Cause.NOT_VISITED,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One account (or, without `account`, one agency) that was not wholly observed.

    `duties` counts the duties of this report that cannot be judged because this account was not read over their time
    (or bears a post that could not be read): those of the agency's other accounts do not count.
    """

    cause: Cause
    agency_id: str
    account: str
    detail: str
    duties: int


def obstacles_of(
    verdicts: Sequence[Verdict], looks: Sequence[LookFact], coverage: Coverage, unread: Sequence[UnreadFact] = ()
) -> tuple[Obstacle, ...]:
    """Every account whose last visit proved less than wanted, and what else leaves a duty unknown.

    `coverage`: merged spans by account, as the verdicts rest on them.
    """
    dark = frozenset(f"{one.channel}:{one.handle}" for one in unread)
    blamed = [one for verdict in verdicts for one in _blamed(verdict, coverage, dark)]
    stopped = Counter(one.where for one in blamed if one.is_blind)
    seen = _wanting(verdicts, looks, stopped)
    told = {(one.agency_id, one.account) for one in seen}
    holes = _holes(blamed, stopped, told)
    others = Counter((Cause(one.verdict.reason), *one.where) for one in blamed if not one.is_blind)
    rest = [Obstacle(*where, "", number) for where, number in others.items()]
    return tuple(sorted({*seen, *holes, *rest}, key=lambda o: (list(Cause).index(o.cause), o.agency_id, o.account)))


def since_opening(verdicts: Sequence[Verdict], until: datetime) -> Span:
    """From the first opening of their windows on: what coverage must be known for."""
    return Span(min((verdict.duty.window.start for verdict in verdicts), default=until), until)


def by_cause(obstacles: Sequence[Obstacle]) -> dict[Cause, list[Obstacle]]:
    """Obstacles grouped, most telling cause first."""
    return {cause: found for cause in Cause if (found := [o for o in obstacles if o.cause is cause])}


@dataclass(frozen=True, slots=True)
class _Blamed:
    """An account for which a duty is unknown: not read over its time (`is_blind`), or for another cause."""

    verdict: Verdict
    account: str
    is_blind: bool

    @property
    def where(self) -> tuple[str, str]:
        """Agency and account."""
        return (self.verdict.duty.agency_id, self.account)


def _blamed(verdict: Verdict, coverage: Coverage, dark: frozenset[str]) -> list[_Blamed]:
    if verdict.status is not Status.UNKNOWN or verdict.reason not in set(Cause):
        return []
    blind = blind_accounts(verdict.duty, coverage)
    accounts = verdict.duty.accounts or ("",)
    return [_Blamed(verdict, one, bool(blind)) for one in blind or [key for key in accounts if key in dark] or accounts]


def _wanting(
    verdicts: Sequence[Verdict], looks: Sequence[LookFact], stopped: Mapping[tuple[str, str], int]
) -> list[Obstacle]:
    wanted = {key for verdict in verdicts for key in verdict.duty.accounts}
    return [
        Obstacle(_cause(look), look.agency_id, look.account, look.detail, stopped[look.agency_id, look.account])
        for look in looks
        if _is_wanting(look, wanted)
    ]


def _holes(
    blamed: Sequence[_Blamed], stopped: Mapping[tuple[str, str], int], told: set[tuple[str, str]]
) -> list[Obstacle]:
    """Accounts whose last visit was whole, but that were not read over a duty's time."""
    found = [one for one in blamed if one.is_blind and one.where not in told]
    return [Obstacle(_hole(one.verdict, told), *one.where, "", stopped[one.where]) for one in found]


def _hole(verdict: Verdict, told: set[tuple[str, str]]) -> Cause:
    """Its cause: the verdict names the most telling one of all its accounts, and another's is not laid at this door."""
    is_told_elsewhere = any((verdict.duty.agency_id, one) in told for one in verdict.duty.accounts)
    return Cause.GAP if is_told_elsewhere else Cause(verdict.reason)


def _is_wanting(look: LookFact, wanted: set[str]) -> bool:
    """Whether a look proved too little; an account never visited matters where a duty rests on it."""
    if look.outcome is None:
        return look.account in wanted
    return bool(look.cause) or look.outcome != Outcome.COMPLETE


def _cause(look: LookFact) -> Cause:
    if look.cause or look.outcome is None:
        return Cause(look.cause or Cause.NOT_VISITED)
    return _BY_OUTCOME[Outcome(look.outcome)]
