"""Duties, coverage and earlier visits -> the most useful visits first, whatever the budget."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Span
from pipelines.items import Duty
from pipelines.order import RETRY_WINDOWS, Need, Past, Urgency, in_order, need_of, needs_of

NOW = datetime(2024, 4, 24, 3, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)

NEEDS = st.builds(Need, st.sampled_from(Urgency), st.integers(0, 9).map(lambda hours: NOW + hours * HOUR))
PASTS = st.builds(Past, st.none() | st.integers(0, 9).map(lambda hours: NOW - hours * HOUR), st.booleans())
WORLDS = st.dictionaries(st.text("abc", min_size=1, max_size=3), st.tuples(NEEDS, PASTS), max_size=12)


def duty(opens_days: float, hours: float = 24, accounts: tuple[str, ...] = ("a",), **fields: Any) -> Duty:
    opens = NOW + opens_days * DAY
    return Duty("c", "m", "a", Span(opens, opens + hours * HOUR), accounts=accounts, **fields)


def urgency(one: Duty, spans: tuple[Span, ...] = (), now: datetime = NOW) -> Urgency | None:
    need = need_of(one, spans, now)
    return need.urgency if need else None


def test_a_window_that_closes_within_a_day_cannot_wait() -> None:
    """Grace included: until its end a late post can still appear."""
    assert urgency(duty(-1, 30)) is Urgency.CLOSING
    assert urgency(duty(-1, 72)) is Urgency.OPEN
    assert urgency(duty(-1, 30, grace_hours=48)) is Urgency.OPEN
    assert urgency(duty(-3, 24, grace_hours=60)) is Urgency.CLOSING
    assert urgency(duty(-3, 24, keep_hours=720)) is Urgency.OPEN
    assert urgency(duty(1)) is None


def test_a_closed_window_is_asked_about_until_it_is_proved_or_given_up() -> None:
    """Two weeks; a proved one has nothing left to tell."""
    one = duty(-3)

    assert urgency(one) is Urgency.UNPROVED
    assert urgency(one, (one.window,)) is None
    assert urgency(one, (), one.window.end + RETRY_WINDOWS - HOUR) is Urgency.UNPROVED
    assert urgency(one, (), one.window.end + RETRY_WINDOWS) is None


def test_what_was_seen_fulfilled_or_exempt_hurries_nobody() -> None:
    """Unless it must still stand."""
    shown, kept = duty(-1, 30), duty(-1, 30, keep_hours=720)

    assert needs_of([shown], {}, NOW, {shown.key}) == needs_of([duty(-1, 30, exempt_reason="surat")], {}, NOW) == {}
    assert set(needs_of([kept], {}, NOW, {kept.key})) == set(needs_of([shown], {}, NOW)) == {"a"}


def test_the_most_urgent_duty_of_an_account_counts() -> None:
    """Whatever the order of the duties."""
    duties = [duty(-20), duty(-3), duty(-1, 72), duty(-1, 30), duty(5)]

    for several in (duties, duties[::-1]):
        assert needs_of(several, {}, NOW) == {"a": Need(Urgency.CLOSING, NOW + 6 * HOUR)}


def test_what_was_left_comes_right_after_what_closes() -> None:
    """No account is left for ever; among equals who closes first, then the longest unseen."""
    needs = {"closing": Need(Urgency.CLOSING, NOW + HOUR), "open": Need(Urgency.OPEN, NOW + 3 * DAY),
             "opener": Need(Urgency.OPEN, NOW + 2 * DAY), "unproved": Need(Urgency.UNPROVED, NOW + DAY)}  # fmt: skip
    past = {"left": Past(NOW - DAY, True), "seen": Past(NOW - DAY), "unseen": Past(NOW - 9 * DAY),
            "unproved": Past(NOW, False)}  # fmt: skip

    assert in_order(["seen", "unseen", "left", *needs], needs, past) == [
        "closing", "left", "opener", "open", "unproved", "unseen", "seen",
    ]  # fmt: skip


@given(WORLDS, st.integers(0, 12))
def test_the_first_visits_are_the_most_useful(world: dict[str, tuple[Need, Past]], budget: int) -> None:
    """With time for N visits, none of the others is more urgent than one of the N; nobody is lost or doubled."""
    needs, past = ({key: both[place] for key, both in world.items()} for place in (0, 1))
    found = in_order(world, needs, past)  # type: ignore[arg-type]
    made, left = found[:budget], found[budget:]

    def urgency_of(key: str) -> Urgency:
        need, before = world[key]
        return Urgency.LEFT if before.was_left and need.urgency is not Urgency.CLOSING else need.urgency

    assert sorted(found) == sorted(world)
    assert max(map(urgency_of, made), default=0) <= min(map(urgency_of, left), default=9)
    for one, other in pairwise(found):
        if urgency_of(one) == urgency_of(other) and not world[one][1].was_left and not world[other][1].was_left:
            assert world[one][0].until <= world[other][0].until


@given(WORLDS)
def test_the_order_of_the_registry_is_of_no_account(world: dict[str, tuple[Need, Past]]) -> None:
    """The same accounts give the same order."""
    needs, past = ({key: both[place] for key, both in world.items()} for place in (0, 1))

    assert in_order(world, needs, past) == in_order(reversed(world), needs, past)  # type: ignore[arg-type]


@given(st.integers(1, 5), st.integers(1, 30), st.sampled_from([Urgency.CLOSING, Urgency.OPEN]))
def test_no_account_waits_for_ever(budget: int, accounts: int, urgency: Urgency) -> None:
    """Runs that each have time for a few visits reach everybody, though some duties stay open all the time."""
    keys = [f"{number:02}" for number in range(accounts)]
    step = 1 if urgency is Urgency.CLOSING else 2  # what closes goes before everything that does not
    needs = {key: Need(urgency, NOW + (30 - number) * DAY) for number, key in enumerate(keys[::step])}
    past: dict[str, Past] = {}
    for number in range(-(-accounts // budget)):
        found = in_order(keys, needs, past)
        visited = {key: Past(NOW + number * HOUR) for key in found[:budget]}
        past |= visited | {key: Past(past.get(key, Past()).visited_at, True) for key in found[budget:]}

    assert all(past[key].visited_at for key in keys)


def test_fifty_thousand_accounts_are_ordered_at_once() -> None:
    """Ten seconds of processor time are a bound that a square of the number would break, not the figure."""
    keys = [f"instagram:kantor_{number}" for number in range(50_000)]
    duties = [duty(-number % 9 - 4, accounts=(key,)) for number, key in enumerate(keys)]
    coverage = {key: (Span(NOW - 3 * DAY, NOW),) for key in keys}
    past = {key: Past(NOW - number * HOUR / 1000, number % 7 == 0) for number, key in enumerate(keys)}
    began = time.process_time()
    found = in_order(keys, needs_of(duties, coverage, NOW), past)

    assert len(found) == 50_000
    assert time.process_time() - began < 10
