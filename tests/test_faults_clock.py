"""A machine's clock that is wrong, or passes midnight in a run -> nothing false is said, nothing stands in the way."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crawler.coverage import SETTLING
from crawler.sandbox.server import Sandbox
from pipelines.audit import audit_workspace
from pipelines.store import Store
from tests.faults import world

FAKETIME = shutil.which("faketime")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(FAKETIME is None, reason="no command `faketime` (libfaketime), which shows another time"),
]
HOUR = 3600
DAY = 24 * HOUR
TRUTH = {
    **{(name, material): "fulfilled" for name in world.SHOWN for material in ("ikrar", "poster")},
    **{(name, material): "missing" for name in world.SILENT for material in ("ikrar", "poster")},
    (world.WORDS_ONLY, "ikrar"): "fulfilled", (world.WORDS_ONLY, "poster"): "missing",
}  # fmt: skip


@pytest.fixture(scope="module")
def drawn() -> world.Drawn:
    return world.drawn()


@pytest.fixture(scope="module")
def sandbox(drawn: world.Drawn) -> Iterator[Sandbox]:
    with world.sandbox_of(drawn) as sandbox:
        yield sandbox


@pytest.fixture
def fresh(drawn: world.Drawn, sandbox: Sandbox, tmp_path: Path) -> Path:
    return world.write_home(drawn, sandbox, tmp_path / "home")


@pytest.fixture(scope="module")
def lived(drawn: world.Drawn, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = world.write_home(drawn, sandbox, tmp_path_factory.mktemp("clock") / "lived")
    assert tayang(home, "run").returncode == 0
    assert said(home) == TRUTH
    return home


@pytest.fixture
def home(lived: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(lived, tmp_path / "home"))


def tayang(home: Path, *words: str, shift: int | None = None) -> subprocess.CompletedProcess[str]:
    """The real command under a clock that is so many seconds off."""
    shifted = [str(FAKETIME), "-f", f"{shift:+d}s"] if shift is not None else []
    return subprocess.run(
        [*shifted, sys.executable, "-m", "tayang", *words, "--home", str(home)], capture_output=True, text=True,
        env={**os.environ, "TAYANG_INSTAGRAM_TOKEN": world.TOKEN}, timeout=240, check=False,
    )  # fmt: skip


def said(home: Path) -> dict[tuple[str, str], str]:
    rows = Store(home / "tayang.duckdb").rows("FROM verdicts")
    return {(row["agency_id"], row["material_id"]): row["status"] for row in rows}


def since_1970() -> int:
    return int(datetime.now(world.ZONE).timestamp()) - DAY


@pytest.mark.parametrize("shift", [DAY, 3650 * DAY, -DAY, "1970"])
@pytest.mark.parametrize("command", ["run", "crawl", "notify"])
def test_a_wrong_clock_is_told_before_anything_is_written(home: Path, command: str, shift: int | str) -> None:
    """A day or ten years ahead, a day back or 1970: exit 2 and one sentence; with the clock set right all goes on."""
    ledger = (home / "evidence" / "ledger.jsonl").read_bytes()
    done = tayang(home, command, shift=shift if isinstance(shift, int) else -since_1970())

    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert "betulkan jam" in done.stderr
    assert (home / "evidence" / "ledger.jsonl").read_bytes() == ledger
    if command == "run":
        assert tayang(home, "run").returncode == 0
        assert said(home) == TRUTH
        assert audit_workspace(home)[1] == []


@pytest.mark.parametrize("shift", [6 * HOUR, 3650 * DAY])
def test_a_first_run_by_a_clock_ahead_accuses_nobody(fresh: Path, shift: int) -> None:
    """Whatever it says of closed windows, no account was proved to have shown nothing."""
    done = tayang(fresh, "run", shift=shift)

    assert (done.returncode, "betulkan jam" in done.stderr) == (1, True)
    accused = [one for one, status in said(fresh).items() if status == "missing" and TRUTH[one] != "missing"]
    assert accused == []


def test_a_first_run_in_1970_stands_in_nobodys_way(fresh: Path) -> None:
    """A machine without a clock's battery: it proves nothing, and the next run by the right time says the truth."""
    assert tayang(fresh, "run", shift=-since_1970()).returncode == 1
    assert "missing" not in said(fresh).values()
    assert tayang(fresh, "run").returncode == 0
    assert said(fresh) == TRUTH
    assert audit_workspace(fresh)[1] == []


def test_verdicts_of_a_clock_ahead_do_not_stand_in_the_way(home: Path) -> None:
    """`verify` asks nobody: what it says of 2036 is history, and the next words of the present are the newest."""
    assert tayang(home, "verify", shift=3650 * DAY).returncode == 0
    assert tayang(home, "run").returncode == 0
    assert said(home) == TRUTH
    assert audit_workspace(home)[1] == []


def test_a_window_that_closes_during_a_run_accuses_nobody(tmp_path: Path) -> None:
    """Midnight in Jakarta between a look and its verdict: the day is over, its last minutes were not seen."""
    now = datetime.now(world.ZONE)
    midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), world.ZONE)
    shift = int((midnight - now).total_seconds()) - 40
    done = subprocess.run(
        [str(FAKETIME), "-f", f"{shift:+d}s", sys.executable, "-m", "tests.faults.midnight", str(tmp_path), "2"],
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    told = json.loads(done.stdout)
    began, ended = (datetime.fromisoformat(told[name]) for name in ("began", "ended"))

    assert began < midnight < ended, "the run did not pass midnight"
    assert told["code"] in (0, 1), done.stderr
    today = {agency: status for agency, day, status in told["said"] if day == now.date().isoformat()}
    assert set(today) == {*world.SHOWN, *world.SILENT, world.WORDS_ONLY}
    assert set(today.values()) == {"unknown"}
    before = {agency: status for agency, day, status in told["said"] if day < now.date().isoformat()}
    assert before == {agency: status for (agency, material), status in TRUTH.items() if material == "ikrar"}


def test_nothing_is_proved_beyond_the_time_of_the_service(fresh: Path) -> None:
    """Nine minutes ahead are borne; what the service has not come to yet is no time in which nothing was published."""
    assert tayang(fresh, "run", shift=9 * 60).returncode == 0
    now = datetime.now(world.ZONE)
    looks = Store(fresh / "tayang.duckdb").rows("FROM visit_rows WHERE covers_until IS NOT NULL")

    assert {row["channel"] for row in looks} == {"instagram", "news"}
    assert max(row["covers_until"] for row in looks) <= now - SETTLING


def test_a_clock_set_back_in_the_middle_of_a_look_removes_nothing(home: Path, tmp_path: Path) -> None:
    """A post that was seen after the step is not seen before the look began: it stands as it stood."""
    told_time, warcs = tmp_path / "time", home / "evidence" / "warc"
    told_time.write_text("+0\n")
    preload = subprocess.run([str(FAKETIME), "-f", "+0s", "env"], capture_output=True, text=True, check=True).stdout
    [library] = [line for line in preload.splitlines() if line.startswith("LD_PRELOAD=")]
    # Who sets a clock sets the wall's: DuckDB counts its own time by the other, which never goes back.
    shown = {
        "LD_PRELOAD": library.partition("=")[2], "FAKETIME_TIMESTAMP_FILE": str(told_time), "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }  # fmt: skip
    before = set(warcs.iterdir())
    with (tmp_path / "stderr").open("w") as stderr, subprocess.Popen(
        [sys.executable, "-m", "tayang", "run", "--home", str(home)], stderr=stderr, stdout=subprocess.DEVNULL,
        env={**os.environ, "TAYANG_INSTAGRAM_TOKEN": world.TOKEN, **shown},
    ) as running:  # fmt: skip
        while set(warcs.iterdir()) == before and running.poll() is None:
            time.sleep(0.001)
        told_time.write_text("-60\n")

    store = Store(home / "tayang.duckdb")
    assert running.returncode in (0, 1), (tmp_path / "stderr").read_text()
    assert store.rows("FROM posts WHERE removed_at IS NOT NULL") == []
    looks = store.rows("FROM visit_rows WHERE finished_at < started_at")
    assert looks == []
    assert said(home) == TRUTH
