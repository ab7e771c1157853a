"""One world of the sandbox, crawled and judged once, for every test that asks about it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

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
    return subprocess.run(
        [sys.executable, "-m", "tayang", *words, "--home", str(home)], capture_output=True, text=True, timeout=300,
        check=False, env={**os.environ, "TAYANG_INSTAGRAM_TOKEN": token, **environment},
    )  # fmt: skip


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    world = build_world(datetime.now(UTC))
    home = tmp_path_factory.mktemp("world") / "home"
    with Sandbox(world.graph, world.all_sites) as sandbox:
        write_workspace(world, sandbox, home)
        first = run_tayang("run", "--json", home=home, token=world.graph.token)
        yield Lived(world, sandbox, home, first)


@pytest.fixture(autouse=True)
def _indonesian() -> Iterator[None]:
    """A test that speaks English leaves no trace."""
    yield
    speak("id")


def summary(done: subprocess.CompletedProcess[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(done.stdout)
    return found
