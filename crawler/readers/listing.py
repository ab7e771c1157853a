"""A page that lists articles -> their addresses and dates in order, and all else that might be one.

Of several lists on a page the main one is the largest of like-built entries, so that "most read"
boxes do not mix into it. What is left over is named, never dropped: nobody may claim to have seen
everything while a link of open nature was not looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from crawler.dates import Instant, read_date
from crawler.readers.content import base_of, canonical_url
from crawler.readers.site_links import MIN_SCORE, TITLE, Link, is_specific, links_on, shape_of

_CARD_DATE = 120  # letters; longer texts of a card are teasers
_CARD_LEVELS = 6  # a card reaches no further up from its headline
_CARD_NODES = 80  # and holds no more elements: a larger one is the page itself
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
LISTED = 5  # articles from which a page is a list of news; one or two are teased on any page
_MIN_DATED = 2  # entries of a list that only its dates tell from a menu


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of a list; `published` as the list says, None when it says nothing."""

    url: str
    published: Instant | None


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A link that may be an article: `is_alike` when its address has the shape of a known one,
    `is_likely` when it is alike or looks like any article's, `is_in_menu` by its place."""

    url: str
    published: Instant | None
    is_alike: bool
    is_likely: bool
    is_in_menu: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """Where and when a page was read, and in which zone it writes."""

    url: str
    captured_at: datetime
    zone: tzinfo


def listed_articles(root: Any, reading: Reading) -> tuple[Listed, ...]:
    """The entries of the page's main list, in order, whatever their titles and addresses look like."""
    links = links_on(root, reading.url)
    entries = _entries(links, reading)
    cards = _Cards(_borders(links, entries), reading)
    return tuple(Listed(url, cards.date_of(link)) for url, link in entries.items())


def is_list(root: Any, reading: Reading) -> bool:
    """Whether a page is a list of news."""
    return len(listed_articles(root, reading)) >= LISTED


def doubtful_links(root: Any, reading: Reading, shapes: Collection[str] = ()) -> tuple[Doubtful, ...]:
    """All links of the page that may be articles, each once.

    Those of its main list, those that look like an article or have one of `shapes` (of articles known)
    wherever they stand, and whatever else stands in the page's body.
    """
    links = links_on(root, reading.url)
    entries = _entries(links, reading)
    likely = _likely(links)
    cards = _Cards(_borders(links, entries), reading)
    found: dict[str, Doubtful] = {}
    for link in links:
        is_alike = shape_of(link.url) in shapes
        is_likely = is_alike or link.url in likely or link.url in entries
        is_in_body = link.score >= 0 and not link.is_in_box and not link.is_in_menu
        if link.url not in found and (is_likely or is_in_body):
            found[link.url] = Doubtful(link.url, cards.date_of(link), is_alike, is_likely, link.is_in_menu)
    return tuple(found.values())


def addresses_on(root: Any, page_url: str) -> frozenset[str]:
    """All addresses that a page links, canonical."""
    found, base = set(), base_of(root, page_url)
    for anchor in root.iter("a"):
        try:
            found.add(canonical_url(urljoin(base, (anchor.get("href") or "").strip())))
        except ValueError:  # "http://[" and the like
            continue
    return frozenset(found)


def _likely(links: Collection[Link]) -> frozenset[str]:
    """Addresses that look like articles, or have the telling shape of one that does."""
    sure = {link.url for link in links if link.score >= MIN_SCORE}
    shapes = {shape for url in sure if is_specific(shape := shape_of(url))}
    return frozenset(sure | {link.url for link in links if link.score >= 0 and shape_of(link.url) in shapes})


def _entries(links: Collection[Link], reading: Reading) -> Mapping[str, Link]:
    """The main list's links by address, in the page's order."""
    likely = _likely(links)
    open_ones = [link for link in links if not link.is_in_box and not link.is_in_menu]
    main = _main_list([link for link in open_ones if link.score >= 0 or link.url in likely], likely, reading)
    listed = main.keys() | likely if main else frozenset[str]()
    return {link.url: main.get(link.url, link) for link in open_ones if link.url in listed}


def _main_list(links: Collection[Link], likely: Collection[str], reading: Reading) -> dict[str, Link]:
    """The largest list of like-built links, by how many of them look like articles."""
    lists: dict[tuple[str, ...], dict[str, Link]] = defaultdict(dict)
    for link in links:
        lists[link.build].setdefault(link.url, link)
    main = max(lists.values(), key=lambda one: len(one.keys() & frozenset(likely)), default={})
    return main if main.keys() & frozenset(likely) else _dated_list(list(lists.values()), reading)


def _borders(links: Collection[Link], entries: Mapping[str, Link]) -> list[Link]:
    """The links at which the card of another one ends; those of its category or author do not count."""
    likely = _likely(links)
    return [link for link in links if link.url in entries or link.url in likely]


def _dated_list(lists: Collection[dict[str, Link]], reading: Reading) -> dict[str, Link]:
    """The largest list whose every entry carries a date, where no address tells articles from menus."""
    best: dict[str, Link] = {}
    for one in lists:
        cards = _Cards(one.values(), reading)
        if len(one) >= max(_MIN_DATED, len(best) + 1) and all(map(cards.date_of, one.values())):
            best = one
    return best


def _beside_headline(node: Any, link: Link) -> str:
    """An element's words in one line without the headline, which may speak of another day; empty inside of one."""
    if not isinstance(node.tag, str) or any(one.tag in _HEADINGS for one in (node, *node.iterancestors())):
        return ""
    if len(list(islice(node.iter(), _CARD_NODES + 1))) > _CARD_NODES:
        return ""  # no card: an anchor made to be deep
    line = " ".join("".join(_pieces_beside(node)).split())
    return "" if line == link.words and node in link.anchor.iter() else line


def _pieces_beside(node: Any) -> Iterator[str]:
    yield node.text or ""
    for child in node:
        is_title = child.tag in _HEADINGS or (child.tag == "a" and len("".join(child.itertext()).strip()) >= TITLE)
        if isinstance(child.tag, str) and not is_title:
            yield from _pieces_beside(child)
        yield child.tail or ""


def _agreed(dates: Sequence[Instant]) -> Instant | None:
    """The first, if no other is of another day: a teaser may tell of one, and then the article's page is asked."""
    first = next(iter(dates), None)
    return first if first and all(one.start <= first.end and first.start <= one.end for one in dates) else None


class _Cards:
    """The cards around links: the largest element about each that leads to no other article."""

    def __init__(self, borders: Collection[Link], reading: Reading) -> None:
        self._reading = reading
        self._urls = {link.anchor: link.url for link in borders}

    def date_of(self, link: Link) -> Instant | None:
        """The date that stands in the card of a link, or None."""
        card = self._card(link)
        stated = next(filter(None, (self._read(time.get("datetime") or "") for time in card.iter("time"))), None)
        if stated:
            return stated
        lines = filter(None, (_beside_headline(node, link) for node in islice(card.iter(), _CARD_NODES)))
        return _agreed(list(filter(None, (self._read(line) for line in lines if len(line) <= _CARD_DATE))))

    def _read(self, text: str) -> Instant | None:
        return read_date(text, self._reading.captured_at, self._reading.zone)

    def _card(self, link: Link) -> Any:
        card = link.anchor
        for node, _ in zip(link.anchor.iterancestors(), range(_CARD_LEVELS), strict=False):
            inside = list(islice(node.iter(), _CARD_NODES + 1))
            if len(inside) > _CARD_NODES or any(self._urls.get(one, link.url) != link.url for one in inside):
                return card
            card = node
        return card
