"""Queries: every file is documented and runs; names and parameters are forgiven with a hint."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from questions_store import Facts, picture
from test_queries_world import AS_OF, ZONE, World, build_world, midnight, world

from crawler.errors import WrongUse
from pipelines.store import Store
from queries.answer_sheet import as_xlsx
from queries.ask import CASTS, Query, ask, bind, check_names, describe, find_query, list_queries
from queries.reader import Connection, open_store
from queries.render import FORMATS, render
from queries.table import Table, as_csv, as_json, as_parquet, as_table

__all__ = ["world"]  # fixture

QUERIES = list_queries()


@pytest.fixture(scope="module")
def odder(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The synthetic world after another day: removed, edited, linked, shared, renamed, submitted and decided."""
    home = tmp_path_factory.mktemp("odder")
    built, later, opens = build_world(home), AS_OF + timedelta(hours=1), midnight(24)
    facts, setda = Facts(home, AS_OF), {"handle": "setda.klaten", "material_id": "tolak-tip"}
    duty = {"campaign_id": "antikorupsi-2024", "material_id": "tolak-tip"}
    facts.look("setda", later, (midnight(20), AS_OF), handle=setda["handle"], native_id="1")
    facts.look("setda", later, None, handle="setda.lama", native_id="1")
    facts.post("post-1-0", "inspektorat", opens, later, content_id="c2", text="disunting")
    for agency in ("dinkes", "disdik"):
        facts.post(f"shared-{agency}", agency, opens, AS_OF, media=[picture("shared")])
    facts.post("linked", "setda", opens, later, published_quality="declared", handle="setda.lain")
    facts.sign("linked", "link", **duty | {"reference_id": "ref-tolak-tip"})
    facts.verdict("setda", "fulfilled", 23, post_id="linked", published_at=opens, **duty | {"matcher": "link"})
    facts.said("disdik", "unknown", opens, 24, reason="gap", **duty)
    facts.add("submission_rows", submission_id="s", agency_id="disdik", url="https://x/1", submitted_at=AS_OF)
    decided = {"post_id": "linked", "reviewer": "Siti", "decision": "match", "reviewed_at": AS_OF}
    facts.add("review_rows", review_id="r", **decided, **duty)
    [run] = Store(built.store).rows("SELECT run_id, started_at FROM visits ORDER BY started_at DESC LIMIT 1")
    facts.add("alarm_rows", **run, channel="news", handle="", kind="observed", found=0.4, usual=0.95, sample=30)
    Store(built.store).append(facts.tables)
    return built


@pytest.fixture
def connection(odder: World) -> Iterator[Connection]:
    """A reader's connection to the odder world's store."""
    with closing(open_store(odder.store, "Asia/Jakarta")) as opened:
        yield opened


@pytest.mark.parametrize("query", QUERIES, ids=[query.name for query in QUERIES])
def test_query_keeps_its_header(query: Query, connection: Connection) -> None:
    """A query's header is complete, it runs on its defaults, and its documented columns are the real ones."""
    answer = ask(connection, query.name)

    assert [entry.name for entry in query.columns] == list(answer.columns)
    assert answer.rows, "the synthetic world gives every query something to answer"
    assert query.indonesian.endswith("?")
    assert query.english.endswith("?")
    assert {entry.type for entry in query.parameters} <= set(CASTS)
    assert query.alias in describe(query)


@pytest.mark.parametrize("query", QUERIES, ids=[query.name for query in QUERIES])
def test_every_parameter_is_documented_and_used(query: Query) -> None:
    """What the SQL binds is what the header offers."""
    body = "\n".join(line for line in query.sql.splitlines() if not line.startswith("--"))

    assert all(f"${entry.name}" in body for entry in query.parameters)
    assert all(f"-- parameter {entry.name} " in query.sql for entry in query.parameters)


def test_names_are_unique() -> None:
    """No alias hides another query."""
    names = [name for query in QUERIES for name in (query.name, query.alias)]

    assert len(names) == len(set(names)) == 2 * len(QUERIES)


def test_alias_is_the_same_query(connection: Connection) -> None:
    """`ask not-shown` answers as `ask belum-tayang`."""
    assert ask(connection, "belum-tayang").rows == ask(connection, "not-shown").rows


def test_missing_pending_and_unknown_are_kept_apart(connection: Connection) -> None:
    """An unobserved agency is never listed among the missing ones."""
    rows = ask(connection, "belum-tayang").rows

    assert {(status, agency) for status, agency, *_ in rows if status == "missing"} == {
        ("missing", "disdik"),
        ("missing", "dpupr"),
    }
    assert {"missing", "pending", "unknown"} == {row[0] for row in rows}


def test_parameters_are_bound_not_pasted(connection: Connection) -> None:
    """SQL in a parameter is only an unknown agency."""
    assert ask(connection, "belum-tayang", {"agency": "' OR 1=1 --"}).rows == []
    assert {"disdik"} == {row[1] for row in ask(connection, "belum-tayang", {"agency": "disdik"}).rows}


@pytest.mark.parametrize(
    ("written", "meant"), [({"agency": "disdk"}, "disdik"), ({"campaign": "antikorupsi"}, "antikorupsi-2024")]
)
def test_a_misspelt_name_is_refused(connection: Connection, written: dict[str, str], meant: str) -> None:
    """An empty answer would say of an agency that nothing is missing."""
    check_names(connection, {"agency": "disdik", "campaign": "", "day": "2024-04-22"})

    with pytest.raises(WrongUse, match=meant):
        check_names(connection, written)


def test_day_is_a_local_day(connection: Connection) -> None:
    """`day=` takes the windows that touch that date in the instance's zone."""
    rows = ask(connection, "belum-tayang", {"day": "2024-04-22"}).rows

    assert {"ikrar"} == {row[4] for row in rows}


@pytest.mark.parametrize(
    ("name", "parameters", "hint"),
    [
        ("belum-tayan", {}, "belum-tayang"),
        ("lates", {}, "late"),
        ("belum-tayang", {"agncy": "x"}, "agency"),
        ("belum-tayang", {"day": "kemarin"}, "2026-04-24"),
        ("zzzzzz", {}, "rekap"),
    ],
)
def test_wrong_use_names_what_was_meant(
    connection: Connection, name: str, parameters: dict[str, str], hint: str
) -> None:
    """A misspelt name or parameter and an unreadable value are refused with a suggestion."""
    with pytest.raises(WrongUse, match=hint):
        ask(connection, name, parameters)


@pytest.mark.parametrize("written", ["-1", "100001", "99999999999999999999", "tujuh"])
def test_an_absurd_number_is_refused_in_words(connection: Connection, written: str) -> None:
    """The reader learns the bounds, not what the store's engine thinks of a day beyond its calendar."""
    with pytest.raises(WrongUse, match=r"0 (sampai|to) 100000"):
        ask(connection, "hari-buta", {"days": written})
    assert ask(connection, "hari-buta", {"days": "0"}).rows == []


def test_bind_fills_defaults() -> None:
    """Every parameter is bound, as its type."""
    assert bind(find_query("cakupan"), {}) == {"agency": "", "minutes": 1}


HOSTILE = Table(
    pa.table({"a": ["=1+1", "@x", " -2", "fine", "+62", "\u202eevil\x1b[31m"], "n": [1, -2, 3, 4, 5, None]})
)


def test_csv_runs_nothing() -> None:
    """A cell that a spreadsheet would take for a formula is quoted; numbers stay numbers."""
    content = as_csv(HOSTILE).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))

    assert [row[0] for row in rows[1:6]] == ["'=1+1", "'@x", "' -2", "fine", "'+62"]
    assert rows[2][1] == "-2"


def test_terminal_is_not_commanded() -> None:
    """Escape sequences and direction overrides do not reach the terminal."""
    shown = as_table(HOSTILE).decode()

    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_json_and_parquet_hold_the_same_rows(connection: Connection) -> None:
    """All formats carry every row; instants keep their offset."""
    answer = ask(connection, "terlambat")
    read = json.loads(as_json(answer))

    assert len(answer.rows) == len(read) == parquet.read_table(pa.BufferReader(as_parquet(answer))).num_rows
    assert read[0]["published_at"].endswith("+07:00")


def sheet_of(answer: Table) -> Worksheet:
    """The one sheet of an answer for Excel, read again."""
    [sheet] = load_workbook(io.BytesIO(as_xlsx(answer)))
    return sheet


@pytest.mark.parametrize("query", QUERIES, ids=[query.name for query in QUERIES])
def test_every_query_answers_for_excel(query: Query, connection: Connection) -> None:
    """One sheet named after the query: its columns in a bold first row that stays in sight, and every row."""
    answer = ask(connection, query.name)
    sheet = sheet_of(answer)

    assert sheet.title == query.name
    assert [cell.value for cell in sheet[1]] == list(answer.columns)
    assert all(cell.font.bold for cell in sheet[1])
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", sheet.dimensions)
    assert sheet.max_row == 1 + len(answer.rows)


def test_instants_are_dates_for_excel(connection: Connection) -> None:
    """A cell holds what the clocks of the instance showed; numbers stay numbers."""
    answer = ask(connection, "terlambat")
    sheet = sheet_of(answer)
    at = {name: number for number, name in enumerate(answer.columns)}
    published = [row[at["published_at"]] for row in sheet.iter_rows(min_row=2)]

    assert [cell.value for cell in published] == [row[at["published_at"]].replace(tzinfo=None) for row in answer.rows]
    assert {cell.number_format for cell in published} == {"yyyy-mm-dd hh:mm:ss"}
    minutes = [row[at["minutes_late"]].value for row in sheet.iter_rows(min_row=2)]
    assert minutes == [row[at["minutes_late"]] for row in answer.rows]


WALL = datetime(2024, 4, 24, 9, 30, tzinfo=ZONE)
KINDS: list[tuple[Any, Any]] = [
    (7, 7),
    (-(10**15) + 1, -(10**15) + 1),
    (2**53 + 1, "9007199254740993"),
    (0.25, 0.25),
    (float("nan"), "nan"),
    (float("inf"), "inf"),
    (True, True),
    (Decimal("12.50"), 12.5),
    (Decimal("0.12345678901234567890"), "0.12345678901234567890"),
    (Decimal(10**30), "1" + 30 * "0"),
    ("007", "007"),
    ("", None),
    (None, None),
    (b"\x00\xff", "00ff"),
    ([1, 2], "[1, 2]"),
    ({"a": None}, '{"a": null}'),
    (WALL, WALL.replace(tzinfo=None)),
    (datetime(1800, 1, 1, tzinfo=UTC), "1800-01-01T00:00:00"),
]


@pytest.mark.parametrize(("value", "expected"), KINDS, ids=[str(kind[0])[:20] for kind in KINDS])
def test_values_reach_excel_whole(value: Any, expected: Any) -> None:
    """What Excel would round or refuse is written as text."""
    kind = pa.timestamp("us", str(ZONE)) if value is WALL else None
    sheet = sheet_of(Table(pa.table({"a": ["x"], "b": pa.array([value], kind)})))

    assert sheet["B2"].value == expected


def test_days_are_days_for_excel() -> None:
    """A date has no hour."""
    sheet = sheet_of(Table(pa.table({"day": [date(2024, 4, 24)]})))

    assert (sheet["A2"].value.date(), sheet["A2"].number_format) == (date(2024, 4, 24), "yyyy-mm-dd")


def test_excel_runs_nothing() -> None:
    """Text that looks like a formula is text, unquoted; direction overrides and escape sequences are gone."""
    sheet = sheet_of(HOSTILE)
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]

    assert [cell.value for cell in cells] == ["=1+1", "@x", "-2", "fine", "+62", "evil[31m"]
    assert {cell.data_type for cell in cells} == {"s"}


def test_the_same_answer_is_the_same_file() -> None:
    """Nothing in it depends on the clock."""
    assert as_xlsx(HOSTILE) == as_xlsx(HOSTILE)


@pytest.mark.slow
def test_more_rows_than_a_sheet_has_are_refused() -> None:
    """No row is ever dropped in silence."""
    with pytest.raises(WrongUse, match="csv"):
        as_xlsx(Table(pa.table({"n": pa.nulls(1_048_576)})))


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_empty_answers_have_every_format(form: str, connection: Connection) -> None:
    """No rows is an answer too."""
    assert render(ask(connection, "belum-tayang", {"agency": "nobody"}), form)


def test_unknown_format_is_refused(world: World) -> None:
    """A format that does not exist is refused with the nearest."""
    with pytest.raises(WrongUse, match="parquet"):
        render(HOSTILE, "parket")
