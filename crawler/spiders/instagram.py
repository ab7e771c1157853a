"""Registered Instagram accounts -> their posts, by the official Business Discovery API."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

from crawler.coverage import Listing, reaches_back
from crawler.errors import ChannelStopped, Gone, Unreadable
from crawler.instance import Instance
from crawler.items import Capture, Cause
from crawler.language import say
from crawler.rates import HOUR, SLOW_AT, STOP_AT, token_key
from crawler.readers.answers import answered_at
from crawler.readers.graph import Discovery, TryAgain, minutes_to_wait, read_discovery, seconds_off, usage_percent
from crawler.visit import ChannelSpider, Look

PAGE_SIZE = 50
CLOCK_SECONDS = 600.0
DATE_ROUNDS = timedelta(seconds=1)  # a Date header leaves out what is less
CALLS_PER_HOUR = 200  # of one user, where the service does not state what is used (docs/instagram.md)
MAX_PAGES = 200  # 10,000 posts: a list that never ends must
ATTEMPTS = 4

_CHILD = "id,media_type,media_url,thumbnail_url"
_MEDIA = (
    "id,caption,media_type,media_product_type,media_url,thumbnail_url,permalink,timestamp,"
    f"like_count,comments_count,children{{{_CHILD}}}"
)


class InstagramSpider(ChannelSpider):
    """One call shows an account's profile and up to 50 posts; cursors lead to older ones."""

    name = channel = "instagram"
    media_meta: ClassVar[Mapping[str, Any]] = {"dont_obey_robotstxt": True}
    media_never_change = True

    token: str | None = None
    instance: Instance

    async def look(self, look: Look) -> None:
        """Page back until a whole page lies before the wanted start, or the proved end."""
        if not self.token:
            raise ChannelStopped("no token: set TAYANG_INSTAGRAM_TOKEN", Cause.NOT_VISITED)
        after: str | None = None
        seen: set[str] = set()
        known_at = look.started_at
        for _ in range(MAX_PAGES):
            page, told_at = await self._page(look, after)
            _bind(look, page)
            fresh = [post for post in page.posts if post.native_id not in seen]
            seen.update(post.native_id for post in fresh)
            await look.keep(fresh)
            known_at = min(known_at, told_at)
            if self._is_read(look, page, tuple(post.published_at for post in fresh), known_at):
                return
            if not fresh:
                raise Unreadable("the cursor leads to nothing new: the chain is broken or runs in a circle")
            after = page.after
        raise Unreadable(f"more than {MAX_PAGES} pages")

    def _is_read(self, look: Look, page: Discovery, at: tuple[datetime, ...], known_at: datetime) -> bool:
        """Write down how far the list is read; whether that is far enough."""
        order = look.listing.order + at
        ended = page.after is None and page.total is not None  # an end is proved by the count alone
        look.listing = Listing(order, ended, page.total, known_at, confirmed=True)
        if page.after is None and page.total != len(order):
            look.notes.append(f"the list ends after {len(order)} posts, the account counts {page.total}")
        return page.after is None or reaches_back(order, at, look.since)

    async def _page(self, look: Look, after: str | None) -> tuple[Discovery, datetime]:
        """One page and the instant it speaks for, asked again with growing pauses while a fault is called passing."""
        for attempt in range(ATTEMPTS):
            await self._mind_usage()
            capture = await look.fetch("graph", self._address(look.account.handle, after), **_OFFICIAL)
            self._note_usage(capture)
            _mind_clock(capture)
            try:
                return read_discovery(capture, look.account), answered_at(capture) + DATE_ROUNDS
            except ChannelStopped as stop:
                if stop.cause is Cause.BLOCKED:  # throttled: used up, whatever the headers say
                    self.rates.rest(self._budget, 60 * minutes_to_wait(capture) or HOUR)
                raise
            except TryAgain:
                if attempt == ATTEMPTS - 1:
                    raise
                await asyncio.sleep(self._pause() * 2**attempt)
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _mind_usage(self) -> None:
        """Slow down near the limit of the last hour, earlier runs counted; stop before it."""
        used = self.rates.percent(self._budget, self._limit())
        if used >= STOP_AT:
            raise ChannelStopped(self._spent(used), Cause.NOT_VISITED)
        if used >= SLOW_AT:
            await asyncio.sleep(self._pause() * (used - SLOW_AT))
        self.rates.asked(self._budget)

    def _note_usage(self, capture: Capture) -> None:
        """Remember what the answer states; one without a word of it (errors, proxies) takes nothing back."""
        percent, minutes = usage_percent(capture), minutes_to_wait(capture)
        if percent:
            self.rates.said(self._budget, percent)
        if minutes:
            self.rates.rest(self._budget, 60 * minutes)

    @property
    def _budget(self) -> str:
        return token_key(self.token or "")

    def _limit(self) -> int:
        own = self.instance.instagram.calls_per_hour
        return own or (0 if self.rates.is_stated(self._budget) else CALLS_PER_HOUR)

    def _spent(self, used: float) -> str:
        free = datetime.fromtimestamp(self.rates.free_at(self._budget, self._limit()), self.instance.zone)
        return say(
            f"anggaran API terpakai {used:.0f} %, bebas lagi {free:%H:%M}; putaran berikutnya melanjutkan",
            f"usage at {used:.0f} % of the limit, free again at {free:%H:%M}; the next run goes on from here",
        )

    def _pause(self) -> float:
        return self.settings.getfloat("DOWNLOAD_DELAY")

    def _address(self, handle: str, after: str | None) -> str:
        api = self.instance.instagram
        cursor = f".after({after})" if after else ""
        fields = (
            f"business_discovery.username({handle}){{id,username,name,biography,followers_count,"
            f"media_count,media{cursor}.limit({PAGE_SIZE}){{{_MEDIA}}}}}"
        )
        query = urlencode(
            {"fields": fields, "access_token": self.token or ""}, quote_via=quote, safe="(){},."
        )
        return f"{api.graph_url}/{api.api_version}/{api.ig_user_id}?{query}"


# An API is asked under its own terms; robots.txt speaks of pages.
_OFFICIAL: Mapping[str, Any] = {"dont_obey_robotstxt": True, "handle_httpstatus_all": True}


def _mind_clock(capture: Capture) -> None:
    """Stop where our clock and the service's are far apart: windows would be called closed, and spans proved, by ours.

    Raises: ChannelStopped. An answer without a date says nothing.
    """
    off = seconds_off(capture.header("date"), capture.fetched_at)
    if off is not None and abs(off) > CLOCK_SECONDS:
        said = say(f"jam mesin ini berselisih {abs(off):.0f} detik dari jam layanan; betulkan jam",
                   f"this machine's clock is {abs(off):.0f} s off the service's; set it right")  # fmt: skip
        raise ChannelStopped(said, Cause.NOT_VISITED)


def _bind(look: Look, page: Discovery) -> None:
    """Accept a page only from the account that is registered, or first answers to this very name.

    Raises: Gone when the name now belongs to another account, Unreadable for an answer about another name, or that
    counts none of the posts we saw.
    """
    if look.native_id and look.native_id != page.native_id:
        raise Gone(
            f"@{look.account.handle} now answers as id {page.native_id}, registered is {look.native_id}"
        )
    if not look.native_id and (page.username or "").lower() != look.account.handle.lower():
        raise Unreadable(f"asked for @{look.account.handle}, answered for @{page.username}")
    look.native_id = page.native_id
    if page.total == 0 and look.has_posts:  # all deleted, or a fault of the service: nobody can tell from afar
        raise Unreadable("the service counts no posts of an account that has shown some")
