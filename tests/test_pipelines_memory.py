"""Two days of quiet sites -> few questions on the second, the same claims, and evidence that stands by itself."""

from __future__ import annotations

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
from tests.quiet_sites import Day, two_days

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
    """robots.txt, front page and one list a site, WordPress its types too, feed and sitemap the menu's list as a
    witness; all that can be is answered 304."""
    _, daily = days

    assert daily.questions == 3 * 4 + 1 + 2
    assert daily.statuses[304] == 3 * 4 - 1 + 2


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
