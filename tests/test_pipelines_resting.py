"""News sites on which no verdict rests today -> few questions; what the report says stays what it would have been."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.coverage import SETTLING, Listing, conclude
from crawler.discovery.proof import without_foot
from crawler.items import Account, Outcome, Quality, Span
from pipelines.items import Candidate, Decision, Duty, Known, Status
from pipelines.judge import judge
from pipelines.plan import wanted_starts
from pipelines.resting import PROVED_EVERY, Looks, Resting
from tests.test_pipelines_plan import workspace

NOW = datetime(2026, 11, 20, 5, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
KEY = "news:https://a.example"
LOOKBACK = 3 * DAY
PROVED = (Span(NOW - 9 * DAY, NOW - DAY),)
LOOKED = Looks(ended_at=NOW - DAY + HOUR)


def duty(opens: datetime, hours: float = 24, **fields: object) -> Duty:
    return Duty("c", "m", "a", Span(opens, opens + hours * HOUR), accounts=(KEY,), **fields)  # type: ignore[arg-type]


def since(*duties: Duty, spans: tuple[Span, ...] = PROVED, looks: Looks = LOOKED) -> datetime | None:
    return Resting({KEY: looks}, duties, {KEY: spans}, LOOKBACK).since(KEY, NOW)


BEARING = {
    "open": duty(NOW - HOUR),
    "opens within a day": duty(NOW + 20 * HOUR),
    "closed and not proved": duty(NOW - 40 * HOUR),
    "proved, but a late post would still count": duty(NOW - 5 * DAY, grace_hours=24 * 7),
    "proved, but the post must still stand": duty(NOW - 5 * DAY, keep_hours=24 * 7),
    "closed and proved within the days that looks read again": duty(NOW - 3 * DAY - HOUR),
    "grace was not read to its end": duty(NOW - 4 * DAY, grace_hours=60),
    "a ban": duty(NOW - HOUR, rule="must_not"),
    "exempt today": duty(NOW - HOUR, exempt_reason="letter"),
}  # fmt: skip


@pytest.mark.parametrize("case", BEARING)
def test_a_duty_that_is_near_open_or_unproved_wants_proof(case: str) -> None:
    """Each of these alone, whatever else is settled."""
    assert since(BEARING[case]) is None
    assert since(duty(NOW - 6 * DAY), BEARING[case]) is None


@pytest.mark.parametrize("rest", [(), (duty(NOW - 6 * DAY),), (duty(NOW + 25 * HOUR),), (duty(NOW - 60 * DAY),)])
def test_nothing_rests_on_a_day_between_proved_and_distant_windows(rest: tuple[Duty, ...]) -> None:
    """A window proved to its end, one not of tomorrow, one given up two weeks after its end."""
    assert since(*rest) == LOOKED.ended_at


def test_a_site_must_have_been_read_whole_lately() -> None:
    """Not where no time is proved, where the proof is a week old, or where the last look lacked something."""
    old = Span(NOW - 30 * DAY, NOW - PROVED_EVERY)

    assert since(spans=()) is None
    assert since(spans=(old,)) is None
    assert since(spans=(Span(old.start, old.end + HOUR),)) == LOOKED.ended_at
    assert since(looks=Looks()) is None
    assert Resting({}, (), {KEY: PROVED}, LOOKBACK).since(KEY, NOW) is None


def test_the_next_proof_reaches_over_the_time_that_was_not_asked_for() -> None:
    """As far back as the look after the last proof would have, within two weeks; without such looks as ever."""
    start = NOW - LOOKBACK
    rested = Looks(asked_little_at=NOW - 2 * HOUR)

    def begins(looks: Looks, spans: tuple[Span, ...]) -> datetime:
        return Resting({KEY: looks}, (), {KEY: spans}, LOOKBACK).reads_from(KEY, start, NOW)

    assert begins(rested, PROVED) == PROVED[-1].end - LOOKBACK
    assert begins(rested, (Span(NOW - 90 * DAY, NOW - 60 * DAY),)) == NOW - 14 * DAY
    assert begins(Looks(asked_little_at=NOW - 8 * DAY), PROVED) == start
    assert begins(LOOKED, PROVED) == start


# A site, its runs and its reports, as plain values: what the plan decides is what is tested.


@dataclass(frozen=True)
class Shown:
    """An article: when it came out, whether it bears the material, and whether the front page shows it."""

    at: datetime
    bears: bool = False
    is_hidden: bool = False


@dataclass
class Watch:
    """One account as run after run sees it, with the saving or without."""

    articles: tuple[Shown, ...]
    feed_size: int | None  # None = REST, which reaches back to wherever it is asked
    saves: bool
    spans: tuple[Span, ...] = ()
    met: set[Shown] = field(default_factory=set)
    looks: Looks | None = None
    front: frozenset[Shown] = frozenset()
    questions: int = 0

    def run(self, duties: Sequence[Duty], now: datetime, answers: bool = True) -> list[str]:
        """One run: a look at the site, and what the report says then."""
        coverage = {KEY: self.spans}
        resting = Resting({KEY: self.looks} if self.looks else {}, duties, coverage, LOOKBACK)
        start = wanted_starts(workspace(*duties, accounts=(Account("a", "news", KEY[5:]),)), coverage, now)[KEY]
        if not answers:
            self._note(now, is_whole=False)
        elif self.saves and resting.since(KEY, now) and self._front_at(now) <= self.front:
            self.questions += 1
            self._note(now, is_whole=True, asked_little=True)
        else:
            self._read(resting.reads_from(KEY, start, now) if self.saves else start, now)
        return [judge(one, self._known(one), now).status.value for one in duties]

    def _front_at(self, now: datetime) -> frozenset[Shown]:
        return frozenset([one for one in self.articles if one.at <= now and not one.is_hidden][-8:])

    def _read(self, since: datetime, now: datetime) -> None:
        self.questions += 3
        listed = sorted((one for one in self.articles if one.at <= now), key=lambda one: one.at, reverse=True)
        listed = listed[: self.feed_size] if self.feed_size else [one for one in listed if one.at >= since]
        order = tuple(one.at for one in listed)
        whole = Listing(order, ended=True, total=len(order), confirmed=True)
        listing = Listing(without_foot(order), confirmed=True) if self.feed_size else whole
        outcome, span, _ = conclude(listing, since, now, None)
        self.met |= {one for one in listed if one.at >= since}
        self.spans = _merged((*self.spans, span)) if span else self.spans
        self._note(now, is_whole=outcome is Outcome.COMPLETE)

    def _note(self, now: datetime, is_whole: bool, asked_little: bool = False) -> None:
        before = self.looks.asked_little_at if self.looks else None
        self.looks = Looks(now if asked_little else before, now if is_whole else None)
        self.front = self._front_at(now) if is_whole else self.front

    def _known(self, one: Duty) -> Known:
        kind = Quality.DECLARED
        posts = [
            Candidate(str(shown.at), KEY, "u", shown.at, shown.at, kind, Decision.MATCH)
            for shown in self.met
            if shown.bears
        ]
        return Known(tuple(posts), {KEY: self.spans})


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    found: list[Span] = []
    for one in sorted(spans, key=lambda span: (span.start, span.end)):
        if found and one.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return tuple(found)


LONG_AGO = tuple(Shown(NOW - 60 * DAY - n * DAY) for n in reversed(range(12)))
WINDOWS = st.builds(
    lambda opens, hours, grace, keep, rule: duty(
        NOW + opens * HOUR, hours, grace_hours=grace, keep_hours=keep, rule=rule
    ),
    st.integers(24, 24 * 30), st.sampled_from([6, 24, 72]), st.sampled_from([0, 0, 30]),
    st.sampled_from([0, 0, 48]), st.sampled_from(["must", "must", "must_not"]),
)  # fmt: skip
SHOWN = st.lists(st.tuples(st.integers(1, 24 * 34), st.booleans(), st.booleans()), max_size=8)


@settings(max_examples=100, deadline=None)
@given(
    windows=st.lists(WINDOWS, min_size=1, max_size=3), shown=SHOWN, has_feed=st.booleans(),
    every=st.sampled_from([8, 12, 24]), deaf=st.sets(st.integers(3, 80), max_size=4),
)  # fmt: skip
def test_every_report_of_a_window_that_has_opened_says_what_it_would_have_said(
    windows: list[Duty], shown: list[tuple[int, bool, bool]], has_feed: bool, every: int, deaf: set[int]
) -> None:
    """Day by day, with the saving and without: REST and feeds, articles that the front page does not show, looks that
    were refused, grace, keeping times and bans. (A feed forgets what no look saw: there nothing is hidden.)"""
    news = sorted({Shown(NOW + at * HOUR, bears, hides and not has_feed) for at, bears, hides in shown},
                  key=lambda one: one.at)  # fmt: skip
    saving, asking = (Watch((*LONG_AGO, *news), 15 if has_feed else None, saves) for saves in (True, False))
    for number in range(36 * 24 // every):
        now = NOW + number * every * HOUR
        said, would = (watch.run(windows, now, number not in deaf) for watch in (saving, asking))
        for one, ours, theirs in zip(windows, said, would, strict=True):
            assert ours == theirs or now < one.window.start
    for watch in (saving, asking):  # some window far behind all: at the latest now everything is read
        watch.run((duty(now),), now)
    assert saving.met >= {one for one in asking.met if one.bears}
    assert saving.questions <= asking.questions


def test_a_campaign_that_is_ordered_afterwards_is_judged_in_the_same_run() -> None:
    """Its window lies in days that were not proved: the look of that run reads them first."""
    watch = Watch(LONG_AGO, None, saves=True)
    late = duty(NOW + 3 * DAY)
    for day in range(5):
        watch.run((), NOW + day * DAY)
    assert watch.spans[-1].end < late.window.start

    assert watch.run((late,), NOW + 5 * DAY) == [Status.MISSING.value]
    assert watch.spans[-1].end == NOW + 5 * DAY - SETTLING


def test_most_days_of_a_month_with_one_window_a_week_ask_little() -> None:
    """With a window of a day in each week, the look before it, and three days after prove.
    Two of seven ask little; without any window six of seven do."""
    busy, idle = (Watch(LONG_AGO, None, saves=True) for _ in range(2))
    weekly = [duty(NOW + week * 7 * DAY) for week in range(1, 5)]
    for day in range(28):
        busy.run(weekly, NOW + day * DAY + HOUR)
        idle.run((), NOW + day * DAY + HOUR)

    assert (idle.questions, busy.questions) == (28 + 2 * 4, 28 + 2 * 17)
