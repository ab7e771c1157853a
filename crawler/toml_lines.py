"""TOML text -> its values, plus the line on which each key, table and list element stands.

`tomllib` gives values without places. A second, forgiving scan over text that `tomllib` has already
accepted finds the places, so that a problem can say file:line.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.language import say
from crawler.problems import Problem

Place = tuple[str | int, ...]  # ("material", 0, "files", 1): names of keys, positions in lists

_GAP = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_KEY = re.compile(r"[ \t]*(\"(?:[^\"\\]|\\.)*\"|'[^']*'|[A-Za-z0-9_-]+)[ \t]*")
_STRING = re.compile(
    r"\"\"\"(?:\\.|[^\\])*?\"\"\"\"{0,2}|'''.*?''''{0,2}|\"(?:[^\"\\]|\\.)*\"|'[^']*'", re.DOTALL
)
_SCALAR = re.compile(r"[^,\]}\n#]+")
_ERROR_PLACE = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass(frozen=True, slots=True)
class TomlDocument:
    """One TOML file read: `name` is relative to the workspace, lines count from 1, `text` is all of it."""

    name: str
    values: Mapping[str, Any]
    lines: Mapping[Place, int]
    text: str = ""

    def line_of(self, place: Place) -> int:
        """The line of `place`, else of what surrounds it most closely; 0 = the file as a whole."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 0)


def read_toml(home: Path, name: str) -> tuple[TomlDocument | None, list[Problem]]:
    """The file `name` below `home`; None with the reason when it is missing or not TOML."""
    try:
        content = (home / name).read_bytes()
    except OSError as trouble:
        reason = trouble.strerror or type(trouble).__name__
        text = say(f"berkas tidak dapat dibaca: {reason}", f"the file cannot be read: {reason}")
        return None, [Problem(name, 0, "", text)]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        return None, [
            Problem(
                name,
                line,
                "",
                say("bukan UTF-8; simpan ulang sebagai UTF-8", "not UTF-8; save the file again as UTF-8"),
            )
        ]
    return parse_toml(name, text)


def parse_toml(name: str, text: str) -> tuple[TomlDocument | None, list[Problem]]:
    """The values and places of TOML text; None with the first error's line when it is not TOML."""
    try:
        values = tomllib.loads(text)
        return TomlDocument(name, values, lines_of(text, values), text), []
    except (ValueError, RecursionError) as wrong:
        return None, [_syntax_problem(name, text, str(wrong))]


def _syntax_problem(name: str, text: str, message: str) -> Problem:
    found = _ERROR_PLACE.search(message)
    line = int(found[1] or text.count("\n") + 1) if found else 0
    reason = _ERROR_PLACE.sub("", message).strip()
    return Problem(name, line, "", say(f"bukan TOML yang benar: {reason}", f"not valid TOML: {reason}"))


def lines_of(text: str, values: Mapping[str, Any]) -> dict[Place, int]:
    """The line of every place in `text`, which `tomllib` has read as `values`."""
    return _Scan(text.replace("\r\n", "\n"), values).lines


class _Scan:
    """One pass over valid TOML; `lines` is complete when it has been built."""

    def __init__(self, text: str, values: Mapping[str, Any]) -> None:
        self.text = text
        self.values = values
        self.lines: dict[Place, int] = {}
        self._at = 0
        self._line, self._counted_to = 1, 0
        self._begun: Counter[Place] = Counter()  # how many elements each repeated table has so far
        table: Place = ()
        while first := self._next():
            if first == "[":
                table = self._header()
            else:
                self._pair(table)

    def _next(self) -> str:
        """The first character after space, line ends and comments; empty at the end of the text."""
        self._at = self._end(_GAP)
        return self.text[self._at : self._at + 1]

    def _end(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self.text, self._at)
        return found.end() if found else self._at + 1

    def _mark(self, place: Place, at: int) -> None:
        """Note the line of the text's position `at`; positions must not go backwards."""
        self._line += self.text.count("\n", self._counted_to, at)
        self._counted_to = at
        self.lines.setdefault(place, self._line)

    def _names(self) -> tuple[str, ...]:
        names: list[str] = []
        while found := _KEY.match(self.text, self._at):
            names.append(_unquoted(found[1]))
            self._at = found.end()
            if self.text[self._at] != ".":
                break
            self._at += 1
        return tuple(names)

    def _header(self) -> Place:
        """`[a.b]` or `[[a.b]]` -> the place of the table that begins here."""
        starts_at = self._at
        brackets = 2 if self.text.startswith("[[", self._at) else 1
        self._at += brackets
        names = self._names()
        self._at += brackets
        if brackets == 2:
            self._begun[self._entered(names[:-1]) + names[-1:]] += 1
        place = self._entered(names)
        for depth in range(1, len(place) + 1):
            self._mark(place[:depth], starts_at)
        return place

    def _entered(self, names: tuple[str, ...]) -> Place:
        """Names as written -> the place they mean: within repeated tables, the one begun last."""
        place: Place = ()
        node: Any = self.values
        for name in names:
            place, node = (*place, name), node[name]
            if isinstance(node, list):
                index = self._begun[place] - 1
                place, node = (*place, index), node[index]
        return place

    def _pair(self, table: Place) -> None:
        """`a.b = value` within `table`."""
        starts_at = self._at
        names = self._names()
        for depth in range(1, len(names) + 1):
            self._mark((*table, *names[:depth]), starts_at)
        self._at += 1  # the equals sign
        self._value((*table, *names))

    def _value(self, place: Place) -> None:
        first = self._next()
        self._mark(place, self._at)
        if first == "[":
            self._list(place)
        elif first == "{":
            self._inline_table(place)
        else:
            self._at = self._end(_STRING if first in "\"'" else _SCALAR)

    def _list(self, place: Place) -> None:
        self._at += 1
        index = 0
        while (first := self._next()) != "]":
            if first == ",":
                self._at += 1
                continue
            self._value((*place, index))
            index += 1
        self._at += 1

    def _inline_table(self, place: Place) -> None:
        self._at += 1
        while (first := self._next()) != "}":
            if first == ",":
                self._at += 1
                continue
            self._pair(place)
        self._at += 1


def _unquoted(written: str) -> str:
    if written[0] not in "\"'":
        return written
    value: str = tomllib.loads(f"key = {written}")["key"]
    return value
