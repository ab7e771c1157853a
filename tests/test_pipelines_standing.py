"""What the writer derives of posts is what the facts tell, whatever was written in whatever order."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.audit import examine
from pipelines.audit.standing import DERIVED
from pipelines.store import Store
from tests.evidence_world import build

NOON = datetime(2024, 4, 24, 5, tzinfo=UTC)
NAMES, POSTS, HOURS = ("a", "b", "c"), ("p1", "p2", "p3"), st.integers(0, 9)
Batch = Mapping[str, list[dict[str, Any]]]


def hour(number: int) -> datetime:
    return NOON + timedelta(hours=number)


def sighting(post: str, state: str, name: str, at: int, origin: str) -> Batch:
    """A post seen in one of its states; the later a state, the later it says it was published."""
    row = {"post_id": post, "content_id": post + state, "channel": "instagram", "handle": name, "url": f"https://x/{post}",
           "published_at": hour(-3 if state == "one" else -1), "origin": origin, "seen_at": hour(at)}  # fmt: skip
    seen = {"post_id": post, "content_id": post + state, "seen_at": hour(at) + timedelta(minutes=1)}
    return {"post_rows": [row], "sighting_rows": [seen]}


def look(name: str, at: int, back: int, native_id: str | None, outcome: str) -> Batch:
    """A look over the hours before it."""
    return {"visit_rows": [{
        "run_id": f"r{at}", "channel": "instagram", "agency_id": name, "handle": name, "started_at": hour(at),
        "finished_at": hour(at) + timedelta(minutes=5), "outcome": outcome, "covers_from": hour(at - back),
        "covers_until": hour(at), "native_id": native_id, "evidence_sha256": f"e{at}",
    }]}  # fmt: skip


def asked_again(post: str, name: str, at: int, status: int) -> Batch:
    """What a post's own address answered."""
    row = {"seq": at * 100 + status % 7, "sha256": f"s{at}{status}", "kind": "again", "url": f"https://x/{post}",
           "account": f"instagram:{name}", "fetched_at": hour(at) + timedelta(minutes=2), "status": status}  # fmt: skip
    return {"evidence_rows": [row]}


def registry(native_ids: tuple[str | None, ...], renamed: bool) -> Batch:
    """Who the accounts are today; `b` may be what `a` was called before."""
    accounts = [{"agency_id": name, "channel": "instagram", "handle": name, "native_id": one}
                for name, one in zip(NAMES, native_ids, strict=True)]  # fmt: skip
    former = {"channel": "instagram", "handle": "b", "native_id": "n", "agency_id": "a", "now_handle": "a"}
    return {"account_rows": accounts, "former_name_rows": [former] if renamed else []}


def alarms(runs: list[int]) -> Batch:
    """The runs whose looks prove nothing."""
    every = {"channel": "instagram", "kind": "fewer", "is_withheld": True}
    return {"alarm_rows": [{"run_id": f"r{one}", **every} for one in runs]}


IDS = st.sampled_from([None, "n", "m"])
STEPS = st.one_of(
    st.builds(sighting, st.sampled_from(POSTS), st.sampled_from(["one", "two"]), st.sampled_from(NAMES), HOURS,
              st.sampled_from(["crawl", "crawl", "import:json"])),
    st.builds(look, st.sampled_from(NAMES), HOURS, st.integers(1, 12), IDS, st.sampled_from(["complete", "partial"])),
    st.builds(look, st.just("a"), HOURS, st.just(12), st.none(), st.just("complete")),
    st.builds(asked_again, st.sampled_from(POSTS), st.sampled_from(NAMES), HOURS, st.sampled_from([200, 404, 410])),
    st.builds(registry, st.tuples(IDS, IDS, IDS), st.booleans()),
    st.builds(alarms, st.lists(HOURS, max_size=2)),
)  # fmt: skip


def unlike(store: Store) -> list[Any]:
    """Rows of the derived tables that no view tells, and the other way round."""
    found = []
    for table, view in DERIVED.items():
        for one, other in ((table, view), (view, table)):
            found += [(one, row) for row in store.rows(f"FROM {one} EXCEPT ALL FROM {other}")]
    return found


def write(store: Store, step: Batch) -> None:
    """As the writer's callers do: facts are added, snapshots are exchanged."""
    (store.append if {"post_rows", "visit_rows", "evidence_rows"} & step.keys() else store.replace)(step)


@pytest.mark.slow
@settings(max_examples=10, deadline=None)  # each lays out a store
@given(st.lists(STEPS, min_size=4, max_size=10))
def test_derived_rows_are_what_the_facts_tell_after_every_batch(steps: list[Batch]) -> None:
    """Late sightings, other answers, renamed accounts, alarms raised and withdrawn: in any order."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "tayang.duckdb")
        store.prepare()
        for step in steps:
            write(store, step)

            assert unlike(store) == []


def gone(store: Store) -> None:
    """A post that two looks list, and that two later ones do not."""
    store.prepare()
    for at in range(4):
        step = {**look("a", at, 12, None, "complete"), **(sighting("p1", "one", "a", at, "crawl") if at < 2 else {})}
        store.append(step)


def test_a_store_of_before_is_brought_to_the_same(tmp_path: Path) -> None:
    """A store of version 9 has neither table, and gains both with all they would have held."""
    store = Store(tmp_path / "tayang.duckdb")
    gone(store)
    with duckdb.connect(store.path) as connection:
        connection.execute("DROP VIEW shown_signs; DROP VIEW shown_states; DROP TABLE state_rows")
        connection.execute("DROP TABLE absence_rows")
        connection.execute("DELETE FROM schema_version WHERE version > 9")
    store.append(look("a", 4, 12, None, "complete"))

    store.prepare()

    absences = store.rows("SELECT absent_at FROM absence_rows ORDER BY absent_at")
    assert [row["absent_at"] for row in absences] == [hour(2), hour(3), hour(4)]
    assert store.rows("SELECT states, is_newest FROM state_rows") == [{"states": 1, "is_newest": True}]
    assert unlike(store) == []


def test_forgetting_a_post_keeps_what_was_seen_of_it(tmp_path: Path) -> None:
    """Its stub says when it was published: by that it is still known to be gone."""
    store = Store(tmp_path / "tayang.duckdb")
    gone(store)
    [row] = store.rows("FROM post_rows")
    instants = {name: row[name].isoformat() for name in ("published_at", "seen_at")}
    stub = {name: row[name] for name in ("post_id", "content_id", "channel", "handle", "url", "origin")} | instants

    store.forget_posts([{**stub, "published_until": instants["published_at"]}], [], "e")

    assert len(store.rows("FROM absence_rows")) == 2
    assert unlike(store) == []


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("state_rows", "UPDATE state_rows SET last_seen_at = '2024-04-01' WHERE post_id = 'instagram:0' AND is_newest"),
        ("state_rows", "DELETE FROM state_rows WHERE post_id = 'instagram:1'"),
        ("absence_rows", "INSERT INTO absence_rows VALUES ('instagram:2', '2024-05-01', 'list', 'e')"),
    ],
)  # fmt: skip
def test_what_was_changed_in_them_alone_is_found(tmp_path: Path, table: str, change: str) -> None:
    """A post that nobody missed would be called removed, one that is gone would stand: the audit names it."""
    build(tmp_path)
    assert examine(tmp_path).found == ()
    with duckdb.connect(tmp_path / "tayang.duckdb") as connection:
        connection.execute(change)

    [found] = examine(tmp_path).found
    assert found.startswith(f"{table}: instagram:")
