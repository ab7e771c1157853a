"""One table of a TOML file -> typed values; every wrong type, missing or unknown key becomes a Problem.

A `Section` never raises: it notes the problem with its line and returns the default, so that all
problems of a file come out at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from crawler.language import say
from crawler.problems import Problem, nearest
from crawler.toml_lines import Place, TomlDocument

MOST = 10_000  # hours, days or seconds beyond this are typing errors, and would overflow dates

# What may be asked for: Indonesian, English, and an example of how to write it.
_WANTED = {
    "text": ("teks dalam tanda kutip", "text in quotes", '"…"'),
    "list": ("daftar teks", "a list of texts", '["…", "…"]'),
    "number": ("angka", "a number", "1.5"),
    "numbers": ("daftar angka", "a list of numbers", "[24, 6, 2]"),
    "whole": ("bilangan bulat", "a whole number", "8"),
    "day": ("tanggal", "a date", "2024-04-24"),
    "instant": ("tanggal atau tanggal dan jam", "a date, or a date and time", "2024-04-24T08:00:00"),
    "table": ("tabel", "a table", "[…]"),
    "tables": ("tabel berulang", "a repeated table", "[[…]]"),
}
_FOUND: tuple[tuple[type | tuple[type, ...], str, str], ...] = (
    (bool, "true/false", "true/false"),
    (str, "teks", "text"),
    ((int, float), "angka", "a number"),
    ((date, time), "waktu", "a date or time"),
    (list, "daftar", "a list"),
    (dict, "tabel", "a table"),
)


class Section:
    """One table while it is being read. Ask for each key once, then `close` it."""

    def __init__(self, document: TomlDocument, problems: list[Problem], place: Place = ()) -> None:
        self.document = document
        self.problems = problems
        self.place = place
        self._asked: set[str] = set()
        found: Any = document.values
        for step in place:
            found = found.get(step, {}) if isinstance(found, dict) else found[step]
        self.values: Mapping[str, Any] = found

    def wrong(self, key: str, text: str, index: int | None = None) -> None:
        """Note that the value of `key` (or its element `index`) is wrong, on its own line."""
        place: Place = (*self.place, key) if key else self.place
        line = self.document.line_of(place if index is None else (*place, index))
        column = ".".join(str(step) for step in place if isinstance(step, str))
        self.problems.append(Problem(self.document.name, line, column, text))

    def has(self, key: str) -> bool:
        """Whether `key` is written here."""
        self._asked.add(key)
        return key in self.values

    def require(self, key: str, example: str) -> bool:
        """Whether `key` is written here; when not, that is a problem on the table's line."""
        if not self.has(key):
            self.wrong(
                key, say(f"belum diisi; tulis {key} = {example}", f"is missing; write {key} = {example}")
            )
        return key in self.values

    def text(self, key: str, default: str = "") -> str:
        """A non-empty text without control characters."""
        value = self._typed(key, "text", (str,))
        if value is None:
            return default
        return value if self._is_clean(key, value) else default

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of non-empty texts; absent = empty."""
        values = self._typed(key, "list", (list,)) or []
        kept: list[str] = []
        for index, value in enumerate(values):
            if not isinstance(value, str):
                self._wrong_type(key, value, "list", index)
            elif self._is_clean(key, value, index):
                kept.append(value)
        return tuple(kept)

    def number(self, key: str, default: float, *, above: float = -math.inf) -> float:
        """A number from 0 to MOST and more than `above`."""
        value = self._typed(key, "number", (int, float))
        if value is None:
            return default
        if not 0 <= value <= MOST or value <= above:
            self.wrong(key, _out_of_bounds(above))
            return default
        return float(value)

    def numbers(self, key: str, default: tuple[float, ...]) -> tuple[float, ...]:
        """A list of numbers above 0 and up to MOST; absent = `default`."""
        values = self._typed(key, "numbers", (list,))
        if values is None:
            return default
        kept: list[float] = []
        for index, value in enumerate(values):
            if not isinstance(value, int | float) or isinstance(value, bool):
                self._wrong_type(key, value, "number", index)
            elif not 0 < value <= MOST:
                self.wrong(key, _out_of_bounds(0), index)
            else:
                kept.append(float(value))
        return tuple(kept)

    def share(self, key: str, default: float) -> float:
        """A share of a whole: more than 0, at most 1."""
        value = self._typed(key, "number", (int, float))
        if value is None:
            return default
        if not 0 < value <= 1:
            self.wrong(key, say("antara 0 dan 1, misalnya 0.5", "between 0 and 1, for example 0.5"))
            return default
        return float(value)

    def whole(self, key: str, default: int, *, at_least: int = 0) -> int:
        """A whole number of at least `at_least`."""
        value = self._typed(key, "whole", (int,))
        if value is None:
            return default
        if value < at_least:
            self.wrong(key, say(f"paling sedikit {at_least}", f"must be at least {at_least}"))
            return default
        return int(value)

    def choice(self, key: str, options: Sequence[str], default: str) -> str:
        """One of `options`."""
        value = self.text(key, default)
        if value in options:
            return value
        self.wrong(key, unknown(value, options))
        return default

    def day(self, key: str) -> date | None:
        """A local date; a date with a time is refused."""
        value = self._typed(key, "day", (date,))
        if isinstance(value, datetime):
            self._wrong_type(key, value, "day")
            return None
        return value if isinstance(value, date) else None

    def instant(self, key: str) -> date | datetime | None:
        """A date or a date-time, with or without offset, as written."""
        value = self._typed(key, "instant", (date,))
        return value if isinstance(value, date) else None

    def table(self, key: str) -> Section:
        """The table under `key`; empty when absent or not a table."""
        self._asked.add(key)
        value = self._typed(key, "table", (dict,))
        if value is None:
            return Section(
                TomlDocument(self.document.name, {}, self.document.lines), self.problems, self.place_of(key)
            )
        return Section(self.document, self.problems, self.place_of(key))

    def tables(self, key: str) -> list[Section]:
        """The tables under a repeated `[[key]]`; absent = none."""
        values = self._typed(key, "tables", (list,)) or []
        for index, value in enumerate(values):
            if not isinstance(value, dict):
                self._wrong_type(key, value, "tables", index)
        places = [(*self.place_of(key), i) for i, value in enumerate(values) if isinstance(value, dict)]
        return [Section(self.document, self.problems, place) for place in places]

    def place_of(self, key: str) -> Place:
        """The place of `key` in the document."""
        return (*self.place, key)

    def line(self, key: str = "") -> int:
        """The line of `key`, or of the table itself."""
        return self.document.line_of(self.place_of(key) if key else self.place)

    def close(self) -> None:
        """Every key that was never asked for is a problem, with the key that was probably meant."""
        for key in self.values:
            if key not in self._asked:
                self.wrong(key, unknown(key, sorted(self._asked)))

    def _typed(self, key: str, wanted: str, types: tuple[type, ...]) -> Any:
        """The value of `key` when it has one of `types`; None when absent or wrong."""
        self._asked.add(key)
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, types) and not isinstance(value, bool):
            return value
        self._wrong_type(key, value, wanted)
        return None

    def _wrong_type(self, key: str, value: Any, wanted: str, index: int | None = None) -> None:
        indonesian, english, example = _WANTED[wanted]
        names = [(one, other) for types, one, other in _FOUND if isinstance(value, types)]
        found_id, found_en = names[0]
        self.wrong(
            key,
            say(
                f"harus {indonesian}, bukan {found_id}; tulis misalnya {example}",
                f"must be {english}, not {found_en}; write for example {example}",
            ),
            index,
        )

    def _is_clean(self, key: str, value: str, index: int | None = None) -> bool:
        if not value.strip():
            self.wrong(
                key, say("kosong; isi atau hapus barisnya", "is empty; fill it in or delete it"), index
            )
            return False
        if any(not char.isprintable() and char not in "\n\t" and ord(char) < 160 for char in value):
            self.wrong(key, say("berisi karakter kendali", "contains a control character"), index)
            return False
        return True


def unknown(word: str, known: Iterable[str]) -> str:
    """The sentence for a word that is not one of `known`, with the one that was probably meant."""
    options = list(known)
    folded = {option.casefold(): option for option in options}
    meant = nearest(word.casefold(), folded)
    if meant is not None:
        return say(
            f"'{word}' tidak dikenal; maksudnya '{folded[meant]}'?",
            f"'{word}' is not known; did you mean '{folded[meant]}'?",
        )
    if 0 < len(options) <= 12:
        listed = ", ".join(options)
        return say(
            f"'{word}' tidak dikenal; pilihannya: {listed}", f"'{word}' is not known; choose from: {listed}"
        )
    return say(f"'{word}' tidak dikenal", f"'{word}' is not known")


def _out_of_bounds(above: float) -> str:
    if above >= 0:
        return say(
            f"harus lebih dari {above:g}, paling banyak {MOST}",
            f"must be more than {above:g}, at most {MOST}",
        )
    return say(f"harus angka dari 0 sampai {MOST}", f"must be a number from 0 to {MOST}")
