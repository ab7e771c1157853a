"""WordPress REST -> all posts since the wanted start; the end is proved by the site's own count."""

from __future__ import annotations

from crawler.coverage import Listing
from crawler.discovery.site import Site
from crawler.errors import Unreadable
from crawler.items import Capture, Post
from crawler.language import say
from crawler.readers.answers import answered_at, trouble_of
from crawler.readers.content import Article
from crawler.readers.wordpress import WordPressPage, list_query, read_posts, speaks_rest

MAX_PAGES = 50
_ENDPOINTS = ("wp-json/wp/v2/posts?", "?rest_route=/wp/v2/posts&")


async def read(site: Site) -> bool:
    """Read the posts by the first endpoint that speaks REST; False when none does."""
    for endpoint in _ENDPOINTS:
        answer = await site.try_ask("wordpress", _page_url(site, endpoint, 1))
        if answer is not None and speaks_rest(answer):
            await _read_all(site, endpoint, answer)
            return True
    return False


def _page_url(site: Site, endpoint: str, page: int) -> str:
    return site.base + endpoint + list_query(site.look.since, site.look.started_at, page)


async def _read_all(site: Site, endpoint: str, first: Capture) -> None:
    page = read_posts(first, site.zone)
    total, pages = page.total, page.pages or 1
    seen: set[str] = set()
    steady = True
    answer = first
    for number in range(1, min(pages, MAX_PAGES) + 1):
        if number > 1:
            answer = await site.ask("wordpress", _page_url(site, endpoint, number))
            page = _following(site, answer)
        steady &= page.total == total
        seen |= {article.url for article in page.articles}
        await _keep(site, page, answer)
    _conclude(site, first, total, steady and len(seen) == total)


def _following(site: Site, answer: Capture) -> WordPressPage:
    trouble = trouble_of(answer)
    if trouble:
        raise trouble
    if not speaks_rest(answer):
        raise Unreadable("WordPress REST: no JSON in the middle of the list")
    return read_posts(answer, site.zone)


async def _keep(site: Site, page: WordPressPage, answer: Capture) -> None:
    posts = [await _post(site, article, answer) for article in page.articles]
    known = [post for post in posts if post is not None]
    site.look.listing = Listing(order=site.look.listing.order + tuple(post.published_until for post in known))
    await site.keep(known)


async def _post(site: Site, article: Article, answer: Capture) -> Post | None:
    """The post itself; where the interface hides the body, from the article's own page."""
    content = article.fragment
    if article.published is None or article.unread or content.text or content.images or content.links:
        return site.post_of(article, answer)
    if article.published.end < site.look.since:
        return site.post_of(article, answer)
    return await site.read_page(article.url, article.published) or site.post_of(article, answer)


def _conclude(site: Site, first: Capture, total: int | None, is_whole: bool) -> None:
    """A count that is missing, wrong or moving means that posts may have slipped through."""
    if not is_whole:
        site.look.notes.append(
            say("jumlah artikel tidak cocok dengan X-WP-Total", "articles do not add up to X-WP-Total")
        )
    site.look.listing = Listing(
        order=site.look.listing.order, ended=is_whole, total=total,
        fresh_until=answered_at(first), confirmed=site.confirmed() and is_whole,
    )  # fmt: skip
