"""A store from which rows were deleted -> a new file without their bytes: DuckDB keeps freed blocks as they were."""

from __future__ import annotations

from pathlib import Path

from pipelines.store import Store

TABLES_SQL = """
    SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND table_name <> 'schema_version'
    ORDER BY table_name
"""


def rewrite(store: Store) -> None:
    """Copy every row into a new file and put it in the old one's place. The caller holds the lock."""
    fresh = Store(store.path.with_name(f"{store.path.name}.rewritten"))
    _remove(fresh.path)
    fresh.prepare()
    with fresh.open() as connection:
        connection.execute(f"ATTACH '{str(store.path).replace(chr(39), chr(39) * 2)}' AS before (READ_ONLY)")
        for (table,) in connection.execute(TABLES_SQL).fetchall():
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - ours
            connection.execute(f"INSERT INTO {table} BY NAME FROM before.{table}")
    fresh.path.replace(store.path)
    Path(f"{store.path}.wal").unlink(missing_ok=True)


def _remove(path: Path) -> None:
    for one in (path, Path(f"{path}.wal")):
        one.unlink(missing_ok=True)
