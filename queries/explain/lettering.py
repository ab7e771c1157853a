"""Any text -> lines of letters that the drawing's font has, of a width."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

from PIL import ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
ELLIPSIS = "…"
_KEPT = "“”‘’°…"
_INSTEAD = {"–": "-", "—": "-", "−": "-", "·": "-", "•": "-", "×": "x", "→": ">", "≥": ">=", "≤": "<="}
LONGEST = 4_000  # of any text that is drawn


@cache
def font(size: int) -> Font:
    """The font that comes with Pillow: the same on every machine."""
    return ImageFont.load_default(size)


def plain(text: str) -> str:
    """What the font can draw of a text: marks and emoji are dropped, letters of other scripts become `?`."""
    return "".join(_drawable(char) for char in unicodedata.normalize("NFKC", text[:LONGEST]))


@cache
def _drawable(char: str) -> str:
    if char in _KEPT:
        return char
    if char in _INSTEAD:
        return _INSTEAD[char]
    base = unicodedata.normalize("NFD", char)[0]
    if " " <= base <= "~":
        return base
    if char.isspace():
        return " "
    return "?" if base.isalnum() else ""


def length(text: str, size: int) -> float:
    """Pixels."""
    return font(size).getlength(text)


def wrapped(text: str, size: int, width: float, most: int = 1_000) -> list[str]:
    """Lines no wider than `width`; the last of `most` ends with an ellipsis if more would follow."""
    lines: list[str] = []
    for word in _pieces(plain(text).split(), size, width):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and length(joined, size) <= width:
            lines[-1] = joined
        elif len(lines) == most:
            lines[-1] = _cut(lines[-1], size, width)
            break
        else:
            lines.append(word)
    return lines


def _pieces(words: Sequence[str], size: int, width: float) -> list[str]:
    """Words; those that are wider than a line, in parts."""
    pieces: list[str] = []
    for word in words:
        while length(word, size) > width:
            fitting = next((at for at in range(len(word) - 1, 1, -1) if length(word[:at], size) <= width), 1)
            pieces.append(word[:fitting])
            word = word[fitting:]
        pieces.append(word)
    return pieces


def _cut(line: str, size: int, width: float) -> str:
    while line and length(line + ELLIPSIS, size) > width:
        line = line[:-1]
    return line.rstrip() + ELLIPSIS
