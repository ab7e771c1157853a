"""All verdicts -> those of a day's report, whatever their status, as a matrix of agencies and duties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crawler.items import Agency, Span
from pipelines.items import Campaign, Material, Status, Verdict

UPRIGHT = 6  # columns of a matrix that an upright sheet has room for
LOOK_BACK_DAYS = 7  # of a daily report; one of a span is asked for with its own

# How statuses are listed everywhere: what was done, what was not, what cannot be said.
ORDER = (
    Status.FULFILLED, Status.CLEAR, Status.LATE, Status.EARLY, Status.INCOMPLETE, Status.MISSING,
    Status.VIOLATED, Status.REVIEW, Status.UNKNOWN, Status.PENDING, Status.EXEMPT,
)  # fmt: skip
# The statuses that a share counts. Bans have none of them: their keeping would flatter the showing.
JUDGED = frozenset({Status.FULFILLED, Status.LATE, Status.EARLY, Status.INCOMPLETE, Status.MISSING})


@dataclass(frozen=True, slots=True)
class Column:
    """One duty as many agencies have it: a material in a window; `is_today`: the window touches the day."""

    number: int
    campaign_id: str
    campaign_title: str
    material: Material
    window: Span
    rule: str
    is_today: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One agency; a cell is None where it has no such duty."""

    agency: Agency
    cells: tuple[Verdict | None, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """How many duties stand where: `counts` of all, `judged` of those that a share counts; in ORDER, without zeros.

    `bans`: how many of all are duties not to show something.
    """

    counts: Mapping[Status, int]
    judged: Mapping[Status, int]
    bans: int = 0

    @property
    def duties(self) -> int:
        """All of them."""
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        """Those judged that were shown as ordered."""
        return self.judged.get(Status.FULFILLED, 0)

    @property
    def due(self) -> int:
        """Those that can be judged: what a share is of."""
        return sum(self.judged.values())

    @property
    def has_bans_only(self) -> bool:
        """Whether nothing was to be shown, so that there is nothing to share."""
        return 0 < self.duties == self.bans

    @property
    def ahead(self) -> int:
        """Those shown as ordered whose window is still open: told beside the share, never within."""
        return self.counts.get(Status.FULFILLED, 0) - self.done


@dataclass(frozen=True, slots=True)
class Matrix:
    """The duties of a day: columns by window, rows in the registry's order."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def is_wide(self) -> bool:
        """Whether a browser prints it on a sheet that lies on its side."""
        return len(self.columns) > UPRIGHT

    @property
    def campaigns(self) -> int:
        """How many different ones the columns have."""
        return len({column.campaign_id for column in self.columns})

    @property
    def verdicts(self) -> list[Verdict]:
        """All cells, column by column."""
        return [verdict for column in self.columns for verdict in self.verdicts_of(column)]

    def verdicts_of(self, column: Column) -> list[Verdict]:
        """The cells of one column, top to bottom."""
        cells = (row.cells[column.number - 1] for row in self.rows)
        return [verdict for verdict in cells if verdict]

    @property
    def figures(self) -> Figures:
        """Of the whole report."""
        return figures_of(self.verdicts)

    @property
    def todays(self) -> Figures:
        """Of the day's own columns."""
        return figures_of([v for column in self.columns if column.is_today for v in self.verdicts_of(column)])


def figures_of(verdicts: Sequence[Verdict]) -> Figures:
    """Verdicts counted by status."""
    counted = Counter(verdict.status for verdict in verdicts)
    judged = Counter(one.status for one in verdicts if is_judged(one.status, one.duty.window.end, one.as_of))
    bans = sum(verdict.duty.rule != "must" for verdict in verdicts)
    return Figures(_in_order(counted), _in_order(judged), bans)


def is_judged(status: Status, closes_at: datetime, as_of: datetime) -> bool:
    """Whether a share counts a duty that stood so at `as_of`. The one rule of every share; docs/sql.md says it too.

    The window has closed: of an open one the kept promises alone would flatter, and `early` or `incomplete` alone would
    accuse who has time left. Grace plays no part: `late` is no more in time than `missing`.
    """
    return status in JUDGED and closes_at <= as_of


def _in_order(counted: Counter[Status]) -> dict[Status, int]:
    return {status: counted[status] for status in ORDER if counted[status]}


def local_day(day: date, zone: ZoneInfo) -> Span:
    """The instants of a local date."""
    tomorrow = day + timedelta(days=1)
    return Span(datetime.combine(day, time(), zone), datetime.combine(tomorrow, time(), zone))


def reported(today: Span, days: int = LOOK_BACK_DAYS) -> Span:
    """The time a report is about: the `days` before the day, and the day itself."""
    return Span(today.start - timedelta(days=days), today.end)


def touches(window: Span, span: Span) -> bool:
    """Whether the two have an instant in common."""
    return window.start < span.end and window.end > span.start


def matrix_of(
    verdicts: Sequence[Verdict], campaigns: Sequence[Campaign], agencies: Sequence[Agency], today: Span,
    days: int = LOOK_BACK_DAYS,
) -> Matrix:  # fmt: skip
    """The matrix of every duty whose window touches the reported time.

    The status plays no part in the choice: leaving out the kept duties, or the failed ones, would bend the share.
    """
    chosen = [verdict for verdict in verdicts if touches(verdict.duty.window, reported(today, days))]
    columns = columns_of(chosen, campaigns, today)
    keys = [_key(column) for column in columns]
    found = {(v.duty.agency_id, *column_key(v)): v for v in chosen}
    rows = [
        Row(agency, tuple(found.get((agency.agency_id, *key)) for key in keys))
        for agency in agencies_of(agencies, chosen)
    ]
    return Matrix(columns, tuple(row for row in rows if any(row.cells)))


def columns_of(chosen: Sequence[Verdict], campaigns: Sequence[Campaign], today: Span) -> tuple[Column, ...]:
    """The duties of these verdicts, each once, by window; numbered from 1."""
    titles = {campaign.campaign_id: campaign.title for campaign in campaigns}
    materials = _told_apart(campaigns, {verdict.duty.campaign_id for verdict in chosen})
    kinds = {column_key(verdict): verdict.duty for verdict in chosen}
    ordered = sorted(kinds.values(), key=lambda d: (d.window.start, d.window.end, d.campaign_id, d.material_id))
    return tuple(
        Column(number, duty.campaign_id, titles.get(duty.campaign_id, duty.campaign_id),
               _material(materials, duty.campaign_id, duty.material_id), duty.window, duty.rule,
               touches(duty.window, today))
        for number, duty in enumerate(ordered, 1)
    )  # fmt: skip


def _told_apart(campaigns: Sequence[Campaign], wanted: set[str]) -> dict[tuple[str, str], Material]:
    """The materials by campaign and id; where two campaigns of one report give one title, the campaign's follows it."""
    found = [(campaign, one) for campaign in campaigns if campaign.campaign_id in wanted for one in campaign.materials]
    users = Counter(title for title, _ in {(one.title, campaign.campaign_id) for campaign, one in found})
    return {
        (one.campaign_id, one.material_id):
            replace(one, title=f"{one.title} ({campaign.title})") if users[one.title] > 1 else one
        for campaign, one in found
    }  # fmt: skip


def _material(known: Mapping[tuple[str, str], Material], campaign_id: str, material_id: str) -> Material:
    """A material that has left its campaign.toml still has verdicts: it is shown by its id."""
    return known.get((campaign_id, material_id)) or Material(campaign_id, material_id, material_id, "text")


def agencies_of(agencies: Sequence[Agency], chosen: Sequence[Verdict]) -> list[Agency]:
    """The registry's agencies in its order, then those that only verdicts know."""
    listed = {agency.agency_id for agency in agencies}
    strangers = sorted({verdict.duty.agency_id for verdict in chosen} - listed)
    return [*agencies, *(Agency(agency_id, agency_id, "") for agency_id in strangers)]


def column_key(verdict: Verdict) -> tuple[str, str, datetime, datetime]:
    """What duties of one column have in common."""
    duty = verdict.duty
    return (duty.campaign_id, duty.material_id, duty.window.start, duty.window.end)


def _key(column: Column) -> tuple[str, str, datetime, datetime]:
    return (column.campaign_id, column.material.material_id, column.window.start, column.window.end)
