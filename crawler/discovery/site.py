"""One look at one registered site, while it lasts: polite questions, and articles made into posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Any, Protocol
from urllib.parse import urlsplit

from crawler.coverage import Listing
from crawler.dates import Instant
from crawler.errors import Blocked, Gone, SourceTrouble, Unreadable
from crawler.items import Account, Capture, Media, Post, Quality
from crawler.language import say
from crawler.readers.answers import trouble_of
from crawler.readers.article import is_article, read_article
from crawler.readers.content import Article, canonical_url, parse_page
from crawler.robots import Gate, Rules

MAX_QUESTIONS = 600  # per look: pages, lists and articles together
MAX_FAILURES_IN_A_ROW = 5  # then the site as a whole has stopped answering


class LookAtSite(Protocol):
    """The part of `crawler.visit.Look` that reading a site needs."""

    account: Account
    since: datetime
    started_at: datetime
    listing: Listing
    notes: list[str]

    async def fetch(self, kind: str, url: str, headers: Any = None, **meta: Any) -> Capture:
        """One GET, whatever its status."""

    async def keep(self, posts: Sequence[Post]) -> None:
        """Fetch the media of posts and hand them on."""


class Site:
    """Mutable, lives inside one look. `base` ends with a slash; `home` is the front page's answer."""

    def __init__(self, look: LookAtSite, gate: Gate, zone: tzinfo) -> None:
        self.look, self.gate, self.zone = look, gate, zone
        self.base = look.account.handle.rstrip("/") + "/"
        self.home: Capture
        self.rules: Rules
        self._asked = 0
        self._failures = 0
        self.undated: list[str] = []

    async def open(self) -> None:
        """Ask robots.txt and the front page. Raises Blocked, Gone, Unreadable or Unreachable."""
        self.rules = await self.gate.rules_of(self.base)
        self.home = await self.ask("listing", self.base)
        trouble = trouble_of(self.home)
        if trouble:
            raise trouble
        if not self.is_own(self.home.final_url):
            raise Gone(
                say("dialihkan ke situs lain", "redirected to another site") + f": {self.home.final_url}"
            )
        parts = urlsplit(self.home.final_url)
        registered = urlsplit(self.base)
        self.base = f"{parts.scheme}://{parts.netloc}{registered.path}"
        self.rules = await self.gate.rules_of(self.base)

    async def ask(self, kind: str, url: str) -> Capture:
        """One permitted question within the look's budget, whatever the status of the answer."""
        self._asked += 1
        if self._asked > MAX_QUESTIONS:
            raise Unreadable(say("terlalu banyak halaman", "too many pages") + f" (> {MAX_QUESTIONS})")
        return await self.gate.fetch(kind, url)

    async def try_ask(self, kind: str, url: str) -> Capture | None:
        """As `ask`, for a way that the site need not have: None with a note when it refuses."""
        try:
            return await self.ask(kind, url)
        except SourceTrouble as trouble:
            self.look.notes.append(f"{kind}: {trouble.detail}")
            return None

    def root(self) -> Any:
        """The front page's element tree."""
        return parse_page(self.home)

    def is_own(self, url: str) -> bool:
        """Whether an address belongs to the registered site (www. set aside)."""
        return _host(url) == _host(self.base)

    def is_below(self, url: str) -> bool:
        """Whether an address lies below the registered path; sites without a path hold everything."""
        return self.is_own(url) and urlsplit(url).path.startswith(urlsplit(self.base).path)

    def canonical(self, url: str) -> str:
        """One name for one page: the site's own scheme and host."""
        parts, base = urlsplit(canonical_url(url)), urlsplit(self.base)
        return (
            parts._replace(scheme=base.scheme, netloc=base.netloc).geturl()
            if self.is_own(url)
            else parts.geturl()
        )

    async def keep(self, posts: Sequence[Post]) -> None:
        """Hand posts on; pictures that robots.txt forbids are named instead of fetched."""
        await self.look.keep([replace(post, media=await self._permitted(post.media)) for post in posts])

    async def _permitted(self, media: Sequence[Media]) -> tuple[Media, ...]:
        return tuple([replace(one, trouble=await self.gate.why_not(one.url)) for one in media])

    async def read_page(self, url: str, listed: Instant | None) -> Post | None:
        """The post behind an address; unread when only its list's date is known; None without any date.

        None also where the page is no article. Raises when the site has stopped answering.
        """
        try:
            answer = await self.ask("article", url)
            article = read_article(answer, self.zone)
            self._failures = 0
        except SourceTrouble as trouble:
            return self._unread_page(url, listed, trouble)
        published = article.published or listed
        if published:
            return self.post_of(replace(article, published=published), answer)
        if is_article(answer):
            self.undated.append(url)
        return None

    def _unread_page(self, url: str, listed: Instant | None, trouble: SourceTrouble) -> Post | None:
        self._failures += 1
        if self._failures >= MAX_FAILURES_IN_A_ROW or trouble.detail == "HTTP 429":
            raise trouble
        self.look.notes.append(f"{url}: {trouble.detail}")
        if listed is None:
            self.undated.append(url)
            return None
        article = Article(canonical_url(url), "", listed, unread=f"{_word_for(trouble)}: {trouble.detail}")
        return self.post_of(article, self.home)

    def post_of(self, article: Article, answer: Capture) -> Post | None:
        """An article as a post of this account; None when it has no date."""
        if article.published is None:
            self.undated.append(article.url)
            return None
        url = self.canonical(article.url)
        content = article.fragment
        media = [_media(one, "image") for one in content.images]
        media += [_media(one, "video") for one in content.videos]
        account = self.look.account
        return Post(
            post_id=f"news:{url}", channel="news", agency_id=account.agency_id, handle=account.handle,
            native_id=url, url=url,
            published_at=article.published.start, published_until=article.published.end,
            published_quality=Quality.DECLARED, text=f"{article.title}\n\n{content.text}".strip(),
            links=content.links, media=tuple({one.media_id: one for one in media}.values()),
            evidence_sha256=answer.sha256, unread=article.unread,
        )  # fmt: skip

    def confirmed(self) -> bool:
        """Whether every article found has a date; the ones without are named in the notes."""
        if self.undated:
            some = ", ".join(self.undated[:3])
            self.look.notes.append(say("tanpa tanggal", "without a date") + f": {some} ({len(self.undated)})")
        return not self.undated


def _word_for(trouble: SourceTrouble) -> str:
    return "blocked" if isinstance(trouble, Blocked) else "unreadable"


def _media(url: str, kind: str) -> Media:
    return Media(
        media_id=f"news:{urlsplit(url)._replace(query='', fragment='').geturl()}", kind=kind, url=url
    )


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.") + f":{urlsplit(url).port or ''}"
