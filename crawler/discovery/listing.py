"""A site's own lists of articles, page by page -> its articles, until a page lies before the wanted start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.coverage import MAX_PINNED, Listing
from crawler.discovery.proof import (
    MAX_STUCK,
    doubt_moved,
    doubt_stale_parts,
    proves_all,
    reads_far_enough,
    without_foot,
)
from crawler.discovery.site import Site
from crawler.discovery.unlisted import MAX_LISTS, SURELY_OLD, known_shapes, open_links, read_unlisted
from crawler.items import Capture, Post
from crawler.language import say
from crawler.readers.answers import answered_at, is_whole_page, rendered_at, trouble_of
from crawler.readers.content import parse_page
from crawler.readers.listing import Listed, Reading, listed_articles
from crawler.readers.paging import index_urls, next_page
from crawler.readers.site_links import shape_of

MAX_PAGES = 30


@dataclass(frozen=True)
class _Part:
    """One page of a list as it was answered."""

    answer: Capture
    root: Any
    entries: tuple[Listed, ...]


async def read(site: Site) -> bool:
    """Read every list the menu names, else the front page as one; False when none lists articles."""
    lists = await _named_lists(site)
    if not any(part.entries for part in lists):
        front = _part(site, site.home)
        lists = [front, *lists] if front.entries else []
    if not lists:
        return False
    walks = [_Walk(site) for _ in lists]
    for walk, first in zip(walks, lists, strict=True):
        await walk.read_from(first)
    await _read_open_links(site, [part for walk in walks for part in walk.parts])
    for walk in walks:
        await walk.ask_again()
    _conclude(site, walks)
    return True


async def _named_lists(site: Site) -> list[_Part]:
    """The first pages of the lists that the menu names; one of them may well be empty."""
    if not is_whole_page(site.home):
        site.doubt(say("halaman depan terpotong", "front page cut off"))
    named = [url for url in index_urls(site.root(), site.home.final_url) if site.is_below(url)]
    if len(named) > MAX_LISTS:
        site.doubt(say("terlalu banyak daftar berita", "too many lists of news") + f": {len(named)}")
    found = []
    for url in named[:MAX_LISTS]:
        answer = await site.try_ask("listing", url)
        if answer is None or trouble_of(answer):
            site.doubt(say("daftar berita tidak terbaca", "a list of news cannot be read") + f": {url}")
        else:
            found.append(_part(site, answer))
    return found


def _part(site: Site, answer: Capture) -> _Part:
    root = site.root() if answer is site.home else parse_page(answer)
    reading = Reading(answer.final_url, rendered_at(answer), site.zone)
    entries = tuple(one for one in listed_articles(root, reading) if site.is_below(one.url))
    return _Part(answer, root, entries)


class _Walk:
    """One list while it is read from its newest page to older ones."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.parts: list[_Part] = []
        self.order: tuple[datetime, ...] = ()
        self.has_more = False

    async def read_from(self, first: _Part) -> None:
        """Read page after page. Raises SourceTrouble where the list breaks off."""
        part, seen = first, set[str]()
        while True:
            self.parts.append(part)
            if not is_whole_page(part.answer):
                self.site.doubt(say("halaman daftar terpotong", "list page cut off"))
            fresh = [one for one in part.entries if one.url not in seen]
            seen |= {one.url for one in fresh}
            page = await self._keep(fresh)
            older = self._older(part)
            self.has_more = older is not None
            done = not fresh or reads_far_enough(self.order, page, self.site.look.since)
            if done or older is None or len(self.parts) >= MAX_PAGES:
                return
            part = _part(self.site, await _ask_list(self.site, older))

    def _older(self, part: _Part) -> str | None:
        older = next_page(part.root, part.answer.final_url)
        is_new = older not in _addresses_of(self.parts)
        return older if older and is_new and self.site.is_own(older) else None

    async def _keep(self, entries: list[Listed]) -> tuple[datetime, ...]:
        """The instants of a page's entries, as listed; recent ones are read and handed on."""
        page: list[datetime] = []
        posts: list[Post] = []
        self.site.offered = [entry.url for entry in entries]
        for entry in entries:
            if entry.published and entry.published.end < self.site.look.since - SURELY_OLD:
                self.site.meet(entry.url, entry.published.end)
                page.append(entry.published.end)
            elif at := self.site.time_of(entry.url):
                page.append(at)  # met in another list of the site
            elif post := await self._post(entry):
                page.append(post.published_until)
                posts.append(post)
        self.order += tuple(page)
        self.site.look.listing = Listing(order=self.site.look.listing.order + tuple(page))
        await self.site.keep(posts)
        return tuple(page)

    async def _post(self, entry: Listed) -> Post | None:
        post = await self.site.read_page(entry.url, entry.published)
        if post is None and entry.url not in self.site.undated:
            self.site.undated.append(entry.url)  # in the midst of articles, and nothing tells its day
        return post

    async def ask_again(self) -> None:
        """Ask again for all pages but the last, where the look could still claim anything."""
        doubt_stale_parts(self.site, [part.answer for part in self.parts], self.order)
        for part in self.parts[:-1]:
            if not self.site.confirmed():
                return
            again = _part(self.site, await _ask_list(self.site, part.answer.url))
            urls = [one.url for one in part.entries]
            doubt_moved(self.site, part.answer.url, urls, [one.url for one in again.entries])

    def shows_all(self, since: datetime, asked_at: datetime) -> bool:
        """Whether the list proves the time since `since`, or is so short that it shows all it has."""
        short = len(self.order) <= MAX_PINNED + MAX_STUCK and not self.has_more
        return proves_all(self.order, since, asked_at) or (short and all(at < since for at in self.order[-1:]))


async def _ask_list(site: Site, url: str) -> Capture:
    answer = await site.ask("listing", url)
    trouble = trouble_of(answer)
    if trouble:
        raise trouble
    return answer


async def _read_open_links(site: Site, parts: list[_Part]) -> None:
    """Whatever else the list pages link, and what the front page shows beside them."""
    shapes = {shape_of(url) for url in site.known}
    links = [one for part in parts for one in open_links(site, part.answer, shapes)]
    if all(part.answer is not site.home for part in parts):
        links += [one for one in open_links(site, site.home, known_shapes(site)) if one.is_likely]
    own = _addresses_of(parts)
    await read_unlisted(site, [one for one in links if one.url not in own])


def _addresses_of(parts: list[_Part]) -> set[str]:
    """The addresses of list pages, as asked for and as answered."""
    return {url for part in parts for url in (part.answer.url, part.answer.final_url)}


def _conclude(site: Site, walks: list[_Walk]) -> None:
    """The longest list gives the span; a shorter one beside it must at least not leave any time open."""
    main = max(walks, key=lambda walk: len(walk.order))
    asked_at = site.look.started_at
    for walk in walks:
        if walk is not main and not walk.shows_all(site.look.since, asked_at):
            words = say("daftar lain tidak terbaca sampai awal", "another list was not read to the start")
            site.doubt(f"{words}: {walk.parts[0].answer.url}")
    fresh_until = min(answered_at(walk.parts[0].answer) for walk in walks)
    site.look.listing = Listing(order=without_foot(main.order), fresh_until=fresh_until, confirmed=site.confirmed())
