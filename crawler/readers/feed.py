"""An RSS or Atom feed -> its articles in order, their dates reparsed in the site's zone.

feedparser gives the structure only: it reads "WIB" as UTC and knows no Indonesian month.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any
from urllib.parse import urlsplit

import feedparser

from crawler.dates import Instant, read_date
from crawler.errors import Unreadable
from crawler.items import Capture
from crawler.readers.content import Article, Fragment, absolute, canonical_url
from crawler.readers.inside import read_body

_BEGINS = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]")
_ENDS = re.compile(rb"</(?:rss|feed|rdf:RDF)\s*>\s*(?:<!--.*?-->\s*)*$", re.DOTALL)
_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|gif)(?:$|\?)", re.IGNORECASE)
_ENTRY = re.compile(rb"<(?:item|entry)[\s>]")
_CDATA = re.compile(rb"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_GENERATED_NOW = timedelta(hours=1)
_REFERENCE = re.compile(rb"&#([xX][0-9a-fA-F]{1,30}|[0-9]{1,30});?")


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as read. `articles` without text need their page. `next_url` = its older part.

    `is_cut_off`: its end is missing. `is_generated`: it was built for this very answer. `unnamed`: how
    many entries it holds that could not be read or have no address.
    """

    articles: tuple[Article, ...]
    next_url: str | None
    is_cut_off: bool
    is_generated: bool
    unnamed: int = 0


def is_feed(answer: Capture) -> bool:
    """Whether an answer is RSS, Atom or RDF by its own first element."""
    return answer.status == 200 and bool(_BEGINS.search(answer.body[:4000]))


def feed_links(root: Any, base_url: str) -> list[str]:
    """Addresses of the feeds a page names as its own, those of comments left out."""
    found = []
    for link in root.iter("link"):
        kind, href = link.get("type") or "", link.get("href") or ""
        of_comments = re.search(r"comment|komentar", f"{link.get('title', '')} {href}", re.IGNORECASE)
        if "alternate" in (link.get("rel") or "") and re.search(r"rss|atom", kind) and href and not of_comments:
            found.append(absolute(base_url, href))
    return list(dict.fromkeys(filter(None, found)))


def read_feed(answer: Capture, zone: tzinfo) -> Feed:
    """All entries of a feed, as listed. Entries without an address are none. Raises Unreadable."""
    parsed = _parsed(answer)
    cut_off = not _ENDS.search(answer.body[-2000:])
    entries = [entry for entry in parsed.entries if _is_address(answer, entry.get("link"))]
    unnamed = max(len(_ENTRY.findall(_CDATA.sub(b"", answer.body))), len(parsed.entries)) - len(entries)
    if cut_off and entries:
        entries.pop()  # the one in which the text broke off
    articles = tuple(_article(entry, answer, zone) for entry in entries)
    is_generated = _is_generated(parsed.feed, answer, zone)
    return Feed(articles, _older_part(parsed.feed, answer), cut_off, is_generated, unnamed)


def _parsed(answer: Capture) -> Any:
    """Raises: Unreadable where the parser stumbles."""
    try:
        return feedparser.parse(
            io.BytesIO(_REFERENCE.sub(_of_a_letter, answer.body)), sanitize_html=False, resolve_relative_uris=False,
            response_headers={"content-type": answer.header("content-type") or "application/xml"},
        )  # fmt: skip
    except ValueError as trouble:
        raise Unreadable(f"feed: {type(trouble).__name__}") from trouble


def _of_a_letter(reference: re.Match[bytes]) -> bytes:
    """A reference to a letter that exists; others, as halves of an emoji (`&#55357;&#56832;`), mean U+FFFD."""
    written = reference[1]
    number = int(written[1:], 16) if written[:1] in b"xX" else int(written)
    return reference[0] if number < 0xD800 or 0xDFFF < number < 0x110000 else b"&#xFFFD;"


def _is_address(answer: Capture, link: object) -> bool:
    return bool(link) and urlsplit(absolute(answer.final_url, str(link))).scheme in ("http", "https")


def _article(entry: Any, answer: Capture, zone: tzinfo) -> Article:
    url = canonical_url(absolute(answer.final_url, entry["link"]))
    title, _ = read_body(str(entry.get("title", "")), url)
    whole = "\n".join(str(part.get("value", "")) for part in entry.get("content", ()))
    inside, unread = read_body(whole, url) if whole.strip() else (Fragment(), None)
    pictures = tuple(dict.fromkeys((*_enclosed(entry, url), *inside.images)))
    body = replace(inside, images=pictures)
    return Article(url, " ".join(title.text.split()), _date(entry, answer.fetched_at, zone), body, unread)


def _date(entry: Any, captured_at: datetime, zone: tzinfo) -> Instant | None:
    stated = entry.get("published") or entry.get("created") or ""
    return read_date(str(stated), captured_at, zone) if stated else None


def _enclosed(entry: Any, url: str) -> list[str]:
    offered = [*entry.get("enclosures", ()), *entry.get("media_content", ())]
    found = []
    for one in offered:
        href = str(one.get("href") or one.get("url") or "")
        if href and (str(one.get("type", "")).startswith("image/") or _PICTURE.search(href)):
            found.append(absolute(url, href))
    return list(filter(None, found))


def _is_wordpress(feed: Any) -> bool:
    return "wordpress.org" in str(feed.get("generator", ""))


def _is_generated(feed: Any, answer: Capture, zone: tzinfo) -> bool:
    built = read_date(str(feed.get("updated", "")), answer.fetched_at, zone)
    just_now = built is not None and abs(answer.heard_at - built.start) < _GENERATED_NOW
    return just_now or _is_wordpress(feed)


def _older_part(feed: Any, answer: Capture) -> str | None:
    for link in feed.get("links", ()):
        if link.get("rel") == "next" and link.get("href"):
            return absolute(answer.final_url, str(link["href"])) or None
    if not _is_wordpress(feed):
        return None
    page = re.search(r"[?&]paged=(\d+)", answer.final_url)
    if page:
        return answer.final_url.replace(page[0], page[0].replace(page[1], str(int(page[1]) + 1)))
    return answer.final_url + ("&" if urlsplit(answer.final_url).query else "?") + "paged=2"
