"""A request -> everything the report says, before it is put into words: what page and JSON share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawler.items import Outcome, Span
from pipelines.items import Status, Verdict
from queries.report.changes import Changes, changes_of
from queries.report.charts import Chart, draw_charts
from queries.report.facts import (
    Facts,
    MentionFact,
    PostFact,
    SignFact,
    SignKey,
    VisitFact,
    count_outlets,
    read_facts,
    read_looks,
    read_mentions,
    read_visits,
)
from queries.report.history import read_coverage, read_earlier, read_reviewers
from queries.report.request import ReportRequest
from queries.report.scope import Column, Matrix, local_day, matrix_of, reported
from queries.report.sights import Sight, read_sights
from queries.report.trends import (
    RANK_BACK_DAYS,
    Trends,
    days_of,
    paces_of,
    ranking_of,
    sights_of,
    strips_of,
)
from queries.report.unseen import Obstacle, obstacles_of
from queries.wording import Wording


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """Visits of the last run on one channel, by outcome."""

    channel: str
    outcomes: dict[str, int]
    posts_seen: int

    @property
    def visits(self) -> int:
        """All of them."""
        return sum(self.outcomes.values())


@dataclass(frozen=True, slots=True)
class Health:
    """The last run as its visits tell it; None of it where there was none."""

    run_id: str
    started_at: datetime
    finished_at: datetime
    channels: tuple[ChannelHealth, ...]


@dataclass(frozen=True, slots=True)
class Proofs:
    """The verdicts of one duty that rest on a post: `lines` are told in a line each, `cards` with pictures."""

    column: Column
    cards: tuple[Verdict, ...]
    lines: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class MediaCoverage:
    """What news media wrote in the reported time; `outlets` = how many are asked, 0 = none is registered."""

    outlets: int = 0
    mentions: tuple[MentionFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """What is said. `explained`: the pictures beside the report, by post, campaign and material."""

    request: ReportRequest
    matrix: Matrix
    facts: Facts
    obstacles: tuple[Obstacle, ...]
    health: Health | None
    media: MediaCoverage = MediaCoverage()
    explained: Mapping[SignKey, str] = field(default_factory=dict)
    changes: Changes = field(default_factory=Changes)
    trends: Trends = field(default_factory=Trends)
    charts: tuple[Chart, ...] = ()
    sights: Mapping[str, Sight] = field(default_factory=dict)
    is_all_visited: bool = True

    @property
    def calm(self) -> str:
        """The text to say where nothing stood in the way: that all was read only if every account was looked at."""
        return "unseen.nothing" if self.is_all_visited else "unseen.not_all_visited"

    def post_of(self, verdict: Verdict) -> PostFact | None:
        """The post a verdict rests on, as the store holds it."""
        return self.facts.posts.get(verdict.post_id or "")

    def sign_of(self, verdict: Verdict) -> SignFact | None:
        """The sign a verdict rests on: of its matcher, else the best."""
        duty = verdict.duty
        found = self.facts.signs.get((verdict.post_id or "", duty.campaign_id, duty.material_id), ())
        return next((sign for sign in found if sign.matcher == verdict.matcher), found[0] if found else None)

    def sight_of(self, verdict: Verdict) -> Sight | None:
        """When the post it rests on was first seen, and not yet, where that bears out the time it claims."""
        sight = self.sights.get(verdict.post_id or "")
        is_borne_out = sight and verdict.published_at and sight.bears_out(verdict.published_at)
        return sight if is_borne_out else None

    def explained_by(self, verdict: Verdict) -> str | None:
        """The file, beside the report, that explains what a verdict rests on."""
        duty = verdict.duty
        return self.explained.get((verdict.post_id or "", duty.campaign_id, duty.material_id))

    def proofs(self) -> list[Proofs]:
        """Duty by duty, those that have any."""
        found = [self._proofs_of(column) for column in self.matrix.columns]
        return [one for one in found if one.cards or one.lines]

    def _proofs_of(self, column: Column) -> Proofs:
        """What was fulfilled on an earlier day was shown large in that day's report."""
        shown = [verdict for verdict in self.matrix.verdicts_of(column) if verdict.post_id]
        brief = [] if column.is_today else [v for v in shown if v.status is Status.FULFILLED]
        return Proofs(column, tuple(v for v in shown if v not in brief), tuple(brief))


def content_of(request: ReportRequest) -> Content:
    """Choose, read and put together."""
    today = local_day(request.day, request.instance.zone)
    matrix = matrix_of(request.verdicts, request.campaigns, request.agencies, today, request.days)
    ids = [verdict.post_id for verdict in matrix.verdicts if verdict.post_id]
    facts = read_facts(request.connection, ids, _near(matrix.verdicts, today))
    visits = read_visits(request.connection)
    looks = read_looks(request.connection)
    obstacles = obstacles_of(matrix.verdicts, looks)
    span = reported(today, request.days)
    media = MediaCoverage(count_outlets(request.connection), read_mentions(request.connection, span))
    trends = _trends(request, matrix, today)
    charts = draw_charts(trends, Wording(request.instance.language, request.instance.zone))
    return Content(
        request, matrix, facts, obstacles, health_of(visits), media,
        changes=_changes(request, today), trends=trends, charts=charts,
        sights=read_sights(request.connection, ids), is_all_visited=all(look.outcome is not None for look in looks),
    )  # fmt: skip


def _changes(request: ReportRequest, today: Span) -> Changes:
    """Against what the last verification up to the end of the day before said."""
    earlier = read_earlier(request.connection, today.start)
    return changes_of(
        request.verdicts, earlier, read_reviewers(request.connection, earlier.as_of) if earlier else {}
    )


def _trends(request: ReportRequest, matrix: Matrix, today: Span) -> Trends:
    """Of all verdicts of the request, not only those of the day's matrix."""
    verdicts, zone, as_of = request.verdicts, request.instance.zone, request.as_of
    week_ago = read_earlier(request.connection, today.end - timedelta(days=RANK_BACK_DAYS))
    ranking, unranked = ranking_of(verdicts, request.agencies, as_of, week_ago)
    season, strips = strips_of(verdicts, request.campaigns, request.agencies, today)
    openings = [verdict.duty.window.start for verdict in verdicts]
    coverage = read_coverage(request.connection, Span(min(openings, default=today.start), today.end))
    return Trends(
        days_of(verdicts, request.day, zone, as_of), paces_of(matrix.columns, verdicts, as_of),
        ranking, unranked, week_ago.as_of if week_ago else None, season, strips,
        sights_of(verdicts, coverage, request.day, zone, as_of),
    )  # fmt: skip


def health_of(visits: Sequence[VisitFact]) -> Health | None:
    """The last run by channel and outcome, outcomes in the contract's order."""
    if not visits:
        return None
    channels = sorted({visit.channel for visit in visits})
    return Health(
        visits[0].run_id,
        min(visit.started_at for visit in visits), max(visit.finished_at for visit in visits),
        tuple(_channel(name, [visit for visit in visits if visit.channel == name]) for name in channels),
    )  # fmt: skip


def _channel(name: str, visits: Sequence[VisitFact]) -> ChannelHealth:
    counts = {outcome.value: sum(visit.outcome == outcome for visit in visits) for outcome in Outcome}
    return ChannelHealth(name, {o: n for o, n in counts.items() if n}, sum(visit.posts_seen for visit in visits))


def _near(verdicts: Sequence[Verdict], today: Span) -> Span:
    """The time in which an unread post could have mattered to one of the duties."""
    starts = [verdict.duty.window.start for verdict in verdicts]
    ends = [v.duty.window.end + timedelta(hours=v.duty.grace_hours) for v in verdicts]
    return Span(min(starts, default=today.start), max(ends, default=today.end))
