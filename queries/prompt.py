"""Lines of SQL -> answers: the read-only prompt of `tayang sql`, and one statement by `-c`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing, nullcontext

from crawler.errors import StoreBusy, WrongUse
from crawler.language import say
from queries.reader import Connection, table, within
from queries.table import Table, as_table

LEAVE = frozenset({"exit", "quit", "keluar", ".exit", ".quit", "\\q"})
HELP = frozenset({"help", "bantuan", ".help", "?", "\\?"})
TABLES = frozenset({".tables", "\\d"})

VIEWS = """SELECT view_name AS "view", string_agg(column_name, ', ' ORDER BY column_index) AS columns
FROM duckdb_views() JOIN duckdb_columns() USING (schema_name) WHERE NOT duckdb_views.internal
AND table_name = view_name GROUP BY view_name ORDER BY view_name"""


def one_shot(connection: Connection, sql: str) -> Table:
    """The answer to one statement (`tayang sql -c`). Raises: WrongUse that says what is wrong."""
    if not sql.strip(" \t\n;"):
        raise WrongUse(say('Tulis perintah SQL, misalnya -c "FROM verdicts".',
                           'Write a statement, for example -c "FROM verdicts".'))  # fmt: skip
    return Table(table(connection, sql))


def prompt(
    source: Connection | Callable[[], Connection], lines: Iterable[str], write: Callable[[str], None],
    seconds: float = 60.0,
) -> None:  # fmt: skip
    """Answer statements until the lines end or one says `exit`; an error is shown, never raised.

    Statements end with `;` or an empty line. Given a callable, the store is opened for each
    statement only, so that a prompt left open over night does not keep the nightly run out. Each has `seconds`.
    """
    write(_greeting())
    for statement in _statements(lines):
        word = statement.strip(" ;\n").lower()
        if word in LEAVE:
            return
        write(_greeting() if word in HELP else _answer(source, VIEWS if word in TABLES else statement, seconds))


def _answer(source: Connection | Callable[[], Connection], sql: str, seconds: float) -> str:
    try:
        with _lent(source) as connection, within(connection, seconds):
            return as_table(one_shot(connection, sql)).decode()
    except (WrongUse, StoreBusy) as refused:
        return f"{refused}\n"


def _lent(source: Connection | Callable[[], Connection]) -> AbstractContextManager[Connection]:
    return nullcontext(source) if isinstance(source, Connection) else closing(source())


def _statements(lines: Iterable[str]) -> Iterator[str]:
    gathered: list[str] = []
    for line in lines:
        alone = not gathered and line.strip(" ;\n").lower() in LEAVE | HELP | TABLES
        gathered.append(line.rstrip("\n"))
        if alone or line.rstrip().endswith(";") or not line.strip():
            yield from _whole(gathered)
            gathered = []
    yield from _whole(gathered)


def _whole(gathered: list[str]) -> Iterator[str]:
    statement = "\n".join(gathered).strip()
    if statement:
        yield statement


def _greeting() -> str:
    return say(
        "SQL hanya-baca. Akhiri perintah dengan ; – .tables menampilkan tabel, keluar untuk selesai.\n",
        "Read-only SQL. End a statement with ; – .tables lists the views, exit leaves.\n",
    )
