"""A site's own list of news, page by page -> its articles, until a page lies before the wanted start."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from crawler.coverage import Listing, reaches_back
from crawler.discovery.site import Site
from crawler.items import Capture, Post
from crawler.language import say
from crawler.readers.answers import answered_at, is_whole_page, trouble_of
from crawler.readers.content import parse_page
from crawler.readers.listing import Listed, Reading, index_url, listed_articles, next_page

MAX_PAGES = 30
# A list's own date may be a day off (time zones, "2 hari lalu"): older than this it is believed.
_SURELY_OLD = timedelta(days=2)


async def read(site: Site) -> bool:
    """Read the list the menu names, else the front page as one; False when neither lists articles."""
    named = index_url(site.root(), site.home.final_url)
    answer = await site.try_ask("listing", named) if named and site.is_below(named) else None
    if answer is None or trouble_of(answer) or not _entries(site, answer, parse_page(answer)):
        answer = site.home
    root = parse_page(answer)
    if not _entries(site, answer, root):
        return False
    await _read_all(site, answer, root)
    return True


def _entries(site: Site, answer: Capture, root: Any) -> list[Listed]:
    reading = Reading(answer.final_url, answer.fetched_at, site.zone)
    return [one for one in listed_articles(root, reading) if site.is_below(one.url)]


async def _read_all(site: Site, first: Capture, root: Any) -> None:
    answer, seen, visited = first, set[str](), {first.final_url}
    is_whole = True
    for _ in range(MAX_PAGES):
        fresh = [one for one in _entries(site, answer, root) if one.url not in seen]
        seen |= {one.url for one in fresh}
        page = await _keep(site, fresh)
        is_whole &= is_whole_page(answer)
        older = next_page(root, answer.final_url)
        done = not fresh or reaches_back(site.look.listing.order, page, site.look.since)
        if done or older is None or older in visited or not site.is_own(older):
            break
        visited.add(older)
        answer = await site.ask("listing", older)
        trouble = trouble_of(answer)
        if trouble:
            raise trouble
        root = parse_page(answer)
    if not is_whole:
        site.look.notes.append(say("halaman daftar terpotong", "list page cut off"))
    site.look.listing = Listing(
        order=site.look.listing.order, fresh_until=answered_at(first), confirmed=site.confirmed() and is_whole
    )


async def _keep(site: Site, entries: list[Listed]) -> tuple[datetime, ...]:
    """The instants of a page's entries, as listed; recent ones are read and handed on."""
    page: list[datetime] = []
    posts: list[Post] = []
    for entry in entries:
        if entry.published and entry.published.end < site.look.since - _SURELY_OLD:
            page.append(entry.published.end)
            continue
        post = await site.read_page(entry.url, entry.published)
        if post is not None:
            page.append(post.published_until)
            posts.append(post)
    site.look.listing = Listing(order=site.look.listing.order + tuple(page))
    await site.keep(posts)
    return tuple(page)
