"""The report's content -> report.xlsx: a sheet for each thing a person asks of the day."""

from __future__ import annotations

from datetime import UTC

from queries.report.as_json import digest_of
from queries.report.content import Content
from queries.report.sheets import Book
from queries.report.workbook_charts import write_charts
from queries.report.workbook_front import write_matrix, write_summary
from queries.report.workbook_lists import SheetOf, sheets_of
from queries.wording import Wording

TOP = 4  # row of the headings, below a sheet's title, its origin and its note


def render_workbook(content: Content) -> bytes:
    """The whole file; the same content gives the same bytes."""
    request = content.request
    wording = Wording(request.instance.language, request.instance.zone)
    title = f"{wording.text('title.report')}, {wording.weekday(request.day)}, {wording.full_date(request.day)}"
    margins = (request.instance.name, title, wording.text("sign.note"), wording.text("sheet_word.page"))
    book = Book(request.as_of.astimezone(UTC).replace(tzinfo=None), f"{title} – {request.instance.name}", margins,
                wording.text("paper.digest", digest=digest_of(content)))  # fmt: skip
    as_of = f"{wording.text('title.as_of')} {wording.moment(request.as_of)}"
    origin = f"{title} · {request.instance.name} · {as_of}"
    write_summary(book, content, wording)
    write_matrix(book, content, wording, origin)
    for one in sheets_of(content, wording):
        _write(book, one, origin, wording)
    write_charts(book, content, wording, origin)
    return book.as_bytes()


def _write(book: Book, one: SheetOf, origin: str, wording: Wording) -> None:
    sheet = book.sheet(one.name)
    sheet.write_title(one.title, origin, one.note)
    sheet.write_table(TOP, one.headings, one.lines)
    sheet.widen_page()
    if not one.lines:
        sheet.write(TOP + 1, 0, wording.text("lists.empty"))
