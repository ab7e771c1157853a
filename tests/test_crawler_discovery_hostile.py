"""Sites that never end or break off, by the real downloader -> their named outcome, within bounds, and no claim."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from hostile_sites import HOSTILE, app_of

from pipelines.store import Store
from tests.homes import beside, write, write_registry


@contextmanager
def served(asked: Counter[str]) -> Iterator[dict[str, int]]:
    """All hostile sites on free loopback ports, by name."""
    loop, ports = asyncio.new_event_loop(), dict[str, int]()

    async def listen() -> None:
        for name, answer in HOSTILE.items():
            runner = web.AppRunner(app_of(answer, asked), access_log=None)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            ports[name] = runner.addresses[0][1]

    loop.run_until_complete(listen())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield ports
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, dict[str, Any]], Counter[str]]:
    """The visit row of each site, and how often it was asked."""
    home: Path = tmp_path_factory.mktemp("hostile")
    asked: Counter[str] = Counter()
    with served(asked) as ports:
        write(home / "tayang.toml", beside(f"127.0.0.1:{port}" for port in ports.values()))
        write_registry(
            home,
            [f"{name},Dinas {name},opd" for name in ports],
            [f"{name},news,http://127.0.0.1:{port}," for name, port in ports.items()],
        )
        words = [sys.executable, "-m", "tayang", "crawl", "news", "--home", str(home)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1, done.stderr
    return {row["agency_id"]: row for row in Store(home / "tayang.duckdb").rows("FROM visit_rows")}, asked


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "outcomes", "most"),
    [
        ("truncated_gzip", {"unreadable"}, 20),
        ("redirect_loop", {"unreadable"}, 8),
        ("broken_feed", {"partial", "unreadable"}, 20),
        ("sitemap_loop", {"unreadable"}, 20),
        ("endless_sitemaps", {"unreadable"}, 80),
    ],
)
def test_it_ends_named_and_claims_nothing(looked, name, outcomes, most):
    """No absence is proved by a site that cannot be read to its end; it is asked a bounded number of times."""
    visits, asked = looked

    assert visits[name]["outcome"] in outcomes
    assert visits[name]["covers_from"] is None
    assert visits[name]["detail"]
    assert asked[name] <= most


@pytest.mark.slow
def test_a_calendar_without_end_proves_only_what_was_read(looked):
    """Thirty pages with articles of one morning: the time since that morning, and nothing of the days before."""
    visits, asked = looked
    visit = visits["endless_list"]

    assert (visit["outcome"], visit["cause"]) == ("partial", "gap")
    assert visit["covers_from"] > visit["started_at"] - timedelta(days=2)
    assert asked["endless_list"] <= 200


def test_every_hostile_site_is_looked_at():
    """A site drawn and never asked of would prove nothing."""
    marks = test_it_ends_named_and_claims_nothing.pytestmark
    cases = next(mark.args[1] for mark in marks if mark.name == "parametrize")

    assert set(HOSTILE) == {name for name, _, _ in cases} | {"endless_list"}
