"""An article's page and its body as read -> the pictures that stand outside of the body and may be the article's.

Custom themes put the poster above the headline, and banners of the site beside it. The page alone does not tell one
from the other: `crawler.discovery.beside` asks other pages of the site.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from crawler.readers.asides import asides_of, boxes_among_paragraphs
from crawler.readers.body import Body
from crawler.readers.boxes import is_menu
from crawler.readers.cards import Here, is_another_s
from crawler.readers.content import Beside, Linked, absolute, canonical_url, is_sharing
from crawler.readers.headline import headline_of
from crawler.readers.inside import Inside
from crawler.readers.pictures import Picture, is_furniture, pictures_in, stem_of, ways_from

_WRITER = re.compile(r"avatar|user-?default|/(?:author|penulis|users?|redaksi)/", re.I)
_MANY = 50  # pictures; each is looked at with all that stands around it


def pictures_beside(body: Body, title: str, here: Here, *, named: str, inside: Inside) -> Beside:
    """What is open of the page's pictures. `named`: the picture for sharing, empty = none; `inside`: those of the body,
    where a picture for sharing mostly stands, too."""
    everywhere, known = _outside(body), _stems(inside.images)
    outside = [one for one in everywhere if _opens_no_other(one, here)]
    stated = () if not named or stem_of(named) in known else _seen(named, outside, here)
    known |= _stems(stated)
    near, rest = _near(outside, body, title, here)
    shown = _others(_urls(near, here), known)
    unsure = [*inside.unsure, *_urls(near, here, "hidden"), named]
    known |= _stems((*shown, *(one.url for one in inside.linked)))
    onward, off = _linked(_onward(everywhere, body, title, here), known, here)
    known |= _stems(one.url for one in onward)
    far = _others((*_urls((*rest, *_boxed(body, here)), here), *off), known)
    linked = tuple(dict.fromkeys((*inside.linked, *onward)))
    return Beside(stated, shown, _others(unsure, known | _stems(far)), linked, far)


def _stems(urls: Iterable[str]) -> set[str]:
    return set(map(stem_of, urls))


def _urls(pictures: Iterable[Picture], here: Here, lack: str | None = None) -> list[str]:
    return [_url(one, here) for one in pictures if one.lack == lack]


def _onward(everywhere: Iterable[Picture], body: Body, title: str, here: Here) -> list[Picture]:
    """Those before the headline or in its frame that lead to another page, which is no other article by its card."""
    leading = [one for one in everywhere if not _opens_no_other(one, here) and _leads_on(one, here)]
    return [one for one in _near(leading, body, title, here)[0] if one.lack is None]


def _linked(pictures: Iterable[Picture], known: Collection[str], here: Here) -> tuple[list[Linked], list[str]]:
    """The pictures that lead to a page of the site, and the addresses of those that lead off it."""
    found = [Linked(url, _page_of(one, here)) for one in pictures if (url := _url(one, here))]
    new = [one for one in found if stem_of(one.url) not in known]
    return [one for one in new if one.page], [one.url for one in new if not one.page]


def _seen(named: str, outside: Sequence[Picture], here: Here) -> tuple[str, ...]:
    """The picture for sharing as the page shows it, in whatever size."""
    shown = (_url(one, here) for one in outside if one.lack is None)
    return tuple(url for url in shown if url and stem_of(url) == stem_of(named))[:1]


def _url(picture: Picture, here: Here) -> str:
    return absolute(here.base_url, picture.address)


def _others(urls: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(url for url in urls if url and stem_of(url) not in known))


def _outside(body: Body) -> list[Picture]:
    """The pictures of the page that stand in no holder."""
    held = {node for holder in body.holders for node in holder.iter()}
    return [one for one in pictures_in(body.page) if one.node not in held]


def _opens_no_other(picture: Picture, here: Here) -> bool:
    """Whether a picture is no link to another page; themes link it to its own."""
    return all(canonical_url(absolute(here.base_url, way)) == here.own for way in ways_from(picture.node))


def _leads_on(picture: Picture, here: Here) -> bool:
    """Whether a picture leads to another page that may be the campaign's: no button that shares, no way home."""
    ways = [absolute(here.base_url, way) for way in ways_from(picture.node)]
    words = (picture.address, picture.node.get("alt"), picture.node.get("class"), *ways)
    is_writer_s = any(_WRITER.search(one or "") for one in words)
    return not is_writer_s and not any(is_sharing(way) or here.is_part(way) for way in ways)


def _page_of(picture: Picture, here: Here) -> str:
    return next(filter(None, map(here.page_of, picture.node.iterancestors("a"))), "")


def _near(
    outside: Sequence[Picture], body: Body, title: str, here: Here
) -> tuple[list[Picture], list[Picture]]:
    """Those before the headline, or with the text in the frame of the headline; and those elsewhere, in a header of the
    page or behind the frame. Not of menus, theme, other articles."""
    head = headline_of(body.page, title)
    mark = body.holders[-1] if head is None else head
    above, before = frozenset(mark.iterancestors()), frozenset(mark.xpath("preceding::*"))
    near, far = list[Picture](), list[Picture]()
    for one in outside[:_MANY]:
        around, is_ahead = frozenset(one.node.iterancestors()), one.node in before
        is_near = is_ahead or one.node in above or body.frame in around
        if is_furniture(one) or is_another_s(one, (mark, *body.holders), here, is_behind=not is_ahead):
            continue
        if not any(map(is_menu, around - above)):
            (near if is_near else far).append(one)
        elif not any(map(_is_list, around - above)):
            far.append(one)
    return near, [*far, *outside[_MANY:]]


def _is_list(node: Any) -> bool:
    """A menu; themes keep a wide leading picture in a header of the page."""
    return node.tag != "header" and is_menu(node)


def _boxed(body: Body, here: Here) -> Iterator[Picture]:
    """Those in asides of the article, and in boxes between its paragraphs."""
    for box in dict.fromkeys((*asides_of(body), *boxes_among_paragraphs(body))):
        yield from (one for one in islice(pictures_in(box.node), _MANY) if _may_be_own(one, here))


def _may_be_own(picture: Picture, here: Here) -> bool:
    is_other_s = is_furniture(picture) or is_another_s(picture, (), here, is_behind=True)
    return not is_other_s and _opens_no_other(picture, here)
