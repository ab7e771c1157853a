"""Verdicts of a whole season and coverage -> the numbers of the pictures: days, pace, ranking, strips, sight. Pure.

Shares are of duties that can be judged (`scope.is_judged`). What was not observed is counted beside, never below.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from crawler.items import Agency, Span
from pipelines.items import Campaign, Status, Verdict
from queries.report.history import Earlier
from queries.report.scope import JUDGED, Column, Figures, agencies_of, column_key, columns_of, figures_of, local_day

MOST_DAYS = 31  # of the pictures by day, the newest
MOST_DUTIES = 40  # of a season strip, the newest
RANK_BACK_DAYS = 7  # the ranking is set against the report so many days before


@dataclass(frozen=True, slots=True)
class Day:
    """The duties to show whose window closed on a local day; `still_open`: those that close on it but have not yet."""

    day: date
    figures: Figures
    still_open: int = 0

    @property
    def unknown(self) -> int:
        """Those that could not be observed."""
        return self.figures.counts.get(Status.UNKNOWN, 0)


@dataclass(frozen=True, slots=True)
class Pace:
    """One closed window: `hours` after its opening at which each fulfilled duty was shown, sorted.

    A duty fulfilled by a person's word has no time: it is in `figures.done`, not in `hours`.
    """

    column: Column
    figures: Figures
    hours: tuple[float, ...]

    @property
    def length_hours(self) -> float:
        """Of the window."""
        return (self.column.window.end - self.column.window.start).total_seconds() / 3600

    def shown_by(self, hours: float) -> int:
        """How many had been shown so many hours after the opening."""
        return sum(one <= hours for one in self.hours)


@dataclass(frozen=True, slots=True)
class Standing:
    """An agency's `done` of `due` duties over the season; equal shares share a `rank`, None = nothing can be judged."""

    agency_id: str
    name: str
    done: int
    due: int
    unknown: int = 0
    rank: int | None = None
    rank_before: int | None = None
    share_before: Fraction | None = None

    @property
    def share(self) -> Fraction:
        """Of the duties that can be judged; 0 where there is none."""
        return Fraction(self.done, self.due) if self.due else Fraction(0)


@dataclass(frozen=True, slots=True)
class Strip:
    """One agency's duties in the season's order; None where it has no such duty."""

    agency_id: str
    name: str
    statuses: tuple[Status | None, ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """How much of the accounts' time of a local day was read without a gap, in hours."""

    day: date
    accounts: int
    hours: float
    seen: float


@dataclass(frozen=True, slots=True)
class Trends:
    """All numbers of the pictures. `ranked_before`: what the ranking is set against, None = nothing was said then."""

    days: tuple[Day, ...] = ()
    paces: tuple[Pace, ...] = ()
    ranking: tuple[Standing, ...] = ()
    unranked: tuple[Standing, ...] = ()
    ranked_before: datetime | None = None
    season: tuple[Column, ...] = ()
    strips: tuple[Strip, ...] = ()
    sights: tuple[Sight, ...] = ()


def to_show(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Without bans."""
    return [verdict for verdict in verdicts if verdict.duty.rule == "must"]


def closed(verdicts: Iterable[Verdict], as_of: datetime) -> list[Verdict]:
    """Duties to show whose window has come to its end."""
    return [verdict for verdict in to_show(verdicts) if verdict.duty.window.end <= as_of]


def days_of(verdicts: Sequence[Verdict], day: date, zone: ZoneInfo, as_of: datetime) -> tuple[Day, ...]:
    """Every local day from the first closing to `day`, the newest MOST_DAYS; days without duties too."""
    by_day: dict[date, list[Verdict]] = defaultdict(list)
    for verdict in to_show(verdicts):
        by_day[_last_day(verdict.duty.window, zone)].append(verdict)
    first = min(by_day, default=day + timedelta(days=1))
    return tuple(_day(one, by_day.get(one, []), as_of) for one in _dates(first, day))


def _day(day: date, verdicts: Sequence[Verdict], as_of: datetime) -> Day:
    done = closed(verdicts, as_of)
    return Day(day, figures_of(done), len(verdicts) - len(done))


def _last_day(window: Span, zone: ZoneInfo) -> date:
    return (window.end - timedelta(microseconds=1)).astimezone(zone).date()


def _dates(first: date, last: date) -> list[date]:
    first = max(first, last - timedelta(days=MOST_DAYS - 1))
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def paces_of(columns: Sequence[Column], verdicts: Sequence[Verdict], as_of: datetime) -> tuple[Pace, ...]:
    """The report's windows that have closed and of which something can be judged."""
    by_column: dict[object, list[Verdict]] = defaultdict(list)
    for verdict in closed(verdicts, as_of):
        by_column[column_key(verdict)].append(verdict)
    found = [_pace(column, by_column.get(_key(column), [])) for column in columns]
    return tuple(pace for pace in found if pace.figures.due)


def _pace(column: Column, verdicts: Sequence[Verdict]) -> Pace:
    times = [v.published_at for v in verdicts if v.status is Status.FULFILLED and v.published_at]
    hours = [(time - column.window.start).total_seconds() / 3600 for time in times]
    return Pace(column, figures_of(verdicts), tuple(sorted(max(one, 0.0) for one in hours)))


def _key(column: Column) -> tuple[str, str, datetime, datetime]:
    return (column.campaign_id, column.material.material_id, column.window.start, column.window.end)


def ranking_of(
    verdicts: Sequence[Verdict], agencies: Sequence[Agency], as_of: datetime, earlier: Earlier | None
) -> tuple[tuple[Standing, ...], tuple[Standing, ...]]:
    """(ranked, not to be ranked) agencies that have duties to show, best first, then by name."""
    shown = to_show(verdicts)
    counts = _counts((v.duty.agency_id, v.status) for v in closed(verdicts, as_of))
    before = _before(shown, earlier)
    ids = {verdict.duty.agency_id for verdict in shown}
    standings = [
        _standing(agency, counts.get(agency.agency_id, Counter()), before)
        for agency in agencies_of(agencies, shown) if agency.agency_id in ids
    ]  # fmt: skip
    ranked = ranked_by_share([one for one in standings if one.due])
    rest = sorted((one for one in standings if not one.due), key=lambda one: (one.name, one.agency_id))
    return tuple(ranked), tuple(rest)


def _counts(pairs: Iterable[tuple[str, Status]]) -> dict[str, Counter[Status]]:
    counts: dict[str, Counter[Status]] = defaultdict(Counter)
    for agency_id, status in pairs:
        counts[agency_id][status] += 1
    return counts


def _before(verdicts: Sequence[Verdict], earlier: Earlier | None) -> dict[str, Standing]:
    """The ranking that `earlier` amounts to, of the duties that still exist."""
    if earlier is None:
        return {}
    said = [(v.duty.agency_id, earlier.said[v.duty.key]) for v in verdicts if v.duty.key in earlier.said]
    counts = _counts((agency, one.status) for agency, one in said if one.closes_at <= earlier.as_of)
    standings = [_standing(Agency(agency, agency, ""), count, {}) for agency, count in counts.items()]
    return {one.agency_id: one for one in ranked_by_share([one for one in standings if one.due])}


def _standing(agency: Agency, counts: Counter[Status], before: Mapping[str, Standing]) -> Standing:
    was, due = before.get(agency.agency_id), sum(counts[status] for status in JUDGED)  # all of closed windows
    return Standing(
        agency.agency_id, agency.name, counts[Status.FULFILLED], due, counts[Status.UNKNOWN],
        rank_before=was.rank if was else None, share_before=was.share if was else None,
    )  # fmt: skip


def ranked_by_share(standings: Iterable[Standing]) -> list[Standing]:
    """Best share first; equal shares share a rank, and the next rank counts them all (1, 1, 3)."""
    ordered = sorted(standings, key=lambda one: (-one.share, one.name, one.agency_id))
    better = Counter(one.share for one in ordered)
    ranks, passed = dict[Fraction, int](), 0
    for share in sorted(better, reverse=True):
        ranks[share] = passed + 1
        passed += better[share]
    return [_ranked(one, ranks[one.share]) for one in ordered]


def _ranked(one: Standing, rank: int) -> Standing:
    return Standing(
        one.agency_id, one.name, one.done, one.due, one.unknown, rank, one.rank_before, one.share_before
    )  # fmt: skip


def strips_of(
    verdicts: Sequence[Verdict], campaigns: Sequence[Campaign], agencies: Sequence[Agency], today: Span
) -> tuple[tuple[Column, ...], tuple[Strip, ...]]:
    """The season's windows that opened by the end of the day, the newest MOST_DUTIES; and a strip for each agency."""
    opened = [verdict for verdict in verdicts if verdict.duty.window.start < today.end]
    season = columns_of(opened, campaigns, today)[-MOST_DUTIES:]
    keys = [_key(column) for column in season]
    found = {(v.duty.agency_id, *column_key(v)): v.status for v in opened}
    strips = [
        Strip(one.agency_id, one.name, tuple(found.get((one.agency_id, *key)) for key in keys))
        for one in agencies_of(agencies, opened)
    ]
    return season, tuple(strip for strip in strips if any(strip.statuses))


def sights_of(
    verdicts: Sequence[Verdict], coverage: Mapping[str, Sequence[Span]], day: date, zone: ZoneInfo, as_of: datetime
) -> tuple[Sight, ...]:
    """Every local day from the first opening to `day`, the newest MOST_DAYS: hours of the duties' accounts."""
    accounts = _accounts(verdicts)
    openings = [verdict.duty.window.start.astimezone(zone).date() for verdict in verdicts]
    days = [(one, local_day(one, zone)) for one in _dates(min(openings, default=day + timedelta(days=1)), day)]
    spans = [(one, Span(span.start, min(span.end, as_of))) for one, span in days if span.start < as_of]
    return tuple(_sight(one, span, accounts, coverage) for one, span in spans)


def _accounts(verdicts: Sequence[Verdict]) -> dict[str, Span | None]:
    """The accounts that duties rest on, and the time in which each was an agency's (None = always)."""
    limits: dict[str, Span | None] = {}
    for verdict in verdicts:
        for account in verdict.duty.accounts:
            limit = verdict.duty.limits.get(account)
            limits[account] = _hull(limits[account], limit) if account in limits else limit
    return limits


def _hull(one: Span | None, other: Span | None) -> Span | None:
    return Span(min(one.start, other.start), max(one.end, other.end)) if one and other else None


def _sight(
    day: date, span: Span, accounts: Mapping[str, Span | None], coverage: Mapping[str, Sequence[Span]]
) -> Sight:
    held = {name: _overlap(span, limit) if limit else span for name, limit in accounts.items()}
    owed = {name: part for name, part in held.items() if part}
    seen = [_overlap(part, one) for name, part in owed.items() for one in coverage.get(name, ())]
    return Sight(day, len(owed), _hours(owed.values()), _hours(part for part in seen if part))


def _overlap(one: Span, other: Span) -> Span | None:
    start, end = max(one.start, other.start), min(one.end, other.end)
    return Span(start, end) if start < end else None


def _hours(spans: Iterable[Span]) -> float:
    return sum(((span.end - span.start) for span in spans), timedelta()).total_seconds() / 3600
