"""Pages, visits, signs and verdicts -> rows of the DuckDB store. The only writer.

The file is opened for each batch and closed again, so that anyone may read it in between. Rows
enter in bulk as Arrow tables; a batch that comes twice changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from crawler.errors import StoreBusy, StoreDamaged, WrongUse
from crawler.language import say
from pipelines.said import NEWEST_DIGEST_SQL, SIGNS, SIGNS_FORGOTTEN, VERDICTS, note_seal, seal_line, seal_said
from pipelines.standing import GROUNDS, renew_after, renew_all
from pipelines.store_reading import dicts, script, scripts, version_of
from pipelines.store_trouble import busy, damaged, raise_for_disk, tells_damage

SCHEMA_VERSION = 10
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
    "deletion_rows": (("seq", "sha256"), None),
    "seal_rows": (("seq",), None),
    "timestamp_rows": (("seq",), None),
    "review_rows": (("review_id",), None),
    "submission_rows": (("submission_id",), None),
    "notification_rows": (("notification_id", "attempts", "outcome"), None),
    "reading_rows": (("run_id", "channel", "name"), None),
}


class Store:
    """One DuckDB file. Every method is one short transaction."""

    def __init__(self, path: Path, wait_seconds: float = WAIT_SECONDS, home: Path | None = None) -> None:
        """`home`: the workspace whose ledger seals what is said; the file's own folder where nothing is named."""
        self.path = path
        self.wait_seconds = wait_seconds
        self.home = home or path.parent
        self._held: duckdb.DuckDBPyConnection | None = None
        self._is_renewing = True

    def prepare(self) -> None:
        """Create the store, or bring an older one to the newest schema.

        Raises: WrongUse when it was written by a newer Tayang, StoreDamaged when it is no store.
        """
        if self._held is None and not self.path.exists():
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
            version = version_of(connection)
            if version > SCHEMA_VERSION:
                raise WrongUse(
                    say(
                        "penyimpanan dibuat oleh Tayang yang lebih baru",
                        "the store was made by a newer Tayang",
                    )
                )
            for text in scripts(version, SCHEMA_VERSION):
                connection.execute(text)
                version += 1
                connection.execute("INSERT INTO schema_version VALUES (?, ?)", [version, datetime.now(UTC)])

    @contextmanager
    def open(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection inside one transaction: committed at the end, rolled back by any error.

        Raises: StoreBusy, StoreDamaged, OSError for a full or read-only disk.
        """
        if self._held is not None:
            yield self._held
            return
        connection = self._connect()
        try:
            connection.execute("SET TimeZone = 'UTC'; BEGIN")
            yield connection
            connection.execute("COMMIT")
        except duckdb.Error as error:
            raise_for_disk(error, self.path)
            if tells_damage(error):
                raise StoreDamaged(damaged(self.path.name, error)) from error
            raise
        finally:
            connection.close()

    @contextmanager
    def held(self) -> Iterator[None]:
        """One connection and one transaction for many questions: what they read is of one instant.

        A connection costs 30 ms, however small the store. Nobody else can open it meanwhile: for short work only.
        Answers are fetched whole within: DuckDB refuses a question while a row of another is still to come.
        """
        with self.open() as connection:
            before, self._held = self._held, connection
            try:
                yield
            finally:
                self._held = before

    @contextmanager
    def renewing_once(self) -> Iterator[None]:
        """What is derived of posts is made when the block has ended, not at each batch: nobody reads this store yet."""
        self._is_renewing = False
        yield
        self._is_renewing = True
        with self.open() as connection:
            renew_all(connection)

    def _connect(self) -> duckdb.DuckDBPyConnection:
        deadline = time.monotonic() + self.wait_seconds
        while True:
            try:
                return duckdb.connect(str(self.path))
            except duckdb.Error as error:
                raise_for_disk(error, self.path)
                if not any(sign in str(error).lower() for sign in _HELD):
                    raise StoreDamaged(damaged(self.path.name, error)) from error
                if time.monotonic() > deadline:
                    raise StoreBusy(busy(self.path.name)) from error
                time.sleep(0.1)

    def append(self, batches: Mapping[str, Sequence[Row]]) -> None:
        """Add rows to fact tables in one transaction; rows that are already there are left out."""
        with self.open() as connection:
            for table, rows in batches.items():
                if rows:
                    _append(connection, table, rows)
            if self._is_renewing:
                renew_after(connection, batches)

    def replace(self, batches: Mapping[str, Sequence[Row]]) -> None:
        """Exchange the whole content of snapshot tables in one transaction."""
        with self.open() as connection:
            grounds = [table for table in GROUNDS if table in batches]
            before = _content(connection, grounds)
            for table, rows in batches.items():
                connection.execute(f"DELETE FROM {table}")
                if rows:
                    _insert(connection, table, rows, "")
            if before != _content(connection, grounds):
                renew_all(connection)

    def say_verdicts(self, rows: Sequence[Row]) -> None:
        """Record verdicts of one `as_of`: history takes what changed, sealed before; the newest are refreshed."""
        with self.open() as connection:
            said_at = datetime.now(UTC)  # orders what was said of one instant, before and after a review
            _register(connection, "verdict_rows", [{**row, "said_at": said_at} for row in rows])
            connection.execute(script("verdicts_changed.sql"))
            self._seal_verdicts(connection, rows)
            connection.execute("INSERT INTO verdict_rows BY NAME FROM changed_verdicts")
            if rows:
                connection.execute(script("verdicts_newest.sql"))

    def restore_verdicts(self, path: Path) -> None:
        """History from a file that the ledger seals; nothing is said by that."""
        with self.open() as connection:
            connection.execute(script("verdicts_restored.sql"), [str(path)])

    def _seal_verdicts(self, connection: duckdb.DuckDBPyConnection, rows: Sequence[Row]) -> None:
        """One line for the changed ones and for all of the instant; none where both were sealed as they are."""
        as_of = max((row["as_of"] for row in rows), default=None)
        if as_of is None:
            return
        digest = connection.execute(NEWEST_DIGEST_SQL.format(table="batch")).fetchone()
        content = {"as_of": as_of.astimezone(UTC).isoformat(), "all": len(rows), "all_sha256": digest and digest[0]}
        known = "SELECT arg_max(sha256, seq) FROM seal_rows WHERE kind = ? AND as_of = ?"
        if connection.execute(known, [VERDICTS, as_of]).fetchone() != digest or _holds_any(connection):
            seal_said(connection, self.home, VERDICTS, "FROM changed_verdicts", content)

    def say_signs(self, batches: Mapping[str, Sequence[Row]]) -> None:
        """Add the rows of one batch of comparing; its signs are sealed before."""
        with self.open() as connection:
            signs = batches.get("sign_rows", ())
            if signs:
                _register(connection, "sign_rows", signs)
                seal_said(connection, self.home, SIGNS, "FROM batch", {})
                connection.unregister("batch")
            for table, rows in batches.items():
                if rows:
                    _append(connection, table, rows)

    def forget_signs(self, reference_ids: Sequence[str]) -> None:
        """Drop what was derived for these materials, so that it is computed again; the ledger says so."""
        ids = sorted(set(reference_ids))
        with self.open() as connection:
            had = connection.execute("SELECT count(*) FROM sign_rows WHERE list_contains(?, reference_id)", [ids])
            if had.fetchone() != (0,):
                line = seal_line(self.home, {"kind": SIGNS_FORGOTTEN, "content": {"reference_ids": ids}})
                note_seal(connection, line, None, 0)
            for table in ("sign_rows", "compared_rows"):
                connection.execute(f"DELETE FROM {table} WHERE list_contains(?, reference_id)", [ids])

    def seal_signs_again(self) -> None:
        """Seal all signs anew, where files that sealed some of them were deleted."""
        with self.open() as connection:
            seal_said(connection, self.home, SIGNS, "FROM sign_rows", {"is_again": True})

    def batches(self, sql: str, most: int = 10_000) -> Iterator[list[dict[str, Any]]]:
        """The answer to one question in pieces of at most `most` rows: for tables larger than memory."""
        with self.open() as connection:
            for batch in connection.sql(sql).to_arrow_reader(most):
                yield batch.to_pylist()

    def forget_posts(self, stubs: Sequence[Row], submissions: Sequence[str], sha256: str) -> None:
        """Leave of these states of posts what their stubs say, of submissions and the payload's fingerprint nothing."""
        with self.open() as connection:
            connection.execute("DELETE FROM fingerprint_rows WHERE sha256 = ?", [sha256])
            connection.execute("DELETE FROM submission_rows WHERE list_contains(?, submission_id)", [list(submissions)])
            for stub in stubs:
                state = [stub["post_id"], stub["content_id"]]
                for table in ("sign_rows", "compared_rows", "post_rows"):
                    connection.execute(f"DELETE FROM {table} WHERE content_id = ?", state[1:])
                connection.execute("DELETE FROM mention_rows WHERE post_id = ?", state[:1])
            _insert(connection, "post_rows", [stub_row(stub) for stub in stubs], "")
            renew_after(connection, {"post_rows": stubs})

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
            return dicts(connection.sql(sql, params=dict(parameters or {})).to_arrow_table())


def stub_row(stub: Row) -> dict[str, Any]:
    """The row of a post of which a deletion line says what is left."""
    instants = {name: datetime.fromisoformat(stub[name]) for name in ("published_at", "published_until", "seen_at")}
    return {**stub, **instants, "text": "", "links": [], "media": [], "is_pinned": False}


def store_at(home: Path, url: str) -> Store:
    """The store that `store.url` of a workspace names. Raises: WrongUse for engines not built yet."""
    if url.startswith("ducklake:"):
        raise WrongUse(
            say(
                "store.url: DuckLake belum didukung; pakai nama berkas seperti tayang.duckdb",
                "store.url: DuckLake is not supported yet; use a file name such as tayang.duckdb",
            )
        )
    return Store(home / url, home=home)


def _holds_any(connection: duckdb.DuckDBPyConnection) -> bool:
    return connection.execute("SELECT count(*) FROM changed_verdicts").fetchone() != (0,)


def _content(connection: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> list[Any]:
    return [connection.execute(f"FROM {table} ORDER BY ALL").fetchall() for table in tables]


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
