"""The clock and zone written beside a day -> an instant of that day, or a span between two clocks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from crawler.dates.instant import Instant, Precision, Reading
from crawler.dates.words import TO, ZONES, any_of

_ZONE = (
    rf"(?:utc|gmt)\s*[+-]\d{{1,2}}(?::?\d{{2}})?|(?:{any_of(ZONES)})\b"
    r"|\+\d{2}(?::?\d{2})?(?![\d.:])|-\d{2}:?\d{2}(?![\d.:])"
)
PARTS_OF_DAY = ("dini hari", "subuh", "pagi", "siang", "sore", "petang", "malam")
PART_OF_DAY = "|".join(PARTS_OF_DAY)
CLOCK = (
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?(?![\d%])"
    rf"(?(second)|(?:{TO}(?P<until>\d{{1,2}}[:.]\d{{2}})(?![\d.:]))?)"
    rf"\s*(?P<half>[ap]\.?m\b\.?|(?:{PART_OF_DAY})\b)?\s*\(?(?P<zone>{_ZONE})?"
    # What is counted is no clock: "24 April 2024 | 2.30 menit baca".
    r"(?!\s*(?:menit|jam|km|kg|kali|ribu|juta|miliar|persen|ton|meter|hektare?|orang|views?|x)\b)"
)
_WORDS = rf"(?:pukul|pkl|jam|at|sekitar|mulai|{PART_OF_DAY})"
_AFTER = re.compile(rf"[\s,|;()@•·/t-]*(?P<lead>wib|wita|wit)?(?:\b{_WORDS}\b[\s.:,]*)*(?<!\d){CLOCK}")
# ISO 8601, where "-05:00" is no end of a span.
_ISO = re.compile(
    r"\s?t(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?(?!\d)"
    rf"\s?(?P<zone>{_ZONE})?"
)
_BEFORE = re.compile(rf"(?<![\d:.]){CLOCK}[\s,|()-]*(?:pada\s+|on\s+)?$")
# The longest that may stand between a clock and the day behind it, with the clock.
_REACH = 40


@dataclass(frozen=True, slots=True)
class Clock:
    """Where a clock was found: `start` and `end` in the text; `is_marked`: it cannot be another number."""

    parts: dict[str, str | None]
    start: int
    end: int
    is_marked: bool


def clock_after(text: str, end: int) -> Clock | None:
    """The clock that follows a day written up to `end`."""
    found = _ISO.match(text, end) or _AFTER.match(text, end)
    return _clock(found, found.start(), text) if found else None


def clock_before(text: str, start: int) -> Clock | None:
    """The clock that stands before a day written from `start` on."""
    near = max(0, start - _REACH)
    found = _BEFORE.search(text[near:start])
    return _clock(found, near + found.start(), text) if found else None


def _clock(found: re.Match[str], start: int, text: str) -> Clock:
    parts = found.groupdict()
    written = text[start : start + found.end() - found.start()]
    is_marked = bool(
        parts["zone"] or parts.get("lead") or ":" in written or re.search(r"\b(?:pukul|pkl|jam)\b", written)
    )
    return Clock(parts, start, start + len(written.rstrip()), is_marked)


def at_clock(day: date, clock: Clock, reading: Reading) -> Instant | None:
    """The instant of `clock` on that local day; None where it shows no possible time."""
    parts = clock.parts
    at = _moment(day, parts["hour"], parts["minute"], parts["second"], parts.get("half"))
    if at is None:
        return None
    stated = stated_zone(parts["zone"] or parts.get("lead"))
    start = at.replace(tzinfo=stated or reading.zone)
    is_utc = stated is not None and not stated.utcoffset(None)
    if parts.get("until"):
        return _between(day, start, parts, reading)
    precision = Precision.SECOND if parts["second"] else Precision.MINUTE
    return reading.instant(start, start, precision, stated_utc=is_utc)


def _between(day: date, start: datetime, parts: dict[str, str | None], reading: Reading) -> Instant | None:
    hour, minute = re.split("[:.]", parts["until"] or "")
    until = _moment(day, hour, minute, None, None)
    if until is None or until.replace(tzinfo=start.tzinfo) <= start:
        return None
    return reading.instant(start, until.replace(tzinfo=start.tzinfo), Precision.RANGE)


def _moment(day: date, hour: str | None, minute: str | None, second: str | None, half: str | None) -> datetime | None:
    shown, minutes, seconds = int(hour or 0), int(minute or 0), int(second or 0)
    if (shown, minutes, seconds, half) == (24, 0, 0, None):
        return datetime.combine(day + timedelta(days=1), time())  # "24.00" ends the day
    counted = _full_hour(shown, half) if half else shown
    try:
        return datetime.combine(day, time(counted, minutes, seconds))
    except ValueError:
        return None


# From which to which hour a part of the day means the afternoon's: "8.30 malam" = 20:30.
_AFTERNOON = {"siang": range(1, 6), "sore": range(1, 8), "petang": range(1, 8), "malam": range(5, 12)}


def _full_hour(shown: int, half: str) -> int:
    """Of 24; 24 itself, which no day has, where it cannot be told: "13 pm", "12.00 malam" (either midnight)."""
    if half in PARTS_OF_DAY:
        if half == "malam" and shown == 12:
            return 24
        return shown + 12 if shown in _AFTERNOON.get(half, ()) else shown
    return shown % 12 + (12 if half.startswith("p") else 0) if 1 <= shown <= 12 else 24


def stated_zone(word: str | None) -> timezone | None:
    """The offset that a zone's name or "+07:00" means; None where none is written or it is impossible."""
    if not word:
        return None
    if word in ZONES:
        return timezone(timedelta(hours=ZONES[word]))
    offset = re.fullmatch(r"(?:utc|gmt)?\s*([+-])(\d{1,2}):?(\d{2})?", word)
    if not offset or int(offset[2]) > 14 or int(offset[3] or 0) > 59:
        return None
    size = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
    return timezone(-size if offset[1] == "-" else size)
