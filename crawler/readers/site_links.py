"""A page -> its links into the same site, each with what its address, anchor and place tell of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from crawler.readers.boxes import is_box, is_menu
from crawler.readers.content import base_of, canonical_url
from crawler.readers.paging import is_paging

MIN_SCORE = 5
_BUILD_LEVELS = 25  # ancestors that tell one list from another
TITLE = 25  # letters; menus speak in shorter words
_SIGNS = (
    (3, re.compile(r"/(?:19|20)\d\d/\d{1,2}/")),
    (2, re.compile(r"\d{5,}")),
    (3, re.compile(r"(?:^|/)(?:[^/.-]*[-.]){3}[^/]*/?$")),
    (2, re.compile(r"/(?:berita|news|artikel|article|read|post|kabar|pengumuman|detail|kegiatan)/", re.I)),
    (-3, re.compile(r"/(?:tags?|kategori|category|author|penulis|page|search|login|profil|feed)\b", re.I)),
)  # fmt: skip
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|zip|rar|jpe?g|png|gif|webp|svg|mp4|mp3|xml|css|js)$", re.I)
_DATED = re.compile(r"/((?:19|20)\d\d)/(\d{1,2})/")


@dataclass(frozen=True)
class Link:
    """One anchor and the canonical address it leads to, on another page of the same site.

    `is_in_menu`: it stands in the page's menus, its head or its foot; `is_in_box`: there, or in a box
    of other articles.
    """

    url: str
    anchor: Any
    is_in_menu: bool = False
    is_in_box: bool = False

    @cached_property
    def score(self) -> int:
        """How much address and anchor look like an article's; from MIN_SCORE on they surely do."""
        return address_score(self.url) + (2 if len(self.words) >= TITLE else 0)

    @cached_property
    def words(self) -> str:
        """The anchor's text in one line."""
        return " ".join("".join(self.anchor.itertext()).split())

    @cached_property
    def build(self) -> tuple[str, ...]:
        """How the way from the page's root to it is built; entries of one list are built alike."""
        steps = islice(self.anchor.iterancestors(), _BUILD_LEVELS)
        return tuple(f"{node.tag}.{' '.join((node.get('class') or '').split()[:1])}" for node in steps)


def address_score(url: str) -> int:
    """How much an address alone looks like an article's: its date, number, words and section."""
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return sum(points for points, sign in _SIGNS if sign.search(path))


def links_on(root: Any, page_url: str) -> list[Link]:
    """All links to other pages of the same site, in order; paging, files and the front page left out."""
    own, places = canonical_url(page_url), _places(root)
    found = []
    for anchor, url in anchors_of(root, page_url):
        parts = urlsplit(url)
        is_front = parts.path in ("", "/") and not parts.query
        if not (url == own or is_front or _FILE.search(parts.path) or is_paging(anchor, url, page_url)):
            found.append(Link(url, anchor, *places[anchor]))
    return found


def _places(root: Any) -> dict[Any, tuple[bool, bool]]:
    """For every element whether it lies in a menu, and whether in a menu or box: one walk over the page,
    for asking each link's ancestors would take hours on pages made to be deep."""
    places: dict[Any, tuple[bool, bool]] = {}
    for node in root.iter(etree.Element):
        parent = node.getparent()
        if parent is None:
            places[node] = (False, False)
            continue
        in_menu, in_box = places[parent]
        in_menu = in_menu or is_menu(parent)
        places[node] = (in_menu, in_box or in_menu or is_box(parent))
    return places


def anchors_of(root: Any, page_url: str) -> Iterator[tuple[Any, str]]:
    """Each anchor that leads into the same site, with its canonical address."""
    base = base_of(root, page_url)
    for anchor in root.iter("a"):
        href = (anchor.get("href") or "").strip()
        if not href or href.startswith(("#", "javascript:", "mailto:", "tel:", "whatsapp:")):
            continue
        try:
            url = canonical_url(urljoin(base, href))
        except ValueError:  # "http://[" and the like
            continue
        if url.startswith("http") and host_of(url) == host_of(page_url):
            yield anchor, url


def host_of(url: str) -> str:
    """The host of an address, `www.` set aside."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def shape_of(url: str) -> str:
    """What the addresses of one kind of page have in common: `/berita/*`, `/#/#/*`, `/read/#`, `/?id=#`."""
    parts = urlsplit(url)
    *folders, last = parts.path.strip("/").split("/")
    steps = [_step(folder) for folder in folders] + [_last_step(last)]
    query = sorted(f"{key}={'#' if value.isdecimal() else '*'}" for key, value in parse_qsl(parts.query))
    return "/" + "/".join(filter(None, steps)) + ("?" + "&".join(query) if query else "")


def _step(folder: str) -> str:
    if re.fullmatch(r"[\d-]+", folder):
        return "#"
    return folder.lower() if re.fullmatch(r"[a-z_.]+", folder, re.I) else "*"


def _last_step(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    if not dot or not re.fullmatch(r"[a-z]{2,5}", ending):
        stem, ending = name, ""
    kind = "#" if re.fullmatch(r"[\d-]+", stem) else "*" if stem else ""
    return kind + (f".{ending}" if ending else "")


def is_specific(shape: str) -> bool:
    """Whether a shape tells one kind of page from another: `/*` is that of every menu entry as well."""
    return bool(re.search(r"[^/*]", shape))


def month_of(url: str) -> tuple[int, int] | None:
    """Year and month that stand in an address, or None."""
    found = _DATED.search(urlsplit(url).path)
    return (int(found[1]), int(found[2])) if found else None
