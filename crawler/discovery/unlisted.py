"""Links that a site shows and its list does not name -> read; whatever stays open forbids any claim.

A list that proves completeness by its own word may still leave out a kind of content. What the site
itself puts before its readers is the witness.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta

from crawler.coverage import MAX_PINNED
from crawler.discovery.site import Site
from crawler.errors import Gone, SourceTrouble
from crawler.items import Capture, Post
from crawler.language import say
from crawler.readers.answers import is_whole_page, rendered_at
from crawler.readers.content import parse_page
from crawler.readers.listing import Doubtful, Reading, doubtful_links, listed_articles
from crawler.readers.paging import index_urls
from crawler.readers.site_links import is_specific, month_of, shape_of

MAX_UNLISTED = 40
MAX_LISTS = 6
# A list's own date may be a day off (time zones, "2 hari lalu"): older than this it is believed.
SURELY_OLD = timedelta(days=2)


def shown_articles(site: Site) -> list[Doubtful]:
    """The likely articles on the front page, outside its menus, that nothing explains so far."""
    if not is_whole_page(site.home):
        site.doubt(say("halaman depan terpotong", "front page cut off"))
    shown = open_links(site, site.home, known_shapes(site))
    return [one for one in shown if one.is_likely and not one.is_in_menu]


async def shown_on_lists(site: Site) -> list[Doubtful]:
    """What the lists in the site's menu and its further feeds show of the wanted time and nothing explains so far.

    A feed may be that of one category and a sitemap a file of last week, while the front page shows neither.
    """
    found: list[Doubtful] = []
    lists = [url for url in index_urls(site.root(), site.home.final_url) if site.is_below(url)]
    for url in lists[:MAX_LISTS]:
        answer = await site.witness("listing", url)
        if answer is None:
            continue
        if not is_whole_page(answer):
            site.doubt(say("daftar berita tidak terbaca", "a list of news cannot be read") + f": {url}")
            continue
        found += _newest(site, answer)
    return found


def _newest(site: Site, answer: Capture) -> list[Doubtful]:
    """The entries of a list not met yet, down to where it surely speaks of the time before."""
    found, old = [], 0
    oldest = site.look.since - SURELY_OLD
    for one in listed_articles(parse_page(answer), Reading(answer.final_url, rendered_at(answer), site.zone)):
        at = site.time_of(one.url) or (one.published.end if one.published else None)
        old += bool(at and at < oldest)
        if old > MAX_PINNED:
            break
        link = Doubtful(one.url, one.published, is_alike=False, is_likely=True, is_in_menu=False)
        if _is_open(site, link):
            found.append(link)
    return found


def known_shapes(site: Site) -> frozenset[str]:
    """The telling shapes of the articles' addresses met so far."""
    return frozenset(shape for url in site.known if is_specific(shape := shape_of(url)))


def open_links(site: Site, answer: Capture, shapes: Collection[str]) -> list[Doubtful]:
    """The links of a page that may be articles of this account and of the wanted time, not yet met."""
    reading = Reading(answer.final_url, rendered_at(answer), site.zone)
    root = site.root() if answer is site.home else parse_page(answer)
    return open_ones(site, doubtful_links(root, reading, shapes))


def open_ones(site: Site, links: Iterable[Doubtful]) -> list[Doubtful]:
    """Those of `links` that may be of the wanted time and were not yet met."""
    return [one for one in links if _is_open(site, one)]


def _is_open(site: Site, link: Doubtful) -> bool:
    if not site.is_below(link.url) or site.canonical(link.url) in site.known:
        return False
    oldest = site.look.since - SURELY_OLD
    month = month_of(link.url)
    is_old = (month and month < (oldest.year, oldest.month)) or (link.published and link.published.end < oldest)
    return not is_old


async def read_unlisted(site: Site, links: Iterable[Doubtful]) -> None:
    """Read links of open nature. An article of the wanted time among them proves the list incomplete."""
    waiting = {site.canonical(one.url): one for one in links}
    for url, link in list(waiting.items())[:MAX_UNLISTED]:
        if url not in site.known:
            site.meet(url)
            await _read_one(site, link)
    if len(waiting) > MAX_UNLISTED:
        words = say("tautan di luar daftar terlalu banyak", "too many links outside the list")
        site.doubt(f"{words}: {len(waiting)}")


async def _read_one(site: Site, link: Doubtful) -> None:
    try:
        post = await site.ask_post(link.url, None)
    except Gone:
        return  # a dead link shows nothing to its readers either
    except SourceTrouble as trouble:
        site.doubt(say("tautan tidak terbaca", "link cannot be read") + f": {link.url} ({trouble.detail})")
        if site.has_stopped:
            raise
        return
    if post is None and link.is_alike and is_specific(shape_of(link.url)) and not link.is_in_menu:
        site.doubt(say("tanpa tanggal", "without a date") + f": {link.url}")
    if post is not None and _is_wanted(site, post):
        site.doubt(say("artikel di luar daftar", "an article outside the list") + f": {link.url}")
        await site.keep([post])


def _is_wanted(site: Site, post: Post) -> bool:
    return post.published_until >= site.look.since
