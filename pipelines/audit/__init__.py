"""Evidence and store -> every byte and row that does not hold, and the statements that rest on it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.errors import StoreDamaged, WrongUse
from crawler.instance import load_instance
from crawler.language import say
from pipelines.audit.chain import NAME, Line, checked_lines
from pipelines.audit.damage import Damage, Found
from pipelines.audit.files import Files
from pipelines.audit.rows import CHECKED, Told, compare_rows
from pipelines.audit.sayings import Sayings, compare_sayings
from pipelines.audit.shape import compare_shape, has_strange_functions
from pipelines.audit.stamps import Stamps
from pipelines.audit.standing import compare_standing
from pipelines.audit.touched import touched_by
from pipelines.audit.written import compare_written
from pipelines.deletions import DELETION, Deletions
from pipelines.store import SCHEMA_VERSION, Store, store_at

SHORTEST_SEAL = 16  # of a hash that somebody typed from paper
_DELETION = b'"kind":"deletion"'
_UNSAID = (KeyError, TypeError, ValueError, AttributeError)
TABLES_SQL = "SELECT table_name FROM duckdb_tables() WHERE NOT temporary ORDER BY table_name"


@dataclass(frozen=True, slots=True)
class Audited:
    """What an audit came to. `bytes`: on disk, read and checked; `touched`: the newest verdicts that are in doubt;
    `deleted`: entries whose bytes were deleted on purpose, `deleted_bytes` of them."""

    checked: int
    bytes: int
    found: tuple[str, ...]
    notes: tuple[str, ...]
    touched: tuple[dict[str, Any], ...]
    head: str
    deleted: int = 0
    deleted_bytes: int = 0


def audit_workspace(home: Path) -> tuple[int, list[str]]:
    """(ledger lines checked, what does not hold); a store that was never made is no damage."""
    done = examine(home)
    return done.checked, list(done.found)


def audit_evidence(home: Path) -> tuple[int, list[str]]:
    """The same of the folder `evidence/` alone."""
    found = Found()
    _read(home, found, None, ())
    return found.lines, found.texts


def examine(home: Path, head: str = "") -> Audited:
    """Check everything. `head`: `SEQ:HASH` as a report printed it, looked for in today's ledger.

    Raises: WrongUse for a head that is none.
    """
    found, wanted = Found(), _head_of(head) if head else None
    books = _Books(Told(), Sayings(deletions=_deletions(home)))
    _read(home, found, books, [wanted] if wanted else [])
    instance, _problems = load_instance(home)
    url = instance.store_url if instance else "tayang.duckdb"
    touched: list[dict[str, Any]] = []
    if (home / url).exists():
        store = store_at(home, url)
        try:
            with store.held():
                _compare(store, home, books, found)
                touched = touched_by(store, found.damages) if found.damages else []
        except StoreDamaged as error:
            found.add(Damage(str(error)))
    elif books.told.runs:
        found.add(Damage(say(
            f"{url}: penyimpanan tidak ada, padahal buku besar menyebut putaran yang selesai; `tayang rebuild`",
            f"{url}: there is no store, and the ledger tells of runs that ended; `tayang rebuild`",
        )))  # fmt: skip
    return Audited(found.lines, found.bytes, tuple(found.texts), tuple(found.notes), tuple(touched),
                   f"{found.head[0]}:{found.head[1]}", found.deleted, found.deleted_bytes)  # fmt: skip


@dataclass(frozen=True)
class _Books:
    told: Told
    sayings: Sayings

    def take(self, line: Line, found: Found) -> None:
        """A line that cannot be understood states nothing that could be compared."""
        try:
            self.told.take(line)
            self.sayings.take(line)
        except _UNSAID as oddity:
            text = f"seq {line.get('seq')}: {type(oddity).__name__} {oddity}"
            found.add(Damage(f"evidence/ledger.jsonl: {text}", seq=int(line.get("seq", 0))), "odd")


def _read(home: Path, found: Found, books: _Books | None, wanted: Iterable[tuple[int, str]]) -> None:
    """The ledger once, line by line, and all bytes it names."""
    left, stamps = dict(wanted), Stamps(home, found)
    with Files(home, found, _deletions(home)) as files:
        for line in checked_lines(home, found):
            if "kind" not in line or "run_id" not in line:
                found.add(Damage(f"evidence/ledger.jsonl: seq {line['seq']}: states nothing", seq=line["seq"]), "odd")
                continue
            files.take(line)
            stamps.take(line)
            if books:
                books.take(line, found)
            if line["seq"] in left and str(line["hash"]).startswith(left[line["seq"]]):
                del left[line["seq"]]
        files.end()
    stamps.end()
    for seq, seal in left.items():
        found.add(Damage(say(f"segel {seq}:{seal[:16]}… tidak ada dalam buku besar ini: catatan sampai {seq} berubah",
                             f"seal {seq}:{seal[:16]}… is not in this ledger: what was sealed up to {seq} has changed"),
                         seq=seq))  # fmt: skip


def _deletions(home: Path) -> Deletions:
    """What the whole ledger says was deleted; lines that do not hold are told when they are checked."""
    path, deletions = home / NAME, Deletions()
    if path.exists():
        with path.open("rb") as stream:
            for raw in stream:
                if _DELETION in raw:
                    with suppress(*_UNSAID):
                        line = json.loads(raw)
                        if line["kind"] == DELETION:
                            deletions.take(line)
    return deletions


def _compare(store: Store, home: Path, books: _Books, found: Found) -> None:
    """The store's rows; one that another Tayang wrote is brought to today's form by the next command, not by this."""
    if has_strange_functions(store, found):
        return
    tables = _tables_read(store)
    gone, is_of_today = set(CHECKED) - tables, _is_of_today(store, tables)
    if _are_missed(gone, is_of_today, books.told, found):
        return
    if is_of_today and compare_shape(store, found):
        compare_standing(store, found)
        compare_written(store, home, found)
    broken = {text.split(": ")[1] for text in found.texts if text.startswith("seq ")}
    reached = compare_rows(store, books.told, found, set(CHECKED) - gone)
    compare_sayings(store, home, books.sayings, broken, reached.rebuilt, found)


def _tables_read(store: Store) -> set[str]:
    """The names of all tables, each read whole: so the database checks each of its blocks."""
    tables = {str(row["table_name"]) for row in store.rows(TABLES_SQL)}
    for table in sorted(tables):
        store.rows(f'SELECT bit_xor(hash(COLUMNS(*))) FROM "{table}"')  # noqa: S608 - names of its own tables
    return tables


def _are_missed(gone: set[str], is_of_today: bool, told: Told, found: Found) -> bool:
    """Whether without these tables nothing can be compared: damage, unless the store is of before there were seals."""
    if not gone:
        return False
    if is_of_today or told.has_rows_of(gone):
        names = ", ".join(sorted(gone))
        found.add(Damage(say(f"penyimpanan: tabel hilang: {names}", f"store: tables are gone: {names}")))
        return True
    found.notes.append(say(
        "penyimpanan dari versi lama: belum semua barisnya dapat dibandingkan; jalankan `tayang verify`",
        "an older version's store: not all of its rows can be compared yet; run `tayang verify`",
    ))  # fmt: skip
    return "seal_rows" in gone


def _is_of_today(store: Store, tables: set[str]) -> bool:
    """Whether the store has the present schema, or hides which it has."""
    if "schema_version" not in tables:
        return True
    [row] = store.rows("SELECT max(version) AS version FROM schema_version")
    return row["version"] is None or row["version"] >= SCHEMA_VERSION


def _head_of(written: str) -> tuple[int, str]:
    seq, _, seal = written.replace(" ", "").partition(":")
    seal = seal.rstrip("….").lower()
    if not seq.isascii() or not seq.isdecimal() or len(seal) < SHORTEST_SEAL or set(seal) - set("0123456789abcdef"):
        raise WrongUse(say(f"'{written}' bukan segel; tulis NOMOR:SIDIK seperti tercetak di laporan",
                           f"'{written}' is no seal; write SEQ:HASH as a report prints it"))  # fmt: skip
    return int(seq), seal
