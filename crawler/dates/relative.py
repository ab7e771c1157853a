"""A line that is relative as a whole ("2 jam lalu", "kemarin pukul 10.15", "2w") -> a span before the capture.

"2 jam lalu" is said between one and three hours after: the span holds the truth, not a guess at it.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from crawler.dates.clock import CLOCK, Clock, at_clock
from crawler.dates.instant import Confidence, Instant, Precision, Reading
from crawler.dates.words import WEEKDAY, any_of, weekday_of

_COUNTS = {"satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8,
           "sembilan": 9, "sepuluh": 10, "a": 1, "an": 1, "one": 1, "se": 1}  # fmt: skip
_UNITS = {
    "detik": 1, "second": 1, "sec": 1, "menit": 60, "minute": 60, "min": 60, "mnt": 60, "jam": 3600, "hour": 3600,
    "hari": 86400, "day": 86400, "minggu": 604800, "pekan": 604800, "mgg": 604800, "week": 604800,
    "bulan": 2629746, "month": 2629746, "tahun": 31556952, "year": 31556952,
}  # fmt: skip
# Instagram's own short forms; a "d" is a day there, not a "detik".
_SHORT = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31556952}
_LABEL = r"(?:(?:di)?(?:posting|posted|terbit|publikasi|tayang|unggah)\w*[\s:]*(?:pada|on|sejak)?[\s:]*)?"
_AGO = re.compile(
    rf"{_LABEL}(?:sekitar\s+|about\s+)?"
    rf"(?P<count>\d{{1,4}}|{any_of(_COUNTS)}|beberapa|a few)\s*(?P<unit>{any_of(_UNITS)})s?\s*"
    r"(?:yang\s+|yg\s+)?(?:lalu|ago|silam)"
)
_SHORT_AGO = re.compile(r"(?P<count>\d{1,3})\s?(?P<unit>[smhdwy])")
_DAYS_BACK = {"hari ini": 0, "today": 0, "kemarin": 1, "kemaren": 1, "yesterday": 1, "kemarin dulu": 2,
              "kemarin lusa": 2}  # fmt: skip
_NAMED_DAY = re.compile(rf"{_LABEL}(?P<name>{any_of(_DAYS_BACK)})(?:[\s,|-]*(?:pukul|pkl\.?|jam|at)?\s*{CLOCK})?\W*")
_LAST = re.compile(rf"{_LABEL}(?:hari\s)?(?P<what>{WEEKDAY}|pekan|bulan|tahun)\s(?:yang\s|yg\s)?(?:lalu|kemarin)\W*")
_LAST_ENGLISH = re.compile(rf"last\s(?P<what>{WEEKDAY}|week|month|year)")
_JUST_NOW = re.compile(rf"{_LABEL}(?:baru saja|barusan|just now|now)")
_LONGEST = timedelta(days=40 * 366)


def read_relative(folded: str, captured_at: datetime, reading: Reading) -> Instant | None:
    """Only where the whole text is relative: "2 jam lalu" in a sentence dates nothing."""
    named = _NAMED_DAY.fullmatch(folded)
    if named:
        return _named_day(named, captured_at, reading)
    if _JUST_NOW.fullmatch(folded):
        return _about(captured_at, timedelta(0), timedelta(minutes=10), reading)
    last = _LAST.fullmatch(folded) or _LAST_ENGLISH.fullmatch(folded)
    if last:
        return _last(last["what"], captured_at, reading)
    ago = _AGO.fullmatch(folded) or _SHORT_AGO.fullmatch(folded)
    return _ago(ago["count"], ago["unit"], captured_at, reading) if ago else None


def _named_day(named: re.Match[str], captured_at: datetime, reading: Reading) -> Instant | None:
    day = captured_at.astimezone(reading.zone).date() - timedelta(days=_DAYS_BACK[named["name"]])
    clock = Clock(named.groupdict(), named.start(), named.end(), is_marked=True) if named["hour"] else None
    return (at_clock(day, clock, reading) if clock else None) or reading.days(day, day)


def _ago(count: str, unit: str, captured_at: datetime, reading: Reading) -> Instant | None:
    size = timedelta(seconds=_SHORT.get(unit) or _UNITS[unit])
    if count in ("beberapa", "a few"):
        return _about(captured_at, timedelta(0), 10 * size, reading)
    times = _COUNTS.get(count) or int(count)
    return _about(captured_at, max(times - 1, 0) * size, (times + 1) * size, reading)


def _about(captured_at: datetime, least: timedelta, most: timedelta, reading: Reading) -> Instant | None:
    if most > _LONGEST:
        return None
    return reading.instant(captured_at - most, captured_at - least, Precision.RELATIVE)


def _last(what: str, captured_at: datetime, reading: Reading) -> Instant:
    today = captured_at.astimezone(reading.zone).date()
    first, last = _last_days(what, today)
    span = reading.days(first, last, Precision.RELATIVE)
    return Instant(span.start, span.end, span.precision, span.raw, source=span.source, confidence=Confidence.LOW)


def _last_days(what: str, today: date) -> tuple[date, date]:
    """ "Rabu lalu" is this week's Wednesday to some and last week's to others: from the one to the other."""
    if what in ("pekan", "week"):
        monday = today - timedelta(days=today.weekday() + 7)
        return monday, monday + timedelta(days=6)
    if what in ("bulan", "month"):
        end = today.replace(day=1) - timedelta(days=1)
        return end.replace(day=1), end
    if what in ("tahun", "year"):
        return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
    back = (today.weekday() - (weekday_of(what) or 0) - 1) % 7 + 1
    latest = today - timedelta(days=back)
    return latest - timedelta(days=7), latest
