"""A body as read -> a line between headline and body, or in a page builder's next block, that may be the article's.

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
from crawler.readers.body import Body, least_telling, lines_of
from crawler.readers.content import text_of, unconfirmed
from crawler.readers.headline import headline_of, letters_of
from crawler.readers.pictures import SHOWING, is_hidden

_MANY = 400  # elements behind the headline; a body that begins later is not told from the page around it
_AROUND = 2  # elements around a line in which a picture makes a caption of it
# Blocks that editors fill, as Elementor, WPBakery, Divi, Beaver and Fusion name them; not those of a theme's template.
_BUILT = re.compile(
    r"(?:^|\s)(?:elementor-widget-(?:text-editor|heading|icon-list|blockquote|toggle|accordion|tabs|testimonial|alert|call-to-action)"
    r"|wpb_text_column|vc_custom_heading|et_pb_text|fl-rich-text|fusion-text)(?:\s|$)"
)
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
    return _new_line(_blocks_between(body, title), body, title)


def _new_line(blocks: Iterable[Any], body: Body, title: str) -> str | None:
    have, told = letters_of(body.text), letters_of(title)
    for block in blocks:
        linked = sum(len(letters_of("".join(link.itertext()))) for link in block.iter("a"))
        for line in lines_of(text_of(block), title):
            letters = letters_of(line)
            is_new = letters not in have and letters not in told and told not in letters
            if is_new and len(letters) - linked >= least_telling(line) and not _is_about(line):
                return unconfirmed(line)
    return None


def line_behind(body: Body, title: str) -> str | None:
    """Names a line in a block of a page builder behind the body, in the frame of the headline; None = none."""
    if body.frame is None:
        return None
    framed = set(body.frame.iter())
    behind = list(takewhile(lambda node: node in framed, islice(_following(body.holders[-1]), _MANY)))
    blocks = [one for one in behind if _BUILT.search(one.get("class") or "") and not is_hidden(one, body.frame)]
    return _new_line(blocks, body, title)


def _is_about(line: str) -> bool:
    return bool(_ABOUT.search(line)) or any(days_in(fold(line)))


def _blocks_between(body: Body, title: str) -> list[Any]:
    """The outermost elements between headline and body that are shown, and are no picture's caption."""
    head, holder = headline_of(body.page, title), body.holders[-1]
    if head is None or holder in head.iterancestors():
        return []
    around = set(holder.iterancestors())
    met = list(takewhile(lambda node: node is not holder, islice(_following(head), _MANY)))
    if len(met) == _MANY:
        return []
    inside = set(met) - around
    blocks = [one for one in met if one in inside and one.getparent() not in inside]
    return [one for one in blocks if not _is_caption(one, around) and not is_hidden(one, _first_of(one, around))]


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
