"""A store made anew -> what the ledger must say of it: rows that are read otherwise today, and those that are gone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.audit.rows import Told
from pipelines.rows import row_digest
from pipelines.store import Store

_READ_AGAIN = ("post_rows", "sighting_rows", "submission_rows")


def difference(store: Store, told: Told) -> dict[str, Mapping[str, list[str]]]:
    """`rows`: digests of rows that no line seals; `gone`: of sealed ones that are not there. Both sorted, by table."""
    held = {table: _digests(store, table) for table in _READ_AGAIN}
    sealed = {table: set(told.rows[table]) for table in _READ_AGAIN}
    return {
        "rows": {table: _written(held[table] - sealed[table]) for table in _READ_AGAIN},
        "gone": {table: _written(sealed[table] - held[table]) for table in _READ_AGAIN if table != "post_rows"},
    }


def _digests(store: Store, table: str) -> set[bytes]:
    batches: Any = store.batches(f"FROM {table}")
    return {bytes.fromhex(row_digest(row)) for batch in batches for row in batch}


def _written(digests: set[bytes]) -> list[str]:
    return sorted(one.hex() for one in digests)
