"""Alarms about ourselves: rare, robust against weekends and holidays, and never an accusation."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.alarms import CANARY, FRESH, KINDS, LEAST_DAYS, VANISHED, Alarm, Judge, Reading

MONDAY = datetime(2026, 3, 2, 17, 10, tzinfo=UTC)
NUMBERS = ("visits", "observed", "read", "fresh", "pictured", "media", "fetched", "files", "broken", "again",
           "vanished", "again_accounts", "vanished_accounts", "owed", "matched", "canaries", "singing")  # fmt: skip
USUAL = {"visits": 40, "observed": 38, "read": 38, "fresh": 60, "pictured": 57, "media": 90, "fetched": 88, "files": 88,
         "broken": 1, "again": 120, "again_accounts": 36, "owed": 60, "matched": 20}  # fmt: skip


def a_run(day: float, channel: str = "instagram", **numbers: int) -> Reading:
    """What a run of a day read, like on any other but for `numbers`."""
    return Reading(f"run-{day}", channel, MONDAY + timedelta(days=day), {**USUAL, **numbers})


def judged(*runs: Reading, confirmed: Sequence[str] = ()) -> list[dict[str, Alarm]]:
    """The alarms of each run by kind."""
    judge = Judge(confirmed)
    return [{alarm.kind: alarm for alarm in judge.take(run)} for run in runs]


def last(today: Mapping[str, int], confirmed: Sequence[str] = (), days: int = 14) -> dict[str, Alarm]:
    """The alarms of a run after two usual weeks."""
    return judged(*(a_run(day) for day in range(days)), a_run(days, **today), confirmed=confirmed)[-1]


def withheld(alarms: Mapping[str, Alarm]) -> set[str]:
    return {kind for kind, alarm in alarms.items() if alarm.is_withheld}


def test_a_usual_day_raises_nothing() -> None:
    """No alarm without anything strange."""
    assert last({}) == {}


def test_half_of_the_accounts_not_observed_is_our_trouble() -> None:
    """95 % yesterday, 40 % today: an alarm; nothing is withheld, who was not observed is `unknown` already."""
    alarms = last({"observed": 16, "read": 16, "fresh": 25})

    assert list(alarms) == ["observed"]
    assert (alarms["observed"].found, alarms["observed"].usual, alarms["observed"].sample) == (0.4, 0.95, 40)
    assert withheld(alarms) == set()


def test_a_drop_is_told_and_only_near_silence_is_withheld() -> None:
    """80 % less everywhere is named; below one twentieth of a quiet day the run's visits prove no absence."""
    assert (list(last({"fresh": 12})), withheld(last({"fresh": 12}))) == ([FRESH], set())
    assert withheld(last({"fresh": 3, "pictured": 3})) == {FRESH}
    assert FRESH not in last({"fresh": 19, "pictured": 18})


def test_a_canary_decides_whose_trouble_a_drop_is() -> None:
    """It sings: the others may well be silent. It is silent too: an 80 % drop is enough to withhold."""
    singing = last({"fresh": 0, "pictured": 0, "canaries": 2, "singing": 1})
    silent = last({"fresh": 12, "canaries": 2, "singing": 0})

    assert (list(singing), withheld(singing)) == ([FRESH], set())
    assert (list(silent), withheld(silent)) == ([CANARY, FRESH], {FRESH})


def test_a_silent_canary_alone_withholds_nothing() -> None:
    """It may have been renamed: told from the first run on, and everything else goes on."""
    assert withheld(last({"canaries": 1})) == set()
    assert list(judged(a_run(0, canaries=1))[0]) == [CANARY]


def test_posts_that_vanish_everywhere_prove_no_removal() -> None:
    """No holiday takes posts away: needs no history, a mass of them is withheld; one office that cleans up is not."""
    everywhere = {"vanished": 90, "vanished_accounts": 30}

    assert withheld(judged(a_run(0, **everywhere))[0]) == {VANISHED}
    assert withheld(last({"vanished": 30, "vanished_accounts": 8})) == set()
    assert VANISHED not in last({"vanished": 100, "vanished_accounts": 2})


def test_pictures_media_files_and_matches_are_watched() -> None:
    """Each has its own alarm; only posts without any picture would be called silent wrongly, so only they withhold."""
    assert withheld(last({"pictured": 0})) == {"pictured"}
    assert list(last({"fetched": 0, "files": 0, "broken": 0})) == ["fetched"]
    assert list(last({"broken": 70})) == ["broken"]
    assert list(last({"matched": 0})) == ["matched"]
    assert withheld(last({"fetched": 0, "broken": 80, "matched": 0})) == set()


def test_a_person_confirms_a_run() -> None:
    """What was confirmed is told all the same, withholds nothing, and is usual from then on."""
    assert withheld(last({"fresh": 1, "pictured": 1}, confirmed=["run-14"])) == set()
    assert list(last({"fresh": 1, "pictured": 1}, confirmed=["run-14"])) == [FRESH]


def test_an_outage_does_not_become_usual() -> None:
    """A week of nothing is strange on every day of it, and the first normal run after it is normal."""
    runs = [*(a_run(day) for day in range(14)), *(a_run(14 + day, fresh=0, pictured=0) for day in range(7)), a_run(21)]
    found = judged(*runs)

    assert [withheld(alarms) for alarms in found[14:21]] == [{FRESH}] * 7
    assert found[21] == {}


def test_lebaran_is_told_and_withholds_nothing() -> None:
    """Greetings, then nine days on which hardly an office posts (a tenth of a Sunday): absence stays provable."""
    weeks = [a_run(day, fresh=20 if day % 7 > 4 else 60, pictured=20 if day % 7 > 4 else 57) for day in range(28)]
    holidays = [a_run(28, fresh=75, pictured=75), *(a_run(29 + day, fresh=2, pictured=2) for day in range(9))]
    found = judged(*weeks, *holidays, a_run(38))

    assert all(withheld(alarms) == set() for alarms in found)
    assert {FRESH} == {kind for alarms in found for kind in alarms}
    assert found[-1] == {}


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.35, 1))
def test_weekends_never_alarm(seed: int, weekend: float) -> None:
    """Four weeks, runs twice a day, posts by chance, a quiet weekend: silence on our side."""
    chance = random.Random(seed)
    runs = []
    for half_day in range(56):
        share = weekend if half_day // 2 % 7 > 4 else 1.0
        fresh = sum(chance.random() < 0.75 * share for _ in range(80))
        runs.append(a_run(half_day / 2, fresh=fresh, pictured=round(fresh * 0.95), read=chance.randint(34, 40)))

    assert all(alarms == {} for alarms in judged(*runs))


readings = st.builds(
    lambda day, numbers: Reading(f"run-{day}", "instagram", MONDAY + timedelta(days=day), numbers),
    st.floats(0, 60), st.dictionaries(st.sampled_from(NUMBERS), st.integers(0, 300)),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(readings, max_size=20))
def test_a_new_workspace_is_left_in_peace(runs: list[Reading]) -> None:
    """Whatever is read: without eight days of history nothing is called unusual but what needs none."""
    young = sorted((one for one in runs if one.started_at < MONDAY + timedelta(days=LEAST_DAYS - 1)),
                   key=lambda one: one.started_at)  # fmt: skip

    assert {kind for alarms in judged(*young) for kind in alarms} <= {CANARY, VANISHED}


@settings(max_examples=40, deadline=None)
@given(st.lists(readings, max_size=30), st.integers(0, 200))
def test_more_posts_never_make_a_drop(runs: list[Reading], more: int) -> None:
    """Whatever the history: a run that read more new posts is not stranger for it; alarms come in their order."""
    runs = sorted(runs, key=lambda one: one.started_at)
    today = a_run(61)
    better = Reading(today.run_id, today.channel, today.started_at, {**today.numbers, "fresh": 60 + more})
    found, with_more = judged(*runs, today)[-1], judged(*runs, better)[-1]

    assert FRESH in found or FRESH not in with_more
    assert [kind for kind in KINDS if kind in found] == list(found)


def test_a_crawl_of_some_accounts_neither_alarms_nor_teaches() -> None:
    """`tayang crawl --agency` looks at few: it is no comparison, in neither direction."""
    few = {name: number // 10 for name, number in USUAL.items()}

    assert last({**few, "observed": 0, "fresh": 0}) == {}
    runs = [a_run(day) for day in range(14)] + [a_run(13 + part / 50, **{**few, "fresh": 0}) for part in range(1, 12)]
    assert judged(*runs, a_run(14, fresh=3, pictured=3))[-1].keys() == {FRESH}


def test_channels_are_judged_apart() -> None:
    """News sites have their own usual."""
    runs = [one for day in range(14) for one in (a_run(day), a_run(day, "news", fresh=25, pictured=20))]

    assert judged(*runs, a_run(14, "news", fresh=25, pictured=20))[-1] == {}
