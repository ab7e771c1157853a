"""Pages, visits, signs and verdicts -> rows of the DuckDB store. The only writer.

The file is opened for each batch and closed again, so that anyone may read it in between. Rows
enter in bulk as Arrow tables; a batch that comes twice changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from crawler.errors import StoreBusy, StoreDamaged, WrongUse
from crawler.language import say

SCHEMA_VERSION = 4
WAIT_SECONDS = 30.0
# What DuckDB says while another process, or a reader in this one, holds the file.
_HELD = ("could not set lock", "conflicting lock", "another process", "different configuration")
Row = Mapping[str, Any]

# Columns that tell a fact that is already there; `bound` limits the search to the batch's own time.
_SAME = {
    "post_rows": (("post_id", "content_id"), "published_at"),
    "sighting_rows": (("post_id", "content_id", "seen_at"), "seen_at"),
    "visit_rows": (("run_id", "channel", "handle", "started_at"), "started_at"),
    "evidence_rows": (("seq",), "fetched_at"),
    "fingerprint_rows": (("sha256", "version", "kind"), None),
    "compared_rows": (("content_id", "reference_id"), None),
    "sign_rows": (("content_id", "reference_id", "matcher", "media_sha256"), None),
    "ledger_head_rows": (("seq",), None),
    "review_rows": (("review_id",), None),
    "submission_rows": (("submission_id",), None),
    "notification_rows": (("notification_id", "attempts", "outcome"), None),
}


class Store:
    """One DuckDB file. Every method is one short transaction."""

    def __init__(self, path: Path, wait_seconds: float = WAIT_SECONDS) -> None:
        self.path = path
        self.wait_seconds = wait_seconds

    def prepare(self) -> None:
        """Create the store, or bring an older one to the newest schema.

        Raises: WrongUse when it was written by a newer Tayang, StoreDamaged when it is no store.
        """
        if not self.path.exists():
            self._create()
        self._migrate()

    def _create(self) -> None:
        """A new store appears whole: a kill on the way leaves an unfinished file beside it."""
        unfinished = self.path.with_name(f".{self.path.name}.unfinished")
        for leftover in (unfinished, unfinished.with_name(f"{unfinished.name}.wal")):
            leftover.unlink(missing_ok=True)
        Store(unfinished)._migrate()
        unfinished.rename(self.path)

    def _migrate(self) -> None:
        with self.open() as connection:
            version = _version(connection)
            if version > SCHEMA_VERSION:
                raise WrongUse(
                    say(
                        "penyimpanan dibuat oleh Tayang yang lebih baru",
                        "the store was made by a newer Tayang",
                    )
                )
            for script in _scripts(version):
                connection.execute(script)
                version += 1
                connection.execute("INSERT INTO schema_version VALUES (?, ?)", [version, datetime.now(UTC)])

    @contextmanager
    def open(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection inside one transaction: committed at the end, rolled back by any error.

        Raises: StoreBusy, StoreDamaged.
        """
        connection = self._connect()
        try:
            connection.execute("SET TimeZone = 'UTC'; BEGIN")
            yield connection
            connection.execute("COMMIT")
        except duckdb.Error as error:
            if _tells_damage(error):
                raise StoreDamaged(_damaged(self.path.name, error)) from error
            raise
        finally:
            connection.close()

    def _connect(self) -> duckdb.DuckDBPyConnection:
        deadline = time.monotonic() + self.wait_seconds
        while True:
            try:
                return duckdb.connect(str(self.path))
            except duckdb.Error as error:
                if not any(sign in str(error).lower() for sign in _HELD):
                    raise StoreDamaged(_damaged(self.path.name, error)) from error
                if time.monotonic() > deadline:
                    raise StoreBusy(_busy(self.path.name)) from error
                time.sleep(0.1)

    def append(self, batches: Mapping[str, Sequence[Row]]) -> None:
        """Add rows to fact tables in one transaction; rows that are already there are left out."""
        with self.open() as connection:
            for table, rows in batches.items():
                if rows:
                    _append(connection, table, rows)

    def replace(self, batches: Mapping[str, Sequence[Row]]) -> None:
        """Exchange the whole content of snapshot tables in one transaction."""
        with self.open() as connection:
            for table, rows in batches.items():
                connection.execute(f"DELETE FROM {table}")
                if rows:
                    _insert(connection, table, rows, "")

    def say_verdicts(self, rows: Sequence[Row]) -> None:
        """Record verdicts of one `as_of`: history takes what changed, the newest are refreshed."""
        with self.open() as connection:
            said_at = datetime.now(UTC)  # orders what was said of one instant, before and after a review
            _register(connection, "verdict_rows", [{**row, "said_at": said_at} for row in rows])
            connection.execute(_sql("verdict_history.sql"))
            if rows:
                connection.execute(_sql("verdicts_newest.sql"))

    def forget_signs(self, reference_ids: Sequence[str]) -> None:
        """Drop what was derived for these materials, so that it is computed again."""
        with self.open() as connection:
            for table in ("sign_rows", "compared_rows"):
                connection.execute(
                    f"DELETE FROM {table} WHERE list_contains(?, reference_id)", [list(reference_ids)]
                )

    def begin_run(self, run_id: str, command: str, started_at: datetime) -> None:
        """Note that a run has begun; one without an end was killed."""
        self.append({"run_rows": [{"run_id": run_id, "command": command, "started_at": started_at}]})

    def end_run(self, run_id: str, as_of: datetime | None, exit_code: int, summary: str) -> None:
        """Note how a run ended."""
        with self.open() as connection:
            connection.execute(
                "UPDATE run_rows SET finished_at = ?, as_of = ?, exit_code = ?, summary = ? WHERE run_id = ?",
                [datetime.now(UTC), as_of, exit_code, summary, run_id],
            )

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """The answer to one question the pipelines themselves have, as dicts; instants in UTC."""
        with self.open() as connection:
            answer: list[dict[str, Any]] = (
                connection.sql(sql, params=dict(parameters or {})).to_arrow_table().to_pylist()
            )
            return answer


def store_at(home: Path, url: str) -> Store:
    """The store that `store.url` of a workspace names. Raises: WrongUse for engines not built yet."""
    if url.startswith("ducklake:"):
        raise WrongUse(
            say(
                "store.url: DuckLake belum didukung; pakai nama berkas seperti tayang.duckdb",
                "store.url: DuckLake is not supported yet; use a file name such as tayang.duckdb",
            )
        )
    return Store(home / url)


def _append(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> None:
    columns, bound = _SAME.get(table, ((), None))
    if not columns:
        _insert(connection, table, rows, "")
        return
    # The same fact may also stand twice in one batch: a list that moves while it is paged.
    rows = list({tuple(row.get(column) for column in columns): row for row in reversed(rows)}.values())[::-1]
    same = " AND ".join(f"old.{column} IS NOT DISTINCT FROM new.{column}" for column in columns)
    within = f" AND old.{bound} >= (SELECT min({bound}) FROM batch)" if bound else ""
    _insert(connection, table, rows, f"WHERE NOT EXISTS (FROM {table} old WHERE {same}{within})")


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row], where: str) -> None:
    _register(connection, table, rows)
    connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM batch new {where}")
    connection.unregister("batch")


def _register(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Row]) -> None:
    """Make `rows` visible as `batch`, typed like `table`; a misspelt column is an error, not a loss."""
    schema = connection.sql(f"FROM {table} LIMIT 0").to_arrow_table().schema
    rows = list(rows)
    strange = {name for row in rows for name in row} - set(schema.names)
    if strange:
        raise KeyError(f"{table} has no column {sorted(strange)}")
    connection.register("batch", pa.Table.from_pylist(rows, schema=schema))


def _version(connection: duckdb.DuckDBPyConnection) -> int:
    known = connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'schema_version'"
    ).fetchone()
    if not known or not known[0]:
        return 0
    newest = connection.execute("SELECT coalesce(max(version), 0) FROM schema_version").fetchone()
    return int(newest[0]) if newest else 0


def _scripts(version: int) -> list[str]:
    """What leads from `version` to the newest: schema.sql, then migrations/2.sql, 3.sql …"""
    return [
        _sql("schema.sql" if number == 1 else f"migrations/{number}.sql")
        for number in range(version + 1, SCHEMA_VERSION + 1)
    ]


def _sql(name: str) -> str:
    return files("pipelines").joinpath(name).read_text(encoding="utf-8")


def _tells_damage(error: duckdb.Error) -> bool:
    """Whether the file, not the statement, is at fault; a failed checksum comes as a bare Error."""
    return isinstance(error, duckdb.IOException) or str(error).startswith("Corrupt database file")


def _damaged(name: str, error: duckdb.Error) -> str:
    return say(
        f"{name} tidak dapat dibaca; pulihkan dari cadangan, atau jalankan `tayang rebuild` ({error})",
        f"{name} cannot be read; restore it from a backup, or run `tayang rebuild` ({error})",
    )


def _busy(name: str) -> str:
    return say(
        f"{name} sedang dibuka program lain; tutup program itu lalu jalankan lagi",
        f"{name} is held open by another program; close it and run again",
    )
