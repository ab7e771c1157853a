"""Duties and history -> which accounts are asked, how far back, and who comes first."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.crawl_rules import CrawlRules
from crawler.instance import InstagramSettings, Instance
from crawler.items import Account, Agency, Span
from crawler.local_time import now_utc
from crawler.registry import Registry
from pipelines.check import Workspace
from pipelines.items import Duty
from pipelines.order import RETRY_WINDOWS
from pipelines.plan import Wanted, assign, wanted_starts
from pipelines.store import Store

NOW = datetime(2024, 4, 24, 3, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LOOKBACK = 3 * DAY
KEY = "instagram:a"


def workspace(*duties: Duty, accounts: tuple[Account, ...] = (Account("a", "instagram", "a"),)) -> Workspace:
    instance = Instance(
        Path(),
        "Uji",
        ZoneInfo("Asia/Jakarta"),
        "id",
        (),
        None,
        None,
        "tayang.duckdb",
        CrawlRules("ua", lookback_days=3),
        InstagramSettings(),
        MappingProxyType({}),
    )
    return Workspace(instance, Registry((Agency("a", "A", "opd"),), accounts), (), duties)


def duty(opens: datetime, hours: float = 24, **fields: Any) -> Duty:
    return Duty("c", "m", "a", Span(opens, opens + hours * HOUR), accounts=(KEY,), **fields)


def start(one: Duty, coverage: tuple[Span, ...] = (), now: datetime = NOW) -> datetime:
    return wanted_starts(workspace(one), {KEY: coverage}, now)[KEY]


def test_a_first_look_reads_further_back_than_the_window() -> None:
    """So that a post before its window is seen as early; once observed, the window is enough."""
    one = duty(NOW - 5 * DAY)

    assert start(one) == NOW - 5 * DAY - LOOKBACK
    assert start(one, (Span(NOW - 9 * DAY, NOW - 8 * DAY),)) == NOW - 5 * DAY


def test_what_is_proved_is_not_read_again_and_what_lies_ahead_not_yet() -> None:
    """Without a window that matters, the last few days are read."""
    past = duty(NOW - 5 * DAY)

    assert start(past, (Span(NOW - 6 * DAY, NOW - 3 * DAY),)) == NOW - LOOKBACK
    assert start(duty(NOW + HOUR)) == NOW - LOOKBACK
    assert start(duty(NOW - 40 * DAY)) == NOW - LOOKBACK


def test_an_unproved_window_is_asked_for_again_for_two_weeks() -> None:
    """A blocked account may open tomorrow; after that the gap stays a gap."""
    one = duty(NOW - 30 * DAY)
    seen = (Span(one.window.start, one.window.start + HOUR),)

    assert one.window.start == start(one, seen, one.window.end + RETRY_WINDOWS - HOUR)
    later = one.window.end + RETRY_WINDOWS
    assert later - LOOKBACK == start(one, seen, later)


def test_grace_is_read_to_its_end() -> None:
    """The look after the last hour of grace is made, else a late post would be called missing."""
    one = duty(NOW - 3 * DAY, grace_hours=36)
    until_morning = (Span(one.window.start, one.window.end + 20 * HOUR),)
    whole = (Span(one.window.start, one.window.end + 36 * HOUR),)

    assert one.window.start == start(one, until_morning, NOW)
    assert max(one.window.start, NOW - LOOKBACK) == start(one, whole, NOW)
    assert one.window.end + 37 * HOUR - LOOKBACK == start(one, whole, one.window.end + 37 * HOUR)


def test_a_post_that_must_stay_is_looked_after() -> None:
    """As long as its keeping time runs, though the window is proved."""
    one = duty(NOW - 5 * DAY, keep_hours=24 * 7)
    whole = (Span(one.window.start, NOW - HOUR),)

    assert one.window.start == start(one, whole)
    assert start(one, whole, NOW + 5 * DAY) == NOW + 5 * DAY - LOOKBACK


@given(st.lists(st.tuples(st.integers(-400, 100), st.integers(1, 72), st.integers(0, 72)), max_size=6))
def test_every_open_window_lies_inside_what_is_read(windows: list[tuple[int, int, int]]) -> None:
    """Whatever the other duties are: a window still judged is read from its opening."""
    duties = [duty(NOW + opens * HOUR, hours, grace_hours=grace) for opens, hours, grace in windows]
    found = wanted_starts(workspace(*duties), {}, NOW)[KEY]

    assert found <= NOW - LOOKBACK
    for one in duties:
        if one.window.start <= NOW < one.window.end + one.grace_hours * HOUR:
            assert found <= one.window.start


@pytest.fixture
def store(tmp_path: Path) -> Store:
    one = Store(tmp_path / "tayang.duckdb")
    one.prepare()
    return one


def visit(
    handle: str, days_ago: float, outcome: str, native_id: str | None = None, covers: bool = False
) -> dict[str, Any]:
    at = now_utc() - days_ago * DAY
    return {
        "run_id": f"r{days_ago}",
        "channel": "instagram",
        "agency_id": "a",
        "handle": handle,
        "started_at": at,
        "finished_at": at,
        "outcome": outcome,
        "native_id": native_id,
        "covers_from": at - DAY if covers else None,
        "covers_until": at if covers else None,
    }


def order(store: Store, *handles: str) -> list[str]:
    accounts = tuple(Account("a", "instagram", handle) for handle in handles)
    return [one.account.handle for one in assign(workspace(accounts=accounts), store, "instagram", Wanted())]


def test_the_longest_unseen_come_first(store: Store) -> None:
    """Never asked, then stopped or refused ones, then by their last look; equals by name."""
    store.append(
        {
            "visit_rows": [
                visit("seen_today", 0.1, "complete"),
                visit("seen_long_ago", 3, "complete"),
                visit("failed_yesterday", 1, "failed"),
                visit("stopped", 0.2, "blocked"),
                visit("stopped_after_seen", 5, "complete"),
                visit("stopped_after_seen", 0.2, "blocked"),
            ]
        }
    )

    expected = ["never", "stopped", "stopped_after_seen", "seen_long_ago", "failed_yesterday", "seen_today"]
    assert expected == order(store, *sorted(expected))


def test_the_first_id_seen_under_a_name_is_remembered_unless_the_registry_knows_better(store: Store) -> None:
    """Who answers under a name later must be the same."""
    store.append(
        {"visit_rows": [visit("a", 3, "failed"), visit("a", 2, "complete", "111"), visit("a", 1, "complete", "222")]}
    )
    plain, written = Account("a", "instagram", "a"), Account("a", "instagram", "a", "333")

    assert [one.native_id for one in assign(workspace(accounts=(plain,)), store, "instagram", Wanted())] == ["111"]
    assert [one.native_id for one in assign(workspace(accounts=(written,)), store, "instagram", Wanted())] == ["333"]


def test_media_that_arrived_unreadable_are_no_known_content(store: Store) -> None:
    """A picture that was cut off on the way is fetched again; a good one is not."""
    media = [
        {"media_id": name, "kind": "image", "url": "u", "sha256": sha, "trouble": None}
        for name, sha in (("good", "s1"), ("cut", "s2"), ("absent", None))
    ]
    at = now_utc()
    store.append(
        {
            "post_rows": [
                {
                    "post_id": "p",
                    "content_id": "c",
                    "published_at": at,
                    "published_until": at,
                    "seen_at": at,
                    "media": media,
                }
            ],
            "fingerprint_rows": [
                {"sha256": "s1", "version": 1, "kind": "image"},
                {"sha256": "s2", "version": 1, "kind": "image", "trouble": "unreadable"},
            ],
        }
    )
    [one] = assign(workspace(), store, "instagram", Wanted())

    assert dict(one.known_media) == {"good": "s1"}


@pytest.mark.parametrize(
    ("active_from", "active_until", "asked"),
    [
        (None, None, True),
        (date(2000, 1, 1), None, True),
        (date(2100, 1, 1), None, False),
        (None, date(2000, 1, 1), False),
        (None, date(2100, 1, 1), True),
    ],
)
def test_accounts_are_asked_while_they_are_active(
    store: Store, active_from: date | None, active_until: date | None, asked: bool
) -> None:
    """One that closed lately is still asked: it may owe an answer about its last days."""
    account = Account("a", "instagram", "a", None, active_from, active_until)

    assert asked == bool(assign(workspace(accounts=(account,)), store, "instagram", Wanted()))
    closed = Account("a", "instagram", "a", None, None, now_utc().date() - timedelta(days=3))
    assert assign(workspace(accounts=(closed,)), store, "instagram", Wanted())


def test_a_caller_may_ask_for_less(store: Store) -> None:
    """By channel, agency and time."""
    accounts = (Account("a", "instagram", "a"), Account("b", "instagram", "b"), Account("a", "news", "https://a"))
    since, until = NOW - DAY, NOW
    [one] = assign(workspace(accounts=accounts), store, "instagram", Wanted(agencies=("a",), since=since, until=until))

    assert ("a", since, until) == (one.account.handle, one.since, one.until)
