"""lines.txt, sentences.txt -> cases: a text and the dates that a person reads in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from crawler.dates import Instant, Precision, find_dates, read_field

WIB = ZoneInfo("Asia/Jakarta")
CAPTURED_AT = datetime(2024, 4, 26, 15, 0, tzinfo=WIB)
_HERE = Path(__file__).parent
_MARKED = re.compile(r"\[\[(?P<text>.+?)\|(?P<meaning>.+?)\]\]")


@dataclass(frozen=True)
class Case:
    """A text, and what its dates mean in the lists' own notation; "-" for none."""

    text: str
    meanings: tuple[str, ...]


def lines() -> Iterator[Case]:
    """One date line each."""
    for written in _written("lines.txt"):
        text, _, meaning = written.rpartition("=>")
        yield Case(text.strip(), (meaning.strip(),))


def sentences() -> Iterator[Case]:
    """Running text; dates are marked [[as written|meaning]]."""
    for written in _written("sentences.txt"):
        meanings = tuple(f"{found['text']}|{found['meaning']}" for found in _MARKED.finditer(written))
        yield Case(_MARKED.sub(lambda found: found["text"], written).strip(), meanings)


def _written(name: str) -> list[str]:
    rows = (_HERE / name).read_text("utf-8").splitlines()
    return [row for row in rows if row.strip() and not row.startswith("#")]


def read_line(case: Case) -> str:
    """What the product reads in a line, in the lists' notation."""
    found = read_field(case.text, CAPTURED_AT, WIB)
    return meaning_of(found) if found else "-"


def read_sentence(case: Case) -> tuple[str, ...]:
    """What the product finds in a sentence, in the lists' notation."""
    found = find_dates(case.text, CAPTURED_AT, WIB)
    return tuple(f"{case.text[one.start : one.end].strip()}|{meaning_of(one.instant)}" for one in found)


def meaning_of(found: Instant) -> str:
    """An instant as the lists write it."""
    start, end = found.start.astimezone(WIB), found.end.astimezone(WIB)
    if found.precision is Precision.RELATIVE:
        return f"~{start:%Y-%m-%d %H:%M}..{end:%Y-%m-%d %H:%M}"
    if found.precision in (Precision.SECOND, Precision.MINUTE):
        return f"{start:%Y-%m-%d %H:%M}"
    if start.hour or end.hour or start.minute or end.minute:
        return f"{start:%Y-%m-%d %H:%M}..{end:%H:%M}"
    last = end - timedelta(days=1)
    return f"{start:%Y-%m-%d}" if start == last else f"{start:%Y-%m-%d}..{last:%Y-%m-%d}"
