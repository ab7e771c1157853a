"""The front door as a user meets it: exit codes, what goes to stdout and stderr, and nobody asked too early."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import InvalidWorkspace, StoreBusy, StoreDamaged, WrongUse
from crawler.sandbox.graph import GraphWorld
from crawler.sandbox.server import Sandbox
from pipelines.lock import only_run
from tests.small_world import PLEDGE, ROOT, SmallWorld, a_post, an_account, here, local, read


class Doorbell:
    """A port that counts who knocks, and answers nobody."""

    def __init__(self) -> None:
        self.rings = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            self.rings += 1
            caller.close()

    def close(self) -> None:
        """No more."""
        self._socket.close()


@pytest.fixture(scope="module")
def doorbell() -> Iterator[Doorbell]:
    bell = Doorbell()
    yield bell
    bell.close()


@pytest.fixture
def world(tmp_path: Path, doorbell: Doorbell) -> SmallWorld:
    """A right workspace whose every address is the doorbell."""
    world = SmallWorld(tmp_path / "home", [an_account("dinkes", a_post(1, PLEDGE, local(2, 9))), an_account("disdik")])
    world.write(port=doorbell.port)
    return world


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SmallWorld, subprocess.CompletedProcess[str]]]:
    """A workspace after one good run, its stand-in still there."""
    accounts = [an_account("dinkes", a_post(1, PLEDGE, local(2, 9))), an_account("disdik")]
    world = SmallWorld(tmp_path_factory.mktemp("good") / "home", accounts)
    with Sandbox(GraphWorld(accounts, "sandbox-token-of-the-small-world")) as sandbox:
        world.write(port=sandbox.graph_port)
        yield world, world.tayang("run", "--json")


def test_a_good_run_is_zero_and_its_json_is_alone_on_stdout(lived_in: tuple[SmallWorld, Any]) -> None:
    """Exit 0: all observed; progress goes to stderr."""
    _, done = lived_in
    said = read(done)

    assert (done.returncode, said["visits"], said["unobserved"], said["statuses"]) == (
        0,
        2,
        [],
        {"fulfilled": 1, "missing": 1},
    )
    assert len(done.stdout.splitlines()) == 1
    assert "2/2" in done.stderr


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (("check",), {"agencies", "accounts", "campaigns", "duties"}),
        (("verify",), {"fulfilled", "missing"}),
        (("match", "--all"), {"compared", "unread"}),
        (("report",), {"written"}),
        (("audit",), {"checked", "bytes", "head", "found", "deleted", "deleted_bytes", "notes", "touched"}),
    ],
)
def test_json_is_the_only_thing_on_stdout(
    lived_in: tuple[SmallWorld, Any], words: tuple[str, ...], keys: set[str]
) -> None:
    """Every command that has a result gives it as one JSON object, exit 0."""
    done = lived_in[0].here(*words, "--json")

    assert done.returncode == 0, done.stderr
    assert keys == read(done).keys()


def test_questions_answer_in_json(lived_in: tuple[SmallWorld, Any]) -> None:
    """`ask` and `sql` too; a statement that would write is refused."""
    world, _ = lived_in
    shown = json.loads(world.here("sql", "--json", "-c", "SELECT agency_id, status FROM verdicts ORDER BY ALL").stdout)

    assert [(row["agency_id"], row["status"]) for row in shown] == [("dinkes", "fulfilled"), ("disdik", "missing")]
    assert json.loads(world.here("ask", "belum-tayang", "--json").stdout)
    assert world.here("sql", "-c", "DELETE FROM verdict_rows").returncode == 2


def test_an_unobserved_source_is_one_and_named(lived_in: tuple[SmallWorld, Any]) -> None:
    """Exit 1, named on stderr with its cause, also where the answer on stdout is JSON."""
    world, _ = lived_in
    done = world.tayang("crawl", "instagram", "--agency", "disdik", "--json", TAYANG_INSTAGRAM_TOKEN="")

    assert (done.returncode, read(done)) == (1, {"visits": 1, "unobserved": ["instagram:disdik"]})
    assert "1 akun ditinggalkan, not_visited" in done.stderr
    assert "instagram:disdik\n" in done.stderr


def test_check_tells_every_problem_at_once_with_its_line(world: SmallWorld, doorbell: Doorbell) -> None:
    """Mistakes in all three kinds of files, each as file:line; exit 2, nobody contacted by any command."""
    accounts = world.home / "registry" / "accounts.csv"
    accounts.write_text(accounts.read_text().replace("dinkes,instagram,@dinkes", "dinkez,instagran,@dinkes"))
    (world.home / "tayang.toml").write_text((world.home / "tayang.toml").read_text().replace("timezone", "timezon"))
    campaign = world.home / "campaigns" / "ikrar" / "campaign.toml"
    campaign.write_text(campaign.read_text().replace('kinds = ["opd"]', 'kinds = ["opt"]'))
    before = doorbell.rings
    done = world.here("check")

    assert done.returncode == 2
    assert done.stdout == ""
    for place in ("registry/accounts.csv:2: ", "tayang.toml:3: ", "campaigns/ikrar/campaign.toml:"):
        assert place in done.stderr, place
    for meant in ("dinkes", "instagram", "timezone", "opd"):
        assert meant in done.stderr
    for words in (("run",), ("crawl", "instagram"), ("match",), ("verify",), ("report",)):
        again = world.here(*words)
        assert (2, done.stderr) == (again.returncode, again.stderr), words
    assert before == doorbell.rings
    assert not (world.home / "tayang.duckdb").exists()
    assert not (world.home / "evidence").exists()


def test_check_contacts_nobody(world: SmallWorld, doorbell: Doorbell) -> None:
    """Also where every file is right. The bell itself works: a crawl rings it."""
    before = doorbell.rings
    done = world.here("check")

    assert (0, before) == (done.returncode, doorbell.rings), done.stderr
    assert world.tayang("crawl", "instagram", "--agency", "disdik").returncode == 1
    assert doorbell.rings > before


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("crawl", "instagrem"), "instagram"),
        (("crawl", "newz"), "news"),
        (("crawl", "--agency", "dinkez"), "dinkes"),
        (("run", "--as-of", "kemarin"), "2024-04-24"),
        (("crawl", "--since", "24/4/2024"), "2024-04-24"),
        (("run", "--as-of", "0001-01-01"), "2024-04-24"),
        (("crawl", "--since", "2024-04-24", "--until", "2024-04-23"), "--until"),
        (("report", "24-04-2024"), "2024-04-24"),
        (("report", "9999-12-31"), "2024-04-24"),
        (("report", "0001-01-01"), "2024-04-24"),
        (("report", "--days", "-1"), "3660"),
        (("bundle",), "tayang run"),
        (("report", "2999-04-24"), "tayang run"),
        (("run", "--as-of", "2999-04-24"), "2999-04-24: saat itu belum tiba"),
        (("verify", "--as-of", "2999-04-24"), "2999-04-24: saat itu belum tiba"),
        (("letter", "nota-dinas", "--day", "2999-04-24"), "tayang run"),
        (("ask", "belum-tayan"), "belum-tayang"),
    ],
)
def test_wrong_use_is_two_and_says_what_was_meant(
    world: SmallWorld, doorbell: Doorbell, words: tuple[str, ...], meant: str
) -> None:
    """A misspelt channel, agency, query or time, or a day still to come, costs nothing but a sentence."""
    before = doorbell.rings
    if words[0] in ("report", "ask", "letter", "bundle"):
        world.here("verify")
    # a time that is not refused would start a crawl, which a process can do but once
    done = world.tayang(*words) if words[0] == "run" else world.here(*words)

    assert done.returncode == 2, done.stderr
    assert meant in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert before == doorbell.rings


@pytest.mark.parametrize("words", [(), ("no-such-command",), ("run", "--no-such-option"), ("schedule", "upstart")])
def test_unknown_words_are_two(words: tuple[str, ...]) -> None:
    """argparse's own refusal has the contract's code."""
    assert here(*words).returncode == 2


def test_outside_of_a_workspace_is_two(tmp_path: Path) -> None:
    """And says how to make one."""
    environment = {key: value for key, value in os.environ.items() if key != "TAYANG_HOME"}
    done = subprocess.run(
        [sys.executable, "-m", "tayang", "check"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**environment, "PYTHONPATH": str(ROOT)},
    )

    assert done.returncode == 2
    assert "tayang init" in done.stderr


def test_a_second_run_at_once_is_seventyfive(world: SmallWorld, doorbell: Doorbell) -> None:
    """One at a time: at once, in words, before anybody is asked."""
    before = doorbell.rings
    with only_run(world.home):
        done = [world.tayang(*words) for words in (("run",), ("verify",))]

    assert [one.returncode for one in done] == [75] * 2
    assert "putaran lain" in done[0].stderr
    assert before == doorbell.rings


def test_a_damaged_store_is_three(world: SmallWorld, doorbell: Doorbell) -> None:
    """Nobody is asked on top of it."""
    before = doorbell.rings
    (world.home / "tayang.duckdb").write_bytes(b"no store at all" * 1000)
    done = [world.here(*words) for words in (("run",), ("verify",), ("report",), ("audit",))]

    assert [one.returncode for one in done] == [3] * 4, [one.stderr for one in done]
    assert "Traceback" not in "".join(one.stderr for one in done)
    assert before == doorbell.rings


def test_damaged_evidence_is_three_and_named(lived_in: tuple[SmallWorld, Any]) -> None:
    """`audit` names the file; a ledger that lost its end stops the next run before it seals anything on top."""
    world, _ = lived_in
    ledger = world.home / "evidence" / "ledger.jsonl"
    [warc, *_] = sorted((world.home / "evidence" / "warc").glob("*.warc.gz"))
    whole, archive = ledger.read_bytes(), warc.read_bytes()
    try:
        warc.write_bytes(archive[:-20] + bytes(20))
        bitten = world.here("audit", "--json")
        warc.write_bytes(archive)
        ledger.write_bytes(whole.splitlines(keepends=True)[0])
        shortened, refused = world.here("audit"), world.tayang("run")
        ledger.write_bytes(whole.replace(b"instagram:dinkes", b"instagram:dinkis", 1))
        changed = world.here("audit")
    finally:
        warc.write_bytes(archive)
        ledger.write_bytes(whole)

    assert [one.returncode for one in (bitten, shortened, refused, changed)] == [3] * 4, refused.stderr
    assert any(warc.name in problem for problem in read(bitten)["found"])
    assert "ledger.jsonl" in refused.stderr
    assert world.here("audit").returncode == 0


def test_each_error_has_the_contracts_code() -> None:
    """2, 2, 3, 75: the front door returns what the error carries."""
    assert [WrongUse.exit_code, InvalidWorkspace.exit_code, StoreDamaged.exit_code, StoreBusy.exit_code] == [
        2,
        2,
        3,
        75,
    ]


def test_init_makes_a_workspace_that_check_accepts_or_explains(tmp_path: Path) -> None:
    """The commented example: `check` has nothing worse to say than what must be filled in."""
    home = tmp_path / "baru"
    made = here("init", str(home), "--json")

    assert made.returncode == 0, made.stderr
    assert read(made)["written"]
    assert (home / "tayang.toml").exists()
    assert here("init", str(home)).returncode == 2


@pytest.mark.parametrize("kind", ["systemd", "cron", "windows"])
def test_a_timer_is_printed(lived_in: tuple[SmallWorld, Any], kind: str) -> None:
    """It names this workspace."""
    done = lived_in[0].here("schedule", kind)

    assert done.returncode == 0
    assert str(lived_in[0].home) in done.stdout
