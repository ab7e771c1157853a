"""Sites that show nothing without a browser, shown by a real Chromium: what is read, and what a page may not do."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import aiohttp
import pytest

from crawler.errors import Blocked, SourceTrouble, Unreachable, Unreadable
from crawler.items import Account, Capture
from crawler.readers.answers import LACKS, is_whole_page
from crawler.render_settings import Rendering
from crawler.rendering import Window, gate_in_window
from crawler.robots import Gate
from pipelines.store import Store
from tests.conftest import run_tayang, summary
from tests.scripted_sites import PIECES, SHELL, Scripted, a_page, needs_browser, serving, write_home
from tests.site_looks import PlainLook

pytestmark = [needs_browser, pytest.mark.slow]

AGENT = "Tayang/0 (+humas@contoh.example)"
ENDLESS = "for (;;) {}"
TOLD = ("post_rows", "sighting_rows", "visit_rows", "evidence_rows")
_T = TypeVar("_T")


class ShownLook(PlainLook):
    """A look over aiohttp that keeps what was made of its answers."""

    async def made(self, url: str, making: Awaitable[Capture]) -> Capture:
        return await making


class OwnLook(ShownLook):
    """As Scrapy's address check would have it: nobody but the site itself may be asked."""

    async def fetch(self, kind: str, url: str, headers: Mapping[str, str] | None = None, **meta: object) -> Capture:
        if not url.startswith(self.account.handle):
            raise Blocked("address refused")
        return await super().fetch(kind, url, headers, **meta)


Fetch = Callable[[str], Awaitable[Capture]]


def looking(
    site: Scripted, doing: Callable[[Fetch, Window], Awaitable[_T]], seconds: float = 10,
    look_of: type[ShownLook] = ShownLook,
) -> _T:  # fmt: skip
    """Do something with the site's pages as the browser shows them; each `fetch` is a look of its own."""

    async def inside() -> _T:
        window = Window(Rendering(), AGENT, seconds, 0)
        async with aiohttp.ClientSession(headers={"User-Agent": AGENT}) as http:

            async def fetch(path: str) -> Capture:
                look = look_of(Account("dinas", "news", site.url), datetime.now(UTC) - timedelta(days=3), http)
                gate = gate_in_window(look, window, lambda asks: Gate(asks, AGENT))
                return await gate.fetch("article", site.url + path)

            try:
                return await doing(fetch, window)
            finally:
                await window.close()

    return asyncio.run(inside())


def shown(site: Scripted, path: str, seconds: float = 10) -> Capture:
    """One page as the browser shows it."""
    return looking(site, lambda fetch, _window: fetch(path), seconds)


# -- a whole look, kept and read again ------------------------------------------------------


@dataclass(frozen=True)
class Looked:
    """A workspace after a crawl: one site shown by the browser, and the same one asked plainly."""

    home: Path
    shown: str
    plain: str

    def rows(self, sql: str) -> list[dict[str, object]]:
        return Store(self.home / "tayang.duckdb").rows(sql)


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looked]:
    stuck = f"/berita/{PIECES[2].slug}"
    site, plain = Scripted({stuck: SHELL.format(body=f"<script>{ENDLESS}</script>")}), Scripted()
    with serving(site, plain):
        home = write_home(tmp_path_factory.mktemp("shown") / "home", [site, plain], [site])
        done = run_tayang("crawl", "news", "--json", home=home)
        assert done.returncode == 1, done.stderr
        yield Looked(home, site.url, plain.url)


def test_articles_are_found_in_the_browser_and_nothing_is_claimed_without(looked: Looked) -> None:
    """The same site twice: its articles by the browser; unreadable, and no absence, without."""
    titles = {row["text"].split("\n")[0] for row in looked.rows(f"FROM posts WHERE handle = '{looked.shown}'")}
    [plain] = looked.rows(f"FROM visits WHERE handle = '{looked.plain}'")

    in_time = {one.title for one in PIECES if one.at > datetime.now(UTC) - timedelta(days=3)}
    assert in_time - {PIECES[2].title} <= titles
    assert (plain["outcome"], plain["covers_from"], plain["posts_seen"]) == ("unreadable", None, 0)


def test_an_article_that_never_rests_is_unread(looked: Looked) -> None:
    """Its day is known by the list; its words are not, and the others are read all the same."""
    [post] = looked.rows("FROM post_rows WHERE unread IS NOT NULL")

    assert str(post["url"]).endswith(PIECES[2].slug)
    assert "does not come to rest" in str(post["unread"])


def test_the_plain_answer_and_what_was_shown_are_both_kept(looked: Looked) -> None:
    """Posts rest on what was shown; the bytes that the server sent, and the data behind, stand beside it."""
    kinds = {row["kind"] for row in looked.rows(f"FROM evidence WHERE account = 'news:{looked.shown}'")}
    resting = looked.rows(
        "SELECT DISTINCT e.kind FROM posts p JOIN evidence e ON e.sha256 = p.evidence_sha256"
        " WHERE p.text <> '' AND p.text NOT LIKE '%rapat%'"
    )

    assert {"document", "asset", "rendered", "robots"} <= kinds
    assert resting == [{"kind": "rendered"}]
    assert run_tayang("audit", home=looked.home).returncode == 0


def test_a_rebuild_asks_no_browser_and_finds_the_same(looked: Looked) -> None:
    """From evidence alone, with the site no longer registered for the browser, and none to be found."""
    before = {name: sorted(map(str, looked.rows(f"FROM {name}"))) for name in TOLD}
    settings = looked.home / "tayang.toml"
    settings.write_text(settings.read_text("utf-8").replace("render = ", 'browser = "/nowhere/chromium"\n# '), "utf-8")

    done = run_tayang("rebuild", home=looked.home)

    assert done.returncode == 0, done.stderr
    assert before == {name: sorted(map(str, looked.rows(f"FROM {name}"))) for name in TOLD}


def test_without_a_browser_the_look_fails_and_the_others_go_on(tmp_path: Path) -> None:
    """Both sites end in a visit; that of the missing browser names it, and is no absence."""
    site, plain = Scripted(), Scripted({"/": "<!doctype html><title>Dinas</title><p>Selamat datang</p></html>"})
    with serving(site, plain):
        home = write_home(tmp_path / "home", [site, plain], [site], 'browser = "/nowhere/chromium"')
        done = run_tayang("crawl", "news", home=home)
    visits = {row["handle"]: row for row in Store(home / "tayang.duckdb").rows("FROM visits")}

    assert done.returncode == 1
    assert "channels.news.render: there is no browser '/nowhere/chromium'" in done.stderr
    assert (visits[site.url]["outcome"], visits[site.url]["covers_from"]) == ("failed", None)
    assert "/nowhere/chromium" in visits[site.url]["detail"]
    assert visits[plain.url]["outcome"] == "unreadable"


def test_a_probe_shows_what_the_browser_would(tmp_path: Path) -> None:
    """With --render the article's words are there; the questions of its scripts are shown too."""
    site = Scripted()
    with serving(site):
        home = write_home(tmp_path / "home", [site], [])
        found = summary(run_tayang("probe", f"{site.url}/berita/{PIECES[0].slug}", "--render", "--json", home=home))
        plain = run_tayang("probe", f"{site.url}/berita/{PIECES[0].slug}", home=home)

    assert found["article"]["title"] == PIECES[0].title
    assert [one["kind"] for one in found["questions"]] == ["robots", "document", "asset", "asset", "rendered"]
    assert plain.returncode == 1


# -- what a page may not do -----------------------------------------------------------------


def test_private_and_metadata_addresses_are_refused(tmp_path: Path) -> None:
    """A page of a site that may be asked cannot ask its neighbours by us."""
    near = Scripted({"/rahasia": ("application/json", "{}")})
    with serving(near):
        calls = [f"{near.url}/rahasia", "http://169.254.169.254/latest/", "http://[::1]:80/", "http://10.0.0.1/"]
        script = "".join(f"fetch('{url}').catch(() => 0);new Image().src='{url}';" for url in calls)
        site = Scripted({"/berita/x": a_page(script)})
        with serving(site):
            home = write_home(tmp_path / "home", [site], [site])
            found = summary(run_tayang("probe", f"{site.url}/berita/x", "--json", home=home))

    refused = [one["trouble"] for one in found["questions"] if "trouble" in one]
    assert near.asked == []
    assert len(refused) >= len(calls)
    assert all("address refused" in one for one in refused)


def test_the_window_itself_has_no_way_out() -> None:
    """What asks past our own questions (sockets, preconnects, other protocols, names) reaches nobody."""
    with (
        socket.create_server(("127.0.0.1", 0)) as stream,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams,
    ):
        datagrams.bind(("127.0.0.1", 0))
        near, stun = (f"127.0.0.1:{one.getsockname()[1]}" for one in (stream, datagrams))
        hints = "".join(
            f'<link rel="{rel}" href="http://{near}/" as="script">'
            for rel in ("preconnect", "dns-prefetch", "prefetch", "preload", "prerender", "manifest", "icon")
        )
        script = f"""
          new WebSocket('ws://{near}/');
          try {{ new WebTransport('https://{near}/') }} catch {{}}
          try {{
            const peer = new RTCPeerConnection({{iceServers: [{{urls: 'stun:{stun}'}}]}});
            peer.createDataChannel('x'); peer.createOffer().then(offer => peer.setLocalDescription(offer));
          }} catch {{}}
          const worker = new Worker(URL.createObjectURL(new Blob([`fetch('http://{near}/').catch(() => 0)`])));
          setTimeout(() => fetch('/data').then(() => {{ document.title = 'done' }}), 300);
        """
        site = Scripted({"/berita/x": a_page(script, hints), "/data": ("application/json", "{}")})
        stream.settimeout(0.2)
        datagrams.settimeout(0.2)
        with serving(site):
            page = looking(site, lambda fetch, _window: fetch("/berita/x"), look_of=OwnLook)
        asked = [*_connections(stream), *_connections(datagrams)]

    assert b"<title>done</title>" in page.body
    assert asked == []


def _connections(listening: socket.socket) -> Iterator[bytes]:
    """What arrived."""
    with suppress(TimeoutError):
        while True:
            if listening.type is socket.SOCK_DGRAM:
                yield listening.recv(1000)
            else:
                with listening.accept()[0] as caller:
                    caller.settimeout(0.2)
                    yield caller.recv(1000)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (ENDLESS, "tidak kunjung selesai"),
        (f"setTimeout(() => {{ {ENDLESS} }}, 300)", "tidak kunjung selesai"),
        ("for (let n = 0; n < 1000; n++) fetch('/data?' + n).catch(() => 0)", "halaman"),
        ("location.reload()", "halaman"),
        ("setInterval(() => fetch('/data?' + Math.random()), 50)", "halaman"),
        ("const all = []; for (;;) all.push(new Array(1e6).fill(Math.random()))", "halaman"),
        ("for (;;) alert('x')", "tidak kunjung selesai"),
    ],
    ids=["loop", "late loop", "1000 requests", "reload", "always asking", "memory", "dialogs"],
)
def test_a_page_without_end_ends_within_bounds(script: str, said: str) -> None:
    """Seconds, questions, memory: the first bound met makes it unreadable; the next page is shown all the same."""
    ok = a_page("document.title='ok'")
    site = Scripted({"/hang": a_page(script), "/data": ("application/json", "{}"), "/ok": ok})

    async def both(fetch: Fetch, _window: Window) -> tuple[str, float, Capture]:
        began = time.monotonic()
        with pytest.raises((Unreadable, Unreachable)) as ended:
            await fetch("/hang")
        return str(ended.value), time.monotonic() - began, await fetch("/ok")

    with serving(site):
        trouble, took, after = looking(site, both, seconds=3)

    assert said in trouble
    assert took < 60  # seconds=3: a bound for a busy machine, not the figure
    assert b"<title>ok</title>" in after.body
    assert len(site.asked) < 70


def test_nothing_but_documents_scripts_and_data_is_asked_for() -> None:
    """No popup, frame, download, socket, beacon, form or picture leaves the window; dialogs are put away."""
    script = """
      alert('x'); confirm('y'); prompt('z');
      window.open('/popup'); new WebSocket(location.origin.replace('http', 'ws') + '/socket');
      navigator.sendBeacon('/beacon', 'x'); new EventSource('/events');
      fetch('/post', {method: 'POST', body: 'x'}).catch(() => 0);
      navigator.serviceWorker && navigator.serviceWorker.register('/worker.js').catch(() => 0);
      const link = document.createElement('a'); link.href = '/file.zip'; link.download = 'x'; link.click();
      navigator.geolocation && navigator.geolocation.getCurrentPosition(() => document.title = 'found');
      try { new RTCPeerConnection({iceServers: [{urls: 'stun:127.0.0.1:9'}]}).createDataChannel('x') } catch {}
      fetch('/data').then(answer => answer.text()).then(text => document.body.append(text));
    """
    body = (
        '<img src="/a.jpg" onerror="this.src=\'/none.png\'"><link rel="stylesheet" href="/a.css">'
        '<iframe src="/frame"></iframe><video src="/a.mp4"></video><form id="f" method="post" action="/form"></form>'
    )
    site = Scripted({"/berita/x": a_page(script, body), "/data": ("application/json", "isi berita")})
    with serving(site):
        page = shown(site, "/berita/x")

    assert site.paths() == ["/robots.txt", "/berita/x", "/data"]
    assert b"isi berita" in page.body
    assert b'src="/a.jpg"' in page.body
    assert {AGENT} == {one.headers["User-Agent"] for one in site.asked}


def test_a_page_that_asks_by_post_is_not_whole() -> None:
    """What it wanted to show stays unknown, so nothing may be said to be absent from it."""
    site = Scripted({"/berita/x": a_page("fetch('/post', {method: 'POST'}).catch(() => 0)")})
    with serving(site):
        page = shown(site, "/berita/x")

    assert not is_whole_page(page)
    assert b"/post" in page.body.partition(LACKS)[2].partition(b"-->")[0]


def test_a_challenge_is_not_solved() -> None:
    """It stays the refusal that it is, though a browser could pass it."""
    page = a_page("fetch('/data').then(() => location.reload())").replace("Halaman", "Just a moment...")
    site = Scripted({"/berita/x": page, "/data": ("application/json", "{}")})
    with serving(site):
        answer = shown(site, "/berita/x")

    assert answer.kind == "document"
    assert site.paths() == ["/robots.txt", "/berita/x"]


def test_a_script_to_another_site_is_a_redirect_there() -> None:
    """It is followed behind the other site's robots.txt, and its address tells that this is not the site."""
    other = Scripted({"/": a_page("document.title='lain'")})
    closed = Scripted(robots="User-agent: *\nDisallow: /")
    with serving(other, closed):
        site = Scripted({"/a": a_page(f"location = '{other.url}/'"), "/b": a_page(f"location = '{closed.url}/'")})
        with serving(site):
            page = shown(site, "/a")
            with pytest.raises(Blocked, match=r"robots\.txt"):
                shown(site, "/b")

    assert f"{other.url}/" == page.final_url
    assert other.paths() == ["/robots.txt", "/"]
    assert closed.paths() == ["/robots.txt"]


def test_nothing_is_kept_from_one_page_to_the_next() -> None:
    """No cookie is sent, and neither cookies nor storage outlive the page."""
    script = """
      const seen = [document.cookie, localStorage.n, sessionStorage.n].filter(Boolean).length;
      document.cookie = 'n=1'; localStorage.n = sessionStorage.n = 1;
      fetch('/data').then(() => { document.title = 'seen ' + seen; });
    """
    site = Scripted({"/berita/x": a_page(script), "/data": ("application/json", "{}")})

    async def twice(fetch: Fetch, _window: Window) -> list[Capture]:
        return [await fetch("/berita/x"), await fetch("/berita/x")]

    with serving(site):
        pages = looking(site, twice)

    assert all(b"<title>seen 0</title>" in page.body for page in pages)
    assert not any("Cookie" in one.headers for one in site.asked)


def test_robots_txt_holds_for_what_scripts_ask() -> None:
    """A forbidden address of data is not asked for, and the page says that it lacks it."""
    site = Scripted(robots="User-agent: *\nDisallow: /api/")
    with serving(site):
        page = shown(site, "/berita")

    assert "/api/page" not in site.paths()
    assert b"/api/page" in page.body
    assert not is_whole_page(page)


def test_a_killed_browser_is_unreachable_and_begun_anew() -> None:
    """The page it died over is named as not seen; the next page has a new browser."""
    site = Scripted({"/hang": a_page(ENDLESS), "/ok": a_page("document.title='ok'")})

    async def kill(fetch: Fetch, _window: Window) -> tuple[SourceTrouble, Capture]:
        hanging = asyncio.create_task(fetch("/hang"))
        while not (pids := _browsers()) and not hanging.done():
            await asyncio.sleep(0.1)
        await asyncio.sleep(1)
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        [ended] = await asyncio.gather(hanging, return_exceptions=True)
        return ended, await fetch("/ok")

    with serving(site):
        trouble, after = looking(site, kill, seconds=20)

    assert isinstance(trouble, Unreachable)
    assert b"<title>ok</title>" in after.body
    assert _browsers() == []


def test_a_stopped_run_ends_its_browser(tmp_path: Path) -> None:
    """In the midst of a page that hangs: exit 130, and nothing of the browser is left."""
    site = Scripted({"/": a_page(ENDLESS)})
    with serving(site):
        home = write_home(tmp_path / "home", [site], [site])
        settings = home / "tayang.toml"
        settings.write_text(settings.read_text("utf-8").replace("= 5", "= 60"), "utf-8")
        words = [sys.executable, "-m", "tayang", "crawl", "news", "--home", str(home)]
        with subprocess.Popen(words, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as run:
            while run.poll() is None and not ("/" in site.paths() and _browsers()):
                time.sleep(0.2)
            time.sleep(1)
            run.terminate()
            code = run.wait(30)

    assert code == 130
    assert _browsers() == []


def _browsers() -> list[int]:
    """Chromium's main processes among our own descendants."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        is_main = b"chrom" in words[0] and not any(one.startswith(b"--type=") for one in words)
        if is_main and _is_ours(int(folder.name)):
            found.append(int(folder.name))
    return found


def _is_ours(pid: int) -> bool:
    while pid > 1:
        try:
            status = Path(f"/proc/{pid}/status").read_text("utf-8")
        except OSError:
            return False
        pid = int(status.partition("PPid:\t")[2].split("\n")[0])
        if pid == os.getpid():
            return True
    return False
