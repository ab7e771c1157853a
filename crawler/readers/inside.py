"""The elements that are an article's own -> the pictures that are its own, and those of which they alone do not tell.

A card of another article between the paragraphs is not this one's proof; a poster linked to a page may be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from crawler.errors import Unreadable
from crawler.readers.cards import Here, whose_is
from crawler.readers.content import Fragment, Linked, absolute, fragment_of, parse_html, unconfirmed, unseen_in
from crawler.readers.filled_later import filled_later
from crawler.readers.pictures import Picture, is_furniture, pictures_in, stem_of, ways_from
from crawler.readers.shown_posts import embeds_in
from crawler.readers.site_links import host_of

_MANY = 50  # pictures; each is looked at with all that stands around it
_BUTTON = re.compile(r"/[\w-]*(?:print|cetak|mail|share|bagikan|pdf|unduh|download)[\w-]*\.\w+(?:$|\?)", re.I)


@dataclass(frozen=True, slots=True)
class Inside:
    """Absolute addresses without repeats. `images`: the article's own; `linked`: they lead to another page of the site;
    `unsure`: hidden, or by name, size or format an ornament. Of the last two those are left out that are its own in
    another size."""

    images: tuple[str, ...] = ()
    linked: tuple[Linked, ...] = ()
    unsure: tuple[str, ...] = ()

    @property
    def doubt(self) -> str | None:
        """Why absence is not claimed while they are open."""
        return next(map(unconfirmed, (*(one.url for one in self.linked), *self.unsure)), None)


def pictures_inside(holders: Iterable[Any], here: Here) -> Inside:
    """The pictures beneath the elements (lxml) that hold an article."""
    images, linked, unsure = list[str](), list[Linked](), list[str]()
    found = ((holder, one) for holder in holders for one in pictures_in(holder))
    for number, (holder, one) in enumerate(found):
        url = absolute(here.base_url, one.address)
        whose, page = whose_is(one, holder, here) if number < _MANY else ("open", "")
        if not url or whose == "another's":
            continue
        if one.lack:
            unsure += [] if _is_button(one, here) else [url]
        elif whose == "open":
            linked.append(Linked(url, page))
        else:
            images.append(url)
    return _distinct(images, linked, unsure)


def _distinct(images: Iterable[str], linked: Iterable[Linked], unsure: Iterable[str]) -> Inside:
    known = set(map(stem_of, images))
    left = (one for one in linked if stem_of(one.url) not in known)
    rest = (url for url in unsure if stem_of(url) not in known)
    return Inside(tuple(dict.fromkeys(images)), tuple(dict.fromkeys(left)), tuple(dict.fromkeys(rest)))


def _is_button(picture: Picture, here: Here) -> bool:
    """Whether a small picture leads off the site, or is by its name there to print or send the article."""
    ways = [absolute(here.base_url, way) for way in ways_from(picture.node)]
    is_off = bool(ways) and all(host_of(way) != host_of(here.own) for way in ways)
    return is_off or (bool(ways) and (is_furniture(picture) or bool(_BUTTON.search(picture.address))))


def read_body(html: str, base_url: str) -> tuple[Fragment, str | None]:
    """Text, pictures and links of the HTML of the article at `base_url`, all of which is meant as content; and why it
    could not be read: one broken text costs its own article only."""
    try:
        root = parse_html(html)
        inside = pictures_inside((root,), Here(base_url, base_url))
        found = replace(fragment_of(root, base_url, inside.images), embeds=embeds_in(root, base_url))
        doubt = unseen_in(root, found) or inside.doubt or filled_later(root, found)
        return found, f"unreadable: {doubt}" if doubt else None
    except Unreadable as trouble:
        return Fragment(), f"unreadable: {trouble.detail}"
