"""Time stamps by RFC 3161: asked of a real authority on this machine, kept, sealed, verified, told."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.authority import MOST_BYTES, ask
from crawler.errors import Unreachable, Unreadable
from crawler.instance import Instance, load_instance
from pipelines.audit import audit_evidence, examine
from pipelines.ledger import last_line, read_lines
from pipelines.said import seal_line
from pipelines.stamp_token import command_of, verified, why_not_usable
from pipelines.store import Store
from pipelines.timestamps import NEWEST_SQL, ROOTS, TIMESTAMP, stamp_after_run
from queries.bundle import periksa_bukti
from tests.evidence_world import build, flip
from tests.stamp_office import OPENSSL, Office, open_office, openssl

pytestmark = pytest.mark.skipif(not OPENSSL, reason="there is no openssl, and so no authority on this machine")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_office(tmp_path_factory.mktemp("office")) as here:
        yield here


@dataclass
class Place:
    """A workspace with evidence, and an authority that is asked."""

    home: Path
    office: Office
    told: list[str] = field(default_factory=list)

    @property
    def instance(self) -> Instance:
        instance, problems = load_instance(self.home)
        assert instance, problems
        return instance

    @property
    def store(self) -> Store:
        return Store(self.home / "tayang.duckdb")

    def write(self, *paths: str, allowed: str = "", every: float = 20) -> None:
        """Settings with one authority for each path of the office."""
        named = "".join(
            f'[[timestamps.authorities]]\nname = "{path.strip("/")}"\nroots = "root.pem"\n'
            f'url = "http://127.0.0.1:{self.office.port}{path}"\n' for path in paths
        )  # fmt: skip
        (self.home / "tayang.toml").write_text(
            f'[instance]\nname = "Uji"\ntimezone = "Asia/Jakarta"\n[crawl]\nallow_private_hosts = [{allowed}]\n'
            f"[timestamps]\nevery_hours = {every}\n{named}"
        )

    def stamp(self) -> list[dict[str, object]]:
        """As the end of a run does it; the stamps there are then."""
        self.told.clear()
        stamp_after_run(self.store, self.instance, self.told.append)
        return self.store.rows("FROM timestamps ORDER BY seq")

    @property
    def lines(self) -> list[dict[str, object]]:
        return list(read_lines(self.home / "evidence" / "ledger.jsonl"))


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("stamped") / "home"
    build(home, accounts=2, runs=1)
    return home


@pytest.fixture
def place(sound: Path, tmp_path: Path, office: Office) -> Place:
    office.answers.clear()
    office.asked.clear()
    shutil.copytree(sound, tmp_path / "home")
    shutil.copy(office.roots, tmp_path / "home" / "root.pem")
    here = Place(tmp_path / "home", office)
    here.write("/tsr", allowed=f'"127.0.0.1:{office.port}"')
    return here


def test_a_stamp_confirms_the_head_and_is_noted_behind_it(place: Place) -> None:
    """The newest line's own seal is what was stamped; certificates and answer are sealed evidence; all holds."""
    head = place.lines[-1]
    [stamp] = place.stamp()
    roots, noted = place.lines[-2:]
    answer = (place.home / str(stamp["path"])).read_bytes()

    assert place.told == []
    assert (stamp["stamped_seq"], stamp["stamped_hash"]) == (head["seq"], head["hash"])
    assert (roots["kind"], noted["kind"]) == (ROOTS, TIMESTAMP)
    assert verified(answer, str(head["hash"]), place.office.roots.read_bytes()) == stamp["stamped_at"]
    assert abs(stamp["stamped_at"] - datetime.now(UTC)) < timedelta(minutes=2)  # type: ignore[operator]
    assert (examine(place.home).found, examine(place.home).notes) == ((), ())
    assert periksa_bukti.check(place.home / "evidence").wrong == []
    assert re.match(r"/tsr application/timestamp-query Tayang", place.office.asked[0])


def test_the_commands_that_are_printed_verify_it_without_us(place: Place) -> None:
    """`openssl ts -verify` as both the audit and the stand-alone verifier write it says OK, and not to another seal."""
    place.stamp()
    line = place.lines[-1]
    ours = command_of(line["content"], str(line["path"]))  # type: ignore[arg-type]
    [printed] = periksa_bukti.check(place.home / "evidence").stamps.values()
    done = openssl(*printed.split()[1:], cwd=place.home)  # type: ignore[arg-type]
    other = openssl(*printed.replace("-digest ", "-digest 00")[:-1].split()[1:], cwd=place.home)  # type: ignore[arg-type]

    assert printed == ours
    assert (done.returncode, b"Verification: OK" in done.stdout + done.stderr) == (0, True)
    assert other.returncode != 0


def test_an_authority_is_asked_again_when_its_stamp_is_old_enough(place: Place) -> None:
    """Within `every_hours` once; the certificates are kept once; what was noted is covered by the next stamp."""
    own = f'"127.0.0.1:{place.office.port}"'

    assert len(place.stamp()) == len(place.stamp()) == 1
    place.write("/tsr", allowed=own, every=0)
    first, second = place.stamp()
    kinds = [line["kind"] for line in place.lines]

    assert (kinds.count(ROOTS), kinds.count(TIMESTAMP)) == (1, 2)
    assert second["stamped_seq"] == first["seq"]
    assert examine(place.home).found == ()


FAULTS = {
    "/500": ((500, b"x"), "HTTP 500"), "/302": ((302, b""), "HTTP 302"), "/text": ((200, b"halo"), ""),
    "/empty": ((200, b""), ""), "/long": ((200, b"x" * (MOST_BYTES + 1)), f"more than {MOST_BYTES} bytes"),
}  # fmt: skip


def test_trouble_with_an_authority_is_told_and_the_others_are_asked(place: Place) -> None:
    """Refusal, redirect, no stamp, too much: one line each, no evidence of it; the next run asks again."""
    place.office.answers.update({path: answer for path, (answer, _) in FAULTS.items()})
    place.write(*FAULTS, "/tsr", allowed=f'"127.0.0.1:{place.office.port}"')
    stamps = place.stamp()

    assert [one["authority"] for one in stamps] == ["tsr"]
    assert len(place.told) == len(FAULTS)
    assert all(why in line for line, (_, why) in zip(place.told, FAULTS.values(), strict=True))
    assert examine(place.home).found == ()
    place.office.answers.clear()
    assert len(place.stamp()) == 1 + len(FAULTS)


def test_a_refusal_and_somebody_elses_stamp_are_not_believed(place: Place) -> None:
    """A status that grants nothing, a stamp of another seal, and one of an earlier question: nothing is kept."""
    other = place.office.stamp((place.home / "root.pem").read_bytes())  # no query at all: the office refuses
    head = last_line(place.home / "evidence" / "ledger.jsonl")
    assert head
    made = openssl("ts", "-query", "-digest", head["hash"], "-sha256", "-cert").stdout
    place.office.answers.update({"/refused": (200, other), "/replayed": (200, place.office.stamp(made))})
    place.write("/refused", "/replayed", allowed=f'"127.0.0.1:{place.office.port}"')

    assert place.stamp() == []
    assert "status 2" in place.told[0]
    assert "Nonce mismatch" in place.told[1]
    assert not (place.home / "evidence" / "timestamps").exists()


def test_a_private_address_is_not_asked_unless_it_is_named(place: Place) -> None:
    """As with every outbound address: refused when the connection is made, and told."""
    place.write("/tsr")

    assert place.stamp() == []
    assert "not on the open internet" in place.told[0]
    assert place.office.asked == []


def test_an_answer_that_never_ends_is_given_up(place: Place) -> None:
    """Within the bound of time, and of size."""
    place.office.answers.update({"/slow": (200, b"never"), "/long": FAULTS["/long"][0]})
    here, allowed = f"http://127.0.0.1:{place.office.port}", [f"127.0.0.1:{place.office.port}"]

    with pytest.raises(Unreachable, match="timeout"):
        ask(f"{here}/slow", b"q", "uji", allowed, seconds=0.3)
    with pytest.raises(Unreadable):
        ask(f"{here}/long", b"q", "uji", allowed)
    with pytest.raises(Unreachable):
        ask("http://127.0.0.1:9/tsr", b"q", "uji", ["127.0.0.1:9"])


def test_a_changed_stamp_or_line_is_found_by_both(place: Place) -> None:
    """One bit of the answer, of the certificates; and the answer lost."""
    [stamp] = place.stamp()
    for path in (place.home / str(stamp["path"]), place.home / str(stamp["roots"])):
        for at in (0, path.stat().st_size // 2):
            flip(path, at, 1)
            assert examine(place.home).found, at
            assert periksa_bukti.check(place.home / "evidence").wrong, at
            flip(path, at, 1)
    (place.home / str(stamp["path"])).unlink()

    assert examine(place.home).found
    assert periksa_bukti.check(place.home / "evidence").wrong


def test_a_stamp_under_a_rewritten_ledger_is_found(place: Place) -> None:
    """Whoever writes the ledger anew, seals and all, has no stamp for it: the old one confirms another seal."""
    place.stamp()
    rewritten, told = place.home / "evidence" / "ledger.jsonl", place.lines
    stamp = {**told[-1]["content"]}  # type: ignore[dict-item]
    rewritten.write_bytes(b"")
    for line in told:
        if line["kind"] == "sighting":
            line["content"]["troubles"] = {"m": "dikarang"}  # type: ignore[index]
        again = seal_line(place.home, {key: line[key] for key in line if key not in ("seq", "prev", "hash")})
        if again["seq"] == stamp["seq"]:
            stamp["hash"] = again["hash"]
    only_rewritten = [text for text in examine(place.home).found if "time stamp" in text]
    beside = periksa_bukti.check(place.home / "evidence").wrong
    # … and a forger who changes the stamp's line too is told by what the authority signed.
    lines = list(read_lines(rewritten))
    rewritten.write_bytes(b"".join(json.dumps(one, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
                                   + b"\n" for one in lines[:-1]))  # fmt: skip
    seal_line(place.home, {**{key: lines[-1][key] for key in lines[-1] if key not in ("seq", "prev", "hash")},
                           "content": stamp})  # fmt: skip

    assert "confirms another seal" in only_rewritten[0]
    assert "another seal" in beside[0][1]
    assert any("does not hold: Mismatch" in text for text in examine(place.home).found)
    assert "another seal" in periksa_bukti.check(place.home / "evidence").wrong[0][1]


def test_without_the_extra_the_audit_says_how_to_check(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A remark with the command, no damage; a run tells what to install and asks nobody."""
    place.stamp()
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    done = examine(place.home)

    assert (done.found, len(done.notes)) == ((), 1)
    assert "1 cap waktu belum diperiksa: pip install 'tayang[timestamps]', atau openssl ts -verify" in done.notes[0]
    place.write("/tsr", allowed=f'"127.0.0.1:{place.office.port}"', every=0)
    assert len(place.stamp()) == 1
    assert place.told == ["cap waktu: untuk cap waktu, pasang: pip install 'tayang[timestamps]'"]


def test_a_kill_between_file_and_line_leaves_a_remark(place: Place) -> None:
    """A whole answer that no line names states nothing."""
    [stamp] = place.stamp()
    ledger = place.home / "evidence" / "ledger.jsonl"
    ledger.write_bytes(b"".join(ledger.read_bytes().splitlines(keepends=True)[:-1]))
    (place.home / "tayang.duckdb").unlink()

    assert (place.home / str(stamp["path"])).exists()
    assert (audit_evidence(place.home)[1], len(examine(place.home).notes)) == ([], 1)
    assert periksa_bukti.check(place.home / "evidence").wrong == []


def test_a_report_prints_the_newest_stamp_up_to_its_instant(place: Place) -> None:
    """One for each authority; a stamp that came later is not in it, so that the same report can be made again."""
    place.stamp()
    place.write("/tsr", allowed=f'"127.0.0.1:{place.office.port}"', every=0)
    first, second = place.stamp()
    at = [one["stamped_at"] for one in (first, second)]

    assert place.store.rows(NEWEST_SQL, {"as_of": at[0] - timedelta(seconds=1)}) == []  # type: ignore[operator]
    [newest] = place.store.rows(NEWEST_SQL, {"as_of": at[1]})
    assert newest["stamped_seq"] == second["stamped_seq"]


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ('name = "A B"\nurl = "https://x.id/t"\nroots = "root.pem"', "timestamps.authorities.name"),
        ('name = "a"\nurl = "https://u:p@x.id/t"\nroots = "root.pem"', "timestamps.authorities.url"),
        ('name = "a"\nurl = "file:///etc"\nroots = "root.pem"', "timestamps.authorities.url"),
        ('name = "a"\nurl = "https://x.id/t"', "timestamps.authorities.roots"),
        ('name = "a"\nurl = "https://x.id/t"\nroots = "../root.pem"', "timestamps.authorities.roots"),
        ('name = "a"\nurl = "https://x.id/t"\nroots = "lain.pem"', "timestamps.authorities.roots"),
    ],
)
def test_wrong_settings_are_named(place: Place, written: str, wrong: str) -> None:
    """Each mistake on its line; nothing is guessed."""
    file = place.home / "tayang.toml"
    file.write_text(f'[instance]\nname = "Uji"\ntimezone = "Asia/Jakarta"\n[[timestamps.authorities]]\n{written}\n')
    instance, problems = load_instance(place.home)

    assert instance is None
    assert problems[0].column == wrong


def test_a_file_of_certificates_that_holds_none_is_told(place: Place) -> None:
    """`tayang check` says so, and a run tells it and goes on."""
    (place.home / "root.pem").write_text("bukan sertifikat")

    assert why_not_usable(place.instance.timestamps) == ["root.pem: bukan sertifikat PEM"]
    assert place.stamp() == []
    assert place.told == ["cap waktu: root.pem: bukan sertifikat PEM"]
