"""Values reach SQL bound, never pasted: what is put into a statement's text is ours, each kind with its reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ASKS = {"execute", "executemany", "rows", "batches", "sql", "query"}
SQL = re.compile(r"\b(?:SELECT|INSERT INTO|DELETE FROM|UPDATE|FROM|COPY|ATTACH|WHERE|SET TimeZone)\b")
CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]*")
# (file, what is put in) -> why that is no value of anybody's.
ALLOWED = {
    ("pipelines/audit/__init__.py", "table"): "a name that duckdb_tables() told, in quotes",
    ("pipelines/audit/rebuilt.py", "table"): "one of a list in this file",
    ("pipelines/audit/rows.py", "table"): "one of CHECKED",
    ("pipelines/audit/sayings.py", "table"): "one of TABLES",
    ("pipelines/audit/sayings.py", "self.table"): "one of TABLES",
    ("pipelines/audit/standing.py", "table"): "one of DERIVED",
    ("pipelines/audit/standing.py", "view"): "one of DERIVED",
    ("pipelines/audit/written.py", "table"): "a table that the snapshot fills",
    ("pipelines/said.py", "rows_sql"): "a statement that the store itself wrote",
    ("pipelines/said.py", "TABLES[kind]"): "one of TABLES",
    ("pipelines/said.py", "target"): "a path of ours with its quotes doubled: COPY takes no bound name",
    ("pipelines/rewrite.py", "str(store.path).replace(chr(39), chr(39) * 2)"): "our file: ATTACH binds none",
    ("pipelines/rewrite.py", "table"): "a name that duckdb_tables() told",
    ("pipelines/store.py", "table"): "a name of the schema",
    ("pipelines/store.py", "where"): "a condition over the schema's columns",
    ("pipelines/store.py", "same"): "a condition over columns that _SAME names",
    ("pipelines/store.py", "bound"): "a column that _SAME names",
    ("pipelines/store.py", "column"): "a column that _SAME names",
    ("pipelines/store.py", "within"): "a condition over a column that _SAME names",
    ("queries/reader.py", "ZoneInfo(zone).key"): "a zone's name that the system knows; SET takes no bound value",
    ("queries/review/cases.py", "where"): "one of the conditions in this file",
    ("queries/review/cases.py", "order"): "one of the orders in this file",
}


def pasted(source: str) -> Iterator[str]:
    """What is put into texts that are SQL by their words, or that are handed to what asks the store."""
    seen: set[ast.AST] = set()
    tree = ast.parse(source)
    asked = [
        one for node in ast.walk(tree) if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in ASKS for one in node.args
    ]  # fmt: skip
    for node in [*asked, *(one for one in ast.walk(tree) if _speaks_sql(one))]:
        if node not in seen:
            seen.add(node)
            yield from _parts(node)


def _speaks_sql(node: ast.AST) -> bool:
    written = [one.value for one in getattr(node, "values", ()) if isinstance(one, ast.Constant)]
    return isinstance(node, ast.JoinedStr) and any(SQL.search(str(one)) for one in written)


def _parts(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.JoinedStr):
        found: list[ast.AST] = [one.value for one in node.values if isinstance(one, ast.FormattedValue)]
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        found = [node.left, node.right]
    elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("format", "replace", "join"):
        found = [*node.args, *(one.value for one in node.keywords)]
    else:
        return
    for one in found:
        if isinstance(one, ast.JoinedStr | ast.BinOp):
            yield from _parts(one)
        elif not isinstance(one, ast.Constant) and not CONSTANT.fullmatch(ast.unparse(one)):
            yield ast.unparse(one)


def of_ours() -> set[tuple[str, str]]:
    paths = [path for room in ("crawler", "pipelines", "queries") for path in (ROOT / room).rglob("*.py")]
    return {(path.relative_to(ROOT).as_posix(), one) for path in paths for one in pasted(path.read_text("utf-8"))}


def test_nothing_is_pasted_into_sql_but_what_is_named_here() -> None:
    """A new place needs a reason; a reason without a place is dead."""
    assert of_ours() == set(ALLOWED)


@pytest.mark.parametrize("source", [
    'store.rows(f"FROM x WHERE a = \'{name}\'")', 'store.rows("FROM x WHERE a = \'%s\'" % name)',
    'connection.execute("DELETE FROM x WHERE a = " + name)', 'sql = f"SELECT {name} FROM x"',
    'rows(connection, "FROM x WHERE a = {}".format(name))',
])  # fmt: skip
def test_a_pasted_value_is_seen(source: str) -> None:
    """In each way that texts are put together; a constant is none."""
    assert list(pasted(source)) == ["name"]
    assert list(pasted(source.replace("name", "_NAMES"))) == []
