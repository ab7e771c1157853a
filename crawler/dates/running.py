"""A sentence, and when it was published -> every date that is written in it.

A missing year is the one closest to the publication, or on the side that "lalu" and "mendatang" name.
What only looks like a date is left: streets ("Jalan 17 Agustus"), scores, shares, ages, numbers of letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from crawler.dates.clock import at_clock, clock_after, clock_before
from crawler.dates.instant import Instant, Reading
from crawler.dates.reckon import Near, reckon
from crawler.dates.shapes import Written, apart, days_in
from crawler.dates.words import smooth

_PLACE = re.compile(
    r"\b(?:jalan|jl|jln|gang|gg|stadion|lapangan|gedung|monumen|taman|universitas|kampus|sma|smk|smp|sd|museum|rsud|"
    r"hotel|perumahan|bandara|jembatan|masjid|pasar|terminal|kelurahan|perum|untag)\b\.?\s*$"
)
_BEHIND = re.compile(r"\s*(?:\)\s*)?(?:yang\s+)?(?:(?P<past>lalu|silam)|(?P<ahead>mendatang|nanti|depan))\b")


@dataclass(frozen=True, slots=True)
class Mention:
    """A date in a running text: `text[start:end]` is how it is written there."""

    start: int
    end: int
    instant: Instant


def find_dates(text: str, published_at: datetime, zone: tzinfo) -> Iterator[Mention]:
    """Every day, span or instant written in `text`, in order."""
    smoothed = smooth(text)
    if not any(letter.isdigit() for letter in smoothed):
        return
    today = published_at.astimezone(zone).date()
    for written in days_in(smoothed, yearless=True):
        if _is_something_else(written, smoothed):
            continue
        near = Near(today, _side(smoothed, written.end))
        found = _mention(written, smoothed, text, near, zone)
        each = [found] if found else [_mention(one, smoothed, text, near, zone) for one in apart(written, smoothed)]
        yield from filter(None, each)


def _is_something_else(written: Written, smoothed: str) -> bool:
    """A street's name; "10/12/14", which is a size as often as a day."""
    if written.is_short and written.weekday is None:
        return True
    return bool(_PLACE.search(smoothed[max(0, written.start - 20) : written.start]))


def _side(smoothed: str, end: int) -> int:
    behind = _BEHIND.match(smoothed, end)
    if behind is None:
        return 0
    return -1 if behind["past"] else 1


def _mention(written: Written, smoothed: str, text: str, near: Near, zone: tzinfo) -> Mention | None:
    days = reckon(written, near)
    if days is None:
        return None
    start, end = written.start, written.end
    reading = Reading(text[start:end], zone, days.confidence)
    clock = clock_after(smoothed, end) or clock_before(smoothed, start) if days.first == days.last else None
    if clock and clock.is_marked:
        start, end = min(start, clock.start), max(end, clock.end)
        at = at_clock(days.first, clock, replace(reading, raw=text[start:end]))
        if at:
            return Mention(start, end, at)
    return Mention(written.start, written.end, reading.days(days.first, days.last))
