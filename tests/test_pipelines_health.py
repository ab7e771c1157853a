"""Days of a small world as rows -> what is withheld when a whole channel is strange, and what brings it back."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from questions_store import CAMPAIGN, MATERIAL, Facts, at, picture

from crawler.health_settings import HealthSettings
from crawler.items import Span
from pipelines.alarms import Alarm
from pipelines.health import readings_of, watch
from pipelines.items import Duty, Status
from pipelines.store import Store
from pipelines.verify import judge_all

OFFICES = tuple(f"dinas{number}" for number in range(8))
HELD = "SELECT DISTINCT run_id, kind FROM alarms WHERE is_withheld ORDER BY ALL"
OUTAGE = 9  # the day whose run is strange


def posts_of(day: int, office: str) -> list[str]:
    return [f"{office}-{day}-{number}" for number in range(4)]


def a_day(facts: Facts, day: int, shown: bool = True, listed: bool = True, offices: tuple[str, ...] = OFFICES) -> None:
    """A run after the end of a day, over the three days before it. `shown`: the day's own posts appear, with the look's
    pictures; `listed`: so do those of the days before."""
    look = at(day + 1, 0.2)
    seen_at = look + timedelta(seconds=9)
    for office in offices:
        facts.look(office, look, (at(day - 2), look - timedelta(minutes=5)))
        days = [day] * shown + [day - 1, day - 2] * listed
        for past in (one for one in days if one > 0):
            for name in posts_of(past, office):
                facts.add("sighting_rows", post_id=name, content_id=f"state of {name}", seen_at=seen_at)


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of eight offices with four posts a day, watched up to the day before the outage."""
    facts = a_world(tmp_path_factory.mktemp("usual"))
    watch(store_of(facts), HealthSettings())
    return facts.home


def a_world(home: Path) -> Facts:
    facts = Facts(home)
    for office in OFFICES:
        facts.agency(office, "opd", office)
        for day in range(1, OUTAGE + 2):
            for name in posts_of(day, office):
                facts.post(name, office, at(day, 9), media=[picture(name)])
                facts.tables["sighting_rows"].pop()  # only the looks below see it
    for day in range(1, OUTAGE):
        a_day(facts, day)
    return facts


def store_of(facts: Facts) -> Store:
    """The facts so far, watched after each run as the daily job does."""
    store = Store(facts.home / "tayang.duckdb")
    store.prepare()
    store.append(facts.tables)
    facts.tables = {}
    return store


def duty_of(day: int) -> Duty:
    window = Span(at(day), at(day + 1))
    return Duty(CAMPAIGN, MATERIAL, OFFICES[0], window, accounts=(f"instagram:{OFFICES[0]}",), needs_media=False)


def said(store: Store, day: int) -> tuple[Status, str]:
    [verdict] = judge_all(store, [duty_of(day)], at(30))
    return verdict.status, verdict.reason


@pytest.fixture
def world(usual: Path, tmp_path: Path) -> Facts:
    """A copy of it, to which days are added."""
    shutil.copy(usual / "tayang.duckdb", tmp_path)
    return Facts(tmp_path)


def kinds(alarms: tuple[Alarm, ...]) -> set[str]:
    return {alarm.kind for alarm in alarms}


def test_silence_everywhere_proves_nothing_until_a_normal_run_bears_it_out(world: Facts) -> None:
    """Complete looks without one new post: `unknown`, not `missing`; the next normal look over that day proves it."""
    a_day(world, OUTAGE, shown=False)
    store = store_of(world)
    assert said(store, OUTAGE) == (Status.MISSING, "")  # what would be said without the watch

    assert {"fresh"} == kinds(watch(store, HealthSettings()))
    assert said(store, OUTAGE) == (Status.UNKNOWN, "unreadable")
    assert said(store, OUTAGE - 1) == (Status.MISSING, "")  # days that earlier runs proved stay proved

    a_day(world, OUTAGE + 1)
    store.append(world.tables)
    assert watch(store, HealthSettings()) == ()
    assert said(store, OUTAGE) == (Status.MISSING, "")


def test_a_person_confirms_what_a_run_saw(world: Facts) -> None:
    """`confirmed_runs` makes the visits count, and taking it back withholds them again."""
    a_day(world, OUTAGE, shown=False)
    store = store_of(world)
    [run] = {alarm.run_id for alarm in watch(store, HealthSettings())}

    assert {"fresh"} == kinds(watch(store, HealthSettings(confirmed_runs=(run,))))
    assert said(store, OUTAGE) == (Status.MISSING, "")
    watch(store, HealthSettings())
    assert said(store, OUTAGE) == (Status.UNKNOWN, "unreadable")


def test_posts_that_vanish_everywhere_are_not_called_removed(world: Facts) -> None:
    """A list that lost the days before would make each of their posts deleted too soon; the next look is measured
    against the last undoubted one."""
    a_day(world, OUTAGE, listed=False)
    a_day(world, OUTAGE + 1, listed=False)
    store = store_of(world)
    removed = "SELECT count(*) AS n FROM posts WHERE removed_at IS NOT NULL"
    assert store.rows(removed)[0]["n"] > 0  # what would be said without the watch

    watch(store, HealthSettings())

    assert store.rows(removed) == [{"n": 0}]
    assert [row["kind"] for row in store.rows(HELD)] == ["vanished", "vanished"]


@pytest.mark.slow
def test_watching_again_and_from_nothing_says_the_same(world: Facts) -> None:
    """A rebuilt store, which reads all runs at once, withholds what the old one did run by run."""
    store = store_of(world)
    for day, strange in ((OUTAGE, {"listed": False}), (OUTAGE + 1, {"shown": False})):
        a_day(world, day, **strange)
        store.append(world.tables)
        world.tables = {}
        watch(store, HealthSettings())
    kept = (store.rows("FROM alarms ORDER BY ALL"), list(readings_of(store)))
    store.replace({"alarm_rows": [], "reading_rows": []})

    watch(store, HealthSettings())

    assert (store.rows("FROM alarms ORDER BY ALL"), list(readings_of(store))) == kept
    assert len(store.rows(HELD)) == 2


def test_an_account_that_always_posted_and_stopped_is_a_notice(tmp_path: Path) -> None:
    """A month of daily posts, fourteen days of nothing without a gap: said of the account, withheld from nobody."""
    facts = Facts(tmp_path)
    for office, until in (("silent", -15), ("gap", -15), ("busy", 0)):
        facts.agency(office, "opd", office)
        for day in range(-50, until):
            facts.post(f"{office}{day}", office, at(15 + day, 9))
        facts.look(office, at(15), (at(3 if office == "gap" else -40), at(15) - timedelta(minutes=5)))
    alarms = watch(store_of(facts), HealthSettings())

    assert [
        (one.kind, one.channel, one.handle, one.is_withheld) for one in alarms
    ] == [("silent", "instagram", "silent", False)]


def test_a_canary_is_counted_apart(tmp_path: Path) -> None:
    """Visits of no agency: one that posted sings, one that could not be read does not; neither is ours."""
    facts = Facts(tmp_path)
    facts.agency("a", "opd", "a")
    facts.look("a", at(10), (at(5), at(10)))
    for handle, covers, posts in (("kpk", (at(8), at(10)), 3), ("lost", None, 0)):
        facts.look("", at(10), covers, handle=handle, posts_seen=posts)
    store = store_of(facts)

    assert watch(store, HealthSettings()) == ()
    [reading] = readings_of(store)
    assert (reading.of("visits"), reading.of("canaries"), reading.of("singing")) == (1, 2, 1)


def test_a_look_that_needed_to_prove_nothing_is_a_day_without_posts(tmp_path: Path) -> None:
    """Else, between windows, only accounts with news would count, and the next usual day would seem poor."""
    facts = Facts(tmp_path)
    for office in ("rests", "proves", "refuses"):
        facts.agency(office, "opd", office)
    facts.look("rests", at(10), None, outcome="complete", cause=None)
    facts.look("proves", at(10), (at(5), at(10)))
    facts.look("refuses", at(10), None)
    store = store_of(facts)

    assert watch(store, HealthSettings()) == ()
    [reading] = readings_of(store)
    assert [reading.of(name) for name in ("visits", "observed", "read", "fresh")] == [3, 2, 2, 0]
