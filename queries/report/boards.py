"""The ranking and the season of the agencies -> two pictures with a row for each agency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil
from typing import TypeVar

from pipelines.items import Status
from queries.report.chart import WIDTH, Chart, Pieces, percent_of, share_text
from queries.report.drawing import FAINT, GREEN, HAIR, INK, LINE, SOFT, Drawing, fitted
from queries.report.scope import ORDER, Column
from queries.report.trends import Standing, Strip, Trends
from queries.wording import Wording

Row = TypeVar("Row")

ROW = 18.0
PIECE = 5  # rows that stay on one page where a picture goes over several
HEAD, APART = 22.0, 28.0  # above the ranked, and above those who are not
OPENING, ABOVE_LEGEND = 20.0, 14.0
BAR_LEFT, BAR_WIDE = 318.0, 220.0
STRIP_LEFT = 268.0


def _cut(rows: Sequence[Row]) -> list[Sequence[Row]]:
    return [rows[at : at + PIECE] for at in range(0, len(rows), PIECE)]


def ranking_chart(trends: Trends, w: Wording) -> Chart:
    """Who kept how much, and how it moved; those of whom nothing can be judged stand apart."""
    title, about = w.text("trends.ranking"), _ranking_about(trends, w)
    return Chart("ranking", title, about, _ranking_pieces(trends, w), _ranking_table(trends, w))


def _ranking_pieces(trends: Trends, w: Wording) -> Pieces:
    head = Drawing("ranking-head", WIDTH, HEAD)
    _draw_heads(head, trends, w)
    rows: list[str] = []
    for some in _cut(trends.ranking):
        drawing = Drawing(f"ranking-{len(rows)}", WIDTH, ROW * len(some))
        _draw_standings(drawing, some, trends, w)
        rows.append(drawing.svg())
    for at, few in enumerate(_cut(trends.unranked)):
        above = 0 if at else APART
        drawing = Drawing(f"ranking-{len(rows)}", WIDTH, above + ROW * len(few))
        if not at:
            drawing.text((40, 22), w.text("trends.apart"), SOFT, 10.5, "*start")
        _draw_unranked(drawing, above, few, w)
        rows.append(drawing.svg())
    return Pieces(head.svg(), tuple(rows))


def _draw_heads(drawing: Drawing, trends: Trends, w: Wording) -> None:
    for x, key, side in ((26, "col_rank", "end"), (40, "col_agency", "start"), (BAR_LEFT, "col_share", "start"),
                         (WIDTH - 4, "col_change", "end")):  # fmt: skip
        if key != "col_change" or trends.ranked_before:
            drawing.text((x, 12), w.text(f"trends.{key}"), SOFT, 10.5, side)


def _ranking_about(trends: Trends, w: Wording) -> str:
    since = trends.ranked_before
    compared = w.text("trends.compared", date=w.moment(since)) if since else w.text("trends.not_compared")
    return f"{w.text('trends.ranking_about')} {compared}"


def _draw_standings(drawing: Drawing, standings: Sequence[Standing], trends: Trends, w: Wording) -> None:
    for part in (0.0, 0.5, 1.0):
        x = BAR_LEFT + BAR_WIDE * part
        drawing.line((x, 0), (x, ROW * len(standings) - 2), LINE)
    for at, one in enumerate(standings):
        _draw_standing(drawing, ROW * at, one, trends, w)


def _draw_standing(drawing: Drawing, y: float, one: Standing, trends: Trends, w: Wording) -> None:
    line = y + 12.5
    drawing.line((0, y + ROW - 1), (WIDTH, y + ROW - 1), HAIR)
    drawing.text((26, line), str(one.rank), INK, 11.5, "*end")
    drawing.text((40, line), fitted(one.name, BAR_LEFT - 46))
    if one.done:
        drawing.rect((BAR_LEFT, y + 3, BAR_WIDE * float(one.share), 11), GREEN)
    unseen = f" · {w.text('trends.unseen_short', count=one.unknown)}" if one.unknown else ""
    told = f"{percent_of(one.done, one.due)} ({one.done}/{one.due})"
    drawing.text((BAR_LEFT + BAR_WIDE + 10, line), told + unseen, INK, 10.5)
    drawing.text((WIDTH - 4, line), moved(one, trends, w), SOFT, 10.5, "end")


def _draw_unranked(drawing: Drawing, top: float, apart: Sequence[Standing], w: Wording) -> None:
    for at, one in enumerate(apart):
        line = top + ROW * at + 12.5
        drawing.text((26, line), "–", FAINT, 11.5, "end")
        drawing.text((40, line), fitted(one.name, BAR_LEFT - 46))
        why = w.text("trends.unseen_count", count=one.unknown) if one.unknown else w.text("trends.no_share")
        drawing.text((BAR_LEFT, line), why, SOFT, 10.5)


def moved(one: Standing, trends: Trends, w: Wording) -> str:
    """How the rank moved since the report it is set against; empty where there is none."""
    if trends.ranked_before is None or one.rank is None:
        return ""
    if one.rank_before is None:
        return w.text("trends.new")
    steps = one.rank_before - one.rank
    key = "up" if steps > 0 else "down" if steps else "same"
    return w.text(f"trends.{key}", count=abs(steps)) if steps else w.text(f"trends.{key}")


def _ranking_table(trends: Trends, w: Wording) -> tuple[tuple[str, ...], ...]:
    keys = ("col_rank", "col_agency", "col_done", "col_due", "col_share", "col_unknown", "col_before", "col_change")
    rows = [
        (str(one.rank or "–"), one.name, str(one.done), str(one.due), share_text(one.done, one.due, w),
         str(one.unknown), _before(one), moved(one, trends, w))
        for one in (*trends.ranking, *trends.unranked)
    ]  # fmt: skip
    return (tuple(w.text(f"trends.{key}") for key in keys), *rows)


def _before(one: Standing) -> str:
    return percent_of(one.share_before.numerator, one.share_before.denominator) if one.share_before is not None else ""


def season_chart(trends: Trends, w: Wording) -> Chart:
    """A square for each duty of each agency, in the order of the windows."""
    title, about = w.text("trends.season"), w.text("trends.season_about")
    return Chart("season", title, about, _season_pieces(trends, w), _season_table(trends, w))


def _season_pieces(trends: Trends, w: Wording) -> Pieces:
    pitch, legend = min((WIDTH - STRIP_LEFT) / len(trends.season), 34.0), _present(trends.strips)
    head, foot = Drawing("season-head", WIDTH, OPENING), Drawing("season-foot", WIDTH, _legend_height(legend))
    _draw_opening(head, trends.season, pitch, w)
    _draw_legend(foot, ABOVE_LEGEND, legend, w)
    rows: list[str] = []
    for some in _cut(trends.strips):
        drawing = Drawing(f"season-{len(rows)}", WIDTH, ROW * len(some))
        for at, strip in enumerate(some):
            _draw_strip(drawing, ROW * at, strip, pitch)
        rows.append(drawing.svg())
    return Pieces(head.svg(), tuple(rows), foot.svg())


def _legend_height(statuses: Sequence[Status]) -> float:
    return ABOVE_LEGEND + 4 + 18 * ceil(len(statuses) / 4)


def _draw_opening(drawing: Drawing, season: Sequence[Column], pitch: float, w: Wording) -> None:
    """The day of opening above its column, as many as there is room for."""
    every = ceil(36 / pitch)
    for at, column in enumerate(season):
        if at % every == 0:
            words = w.short_date(column.window.start)
            drawing.text((STRIP_LEFT + pitch * at + min(pitch, ROW) / 2, 12), words, SOFT, 9.5, "middle")


def _draw_strip(drawing: Drawing, y: float, strip: Strip, pitch: float) -> None:
    side = min(pitch, ROW) - 1
    drawing.text((0, y + 12.5), fitted(strip.name, STRIP_LEFT - 6))
    for at, status in enumerate(strip.statuses):
        if status is None:
            drawing.text((STRIP_LEFT + pitch * at + side / 2, y + 12.5), "·", FAINT, 10, "middle")
    cells = [(STRIP_LEFT + pitch * at, status) for at, status in enumerate(strip.statuses) if status is not None]
    drawing.cells(y + (ROW - side) / 2, cells, side)


def _present(strips: Iterable[Strip]) -> list[Status]:
    shown = {status for strip in strips for status in strip.statuses}
    return [status for status in ORDER if status in shown]


def _draw_legend(drawing: Drawing, y: float, statuses: Sequence[Status], w: Wording) -> None:
    for at, status in enumerate(statuses):
        x, line = at % 4 * 190.0, y + at // 4 * 18.0
        drawing.cells(line, [(x, status)], 15)
        drawing.text((x + 21, line + 11.5), w.text(f"status.{status}"), SOFT, 10.5)


def _season_table(trends: Trends, w: Wording) -> tuple[tuple[str, ...], ...]:
    heads = [f"{column.material.title}, {w.window(column.window)}" for column in trends.season]
    none = w.text("matrix.not_obliged")
    rows = [
        (strip.name, *(w.text(f"status.{status}") if status else none for status in strip.statuses))
        for strip in trends.strips
    ]
    return ((w.text("trends.col_agency"), *heads), *rows)
