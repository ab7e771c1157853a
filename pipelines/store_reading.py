"""Arrow tables -> rows as dicts; a store's version -> the SQL that leads to the newest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import pyarrow as pa

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def dicts(table: pa.Table) -> list[dict[str, Any]]:
    """Rows as Arrow's own `to_pylist` gives them, which takes four times as long over instants."""
    columns = [_values(column) for column in table.columns]
    return [dict(zip(table.column_names, row, strict=True)) for row in zip(*columns, strict=True)]


def _values(column: pa.ChunkedArray) -> list[Any]:
    if not (pa.types.is_timestamp(column.type) and column.type.unit == "us" and column.type.tz):
        return list(column.to_pylist())
    micros = column.cast(pa.int64()).to_pylist()
    return [None if one is None else _EPOCH + timedelta(microseconds=one) for one in micros]


def version_of(connection: Any) -> int:
    """The schema's version; 0 of a new file."""
    if not connection.execute("FROM duckdb_tables() WHERE table_name = 'schema_version'").fetchall():
        return 0
    [(newest,)] = connection.execute("SELECT coalesce(max(version), 0) FROM schema_version").fetchall()
    return int(newest)


def scripts(version: int, newest: int) -> list[str]:
    """What leads from `version` to `newest`: schema.sql, then migrations/2.sql, 3.sql …"""
    return [
        script("schema.sql" if number == 1 else f"migrations/{number}.sql")
        for number in range(version + 1, newest + 1)
    ]


def script(name: str) -> str:
    """The text of one SQL file of the pipelines."""
    return files("pipelines").joinpath(name).read_text(encoding="utf-8")
