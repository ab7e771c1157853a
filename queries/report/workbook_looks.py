"""Statuses -> the look of their cells in the workbook: the page's colours, told apart without red and green."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.items import Status
from queries.report.sheets import Look, Shown
from queries.wording import Wording

# (ground, letters) as in page.css; a test holds the two together.
COLOURS: Mapping[Status, tuple[str, str]] = {
    Status.FULFILLED: ("#dcf0ea", "#0b6b57"),
    Status.CLEAR: ("#eef7f4", "#0b6b57"),
    Status.LATE: ("#fdebcf", "#8a4b00"),
    Status.EARLY: ("#dcebf8", "#1f5f99"),
    Status.INCOMPLETE: ("#fff6d1", "#7a5b00"),
    Status.MISSING: ("#b3261e", "#ffffff"),
    Status.VIOLATED: ("#5c0f0a", "#ffffff"),
    Status.REVIEW: ("#ebe4f8", "#5a3d99"),
    Status.PENDING: ("#ffffff", "#6a7382"),
    Status.UNKNOWN: ("#eceef1", "#4d5665"),
    Status.EXEMPT: ("#f7f8f9", "#667080"),
}
_BOLD = frozenset({Status.MISSING, Status.VIOLATED})
_HATCHED = {"pattern": 14, "fg_color": "#d3d8df"}  # thin stripes, as on the page


def look_of(status: Status) -> Look:
    """Ground and letters of a cell that says `status`."""
    ground, letters = COLOURS[status]
    hatch = _HATCHED if status is Status.UNKNOWN else {}
    return {"bg_color": ground, "font_color": letters, "bold": status in _BOLD, **hatch}


def status_cell(status: Status, wording: Wording) -> Shown:
    """The status in words, in its colours."""
    return Shown(wording.text(f"status.{status}"), look_of(status))
