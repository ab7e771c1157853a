"""registry/outlets.csv -> the news media that are asked what they wrote of a campaign, and every problem in it.

Outlets owe nothing to anyone. A row is asked only once a person has looked at its addresses and written the date
into `confirmed_on`: a feed that was only guessed would make silence look like "nobody wrote about it".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import quote_plus

from crawler.handles import web_address_problem
from crawler.language import say
from crawler.problems import Problem
from crawler.tables import Columns, Row, Table, read_table

OUTLETS = "registry/outlets.csv"
QUERY = "{query}"
_COLUMNS = Columns(("outlet_id", "name"), ("feed", "search", "confirmed_on"))
_ID = re.compile(r"[a-z0-9][a-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Outlet:
    """One row. `search` holds `{query}` where the words go; `confirmed_on` None = not asked yet."""

    outlet_id: str
    name: str
    feed: str = ""
    search: str = ""
    confirmed_on: date | None = None

    def searches(self, words: Iterable[str]) -> tuple[str, ...]:
        """The addresses at which its own search is asked for these words, one for each."""
        return tuple(self.search.replace(QUERY, quote_plus(one)) for one in words) if self.search else ()


def load_outlets(home: Path) -> tuple[tuple[Outlet, ...], list[Problem]]:
    """The outlets of the workspace `home`, none where it has no such file, and everything wrong in it."""
    if not (home / OUTLETS).exists():
        return (), []
    table = read_table(home, OUTLETS, _COLUMNS)
    return tuple(_outlets(table)), table.problems


def _outlets(table: Table) -> Iterator[Outlet]:
    lines: dict[str, int] = {}
    for row in table.rows:
        outlet_id = row.cells["outlet_id"]
        if not _ID.fullmatch(outlet_id):
            table.wrong(row.line, "outlet_id", _bad_id())
        elif lines.setdefault(outlet_id, row.line) != row.line:
            first = lines[outlet_id]
            table.wrong(row.line, "outlet_id", say(f"'{outlet_id}' sudah ada di baris {first}",
                                                   f"'{outlet_id}' is already on line {first}"))  # fmt: skip
        else:
            yield _outlet(row, table)


def _outlet(row: Row, table: Table) -> Outlet:
    cells = row.cells
    if not cells["name"]:
        table.wrong(row.line, "name", say("kosong; harus diisi", "empty; must be filled in"))
    feed, search = (_address(row, column, table) for column in ("feed", "search"))
    if not cells.get("feed") and not cells.get("search"):
        table.wrong(row.line, "feed", say("isi feed atau search", "fill in feed or search"))
    if search and QUERY not in search:
        table.wrong(row.line, "search", say("tulis {query} di tempat kata yang dicari",
                                            "write {query} where the words go"))  # fmt: skip
    return Outlet(cells["outlet_id"], cells["name"], feed, search, _day(row, table))


def _address(row: Row, column: str, table: Table) -> str:
    written = row.cells.get(column, "")
    problem = web_address_problem(written.replace(QUERY, "query")) if written else None
    if problem:
        table.wrong(row.line, column, problem)
    return "" if problem else written


def _day(row: Row, table: Table) -> date | None:
    written = row.cells.get("confirmed_on", "")
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        table.wrong(row.line, "confirmed_on", say(f"'{written}' bukan tanggal; tulis seperti 2024-04-24",
                                                  f"'{written}' is no date; write it like 2024-04-24"))  # fmt: skip
        return None


def _bad_id() -> str:
    return say("hanya huruf kecil, angka, titik, garis bawah dan tanda hubung",
               "only lower case letters, digits, dots, underscores and hyphens")  # fmt: skip
