"""A page of WordPress REST posts (wp/v2) -> articles with instants, and how many there are in all."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from crawler.dates import Instant, read_date
from crawler.errors import Unreadable
from crawler.items import Capture
from crawler.readers.answers import is_challenge
from crawler.readers.content import Article, absolute, canonical_url
from crawler.readers.dated import Dated, reader_at
from crawler.readers.inside import read_body

PER_PAGE = 100

# What core itself registers beside posts. A page is a site's standing furniture by WordPress' own
# definition, in no feed and without a date on most themes; asking for them too would cost every quiet
# site one more request a day, so coverage speaks of articles and never of pages.
_FURNITURE = re.compile(
    r"post|page|attachment|revision|nav_menu_item|custom_css|customize_changeset|oembed_cache"
    r"|user_request|wp_\w+"
)
_ROUTE = re.compile(r"[\w.-]+(?:/[\w.-]+)*")


@dataclass(frozen=True, slots=True)
class ContentType:
    """A kind of content with a list of its own; `route` as in `wp/v2/posts`."""

    name: str
    route: str


POSTS = ContentType("post", "wp/v2/posts")


@dataclass(frozen=True, slots=True)
class WordPressPage:
    """One page of the list; `total` and `pages` as its headers say, None when they are missing."""

    articles: tuple[Article, ...]
    total: int | None
    pages: int | None


def list_query(since: datetime, until: datetime, page: int) -> str:
    """The query of one page. WordPress compares site-local time, so both ends are a day wider."""
    after, before = since - timedelta(days=1), until + timedelta(days=1)
    return (
        f"after={after:%Y-%m-%dT%H:%M:%S}&before={before:%Y-%m-%dT%H:%M:%S}&per_page={PER_PAGE}&page={page}"
        "&_embed=wp:featuredmedia&orderby=date&order=desc"
    )


def speaks_rest(answer: Capture) -> bool:
    """Whether an answer is the interface's own, be it broken: JSON by type, with HTTP 200."""
    kind = (answer.header("content-type") or "").lower()
    return answer.status == 200 and "json" in kind and bool(answer.body.strip()) and not is_challenge(answer)


Reader = Dated[[Capture, tzinfo], WordPressPage]


def read_posts(answer: Capture, zone: tzinfo, readers: Sequence[Reader] = ()) -> WordPressPage:
    """The posts of one page, by the reader (of READERS) of the day it was captured.

    Raises: Unreadable when the answer is cut off or no list of posts.
    """
    return reader_at(readers or READERS, answer.fetched_at)(answer, zone)


def _read_v2(answer: Capture, zone: tzinfo) -> WordPressPage:
    try:
        listed = json.loads(answer.body)
    except (ValueError, RecursionError) as broken:
        raise Unreadable(f"WordPress REST: {broken}") from broken
    if not isinstance(listed, list) or not all(map(_has_address, listed)):
        raise Unreadable("WordPress REST: not a list of posts")
    articles = tuple(_article(one, answer, zone) for one in listed)
    return WordPressPage(articles, _count(answer, "x-wp-total"), _count(answer, "x-wp-totalpages"))


READERS: Sequence[Reader] = (Dated(_read_v2),)


def read_types(answer: Capture) -> tuple[ContentType, ...]:
    """The content types beside posts that are not core's furniture, by name.

    A site's `berita` or `pengumuman` is not among its posts. Raises Unreadable when the answer is not
    the whole table of types, or names one whose list has no address.
    """
    try:
        types = json.loads(answer.body)
    except (ValueError, RecursionError) as broken:
        raise Unreadable(f"WordPress types: {broken}") from broken
    if not isinstance(types, dict) or not isinstance(types.get("post"), dict):
        raise Unreadable("WordPress types: not a table of types")
    return tuple(_content_type(name, types[name]) for name in sorted(types) if not _FURNITURE.fullmatch(name))


def _content_type(name: str, stated: Any) -> ContentType:
    fields = stated if isinstance(stated, dict) else {}
    route = f"{fields.get('rest_namespace') or 'wp/v2'}/{fields.get('rest_base') or ''}"
    if not _ROUTE.fullmatch(route):
        raise Unreadable(f"WordPress types: {name} has no list")
    return ContentType(name, route)


def read_links(answer: Capture) -> frozenset[str]:
    """The addresses that a list of posts names, whatever else it was asked for; none when broken."""
    try:
        listed = json.loads(answer.body)
    except (ValueError, RecursionError):
        return frozenset()
    items = listed if isinstance(listed, list) else []
    return frozenset(canonical_url(str(one["link"])) for one in items if _has_address(one))


def _has_address(post: Any) -> bool:
    return isinstance(post, dict) and bool(absolute(str(post.get("link") or ""), ""))


def _count(answer: Capture, header: str) -> int | None:
    value = (answer.header(header) or "").strip()
    return int(value) if value.isdecimal() else None


def _article(post: dict[str, Any], answer: Capture, zone: tzinfo) -> Article:
    url = canonical_url(str(post["link"]))
    title, _ = read_body(_rendered(post, "title"), url)
    inside, unread = read_body(_rendered(post, "content"), url)
    content = post.get("content")
    if isinstance(content, dict) and content.get("protected"):
        unread = "unreadable: password"
    images = tuple(dict.fromkeys((*_leading_picture(post), *inside.images)))
    body = replace(inside, images=images)
    return Article(url, " ".join(title.text.split()), _published(post, answer, zone), body, unread)


def _published(post: dict[str, Any], answer: Capture, zone: tzinfo) -> Instant | None:
    # `date` is the site's wall clock without an offset; `date_gmt` is the instant, whatever the zone.
    gmt = str(post.get("date_gmt") or "")
    at = read_date(gmt, answer.fetched_at, UTC) if gmt and not gmt.startswith("0000") else None
    return at or read_date(str(post.get("date") or ""), answer.fetched_at, zone)


def _rendered(post: dict[str, Any], name: str) -> str:
    value = post.get(name)
    text = value.get("rendered") if isinstance(value, dict) else value
    return str(text or "")


def _leading_picture(post: dict[str, Any]) -> tuple[str, ...]:
    embedded = post.get("_embedded")
    media = embedded.get("wp:featuredmedia") if isinstance(embedded, dict) else None
    first = media[0] if isinstance(media, list) and media else None
    url = first.get("source_url") if isinstance(first, dict) else None
    found = absolute(html.unescape(url), "") if isinstance(url, str) else ""
    return (found,) if found.startswith("http") else ()
