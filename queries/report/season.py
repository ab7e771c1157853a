"""The report's content -> what changed and the pictures of the season, as plain data for the report on paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from queries.report.changes import Change, Group
from queries.report.chart import Chart
from queries.report.content import Content
from queries.report.headline import told_trends
from queries.report.page import Page

MOST_CHANGES = 40  # of one group; all are in report.json
CLOSING = frozenset({Group.CLOSED_MISSING, Group.CLOSED_UNKNOWN})

Data = dict[str, Any]


class Season:
    """What report.typ names of changes and trends."""

    def __init__(self, content: Content, page: Page) -> None:
        self.content = content
        self.page = page
        self.t = page.wording.text

    def changes(self) -> Data:
        """Group by group, as on the page."""
        changes = self.content.changes
        if changes.since is None:
            return {"note": self.t("changes.none_before"), "groups": []}
        nothing = "" if changes.found else f" {self.t('changes.nothing')}"
        since = self.t("changes.since", time=self.page.wording.moment(changes.since))
        return {
            "note": since + nothing, "groups": [self._group(key, found) for key, found in changes.by_group().items()],
        }  # fmt: skip

    def trends(self) -> Data:
        """The pictures with what they show."""
        charts = [{"title": one.title, "about": one.description, **_files(one)} for one in self.content.charts]
        return {"note": told_trends(self.content, self.page.wording), "charts": charts}

    def pictures(self) -> Mapping[str, bytes]:
        """SVG by the names that `trends` calls them."""
        return {_file(name): svg.encode() for one in self.content.charts for name, svg in one.svgs.items()}

    def words(self) -> Mapping[str, str]:
        """Headings and column titles."""
        keys = ("changes.heading", "changes.change", "trends.heading")
        return {key.replace(".", "_"): self.t(key) for key in keys}

    def _group(self, group: Group, found: list[Change]) -> Data:
        lacking = len(found) - MOST_CHANGES
        return {
            "title": f"{self.t(f'changes.{group}')} ({len(found)})",
            "note": self.t("changes.closing_note") if group in CLOSING else None,
            "entries": [self._change(one) for one in found[:MOST_CHANGES]],
            "more": self.t("unseen.more", count=lacking) if lacking > 0 else None,
        }  # fmt: skip

    def _change(self, one: Change) -> Data:
        duty = one.verdict.duty
        before = self.t(f"status.{one.before.status}") if one.before else self.t("changes.nothing_said")
        return {
            "agency": self.page.names.get(duty.agency_id, duty.agency_id), "material": self.page.material(one.verdict),
            "window": self.page.wording.window(duty.window), "before": before, "status": one.verdict.status.value,
            "note": self.page.change_note(one),
        }  # fmt: skip


def _files(chart: Chart) -> Data:
    """The names of a picture: of the whole, or of its pieces where it may go over several pages."""
    pieces = chart.pieces
    if pieces is None:
        return {"whole": _file(chart.key), "head": None, "rows": [], "foot": None}
    rows = [_file(f"{chart.key}-{at}") for at in range(len(pieces.rows))]
    foot = _file(f"{chart.key}-foot") if pieces.foot else None
    return {"whole": None, "head": _file(f"{chart.key}-head"), "rows": rows, "foot": foot}


def _file(key: str) -> str:
    return f"pictures/trend-{key}.svg"
