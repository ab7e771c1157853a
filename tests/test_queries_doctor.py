"""Workspaces whole and broken -> what the doctor says of each, and that it changes nothing and asks nobody unasked."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.errors import Unreadable
from crawler.readers.token import NEEDED, TokenFacts, read_token
from crawler.sandbox.graph import GraphWorld
from crawler.sandbox.server import Sandbox
from pipelines.ledger import Ledger
from pipelines.lock import HOLDER, holder_of, only_run
from queries.doctor import examine, exit_code_of
from queries.doctor.check import Check
from queries.doctor.keeping import disk_check
from queries.doctor.service import check_offset, check_rights
from tests.small_world import TOKEN, SmallWorld, an_account, read

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
NOT_OURS = {"versions", "timer", "files"}  # the machine the tests run on


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(GraphWorld([an_account("dinkes")], TOKEN, token_days=9)) as served:
        yield served


@pytest.fixture
def world(tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    """A workspace with a store in which a run ended, and a ledger with one file."""
    monkeypatch.setenv("TAYANG_INSTAGRAM_TOKEN", TOKEN)
    world = SmallWorld(tmp_path / "home", [an_account("dinkes")])
    world.write(port=sandbox.graph_port)
    world.home.chmod(0o700)
    world.store.prepare()
    (world.home / "evidence").mkdir()
    (world.home / "evidence" / "a").write_bytes(b"bytes")
    ledger = Ledger(world.home / "evidence" / "ledger.jsonl")
    digest = "277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9"
    ledger.add({"sha256": digest, "path": "evidence/a"})
    ledger.add({"note": "two"})
    lines = ledger.commit()
    run = {"run_id": "r", "command": "run", "started_at": NOW, "finished_at": NOW, "exit_code": 0}
    heads = [{"seq": line["seq"], "hash": line["hash"]} for line in lines]
    world.store.append({"run_rows": [run], "ledger_head_rows": heads})
    return world


def states(world: SmallWorld, now: datetime | None = None, online: bool = False) -> dict[str, Check]:
    return {one.name: one for one in examine(world.home, now or datetime.now(UTC), online)}


def fingerprint(home: Path) -> dict[str, tuple[int, bytes]]:
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in home.rglob("*") if path.is_file()}


def test_a_healthy_workspace_is_well_and_left_as_it_was(world: SmallWorld) -> None:
    """No file is touched; only what speaks of this very machine may warn."""
    before = fingerprint(world.home)
    found = states(world)

    assert {name: one.says for name, one in found.items() if one.state != "ok" and name not in NOT_OURS} == {}
    assert " ".join(found) == "files zones permissions versions timer lock extras store clock evidence runs disk token"
    assert fingerprint(world.home) == before


def test_online_asks_the_service_once_about_token_and_clock(world: SmallWorld) -> None:
    """Nine days are soon; the token is in no output."""
    found = states(world, online=True)
    done = world.here("doctor", "--online", "--json")

    assert {name: found[name].state for name in ("reach", "offset", "rights")} == {
        "reach": "ok", "offset": "ok", "rights": "warn",
    }  # fmt: skip
    assert done.returncode == 1
    assert [one["name"] for one in read(done)["checks"]] == list(found)
    assert TOKEN not in done.stdout + done.stderr + world.here("doctor", "--online").stdout


def test_without_online_nobody_is_asked(world: SmallWorld) -> None:
    """Also where the address would answer."""
    assert {"reach", "offset", "rights"} & set(states(world)) == set()


def test_a_service_that_is_not_there_is_bad(world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """And so is a token that it does not know."""
    monkeypatch.setenv("TAYANG_INSTAGRAM_TOKEN", "another-token-of-nobody")
    assert states(world, online=True)["rights"].state == "bad"

    world.write(port=1)
    assert states(world, online=True)["reach"].state == "bad"


def test_a_clock_before_the_store_is_bad(world: SmallWorld) -> None:
    """And a run long ago a warning."""
    assert states(world, NOW - DAY)["clock"].state == "bad"
    assert states(world, NOW + DAY)["runs"].state == "ok"
    assert states(world, NOW + 3 * DAY)["runs"].state == "warn"


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("a", b"bytes", b"bites"), ("ledger.jsonl", b'"two"', b'"tow"'), ("ledger.jsonl", b'"seq":2', b'"seq":7')],
)
def test_damaged_evidence_is_bad(world: SmallWorld, name: str, old: bytes, new: bytes) -> None:
    """A byte of a file, or of an entry."""
    path = world.home / "evidence" / name
    path.write_bytes(path.read_bytes().replace(old, new))

    assert states(world)["evidence"].state == "bad"


def test_a_ledger_that_lost_its_end_is_bad(world: SmallWorld) -> None:
    """The store knows better; also where nothing is left of it."""
    path = world.home / "evidence" / "ledger.jsonl"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    assert states(world)["evidence"].state == "bad"

    path.unlink()
    assert states(world)["evidence"].state == "bad"


def test_a_broken_store_is_bad_and_a_newer_one_too(world: SmallWorld) -> None:
    """Each says what to do; the rest is looked at all the same."""
    with world.store.open() as connection:
        connection.execute("INSERT INTO schema_version VALUES (999, now())")
    assert states(world)["store"].state == "bad"

    world.store.path.write_bytes(b"no store at all" * 1000)
    found = states(world)
    assert (found["store"].state, found["store"].do, found["disk"].state) == ("bad", "tayang rebuild", "ok")


def test_wrong_files_are_bad_and_counted(world: SmallWorld) -> None:
    """Also where tayang.toml itself cannot be read."""
    (world.home / "registry" / "accounts.csv").write_text("nothing\n")
    assert states(world)["files"].state == "bad"

    (world.home / "tayang.toml").write_text("[instance\n")
    found = states(world)
    assert found["files"].state == "bad"
    assert "zones" in found
    assert world.here("doctor").returncode == 2


def test_no_token_one_that_others_can_read_and_an_old_one(world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bad, bad, and a warning ten days before a user's token ends."""
    monkeypatch.delenv("TAYANG_INSTAGRAM_TOKEN")
    assert states(world)["token"].state == "bad"

    file = world.home / "token"
    file.write_text(TOKEN)
    path = world.home / "tayang.toml"
    path.write_text(path.read_text() + 'token_file = "token"\n')
    file.chmod(0o644)
    assert states(world)["token"].state == "bad"
    file.chmod(0o600)
    assert states(world)["token"].state == "ok"
    os.utime(file, ((NOW - 50 * DAY).timestamp(),) * 2)
    assert states(world)["token"].state == "warn"


def test_a_folder_that_anybody_can_change_is_told(world: SmallWorld) -> None:
    """Evidence that everybody may write proves little."""
    folder = world.home / "evidence"
    folder.chmod(folder.stat().st_mode | stat.S_IWOTH)

    assert states(world)["permissions"].state == "warn"


def test_the_lock_names_its_holder_while_it_lives(world: SmallWorld) -> None:
    """Nested holds are one; a killed run's name is no holder."""
    with only_run(world.home), only_run(world.home):
        assert holder_of(world.home) is not None
        assert str(os.getpid()) in states(world)["lock"].says
    assert holder_of(world.home) is None

    dead = subprocess.Popen([sys.executable, "-S", "-c", ""])
    dead.wait()
    (world.home / HOLDER).write_text(json.dumps({"pid": dead.pid, "since": NOW.isoformat()}))
    assert holder_of(world.home) is None


@pytest.mark.parametrize(
    ("free", "growth", "state"),
    [(5e9, None, "ok"), (1e9, None, "warn"), (1e8, None, "bad"),
     (5e9, 0, "ok"), (5e9, 1e7, "ok"), (5e9, 1e8, "warn"), (5e9, 1e9, "bad"), (1e9, 0, "warn"), (1e8, 0, "bad")],
)  # fmt: skip
def test_disk_is_told_in_days(free: float, growth: float | None, state: str) -> None:
    """Two months ahead a warning, a week ahead bad; little is little without growth too."""
    assert disk_check(int(free), growth).state == state


def kept(world: SmallWorld, *days_ago: float) -> None:
    rows = [
        {"seq": number, "sha256": f"{number:064x}", "kind": "media", "url": "u", "account": "a", "run_id": "r",
         "fetched_at": NOW - days * DAY, "bytes": 10**15}
        for days in days_ago if (number := 100 + int(100 * days))
    ]  # fmt: skip
    world.store.append({"evidence_rows": rows})


def test_a_disk_is_forecast_only_from_a_week_of_evidence(world: SmallWorld) -> None:
    """The first look brings all that stood there already: half an hour of it tells nothing of the days to come."""
    kept(world, 0.02, 0)
    early = states(world)["disk"]
    kept(world, 8)
    later = states(world)["disk"]

    assert ("belum dapat dikatakan" in early.says, early.state) == (True, "ok")
    assert ("cukup sekitar 0 hari" in later.says, later.state) == (True, "bad")


@pytest.mark.parametrize(("seconds", "state"), [(1, "ok"), (-60, "warn"), (600, "bad"), (-86400, "bad")])
def test_the_offset_of_the_clock(seconds: int, state: str) -> None:
    """Either way; a service without a clock cannot tell."""
    assert check_offset(NOW + timedelta(seconds=seconds), NOW).state == state
    assert check_offset(None, NOW).state == "warn"


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (TokenFacts(True, NEEDED, None, None), "ok"),
        (TokenFacts(True, NEEDED, None, NOW + 60 * DAY), "ok"),
        (TokenFacts(True, NEEDED, None, NOW + 5 * DAY), "warn"),
        (TokenFacts(True, NEEDED, None, NOW - DAY), "bad"),
        (TokenFacts(False, NEEDED, None, None), "bad"),
        (TokenFacts(True, NEEDED - {"instagram_basic"}, None, None), "bad"),
    ],
)
def test_what_a_token_may_do(facts: TokenFacts, state: str) -> None:
    """Valid, with its rights, and for two weeks more."""
    assert check_rights(facts, NOW).state == state


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"{}", b'{"data":[]}', b'{"error":{"message":"x"}}', b'{"error":1}', b'{"data":{"is_']
)
def test_an_answer_that_tells_nothing_is_unreadable(body: bytes) -> None:
    """Never a valid token."""
    with pytest.raises(Unreadable):
        read_token(body)


def test_exit_codes_grow_with_the_worst() -> None:
    """0 well, 1 something to see to, 2 bad."""
    ok, warn, bad = (Check("x", state, "") for state in ("ok", "warn", "bad"))

    assert [exit_code_of(found) for found in ([ok], [ok, warn], [bad, warn, ok])] == [0, 1, 2]
