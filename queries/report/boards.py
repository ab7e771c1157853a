"""The ranking and the season of the agencies -> two pictures with a row for each agency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil

from pipelines.items import Status
from queries.report.captions import shorten
from queries.report.chart import WIDTH, Chart, percent_of, share_text
from queries.report.drawing import FAINT, GREEN, HAIR, INK, LINE, SOFT, Drawing
from queries.report.scope import ORDER, Column
from queries.report.trends import Standing, Strip, Trends
from queries.wording import Wording

ROW = 18.0
NAME_LENGTH = 42
BAR_LEFT, BAR_WIDE = 318.0, 220.0
STRIP_LEFT = 268.0


def ranking_chart(trends: Trends, w: Wording) -> Chart:
    """Who kept how much, and how it moved; those of whom nothing can be judged stand apart."""
    apart = len(trends.unranked)
    height = 26 + ROW * len(trends.ranking) + (34 + ROW * apart if apart else 6)
    drawing = Drawing("ranking", WIDTH, height)
    for x, key, side in ((26, "col_rank", "end"), (40, "col_agency", "start"), (BAR_LEFT, "col_share", "start"),
                         (WIDTH - 4, "col_change", "end")):  # fmt: skip
        if key != "col_change" or trends.ranked_before:
            drawing.text((x, 12), w.text(f"trends.{key}"), SOFT, 10.5, side)
    for part in (0.0, 0.5, 1.0):
        x = BAR_LEFT + BAR_WIDE * part
        drawing.line((x, 20), (x, 20 + ROW * len(trends.ranking)), LINE)
    for at, one in enumerate(trends.ranking):
        _draw_standing(drawing, 22 + ROW * at, one, trends, w)
    _draw_apart(drawing, 22 + ROW * len(trends.ranking), trends.unranked, w)
    title, about = w.text("trends.ranking"), _ranking_about(trends, w)
    return Chart("ranking", title, about, drawing.svg(title, about), _ranking_table(trends, w))


def _ranking_about(trends: Trends, w: Wording) -> str:
    since = trends.ranked_before
    compared = w.text("trends.compared", date=w.moment(since)) if since else w.text("trends.not_compared")
    return f"{w.text('trends.ranking_about')} {compared}"


def _draw_standing(drawing: Drawing, y: float, one: Standing, trends: Trends, w: Wording) -> None:
    line = y + 12.5
    drawing.line((0, y + ROW - 1), (WIDTH, y + ROW - 1), HAIR)
    drawing.text((26, line), str(one.rank), INK, 11.5, "*end")
    drawing.text((40, line), shorten(one.name, NAME_LENGTH))
    if one.done:
        drawing.rect((BAR_LEFT, y + 3, BAR_WIDE * float(one.share), 11), GREEN)
    unseen = f" · {w.text('trends.unseen_short', count=one.unknown)}" if one.unknown else ""
    told = f"{percent_of(one.done, one.due)} ({one.done}/{one.due})"
    drawing.text((BAR_LEFT + BAR_WIDE + 10, line), told + unseen, INK, 10.5)
    drawing.text((WIDTH - 4, line), moved(one, trends, w), SOFT, 10.5, "end")


def _draw_apart(drawing: Drawing, y: float, apart: Sequence[Standing], w: Wording) -> None:
    if apart:
        drawing.text((40, y + 22), w.text("trends.apart"), SOFT, 10.5, "*start")
    for at, one in enumerate(apart):
        line = y + 28 + ROW * at + 12.5
        drawing.text((26, line), "–", FAINT, 11.5, "end")
        drawing.text((40, line), shorten(one.name, NAME_LENGTH))
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
    pitch = min((WIDTH - STRIP_LEFT) / len(trends.season), 34.0)
    legend = _present(trends.strips)
    height = 24 + ROW * len(trends.strips) + 14 + 18 * ceil(len(legend) / 4)
    drawing = Drawing("season", WIDTH, height)
    _draw_opening(drawing, trends.season, pitch, w)
    for at, strip in enumerate(trends.strips):
        _draw_strip(drawing, 20 + ROW * at, strip, pitch)
    _draw_legend(drawing, 20 + ROW * len(trends.strips) + 14, legend, w)
    title, about = w.text("trends.season"), w.text("trends.season_about")
    return Chart("season", title, about, drawing.svg(title, about), _season_table(trends, w))


def _draw_opening(drawing: Drawing, season: Sequence[Column], pitch: float, w: Wording) -> None:
    """The day of opening above its column, as many as there is room for."""
    every = ceil(36 / pitch)
    for at, column in enumerate(season):
        if at % every == 0:
            words = w.short_date(column.window.start)
            drawing.text((STRIP_LEFT + pitch * at + min(pitch, ROW) / 2, 12), words, SOFT, 9.5, "middle")


def _draw_strip(drawing: Drawing, y: float, strip: Strip, pitch: float) -> None:
    side = min(pitch, ROW) - 1
    drawing.text((0, y + 12.5), shorten(strip.name, NAME_LENGTH))
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
