"""A store made anew after all that can become of evidence says the same: verdicts, rows, and the report to the byte."""

from __future__ import annotations

import shutil
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.reviews import Review, record
from tests.small_world import PLEDGE, SmallWorld, a_post, an_account, local
from tests.stamp_office import OPENSSL, open_office

pytestmark = pytest.mark.slow
ROWS = (
    "verdicts", "post_rows", "sighting_rows", "visit_rows", "run_rows", "evidence_rows", "submission_rows",
    "review_rows", "deletion_rows", "timestamp_rows",
)  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> SmallWorld:
    """Fulfilled; taken down; forgotten; decided; nothing but a submission; a submission forgotten; stamped."""
    home = tmp_path_factory.mktemp("whole") / "home"
    shown = [an_account(name, a_post(number, f"{PLEDGE}\n{name}", local(2, 9)))
             for number, name in enumerate(("tetap", "hilang", "lupa", "putus"), 1)]  # fmt: skip
    world = SmallWorld(home, [*shown, an_account("kirim"), an_account("diam")])
    with open_office(tmp_path_factory.mktemp("office")) if OPENSSL else nullcontext() as office:
        with world.sandbox() as sandbox:
            world.write(720, sandbox.graph_port)
            toml = home / "tayang.toml"
            if office:
                shutil.copy(office.roots, home / "root.pem")
                named = toml.read_text().replace(f'["127.0.0.1:{world.port}"]', f'["127.0.0.1:{world.port}", '
                                                 f'"127.0.0.1:{office.port}"]\nlook_again_days = [0.5, 1]')  # fmt: skip
                toml.write_text(
                    f'{named}[timestamps]\nevery_hours = 0\n[[timestamps.authorities]]\nname = "uji"\n'
                    f'url = "http://127.0.0.1:{office.port}/tsr"\nroots = "root.pem"\n'
                )
            assert world.tayang("run").returncode == 0
        _live_on(world)
    return world


def _live_on(world: SmallWorld) -> None:
    """What people do, what is taken down, and a second run."""
    home = world.home
    for name in ("kirim", "diam"):
        file = home.parent / f"{name}.csv"
        file.write_text(f"agency_id;url\n{name};https://www.instagram.com/p/C6IPa2jgAAf/\n")
        assert world.tayang("import", "submission", str(file)).returncode == 0
    record(world.store, home, Review("a" * 24, "instagram:179000004", "ikrar", "ikrar", "putus", None, "none", "Bu Sri",
                                     "bukan", datetime.now(UTC)))  # fmt: skip
    forget = ("--yes", "--reason", "permintaan")
    assert world.here("forget", "--post", "instagram:179000003", *forget).returncode == 0
    assert world.here("forget", "--agency", "diam", "--before", "2999-01-01", *forget).returncode == 0
    hilang = world.accounts[1]
    world.accounts = [world.accounts[0], replace(hilang, posts=hilang.posts[1:]), *world.accounts[2:]]
    with world.sandbox() as sandbox:
        assert sandbox.graph_port == world.port
        done = world.tayang("run")
    assert done.returncode == 0, done.stderr


def _rows(world: SmallWorld) -> dict[str, list[str]]:
    return {name: sorted(map(str, world.store.rows(f"FROM {name}"))) for name in ROWS}


def _report(world: SmallWorld, name: str) -> bytes:
    out = world.home.parent / name
    assert world.here("report", "--format", "json", "--out", str(out)).returncode == 0
    return (out / "report.json").read_bytes()


def test_a_store_made_anew_says_the_same(world: SmallWorld) -> None:
    """Removed, forgotten, decided, submitted, stamped: nothing of it depends on the store that is lost."""
    before, report = _rows(world), _report(world, "before")
    verdicts, seals = world.verdicts(), set(map(str, world.store.rows("FROM seal_rows")))
    world.store.path.unlink()
    rebuilt = world.tayang("rebuild")

    assert rebuilt.returncode == 0, rebuilt.stderr
    assert verdicts == world.verdicts()
    assert before == _rows(world)
    assert seals <= set(map(str, world.store.rows("FROM seal_rows")))  # signs were computed and sealed anew
    assert report == _report(world, "after")
    assert {"tetap": "fulfilled", "hilang": "incomplete", "putus": "missing", "kirim": "missing"}.items() <= {
        name: status for name, (status, _) in verdicts.items()
    }.items()
    assert all(before[name] for name in ("submission_rows", "review_rows", "deletion_rows"))
    assert len(before["timestamp_rows"]) == (2 if OPENSSL else 0)
    assert world.here("audit").returncode == 0


def test_evidence_alone_is_enough(world: SmallWorld, tmp_path: Path) -> None:
    """In another folder, with settings, registry, campaigns and evidence and nothing else: the same report."""
    report, home = _report(world, "here"), tmp_path / "home"
    for name in ("evidence", "registry", "campaigns"):
        shutil.copytree(world.home / name, home / name)
    for file in world.home.glob("*.[tp][oe]m*"):
        shutil.copy(file, home / file.name)
    moved = SmallWorld(home, world.accounts, world.port)

    assert moved.tayang("rebuild").returncode == 0
    assert report == _report(moved, "there")
