"""The elements of an article's body -> what a script will show in them and the page's own elements do not.

Page builders, sliders, flip books and players write addresses into attributes and scripts, and other sites' frames hold
what only they know. What is named there is before every visitor's eyes, and was not read: absence is not claimed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from crawler.readers.content import Fragment, absolute, unconfirmed
from crawler.readers.pictures import is_picture, pictures_in, stem_of
from crawler.readers.players import is_clip
from crawler.readers.shown_posts import is_post

_ANYWHERE = "https://x.example/"  # file names alone are compared
_LONGEST = 20_000  # characters of one attribute or script
_FILE = re.compile(r"[^\s\"'()<>,;&\\]{3,300}\.(?:jpe?g|png|webp|avif|mp4|webm|m4v|m3u8|mp3|pdf)(?![\w.])", re.I)
_FRAMES = ("iframe", "embed", "object", "amp-iframe")
# Frames that show no statement: maps, sharing, comments, advertisements, tests for robots.
_OF_NO_MATTER = re.compile(
    r"google\.[a-z.]+/maps|maps\.google|openstreetmap|/plugins/(?:like|page|share|comments|follow)|disqus|recaptcha|addthis"
    r"|doubleclick|googlesyndication|googletagmanager|^(?:about:|javascript:|data:|$)",
    re.I,
)
_WIDGET = re.compile(
    r"\b(?:elfsight-app|curator-feed|embedsocial|lightwidget|snapwidget|taggbox|pdfemb-viewer|_df_\w+|df-element|flip-?book"
    r"|fb3d|pdf-?viewer)",
    re.I,
)
_READ_ELSEWHERE = ("img", "amp-img", "a")
_QUIET = re.compile(r"\b(?:shar|social|avatar|author|lazyload-placeholder)", re.I)
_FOR_SCRIPTS = re.compile(r"data-|(?:source|style)$")
# Players of AMP whose clips are known to them alone, and lists that they fill.
_PLAYERS = re.compile(r"audio|amp-(?:audio|vimeo|dailymotion|jwplayer|brightcove-player|google-document-embed|list)")
# A document whose name or link says that it is what campaigns are made of; decrees and letters are linked every day.
_DOCUMENT = re.compile(r"\.(?:pdf|zip|rar|pptx?)(?:$|[?#])|//drive\.google\.com/", re.I)
_PUBLISHED = re.compile(r"poster|banner|spanduk|fl[iy]er|leaflet|pamflet|infografis|baliho|brosur|video|kampanye", re.I)
_DATA = re.compile(r"(?:(?:text|application)/(?:x-)?(?:javascript|ecmascript|json)|module)?", re.I)


def filled_later(root: Any, found: Fragment) -> str | None:
    """Names something that readers of an element will see and `found` lacks; None where nothing is named."""
    known = {stem_of(url) for one in pictures_in(root) if (url := absolute(_ANYWHERE, one.address))}
    known |= set(map(stem_of, (*found.images, *found.videos)))
    for node in root.iter(etree.Element):
        told = _frame_of(node, found) or _widget_of(node) or _opened_by(node, known)
        told = told or next(_files_of(node, known), None)
        if told:
            return unconfirmed(told.removeprefix(_ANYWHERE.rstrip("/")))
    return None


def _frame_of(node: Any, found: Fragment) -> str | None:
    """What a frame of another site shows, but of services whose posts are known by their address."""
    if _PLAYERS.fullmatch(node.tag) or (node.tag == "iframe" and node.get("srcdoc")):
        return str(node.tag)
    if node.tag not in _FRAMES:
        return None
    names = ("src", "data-src", "data-lazy-src", "data-litespeed-src", "data")
    urls = [url for url in map(node.get, names) if url and not _OF_NO_MATTER.search(url)]
    return next((url for url in urls if not is_post(url)), None)


def _opened_by(node: Any, known: Collection[str]) -> str | None:
    """The picture, clip or campaign's document that words link: it is one click away, and nobody saw it."""
    url = absolute(_ANYWHERE, node.get("href") or "") if node.tag == "a" else ""
    said = f"{url} {''.join(node.itertext())}" if _DOCUMENT.search(url) else ""
    if not (is_picture(url) or is_clip(url) or _PUBLISHED.search(said)):
        return None
    is_shown = next(node.iter("img", "amp-img"), next(node.iterancestors("video"), None)) is not None
    return None if is_shown or stem_of(url) in known else url


def _widget_of(node: Any) -> str | None:
    named = _WIDGET.search(f"{node.get('class') or ''} {node.get('id') or ''}"[:_LONGEST])
    return named[0] if named else None


def _files_of(node: Any, known: Collection[str]) -> Iterator[str]:
    """The files that an element's attributes for scripts name, or its script."""
    for words in _said_by(node):
        named = (absolute(_ANYWHERE, one[0]) for one in _FILE.finditer(words[:_LONGEST].replace("\\/", "/")))
        yield from (one for one in named if one and stem_of(one) not in known)


def _said_by(node: Any) -> list[str]:
    """What an element tells scripts, or its script says; images are read where their own attributes are known."""
    if node.tag == "script":
        return [node.text or ""] * bool(_DATA.fullmatch((node.get("type") or "").strip()))
    is_known = node.tag in _READ_ELSEWHERE or _QUIET.search(node.get("class") or "")
    return [] if is_known else [value for name, value in node.items() if _FOR_SCRIPTS.match(name)]
