"""`tayang run` killed at twelve instants, then run once more -> the truth, whole evidence, nothing twice."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.sandbox.server import Sandbox
from crawler.sandbox.workspace import write_workspace
from crawler.sandbox.world import build_world
from pipelines.ledger import broken_links, read_lines
from pipelines.rows import evidence_row
from tests.conftest import Lived, run_tayang
from tests.faults.kills import doubled
from tests.test_world import wrong

pytestmark = pytest.mark.slow
KILLS = 12


@dataclass(frozen=True)
class Survived:
    """The world after its last, undisturbed run."""

    lived: Lived
    killed: int


@pytest.fixture(scope="module")
def survived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Survived]:
    world = build_world(datetime.now(UTC))
    home = tmp_path_factory.mktemp("survives") / "home"
    with Sandbox(world.graph, world.all_sites) as sandbox:
        write_workspace(world, sandbox, home)
        as_of = world.now.isoformat()  # one instant for all runs: midnight may pass between them
        killed = kill_often(home, world.graph.token, as_of)
        last = run_tayang("run", "--json", "--as-of", as_of, home=home, token=world.graph.token)
        yield Survived(Lived(world, sandbox, home, last), killed)


def kill_often(home: Path, token: str, as_of: str) -> int:
    """Kill at instants drawn over the length of a run, which is learned from those that ended first.
    Nothing is cleaned in between: early kills meet a fresh workspace, later ones what they left.
    """
    chance, killed, length = random.Random(20240424), 0, 14.0
    for _ in range(4 * KILLS):
        lived = kill_after(home, token, as_of, chance.uniform(0.05, 1.0) * length)
        killed += lived is None
        length = min(length, lived or length)
        if killed == KILLS:
            break
    return killed


def kill_after(home: Path, token: str, as_of: str, seconds: float) -> float | None:
    """Run, and kill -9 after `seconds` with all it started; how long it lived when it ended before."""
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "tayang", "run", "--as-of", as_of, "--home", str(home)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TAYANG_INSTAGRAM_TOKEN": token},
        start_new_session=True,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # its fingerprint worker, which nobody would tell
    return None if process.returncode == -signal.SIGKILL else time.monotonic() - started


def test_it_was_really_killed(survived: Survived) -> None:
    """Every one of the kills met a run at work."""
    assert survived.killed == KILLS


def test_the_next_run_says_the_truth(survived: Survived) -> None:
    """As if nothing had happened."""
    assert survived.lived.first.returncode == 1, survived.lived.first.stderr
    assert wrong(survived.lived) == {}


def test_the_evidence_is_whole(survived: Survived) -> None:
    """Every ledger line has its bytes, the chain holds, and the index knows every line about bytes."""
    lines = list(read_lines(survived.lived.home / "evidence" / "ledger.jsonl"))
    indexed = {row["seq"] for row in survived.lived.store.rows("SELECT seq FROM evidence_rows")}

    audited = survived.lived.tayang("audit")
    assert audited.returncode == 0, audited.stdout
    assert broken_links(lines) == []
    assert {line["seq"] for line in lines if evidence_row(line)} == indexed


def test_nothing_is_there_twice(survived: Survived) -> None:
    """A fact that two runs saw is one fact."""
    assert doubled(survived.lived.home) == []


def test_killed_runs_can_be_told_from_ended_ones(survived: Survived) -> None:
    """A run without an end was killed; the last one ended."""
    runs = survived.lived.store.rows("SELECT finished_at, exit_code FROM runs ORDER BY started_at")

    assert (runs[-1]["exit_code"], runs[-1]["finished_at"] is not None) == (1, True)
    assert any(run["finished_at"] is None for run in runs)


@pytest.mark.parametrize("word", [signal.SIGINT, signal.SIGTERM])
def test_a_polite_end_is_no_damage(survived: Survived, word: signal.Signals) -> None:
    """Ctrl-C and a service manager's stop end a crawl in one sentence and with 130; nothing is called damaged."""
    endings = [_stopped_in_the_crawl(survived.lived, word) for _ in range(3)]

    assert 130 in {code for code, _ in endings}
    assert {code for code, _ in endings} <= {130, 1, -word}  # 1: the crawl was over before it heard
    assert not [told for code, told in endings if code == 130 and ("Traceback" in told or "destroyed" in told)]
    assert survived.lived.tayang("audit").returncode == 0


def _stopped_in_the_crawl(lived: Lived, word: signal.Signals) -> tuple[int, str]:
    """Send a signal as soon as the first visit is told; exit code and what was told after it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tayang", "run", "--home", str(lived.home)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TAYANG_INSTAGRAM_TOKEN": lived.world.graph.token},
    )
    assert process.stderr
    for line in process.stderr:
        if line.startswith("  "):  # progress is told by indented lines
            break
    process.send_signal(word)
    _, told = process.communicate(timeout=300)
    return process.returncode, told
