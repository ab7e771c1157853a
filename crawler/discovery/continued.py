"""An article's first page -> the whole article, its further pages read and joined."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from itertools import chain

from crawler.errors import SourceTrouble, Unreadable, unread_because
from crawler.language import say
from crawler.readers.content import Article, Fragment

MAX_PAGES = 10


async def with_rest(
    article: Article, read: Callable[[str], Awaitable[Article]], is_over: Callable[[], bool] = lambda: False
) -> Article:
    """`article` with the words, pictures and links of the pages it goes on; unread where one is not to be had.

    `read` asks for one page; what it raises as SourceTrouble is the article's trouble alone, unless `is_over`
    then tells that the site as a whole has stopped answering: it is raised on.
    """
    waiting, pages = list(article.rest), [article]
    seen = {article.url}
    while waiting:
        url = waiting.pop(0)
        if url in seen:
            continue
        if len(pages) > MAX_PAGES:
            return replace(_joined(pages), unread=_too_many())
        seen.add(url)
        try:
            page = await read(url)
        except SourceTrouble as trouble:
            if is_over():
                raise
            return replace(_joined(pages), unread=f"{unread_because(trouble)} ({url})")
        if not _content(page) - set().union(*map(_content, pages)):
            break  # the pager is that of the comments: the article stands whole on each of its pages
        pages.append(page)
        waiting += page.rest
    return _joined(pages)


def _too_many() -> str:
    return unread_because(Unreadable(say("terlalu banyak halaman", "too many pages") + f" (> {MAX_PAGES})"))


def _content(page: Article) -> set[str]:
    """Lines and pictures: a gallery may say the same under each."""
    return {*page.fragment.text.split("\n"), *page.fragment.images, *page.fragment.videos}


def _joined(pages: list[Article]) -> Article:
    """The first page's title and date, the content of all; a line that is on two pages is said once."""
    fragments = [page.fragment for page in pages]
    whole = Fragment(
        "\n".join(_distinct(one.text.split("\n") for one in fragments)),
        _distinct(one.images for one in fragments),
        _distinct(one.videos for one in fragments),
        _distinct(one.links for one in fragments),
        _distinct(one.embeds for one in fragments),
    )
    return replace(pages[0], fragment=whole, unread=next((page.unread for page in pages if page.unread), None))


def _distinct(parts: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(parts)))
