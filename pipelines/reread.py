"""Kept answers of one look -> the posts it showed, by the channel's own coroutine asked of evidence.

A look is determined by what its questions bring: where they bring what they brought, it finds the same
posts. Nothing is asked of anyone, and nothing is waited for.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from crawler.assignments import Assignment
from crawler.discovery.outlet import Asking
from crawler.errors import Blocked, SourceTrouble, StoreDamaged, Unreachable, Unreadable
from crawler.items import Account, Capture, Post
from crawler.readers.search_form import words_asked
from crawler.redaction import redact
from crawler.rendering import ASSET, DOCUMENT, RENDERED
from crawler.spiders.instagram import InstagramSpider
from crawler.spiders.media import MediaSpider
from crawler.spiders.news import NewsSpider
from crawler.unchanged import as_confirmed
from crawler.visit import ChannelSpider, Look
from crawler.workspace_settings import settings_of
from pipelines.check import Workspace
from pipelines.deletions import Deletions
from pipelines.warc import Answered, read_answer

Line = Mapping[str, Any]

_TROUBLES: Mapping[str, type[SourceTrouble]] = {one.__name__: one for one in (Blocked, Unreachable, Unreadable)}
NOT_KEPT = "no answer in evidence"


class Archive:
    """The kept bytes of a workspace by ledger line, or by the store's row of one."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.deletions = Deletions()
        self._first: dict[str, Line] = {}

    def learn(self, line: Line) -> None:
        """Remember where a payload was first written, and not deleted since; later records refer to it."""
        if self.deletions.covers(line):
            return
        self._first.setdefault(line["sha256"], line)

    def is_deleted(self, line: Line) -> bool:
        """Whether the answer itself, or the payload it refers to, was deleted on purpose."""
        return self.deletions.covers(line) or (
            line["sha256"] in self.deletions.payloads and line["sha256"] not in self._first
        )

    def body(self, sha256: str) -> bytes:
        """A payload by its digest. Raises: StoreDamaged when it is not there as it was."""
        line = self._first.get(sha256)
        if line is None:
            raise StoreDamaged(f"evidence {sha256}: not in the ledger")
        try:
            body = (self.home / line["path"]).read_bytes() if line.get("path") else self._record(line).payload
        except OSError as error:
            raise StoreDamaged(f"{error.filename}: {error.strerror}") from error
        if hashlib.sha256(body).hexdigest() != sha256:
            raise StoreDamaged(f"evidence {sha256}: bytes differ from the ledger (seq {line['seq']})")
        return body

    def capture(self, line: Line) -> Capture:
        """A page's answer as it arrived, headers and all."""
        answered = self._record(line)
        body = self.body(line["sha256"])
        told = Capture(
            kind=line["kind"], url=line["url"], final_url=answered.final_url, status=answered.status,
            headers=answered.headers, body=body, fetched_at=_instant(line["fetched_at"]),
        )  # fmt: skip
        confirms = line.get("confirms")
        if confirms is None:
            return told
        head = (("content-type", confirms["content_type"]),)
        return as_confirmed(told, replace(told, headers=head, fetched_at=_instant(confirms["fetched_at"])))

    def _record(self, line: Line) -> Answered:
        try:
            return read_answer(self.home / "evidence" / line["warc_file"], line["warc_offset"])
        except ValueError as error:
            raise StoreDamaged(str(error)) from error
        except OSError as error:
            raise StoreDamaged(f"{error.filename}: {error.strerror}") from error


@dataclass
class Asked:
    """One look as the ledger tells it: its answers in order, and what followed from them.

    `rules`: the newest answers of earlier looks to a robots.txt, by address: it may have gone by them.
    """

    account: Account
    pages: list[Line] = field(default_factory=list)
    media: dict[str, str] = field(default_factory=dict)
    sightings: list[Line] = field(default_factory=list)
    failed: Sequence[Sequence[str]] = ()
    started_at: datetime | None = None
    rules: Mapping[str, Line] = field(default_factory=dict)

    @property
    def since(self) -> datetime:
        """Where the look wanted to begin."""
        told = next((one["since"] for one in self.sightings if one["since"]), None)
        return datetime.fromisoformat(told) if told else datetime.fromisoformat(self.sightings[0]["seen_at"])


class Answers:
    """The answers of one look; each is given once, to the question it was the answer to."""

    def __init__(self, archive: Archive, asked: Asked) -> None:
        self._archive = archive
        # What a page's own scripts asked for is asked by nobody when there is no browser.
        self._waiting = [line for line in asked.pages if line["kind"] != ASSET]
        self._failed: dict[str, list[SourceTrouble]] = defaultdict(list)
        for url, kind, detail in asked.failed:
            self._failed[url].append(_TROUBLES.get(kind, Unreachable)(detail))

    def next(self, kind: str, url: str) -> Capture:
        """The next answer to a question. Raises: the trouble it ended in, Unreachable when none was kept."""
        found = self._take(lambda line: bool(line["url"] == url and line["kind"] != RENDERED))
        if found is None and self._failed.get(url):
            raise self._failed[url].pop(0)
        # A killed look did not tell when it began, and an API's address may have been set anew since.
        found = found or self._take(lambda line: _may_answer(line, kind, url))
        if found is None or self._archive.is_deleted(found):
            raise Unreachable(NOT_KEPT)
        return self._archive.capture(found)

    def rendered(self, url: str) -> Capture:
        """What the browser showed of the document just given. Raises: the trouble it ended in, or Unreachable."""
        of_page = (one for one in self._waiting if one["url"] == url and one["kind"] in (DOCUMENT, RENDERED))
        found = next(of_page, None)
        if found is not None and self._archive.is_deleted(found):
            raise Unreachable(NOT_KEPT)
        if found is not None and found["kind"] == RENDERED:  # else it was never shown: the page was asked for again
            self._waiting.remove(found)
            return self._archive.capture(found)
        raise self._failed[url].pop(0) if self._failed.get(url) else Unreachable(NOT_KEPT)

    def earlier(self, line: Line) -> Capture:
        """An answer of an earlier look."""
        return self._archive.capture(line)

    def _take(self, fits: Any) -> Line | None:
        found = next((line for line in self._waiting if fits(line)), None)
        if found is not None:
            self._waiting.remove(found)
        return found


class Reread(Look):
    """A look whose questions are answered from evidence and whose posts are collected, media unfetched."""

    def __init__(self, spider: ChannelSpider, asked: Asked, answers: Answers) -> None:
        super().__init__(spider, Assignment(asked.account, asked.since))
        self.started_at = asked.started_at or self.since
        self.posts: list[Post] = []
        self._answers = answers
        asked_then = {line["url"] for line in asked.pages} | {url for url, _, _ in asked.failed}
        self._rules = {url: line for url, line in asked.rules.items() if url not in asked_then}

    def kept_rules(self, url: str) -> Capture | None:
        """What that look went by, where it did not ask."""
        line = self._rules.get(redact(url))
        return self._answers.earlier(line) if line else None

    async def fetch(
        self, kind: str, url: str, headers: Mapping[str, str] | None = None, **meta: Any
    ) -> Capture:
        """What was answered then."""
        return self._answers.next(kind, redact(url))

    async def made(self, url: str, making: Any) -> Capture:
        """What was made then; nothing is made anew."""
        making.close()
        return self._answers.rendered(redact(url))

    async def keep(self, posts: Sequence[Post]) -> None:
        """Collect; which of them were wanted, the sightings tell."""
        self.posts += posts


class Reader:
    """Reads looks again, one after the other."""

    def __init__(self, workspace: Workspace, archive: Archive) -> None:
        self._workspace = workspace
        self._archive = archive
        self._settings = Settings()
        self._settings.setmodule("crawler.settings", priority="project")
        self._settings.setdict(settings_of(workspace.instance), priority="cmdline")
        self._spiders = SpiderLoader.from_settings(self._settings)
        self._runner = asyncio.Runner(loop_factory=_Hurried)

    def close(self) -> None:
        """End the event loop."""
        self._runner.close()

    def posts_of(self, asked: Asked) -> list[Post]:
        """The posts that a look handed on, in order; its trouble, if any, ended it as it did then."""
        spider = self._spider(asked.account.channel)
        if isinstance(spider, MediaSpider):
            spider.askings = {asked.account.key: _asking_of(asked)}
        if isinstance(spider, NewsSpider):  # whatever is registered today
            spider.words = _words_of(asked)
            spider.was_shown = any(line["kind"] == DOCUMENT for line in asked.pages)
        look = Reread(spider, asked, Answers(self._archive, asked))
        ending = self._runner.run(_ending(spider, look))
        if isinstance(ending, StoreDamaged):
            raise ending
        return look.posts

    def _spider(self, channel: str) -> ChannelSpider:
        kind = self._spiders.load(channel)
        assert issubclass(kind, ChannelSpider), channel  # noqa: S101 - for the type checker
        spider = kind.from_crawler(Crawler(kind, self._settings))
        if isinstance(spider, InstagramSpider):
            spider.instance, spider.token = self._workspace.instance, "of-no-use"  # never leaves: nothing is sent
        return spider


def _asking_of(asked: Asked) -> Asking:
    """What a medium was asked for then. Words and register may have changed: every article is taken, and the
    sightings tell which of them mattered."""
    feeds = [line["url"] for line in asked.pages if line["kind"] == "feed"]
    searches = [line["url"] for line in asked.pages if line["kind"] == "search"]
    return Asking(next(iter(feeds), ""), tuple(dict.fromkeys(searches)), most_pages=len(asked.pages) * 1000)


def _words_of(asked: Asked) -> tuple[str, ...]:
    """What a site's own search was asked for then."""
    words = (words_asked(line["url"]) for line in asked.pages if line["kind"] == "search")
    return tuple(dict.fromkeys(filter(None, words)))


async def _ending(spider: ChannelSpider, look: Look) -> BaseException | None:
    """How the look ended, as a value: a defect then is the same defect now."""
    [ending] = await asyncio.gather(spider.look(look), return_exceptions=True)
    return ending


class _Hurried(asyncio.SelectorEventLoop):
    """An event loop in which no time passes: nobody is asked, so nobody need be spared."""

    def call_later(  # type: ignore[override]  # the stubs spell the arguments of callbacks by type variables
        self, delay: float, callback: Any, *args: Any, context: Any = None
    ) -> asyncio.TimerHandle:  # fmt: skip
        """At once."""
        return super().call_later(0, callback, *args, context=context)


def _instant(text: str | datetime) -> datetime:
    return text if isinstance(text, datetime) else datetime.fromisoformat(text)


def _may_answer(line: Line, kind: str, url: str) -> bool:
    if line["kind"] != kind or kind == "article":  # `detail?id=5` and `?id=6` are two articles
        return False
    return kind == "graph" or urlsplit(line["url"])._replace(query="") == urlsplit(url)._replace(query="")
