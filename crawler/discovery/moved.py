"""An article's address, and where it led -> whether that is the article, moved, or a page in a deleted one's place.

Sites send the readers of a deleted article on to its category, the list of news or the front page. What stands there is
not the article: its words are those of others, and its day is none.
"""

from __future__ import annotations

import re
from datetime import tzinfo
from typing import Any, Protocol
from urllib.parse import SplitResult, urlsplit

from crawler.errors import Gone, Unreadable
from crawler.items import Capture
from crawler.language import say
from crawler.readers.answers import rendered_at
from crawler.readers.article import is_article
from crawler.readers.content import parse_page
from crawler.readers.headline import slug_words, words_of
from crawler.readers.listing import Reading, is_list
from crawler.readers.paging import index_urls

_LIST = re.compile(
    r"/(?:tags?|kategori|category|topik|topic|author|penulis|page|search|arsip|archives?)(?:/[^/]+)?/?$", re.I
)
# What an address may lose on the way and be the same article's.
_LOST = re.compile(r"(?:amp|amp\.html|feed|\d{1,2}|index\.(?:php|html?))", re.I)


class AskedSite(Protocol):
    """The part of `crawler.discovery.site.Site` that is needed here."""

    home: Capture
    zone: tzinfo

    def root(self) -> Any:
        """The front page's element tree."""

    def canonical(self, url: str) -> str:
        """One name for one page."""


def led_to_list(site: AskedSite, url: str, answer: Capture) -> Gone | None:
    """Gone where an article's address led to a list of the site: it shows the article no longer. Else None."""
    asked, led = _way(site, url, answer)
    if _is_same(asked, led) or not _is_list(site, asked, led, answer):
        return None
    return Gone(say("dialihkan ke daftar", "redirected to a list") + f": {led.geturl()}")


def led_to_another(site: AskedSite, url: str, answer: Capture, title: str) -> Unreadable | None:
    """Unreadable where an article's address led to a page that has none of its words in address or title. Else None."""
    asked, led = _way(site, url, answer)
    words = slug_words(url)
    if _is_same(asked, led) or len(words) < 2 or words & {*slug_words(answer.final_url), *words_of(title)}:
        return None
    return Unreadable(say("dialihkan ke halaman lain", "redirected to another page") + f": {led.geturl()}")


def _way(site: AskedSite, url: str, answer: Capture) -> tuple[SplitResult, SplitResult]:
    asked, led = (site.canonical(one).rstrip("/") for one in (url, answer.final_url))
    return urlsplit(asked), urlsplit(led)


def _is_same(asked: SplitResult, led: SplitResult) -> bool:
    return (asked.netloc, asked.path, asked.query) == (led.netloc, led.path, led.query)


def _is_list(site: AskedSite, asked: SplitResult, led: SplitResult, answer: Capture) -> bool:
    if _is_above(led, asked) or led.geturl() in _named_lists(site):
        return True
    if is_article(answer):
        return False
    reading = Reading(answer.final_url, rendered_at(answer), site.zone)
    return bool(_LIST.search(led.path)) or is_list(parse_page(answer), reading)


def _is_above(led: SplitResult, asked: SplitResult) -> bool:
    """Whether an address is that of a folder around the article, or of its script without the article's number."""
    if led.path == asked.path:
        return bool(asked.query) and not led.query and len(slug_words(asked.geturl())) < 2
    lost = asked.path.removeprefix(f"{led.path}/")
    return lost != asked.path and not led.query and not _LOST.fullmatch(lost)


def _named_lists(site: AskedSite) -> set[str]:
    return {site.canonical(one).rstrip("/") for one in index_urls(site.root(), site.home.final_url)}
