"""Deleted on purpose: gone from every file, told apart from damage, and nobody accused for it."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from hypothesis import given
from hypothesis import strategies as st

from pipelines.audit import audit_evidence as audit
from pipelines.check import open_workspace
from pipelines.deleting import Doomed, Why, delete, finish
from pipelines.deletions import Deletions
from pipelines.filler import LEAST_BYTES, filler
from pipelines.ledger import read_lines
from pipelines.retention import expired
from pipelines.snapshot import publish_registry
from queries.bundle import periksa_bukti
from tests.small_world import PLEDGE, SmallWorld, a_post, an_account, local, read

SHA, AT = "ab" * 32, "2026-01-01T00:00:00Z"
MARKER = "Bapak Penanda Tanganan dari Loket Tujuh mengucapkan ikrar"
NAME = "Budi-Penanda-Kiriman"


@given(st.integers(LEAST_BYTES, 4000))
def test_a_filler_has_exactly_the_asked_length(length: int) -> None:
    """And is one whole gzip member that unpacks to the record, or to nothing where that does not fit."""
    member = filler(length, SHA, AT)
    unpacked = gzip.decompress(member)

    assert length == len(member)
    assert unpacked == b"" if length < 200 else SHA.encode() in unpacked or length < 260


def test_readers_go_on_behind_a_filler() -> None:
    """A WARC reader and zcat read what stands before and behind."""
    two = filler(500, SHA, AT) + filler(503, SHA, AT)

    assert [one.record_type for one in ArchiveIterator(io.BytesIO(two))] == [WarcRecordType.metadata] * 2
    assert subprocess.run(["zcat"], input=two, capture_output=True, check=True).stdout.count(b"WARC/1.1") == 2


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two offices that fulfilled, one of them with a person's words; a submission with a name in file and cells."""
    home = tmp_path_factory.mktemp("deletion") / "home"
    accounts = [
        an_account("a", a_post(1, f"{PLEDGE}\n{MARKER}", local(2, 9))),
        an_account("b", a_post(2, PLEDGE, local(2, 9))),
    ]
    world = SmallWorld(home, accounts)
    with world.sandbox() as sandbox:
        world.write(port=sandbox.graph_port)
        assert world.tayang("run").returncode == 0
    submitted = home.parent / f"{NAME}.csv"
    submitted.write_text(f"agency_id;url;note\nb;https://www.instagram.com/p/C6IPa2jgAAf/;{NAME}\n")
    assert world.tayang("import", "submission", str(submitted)).returncode == 0
    return home


@pytest.fixture
def world(seen: Path, tmp_path: Path) -> SmallWorld:
    shutil.copytree(seen, tmp_path / "home")
    return SmallWorld(tmp_path / "home", ())


def holding(home: Path, word: str) -> set[str]:
    """Files in whose bytes the word stands, packed WARC members unpacked."""
    found = set()
    for path in (one for one in home.rglob("*") if one.is_file()):
        body = path.read_bytes()
        body += gzip.decompress(body) if path.name.endswith(".warc.gz") else b""
        if word.encode() in body or json.dumps(word)[1:-1].encode() in body:
            found.add(path.relative_to(home).parts[0])
    return found


@pytest.mark.slow
def test_the_ledger_names_no_person(world: SmallWorld) -> None:
    """Neither the file's name nor its folder nor its cells: they could never be deleted again."""
    ledger = (world.home / "evidence" / "ledger.jsonl").read_text()

    assert NAME not in ledger
    assert MARKER not in ledger


@pytest.mark.slow
def test_forgetting_first_only_tells(world: SmallWorld) -> None:
    """Without --yes: the verdict that would lose its ground and the report that shows it; not a byte changes."""
    before = {path: path.read_bytes() for path in (world.home / "evidence").rglob("*") if path.is_file()}
    told = read(world.here("forget", "--post", "instagram:179000001", "--json"))

    assert [row["agency_id"] for row in told["verdicts"]] == ["a"]
    assert any("reports" in path for path in told["copies"])
    assert before == {path: path.read_bytes() for path in before}


@pytest.mark.slow
def test_what_is_forgotten_is_nowhere_and_nobody_is_accused(world: SmallWorld) -> None:
    """Gone from store, WARC and ledger; the verdict is `unknown`, the other's stands; audit and rebuild agree."""
    done = world.here("forget", "--post", "instagram:179000001", "--yes", "--reason", "permintaan")
    said = world.verdicts()
    shutil.rmtree(world.home / "reports")
    audited = world.here("audit")
    rebuilt = world.tayang("rebuild")

    beside = periksa_bukti.check(world.home / "evidence")
    lines = list(read_lines(world.home / "evidence" / "ledger.jsonl"))

    assert done.returncode == 0, done.stderr
    assert (beside.wrong, beside.deleted_count > 0) == ([], True)
    assert any(line["kind"] == "signs" and line["content"].get("is_again") for line in lines)
    assert set() == holding(world.home, MARKER)
    assert {"a": ("unknown", "unreadable"), "b": ("fulfilled", "")} == said == world.verdicts()
    assert audited.returncode == 0, audited.stdout
    assert rebuilt.returncode == 0, rebuilt.stderr


@pytest.mark.slow
@pytest.mark.parametrize("number", ["179000003", "179000004"])
def test_what_stood_beside_a_forgotten_post_keeps_no_store_from_being_made_anew(tmp_path: Path, number: str) -> None:
    """On the same page, or seen again on a page that went: its text stays until the rebuild, then it is a stub."""
    posts = [a_post(1, PLEDGE, local(2, 9)), a_post(3, MARKER, local(2, 10))]
    world = SmallWorld(tmp_path / "home", [an_account("a", *posts)])
    with world.sandbox() as sandbox:
        world.write(port=sandbox.graph_port)
        assert world.tayang("run").returncode == 0
    world.accounts = [an_account("a", a_post(4, "Rapat kerja", local(1, 9)), *posts)]
    with world.sandbox() as sandbox:
        world.write(port=sandbox.graph_port)
        assert world.tayang("run").returncode == 0
    done = world.here("forget", "--post", f"instagram:{number}", "--yes", "--reason", "permintaan")
    kept = world.store.rows("SELECT text FROM post_rows WHERE post_id = 'instagram:179000001'")
    audited, rebuilt = world.here("audit"), world.tayang("rebuild")

    assert (done.returncode, audited.returncode, rebuilt.returncode) == (0, 0, 0), rebuilt.stderr
    assert kept == [{"text": PLEDGE}]
    assert world.here("audit").returncode == 0
    assert world.verdicts()["a"][0] in ("unknown", "fulfilled")


@pytest.mark.slow
def test_a_submission_is_forgotten_with_its_file(world: SmallWorld) -> None:
    """By agency and day; file, cells and row are gone."""
    day = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    done = world.here("forget", "--agency", "b", "--before", day, "--yes", "--reason", "permintaan")

    assert done.returncode == 0, done.stderr
    assert world.store.rows("FROM submission_rows") == []
    assert set() == holding(world.home, NAME)
    assert world.here("audit").returncode == 0
    assert world.tayang("rebuild").returncode == 0


@pytest.mark.slow
def test_retention_waits_for_the_campaign_and_then_leaves_unknown_after_a_rebuild(world: SmallWorld) -> None:
    """Off: nothing. On, but too young: nothing. A year later everything goes; a new store then says `unknown`."""
    workspace = open_workspace(world.home)
    publish_registry(workspace, world.store)
    one_day = replace(workspace.instance.retention, captures=1, media=1)
    now = datetime.now(UTC)
    doomed = expired(world.store, one_day, now + timedelta(days=400))

    assert expired(world.store, workspace.instance.retention, now + timedelta(days=400)) == []
    assert expired(world.store, one_day, now) == []
    assert doomed
    assert delete(world.home, world.store, doomed, Why("tayang", "[retention]")) > 0
    assert world.verdicts()["a"][0] == "fulfilled"
    assert world.here("audit").returncode == 0
    assert world.tayang("rebuild").returncode == 0
    assert world.verdicts() == {"a": ("unknown", "unreadable"), "b": ("unknown", "unreadable")}


@pytest.mark.slow
def test_retention_by_command_deletes_what_it_showed_and_once(
    world: SmallWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exactly what was shown, and a second time nothing; audit, report and a new store stay right."""
    settings = world.home / "tayang.toml"
    settings.write_text(settings.read_text() + "[retention]\ncaptures_days = 30\n")
    monkeypatch.setattr("queries.commands.retention.now_utc", lambda: datetime.now(UTC) + timedelta(days=29))
    early = read(world.here("retention", "--apply", "--json"))
    monkeypatch.setattr("queries.commands.retention.now_utc", lambda: datetime.now(UTC) + timedelta(days=400))
    lines = [line for line in read_lines(world.home / "evidence" / "ledger.jsonl") if "url" in line]
    before, verdicts = fingerprints(world.home), world.verdicts()
    shown = read(world.here("retention", "--json"))
    untouched = fingerprints(world.home) == before
    applied, again = (read(world.here("retention", "--apply", "--json")) for _ in range(2))
    submitted = [line for line in lines if line["kind"] == "import"]
    captured = {line["sha256"] for line in lines if line["kind"] != "import"}
    changed = {name for name, digest in fingerprints(world.home).items() if before.get(name, digest) != digest}

    assert early == {"rules": {}, "deleted_bytes": 0}
    assert (untouched, shown["deleted_bytes"]) == (True, None)
    assert applied["rules"] == shown["rules"] == {"retention.captures_days": len(captured)}
    assert applied["deleted_bytes"] > 0
    assert again == {"rules": {}, "deleted_bytes": 0}
    assert {name.rpartition("/")[0] for name in changed - {"evidence/ledger.jsonl"}} == {"evidence/warc"}
    assert not any(Deletions.of(read_lines(world.home / "evidence" / "ledger.jsonl")).covers(one) for one in submitted)
    assert (audit(world.home)[1], periksa_bukti.check(world.home / "evidence").wrong) == ([], [])
    assert (world.here("audit").returncode, world.here("report").returncode) == (0, 0)
    assert world.verdicts() == verdicts
    assert world.here("verify").returncode == 0
    assert world.verdicts() == verdicts
    assert world.tayang("rebuild").returncode == 0
    assert (world.here("audit").returncode, {one[0] for one in world.verdicts().values()}) == (0, {"unknown"})


def fingerprints(home: Path) -> dict[str, str]:
    """Digests of what lies in `evidence/`."""
    files = (path for path in (home / "evidence").rglob("*") if path.is_file())
    return {path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.slow
def test_a_kill_between_line_and_bytes_is_made_good(world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sealed deletion is finished by the next who holds the lock; meanwhile and afterwards nothing is damaged."""
    [line, *_] = [one for one in read_lines(world.home / "evidence" / "ledger.jsonl") if one["kind"] == "graph"]

    def killed(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr("pipelines.deleting._erase", killed)
        with pytest.raises(KeyboardInterrupt):
            delete(world.home, world.store, [Doomed(line["sha256"], "retention.captures_days")], Why("tayang", "x"))
    path = world.home / "evidence" / line["warc_file"]
    with path.open("r+b") as stream:  # half written
        stream.seek(line["warc_offset"])
        stream.write(b"\x1f\x8b\x08")
    size = path.stat().st_size
    assert finish(world.home, world.store) == line["warc_bytes"]

    deletions = Deletions.of(read_lines(world.home / "evidence" / "ledger.jsonl"))
    assert deletions.covers(line)
    assert (0, size) == (finish(world.home, world.store), path.stat().st_size)
    assert audit(world.home)[1] == []


@pytest.mark.slow
def test_bytes_missing_without_a_line_stay_damage(world: SmallWorld) -> None:
    """A filler that no deletion names is found: nobody deletes in secret."""
    [line, *_] = [one for one in read_lines(world.home / "evidence" / "ledger.jsonl") if one["kind"] == "graph"]
    with (world.home / "evidence" / line["warc_file"]).open("r+b") as stream:
        stream.seek(line["warc_offset"])
        stream.write(filler(line["warc_bytes"], line["sha256"], AT))

    assert len(audit(world.home)[1]) == 1
    assert len(periksa_bukti.check(world.home / "evidence").wrong) == 1
