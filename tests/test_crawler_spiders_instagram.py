"""The stand-in's every trap, under real Scrapy -> one honest Visit per account, and nothing that leaks the token."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus
from zoneinfo import ZoneInfo

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from crawler.sandbox.graph import TRAPS, GraphAccount, GraphMedia, GraphPost, GraphWorld
from crawler.sandbox.server import Sandbox
from crawler.sandbox.studio import filler_jpeg
from pipelines.audit import audit_evidence as audit
from pipelines.ledger import read_lines
from pipelines.store import Store
from pipelines.warc import read_payload
from tests.homes import beside, write, write_registry

ROOT = Path(__file__).parents[1]
TOKEN = "EAAG-secret|odd/token+0123456789"
ZONE = ZoneInfo("Asia/Jakarta")
HOURS = (5, 20, 35, 50, 65, 200, 210)  # three pages of three; the last two lie before any wanted start

# Traps that end the channel: our own access, or the service's limit.
STOPPING = {
    "throttled_4": "blocked",
    "throttled_17": "blocked",
    "throttled_613": "blocked",
    "throttled_80002": "blocked",
    "token_190": "not_visited",
    "permission_10": "not_visited",
    "parameter_100": "not_visited",
}
USAGE = "usage_96"
# Traps that cost one account: outcome and cause.
COSTING = {
    "not_professional": ("gone", "not_professional"),
    "missing": ("gone", "not_professional"),
    "transient_always": ("failed", "not_visited"),
    "http_500": ("failed", "not_visited"),
    "no_media_block": ("unreadable", "unreadable"),
    "empty_data": ("unreadable", "unreadable"),
    "http_200_html": ("unreadable", "unreadable"),
    "cut_off": ("unreadable", "unreadable"),
    "login_redirect": ("blocked", "blocked"),
    "cursor_breaks": ("partial", "unreadable"),
    "cursor_circle": ("partial", "unreadable"),
    "cursor_stops_early": ("partial", "gap"),
    "other_account": ("gone", "gone"),
}
# Traps of the media host: the list is whole, what it shows is not.
DARK = ("media_403", "media_expired", "media_corrupt", "media_html")
HARMLESS = ("transient_once", "slow")
VISITS = (
    "SELECT handle, outcome, cause, covers_from, covers_until, posts_seen, detail, evidence_sha256 FROM visits "
    "ORDER BY started_at"
)


def account(
    handle: str, trap: str | None, number: int, hours: tuple[int, ...] = HOURS, media: bool = True
) -> GraphAccount:
    now = datetime.now(UTC).replace(microsecond=0)
    posts = tuple(
        GraphPost(
            f"18{number:03d}{hour:04d}",
            f"Kegiatan {handle} {hour}",
            now - timedelta(hours=hour),
            (GraphMedia(f"{number}_{hour}", body=filler_jpeg(number * 1000 + hour, (96, 96))),) if media else (),
        )
        for hour in hours
    )
    return GraphAccount(handle, f"17841{number:04d}", posts, trap)


def write_home(home: Path, sandbox: Sandbox, accounts: list[GraphAccount], concurrency: int, today: date) -> Path:
    """A workspace whose one duty lay in the whole of the day before yesterday."""
    (home / "campaigns" / "c").mkdir(parents=True)
    more = f"concurrency = {concurrency}\nlookback_days = 1\n"
    write(home / "tayang.toml", beside(sandbox.hosts[:1], sandbox.graph_url, 5, more))
    write_registry(
        home,
        [f"{one.handle},{one.handle},opd" for one in accounts],
        [f"{one.handle},instagram,@{one.handle},{one.native_id}" for one in accounts],
    )
    (home / "campaigns" / "c" / "p.jpg").write_bytes(filler_jpeg(999_999, (480, 480)))
    (home / "campaigns" / "c" / "campaign.toml").write_text(
        'id = "c"\ntitle = "C"\n[[material]]\nid = "p"\ntitle = "P"\nkind = "image"\nfiles = ["p.jpg"]\n'
        f'[[duty]]\nmaterial = "p"\nopens = {today - timedelta(days=2)}\n'
        f'closes = {today - timedelta(days=1)}\nkinds = ["opd"]\n'
    )
    return home


def command(*words: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TAYANG_HOME": str(home), "TAYANG_INSTAGRAM_TOKEN": TOKEN}
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@dataclass(frozen=True)
class Crawled:
    """A workspace after two crawls and a verification."""

    home: Path
    today: date
    said: tuple[subprocess.CompletedProcess[str], ...]

    def rows(self, sql: str) -> list[dict[str, Any]]:
        return Store(self.home / "tayang.duckdb").rows(sql)

    def visit(self, handle: str) -> dict[str, Any]:
        """The first visit of an account."""
        return next(row for row in self.rows(VISITS) if row["handle"] == handle)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """Every trap that costs one account, one each, and two healthy ones; crawled twice by plain Scrapy."""
    traps, today = [None, None, *COSTING, *DARK, *HARMLESS], datetime.now(ZONE).date()
    accounts = [account(_handle(trap, number), trap, number) for number, trap in enumerate(traps)]
    home = tmp_path_factory.mktemp("traps") / "home"
    with Sandbox(GraphWorld(accounts, TOKEN, page_size=3)) as sandbox:
        write_home(home, sandbox, accounts, 8, today)
        log = ("-s", "LOG_LEVEL=DEBUG", "-s", f"LOG_FILE={home / 'scrapy.log'}")
        first = command("scrapy", "crawl", "instagram", *log, home=home)
        verified = command("tayang", "verify", "--json", home=home)
        again = command("scrapy", "crawl", "instagram", "-s", "LOG_LEVEL=DEBUG", home=home)
        yield Crawled(home, today, (first, verified, again))


def _handle(trap: str | None, number: int) -> str:
    return f"{trap or 'healthy'}_{number:02d}"


def _named(trap: str) -> str:
    return _handle(trap, [None, None, *COSTING, *DARK, *HARMLESS].index(trap))


def test_every_trap_of_the_stand_in_is_tried() -> None:
    """A trap added to the sandbox must be added here."""
    assert set(TRAPS) == {*STOPPING, USAGE, *COSTING, *DARK, *HARMLESS}


def test_every_account_ends_in_exactly_one_visit(crawled: Crawled) -> None:
    """Per run: as many visits as accounts, whatever their sources did."""
    counts = crawled.rows("SELECT run_id, count(*) AS n, count(DISTINCT handle) AS handles FROM visits GROUP BY run_id")
    accounts = 2 + len(COSTING) + len(DARK) + len(HARMLESS)

    assert [(accounts, accounts)] * 2 == [(row["n"], row["handles"]) for row in counts], crawled.said[0].stderr


@pytest.mark.parametrize("trap", COSTING)
def test_a_trap_costs_its_account_and_proves_nothing(crawled: Crawled, trap: str) -> None:
    """The right outcome, the right cause, and never coverage."""
    visit = crawled.visit(_named(trap))

    assert COSTING[trap] == (visit["outcome"], visit["cause"])
    assert (visit["covers_from"], visit["covers_until"]) == (None, None)
    assert visit["detail"] or trap == "cursor_stops_early"


@pytest.mark.parametrize("trap", [None, *HARMLESS])
def test_a_healthy_account_is_covered_from_the_wanted_start(crawled: Crawled, trap: str | None) -> None:
    """From a day before the window, to five minutes before the first question; also after one passing fault."""
    visit = crawled.visit(_named(trap) if trap else _handle(None, 0))
    start = datetime.combine(crawled.today - timedelta(days=3), datetime.min.time(), ZONE)

    assert (visit["outcome"], visit["cause"], visit["posts_seen"]) == ("complete", None, 5)
    assert start == visit["covers_from"]


@pytest.mark.parametrize("trap", DARK)
def test_media_that_cannot_be_had_leave_the_duty_unknown(crawled: Crawled, trap: str) -> None:
    """The list was read whole, but nobody saw what the posts in the window show."""
    [verdict] = crawled.rows(f"SELECT status, reason FROM verdicts WHERE agency_id = '{_named(trap)}'")

    assert crawled.visit(_named(trap))["outcome"] == "complete"
    assert (verdict["status"], verdict["reason"]) == ("unknown", "media_unavailable")


def test_only_seen_accounts_are_said_to_have_missed(crawled: Crawled) -> None:
    """Absence is proved for the healthy, unknown for all others."""
    verdicts = {row["agency_id"]: row["status"] for row in crawled.rows("SELECT * FROM verdicts")}
    healthy = {_handle(None, 0), _handle(None, 1), *map(_named, HARMLESS)}

    assert {"unknown"} == {status for agency, status in verdicts.items() if agency not in healthy}
    assert {"missing"} == {verdicts[agency] for agency in healthy}


def test_the_token_is_nowhere(crawled: Crawled) -> None:
    """Not in any file of the workspace, compressed or not, nor in what was printed, at DEBUG."""
    secrets = {form.encode() for form in (TOKEN, quote(TOKEN), quote(TOKEN, safe=""), quote_plus(TOKEN))}
    texts = {path: path.read_bytes() for path in crawled.home.rglob("*") if path.is_file()}
    for path in crawled.home.rglob("*.warc.gz"):
        with path.open("rb") as stream:
            records = [
                bytes(str(list(record.headers)), "utf-8") + record.reader.read() for record in ArchiveIterator(stream)
            ]
        texts[path.with_suffix(".plain")] = b"".join(records)
    for number, said in enumerate(crawled.said):
        texts[Path(f"printed {number}")] = (said.stdout + said.stderr).encode()

    assert b"REDACTED" in b"".join(texts.values())
    assert (crawled.home / "scrapy.log").stat().st_size > 1000
    assert [str(path) for path, body in texts.items() if any(secret in body for secret in secrets)] == []


def test_the_archive_is_read_from_start_to_end_and_at_each_offset(crawled: Crawled) -> None:
    """Every ledger line finds its record; every record of the file is whole."""
    every = read_lines(crawled.home / "evidence" / "ledger.jsonl")
    lines = [line for line in every if "sha256" in line and "warc_file" in line]
    found = 0
    for line in lines:
        path = crawled.home / "evidence" / line["warc_file"]
        with path.open("rb") as stream:
            stream.seek(line["warc_offset"])
            record = next(ArchiveIterator(stream))
            assert f"sha256:{line['sha256']}" == record.headers["WARC-Payload-Digest"]
            if record.record_type == WarcRecordType.response:
                found += 1
                assert line["bytes"] == len(read_payload(path, line["warc_offset"]))
    for path in crawled.home.rglob("*.warc.gz"):
        with path.open("rb") as stream:
            kinds = [record.record_type for record in ArchiveIterator(stream, record_types=WarcRecordType.any_type)]
        answered = kinds.count(WarcRecordType.response) + kinds.count(WarcRecordType.revisit)
        assert kinds[0] == WarcRecordType.warcinfo
        assert (
            kinds.count(WarcRecordType.request)
            == answered
            == len([1 for line in lines if path.name in line["warc_file"]])
        )
    assert found > 20
    assert (len(list(read_lines(crawled.home / "evidence" / "ledger.jsonl"))), []) == audit(crawled.home)


def test_the_second_look_repeats_no_payload(crawled: Crawled) -> None:
    """Equal pages become revisit records, known media are not asked for again, rows are not doubled."""
    _, second = sorted((crawled.home / "evidence" / "warc").glob("*.warc.gz"))
    with second.open("rb") as stream:
        kinds = [
            record.record_type
            for record in ArchiveIterator(stream, record_types=WarcRecordType.response | WarcRecordType.revisit)
        ]
    runs = [row["run_id"] for row in crawled.rows("SELECT DISTINCT run_id FROM visits ORDER BY run_id")]
    media = crawled.rows(f"SELECT account FROM evidence WHERE kind = 'media' AND run_id = '{runs[1]}'")
    files = [path.name for path in (crawled.home / "evidence" / "media").rglob("*.*") if path.is_file()]

    assert kinds.count(WarcRecordType.revisit) > kinds.count(WarcRecordType.response)
    assert {f"instagram:{_named('media_corrupt')}"} >= {row["account"] for row in media}
    assert len(files) == len(set(files))
    for table, key in (
        ("post_rows", "post_id, content_id"),
        ("evidence_rows", "seq"),
        ("fingerprint_rows", "sha256, kind"),
    ):
        assert crawled.rows(f"SELECT {key} FROM {table} GROUP BY ALL HAVING count(*) > 1") == []
    assert crawled.rows("SELECT post_id FROM posts WHERE edited OR removed_at IS NOT NULL") == []


SEQUENCE = """
import asyncio, json, sys
from pathlib import Path
from scrapy.settings import Settings
from scrapy.utils.reactor import install_reactor
install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
from scrapy.crawler import AsyncCrawlerRunner
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.task import react
from crawler.instance import load_instance
from crawler.workspace_settings import settings_of

async def main():
    for word in sys.argv[1:]:
        home, aged = Path(word.removeprefix("aged:")), word.startswith("aged:")
        rates = home / ".tayang.rates.jsonl"
        if aged:  # as if an hour had passed
            lines = [json.loads(line) for line in rates.read_text().splitlines()]
            moved = [{k: v - 3600 if k in ("asked", "said", "until") else v for k, v in one.items()} for one in lines]
            rates.write_text(chr(10).join(map(json.dumps, moved)))
        settings = Settings()
        settings.setmodule("crawler.settings", priority="project")
        settings.setdict(settings_of(load_instance(home)[0]), priority="cmdline")
        await AsyncCrawlerRunner(settings).crawl("instagram")

react(lambda _: Deferred.fromFuture(asyncio.ensure_future(main())))
"""


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Store]:
    """For each stopping trap a workspace of its own: first, the trap, and two later accounts, one at a time."""
    homes: dict[str, Path] = {}
    worlds: dict[str, list[GraphAccount]] = {}
    for number, trap in enumerate([*STOPPING, USAGE]):
        names = [
            (f"a_first_{number}", None),
            (f"b_trap_{number}", trap),
            (f"c_later_{number}", None),
            (f"d_later_{number}", None),
        ]
        worlds[trap] = [
            account(handle, one, 100 + number * 10 + place, (5, 30), media=False)
            for place, (handle, one) in enumerate(names)
        ]
    everyone = [one for accounts in worlds.values() for one in accounts]
    with Sandbox(GraphWorld(everyone, TOKEN, page_size=5)) as sandbox:
        for trap, accounts in worlds.items():
            home, today = tmp_path_factory.mktemp(trap) / "home", datetime.now(ZONE).date()
            homes[trap] = write_home(home, sandbox, accounts, 1, today)
        order = [*(str(homes[trap]) for trap in (*STOPPING, USAGE, USAGE)), f"aged:{homes[USAGE]}"]
        words = [sys.executable, "-c", SEQUENCE, *order]
        done = subprocess.run(
            words,
            cwd=ROOT,
            env={**os.environ, "TAYANG_INSTAGRAM_TOKEN": TOKEN, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return {trap: Store(home / "tayang.duckdb") for trap, home in homes.items()}


@pytest.mark.parametrize("trap", STOPPING)
def test_a_stopped_channel_leaves_all_later_accounts_unobserved(stopped: dict[str, Store], trap: str) -> None:
    """The trapped account and all after it: one visit each; who was not asked was not refused, nobody else asked."""
    first, trapped, *later = stopped[trap].rows(VISITS)

    assert (first["outcome"], first["cause"]) == ("complete", None)
    for visit, cause in ((trapped, STOPPING[trap]), *((one, "not_visited") for one in later)):
        assert ("blocked", cause, None, 0) == (
            visit["outcome"],
            visit["cause"],
            visit["covers_from"],
            visit["posts_seen"],
        )
        assert trapped["detail"] == visit["detail"]
    assert [visit["evidence_sha256"] for visit in later] == [None, None]
    asked = {row["account"] for row in stopped[trap].rows("SELECT account FROM evidence")}
    assert {f"instagram:{first['handle']}", f"instagram:{trapped['handle']}"} == asked


def test_near_the_limit_the_channel_stops_and_goes_on_next_time(stopped: dict[str, Store]) -> None:
    """At 96 % nobody more is asked, nor by a run minutes later; an hour later those come first who were not."""
    visits = stopped[USAGE].rows(VISITS)
    first, minutes_later, second = visits[:4], visits[4:8], visits[8:]

    assert [visit["outcome"] for visit in first] == ["complete", "complete", "blocked", "blocked"]
    assert [visit["cause"] for visit in first[2:]] == ["not_visited"] * 2
    assert "96 %" in first[2]["detail"]
    assert {("blocked", "not_visited")} == {(one["outcome"], one["cause"]) for one in minutes_later}
    assert [one["handle"][0] for one in minutes_later] == ["c", "d", "a", "b"]
    assert [visit["handle"][0] for visit in second] == ["c", "d", "a", "b"]
    assert [visit["outcome"] for visit in second] == ["complete"] * 4


def test_plain_scrapy_lists_the_channels(tmp_path: Path) -> None:
    """`scrapy list` works in a fresh checkout, without a workspace."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TAYANG_")}
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "list"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    spiders = {path.stem for path in (ROOT / "crawler" / "spiders").glob("[a-z]*.py")}

    assert spiders == set(done.stdout.split())


def test_plain_scrapy_asks_nobody_when_the_workspace_is_wrong(crawled: Crawled, tmp_path: Path) -> None:
    """A mistake in the registry ends `scrapy crawl` before the first request, and is named."""
    home = tmp_path / "home"
    (home / "registry").mkdir(parents=True)
    (home / "tayang.toml").write_bytes((crawled.home / "tayang.toml").read_bytes())
    (home / "registry" / "agencies.csv").write_text(
        "agency_id,name,kind,parent_id,active_from,active_until\nx,X,opd,,,\n"
    )
    (home / "registry" / "accounts.csv").write_text(
        "agency_id,channel,handle,native_id,active_from,active_until\ny,instagram,@y,,,\n"
    )
    done = command("scrapy", "crawl", "instagram", home=home)

    assert "accounts.csv:2" in done.stderr
    assert not (home / "evidence").exists()
    assert not (home / "tayang.duckdb").exists()


def test_a_trap_is_a_trap_whatever_the_account() -> None:
    """The stand-in itself: the same account without its trap is healthy."""
    assert replace(account("x", "token_190", 1), trap=None) == account("x", None, 1)
