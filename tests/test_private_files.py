"""A run on a machine with other users -> what they can read of the workspace: what is meant to be shown, no more."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipelines.init import create_workspace
from pipelines.lock import only_run
from pipelines.privacy import meant_for_others
from queries.doctor.machine import check_permissions
from tests.small_world import PLEDGE, SmallWorld, a_post, an_account, local

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has access lists, and we leave them alone")
OTHERS, GROUP = 0o007, 0o070


@contextmanager
def umask(bits: int) -> Iterator[None]:
    before = os.umask(bits)
    try:
        yield
    finally:
        os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def modes(home: Path) -> dict[str, int]:
    return {path.relative_to(home).as_posix(): mode(path) for path in sorted(home.rglob("*"))}


@pytest.fixture
def world(tmp_path: Path) -> SmallWorld:
    """A workspace as `mkdir` and an editor make it under the usual umask."""
    world = SmallWorld(tmp_path / "home", [an_account("dinkes", a_post(1, PLEDGE, local(2, 9)))])
    with umask(0o022):
        world.home.mkdir()
        world.write(port=0)
    return world


def run(world: SmallWorld) -> None:
    """A run and a site, each a process of its own under the usual umask."""
    with umask(0o022), world.sandbox() as sandbox:
        world.write(port=sandbox.graph_port)
        assert world.tayang("run").returncode == 0
        assert world.tayang("site").returncode == 0


@pytest.mark.slow
def test_what_a_run_keeps_is_for_its_user_alone_and_what_it_shows_is_for_all(world: SmallWorld) -> None:
    """Store, evidence and logs are closed to group and others; report, site and metrics can be published."""
    run(world)
    found = modes(world.home)
    private = {name for name in found if name.partition("/")[0] in ("evidence", "logs", "tayang.duckdb")}
    shown = {name for name in found if name.partition("/")[0] in ("reports", "metrics.prom")}

    assert {"evidence/ledger.jsonl", "tayang.duckdb"} < private
    assert {"reports/site/index.html", "metrics.prom"} < shown
    assert {name for name in private if found[name] & (GROUP | OTHERS)} == set()
    assert {name for name in shown if found[name] & 0o044 != 0o044} == set()
    assert check_permissions(world.home).state == "ok"


@pytest.mark.slow
def test_a_workspace_with_the_set_group_id_bit_is_its_groups_too(world: SmallWorld) -> None:
    """They may read it and change nothing; others see nothing."""
    world.home.chmod(0o2750)
    run(world)
    found = {name: bits for name, bits in modes(world.home).items() if name.startswith(("evidence", "tayang.duckdb"))}

    assert {name for name, bits in found.items() if bits & 0o040 == 0} == set()
    assert {name for name, bits in found.items() if bits & (OTHERS | 0o020)} == set()


@pytest.mark.slow
def test_scrapys_own_command_keeps_as_privately(world: SmallWorld) -> None:
    """It does not pass the front door."""
    with umask(0o022), world.sandbox() as sandbox:
        world.write(port=sandbox.graph_port)
        environment = {**os.environ, "TAYANG_HOME": str(world.home), "TAYANG_INSTAGRAM_TOKEN": "x"}
        subprocess.run([sys.executable, "-m", "scrapy", "crawl", "instagram"], env=environment, check=False,
                       capture_output=True, timeout=120, cwd=Path(__file__).parents[1])  # fmt: skip

    assert mode(world.home / "tayang.duckdb") & (GROUP | OTHERS) == 0


def test_a_stricter_umask_stays_and_everything_ends_as_it_began(tmp_path: Path) -> None:
    """Nested holds too; what is meant for others is as open as the user's own umask says."""
    with umask(0o027):
        with only_run(tmp_path), only_run(tmp_path):
            (tmp_path / "private").touch()
            with meant_for_others():
                (tmp_path / "shown").touch()
            (tmp_path / "private-again").touch()
        (tmp_path / "after").touch()

    names = ("private", "shown", "private-again", "after")
    assert [mode(tmp_path / name) for name in names] == [0o600, 0o640, 0o600, 0o640]


def test_a_new_workspace_is_closed_and_one_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    """Its owner may have opened it on purpose."""
    with umask(0o022):
        (tmp_path / "there").mkdir(mode=0o751)
        create_workspace(tmp_path / "deep" / "new")
        create_workspace(tmp_path / "there")

    assert (mode(tmp_path / "deep" / "new"), mode(tmp_path / "there") & 0o050) == (0o700, 0o050)


def test_the_doctor_names_what_is_too_open_and_its_advice_mends_it(world: SmallWorld) -> None:
    """Of a workspace that an earlier Tayang made; a closed folder closes what lies in it."""
    with umask(0o022):
        for name in ("evidence", "logs"):
            (world.home / name).mkdir()
        for name in ("tayang.duckdb", "tayang.duckdb.before-rebuild", "token.env", "metrics.prom"):
            (world.home / name).touch()
    found = check_permissions(world.home)
    world.home.chmod(0o700)
    behind_a_door = check_permissions(world.home)
    world.home.chmod(0o755)
    told = {name for name in modes(world.home) if str(world.home / name) in found.do}

    assert (found.state, behind_a_door.state) == ("warn", "ok")
    assert told == {"evidence", "logs", "tayang.duckdb", "tayang.duckdb.before-rebuild", "token.env"}

    subprocess.run(found.do, shell=True, check=True)
    assert check_permissions(world.home).state == "ok"
