"""Accounts to look at -> pages of posts and, for every look, exactly one Visit.

A channel is a spider with one coroutine, `look(self, look)`: it asks by `look.fetch`, hands over
posts by `look.keep`, and writes down in `look.listing` how far the list was read. However it
ends, `ChannelSpider` turns the ending into one Visit by the rule in `crawler.coverage`.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import scrapy
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Request, Response

from crawler.assignments import Assignment, Standing
from crawler.coverage import Listing, conclude
from crawler.errors import Blocked, ChannelStopped, SourceTrouble, Unreachable, Unreadable
from crawler.host_budget import BUSY, HostSpent
from crawler.items import Capture, Cause, Media, Page, Post, Visit
from crawler.language import say
from crawler.local_time import CLOCK
from crawler.rates import RateBook
from crawler.redaction import redact, redact_bytes, redact_headers
from crawler.unchanged import ASKED_AGAIN, Recall, as_confirmed, conditions, recall_nothing, rules_still_stand

log = logging.getLogger(__name__)

# Bytes of media and of shown pages are handed on in bundles of about this size: a page of clips is never held whole.
BUNDLE_BYTES = 4_000_000

MEDIA_TYPES = ("image/", "video/", "audio/", "application/octet-stream", "binary/octet-stream")


class Look:
    """One look at one account, while it lasts. Mutable, lives inside one coroutine."""

    def __init__(self, spider: ChannelSpider, assignment: Assignment) -> None:
        self.spider = spider
        self.account = assignment.account
        self.since = assignment.since
        self.until = assignment.until
        self.native_id = assignment.native_id
        self.known_media = assignment.known_media
        self.again = assignment.again
        self.is_canary = assignment.is_canary
        self.rests_since = assignment.rests_since
        self.has_posts = assignment.has_posts
        self.started_at = CLOCK.now()
        self.listing = Listing()
        self.notes: list[str] = []
        self.posts_seen = 0
        self.last_sha256: str | None = None
        self._captures: list[Capture] = []
        self._failed: list[tuple[str, str, str]] = []

    async def fetch(
        self, kind: str, url: str, headers: Mapping[str, str] | None = None, **meta: Any
    ) -> Capture:
        """The answer to one GET, whatever its status, kept as evidence.

        What the server says is unchanged since an earlier look comes as it arrived then; the 304 is kept.
        Raises: Blocked (address refused), Unreachable (no whole answer came).
        """
        earlier = self.recall(url) if kind in ASKED_AGAIN else None
        asked = conditions(earlier) if earlier and earlier.url == redact(url) else {}
        try:
            capture = await self.spider.download(kind, url, {**(headers or {}), **asked}, meta)
        except SourceTrouble as trouble:
            self._failed.append((redact(url), type(trouble).__name__, trouble.detail))
            raise
        if asked and earlier and capture.status == 304:
            self._captures.append(replace(capture, earlier=earlier))
            capture = as_confirmed(capture, earlier)
        else:
            self._captures.append(capture)
        self.last_sha256 = capture.sha256
        return capture

    async def made(self, url: str, making: Awaitable[Capture]) -> Capture:
        """What was made here of the answer to `url`, kept as evidence beside it. Raises what the making raises."""
        try:
            capture = await making
        except SourceTrouble as trouble:
            self._failed.append((redact(url), type(trouble).__name__, trouble.detail))
            raise
        self._captures.append(capture)
        self.last_sha256 = capture.sha256
        await self._emit_when_heavy()
        return capture

    def recall(self, url: str) -> Capture | None:
        """The newest answer of an earlier look to the same question, whatever its status; None = none known."""
        return self.spider.recall(self.account.key, url)

    def kept_rules(self, url: str) -> Capture | None:
        """The answer of an earlier look to this robots.txt, where it is young enough to go by it; else None."""
        kept = self.recall(url)
        return kept if rules_still_stand(kept, CLOCK.now()) else None

    async def keep(self, posts: Sequence[Post]) -> None:
        """Fetch the media of `posts` and hand both on, with the captures they rest on."""
        wanted = [post for post in posts if self._wants(post)]
        if self.is_canary:
            self.posts_seen += len(wanted)
            wanted = []
        fetched = [replace(post, media=await self._fetch_all(post.media)) for post in wanted]
        self.posts_seen += len(fetched)
        await self._emit(tuple(fetched))

    async def saw_standing(self, post: Standing) -> None:
        """Hand on that a post still stands as it was known; nothing of it was read."""
        await self._emit((), ((post.post_id, post.content_id),))

    def _wants(self, post: Post) -> bool:
        return post.published_until >= self.since and (self.until is None or post.published_at < self.until)

    async def _fetch_all(self, media: Sequence[Media]) -> tuple[Media, ...]:
        return tuple([await self._fetch_media(one) for one in media])

    async def _fetch_media(self, media: Media) -> Media:
        # Known content stands also where its address has since expired or is withheld.
        if self.spider.media_never_change and media.media_id in self.known_media:
            return replace(media, sha256=self.known_media[media.media_id], trouble=None)
        if media.trouble or media.sha256:
            return media
        try:
            capture = await self.spider.download("media", media.url, {}, self.spider.media_bounds())
        except SourceTrouble as trouble:
            return replace(media, trouble=trouble.detail)
        problem = media_problem(capture)
        if problem:
            return replace(media, trouble=problem)
        self._captures.append(capture)
        await self._emit_when_heavy()
        return replace(media, sha256=capture.sha256)

    async def _emit_when_heavy(self) -> None:
        if sum(len(one.body) for one in self._captures) > BUNDLE_BYTES:
            await self._emit(())

    async def _emit(self, posts: tuple[Post, ...], standing: tuple[tuple[str, str], ...] = ()) -> None:
        captures, self._captures = tuple(self._captures), []
        now = CLOCK.now()
        page = Page(self.spider.run_id, self.account, posts, captures, now, self.since, standing)
        await self.spider.hand_on(page)

    def end(self, trouble: SourceTrouble | None) -> Visit:
        """The one Visit of this look; captures not yet handed on travel with it."""
        asked_at = min(self.until or self.started_at, self.started_at)
        outcome, covers, cause = conclude(self.listing, self.since, asked_at, trouble)
        notes = [*self.notes, trouble.detail] if trouble else self.notes
        if cause and not notes:
            notes = [f"{len(self.listing.order)} posts listed, of {self.listing.total or 'an unknown number'}"]
        return Visit(
            run_id=self.spider.run_id, account=self.account, started_at=self.started_at,
            finished_at=CLOCK.now(), outcome=outcome, covers=covers, posts_seen=self.posts_seen,
            cause=cause, detail=redact("; ".join(notes)), native_id=self.native_id,
            evidence_sha256=self.last_sha256, captures=tuple(self._captures), failed=tuple(self._failed),
        )  # fmt: skip


@dataclass(slots=True)
class _Met:
    """What one look met on its way: our own budget for a host at its end, or a host that refused it itself."""

    spent: str = ""
    refused: bool = False


_MET: ContextVar[_Met] = ContextVar("met", default=_Met())  # noqa: B039 - outside of a look nobody reads it


class ChannelSpider(scrapy.Spider):
    """Base of all channels: bounded concurrency over accounts, one Visit for each."""

    channel: ClassVar[str]
    media_meta: ClassVar[Mapping[str, Any]] = {}
    # Whether a media id names one content for ever. An address does not: another file may be put behind it.
    media_never_change: ClassVar[bool] = False
    counts_hosts: ClassVar[bool] = False  # whether each host's hour is counted; an API counts by token

    # What the downloader raises where it refuses (address check, robots.txt), and where nothing came.
    refusals: ClassVar[tuple[type[Exception], ...]] = (IgnoreRequest,)
    failures: ClassVar[tuple[type[Exception], ...]] = (
        CannotResolveHostError, DownloadCancelledError, DownloadConnectionRefusedError, DownloadFailedError,
        DownloadTimeoutError, ResponseDataLossError, UnsupportedURLSchemeError, OSError, ValueError,
    )  # fmt: skip

    run_id: str = "unplanned"
    assignments: Sequence[Assignment] = ()
    stopped: ChannelStopped | None = None
    recall: Recall = staticmethod(recall_nothing)  # set with the assignments

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> ChannelSpider:
        """Built by Scrapy; assignments are set by `pipelines.plan` before the spider starts."""
        spider: ChannelSpider = super().from_crawler(crawler, *args, **kwargs)
        spider.handed_on = asyncio.Queue(maxsize=16)
        spider.rates = RateBook()
        spider.slots = asyncio.Semaphore(crawler.settings.getint("CONCURRENT_REQUESTS"))
        return spider

    handed_on: asyncio.Queue[Page | Visit | None]
    rates: RateBook  # set with the assignments; until then one that is kept nowhere
    deadline: float | None = None  # of the event loop's clock; set with the assignments
    slots: asyncio.Semaphore  # one per look under way; spiders of one run share theirs

    async def start(self) -> AsyncIterator[Page | Visit]:
        """Yield what the looks hand on, until all assignments have ended."""
        waiting = asyncio.Queue[Assignment]()
        for assignment in self.assignments:
            waiting.put_nowait(assignment)
        workers = [asyncio.create_task(self._work(waiting)) for _ in range(self._width())]
        ending = asyncio.create_task(self._signal_end(workers))
        self._tasks = workers
        if self._was_ended:  # before it had begun
            self.end_looks()
        while (item := await self.handed_on.get()) is not None:
            yield item
        await ending

    _tasks: Sequence[asyncio.Task[None]] = ()
    _was_ended = False

    def end_looks(self) -> None:
        """Give up the looks under way and begin no other: they end without a visit, the spider then closes."""
        self._was_ended = True
        for task in self._tasks:
            task.cancel()

    def _width(self) -> int:
        return min(len(self.assignments), self.settings.getint("CONCURRENT_REQUESTS"))

    async def _signal_end(self, workers: Sequence[asyncio.Task[None]]) -> None:
        for ending in await asyncio.gather(*workers, return_exceptions=True):
            if isinstance(ending, Exception):  # the run is told by the visits that are missing
                log.error("%s: %s", self.name, redact(repr(ending)), exc_info=ending)
        await self.handed_on.put(None)

    async def _work(self, waiting: asyncio.Queue[Assignment]) -> None:
        while not waiting.empty():
            assignment = waiting.get_nowait()
            async with self.slots:
                look = Look(self, assignment)
                await self.hand_on(look.end(await self._look_once(look)))

    async def _look_once(self, look: Look) -> SourceTrouble | None:
        """How the look ended: None = as it should.

        A defect of ours in one account's page must not cost the other accounts their visit, so
        whatever else is raised is taken as a value here, logged whole, and called unreadable.
        """
        if self.deadline is not None and time.monotonic() >= self.deadline:
            self.stopped = self.stopped or out_of_time()
        if self.stopped:  # never asked: whatever stopped the channel is told, but is not this account's
            return ChannelStopped(self.stopped.detail, Cause.NOT_VISITED)
        met = _Met()
        _MET.set(met)
        [ending] = await asyncio.gather(self._look_in_time(look), return_exceptions=True)
        if met.spent and not met.refused:
            # Whatever it made of the answers it did not get: a witness that we did not ask is no silent witness.
            look.notes.clear()
            return ChannelStopped(met.spent, Cause.NOT_VISITED)
        if ending is None:
            return None
        if isinstance(ending, ChannelStopped):
            self.stopped = ending
        if isinstance(ending, SourceTrouble):
            return ending
        log.error("%s: %s", look.account.key, redact(repr(ending)), exc_info=ending)
        return Unreadable(f"{type(ending).__name__}: {ending}")

    async def _look_in_time(self, look: Look) -> None:
        """One look, given up when the run's time is over."""
        try:
            async with asyncio.timeout_at(self.deadline) as bound:
                await self.look(look)
        except TimeoutError as late:
            if bound.expired():
                raise out_of_time() from late
            raise

    def media_bounds(self) -> dict[str, Any]:
        """Request meta for media: larger than pages, and bounded."""
        return {**self.media_meta, "download_maxsize": self.settings.getint("TAYANG_MAX_MEDIA_BYTES")}

    async def look(self, look: Look) -> None:
        """Read one account; to be written by each channel. Raises SourceTrouble."""
        raise NotImplementedError

    async def hand_on(self, item: Page | Visit) -> None:
        """Pass an item to the pipelines; waits while they are behind."""
        await self.handed_on.put(item)

    async def download(
        self, kind: str, url: str, headers: Mapping[str, str], meta: Mapping[str, Any]
    ) -> Capture:
        """One GET through Scrapy's downloader: delays, retries, redirects, address check, robots."""
        request = Request(url, headers=dict(headers), meta=dict(meta), dont_filter=True)
        try:
            response = await self.crawler.engine.download_async(request)
        except self.refusals as refused:
            if isinstance(refused, HostSpent):
                _MET.get().spent = str(refused)
            raise Blocked(redact(str(refused))) from refused
        except self.failures as failed:
            raise Unreachable(redact(f"{type(failed).__name__}: {failed}")) from failed
        _MET.get().refused |= response.status in BUSY
        return capture_of(kind, url, response)


def out_of_time() -> ChannelStopped:
    """The run's time budget is used up: what is left is the next run's first work."""
    said = say("anggaran waktu putaran habis; putaran berikutnya mulai dari sini",
               "the run's time budget is used up; the next run begins here")  # fmt: skip
    return ChannelStopped(said, Cause.NOT_VISITED)


def media_problem(capture: Capture) -> str | None:
    """Why an answer is not the media asked for, or None."""
    if capture.status != 200:
        return f"HTTP {capture.status}"
    if not capture.body:
        return "empty body"
    kind = (capture.header("content-type") or "application/octet-stream").lower()
    return None if kind.startswith(MEDIA_TYPES) else f"content type {kind}"


def capture_of(kind: str, url: str, response: Response) -> Capture:
    """A Scrapy response as a capture, without secrets."""
    sent = response.request.headers if response.request else {}
    return Capture(
        kind=kind, url=redact(url), final_url=redact(response.url), status=response.status,
        headers=redact_headers(_pairs(response.headers)), body=redact_bytes(response.body),
        fetched_at=CLOCK.now(), request_headers=redact_headers(_pairs(sent)),
    )  # fmt: skip


def _pairs(headers: Any) -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        for value in values
    ]
