"""A piece of HTML -> the text, pictures and links it carries; and the Article all readers speak of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types
from lxml import html as html_elements
from w3lib.encoding import html_to_unicode

from crawler.dates import Instant
from crawler.errors import Unreadable
from crawler.items import Capture
from crawler.readers.pictures import file_of, is_hidden, pictures_in
from crawler.readers.players import CLIP_TAGS, clip_of, played_by

# The parser lets these in, and then nobody can move the text that holds them.
_UNLAWFUL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
MAX_PAGE_BYTES = 3_000_000  # a page of articles or one article is never near this
MAX_IMAGES = 20
MAX_LINKS = 100
_TELLING = 25  # letters; what a button says of itself is shorter
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "dd", "div", "dl", "dt", "fieldset", "figcaption"),
        *("figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main"),
        *("nav", "ol", "p", "pre", "section", "table", "tr", "ul"),
    )
)
_SILENT = frozenset(("script", "style", "noscript", "template", "svg", "head", "iframe", "button", "select"))
_WRITTEN_OUT = 2_000  # characters; placeholders and signs are shorter
_PIXELS = re.compile(r"data:image/(?!svg)", re.I)
_DRAWN = re.compile(r"url\(\s*['\"]?([^'\")]+\.(?:jpe?g|png|webp|avif))\b", re.I)
_PDF = re.compile(r"\.pdf(?:$|[?#&])", re.I)
_SHARING = re.compile(
    r"(?:/sharer|/share\?|/share/url|/intent/|/dialog/|wa\.me/?\?|api\.whatsapp\.com/send|^https?://plus\.google|pinterest\.\w+/pin/create)",
    re.I,
)
_LINKING = (
    "a", "iframe", "blockquote", "embed", "object", "amp-youtube", "amp-instagram", "lite-youtube", "div",
    "script", "oembed", "amp-iframe", "amp-facebook", "amp-twitter", "amp-tiktok",
)  # fmt: skip
_TRACKING = re.compile(r"^(?:utm_\w+|fbclid|gclid|igshid|igsh|mc_[ce]id|_ga|ref|amp)$", re.I)


@dataclass(frozen=True, slots=True)
class Fragment:
    """What a piece of HTML holds; addresses are absolute, in order, without repeats. `embeds`: posts of other services
    that it shows in itself."""

    text: str = ""
    images: tuple[str, ...] = ()
    videos: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    embeds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Linked:
    """A picture in the body that leads to another page of the site: its address and that page's canonical one, empty =
    not looked for."""

    url: str
    page: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What an article's page shows and does not alone tell whose it is; absolute addresses, of pictures but `posts`.

    `stated`: shown outside of the body and named for sharing: they count, unless the site shows them elsewhere.
    `shown`: outside of the body, named by nothing: they count where other pages bear out that they are its own.
    `unsure`: nowhere seen, hidden, or by name, size or format an ornament: they never count.
    `linked`: in the body, leading to another page, and `far`: behind the article's frame, in a header of the page, in
    an aside. They count only where the front page shows them as this article's. `posts`: embeds of other services'
    posts and clips outside of the body: they never count.
    """

    stated: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    linked: tuple[Linked, ...] = ()
    far: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()

    @property
    def doubt(self) -> str | None:
        """Why absence is not claimed while they are open."""
        linked = (one.url for one in self.linked)
        return next(map(unconfirmed, (*self.shown, *linked, *self.far, *self.unsure, *self.posts)), None)

    def __bool__(self) -> bool:
        return bool(self.stated or self.doubt)


@dataclass(frozen=True, slots=True)
class Article:
    """One article as read. `url` is canonical; `published` is None when no date could be had.

    `unread` names why its content could not be read (None = it was), `conflict` what the page says otherwise of its
    publication, with the places. `rest`: where the same article goes on. `beside`: pictures of open
    ownership.
    """

    url: str
    title: str
    published: Instant | None
    fragment: Fragment = Fragment()
    unread: str | None = None
    conflict: str | None = None
    rest: tuple[str, ...] = ()
    beside: Beside = Beside()


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
    body = _UNLAWFUL.sub(" ", text.replace("\x00", "")).strip().encode("utf-8", "replace")
    root = etree.fromstring(body or b"<p></p>", parser)
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        raise Unreadable("HTML nested too deep")
    return etree.fromstring(b"<p></p>", parser) if root is None else root


def read_fragment(html: str, base_url: str) -> Fragment:
    """Text, pictures and links of some HTML, all of which is meant as content. Raises as `parse_html`."""
    return fragment_of(parse_html(html), base_url)


def unseen_in(root: Any, found: Fragment) -> str | None:
    """What readers of an element see and `found` may lack, None where it lacks nothing."""
    if len(found.images) >= MAX_IMAGES or len(found.videos) >= MAX_IMAGES or len(found.links) >= MAX_LINKS:
        return "too many pictures or links"
    return _document_in(root) or _button_in(root) or _unnamed_in(root) or _hidden_clip_in(root)


def _document_in(root: Any) -> str | None:
    shown = (str(node.get(name) or "") for node in root.iter("iframe", "object", "embed") for name in ("src", "data"))
    return "a PDF is shown in it" if any(_PDF.search(url) for url in shown) else None


def _hidden_clip_in(root: Any) -> str | None:
    files = (clip_of(node) for node in root.iter(*CLIP_TAGS) if is_hidden(node, root))
    return next(map(unconfirmed, filter(None, files)), None)


def _unnamed_in(root: Any) -> str | None:
    """Names a picture without an address: written into the page by an editor, or drawn by a style sheet."""
    if any(map(_is_written_out, root.iter("img"))):
        return "a picture is written into the page"
    drawn = (_DRAWN.search(style.text or "") for style in root.iter("style"))
    return next((unconfirmed(one[1]) for one in drawn if one), None)


def _button_in(root: Any) -> str | None:
    """Names a button or drawing that says a whole line: accordions keep their headings in one."""
    labels = (" ".join("".join(node.itertext()).split()) for node in root.iter("button", "text"))
    return next((unconfirmed(one) for one in labels if len(re.sub(r"\W+", "", one)) >= _TELLING), None)


def _is_written_out(image: Any) -> bool:
    source = image.get("src") or ""
    return len(source) >= _WRITTEN_OUT and bool(_PIXELS.match(source)) and file_of(image) is None


def is_sharing(url: str) -> bool:
    """Whether an address is that of a button that shares a page."""
    return bool(_SHARING.search(url))


def unconfirmed(what: str) -> str:
    """The doubt that a line or address casts which stands on the page, and is not known to be the article's."""
    return f"not confirmed: {what[:60]}"


def fragment_of(root: Any, base_url: str, images: Iterable[str] | None = None) -> Fragment:
    """Text, pictures and links beneath an element; `images`: those of its pictures that are meant, None = all."""
    return Fragment(
        text_of(root),
        _distinct(picture_urls(root, base_url) if images is None else iter(images), MAX_IMAGES),
        _distinct(video_urls(root, base_url), MAX_IMAGES),
        _distinct(outgoing_links(root, base_url), MAX_LINKS),
    )


def with_images(fragment: Fragment, images: Iterable[str]) -> Fragment:
    """The fragment with further pictures before its own."""
    return replace(fragment, images=_distinct(iter([*images, *fragment.images]), MAX_IMAGES))


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
    """Addresses of the pictures that a visitor is shown, lazily loaded ones included, ornaments left out."""
    for one in pictures_in(root):
        if one.lack is None:
            yield absolute(base_url, one.address)


def video_urls(root: Any, base_url: str) -> Iterator[str]:
    """Addresses of clips the page itself carries."""
    for node in root.iter(*CLIP_TAGS):
        file = clip_of(node)
        if file and not is_hidden(node, root):
            yield absolute(base_url, file)


def outgoing_links(root: Any, base_url: str) -> Iterator[str]:
    """Addresses that the content links or embeds; sharing buttons are no statement of the author."""
    for node in root.iter(*_LINKING):
        for raw in stated_links(node):
            url = absolute(base_url, raw)
            if url.startswith(("http://", "https://")) and not _SHARING.search(url):
                yield url


def stated_links(node: Any) -> list[str]:
    """The addresses, as written, that an element links or embeds."""
    names = ("href", "src", "data", "data-src", "data-lazy-src", "data-litespeed-src", "data-instgrm-permalink", "cite")
    is_named = node.tag not in ("div", "script", "amp-facebook", "amp-twitter", "amp-tiktok")
    links = [node.get(name) for name in names if node.get(name)] if is_named else []
    if str(node.get("class")).startswith("fb-"):
        links.append(node.get("data-href") or "")
    if node.get("videoid"):
        links.append(f"https://www.youtube.com/watch?v={node.get('videoid')}")
    if node.get("data-videoid"):
        links.append(f"https://www.youtube.com/watch?v={node.get('data-videoid')}")
    links += played_by(node)
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
