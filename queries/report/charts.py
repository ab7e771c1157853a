"""The numbers of a season -> five pictures as SVG, each with its name, what it shows, and the same numbers as a table.

Every picture stands alone: it can be written into a file, set in a PDF, or stand within the page as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from math import ceil

from pipelines.items import Status
from queries.report.boards import ranking_chart, season_chart
from queries.report.captions import shorten
from queries.report.chart import WIDTH, Chart, percent_of, share_text
from queries.report.drawing import BLUE, FAINT, GREEN, HAIR, INK, LINE, PAPER, RED, SOFT, Drawing
from queries.report.trends import Day, Pace, Sight, Trends
from queries.wording import Wording

__all__ = ["Chart", "draw_charts"]

LEFT, TOP, TALL = 92.0, 48.0, 140.0  # of the pictures by day
BASE = TOP + TALL
SUNK = 40.0  # the band below the line
DONE, DUE, UNSEEN = SUNK + 38, SUNK + 54, SUNK + 70  # the lines of numbers under it
PANELS, PANEL_WIDTH, PANEL_HEIGHT = 12, 246.0, 150.0
STEPS_HOURS = (1, 3, 6, 12, 24)

# What was judged, from the line upwards: what was done first.
_LAYERS = (
    ("fulfilled", (Status.FULFILLED,)), ("late", (Status.LATE,)), ("part", (Status.EARLY, Status.INCOMPLETE)),
    ("missing", (Status.MISSING,)),
)  # fmt: skip


def draw_charts(trends: Trends, wording: Wording) -> tuple[Chart, ...]:
    """The pictures that have something to show, in the order of the page: none of dashes and empty frames."""
    statuses = {status for strip in trends.strips for status in strip.statuses}
    drawn: tuple[tuple[bool, Callable[[], Chart]], ...] = (
        (any(one.figures.due or one.unknown for one in trends.days), lambda: _days_chart(trends.days, wording)),
        (any(one.hours for one in trends.sights), lambda: _sight_chart(trends.sights, wording)),
        (bool(trends.paces), lambda: _pace_chart(trends.paces, wording)),
        (bool(trends.ranking), lambda: ranking_chart(trends, wording)),
        (bool(statuses - {None, Status.PENDING}), lambda: season_chart(trends, wording)),
    )
    return tuple(draw() for has_something, draw in drawn if has_something)


def _days_chart(days: Sequence[Day], w: Wording) -> Chart:
    drawing, frame = Drawing("days", WIDTH, BASE + SUNK + 80), _Frame(len(days))
    _grid(drawing)
    _legend(drawing, w)
    for at, day in enumerate(days):
        _draw_day(drawing, frame, at, day)
    _dates(drawing, frame, [day.day for day in days], w, BASE + SUNK + 18)
    for key, below in (("row_unseen", 16), ("row_done", DONE), ("row_due", DUE), ("row_unseen", UNSEEN)):
        drawing.text((LEFT - 12, BASE + below), w.text(f"trends.{key}"), SOFT, 10.5, "end")
    title, about = w.text("trends.days"), w.text("trends.days_about")
    return Chart("days", title, about, drawing.svg(title, about), _days_table(days, w))


class _Frame:
    """Where the columns of a picture by day stand."""

    def __init__(self, days: int) -> None:
        self.pitch = min((WIDTH - LEFT - 8) / max(days, 1), 84.0)
        self.bar = min(self.pitch * 0.74, 44.0)

    def middle(self, at: int) -> float:
        """Of column `at`."""
        return LEFT + self.pitch * (at + 0.5)

    def label(self, percent: str) -> str:
        """Without its sign where there is no room; the scale beside bears it."""
        return percent if self.pitch > 30 else percent.removesuffix("%")


def _grid(drawing: Drawing) -> None:
    for percent in (0, 50, 100):
        y = BASE - TALL * percent / 100
        drawing.line((LEFT - 6, y), (WIDTH - 4, y), FAINT if not percent else HAIR)
        drawing.text((LEFT - 12, y + 4), f"{percent}%", SOFT, 10.5, "end")


def _legend(drawing: Drawing, w: Wording) -> None:
    x = LEFT
    for key, fill, stroke in (
        ("fulfilled", GREEN, GREEN), ("late", drawing.pattern("late"), LINE), ("part", drawing.pattern("part"), LINE),
        ("missing", PAPER, RED), ("unknown", drawing.pattern("unknown"), LINE),
    ):  # fmt: skip
        words = w.text(f"trends.layer_{key}")
        drawing.rect((x, 6, 13, 11), fill, stroke)
        drawing.text((x + 18, 15.5), words, SOFT, 10.5)
        x += 34 + 5.5 * len(words)


def _draw_day(drawing: Drawing, frame: _Frame, at: int, day: Day) -> None:
    middle, counts, due = frame.middle(at), day.figures.counts, day.figures.due
    left, y = middle - frame.bar / 2, BASE
    for key, statuses in _LAYERS if due else ():
        part = TALL * sum(counts.get(status, 0) for status in statuses) / due
        y -= part
        if part:
            drawing.rect((left, y, frame.bar, part), *_layer(drawing, key))
    drawing.text((middle, TOP - 7), frame.label(percent_of(day.figures.done, due)), INK, 10.5, "*middle")
    if day.unknown:
        sunk = SUNK * day.unknown / (due + day.unknown)
        drawing.rect((left, BASE + 1.5, frame.bar, sunk), drawing.pattern("unknown"), LINE)
        drawing.text((middle, BASE + UNSEEN), str(day.unknown), INK, 10, "middle")
    none = "…" if day.still_open else "–"
    for words, below in ((str(day.figures.done), DONE), (str(due), DUE)):
        drawing.text((middle, BASE + below), words if due else none, INK if due else FAINT, 10, "middle")


def _layer(drawing: Drawing, key: str) -> tuple[str, str]:
    solid = {"fulfilled": (GREEN, GREEN), "missing": (PAPER, RED)}
    return solid.get(key) or (drawing.pattern(key), LINE)


def _dates(drawing: Drawing, frame: _Frame, days: Sequence[date], w: Wording, y: float) -> None:
    """Day and month where there is room; else the day, and the month where it begins."""
    wide = frame.pitch >= 38
    for at, day in enumerate(days):
        named = wide or at == 0 or day.day == 1
        drawing.text((frame.middle(at), y), w.short_day(day) if wide else str(day.day), SOFT, 10, "middle")
        if named and not wide:
            drawing.text((frame.middle(at), y - 11), w.short_day(day).split()[1], FAINT, 9, "middle")


def _days_table(days: Sequence[Day], w: Wording) -> tuple[tuple[str, ...], ...]:
    head = ("col_day", "col_done", "col_due", "col_share", "col_unknown", "col_open")
    rows = [
        (w.full_date(one.day), str(one.figures.done), str(one.figures.due),
         share_text(one.figures.done, one.figures.due, w), str(one.unknown), str(one.still_open))
        for one in days
    ]  # fmt: skip
    return (tuple(w.text(f"trends.{key}") for key in head), *rows)


def _pace_chart(paces: Sequence[Pace], w: Wording) -> Chart:
    shown = paces[-PANELS:]
    drawing = Drawing("pace", WIDTH, PANEL_HEIGHT * ceil(len(shown) / 3))
    for at, pace in enumerate(shown):
        _draw_panel(drawing, (at % 3 * (PANEL_WIDTH + 11), at // 3 * PANEL_HEIGHT), pace, w)
    title, about = w.text("trends.pace"), w.text("trends.pace_about")
    return Chart("pace", title, about, drawing.svg(title, about), _pace_table(paces, w))


def _draw_panel(drawing: Drawing, corner: tuple[float, float], pace: Pace, w: Wording) -> None:
    x, y = corner
    left, top, width, height = x + 30, y + 36, PANEL_WIDTH - 42, 84.0
    drawing.text((x, y + 13), shorten(pace.column.material.title, 36), INK, 11.5, "*start")
    drawing.text((x, y + 27), _panel_note(pace, w), SOFT, 10)
    for percent in (0, 50, 100):
        level = top + height * (1 - percent / 100)
        drawing.line((left, level), (left + width, level), FAINT if not percent else HAIR)
        drawing.text((left - 5, level + 3.5), f"{percent}", FAINT, 9, "end")
    for part in (0.0, 0.5, 1.0):
        hours = w.text("trends.hours", count=f"{pace.length_hours * part:g}") if part else "0"
        drawing.text((left + width * part, top + height + 13), hours, FAINT, 9, "middle" if part < 1 else "end")
    drawing.stair((left, top + height), _steps(pace, left, top, width, height), GREEN)


def _panel_note(pace: Pace, w: Wording) -> str:
    done, due = len(pace.hours), pace.figures.due
    told = f"{w.window(pace.column.window)} · {done}/{due} ({percent_of(done, due)})"
    unseen = pace.figures.counts.get(Status.UNKNOWN, 0)
    return f"{told} · {w.text('trends.unseen_count', count=unseen)}" if unseen else told


def _steps(pace: Pace, left: float, top: float, width: float, height: float) -> list[tuple[float, float]]:
    """Where the stair rises, a duty was shown; at last it runs on to the end of the window."""
    levels = [top + height * (1 - number / pace.figures.due) for number in range(len(pace.hours) + 1)]
    rises = [left + width * min(hours / pace.length_hours, 1.0) for hours in pace.hours]
    return [*zip(rises, levels[1:], strict=True), (left + width, levels[-1])]


def _pace_table(paces: Sequence[Pace], w: Wording) -> tuple[tuple[str, ...], ...]:
    within = tuple(w.text("trends.within", hours=hours) for hours in STEPS_HOURS)
    keys = ("col_material", "col_window", "col_due")
    head = (*(w.text(f"trends.{key}") for key in keys), *within, w.text("trends.col_end"), w.text("trends.col_unknown"))
    return (head, *(_pace_row(pace, w) for pace in paces))


def _pace_row(pace: Pace, w: Wording) -> tuple[str, ...]:
    due = pace.figures.due
    shares = (
        share_text(pace.shown_by(hours), due, w) if hours <= pace.length_hours else "" for hours in STEPS_HOURS
    )
    return (
        pace.column.material.title, w.window(pace.column.window), str(due), *shares,
        share_text(len(pace.hours), due, w), str(pace.figures.counts.get(Status.UNKNOWN, 0)),
    )  # fmt: skip


def _sight_chart(sights: Sequence[Sight], w: Wording) -> Chart:
    drawing, frame = Drawing("sight", WIDTH, BASE + 46), _Frame(len(sights))
    _grid(drawing)
    for at, (fill, key) in enumerate(((BLUE, "seen"), (drawing.pattern("unknown"), "unseen"))):
        drawing.rect((LEFT + at * 150, 6, 13, 11), fill, LINE)
        drawing.text((LEFT + at * 150 + 18, 15.5), w.text(f"trends.layer_{key}"), SOFT, 10.5)
    for at, one in enumerate(sights):
        _draw_sight(drawing, frame, at, one)
    _dates(drawing, frame, [one.day for one in sights], w, BASE + 22)
    drawing.text((LEFT - 12, BASE + 39), w.text("trends.row_accounts"), SOFT, 10.5, "end")
    title, about = w.text("trends.sight"), w.text("trends.sight_about")
    return Chart("sight", title, about, drawing.svg(title, about), _sight_table(sights, w))


def _draw_sight(drawing: Drawing, frame: _Frame, at: int, one: Sight) -> None:
    middle, left = frame.middle(at), frame.middle(at) - frame.bar / 2
    drawing.text((middle, BASE + 39), str(one.accounts) if one.accounts else "–", INK, 10, "middle")
    if not one.hours:
        return
    tall = TALL * one.seen / one.hours
    if tall < TALL:
        drawing.rect((left, TOP, frame.bar, TALL - tall), drawing.pattern("unknown"), LINE)
    if tall:
        drawing.rect((left, BASE - tall, frame.bar, tall), BLUE, BLUE)
    drawing.text((middle, TOP - 7), frame.label(percent_of(one.seen, one.hours)), INK, 10.5, "*middle")


def _sight_table(sights: Sequence[Sight], w: Wording) -> tuple[tuple[str, ...], ...]:
    head = tuple(w.text(f"trends.{key}") for key in ("col_day", "col_accounts", "col_hours", "col_seen", "col_share"))
    rows = [
        (w.full_date(one.day), str(one.accounts), f"{one.hours:.0f}", f"{one.seen:.0f}",
         share_text(one.seen, one.hours, w))
        for one in sights
    ]  # fmt: skip
    return (head, *rows)
