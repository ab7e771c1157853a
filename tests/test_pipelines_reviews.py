"""A decision is sealed, recorded once, superseded but never rewritten, and heeded by the verdicts."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from crawler.errors import StoreBusy, WrongUse
from pipelines import reviews
from pipelines.audit import audit_workspace
from pipelines.lock import only_run
from pipelines.reviews import Review, flaws_of, new_review_id, record, restore_reviews
from pipelines.store import Store

AT = datetime(2024, 4, 25, 3, tzinfo=UTC)
OPENS = datetime(2024, 4, 23, 17, tzinfo=UTC)
WORKSPACE = '[instance]\nname = "Kabupaten Contoh"\ntimezone = "Asia/Jakarta"\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "tayang.toml").write_text(WORKSPACE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def store(home: Path) -> Store:
    store = Store(home / "tayang.duckdb")
    store.prepare()
    return store


def a_match(decision: str = "match", at: datetime = AT, **changes: object) -> Review:
    target = ("instagram:1", "antikorupsi", "tolak-tip", "dinkes", None)
    review = Review(new_review_id(), *target, decision, "Bu Sri", "", at)
    return replace(review, **changes)  # type: ignore[arg-type]


def a_duty(decision: str = "fulfilled", reason: str = "Surat 12/2024", **changes: object) -> Review:
    return a_match(decision, reason=reason, **{"post_id": None, "opens_at": OPENS, **changes})  # type: ignore[arg-type]


def ledger(home: Path) -> list[dict[str, object]]:
    path = home / "evidence" / "ledger.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def rows(store: Store) -> list[dict[str, object]]:
    return store.rows("FROM reviews ORDER BY reviewed_at")


def test_a_decision_is_in_the_ledger_and_in_the_store(home: Path, store: Store) -> None:
    """Both say the same, and the audit still finds the chain whole."""
    review = a_match(reason="Sama persis.\nBaris kedua “é”")
    standing = record(store, home, review)

    assert standing.review == review
    assert standing.is_recorded
    assert [Review(**row) for row in rows(store)] == [review]  # type: ignore[arg-type]
    assert [line["kind"] for line in ledger(home)] == ["review"]
    assert audit_workspace(home) == (1, [])


def test_a_decision_sent_twice_is_one_decision(home: Path, store: Store) -> None:
    """A double click, a reload, a retry after a busy answer: one entry, one row."""
    review = a_duty()
    record(store, home, review)
    again = record(store, home, review, after="")

    assert again.is_recorded
    assert len(ledger(home)) == len(rows(store)) == 1


def test_a_newer_decision_supersedes_and_the_older_one_stays(home: Path, store: Store) -> None:
    """Nothing is rewritten: both rows and both entries stand, in order."""
    first = record(store, home, a_match("match")).review
    second = record(store, home, a_match("none", AT + timedelta(hours=1)), after=first.review_id).review

    assert [row["decision"] for row in rows(store)] == ["match", "none"]
    assert reviews.newest_on(store, a_match()) == second
    assert audit_workspace(home) == (2, [])


def test_a_clock_set_back_does_not_undo_a_decision(home: Path, store: Store) -> None:
    """The later decision is the later row, whatever the clock says."""
    record(store, home, a_match("match"))
    record(store, home, a_match("none", AT - timedelta(days=1)))

    assert [row["decision"] for row in rows(store)] == ["match", "none"]


def test_a_decision_made_without_seeing_another_is_not_written(home: Path, store: Store) -> None:
    """The second of two people is shown what the first decided."""
    first = record(store, home, a_match("match", reviewer="Pak Budi")).review
    standing = record(store, home, a_match("none"), after="")

    assert not standing.is_recorded
    assert standing.review == first
    assert len(ledger(home)) == len(rows(store)) == 1


def test_decisions_on_other_things_do_not_stand_in_the_way(home: Path, store: Store) -> None:
    """Another material, post, agency or window is another question."""
    record(store, home, a_match())
    record(store, home, a_duty())
    others = [
        a_match(material_id="ikrar"), a_match(post_id="instagram:2"), a_duty(agency_id="disdik"),
        a_duty(opens_at=OPENS + timedelta(days=1)),
    ]  # fmt: skip

    assert all(record(store, home, review, after="").is_recorded for review in others)


@pytest.mark.parametrize(
    ("review", "told"),
    [
        (a_duty(reason="  "), "alasan"),
        (a_duty("late"), "tidak dikenal"),
        (a_duty("match"), "tidak dikenal"),
        (a_match("fulfilled"), "tidak dikenal"),
        (a_match(opens_at=OPENS), "satu unggahan atau satu kewajiban"),
        (a_match(post_id=None), "satu unggahan atau satu kewajiban"),
        (a_match(reviewer=" "), "nama pemeriksa"),
        (a_match(reviewer="Tayang "), "nama orang"),
        (a_match(reviewer="Bu\x00Sri"), "nama orang"),
        (a_match(reviewer="x" * 121), "nama pemeriksa"),
        (a_match(reason="x" * 2001), "terlalu panjang"),
    ],
)  # fmt: skip
def test_a_flawed_decision_is_told_its_reason(review: Review, told: str) -> None:
    """A duty needs a reason, every decision a person, and only known words are taken."""
    assert told in "\n".join(flaws_of(review))


def test_a_flawed_decision_is_not_written(home: Path, store: Store) -> None:
    """Neither in the ledger nor in the store, whoever asks."""
    with pytest.raises(WrongUse, match="alasan"):
        record(store, home, a_duty(reason=""))
    assert rows(store) == ledger(home) == []


def test_a_lost_row_comes_back_from_the_ledger(home: Path, store: Store) -> None:
    """A kill between ledger and store, or a rebuilt store: the ledger gives every decision back once."""
    kept = [record(store, home, a_match()).review, record(store, home, a_duty()).review]
    store.path.unlink()
    store.prepare()

    assert restore_reviews(store, home) == 2
    assert restore_reviews(store, home) == 2
    assert {row["review_id"] for row in rows(store)} == {review.review_id for review in kept}
    assert Review(**store.rows("FROM reviews WHERE post_id IS NULL")[0]) == kept[1]


@pytest.fixture
def running(home: Path) -> Iterator[None]:
    """Another process is at work in the workspace."""
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe()
    process = spawning.Process(target=_hold, args=(home, theirs), daemon=True)
    process.start()
    ours.recv()
    yield
    process.terminate()
    process.join()


def _hold(home: Path, pipe: Connection) -> None:
    with only_run(home):
        pipe.send("held")
        pipe.recv()


@pytest.mark.usefixtures("running")
def test_while_a_run_is_at_work_nothing_is_written(home: Path, store: Store) -> None:
    """The decision waits a little, then says that a run holds the workspace; ledger and store stay as they were."""
    with pytest.raises(StoreBusy):
        record(store, home, a_match(), patience_seconds=0.2)
    assert rows(store) == ledger(home) == []
