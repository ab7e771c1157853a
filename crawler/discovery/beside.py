"""Pictures that stand outside of an article's body -> its own, the site's, or open, as other pages of the site tell.

What the front page links to this article is its own. What the front page and other articles show to all is the site's:
a banner of the campaign is no article's proof. What nothing tells stays open, and absence is not claimed beside it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

from crawler.discovery.page_pictures import ShownPage, page_of
from crawler.errors import SourceTrouble
from crawler.items import Capture
from crawler.readers.answers import rendered_at, trouble_of
from crawler.readers.article import read_article
from crawler.readers.content import Article, Beside, parse_page
from crawler.readers.listing import Reading, listed_articles
from crawler.readers.pictures import place_of
from crawler.readers.site_links import links_on

WITNESSES = 2  # further articles, asked only where the front page tells nothing
_APART = timedelta(days=7)
# Pages of every agency's site that are no articles: who it is and where.
_STANDING = re.compile(
    r"/(?:profil|tentang|kontak|hubungi|visi|struktur|sejarah|tupoksi|about|contact)[\w.-]*/?$", re.I
)  # fmt: skip

Fate = Literal["own", "another's", "open"]


class AskedSite(Protocol):
    """The part of `crawler.discovery.site.Site` that is needed here."""

    home: Capture
    zone: tzinfo
    known: dict[str, datetime | None]
    offered: list[str]

    def root(self) -> Any:
        """The front page's element tree."""

    def canonical(self, url: str) -> str:
        """One name for one page."""

    def is_below(self, url: str) -> bool:
        """Whether an address belongs to the account."""

    async def try_ask(self, kind: str, url: str) -> Capture | None:
        """One question; None where it is refused."""


class Owners:
    """Tells whose the open pictures are, within one look. Mutable."""

    def __init__(self, site: AskedSite) -> None:
        self._site = site
        self._front: ShownPage | None = None
        self._others: list[ShownPage] | None = None
        self._standing: list[ShownPage] | None = None
        self._early: dict[str, Capture] = {}
        self._read: set[str] = set()

    def asked_before(self, url: str) -> Capture | None:
        """The answer of an article that was asked as a witness; given once, and noted as read."""
        url = self._site.canonical(url)
        self._read.add(url)
        return self._early.pop(url, None)

    async def settled(self, article: Article) -> Article:
        """The article with the pictures that are its own; still unread where some stay open."""
        beside, name = article.beside, self._site.canonical(article.url)
        if not beside:
            return article
        fates = await self._fates(article, name)
        rest = _open_of(beside, fates, await self._still_unsure(beside.unsure, name))
        rest = replace(rest, posts=await self._open_posts(article, name))
        own = [url for url, fate in fates.items() if fate == "own"]
        kept = (url for url in article.fragment.images if url not in beside.stated)
        unread = _told(rest) if article.unread == _told(beside) else article.unread
        images = tuple(dict.fromkeys((*own, *kept)))
        return replace(article, fragment=replace(article.fragment, images=images), unread=unread, beside=rest)

    async def _still_unsure(self, unsure: Sequence[str], name: str) -> tuple[str, ...]:
        """Those that the front page does not show as nobody's, or no other article has: a slider of the newest articles
        shows a picture that its own page hides in a tab."""
        shown = [url for url in unsure if self._front_page().shows_all(name, url)]
        pages = await self._with_standing(await self._witnesses(name)) if shown else []
        return tuple(url for url in unsure if url not in shown or not _is_site_s(url, pages))

    async def _open_posts(self, article: Article, name: str) -> tuple[str, ...]:
        """The embeds outside of the body that do not stand on all pages, nor on two articles of a week before."""
        others = await self._witnesses(name) if article.beside.posts else []
        pages = await self._with_standing(others) if article.beside.posts else []
        are_older = _are_older(article, others)
        everywhere = [page.posts for page in (others if are_older else pages)]
        is_enough = are_older or len(pages) > WITNESSES
        return tuple(url for url in article.beside.posts if not (is_enough and all(url in one for one in everywhere)))

    async def _fates(self, article: Article, name: str) -> dict[str, Fate]:
        """Whose each picture of open ownership is."""
        beside = article.beside
        urls = dict.fromkeys((*beside.stated, *beside.shown, *beside.far, *(one.url for one in beside.linked)))
        fates = self._given(article, name, urls)
        left = [url for url in urls if url not in fates]
        if not left:
            return fates
        others, front = await self._witnesses(name), self._front_page()
        is_on_front = any(place_of(url) in front.places for url in left)
        shown = await self._with_standing(others) if is_on_front else [front, *others]
        return fates | {url: _fate_of(url, name, article, (shown, others)) for url in left}

    def _given(self, article: Article, name: str, urls: Iterable[str]) -> dict[str, Fate]:
        """Of the pictures those that the front page gives to this article, or to the one to which they lead."""
        front, fates = self._front_page(), dict[str, Fate]()
        pages = {one.url: self._site.canonical(one.page) for one in article.beside.linked if one.page}
        for url in urls:
            if front.gives_to(name, url, article.title):
                fates[url] = "own"
            elif url in pages and front.gives_to(pages[url], url):
                fates[url] = "another's"
        return fates

    def _front_page(self) -> ShownPage:
        if self._front is None:
            self._front = page_of(self._site.root(), self._site.home.final_url, self._site.canonical)
        return self._front

    async def _witnesses(self, name: str) -> list[ShownPage]:
        """The last of the articles that front page and lists name and this look did not read, asked for once."""
        if self._others is None:
            reading = Reading(self._site.home.final_url, rendered_at(self._site.home), self._site.zone)
            listed = [self._site.canonical(one.url) for one in listed_articles(self._site.root(), reading)]
            listed += [*self._site.known, *map(self._site.canonical, self._site.offered)]
            further = [url for url in dict.fromkeys(listed) if self._may_witness(url, name)]
            pages = [await self._witness(url) for url in further[-WITNESSES:]]
            self._others = [page for page in pages if page is not None]
        return [page for page in self._others if page.address != name]

    async def _with_standing(self, others: Sequence[ShownPage]) -> list[ShownPage]:
        """Front page and articles; a site of one or two articles is asked for a page of its menu that is none."""
        if len(others) < WITNESSES and self._standing is None:
            self._standing = [page for url in self._standing_urls() if (page := await self._standing_page(url))]
        return [self._front_page(), *others, *(self._standing or [])[: WITNESSES - len(others)]]

    def _standing_urls(self) -> list[str]:
        links = links_on(self._site.root(), self._site.home.final_url)
        urls = (self._site.canonical(one.url) for one in links if _STANDING.search(urlsplit(one.url).path))
        return [url for url in dict.fromkeys(urls) if self._site.is_below(url)][:WITNESSES]

    async def _standing_page(self, url: str) -> ShownPage | None:
        answer = await self._site.try_ask("listing", url)
        try:
            return None if answer is None or trouble_of(answer) else self._page_of(answer)
        except SourceTrouble:
            return None

    def _page_of(self, answer: Capture) -> ShownPage:
        return page_of(parse_page(answer), answer.final_url, self._site.canonical)

    def _may_witness(self, url: str, name: str) -> bool:
        return url != name and url not in self._read and self._site.is_below(url)

    async def _witness(self, url: str) -> ShownPage | None:
        answer = await self._site.try_ask("article", url)
        if answer is None:
            return None
        self._early[url] = answer
        try:
            published = read_article(answer, self._site.zone).published
            page = self._page_of(answer)
        except SourceTrouble:
            return None
        return replace(page, address=url, published=published.end if published else None)


def _open_of(beside: Beside, fates: Mapping[str, Fate], unsure: tuple[str, ...]) -> Beside:
    """What stays open, and what is the article's of those named for sharing."""
    left = {url for url, fate in fates.items() if fate == "open"}
    stated = tuple(url for url in beside.stated if fates[url] == "own")
    shown, far = _among(left, (*beside.shown, *beside.stated)), _among(left, beside.far)
    return Beside(stated, shown, unsure, tuple(one for one in beside.linked if one.url in left), far)


def _among(left: Collection[str], urls: Iterable[str]) -> tuple[str, ...]:
    return tuple(url for url in urls if url in left)


def _fate_of(
    url: str, name: str, article: Article, seen: tuple[Sequence[ShownPage], Sequence[ShownPage]]
) -> Fate:
    """Whose a picture is that the front page gives to no article. `seen`: all pages compared, the front page first; and
    the other articles among them."""
    pages, others = seen
    if _is_site_s(url, pages) or _is_on_older(url, name, article, others):
        return "another's"
    if url in article.beside.stated:  # the page names it, too
        return "open" if any(page.shows_all(name, url) for page in others or pages[:1]) else "own"
    is_own = url in article.beside.shown and _is_shown_nowhere(url, (pages[0], *others))
    return "own" if is_own else "open"


def _is_shown_nowhere(url: str, pages: Collection[ShownPage]) -> bool:
    """Whether the front page and at least one other article are without it."""
    return len(pages) > 1 and not any(page.may_show(url) for page in pages)


def _is_site_s(url: str, pages: Collection[ShownPage]) -> bool:
    """Whether front page, other articles and, where there are few of them, standing pages have the same file, and not
    in the card of one article. Two articles may share a poster that a slider shows without a link; not all pages do."""
    return len(pages) > WITNESSES and all(place_of(url) in page.places for page in pages)


def _is_on_older(url: str, name: str, article: Article, others: Collection[ShownPage]) -> bool:
    """Whether a file stands on all other articles, all of a week before: those of the same days may share a poster."""
    return _are_older(article, others) and all(page.shows_all(name, url) for page in others)


def _are_older(article: Article, others: Collection[ShownPage]) -> bool:
    if article.published is None or len(others) < WITNESSES:
        return False
    latest = article.published.start - _APART
    return all(page.published and page.published <= latest for page in others)


def _told(beside: Beside) -> str | None:
    return f"unreadable: {beside.doubt}" if beside.doubt else None
