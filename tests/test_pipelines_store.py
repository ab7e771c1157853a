"""The writer: batches that may come twice, a lock that is waited for, damage that is told from both."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import StoreBusy, StoreDamaged, WrongUse
from crawler.items import Account, Media, Page, Post, Quality
from pipelines.rows import content_id, post_rows, sighting_rows
from pipelines.store import SCHEMA_VERSION, Store, store_at
from pipelines.store_trouble import damaged

NOW = datetime(2024, 4, 24, 3, tzinfo=UTC)


def store(folder: Path) -> Store:
    one = Store(folder / "tayang.duckdb", wait_seconds=0.3)
    one.prepare()
    return one


def post(number: int, **fields: Any) -> Post:
    values: dict[str, Any] = {
        "post_id": f"instagram:{number}",
        "channel": "instagram",
        "agency_id": "a",
        "handle": "a",
        "native_id": str(number),
        "url": f"https://x/{number}",
        "published_at": NOW + timedelta(hours=number),
        "published_until": NOW + timedelta(hours=number),
        "published_quality": Quality.EXACT,
        "text": "teks",
    }
    return Post(**{**values, **fields})


def batch(numbers: list[int], seen: int = 0) -> dict[str, Any]:
    """What a page of these posts leaves in the store."""
    page = Page("r", Account("a", "instagram", "a"), tuple(map(post, numbers)), (), NOW + timedelta(days=seen))
    visits = [
        {
            "run_id": f"r{number}",
            "channel": "instagram",
            "agency_id": "a",
            "handle": "a",
            "started_at": NOW,
            "outcome": "complete",
        }
        for number in numbers
    ]
    signs = [
        {
            "post_id": f"instagram:{number}",
            "content_id": f"c{number}",
            "reference_id": "r",
            "matcher": "text",
            "media_sha256": None,
        }
        for number in numbers
    ]
    return {
        "post_rows": post_rows(page),
        "sighting_rows": sighting_rows(page),
        "visit_rows": visits,
        "sign_rows": signs,
        "evidence_rows": [{"seq": number, "sha256": f"s{number}", "fetched_at": NOW} for number in numbers],
        "fingerprint_rows": [{"sha256": f"s{number}", "version": 1, "kind": "image"} for number in numbers],
        "compared_rows": [{"content_id": f"c{number}", "reference_id": "r"} for number in numbers],
        "review_rows": [{"review_id": f"v{number}"} for number in numbers],
    }


@settings(max_examples=5, deadline=None)
@given(st.lists(st.lists(st.integers(0, 6), max_size=6), max_size=5))
def test_any_sequence_of_batches_with_repeats_is_a_set(sequence: list[list[int]]) -> None:
    """Repeated over batches or inside one: each fact stands once, whatever the order."""
    with tempfile.TemporaryDirectory() as folder:
        one = store(Path(folder))
        for numbers in sequence:
            one.append(batch(numbers))
        expected = len({number for numbers in sequence for number in numbers})
        with one.held():
            for table in (*batch([]), "posts"):
                assert [{"n": expected}] == one.rows(f"SELECT count(*) AS n FROM {table}"), table


def test_a_post_listed_twice_in_one_look_is_one_post(tmp_path: Path) -> None:
    """Lists move while they are paged: the same post on two pages of one flush."""
    one = store(tmp_path)
    rows = [*batch([1])["post_rows"], *batch([1])["post_rows"]]
    one.append({"post_rows": rows, "sighting_rows": batch([1], 0)["sighting_rows"] + batch([1], 1)["sighting_rows"]})

    [seen] = one.rows("SELECT first_seen_at, last_seen_at, edited FROM posts")
    assert (NOW, NOW + timedelta(days=1), False) == tuple(seen.values())


def test_an_edit_is_a_new_state_and_the_newest_is_shown(tmp_path: Path) -> None:
    """Both states stay in the facts; the view shows the newest and says that there was another."""
    one = store(tmp_path)
    for day, text in enumerate(["dulu", "kini"]):
        page = Page("r", Account("a", "instagram", "a"), (post(1, text=text),), (), NOW + timedelta(days=day))
        one.append({"post_rows": post_rows(page), "sighting_rows": sighting_rows(page)})

    assert one.rows("SELECT text, edited FROM posts") == [{"text": "kini", "edited": True}]
    assert len(one.rows("FROM post_rows")) == 2


def test_two_offices_with_the_same_words_are_told_apart() -> None:
    """Same text, same day, no picture: still two posts, each compared and signed for itself."""
    same = {"published_at": NOW, "published_until": NOW + timedelta(days=1), "media": ()}
    first, second = post(1, **same), post(2, **same)

    assert content_id(first) != content_id(second)
    assert content_id(first) == content_id(post(1, **same, url="moved", is_pinned=True))
    assert content_id(first) != content_id(post(1, **{**same, "media": (Media("m", "image", "u"),)}))


def test_an_error_inside_a_batch_leaves_nothing_of_it(tmp_path: Path) -> None:
    """A misspelt column is an error, not a loss; earlier tables of the batch are rolled back."""
    one = store(tmp_path)

    with pytest.raises(KeyError, match="typo"):
        one.append({"review_rows": [{"review_id": "1"}], "compared_rows": [{"typo": 1}]})
    assert one.rows("FROM review_rows") == []


HOLD = """
import duckdb, sys, time
connection = duckdb.connect(sys.argv[1])
print("held", flush=True)
time.sleep(float(sys.argv[2]))
"""


def hold(path: Path, seconds: float) -> subprocess.Popen[str]:
    """Another program that has the file open."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(path), str(seconds)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_held_store_is_waited_for_then_busy(tmp_path: Path) -> None:
    """Exit 75 after the patience is over; while the holder ends in time, nothing is noticed."""
    folder = tmp_path / "block lock"  # the words of DuckDB's message must not be found in the path
    folder.mkdir()
    one = store(folder)
    holder = hold(one.path, 60)
    try:
        with pytest.raises(StoreBusy) as busy:
            one.rows("SELECT 1")
    finally:
        holder.kill()
        holder.wait()
    assert busy.value.exit_code == 75

    holder = hold(one.path, 0.5)
    assert Store(one.path, wait_seconds=20).rows("SELECT 1 AS n") == [{"n": 1}]
    holder.wait()


def test_a_reader_in_this_process_is_waited_for_too(tmp_path: Path) -> None:
    """The report's own connection: busy, not damaged."""
    one = store(tmp_path)
    reader = duckdb.connect(str(one.path), read_only=True)
    with pytest.raises(StoreBusy):
        one.rows("SELECT 1")
    reader.close()

    assert one.rows("SELECT 1 AS n") == [{"n": 1}]


def prepare_and_ask(one: Store) -> None:
    """What a run does first: some damage shows at the opening, some only where it is read."""
    one.prepare()
    one.rows("SELECT sum(hash(reason)) AS n FROM review_rows")


@pytest.mark.parametrize("damage", ["garbage", "empty", "half", "flipped head", "flipped rows", "folder"])
def test_a_file_that_cannot_be_read_is_damage(tmp_path: Path, damage: str) -> None:
    """Exit 3, also where the path or DuckDB's message says `lock` or `block`."""
    folder = tmp_path / "lock"
    folder.mkdir()
    one = store(folder)
    with one.open() as connection:
        connection.execute(
            "INSERT INTO review_rows (review_id, reason) SELECT i::TEXT, md5(i::TEXT) FROM range(200000) t(i)"
        )
    raw = one.path.read_bytes()
    flipped = {"flipped head": 4096, "flipped rows": len(raw) // 2}
    if damage in flipped:
        at = flipped[damage]
        raw = raw[:at] + bytes(byte ^ 0xFF for byte in raw[at : at + 100]) + raw[at + 100 :]
    one.path.unlink()
    if damage == "folder":
        one.path.mkdir()
    else:
        one.path.write_bytes({"garbage": b"x" * 20_000, "empty": b"", "half": raw[: len(raw) // 2]}.get(damage, raw))

    with pytest.raises(StoreDamaged) as told:
        prepare_and_ask(one)
    assert told.value.exit_code == 3
    assert "\n" not in str(told.value)


def test_damage_is_told_in_a_line_without_the_engines_stack() -> None:
    """What an assertion within DuckDB says of itself fills a screen."""
    told = damaged("tayang.duckdb", duckdb.InternalException("INTERNAL Error: why\nStack Trace:\n\n/lib/libc.so.6"))

    assert told.endswith("(INTERNAL Error: why)")


def test_a_newer_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    """An older Tayang must not write into what it does not understand: exit 2."""
    one = store(tmp_path)
    with one.open() as connection:
        connection.execute("INSERT INTO schema_version VALUES (?, now())", [SCHEMA_VERSION + 1])
    before = one.path.read_bytes()

    with pytest.raises(WrongUse):
        one.prepare()
    assert before == one.path.read_bytes()


def test_a_store_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    """What a kill left half made is made anew; preparing twice changes nothing."""
    (tmp_path / ".tayang.duckdb.unfinished").write_bytes(b"half")
    one = store(tmp_path)
    one.append(batch([1, 2]))
    one.prepare()

    assert [path.name for path in tmp_path.iterdir()] == ["tayang.duckdb"]
    assert len(one.rows("FROM posts")) == 2
    versions = [{"version": number} for number in range(1, SCHEMA_VERSION + 1)]
    assert one.rows("SELECT version FROM schema_version ORDER BY version") == versions


def test_an_older_store_is_brought_to_the_newest_schema(tmp_path: Path) -> None:
    """A store of version 1 keeps its rows and gains what came since; it then is what a new one is."""
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    old = Store(tmp_path / "old" / "tayang.duckdb")
    with duckdb.connect(old.path) as connection:
        connection.execute(files("pipelines").joinpath("schema.sql").read_text(encoding="utf-8"))
        connection.execute("INSERT INTO schema_version VALUES (1, now())")
    old.append(batch([1, 2]))

    old.prepare()

    columns = "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"
    assert len(old.rows("FROM posts")) == 2
    assert store(tmp_path / "new").rows(columns) == old.rows(columns)


def states(*changes: dict[str, Any]) -> dict[str, Any]:
    """One post in several states, each seen a day after the one before."""
    pages = [
        Page("r", Account("a", "instagram", "a"), (post(1, **fields),), (), NOW + timedelta(days=day))
        for day, fields in enumerate(changes)
    ]
    return {
        "post_rows": [row for page in pages for row in post_rows(page)],
        "sighting_rows": [row for page in pages for row in sighting_rows(page)],
    }


@pytest.mark.parametrize(
    ("changes", "is_edited"),
    [
        (({}, {"text": "teks lain"}), True),
        (({}, {"unread": "unreadable: HTTP 500", "text": ""}), False),
        (({"unread": "unreadable: HTTP 500", "text": ""}, {}), False),
        (({"origin": "import:json", "text": "salinan"}, {}), False),
        (({}, {"media": (Media("m", "image", "https://x/1"),)}), True),
        (({"media": (Media("m", "image", "u", None, "404"),)}, {"media": (Media("m", "image", "u", "a"),)}), False),
        (({"unread": "page cut off"},), False),
    ],
)
def test_a_post_is_edited_only_by_its_author(tmp_path: Path, changes: tuple[Any, ...], is_edited: bool) -> None:
    """A reading that failed, another way of arrival, a picture had later: nobody changed anything."""
    one = store(tmp_path)
    one.append(states(*changes))

    assert one.rows("SELECT edited FROM posts") == [{"edited": is_edited}]


def test_an_engine_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    """DuckLake is promised, not built: exit 2, with what to write instead."""
    with pytest.raises(WrongUse, match=r"tayang\.duckdb"):
        store_at(tmp_path, "ducklake:postgres://x")


def test_history_takes_only_what_changed(tmp_path: Path) -> None:
    """The same verdict said every day is one line; the newest table is always as of now."""
    one = store(tmp_path)

    def say(day: int, status: str) -> None:
        at = NOW + timedelta(days=day)
        one.say_verdicts(
            [
                {
                    "campaign_id": "c",
                    "material_id": "m",
                    "agency_id": "a",
                    "opens_at": NOW,
                    "closes_at": NOW,
                    "status": status,
                    "reason": "",
                    "decided_by": "tayang",
                    "as_of": at,
                }
            ]
        )

    for day, status in enumerate(["pending", "pending", "missing", "missing", "late"]):
        say(day, status)
        say(day, status)
    say(1, "pending")  # an older instant is asked about again

    assert [row["status"] for row in one.rows("FROM verdict_rows ORDER BY as_of")] == ["pending", "missing", "late"]
    assert [{"status": "late", "as_of": NOW + timedelta(days=4)}] == one.rows("SELECT status, as_of FROM verdicts")


def test_what_is_held_is_one_transaction_for_all_within(tmp_path: Path) -> None:
    """Batches and questions take turns on one connection, blocks stand in blocks, and an error takes all back."""
    one = store(tmp_path)

    def stopped() -> None:
        with one.held():
            one.append(batch([1]))
            with one.held():
                one.append({"run_rows": [{"run_id": "r", "command": "run", "started_at": NOW}]})
                one.prepare()
                assert len(one.rows("FROM posts")) == len(one.rows("FROM run_rows")) == 1
            one.append(batch([2]))
            assert len(one.rows("FROM posts")) == 2
            one.append({"run_rows": [{"misspelt": 1}]})

    with pytest.raises(KeyError, match="misspelt"):
        stopped()

    assert one.rows("FROM posts") == one.rows("FROM run_rows") == []
