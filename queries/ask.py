"""A query's name and parameters -> its answer. One file of this folder, NAME.sql, is one query.

The header of a file is its documentation and its contract, one `-- key value` per line:

    -- id: question in Indonesian            -- alias: English name
    -- en: question in English
    -- parameter NAME TYPE = DEFAULT : meaning in Indonesian | in English
    -- column NAME TYPE : meaning in Indonesian | in English

TYPE of a parameter: text, integer, date, instant. Parameters are bound as `$NAME`, never pasted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from crawler.errors import WrongUse
from crawler.language import say
from crawler.problems import nearest
from queries.reader import Connection, rows, table
from queries.table import Table

FOLDER = Path(__file__).parent

_LINE = re.compile(r"^-- (?P<key>id|en|alias): (?P<value>.+)$")
_ENTRY = re.compile(
    r"^-- (?P<key>parameter|column) (?P<name>\w+) (?P<type>\w+)(?: =(?P<default>.*?))?"
    r" : (?P<id>.+?) \| (?P<en>.+)$"
)

CASTS: Mapping[str, Callable[[str], Any]] = {
    "text": str,
    "integer": lambda written: _whole(int(written)),
    "date": lambda written: date.fromisoformat(written) if written else None,
    # Handed on as text: without an offset the store reads it in the instance's zone.
    "instant": lambda written: written if not written else datetime.fromisoformat(written) and written,
}

MOST = 100_000  # of days, minutes, runs: more is a typing error, and beyond what a date can hold


def _whole(number: int) -> int:
    if not 0 <= number <= MOST:
        raise ValueError(number)
    return number


# Whom a parameter may name: those of now, and those of whom anything was ever said.
_NAMED: Mapping[str, str] = {
    "agency": "SELECT agency_id AS name FROM agencies UNION SELECT agency_id FROM verdict_history",
    "campaign": "SELECT campaign_id AS name FROM campaigns UNION SELECT campaign_id FROM verdict_history",
    "channel": "SELECT channel AS name FROM accounts UNION SELECT channel FROM visits",
    "kind": "SELECT DISTINCT kind AS name FROM agencies",
}

_LABELS = {"agency": "perangkat daerah", "campaign": "kampanye", "channel": "kanal", "kind": "jenis"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A parameter (`default` is as a person would write it) or a column of a query."""

    name: str
    type: str
    indonesian: str
    english: str
    default: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """One .sql file, header read."""

    name: str
    alias: str
    indonesian: str
    english: str
    parameters: tuple[Entry, ...]
    columns: tuple[Entry, ...]
    sql: str

    @property
    def question(self) -> str:
        """The question it answers, in the language in force."""
        return say(self.indonesian, self.english)


def read_query(path: Path) -> Query:
    """One file as a Query. Raises: WrongUse naming the header line that is missing."""
    sql = path.read_text(encoding="utf-8")
    header = [line for line in sql.splitlines() if line.startswith("-- ")]
    lines = {found["key"]: found["value"].strip() for found in map(_LINE.match, header) if found}
    lacking = [key for key in ("id", "en", "alias") if key not in lines]
    if lacking:
        raise WrongUse(f"{path.name}: -- {lacking[0]}: …")
    entries = [found for found in map(_ENTRY.match, header) if found]
    return Query(
        path.stem, lines["alias"], lines["id"], lines["en"],
        _entries(entries, "parameter"), _entries(entries, "column"), sql,
    )  # fmt: skip


def list_queries(folder: Path = FOLDER) -> list[Query]:
    """All queries of the folder, by name."""
    return [read_query(path) for path in sorted(folder.glob("*.sql"))]


def find_query(name: str, folder: Path = FOLDER) -> Query:
    """The query called `name`, by file name or alias. Raises: WrongUse with the nearest name."""
    known = {known: query for query in list_queries(folder) for known in (query.alias, query.name)}
    if name in known:
        return known[name]
    raise WrongUse(_unknown(say("pertanyaan", "query"), name, known))


def ask(connection: Connection, name: str, parameters: Mapping[str, str] | None = None) -> Table:
    """The answer of query `name`; `parameters` as written by a person (`key=value`).

    Raises: WrongUse for an unknown name or parameter, or a value that is not of its type.
    """
    query = find_query(name)
    return Table(table(connection, query.sql, bind(query, parameters or {})), query.name)


def check_names(connection: Connection, written: Mapping[str, str]) -> None:
    """A misspelt agency must not pass for one of which nothing is to be said. Raises: WrongUse with the nearest."""
    for key, statement in _NAMED.items():
        name = written.get(key, "").strip()
        known = [row["name"] for row in rows(connection, statement)] if name else []
        if name and name not in known:
            raise WrongUse(_unknown(say(_LABELS[key], key), name, known))


def bind(query: Query, written: Mapping[str, str]) -> dict[str, Any]:
    """Every parameter of the query with the written or the default value, as its type."""
    known = {entry.name: entry for entry in query.parameters}
    for name in written:
        if name not in known:
            raise WrongUse(_unknown(say("parameter", "parameter"), name, known))
    return {name: _cast(entry, written.get(name, entry.default)) for name, entry in known.items()}


def describe(query: Query) -> str:
    """Name, question, and what can be asked for: what `tayang ask` without a name prints of each."""
    asked = " ".join(f"[{entry.name}={entry.default}]" for entry in query.parameters)
    return f"{query.name} ({query.alias}) {asked}\n    {query.question}\n"


def _cast(entry: Entry, written: str) -> Any:
    try:
        return CASTS[entry.type](written.strip())
    except ValueError as wrong:
        if entry.type == "integer":
            raise WrongUse(say(f"{entry.name}={written!r}: tulis bilangan bulat 0 sampai {MOST}",
                               f"{entry.name}={written!r}: write a whole number, 0 to {MOST}")) from wrong  # fmt: skip
        example = {"date": "2026-04-24", "instant": "2026-04-24T12:00"}[entry.type]
        instead = f"{entry.name}={example}"
        raise WrongUse(
            say(
                f"{entry.name}={written!r} bukan {entry.type}; tulis misalnya {instead}",
                f"{entry.name}={written!r} is not of type {entry.type}; write for example {instead}",
            )
        ) from wrong


def _entries(found: Iterable[re.Match[str]], key: str) -> tuple[Entry, ...]:
    return tuple(
        Entry(one["name"], one["type"], one["id"], one["en"], (one["default"] or "").strip())
        for one in found
        if one["key"] == key
    )


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    meant = nearest(name, names)
    if meant:
        return say(f"Tidak ada {what} {name!r}; maksudnya {meant!r}?",
                   f"There is no {what} {name!r}; did you mean {meant!r}?")  # fmt: skip
    listed = ", ".join(names) or "–"
    return say(
        f"Tidak ada {what} {name!r}; yang ada: {listed}", f"There is no {what} {name!r}; there are: {listed}"
    )
