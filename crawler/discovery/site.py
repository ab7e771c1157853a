"""One look at one registered site, while it lasts: polite questions, and articles made into posts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Any, Protocol
from urllib.parse import urlsplit

from crawler.coverage import Listing
from crawler.dates import Instant
from crawler.discovery.beside import Owners
from crawler.discovery.continued import with_rest
from crawler.discovery.joining import joined
from crawler.discovery.moved import led_to_another, led_to_list
from crawler.errors import Gone, SourceTrouble, Unreadable, unread_because
from crawler.items import Account, Capture, Media, Post, Quality
from crawler.language import say
from crawler.readers.answers import is_surely_absent, parked, trouble_of
from crawler.readers.article import is_article, is_stand_in, read_article
from crawler.readers.content import Article, canonical_url, parse_page
from crawler.readers.shown_posts import ELSEWHERE
from crawler.robots import TOO_MUCH, Gate, Rules

MAX_QUESTIONS = 600  # per look: pages, lists and articles together
MAX_FAILURES_IN_A_ROW = 5  # then the site as a whole has stopped answering
MAX_CONFLICTS = 3  # named in a visit; each can be seen again with `tayang probe`


class LookAtSite(Protocol):
    """The part of `crawler.visit.Look` that reading a site needs."""

    account: Account
    since: datetime
    started_at: datetime
    rests_since: datetime | None
    listing: Listing
    notes: list[str]

    async def fetch(self, kind: str, url: str, headers: Any = None, **meta: Any) -> Capture:
        """One GET, whatever its status."""

    async def keep(self, posts: Sequence[Post]) -> None:
        """Fetch the media of posts and hand them on."""

    def recall(self, url: str) -> Capture | None:
        """What an earlier look was answered to the same question, or None."""


class Site:
    """Mutable, lives inside one look. `base` ends with a slash; `home` is the front page's answer.

    `known` are the addresses of all articles met so far, of any age, with their instants where they
    have one; `offered` those of the list being read, before they are; `posts` all that were handed on, by their ids.
    """

    def __init__(self, look: LookAtSite, gate: Gate, zone: tzinfo) -> None:
        self.look, self.gate, self.zone = look, gate, zone
        self.base = look.account.handle.rstrip("/") + "/"
        self.home: Capture
        self.rules: Rules
        self.known: dict[str, datetime | None] = {}
        self.offered: list[str] = []
        self.undated: list[str] = []
        self.posts: dict[str, Post] = {}
        self._doubts: list[str] = []
        self._asked = 0
        self._failures = self._conflicts = 0
        self.has_stopped = False
        self._front: Any = None
        self._owners = Owners(self)

    async def open(self) -> None:
        """Ask robots.txt and the front page. Raises Blocked, Gone, Unreadable or Unreachable."""
        self.rules = await self.gate.rules_of(self.base)
        self.home = await self.ask("listing", self.base)
        trouble = trouble_of(self.home) or parked(self.home)
        if trouble:
            raise trouble
        if not self.is_below(self.home.final_url.split("?")[0].rstrip("/") + "/"):
            raise Gone(say("dialihkan ke situs lain", "redirected to another site") + f": {self.home.final_url}")
        parts = urlsplit(self.home.final_url)
        registered = urlsplit(self.base)
        self.base = f"{parts.scheme}://{parts.netloc}{registered.path}"
        self.rules = await self.gate.rules_of(self.base)

    def doubt(self, why: str) -> None:
        """Note a reason for which this look must not claim to have seen everything."""
        if why not in self._doubts:
            self._doubts.append(why)
            self.look.notes.append(why)

    async def ask(self, kind: str, url: str) -> Capture:
        """One permitted question within the look's budget, whatever the status of the answer."""
        self._asked += 1
        if self._asked > MAX_QUESTIONS:
            raise Unreadable(say("terlalu banyak halaman", "too many pages") + f" (> {MAX_QUESTIONS})")
        return await self.gate.fetch(kind, url)

    async def try_way(self, kind: str, url: str, is_such: Callable[[Capture], bool]) -> Capture | None:
        """The answer to the first question of a way, None when it is not `is_such`.

        A way that was not there at an earlier look is not asked for again until that look is forgotten.
        """
        earlier = self.look.recall(url)
        if earlier is not None and is_surely_absent(earlier) and not is_such(earlier):
            return None
        answer = await self.try_ask(kind, url)
        return answer if answer is not None and is_such(answer) else None

    async def try_ask(self, kind: str, url: str) -> Capture | None:
        """As `ask`, for what the site need not have: None with a note when it refuses.

        Raises Blocked where it has said that it is asked too much: it is not tried by another way.
        """
        try:
            return await self.ask(kind, url)
        except SourceTrouble as trouble:
            if trouble.detail == TOO_MUCH:
                raise
            self.look.notes.append(f"{kind}: {trouble.detail}")
            return None

    async def witness(self, kind: str, url: str) -> Capture | None:
        """What the site itself shows of its articles beside the list that is read; None where it has no such page, or
        robots.txt forbids it. Where it should be there and does not come whole, absence is not claimed."""
        if not (await self.gate.rules_of(url)).permits(url):
            return None
        answer = await self.try_ask(kind, url)
        if answer is not None and answer.status in (404, 410):
            return None
        if answer is None or trouble_of(answer):
            self.doubt(say("daftar berita tidak terbaca", "a list of news cannot be read") + f": {url}")
            return None
        return answer

    def root(self) -> Any:
        """The front page's element tree. Raises Unreadable."""
        if self._front is None:
            self._front = parse_page(self.home)
        return self._front

    def is_own(self, url: str) -> bool:
        """Whether an address belongs to the registered site (www. set aside)."""
        return _host(url) == _host(self.base)

    def is_below(self, url: str) -> bool:
        """Whether an address lies below the registered path; sites without a path hold everything."""
        return self.is_own(url) and urlsplit(url).path.startswith(urlsplit(self.base).path)

    def canonical(self, url: str) -> str:
        """One name for one page: the site's own scheme and host."""
        parts, base = urlsplit(canonical_url(url)), urlsplit(self.base)
        return parts._replace(scheme=base.scheme, netloc=base.netloc).geturl() if self.is_own(url) else parts.geturl()

    def meet(self, url: str, published_until: datetime | None = None) -> None:
        """Remember an article, by its address in the list and by the one it gives itself."""
        url = self.canonical(url)
        self.known[url] = published_until or self.known.get(url)

    def time_of(self, url: str) -> datetime | None:
        """When an article met before was published at the latest, None when it was not or is undated."""
        return self.known.get(self.canonical(url))

    def own(self, articles: Sequence[Article]) -> list[Article]:
        """The articles that lie on the registered site; one that leads elsewhere is not this account's."""
        for foreign in (one.url for one in articles if not self.is_below(one.url)):
            self.doubt(say("daftar memuat situs lain", "the list holds another site") + f": {foreign}")
            break
        return [one for one in articles if self.is_below(one.url)]

    async def keep(self, posts: Sequence[Post]) -> None:
        """Hand posts on; pictures that robots.txt forbids are named instead of fetched."""
        self.posts |= {post.post_id: post for post in posts}
        await self.look.keep([replace(post, media=await self._permitted(post.media)) for post in posts])

    async def _permitted(self, media: Sequence[Media]) -> tuple[Media, ...]:
        """Each with the reason why it must not be asked for; what is not to be fetched anyway asks nobody's rules."""
        return tuple([one if one.trouble else replace(one, trouble=await self.gate.why_not(one.url)) for one in media])

    async def read_page(self, url: str, listed: Instant | None) -> Post | None:
        """The post behind an address; unread when only its list's date is known; None without any date.

        None also where the page is no article. Raises when the site has stopped answering.
        """
        self.meet(url)
        try:
            return await self.ask_post(url, listed)
        except SourceTrouble as trouble:
            return self._unread_page(url, listed, trouble)

    async def read_with_page(self, article: Article, answer: Capture) -> Post | None:
        """A listed article joined with what its own page shows; unread where that page is not to be had.

        `answer` is the list it was read from. Raises when the site has stopped answering.
        """
        listed = self.post_of(article, answer)
        try:
            page = await self.ask_post(article.url, article.published)
        except SourceTrouble as trouble:
            if self.has_stopped:
                raise
            self.look.notes.append(f"{article.url}: {trouble.detail}")
            return listed and replace(listed, unread=unread_because(trouble))
        return joined(listed, page) if listed and page else listed or page

    async def ask_post(self, url: str, listed: Instant | None) -> Post | None:
        """As `read_page`, with the trouble of the page itself raised; the site's failures are counted."""
        try:
            answer = self._owners.asked_before(url) or await self.ask("article", url)
            article = await self._owners.settled(self._read(url, answer))
        except SourceTrouble as trouble:
            self._count_failure(trouble)
            raise
        self._failures = 0
        if article.rest:
            article = await with_rest(article, self._read_further, lambda: self.has_stopped)
        self._tell_conflict(article)
        published = article.published or listed
        if published:
            self.meet(url, published.end)
            return self.post_of(replace(article, published=published), answer)
        if is_article(answer):
            self.undated.append(url)
        return None

    def _read(self, url: str, answer: Capture) -> Article:
        """The article at `url`. Raises also where another page answered in its place."""
        is_front = self._is_front(answer.final_url)
        if not is_front and not trouble_of(answer) and (deleted := led_to_list(self, url, answer)):
            raise deleted
        article = read_article(answer, self.zone)
        if is_front != self._is_front(url) or is_stand_in(article, answer, url):
            raise Unreadable(say("halaman lain di tempat artikel", "another page in the article's place"))
        if other := led_to_another(self, url, answer, article.title):
            raise other
        return article

    def _is_front(self, url: str) -> bool:
        return self.canonical(url).rstrip("/") == self.base.rstrip("/")

    async def _read_further(self, url: str) -> Article:
        try:
            return await self._owners.settled(read_article(await self.ask("article", url), self.zone))
        except SourceTrouble as trouble:
            self._count_failure(trouble)
            raise

    def _tell_conflict(self, article: Article) -> None:
        """Keep in the visit what a page says of its own publication in two ways; of the first few."""
        if article.conflict and self._conflicts < MAX_CONFLICTS:
            self._conflicts += 1
            self.look.notes.append(say("tanggal berbeda", "dates differ") + f": {article.url}: {article.conflict}")

    def _count_failure(self, trouble: SourceTrouble) -> None:
        """Take note that a page failed; `has_stopped` from then on when it is one too many."""
        self._failures += 1
        self.has_stopped = self._failures >= MAX_FAILURES_IN_A_ROW or trouble.detail == TOO_MUCH

    def _unread_page(self, url: str, listed: Instant | None, trouble: SourceTrouble) -> Post | None:
        if self.has_stopped:
            raise trouble
        self.look.notes.append(f"{url}: {trouble.detail}")
        if listed is None:
            self.undated.append(url)
            return None
        article = Article(canonical_url(url), "", listed, unread=unread_because(trouble))
        return self.post_of(article, self.home)

    def post_of(self, article: Article, answer: Capture) -> Post | None:
        """An article as a post of this account; None when it has no date."""
        if article.published is None:
            self.undated.append(article.url)
            return None
        url = self.canonical(article.url)
        self.meet(url, article.published.end)
        content = article.fragment
        media = [_media(one, "image") for one in content.images]
        media += [_media(one, "video") for one in content.videos]
        media += [replace(_media(one, "video"), trouble=ELSEWHERE) for one in content.embeds]
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
        """Whether every article found has a date and nothing is in doubt; the notes name the others."""
        if self.undated:
            some = ", ".join(self.undated[:3])
            self.look.notes.append(say("tanpa tanggal", "without a date") + f": {some} ({len(self.undated)})")
        return not self.undated and not self._doubts


def _media(url: str, kind: str) -> Media:
    # The whole address: `image.php?id=1` and `?id=2` are two pictures.
    return Media(media_id=f"news:{url.partition('#')[0]}", kind=kind, url=url)


def _host(url: str) -> str:
    """Host and port, `www.` and the port a scheme has anyway set aside."""
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in (None, usual) else parts.port
    return f"{(parts.hostname or '').removeprefix('www.')}:{port}"
