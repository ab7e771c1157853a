"""A news medium's feed and search results -> those of its articles that speak of what is asked for.

Unlike a registered site it owes nothing, so nothing is proved of it but how far back its feed goes. An article that
leads to another site (an aggregator's entry) is a lead: it is kept by its title, and nobody is asked for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Protocol
from urllib.parse import urlsplit

from crawler.coverage import Listing
from crawler.errors import Blocked, SourceTrouble, Unreadable
from crawler.items import Account, Capture, Post, Quality
from crawler.language import say
from crawler.readers.answers import answered_at, rendered_at, trouble_of
from crawler.readers.article import read_article
from crawler.readers.content import Article, parse_page
from crawler.readers.feed import is_feed, read_feed
from crawler.readers.listing import Reading, listed_articles
from crawler.robots import TOO_MUCH, Gate

CHANNEL = "media"
MAX_RESULTS = 20  # of one search; the newest come first
MAX_PAGES = 60
# Behind these two letters before the country a name is registered, as in `solopos.co.id`.
_SECOND_LEVELS = frozenset({"ac", "biz", "co", "desa", "go", "mil", "my", "net", "or", "ponpes", "sch", "web"})


class LookAtOutlet(Protocol):
    """The part of `crawler.visit.Look` that is needed here."""

    account: Account
    since: datetime
    listing: Listing
    notes: list[str]

    async def keep(self, posts: Sequence[Post]) -> None:
        """Hand posts on."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What one outlet is asked for: its feed, its search for ready-made words, and which texts matter."""

    feed: str = ""
    searches: tuple[str, ...] = ()
    speaks_of: Callable[[str], bool] = lambda _text: True
    most_pages: int = MAX_PAGES


@dataclass(frozen=True, slots=True)
class _Lead:
    """An article as a list names it; `is_found`: the outlet itself says that it speaks of the words."""

    article: Article
    list_sha256: str
    is_found: bool

    @property
    def text(self) -> str:
        """Title and what the list tells beneath it."""
        return f"{self.article.title}\n\n{self.article.fragment.text}".strip()


async def read_outlet(look: LookAtOutlet, gate: Gate, zone: tzinfo, asking: Asking) -> None:
    """Read one outlet since `look.since`. Raises SourceTrouble when neither feed nor search could be read."""
    outlet = _Outlet(look, gate, zone, asking)
    leads = await outlet.leads()
    for lead in list(leads.values())[: asking.most_pages]:
        post = await outlet.post_of(lead)
        if post:
            await look.keep([post])
    if len(leads) > asking.most_pages:
        look.notes.append(say("terlalu banyak artikel", "too many articles") + f": {len(leads)}")


class _Outlet:
    """One outlet while it is read."""

    def __init__(self, look: LookAtOutlet, gate: Gate, zone: tzinfo, asking: Asking) -> None:
        self._look, self._gate, self._zone, self._asking = look, gate, zone, asking
        self._names = {_site_of(url) for url in (asking.feed, *asking.searches) if url}

    async def leads(self) -> dict[str, _Lead]:
        """What feed and searches name that may matter, by address."""
        found: dict[str, _Lead] = {}
        troubles: list[SourceTrouble] = []
        asked = [("feed", self._asking.feed)] if self._asking.feed else []
        for kind, url in (*asked, *(("search", url) for url in self._asking.searches)):
            try:
                for lead in await self._list(kind, url):
                    found.setdefault(lead.article.url, lead)
            except SourceTrouble as trouble:
                self._look.notes.append(f"{kind}: {trouble.detail}")
                troubles.append(trouble)
                if isinstance(trouble, Blocked):
                    break  # who refuses once is not asked again
        if troubles and not self._look.listing.order:
            raise troubles[0]
        return found

    async def _list(self, kind: str, url: str) -> list[_Lead]:
        answer = await self._gate.fetch(kind, url)
        trouble = trouble_of(answer)
        if trouble:
            raise trouble
        articles = self._articles(kind, answer)
        if not self._look.listing.order:  # the feed, or the first search where there is none
            order = tuple(one.published.end for one in articles if one.published)
            self._look.listing = Listing(order, fresh_until=answered_at(answer), confirmed=True)
        leads = [_Lead(one, answer.sha256, kind == "search") for one in articles]
        return [one for one in leads if self._is_recent(one) and (one.is_found or self._asking.speaks_of(one.text))]

    def _articles(self, kind: str, answer: Capture) -> Sequence[Article]:
        if is_feed(answer):
            return read_feed(answer, self._zone).articles[: MAX_RESULTS if kind == "search" else None]
        if kind == "feed":
            raise Unreadable(say("bukan umpan RSS atau Atom", "no RSS or Atom feed"))
        reading = Reading(answer.final_url, rendered_at(answer), self._zone)
        entries = listed_articles(parse_page(answer), reading)[:MAX_RESULTS]
        return [Article(one.url, "", one.published) for one in entries]

    def _is_recent(self, lead: _Lead) -> bool:
        published = lead.article.published
        return published is None or published.end >= self._look.since

    async def post_of(self, lead: _Lead) -> Post | None:
        """The article behind a lead, None where it does not speak of what is asked for or has no date.

        Raises Blocked when the outlet says that it is asked too much.
        """
        if _site_of(lead.article.url) not in self._names:
            return self._post(lead.article, lead.text, lead.list_sha256)
        try:
            page = await self._gate.fetch("article", lead.article.url)
            article = read_article(page, self._zone)
        except SourceTrouble as trouble:
            if trouble.detail == TOO_MUCH:
                raise  # too much for it: nothing more is asked
            self._look.notes.append(f"{lead.article.url}: {trouble.detail}")
            return self._post(lead.article, lead.text, lead.list_sha256)
        text = f"{article.title}\n\n{article.fragment.text}".strip()
        return self._post(article, text, page.sha256, lead.article)

    def _post(self, article: Article, text: str, sha256: str, listed: Article | None = None) -> Post | None:
        published = article.published or (listed.published if listed else None)
        if published is None or not self._asking.speaks_of(text):
            return None
        url, account = article.url, self._look.account
        return Post(
            post_id=f"{CHANNEL}:{url}", channel=CHANNEL, agency_id=account.agency_id, handle=account.handle,
            native_id=url, url=url, published_at=published.start, published_until=published.end,
            published_quality=Quality.DECLARED, text=text, links=article.fragment.links, evidence_sha256=sha256,
        )  # fmt: skip


def _site_of(url: str) -> str:
    """The registered name of an address's host, with its port: `jateng.antaranews.com` is `antaranews.com`."""
    parts = urlsplit(url)
    labels = (parts.hostname or "").split(".")
    length = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVELS else 2
    name = ".".join(labels if _is_number(labels) else labels[-length:])
    return f"{name}:{parts.port or ''}"


def _is_number(labels: Iterable[str]) -> bool:
    return all(label.isdecimal() for label in labels)
