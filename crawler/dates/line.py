"""A date line or a field of a page -> its publication date, or None."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

import dateparser

from crawler.dates.clock import at_clock, clock_after, clock_before
from crawler.dates.instant import Confidence, Instant, Precision, Reading, Source
from crawler.dates.reckon import Near, reckon
from crawler.dates.relative import read_relative
from crawler.dates.shapes import Written, days_in
from crawler.dates.words import MONTH, fold

_UPDATED = re.compile(r"\b(?:diperbarui|diperbaharui|diubah|diupdate|updated?|modified|edited|terakhir)\b")
_PUBLISHED = re.compile(r"terbit|publi|tayang|posting|posted|unggah|upload|dibuat|created")
_EPOCH = re.compile(r"(?P<seconds>1\d{9})(?P<milli>\d{3})?")


def read_date(text: str, captured_at: datetime, zone: tzinfo, *, near: datetime | None = None) -> Instant | None:
    """The first publication date in `text`; relative ones count back from `captured_at`.

    Meant for date lines and fields, not for running text: that is `find_dates`. `zone` holds where
    none is written. A date without its year is read only where `near` tells what it stands close to.
    """
    folded = fold(text)
    reading = Reading(text.strip(), zone)
    around = Near(near.astimezone(zone).date()) if near else None
    seen, rest = False, 0
    for written in days_in(folded, yearless=near is not None):
        seen = True
        label, rest = folded[rest : written.start], written.end
        if _is_change(label):
            continue
        found = _read(written, folded, reading, around)
        if found:
            return found
    if seen:
        return None  # a date was written and is wrong: nothing may make another one of it
    return read_relative(folded, captured_at, reading) or _last_resort(folded, captured_at, reading)


def tells_change(text: str) -> bool:
    """Whether a line dates the last change of its page, and not the publication."""
    return _is_change(fold(text))


def _is_change(folded: str) -> bool:
    return bool(_UPDATED.search(folded)) and not _PUBLISHED.search(folded)


def read_field(text: str, captured_at: datetime, zone: tzinfo) -> Instant | None:
    """As `read_date`, of a field that is a date for certain: seconds or milliseconds since 1970 are one, too."""
    epoch = _EPOCH.fullmatch(text.strip())
    if not epoch:
        return read_date(text, captured_at, zone)
    at = datetime.fromtimestamp(int(epoch["seconds"]), UTC)
    return Instant(at, at, Precision.SECOND, text.strip())


def _read(written: Written, folded: str, reading: Reading, near: Near | None) -> Instant | None:
    days = reckon(written, near)
    if days is None:
        return None
    if days.confidence is not reading.confidence:
        reading = replace(reading, confidence=days.confidence)
    if days.first == days.last:
        clock = clock_after(folded, written.end) or clock_before(folded, written.start)
        at = at_clock(days.first, clock, reading) if clock else None
        if at:
            return at
    return reading.days(days.first, days.last)


_YEAR_AND_MONTH = re.compile(rf"(?=.*\b(?:{MONTH})\b)(?=.*\b(?:19|20)\d\d\b)(?=.*\b\d{{1,2}}\b)")


def _last_resort(folded: str, captured_at: datetime, reading: Reading) -> Instant | None:
    """Rarely written forms, by dateparser; the day alone is taken from it."""
    if len(folded) > 60 or not _YEAR_AND_MONTH.match(folded):
        return None
    settings = {
        "DATE_ORDER": "DMY", "REQUIRE_PARTS": ["day", "month", "year"],
        "RELATIVE_BASE": captured_at.astimezone(reading.zone).replace(tzinfo=None),
    }  # fmt: skip
    found = dateparser.parse(folded, languages=["id", "en"], settings=settings)
    latest = captured_at.astimezone(reading.zone) + timedelta(days=36600)
    if not found or found.replace(tzinfo=None) > latest.replace(tzinfo=None):
        return None
    return replace(reading, confidence=Confidence.MEDIUM, source=Source.DATEPARSER).days(found.date(), found.date())
