"""Local dates and wall clocks of an instance -> instants in UTC."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def now_utc() -> datetime:
    """The only clock that decisions are taken by."""
    return datetime.now(UTC)


class Steady:
    """A clock that never goes back, whoever sets the machine's while we look.

    A post that was seen must not have been seen before its look began or after it ended: that would be a list that
    no longer shows it.
    """

    def __init__(self, clock: Callable[[], datetime] = now_utc) -> None:
        self._clock = clock
        self._latest = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        """The clock's time, at the earliest the one that was told last."""
        self._latest = max(self._latest, self._clock())
        return self._latest


CLOCK = Steady()  # of all looks of this process


def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a local day begins."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def parse_instant(text: str, zone: ZoneInfo) -> datetime:
    """An ISO 8601 date or date-time; without offset it is local. Raises ValueError."""
    parsed = datetime.fromisoformat(text)
    try:
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError as error:  # the first or last day there is, moved by the zone
        raise ValueError(text) from error


def new_run_id(now: datetime) -> str:
    """A name for a run that sorts by time; to the microsecond, as a workspace has one run at a time."""
    return now.strftime("%Y%m%dT%H%M%S%fZ")
