"""Two days of quiet sites -> few questions on the second, the same claims, and evidence that stands by itself."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from pipelines.audit import audit_workspace
from pipelines.check import open_workspace
from pipelines.ledger import read_lines
from pipelines.memory import Memory
from pipelines.rebuild import rebuild
from pipelines.store import Store
from pipelines.warc import UNCHANGED_PROFILE
from tests.quiet_sites import Day, all_days, two_days

TABLES = ("post_rows", "sighting_rows", "visit_rows", "evidence_rows")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("quiet")


@pytest.fixture(scope="module")
def days(home: Path) -> tuple[Day, Day]:
    return two_days(home, 4)


@pytest.fixture(scope="module")
def without_etags(tmp_path_factory: pytest.TempPathFactory) -> tuple[Day, Day]:
    return two_days(tmp_path_factory.mktemp("talkative"), 4, gives_etags=False)


@pytest.mark.slow
def test_a_daily_run_asks_little_of_quiet_sites(days):
    """Front page and one list a site, WordPress its types too, feed and sitemap the menu's list as a witness; all that
    can be is answered 304. robots.txt of less than a day ago stands."""
    _, daily = days

    assert daily.kinds["robots"] == 0
    assert daily.questions == 2 * 4 + 1 + 2
    assert daily.statuses[304] == 2 * 4 - 1 + 2


@pytest.mark.slow
def test_a_304_proves_what_the_same_body_would(days, without_etags):
    """Sites with and without validators end alike, on both days, and cover up to the second look."""
    for ours, others in zip(days, without_etags, strict=True):
        assert ours.outcomes == others.outcomes
        proved = [sorted(span[0] is not None for span in day.spans.values()) for day in (ours, others)]
        assert proved[0] == proved[1]
    first, daily = days

    assert all(daily.spans[handle][1] > until for handle, (_, until) in first.spans.items() if until)


@pytest.mark.slow
def test_the_304_is_kept_and_names_the_body(days, home):
    """Each 304 line of the ledger bears the digest of a body kept before it, in a record of its own kind."""
    lines = [line for line in read_lines(home / "evidence/ledger.jsonl") if "status" in line]
    kept: set[str] = set()
    for line in lines:
        assert line["status"] != 304 or line["sha256"] in kept
        kept |= {line["sha256"]} if line["bytes"] else set()
    newest = max((home / "evidence/warc").iterdir())
    with newest.open("rb") as stream:
        profiles = [
            record.headers["WARC-Profile"]
            for record in ArchiveIterator(stream, record_types=WarcRecordType.revisit)
        ]

    assert days[1].statuses[304] == profiles.count(UNCHANGED_PROFILE)
    assert audit_workspace(home)[1] == []


@pytest.mark.slow
def test_a_store_made_again_says_the_same(tmp_path):
    """Posts seen in lists that a 304 confirmed are read again from the bodies they came with."""
    _, second = two_days(tmp_path, 4, age=timedelta(hours=1))
    store = Store(tmp_path / "tayang.duckdb")
    before = {name: sorted(map(str, store.rows(f"FROM {name}"))) for name in TABLES}
    done = rebuild(open_workspace(tmp_path))

    assert second.statuses[304] > 4
    assert before["post_rows"]
    assert done.changed == ()
    assert before == {name: sorted(map(str, store.rows(f"FROM {name}"))) for name in TABLES}


@pytest.mark.slow
def test_lost_bytes_are_not_remembered(days, home, tmp_path):
    """Where the WARC files are gone, everything is asked for anew."""
    store = Store(home / "tayang.duckdb")
    robots = store.rows("FROM evidence_rows WHERE kind = 'robots' AND bytes > 0 LIMIT 1")[0]

    assert b"User-agent" in Memory(store, home).recall(robots["account"], robots["url"]).body
    assert Memory(store, tmp_path).recall(robots["account"], robots["url"]) is None


@pytest.mark.slow
def test_a_304_renews_a_robots_txt(days, home, tmp_path):
    """What a site says again today need not be asked again for another day, however old its bytes are."""
    shutil.copytree(home, tmp_path / "home")
    store = Store(tmp_path / "home" / "tayang.duckdb")
    robots = store.rows("FROM evidence_rows WHERE kind = 'robots' AND bytes > 0 LIMIT 1")[0]
    later = robots["fetched_at"] + timedelta(hours=5)
    store.append({"evidence_rows": [{**robots, "seq": 10**6, "bytes": 0, "status": 304, "fetched_at": later}]})

    kept = Memory(store, tmp_path / "home").recall(robots["account"], robots["url"])
    assert (kept.fetched_at, kept.heard_at) == (robots["fetched_at"], later)


@pytest.mark.slow
def test_a_day_on_which_nothing_rests_asks_for_the_front_page_alone(tmp_path):
    """One question a site, answered 304; the look is complete and proves nothing; the store can be made anew of it."""
    first, daily = two_days(tmp_path, 4, owes=False)
    store = Store(tmp_path / "tayang.duckdb")
    before = {name: sorted(map(str, store.rows(f"FROM {name}"))) for name in TABLES}

    assert (daily.questions, daily.kinds["listing"], daily.statuses[304]) == (4, 4, 4)
    assert daily.outcomes == first.outcomes == {"complete": 4}
    assert all(until is None for _, until in daily.spans.values())
    assert all(until is not None for _, until in first.spans.values())
    assert rebuild(open_workspace(tmp_path)).changed == ()
    assert before == {name: sorted(map(str, store.rows(f"FROM {name}"))) for name in TABLES}
    assert audit_workspace(tmp_path)[1] == []


@pytest.mark.slow
def test_a_window_that_opens_ends_the_rest(tmp_path):
    """The look after a campaign was ordered asks everything and proves the days between."""
    days = all_days(tmp_path, 4)
    first, rest, due, owed = list(days.values())[:4]

    assert (rest.questions, due.questions) == (4, 8)
    assert owed.questions > 2 * 4
    spans = Store(tmp_path / "tayang.duckdb").rows("FROM coverage")
    assert len(spans) == 4
    assert all(span["covers_until"] > first.spans[span["handle"]][1] for span in spans)
