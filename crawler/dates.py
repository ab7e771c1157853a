"""A date as people write it, the time of capture and the site's zone -> an instant or a span, or None.

Own grammar first, `dateparser` last. A date is read only where day, month and year stand: a bare
time, a weekday or "12 tahun" is none. Where the weekday contradicts the date, neither is believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum

import dateparser


class Precision(StrEnum):
    """How finely a text tells the time."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    RANGE = "range"
    RELATIVE = "relative"


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


_MONTH_NAMES = (
    "januari january jan", "februari february febuari pebruari feb peb", "maret march mar mrt",
    "april apr", "mei may", "juni june jun", "juli july jul",
    "agustus august agust agt ags agu aug", "september sept sep", "oktober october okt oct",
    "november nopember nov nop", "desember december des dec",
)  # fmt: skip
_DAY_NAMES = (
    "senin monday sen mon", "selasa tuesday sel tues tue", "rabu wednesday rab wed",
    "kamis thursday kam thurs thu", "jumat jum'at friday jum fri", "sabtu saturday sab sat",
    "minggu sunday ahad min sun",
)  # fmt: skip
_MONTHS = {word: number for number, words in enumerate(_MONTH_NAMES, 1) for word in words.split()}
_WEEKDAYS = {word: number for number, words in enumerate(_DAY_NAMES) for word in words.split()}
_ZONES = {"wib": 7, "wita": 8, "wit": 9, "utc": 0, "gmt": 0, "z": 0}


def _any_of(words: dict[str, int]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_MONTH, _WEEKDAY = _any_of(_MONTHS), _any_of(_WEEKDAYS)
_TO = r"\s*(?:-|s\s*[./]\s*d\.?|sampai(?:\sdengan)?|hingga)\s*"
# Of a span only the last day carries everything: "24-26 April 2024", "30 Des s.d. 2 Jan 2025".
_FIRST = (
    r"(?<![\d:./])(?:(?P<first>\d{1,2})"
    rf"(?:[\s/](?P<first_month>{_MONTH}|(?<=/)\d{{1,2}})(?:[\s/](?P<first_year>\d{{4}}))?)?{_TO})?"
)
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        r"(?<![\d/.-])(?P<year>\d{4})(?P<sep>[-/])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?![\d/-])",
        rf"{_FIRST}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s.,/-]{{0,3}}(?P<month>{_MONTH})\b\.?[\s.,/-]{{0,3}}(?P<year>\d{{4}})(?!\d)",
        rf"\b(?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})(?!\d)",
        rf"{_FIRST}(?P<day>\d{{1,2}})(?P<sep>[/.-])(?P<month>\d{{1,2}})(?P=sep)(?P<year>\d{{4}})(?![\d/-])",
    )
)
_CLOCK = (
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?(?!\d)"
    r"\s*(?P<half>[ap]\.?m\b\.?)?\s*\(?"
    r"(?P<zone>wib|wita|wit\b|(?:utc|gmt)\s*[+-]\d{1,2}(?::?\d{2})?|utc|gmt|z\b|[+-]\d{2}:?\d{2})?"
)
_CLOCK_AFTER = re.compile(
    rf"[\s,|;()@•·/t-]*(?P<lead>wib|wita|wit)?(?:\b(?:pukul|pkl|jam|at|pagi|siang|sore|malam)\b[\s.:,]*)*{_CLOCK}"
)
_CLOCK_BEFORE = re.compile(rf"(?<![\d:.]){_CLOCK}[\s,|()-]*(?:pada\s+|on\s+)?$")
_WEEKDAY_BEFORE = re.compile(rf"\b(?P<weekday>{_WEEKDAY})(?:\s+(?:pon|wage|kliwon|legi|pahing|paing))?\.?[\s,(|-]*$")
_NUMBERED = re.compile(r"\b(?:no|nomor|nomer)\b[\s.:]*$")
_UPDATED = re.compile(r"\b(?:diperbarui|diperbaharui|diubah|diupdate|updated?|modified|edited|terakhir)\b")
_PUBLISHED = re.compile(r"terbit|publi|tayang|posting|posted|unggah|upload|dibuat|created")


def read_date(text: str, captured_at: datetime, zone: tzinfo) -> Instant | None:
    """The first publication date in `text`; relative ones count back from `captured_at`.

    Meant for date lines and fields, not for running text. `zone` holds where none is written.
    """
    folded = _fold(text)
    seen = False
    rest = 0
    for shape in _shapes_in(folded):
        seen = True
        label, rest = folded[rest : shape.start()], shape.end()
        if _UPDATED.search(label) and not _PUBLISHED.search(label):
            continue
        found = _from_shape(shape, folded, text.strip(), zone)
        if found:
            return found
    if seen:
        return None  # a date was written and is wrong: nothing may make another one of it
    return _relative(folded, text.strip(), captured_at, zone) or _last_resort(folded, captured_at, zone)


def day_of(day: date, zone: tzinfo, raw: str = "") -> Instant:
    """A whole local day."""
    return _days(day, day, zone, raw, Precision.DAY)


def _fold(text: str) -> str:
    text = re.sub("[’‘`´ʼ]", "'", text.lower().replace("&ndash;", "-"))
    return re.sub(r"\s+", " ", re.sub("[‐‑‒–—−]", "-", text.replace("\u200b", ""))).strip()


def _shapes_in(folded: str) -> Iterator[re.Match[str]]:
    found = (match for shape in _SHAPES for match in shape.finditer(folded))
    end = -1
    for match in sorted(found, key=lambda match: (match.start(), -match.end())):
        if match.start() >= end:
            end = match.end()
            yield match


def _from_shape(shape: re.Match[str], folded: str, raw: str, zone: tzinfo) -> Instant | None:
    before = folded[: shape.start()]
    if _NUMBERED.search(before):
        return None
    parts = shape.groupdict()
    weekday = _WEEKDAY_BEFORE.search(before)
    if parts.get("first"):
        return _range(parts, zone, raw)
    day = _agreed_day(parts, _WEEKDAYS[weekday["weekday"]] if weekday else None)
    if day is None:
        return None
    before = before[: weekday.start()] if weekday else before
    clock = _CLOCK_AFTER.match(folded, shape.end()) or _CLOCK_BEFORE.search(before)
    return (_at_clock(day, clock, zone, raw) if clock else None) or day_of(day, zone, raw)


def _agreed_day(parts: dict[str, str | None], weekday: int | None) -> date | None:
    """Day before month unless the weekday written beside it proves the other order."""
    day, month, year = _number(parts["day"]), _number(parts["month"]), _number(parts["year"])
    readings = [_date(year, month, day)]
    if weekday is None:
        return readings[0]
    if parts.get("sep") in ("/", "-", ".") and len(parts["year"] or "") == 4 and not _is_word(parts["month"]):
        readings.append(_date(year, day, month))
    return next((one for one in readings if one and one.weekday() == weekday), None)


def _is_word(month: str | None) -> bool:
    return (month or "") in _MONTHS


def _number(word: str | None) -> int:
    return _MONTHS.get(word or "", 0) or int(word or 0)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1970 <= year <= 2100 else None
    except ValueError:
        return None


def _range(parts: dict[str, str | None], zone: tzinfo, raw: str) -> Instant | None:
    year, month = _number(parts["year"]), _number(parts["month"])
    first_year, first_month = _number(parts["first_year"]) or year, _number(parts["first_month"]) or month
    first = _date(first_year, first_month, _number(parts["first"]))
    last = _date(year, month, _number(parts["day"]))
    if not first or not last or first >= last:
        return None
    return _days(first, last, zone, raw, Precision.RANGE)


def _days(first: date, last: date, zone: tzinfo, raw: str, precision: Precision) -> Instant:
    start = datetime.combine(first, time(), zone)
    end = datetime.combine(last + timedelta(days=1), time(), zone)
    return Instant(start.astimezone(UTC), end.astimezone(UTC), precision, raw)


def _at_clock(day: date, clock: re.Match[str], zone: tzinfo, raw: str) -> Instant | None:
    read = _clock_time(clock)
    if read is None:
        return None
    stated = _stated_zone(clock["zone"] or clock.groupdict().get("lead"))
    at = datetime.combine(day, read, stated or zone).astimezone(UTC)
    precision = Precision.SECOND if clock["second"] else Precision.MINUTE
    return Instant(at, at, precision, raw, stated is not None and not stated.utcoffset(None))


def _clock_time(clock: re.Match[str]) -> time | None:
    hour, minute, second = int(clock["hour"]), int(clock["minute"]), int(clock["second"] or 0)
    if clock["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if clock["half"].startswith("p") else 0)
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _stated_zone(word: str | None) -> timezone | None:
    if not word:
        return None
    if word in _ZONES:
        return timezone(timedelta(hours=_ZONES[word]))
    offset = re.fullmatch(r"(?:utc|gmt)?\s*([+-])(\d{1,2}):?(\d{2})?", word)
    if not offset or int(offset[2]) > 14:
        return None
    size = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
    return timezone(-size if offset[1] == "-" else size)


_COUNTS = {"satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "a": 1, "an": 1, "one": 1, "se": 1}
_UNITS = {
    "detik": 1, "second": 1, "menit": 60, "minute": 60, "min": 60, "jam": 3600, "hour": 3600,
    "hari": 86400, "day": 86400, "minggu": 604800, "pekan": 604800, "week": 604800,
    "bulan": 2629746, "month": 2629746, "tahun": 31556952, "year": 31556952,
}  # fmt: skip
_LABEL = r"(?:(?:di)?(?:posting|posted|terbit|publikasi|tayang|unggah)\w*[\s:]*(?:pada|on)?[\s:]*)?"
_AGO = re.compile(
    rf"{_LABEL}(?P<count>\d{{1,4}}|{_any_of(_COUNTS)}|beberapa|a few)\s*(?P<unit>{_any_of(_UNITS)})s?\s*"
    r"(?:yang\s+|yg\s+)?(?:lalu|ago|silam)"
)
_NAMED_DAY = re.compile(
    rf"{_LABEL}(?P<name>hari ini|today|kemarin dulu|kemarin lusa|kemarin|yesterday)"
    rf"(?:[\s,|-]*(?:pukul|pkl\.?|jam|at)?\s*{_CLOCK})?\W*"
)
_DAYS_BACK = {"hari ini": 0, "today": 0, "kemarin": 1, "yesterday": 1, "kemarin dulu": 2, "kemarin lusa": 2}
_JUST_NOW = re.compile(rf"{_LABEL}(?:baru saja|barusan|just now)")


def _relative(folded: str, raw: str, captured_at: datetime, zone: tzinfo) -> Instant | None:
    """Only where the whole text is relative: "2 jam lalu" in a sentence dates nothing."""
    named = _NAMED_DAY.fullmatch(folded)
    if named:
        day = captured_at.astimezone(zone).date() - timedelta(days=_DAYS_BACK[named["name"]])
        clock = _at_clock(day, named, zone, raw) if named["hour"] else None
        return clock or day_of(day, zone, raw)
    if _JUST_NOW.fullmatch(folded):
        return _about(captured_at, timedelta(0), timedelta(minutes=10), raw)
    ago = _AGO.fullmatch(folded)
    if not ago:
        return None
    unit = timedelta(seconds=_UNITS[ago["unit"]])
    if ago["count"] in ("beberapa", "a few"):
        return _about(captured_at, timedelta(0), 10 * unit, raw)
    count = _COUNTS.get(ago["count"]) or int(ago["count"])
    return _about(captured_at, max(count - 1, 0) * unit, (count + 1) * unit, raw)


def _about(captured_at: datetime, least: timedelta, most: timedelta, raw: str) -> Instant | None:
    now = captured_at.astimezone(UTC)
    if most > timedelta(days=40 * 366):
        return None
    return Instant(now - most, now - least, Precision.RELATIVE, raw)


_YEAR_AND_MONTH = re.compile(rf"(?=.*\b(?:{_MONTH})\b)(?=.*\b(?:19|20)\d\d\b)(?=.*\b\d{{1,2}}\b)")


def _last_resort(folded: str, captured_at: datetime, zone: tzinfo) -> Instant | None:
    """Rarely written forms, by dateparser; the day alone is taken from it."""
    if len(folded) > 60 or not _YEAR_AND_MONTH.match(folded):
        return None
    settings = {
        "DATE_ORDER": "DMY", "REQUIRE_PARTS": ["day", "month", "year"],
        "RELATIVE_BASE": captured_at.astimezone(zone).replace(tzinfo=None),
    }  # fmt: skip
    found = dateparser.parse(folded, languages=["id", "en"], settings=settings)
    return day_of(found.date(), zone, folded) if found else None
