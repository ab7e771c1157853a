"""An answer -> text for a terminal, CSV, JSON, or a Parquet file."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet

from crawler.language import say

CELL_WIDTH = 60

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
    return (json.dumps(found, ensure_ascii=False, indent=1, default=plain) + "\n").encode()


def as_parquet(answer: Table) -> bytes:
    """A whole Parquet file."""
    target = pa.BufferOutputStream()
    parquet.write_table(answer.arrow, target)
    content: bytes = target.getvalue().to_pybytes()
    return content


def _line(cells: list[str], widths: list[int]) -> str:
    padded = [cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)]
    return "  ".join(padded).rstrip()


def _shown(value: Any) -> str:
    text = text_of(value, minutes=True)
    shown = "".join(" " if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp") else char for char in text)
    return shown if len(shown) <= CELL_WIDTH else shown[: CELL_WIDTH - 1] + "…"


def _width(text: str) -> int:
    """Terminal columns: wide characters take two, combining ones none."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text)


def text_of(value: Any, *, minutes: bool) -> str:
    """A value as people read it; `minutes`: instants without their seconds and zone."""
    if value is None:
        return ""
    if isinstance(value, datetime) and minutes:
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=plain)
    return str(value)


def _harmless(value: Any) -> str:
    text = text_of(value, minutes=False)
    return f"'{text}" if isinstance(value, str) and text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def plain(value: Any) -> Any:
    """A value that JSON does not know, as one that it does."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, date) else str(value)
