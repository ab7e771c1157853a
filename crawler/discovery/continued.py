"""An article's first page -> the whole article, its further pages read and joined."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from itertools import chain

from crawler.errors import SourceTrouble
from crawler.language import say
from crawler.readers.content import Article, Fragment

MAX_PAGES = 10


async def with_rest(article: Article, read: Callable[[str], Awaitable[Article]]) -> Article:
    """`article` with the words, pictures and links of the pages it goes on; unread where one is not to be had.

    `read` asks for one page; what it raises as SourceTrouble is taken as the article's trouble, not the site's.
    """
    waiting, pages = list(article.rest), [article]
    seen = {article.url}
    while waiting:
        url = waiting.pop(0)
        if url in seen:
            continue
        if len(pages) > MAX_PAGES:
            return replace(_joined(pages), unread=f"unreadable: {say('terlalu banyak halaman', 'too many pages')}")
        seen.add(url)
        try:
            page = await read(url)
        except SourceTrouble as trouble:
            return replace(_joined(pages), unread=f"unreadable: {url}: {trouble.detail}")
        if not _lines(page) - set().union(*map(_lines, pages)):
            break  # the pager is that of the comments: the article stands whole on each of its pages
        pages.append(page)
        waiting += page.rest
    return _joined(pages)


def _lines(page: Article) -> set[str]:
    return set(page.fragment.text.split("\n"))


def _joined(pages: list[Article]) -> Article:
    """The first page's title and date, the content of all; a line that is on two pages is said once."""
    fragments = [page.fragment for page in pages]
    whole = Fragment(
        "\n".join(_distinct(one.text.split("\n") for one in fragments)),
        _distinct(one.images for one in fragments),
        _distinct(one.videos for one in fragments),
        _distinct(one.links for one in fragments),
    )
    return replace(pages[0], fragment=whole, unread=next((page.unread for page in pages if page.unread), None))


def _distinct(parts: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(parts)))
