"""registry/agencies.csv and registry/accounts.csv -> Registry, and every problem in them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from crawler.handles import known_channels, normalise_handle, same_place
from crawler.items import Account, Agency
from crawler.language import say
from crawler.problems import Problem
from crawler.sections import unknown
from crawler.tables import Columns, Row, Table, read_table

AGENCIES = "registry/agencies.csv"
ACCOUNTS = "registry/accounts.csv"
_AGENCY_COLUMNS = Columns(("agency_id", "name", "kind"), ("parent_id", "active_from", "active_until"))
_ACCOUNT_COLUMNS = Columns(("agency_id", "channel", "handle"), ("native_id", "active_from", "active_until"))
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MAX_COMPARISONS = 100_000  # of misspelled ids with known ones, some 0.5 s
# Excel shows long numbers this way and saves what it shows: the digits are lost.
_ROUNDED = re.compile(r"\d+([.,]\d+)?[eE]\+?\d+")


@dataclass(frozen=True, slots=True)
class Registry:
    """Who is watched, in the order of the files."""

    agencies: tuple[Agency, ...] = ()
    accounts: tuple[Account, ...] = ()


def load_registry(home: Path) -> tuple[Registry, list[Problem]]:
    """The registry of the workspace `home`, as far as it can be read, and everything wrong in it."""
    agencies_table = read_table(home, AGENCIES, _AGENCY_COLUMNS)
    accounts_table = read_table(home, ACCOUNTS, _ACCOUNT_COLUMNS)
    agencies = tuple(_agencies(agencies_table))
    ids = {agency.agency_id for agency in agencies} if agencies_table.has_header else None
    accounts = tuple(_accounts(accounts_table, ids))
    if agencies_table.has_header and not agencies_table.rows:
        agencies_table.wrong(
            0,
            "",
            say(
                "belum ada perangkat daerah; tulis paling sedikit satu baris",
                "there is no agency yet; write at least one row",
            ),
        )
    return Registry(agencies, accounts), agencies_table.problems + accounts_table.problems


def _agencies(table: Table) -> Iterator[Agency]:
    lines = _first_lines(table)
    _note_look_alikes(table, lines)
    for row in table.rows:
        agency = _agency(row, table)
        if not agency.agency_id:
            table.wrong(
                row.line,
                "agency_id",
                say("kosong; beri tanda pengenal yang tetap", "empty; give a lasting id"),
            )
        elif lines[agency.agency_id] != row.line:
            table.wrong(
                row.line,
                "agency_id",
                say(
                    f"'{agency.agency_id}' sudah ada di baris {lines[agency.agency_id]}",
                    f"'{agency.agency_id}' is already on line {lines[agency.agency_id]}",
                ),
            )
        else:
            yield agency
    _note_parents(table, lines)


def _first_lines(table: Table) -> dict[str, int]:
    lines: dict[str, int] = {}
    for row in table.rows:
        lines.setdefault(row.cells["agency_id"], row.line)
    return lines


def _note_look_alikes(table: Table, lines: Mapping[str, int]) -> None:
    """Ids that differ only in case: people take them for one, and folders may as well."""
    firsts: dict[str, int] = {}
    for agency_id, line in lines.items():
        first = firsts.setdefault(agency_id.casefold(), line)
        if first != line:
            table.wrong(
                line,
                "agency_id",
                say(
                    f"'{agency_id}' hanya berbeda huruf besar/kecil dari baris {first}; pakai satu ejaan",
                    f"'{agency_id}' differs from line {first} only in case; use one spelling",
                ),
            )


def _agency(row: Row, table: Table) -> Agency:
    cells = row.cells
    for column in ("name", "kind"):
        if not cells[column]:
            table.wrong(row.line, column, say("kosong; harus diisi", "empty; must be filled in"))
    active_from, active_until = _active(row, table)
    return Agency(
        cells["agency_id"],
        cells["name"],
        cells["kind"],
        cells.get("parent_id") or None,
        active_from,
        active_until,
    )


def _note_parents(table: Table, lines: Mapping[str, int]) -> None:
    """Parents that do not exist, and agencies that are their own forebears."""
    parents: dict[str, str] = {}
    guess = _Guesser(lines)
    for row in table.rows:
        parent = row.cells.get("parent_id", "")
        if parent and parent not in lines:
            table.wrong(row.line, "parent_id", guess(parent))
        elif parent:
            parents.setdefault(row.cells["agency_id"], parent)
    for cycle in _cycles(parents):
        first = min(cycle, key=lambda agency_id: lines[agency_id])
        start = cycle.index(first)
        shown = " > ".join([*cycle[start:], *cycle[:start], first])
        table.wrong(
            lines[first],
            "parent_id",
            say(
                f"berputar: {shown}; induk teratas dibiarkan kosong",
                f"a circle: {shown}; leave the topmost parent empty",
            ),
        )


def _cycles(parents: Mapping[str, str]) -> Iterator[list[str]]:
    """Every circle of the parent relation once."""
    done: set[str] = set()
    for start in parents:
        path: dict[str, int] = {}
        here: str | None = start
        while here is not None and here not in done and here not in path:
            path[here] = len(path)
            here = parents.get(here)
        if here is not None and here in path:
            yield list(path)[path[here] :]
        done.update(path)


def _accounts(table: Table, agency_ids: set[str] | None) -> Iterator[Account]:
    """`agency_ids` None = the agencies could not be read, so none is called unknown."""
    seen: dict[str, int] = {}
    native_ids: dict[tuple[str, str], int] = {}
    channels = known_channels()
    if agency_ids is not None:
        _note_owners(table, agency_ids)
    for row in table.rows:
        account = _account(row, table, channels)
        if account and _is_first(account, row, table, seen):
            _note_same_native_id(account, row, table, native_ids)
            yield account


def _note_owners(table: Table, agency_ids: set[str]) -> None:
    guess = _Guesser(agency_ids)
    for row in table.rows:
        owner = row.cells["agency_id"]
        if not owner:
            table.wrong(row.line, "agency_id", say("kosong; tulis pemilik akun", "empty; write the owner"))
        elif owner not in agency_ids:
            where = say(f"lihat {AGENCIES}", f"see {AGENCIES}")
            table.wrong(row.line, "agency_id", f"{guess(owner)} ({where})")


class _Guesser:
    """Says which id was probably meant: enough for typing errors, bounded for a wholly wrong file."""

    def __init__(self, known: Collection[str]) -> None:
        self.known = known
        self.left = max(5, MAX_COMPARISONS // max(1, len(known)))
        self.said: dict[str, str] = {}

    def __call__(self, word: str) -> str:
        if word not in self.said:
            self.left -= 1
            self.said[word] = unknown(word, self.known if self.left >= 0 else ())
        return self.said[word]


def _account(row: Row, table: Table, channels: frozenset[str]) -> Account | None:
    cells = row.cells
    active_from, active_until = _active(row, table)
    if _ROUNDED.fullmatch(cells.get("native_id", "")):
        table.wrong(
            row.line,
            "native_id",
            say(
                "dibulatkan oleh Excel; format kolomnya sebagai Teks lalu tulis lengkap",
                "rounded by Excel; format the column as Text and write all digits",
            ),
        )
    if cells["channel"].lower() not in channels:
        table.wrong(row.line, "channel", unknown(cells["channel"], sorted(channels)))
        return None
    try:
        handle = normalise_handle(cells["channel"].lower(), cells["handle"])
    except ValueError as wrong:
        table.wrong(row.line, "handle", str(wrong))
        return None
    return Account(
        cells["agency_id"],
        cells["channel"].lower(),
        handle,
        cells.get("native_id") or None,
        active_from,
        active_until,
    )


def _is_first(account: Account, row: Row, table: Table, seen: dict[str, int]) -> bool:
    line = seen.setdefault(same_place(account.channel, account.handle), row.line)
    if line == row.line:
        return True
    table.wrong(
        row.line,
        "handle",
        say(
            f"akun {account.channel} '{account.handle}' sudah ada di baris {line}; hapus salah satu",
            f"the {account.channel} account '{account.handle}' is already on line {line}; delete one",
        ),
    )
    return False


def _note_same_native_id(account: Account, row: Row, table: Table, seen: dict[tuple[str, str], int]) -> None:
    """The platform gives a number to one account only, whatever names it had."""
    if account.native_id is None:
        return
    line = seen.setdefault((account.channel, account.native_id), row.line)
    if line != row.line:
        table.wrong(
            row.line,
            "native_id",
            say(
                f"'{account.native_id}' sudah dipakai akun {account.channel} di baris {line};"
                " perbaiki atau kosongkan",
                f"'{account.native_id}' belongs to the {account.channel} account on line {line} already;"
                " correct it or leave it empty",
            ),
        )


def _active(row: Row, table: Table) -> tuple[date | None, date | None]:
    """The local dates from which and until before which the row holds."""
    start, end = (_day(row, column, table) for column in ("active_from", "active_until"))
    if start and end and start >= end:
        table.wrong(row.line, "active_until", say("harus sesudah active_from", "must be after active_from"))
    return start, end


def _day(row: Row, column: str, table: Table) -> date | None:
    written = row.cells.get(column, "")
    if not written:
        return None
    try:
        if _ISO_DAY.fullmatch(written):
            return date.fromisoformat(written)
    except ValueError:
        pass  # well-formed but no day of the calendar: refused below like the rest
    table.wrong(
        row.line,
        column,
        say(
            f"'{written}' bukan tanggal; tulis tahun-bulan-tanggal, misalnya 2024-04-24",
            f"'{written}' is not a date; write year-month-day, for example 2024-04-24",
        ),
    )
    return None
