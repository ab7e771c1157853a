"""Earlier runs and the clock -> when a run is due, of whom, and when nothing may be claimed at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import WrongUse
from pipelines.due import due, newest_time
from pipelines.our_clock import TOLERANCE, check_clock
from pipelines.plan import Wanted
from pipelines.store import Store

ZONE = ZoneInfo("Asia/Jakarta")
NOON = datetime(2024, 4, 24, 5, 20, tzinfo=UTC)  # 12:20 there
HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    one = Store(tmp_path / "tayang.duckdb")
    one.prepare()
    return one


def ran(started_at: datetime, minutes: float | None = 10, command: str = "run") -> dict[str, Any]:
    ended = None if minutes is None else started_at + timedelta(minutes=minutes)
    return {"run_id": started_at.isoformat(), "command": command, "started_at": started_at, "finished_at": ended}


def visited(run: dict[str, Any], handle: str, cause: str | None, channel: str = "instagram") -> dict[str, Any]:
    at = run["started_at"]
    return {"run_id": run["run_id"], "channel": channel, "handle": handle, "started_at": at, "finished_at": at,
            "outcome": "blocked" if cause else "complete", "cause": cause,
            "covers_from": None if cause else at - HOUR, "covers_until": None if cause else at}  # fmt: skip


def test_the_first_run_after_midnight_and_after_noon_is_due(store: Store) -> None:
    """Never run: due. Run since: not, until the next time comes; after days without power, at once."""
    assert due(store, ZONE, NOON) == Wanted()
    store.append({"run_rows": [ran(NOON)]})

    assert [due(store, ZONE, NOON + hours * HOUR) for hours in (1, 6, 11)] == [None] * 3
    assert due(store, ZONE, NOON + 12 * HOUR) == due(store, ZONE, NOON + 5 * 24 * HOUR) == Wanted()


def test_a_killed_run_and_other_commands_do_not_count(store: Store) -> None:
    """What did not end is done again in the next hour."""
    store.append({"run_rows": [ran(NOON - 8 * HOUR), ran(NOON, None), ran(NOON + HOUR / 2, 5, "crawl")]})

    assert due(store, ZONE, NOON + HOUR) == Wanted()


def test_what_was_left_is_due_an_hour_later_and_nothing_else(store: Store) -> None:
    """Where that run got on; one that saw nobody (a dead token) waits for its time."""
    run = ran(NOON)
    left = [visited(run, name, "not_visited") for name in ("c", "b")]
    dead = visited(run, "https://x", "not_visited", "news")
    store.append({"run_rows": [run], "visit_rows": [visited(run, "a", None), *left, dead]})

    assert due(store, ZONE, NOON + HOUR / 2) is None
    assert due(store, ZONE, NOON + HOUR + HOUR / 6) == Wanted(accounts=("instagram:b", "instagram:c"))
    assert due(store, ZONE, NOON + 12 * HOUR) == Wanted()


def unanswered(run: dict[str, Any], handle: str, channel: str = "instagram") -> dict[str, Any]:
    return {**visited(run, handle, "not_visited", channel), "outcome": "failed"}


def test_a_run_that_nobody_answered_is_due_again_after_one_two_and_four_hours(store: Store) -> None:
    """All of it, canaries too, until its next time comes. A private account is no reason."""
    start, tried = NOON, []
    for hours in (1, 2, 4):
        run = ran(start)
        store.append({"run_rows": [run], "visit_rows": [unanswered(run, "a"), visited(run, "b", "private")]})
        assert due(store, ZONE, start + (hours - 0.5) * HOUR) is None
        start += hours * HOUR + timedelta(minutes=10)
        tried.append(due(store, ZONE, start))
    run = ran(start)
    store.append({"run_rows": [run], "visit_rows": [unanswered(run, "a")]})

    assert tried == [Wanted()] * 3
    assert due(store, ZONE, NOON + 11.75 * HOUR) is None
    assert due(store, ZONE, NOON + 12 * HOUR) == Wanted()

    answered = ran(start + HOUR)
    store.append({"run_rows": [answered], "visit_rows": [visited(answered, "a", None)]})
    assert due(store, ZONE, NOON + 11.75 * HOUR) is None


def test_a_channel_that_did_not_answer_is_due_again_alone(store: Store) -> None:
    """Where another got on: the provider was down, not our network. One dead site among others is no reason."""
    run = ran(NOON)
    sites = [visited(run, "https://x", None, "news"), unanswered(run, "https://dead", "news")]
    store.append({"run_rows": [run], "visit_rows": [unanswered(run, "a"), visited(run, "b", "private"), *sites]})

    assert due(store, ZONE, NOON + HOUR / 2) is None
    assert due(store, ZONE, NOON + HOUR + HOUR / 6) == Wanted(accounts=("instagram:a",))


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.sampled_from(["Asia/Jayapura", "Europe/Berlin"]))  # noqa: DTZ001
def test_a_time_of_the_day_is_never_far(at: datetime, zone: str) -> None:
    """In every zone, where clocks are put forward too: it has come, less than a day ago."""
    now = at.replace(tzinfo=UTC)

    assert now - 14 * HOUR < newest_time(ZoneInfo(zone), now) <= now


@pytest.mark.parametrize("rows", [{"run_rows": [ran(NOON)]}, {"visit_rows": [visited(ran(NOON), "a", None)]}])
def test_a_clock_before_the_newest_run_or_visit_is_refused(store: Store, rows: dict[str, Any]) -> None:
    """Set back by minutes is a clock being set; by more, one of the two times is wrong."""
    check_clock(store, NOON - 365 * 24 * HOUR)
    store.append(rows)

    check_clock(store, NOON - TOLERANCE + HOUR / 2)
    with pytest.raises(WrongUse, match="jam mesin"):
        check_clock(store, NOON - TOLERANCE - HOUR)
