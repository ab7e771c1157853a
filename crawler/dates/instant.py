"""Local days -> Instants: what a text says of a time, how finely, how it was read, and how far to trust it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum


class Precision(StrEnum):
    """How finely a text tells the time."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    RANGE = "range"
    RELATIVE = "relative"


class Source(StrEnum):
    """Which reader made an instant of the text."""

    GRAMMAR = "grammar"
    DATEPARSER = "dateparser"


class Confidence(StrEnum):
    """What of a date had to be supplied by custom: nothing; the order or the reading; its year."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Instant:
    """`start <= the true instant < end`, UTC; both are equal when it is known to the minute.

    `raw` is the text that was read; `stated_utc` tells that it claimed offset zero ("Z", "GMT").
    """

    start: datetime
    end: datetime
    precision: Precision
    raw: str
    stated_utc: bool = False
    source: Source = Source.GRAMMAR
    confidence: Confidence = Confidence.HIGH


@dataclass(frozen=True, slots=True)
class Reading:
    """What every instant of one text shares: its words, the zone that holds where none is written."""

    raw: str
    zone: tzinfo
    confidence: Confidence = Confidence.HIGH
    source: Source = Source.GRAMMAR

    def instant(self, start: datetime, end: datetime, precision: Precision, *, stated_utc: bool = False) -> Instant:
        """An Instant of these words between two moments that know their zone."""
        first = start.astimezone(UTC)
        last = first if end is start else end.astimezone(UTC)
        return Instant(first, last, precision, self.raw, stated_utc, self.source, self.confidence)

    def days(self, first: date, last: date, precision: Precision | None = None) -> Instant:
        """Whole local days, both included."""
        start = datetime.combine(first, time(), self.zone)
        end = datetime.combine(last + timedelta(days=1), time(), self.zone)
        return self.instant(start, end, precision or (Precision.DAY if first == last else Precision.RANGE))


def day_of(day: date, zone: tzinfo, raw: str = "") -> Instant:
    """A whole local day."""
    return Reading(raw, zone).days(day, day)
