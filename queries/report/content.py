"""A request -> everything the report says, before it is put into words: what page and JSON share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawler.items import Outcome, Span
from pipelines.alarms import Alarm
from pipelines.items import Status, Verdict
from queries.alarms import read_alarms
from queries.report.changes import Changes, changes_of
from queries.report.charts import Chart, draw_charts
from queries.report.decided import Decided, is_decided, read_decided, refusal_behind
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
    sign_behind,
)
from queries.report.history import (
    Stamp,
    read_coverage,
    read_earlier,
    read_former_names,
    read_head,
    read_reviewers,
    read_stamps,
)
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
from queries.report.unseen import Coverage, Obstacle, obstacles_of, since_opening
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


Series = tuple[str | None, str, str, str]  # post, campaign, material, agency


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """What is said; itself and no other. `head`: seq and hash of the ledger line that seals it.

    `explained`: the pictures beside the report, by post, campaign and material. `shared`: the windows for which one
    post stands, where it is more than one: before several windows it is early for each. `former`: earlier names of
    accounts.
    """

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
    head: tuple[int, str] | None = None
    visited: tuple[bool, ...] = ()
    shared: Mapping[Series, tuple[Span, ...]] = field(default_factory=dict)
    alarms: tuple[Alarm, ...] = ()
    stamps: tuple[Stamp, ...] = ()
    decided: tuple[Decided, ...] = ()
    former: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def calm(self) -> str:
        """The text to say where nothing stood in the way: that all was read only if every account was looked at."""
        if all(self.visited):
            return "unseen.nothing"
        return "unseen.not_all_visited" if any(self.visited) else "unseen.never_visited"

    def post_of(self, verdict: Verdict) -> PostFact | None:
        """The post a verdict rests on, in the state that showed the material."""
        return self.facts.shown(verdict.post_id, verdict.duty.campaign_id, verdict.duty.material_id)

    def is_edited_since(self, verdict: Verdict) -> bool:
        """Whether the post it rests on no longer stands as it did when the material was recognised."""
        duty = verdict.duty
        return (verdict.post_id or "", duty.campaign_id, duty.material_id) in self.facts.states

    def refused_of(self, verdict: Verdict) -> Decided | None:
        """The decision that a post is not the material, where nothing else stands for the duty."""
        return refusal_behind(verdict, self.decided)

    def is_marked(self, verdict: Verdict) -> bool:
        """Whether a person's decision has made the verdict what it is, by a yes or by a no."""
        return is_decided(verdict) or self.refused_of(verdict) is not None

    def sign_of(self, verdict: Verdict) -> SignFact | None:
        """The sign a verdict rests on: of its matcher, else the best."""
        duty = verdict.duty
        found = self.facts.signs.get((verdict.post_id or "", duty.campaign_id, duty.material_id), ())
        return sign_behind(found, verdict.matcher)

    def sight_of(self, verdict: Verdict) -> Sight | None:
        """When the post it rests on was first seen, and not yet, where that bears out the time it claims."""
        sight = self.sights.get(verdict.post_id or "")
        is_borne_out = sight and verdict.published_at and sight.bears_out(verdict.published_at)
        return sight if is_borne_out else None

    def explained_by(self, verdict: Verdict) -> str | None:
        """The file, beside the report, that explains what a verdict rests on."""
        duty = verdict.duty
        return self.explained.get((verdict.post_id or "", duty.campaign_id, duty.material_id))

    def also_for(self, verdict: Verdict) -> list[Span]:
        """The other windows of the same series for which the same post stands, in their order."""
        windows = self.shared.get(_series(verdict), ())
        return [window for window in windows if window != verdict.duty.window]

    @property
    def seal(self) -> str:
        """The head as `tayang audit --head` takes it; empty where nothing was sealed yet."""
        return f"{self.head[0]}:{self.head[1]}" if self.head else ""

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
    near = _near(matrix.verdicts, today)
    facts = read_facts(request.connection, ids, _until(near, request.as_of))
    visits = read_visits(request.connection, request.as_of)
    looks = read_looks(request.connection, request.as_of)
    coverage = read_coverage(request.connection, since_opening(request.verdicts, today.end))
    obstacles = obstacles_of(matrix.verdicts, looks, coverage, facts.unread)
    span = reported(today, request.days)
    media = MediaCoverage(count_outlets(request.connection), read_mentions(request.connection, span))
    trends = _trends(request, matrix, today, coverage)
    charts = draw_charts(trends, Wording(request.instance.language, request.instance.zone))
    return Content(
        request, matrix, facts, obstacles, health_of(visits), media,
        changes=_changes(request, today), trends=trends, charts=charts,
        sights=read_sights(request.connection, ids), head=read_head(request.connection, request.as_of),
        visited=tuple(look.outcome is not None for look in looks), shared=shared_posts(matrix.verdicts),
        alarms=read_alarms(request.connection, request.as_of), stamps=read_stamps(request.connection, request.as_of),
        decided=read_decided(request.connection, matrix.verdicts, near),
        former=read_former_names(request.connection),
    )  # fmt: skip


def shared_posts(verdicts: Sequence[Verdict]) -> dict[Series, tuple[Span, ...]]:
    """The windows of each series that rest on one post, where there is more than one."""
    found: dict[Series, tuple[Span, ...]] = {}
    for verdict in verdicts:
        if verdict.post_id:
            found[_series(verdict)] = (*found.get(_series(verdict), ()), verdict.duty.window)
    return {key: windows for key, windows in found.items() if len(windows) > 1}


def _series(verdict: Verdict) -> Series:
    duty = verdict.duty
    return (verdict.post_id, duty.campaign_id, duty.material_id, duty.agency_id)


def _changes(request: ReportRequest, today: Span) -> Changes:
    """Against what the last verification up to the end of the day before said."""
    earlier = read_earlier(request.connection, today.start)
    return changes_of(
        request.verdicts, earlier, read_reviewers(request.connection, earlier.as_of) if earlier else {}
    )


def _trends(request: ReportRequest, matrix: Matrix, today: Span, coverage: Coverage) -> Trends:
    """Of all verdicts of the request, not only those of the day's matrix."""
    verdicts, zone, as_of = request.verdicts, request.instance.zone, request.as_of
    week_ago = read_earlier(request.connection, today.end - timedelta(days=RANK_BACK_DAYS))
    ranking, unranked = ranking_of(verdicts, request.agencies, as_of, week_ago)
    season, strips = strips_of(verdicts, request.campaigns, request.agencies, today)
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


def _until(span: Span, end: datetime) -> Span:
    """The span as far as the report's instant: a past day's report does not speak of what was published after it."""
    return Span(span.start, max(span.start, min(span.end, end)))


def _near(verdicts: Sequence[Verdict], today: Span) -> Span:
    """The time in which an unread post could have mattered to one of the duties."""
    starts = [verdict.duty.window.start for verdict in verdicts]
    ends = [v.duty.window.end + timedelta(hours=v.duty.grace_hours) for v in verdicts]
    return Span(min(starts, default=today.start), max(ends, default=today.end))
