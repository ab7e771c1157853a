"""What a program recorded of its trouble, in English -> the same in the report's language, by the one catalogue.

A detail is kept as it was recorded: evidence tells the words of its time. Only where it is shown is it put into words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from string import Formatter

from queries.wording import catalogue

LONGEST = 1_000  # characters; a service's own words can be endless
DEPTH = 3  # sentences within sentences: blocked: robots.txt: challenge page

_JOIN = "; "  # between the notes of one visit
_PLACE = re.compile(r"(\S+): (.+)", re.DOTALL)  # an address or a file before what went wrong with it


def told_detail(detail: str, language: str) -> str:
    """Each known sentence in the language; an address, a service's own words and what is not known stay as they are."""
    return _JOIN.join(_told(note, language, DEPTH) for note in _notes(detail[:LONGEST]))


def _notes(detail: str) -> list[str]:
    """The notes of one visit. A known sentence may hold what stands between two of them: it is not cut in two."""
    found: list[str] = []
    for part in detail.split(_JOIN):
        if found and (whole := f"{found[-1]}{_JOIN}{part}") in _joined():
            found[-1] = whole
        else:
            found.append(part)
    return found


@cache
def _joined() -> frozenset[str]:
    """The catalogue's sentences that hold one."""
    return frozenset(texts["en"] for texts in catalogue()["detail"].values() if _JOIN in texts["en"])


def _told(part: str, language: str, depth: int) -> str:
    if depth == 0:
        return part
    for key, shape in _shapes():
        if found := shape.fullmatch(part):
            inner = {name: _told(value, language, depth - 1) for name, value in found.groupdict().items()}
            return catalogue()["detail"][key][language].format(**inner)
    placed = _PLACE.fullmatch(part)
    return f"{placed[1]}: {_told(placed[2], language, depth - 1)}" if placed else part


@cache
def _shapes() -> list[tuple[str, re.Pattern[str]]]:
    """The English text of each entry as a pattern; its places take anything."""
    return [(key, re.compile("".join(_pieces(texts["en"])), re.DOTALL)) for key, texts in catalogue()["detail"].items()]


def _pieces(text: str) -> Iterator[str]:
    for literal, name, _, _ in Formatter().parse(text):
        yield re.escape(literal)
        if name:
            yield f"(?P<{name}>.+?)"
