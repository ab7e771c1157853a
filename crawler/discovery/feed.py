"""A site's feed -> its newest articles; it proves the time since its oldest one."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urljoin

from crawler.coverage import Listing
from crawler.discovery.proof import doubt_moved, doubt_stale_parts, reads_far_enough, without_foot
from crawler.discovery.site import Site
from crawler.discovery.unlisted import open_ones, read_unlisted, shown_articles, shown_on_lists
from crawler.errors import Unreadable
from crawler.items import Capture, Post
from crawler.language import say
from crawler.readers.answers import answered_at, is_surely_absent
from crawler.readers.content import Article
from crawler.readers.feed import Feed, feed_links, is_feed, read_feed
from crawler.readers.listing import Doubtful, addresses_on

MAX_PARTS = 30
MAX_FEEDS = 6  # that the front page names
_COMMENTS = re.compile(r"/(?:comments?|komentar)\b")
_USUAL = ("feed/", "rss.xml", "feed.xml", "rss", "atom.xml")


async def read(site: Site) -> bool:
    """Read the site's first feed that holds articles, back to the wanted start; False without one."""
    for url in _addresses(site):
        answer = await site.try_way("feed", url, is_feed)
        if answer is None:
            continue
        feed = read_feed(answer, site.zone)
        if feed.articles or feed.is_cut_off:
            await _read_all(site, answer, feed)
            return True
    return False


def _addresses(site: Site) -> list[str]:
    named = [url for url in feed_links(site.root(), site.home.final_url) if site.is_below(url)]
    return list(dict.fromkeys((*named, *(urljoin(site.base, usual) for usual in _USUAL))))


async def _read_all(site: Site, first: Capture, feed: Feed) -> None:
    parts = await _read_parts(site, first, feed)
    order = site.look.listing.order
    fresh_until = _fresh_until(site, first, feed)
    shown = [*shown_articles(site), *await shown_on_lists(site), *await _in_other_feeds(site, first)]
    await read_unlisted(site, shown)
    doubt_stale_parts(site, [answer for answer, _ in parts], order)
    if site.confirmed():
        await _ask_again(site, parts[:-1])
    site.look.listing = Listing(order=without_foot(order), fresh_until=fresh_until, confirmed=site.confirmed())


async def _in_other_feeds(site: Site, read: Capture) -> list[Doubtful]:
    """What the site's further feeds hold and the one that was read does not: one may be that of a category."""
    named = feed_links(site.root(), site.home.final_url)[:MAX_FEEDS]
    further = [url for url in named if site.is_below(url) and url not in (read.url, read.final_url)]
    found: list[Doubtful] = []
    for url in further:
        answer = None if _holds_none(site, url) else await site.witness("feed", url)
        entries = read_feed(answer, site.zone).articles if answer and is_feed(answer) else ()
        found += open_ones(site, [Doubtful(one.url, one.published, False, True, False) for one in entries])
    return found


def _holds_none(site: Site, url: str) -> bool:
    """Whether a feed is one of comments, or was not there at an earlier look."""
    earlier = site.look.recall(url)
    is_absent = earlier is not None and is_surely_absent(earlier) and not is_feed(earlier)
    return is_absent or bool(_COMMENTS.search(url))


async def _read_parts(site: Site, first: Capture, feed: Feed) -> list[tuple[Capture, Feed]]:
    """The parts of a feed, read until they lie before the wanted start."""
    parts = [(first, feed)]
    seen: set[str] = set()
    for _ in range(MAX_PARTS):
        answer, feed = parts[-1]
        page = await _keep(site, answer, [one for one in site.own(feed.articles) if one.url not in seen])
        seen |= {one.url for one in feed.articles}
        _check_whole(site, feed)
        older = feed.next_url
        if not page or older is None or reads_far_enough(site.look.listing.order, page, site.look.since):
            break
        answer = await site.ask("feed", older)
        if not is_feed(answer):
            break  # WordPress answers 404 behind its last part; nothing is claimed from that
        parts.append((answer, read_feed(answer, site.zone)))
    return parts


def _check_whole(site: Site, feed: Feed) -> None:
    """Raises Unreadable where a feed breaks off; doubts it where an entry cannot be named."""
    if feed.is_cut_off:
        raise Unreadable(say("umpan terpotong", "feed cut off"))
    if feed.unnamed:
        site.doubt(say("isi umpan tanpa alamat", "feed entries without an address") + f": {feed.unnamed}")


async def _ask_again(site: Site, parts: list[tuple[Capture, Feed]]) -> None:
    for before, feed in parts:
        answer = await site.ask("feed", before.url)
        again = read_feed(answer, site.zone).articles if is_feed(answer) else ()
        doubt_moved(site, before.url, [one.url for one in feed.articles], [one.url for one in again])


async def _keep(site: Site, answer: Capture, articles: list[Article]) -> tuple[datetime, ...]:
    site.offered = [one.url for one in articles]
    posts = [post for one in articles if (post := await _post(site, one, answer)) is not None]
    page = tuple(post.published_until for post in posts)
    site.look.listing = Listing(order=site.look.listing.order + page)
    await site.keep(posts)
    return page


async def _post(site: Site, article: Article, answer: Capture) -> Post | None:
    """The entry with what its page shows beside it: feeds leave out leading pictures and cut texts."""
    if article.published is None:
        post = await site.read_page(article.url, None)
        if post is None and article.url not in site.undated:
            site.undated.append(article.url)  # the feed names it as an article, and nothing tells its day
        return post
    if article.published.end < site.look.since:
        return site.post_of(article, answer)
    return await site.read_with_page(article, answer)


def _fresh_until(site: Site, first: Capture, feed: Feed) -> datetime:
    """Until when the feed speaks. Many a forgotten feed file has gone stale while its site went on:
    one that was not built for this answer, and whose head the front page does not show, proves
    nothing beyond its newest entry."""
    shown = {site.canonical(url) for url in addresses_on(site.root(), site.home.final_url)}
    head = [article for article in feed.articles[:3] if article.published]
    if feed.is_generated:
        return answered_at(first)
    if any(site.canonical(one.url) in shown for one in head):
        return min(answered_at(first), answered_at(site.home))  # a witness out of a cache is of that time
    site.look.notes.append(say("umpan mungkin basi", "the feed may be stale"))
    return max((one.published.end for one in head if one.published), default=site.look.since)
