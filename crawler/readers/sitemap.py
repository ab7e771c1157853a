"""A sitemap or sitemap index -> its addresses, each with the date it was last changed or published."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from parsel import Selector

from crawler.dates import Instant, read_date
from crawler.errors import Unreadable
from crawler.items import Capture
from crawler.readers.content import absolute

MAX_SITEMAP_BYTES = 50_000_000  # sitemaps.org
_BEGINS = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)[\s>]")
_ENDS = re.compile(rb"</(?:\w+:)?(?:urlset|sitemapindex)\s*>\s*(?:<!--.*?-->\s*)*$", re.DOTALL)
_LISTED = re.compile(rb"<(?:\w+:)?url[\s>]")
_INDEXED = re.compile(rb"<(?:\w+:)?sitemap[\s>]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One address. `changed` = lastmod; `published` only in news sitemaps; None = not stated."""

    url: str
    changed: Instant | None = None
    published: Instant | None = None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """`entries` are pages, or further sitemaps when `is_index`."""

    is_index: bool
    entries: tuple[Entry, ...]


def is_sitemap(answer: Capture) -> bool:
    """Whether an answer is a sitemap by its own first element (compressed ones included)."""
    return answer.status == 200 and bool(_BEGINS.search(_unpacked(answer.body, 4000)[:4000]))


def read_sitemap(answer: Capture, zone: tzinfo) -> Sitemap:
    """All entries of one file. Raises Unreadable when it is cut off or too large."""
    body = _unpacked(answer.body, MAX_SITEMAP_BYTES)
    if len(body) >= MAX_SITEMAP_BYTES or not _ENDS.search(body[-2000:]):
        raise Unreadable("sitemap cut off")
    tree = _tree(body)
    is_index = str(tree.root.tag) == "sitemapindex"
    nodes = tree.xpath("/*/sitemap" if is_index else "/*/url")
    entries = [_entry(node, answer, zone) for node in nodes]
    found = tuple(entry for entry in entries if entry.url.startswith("http") and absolute(entry.url, ""))
    # The parser forgives broken XML and leaves out what it cannot read; a proof may not.
    if len(found) != len((_INDEXED if is_index else _LISTED).findall(body)):
        raise Unreadable("sitemap broken: not every entry can be read")
    return Sitemap(is_index, found)


def _tree(body: bytes) -> Any:
    """The elements under their plain names. Raises: Unreadable for names that the parser forgave and cannot say."""
    try:
        tree = Selector(body=body, type="xml", huge_tree=False)
        tree.remove_namespaces()
    except ValueError as oddity:
        raise Unreadable("sitemap broken: names that are none") from oddity
    return tree


def _entry(node: Any, answer: Capture, zone: tzinfo) -> Entry:
    def date(path: str) -> Instant | None:
        text = node.xpath(f"string({path})").get("").strip()
        return read_date(text, answer.fetched_at, zone) if text else None

    try:
        return Entry(node.xpath("string(loc)").get("").strip(), date("lastmod"), date(".//publication_date"))
    except UnicodeDecodeError as oddity:  # half a letter, which the parser forgave
        raise Unreadable("sitemap broken: letters that are none") from oddity


def _unpacked(body: bytes, most: int) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body[:most]
    try:
        return zlib.decompressobj(wbits=31).decompress(body, most)
    except zlib.error:
        return b""
