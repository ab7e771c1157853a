"""A site's articles and the trap it sets -> an aiohttp application that answers as such sites do.

`Site.trap` is one of TRAPS or None; each stands for a way in which real sites have misled a reader.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from crawler.sandbox import site_pages as pages
from crawler.sandbox.site_pages import SiteArticle

KINDS = ("wordpress", "feed", "sitemap", "listing")
TRAPS = (
    "rest_disabled", "http_500", "login_redirect", "challenge", "robots_disallow", "robots_500",
    "total_mismatch", "wrong_zone", "back_dated", "cut_off", "empty_200", "page_500_midway", "slow",
    "broken_article", "corrupt_image", "truncated_feed", "custom_type", "types_closed", "type_closed",
    "hidden_type", "moves_while_read", "sticky_at_foot",
)  # fmt: skip
# Where the newest article is of a type of its own, `berita`: not among the posts of the REST interface.
_CUSTOM = ("custom_type", "types_closed", "type_closed", "hidden_type")
OPEN_ROBOTS = "User-agent: *\nDisallow: /wp-admin/\n"
PAGE_SIZE = 10
BACK_DATED_BY = timedelta(days=3)
ANCIENT = timedelta(days=2000)


@dataclass(frozen=True, slots=True)
class Site:
    """One stand-in site. `kind` is one of KINDS, `trap` one of TRAPS or None; `slow_seconds` is
    how long the trap `slow` lets every answer wait; `gives_etags`: it answers 304 to whoever holds a page."""

    kind: str
    name: str
    articles: tuple[SiteArticle, ...]
    trap: str | None = None
    robots: str = OPEN_ROBOTS
    slow_seconds: float = 3.0
    gives_etags: bool = False
    taken_down: tuple[tuple[str, int], ...] = ()  # slugs that no list shows, and how their own address answers

    @property
    def page_size(self) -> int:
        """Articles per page; small enough for a second page where that one is to break."""
        return max(1, len(self.articles) // 2) if self.trap == "page_500_midway" else PAGE_SIZE

    def newest_first(self) -> list[SiteArticle]:
        """The articles as lists show them: by when they were really put there."""
        shown = [one for one in self.articles if one.slug not in dict(self.taken_down)]
        return sorted(shown, key=lambda one: one.published_at, reverse=True)

    def claimed(self) -> list[SiteArticle]:
        """As `newest_first`, with the dates that the site claims (the newest may be back-dated)."""
        true = self.newest_first()
        if self.trap != "back_dated" or not true:
            return true
        return [replace(true[0], published_at=true[0].published_at - BACK_DATED_BY), *true[1:]]

    def of_type(self, name: str) -> list[SiteArticle]:
        """The articles of one content type, `post` or `berita`, with the dates that the site claims."""
        custom = 1 if self.trap in _CUSTOM else 0
        return self.claimed()[:custom] if name == "berita" else self.claimed()[custom:]


def site_app(site: Site) -> web.Application:
    """The site as a web application; serve it on any loopback port."""
    if site.kind not in KINDS or site.trap not in (None, *TRAPS):
        raise ValueError(f"no such site: {site.kind}, {site.trap}")
    app = web.Application(middlewares=[*([_confirm] if site.gives_etags else []), _trap_of(site)])
    shown = _Shown(site)
    app.router.add_get("/robots.txt", shown.robots)
    app.router.add_get("/", shown.front)
    app.router.add_get("/berita", shown.list_page)
    app.router.add_get("/login", shown.login)
    app.router.add_get("/wp-content/uploads/{name}", shown.image)
    app.router.add_get("/{year:\\d{4}}/{month:\\d{2}}/{slug}/", shown.article)
    if site.kind == "wordpress":
        app.router.add_get("/wp-json/wp/v2/posts", shown.rest)
        app.router.add_get("/wp-json/wp/v2/types", shown.types)
        app.router.add_get("/wp-json/wp/v2/berita", shown.rest_of_type)
        app.router.add_get("/feed/", shown.feed)
    if site.kind == "feed":
        app.router.add_get("/rss.xml", shown.feed)
        app.router.add_get("/cari", shown.search)
    if site.kind == "sitemap":
        app.router.add_get("/sitemap.xml", shown.sitemap)
    return app


def _trap_of(site: Site) -> Middleware:
    @web.middleware
    async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        if site.trap == "slow":
            await asyncio.sleep(site.slow_seconds)
        if request.path == "/robots.txt":
            return await handler(request)
        return _whole_site_trap(site, request) or await handler(request)

    return answer


@web.middleware
async def _confirm(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Name each body by its digest, and answer 304 to whoever holds it."""
    answer = await handler(request)
    if not isinstance(answer, web.Response) or answer.status != 200 or not isinstance(answer.body, bytes):
        return answer
    etag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
    held = request.headers.get("If-None-Match") == etag
    answer.headers["ETag"] = etag
    return web.Response(status=304, headers={"ETag": etag}) if held else answer


def _whole_site_trap(site: Site, request: web.Request) -> web.Response | None:
    """The answer of a site that refuses everything in the same way, or None."""
    if site.trap == "http_500":
        return _html("<h1>Internal Server Error</h1>", 500)
    if site.trap == "login_redirect" and request.path != "/login":
        return web.Response(status=302, headers={"Location": "/login"})
    if site.trap == "challenge":
        return _html(pages.challenge_page())
    return _html("") if site.trap == "empty_200" else None


class _Shown:
    """The handlers of one site."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._was_read = False

    async def robots(self, request: web.Request) -> web.Response:
        """The site's rules, with a Sitemap line where it has one."""
        if self.site.trap == "robots_500":
            return web.Response(status=500)
        if self.site.trap == "robots_disallow":
            return web.Response(text="User-agent: *\nDisallow: /\n")
        line = f"Sitemap: {_base(request)}/sitemap.xml\n" if self.site.kind == "sitemap" else ""
        return web.Response(text=self.site.robots + line)

    async def front(self, request: web.Request) -> web.Response:
        """The front page; WordPress answers REST there too when asked by `rest_route`."""
        if self.site.kind == "wordpress" and "rest_route" in request.query:
            return await self.rest(request)
        address = {"wordpress": "/feed/", "feed": "/rss.xml"}.get(self.site.kind)
        head = f'<link rel="alternate" type="application/rss+xml" href="{address}">' if address else ""
        return _html(pages.list_page(self.site.claimed()[:5], self.site.name, None, head))

    async def list_page(self, request: web.Request) -> web.Response:
        """The site's own list of news."""
        number = _number(request, "page")
        part, is_last = self._part(number)
        if number > 1 and self.site.trap == "page_500_midway":
            return _html("", 500)
        older = None if is_last else f"/berita?page={number + 1}"
        return self._cut(_html(pages.list_page(part, self.site.name, older)))

    def _part(self, number: int) -> tuple[list[SiteArticle], bool]:
        articles, size = self.site.claimed(), self.site.page_size
        if self.site.trap == "moves_while_read":  # one was taken down as soon as the first page was read
            articles = articles[:2] + articles[3:] if self._was_read else articles
            self._was_read = True
        part = articles[(number - 1) * size : number * size]
        if self.site.trap == "sticky_at_foot" and part:
            part[-1:] = [replace(part[-1], published_at=part[-1].published_at - ANCIENT)]
        return part, number * size >= len(articles)

    async def search(self, request: web.Request) -> web.Response:
        """The site's own search: all articles that hold the words asked for."""
        words = request.query.get("q", "").casefold()
        found = [one for one in self.site.claimed() if words in f"{one.title} {one.html_body}".casefold()]
        return _html(pages.list_page(found, self.site.name, None))

    async def article(self, request: web.Request) -> web.Response:
        """One article's page."""
        slug = request.match_info["slug"]
        status = dict(self.site.taken_down).get(slug, 200)
        found = [one for one in (*self.site.claimed(), *self.site.articles) if one.slug == slug]
        if not found or status not in (200, 301):
            return _html("<title>404</title>", status if found else 404)
        if status == 301:  # as some sites do with what they have removed
            raise web.HTTPMovedPermanently("/")
        if self.site.trap == "broken_article" and found[0].slug == self.site.newest_first()[0].slug:
            return _html("", 500)
        return _html(pages.article_page(found[0], self.site.kind, self.site.name, _base(request)))

    async def image(self, request: web.Request) -> web.Response:
        """One article's picture."""
        wanted = request.path
        found = next((one for one in self.site.claimed() if one.image_path == wanted and one.image), None)
        if found is None:
            return web.Response(status=404)
        body = b"\xff\xd8not a picture" if self.site.trap == "corrupt_image" else found.image
        return web.Response(body=body, content_type=found.image_type)

    async def login(self, _request: web.Request) -> web.Response:
        """The login form."""
        return _html(pages.login_page(self.site.name))

    async def feed(self, request: web.Request) -> web.Response:
        """The newest articles as RSS; WordPress has older parts."""
        number = _number(request, "paged")
        part, _ = self._part(number)
        if not part and number > 1:
            return _html("<title>404</title>", 404)
        if number > 1 and self.site.trap == "page_500_midway":
            return _html("", 500)
        text = pages.feed_page(part, self.site.kind, self.site.name, _base(request))
        return self._cut(web.Response(text=text, content_type="application/rss+xml"), "truncated_feed")

    async def sitemap(self, request: web.Request) -> web.Response:
        """All articles with their last change."""
        text = pages.sitemap_page(self.site.claimed(), _base(request))
        return self._cut(web.Response(text=text, content_type="application/xml"))

    async def rest(self, request: web.Request) -> web.Response:
        """WordPress' list of posts; asked by `rest_route`, also that of its types."""
        if request.query.get("rest_route", "").endswith("/types"):
            return await self.types(request)
        return self._rest_list(request, "post")

    async def rest_of_type(self, request: web.Request) -> web.Response:
        """WordPress' list of a custom type."""
        if self.site.trap == "type_closed":
            return _json({"code": "rest_forbidden", "data": {"status": 401}}, 401)
        return self._rest_list(request, "berita")

    async def types(self, _request: web.Request) -> web.Response:
        """WordPress' table of content types, with much that is no article."""
        if self.site.trap == "types_closed":
            return _json({"code": "rest_cannot_access", "data": {"status": 401}}, 401)
        bases = {"post": "posts", "page": "pages", "attachment": "media", "wp_block": "blocks"}
        if self.site.trap in ("custom_type", "type_closed"):
            bases["berita"] = "berita"
        return _json({name: {"slug": name, "rest_base": base} for name, base in bases.items()})

    def _rest_list(self, request: web.Request, name: str) -> web.Response:
        if self.site.trap == "rest_disabled":
            return _json({"code": "rest_cannot_access", "data": {"status": 401}}, 401)
        if self.site.trap == "truncated_feed":
            return _json({"code": "rest_no_route", "data": {"status": 404}}, 404)
        number, size = _number(request, "page"), self.site.page_size
        found = self._between(request, name)
        if number > 1 and self.site.trap == "page_500_midway":
            return _html("", 500)
        if number > 1 and (number - 1) * size >= len(found):
            return _json({"code": "rest_post_invalid_page_number", "data": {"status": 400}}, 400)
        posts = found[(number - 1) * size : number * size]
        answer = _json([self._rest_post(one, _base(request)) for one in posts])
        hidden = 2 if self.site.trap == "total_mismatch" else 0
        answer.headers["X-WP-Total"] = str(len(found) + hidden)
        answer.headers["X-WP-TotalPages"] = str(-(-len(found) // size))
        return self._cut(answer)

    def _rest_post(self, article: SiteArticle, base: str) -> dict[str, object]:
        true = next(one for one in self.site.newest_first() if one.slug == article.slug)
        number = 1000 + self.site.newest_first()[::-1].index(true)
        return pages.rest_post(number, article, base, true.published_at, self._zone())

    def _zone(self) -> tzinfo:
        return UTC if self.site.trap == "wrong_zone" else pages.LOCAL

    def _between(self, request: web.Request, name: str) -> list[SiteArticle]:
        """`after` and `before` compare the site's wall clock, as WordPress does."""
        after, before = request.query.get("after", "0001"), request.query.get("before", "9999")
        articles = sorted(self.site.of_type(name), key=lambda one: one.published_at, reverse=True)
        if self.site.trap == "moves_while_read":
            articles = articles[:2] + articles[3:] if self._was_read else articles
            self._was_read = True
        return [one for one in articles if after < _wall(one.published_at, self._zone()) < before]

    def _cut(self, answer: web.Response, trap: str = "cut_off") -> web.Response:
        body = answer.body
        if self.site.trap in (trap, "cut_off") and isinstance(body, bytes):
            answer.body = body[: len(body) * 2 // 3]
        return answer


def _wall(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%dT%H:%M:%S}"


def _number(request: web.Request, name: str) -> int:
    word = request.query.get(name, "1")
    return int(word) if word.isdecimal() else 1


def _base(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}"


def _html(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, content_type="text/html", status=status)


def _json(value: object, status: int = 200) -> web.Response:
    return web.Response(text=json.dumps(value), content_type="application/json", status=status)
