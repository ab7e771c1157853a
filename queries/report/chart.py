"""What every picture of the report is, and how a share is written in one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from queries.wording import Wording

WIDTH = 760.0  # of every picture: on paper, 11.5 of its units are 8 points

Table = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Pieces:
    """A picture in pieces of a few rows, for pages that are shorter than it: each an SVG as wide as the whole.

    `head` names the columns and stands above the rows of every page, `foot` below the last.
    """

    head: str
    rows: tuple[str, ...]
    foot: str | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture: an SVG that stands alone, or pieces that are nothing without its title and description beside them.

    `table` holds its numbers as words, the first row names the columns.
    """

    key: str
    title: str
    description: str
    drawn: str | Pieces
    table: Table

    @property
    def svgs(self) -> Mapping[str, str]:
        """By name."""
        if isinstance(self.drawn, str):
            return {self.key: self.drawn}
        rows = {f"{self.key}-{at}": svg for at, svg in enumerate(self.drawn.rows)}
        foot = {f"{self.key}-foot": self.drawn.foot} if self.drawn.foot else {}
        return {f"{self.key}-head": self.drawn.head, **rows, **foot}

    @property
    def pieces(self) -> Pieces | None:
        """None of a picture in one."""
        return None if isinstance(self.drawn, str) else self.drawn


def percent_of(done: float, due: float) -> str:
    """`63%`; empty where nothing is due. All and nothing are said only of all and nothing."""
    if not due:
        return ""
    rounded = int(100 * done / due + 0.5)
    return f"{rounded if done in (0, due) else min(max(rounded, 1), 99)}%"


def share_text(done: float, due: float, wording: Wording) -> str:
    """A share in a table; words where there is none, so that a gap is not read as zero."""
    return percent_of(done, due) or wording.text("trends.no_share")
