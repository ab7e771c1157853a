"""WordPress REST -> all posts and custom content since the wanted start; the site's own counts prove the end."""

from __future__ import annotations

import re

from crawler.coverage import Listing
from crawler.discovery.site import Site
from crawler.discovery.unlisted import read_unlisted, shown_articles
from crawler.errors import SourceTrouble, Unreadable
from crawler.items import Capture, Post
from crawler.language import say
from crawler.readers.answers import answered_at, trouble_of
from crawler.readers.content import Article
from crawler.readers.listing import Doubtful
from crawler.readers.wordpress import (
    PER_PAGE,
    POSTS,
    ContentType,
    WordPressPage,
    list_query,
    read_links,
    read_posts,
    read_types,
    speaks_rest,
)

MAX_PAGES = 50
MAX_TYPES = 12
_TYPES_ROUTE = "wp/v2/types"
# A page builder's, which REST leaves as it was written and the page shows as pictures and text.
_SHORTCODE = re.compile(r"\[/?[a-z]+[_-][\w-]*(?:\s[^\]]{0,300})?\]")
_FULL = 300  # letters; some themes keep the rest of a shorter text in fields that REST does not give
# Behind a rewritten address, and as a parameter where the server rewrites nothing.
_INTERFACES = (("wp-json/", "?"), ("?rest_route=/", "&"))


async def read(site: Site) -> bool:
    """Read the posts by the first interface that speaks REST; False when none does."""
    for interface in _INTERFACES:
        lists = _Lists(site, interface)
        answer = await site.try_way("wordpress", lists.url_of(POSTS, 1), speaks_rest)
        if answer is not None:
            await lists.read_all(answer)
            return True
    return False


class _Lists:
    """The lists of one site while they are read: posts first, then each custom type."""

    def __init__(self, site: Site, interface: tuple[str, str]) -> None:
        self.site = site
        self._prefix, self._mark = interface
        self._total = 0
        self._fresh_until = site.look.started_at

    def url_of(self, kind: ContentType, page: int) -> str:
        """The address of one page of one type's list."""
        look = self.site.look
        return self._address(kind.route, list_query(look.since, look.started_at, page))

    def _address(self, route: str, query: str) -> str:
        return f"{self.site.base}{self._prefix}{route}{self._mark}{query}".rstrip("?&")

    async def read_all(self, first: Capture) -> None:
        """Read posts and custom types. Raises SourceTrouble where the list of posts breaks off."""
        self._fresh_until = min(self._fresh_until, answered_at(first))
        await self._read_type(POSTS, first)
        await self._read_other_types()
        await read_unlisted(self.site, await self._unexplained())
        self.site.look.listing = Listing(
            order=self.site.look.listing.order, ended=True, total=self._total,
            fresh_until=self._fresh_until, confirmed=self.site.confirmed(),
        )  # fmt: skip

    async def _read_other_types(self) -> None:
        """A type that cannot be read is no reason to drop the posts, and every reason to claim nothing."""
        try:
            answer = await self._ask(self._address(_TYPES_ROUTE, ""))
            kinds = read_types(answer)
        except SourceTrouble as trouble:
            self.site.doubt(say("jenis konten tidak terbaca", "content types cannot be read") + f": {trouble.detail}")
            return
        if len(kinds) > MAX_TYPES:
            self.site.doubt(say("jenis konten terlalu banyak", "too many content types") + f": {len(kinds)}")
        for kind in kinds[:MAX_TYPES]:
            await self._try_type(kind)

    async def _try_type(self, kind: ContentType) -> None:
        try:
            await self._read_type(kind, await self._ask(self.url_of(kind, 1)))
        except SourceTrouble as trouble:
            words = say("jenis konten tidak terbaca", "content type cannot be read")
            self.site.doubt(f"{words}: {kind.name} ({trouble.detail})")

    async def _read_type(self, kind: ContentType, first: Capture) -> None:
        answer, page = first, read_posts(first, self.site.zone)
        total, pages = page.total, page.pages or 1
        seen: set[str] = set()
        steady = True
        for number in range(1, min(pages, MAX_PAGES) + 1):
            if number > 1:
                answer = await self._ask(self.url_of(kind, number))
                page = read_posts(answer, self.site.zone)
            steady &= page.total == total
            seen |= {article.url for article in page.articles}
            await self._keep(page, answer)
        self._total += total or 0
        if not steady or len(seen) != total:  # missing, wrong or moving: posts may have slipped through
            words = say("jumlah artikel tidak cocok dengan X-WP-Total", "articles do not add up to X-WP-Total")
            self.site.doubt(f"{words}: {kind.name} ({len(seen)}/{total})")

    async def _ask(self, url: str) -> Capture:
        answer = await self.site.ask("wordpress", url)
        trouble = trouble_of(answer)
        if trouble:
            raise trouble
        if not speaks_rest(answer):
            raise Unreadable("WordPress REST: no JSON in the middle of the list")
        self._fresh_until = min(self._fresh_until, answered_at(answer))
        return answer

    async def _keep(self, page: WordPressPage, answer: Capture) -> None:
        posts = [await _post(self.site, article, answer) for article in self.site.own(page.articles)]
        known = [post for post in posts if post is not None]
        self.site.look.listing = Listing(
            order=self.site.look.listing.order + tuple(post.published_until for post in known)
        )
        await self.site.keep(known)

    async def _unexplained(self) -> list[Doubtful]:
        """What the front page shows and REST did not: content that the interface hides would be there.

        Most of it is merely older than what was asked for: one short list of the newest tells.
        """
        shown = shown_articles(self.site)
        if not shown:
            return []
        newest = self._address(POSTS.route, f"per_page={PER_PAGE}&_fields=link")
        answer = await self.site.try_ask("wordpress", newest)
        links = read_links(answer) if answer is not None and speaks_rest(answer) else frozenset()
        known = {self.site.canonical(url) for url in links}
        return [one for one in shown if self.site.canonical(one.url) not in known]


async def _post(site: Site, article: Article, answer: Capture) -> Post | None:
    """The post itself; where the interface gives little of it, with what its page shows beside it."""
    content = article.fragment
    is_old = article.published is None or article.published.end < site.look.since
    has_parts = content.videos or content.links or content.images
    is_full = (len(content.text) >= _FULL or has_parts) and not _SHORTCODE.search(content.text)
    if is_old or is_full or article.unread:
        return site.post_of(article, answer)
    return await site.read_with_page(article, answer)
