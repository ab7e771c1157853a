"""The store's catalogue -> what in it is not as Tayang makes it: views, tables, functions and types.

A view that was made anew tells other verdicts than the rows do. A function of one's own takes the place of the
database's own of that name, in the audit's questions too: so these are asked for by their full names, and first.
"""

from __future__ import annotations

from pathlib import Path

from crawler.language import say
from pipelines.audit.damage import Damage, Found
from pipelines.store import Store

STRANGE_SQL = """
    SELECT function_name AS name FROM system.main.duckdb_functions() WHERE NOT internal
    UNION SELECT type_name FROM system.main.duckdb_types() WHERE NOT internal ORDER BY name
"""
MADE_SQL = """
    SELECT 'view' AS kind, view_name AS name, sql FROM system.main.duckdb_views() WHERE NOT internal AND NOT temporary
    UNION ALL
    SELECT 'table', table_name, NULL FROM system.main.duckdb_tables() WHERE NOT temporary ORDER BY kind, name
"""


def has_strange_functions(store: Store, found: Found) -> bool:
    """Whether the store brings functions or types along, which Tayang never makes: then no answer of it counts."""
    names = [str(row["name"]) for row in store.rows(STRANGE_SQL)]
    if names:
        found.add(Damage(say(f"penyimpanan: fungsi yang bukan buatan Tayang: {', '.join(names)}",
                             f"store: functions that Tayang did not make: {', '.join(names)}")))  # fmt: skip
    return bool(names)


def compare_shape(store: Store, found: Found) -> bool:
    """Whether each view is ours to its last word, each table by its name; what somebody made beside disturbs nobody."""
    is_ours = True
    held = {(row["kind"], row["name"]): row["sql"] for row in store.rows(MADE_SQL)}
    for kind, name, sql in _of_a_new_store():
        if (kind, name) not in held or held[(kind, name)] != sql:
            found.add(Damage(say(f"penyimpanan: {name} bukan seperti buatan Tayang; `tayang rebuild`",
                                 f"store: {name} is not as Tayang makes it; `tayang rebuild`")))  # fmt: skip
            is_ours = False
    return is_ours


def _of_a_new_store() -> list[tuple[str, str, str | None]]:
    fresh = Store(Path(":memory:"))
    with fresh.held():
        fresh.prepare()
        return [(row["kind"], row["name"], row["sql"]) for row in fresh.rows(MADE_SQL)]
