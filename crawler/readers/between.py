"""A body as read -> a line between headline and body, or right behind it, that may be the article's.

Custom themes keep a subheading or a pledge in an element of its own there; beside it stand date, writer, counters and
what a picture's caption says. Page builders make a block of each list and quotation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice, takewhile
from typing import Any

from crawler.dates.shapes import days_in
from crawler.dates.words import fold
from crawler.readers.body import Body
from crawler.readers.cards import Here
from crawler.readers.content import absolute, is_sharing, text_of, unconfirmed
from crawler.readers.headline import headline_of, letters_of
from crawler.readers.lines import calls, least_telling, lines_of
from crawler.readers.pictures import SHOWING, is_hidden

_MANY = 400  # elements behind the headline; a body that begins later is not told from the page around it
_WORDS = 3  # an address is no line
_AROUND = 2  # elements around a line in which a picture makes a caption of it
# Blocks that editors fill, as Elementor, WPBakery, Divi, Beaver and Fusion name them; not those of a theme's template.
_BUILT = re.compile(
    r"(?:^|\s)(?:elementor-widget-(?:text-editor|heading|icon-list|blockquote|toggle|accordion|tabs|testimonial|alert|call-to-action)"
    r"|wpb_text_column|vc_custom_heading|et_pb_text|fl-rich-text|fusion-text)(?:\s|$)"
)
_PLAIN = ("p", "blockquote", "center", "pre")
_NEXT = ("h1", "h2", "h3", "h4", "h5", "h6", "form")  # comments, lists of others, who wrote it
_ABOUT = re.compile(
    r"^(?:oleh|penulis|ditulis|di(?:posting|publikasi|terbit|unggah|muat)\w*|editor|reporter|by|posted|published|admin\w*"
    r"|kategori|category|tags?|topik|lokasi|sumber|foto|share|bagikan|print|cetak|link|beranda|home)\b"
    r"|\b(?:foto|dok|photo|ist)\b[^ ]*[:/)]"
    r"|\b(?:dilihat|dibaca|pembaca|views?|hits|kali|komentar|comments?|menit|min(?:ute)? read)\b",
    re.IGNORECASE,
)


def line_between(body: Body, title: str) -> str | None:
    """Names a line between headline and body that the reading lacks, and that tells of neither day, writer nor picture;
    None where there is none, or the body holds its headline."""
    shown, captions = _shown_between(body, title)
    called = (line for one in captions for line in lines_of(text_of(one), title) if _is_called(line))
    lost = (unconfirmed(line) for line in called if letters_of(line) not in letters_of(body.text))
    return _new_line((one for one in shown if one not in captions), body, title) or next(lost, None)


def _is_called(line: str) -> bool:
    """Whether a caption's line says what campaigns do; others only tell what is to be seen."""
    return len(letters_of(line)) >= least_telling(line) and (line.endswith("!") or calls(line))


def line_linked(body: Body, here: Here) -> str | None:
    """Names a paragraph that is wholly a link off the site and that no reading has; None = none. Those that lead to
    another page of the site are other articles' headlines."""
    have = letters_of(body.text)
    links = (link for holder in body.holders for link in holder.iter("a") if _is_off(link, here))
    lines = (" ".join("".join(link.itertext()).split()) for link in links if _is_paragraph(link))
    return next((unconfirmed(line) for line in lines if _is_line(line) and letters_of(line) not in have), None)


def _is_line(line: str) -> bool:
    return len(line.split()) >= _WORDS and len(letters_of(line)) >= least_telling(line)


def _is_paragraph(link: Any) -> bool:
    """Whether a link is all that its paragraph says."""
    around = next(link.iterancestors("p", "li", "center"), None)
    return around is not None and letters_of("".join(around.itertext())) == letters_of("".join(link.itertext()))


def _is_off(link: Any, here: Here) -> bool:
    url = absolute(here.base_url, link.get("href") or "")
    is_on = here.is_on_site(url) or bool(here.page_of(link, or_sister=True))
    return bool(url) and not is_on and not is_sharing(url)


def _new_line(blocks: Iterable[Any], body: Body, title: str) -> str | None:
    have, told = letters_of(body.text), letters_of(title)
    for block in blocks:
        linked = sum(len(letters_of("".join(link.itertext()))) for link in block.iter("a"))
        for line in lines_of(text_of(block), title):
            letters = letters_of(line).replace(told, "")
            is_new = letters not in have and letters not in told
            if is_new and len(letters) - linked >= least_telling(line) and not _is_about(line):
                return unconfirmed(line)
    return None


def line_behind(body: Body, title: str) -> str | None:
    """Names a line behind the body, in the frame of the headline, that may be the article's: in a block of a page
    builder, or in a paragraph ahead of the next heading or form. None = none."""
    if body.frame is None:
        return None
    framed = set(body.frame.iter())
    behind = list(takewhile(lambda node: node in framed, islice(_following(body.holders[-1]), _MANY)))
    built = [one for one in behind if _BUILT.search(one.get("class") or "")]
    plain = [one for one in takewhile(lambda node: node.tag not in _NEXT, behind) if one.tag in _PLAIN]
    return _new_line((one for one in (*built, *plain) if not is_hidden(one, body.frame)), body, title)


def _is_about(line: str) -> bool:
    return bool(_ABOUT.search(line)) or any(days_in(fold(line)))


def _shown_between(body: Body, title: str) -> tuple[list[Any], list[Any]]:
    """The headline, which may have a subtitle, and the outermost elements between it and the body that are shown; and
    which of those are a picture's caption."""
    head, around = headline_of(body.page, title), set(body.holders[-1].iterancestors())
    if head is None or _is_within(head, body.holders[-1]):
        return [], []
    blocks = _outermost(one for one in _met(head, body.holders[-1]) if one not in around)
    shown = [one for one in blocks if not is_hidden(one, _first_of(one, around))]
    return [head, *shown], [one for one in shown if _is_caption(one, around)]


def _outermost(nodes: Iterable[Any]) -> list[Any]:
    met = dict.fromkeys(nodes)
    return [one for one in met if one.getparent() not in met]


def _is_within(one: Any, other: Any) -> bool:
    return one in other.iterancestors() or other in one.iterancestors()


def _met(head: Any, holder: Any) -> list[Any]:
    """The elements between headline and body, in the page's order; none where there are too many."""
    met = list(takewhile(lambda node: node is not holder, islice(_following(head), _MANY)))
    return met if len(met) < _MANY else []


def _following(head: Any) -> Iterator[Any]:
    """The elements behind the headline, in the page's order."""
    for one in (head, *head.iterancestors()):
        for sibling in one.itersiblings():
            yield from sibling.iter("*")


def _first_of(node: Any, among: set[Any]) -> Any | None:
    return next((one for one in node.iterancestors() if one in among), None)


def _is_caption(block: Any, around: set[Any]) -> bool:
    near = [block, *(one for one in islice(block.iterancestors(), _AROUND) if one not in around)]
    return any(next(one.iter(*SHOWING), None) is not None for one in near)
