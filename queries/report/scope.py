"""All verdicts -> those that belong to a day's report, as a matrix of agencies and duties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crawler.items import Agency, Span
from pipelines.items import Campaign, Material, Status, Verdict

LOOK_BACK_DAYS = 7  # named in the report's method section (texts.toml)

# How statuses are listed everywhere: what was done, what was not, what cannot be said.
ORDER = (
    Status.FULFILLED, Status.CLEAR, Status.LATE, Status.EARLY, Status.INCOMPLETE, Status.MISSING,
    Status.VIOLATED, Status.REVIEW, Status.UNKNOWN, Status.PENDING, Status.EXEMPT,
)  # fmt: skip
DONE = frozenset({Status.FULFILLED, Status.CLEAR})
# Outside the headline: what cannot be judged yet, and bans, whose keeping would flatter the showing.
NOT_COUNTED = frozenset(
    {Status.PENDING, Status.EXEMPT, Status.UNKNOWN, Status.REVIEW, Status.CLEAR, Status.VIOLATED}
)


@dataclass(frozen=True, slots=True)
class Column:
    """One duty as many agencies have it: a material in a window."""

    number: int
    campaign_id: str
    campaign_title: str
    material: Material
    window: Span
    rule: str


@dataclass(frozen=True, slots=True)
class Row:
    """One agency; a cell is None where it has no duty in this report.

    `settled` says of each column whether the agency had fulfilled that duty before the day.
    """

    agency: Agency
    cells: tuple[Verdict | None, ...]
    settled: tuple[bool, ...]

    @property
    def is_partly_free(self) -> bool:
        """Whether some column is no duty of this agency at all."""
        return any(not (cell or was) for cell, was in zip(self.cells, self.settled, strict=True))


@dataclass(frozen=True, slots=True)
class Matrix:
    """The duties of a day: columns by window, rows in the registry's order."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def verdicts(self) -> list[Verdict]:
        """All cells, column by column."""
        return [row.cells[at] for at in range(len(self.columns)) for row in self.rows if row.cells[at]]  # type: ignore[misc]

    @property
    def counts(self) -> dict[Status, int]:
        """How many cells have which status, in ORDER, zeros left out."""
        counted = Counter(verdict.status for verdict in self.verdicts)
        return {status: counted[status] for status in ORDER if counted[status]}

    @property
    def done(self) -> int:
        """Cells that were shown as ordered."""
        return self.counts.get(Status.FULFILLED, 0)

    @property
    def due(self) -> int:
        """Cells of duties to show that can be judged already."""
        return sum(number for status, number in self.counts.items() if status not in NOT_COUNTED)


def local_day(day: date, zone: ZoneInfo) -> Span:
    """The instants of a local date."""
    tomorrow = day + timedelta(days=1)
    return Span(datetime.combine(day, time(), zone), datetime.combine(tomorrow, time(), zone))


def belongs(verdict: Verdict, today: Span) -> bool:
    """Whether a duty is part of the day's report: touches the day, or closed lately and is not fulfilled."""
    window = verdict.duty.window
    if window.start < today.end and window.end > today.start:
        return True
    lately = today.start - timedelta(days=LOOK_BACK_DAYS) < window.end <= today.start
    return lately and verdict.status not in DONE | {Status.EXEMPT}


def matrix_of(
    verdicts: Sequence[Verdict], campaigns: Sequence[Campaign], agencies: Sequence[Agency], today: Span
) -> Matrix:
    """The matrix of all that belongs to the day."""
    chosen = [verdict for verdict in verdicts if belongs(verdict, today)]
    columns = _columns(chosen, campaigns)
    keys = [_key(column) for column in columns]
    found = {(v.duty.agency_id, *_column_key(v)): v for v in chosen}
    settled = {(v.duty.agency_id, *_column_key(v)) for v in verdicts if v.status in DONE} - set(found)
    rows = [_row(agency, keys, found, settled) for agency in _known(agencies, chosen)]
    return Matrix(columns, tuple(row for row in rows if any(row.cells)))


Cell = tuple[str, str, str, datetime, datetime]  # agency and column


def _row(
    agency: Agency,
    keys: Sequence[tuple[str, str, datetime, datetime]],
    found: Mapping[Cell, Verdict],
    settled: Set[Cell],
) -> Row:
    cells = [(agency.agency_id, *key) for key in keys]
    return Row(agency, tuple(map(found.get, cells)), tuple(cell in settled for cell in cells))


def _columns(chosen: Sequence[Verdict], campaigns: Sequence[Campaign]) -> tuple[Column, ...]:
    titles = {campaign.campaign_id: campaign.title for campaign in campaigns}
    materials = {(m.campaign_id, m.material_id): m for campaign in campaigns for m in campaign.materials}
    kinds = {_column_key(verdict): verdict.duty for verdict in chosen}
    ordered = sorted(
        kinds.values(), key=lambda d: (d.window.start, d.window.end, d.campaign_id, d.material_id)
    )
    return tuple(
        Column(number, duty.campaign_id, titles.get(duty.campaign_id, duty.campaign_id),
               _material(materials, duty.campaign_id, duty.material_id), duty.window, duty.rule)
        for number, duty in enumerate(ordered, 1)
    )  # fmt: skip


def _material(known: Mapping[tuple[str, str], Material], campaign_id: str, material_id: str) -> Material:
    """A material that has left its campaign.toml still has verdicts: it is shown by its id."""
    return known.get((campaign_id, material_id)) or Material(campaign_id, material_id, material_id, "text")


def _known(agencies: Sequence[Agency], chosen: Sequence[Verdict]) -> list[Agency]:
    listed = {agency.agency_id for agency in agencies}
    strangers = sorted({verdict.duty.agency_id for verdict in chosen} - listed)
    return [*agencies, *(Agency(agency_id, agency_id, "") for agency_id in strangers)]


def _column_key(verdict: Verdict) -> tuple[str, str, datetime, datetime]:
    duty = verdict.duty
    return (duty.campaign_id, duty.material_id, duty.window.start, duty.window.end)


def _key(column: Column) -> tuple[str, str, datetime, datetime]:
    return (column.campaign_id, column.material.material_id, column.window.start, column.window.end)
