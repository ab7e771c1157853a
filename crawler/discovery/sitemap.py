"""A site's sitemap -> the articles changed since the wanted start; it proves up to its newest entry."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

from crawler.coverage import Listing
from crawler.discovery.site import Site
from crawler.errors import SourceTrouble
from crawler.language import say
from crawler.readers.answers import answered_at
from crawler.readers.content import canonical_url
from crawler.readers.sitemap import Entry, is_sitemap, read_sitemap

MAX_FILES = 50
MAX_ARTICLES = 400
_BATCH = 10  # articles handed on together
_USUAL = ("sitemap.xml", "sitemap_index.xml", "wp-sitemap.xml")
# Lists of things that are no articles: their pages carry no publication date.
_OTHER_KINDS = re.compile(
    r"(?:taxonom|users|category|kategori|tag|author|attachment|image|video|posts-page|page)[\w-]*\.xml",
    re.IGNORECASE,
)
_OTHER_PAGES = re.compile(r"/(?:category|kategori|tag|author|penulis|page)/", re.IGNORECASE)


async def read(site: Site) -> bool:
    """Read the first sitemap that has entries; False when there is none with dates."""
    stated = [url for url in site.rules.sitemaps if site.is_own(url)]
    for url in dict.fromkeys((*stated, *(urljoin(site.base, usual) for usual in _USUAL))):
        gathering = _Gathering(site)
        if await gathering.read_file(url):
            dated = [entry for entry in gathering.entries if entry.changed or entry.published]
            if dated:
                await _read_articles(site, gathering)
                return True
    return False


class _Gathering:
    """What the files of one sitemap tree hold; `is_whole` until something was left out."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.entries: list[Entry] = []
        self.answered_at = site.look.started_at
        self.is_whole = True
        self._files: set[str] = set()

    async def read_file(self, url: str) -> bool:
        """Read one file and, when it is an index, those it names. False when it is no sitemap."""
        answer = await self.site.try_ask("sitemap", url)
        if answer is None or not is_sitemap(answer):
            return False
        self.answered_at = min(self.answered_at, answered_at(answer))
        try:
            found = read_sitemap(answer, self.site.zone)
        except SourceTrouble as trouble:
            self._leave_out(f"{url}: {trouble.detail}")
            return True
        if not found.is_index:
            self.entries += [entry for entry in found.entries if self._is_page(entry)]
            return True
        for entry in found.entries:
            await self._read_child(entry)
        return True

    def _is_page(self, entry: Entry) -> bool:
        own = self.site.is_below(entry.url) and not _OTHER_PAGES.search(urlsplit(entry.url).path)
        return own and canonical_url(entry.url) != canonical_url(self.site.base)

    async def _read_child(self, child: Entry) -> None:
        if _OTHER_KINDS.search(urlsplit(child.url).path.rsplit("/", 1)[-1]) or child.url in self._files:
            return
        if child.changed and child.changed.end < self.site.look.since - timedelta(days=1):
            return
        self._files.add(child.url)
        if (
            len(self._files) > MAX_FILES
            or not self.site.is_own(child.url)
            or not await self.read_file(child.url)
        ):
            self._leave_out(child.url)

    def _leave_out(self, what: str) -> None:
        self.is_whole = False
        self.site.look.notes.append(say("peta situs tidak utuh", "sitemap incomplete") + f": {what}")


async def _read_articles(site: Site, gathering: _Gathering) -> None:
    """Pages not changed since the start were published before it: only the others are read."""
    since = site.look.since
    unbounded = [entry for entry in gathering.entries if not entry.changed and not entry.published]
    changed = [entry for entry in gathering.entries if (at := _newest_date(entry)) and at >= since]
    changed.sort(key=lambda entry: _newest_date(entry) or since, reverse=True)
    for start in range(0, min(len(changed), MAX_ARTICLES), _BATCH):
        await _keep(site, changed[start : start + _BATCH])
    if unbounded:
        site.look.notes.append(say("tanpa lastmod", "without lastmod") + f": {len(unbounded)}")
    is_whole = gathering.is_whole and not unbounded and len(changed) <= MAX_ARTICLES
    site.look.listing = Listing(
        order=site.look.listing.order, ended=is_whole, confirmed=site.confirmed() and is_whole,
        fresh_until=_fresh_until(gathering),
    )  # fmt: skip


async def _keep(site: Site, entries: list[Entry]) -> None:
    pages = [await site.read_page(entry.url, entry.published) for entry in entries]
    posts = [post for post in pages if post is not None]
    order = (*site.look.listing.order, *(post.published_until for post in posts))
    site.look.listing = Listing(order=tuple(sorted(order, reverse=True)))
    await site.keep(posts)


def _newest_date(entry: Entry) -> datetime | None:
    return max((one.end for one in (entry.changed, entry.published) if one), default=None)


def _fresh_until(gathering: _Gathering) -> datetime:
    """A sitemap is often a file written once a day or never again: beyond its newest date it is silent."""
    starts = (one.start for entry in gathering.entries for one in (entry.changed, entry.published) if one)
    return min(max(starts), gathering.answered_at)
