"""An article page -> title, body, publication instant, pictures, embedded and linked addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import Any
from urllib.parse import urlsplit

from w3lib.encoding import html_to_unicode

from crawler.errors import Unreadable
from crawler.items import Capture
from crawler.readers.answers import is_whole_page, rendered_at, trouble_of
from crawler.readers.asides import line_aside
from crawler.readers.beside import pictures_beside
from crawler.readers.between import line_behind, line_between, line_linked
from crawler.readers.body import Body, read_body_of
from crawler.readers.cards import Here
from crawler.readers.content import (
    MAX_IMAGES,
    MAX_LINKS,
    MAX_PAGE_BYTES,
    Article,
    Fragment,
    absolute,
    base_of,
    canonical_url,
    fragment_of,
    parse_html,
    unseen_in,
    with_images,
)
from crawler.readers.continued import rest_of
from crawler.readers.date_statements import Stage, json_ld
from crawler.readers.filled_later import filled_later
from crawler.readers.headline import meta_of, slug_words, title_of
from crawler.readers.inside import pictures_inside
from crawler.readers.published import Publication, publication_of
from crawler.readers.shown_posts import embeds_in, posts_beside


def read_article(answer: Capture, zone: tzinfo) -> Article:
    """One article page as read; `zone` is the site's. Raises Blocked, Gone, Unreadable, Unreachable."""
    return read_parts(answer, zone).article


@dataclass(frozen=True, slots=True)
class Parts:
    """An article, and what it was read from: `body` and `publication` tell by which way."""

    article: Article
    body: Body
    publication: Publication


def read_parts(answer: Capture, zone: tzinfo) -> Parts:
    """As `read_article`, with the ways taken."""
    html = _html_of(answer)
    root = parse_html(html)
    url, title = page_url(root, answer.final_url), title_of(root, answer.final_url)
    publication = publication_of(Stage(root, html, url, title, rendered_at(answer), zone))
    base = base_of(root, answer.final_url)
    here = Here(url, base)
    body = read_body_of(root, title, answer.fetched_at.astimezone(zone).date(), here)
    inside = pictures_inside(body.holders, here)
    content = content_of(base, body, inside.images)
    beside = pictures_beside(body, title, here, named=_named_picture(root, base), inside=inside)
    have = {*content.links, *content.videos}
    beside = replace(beside, posts=tuple(one for one in posts_beside(body, base) if one not in have))
    content = with_images(content, beside.stated)
    if not title or not (content.text or content.images or beside):
        raise Unreadable("no article on the page")
    doubt = (_doubt(body, content, title, here) or beside.doubt) if is_whole_page(answer) else "page cut off"
    unread = f"unreadable: {doubt}" if doubt else None
    conflict = _conflict(publication, zone)
    rest = rest_of(root, answer.final_url)
    article = Article(url, title, publication.instant, content, unread, conflict, rest, beside)
    return Parts(article, body, publication)


def _html_of(answer: Capture) -> str:
    """The page's text in its own encoding. Raises the trouble that the answer is."""
    trouble = trouble_of(answer)
    if trouble:
        raise trouble
    if len(answer.body) > MAX_PAGE_BYTES:
        raise Unreadable(f"page of {len(answer.body)} bytes")
    return str(html_to_unicode(answer.header("content-type"), answer.body)[1])


def _doubt(body: Body, content: Fragment, title: str, here: Here) -> str | None:
    """Why words or pictures that are sought may stand on the page unseen: what is there counts, absence does not."""
    unseen = (unseen_in(one, content) or filled_later(one, content) for one in body.holders)
    line = line_aside(body) or line_between(body, title) or line_behind(body, title) or line_linked(body, here)
    return body.doubt or line or next(filter(None, unseen), None)


def _conflict(publication: Publication, zone: tzinfo) -> str | None:
    """The statements that contradict each other, with their places; None where all agree."""
    told = [publication.taken, *publication.conflicts] if publication.conflicts else []
    return "; ".join(f"{one.source} {one.instant.start.astimezone(zone):%Y-%m-%d %H:%M}" for one in told if one) or None


def page_url(root: Any, asked: str) -> str:
    """The page's own canonical address where it is believable, else the one asked."""
    stated = next((link.get("href") for link in root.iter("link") if link.get("rel") == "canonical"), None)
    url = absolute(base_of(root, asked), stated or "")
    return canonical_url(url if url and _host(url) == _host(asked) and _names_one(url, asked) else asked)


def _names_one(url: str, asked: str) -> bool:
    """Whether an address can be that of one article: a template that names the front page, the list above it or the
    script without its `?id=` as canonical everywhere would make all articles one."""
    here, there = urlsplit(canonical_url(asked)), urlsplit(url)
    path, own = there.path.rstrip("/"), here.path.rstrip("/")
    is_above = own.startswith(f"{path}/") and own.removeprefix(f"{path}/") not in ("amp", "amp.html")
    return bool(path) and not is_above and not (path == own and here.query and not there.query)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def is_stand_in(article: Article, answer: Capture, url: str) -> bool:
    """Whether a page that came with HTTP 200 is surely not the article of `url`: a front page, a notice of works.

    It states no date, does not call itself an article, and has none of the words that its own address is made of.
    """
    if article.published or is_article(answer):
        return False
    words = slug_words(url)
    text = f"{article.title} {article.fragment.text}".casefold()
    return len(words) > 1 and not any(word in text for word in words)


def is_article(answer: Capture) -> bool:
    """Whether a page calls itself an article; static pages and lists do not."""
    _, html = html_to_unicode(answer.header("content-type"), answer.body)
    root = parse_html(html)
    kinds = (str(one.get("@type", "")) for one in json_ld(html))
    return meta_of(root, "og:type") == "article" or any("Article" in kind or "Posting" in kind for kind in kinds)


def content_of(url: str, body: Body, images: Iterable[str]) -> Fragment:
    """Body text, pictures and links of the article alone; `url` is what relative addresses count from."""
    inside = [fragment_of(holder, url, ()) for holder in body.holders]
    videos = dict.fromkeys(one for part in inside for one in part.videos)
    links = dict.fromkeys(one for part in inside for one in part.links)
    embeds = dict.fromkeys(one for holder in body.holders for one in embeds_in(holder, url))
    return Fragment(
        body.text, tuple(images)[:MAX_IMAGES], tuple(videos)[:MAX_IMAGES], tuple(links)[:MAX_LINKS], tuple(embeds)
    )


def _named_picture(root: Any, url: str) -> str:
    """The picture that the page names for sharing; empty where it names none, or the site's own."""
    stated = absolute(url, meta_of(root, "og:image"))
    is_own = stated.startswith("http") and stated != url and not re.search(r"logo|favicon", stated, re.I)
    return stated if is_own else ""
