"""Derived rows of posts -> those that are not what the facts tell, each as damage that points to its post."""

from __future__ import annotations

from crawler.language import say
from pipelines.audit.damage import Damage, Found
from pipelines.store import Store

# Each table is to hold just what a view tells of the facts, which are held against the ledger by themselves.
DERIVED = {"state_rows": "told_states", "absence_rows": "post_absences"}
_UNLIKE_SQL = """
    SELECT DISTINCT post_id FROM (
      (FROM {table} EXCEPT ALL FROM {view}) UNION ALL (FROM {view} EXCEPT ALL FROM {table})) ORDER BY post_id
"""


def compare_standing(store: Store, found: Found) -> None:
    """What was changed in these alone would make a removed post stand, or a standing one removed."""
    for table, view in DERIVED.items():
        for row in store.rows(_UNLIKE_SQL.format(table=table, view=view)):
            text = say("bukan seperti yang dinyatakan fakta penyimpanan (diubah, ditambah, atau dihapus)",
                       "is not what the store's facts tell (changed, added or removed)")  # fmt: skip
            found.add(Damage(f"{table}: {row['post_id']} {text}", post_id=str(row["post_id"])), table)
