"""The store's file -> a locked, read-only connection, and rows of it. The only reader that knows DuckDB.

A connection can read the store and nothing else of the machine: no other file, no network, no
attached database, and its configuration can no longer be changed.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from crawler.errors import StoreBusy, StoreDamaged, WrongUse
from crawler.language import say
from pipelines.store_trouble import damaged

Connection = duckdb.DuckDBPyConnection
Parameters = Mapping[str, Any]

PAUSE_SECONDS = 0.1
_SIZE = re.compile(r"[1-9]\d{0,5}(?:\.\d+)?\s?[KMGT]i?B", re.IGNORECASE)

# What DuckDB says while a writer, in another process or in this one, holds the file.
_HELD = ("lock", "another process", "different configuration")

_CLOSED = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",  # else SQL could name a Python variable as a table
}


def open_store(
    path: Path, zone: str = "UTC", memory: str = "1GB", patience_seconds: float = 15.0
) -> Connection:
    """A read-only connection to the store at `path`, showing instants in `zone`.

    A writer holds the file for moments only, so it is waited for. While the connection is open no
    writer gets in: close it soon. `memory` is a size as DuckDB writes it, `500MB`.

    Raises: WrongUse (no store yet, no such size), StoreBusy, StoreDamaged.
    """
    if not _SIZE.fullmatch(memory):
        raise WrongUse(say(f"'{memory}' bukan ukuran; tulis seperti 500MB atau 2GB",
                           f"'{memory}' is no size; write it like 500MB or 2GB"))  # fmt: skip
    if not path.exists():
        raise WrongUse(_no_store(path))
    connection = _connect(path, memory, time.monotonic() + patience_seconds)
    connection.execute(f"SET TimeZone = '{ZoneInfo(zone).key}'")
    connection.execute("SET lock_configuration = true")
    return connection


def table(connection: Connection, sql: str, parameters: Parameters | None = None) -> pa.Table:
    """The answer to one statement as an Arrow table; empty for a statement without an answer.

    Raises: WrongUse with DuckDB's own explanation when the statement cannot be run.
    """
    try:
        relation = connection.sql(sql, params=dict(parameters) if parameters else None)
        return pa.table({}) if relation is None else relation.to_arrow_table()
    except duckdb.Error as refused:
        raise WrongUse(_in_words(refused)) from refused


@contextmanager
def within(connection: Connection, seconds: float) -> Iterator[None]:
    """Give up what is asked inside the block after `seconds`: as long as it lasts, no run can write.

    Raises: WrongUse that says so.
    """
    is_late, is_over = threading.Event(), threading.Event()

    def give_up() -> None:
        if is_over.wait(min(threading.TIMEOUT_MAX, seconds)):
            return
        is_late.set()
        # DuckDB forgets an interruption that meets it between two statements, or before the first one has begun.
        while True:
            connection.interrupt()
            if is_over.wait(PAUSE_SECONDS):
                return

    clock = threading.Thread(target=give_up, daemon=True)
    clock.start()
    try:
        yield
    except (WrongUse, RuntimeError) as ended:  # DuckDB tells its own interruption in either way
        if not is_late.is_set():
            raise
        raise WrongUse(_too_long(seconds)) from ended
    finally:
        is_over.set()
        clock.join()  # what is asked next is not interrupted


def rows(connection: Connection, sql: str, parameters: Parameters | None = None) -> list[dict[str, Any]]:
    """The answer as one dict per row; instants are aware datetimes in the connection's zone."""
    found: list[dict[str, Any]] = table(connection, sql, parameters).to_pylist()
    return found


def _connect(path: Path, memory: str, deadline: float) -> Connection:
    while True:
        try:
            return duckdb.connect(path, read_only=True, config={**_CLOSED, "memory_limit": memory})
        except duckdb.Error as refused:
            if not any(sign in str(refused) for sign in _HELD):
                raise StoreDamaged(damaged(path.name, refused)) from refused
            if time.monotonic() >= deadline:
                raise StoreBusy(_busy(path)) from refused
        time.sleep(PAUSE_SECONDS)


def _in_words(refused: duckdb.Error) -> str:
    said = str(refused)
    if isinstance(refused, duckdb.PermissionException):
        return say(
            f"Hanya data Tayang yang dapat dibaca di sini, bukan berkas lain: {said}",
            f"Only Tayang's own records can be read here, no other file: {said}",
        )
    if "read-only" in said:
        return say(
            f"Basis data ini dibuka hanya untuk dibaca: {said}", f"The store is open for reading only: {said}"
        )
    return say(f"SQL tidak dapat dijalankan: {said}", f"The SQL cannot be run: {said}")


def _too_long(seconds: float) -> str:
    return say(
        f"Belum selesai sesudah {seconds:g} detik; persempit pertanyaannya, atau beri waktu lebih dengan --seconds.",
        f"Not done after {seconds:g} seconds; ask for less, or give it more time by --seconds.",
    )


def _no_store(path: Path) -> str:
    return say(
        f"Belum ada basis data {path.name}: jalankan `tayang run` lebih dahulu.",
        f"There is no store {path.name} yet: run `tayang run` first.",
    )


def _busy(path: Path) -> str:
    return say(
        f"{path.name} sedang ditulis oleh proses lain; coba lagi sebentar lagi.",
        f"{path.name} is being written by another process; try again in a moment.",
    )
