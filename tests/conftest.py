"""One world of the sandbox, crawled and judged once, for every test that asks about it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from crawler.language import speak
from crawler.sandbox.offices import World
from crawler.sandbox.server import Sandbox
from crawler.sandbox.workspace import write_workspace
from crawler.sandbox.world import build_world
from pipelines.store import Store

# The same examples every time: a test that fails now and then tells nobody anything.
settings.register_profile("tayang", derandomize=True, deadline=None)
settings.load_profile("tayang")


# Files whose tests take minutes: begun last, one worker would go on alone with them.
LONGEST = {"test_faults_kills.py", "test_matching_floors.py", "test_survives.py", "test_faults_services.py"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first; else as collected."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.fixture(autouse=True)
def _nobody_takes_the_machine() -> Iterator[None]:
    """A library that makes this process a real-time one starves the other workers, whose tests then fail by chance."""
    yield
    if sys.platform == "linux":
        assert os.sched_getscheduler(0) == os.SCHED_OTHER


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """What a file sets up stays in one worker, and the world, which costs most, is lived through in one only."""
    from xdist.scheduler import LoadScopeScheduling

    tests = Path(__file__).parent
    config.option.loadscopereorder = False  # many tests are not long ones
    in_the_world = {path.name for path in tests.glob("test_*.py") if "lived: Lived" in path.read_text("utf-8")}

    class ByWhatIsSetUp(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = Path(nodeid.partition("::")[0]).name
            return "world" if file in in_the_world else file

    return ByWhatIsSetUp(config, log)


@dataclass(frozen=True, repr=False)
class Lived:
    """A world after its first run: the workspace, what the command printed and returned."""

    world: World
    sandbox: Sandbox
    home: Path
    first: subprocess.CompletedProcess[str]

    @property
    def store(self) -> Store:
        return Store(self.home / "tayang.duckdb")

    def tayang(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command in this workspace, as a user would."""
        return run_tayang(*words, home=self.home, token=self.world.graph.token, **environment)


def run_tayang(
    *words: str, home: Path, token: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command as a user would; one that does not end within a quarter of an hour says where it stands."""
    about = {"TAYANG_INSTAGRAM_TOKEN": token, "PYTHONFAULTHANDLER": "1"}
    command = [sys.executable, "-m", "tayang", *words, "--home", str(home)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **about, **environment}
    ) as process:
        try:
            out, err = process.communicate(timeout=900)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGABRT)  # the stack of every thread
            out, err = process.communicate()
            pytest.fail(f"{' '.join(words)} did not end:\n{out[-2000:]}\n{err[-8000:]}")
    return subprocess.CompletedProcess(command, process.returncode, out, err)


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    world = build_world(datetime.now(UTC))
    home = tmp_path_factory.mktemp("world") / "home"
    with Sandbox(world.graph, world.all_sites) as sandbox:
        write_workspace(world, sandbox, home)
        # Judged as of the world's own instant: its duties of today are those of that day, also where midnight is near.
        first = run_tayang("run", "--json", "--as-of", world.now.isoformat(), home=home, token=world.graph.token)
        yield Lived(world, sandbox, home, first)


@pytest.fixture(autouse=True)
def _indonesian() -> Iterator[None]:
    """A test that speaks English leaves no trace."""
    yield
    speak("id")


def summary(done: subprocess.CompletedProcess[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(done.stdout)
    return found
