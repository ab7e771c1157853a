"""Every harm at every kind of source, one account each -> one run of the real command, and one after all is well again.

Everybody showed what he owed, but for healthy neighbours that showed nothing: `missing` is right for these alone.
"""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from crawler.sandbox.graph import GraphAccount, GraphMedia, GraphPost, GraphWorld
from crawler.sandbox.sites import Site, SiteArticle, site_app
from crawler.sandbox.studio import filler_jpeg
from pipelines.store import Store
from tests.faults import world
from tests.faults.certificate import self_signed
from tests.faults.harm import HARMS
from tests.faults.matrix import ADDRESSES, CURSORS, TARGETS
from tests.homes import PLEDGE, beside, write, write_registry

ROOT = Path(__file__).parents[2]
HEALTHY = ("graph", "wordpress", "feed", "sitemap", "listing")
TIMEOUT_SECONDS = 4  # above what 3.5 MB beside 47 other answers take on a busy machine
PICTURE_SIZE = (160, 160)


@dataclass(frozen=True)
class Case:
    """One account: what is done to it, and where. `harm`: of HARMS, CURSORS or ADDRESSES; empty = healthy."""

    name: str
    harm: str
    target: str
    shows: bool = True

    @property
    def owes(self) -> str:
        return "poster" if self.target == "media" else "ikrar"


@dataclass
class Clinic:
    """The stand-ins of all cases; `is_well`: nothing is done to anybody any more."""

    cases: tuple[Case, ...]
    drawn: world.Drawn
    is_well: bool = False
    urls: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def open(self) -> Iterator[None]:
        """Listen, in a thread of its own."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), loop).result(60)
        try:
            yield
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()

    def heal(self) -> None:
        """From now on every source is what it should be."""
        self.is_well = True
        self.graph.accounts = [replace(one, trap=None) for one in self.graph.accounts]
        self.graph.__post_init__()

    async def _listen(self) -> None:
        self.graph = GraphWorld([self._account(one) for one in self.cases if one.target == "graph"], world.TOKEN)
        app = self.graph.app()
        app.middlewares.append(self._graph_harm)
        self.urls["graph"] = await _serve(app)
        for case in self.cases:
            if case.target != "graph":
                self.urls[case.name] = await self._site(case)

    async def _site(self, case: Case) -> str:
        app = site_app(self._drawn_site(case))
        app.middlewares.append(self._site_harm(case))
        url = await _serve(app, self_signed() if case.harm == "tls_self_signed" else None)
        return ADDRESSES[case.harm].address(url) if case.harm in ADDRESSES else url

    def _drawn_site(self, case: Case) -> Site:
        kind = TARGETS[case.target].kind
        told = f"<p>{PLEDGE}</p>" if case.shows else "<p>Apel pagi pegawai di halaman kantor.</p>"
        newest = SiteArticle("apel-pagi-pegawai", "Apel Pagi Pegawai Kabupaten", told,
                             self.drawn.at(2, 10), self.drawn.poster)  # fmt: skip
        older = [
            SiteArticle(f"kegiatan-rutin-hari-{day}", f"Kegiatan Rutin Pegawai Hari {day}",
                        f"<p>Kegiatan rutin pegawai pada hari {day} di pendapa.</p>", self.drawn.at(day, 9))
            for day in (3, 6, 7, 8, 9, 10, 11)
        ]  # fmt: skip
        return Site(kind, case.name, (newest, *older))

    def _site_harm(self, case: Case) -> Any:
        @web.middleware
        async def harmed(request: web.Request, handler: Any) -> web.StreamResponse:
            is_due = case.harm in HARMS and not self.is_well and TARGETS[case.target].meets(request)
            answer = await handler(request)
            return await HARMS[case.harm](request, answer) if is_due else answer

        return harmed

    @property
    def _graph_harm(self) -> Any:
        by_name = {one.name: one for one in self.cases if one.harm in HARMS}

        @web.middleware
        async def harmed(request: web.Request, handler: Any) -> web.StreamResponse:
            answer = await handler(request)
            name = request.query.get("fields", "").partition("username(")[2].partition(")")[0]
            case = by_name.get(name)
            return await HARMS[case.harm](request, answer) if case and not self.is_well else answer

        return harmed

    def _account(self, case: Case) -> GraphAccount:
        number = self.cases.index(case) + 1
        text = PLEDGE if case.shows else "Apel pagi"
        poster = self.drawn.poster if case.shows else filler_jpeg(number, PICTURE_SIZE)
        posts = [_post(f"{number:04d}00", text, self.drawn.at(2, 10), poster)]
        posts += [_post(f"{number:04d}{day:02d}", f"Kegiatan {day}", self.drawn.at(day, 9)) for day in range(3, 30)]
        return GraphAccount(case.name, f"17841{number:05d}", tuple(posts), case.harm if case.harm in CURSORS else None)

    def write_home(self, home: Path) -> None:
        """The workspace in which all cases are registered."""
        hosts = sorted({url.partition("//")[2] for url in self.urls.values()})
        bounds = "concurrency = 48\nmax_media_bytes = 1000000\n"
        write(home / "tayang.toml", beside(hosts, self.urls["graph"], TIMEOUT_SECONDS, bounds))
        write_registry(
            home,
            [f"{one.name},Dinas {one.name},{one.owes}" for one in self.cases],
            [self._registered(one) for one in self.cases],
        )
        opens, closes = (self.drawn.today - timedelta(days=days) for days in (2, 1))
        campaign = world.CAMPAIGN.format(pledge=PLEDGE, opens=opens, closes=closes)
        for material in ("ikrar", "poster"):
            duty = f'material = "{material}"\nopens = {opens}\ncloses = {closes}\nkinds = '
            campaign = campaign.replace(f'{duty}["opd"]', f'{duty}["{material}"]')
        folder = home / "campaigns" / "ikrar"
        write(folder / "campaign.toml", campaign)
        (folder / "poster.jpg").write_bytes(self.drawn.poster)

    def _registered(self, case: Case) -> str:
        if case.target != "graph":
            return f"{case.name},news,{self.urls[case.name]},"
        [account] = [one for one in self.graph.accounts if one.handle == case.name]
        return f"{case.name},instagram,@{case.name},{account.native_id}"


def _post(number: str, text: str, at: Any, picture: bytes | None = None) -> GraphPost:
    media = (GraphMedia(f"m{number}", body=picture),) if picture else ()
    return GraphPost(f"179{number}", text, at, media)


async def _serve(app: web.Application, secured: ssl.SSLContext | None = None) -> str:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=secured, backlog=512).start()
    return f"http{'s' if secured else ''}://127.0.0.1:{runner.addresses[0][1]}"


def all_cases() -> tuple[Case, ...]:
    """Every account of the matrix."""
    harmed = [(harm, target) for target in TARGETS for harm in HARMS]
    harmed += [(trap, "graph") for trap in CURSORS] + [(one, "listing") for one in ADDRESSES]
    cases = [Case(f"k{number}", *pair) for number, pair in enumerate(harmed)]
    healthy = [Case(f"sehat_{one}", "", one) for one in HEALTHY]
    healthy += [Case(f"diam_{one}", "", one, False) for one in HEALTHY]
    return (*cases, *healthy)


@dataclass(frozen=True)
class Told:
    """What the store says of a case: how the visit ended, and what was said of its duty, sick and well."""

    outcome: str
    cause: str
    detail: str
    status: str
    reason: str
    later: str


def treat(home: Path) -> dict[Case, Told]:
    """Both runs."""
    clinic = Clinic(all_cases(), world.drawn())
    with clinic.open():
        clinic.write_home(home)
        sick = _ran(home)
        clinic.heal()
        well = _ran(home)
    found = {}
    for case in clinic.cases:
        visit, verdict = sick[0][case.name], sick[1][case.name]
        found[case] = Told(visit["outcome"], visit["cause"] or "", visit["detail"], verdict["status"],
                           verdict["reason"], well[1][case.name]["status"])  # fmt: skip
    return found


def _ran(home: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    words = [sys.executable, "-m", "tayang", "run", "--json", "--home", str(home)]
    environment = {**os.environ, "TAYANG_INSTAGRAM_TOKEN": world.TOKEN}
    done = subprocess.run(
        words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900, check=False
    )
    if done.returncode not in (0, 1):
        raise AssertionError((done.returncode, done.stderr[-3000:]))
    run_id = json.loads(done.stdout)["run_id"]
    store = Store(home / "tayang.duckdb")
    visits = store.rows("FROM visit_rows WHERE run_id = $run_id", {"run_id": run_id})
    return {one["agency_id"]: one for one in visits}, {one["agency_id"]: one for one in store.rows("FROM verdicts")}
