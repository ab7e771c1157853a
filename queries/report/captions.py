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
_FIRST_MARK = "\u0300"  # below it every character stands for itself


def shorten(text: str, length: int = LENGTH) -> str:
    """`text` on one line, without invisible characters, cut between graphemes with an ellipsis."""
    cleaned = clean(text)
    if max(cleaned[: length + 1], default="") < _FIRST_MARK:
        return cleaned if len(cleaned) <= length else cleaned[:length].rstrip() + "…"
    kept: list[str] = []
    room = length * CODE_POINTS
    for grapheme in graphemes(cleaned):
        room -= len(grapheme)
        if len(kept) == length or room < 0:
            return "".join(kept).rstrip() + "…"
        kept.append(grapheme)
    return "".join(kept)


def clean(text: str) -> str:
    """`text` without control, direction and zero-width characters; the emoji joiner stays in its place."""
    spaced = _SPACES.sub(" ", text)
    if spaced.isprintable():  # nothing hidden in it, as in nearly all
        return spaced.strip()
    return _SPACES.sub(" ", spaced.translate(_SEEN)).strip()


_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


class _Seen(dict[int, int | None]):
    """Each code point as itself, or None where it is hidden; looked up once."""

    def __missing__(self, code: int) -> int | None:
        is_seen = chr(code) == _JOINER or unicodedata.category(chr(code)) not in _HIDDEN
        self[code] = code if is_seen else None
        return self[code]


_SEEN = _Seen()


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


def tidy(value: str) -> str:
    """`clean`, at once for the many texts in which nothing is hidden."""
    return value if value.isprintable() else clean(value)


def tidied(value: object) -> object:
    """What a template prints: all text is tidied, but not what is markup already."""
    return tidy(value) if type(value) is str else value
