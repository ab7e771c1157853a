"""A page of a list -> the address of the following one; a menu -> the lists of articles it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from crawler.readers.content import base_of

_NEXT_WORDS = re.compile(r"^(?:selanjutnya|berikutnya|lebih lama|next|older(?: posts)?|[›»>]+)\W*$", re.IGNORECASE)
_INDEX_WORDS = re.compile(
    r"^(?:semua |indeks |index |arsip |daftar )?(?:berita|artikel|kabar|news|warta|pengumuman|kegiatan|"
    r"siaran pers|rilis(?: pers)?|liputan|opini)(?: (?:terkini|terbaru|kami))?$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?:(?<=[?&])(?:page|halaman|hal|p|paged)=(\d+)&?|/(?:page|halaman)/(\d+)(?=/|$|\?))")
_PAGER = re.compile(r"(?:^|[\s_-])(?:pagination|paging|pager|page-numbers|nav-links)(?:$|[\s_-])", re.I)
_PAGER_WORDS = re.compile(
    r"^\W*(?:(?:halaman |page )?\d{1,4}|selanjutnya|berikutnya|lebih lama|sebelumnya|next|prev(?:ious)?"
    r"|older(?: posts)?|newer(?: posts)?|pertama|terakhir|awal|akhir|first|last)?\W*$",
    re.IGNORECASE,
)


def is_paging(anchor: Any, url: str, page_url: str) -> bool:
    """Whether an anchor only turns the pages of the list it stands under."""
    if not _PAGER_WORDS.match(_words(anchor)):
        return False
    if _NUMBER.search(url) and _without_number(url) == _without_number(page_url):
        return True
    return any(_PAGER.search(f"{one.get('class', '')} {one.get('id', '')}") for one in _around(anchor))


def next_page(root: Any, page_url: str) -> str | None:
    """The address of the following (older) page of the list, or None: by rel, by number, by word."""
    stated = _stated_next(root)
    if stated:
        return _joined(base_of(root, page_url), stated)
    turning = list(_turning(root, page_url))
    wanted = _number(page_url) + 1
    numbered = (url for _, url in turning if _NUMBER.search(url) and _number(url) == wanted)
    worded = (url for words, url in turning if _NEXT_WORDS.match(words))
    return next(numbered, None) or next(worded, None)


def _stated_next(root: Any) -> str | None:
    nodes = (node for node in root.iter("link", "a") if "next" in (node.get("rel") or "").split())
    return next((str(node.get("href")) for node in nodes if node.get("href")), None)


def _turning(root: Any, page_url: str) -> Iterator[tuple[str, str]]:
    """Words and addresses of the anchors that may turn the page: on the same host, in a pager's words."""
    host, base = urlsplit(page_url).hostname, base_of(root, page_url)
    for anchor in root.iter("a"):
        words = _words(anchor)
        url = _joined(base, anchor.get("href"))
        if url and urlsplit(url).hostname == host and _PAGER_WORDS.match(words):
            yield words, url


def index_urls(root: Any, page_url: str) -> list[str]:
    """The addresses of the site's own lists of articles, as its menu names them."""
    host, base = urlsplit(page_url).hostname, base_of(root, page_url)
    found = []
    for anchor in root.iter("a"):
        url = _joined(base, anchor.get("href"))
        if url and _INDEX_WORDS.match(_words(anchor)) and urlsplit(url).hostname == host:
            found.append(url)
    return [url for url in dict.fromkeys(found) if urlsplit(url).path.strip("/") or urlsplit(url).query]


def _joined(page_url: str, href: str | None) -> str | None:
    try:
        url = urljoin(page_url, (href or "").strip())
    except ValueError:  # "http://[" and the like
        return None
    return url.partition("#")[0] if href and url.startswith("http") else None


def _words(anchor: Any) -> str:
    return " ".join("".join(anchor.itertext()).split())


def _around(anchor: Any) -> list[Any]:
    return [anchor, *anchor.iterancestors()][:5]


def _number(url: str) -> int:
    found = _NUMBER.search(url)
    digits = (found[1] or found[2]) if found else "1"
    return int(digits) if len(digits) < 7 else 1


def _without_number(url: str) -> str:
    return _NUMBER.sub("", url.partition("#")[0]).rstrip("?&/")
