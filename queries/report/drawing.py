"""Shapes and words -> one SVG that stands alone: no style sheet, no script, no font or colour from outside.

Presentation attributes only, because the page's policy allows no inline style; every word is cleaned and escaped.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from html import escape

from pipelines.items import Status
from queries.report.captions import clean, graphemes

LATIN = 0x24F  # beyond it, letters may be as wide as they are high
SIZE = 11.5  # of words, where nothing else is said
FONTS = "'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"
INK, SOFT, FAINT, LINE, HAIR, PAPER = "#1a2230", "#566072", "#667080", "#c9d0d8", "#e6eaee", "#ffffff"
GREEN, AMBER, RED, BLUE, GREY = "#0b6b57", "#8a4b00", "#b3261e", "#1f5f99", "#4d5665"

# Each status is told by its sign and its lightness as well as by its colour: (ground, edge, sign).
LOOKS: dict[Status, tuple[str, str, str]] = {
    Status.FULFILLED: (GREEN, GREEN, PAPER),
    Status.CLEAR: ("#eef7f4", GREEN, GREEN),
    Status.LATE: ("#fdebcf", AMBER, AMBER),
    Status.EARLY: ("#dcebf8", BLUE, BLUE),
    Status.INCOMPLETE: ("#fff6d1", "#7a5b00", "#7a5b00"),
    Status.MISSING: (PAPER, RED, RED),
    Status.VIOLATED: ("#5c0f0a", "#5c0f0a", PAPER),
    Status.REVIEW: ("#ebe4f8", "#5a3d99", "#5a3d99"),
    Status.UNKNOWN: ("#d3d8df", "#aab2bd", GREY),
    Status.PENDING: (PAPER, LINE, "#6a7382"),
    Status.EXEMPT: ("#f7f8f9", HAIR, "#6a7382"),
}
# The signs of the page's matrix, in a box of 16; `S` strokes, `F` fills.
SIGNS: dict[Status, str] = {
    Status.FULFILLED: 'S<path d="M3 8.5 6.5 12 13 4.5"/>',
    Status.CLEAR: 'S<circle cx="8" cy="8" r="4.6"/>',
    Status.LATE: 'S<circle cx="8" cy="8" r="5.4"/><path d="M8 4.8V8l2.4 1.6"/>',
    Status.EARLY: 'S<path d="M8 3.5 3.5 8 8 12.5M12.5 3.5 8 8l4.5 4.5"/>',
    Status.INCOMPLETE: 'S<circle cx="8" cy="8" r="5"/><path d="M8 3a5 5 0 0 0 0 10z"/>',
    Status.MISSING: 'S<path d="M4 4l8 8M12 4l-8 8"/>',
    Status.VIOLATED: 'S<path d="M8 2.5v7M8 12.7v.2"/>',
    Status.REVIEW: 'S<path d="M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8z"/><path d="M8 8v.1"/>',
    Status.UNKNOWN: 'S<path d="M5.2 5.8a2.8 2.8 0 1 1 4.2 2.5c-.9.5-1.4 1-1.4 2M8 12.9v.1"/>',
    Status.PENDING: 'F<path d="M2 6.7h2.6v2.6H2zM6.7 6.7h2.6v2.6H6.7zM11.4 6.7H14v2.6h-2.6z"/>',
    Status.EXEMPT: 'S<path d="M3.5 8h9"/>',
}
# Grounds that differ without colour: stripes, dots, cross-hatching.
PATTERNS: dict[str, str] = {
    "late": '<rect width="6" height="6" fill="#fdebcf"/><path d="M0 0v6" stroke="#8a4b00" stroke-width="3"/>',
    "part": '<rect width="6" height="6" fill="#fff6d1"/><circle cx="3" cy="3" r="1.3" fill="#7a5b00"/>',
    "unknown": '<rect width="6" height="6" fill="#eceef1"/><path d="M0 0v6M0 0h6" stroke="#7d8794" stroke-width="1"/>',
}


def number(value: float) -> str:
    """A coordinate, to a tenth. Raises: ValueError for what is no finite number."""
    if not math.isfinite(value):
        raise ValueError(value)
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


class Drawing:
    """One picture of `width` × `height`; names within it begin with its key, so that several share a page."""

    def __init__(self, key: str, width: float, height: float) -> None:
        self.key, self.width, self.height = f"c-{key}", width, height
        self._parts: list[str] = []
        self._defs: dict[str, str] = {}

    def rect(self, place: tuple[float, float, float, float], fill: str, stroke: str = "none") -> None:
        """A rectangle at x, y of a width and a height; `fill` is a colour or the result of `pattern`."""
        x, y, width, height = map(number, place)
        edge = f' stroke="{stroke}"' if stroke != "none" else ""
        self._parts.append(f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}"{edge}/>')

    def line(self, start: tuple[float, float], end: tuple[float, float], stroke: str = LINE, dash: str = "") -> None:
        """A hairline."""
        (x, y), (to_x, to_y) = map(number, start), map(number, end)
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(f'<path d="M{x} {y}L{to_x} {to_y}" stroke="{stroke}"{dashed}/>')

    def stair(self, start: tuple[float, float], steps: Iterable[tuple[float, float]], stroke: str) -> None:
        """From `start` to each x at the same height, then up or down to its y."""
        drawn = "".join(f"H{number(x)}V{number(y)}" for x, y in steps)
        x, y = map(number, start)
        self._parts.append(f'<path d="M{x} {y}{drawn}" stroke="{stroke}" stroke-width="2" fill="none"/>')

    def text(
        self, at: tuple[float, float], words: str, fill: str = INK, size: float = SIZE, anchor: str = "start"
    ) -> None:
        """One line of words; `anchor`: start | middle | end, with a `*` before it for bold."""
        bold = ' font-weight="600"' if anchor.startswith("*") else ""
        side = anchor.removeprefix("*")
        told = f' text-anchor="{side}"' if side != "start" else ""
        told += f' font-size="{number(size)}"' if size != SIZE else ""
        told += f' fill="{fill}"' if fill != INK else ""
        x, y = map(number, at)
        self._parts.append(f'<text x="{x}" y="{y}"{told}{bold}>{plain(words)}</text>')

    def cells(self, y: float, cells: Iterable[tuple[float, Status]], side: float) -> None:
        """Squares in a row at `y`, each at its x with its status's sign; a sign is drawn once, then only named."""
        row = "".join(f'<use href="#{self._sign(status, side)}" x="{number(x)}"/>' for x, status in cells)
        self._parts.append(f'<g transform="translate(0 {number(y)})">{row}</g>')

    def _sign(self, status: Status, side: float) -> str:
        name = f"{self.key}{list(Status).index(status)}-{number(side)}"
        self._defs.setdefault(name, _sign(name, status, side))
        return name

    def pattern(self, name: str) -> str:
        """The fill that names one of PATTERNS."""
        unique = f"{self.key}-p-{name}"
        self._defs.setdefault(unique, _PATTERN.format(name=unique, body=PATTERNS[name]))
        return f"url(#{unique})"

    def svg(self, title: str = "", description: str = "") -> str:
        """The picture with its name and what it shows, for those who do not see it; without, a piece of another."""
        named = (
            f'<title id="{self.key}-title">{plain(title)}</title><desc id="{self.key}-desc">{plain(description)}</desc>'
        )
        role = f'role="img" aria-labelledby="{self.key}-title {self.key}-desc"' if title else 'aria-hidden="true"'
        defs = f"<defs>{''.join(self._defs.values())}</defs>" if self._defs else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(self.width)} {number(self.height)}"'
            f' width="{number(self.width)}" height="{number(self.height)}" {role}'
            f' font-family="{FONTS}" font-size="{SIZE}" fill="{INK}">'
            f"{named if title else ''}{defs}{''.join(self._parts)}</svg>"
        )


_PATTERN = (
    '<pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    "{body}</pattern>"
)


def fitted(words: str, room: float, size: float = SIZE) -> str:
    """`words` cut so that they end within `room`, by a generous guess: no font is known that will be there."""
    kept = list(graphemes(clean(words)))
    whole, count = len(kept), len(kept)
    while count and sum(map(_breadth, kept[:count])) * size > room - (size if count < whole else 0):
        count -= 1
    return "".join(kept) if count == whole else "".join(kept[:count]).rstrip() + "…"


def _breadth(grapheme: str) -> float:
    """Of one character, in parts of the size of its font."""
    letter = grapheme[0]
    if unicodedata.east_asian_width(letter) in ("W", "F") or ord(letter) > LATIN:
        return 1.1
    return 0.32 if letter in "iljft.,:;'()|/ " else 0.72 if letter.isupper() or letter in "mw%" else 0.58


def plain(words: str) -> str:
    """Words that can neither break the markup nor disturb the line: hostile names stay names."""
    return escape(clean(words), quote=True)


def _sign(name: str, status: Status, side: float) -> str:
    ground, edge, ink = LOOKS[status]
    kind, sign = SIGNS[status][0], SIGNS[status][1:]
    drawn = f'fill="{ink}"' if kind == "F" else f'fill="none" stroke="{ink}" stroke-width="2" stroke-linecap="round"'
    return (
        f'<g id="{name}" transform="scale({side / 20:.3f}) translate(2 2)"><rect x="-1.2" y="-1.2" width="18.4"'
        f' height="18.4" rx="2" fill="{ground}" stroke="{edge}" stroke-width="1.6"/><g {drawn}>{sign}</g></g>'
    )
