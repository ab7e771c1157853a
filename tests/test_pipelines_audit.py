"""The audit finds every changed, missing, added or re-ordered byte and row, and names the verdicts that rest on it."""

from __future__ import annotations

import gzip
import random
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from crawler.errors import StoreDamaged
from crawler.items import Capture
from pipelines.audit import examine
from pipelines.check import open_workspace
from pipelines.deleting import Doomed, Why, delete, finish
from pipelines.evidence import BEGUN, Evidence
from pipelines.forget import Asked, plan_forgetting
from pipelines.ledger import read_lines
from pipelines.said import seal_line
from pipelines.sealed import seal_run
from pipelines.snapshot import publish_registry
from pipelines.store import Store
from queries.bundle import periksa_bukti
from tests.evidence_world import AT, TABLES, build, change_row, files_of, flip
from tests.homes import write_registry
from tests.small_world import here


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("audit") / "home"
    build(home)
    return home


@pytest.fixture
def home(sound: Path, tmp_path: Path) -> Path:
    shutil.copytree(sound, tmp_path / "home")
    return tmp_path / "home"


def test_what_was_not_touched_holds(home: Path) -> None:
    """No finding, no remark; both programs, the same lines."""
    done, beside = examine(home), periksa_bukti.check(home / "evidence")

    assert (done.found, done.notes, done.touched) == ((), (), ())
    assert (beside.wrong, beside.notes) == ([], [])
    assert done.head == f"{done.checked}:{beside.seals[done.checked]}"


@pytest.mark.parametrize("part", ["warc", "media", "said", "ledger"])
def test_any_changed_byte_is_found_by_both(home: Path, part: str) -> None:
    """First, last, and some between; the stand-alone check finds the same without the store."""
    luck = random.Random(part)
    for path in files_of(home, part)[:2]:
        size = path.stat().st_size
        for at in (0, size - 1, *(luck.randrange(size) for _ in range(2))):
            flip(path, at, 1)
            # A torn last line of the ledger says nothing: only the store knows that it was whole.
            assert examine(home).found, (path, at)
            assert periksa_bukti.check(home / "evidence").wrong or at == size - 1, (path, at)
            flip(path, at, 1)


def swap(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[1], lines[0], *lines[2:]]))


HARMS: dict[str, Callable[[Path], object]] = {
    "a picture lost": lambda home: files_of(home, "media")[0].unlink(),
    "a WARC lost": lambda home: files_of(home, "warc")[0].unlink(),
    "a saying lost": lambda home: files_of(home, "said")[0].unlink(),
    "a picture added": lambda home: (home / "evidence" / "media" / "x.jpg").write_bytes(b"x"),
    "a WARC added": lambda home: (home / "evidence" / "warc" / "x.warc.gz").write_bytes(b"x"),
    "a file added": lambda home: (home / "evidence" / "catatan.txt").write_bytes(b"x"),
    "a link added": lambda home: (home / "evidence" / "luar").symlink_to(home),
    "bytes behind a WARC": lambda home: files_of(home, "warc")[0].open("ab").write(b"x"),
    "records exchanged": lambda home: exchange(files_of(home, "warc")[0]),
    "a record of another WARC": lambda home: smuggle(home),
    "two WARCs exchanged": lambda home: rename_to_each_other(*files_of(home, "warc")[:2]),
    "a picture that is a link": lambda home: link(files_of(home, "media")[0], home),
    "a WARC that is a link": lambda home: link(files_of(home, "warc")[0], home),
    "lines exchanged": lambda home: swap(files_of(home, "ledger")[0]),
    "a line lost": lambda home: without(files_of(home, "ledger")[0], 3),
}


def exchange(path: Path) -> None:
    body = path.read_bytes()
    half = len(body) // 2
    path.write_bytes(body[half:] + body[:half])


def smuggle(home: Path) -> None:
    """A whole and readable answer of one file stands where a longer one of another file stood, to its last byte."""
    lines = [one for one in read_lines(home / "evidence" / "ledger.jsonl") if one["kind"] == "graph"]
    short, long = sorted((lines[0], lines[-1]), key=lambda line: int(line["warc_bytes"]))
    raw = (home / "evidence" / short["warc_file"]).read_bytes()[short["warc_offset"] :][: short["warc_bytes"]]
    gap = long["warc_bytes"] - len(raw)
    if gap:  # a gzip member may carry a file name
        raw = raw[:3] + bytes([raw[3] | 8]) + raw[4:10] + b"x" * (gap - 1) + b"\0" + raw[10:]
    assert gzip.decompress(raw).startswith(b"WARC/1.1")
    with (home / "evidence" / long["warc_file"]).open("r+b") as stream:
        stream.seek(long["warc_offset"])
        stream.write(raw)


def rename_to_each_other(one: Path, other: Path) -> None:
    between = one.with_name("between")
    one.rename(between)
    other.rename(one)
    between.rename(other)


def link(path: Path, home: Path) -> None:
    """The same bytes, where somebody else may change them."""
    path.symlink_to(path.rename(home.parent / path.name))


def without(path: Path, number: int) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:number] + lines[number + 1 :]))


@pytest.mark.parametrize("harm", HARMS)
def test_missing_added_and_moved_bytes_are_found_by_both(home: Path, harm: str) -> None:
    """In files, between records and between lines."""
    HARMS[harm](home)

    assert examine(home).found
    assert periksa_bukti.check(home / "evidence").wrong


def test_evidence_on_another_disk_is_checked_there_and_told(home: Path) -> None:
    """A link in the place of the whole folder, or of the ledger, is lawful; its bytes are held to the same."""
    (home / "evidence" / "ledger.jsonl").rename(home.parent / "ledger.jsonl")
    (home / "evidence" / "ledger.jsonl").symlink_to(home.parent / "ledger.jsonl")
    (home / "evidence").rename(home.parent / "other-disk")
    (home / "evidence").symlink_to(home.parent / "other-disk")
    done = examine(home)
    flip(files_of(home, "media")[0], 5, 1)

    assert (done.found, len(done.notes)) == ((), 2)
    assert examine(home).found


def test_what_a_kill_leaves_is_told_and_is_no_damage(home: Path) -> None:
    """Bytes behind the last named record of a run that never ended, and half a line: remarks of both programs."""
    evidence = Evidence(home, "20240426T030000", {})
    from tests.test_pipelines_evidence import capture

    evidence.keep(capture("graph", b"one"), "instagram:a0")
    evidence.commit()
    evidence.keep(capture("graph", b"two"), "instagram:a0")
    evidence.keep(capture("media", b"three"), "instagram:a0")
    with (home / "evidence" / "ledger.jsonl").open("ab") as stream:
        stream.write(b'{"torn')
    done, beside = examine(home), periksa_bukti.check(home / "evidence")

    assert (done.found, len(done.notes)) == ((), 3)
    assert (beside.wrong, len(beside.notes)) == ([], 3)


def test_changed_cells_of_the_store_are_found(home: Path) -> None:
    """Any column of any row that evidence or a verdict rests on."""
    luck, store = random.Random(3), home / "tayang.duckdb"
    whole = store.read_bytes()
    for _ in range(12):
        where = change_row(store, luck)

        assert examine(home).found, where
        store.write_bytes(whole)


@pytest.mark.parametrize(
    "table", ["post_rows", "visit_rows", "sighting_rows", "evidence_rows", "sign_rows", "verdict_rows",
              "newest_verdict_rows", "review_rows", "seal_rows", "state_rows"],
)  # fmt: skip
def test_removed_and_doubled_rows_are_found(home: Path, table: str) -> None:
    """By hand, in DuckDB."""
    whole = (home / "tayang.duckdb").read_bytes()
    first = f"rowid = (SELECT min(rowid) FROM {table})"
    for change in (f"DELETE FROM {table} WHERE {first}", f"INSERT INTO {table} FROM {table} LIMIT 1"):
        with duckdb.connect(str(home / "tayang.duckdb")) as connection:
            connection.execute(change)

        assert any(table in one for one in examine(home).found), change
        (home / "tayang.duckdb").write_bytes(whole)


@pytest.mark.parametrize("table", ["seal_rows", "review_rows"])
def test_a_table_that_is_gone_is_damage_whatever_version_the_store_says(home: Path, table: str) -> None:
    """Nobody hides rows by dropping their table, nor by calling the store an older one: the ledger tells of them."""
    drop(home, table)
    of_today = examine(home)
    with duckdb.connect(str(home / "tayang.duckdb")) as connection:
        connection.execute("DELETE FROM schema_version WHERE version > 5")
    older = examine(home)

    assert any(table in one for one in of_today.found)
    assert any(table in one for one in older.found)


def test_an_older_store_is_compared_as_far_as_it_goes(home: Path) -> None:
    """Without a table of which no line tells it is older, and its other rows are what they are."""
    drop(home, "timestamp_rows")
    with duckdb.connect(str(home / "tayang.duckdb")) as connection:
        connection.execute("DELETE FROM schema_version WHERE version > 8")
    older = examine(home)
    with duckdb.connect(str(home / "tayang.duckdb")) as connection:
        connection.execute("UPDATE newest_verdict_rows SET status = 'fulfilled'")

    assert (older.found, len(older.notes)) == ((), 1)
    assert examine(home).found


def drop(home: Path, table: str) -> None:
    with duckdb.connect(str(home / "tayang.duckdb")) as connection:
        for [view] in connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall():
            connection.execute(f'DROP VIEW "{view}"')
        connection.execute(f"DROP TABLE {table}")


def test_a_forged_note_of_a_deletion_excuses_nothing(home: Path) -> None:
    """What is no note of ours is damage, and no run stumbles over it; one that looks like ours hides no row."""
    note = home / "evidence" / "deleting.json"
    note.write_text("{}")
    broken, beside = examine(home).found, periksa_bukti.check(home / "evidence").wrong
    with pytest.raises(StoreDamaged, match=r"deleting\.json"):
        finish(home, Store(home / "tayang.duckdb"))
    note.write_text('{"first_seq": 1}')
    alike = examine(home)
    with duckdb.connect(str(home / "tayang.duckdb")) as connection:
        for table in ("sign_rows", "verdict_rows"):
            connection.execute(f"INSERT INTO {table} SELECT * REPLACE ('x' AS post_id) FROM {table} LIMIT 1")

    assert (len(broken), len(beside)) == (1, 1)
    assert (alike.found, len(alike.notes)) == ((), 1)
    assert [one.split(":")[0] for one in examine(home).found] == ["verdict_rows", "sign_rows"]


def forget(home: Path) -> tuple[Store, int]:
    """Forget a post whose sign is sealed; the store and the deletion's first line."""
    store = Store(home / "tayang.duckdb", home=home)
    delete(home, store, plan_forgetting(home, store, Asked("instagram:0")).doomed, Why("operator", "x"))
    lines = read_lines(home / "evidence" / "ledger.jsonl")
    return store, min(line["seq"] for line in lines if line["kind"] == "deletion")


@pytest.mark.parametrize("is_of_a_deletion", [True, False])
def test_a_note_that_is_put_back_after_a_deletion_excuses_no_sign(home: Path, is_of_a_deletion: bool) -> None:
    """The chain tells which lines are deletions, and that the signs were sealed again behind them."""
    store, first = forget(home)
    after = examine(home).found
    (home / "evidence" / "deleting.json").write_text(f'{{"first_seq": {first if is_of_a_deletion else 1}}}')
    alike = examine(home)
    with store.open() as connection:
        connection.execute("INSERT INTO sign_rows SELECT * REPLACE ('x' AS post_id) FROM sign_rows LIMIT 1")

    assert (after, alike.found, len(alike.notes)) == ((), (), 1)
    assert [one.split(":")[0] for one in examine(home).found] == ["sign_rows"]


def test_a_deletion_that_is_finished_late_leaves_what_was_fetched_since(home: Path) -> None:
    """A picture that was deleted and is there again by a later line stays, also where the note says to delete it."""
    [picture, *_] = [one for one in read_lines(home / "evidence" / "ledger.jsonl") if one["kind"] == "media"]
    path, store = home / picture["path"], Store(home / "tayang.duckdb", home=home)
    body = path.read_bytes()
    delete(home, store, [Doomed(picture["sha256"], "retention.media_days")], Why("tayang", "x"))
    is_gone = not path.exists()
    evidence = Evidence(home, "20240501T030000", {})
    url, kind = picture["url"], (("content-type", "image/jpeg"),)
    evidence.keep(Capture("media", url, url, 200, kind, body, AT), "")
    evidence.commit()
    (home / "evidence" / "deleting.json").write_text('{"first_seq": 1}')

    assert is_gone
    assert finish(home, store) == 0
    assert path.read_bytes() == body
    assert examine(home).found == ()


def test_a_folder_without_a_ledger_is_a_sentence(home: Path) -> None:
    """The stand-alone check says what is lacking."""
    with pytest.raises(SystemExit):
        periksa_bukti.main([str(home)])


def test_a_store_that_is_gone_is_damage_where_runs_ended(home: Path) -> None:
    """It can be made again; until then nothing that was said is there."""
    (home / "tayang.duckdb").unlink()

    assert any("tayang.duckdb" in one for one in examine(home).found)


def test_damage_leads_to_the_verdicts_that_rest_on_it(home: Path) -> None:
    """A changed picture: the post's verdict. A changed answer: also the absence that its look proved."""
    media = files_of(home, "media")[0]
    flip(media, 5, 1)
    by_picture = examine(home).touched
    flip(media, 5, 1)
    warc = files_of(home, "warc")[0]
    warc.write_bytes(b"")
    by_answers = examine(home).touched

    assert [("anti", "tip", AT.replace(hour=17, day=23))] == [
        (one["campaign_id"], one["material_id"], one["opens_at"]) for one in by_picture
    ]  # fmt: skip
    assert {"a0", "a1", "a2"} == {one["agency_id"] for one in by_answers}
    assert {"missing"} == {one["status"] for one in by_answers if one["because"] == "look"}


@pytest.mark.parametrize("at", [100, 5000, 0.4])
def test_a_broken_store_is_a_sentence_and_exit_three(home: Path, at: float) -> None:
    """A head that is none, blocks that do not match their checksums: never a traceback."""
    path = home / "tayang.duckdb"
    body = bytearray(path.read_bytes())
    start = int(at * len(body)) if at < 1 else int(at)
    body[start : start + 200_000] = bytes(200_000)
    path.write_bytes(body)
    done = here("audit", "--home", str(home))

    assert done.returncode == 3, done.stdout
    assert "tayang.duckdb" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_a_printed_seal_is_found_again_or_missed(home: Path) -> None:
    """Whole, or its first letters; another history does not have it; what is no seal is wrong use."""
    head = examine(home).head
    other = head[:-1] + ("0" if head[-1] != "0" else "1")

    assert [
        here("audit", "--home", str(home), "--head", one).returncode for one in (head, head[:24], other, "x")
    ] == [0, 0, 3, 2]
    assert [periksa_bukti.main([str(home / "evidence"), "--head", one]) for one in (head, other)] == [0, 1]


def test_rows_of_before_there_was_a_status_are_as_they_were_written(home: Path) -> None:
    """A store that was brought to version 5 has older rows without it; one that was made since has none such."""
    with duckdb.connect(str(home / "tayang.duckdb")) as store:
        store.execute("UPDATE evidence_rows SET status = NULL")
    in_a_new_store = examine(home).found
    with duckdb.connect(str(home / "tayang.duckdb")) as store:
        store.execute("UPDATE schema_version SET applied_at = '2023-01-01' WHERE version < 5")
    in_an_old_store = examine(home).found
    with duckdb.connect(str(home / "tayang.duckdb")) as store:
        store.execute("UPDATE evidence_rows SET url = 'lain' WHERE seq = (SELECT min(seq) FROM evidence_rows)")
    changed = examine(home).found

    assert in_a_new_store
    assert in_an_old_store == ()
    assert len(changed) == 2  # the row that is no line's, and the line whose row is not there


NEWEST_SQL = "FROM newest_verdict_rows"
HIDDEN = {
    "a view that tells other verdicts": "CREATE OR REPLACE VIEW verdicts AS "
    "SELECT * REPLACE ('fulfilled' AS status) FROM newest_verdict_rows",
    "a function in the place of the database's own": "CREATE MACRO sha256(one) AS 'x'",
    "one that hides functions": "CREATE MACRO duckdb_functions() AS TABLE SELECT 1 AS one WHERE false",
    "changed, and of an instant of which no seal tells": "UPDATE newest_verdict_rows "
    "SET status = 'fulfilled', as_of = as_of + INTERVAL 1 SECOND",
    "no newest verdicts": "DELETE FROM newest_verdict_rows",
    "nothing at all": "; ".join(f"DELETE FROM {table}" for table in (*TABLES, "ledger_head_rows", "compared_rows")),
    "without the first run": "DELETE FROM run_rows WHERE rowid = 0; DELETE FROM ledger_head_rows WHERE seq < 15",
}


@pytest.mark.parametrize("harm", HIDDEN)
def test_harm_that_hides_itself_in_the_store_is_found(home: Path, harm: str) -> None:
    """By somebody who knows what the audit asks."""
    with duckdb.connect(str(home / "tayang.duckdb")) as connection:
        connection.execute(HIDDEN[harm])

    assert examine(home).found


def test_a_store_of_yesterday_is_found(home: Path) -> None:
    """In the place of today's: a run, and what it said, that the ledger has seen to its end."""
    store = Store(home / "tayang.duckdb")
    yesterday = store.path.read_bytes()
    store.begin_run("20240426T030000", "run", AT)
    seal_line(home, {"kind": BEGUN, "run_id": "20240426T030000"})
    store.say_verdicts([{**one, "as_of": AT + timedelta(days=9), "status": "late"} for one in store.rows(NEWEST_SQL)])
    store.end_run("20240426T030000", AT, 0, "{}")
    seal_run(store, home, "20240426T030000")
    today = examine(home).found
    store.path.write_bytes(yesterday)

    found = examine(home).found
    assert today == ()
    assert [one.split(":")[0] for one in found] == ["run_rows", "seal_rows"]


def test_verdicts_of_an_earlier_instant_are_not_the_newest(home: Path) -> None:
    """Although a seal tells of them too."""
    store = Store(home / "tayang.duckdb")
    earlier = store.rows(NEWEST_SQL)
    store.say_verdicts([{**one, "as_of": AT + timedelta(days=9), "status": "late"} for one in earlier])
    before = examine(home).found
    store.replace({"newest_verdict_rows": earlier})

    assert before == ()
    assert any("newest_verdict_rows" in one for one in examine(home).found)


def test_names_that_were_swapped_in_the_store_are_a_remark(home: Path) -> None:
    """No line seals what people wrote in files; the store repeats it beside each verdict, so both are compared."""
    write_registry(home, ["a0,Dinas Kesehatan,opd", "a1,Dinas Pendidikan,opd"], ["a0,instagram,@dinkes,"])
    store = Store(home / "tayang.duckdb")
    publish_registry(open_workspace(home), store)
    assert (examine(home).found, examine(home).notes) == ((), ())

    change = "UPDATE agency_rows SET name = CASE agency_id WHEN 'a0' THEN 'Dinas Pendidikan' ELSE 'Dinas Kesehatan' END"
    with store.open() as connection:
        connection.execute(change)
    [note] = examine(home).notes

    assert note.startswith("agency_rows: lain daripada berkas")
    assert examine(home).found == ()
