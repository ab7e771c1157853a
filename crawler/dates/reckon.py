"""Days as written -> days of the calendar: which order, which year, and whether the weekday agrees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from crawler.dates.instant import Confidence
from crawler.dates.shapes import Day, Written


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Whole local days, both included, and how much of them custom had to supply."""

    first: date
    last: date
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Near:
    """The day from which a missing year is reckoned; `side`: -1 only before it, 1 only after, 0 either."""

    day: date
    side: int = 0


def reckon(written: Written, near: Near | None = None) -> Reckoned | None:
    """The days meant; None where the calendar or a weekday contradicts, or a year is missing and not `near`."""
    if written.last.year is None:
        return _nearest(written, near) if near else None
    if written.first:
        return _span(written, written.last.year)
    return _single(written, written.last.year)


def _single(written: Written, year: int) -> Reckoned | None:
    day, month = written.last.day, written.last.month or 0
    usual = _date(year, month, day)
    if written.weekday is None:
        return Reckoned(usual, usual, _confidence(written)) if usual else None
    orders = [usual, _date(year, day, month) if written.is_numeric else None]
    agreed = next((one for one in orders if one and one.weekday() == written.weekday), None)
    return Reckoned(agreed, agreed, Confidence.HIGH) if agreed else None


def _confidence(written: Written) -> Confidence:
    """Day before month is custom only where both could be a month; so is the century of a short year."""
    is_open = written.is_numeric and written.last.day <= 12 and written.last.day != written.last.month
    return Confidence.MEDIUM if is_open or written.is_short else Confidence.HIGH


def _span(written: Written, year: int) -> Reckoned | None:
    last = _date(year, written.last.month or 0, written.last.day)
    first = _start(written.first, written.last, year)
    if not first or not last or first >= last or not _agree(written, first, last):
        return None
    if written.are_two and last - first != timedelta(days=1):
        return None  # "20 dan 24 April" are two days, not the five between
    return Reckoned(first, last, Confidence.HIGH)


def _start(first: Day | None, last: Day, year: int) -> date | None:
    """Its first day: "30 Desember - 2 Januari 2024" began in the year before."""
    if first is None:
        return None
    month = first.month or last.month or 0
    turned = first.year is None and month > (last.month or 0)
    return _date(first.year or (year - 1 if turned else year), month, first.day)


def _agree(written: Written, first: date, last: date) -> bool:
    if written.first_weekday is not None and written.first_weekday != first.weekday():
        return False
    if written.weekday is None:
        return True
    # One weekday alone before a span ("Rabu, 24-26 April") is its first day's.
    named = last if written.first_weekday is not None else first
    return named.weekday() == written.weekday or (written.first_weekday is None and last.weekday() == written.weekday)


# Without a year nothing farther is meant: where the weekday denies the nearest reading, it is a slip.
_HALF_A_YEAR = 184


def _nearest(written: Written, near: Near) -> Reckoned | None:
    """The reading closest to `near` among the years around it; a weekday chooses among them."""
    read = [one for year in (near.day.year - 1, near.day.year, near.day.year + 1) for one in _in(written, year, near)]
    if not read:
        return None
    found = min(read, key=lambda one: abs((one.first - near.day).days))
    return Reckoned(found.first, found.last, Confidence.LOW)


def _in(written: Written, year: int, near: Near) -> Iterator[Reckoned]:
    found = _span(written, year) if written.first else _single(written, year)
    away = (found.first - near.day).days if found else 0
    if found and away * near.side >= 0 and abs(away) <= (366 if near.side else _HALF_A_YEAR):
        yield found


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1900 <= year <= 2100 else None
    except ValueError:
        return None
