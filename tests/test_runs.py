"""Runs that end early, come late, or meet a wrong clock -> what is told, what is claimed, and who comes next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from crawler.local_time import now_utc
from crawler.sandbox.server import Sandbox
from crawler.sandbox.workspace import write_workspace
from crawler.sandbox.world import build_world
from tests.small_world import PLEDGE, SmallWorld, a_post, an_account, local, read

pytestmark = pytest.mark.slow
NAMES = ("dinkes", "disdik", "dinsos", "bappeda", "satpol", "setda")
INSTANTS = {
    "run_rows": ("started_at", "finished_at"),
    "visit_rows": ("started_at", "finished_at", "covers_from", "covers_until"),
    "sighting_rows": ("seen_at",),
    "post_rows": ("seen_at",),
    "evidence_rows": ("fetched_at",),
}


def age(world: SmallWorld, by: timedelta) -> None:
    """As if all that the store holds had happened so much earlier."""
    with world.store.open() as connection:
        for table, columns in INSTANTS.items():
            moved = ", ".join(f"{column} = {column} - to_microseconds($by)" for column in columns)
            connection.execute(f"UPDATE {table} SET {moved}", {"by": int(by / timedelta(microseconds=1))})


def with_settings(world: SmallWorld, **settings: float) -> None:
    """Change settings of [crawl]."""
    path = world.home / "tayang.toml"
    text = path.read_text()
    for name, value in settings.items():
        text = re.sub(rf"^{name} = .*\n", "", text, flags=re.MULTILINE)
        text = text.replace("[crawl]\n", f"[crawl]\n{name} = {value}\n")
    path.write_text(text)


@dataclass(frozen=True)
class Cut:
    """A run whose time was too short, its report, and the next run."""

    world: SmallWorld
    short: CompletedProcess[str]
    report: str
    whole: CompletedProcess[str]


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cut]:
    world = SmallWorld(tmp_path_factory.mktemp("cut") / "home", [an_account(name) for name in NAMES])
    with world.sandbox() as sandbox:
        world.write(port=int(sandbox.graph_url.rpartition(":")[2]))
        with_settings(world, delay_seconds=1.0, budget_minutes=0.05, concurrency=1)
        short = world.tayang("run", "--json")
        report = (Path(read(short)["report"][0]).parent / "report.json").read_text()
        with_settings(world, delay_seconds=0.0, budget_minutes=180)
        age(world, timedelta(hours=1))
        whole = world.tayang("run", "--json")
        yield Cut(world, short, report, whole)


def visits(world: SmallWorld) -> list[dict[str, Any]]:
    return world.store.rows("SELECT run_id, handle, outcome, cause FROM visits ORDER BY run_id, started_at")


def test_a_run_without_time_says_what_it_left(cut: Cut) -> None:
    """Exit 1; every name on stderr and in --json; each account one visit, those left not_visited and in the report."""
    told = read(cut.short)
    left = {name.removeprefix("instagram:") for name in told["left"]}
    first = [one for one in visits(cut.world) if one["run_id"] == told["run_id"]]

    assert cut.short.returncode == 1, cut.short.stderr
    assert 0 < len(left) < len(NAMES)
    assert f"{len(left)} akun ditinggalkan, not_visited – anggaran waktu" in cut.short.stderr
    assert all(f"instagram:{name}" in cut.short.stderr for name in left)
    assert [one["handle"] for one in first if one["cause"] == "not_visited"] == [
        one["handle"] for one in first if one["handle"] in left
    ]
    assert len(first) == len(NAMES)
    assert "anggaran waktu putaran habis" in cut.report


def test_the_next_run_begins_with_what_was_left(cut: Cut) -> None:
    """And ends whole."""
    left = {name.removeprefix("instagram:") for name in read(cut.short)["left"]}
    second = [one for one in visits(cut.world) if one["run_id"] == read(cut.whole)["run_id"]]

    assert cut.whole.returncode == 0, cut.whole.stderr
    assert read(cut.whole)["left"] == []
    assert {one["handle"] for one in second[: len(left)]} == left
    assert {one["outcome"] for one in second} == {"complete"}


def test_a_clock_set_back_a_year_stops_the_run_before_anybody_is_asked(cut: Cut) -> None:
    """Exit 2 and both times; no verdict of such a clock is recorded. Set right, the next run works."""
    age(cut.world, timedelta(days=-365))
    before = cut.world.store.rows("SELECT count(*) AS n FROM verdict_history")
    try:
        ran, verified = cut.world.tayang("run"), cut.world.here("verify")
    finally:
        after = cut.world.store.rows("SELECT count(*) AS n FROM verdict_history")
        age(cut.world, timedelta(days=365))

    assert (ran.returncode, verified.returncode) == (2, 2)
    assert f"{now_utc():%Y-%m-%d}" in ran.stderr
    assert before == after


def test_nothing_due_asks_nobody(cut: Cut) -> None:
    """The hourly question costs no request."""
    runs = cut.world.store.rows("SELECT count(*) AS n FROM runs")
    with cut.world.store.open() as connection:
        connection.execute("UPDATE run_rows SET started_at = now(), finished_at = now()")
    done = cut.world.tayang("run", "--if-due", "--json")

    assert (done.returncode, read(done)) == (0, {"due": False})
    assert runs == cut.world.store.rows("SELECT count(*) AS n FROM runs")


def test_a_site_beyond_its_budget_is_left_and_proves_nothing(tmp_path: Path) -> None:
    """Also where its feed was read: a list that we did not ask is no silent witness. Later it is whole."""
    office = build_world(now_utc())
    world = SmallWorld(tmp_path / "home", [])
    with Sandbox(office.graph, office.all_sites) as sandbox:
        write_workspace(office, sandbox, world.home)
        with_settings(world, requests_per_hour=8)
        first = world.tayang("crawl", "news", "--json")
        bounded = {one["handle"]: one for one in visits(world)}
        with_settings(world, requests_per_hour=3600)
        world.tayang("crawl", "news", "--json")
        whole = {one["handle"]: one["outcome"] for one in visits(world)}
    left = {name.removeprefix("news:") for name in read_left(first)}

    assert len(left) >= 3
    assert {(bounded[name]["outcome"], bounded[name]["cause"]) for name in left} == {("blocked", "not_visited")}
    assert {whole[name] for name in left} <= {"complete", "partial"}
    assert any(whole[name] == "complete" for name in left)
    assert "akun ditinggalkan, not_visited – anggaran permintaan ke situs ini terpakai" in first.stderr


def read_left(done: CompletedProcess[str]) -> list[str]:
    lines = done.stderr.splitlines()
    return [name for line in lines if line.startswith("    news:") for name in line.strip().split(", ")]


def test_after_five_days_without_runs_only_what_was_read_is_claimed(tmp_path: Path) -> None:
    """The window opened and closed in the outage. Until the next run nothing is known; then the lists tell: one shows
    the post, one reaches back without it, one does not reach back."""
    names = ("tampil", "diam", "putus")
    world = SmallWorld(tmp_path / "home", [an_account(name) for name in names])
    with world.sandbox() as sandbox:
        world.write(port=int(sandbox.graph_url.rpartition(":")[2]))
        assert world.tayang("run").returncode == 0
    age(world, timedelta(days=5))
    assert world.here("verify").returncode == 0
    blind = world.verdicts()

    world.accounts = [
        an_account("tampil", a_post(1, PLEDGE, local(2, 9))),
        an_account("diam"),
        an_account("putus", *[a_post(70 + number, "Kegiatan", local(0, 0)) for number in range(30)],
                   trap="cursor_stops_early"),
    ]  # fmt: skip
    with world.sandbox():
        ran = world.tayang("run", "--if-due")

    assert {status for status, _ in blind.values()} == {"unknown"}
    assert ran.returncode == 0, ran.stderr  # each account was observed, one of them in part
    assert {name: status for name, (status, _) in world.verdicts().items()} == {
        "tampil": "fulfilled", "diam": "missing", "putus": "unknown",
    }  # fmt: skip
    assert world.verdicts()["putus"][1] == "gap"
