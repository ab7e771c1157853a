"""A stand-in site on loopback -> what one look at it kept and proved, without Scrapy."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
from aiohttp.test_utils import TestServer

from crawler.coverage import Listing, conclude
from crawler.errors import SourceTrouble, Unreachable
from crawler.items import Account, Capture, Cause, Outcome, Post, Span
from crawler.robots import Gate
from crawler.sandbox.sites import Site, SiteArticle, site_app
from crawler.spiders.news import read_site

WIB = ZoneInfo("Asia/Jakarta")
NOW = datetime.now(UTC).replace(microsecond=0)


@dataclass
class PlainLook:
    """What a news look needs, over aiohttp instead of Scrapy's downloader."""

    account: Account
    since: datetime
    http: aiohttp.ClientSession
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    rests_since: datetime | None = None
    listing: Listing = field(default_factory=Listing)
    notes: list[str] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def fetch(
        self, kind: str, url: str, headers: Mapping[str, str] | None = None, **meta: Any
    ) -> Capture:
        self.asked.append(url)
        assert meta.get("dont_obey_robotstxt"), "asked around our own gate"
        try:
            async with self.http.get(url, headers=headers, allow_redirects=False) as answer:
                pairs = tuple((name, value) for name, value in answer.headers.items())
                body = await answer.read()
                return Capture(kind, url, url, answer.status, pairs, body, datetime.now(UTC))
        except (aiohttp.ClientError, TimeoutError) as failed:
            raise Unreachable(str(failed)) from failed

    def recall(self, url: str) -> Capture | None:
        return None

    async def keep(self, posts: Sequence[Post]) -> None:
        self.posts += [post for post in posts if post.published_until >= self.since]


@dataclass(frozen=True)
class Seen:
    """How a look ended."""

    posts: tuple[Post, ...]
    listing: Listing
    notes: tuple[str, ...]
    asked: tuple[str, ...]
    outcome: Outcome
    covers: Span | None
    cause: Cause | None
    since: datetime


def articles(count: int, every: timedelta = timedelta(hours=9)) -> tuple[SiteArticle, ...]:
    """The newest half an hour old, each older by `every`; every one has a picture."""
    newest = (NOW - timedelta(minutes=30)).replace(second=0)
    return tuple(
        SiteArticle(
            slug=f"dinas-gelar-kampanye-antikorupsi-nomor-{number}",
            title=f"Dinas Gelar Kampanye Antikorupsi Nomor {number}",
            html_body=(
                f"<p>KLATEN - Dinas mengajak seluruh warga menolak tip untuk petugas, nomor {number}. "
                "Ajakan ini berlaku untuk semua loket pelayanan publik di kabupaten.</p>"
                '<p>Video resmi: <a href="https://www.instagram.com/reel/ABC123/">lihat</a> #antikorupsi</p>'
            ),
            published_at=newest - number * every,
            image=b"\xff\xd8 picture " + str(number).encode(),
        )
        for number in range(count)
    )


def look_at(site: Site, since: datetime | None = None, path: str = "") -> Seen:
    """One look at a stand-in site, served on a free loopback port while it lasts."""
    return asyncio.run(_look_at(site, since or NOW - timedelta(days=3), path))


async def _look_at(site: Site, since: datetime, path: str) -> Seen:
    async with (
        TestServer(site_app(site)) as server,
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as http,
    ):
        account = Account("dinas", "news", str(server.make_url("")).rstrip("/") + path)
        look = PlainLook(account, since, http)
        trouble: SourceTrouble | None = None
        try:
            await read_site(look, Gate(look, "tayang/0.1"), WIB)
        except SourceTrouble as ended:
            trouble = ended
        outcome, covers, cause = conclude(look.listing, since, look.started_at, trouble)
        notes = (*look.notes, trouble.detail) if trouble else look.notes
    return Seen(
        tuple(look.posts), look.listing, tuple(notes), tuple(look.asked), outcome, covers, cause, since
    )


def same_site(kind: str, trap: str | None = None, count: int = 12, **fields: Any) -> Site:
    """A stand-in site with `count` articles over several days."""
    return replace(Site(kind, "Dinas Kesehatan", articles(count), trap), **fields)
