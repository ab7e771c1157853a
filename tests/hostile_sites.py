"""Sites that would keep a reader for ever or feed him halves -> web applications that count what they are asked."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from aiohttp import web

Answer = Callable[[web.Request], web.Response]

_ARTICLE = (
    "<html><head><title>{title}</title></head><body><main><h1>{title}</h1><p>{at:%d/%m/%Y} pukul 08.00 WIB</p>"
    "<p>KLATEN - Dinas mengadakan kegiatan bersama seluruh pegawai dan warga di pendapa kabupaten.</p></main>"
    "</body></html>"
)


def html(body: str, status: int = 200) -> web.Response:
    """A whole page."""
    return web.Response(text=f"<html><body>{body}</body></html>", content_type="text/html", status=status)


def xml(body: str) -> web.Response:
    """A feed or a sitemap."""
    return web.Response(text=body, content_type="application/xml")


def truncated_gzip(request: web.Request) -> web.Response:
    """A front page of which the packed bytes break off."""
    if request.path != "/":
        return html("", 404)
    packed = gzip.compress(b"<html><body>" + bytes(range(256)) * 40 + b"</body></html>")
    return web.Response(body=packed[: len(packed) // 2], headers={"Content-Encoding": "gzip"}, content_type="text/html")


def redirect_loop(request: web.Request) -> web.Response:
    """Each address sends on to the other."""
    if request.path == "/robots.txt":
        return html("", 404)
    return web.Response(status=302, headers={"Location": "/beranda" if request.path == "/" else "/"})


def endless_list(request: web.Request) -> web.Response:
    """A list whose next page is always there, with articles of yesterday on each: a calendar without end."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    number = int(request.query.get("page", "1"))
    if request.path == "/":
        return html('<nav><a href="/berita">Berita</a></nav>')
    if request.path == "/berita":
        entries = "".join(
            f'<li><a href="/berita/kegiatan-rutin-dinas-nomor-{number}-{one}">'
            f"Kegiatan Rutin Dinas Nomor {number}-{one}</a> {yesterday:%d/%m/%Y}</li>"
            for one in range(3)
        )
        return html(f'<main><ul>{entries}</ul></main><a rel="next" href="/berita?page={number + 1}">Berikutnya</a>')
    if not request.path.startswith("/berita/"):
        return html("", 404)
    title = request.path.rpartition("/")[2].replace("-", " ").title()
    return web.Response(text=_ARTICLE.format(title=title, at=yesterday), content_type="text/html")


def broken_feed(request: web.Request) -> web.Response:
    """A feed in which a tag is never closed, with an entry that no parser can name."""
    if request.path == "/":
        return html("<p>Selamat datang</p>")
    if request.path != "/rss.xml":
        return html("", 404)
    at = datetime.now(UTC) - timedelta(hours=1)
    return xml(
        f"<rss version='2.0'><channel><item><title>A & B</title><link>http://{request.host}/a</link>"
        f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item><item><title>C<link></item></channel></rss>"
    )


def sitemap_loop(request: web.Request) -> web.Response:
    """Two indexes that name each other, and themselves."""
    if request.path == "/":
        return html("<p>Selamat datang</p>")
    if not request.path.startswith("/sitemap"):
        return html("", 404)
    both = ("sitemap", "sitemap-2")
    names = "".join(f"<sitemap><loc>http://{request.host}/{one}.xml</loc></sitemap>" for one in both)
    return xml(f"<sitemapindex>{names}</sitemapindex>")


def endless_sitemaps(request: web.Request) -> web.Response:
    """An index that names the next one, for ever."""
    if request.path == "/":
        return html("<p>Selamat datang</p>")
    if not request.path.startswith("/sitemap"):
        return html("", 404)
    following = int(request.query.get("n", "0")) + 1
    named = f"http://{request.host}/sitemap.xml?n={following}"
    return xml(f"<sitemapindex><sitemap><loc>{named}</loc></sitemap></sitemapindex>")


HOSTILE: dict[str, Answer] = {
    one.__name__: one
    for one in (truncated_gzip, redirect_loop, endless_list, broken_feed, sitemap_loop, endless_sitemaps)
}


def app_of(answer: Answer, asked: Counter[str]) -> web.Application:
    """The site as a web application that counts what it is asked."""

    async def handle(request: web.Request) -> web.Response:
        asked[answer.__name__] += 1
        return answer(request)

    app = web.Application()
    app.router.add_get("/{path:.*}", handle)
    return app
