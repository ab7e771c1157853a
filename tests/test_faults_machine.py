"""A sick machine (full or read-only disk, held or broken files, no TMPDIR) -> one clear sentence, and nothing lost."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from filelock import FileLock

from crawler.local_time import local_midnight
from pipelines.audit import audit_workspace
from pipelines.ledger import Ledger, broken_links, read_lines
from pipelines.store import Store
from tests.faults import world
from tests.faults.command import run

TOKEN = {"TAYANG_INSTAGRAM_TOKEN": world.TOKEN}
TRUTH = {
    **{(name, material): "fulfilled" for name in world.SHOWN for material in ("ikrar", "poster")},
    **{(name, material): "missing" for name in world.SILENT for material in ("ikrar", "poster")},
    (world.WORDS_ONLY, "ikrar"): "fulfilled", (world.WORDS_ONLY, "poster"): "missing",
}  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """A workspace nobody has run in yet, and one after its first run."""

    fresh: Path
    lived: Path


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder, drawn = tmp_path_factory.mktemp("machine"), world.drawn()
    with world.sandbox_of(drawn) as sandbox:
        fresh = world.write_home(drawn, sandbox, folder / "fresh")
        lived = folder / "lived"
        shutil.copytree(fresh, lived)
        assert (ran(lived)[0], said(lived)) == (0, TRUTH)
        yield Desk(fresh, lived)


def ran(home: Path, *words: str, beside: Path | None = None, **environment: str) -> tuple[int, str]:
    """Exit code of `tayang run` (or other words) and what it told, in a file of the folder `beside`."""
    told = (beside or home.parent) / "told"
    told.unlink(missing_ok=True)
    return run(*(words or ("run",)), home=home, told=told, **TOKEN, **environment), told.read_text()


def said(home: Path) -> dict[tuple[str, str], str]:
    rows = Store(home / "tayang.duckdb").rows("FROM verdicts")
    return {(row["agency_id"], row["material_id"]): row["status"] for row in rows}


def is_whole(home: Path) -> bool:
    return audit_workspace(home)[1] == [] and said(home) == TRUTH


@contextmanager
def small_disk(path: Path, kilobytes: int) -> Iterator[None]:
    """A disk of its own, so large; skips where nobody may mount one."""
    path.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(path)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no disk can be mounted here (needs root)")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(path)], check=False)


def remount(path: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(path)], check=True)


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.15, 0.5, 0.8, 0.97])
def test_a_full_disk_loses_nothing(desk: Desk, tmp_path: Path, share: float) -> None:
    """Full while evidence or store is written: exit 3 in a sentence; with room again the next run says the truth."""
    whole = sum(one.stat().st_size for one in desk.lived.rglob("*") if one.is_file()) // 1024
    own = sum(one.stat().st_size for one in desk.fresh.rglob("*") if one.is_file()) // 1024 + 20
    disk = tmp_path / "disk"
    with small_disk(disk, own + int((whole - own) * share)):
        home = Path(shutil.copytree(desk.fresh, disk / "home"))
        code, told = ran(home, beside=tmp_path)
        ledger = home / "evidence" / "ledger.jsonl"
        kept = ledger.read_bytes() if ledger.exists() else b""
        remount(disk, "size=100m")
        assert (code, "Traceback" in told) == (3, False), told
        assert ran(home)[0] == 0
        assert ledger.read_bytes().startswith(kept[: kept.rfind(b"\n") + 1])
        assert is_whole(home)


@pytest.mark.slow
def test_a_read_only_disk_is_told_in_one_sentence(desk: Desk, tmp_path: Path) -> None:
    """Nothing is contacted that could not be kept; questions are still answered; then all goes on."""
    disk = tmp_path / "disk"
    with small_disk(disk, 100_000):
        home = Path(shutil.copytree(desk.lived, disk / "home"))
        remount(disk, "ro")
        done = command(home, "run")
        asked = command(home, "ask", "belum-tayang")
        remount(disk, "rw")
        assert (done.returncode, done.stderr.count("\n")) == (3, 1), done.stderr
        assert asked.returncode == 0, asked.stderr
        assert ran(home)[0] == 0
        assert is_whole(home)


def command(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tayang", *words, "--home", str(home)],
        env={**os.environ, **TOKEN}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture
def home(desk: Desk, tmp_path: Path) -> Path:
    return Path(shutil.copytree(desk.lived, tmp_path / "home"))


@pytest.mark.slow
def test_a_second_run_is_refused_at_once(home: Path) -> None:
    """Exit 75, and nothing is written."""
    before = (home / "evidence" / "ledger.jsonl").read_bytes()
    with FileLock(home / ".tayang.lock"):
        code, told = ran(home)

    assert (code, told.count("\n"), "putaran lain" in told) == (75, 1, True)
    assert (home / "evidence" / "ledger.jsonl").read_bytes() == before


HOLD = (
    "import duckdb, sys, time; c = duckdb.connect(sys.argv[1], read_only=True); print('held', flush=True);"
    "time.sleep(float(sys.argv[2]))"
)


@contextmanager
def held(home: Path, seconds: float) -> Iterator[None]:
    """Another process reads the store, as somebody does who left `tayang sql` or DBeaver open."""
    words = [sys.executable, "-c", HOLD, str(home / "tayang.duckdb"), str(seconds)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        holder.stdout.readline()
        yield
        holder.kill()


@pytest.mark.slow
def test_a_reader_who_lets_go_is_waited_for(home: Path) -> None:
    """Some seconds of somebody's SQL cost a run some seconds."""
    with held(home, 4):
        assert ran(home)[0] == 0
    assert is_whole(home)


@pytest.mark.slow
def test_a_reader_who_stays_is_named(home: Path) -> None:
    """After half a minute: exit 75 and one sentence; the next run goes on as if nothing had been."""
    with held(home, 300):
        code, told = ran(home)

    assert (code, "sedang dibuka program lain" in told, "Traceback" in told) == (75, True, False), told
    assert ran(home)[0] == 0
    assert is_whole(home)


@pytest.mark.slow
def test_a_run_needs_no_temporary_folder(home: Path) -> None:
    """TMPDIR may name what is not there."""
    assert ran(home, TMPDIR="/tidak/ada")[0] == 0
    assert is_whole(home)


@pytest.mark.slow
@pytest.mark.parametrize("harm", ["cut", "overwritten", "emptied"])
def test_a_broken_store_is_named_and_made_again(home: Path, harm: str) -> None:
    """Exit 3 in one sentence, nothing is overwritten; `rebuild` makes it from the evidence."""
    path = home / "tayang.duckdb"
    body = path.read_bytes()
    path.write_bytes({"cut": body[: len(body) // 2], "overwritten": b"bukan DuckDB" * 900, "emptied": b""}[harm])
    broken = path.read_bytes()
    code, told = ran(home)

    assert (code, told.count("\n"), "rebuild" in told) == (3, 1, True), told
    assert path.read_bytes() == broken
    assert ran(home, "rebuild")[0] == 0
    assert ran(home)[0] == 0
    assert is_whole(home)


@pytest.mark.slow
def test_a_torn_last_line_is_mended(home: Path) -> None:
    """What was never whole was never said: it is cut off, all before it stays."""
    ledger = home / "evidence" / "ledger.jsonl"
    before = ledger.read_bytes()
    ledger.write_bytes(before + b'{"kind":"graph","sha256":"')

    assert ran(home)[0] == 0
    assert ledger.read_bytes().startswith(before)
    assert is_whole(home)


@pytest.mark.slow
def test_evidence_deleted_while_a_run_is_at_work_is_found(home: Path) -> None:
    """The run, the next run and audit say that it is gone; nobody goes on as if it were there."""
    threading.Thread(target=_delete_when_growing, args=(home,)).start()
    code, told = ran(home)

    assert audit_workspace(home)[1] != []
    later, told_later = ran(home)
    assert (code, later) in {(3, 3), (0, 3)}
    assert "Traceback" not in told + told_later


def _delete_when_growing(home: Path) -> None:
    files = set((home / "evidence" / "warc").glob("*"))
    until = time.monotonic() + 60
    while set((home / "evidence" / "warc").glob("*")) == files and time.monotonic() < until:
        time.sleep(0.001)
    shutil.rmtree(home / "evidence", ignore_errors=True)


def test_a_ledger_that_finds_no_room_keeps_its_lines_waiting(tmp_path: Path) -> None:
    """A write that the system refuses half-way leaves no half line, and the lines follow when there is room."""
    ledger = Ledger(tmp_path / "ledger.jsonl")
    ledger.add({"kind": "a"})
    ledger.commit()
    whole = (tmp_path / "ledger.jsonl").read_bytes()
    for _ in range(50):
        ledger.add({"kind": "b" * 100})
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) + 333, hard))
    try:
        with pytest.raises(OSError, match="large"):
            ledger.commit()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert (tmp_path / "ledger.jsonl").read_bytes() == whole
    assert len(ledger.commit()) == 50
    assert broken_links(list(read_lines(tmp_path / "ledger.jsonl"))) == []


@pytest.mark.parametrize(("zone", "hours"), [("Asia/Jakarta", 7), ("Asia/Makassar", 8), ("Asia/Jayapura", 9)])
def test_every_local_day_of_indonesia_has_24_hours(zone: str, hours: int) -> None:
    """Zones without summer time: midnight lies at the same distance from UTC on every day of ten years."""
    days = [date(2024, 1, 1) + timedelta(days=one) for one in range(3653)]
    expected = [datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=hours) for day in days]

    assert [local_midnight(day, ZoneInfo(zone)).astimezone(UTC) for day in days] == expected
