"""A folded text -> the days that are written in it, as their letters say and not yet believed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from crawler.dates.words import MONTH, MONTHS, TO, WEEKDAY, weekday_of


@dataclass(frozen=True, slots=True)
class Day:
    """Day, month and year as written; a part that another day of the same span carries is None."""

    day: int
    month: int | None
    year: int | None


@dataclass(frozen=True, slots=True)
class Written:
    """One day, or a span from `first` to `last`, and where in the text it stands.

    `is_numeric`: the month is a number, so day and month may be in another order.
    `is_short`: the year has two digits.
    Weekdays (Monday = 0) are those named right before it: of the first day and of the last.
    `are_two`: joined by "dan", so it is a span only where the days follow each other.
    `first_end` is where a first day that names its month ends, else 0.
    """

    last: Day
    start: int
    end: int
    first: Day | None = None
    first_end: int = 0
    is_numeric: bool = False
    is_short: bool = False
    are_two: bool = False
    first_weekday: int | None = None
    weekday: int | None = None


# Not inside a word, a longer number, a clock, a letter's number ("B/700/12/4/2024") or "covid-19 mei".
_FREE = r"(?<![\w./:])(?<!\w-)"
_TH = r"(?:st|nd|rd|th)?"
_FIRST = (
    rf"{_FREE}(?:(?P<first>\d{{1,2}}){_TH}"
    rf"(?:(?:\s|(?P<first_sep>/))(?P<first_month>{MONTH}|(?<=/)\d{{1,2}})(?:[\s/](?P<first_year>\d{{4}}))?)?"
    rf"(?:(?P<to>{TO})|\s*(?:&|\bdan\b|\band\b)\s*))?"
)
_NAMED = rf"{_FIRST}(?P<day>\d{{1,2}}){_TH}(?:\sbulan)?[\s.,/-]{{0,3}}(?P<month>{MONTH})(?![a-z])\.?"
_YEARED = tuple(
    re.compile(shape)
    for shape in (
        r"(?<![\w/.-])(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?![\d/-]|\.\d)",
        r"(?<!\w)(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?=t\d{4})",
        rf"{_NAMED}(?:[\s.,/-]{{0,3}}|\stahun\s)(?P<year>\d{{4}})(?!\d)",
        rf"(?<!\w)(?=[adfjmnops][a-z]{{2}})(?P<month>{MONTH})\.?\s+(?P<day>\d{{1,2}}){_TH},?\s+(?P<year>\d{{4}})(?!\d)",
        rf"{_FIRST}(?P<day>\d{{1,2}})\s?(?P<sep>[/.-])\s?(?P<month>\d{{1,2}})\s?(?P=sep)\s?(?P<year>\d{{4}})(?![\d/-]|\.\d)",
        rf"{_FREE}(?P<day>\d\d)(?P<sep>[/-])(?P<month>\d\d)(?P=sep)(?P<short>\d\d)(?![\d/-]|[.:]\d)",
        rf"{_FREE}(?P<day>\d{{1,2}})(?:-(?P<month>{MONTH})-|\s(?P<month_>{MONTH})\s')(?P<short>\d\d)(?![\w:])",
    )
)
# What a text must hold, one of each, for the shape at the same place to be worth trying.
_MARKS = ("-/.", "t", "jfpmasond", "jfpmasond", "/.-", "/-", "-'")
# Without a year a month must be written out: "3 mar", "2 sep" and "12 may" are also other words.
_FULL = (
    "januari|februari|pebruari|maret|april|mei|juni|juli|agustus|september|oktober|november|nopember|desember"
    "|january|february|june|july|august|october|december"
)
_YEARLESS = tuple(
    re.compile(shape)
    for shape in (
        rf"{_FIRST}(?P<day>\d{{1,2}})\s(?P<month>{_FULL})\b(?![\s,./-]{{0,3}}\d{{4}}|-\w)",
        # A number over a number is a date only beside its weekday or the word for it.
        rf"(?:{WEEKDAY}[\s,]*\(?|\btgl\.?\s|\btanggal\s)(?P<first>\d{{1,2}})(?:/(?P<first_month>\d{{1,2}}))?{TO}"
        r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?![\w/]|[.,-]\d)",
        rf"(?:{WEEKDAY}[\s,]*\(?|\btgl\.?\s|\btanggal\s)(?P<day>\d{{1,2}})/(?P<month>\d{{1,2}})(?![\w/]|[.,-]\d)",
        rf"{WEEKDAY}[\s,(]+(?P<day>\d{{1,2}})\s(?P<month>{MONTH})\b\.?(?![\s,./-]{{0,3}}\d)",
    )
)
_PARTS = ("first", "day", "month", "year")
_WEEKDAYS_BEFORE = re.compile(
    rf"(?<![\w'])(?:(?P<first>{WEEKDAY})(?:{TO}|\s*(?:&|\bdan\b|/)\s*))?(?P<last>{WEEKDAY})"
    r"(?:\s+(?:pagi|siang|sore|malam)\b)?[\s,(|/-]*(?:\b(?:tanggal|tgl)\b\.?\s*)?$"
)
_LETTER_NUMBER = re.compile(r"\b(?:no|nomor|nomer|pasal|ayat|perda|perbup|perwali|pp|uu)\b[\s.:]*$")
_FARTHEST = 80  # letters between both ends of a span; over more, the pattern would take its time
_BETWEEN = re.compile(
    rf"[\s,|()]*(?:(?:pukul|pkl|jam)?[\s.]*\d{{1,2}}[:.]\d{{2}}\s*(?:wib|wita|wit)?[\s)]*)?{TO}(?:{WEEKDAY}[\s,(]*)?"
)


def days_in(text: str, *, yearless: bool = False) -> Iterator[Written]:
    """The days and spans of a folded text in their order; without their year only if `yearless`."""
    letters = frozenset(text)
    if letters.isdisjoint("0123456789"):
        return iter(())
    shapes = [shape for shape, marks in zip(_YEARED, _MARKS, strict=True) if not letters.isdisjoint(marks)]
    shapes += _YEARLESS if yearless else ()
    return _spans(_disjoint([match for shape in shapes for match in shape.finditer(text)]), text)


def apart(pair: Written, text: str) -> Iterator[Written]:
    """The two days of "24 April dan 2 Mei", each with what is written of it."""
    if pair.first and pair.are_two and pair.first_end:
        weekday = pair.first_weekday if pair.first_weekday is not None else pair.weekday
        yield Written(pair.first, pair.start, pair.first_end, weekday=weekday)
        start = pair.first_end + re.search(r"\d", text[pair.first_end :]).start()  # type: ignore[union-attr]  # its day
        yield Written(pair.last, start, pair.end)


def _disjoint(found: Sequence[re.Match[str]]) -> Iterator[re.Match[str]]:
    """Of overlapping matches the first, of those that begin together the longest."""
    end = -1
    for match in sorted(found, key=lambda match: (match.start(), -match.end())) if len(found) > 1 else found:
        if match.start() >= end:
            end = match.end()
            yield match


def _spans(found: Iterator[re.Match[str]], text: str) -> Iterator[Written]:
    """Two whole days with nothing but "sampai" between them are one span."""
    held: Written | None = None
    for match in found:
        written = _written(match, text)
        if written is None:
            continue
        if held and _is_span(held, written, text):
            yield replace(held, first=held.last, last=written.last, end=written.end, first_weekday=held.weekday,
                          weekday=written.weekday)  # fmt: skip
            held = None
            continue
        if held:
            yield held
        held = written
    if held:
        yield held


def _is_span(one: Written, other: Written, text: str) -> bool:
    apart = other.start - one.end
    is_near = not (one.first or other.first) and apart <= _FARTHEST
    return is_near and bool(_BETWEEN.fullmatch(text, one.end, other.start))


def _written(match: re.Match[str], text: str) -> Written | None:
    parts = match.groupdict("")
    begins = min([match.start(name) for name in _PARTS if parts.get(name)])
    before = text[max(0, begins - 50) : begins]
    if before and _LETTER_NUMBER.search(before, max(0, len(before) - 14)):
        return None
    first_weekday, weekday, length = _weekdays(before)
    start = begins - length
    return Written(
        last=Day(int(parts["day"]), _month(parts.get("month") or parts.get("month_")), _year(parts)),
        start=start,
        end=_end(match, text[start : match.end()], text),
        first=_first(parts),
        first_end=match.end("first_month") if parts.get("first_month") else 0,
        is_numeric=_is_order_open(parts),
        is_short=bool(parts.get("short")),
        are_two=bool(parts.get("first")) and parts.get("to") == "",
        first_weekday=first_weekday,
        weekday=weekday,
    )


def _weekdays(before: str) -> tuple[int | None, int | None, int]:
    """Those that end `before`: of the first day, of the last, and how many letters they take with what joins them."""
    named = _WEEKDAYS_BEFORE.search(before) if before else None
    return (weekday_of(named["first"]), weekday_of(named["last"]), len(named[0])) if named else (None, None, 0)


def _is_order_open(parts: dict[str, str]) -> bool:
    """Whether the month could as well be the day: "3/4/2024", but not "2024-04-03"."""
    return "short" not in parts and "first" in parts and "sep" in parts


def _end(match: re.Match[str], written: str, text: str) -> int:
    """Without the full stop of the sentence, with the bracket that closes one opened inside."""
    if match[0].endswith("."):
        return match.end() - 1
    return match.end() + ("(" in written and text.startswith(")", match.end()))


def _year(parts: dict[str, str]) -> int | None:
    if parts.get("short"):
        return 2000 + int(parts["short"])
    return int(parts["year"]) if parts.get("year") else None


def _first(parts: dict[str, str]) -> Day | None:
    if not parts.get("first"):
        return None
    year = parts.get("first_year")
    return Day(int(parts["first"]), _month(parts.get("first_month")), int(year) if year else None)


def _month(word: str | None) -> int | None:
    return (MONTHS.get(word) or int(word)) if word else None
