"""The report's content -> the workbook's charts: shares by day and where the duties stand, with their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipelines.items import Status
from queries.report.content import Content
from queries.report.scope import ORDER
from queries.report.sheets import PLAIN, Book, Cell, Heading, Look, Sheet
from queries.report.trends import Day
from queries.report.workbook_looks import COLOURS
from queries.wording import Wording

TOP = 4  # row of the headings
LEFT = 6  # column of the statuses, right of the days
SIZE = {"width": 760, "height": 300}
SHARE: Look = {"num_format": "0%"}
# A cell's pale ground would be lost in a chart: its letters' colour stands for the status, but where they are white.
_FILLS = {status: ground if letters == "#ffffff" else letters for status, (ground, letters) in COLOURS.items()}


def write_charts(book: Book, content: Content, wording: Wording, origin: str) -> None:
    """Two charts over the numbers they draw; no sheet where nothing can be drawn."""
    days, counts = content.trends.days, content.matrix.figures.counts
    if not any(one.figures.due for one in days):
        return
    name = wording.text("sheet.charts")
    sheet = book.sheet(name)
    sheet.write_title(wording.text("sheet.charts"), origin, wording.text("trends.note"))
    _write_days(sheet, days, wording)
    statuses = [status for status in ORDER if counts.get(status)]
    sheet.write(TOP, LEFT, wording.text("sheet_column.status"), {"bold": True})
    sheet.write(TOP, LEFT + 1, wording.text("sheet_word.all_duties"), {"bold": True})
    for row, status in enumerate(statuses, TOP + 1):
        sheet.write_row(row, [wording.text(f"status.{status}"), counts[status]], first=LEFT)
    sheet.hold(TOP, TOP, len(days), 5)
    _draw_days(book, sheet, name, len(days), wording)
    _draw_statuses(book, sheet, name, statuses, wording)


def _write_days(sheet: Sheet, days: Sequence[Day], wording: Wording) -> None:
    keys = ("day", "done", "due", "share", "unknown")
    looks: dict[str, Look] = {"day": {"num_format": wording.text("sheet_word.day")}, "share": SHARE}
    heads = [Heading(wording.text(f"trends.col_{key}"), 17, looks.get(key, {})) for key in keys]
    sheet.widen([*(head.width for head in heads), 4, 24, 16])
    sheet.write_row(TOP, [head.title for head in heads], {"bold": True, "text_wrap": True})
    for row, one in enumerate(days, TOP + 1):
        share = one.figures.done / one.figures.due if one.figures.due else None  # an empty cell is a gap, not zero
        values: list[Cell] = [one.day, one.figures.done, one.figures.due, share, one.unknown]
        for column, (value, head) in enumerate(zip(values, heads, strict=True)):
            sheet.write(row, column, value, {**PLAIN, **head.look})


def _draw_days(book: Book, sheet: Sheet, name: str, days: int, wording: Wording) -> None:
    chart = book.chart("column")
    chart.add_series({
        "name": wording.text("trends.col_share"), "categories": [name, TOP + 1, 0, TOP + days, 0],
        "values": [name, TOP + 1, 3, TOP + days, 3], "fill": {"color": COLOURS[Status.FULFILLED][1]}, "gap": 60,
        "data_labels": {"value": True, "num_format": "0%"},
    })  # fmt: skip
    chart.set_title({"name": wording.text("trends.days"), "name_font": {"size": 12}})
    lines = {"visible": True, "line": {"color": "#d3d8df"}}
    chart.set_y_axis({"min": 0, "max": 1, "num_format": "0%", "major_gridlines": lines})
    chart.set_x_axis({"text_axis": True, "num_format": wording.text("sheet_word.day")})
    _place(chart, sheet, TOP + 1)


def _draw_statuses(book: Book, sheet: Sheet, name: str, statuses: Sequence[Status], wording: Wording) -> None:
    chart, last = book.chart("bar"), TOP + len(statuses)
    chart.add_series({
        "name": wording.text("sheet_word.all_duties"), "categories": [name, TOP + 1, LEFT, last, LEFT],
        "values": [name, TOP + 1, LEFT + 1, last, LEFT + 1], "data_labels": {"value": True}, "gap": 40,
        "points": [{"fill": {"color": _FILLS[status]}} for status in statuses],
    })  # fmt: skip
    chart.set_title({"name": wording.text("figures.heading"), "name_font": {"size": 12}})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    _place(chart, sheet, TOP + 17)


def _place(chart: Any, sheet: Sheet, row: int) -> None:
    """Right of the numbers; told apart for those who cannot see it by the title and the table beside."""
    chart.set_legend({"none": True})
    chart.set_size(SIZE)
    sheet.made.insert_chart(row, LEFT + 3, chart)
