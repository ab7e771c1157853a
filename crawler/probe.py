"""An address -> how Tayang reads it, step by step: which question, by which way, how sure, and where it stopped.

Nothing is kept: no evidence, no store, no coverage. It is how a person finds out why a site is `unreadable`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler.assignments import Assignment
from crawler.coverage import conclude
from crawler.discovery.site import Site
from crawler.errors import SourceTrouble, Unreachable
from crawler.instance import Instance
from crawler.items import Account, Capture, Post
from crawler.language import say
from crawler.readers.article import Parts, read_parts
from crawler.redaction import guard_logs, redact
from crawler.render_settings import rendering_in
from crawler.rendering import RENDERED
from crawler.robots import Gate
from crawler.spiders.news import WAYS, NewsSpider
from crawler.visit import Look
from crawler.workspace_settings import settings_of

# Of the crawl's flow nothing runs: what was asked goes to the one who asked.
_ALONE = {"ITEM_PIPELINES": {}, "EXTENSIONS": {}, "LOG_INSTALL_ROOT_HANDLER": False}
_BEGINNING = 300  # characters of a body that are shown


@dataclass
class Finding:
    """What was found at `url`, ready for JSON.

    `article` or `site` is set, according to what the page is; `trouble`: outcome word and why. `page` is the
    article's answer, for a test case.
    """

    url: str
    questions: list[dict[str, Any]] = field(default_factory=list)
    article: dict[str, Any] | None = None
    site: dict[str, Any] | None = None
    trouble: str | None = None
    page: Capture | None = None
    parts: Parts | None = None

    def as_json(self) -> dict[str, Any]:
        """All but the bytes."""
        return {"url": self.url, "trouble": self.trouble, "article": self.article, "site": self.site,
                "questions": self.questions}  # fmt: skip


class Overheard:
    """A look whose questions are noted down and whose posts are only counted: nothing is handed on."""

    def __init__(self, look: Look, finding: Finding) -> None:
        self._look, self.questions = look, finding.questions
        self.account, self.since, self.started_at = look.account, look.since, look.started_at
        self.listing, self.notes = look.listing, look.notes
        self.rests_since = look.rests_since
        self.posts: list[Post] = []

    async def fetch(self, kind: str, url: str, headers: Mapping[str, str] | None = None, **meta: Any) -> Capture:
        """One GET, noted down with what came of it."""
        return await self._noted(kind, url, self._look.fetch(kind, url, headers, **meta))

    async def made(self, url: str, making: Awaitable[Capture]) -> Capture:
        """A page as the browser shows it, noted down behind the question for it."""
        return await self._noted(RENDERED, url, self._look.made(url, making))

    async def _noted(self, kind: str, url: str, answering: Awaitable[Capture]) -> Capture:
        question: dict[str, Any] = {"kind": kind, "url": redact(url)}
        try:
            answer = await answering
        except SourceTrouble as trouble:
            question["trouble"] = trouble.detail
            raise
        finally:
            self.questions.append(question)
        kind_of_answer = (answer.header("content-type") or "").partition(";")[0]
        question |= {"status": answer.status, "bytes": len(answer.body), "content_type": kind_of_answer}
        return answer

    def recall(self, _url: str) -> None:
        """Nothing: a probe sees the site as a stranger does."""

    async def keep(self, posts: Sequence[Post]) -> None:
        """Count the posts; no picture is fetched."""
        self.posts += [post for post in posts if post.published_until >= self.since]


class ProbeSpider(NewsSpider):
    """The news spider on one address that need not be registered."""

    name = "probe"
    finding: Finding
    reads_as_site: bool
    in_browser: bool

    async def look(self, look: Look) -> None:
        """Fill in `finding`."""
        overheard = Overheard(look, self.finding)
        gate = self.door_of(overheard, self.finding.url)
        try:
            if self.reads_as_site or not await self._is_article(gate):
                self.finding.site = await _site(overheard, gate, self.zone)
                self.finding.trouble = None  # no article, and so a site
        except SourceTrouble as trouble:
            self.finding.trouble = f"{type(trouble).__name__.lower()}: {trouble.detail}"

    def is_shown(self, handle: str) -> bool:
        """Where asked for, and where a run would: the address or what lies above it is registered for it."""
        return self.in_browser or rendering_in(self.settings).shows_below(handle)

    async def _is_article(self, gate: Gate) -> bool:
        """Whether the address holds a dated article; front pages are not asked."""
        url = self.finding.url
        if not urlsplit(url).path.strip("/"):
            return False
        answer = await gate.fetch("article", url)
        try:
            parts = read_parts(answer, self.zone)
        except SourceTrouble as trouble:
            if answer.status != 200:
                raise
            self.finding.trouble = trouble.detail
            return False
        if parts.article.published is None:
            self.finding.trouble = "no publication date on the page"
            return False
        self.finding.page, self.finding.parts = answer, parts
        self.finding.article = _article(parts, self.zone)
        return True


def probe(instance: Instance, url: str, since: datetime, *, as_site: bool = False, in_browser: bool = False) -> Finding:
    """Ask for one address and what belongs to it, within the workspace's manners; once per process (Scrapy)."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.setdict({**settings_of(instance), **_ALONE}, priority="project")
    process = AsyncCrawlerProcess(settings)
    guard_logs()
    finding = Finding(url)
    account = Account("probe", "news", url.rstrip("/"))
    process.crawl(
        process.create_crawler(ProbeSpider), assignments=[Assignment(account, since)], finding=finding,
        reads_as_site=as_site, in_browser=in_browser,
    )  # fmt: skip
    process.start()
    if not finding.questions:
        raise Unreachable(say("tidak ada yang ditanyakan", "nothing was asked"))
    return finding


def _article(parts: Parts, zone: tzinfo) -> dict[str, Any]:
    article, taken = parts.article, parts.publication.taken
    conflicts = parts.publication.conflicts
    return {
        "url": article.url, "title": article.title,
        "published": [
            {
                "source": one.source, "raw": one.instant.raw, "precision": one.instant.precision.value,
                "from": one.instant.start.astimezone(zone).isoformat(),
                "until": one.instant.end.astimezone(zone).isoformat(),
                "confidence": one.instant.confidence.value, "is_taken": one is taken, "contradicts": one in conflicts,
            }
            for one in parts.publication.statements
        ],
        "body": {
            "letters": len(article.fragment.text), "by": parts.body.by, "unread": article.unread,
            "beginning": article.fragment.text[:_BEGINNING],
        },
        "images": list(article.fragment.images), "videos": list(article.fragment.videos),
        "links": list(article.fragment.links),
    }  # fmt: skip


async def _site(look: Overheard, gate: Gate, zone: tzinfo) -> dict[str, Any]:
    """Each way in turn, as in a run, until one answers; raises what a run would."""
    site = Site(look, gate, zone)
    await site.open()
    ways: list[dict[str, Any]] = []
    trouble: SourceTrouble | None = None
    for way in WAYS:
        asked = len(look.questions)
        ways.append({"way": way.__module__.rpartition(".")[2], "answered": False})
        try:
            ways[-1]["answered"] = await way(site)
        except SourceTrouble as ended:
            trouble = ended
        ways[-1]["questions"] = len(look.questions) - asked
        if ways[-1]["answered"] or trouble:
            break
    outcome, covers, cause = conclude(look.listing, look.since, look.started_at, trouble)
    return {
        "delay_seconds": site.rules.delay_seconds, "sitemaps": list(site.rules.sitemaps), "ways": ways,
        "articles": _articles(look.posts, zone), "outcome": outcome.value, "cause": cause.value if cause else None,
        "covers": [at.astimezone(zone).isoformat() for at in (covers.start, covers.end)] if covers else None,
        "notes": [*look.notes, *([trouble.detail] if trouble else [])],
    }  # fmt: skip


def _articles(posts: Sequence[Post], zone: tzinfo) -> dict[str, Any]:
    times = sorted(post.published_at for post in posts)
    return {
        "count": len(posts), "unread": sum(post.unread is not None for post in posts),
        "with_pictures": sum(bool(post.media) for post in posts),
        "median_letters": int(median(len(post.text) for post in posts)) if posts else 0,
        "oldest": times[0].astimezone(zone).isoformat() if times else None,
        "newest": times[-1].astimezone(zone).isoformat() if times else None,
        "titles": [post.text.partition("\n")[0] for post in posts[:5]],
    }  # fmt: skip
