"""The report's content -> the workbook's first two sheets: the day in figures, and who stands how on which duty."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.items import Grade, Verdict
from queries.report.content import Content
from queries.report.headline import told_alarms, told_figures, told_instruments, told_share, told_stamps
from queries.report.scope import ORDER, Column, Figures
from queries.report.sheets import HEAD, PLAIN, Book, Cell, Look, Sheet, Shown
from queries.report.workbook_looks import status_cell
from queries.wording import Wording

Told = list[tuple[str, str, Figures]]

METHOD = ("scope", "absence", "sight", "recognition", "evidence", "repeat")
WIDTHS = (25, 92, 16, 16)
FIRST = 4  # row below the summary's title
TOP = 4  # row of the matrix's materials; that of its headings is the next

LABEL: Look = {"valign": "top", "bold": True, "font_color": "#566072", "text_wrap": True}
TEXT: Look = {"valign": "top", "text_wrap": True}
NUMBERED: Look = {**PLAIN, "align": "left"}
TOTAL: Look = {**NUMBERED, "bold": True}
UNBOLD: Look = {"bold": False}
TODAY: Look = {**HEAD, "bg_color": "#D6E4F2", "top": 5, "top_color": "#1D3A5F"}
FAINT: Look = {**PLAIN, "font_color": "#98A1AE"}


def write_summary(book: Book, content: Content, wording: Wording) -> None:
    """Whose report, what it counts, what its words mean, how it was made."""
    request = content.request
    sheet = book.sheet(wording.text("sheet.summary"))
    sheet.widen(WIDTHS)
    day = f"{wording.weekday(request.day)}, {wording.full_date(request.day)}"
    sheet.write_title(wording.text("title.report"), day, request.instance.name)
    figures = told_figures(content, wording)
    row = _write_pairs(sheet, FIRST, list(_origin(content, figures, wording))) + 1
    top, row = row, _write_figures(sheet, row, figures, wording) + 1
    _write_pairs(sheet, row, list(_method(content, wording)))
    sheet.made.fit_to_pages(1, 1)
    sheet.made.autofilter(top, 0, top + len(ORDER), len(WIDTHS) - 1)
    sheet.made.freeze_panes(FIRST - 1, 1)
    sheet.made.repeat_rows(0, FIRST - 2)


def _write_pairs(sheet: Sheet, row: int, pairs: list[tuple[str, str]]) -> int:
    """A label and its text in a row each; returns the next row."""
    for at, (label, text) in enumerate(pairs, row):
        sheet.write(at, 0, label, LABEL)
        sheet.write_over(at, 1, len(WIDTHS) - 1, text, TEXT)
    return row + len(pairs)


def _origin(content: Content, told: Told, wording: Wording) -> Iterator[tuple[str, str]]:
    matrix, health = content.matrix, content.health
    for line in told_alarms(content, wording):
        yield wording.text("alarm.heading"), line
    yield wording.text("title.as_of"), wording.moment(content.request.as_of)
    if content.seal:
        yield wording.text("title.seal"), content.seal
    for line in told_stamps(content, wording):
        yield wording.text("title.stamp"), line
    for title, letters in told_instruments(content, wording):
        yield wording.text("title.instruments"), "\n".join([title, *letters])
    if not matrix.columns:
        yield wording.text("figures.heading"), wording.text("figures.none")
    for key, date, figures in told if matrix.columns else ():
        yield wording.text(f"figures.{key}", date=date), _sentence(figures, wording)
    if health:
        moments = {"start": wording.moment(health.started_at), "end": wording.moment(health.finished_at)}
        yield wording.text("sheet_word.run"), wording.text("health.run", run=health.run_id, **moments)


def _sentence(figures: Figures, wording: Wording) -> str:
    share = f"{figures.done}/{figures.due} " if figures.due else ""
    return share + told_share(figures, wording)


def _write_figures(sheet: Sheet, row: int, told: Told, wording: Wording) -> int:
    """Every status with its meaning and its numbers, then the sums; returns the next row."""
    spans = [wording.text(f"figures.{key}", date=date) for key, date, _ in told]
    heads = [wording.text("sheet_column.status"), wording.text("sheet_column.meaning"), *spans]
    sheet.write_row(row, heads, {**HEAD, "align": "left"})
    for status in ORDER:
        row += 1
        counts = [figures.counts.get(status, 0) for *_, figures in told]
        sheet.write_row(row, [status_cell(status, wording), wording.text(f"meaning.{status}"), *counts], NUMBERED)
    sums: list[tuple[str, Cell, list[Cell], Look]] = [
        ("all_duties", None, [figures.duties for *_, figures in told], TOTAL),
        ("due", wording.text("figures.due_note"), [figures.due for *_, figures in told], TOTAL),
        ("share", None, [_share(figures) for *_, figures in told], {**TOTAL, "num_format": "0%"}),
    ]
    for key, note, numbers, look in sums:
        row += 1
        sheet.write_row(row, [wording.text(f"sheet_word.{key}"), Shown(note, UNBOLD), *numbers], look)
    return row + 1


def _share(figures: Figures) -> float | None:
    return figures.done / figures.due if figures.due else None


def _method(content: Content, wording: Wording) -> Iterator[tuple[str, str]]:
    grades = "; ".join(wording.text(f"grade.{grade}") for grade in Grade)
    zone = f"{wording.zone.key} ({wording.zone_name(content.request.as_of)})"
    told = [wording.text(f"method.{key}", days=content.request.days) for key in METHOD]
    told += [wording.text("method.grades", grades=grades), wording.text("method.time", zone=zone)]
    for number, text in enumerate(told):
        yield wording.text("method.heading") if number == 0 else "", text.replace("`", '"')


def write_matrix(book: Book, content: Content, wording: Wording, origin: str) -> None:
    """An agency in each row, verdict and publication of each duty beside it."""
    matrix, zone = content.matrix, wording.zone_name(content.request.as_of)
    sheet = book.sheet(wording.text("sheet.matrix"))
    note = wording.text("sheet_note.matrix" if matrix.columns else "figures.none", zone=zone)
    sheet.write_title(wording.text("matrix.heading"), origin, note)
    sheet.widen([34, *(15, 11) * len(matrix.columns)])
    sheet.widen_page()
    sheet.write(TOP, 0, None, HEAD)
    sheet.write(TOP + 1, 0, wording.text("matrix.agency"), HEAD)
    for column in matrix.columns:
        _write_head(sheet, column, wording)
    for row, line in enumerate(matrix.rows, TOP + 2):
        sheet.write(row, 0, line.agency.name)
        for number, verdict in enumerate(line.cells):
            _write_pair(sheet, row, 1 + 2 * number, verdict, wording)
    sheet.hold(TOP, TOP + 1, len(matrix.rows), 1 + 2 * len(matrix.columns))


def _write_head(sheet: Sheet, column: Column, wording: Wording) -> None:
    at = 2 * column.number - 1
    look = TODAY if column.is_today else HEAD
    marks = (("ban", column.rule == "must_not"), ("today", column.is_today))
    told = (wording.text(f"matrix.{key}") for key, holds in marks if holds)
    when = " · ".join([wording.window(column.window), *told])
    sheet.write_over(TOP, at, at + 1, f"{column.number}. {column.material.title}\n{when}", look)
    sheet.write_row(TOP + 1, [wording.text("sheet_column.status"), wording.text("cards.published")], HEAD, at)


def _write_pair(sheet: Sheet, row: int, at: int, verdict: Verdict | None, wording: Wording) -> None:
    if verdict is None:
        sheet.write_row(row, [wording.text("matrix.not_obliged"), None], FAINT, at)
        return
    form = {**PLAIN, "num_format": wording.text("sheet_word.short_instant")}
    sheet.write(row, at, status_cell(verdict.status, wording))
    sheet.write(row, at + 1, wording.naive(verdict.published_at), form)
