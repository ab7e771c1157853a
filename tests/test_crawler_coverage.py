"""The coverage rule: what a look proves, and all that proves nothing."""

# ruff: noqa: E501 - a truth table is read by rows

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.coverage import MAX_PINNED, SETTLING, Listing, conclude, proved_span, reaches_back
from crawler.errors import Blocked, ChannelStopped, Gone, Private, SourceTrouble, Unreachable, Unreadable
from crawler.items import Cause, Outcome, Span

NOW = datetime(2024, 4, 25, 12, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
SINCE = NOW - 3 * DAY
WHOLE = Span(SINCE, NOW - SETTLING)


def days_ago(*numbers: float) -> tuple[datetime, ...]:
    return tuple(NOW - number * DAY for number in numbers)


def listing(*numbers: float, ended: bool = False, total: int | None = None, **more: object) -> Listing:
    return Listing(days_ago(*numbers), ended, total, confirmed=True, **more)  # type: ignore[arg-type]


TABLE = {
    "read past the start": (listing(0, 1, 2, 2.5, 3.5), (Outcome.COMPLETE, WHOLE, None)),
    "ended, all counted": (listing(1, ended=True, total=1), (Outcome.COMPLETE, WHOLE, None)),
    "nothing published ever, and said so": (listing(ended=True, total=0), (Outcome.COMPLETE, WHOLE, None)),
    "nothing in the list, five claimed": (listing(ended=True, total=5), (Outcome.UNREADABLE, None, Cause.UNREADABLE)),
    "nothing in the list, no end": (listing(), (Outcome.UNREADABLE, None, Cause.UNREADABLE)),
    "list stops early": (listing(0, 1, 1.2, 1.5, 2, ended=True, total=9), (Outcome.PARTIAL, Span(NOW - 2 * DAY + SECOND, WHOLE.end), Cause.GAP)),
    "stops early among possibly pinned": (listing(0, 1, 9, ended=True, total=9), (Outcome.PARTIAL, None, Cause.GAP)),
    "pinned head proves nothing": (listing(90, 80, 70, 0, 1), (Outcome.PARTIAL, Span(NOW - DAY + SECOND, WHOLE.end), Cause.GAP)),
    "not in order": (listing(0, 1, 2, 2, 1, 5), (Outcome.PARTIAL, None, Cause.GAP)),
    "not confirmed to be the account": (Listing(days_ago(0, 1, 2, 3, 4), True, 5), (Outcome.PARTIAL, None, Cause.GAP)),
    "stale list": (
        listing(2, 2, 2, 2.5, 4, fresh_until=NOW - 2 * DAY), (Outcome.COMPLETE, Span(SINCE, NOW - 2 * DAY - SETTLING), None)),
    "nothing rests on it, list not asked": (Listing(unasked=True), (Outcome.COMPLETE, None, None)),
    "list older than the start": (listing(5, 5, 5, 6, 7, fresh_until=NOW - 5 * DAY), (Outcome.PARTIAL, None, Cause.GAP)),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLE)
def test_truth_table(case: str) -> None:
    """Each reading of a list proves exactly this."""
    read, expected = TABLE[case]

    assert expected == conclude(read, SINCE, NOW, None)


TROUBLES = [Blocked("x"), Private("x"), Gone("x"), Unreadable("x"), Unreachable("x"), ChannelStopped("x")]


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: type(trouble).__name__)
@pytest.mark.parametrize("read", [Listing(), listing(0, 1, 2, 3, 4), listing(ended=True, total=0), Listing(unasked=True)])
def test_trouble_never_covers(trouble: SourceTrouble, read: Listing) -> None:
    """Whatever was read before it, a look that met trouble proves nothing and names its cause."""
    outcome, span, cause = conclude(read, SINCE, NOW, trouble)

    assert outcome is not Outcome.COMPLETE
    assert span is None
    assert cause is trouble.cause


def test_a_break_after_pages_is_partial() -> None:
    """Posts of the pages before a broken cursor stay; the visit is partial."""
    assert Outcome.PARTIAL is conclude(listing(0, 1), SINCE, NOW, Unreadable("x"))[0]


def test_a_page_of_pinned_posts_does_not_end_the_reading() -> None:
    """Three old posts at the head may be pinned: only what stands behind them reaches back."""
    pinned = days_ago(90, 80, 70)

    assert not reaches_back(pinned, pinned, SINCE)
    assert reaches_back(pinned + days_ago(4, 5), days_ago(4, 5), SINCE)
    assert not reaches_back(days_ago(0, 1, 1, 2, 4), days_ago(2, 4), SINCE)


@st.composite
def honest_lists(draw: st.DrawFn) -> tuple[list[datetime], tuple[datetime, ...]]:
    """All posts of an account, and the list as a service would show it: pinned first, cut anywhere."""
    posts = draw(st.lists(st.integers(0, 200).map(lambda hours: NOW - timedelta(hours=hours)), max_size=12))
    chosen = draw(st.lists(st.sampled_from(range(len(posts))), max_size=MAX_PINNED, unique=True)) if posts else []
    pinned = [posts[index] for index in chosen]
    rest = sorted((at for index, at in enumerate(posts) if index not in chosen), reverse=True)
    shown = [*pinned, *rest]
    return posts, tuple(shown[: draw(st.integers(0, len(shown)))])


@given(honest_lists(), st.booleans())
def test_no_post_inside_a_proved_span_was_unlisted(
    lists: tuple[list[datetime], tuple[datetime, ...]], ended: bool
) -> None:
    """However a list is cut and pinned, every post inside the span it proves was in the list."""
    posts, shown = lists
    span = proved_span(Listing(shown, ended, len(posts), None, True), SINCE, NOW)
    unlisted = list(posts)
    for one in shown:
        if one in unlisted:
            unlisted.remove(one)

    assert span is None or not [at for at in unlisted if span.start <= at < span.end]


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_span_never_leaves_what_was_asked(since_hours: int, asked_hours: int) -> None:
    """A proved span begins no earlier than wanted and ends before the question was asked."""
    since, asked = NOW - timedelta(hours=since_hours), NOW - timedelta(hours=asked_hours)
    span = proved_span(listing(0, 1, 2, 3, 30), since, asked)

    assert span is None or since <= span.start < span.end <= asked - SETTLING
