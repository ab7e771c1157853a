"""What is wrong in a user's file -> one line that says where, what, and what to write instead."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

MOST_PROBLEMS = 10_000  # of one file are named: nobody reads more, and a hostile file has millions


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """`file` is relative to the workspace; `line` counts from 1, 0 = the file as a whole."""

    file: str
    line: int
    column: str
    text: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.column}: {self.text}" if self.column else f"{where}: {self.text}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word a person most likely meant, or None."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return found[0] if found else None
