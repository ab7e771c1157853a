"""An answer -> text for a terminal, CSV, JSON, a workbook for Excel, or a Parquet file."""

from __future__ import annotations

import csv
import io
import json
import math
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet

from crawler.errors import WrongUse
from crawler.language import say
from crawler.problems import nearest
from queries.report.sheets import ROWS, Book, Cell, Heading, Look

CELL_WIDTH = 60
SHEET_NAME = 31  # characters
SHEET_DIGITS = 15  # Excel keeps no more of a number

# A spreadsheet takes a cell that begins so for a formula, and a caption can begin with anything.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Table:
    """An answer: `arrow` holds the typed columns, instants in the instance's zone; `name` is the query's."""

    arrow: pa.Table
    name: str = "tayang"

    @property
    def columns(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(self.arrow.column_names)

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """Rows as Python values, in order; a name may occur twice, so not as dicts."""
        values = [column.to_pylist() for column in self.arrow.columns]
        return list(zip(*values, strict=True))


def as_table(answer: Table) -> bytes:
    """Columns aligned for a terminal, long cells cut, no control character let through."""
    cells = [[_shown(value) for value in row] for row in answer.rows]
    widths = [max(map(_width, column)) for column in zip(answer.columns, *cells, strict=True)]
    rule = ["─" * width for width in widths]
    lines = [_line(row, widths) for row in [list(answer.columns), rule, *cells]]
    count = len(cells)
    return "\n".join([*lines, say(f"({count} baris)", f"({count} rows)"), ""]).encode()


def as_csv(answer: Table) -> bytes:
    """UTF-8 with BOM (Excel); text that a spreadsheet would run as a formula gets a leading quote."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(answer.columns)
    writer.writerows([[_harmless(value) for value in row] for row in answer.rows])
    return target.getvalue().encode("utf-8-sig")


def as_json(answer: Table) -> bytes:
    """A list of objects; instants as ISO 8601 with offset."""
    found = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    return (json.dumps(found, ensure_ascii=False, indent=1, default=_plain) + "\n").encode()


def as_parquet(answer: Table) -> bytes:
    """A whole Parquet file."""
    target = pa.BufferOutputStream()
    parquet.write_table(answer.arrow, target)
    content: bytes = target.getvalue().to_pybytes()
    return content


def as_xlsx(answer: Table) -> bytes:
    """One sheet; instants as the instance's clocks showed them. Raises: WrongUse for more rows than a sheet has."""
    if answer.arrow.num_rows >= ROWS:
        raise WrongUse(say(f"{answer.arrow.num_rows} baris tidak muat dalam satu lembar; pakai csv atau parquet",
                           f"{answer.arrow.num_rows} rows do not fit a sheet; use csv or parquet"))  # fmt: skip
    lines = [[_in_sheet(value) for value in row] for row in answer.rows]
    headings = [
        Heading(field.name, _sheet_width(field.name, [line[at] for line in lines[:1000]]), _sheet_look(field.type))
        for at, field in enumerate(answer.arrow.schema)
    ]
    book = Book(title=answer.name, margins=(answer.name, "", "", "{page} / {pages}"))
    book.sheet(answer.name[:SHEET_NAME]).write_table(0, headings, lines)
    return book.as_bytes()


FORMATS: Mapping[str, Callable[[Table], bytes]] = {
    "table": as_table,
    "csv": as_csv,
    "json": as_json,
    "parquet": as_parquet,
    "xlsx": as_xlsx,
}


def render(answer: Table, form: str) -> bytes:
    """The answer in one of FORMATS. Raises: WrongUse for another format."""
    if form in FORMATS:
        return FORMATS[form](answer)
    meant = nearest(form, FORMATS) or ", ".join(FORMATS)
    raise WrongUse(say(f"Format {form!r} tidak dikenal; maksudnya {meant}?",
                       f"Unknown format {form!r}; did you mean {meant}?"))  # fmt: skip


def _line(cells: list[str], widths: list[int]) -> str:
    padded = [cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)]
    return "  ".join(padded).rstrip()


def _shown(value: Any) -> str:
    text = _text(value, minutes=True)
    shown = "".join(" " if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp") else char for char in text)
    return shown if len(shown) <= CELL_WIDTH else shown[: CELL_WIDTH - 1] + "…"


def _width(text: str) -> int:
    """Terminal columns: wide characters take two, combining ones none."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text)


def _text(value: Any, *, minutes: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime) and minutes:
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    return str(value)


def _harmless(value: Any) -> str:
    text = _text(value, minutes=False)
    return f"'{text}" if isinstance(value, str) and text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def _in_sheet(value: Any) -> Cell:
    """A value as Excel can hold it whole; what it would round or refuse becomes text."""
    if isinstance(value, Decimal):
        value = _plain(value) if Decimal(repr(_plain(value))) == value else str(value)
    if isinstance(value, int | float):
        return value if math.isfinite(value) and abs(value) < 10**SHEET_DIGITS else str(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return value
    if isinstance(value, bytes):
        return value.hex()
    return None if value is None else _text(value, minutes=False)


def _sheet_look(kind: Any) -> Look:
    if pa.types.is_timestamp(kind):
        return {"num_format": "yyyy-mm-dd hh:mm:ss"}
    if pa.types.is_date(kind):
        return {"num_format": "yyyy-mm-dd"}
    return {"num_format": "0"} if pa.types.is_integer(kind) else {}


def _sheet_width(name: str, cells: Sequence[Cell]) -> float:
    longest = max((len(_text(cell, minutes=True)) for cell in cells), default=0)
    return 3 + min(max(len(name), longest), CELL_WIDTH)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, date) else str(value)
