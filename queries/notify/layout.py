"""Sections of lines -> one text of bounded length, in which what had to be left out is counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

LONGEST = 3500  # characters: Telegram takes 4096
NAME_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under a title; without title they stand alone."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with groups below it."""

    heading: str
    groups: tuple[Group, ...]

    @property
    def count(self) -> int:
        """Lines in all groups."""
        return sum(len(group.lines) for group in self.groups)


def laid_out(
    head: str, parts: Sequence[Part], foot: str, more: Callable[[int], str], longest: int = LONGEST
) -> str:
    """Head, parts and foot, a blank line between them; `more` words how many lines are not shown.

    Head, headings and foot are always whole. A short part leaves its room to the longer ones.
    """
    fixed = [head, *(part.heading for part in parts), foot]
    left = longest - sum(len(text) + 2 for text in fixed) - sum(len(more(part.count)) + 1 for part in parts)
    shown: dict[int, str] = {}
    by_length = sorted(range(len(parts)), key=lambda number: _length(parts[number]))
    for waiting, number in enumerate(by_length):
        shown[number] = _fitted(parts[number], left // (len(parts) - waiting), more)
        left -= len(shown[number])
    bodies = ["\n".join(filter(None, (part.heading, shown[number]))) for number, part in enumerate(parts)]
    return "\n\n".join(text for text in (head, *bodies, foot) if text)


def one_line(text: str, longest: int = NAME_LENGTH) -> str:
    """A name as one line of bounded length."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _length(part: Part) -> int:
    return sum(len(text) + 1 for group in part.groups for text in (group.title, *group.lines))


def _fitted(part: Part, room: int, more: Callable[[int], str]) -> str:
    """As many lines as there is room for, each under its title."""
    taken: list[str] = []
    shown = used = 0
    for group in part.groups:
        title = [group.title] if group.title else []
        for line in group.lines:
            adding = [*title, line]
            used += sum(len(text) + 1 for text in adding)
            if used > room:
                return "\n".join([*taken, more(part.count - shown)])
            taken += adding
            shown, title = shown + 1, []
    return "\n".join(taken)
