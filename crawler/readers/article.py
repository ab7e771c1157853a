"""An article page -> title, body, publication instant, pictures, embedded and linked addresses."""

from __future__ import annotations

import copy
import html as html_escapes
import re
from datetime import tzinfo
from typing import Any
from urllib.parse import urljoin, urlsplit

import trafilatura
from w3lib.encoding import html_to_unicode

from crawler.errors import Unreadable
from crawler.items import Capture
from crawler.readers.answers import is_whole_page, trouble_of
from crawler.readers.boxes import without_boxes
from crawler.readers.content import (
    MAX_IMAGES,
    MAX_PAGE_BYTES,
    Article,
    Fragment,
    canonical_url,
    fragment_of,
    parse_html,
    text_of,
)
from crawler.readers.published import Stage, json_ld, published_of

_CONTAINERS = (
    '//*[@itemprop="articleBody"]',
    *(
        f'//*[contains(concat(" ", @class, " "), " {name} ")]'
        for name in ("entry-content", "post-content", "article-content", "isi-berita", "detail-text")
    ),
    "//article",
    "//main",
)
_SHORT = 250  # below this the extractor's answer is checked against the container's own text
_HEADLINE = 15  # letters; a shorter heading may be a section's name
_READ_ALSO = re.compile(r"^(?:baca (?:juga|pula)|simak (?:juga|pula)|lihat juga|artikel terkait)\b", re.IGNORECASE)


def read_article(answer: Capture, zone: tzinfo) -> Article:
    """One article page as read; `zone` is the site's. Raises Blocked, Gone, Unreadable, Unreachable."""
    trouble = trouble_of(answer)
    if trouble:
        raise trouble
    if len(answer.body) > MAX_PAGE_BYTES:
        raise Unreadable(f"page of {len(answer.body)} bytes")
    _, html = html_to_unicode(answer.header("content-type"), answer.body)
    root = parse_html(html)
    url, title = page_url(root, answer.final_url), title_of(root)
    stage = Stage(root, html, url, title, answer.fetched_at, zone)
    published = published_of(stage)
    content = content_of(root, url, title)
    if not title or not (content.text or content.images):
        raise Unreadable("no article on the page")
    # What broke off may have lost the very words that are sought: what is there counts, absence does not.
    return Article(url, title, published, content, None if is_whole_page(answer) else "unreadable: page cut off")


def page_url(root: Any, asked: str) -> str:
    """The page's own canonical address where it is believable, else the one asked."""
    stated = next((link.get("href") for link in root.iter("link") if link.get("rel") == "canonical"), None)
    url = urljoin(asked, stated or "")
    same_host = _host(url) == _host(asked)
    # A template that names the front page as canonical everywhere would make all articles one.
    return canonical_url(url if same_host and len(urlsplit(url).path.strip("/")) > 0 else asked)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def title_of(root: Any) -> str:
    """The headline: a heading with which og:title or <title> begins, else those, without the site's name."""
    stated = _one_line(html_escapes.unescape(_meta(root, "og:title")))
    page = next((_element_line(title) for title in root.iter("title")), "")
    heads = list(filter(None, map(_element_line, (*root.iter("h1"), *root.iter("h2")))))
    confirmed = [head for head in heads if _confirms(head, stated, page)]
    if confirmed:
        return confirmed[0]
    only = [_element_line(head) for head in root.iter("h1")]
    if len(only) == 1 and only[0] and not stated:
        return only[0]
    return _without_site_name(stated or page, _meta(root, "og:site_name"))


def _confirms(head: str, stated: str, page: str) -> bool:
    letters = _plain(head)
    if letters and letters in (_plain(stated), _plain(page)):
        return True
    return len(letters) >= _HEADLINE and _plain(stated or page).startswith(letters)


def _element_line(node: Any) -> str:
    return _one_line("".join(node.itertext()))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _without_site_name(title: str, site: str) -> str:
    head, mark, tail = title.rpartition(next((mark for mark in (" | ", " – ", " - ") if mark in title), " | "))
    return head if mark and site and _plain(tail) == _plain(site) else title


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", text.lower())


def _meta(root: Any, name: str) -> str:
    for meta in root.iter("meta"):
        if name in (meta.get("property"), meta.get("name")):
            return str(meta.get("content") or "")
    return ""


def is_article(answer: Capture) -> bool:
    """Whether a page calls itself an article; static pages and lists do not."""
    _, html = html_to_unicode(answer.header("content-type"), answer.body)
    root = parse_html(html)
    kinds = (str(one.get("@type", "")) for one in json_ld(html))
    return _meta(root, "og:type") == "article" or any("Article" in kind or "Posting" in kind for kind in kinds)


def content_of(root: Any, url: str, title: str) -> Fragment:
    """Body text, pictures and links of the article alone."""
    pruned = without_boxes(root)
    container = _container(pruned)
    body = body_of(pruned, container, title)
    inside = fragment_of(_holder(pruned, container, body), url)
    leading = urljoin(url, _meta(root, "og:image"))
    has_leading = leading.startswith("http") and leading != url and not re.search(r"logo|favicon", leading, re.I)
    images = dict.fromkeys(((leading,) if has_leading else ()) + inside.images)
    return Fragment(body, tuple(images)[:MAX_IMAGES], inside.videos, inside.links)


def _container(root: Any) -> Any | None:
    for path in _CONTAINERS:
        found = root.xpath(path)
        if len(found) == 1 and len(text_of(found[0])) > 0:
            return found[0]
    return None


def body_of(root: Any, container: Any | None, title: str) -> str:
    """The article's text, a line per paragraph; short posts and the lead are kept."""
    text = trafilatura.extract(
        copy.deepcopy(root), favor_precision=True, include_comments=False, include_tables=True,
        include_formatting=False, deduplicate=False,
    ) or ""  # fmt: skip
    if len(text) < _SHORT and container is not None:
        own = "\n".join(line for line in text_of(container).split("\n") if len(line) > 30)
        text = own if len(own) > len(text) else text
    lines = _lines_of(text, title)
    return "\n".join(_lead(root, lines) + lines)


def _lines_of(text: str, title: str) -> list[str]:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return [line for line in lines if line and _plain(line) != _plain(title) and not _READ_ALSO.match(line)]


def _lead(root: Any, lines: list[str]) -> list[str]:
    """Text that stands directly before the first extracted paragraph, in the same element."""
    wanted = _plain(lines[0])[:60] if lines else ""
    if not wanted:
        return []
    for paragraph in root.iter("p"):
        if _plain("".join(paragraph.itertext()))[:60] == wanted:
            before = paragraph.itersiblings("p", preceding=True)
            texts = (" ".join("".join(one.itertext()).split()) for one in before)
            return list(reversed([text for text in texts if len(text) > 60]))
    return []


def _holder(root: Any, container: Any | None, body: str) -> Any:
    """The element whose pictures and links are the article's."""
    if container is not None:
        return container
    wanted = _plain(body.split("\n")[0])[:40]
    for paragraph in root.iter("p", "div"):
        if wanted and paragraph.text and _plain(paragraph.text).startswith(wanted):
            parent = paragraph.getparent()
            return parent if parent is not None else paragraph
    return root
