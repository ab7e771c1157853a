"""A picture on an article's page -> where it leads within the site: to another article (its card), or nobody can tell.

Posters are linked to pages, too: to an attachment's, to a gallery, to the article itself. A headline in the same card
tells another article's picture from them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal
from urllib.parse import urlsplit

from crawler.readers.content import absolute, canonical_url
from crawler.readers.headline import letters_of
from crawler.readers.pictures import Picture, is_picture
from crawler.readers.site_links import MIN_SCORE, Link, host_of, is_specific, shape_of

_HEADLINE = 20  # letters; "Lihat foto" and a section's name are shorter
_TEASER = 200  # letters beside the links of a card; more is a paragraph of the article's own
_LINKS = 12  # of one card: picture, headline, section, writer
_CARD_WORDS = 400  # letters of a card's teaser
_CARD_PARTS = ("img", "h2", "h3", "h4", "h5", "h6")
_LEVELS = 12  # elements around a picture; cards are not built deeper

_REGISTRY = re.compile(r"(?:go|co|or|ac|sch|desa|web|my|biz|mil|net|com|org|gov|edu)\.[a-z]{2}")

Whose = Literal["own", "another's", "open"]


@dataclass(frozen=True, slots=True)
class Here:
    """A page: its canonical address, and what its relative ones count from."""

    own: str
    base_url: str

    def page_of(self, link: Any, *, or_sister: bool = False) -> str:
        """The canonical address of another page of the site to which a link (lxml) leads; empty where it leads to none.

        The front page, files, and what belongs to this very page (an attachment's page) are no others. `or_sister`: a
        page of another host of the same house will do.
        """
        url = absolute(self.base_url, link.get("href") or "")
        if not url or is_picture(url) or not (self.is_on_site(url) or (or_sister and self._is_sister(url))):
            return ""
        return "" if _is_attached(link) or self.is_part(url) else canonical_url(url)

    def is_on_site(self, url: str) -> bool:
        """Whether an address is on the page's own host."""
        return host_of(url) == host_of(self.own)

    def _is_sister(self, url: str) -> bool:
        return bool(_house_of(url)) and _house_of(url) == _house_of(self.own)

    def is_part(self, url: str) -> bool:
        """Whether an address is that of a front page, of this page, or of one below it."""
        to, own = urlsplit(canonical_url(url)), urlsplit(self.own)
        path, here = to.path.strip("/"), own.path.strip("/")
        if not path and not to.query:
            return True
        is_same = path == here and to.query == own.query
        return self.is_on_site(url) and (is_same or (bool(here) and path.startswith(f"{here}/")))


def _is_attached(link: Any) -> bool:
    """Whether WordPress wrote a link to the page of a file attached to the article."""
    return "attachment" in (link.get("rel") or "") or "attachment_id=" in (link.get("href") or "")


def _house_of(url: str) -> str:
    """What the hosts of one house have in common, empty where that is nobody's: `detik.com` of `inet.detik.com`,
    `klaten.go.id` of `dinas.klaten.go.id`."""
    house = host_of(url).partition(".")[2]
    return house if "." in house and not _REGISTRY.fullmatch(house) else ""


def whose_is(picture: Picture, root: Any, here: Here) -> tuple[Whose, str]:
    """Whose a picture in an article's own element (`root`) is, and the other page to which it leads, empty = none.

    Another's: a link around it leads to another article and so does a headline in its card. Open: one of both, or what
    it leads to may be no article.
    """
    ways = [page for link in picture.node.iterancestors("a") if (page := here.page_of(link))]
    headline = _headline_around(picture.node, root, here)
    if headline is None:
        return ("open", ways[0]) if ways else ("own", "")
    page, is_article = headline
    return "another's" if ways and is_article else "open", page


def _headline_around(node: Any, root: Any, here: Here) -> tuple[str, bool] | None:
    """The one page to which all links of the card around a picture lead, one by a headline; and whether it is surely an
    article."""
    for around in islice(node.iterancestors(), _LEVELS):
        links = _links_in(around)
        if around is root or len(links) > _LINKS or _own_words(around) > _TEASER:
            return None
        targets = set(map(here.page_of, links))
        if len(targets) > 1:
            return None
        if targets and "" not in targets and _has_headline(links):
            return next(iter(targets)), _leads_to_article(links, here)
    return None


def _links_in(around: Any) -> list[Any]:
    """The links beneath an element; one more than a card has where it is none."""
    return list(islice((link for link in around.iter("a") if link.get("href")), _LINKS + 1))


def _own_words(around: Any) -> int:
    """Letters beneath an element that stand in no link."""
    linked = sum(len("".join(link.itertext()).strip()) for link in around.iter("a"))
    return len("".join(around.itertext()).strip()) - linked


def _has_headline(links: Iterable[Any]) -> bool:
    return any(len(letters_of("".join(link.itertext()))) >= _HEADLINE for link in links)


def _leads_to_article(links: Iterable[Any], here: Here) -> bool:
    """Whether a headline leads to what is an article by its address: built as the page's own is, or as most are."""
    for link in links:
        page = here.page_of(link, or_sister=True)
        is_alike = is_specific(shape_of(page)) and shape_of(page) == shape_of(here.own)
        if _has_headline([link]) and (is_alike or Link(page, link).score >= MIN_SCORE):
            return True
    return False


def is_another_s(picture: Picture, marks: Iterable[Any], here: Here, *, is_behind: bool) -> bool:
    """Whether a picture outside of the body stands in a card that leads to one other article by its headline; ahead of
    the page's own headline the section's name may stand beside its picture. `marks`: what no card holds."""
    around = _card_of(picture.node)
    if around is None or _holds_any(around, marks):
        return False
    links = _links_in(around)
    if len(links) > _LINKS:
        return False
    targets = {here.page_of(link, or_sister=True) for link in links}
    is_one = len(targets) == 1 and "" not in targets
    return is_one and _has_headline(links) and (is_behind or _leads_to_article(links, here))


def _card_of(node: Any) -> Any | None:
    """The nearest element around a picture that holds a link."""
    around = (node, *islice(node.iterancestors(), _LEVELS))
    return next((one for one in around if one.find(".//a[@href]") is not None), None)


def _holds_any(around: Any, nodes: Iterable[Any]) -> bool:
    return any(one is around or around in one.iterancestors() for one in nodes)


def cards_of_others(root: Any, head: Any | None, here: Here) -> list[Any]:
    """The elements that are cards of other articles, two or more in a row: a headline that leads to another page of the
    site, with its picture and teaser. None holds the page's own headline (`head`)."""
    stop = set() if head is None else {head, *head.iterancestors()}
    links = (link for link in root.iter("a") if _has_headline([link]) and here.page_of(link))
    cards = dict.fromkeys(card for link in links if (card := _whole_card(link, here, stop)) is not None)
    rows = Counter(card.getparent() for card in cards)
    return [card for card in cards if rows[card.getparent()] > 1]


def _whole_card(link: Any, here: Here, stop: Container[Any]) -> Any | None:
    """The largest element around a headline's link in which no other headline leads elsewhere; None where it is no more
    than the link's paragraph."""
    target, card = here.page_of(link), None
    for around in islice(link.iterancestors(), _LEVELS):
        if around in stop or around.tag in ("body", "p") or not _is_of_one(around, target, here):
            break
        card = around
    return card if card is not None and next(card.iterdescendants(*_CARD_PARTS), None) is not None else None


def _is_of_one(around: Any, target: str, here: Here) -> bool:
    """Whether all headlines beneath an element lead to one page, and hardly another word stands there."""
    links = _links_in(around)
    if len(links) > _LINKS or _own_words(around) > _CARD_WORDS:
        return False
    return {here.page_of(one) for one in links if _has_headline([one])} == {target}
