"""Duties, coverage and earlier visits -> in which order accounts are visited, the most useful visit first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from crawler.items import Span
from pipelines.items import Duty
from pipelines.judge import covered

# A window that stayed unproved is asked for again this long; then the gap is accepted as it is.
RETRY_WINDOWS = timedelta(days=14)
# Runs come at least once a day: what closes before the next one may come cannot wait.
SOON = timedelta(days=1)
_NEVER = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)


class Urgency(IntEnum):
    """Why an account is visited; smaller ones come first."""

    CLOSING = 0  # an open duty whose window, grace included, closes within a day
    LEFT = 1  # the last run had no time or budget left for it: no account is left for ever
    OPEN = 2  # an open duty
    UNPROVED = 3  # a closed one whose verdict a list that reaches back can still change
    OTHER = 4


@dataclass(frozen=True, slots=True)
class Need:
    """The most urgent reason to visit an account, and until when the visit is of use."""

    urgency: Urgency = Urgency.OTHER
    until: datetime = _LAST


@dataclass(frozen=True, slots=True)
class Past:
    """What earlier runs did: when the account was last looked at, and whether the last run left it."""

    visited_at: datetime | None = None
    was_left: bool = False


def need_of(duty: Duty, spans: Sequence[Span], now: datetime) -> Need | None:
    """What a visit to one of the duty's accounts, proved over `spans`, can still find out; None = nothing."""
    if duty.window.start > now:
        return None
    ends = duty.window.end
    graced = Span(duty.window.start, ends + timedelta(hours=duty.grace_hours)) if duty.grace_hours else duty.window
    settled = max(graced.end, ends + timedelta(hours=duty.keep_hours)) if duty.keep_hours else graced.end
    if settled > now:
        until = graced.end if graced.end > now else settled
        return Need(Urgency.CLOSING if now < graced.end <= now + SOON else Urgency.OPEN, until)
    # The last hours of grace are read after they are over, else a late post would stay `missing`.
    if settled + RETRY_WINDOWS > now and not covered(spans, graced):
        return Need(Urgency.UNPROVED, settled + RETRY_WINDOWS)
    return None


def needs_of(
    duties: Iterable[Duty], coverage: Mapping[str, Sequence[Span]], now: datetime, fulfilled: Collection[object] = ()
) -> dict[str, Need]:
    """For each account with a duty that matters now, its most urgent need.

    `fulfilled`: keys of duties that were seen fulfilled; only where a post must stay is there more to see.
    """
    needs: dict[str, Need] = {}
    for duty in duties:
        if duty.exempt_reason or (not duty.keep_hours and duty.key in fulfilled):
            continue
        for account in duty.accounts:
            need = need_of(duty, coverage.get(account, ()), now)
            if need and _rank(need) < _rank(needs.get(account, Need())):
                needs[account] = need
    return needs


def in_order(accounts: Iterable[str], needs: Mapping[str, Need], past: Mapping[str, Past]) -> list[str]:
    """The account keys by urgency, those left before first; then by what closes first, the longest unseen, by name."""

    def place(account: str) -> tuple[int, bool, datetime, datetime, str]:
        need, before = needs.get(account, Need()), past.get(account, Past())
        urgency = Urgency.LEFT if before.was_left and need.urgency is not Urgency.CLOSING else need.urgency
        # Among those that were left once, what closes first would be visited again and again, and others never.
        until = _NEVER if before.was_left else need.until
        return urgency, not before.was_left, until, before.visited_at or _NEVER, account

    return sorted(accounts, key=place)


def _rank(need: Need) -> tuple[int, datetime]:
    return need.urgency, need.until
