"""A site whose pictures come only a few a second -> a crawl that waits as it is told, and keeps what it proves."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiohttp import web

from crawler.sandbox.sites import Site, site_app
from pipelines.store import Store
from tests.quiet_sites import crawl, write_workspace
from tests.site_looks import articles


@contextmanager
def throttled(site: Site, asked: Counter[str], told: dict[str, str]) -> Iterator[str]:
    """The site on loopback; each picture's first answer is 429, with these further headers."""

    @web.middleware
    async def throttle(request: web.Request, handler) -> web.StreamResponse:
        asked[request.path] += 1
        if "/uploads/" in request.path and asked[request.path] == 1:
            return web.Response(status=429, headers=told)
        return await handler(request)

    app = site_app(site)
    app.middlewares.insert(0, throttle)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    asyncio.run_coroutine_threadsafe(_listen(runner), loop).result(10)
    try:
        yield f"127.0.0.1:{runner.addresses[0][1]}"
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


async def _listen(runner: web.AppRunner) -> None:
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()


def seen(home: Path, told: dict[str, str]) -> tuple[list[object], Counter[str], Counter[str]]:
    """One crawl: what is wrong with each picture, the outcomes, and the questions by path."""
    asked: Counter[str] = Counter()
    site = replace(Site("feed", "dinas", articles(8, timedelta(hours=20))), gives_etags=False)
    with throttled(site, asked, told) as host:
        named = SimpleNamespace(ports={"dinas": 0}, hosts=[host], site_url=lambda _name: f"http://{host}")
        write_workspace(home, named)
        day = crawl(home)
    rows = Store(home / "tayang.duckdb").rows("SELECT unnest(media).trouble AS trouble FROM post_rows")
    return [row["trouble"] for row in rows], day.outcomes, asked


@pytest.mark.slow
def test_pictures_that_are_throttled_for_a_second_are_had_and_the_look_proves(tmp_path: Path) -> None:
    """429 with `Retry-After: 1`: each is asked for twice, through the whole crawl with its own memory of busy hosts."""
    troubles, outcomes, asked = seen(tmp_path, {"Retry-After": "1"})

    assert troubles
    assert set(troubles) == {None}
    assert outcomes == {"complete": 1}
    assert {count for path, count in asked.items() if "/uploads/" in path} == {2}


@pytest.mark.slow
def test_a_refusal_that_names_no_moment_still_ends_the_look(tmp_path: Path) -> None:
    """No picture after the first, and nothing is proved."""
    troubles, outcomes, asked = seen(tmp_path, {})

    assert set(troubles) == {"HTTP 429"}
    assert "complete" not in outcomes
    assert [count for path, count in asked.items() if "/uploads/" in path] == [1]
