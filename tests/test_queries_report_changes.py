"""What changed since yesterday: every difference is told once, and the end of a window is no finding."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_queries_report import Office, json_of, page_of
from test_queries_world import AS_OF, DAY, World, connection, midnight, world

from crawler.items import Span
from pipelines.items import Duty, Status, Verdict
from queries.reader import Connection, open_store
from queries.report import ReportRequest
from queries.report.changes import Change, Group, changes_of
from queries.report.history import Earlier, Said, read_earlier, read_reviewers

__all__ = ["connection", "world"]  # fixtures

CLOSES = midnight(25)
BEFORE = midnight(24)
DUTY = Duty("c", "m", "a", Span(midnight(24), CLOSES))


def said(status: Status, reason: str = "", decided_by: str = "tayang", post_id: str | None = None) -> Said:
    return Said(status, reason, CLOSES, post_id, f"https://x.test/{post_id}" if post_id else None, decided_by)


def now(status: Status, reason: str = "", decided_by: str = "tayang", post_id: str | None = None) -> Verdict:
    return Verdict(DUTY, status, AS_OF, reason, post_id, decided_by=decided_by)


def change_of(before: Said | None, after: Verdict, reviewers: dict[tuple[str, str, str], str] | None = None) -> Change:
    earlier = Earlier(BEFORE, {DUTY.key: before} if before else {})
    [found] = changes_of([after], earlier, reviewers or {}).found
    return found


CASES = [
    (said(Status.PENDING), now(Status.FULFILLED), Group.FULFILLED, False),
    (said(Status.REVIEW), now(Status.FULFILLED), Group.FULFILLED, False),
    (said(Status.PENDING), now(Status.MISSING), Group.CLOSED_MISSING, True),
    (said(Status.PENDING), now(Status.UNKNOWN, "gap"), Group.CLOSED_UNKNOWN, True),
    (None, now(Status.MISSING), Group.CLOSED_MISSING, True),
    (said(Status.PENDING), now(Status.CLEAR), Group.OTHER, True),
    (said(Status.MISSING), now(Status.LATE), Group.LATE, False),
    (said(Status.UNKNOWN, "gap"), now(Status.MISSING), Group.RESOLVED, False),
    (said(Status.UNKNOWN, "gap"), now(Status.FULFILLED), Group.RESOLVED, False),
    (said(Status.FULFILLED), now(Status.UNKNOWN, "gap"), Group.BLINDED, False),
    (said(Status.MISSING), now(Status.UNKNOWN, "gap"), Group.BLINDED, False),
    (said(Status.FULFILLED), now(Status.INCOMPLETE, "removed"), Group.REMOVED, False),
    (said(Status.FULFILLED), now(Status.INCOMPLETE, "#antikorupsi"), Group.REMOVED, False),
    (said(Status.FULFILLED), now(Status.MISSING), Group.REMOVED, False),
    (said(Status.INCOMPLETE, "#a"), now(Status.INCOMPLETE, "#a; removed"), Group.REMOVED, False),
    (said(Status.FULFILLED), now(Status.EXEMPT, "surat"), Group.OTHER, False),
    (said(Status.LATE), now(Status.MISSING), Group.MISSING, False),
    (said(Status.PENDING), now(Status.FULFILLED, decided_by="Siti"), Group.DECIDED, False),
    (said(Status.MISSING), now(Status.MISSING, decided_by="Siti"), Group.DECIDED, False),
    (None, now(Status.VIOLATED), Group.OTHER, False),
]


@pytest.mark.parametrize(("before", "after", "group", "closing"), CASES)
def test_what_happened_is_named(before: Said | None, after: Verdict, group: Group, closing: bool) -> None:
    """Each pair of before and now stands in one group; only a wait that ended without a finding is a closing."""
    found = change_of(before, after)

    assert (found.group, found.is_closing) == (group, closing)


def test_a_refused_post_names_who_refused_it() -> None:
    """The verdict of a refused post names no decider; the decision of the review does."""
    found = change_of(said(Status.REVIEW, post_id="p1"), now(Status.MISSING), {("p1", "c", "m"): "Siti"})

    assert (found.group, found.decider) == (Group.DECIDED, "Siti")
    assert found.post_url == "https://x.test/p1"


def test_what_stayed_is_not_told() -> None:
    """The same status by the same decider is no change, whatever else was measured anew."""
    earlier = Earlier(BEFORE, {DUTY.key: said(Status.UNKNOWN, "gap")})

    assert changes_of([now(Status.UNKNOWN, "blocked")], earlier, {}).found == ()
    assert changes_of([replace(now(Status.PENDING), duty=replace(DUTY, agency_id="new"))], earlier, {}).found == ()


def test_without_an_earlier_verification_nothing_is_compared() -> None:
    """The first day has no news: since is None, and nothing is told as changed."""
    first = changes_of([now(Status.FULFILLED)], None, {})

    assert (first.since, first.found) == (None, ())


@given(st.lists(st.tuples(st.sampled_from(Status), st.sampled_from(Status)), max_size=12), st.randoms())
def test_every_difference_is_told_once_in_any_order(pairs: list[tuple[Status, Status]], dice: object) -> None:
    """As many changes as duties whose status differs, and the order of the verdicts plays no part."""
    duties = [replace(DUTY, agency_id=f"a{n:02}") for n in range(len(pairs))]
    earlier = Earlier(BEFORE, {duty.key: said(was) for duty, (was, _) in zip(duties, pairs, strict=True)})
    verdicts = [replace(now(status), duty=duty) for duty, (_, status) in zip(duties, pairs, strict=True)]
    shuffled = list(verdicts)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]

    found = changes_of(verdicts, earlier, {})

    assert len(found.found) == sum(was is not status for was, status in pairs)
    assert sum(map(len, found.by_group().values())) == len(found.found)
    assert changes_of(shuffled, earlier, {}) == found


@pytest.fixture
def told_before(world: World, tmp_path: Path) -> Path:
    """The world's store with a verification of the evening before, and a decision after that run ended."""
    store = Path(shutil.copy(world.store, tmp_path / "told.duckdb"))
    evening = midnight(24) - timedelta(hours=3)
    with closing(duckdb.connect(store)) as writer:
        _say(writer, "setda", "ikrar", "pending", evening, evening)
        _say(writer, "inspektorat", "ikrar", "missing", evening, evening)
        _say(writer, "inspektorat", "ikrar", "fulfilled", evening, evening + timedelta(hours=9))
        _say(writer, "dinkes", "ikrar", "fulfilled", evening, evening)
        _say(writer, "disdik", "ikrar", "pending", evening, evening)
        writer.execute("INSERT INTO run_rows VALUES ('run-1', 'run', ?, ?, ?, 0, '')",
                       [evening, evening + timedelta(minutes=5), evening])  # fmt: skip
    return store


def _say(
    writer: duckdb.DuckDBPyConnection, agency: str, material: str, status: str, as_of: datetime, said_at: datetime
) -> None:
    writer.execute(
        """INSERT INTO verdict_rows BY NAME SELECT 'antikorupsi-2024' AS campaign_id, ? AS material_id,
        ? AS agency_id, ?::TIMESTAMPTZ AS opens_at, ?::TIMESTAMPTZ AS closes_at, ? AS status, '' AS reason,
        'tayang' AS decided_by, ?::TIMESTAMPTZ AS as_of, ?::TIMESTAMPTZ AS said_at""",
        [material, agency, midnight(22), midnight(23), status, as_of, said_at],
    )


def test_history_is_read_as_of_the_evening_before(told_before: Path) -> None:
    """The last verification up to midnight, and of it what its run told: a decision made later stood in no report."""
    with closing(open_store(told_before)) as opened:
        earlier = read_earlier(opened, midnight(24))
        later = read_earlier(opened, AS_OF)
        first = read_earlier(opened, midnight(20))

    assert earlier is not None
    assert earlier.as_of == midnight(24) - timedelta(hours=3)
    assert {key[2]: one.status for key, one in earlier.said.items()} == {
        "setda": Status.PENDING, "inspektorat": Status.MISSING, "dinkes": Status.FULFILLED, "disdik": Status.PENDING,
    }  # fmt: skip
    assert later is not None
    assert later.as_of == AS_OF
    assert first is None


def test_a_decision_on_a_post_is_found_by_its_post(world: World, tmp_path: Path) -> None:
    """Only decisions after the earlier verification, the newest of several."""
    store = Path(shutil.copy(world.store, tmp_path / "reviewed.duckdb"))
    with closing(duckdb.connect(store)) as writer:
        for number, name in enumerate(("Ani", "Budi", "Citra")):
            writer.execute("INSERT INTO review_rows VALUES (?, 'p1', 'c', 'm', 'a', NULL, 'none', ?, '', ?)",
                           [f"r{number}", name, midnight(23 + number)])  # fmt: skip
    with closing(open_store(store)) as opened:
        assert read_reviewers(opened, midnight(23)) == {("p1", "c", "m"): "Citra"}
        assert read_reviewers(opened, midnight(25)) == {}


def request_of(world: World, connection: Connection, out: Path, language: str = "id") -> ReportRequest:
    office = Office(language=language)
    return ReportRequest(
        world.home, office, DAY, AS_OF, world.verdicts, world.campaigns, world.agencies, connection, out
    )


def test_page_and_json_tell_the_changes(world: World, told_before: Path, tmp_path: Path) -> None:
    """Between what was not observed and the matrix; a closed window is called so, with its note."""
    with closing(open_store(told_before)) as opened:
        request = request_of(world, opened, tmp_path / "out")
        page, told = page_of(request), json_of(request)
    groups = {(one["agency_id"], one["material_id"]): one for one in told["changes"]}

    assert page.index('class="unseen') < page.index('class="changes"') < page.index('class="matrix"')
    assert told["changes_since"] == "2024-04-23T21:00:00+07:00"
    assert groups["disdik", "ikrar"]["group"] == "closed_missing"
    assert groups["disdik", "ikrar"]["is_closing"] is True
    assert groups["inspektorat", "ikrar"]["group"] == "decided"  # the world's second agency is a person's decision
    assert ("dinkes", "ikrar") not in groups
    assert "jadwal ditutup 23 Apr 2024, 00.00 WIB" in page
    assert "bukan karena ada temuan baru" in page


def test_no_earlier_verification_is_said(world: World, connection: Connection, tmp_path: Path) -> None:
    """On the first day the section says that there is nothing to compare with."""
    request = request_of(world, connection, tmp_path / "out")

    assert "Tidak ada verifikasi sebelum hari ini" in page_of(request)
    assert json_of(request)["changes_since"] is None
    assert json_of(request)["changes"] == []
