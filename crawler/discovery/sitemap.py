"""A site's sitemap -> the articles changed since the wanted start; it proves up to its newest entry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from urllib.parse import urljoin, urlsplit

from crawler.coverage import Listing
from crawler.discovery.site import Site
from crawler.discovery.unlisted import read_unlisted, shown_articles, shown_on_lists
from crawler.errors import SourceTrouble
from crawler.language import say
from crawler.readers.answers import answered_at, rendered_at
from crawler.readers.content import canonical_url
from crawler.readers.listing import LISTED, Reading, listed_articles
from crawler.readers.site_links import address_score, is_specific, shape_of
from crawler.readers.sitemap import Entry, is_sitemap, read_sitemap

MAX_FILES = 50
MAX_ARTICLES = 400
_BATCH = 10  # articles handed on together
_ARTICLE = 4  # points of an address: of two signs or a strong one, as a standing page hardly has
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_USUAL = ("sitemap.xml", "sitemap_index.xml", "wp-sitemap.xml")
# A scheduled article's lastmod is when it was written, days before it came out.
_WRITTEN_AHEAD = timedelta(days=7)
# Lists of things that are no articles, as WordPress and its usual plugins name them, and nothing else:
# `sitemap-page2.xml` may well be the second part of the articles.
_OTHER_KINDS = re.compile(
    r"wp-sitemap-(?:taxonomies-[\w-]+|users|posts-page)-\d+\.xml"
    r"|(?:category|kategori|post_tag|tag|author|page|attachment)-sitemap\d*\.xml",
    re.IGNORECASE,
)
_OTHER_PAGES = re.compile(r"/(?:category|kategori)/[^/]+/?$|/(?:tag|author|penulis)/|/page/\d+/?$", re.IGNORECASE)


async def read(site: Site) -> bool:
    """Read all sitemaps that robots.txt states, else the first usual one; False when none has dates."""
    files = count(1)
    stated = [url for url in dict.fromkeys(site.rules.sitemaps) if site.is_own(url)]
    if stated and await _read_tree(site, stated, files):
        return True
    for url in (urljoin(site.base, usual) for usual in _USUAL):
        if url not in stated and await _read_tree(site, [url], files):
            return True
    return False


async def _read_tree(site: Site, urls: list[str], files: Iterator[int]) -> bool:
    gathering = _Gathering(site, files)
    found = [await gathering.read_file(url) for url in urls]
    if not any(_newest_date(entry) for entry in gathering.entries):
        return False
    for url, is_read in zip(urls, found, strict=True):
        if not is_read:
            gathering.leave_out(url)
    await _read_articles(site, gathering)
    return True


class _Gathering:
    """What the files of one sitemap tree hold; whatever is left out is doubted.

    `files` numbers the files that indexes name, over all trees of the look: two endless ones are no excuse.
    """

    def __init__(self, site: Site, files: Iterator[int]) -> None:
        self.site, self._numbers = site, files
        self.entries: list[Entry] = []
        self.answered_at = site.look.started_at
        self._files: set[str] = set()

    async def read_file(self, url: str) -> bool:
        """Read one file and, when it is an index, those it names. False when it is no sitemap."""
        answer = await self.site.try_way("sitemap", url, is_sitemap)
        if answer is None:
            return False
        self.answered_at = min(self.answered_at, answered_at(answer))
        try:
            found = read_sitemap(answer, self.site.zone)
        except SourceTrouble as trouble:
            self.leave_out(f"{url}: {trouble.detail}")
            return True
        if not found.is_index:
            self.entries += [entry for entry in found.entries if self._is_page(entry)]
            return True
        for entry in found.entries:
            await self._read_child(entry)
        return True

    def _is_page(self, entry: Entry) -> bool:
        if not self.site.is_own(entry.url):
            self.leave_out(urlsplit(entry.url).netloc)  # another name of the site, or another site
        own = self.site.is_below(entry.url) and not _OTHER_PAGES.search(urlsplit(entry.url).path)
        return own and canonical_url(entry.url) != canonical_url(self.site.base)

    async def _read_child(self, child: Entry) -> None:
        if _OTHER_KINDS.fullmatch(urlsplit(child.url).path.rsplit("/", 1)[-1]) or child.url in self._files:
            return
        if child.changed and child.changed.end < self.site.look.since - _WRITTEN_AHEAD:
            return
        self._files.add(child.url)
        if next(self._numbers) > MAX_FILES or not self.site.is_own(child.url) or not await self.read_file(child.url):
            self.leave_out(child.url)

    def leave_out(self, what: str) -> None:
        """Doubt the whole for one part of it."""
        self.site.doubt(say("peta situs tidak utuh", "sitemap incomplete") + f": {what}")


async def _read_articles(site: Site, gathering: _Gathering) -> None:
    """Pages not changed since the start were published before it: only the others are read."""
    changed = _changed_since(gathering.entries, site.look.since - _WRITTEN_AHEAD)
    for entry in gathering.entries:
        site.meet(entry.url)
    starts = range(0, min(len(changed), MAX_ARTICLES), _BATCH)
    _tell_undated(site, [url for start in starts for url in await _keep(site, changed[start : start + _BATCH])])
    unbounded = sum(_newest_date(entry) is None for entry in gathering.entries)
    if unbounded:
        site.doubt(say("tanpa lastmod", "without lastmod") + f": {unbounded}")
    if len(changed) > MAX_ARTICLES:
        site.doubt(say("terlalu banyak artikel", "too many articles") + f": {len(changed)}")
    await read_unlisted(site, [*shown_articles(site), *await shown_on_lists(site)])
    site.look.listing = Listing(
        order=site.look.listing.order, ended=True, confirmed=site.confirmed(),
        fresh_until=_fresh_until(site, gathering),
    )  # fmt: skip


def _changed_since(entries: list[Entry], since: datetime) -> list[Entry]:
    """The entries that changed or came out since then, the newest first."""
    dated = [(at, entry) for entry in entries if (at := _newest_date(entry)) and at >= since]
    return [entry for _, entry in sorted(dated, key=lambda one: one[0], reverse=True)]


async def _keep(site: Site, entries: list[Entry]) -> list[str]:
    """Read some pages and hand them on; returns the addresses of those of which nothing tells the day."""
    pages = [await site.read_page(entry.url, entry.published) for entry in entries]
    posts = [post for post in pages if post is not None]
    order = (*site.look.listing.order, *(post.published_until for post in posts))
    site.look.listing = Listing(order=tuple(sorted(order, reverse=True)))
    await site.keep(posts)
    return [entry.url for entry, post in zip(entries, pages, strict=True) if post is None]


def _tell_undated(site: Site, urls: list[str]) -> None:
    """Pages without a date are articles where their addresses are built so; others are the site's standing pages."""
    shapes = set(filter(is_specific, (shape_of(post.url) for post in site.posts.values())))
    alike = (url for url in urls if shape_of(url) in shapes or address_score(url) >= _ARTICLE)
    site.undated += [url for url in alike if url not in site.undated]


def _newest_date(entry: Entry) -> datetime | None:
    return max((one.end for one in (entry.changed, entry.published) if one), default=None)


def _fresh_until(site: Site, gathering: _Gathering) -> datetime:
    """Until when the sitemap speaks. It is often a file written once a day or never again: beyond its newest date it
    is silent, unless the front page, asked just now, tells of nothing newer."""
    if _is_witnessed(site, gathering):
        return min(gathering.answered_at, answered_at(site.home))  # a witness out of a cache is of that time
    starts = (one.start for entry in gathering.entries for one in (entry.changed, entry.published) if one)
    return min(max(starts), gathering.answered_at)


def _is_witnessed(site: Site, gathering: _Gathering) -> bool:
    """Whether the front page lists articles of which the sitemap names every one, its own newest as the first.

    A handful of chosen articles would be no witness: they stay where they are while news goes by.
    """
    reading = Reading(site.home.final_url, rendered_at(site.home), site.zone)
    shown = [site.canonical(one.url) for one in listed_articles(site.root(), reading)]
    named = {site.canonical(one.url) for one in gathering.entries}
    newest = max(gathering.entries, key=lambda one: _newest_date(one) or _LONG_AGO)
    return len(shown) >= LISTED and named.issuperset(shown) and shown[0] == site.canonical(newest.url)
