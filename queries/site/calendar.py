"""Days with a report and days with duties -> months as weeks, for a calendar."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from crawler.items import Span

MOST_DAYS = 400  # of one window: one that never ends would fill the calendar


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day: whether a report of it is beside the page, and whether anything was to be shown."""

    day: date
    has_report: bool
    is_due: bool


@dataclass(frozen=True, slots=True)
class Month:
    """Weeks from Monday on; None where the day is another month's."""

    first: date
    weeks: tuple[tuple[CalendarDay | None, ...], ...]


def months_of(reports: Set[date], due: Set[date], newest: date) -> tuple[Month, ...]:
    """The months that hold a report, and that of the newest day, newest first."""
    firsts = {day.replace(day=1) for day in {*reports, newest}}
    return tuple(Month(first, _weeks(first, reports, due)) for first in sorted(firsts, reverse=True))


def due_days(windows: Iterable[Span], zone: ZoneInfo) -> frozenset[date]:
    """The local days that any window touches."""
    return frozenset(day for window in windows for day in _days(window, zone))


def _days(window: Span, zone: ZoneInfo) -> list[date]:
    first, last = _local(window.start, zone), _local(window.end - timedelta(microseconds=1), zone)
    return [first + timedelta(days=number) for number in range(min((last - first).days + 1, MOST_DAYS))]


def _weeks(first: date, reports: Set[date], due: Set[date]) -> tuple[tuple[CalendarDay | None, ...], ...]:
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return tuple(
        tuple(CalendarDay(day, day in reports, day in due) if day.month == first.month else None for day in week)
        for week in weeks
    )


def _local(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()
