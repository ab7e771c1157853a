"""Values -> an .xlsx file: text is never more than text, instants are dates, the same values give the same bytes."""

from __future__ import annotations

import io
import re
import textwrap
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

import xlsxwriter

from queries.report.captions import clean, shorten

Look = Mapping[str, Any]  # xlsxwriter's names of a cell's settings

CELL_UNITS = 32_767  # of UTF-16: what Excel keeps of one cell
MARGIN_UNITS = 80  # of each text in a page's margin: both of one margin together have 255, each & counts twice
ADDRESS_LENGTH = 2_000  # Excel follows 2,079 characters of an address at most, and as many after its #
SHOWN = 300  # characters of an address
LINKS = 65_530  # in one sheet
ROWS = 1_048_576  # in one sheet
FIRST_YEAR = 1901  # before it Excel's days begin, or count a day that never was
TALLEST = 409.0  # points, of a row
EPOCH = datetime(1980, 1, 1)  # noqa: DTZ001 – as old as a zip file's entries can be; Excel knows no zones

# No user names, no brackets: an address that Excel refuses makes it call the whole file damaged.
_ADDRESS = re.compile(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,4}|:[1-5]\d{4})?([/?#]\S*)?", re.IGNORECASE)
PAGE_WIDTH = 120  # characters, of an A4 page across
DEFAULT_WIDTH = 8.43  # characters, of a column that was given none

# What adds nothing to the width of the emoji before it.
_JOINED = re.compile("\u200d.|[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
# About the characters that are two columns wide: those of East Asia, and emoji.
_WIDE = re.compile("[\u1100-\u115f\u2e80-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\U0001f000-\U0003ffff]")

_HEADLINE = {"font_size": 15, "bold": True, "font_color": "#1A2230"}
_SUBLINE = {"font_color": "#566072"}

PLAIN: Look = {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#DFE3E8"}
HEAD: Look = {**PLAIN, "bold": True, "valign": "vcenter", "bg_color": "#E8EDF3", "font_color": "#1D3A5F"}
LINKED: Look = {"font_color": "#1D3A5F", "underline": 1}


@dataclass(frozen=True, slots=True)
class Link:
    """An address, to be followed where it is one of the web, else only shown."""

    url: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A value with a look of its own, over that of its column."""

    value: Cell
    look: Look


Cell = str | int | float | date | Link | Shown | None


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a table: `width` in characters, `look` of all its cells."""

    title: str
    width: float
    look: Look = field(default_factory=dict)


class Book:
    """One file in the making. `margins`: what is printed at the head's left and right, and at the foot's."""

    def __init__(
        self, created: datetime = EPOCH, title: str = "", margins: tuple[str, str, str, str] = ("",) * 4,
        keywords: str = "",
    ) -> None:  # fmt: skip
        self._target = io.BytesIO()
        closed = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self._file = xlsxwriter.Workbook(self._target, {"in_memory": True, **closed})
        self._file.set_properties({"title": safe_text(title), "created": created, "keywords": keywords})
        self._styles: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._sheets: list[Sheet] = []
        left, right, note, page = (_fitted(clean(text), MARGIN_UNITS).replace("&", "&&") for text in margins)
        page = page.format(page="&P", pages="&N")
        self._margins = (f"&L&8{_apart(left)}&R&8{_apart(right)}", f"&L&8{_apart(note)}&R&8{_apart(page)}")

    def sheet(self, name: str) -> Sheet:
        """A new sheet, A4 across. `name`: 31 characters at most, without any of []:*?/\\ in it."""
        made = self._file.add_worksheet(name)
        made.set_landscape()
        made.set_paper(9)
        made.fit_to_pages(1, 0)
        made.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
        made.set_header(self._margins[0])
        made.set_footer(self._margins[1])
        made.hide_gridlines(2)
        made.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        self._sheets.append(Sheet(self, made))
        return self._sheets[-1]

    def chart(self, kind: str) -> Any:
        """A chart that the program which opens the file draws. `kind`: column | bar."""
        return self._file.add_chart({"type": kind})

    def style(self, look: Look) -> Any:
        """The file's own entry for a look."""
        key = tuple(sorted(look.items()))
        if key not in self._styles:
            self._styles[key] = self._file.add_format({"font_size": 10, **look})
        return self._styles[key]

    def as_bytes(self) -> bytes:
        """The whole file; nothing can be added afterwards."""
        for sheet in self._sheets:
            sheet.fit_rows()
        self._file.close()
        return self._target.getvalue()


class Sheet:
    """One sheet in the making; rows and columns count from 0.

    Every row gets a height: Excel would find it by itself, other programs and printers do not.
    """

    def __init__(self, book: Book, made: Any) -> None:
        self.made = made
        self._book = book
        self._links = 0
        self._widths: dict[int, float] = {}
        self._heights: defaultdict[int, float] = defaultdict(float)

    def widen(self, widths: Sequence[float]) -> None:
        """The widths of columns, in characters; before anything is written into them."""
        for column, width in enumerate(widths):
            self.made.set_column(column, column, width)
            self._widths[column] = width

    def widen_page(self) -> None:
        """Let a narrow sheet take a whole page across, so that its title is not cut off in print."""
        room, last = PAGE_WIDTH - sum(self._widths.values()), max(self._widths, default=-1) + 1
        if room > 0:
            self.made.set_column(last, last, room)
            self.made.write_blank(0, last, None, self._book.style(_SUBLINE))

    def fit_rows(self) -> None:
        """Give every row the height of its tallest cell."""
        for row, height in self._heights.items():
            self.made.set_row(row, min(height, TALLEST))

    def write(self, row: int, column: int, value: Cell, look: Look = PLAIN) -> None:
        """One cell; a naive instant is shown as it is."""
        if isinstance(value, Shown):
            look, value = {**look, **value.look}, value.value
        if isinstance(value, date) and value.year < FIRST_YEAR:
            value = value.isoformat()
        if isinstance(value, Link):
            self._write_link(row, column, value.url, look)
        elif value is None or isinstance(value, str):
            self._write_text(row, column, safe_text(value or ""), look)
        elif isinstance(value, bool):
            self.made.write_boolean(row, column, value, self._book.style(look))
        elif isinstance(value, date):
            self.made.write_datetime(row, column, value, self._book.style({"align": "left", **look}))
        else:
            self.made.write_number(row, column, value, self._book.style(look))

    def write_title(self, title: str, *lines: str) -> None:
        """What the sheet is, in its first rows."""
        for row, text in enumerate((title, *lines)):
            self.write(row, 0, text, _SUBLINE if row else _HEADLINE)

    def write_table(self, top: int, headings: Sequence[Heading], lines: Sequence[Sequence[Cell]]) -> None:
        """Headings in row `top`, lines below; the headings and the first column stay in sight."""
        self.widen([heading.width for heading in headings])
        self.write_row(top, [heading.title for heading in headings], HEAD)
        looks = [{**PLAIN, **heading.look} for heading in headings]
        for row, line in enumerate(lines, top + 1):
            for column, value in enumerate(line):
                self.write(row, column, value, looks[column])
        self.hold(top, top, len(lines), len(headings))

    def write_row(self, row: int, values: Sequence[Cell], look: Look = PLAIN, first: int = 0) -> None:
        """Cells side by side."""
        for column, value in enumerate(values, first):
            self.write(row, column, value, look)

    def hold(self, top: int, bottom: int, lines: int, columns: int) -> None:
        """Keep the headings (rows `top` to `bottom`) in sight, on screen and on each page, and offer to filter."""
        self.made.freeze_panes(bottom + 1, 1)
        self.made.repeat_rows(top, bottom)
        if columns:
            self.made.autofilter(bottom, 0, bottom + max(lines, 1), columns - 1)

    def write_over(self, row: int, first: int, last: int, value: str, look: Look) -> None:
        """One cell over several columns."""
        text, room = safe_text(value), sum(self._widths[column] for column in range(first, last + 1))
        self.made.merge_range(row, first, row, last, "", self._book.style(look))
        self.made.write_string(row, first, text, self._book.style(look))
        self._make_room(row, text, room, look)

    def _write_text(self, row: int, column: int, text: str, look: Look) -> None:
        if text:
            self.made.write_string(row, column, text, self._book.style(look))
            self._make_room(row, text, self._widths.get(column, DEFAULT_WIDTH), look)
        else:
            self.made.write_blank(row, column, None, self._book.style(look))

    def _write_link(self, row: int, column: int, url: str, look: Look) -> None:
        address, text = followable(url), url if _is_plain(url) and len(url) <= SHOWN else shorten(url, SHOWN)
        if address is None or self._links == LINKS:
            self.write(row, column, text, look)
            return
        self._links += 1
        self.made.write_url(row, column, address, self._book.style({**look, **LINKED}), text)
        self._make_room(row, text, self._widths.get(column, DEFAULT_WIDTH), look)

    def _make_room(self, row: int, text: str, width: float, look: Look) -> None:
        size = look.get("font_size", 10)
        lines = _lines(text, int(width * 12 / size)) if look.get("text_wrap") else 1
        self._heights[row] = max(self._heights[row], lines * size * 1.32 + 3)


def safe_text(text: str) -> str:
    """`text` as a cell can hold it: no control, direction or invisible characters, lines kept, within Excel's limit."""
    fitted = _fitted(text if _is_plain(text) else "\n".join(map(clean, text.splitlines())), CELL_UNITS)
    # xlsxwriter takes text of this form for its own markup and would put it into the file as it stands.
    return f"{fitted} " if fitted.startswith("<r>") and fitted.endswith("</r>") else fitted


def followable(url: str) -> str | None:
    """A web address as Excel accepts it, or None for anything else."""
    if clean(url) != url or not _ADDRESS.fullmatch(url):
        return None
    whole = quote(re.sub(r"%(?![0-9a-fA-F]{2})", "%25", url), safe=":/?#@!$&'()*+,;=%~")
    address, mark, anchor = whole.partition("#")
    fits = max(len(address), len(anchor)) <= ADDRESS_LENGTH
    return address + mark + anchor.replace("#", "%23") if fits else None


def _is_plain(text: str) -> bool:
    """What `clean` would leave as it is, told cheaply: most cells are."""
    return text.isascii() and text.isprintable() and "  " not in text and text.strip() == text


def _fitted(text: str, limit: int) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= 2 * limit:
        return text
    return units[: 2 * (limit - 1)].decode("utf-16-le", "ignore").rstrip("\u200d") + "…"


def _lines(text: str, width: int) -> int:
    """How many lines a text takes where `width` characters fit in one."""
    seen = text if text.isascii() else _WIDE.sub("mm", _JOINED.sub("", text))
    return sum(1 if len(line) <= width else len(textwrap.wrap(line, width)) for line in seen.split("\n"))


def _apart(text: str) -> str:
    """A digit right after a margin's font size would be taken for part of it."""
    return f" {text}" if text else ""
