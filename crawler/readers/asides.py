"""A body as read -> the boxes in it that may be the article's: editors write an aside for a picture or a quotation.

A box that names itself one of other articles mostly is one; between the paragraphs only what it holds can tell.
"""

from __future__ import annotations

from typing import Any

from crawler.readers.body import Body
from crawler.readers.boxes import Dropped, is_named_box
from crawler.readers.content import text_of, unconfirmed
from crawler.readers.headline import letters_of

_IN_BODY = ("aside", "form", "footer")
_TELLING = 25  # letters


def asides_of(body: Body) -> list[Dropped]:
    """Boxes without a name that stand in the body, and asides in the frame of its headline."""
    held = _held(body)
    framed = set() if body.frame is None else set(body.frame.iter())
    return [
        box for box in body.boxes
        if not is_named_box(box.node)
        and ((box.place in held and box.node.tag in _IN_BODY) or (box.place in framed and box.node.tag == "aside"))
    ]  # fmt: skip


def boxes_among_paragraphs(body: Body) -> list[Dropped]:
    """Whatever was taken for a box and stands between paragraphs that were read, whatever it calls itself. What follows
    the last one (comments, a button, who wrote it) is no part of the story."""
    held, have = _held(body), letters_of(body.text)
    return [box for box in body.boxes if box.is_amid and box.place in held and _is_among_paragraphs(box, have)]


def _held(body: Body) -> set[Any]:
    return {node for holder in body.holders for node in holder.iter()}


def line_aside(body: Body) -> str | None:
    """Names a line in an aside or box between the paragraphs that the reading lacks, and that is no link; else None."""
    have = letters_of(body.text)
    asides = [box for box in asides_of(body) if box.node.tag == "aside" and _is_among_paragraphs(box, have)]
    asides += boxes_among_paragraphs(body)
    lines = ((box, line) for box in asides for line in text_of(box.node).split("\n"))
    return next((unconfirmed(line) for box, line in lines if _is_lost(line, box, have)), None)


def _is_among_paragraphs(box: Dropped, have: str) -> bool:
    """Whether paragraphs that were read stand beside it; columns of the page stand beside columns."""
    beside = (letters_of("".join(one.itertext())) for one in box.place.iterchildren("p"))
    return any(one in have for one in beside if one)


def _is_lost(line: str, box: Dropped, have: str) -> bool:
    letters = letters_of(line)
    linked = [letters_of("".join(link.itertext())) for link in box.node.iter("a")]
    own = len(letters) - sum(len(one) for one in linked if one in letters)
    return own >= _TELLING and letters not in have
