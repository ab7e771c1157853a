"""What people wrote, as the store's views repeat it -> a remark where both say otherwise.

No ledger seals the registry and the campaigns, and their files may change at any time: so this is no damage. But a
verdict is read with the names of agency and material beside it, and these come from here.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from crawler.errors import InvalidWorkspace
from crawler.language import say
from pipelines.audit.damage import Found
from pipelines.check import open_workspace
from pipelines.rows import Row, row_digest
from pipelines.snapshot import campaigns_of, registry_of
from pipelines.store import Store


def compare_written(store: Store, home: Path, found: Found) -> None:
    """A store in which nothing was judged yet repeats nothing; of files with mistakes `tayang check` tells."""
    try:
        workspace = open_workspace(home)
    except InvalidWorkspace:
        return
    written = {**registry_of(workspace), **campaigns_of(workspace)}
    held = {table: store.rows(f"FROM {table}") for table in written}
    unlike = [table for table, rows in written.items() if _digests(held[table]) != _digests(rows)]
    if unlike and any(held.values()):
        names = ", ".join(unlike)
        found.notes.append(say(
            f"{names}: lain daripada berkas di registry/ dan campaigns/; berkas itu diubah sesudah putaran terakhir, "
            "atau penyimpanan diubah; `tayang verify` menyamakannya",
            f"{names}: not what the files in registry/ and campaigns/ say; these were changed since the last run, or "
            "the store was; `tayang verify` makes them alike",
        ))  # fmt: skip


def _digests(rows: list[Row]) -> list[str]:
    """A material's `reference_id` is derived of its files."""
    return sorted(
        row_digest({
            key: str(one) if isinstance(one, date) else one for key, one in row.items() if key != "reference_id"
        }) for row in rows
    )  # fmt: skip
