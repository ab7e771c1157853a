"""A page of a site -> the pictures it shows: in the card of one article, beside a link to it, under its headline, or as
nobody's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from crawler.readers.boxes import is_menu
from crawler.readers.content import absolute, base_of
from crawler.readers.headline import letters_of
from crawler.readers.pictures import is_picture, pictures_in, place_of, stem_of
from crawler.readers.shown_posts import posts_in

_CARD_LINKS = 4  # title, picture, section and writer of one article
_HEADLINE = 20  # letters; a shorter one may be said of anything
_CAPTIONED = 100  # pictures; sliders have some ten
_LEVELS = 6  # elements around a picture; a slide is not built deeper
_CAPTION = 300  # letters; more is no caption of one picture


@dataclass
class ShownPage:
    """The pictures of one page, by the names of their files, and the addresses to which each is linked there.

    `places`: the very files that stand in no card of one article, and the one named for sharing; `cards`: those in the
    card of one, by stem; `near`: those beside which a link stands, by stem; `captions`: the letters that alone stand
    with them, by stem; `posts`: other services' posts and clips that it shows or links. `published`: the end of when
    the page came out, None = not known. `address`: where it was asked for, of another article.
    """

    published: datetime | None = None
    address: str = ""
    places: set[str] = field(default_factory=set)
    cards: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    near: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    captions: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    posts: set[str] = field(default_factory=set)

    def gives_to(self, article: str, url: str, title: str = "") -> bool:
        """Whether it shows a picture as that of an article: in its card, or with its headline alone, as sliders do."""
        stem, said = stem_of(url), letters_of(title)
        is_named = len(said) >= _HEADLINE and any(one.startswith(said) for one in self.captions.get(stem, ()))
        return article in self.cards.get(stem, ()) or is_named

    def shows_all(self, article: str, url: str) -> bool:
        """Whether it shows a picture as nobody's, and not beside a link to the article."""
        return place_of(url) in self.places and article not in self.near.get(stem_of(url), ())

    def may_show(self, url: str) -> bool:
        """Whether it shows a picture of that name at all."""
        return stem_of(url) in self.near or stem_of(url) in self.cards


def page_of(root: Any, page_url: str, canonical: Callable[[str], str]) -> ShownPage:
    """The pictures of a page (lxml root), hidden ones and ornaments too."""
    page, base = ShownPage(), base_of(root, page_url)
    page.places |= _named_for_sharing(root, base)
    page.posts |= {url for _, url in posts_in(root, base, or_linked=True)}
    links = _articles_linked(root, base, canonical)
    before, after = _adjacent(root, links)
    for number, one in enumerate(pictures_in(root)):
        url, card = absolute(base, one.address), _card_of(one.node, links)
        page.near[stem_of(url)] |= {*card, before.get(one.node, ""), after.get(one.node, "")}
        if number < _CAPTIONED:
            page.captions[stem_of(url)].add(_caption_of(one.node))
        if len(card) == 1:
            page.cards[stem_of(url)] |= card
        else:
            page.places.add(place_of(url))
    return page


def _named_for_sharing(root: Any, base_url: str) -> set[str]:
    named = (meta.get("content") or "" for meta in root.iter("meta") if meta.get("property") == "og:image")
    return {place_of(one) for one in (absolute(base_url, name) for name in named) if one}


def _caption_of(node: Any) -> str:
    """The letters in the nearest element around a picture that has any; empty where it says more than a caption."""
    for around in islice(node.iterancestors(), _LEVELS):
        if around.tag in ("body", "html"):
            return ""
        letters = letters_of("".join(around.itertext()))
        if letters:
            return letters if len(letters) <= _CAPTION else ""
    return ""


def _articles_linked(root: Any, base_url: str, canonical: Callable[[str], str]) -> dict[Any, str]:
    """The links of a page with where they lead; those to the front page and to pictures are none."""
    found = {}
    for link in root.iter("a"):
        url = absolute(base_url, link.get("href") or "")
        parts = urlsplit(url)
        if url and (parts.path.strip("/") or parts.query) and not is_picture(url):
            found[link] = canonical(url)
    return found


def _card_of(node: Any, links: Mapping[Any, str]) -> set[str]:
    """Where the nearest element with links around a picture leads, unless it is a whole list or a menu."""
    for around in (node, *node.iterancestors()):
        if around in links:
            return {links[around]}
        if is_menu(around) or around.tag in ("body", "html"):
            return set()
        targets = {links[link] for link in around.iter("a") if link in links}
        if targets:
            return targets if len(targets) <= _CARD_LINKS else set()
    return set()


def _adjacent(root: Any, links: Mapping[Any, str]) -> tuple[dict[Any, str], dict[Any, str]]:
    """For every element the link that stands last before it, and the one that comes first behind it."""
    nodes = list(root.iter())
    return _last_links(nodes, links), _last_links(reversed(nodes), links)


def _last_links(nodes: Iterable[Any], links: Mapping[Any, str]) -> dict[Any, str]:
    last, found = "", {}
    for node in nodes:
        found[node] = last
        last = links.get(node, last)
    return found
