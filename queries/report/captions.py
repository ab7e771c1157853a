"""A caption as people write it -> a short line that cannot disturb the page around it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

LENGTH = 140  # graphemes
CODE_POINTS = 3  # per grapheme on average; joined emoji can be endless
MARKS = 2  # combining marks kept on one letter; more is decoration that runs over the lines around it

_SPACES = re.compile(r"[\s\u00a0\u2028\u2029]+")
_JOINER = "\u200d"
_SELECTORS = ("\ufe0e", "\ufe0f")


def shorten(text: str, length: int = LENGTH) -> str:
    """`text` on one line, without invisible characters, cut between graphemes with an ellipsis."""
    kept: list[str] = []
    room = length * CODE_POINTS
    for grapheme in graphemes(clean(text)):
        room -= len(grapheme)
        if len(kept) == length or room < 0:
            return "".join(kept).rstrip() + "…"
        kept.append(grapheme)
    return "".join(kept)


def clean(text: str) -> str:
    """`text` without control, direction and zero-width characters; the emoji joiner stays in its place."""
    spaced = _SPACES.sub(" ", text)
    seen = "".join(char for char in spaced if char == _JOINER or unicodedata.category(char) not in _HIDDEN)
    return _SPACES.sub(" ", seen).strip()


_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def graphemes(text: str) -> Iterator[str]:
    """What a reader takes for one character each: letter with marks, joined emoji, flag."""
    current, marks = "", 0  # counted as they come: one grapheme can be as long as the text
    for char in text:
        if current and not _continues(current, char):
            yield current
            current, marks = "", 0
        is_mark = unicodedata.category(char) in ("Mn", "Me")
        if not is_mark or marks < MARKS:
            current += char
            marks += is_mark and char not in _SELECTORS
    if current:
        yield current


def _continues(current: str, char: str) -> bool:
    if char == _JOINER or char in _SELECTORS or unicodedata.category(char) in ("Mn", "Me", "Mc"):
        return True
    if _is_flag(char):
        return len(current) == 1 and _is_flag(current)
    return current.endswith(_JOINER) or "\U0001f3fb" <= char <= "\U0001f3ff"


def _is_flag(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"
