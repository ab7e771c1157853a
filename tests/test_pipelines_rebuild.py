"""A store made again from evidence alone says what the lost one said, to the row and to the byte."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import Blocked, SourceTrouble, StoreDamaged, Unreachable
from crawler.items import Account
from pipelines.check import open_workspace
from pipelines.exchange import exchange
from pipelines.ledger import read_lines
from pipelines.rebuild import rebuild
from pipelines.reread import Answers, Archive, Asked
from pipelines.reviews import Review, record
from pipelines.sealed import SIGHTING, VISIT
from pipelines.store import Store
from tests.conftest import Lived, run_tayang

# What is told by these is restored; signs are computed anew, at another instant.
TOLD = ("post_rows", "sighting_rows", "visit_rows", "run_rows", "evidence_rows", "submission_rows", "review_rows")
COMPUTED = ("verdicts", "coverage", "fingerprint_rows", "posts")
SIGNS = "SELECT * EXCLUDE (matched_at) FROM sign_rows"
TABLES = {**{name: f"FROM {name}" for name in (*TOLD, *COMPUTED)}, "sign_rows": SIGNS}


@dataclass(frozen=True)
class Copy:
    """The lived world after a second run, an import and a decision; its ledger is what a rebuild reads."""

    home: Path
    token: str

    @property
    def store(self) -> Store:
        return Store(self.home / "tayang.duckdb")

    def tayang(self, *words: str) -> str:
        done = run_tayang(*words, home=self.home, token=self.token)
        assert done.returncode in (0, 1), done.stderr
        return done.stdout

    def rows(self) -> dict[str, list[str]]:
        return {name: sorted(map(str, self.store.rows(sql))) for name, sql in TABLES.items()}


@pytest.fixture(scope="module")
def seen_twice(lived: Lived, tmp_path_factory: pytest.TempPathFactory) -> Copy:
    home = tmp_path_factory.mktemp("rebuild") / "home"
    shutil.copytree(lived.home, home)
    copy = Copy(home, lived.world.graph.token)
    submitted = home.parent / "kiriman.csv"
    submitted.write_text("agency_id;url\ndlh;https://www.instagram.com/p/C6IPa2jgAAf/\nrsud;https://rsud.example/x\n")
    copy.tayang("import", "submission", str(submitted))
    [duty] = copy.store.rows("FROM verdicts WHERE agency_id = 'disdik' AND status = 'review' LIMIT 1")
    record(copy.store, home, Review(
        "a" * 24, duty["post_id"], duty["campaign_id"], duty["material_id"], "disdik", None, "none", "Bu Sri", "bukan",
        datetime.now(UTC),
    ))  # fmt: skip
    copy.tayang("run")
    return copy


@pytest.fixture
def copy(seen_twice: Copy, tmp_path: Path) -> Copy:
    shutil.copytree(seen_twice.home, tmp_path / "home")
    return Copy(tmp_path / "home", seen_twice.token)


def cut_ledger(home: Path, lines: int) -> None:
    """The ledger as a kill would have left it after so many lines."""
    path = home / "evidence" / "ledger.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:lines]))


@pytest.mark.slow
def test_every_row_and_the_report_come_again(copy: Copy) -> None:
    """Two runs, an import and a decision: the same rows, the same verdicts, the same report.json bytes."""
    before, out = copy.rows(), copy.home.parent
    copy.tayang("report", "--format", "json", "--out", str(out / "before"))
    said = json.loads(copy.tayang("rebuild", "--json"))
    copy.tayang("report", "--format", "json", "--out", str(out / "after"))

    assert before == copy.rows()
    assert (out / "before" / "report.json").read_bytes() == (out / "after" / "report.json").read_bytes()
    assert (0, len(before["visit_rows"])) == (said["changed"], said["visits"])
    assert (copy.home / "tayang.duckdb.before-rebuild").exists()


@pytest.mark.slow
def test_a_lost_store_comes_again(copy: Copy) -> None:
    """Nothing of the old store is read: it may be gone, with its write-ahead log left over."""
    before = copy.rows()
    copy.store.path.unlink()
    log = Path(f"{copy.store.path}.wal")
    log.write_bytes(b"of another file")
    rebuild(open_workspace(copy.home))

    assert before == copy.rows()
    assert not log.exists()


@pytest.mark.slow
def test_damaged_evidence_replaces_nothing(copy: Copy) -> None:
    """One byte of one record: exit 3, and the store stays as it is."""
    [warc, *_] = sorted((copy.home / "evidence" / "warc").iterdir())
    body = bytearray(warc.read_bytes())
    body[len(body) // 2] ^= 1
    warc.write_bytes(body)
    before = copy.store.path.read_bytes()
    done = run_tayang("rebuild", home=copy.home)

    assert (3, before) == (done.returncode, copy.store.path.read_bytes())
    assert not (copy.home / "tayang.duckdb.before-rebuild").exists()


@pytest.mark.slow
def test_a_killed_look_keeps_what_it_saw(copy: Copy) -> None:
    """A sighting without the end of its visit: its posts are restored, and no visit."""
    lines = list(read_lines(copy.home / "evidence" / "ledger.jsonl"))
    first = next(line for line in lines if line["kind"] == SIGHTING and line["content"]["channel"] == "instagram")
    cut_ledger(copy.home, first["seq"])
    named = {line.get("warc_file") for line in lines[: first["seq"]]}
    for path in (copy.home / "evidence" / "warc").iterdir():  # runs that had not begun then
        if f"warc/{path.name}" not in named:
            path.unlink()
    rebuild(open_workspace(copy.home))
    posts = {row["post_id"] for row in copy.store.rows("FROM posts")}

    assert {post_id for post_id, *_ in first["content"]["posts"]} <= posts
    assert sum(line["kind"] == VISIT for line in lines[: first["seq"]]) == len(copy.store.rows("FROM visit_rows"))


@pytest.mark.slow
def test_a_sealed_post_that_is_not_found_again_stops_the_exchange(copy: Copy) -> None:
    """A sighting whose answers are of another account: named, and the old store stays."""
    lines = list(read_lines(copy.home / "evidence" / "ledger.jsonl"))
    line = next(line for line in lines if line["kind"] == SIGHTING)
    line["content"]["posts"].append(["instagram:none", "0" * 32])
    _seal_again(copy.home, lines)
    with pytest.raises(StoreDamaged, match="instagram:none"):
        rebuild(open_workspace(copy.home))

    assert not (copy.home / "tayang.duckdb.before-rebuild").exists()


def _seal_again(home: Path, lines: Sequence[dict[str, Any]]) -> None:
    from pipelines.ledger import Ledger

    path = home / "evidence" / "ledger.jsonl"
    path.unlink()
    ledger = Ledger(path)
    for line in lines:
        ledger.add({key: value for key, value in line.items() if key not in ("seq", "prev", "hash")})
    ledger.commit()


@pytest.mark.parametrize(("kind", "expected"), [("Blocked", Blocked), ("Unreachable", Unreachable), ("?", Unreachable)])
def test_a_question_without_answer_fails_as_it_did(tmp_path: Path, kind: str, expected: type[SourceTrouble]) -> None:
    """What was refused or did not come is refused or does not come again, with its words; once."""
    asked = Asked(Account("a", "news", "https://a.example"), failed=[["https://a.example/1", kind, "HTTP 503"]])
    answers = Answers(Archive(tmp_path), asked)

    with pytest.raises(expected, match="HTTP 503"):
        answers.next("article", "https://a.example/1")
    with pytest.raises(Unreachable, match="no answer in evidence"):
        answers.next("article", "https://a.example/1")


def test_there_is_a_store_at_every_instant_of_the_exchange(tmp_path: Path) -> None:
    """A kill between two steps would leave none, and the next run would begin an empty one."""
    old, fresh = tmp_path / "tayang.duckdb", tmp_path / "tayang.duckdb.rebuilt"
    Store(old).prepare()
    whole = old.read_bytes()
    missed, is_over = [], threading.Event()

    def watch() -> None:
        while not is_over.is_set():
            if not old.exists():
                missed.append(True)

    watcher = threading.Thread(target=watch)
    watcher.start()
    for _ in range(30):
        fresh.write_bytes(whole)
        kept = exchange(fresh, old)
    is_over.set()
    watcher.join()

    assert missed == []
    assert kept
    assert (old.read_bytes(), kept.read_bytes(), fresh.exists()) == (whole, whole, False)
