"""An answer -> a workbook for Excel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from crawler.errors import WrongUse
from crawler.language import say
from queries.report.sheets import ROWS, Book, Cell, Heading, Look
from queries.table import CELL_WIDTH, Table, plain, text_of

SHEET_NAME = 31  # characters
SHEET_DIGITS = 15  # Excel keeps no more of a number


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


def _in_sheet(value: Any) -> Cell:
    """A value as Excel can hold it whole; what it would round or refuse becomes text."""
    if isinstance(value, Decimal):
        value = plain(value) if Decimal(repr(plain(value))) == value else str(value)
    if isinstance(value, int | float):
        return value if math.isfinite(value) and abs(value) < 10**SHEET_DIGITS else str(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return value
    if isinstance(value, bytes):
        return value.hex()
    return None if value is None else text_of(value, minutes=False)


def _sheet_look(kind: Any) -> Look:
    if pa.types.is_timestamp(kind):
        return {"num_format": "yyyy-mm-dd hh:mm:ss"}
    if pa.types.is_date(kind):
        return {"num_format": "yyyy-mm-dd"}
    return {"num_format": "0"} if pa.types.is_integer(kind) else {}


def _sheet_width(name: str, cells: Sequence[Cell]) -> float:
    longest = max((len(text_of(cell, minutes=True)) for cell in cells), default=0)
    return 3 + min(max(len(name), longest), CELL_WIDTH)
