"""A news medium's feed and search, on loopback: what is kept of it, and what it is not asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from crawler.discovery.outlet import Asking, read_outlet
from crawler.errors import SourceTrouble
from crawler.items import Account
from crawler.robots import Gate
from crawler.sandbox.sites import Site, SiteArticle, site_app
from tests.site_looks import NOW, WIB, PlainLook

WORD = "tolak tip"


def article(number: int, title: str, body: str = "Kegiatan rutin pegawai kabupaten pada hari biasa.") -> SiteArticle:
    slug = f"{'-'.join(title.lower().split())}-nomor-{number}"
    text = f"<p>KLATEN - {body}</p><p>Warga menyambut baik kegiatan yang berlangsung sejak pagi itu.</p>"
    return SiteArticle(slug, title, text, NOW - timedelta(hours=5 * number + 1))


SITE = Site(
    "feed", "Kabar",
    (
        article(0, "Harga Cabai di Pasar Klaten Turun"),
        article(1, "Warga Diminta Tolak Tip di Loket"),
        article(2, "Petani Delanggu Mulai Tanam Padi"),
        article(3, "Ratusan Pegawai Ikuti Apel Pagi", "Bupati mengajak pegawai untuk tolak tip di semua loket."),
        article(4, "Umbul Ponggok Ramai Wisatawan"), article(5, "Pasar Gede Direnovasi Tahun Depan"),
    ),
)  # fmt: skip


def speaks(text: str) -> bool:
    return WORD in text.casefold()


def read(app: web.Application, asking: Callable[[str], Asking], days: int = 7) -> tuple[PlainLook, str | None]:
    """One look at an outlet served on a free port; the trouble it ended in."""

    async def look_at() -> tuple[PlainLook, str | None]:
        async with TestServer(app) as server, aiohttp.ClientSession() as http:
            base = str(server.make_url("")).rstrip("/")
            look = PlainLook(Account("", "media", "kabar"), NOW - timedelta(days=days), http)
            try:
                await read_outlet(look, Gate(look, "tayang/0.1"), WIB, asking(base))
            except SourceTrouble as trouble:
                return look, trouble.detail
            return look, None

    return asyncio.run(look_at())


def titles(look: PlainLook) -> set[str]:
    return {post.text.partition("\n")[0] for post in look.posts}


def test_of_a_feed_only_the_articles_that_speak_of_it_are_asked_for() -> None:
    """The others' pages are nobody's business."""
    look, trouble = read(site_app(SITE), lambda base: Asking(f"{base}/rss.xml", (), speaks))

    assert trouble is None
    assert titles(look) == {"Warga Diminta Tolak Tip di Loket"}
    assert [url.rpartition("/")[2] for url in look.asked[:2]] == ["robots.txt", "rss.xml"]
    assert len(look.asked) == 3
    assert look.listing.confirmed


def test_a_search_finds_what_only_the_body_says() -> None:
    """A result's own page is read, and it counts only if it speaks of it."""
    search = "/cari?q=tolak+tip"
    look, _ = read(site_app(SITE), lambda base: Asking(f"{base}/rss.xml", (base + search,), speaks))

    assert titles(look) == {"Warga Diminta Tolak Tip di Loket", "Ratusan Pegawai Ikuti Apel Pagi"}
    assert {"", "media"} == {value for post in look.posts for value in (post.agency_id, post.channel)}


def test_a_search_that_gives_anything_gives_nothing() -> None:
    """A search page that shows the newest articles whatever was asked is no proof of anything."""
    look, trouble = read(site_app(SITE), lambda base: Asking("", (f"{base}/cari?q=cabai",), speaks))

    assert trouble is None
    assert titles(look) == set()


def test_what_leads_elsewhere_is_a_lead_and_nobody_is_asked_for_it() -> None:
    """An aggregator's entry is kept by its title; the page behind it is not fetched."""

    async def feed(_request: web.Request) -> web.Response:
        at = f"{NOW - timedelta(hours=2):%a, %d %b %Y %H:%M:%S} GMT"
        item = f"<item><title>Ajakan Tolak Tip</title><link>http://lain.example/1</link><pubDate>{at}</pubDate></item>"
        return web.Response(text=f"<rss version='2.0'><channel>{item}</channel></rss>", content_type="text/xml")

    app = web.Application()
    app.router.add_get("/rss.xml", feed)
    look, _ = read(app, lambda base: Asking(f"{base}/rss.xml", (), speaks))

    assert [post.url for post in look.posts] == ["http://lain.example/1"]
    assert [url for url in look.asked if "lain.example" in url] == []


def test_a_page_that_cannot_be_read_leaves_what_the_list_says() -> None:
    """The title is known, and whose word it is."""
    broken = replace(SITE, trap="broken_article", articles=(article(0, "Ayo Tolak Tip"), *SITE.articles[2:]))
    look, trouble = read(site_app(broken), lambda base: Asking(f"{base}/rss.xml", (), speaks))

    assert trouble is None
    assert titles(look) == {"Ayo Tolak Tip"}
    assert look.notes != []


@pytest.mark.parametrize("trap", ["http_500", "challenge", "robots_500", "robots_disallow", "empty_200"])
def test_an_outlet_that_does_not_answer_is_trouble_not_silence(trap: str) -> None:
    """Nothing is kept, nothing is proved."""
    look, trouble = read(site_app(replace(SITE, trap=trap)), lambda base: Asking(f"{base}/rss.xml", (), speaks))

    assert trouble is not None
    assert look.posts == []
    assert look.listing.order == ()


def test_an_outlet_that_is_asked_too_much_is_left_alone() -> None:
    """One article answered with 429, and no other is asked for; the look proves nothing."""
    pages: list[str] = []

    @web.middleware
    async def throttle(request: web.Request, handler: Any) -> web.StreamResponse:
        if not request.path.startswith("/20"):
            return await handler(request)
        pages.append(request.path)
        return web.Response(status=429)

    app = site_app(replace(SITE, articles=tuple(article(n, f"Ajakan Tolak Tip ke {n}") for n in range(6))))
    app.middlewares.insert(0, throttle)
    look, trouble = read(app, lambda base: Asking(f"{base}/rss.xml", (), speaks))

    assert trouble == "HTTP 429"
    assert len(pages) == 1
    assert look.posts == []


def test_a_broken_search_does_not_cost_the_feed() -> None:
    """What one of them gave stands; the other's trouble is noted."""
    look, trouble = read(site_app(SITE), lambda base: Asking(f"{base}/rss.xml", (f"{base}/tidak-ada?q=a",), speaks))

    assert trouble is None
    assert titles(look) == {"Warga Diminta Tolak Tip di Loket"}
    assert any("search" in note for note in look.notes)


def test_older_articles_are_not_asked_for() -> None:
    """Before the wanted start nothing is read, though a list names it."""
    look, _ = read(site_app(SITE), lambda base: Asking(f"{base}/rss.xml", (), speaks), days=0)

    assert look.posts == []


def test_pages_are_bounded() -> None:
    """However many articles speak of it."""
    many = replace(SITE, articles=tuple(article(n, f"Ajakan Tolak Tip ke {n}") for n in range(8)))
    look, _ = read(site_app(many), lambda base: Asking(f"{base}/rss.xml", (), speaks, most_pages=3))

    assert len(look.posts) == 3
    assert any("(8)" in note or ": 8" in note for note in look.notes)
