"""Looks at accounts, whatever their channel does -> exactly one Visit each, and posts only where they were wanted."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy.http import Request, Response
from scrapy.settings import Settings

from crawler.assignments import Assignment
from crawler.coverage import Listing
from crawler.errors import Blocked, ChannelStopped, Gone, Private, SourceTrouble, Unreachable, Unreadable
from crawler.items import Account, Capture, Cause, Media, Outcome, Page, Post, Quality, Visit
from crawler.local_time import Steady
from crawler.redaction import REDACTED, remember_secret
from crawler.visit import BUNDLE_BYTES, ChannelSpider, Look, capture_of, media_problem

NOW = datetime.now(UTC)
SINCE = NOW - timedelta(days=3)
Behaviour = Callable[["Channel", Look], Any]


class Channel(ChannelSpider):
    """A channel whose answers are written here: `media` by address, and one behaviour per handle."""

    name = channel = "instagram"
    media_never_change = True
    custom: ClassVar[Mapping[str, str]] = {}

    def __init__(
        self, behaviours: Mapping[str, Behaviour], media: Mapping[str, Capture | SourceTrouble], width: int
    ) -> None:
        super().__init__()
        self.settings = Settings({"CONCURRENT_REQUESTS": width, "TAYANG_MAX_MEDIA_BYTES": 1000})
        self.behaviours, self.media = behaviours, media
        self.handed_on = asyncio.Queue(maxsize=16)
        self.slots = asyncio.Semaphore(width)
        self.downloaded: list[str] = []

    async def look(self, look: Look) -> None:
        """Do what is written for this account."""
        await self.behaviours[look.account.handle](self, look)

    async def download(self, kind: str, url: str, headers: Mapping[str, str], meta: Mapping[str, Any]) -> Capture:
        """The answer that is written for this address."""
        self.downloaded.append(url)
        found = self.media[url]
        if isinstance(found, SourceTrouble):
            raise found
        return found


def crawl(
    behaviours: Mapping[str, Behaviour],
    media: Mapping[str, Capture | SourceTrouble] | None = None,
    width: int = 4,
    seconds: float | None = None,
    **more: Any,
) -> tuple[list[Page], list[Visit], Channel]:
    """All accounts looked at once."""

    async def run() -> tuple[list[Page | Visit], Channel]:
        channel = Channel(behaviours, media or {}, width)
        channel.deadline = time.monotonic() + seconds if seconds else None
        channel.assignments = [Assignment(Account("a", "instagram", handle), SINCE, **more) for handle in behaviours]
        return [item async for item in channel.start()], channel

    items, channel = asyncio.run(run())
    pages = [item for item in items if isinstance(item, Page)]
    return pages, [item for item in items if isinstance(item, Visit)], channel


def test_when_the_time_is_over_looks_are_given_up_and_the_rest_is_left() -> None:
    """Who was done stays done; who was at work and who waited end alike, with nothing proved."""

    waited_out: list[str] = []

    async def quick(channel: Channel, look: Look) -> None:
        look.listing = Listing((NOW, SINCE - timedelta(days=1)), True, 2, confirmed=True)
        channel.deadline = time.monotonic() + 1  # runs out while the next one is at work, however slow this machine is

    async def slow(_: Channel, look: Look) -> None:
        look.listing = Listing((NOW,), confirmed=True)
        await asyncio.sleep(30)
        waited_out.append(look.account.handle)

    _, visits, _ = crawl({"a": quick, "b": slow, "c": quick}, width=1, seconds=600)

    assert waited_out == []
    assert [(one.outcome, one.cause, one.covers is None) for one in visits] == [
        (Outcome.COMPLETE, None, False), *[(Outcome.BLOCKED, Cause.NOT_VISITED, True)] * 2,
    ]  # fmt: skip
    assert visits[1].detail == visits[2].detail != ""


def test_a_timeout_of_a_look_itself_is_not_the_runs() -> None:
    """Only the run's own time ends the channel."""

    async def late(_: Channel, look: Look) -> None:
        raise TimeoutError("theirs")

    async def fine(_: Channel, look: Look) -> None:
        look.listing = Listing((NOW, SINCE - timedelta(days=1)), True, 2, confirmed=True)

    _, visits, _ = crawl({"a": late, "b": fine}, width=1, seconds=60)

    assert [one.outcome for one in visits] == [Outcome.UNREADABLE, Outcome.COMPLETE]


def post(number: int, *media: Media, at: datetime = NOW) -> Post:
    return Post(
        f"instagram:{number}", "instagram", "a", "a", str(number), "u", at, at, Quality.EXACT, "teks", media=media
    )


def answer(body: bytes = b"picture", status: int = 200, kind: str = "image/jpeg") -> Capture:
    return Capture("media", "m", "m", status, (("Content-Type", kind),), body, NOW)


async def good(channel: Channel, look: Look) -> None:
    look.listing = Listing(tuple(NOW - timedelta(days=day) for day in range(6)), confirmed=True)


def failing(error: BaseException) -> Behaviour:
    async def behaviour(channel: Channel, look: Look) -> None:
        await asyncio.sleep(0)
        raise error

    return behaviour


@pytest.mark.parametrize(
    ("error", "outcome", "cause"),
    [
        (Blocked("x"), Outcome.BLOCKED, Cause.BLOCKED),
        (Private("x"), Outcome.PRIVATE, Cause.PRIVATE),
        (Gone("x"), Outcome.GONE, Cause.GONE),
        (Unreachable("x"), Outcome.FAILED, Cause.NOT_VISITED),
        (Unreadable("x"), Outcome.UNREADABLE, Cause.UNREADABLE),
        (ValueError("x"), Outcome.UNREADABLE, Cause.UNREADABLE),
        (KeyError("x"), Outcome.UNREADABLE, Cause.UNREADABLE),
    ],
)
def test_every_ending_is_one_visit_without_coverage(error: Exception, outcome: Outcome, cause: Cause) -> None:
    """Also a defect of ours: it costs its own account only, and is told."""
    logging.disable(logging.ERROR)
    _, visits, _ = crawl({"one": failing(error), "two": good})
    logging.disable(logging.NOTSET)
    one, two = sorted(visits, key=lambda visit: visit.account.handle)

    assert (outcome, None, cause) == (one.outcome, one.covers, one.cause)
    assert "x" in one.detail
    assert two.outcome is Outcome.COMPLETE


ENDINGS = st.sampled_from(["good", "blocked", "defect", "stop", "posts then gone"])


async def _posts_then_gone(channel: Channel, look: Look) -> None:
    await look.keep([post(1)])
    look.listing = Listing((NOW,), confirmed=True)
    raise Gone("somebody else")


KINDS: dict[str, Behaviour] = {
    "good": good,
    "blocked": failing(Blocked("no")),
    "defect": failing(RuntimeError("ours")),
    "stop": failing(ChannelStopped("token")),
    "posts then gone": _posts_then_gone,
}


@settings(deadline=None, max_examples=40)
@given(st.lists(ENDINGS, max_size=12), st.integers(1, 5))
def test_as_many_visits_as_accounts_whatever_happens(endings: list[str], width: int) -> None:
    """Any mixture, any width: one visit per account, coverage only for the good ones."""
    logging.disable(logging.ERROR)
    behaviours = {f"h{number}": KINDS[ending] for number, ending in enumerate(endings)}
    _, visits, _ = crawl(behaviours, width=width)
    logging.disable(logging.NOTSET)

    assert sorted(behaviours) == sorted(visit.account.handle for visit in visits)
    covered = {visit.account.handle for visit in visits if visit.covers}
    assert covered <= {f"h{number}" for number, ending in enumerate(endings) if ending == "good"}


def test_after_a_stop_nobody_is_asked() -> None:
    """One at a time: the accounts behind the stop get its outcome and words, without a question."""
    _, visits, _ = crawl({"a": good, "b": KINDS["stop"], "c": KINDS["defect"], "d": good}, width=1)

    assert [Outcome.COMPLETE, *[Outcome.BLOCKED] * 3] == [visit.outcome for visit in visits]
    assert [visit.detail for visit in visits[1:]] == ["token"] * 3


def test_only_posts_of_the_wanted_time_are_kept() -> None:
    """Older ones prove where the list stands, newer than `until` belong to the next look."""
    times = {1: SINCE - timedelta(seconds=1), 2: SINCE, 3: NOW - timedelta(hours=2), 4: NOW}

    async def behaviour(channel: Channel, look: Look) -> None:
        await look.keep([post(number, at=at) for number, at in times.items()])

    pages, [visit], _ = crawl({"a": behaviour}, until=NOW - timedelta(hours=1))

    assert [one.native_id for page in pages for one in page.posts] == ["2", "3"]
    assert visit.posts_seen == 2


@pytest.mark.parametrize(
    ("found", "trouble"),
    [
        (answer(), None),
        (answer(kind="video/mp4; codecs=x"), None),
        (answer(kind="application/octet-stream"), None),
        (answer(status=403), "HTTP 403"),
        (answer(status=206), "HTTP 206"),
        (answer(b""), "empty body"),
        (answer(kind="text/html"), "content type text/html"),
        (Unreachable("timeout"), "timeout"),
        (Blocked("address refused"), "address refused"),
    ],
)
def test_a_picture_that_cannot_be_had_costs_itself_only(found: Capture | SourceTrouble, trouble: str | None) -> None:
    """The post stays, with the reason; what is no medium is no evidence of one."""

    async def behaviour(channel: Channel, look: Look) -> None:
        await look.keep([post(1, Media("instagram:1", "image", "m"))])

    [page], _, _ = crawl({"a": behaviour}, {"m": found})
    [media] = page.posts[0].media

    assert trouble == media.trouble
    assert (media.sha256 is None) == (trouble is not None) == (page.captures == ())
    if isinstance(found, Capture):
        assert trouble == media_problem(found)


def test_known_media_are_not_fetched_again_even_where_the_address_died() -> None:
    """Each content once. An address that expired or was withheld since takes nothing back."""
    seen = [
        Media("m1", "image", "m"),
        Media("m2", "image", "m", trouble="address expired"),
        Media("m3", "image", "m", trouble="withheld"),
    ]

    async def behaviour(channel: Channel, look: Look) -> None:
        await look.keep([post(1, *seen)])

    [page], _, channel = crawl({"a": behaviour}, known_media={"m1": "s1", "m2": "s2"})

    assert [
        (one.sha256, one.trouble) for one in page.posts[0].media
    ] == [("s1", None), ("s2", None), (None, "withheld")]
    assert channel.downloaded == []


def test_an_address_is_asked_again_where_media_may_change() -> None:
    """A site may put another picture behind the same address: what was there yesterday says nothing."""

    async def behaviour(channel: Channel, look: Look) -> None:
        channel.media_never_change = False  # type: ignore[misc]
        await look.keep([post(1, Media("m1", "image", "m"))])

    fresh = answer(b"today", kind="image/jpeg")
    [page], _, channel = crawl({"a": behaviour}, {"m": fresh}, known_media={"m1": "yesterday"})

    assert [fresh.sha256] == [one.sha256 for one in page.posts[0].media]
    assert channel.downloaded == ["m"]


def test_large_media_travel_in_bundles_before_their_post() -> None:
    """A page of clips is never held whole; its bytes arrive before what is said of them."""
    clip = answer(b"x" * (BUNDLE_BYTES // 2 + 1), kind="video/mp4")

    async def behaviour(channel: Channel, look: Look) -> None:
        await look.keep([post(1, *(Media(f"m{number}", "video", "m") for number in range(5)))])

    pages, [visit], _ = crawl({"a": behaviour}, {"m": clip})

    assert [len(page.captures) for page in pages] == [2, 2, 1]
    assert [len(page.posts) for page in pages] == [0, 0, 1]
    assert visit.captures == ()


def test_answers_without_posts_travel_with_the_visit() -> None:
    """The refusal itself is evidence, and the visit names it."""
    refusal = replace(answer(b"no such user", 400, "application/json"), kind="graph")

    async def behaviour(channel: Channel, look: Look) -> None:
        await look.fetch("graph", "u")
        raise Gone("no such user")

    pages, [visit], _ = crawl({"a": behaviour}, {"u": refusal})

    assert ([], (refusal,), refusal.sha256) == (pages, visit.captures, visit.evidence_sha256)


def test_what_is_uncertain_is_told() -> None:
    """A visit with a cause always has words for it."""

    async def behaviour(channel: Channel, look: Look) -> None:
        look.listing = Listing((NOW,), ended=True, total=7, confirmed=True)

    _, [visit], _ = crawl({"a": behaviour})

    assert (visit.outcome, visit.cause, visit.detail) == (Outcome.PARTIAL, Cause.GAP, "1 posts listed, of 7")


def test_a_capture_holds_no_secret() -> None:
    """Address, final address, both kinds of headers, and the body."""
    remember_secret("EAAvisitsecret")
    request = Request(
        "https://g.example/?access_token=EAAvisitsecret", headers={"Authorization": "Bearer EAAvisitsecret"}
    )
    response = Response(
        "https://g.example/next?access_token=EAAvisitsecret",
        200,
        {"Set-Cookie": "a=EAAvisitsecret", "X-Kept": "yes"},
        b'{"token": "EAAvisitsecret"}',
        request=request,
    )
    capture = capture_of("graph", request.url, response)

    assert "EAAvisitsecret" not in repr(capture)
    assert capture.body == b'{"token": "REDACTED"}'
    assert (capture.header("x-kept"), capture.header("set-cookie")) == ("yes", REDACTED)


def test_the_clock_of_looks_never_goes_back() -> None:
    """Set back in the middle of a look, it stands until the machine's has come there again."""
    told = [NOW, NOW - timedelta(hours=1), NOW - timedelta(seconds=1), NOW + timedelta(seconds=1)]
    clock = Steady(iter(told).__next__)

    assert [clock.now() for _ in told] == [NOW, NOW, NOW, told[-1]]
