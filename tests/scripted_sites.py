"""Sites whose pages are empty until their script has run -> real servers on loopback, and a workspace beside them."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from crawler.render_settings import Rendering, why_not_shown
from tests.homes import write, write_registry
from tests.listing_sites import Paper, Piece

LACK = why_not_shown(Rendering())
needs_browser = pytest.mark.skipif(bool(LACK), reason=f"no page can be shown here: {LACK}")

SHELL = '<!doctype html><html><head><title>Kecamatan</title></head><body>{body}<script src="/app.js"></script></body>'
APP = """
fetch('/api/page?path=' + encodeURIComponent(location.pathname)).then(answer => answer.json()).then(page => {
  document.title = page.title;
  const app = document.createElement('div');
  app.innerHTML = page.body;
  document.body.prepend(app);
});
"""
PIECES = tuple(
    Piece(number, f"Camat {word} bersama warga desa {number}", datetime.now(UTC) - timedelta(hours=5 + 11 * number))
    for number, word in enumerate(["lapor", "ikrar", "rapat", "apel", "senam", "lomba", "tolak", "tip"])
)


@dataclass
class Scripted:
    """A site of news by script. `pages` are further answers: HTML, or (content type, body); `robots` its rules."""

    pages: Mapping[str, str | tuple[str, str]] = field(default_factory=dict)
    robots: str = ""
    paper: Paper = field(default_factory=lambda: Paper(PIECES))
    asked: list[web.BaseRequest] = field(default_factory=list)
    url: str = ""

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/{any:.*}", self._answer)
        return app

    def paths(self) -> list[str]:
        return [one.rel_url.path for one in self.asked]

    async def _answer(self, request: web.Request) -> web.Response:
        self.asked.append(request)
        path = request.path
        if path == "/robots.txt":
            return web.Response(text=self.robots)
        if path in self.pages:
            page = self.pages[path]
            kind, body = ("text/html", page) if isinstance(page, str) else page
            response = web.Response(text=body, content_type=kind)
            response.set_cookie("sesi", "1")
            return response
        if path == "/app.js":
            return web.Response(text=APP, content_type="text/javascript")
        drawn = self.paper.answers()
        if path == "/api/page":
            page = drawn[request.query["path"]]
            title, body = (re.search(rf"<{tag}>(.*)</{tag}>", page) for tag in ("title", "body"))
            return web.json_response({"title": title[1], "body": body[1]})
        if path in drawn:
            return web.Response(text=SHELL.format(body=""), content_type="text/html")
        return web.Response(status=404, text="<title>404</title>", content_type="text/html")


@contextmanager
def serving(*sites: Scripted) -> Iterator[None]:
    """The sites listen, in a thread of their own, each with its `url`."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    runners = [asyncio.run_coroutine_threadsafe(_listen(site), loop).result(10) for site in sites]
    try:
        yield
    finally:
        for runner in runners:
            asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


async def _listen(site: Scripted) -> web.AppRunner:
    runner = web.AppRunner(site.app(), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    return runner


def write_home(home: Path, sites: Sequence[Scripted], shown: Sequence[Scripted], more: str = "") -> Path:
    """A workspace in which `sites` are registered, and some of them for the browser."""
    hosts = ", ".join(f'"{site.url.partition("//")[2]}"' for site in sites)
    render = ", ".join(f'"{site.url}"' for site in shown)
    write(home / "tayang.toml", (
        '[instance]\nname = "Kabupaten Contoh"\ntimezone = "Asia/Jakarta"\nlanguage = "en"\n'
        f"[crawl]\ndelay_seconds = 0\ntimeout_seconds = 5\nallow_private_hosts = [{hosts}]\n"
        f"[channels.news]\nrender = [{render}]\n{more}"
    ))  # fmt: skip
    names = [f"kec{number}" for number in range(len(sites))]
    accounts = [f"{name},news,{site.url}," for name, site in zip(names, sites, strict=True)]
    write_registry(home, [f"{one},{one},kec" for one in names], accounts)
    return home


def a_page(script: str, body: str = "") -> str:
    """A page that runs `script` at once."""
    return f"<!doctype html><html><head><title>Halaman</title></head><body>{body}<script>{script}</script></body>"
