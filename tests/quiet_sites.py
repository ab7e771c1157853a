"""`python -m tests.quiet_sites`: what a daily run over quiet sites asks of them, on loopback stand-ins.

    python -m tests.quiet_sites [--sites 60]

As many sites of each kind; nobody publishes. The first run knows nothing, the others are daily ones: while a window is
open, and while no duty rests on them; a second one of its day, and one for which every robots.txt is due.
Every question counts, those for robots.txt and those answered 304 too.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.sandbox.graph import GraphWorld
from crawler.sandbox.server import Sandbox
from crawler.sandbox.sites import KINDS, Site, SiteArticle
from pipelines.ledger import read_lines
from pipelines.store import Store
from tests.homes import beside, write, write_registry

QUIET = timedelta(days=40)  # nothing of the last weeks is anybody's duty
CAMPAIGN = """\
id = "ikrar"
title = "Ikrar antikorupsi"
[[material]]
id = "ikrar"
title = "Ikrar antikorupsi"
kind = "text"
caption = "Kami berikrar menolak suap dan pungutan liar di setiap loket pelayanan"
[[duty]]
material = "ikrar"
opens = {opens:%Y-%m-%d}
closes = {closes:%Y-%m-%d}
channels = ["news"]
kinds = ["opd"]
"""


@dataclass(frozen=True)
class Day:
    """One run: its questions by kind and by status, the bytes that came, and the sites it proved anything of."""

    kinds: Counter[str]
    statuses: Counter[int]
    body_bytes: int
    outcomes: Counter[str]
    spans: dict[str, Any]

    @property
    def questions(self) -> int:
        return sum(self.statuses.values())


def quiet_site(kind: str, number: int, age: timedelta, gives_etags: bool) -> Site:
    """A site whose newest article is of that age."""
    now = datetime.now(UTC).replace(microsecond=0)
    articles = tuple(
        SiteArticle(
            f"kegiatan-rutin-dinas-nomor-{one}", f"Kegiatan Rutin Dinas Nomor {one}",
            f"<p>KLATEN - Dinas mengadakan kegiatan rutin nomor {one} bersama seluruh pegawai dan warga.</p>",
            now - age - timedelta(days=one),
        )
        for one in range(12)
    )  # fmt: skip
    return Site(kind, f"{kind}-{number}", articles, gives_etags=gives_etags)


def write_workspace(home: Path, sandbox: Sandbox) -> None:
    """One agency and one news account for each site; nobody owes anything."""
    write(home / "tayang.toml", beside(sandbox.hosts))
    write_registry(
        home,
        [f"{name},Dinas {name},opd" for name in sandbox.ports],
        [f"{name},news,{sandbox.site_url(name)}," for name in sandbox.ports],
    )


def open_window(home: Path) -> None:
    """From now on every agency owes a campaign's text, in a window that opened yesterday and closes in two days."""
    today = datetime.now(UTC)
    text = CAMPAIGN.format(opens=today - timedelta(days=1), closes=today + timedelta(days=2))
    write(home / "campaigns" / "ikrar" / "campaign.toml", text)


def forget_robots(home: Path) -> None:
    """As if all that is known had been asked a day ago and more: every robots.txt is due."""
    store = Store(home / "tayang.duckdb")
    rows = store.rows("FROM evidence_rows")
    day = timedelta(hours=25)
    store.replace({"evidence_rows": [{**row, "fetched_at": row["fetched_at"] - day} for row in rows]})


def crawl(home: Path) -> Day:
    """One `tayang crawl news`, as the ledger and the store tell of it."""
    before = sum(1 for _ in read_lines(home / "evidence/ledger.jsonl"))
    words = [sys.executable, "-m", "tayang", "crawl", "news", "--home", str(home)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr)
    asked = [line for line in read_lines(home / "evidence/ledger.jsonl", before) if "status" in line]
    newest = "FROM visit_rows WHERE run_id = (SELECT max(run_id) FROM visit_rows)"
    visits = Store(home / "tayang.duckdb").rows(newest)
    return Day(
        Counter(line["kind"] for line in asked), Counter(line["status"] for line in asked),
        sum(line["bytes"] for line in asked), Counter(row["outcome"] for row in visits),
        {row["handle"]: (row["covers_from"], row["covers_until"]) for row in visits},
    )  # fmt: skip


def quiet_sites(count: int, age: timedelta = QUIET, gives_etags: bool = True) -> list[Site]:
    """`count` sites whose newest article is of that age, of each kind in turn."""
    return [quiet_site(KINDS[number % len(KINDS)], number, age, gives_etags) for number in range(count)]


def two_days(
    home: Path, count: int, age: timedelta = QUIET, gives_etags: bool = True, owes: bool = True
) -> tuple[Day, Day]:
    """A first run and the one after it, over quiet sites; `owes`: a window is open, so that the second must prove."""
    with Sandbox(GraphWorld((), "none"), quiet_sites(count, age, gives_etags)) as sandbox:
        write_workspace(home, sandbox)
        if owes:
            open_window(home)
        return crawl(home), crawl(home)


def all_days(home: Path, count: int) -> dict[str, Day]:
    """A first run, and daily ones of each sort."""
    with Sandbox(GraphWorld((), "none"), quiet_sites(count)) as sandbox:
        write_workspace(home, sandbox)
        days = {"first run": crawl(home), "no duty rests on it": crawl(home)}
        forget_robots(home)
        days["no duty rests on it, robots.txt due"] = crawl(home)
        open_window(home)
        days["a window is open"] = crawl(home)
        forget_robots(home)
        days["a window is open, robots.txt due"] = crawl(home)
        return days


def main() -> None:
    """Print all days."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sites", type=int, default=60)
    count = asked.parse_args().sites
    with tempfile.TemporaryDirectory() as folder:
        days = all_days(Path(folder), count)
    for name, day in days.items():
        print(f"{name}: {day.questions} questions to {count} quiet sites, {day.statuses[304]} answered 304, "
              f"{day.body_bytes / 1000:.0f} kB; {dict(day.kinds)}; {dict(day.outcomes)}")  # fmt: skip


if __name__ == "__main__":
    main()
