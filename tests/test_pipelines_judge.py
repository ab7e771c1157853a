"""The rule: every status of the contract, and the edges where a wrong word would hurt."""

# ruff: noqa: E501 - a truth table is read by rows

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Cause, Quality, Span
from pipelines.items import Blindness, Candidate, Decision, Duty, DutyReview, Known, Status
from pipelines.judge import judge

OPENS = datetime(2024, 4, 24, tzinfo=UTC)
CLOSES = datetime(2024, 4, 25, tzinfo=UTC)
HOUR = timedelta(hours=1)
DUTY = Duty("k", "m", "a", Span(OPENS, CLOSES), grace_hours=48, accounts=("instagram:a",))
WHOLE = {"instagram:a": (Span(OPENS - HOUR, CLOSES + HOUR),)}
AFTER = CLOSES + 72 * HOUR


def post(at: datetime, decision: Decision = Decision.MATCH, **more: object) -> Candidate:
    whole = Candidate("p", "instagram:a", "https://x/p", at, at, Quality.EXACT, decision, "image", 0.9)
    return replace(whole, **more)


def said(
    *posts: Candidate, duty: Duty = DUTY, as_of: datetime = AFTER, coverage: object = WHOLE, **more: object
) -> str:
    verdict = judge(duty, Known(posts, coverage, **more), as_of)  # type: ignore[arg-type]
    return f"{verdict.status} {verdict.reason}".strip()


BAN = replace(DUTY, rule="must_not")
TRUTH = {
    "on time": (said(post(OPENS)), "fulfilled"),
    "last instant": (said(post(CLOSES - timedelta(microseconds=1))), "fulfilled"),
    "closing instant is outside": (said(post(CLOSES)), "late"),
    "end of grace is outside": (said(post(CLOSES + 48 * HOUR)), "missing"),
    "last instant of grace": (said(post(CLOSES + 48 * HOUR - timedelta(seconds=1))), "late"),
    "before opening": (said(post(OPENS - timedelta(seconds=1))), "early"),
    "a post of an earlier window is not early": (
        said(post(OPENS - HOUR), duty=replace(DUTY, taken=(Span(OPENS - 9 * HOUR, OPENS),))), "missing"),
    "before the earlier window is early": (
        said(post(OPENS - 10 * HOUR), duty=replace(DUTY, taken=(Span(OPENS - 9 * HOUR, OPENS),))), "early"),
    "an earlier window's grace does not take from this one": (
        said(post(OPENS), duty=replace(DUTY, taken=(Span(OPENS - 9 * HOUR, CLOSES),))), "fulfilled"),
    "required elements missing": (said(post(OPENS, lacking=("#x",))), "incomplete #x"),
    "complete beats earlier incomplete": (said(post(OPENS, lacking=("#x",)), post(OPENS + HOUR, post_id="q")), "fulfilled"),
    "on time incomplete beats late complete": (said(post(OPENS, lacking=("#x",)), post(CLOSES)), "incomplete #x"),
    "late complete beats late incomplete": (said(post(CLOSES, lacking=("#x",)), post(CLOSES + HOUR)), "late"),
    "late beats early": (said(post(OPENS - HOUR), post(CLOSES)), "late"),
    "early beats a doubtful sign": (said(post(OPENS - HOUR), post(OPENS, Decision.REVIEW)), "early on_time_sign"),
    "late while the window was not observed": (said(post(CLOSES), coverage={}), "late window_not_observed"),
    "late beside a sign on time": (said(post(CLOSES), post(OPENS, Decision.REVIEW)), "late on_time_sign"),
    "incomplete while another account is blind": (
        said(post(OPENS, lacking=("#x",)), duty=replace(DUTY, accounts=("instagram:a", "news:b"))),
        "incomplete #x; window_not_observed"),
    "early while the window is still open": (said(post(OPENS - HOUR), coverage={}, as_of=OPENS), "early"),
    "a post from before the account was theirs": (
        said(post(OPENS), duty=replace(DUTY, limits={"instagram:a": Span(OPENS + HOUR, AFTER)})), "missing"),
    "only the time that the account was theirs must be covered": (
        said(duty=replace(DUTY, limits={"instagram:a": Span(OPENS + HOUR, AFTER)}),
             coverage={"instagram:a": (Span(OPENS + HOUR, AFTER),)}), "missing"),
    "only a sign": (said(post(OPENS, Decision.REVIEW)), "review"),
    "a sign long after is nothing": (said(post(AFTER - HOUR, Decision.REVIEW), as_of=AFTER), "missing"),
    "no match": (said(post(OPENS, Decision.NONE)), "missing"),
    "window open": (said(as_of=CLOSES - timedelta(seconds=1)), "pending"),
    "window not open": (said(as_of=OPENS - timedelta(seconds=1)), "pending not_open"),
    "closes at as_of": (said(as_of=CLOSES), "missing"),
    "posts after as_of are not known": (said(post(CLOSES + HOUR), as_of=CLOSES), "missing"),
    "not covered": (said(coverage={}), "unknown not_visited"),
    "covered but one second": (
        said(coverage={"instagram:a": (Span(OPENS + timedelta(seconds=1), CLOSES),)}), "unknown gap"),
    "two spans with a hole": (
        said(coverage={"instagram:a": (Span(OPENS, OPENS + HOUR), Span(OPENS + 2 * HOUR, CLOSES))}), "unknown gap"),
    "blocked": (
        said(coverage={}, blindness=(Blindness("instagram:a", Cause.BLOCKED, AFTER),)), "unknown blocked"),
    "newest cause counts": (
        said(coverage={}, blindness=(Blindness("instagram:a", Cause.GONE, OPENS), Blindness("instagram:a", Cause.PRIVATE, AFTER))),
        "unknown private"),
    "one of two accounts covered": (
        said(duty=replace(DUTY, accounts=("instagram:a", "news:b"))), "unknown not_visited"),
    "match on the covered one of two": (
        said(post(OPENS), duty=replace(DUTY, accounts=("instagram:a", "news:b"))), "fulfilled"),
    "no account": (said(duty=replace(DUTY, accounts=())), "unknown no_account"),
    "media unseen inside the window": (
        said(post(OPENS, Decision.NONE, unseen=Cause.MEDIA_UNAVAILABLE)), "unknown media_unavailable"),
    "media unseen outside the window": (
        said(post(CLOSES + HOUR, Decision.NONE, unseen=Cause.MEDIA_UNAVAILABLE)), "missing"),
    "media unseen beside a match": (
        said(post(OPENS), post(OPENS, Decision.NONE, unseen=Cause.MEDIA_UNAVAILABLE)), "fulfilled"),
    "exempt": (said(duty=replace(DUTY, exempt_reason="surat")), "exempt surat"),
    "review of the duty": (said(review=DutyReview(Status.FULFILLED, "Sri", "spanduk")), "fulfilled spanduk"),
    "removed before keeping time": (
        said(post(OPENS, removed_at=OPENS + 5 * HOUR), duty=replace(DUTY, keep_hours=6)), "incomplete removed"),
    "removed after keeping time": (
        said(post(OPENS, removed_at=OPENS + 6 * HOUR), duty=replace(DUTY, keep_hours=6)), "fulfilled"),
    "removed, nothing to keep": (said(post(OPENS, removed_at=OPENS + HOUR)), "fulfilled"),
    "day known, hour not, inside": (
        said(post(OPENS, published_until=CLOSES)), "fulfilled"),
    "day known, hour not, over the edge": (
        said(post(OPENS - HOUR, published_until=OPENS + HOUR)), "review time_not_certain"),
    "late or too late": (
        said(post(CLOSES + 47 * HOUR, published_until=CLOSES + 50 * HOUR)), "review time_not_certain"),
    "ban: shown inside": (said(post(OPENS), duty=BAN), "violated"),
    "ban: shown before": (said(post(OPENS - HOUR), duty=BAN), "clear"),
    "ban: shown after": (said(post(CLOSES), duty=BAN), "clear"),
    "ban: a sign": (said(post(OPENS, Decision.REVIEW), duty=BAN), "review"),
    "ban: nothing, covered": (said(duty=BAN), "clear"),
    "ban: nothing, blind": (said(duty=BAN, coverage={}), "unknown not_visited"),
    "ban: open": (said(duty=BAN, as_of=OPENS), "pending"),
    "ban: violated while open": (said(post(OPENS), duty=BAN, as_of=OPENS), "violated"),
    "ban: violated even if removed": (said(post(OPENS, removed_at=OPENS + HOUR), duty=replace(BAN, keep_hours=9)), "violated"),
}  # fmt: skip


@pytest.mark.parametrize("case", TRUTH)
def test_truth_table(case: str) -> None:
    """Each situation has the one verdict the contract gives it."""
    found, expected = TRUTH[case]

    assert expected == found


def test_every_status_is_reached() -> None:
    """No status of the contract is beyond the table."""
    assert set(Status) == {Status(found.split()[0]) for found, _ in TRUTH.values()}


def test_minutes_late_count_from_closing() -> None:
    """`minutes_late` is the whole minutes since the window closed, and only for late posts."""
    late = judge(DUTY, Known((post(CLOSES + timedelta(minutes=10, seconds=59)),), WHOLE), AFTER)
    in_time = judge(DUTY, Known((post(OPENS),), WHOLE), AFTER)

    assert (late.minutes_late, in_time.minutes_late) == (10, None)


@given(
    zone=st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]),
    seconds=st.integers(-7200, 7200 + 86400),
)
def test_local_midnight_decides_the_day(zone: str, seconds: int) -> None:
    """A post is on time exactly when its local date is the day of the window, in every zone."""
    local = ZoneInfo(zone)
    opens = datetime(2024, 4, 24, tzinfo=local)
    duty = replace(DUTY, window=Span(opens.astimezone(UTC), datetime(2024, 4, 25, tzinfo=local).astimezone(UTC)))
    at = (opens + timedelta(seconds=seconds)).astimezone(UTC)
    status = judge(duty, Known((post(at),), WHOLE), AFTER).status

    assert (at.astimezone(local).day == 24) == (status is Status.FULFILLED)


instants = st.integers(-72, 120).map(lambda hours: OPENS + hours * HOUR)
spans = st.tuples(instants, st.integers(1, 100)).map(lambda pair: Span(pair[0], pair[0] + pair[1] * HOUR))
candidates = st.builds(
    post, instants, st.sampled_from(Decision), post_id=st.sampled_from("pqrs"),
    unseen=st.sampled_from([None, Cause.MEDIA_UNAVAILABLE]), lacking=st.sampled_from([(), ("#x",)]),
    removed_at=st.sampled_from([None, OPENS, AFTER]),
)  # fmt: skip
known = st.builds(
    Known, st.lists(candidates, max_size=4).map(tuple),
    st.lists(spans, max_size=3).map(lambda found: {"instagram:a": tuple(found)}),
)  # fmt: skip
duties = st.builds(
    replace, st.just(DUTY), rule=st.sampled_from(["must", "must_not"]), grace_hours=st.sampled_from([0.0, 48.0]),
    keep_hours=st.sampled_from([0.0, 24.0]),
)  # fmt: skip


@given(duty=duties, known=known, as_of=instants)
def test_absence_is_said_only_where_proved(duty: Duty, known: Known, as_of: datetime) -> None:
    """`missing` and `clear` need a closed window, one span over all of it, and nothing unseen in it."""
    status = judge(duty, known, as_of).status
    if status in (Status.MISSING, Status.CLEAR):
        held = [s for s in known.coverage["instagram:a"] if s.start <= OPENS and s.end >= CLOSES]
        unseen = [
            p for p in known.candidates if p.unseen and OPENS <= p.published_at < CLOSES and p.published_at <= as_of
        ]

        assert held
        assert not unseen
        assert as_of >= CLOSES


@given(duty=duties, known=known, as_of=instants)
def test_fulfilled_rests_on_a_certain_post_in_the_window(duty: Duty, known: Known, as_of: datetime) -> None:
    """Nothing is pardoned without a match whose every possible instant lies inside the window."""
    verdict = judge(duty, known, as_of)
    if verdict.status is Status.FULFILLED:
        resting = [p for p in known.candidates if p.post_id == verdict.post_id and p.decision is Decision.MATCH]

        assert any(OPENS <= p.published_at < CLOSES and p.published_at <= as_of for p in resting)


@given(duty=duties, known=known, as_of=instants)
def test_order_of_posts_does_not_matter(duty: Duty, known: Known, as_of: datetime) -> None:
    """The same facts in another order give the same status."""
    turned = replace(known, candidates=tuple(reversed(known.candidates)))

    assert judge(duty, known, as_of).status is judge(duty, turned, as_of).status
