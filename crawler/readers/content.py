"""A piece of HTML -> the text, pictures and links it carries; and the Article all readers speak of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types
from lxml import html as html_elements
from w3lib.encoding import html_to_unicode

from crawler.dates import Instant
from crawler.errors import Unreadable
from crawler.items import Capture

MAX_PAGE_BYTES = 3_000_000  # a page of articles or one article is never near this
MAX_IMAGES = 20
MAX_LINKS = 100
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "dd", "div", "dl", "dt", "fieldset", "figcaption"),
        *("figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main"),
        *("nav", "ol", "p", "pre", "section", "table", "tr", "ul"),
    )
)
_SILENT = frozenset(("script", "style", "noscript", "template", "svg", "head", "iframe", "button", "select"))
_LAZY = ("data-src", "data-lazy-src", "data-original", "data-lazy", "data-image", "src")
_NO_PICTURE = re.compile(r"(?:^data:|\.svg(?:$|\?)|/(?:blank|pixel|spacer|loading|placeholder|avatar|favicon)\b)", re.I)
_CHROME = re.compile(r"\b(?:logo|icon|avatar|emoji|favicon)\b", re.I)
_CHROME_FILE = re.compile(r"(?:^|/)(?:logo|icon|avatar|emoji|favicon)(?:[\d_][\w]*)?\.\w+(?:$|\?)|/emoji/", re.I)
_PDF = re.compile(r"\.pdf(?:$|[?#&])", re.I)
_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:$|\?)", re.I)
_BACKGROUND = re.compile(r"background(?:-image)?\s*:[^;]*?url\(\s*['\"]?([^'\")]+)", re.I)
_LONGEST_STYLE = 2000
_LAZY_BACKGROUNDS = ("data-bg", "data-background", "data-background-image")
_SHARING = re.compile(
    r"(?:/sharer|/share\?|/share/url|/intent/|/dialog/|wa\.me/?\?|api\.whatsapp\.com/send|^https?://plus\.google|pinterest\.\w+/pin/create)",
    re.I,
)
_LINKING = (
    "a", "iframe", "blockquote", "embed", "object", "amp-youtube", "amp-instagram", "lite-youtube", "div",
)  # fmt: skip
_TRACKING = re.compile(r"^(?:utm_\w+|fbclid|gclid|igshid|igsh|mc_[ce]id|_ga|ref|amp)$", re.I)


@dataclass(frozen=True, slots=True)
class Fragment:
    """What a piece of HTML holds; addresses are absolute, in order, without repeats."""

    text: str = ""
    images: tuple[str, ...] = ()
    videos: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """One article as read. `url` is canonical; `published` is None when no date could be had.

    `unread` names why its content could not be read (None = it was), `conflict` what the page says otherwise of its
    publication, with the places. `rest`: where the same article goes on.
    """

    url: str
    title: str
    published: Instant | None
    fragment: Fragment = Fragment()
    unread: str | None = None
    conflict: str | None = None
    rest: tuple[str, ...] = ()


def parse_page(answer: Capture) -> Any:
    """The root element (lxml) of an HTML answer in its own encoding. Raises Unreadable, also when huge."""
    if len(answer.body) > MAX_PAGE_BYTES:
        raise Unreadable(f"page of {len(answer.body)} bytes")
    _, text = html_to_unicode(answer.header("content-type"), answer.body)
    return parse_html(text)


def parse_html(text: str) -> Any:
    """The root element (lxml) of some HTML. Raises Unreadable where the parser gave up.

    It stops without a word some thousand tags deep: whatever stood there would be missing unseen.
    """
    parser = html_elements.HTMLParser(recover=True, encoding="utf-8", huge_tree=True)
    body = text.replace("\x00", "").strip().encode("utf-8", "replace")
    root = etree.fromstring(body or b"<p></p>", parser)
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        raise Unreadable("HTML nested too deep")
    return etree.fromstring(b"<p></p>", parser) if root is None else root


def read_fragment(html: str, base_url: str) -> Fragment:
    """Text, pictures and links of some HTML, all of which is meant as content. Raises as `parse_html`."""
    return fragment_of(parse_html(html), base_url)


def read_body(html: str, base_url: str) -> tuple[Fragment, str | None]:
    """As `read_fragment`, and why it could not be read: one broken text costs its own article only."""
    try:
        root = parse_html(html)
        found = fragment_of(root, base_url)
        doubt = unseen_in(root, found)
        return found, f"unreadable: {doubt}" if doubt else None
    except Unreadable as trouble:
        return Fragment(), f"unreadable: {trouble.detail}"


def unseen_in(root: Any, found: Fragment) -> str | None:
    """What readers of an element see and `found` may lack, None where it lacks nothing."""
    if len(found.images) >= MAX_IMAGES or len(found.videos) >= MAX_IMAGES or len(found.links) >= MAX_LINKS:
        return "too many pictures or links"
    shown = (str(node.get(name) or "") for node in root.iter("iframe", "object", "embed") for name in ("src", "data"))
    return "a PDF is shown in it" if any(_PDF.search(url) for url in shown) else None


def fragment_of(root: Any, base_url: str) -> Fragment:
    """Text, pictures and links beneath an element."""
    return Fragment(
        text_of(root),
        _distinct(picture_urls(root, base_url), MAX_IMAGES),
        _distinct(video_urls(root, base_url), MAX_IMAGES),
        _distinct(outgoing_links(root, base_url), MAX_LINKS),
    )


def text_of(root: Any) -> str:
    """Readable text beneath an element, one line per block."""
    parts: list[str] = []
    _gather(root, parts)
    lines = (re.sub(r"\s+", " ", line).strip() for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _gather(node: Any, parts: list[str]) -> None:
    """Step by step and not by recursion: pages may be nested deeper than Python's stack."""
    waiting: list[Any] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            parts.append(one)
        elif isinstance(one.tag, str) and one.tag not in _SILENT:
            waiting += reversed(_pieces(one))


def _pieces(node: Any) -> list[Any]:
    """An element's words and children in order; line ends of the source are only blanks."""
    around = "\n" if node.tag in _BLOCKS else ""
    pieces = ["\n" if node.tag == "br" else around, (node.text or "").replace("\n", " ")]
    for child in node:
        pieces += [child, (child.tail or "").replace("\n", " ")]
    return [*pieces, around]


def picture_urls(root: Any, base_url: str) -> Iterator[str]:
    """Addresses of the pictures, lazily loaded ones included, ornaments left out."""
    for node in root.iter(etree.Element):
        url = _picture_of(node)
        if url and not _NO_PICTURE.search(url):
            yield absolute(base_url, url)


def _picture_of(node: Any) -> str | None:
    """The picture that an element shows: an image, a background, or what a small preview opens."""
    if node.tag in ("img", "amp-img"):
        return _picture_in(node)
    if node.tag == "a" and _PICTURE.search(node.get("href") or "") and next(node.iter("img"), None) is not None:
        return str(node.get("href"))
    drawn = _BACKGROUND.search((node.get("style") or "")[:_LONGEST_STYLE])
    return drawn[1] if drawn else next(filter(None, map(node.get, _LAZY_BACKGROUNDS)), None)


def _picture_in(image: Any) -> str | None:
    """An image's own file, unless it is an ornament by size, name or file."""
    marks = f"{image.get('class', '')} {image.get('id', '')}"
    small = any(_is_small(image.get(side)) for side in ("width", "height"))
    url = None if small or _CHROME.search(marks) else _largest(image)
    return None if url and _CHROME_FILE.search(url) else url


def _largest(image: Any) -> str | None:
    offers = next(filter(None, map(image.get, ("srcset", "data-srcset", "data-lazy-srcset"))), "")
    sized = [(_width(words[1]), words[0]) for words in map(str.split, offers.split(", ")) if len(words) > 1]
    if sized:
        return str(max(sized)[1])
    others = (value for name, value in image.items() if name.startswith("data-") and _PICTURE.search(value))
    found = (*map(image.get, _LAZY[:-1]), *others, image.get("src"), offers.split(",")[0], *_picture_sources(image))
    return next((str(url).strip() for url in found if url and not _NO_PICTURE.search(url)), None)


def _picture_sources(image: Any) -> Iterator[str]:
    """The first file of each source of the <picture> around an image."""
    for picture in image.iterancestors("picture"):  # the parser takes <source> for its parent
        for source in picture.iter("source"):
            yield next(iter((source.get("srcset") or source.get("data-srcset") or "").replace(",", " ").split()), "")


def _width(words: str) -> float:
    number = re.match(r"\d+(?:\.\d+)?", words)
    return float(number[0]) if number else 0.0


def _is_small(size: str | None) -> bool:
    return size is not None and size.isdecimal() and int(size) < 80


def video_urls(root: Any, base_url: str) -> Iterator[str]:
    """Addresses of clips the page itself carries."""
    for node in root.iter("video", "source"):
        parent = node.getparent()
        carried = node.tag == "video" or (parent is not None and parent.tag == "video")
        if carried and node.get("src"):
            yield absolute(base_url, node.get("src"))


def outgoing_links(root: Any, base_url: str) -> Iterator[str]:
    """Addresses that the content links or embeds; sharing buttons are no statement of the author."""
    for node in root.iter(*_LINKING):
        for raw in _stated_links(node):
            url = absolute(base_url, raw)
            if url.startswith(("http://", "https://")) and not _SHARING.search(url):
                yield url


def _stated_links(node: Any) -> list[str]:
    names = ("href", "src", "data", "data-src", "data-lazy-src", "data-litespeed-src", "data-instgrm-permalink", "cite")
    links = [node.get(name) for name in names if node.get(name)] if node.tag != "div" else []
    if str(node.get("class")).startswith("fb-"):
        links.append(node.get("data-href") or "")
    if node.get("videoid"):
        links.append(f"https://www.youtube.com/watch?v={node.get('videoid')}")
    if node.get("data-videoid"):
        links.append(f"https://www.youtube.com/watch?v={node.get('data-videoid')}")
    if node.get("data-shortcode"):
        links.append(f"https://www.instagram.com/p/{node.get('data-shortcode')}/")
    return links


def absolute(base_url: str, raw: str) -> str:
    """The address that `raw` means on a page; empty where it is none ("http://[" and the like)."""
    try:
        url = urljoin(base_url, raw.strip())
        return url if urlsplit(url).hostname else ""
    except ValueError:
        return ""


def base_of(root: Any, page_url: str) -> str:
    """The address that a page's relative ones count from: its `<base href>`, else its own."""
    stated = next((node.get("href") for node in root.iter("base") if node.get("href")), "")
    return absolute(page_url, stated) or page_url


def _distinct(found: Iterator[str], most: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, found)))[:most]


def canonical_url(url: str) -> str:
    """An address without fragment and tracking parameters, host in lower case: one page, one name."""
    parts = urlsplit(url)
    query = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(key)]
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", urlencode(query), ""))
