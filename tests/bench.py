"""`make bench`: how fast and how frugal a whole crawl is, and whether the world's verdicts are true.

    python -m tests.bench [--accounts 300] [--posts 30] [--clips 60] [--rounds 3] [--tree 1000]

The same bytes are downloaded by plain Scrapy and by Tayang from the same stand-in, in turn, each in
a process of its own. Media are generated once and kept in .bench/.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.local_time import now_utc
from crawler.sandbox.graph import GraphAccount, GraphMedia, GraphPost, GraphWorld
from crawler.sandbox.offices import TOKEN
from crawler.sandbox.server import Sandbox
from crawler.sandbox.studio import Take, as_jpeg, clip, filler_jpeg, poster
from crawler.sandbox.workspace import write_workspace
from crawler.sandbox.world import build_world
from pipelines.store import Store
from tests.truth import ACCUSES, PARDONS, expected_of, said_of

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".bench"
PICTURE = (1080, 1080)

PLAIN = """
import json, sys
import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from crawler.spiders.instagram import _MEDIA, PAGE_SIZE

base, token, names = sys.argv[1], sys.argv[2], json.load(open(sys.argv[3]))

class Plain(scrapy.Spider):
    name = "plain"
    custom_settings = {"ROBOTSTXT_OBEY": False, "CONCURRENT_REQUESTS": 8, "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "DOWNLOAD_DELAY": 0, "LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False,
        "COOKIES_ENABLED": False}

    def page(self, name, after):
        cursor = f".after({after})" if after else ""
        fields = f"business_discovery.username({name}){{id,media{cursor}.limit({PAGE_SIZE}){{{_MEDIA}}}}}"
        return scrapy.FormRequest(f"{base}/v26.0/1", method="GET", formdata={"fields": fields, "access_token": token},
            cb_kwargs={"name": name}, dont_filter=True)

    async def start(self):
        for name in names:
            yield self.page(name, None)

    def parse(self, response, name):
        media = response.json()["business_discovery"]["media"]
        for node in media["data"]:
            yield scrapy.Request(node["media_url"], callback=self.got)
        after = media.get("paging", {}).get("cursors", {}).get("after")
        if after:
            yield self.page(name, after)

    def got(self, response):
        self.crawler.stats.inc_value("bytes", len(response.body))

process = AsyncCrawlerProcess()
process.crawl(Plain)
process.start()
"""


@dataclass(frozen=True)
class Cost:
    """What one process and its children cost."""

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int


def main(words: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    for name, default in (("accounts", 300), ("posts", 30), ("clips", 60), ("rounds", 3), ("tree", 1000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args(words)
    print_truth()
    print_memory(asked.tree)
    print_speed(asked.accounts, asked.posts, asked.clips, asked.rounds)


def print_truth() -> None:
    """Verdicts of the sandbox world against its known truth."""
    world = build_world(now_utc())
    with tempfile.TemporaryDirectory() as folder, Sandbox(world.graph, world.all_sites) as sandbox:
        home = Path(folder) / "home"
        write_workspace(world, sandbox, home)
        cost = _run([sys.executable, "-m", "tayang", "run", "--home", str(home)], world.graph.token)
        expected, said = expected_of(world), said_of(Store(home / "tayang.duckdb"), world)
    wrong = {key: said.get(key, "none").split()[0] for key, word in expected.items() if said.get(key) != word}
    accused = sum(word in ACCUSES for word in wrong.values())
    pardoned = sum(word in PARDONS for word in wrong.values())
    print(f"truth    {len(expected) - len(wrong)} of {len(expected)} verdicts right, {accused} false accusations,")
    print(f"         {pardoned} false pardons, {cost.wall_seconds:.1f} s for the whole run")


def print_memory(accounts: int) -> None:
    """The most that a run and all its processes held at once, over many accounts with few posts each."""
    world = _world(accounts, 2, accounts // 50)
    with Sandbox(world) as sandbox, tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        _workspace(world, sandbox, home)
        words = [sys.executable, "-m", "tayang", "run", "--home", str(home)]
        started = time.monotonic()
        process = subprocess.Popen(words, env={**os.environ, "TAYANG_INSTAGRAM_TOKEN": TOKEN}, cwd=ROOT,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        peak = 0
        while process.poll() is None:
            peak = max(peak, _held_bytes(process.pid))
            time.sleep(0.05)
        visits = Store(home / "tayang.duckdb").rows("SELECT count(*) AS n FROM visits WHERE outcome = 'complete'")
    print(f"memory   {peak / 1e6:.0f} MB at most, all processes of a run over {accounts} accounts with {accounts * 2}")
    seconds = time.monotonic() - started
    print(f"         posts ({visits[0]['n']} seen whole, exit {process.returncode}, {seconds:.0f} s)")


def _held_bytes(pid: int) -> int:
    """Bytes that a process and its descendants hold now, what they share counted for each (Linux)."""
    return _number(f"/proc/{pid}/statm", 1) * os.sysconf("SC_PAGE_SIZE") + sum(map(_held_bytes, _children(pid)))


def _children(pid: int) -> list[int]:
    """Of all its threads; gone by now = none."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []


def _number(path: str, place: int) -> int:
    try:
        return int(Path(path).read_text().split()[place])
    except (OSError, IndexError):
        return 0


def print_speed(accounts: int, posts: int, clips: int, rounds: int) -> None:
    """Whole crawls beside plain Scrapy, in turn, and what a second run over the same posts costs."""
    world = _world(accounts, posts, clips)
    size = sum(
        media.body.stat().st_size
        for account in world.accounts
        for post in account.posts
        for media in post.media
        if isinstance(media.body, Path)
    )
    print(f"input    {accounts} accounts, {accounts * posts} posts, {clips} clips, {size / 1e6:.0f} MB")
    plain, ours = [], []
    with Sandbox(world) as sandbox, tempfile.TemporaryDirectory() as folder:
        names = Path(folder) / "names.json"
        names.write_text(json.dumps([account.handle for account in world.accounts]))
        for number in range(rounds):
            plain.append(_run([sys.executable, "-c", PLAIN, sandbox.graph_url, TOKEN, str(names)], TOKEN))
            home = Path(folder) / f"home{number}"
            _workspace(world, sandbox, home)
            ours.append(_run([sys.executable, "-m", "tayang", "run", "--home", str(home)], TOKEN))
            again = _run([sys.executable, "-m", "tayang", "run", "--home", str(home)], TOKEN)
        kept = Store(home / "tayang.duckdb").rows("SELECT count(*) AS n FROM posts")[0]["n"]
    _print("plain", plain, accounts * posts)
    _print("tayang", ours, accounts * posts)
    ratios = sorted(one.wall_seconds / other.wall_seconds for one, other in zip(ours, plain, strict=True))
    print(f"ratio    {statistics.median(ratios):.2f} of wall time, pair by pair ({ratios[0]:.2f} to {ratios[-1]:.2f})")
    print(f"kept     {kept} posts")
    print(f"again    {again.wall_seconds:.1f} s for a second run: no media, only what changed")


def _print(name: str, costs: Sequence[Cost], posts: int) -> None:
    wall = statistics.median(cost.wall_seconds for cost in costs)
    cpu = statistics.median(cost.cpu_seconds for cost in costs)
    peak = max(cost.peak_bytes for cost in costs)
    print(f"{name:8} {wall:6.1f} s wall, {cpu:6.1f} s CPU, {posts / wall:5.0f} posts/s, peak {peak / 1e6:.0f} MB")


def _run(command: Sequence[str], token: str) -> Cost:
    """Run one process to its end; peak memory is its own, CPU time includes its children's."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, env={**os.environ, "TAYANG_INSTAGRAM_TOKEN": token}, cwd=ROOT,
                                   stdout=subprocess.DEVNULL, stderr=errors)  # fmt: skip
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            errors.seek(0)
            raise SystemExit(errors.read().decode())
    return Cost(time.monotonic() - started, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def _world(accounts: int, posts: int, clips: int) -> GraphWorld:
    now = datetime.now(UTC)
    every = max(1, accounts * posts // max(1, clips))
    made = []
    for number in range(accounts):
        own = []
        for index in range(posts):
            serial = number * posts + index
            name = f"{serial:06d}"
            is_clip = clips and serial % every == 0
            media = (
                GraphMedia(name, "VIDEO", _clip(serial), "video/mp4")
                if is_clip
                else GraphMedia(name, body=_picture(serial))
            )
            at = now - timedelta(minutes=20 + index * 180, seconds=number)
            own.append(GraphPost(f"18{serial:012d}", f"Kegiatan ke-{serial} #klaten", at, (media,)))
        made.append(GraphAccount(f"kantor_{number:03d}", f"1784140{number:08d}", tuple(own)))
    return GraphWorld(made, TOKEN, page_size=25)


def _picture(serial: int) -> Path:
    return _made(f"{serial}.jpg", lambda path: path.write_bytes(filler_jpeg(serial, PICTURE)))


def _clip(serial: int) -> Path:
    return _made(f"{serial}.mp4", lambda path: clip(path, serial, Take(size=(360, 640), seconds=12)))


def _made(name: str, make: object) -> Path:
    path = CACHE / name
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        make(path)  # type: ignore[operator]
    return path


def _workspace(world: GraphWorld, sandbox: Sandbox, home: Path) -> None:
    """300 agencies that owe a poster and a clip over the whole time."""
    campaign = home / "campaigns" / "ukur"
    campaign.mkdir(parents=True)
    (home / "registry").mkdir()
    today = now_utc().date()
    opens = today - timedelta(days=5)
    (campaign / "poster.jpg").write_bytes(as_jpeg(poster(3, "Laporkan gratifikasi", today.year)))
    clip(campaign / "klip.mp4", 1, Take())
    (campaign / "campaign.toml").write_text(
        'id = "ukur"\ntitle = "Ukur"\n'
        '[[material]]\nid = "poster"\ntitle = "Poster"\nkind = "image"\nfiles = ["poster.jpg"]\n'
        '[[material]]\nid = "klip"\ntitle = "Klip"\nkind = "video"\nfiles = ["klip.mp4"]\n'
        + "".join(
            f'[[duty]]\nmaterial = "{material}"\nopens = {opens}\ncloses = {today - timedelta(days=1)}\n'
            for material in ("poster", "klip")
        )
    )  # fmt: skip
    (home / "tayang.toml").write_text(
        '[instance]\nname = "Ukur"\ntimezone = "Asia/Jakarta"\n[crawl]\ndelay_seconds = 0.0\nconcurrency = 8\n'
        f'contact = "https://tayang.example/kontak"\nallow_private_hosts = {json.dumps(sandbox.hosts)}\n'
        f'[channels.instagram]\ngraph_url = "{sandbox.graph_url}"\nig_user_id = "1784"\n'
    )  # fmt: skip
    agencies = "".join(f"{one.handle},{one.handle},opd,,,\n" for one in world.accounts)
    accounts = "".join(f"{one.handle},instagram,{one.handle},,,\n" for one in world.accounts)
    (home / "registry" / "agencies.csv").write_text(
        "agency_id,name,kind,parent_id,active_from,active_until\n" + agencies
    )
    (home / "registry" / "accounts.csv").write_text(
        "agency_id,channel,handle,native_id,active_from,active_until\n" + accounts
    )


if __name__ == "__main__":
    main()
