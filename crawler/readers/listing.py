"""A page that lists articles -> their addresses and dates in order, and the address of the next page.

Articles are told from menus by their address and anchor; of several lists on a page the main one
is the largest of like-built entries, so that "most read" boxes do not mix into it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any
from urllib.parse import urljoin, urlsplit

from crawler.dates import Instant, read_date
from crawler.readers.boxes import stands_in_box
from crawler.readers.content import canonical_url

MIN_SCORE = 5
_CARD_DATE = 120  # letters; longer texts of a card are teasers
_SIGNS = (
    (3, re.compile(r"/(?:19|20)\d\d/\d{1,2}/")),
    (2, re.compile(r"\d{5,}")),
    (3, re.compile(r"(?:[^/]*[-.]){3,}[^/]*/?$")),
    (2, re.compile(r"/(?:berita|news|artikel|article|read|post|kabar|pengumuman|detail|kegiatan)/", re.I)),
    (-3, re.compile(r"/(?:tags?|kategori|category|author|penulis|page|search|login|profil|feed)\b", re.I)),
    (-9, re.compile(r"\.(?:pdf|docx?|xlsx?|zip|jpe?g|png|mp4)$", re.I)),
)  # fmt: skip
_NEXT_WORDS = re.compile(
    r"^(?:selanjutnya|berikutnya|lebih lama|next|older(?: posts)?|[›»>]+)\W*$", re.IGNORECASE
)
_INDEX_WORDS = re.compile(
    r"^(?:semua |indeks |index |arsip |daftar )?(?:berita|artikel|kabar|news)(?: terkini| terbaru)?$", re.I
)
_PAGE_NUMBER = re.compile(r"(?:[?&](?:page|halaman|hal|p)=|/page/|/halaman/)(\d+)")


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of a list; `published` as the list says, None when it says nothing."""

    url: str
    published: Instant | None


@dataclass(frozen=True, slots=True)
class Reading:
    """Where and when a page was read, and in which zone it writes."""

    url: str
    captured_at: datetime
    zone: tzinfo


def listed_articles(root: Any, reading: Reading) -> tuple[Listed, ...]:
    """The entries of the page's main list, in order."""
    lists: dict[tuple[str, ...], dict[str, Any]] = defaultdict(dict)
    for anchor in root.iter("a"):
        url = article_url(anchor, reading.url)
        if url and not stands_in_box(anchor):
            lists[_build(anchor)].setdefault(url, anchor)
    if not lists:
        return ()
    main = max(lists.values(), key=len)
    return tuple(Listed(url, _card_date(anchor, url, reading)) for url, anchor in main.items())


def article_url(anchor: Any, page_url: str) -> str | None:
    """The address an anchor leads to, if it looks like an article of the same site."""
    href = (anchor.get("href") or "").strip()
    if not href or href.startswith(("#", "javascript:", "mailto:", "tel:")):
        return None
    try:
        url = canonical_url(urljoin(page_url, href))
    except ValueError:
        return None
    if _host(url) != _host(page_url) or url == canonical_url(page_url):
        return None
    words = len(" ".join("".join(anchor.itertext()).split()))
    path = urlsplit(url).path + ("?" + urlsplit(url).query if urlsplit(url).query else "")
    score = sum(points for points, sign in _SIGNS if sign.search(path)) + (2 if words >= 25 else 0)
    return url if score >= MIN_SCORE else None


def links_of(root: Any, page_url: str) -> frozenset[str]:
    """All addresses of the same site that a page links."""
    hrefs = (anchor.get("href") or "" for anchor in root.iter("a"))
    return frozenset(canonical_url(urljoin(page_url, href)) for href in hrefs if href and "[" not in href)


def next_page(root: Any, page_url: str) -> str | None:
    """The address of the following (older) page of the list, or None."""
    for node in root.iter("link", "a"):
        if "next" in (node.get("rel") or "").split() and node.get("href"):
            return urljoin(page_url, str(node.get("href")))
    wanted = _page_number(page_url) + 1
    by_word = None
    for anchor in root.iter("a"):
        url = urljoin(page_url, str(anchor.get("href") or ""))
        if _PAGE_NUMBER.search(url) and _page_number(url) == wanted and _host(url) == _host(page_url):
            return url
        if _NEXT_WORDS.match("".join(anchor.itertext()).strip()) and url.startswith("http"):
            by_word = by_word or url
    return by_word


def index_url(root: Any, page_url: str) -> str | None:
    """The address of the site's own list of news, as its menu names it, or None."""
    for anchor in root.iter("a"):
        words = " ".join("".join(anchor.itertext()).split())
        url = urljoin(page_url, str(anchor.get("href") or ""))
        if _INDEX_WORDS.match(words) and _host(url) == _host(page_url) and urlsplit(url).path.strip("/"):
            return url
    return None


def _page_number(url: str) -> int:
    found = _PAGE_NUMBER.search(url)
    return int(found[1]) if found and len(found[1]) < 7 else 1


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _build(anchor: Any) -> tuple[str, ...]:
    """How the way from the page's root to an entry is built; entries of one list are built alike."""
    steps = [node for node in anchor.iterancestors() if isinstance(node.tag, str)]
    return tuple(f"{node.tag}.{' '.join((node.get('class') or '').split()[:1])}" for node in steps)


def _card_date(anchor: Any, url: str, reading: Reading) -> Instant | None:
    card = _card(anchor, url, reading.url)
    for time in card.iter("time"):
        found = read_date(time.get("datetime") or "", reading.captured_at, reading.zone)
        if found:
            return found
    for node in card.iter():
        text = " ".join("".join(node.itertext()).split()) if isinstance(node.tag, str) else ""
        found = read_date(text, reading.captured_at, reading.zone) if 0 < len(text) <= _CARD_DATE else None
        if found and node.tag != "a":  # a headline may speak of another day
            return found
    return None


def _card(anchor: Any, url: str, page_url: str) -> Any:
    """The largest element around an entry that leads to no other article."""
    card = anchor
    for node in anchor.iterancestors():
        if any(article_url(other, page_url) not in (None, url) for other in node.iter("a")):
            return card
        card = node
    return card
