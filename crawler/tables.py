"""A CSV file as people and Excel save it (BOM, `,` or `;`, `sep=`) -> rows that know their line, and problems."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crawler.language import say
from crawler.problems import MOST_PROBLEMS, Problem
from crawler.sections import unknown

# Excel's own first line, which tells Excel the separator; it is no record.
_SEPARATOR_LINE = re.compile(r'"?sep=[^\r\n]?"?[ ]*(?:\r\n|\r|\n|$)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Columns:
    """The header a table must have; `optional` columns may be left out."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One record: `line` is where it begins; absent cells are empty texts."""

    line: int
    cells: dict[str, str]


@dataclass(slots=True)
class Table:
    """What could be read of one file. `has_header` False = nothing can be said of its rows."""

    name: str
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    has_header: bool = False

    def wrong(self, line: int, column: str, text: str) -> None:
        """Note a problem on one line; of one file only so many."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(self.name, line, column, text))
        elif len(self.problems) == MOST_PROBLEMS:
            self.problems.append(Problem(self.name, 0, "", say("dan seterusnya", "and so on")))


def read_table(home: Path, name: str, columns: Columns) -> Table:
    """The table `name` below `home`, as far as it can be read, with everything wrong in it."""
    table = Table(name)
    try:
        content = (home / name).read_bytes()
    except OSError as trouble:
        reason = trouble.strerror or type(trouble).__name__
        table.wrong(0, "", say(f"berkas tidak dapat dibaca: {reason}", f"the file cannot be read: {reason}"))
        return table
    parse_table(content, columns, table)
    return table


def parse_table(content: bytes, columns: Columns, table: Table) -> None:
    """Fill `table` from the bytes of a CSV file."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        table.wrong(1, "", _save_again("UTF-16"))
        return
    _note_bad_bytes(content, table)
    text = content.decode("utf-8-sig", errors="replace").replace("\0", "\ufffd")
    excels_own = _SEPARATOR_LINE.match(text)
    text = text[excels_own.end() :] if excels_own else text
    if _is_tabbed(text):
        table.wrong(2 if excels_own else 1, "", _tabbed(columns))
        return
    records = _records(text, 2 if excels_own else 1, table)
    header_line, header = next(records, (1, []))
    names = [name.strip().lower() for name in header]
    while names and not names[-1]:
        names.pop()  # Excel saves columns that were once touched: `;;;` at the end of every line
    table.has_header = _is_header(names, header_line, columns, table)
    if table.has_header:
        _fill(table, names, len(header), records)


def _fill(table: Table, names: Sequence[str], width: int, records: Iterator[tuple[int, list[str]]]) -> None:
    """The rows below a header of `width` columns, those behind `names` without a name and thus empty."""
    for line, cells in records:
        nameless = [cell for cell in cells[len(names) :] if cell]
        if len(cells) != width:
            table.wrong(line, "", _wrong_count(len(cells), width))
        elif nameless:
            table.wrong(line, "", _no_name(nameless[0]))
        else:
            table.rows.append(Row(line, dict(zip(names, cells, strict=False))))


def _note_bad_bytes(content: bytes, table: Table) -> None:
    for line, raw in enumerate(content.split(b"\n"), 1):
        if b"\0" in raw:
            table.wrong(
                line,
                "",
                say(
                    "berisi byte NUL; simpan ulang dari aplikasi asalnya",
                    "contains a NUL byte; save it again from its application",
                ),
            )
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError:
            table.wrong(line, "", _save_again("ANSI"))


def _save_again(seen: str) -> str:
    return say(
        f"bukan UTF-8 (mungkin {seen}); di Excel pilih Simpan Sebagai > CSV UTF-8",
        f"not UTF-8 (perhaps {seen}); in Excel choose Save As > CSV UTF-8",
    )


def _is_tabbed(text: str) -> bool:
    first = text.partition("\n")[0]
    return "\t" in first.strip() and "," not in first and ";" not in first


def _records(text: str, first_line: int, table: Table) -> Iterator[tuple[int, list[str]]]:
    """Each non-empty record with the line it begins on; stops at a broken quote."""
    first = text.partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = first_line
    while True:
        try:
            cells = [" ".join(cell.split()) for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as wrong:
            table.wrong(
                line, "", say(f"tanda kutip tidak berpasangan ({wrong})", f"quotes do not pair up ({wrong})")
            )
            return
        if any(cells):
            yield line, cells
        line = first_line + reader.line_num


def _is_header(names: Sequence[str], line: int, columns: Columns, table: Table) -> bool:
    """Whether the rows below can be understood; unknown columns are noted all the same."""
    known = (*columns.required, *columns.optional)
    if not any(name in known for name in names):
        table.wrong(
            line,
            "",
            say(
                f"baris pertama harus judul kolom: {','.join(known)}",
                f"the first line must be the header: {','.join(known)}",
            ),
        )
        return False
    _note_columns(names, line, known, table)
    missing = [name for name in columns.required if name not in names]
    for name in missing:
        table.wrong(line, name, say("kolom ini tidak ada; tambahkan", "this column is missing; add it"))
    return not missing


def _note_columns(names: Sequence[str], line: int, known: Sequence[str], table: Table) -> None:
    """Columns nobody knows, with those still free as suggestions, and columns written twice."""
    free = [one for one in known if one not in names]
    for position, name in enumerate(names):
        if name not in known:
            table.wrong(line, name, unknown(name, free))
        elif name in names[:position]:
            table.wrong(line, name, say("kolom ini tertulis dua kali", "this column is written twice"))


def _wrong_count(found: int, wanted: int) -> str:
    return say(
        f'{found} kolom, seharusnya {wanted}; isi yang memuat tanda pemisah diapit tanda kutip "…"',
        f'{found} columns instead of {wanted}; put a value that holds the separator in quotes "…"',
    )


def _tabbed(columns: Columns) -> str:
    header = ",".join((*columns.required, *columns.optional))
    return say(
        f"berkas ini dipisah tab; pakai koma atau titik koma (Excel: Simpan Sebagai > CSV UTF-8): {header}",
        f"this file is separated by tabs; use commas or semicolons (Excel: Save As > CSV UTF-8): {header}",
    )


def _no_name(value: str) -> str:
    return say(
        f"'{value}' berada di kolom tanpa judul; beri judul atau hapus isinya",
        f"'{value}' stands in a column without a name; name the column or delete the value",
    )
