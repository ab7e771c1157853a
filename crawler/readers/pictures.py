"""A piece of HTML (lxml) -> its pictures, each with why it may be none to a visitor; a file's name, for comparing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

SHOWING = ("figure", "picture", "img", "amp-img", "video", "iframe", "amp-youtube", "amp-instagram")
_LAZY = ("data-src", "data-lazy-src", "data-original", "data-lazy", "data-image", "src")
_NO_PICTURE = re.compile(r"(?:^data:|/(?:blank|pixel|spacer|loading|placeholder|avatar|favicon)\b|/emoji/)", re.I)
_DRAWING = re.compile(r"\.svg(?:$|\?)", re.I)
_NOBODY_S = re.compile(r"\b(?:avatar|emoji|favicon|wp-smiley)\b", re.I)
_NOBODY_S_FILE = re.compile(
    r"(?:^|/)(?:(?:avatar|emoji|favicon)(?:[\d_]\w*)?\.\w+|icon(?:[\d_]\w*)?\.(?:png|gif|svg|ico))(?:$|\?)", re.I
)
_ORNAMENT = re.compile(r"\b(?:logo|icon)\b", re.I)
_ORNAMENT_FILE = re.compile(r"(?:^|/)(?:logo|icon)(?:[\d_][\w]*)?\.\w+(?:$|\?)", re.I)
_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:$|\?)", re.I)
_BACKGROUND = re.compile(r"background(?:-image)?\s*:[^;]*?url\(\s*['\"]?([^'\")]+)", re.I)
_HIDING = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_LONGEST_STYLE = 2000
# Elements that show a picture without being an image, with the attributes that name it; <image> stands in drawings.
_EMBEDDING = {
    "image": ("href", "xlink:href"), "object": ("data",), "embed": ("src",), "iframe": ("src", "data-src"),
    "input": ("src",), "video": ("poster", "data-poster"),
}  # fmt: skip
_LAZY_BACKGROUNDS = ("data-bg", "data-background", "data-background-image")
_SMALL = 80  # declared pixels; a poster so small is not legible
_TINY = 32  # nothing but a sign for the eye
_NOWHERE = re.compile(r"#|javascript:", re.I)
_PIXEL = 2  # what stands in for a picture that comes later
# Sizes that a system adds to a file's name: "-1024x768", "-scaled", "_thumb", "@2x".
_SIZE = re.compile(
    r"(?:[-_]\d{2,5}x\d{2,5}|\d{3,4}x\d{3,4}|-scaled|-rotated|-e1\d{9,12}|@\dx|[_-]thumb(?:nail)?|_(?:small|medium|large))+$"
)
_DELIVERY = re.compile(r"i\d\.wp\.com")  # the host it delivers for is the first part of the path
_GOOGLE_SIZE = re.compile(r"=[swh]\d+[\w-]*$")

_FURNITURE = re.compile(
    r"/(?:themes?|templates?|skins?|plugins?)/(?!.*/(?:uploads?|userfiles)/)|/(?:btn|button|arrow|bullet|sprite|spinner|loader)[\w-]*\.(?:gif|png)"
    r"|/(?:gplus|facebook|twitter|whatsapp|telegram|youtube|instagram|tiktok|rss)[\d_-]*\.(?:gif|png|svg|webp)",
    re.IGNORECASE,
)
_FURNITURE_ALT = re.compile(
    r"logo|icon|ikon|(?:back|scroll) to top|ke atas|facebook|twitter|whatsapp|telegram|google plus|rss", re.I
)  # fmt: skip

Lack = Literal["hidden", "ornament"]


@dataclass(frozen=True, slots=True)
class Picture:
    """What an element shows: its `address` as written, and what it lacks to be a picture shown to visitors.

    `hidden`: not before their eyes, or only in turn; `ornament`: named or declared as one, or a drawing (SVG).
    """

    node: Any
    address: str
    lack: Lack | None = None


def pictures_in(root: Any) -> Iterator[Picture]:
    """The pictures beneath an element; signs, emoji, avatars and placeholders left out."""
    for node in root.iter(etree.Element):
        address, lack = _picture_of(node)
        if address and not _NO_PICTURE.search(address) and not _is_counter(node, address):
            yield Picture(node, address, "hidden" if is_hidden(node, root) else lack)


def _is_counter(node: Any, address: str) -> bool:
    """Whether a picture only counts those visitors whose browser runs no script."""
    return not _PICTURE.search(address) and any(True for _ in node.iterancestors("noscript"))


def is_hidden(node: Any, root: Any) -> bool:
    """Whether an element itself or one above it, up to `root`, says that it is not to be shown.

    A tab or slide that is not the present one says the same. Above `root` nothing is asked: pages hide themselves
    until their styles have come.
    """
    while node is not None and node is not root:
        if _hides(node):
            return True
        node = node.getparent()
    return node is not None and node.tag in SHOWING and _hides(node)


def _hides(node: Any) -> bool:
    if node.tag == "noscript":
        return not _stands_in(node)
    is_told = node.get("hidden") is not None or bool(_HIDING.search((node.get("style") or "")[:_LONGEST_STYLE]))
    return is_told or node.tag == "template"


def _stands_in(noscript: Any) -> bool:
    """Whether it holds the file of the image beside it, of which the page names none that can be read."""
    beside = [one for one in (noscript.getprevious(), noscript.getnext()) if one is not None]
    return any(file_of(image) is None for one in beside for image in one.iter("img", "amp-img"))


def _picture_of(node: Any) -> tuple[str | None, Lack | None]:
    """The picture that an element shows: an image, a background, or what a small preview opens."""
    if node.tag in ("img", "amp-img"):
        address = file_of(node)
        return (None, None) if not address or _is_sign(node, address) else (address, _lack_of(node, address))
    if _opens_larger(node):
        return str(node.get("href")), None
    address = _embedded_in(node) or _background_of(node)
    return address, "ornament" if address and _DRAWING.search(address) else None


def _opens_larger(node: Any) -> bool:
    """Whether an element is a small preview that opens the picture's file."""
    return node.tag == "a" and is_picture(node.get("href") or "") and next(node.iter("img"), None) is not None


def _embedded_in(node: Any) -> str | None:
    """The picture that an element other than an image shows as its whole content."""
    named = next(filter(None, map(node.get, _EMBEDDING.get(node.tag, ()))), None)
    return named if named and (node.tag in ("image", "video") or is_picture(named)) else None


def _background_of(node: Any) -> str | None:
    if node.tag in ("table", "td") and node.get("background"):
        return str(node.get("background"))
    drawn = _BACKGROUND.search((node.get("style") or "")[:_LONGEST_STYLE])
    return drawn[1] if drawn else next(filter(None, map(node.get, _LAZY_BACKGROUNDS)), None)


def _is_sign(image: Any, address: str) -> bool:
    """Whether an image is nobody's statement by its own word, or by its name part of a button that leads elsewhere."""
    if _NOBODY_S.search(_marks(image)) or _NOBODY_S_FILE.search(address):
        return True
    least = _least_side(image)
    is_tiny = least is not None and least <= _TINY
    return is_tiny or (_is_named_ornament(image, address) and leads_elsewhere(image))


def _lack_of(image: Any, address: str) -> Lack | None:
    least = _least_side(image)
    is_small = least is not None and least < _SMALL
    return "ornament" if is_small or _is_named_ornament(image, address) else None


def _is_named_ornament(image: Any, address: str) -> bool:
    return bool(_ORNAMENT.search(_marks(image)) or _ORNAMENT_FILE.search(address) or _DRAWING.search(address))


def _marks(image: Any) -> str:
    return f"{image.get('class', '')} {image.get('id', '')}"


def _least_side(image: Any) -> int | None:
    stated = (image.get(side) or "" for side in ("width", "height"))
    sides = [int(side) for side in stated if side.isdecimal() and len(side) < 6]
    is_late = max(sides, default=0) <= _PIXEL and any(image.get(name) for name in _LAZY[:-1])
    return None if is_late else min(sides, default=None)


def is_furniture(picture: Picture) -> bool:
    """Whether a picture outside of all text is the theme's by its address, or by what stands in its place."""
    return bool(_FURNITURE.search(picture.address) or _FURNITURE_ALT.fullmatch((picture.node.get("alt") or "").strip()))


def leads_elsewhere(node: Any) -> bool:
    """Whether a picture is the button of a link that opens no picture."""
    return any(href and not href.startswith("#") and not _PICTURE.search(href) for href in _hrefs(node))


def _hrefs(node: Any) -> list[str]:
    return [(one.get("href") or "").strip() for one in node.iterancestors("a")]


def ways_from(node: Any) -> list[str]:
    """The addresses, as written, of the pages to which the links around a picture lead, without scripts and files."""
    return [href for href in _hrefs(node) if href and not _NOWHERE.match(href) and not _PICTURE.search(href)]


def file_of(image: Any) -> str | None:
    """The largest file that an image names; a drawing only where it names no other."""
    offers = next(filter(None, map(image.get, ("srcset", "data-srcset", "data-lazy-srcset"))), "")
    sized = [(_width(words[1]), words[0]) for words in map(str.split, offers.split(", ")) if len(words) > 1]
    if sized:
        return str(max(sized)[1])
    files = [url for url in _named_files(image, offers) if url and not _NO_PICTURE.search(url)]
    return next((url for url in files if not _DRAWING.search(url)), None) or next(iter(files), None)


def _named_files(image: Any, offers: str) -> Iterator[str]:
    """Every file that an image names, the one meant first."""
    others = (value for name, value in image.items() if name.startswith("data-") and name != "data-filename")
    lazy = (*map(image.get, _LAZY[:-1]), *filter(is_picture, others))
    named = (*lazy, image.get("src"), offers.split(",")[0], *_picture_sources(image))
    return (str(url).strip() for url in named if url)


def _picture_sources(image: Any) -> Iterator[str]:
    """The first file of each source of the <picture> around an image."""
    for picture in image.iterancestors("picture"):  # the parser takes <source> for its parent
        for source in picture.iter("source"):
            yield next(iter((source.get("srcset") or source.get("data-srcset") or "").replace(",", " ").split()), "")


def _width(words: str) -> float:
    number = re.match(r"\d+(?:\.\d+)?", words)
    return float(number[0]) if number else 0.0


def is_picture(url: str) -> bool:
    """Whether an address is that of a picture's file by its end."""
    return bool(_PICTURE.search(url))


def stem_of(url: str) -> str:
    """One name for one picture: its file's, whatever its size, query, folder and delivering host are."""
    parts = urlsplit(url)
    inner = next((value for _, value in parse_qsl(parts.query) if _PICTURE.search(value)), "")
    name = urlsplit(inner).path if inner else parts.path
    stem, dot, _ = unquote(name.rpartition("/")[2]).lower().rpartition(".")
    if not dot or not _PICTURE.search(name):  # a script, of which the query tells the picture
        return _GOOGLE_SIZE.sub("", f"{parts.path}?{parts.query}".rstrip("?"))
    return _SIZE.sub("", stem) or stem


def place_of(url: str) -> str:
    """The very file: its address without scheme, `www.` and query; where it is a script's, with the query."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    place = parts.path[1:] if _DELIVERY.fullmatch(host) else host + parts.path
    return place if _PICTURE.search(parts.path) else f"{place}?{parts.query}"
