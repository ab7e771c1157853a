"""Registered Instagram accounts -> their posts, by the official Business Discovery API."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

from crawler.coverage import Listing, reaches_back
from crawler.errors import ChannelStopped, Gone, Unreadable
from crawler.instance import Instance
from crawler.items import Cause
from crawler.readers.graph import Discovery, TryAgain, read_discovery, usage_percent
from crawler.visit import ChannelSpider, Look

PAGE_SIZE = 50
MAX_PAGES = 200  # 10,000 posts: a list that never ends must
SLOW_AT, STOP_AT = 75.0, 95.0
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
    usage = 0.0

    async def look(self, look: Look) -> None:
        """Page back until a whole page lies before the wanted start, or the proved end."""
        if not self.token:
            raise ChannelStopped("no token: set TAYANG_INSTAGRAM_TOKEN", Cause.NOT_VISITED)
        after: str | None = None
        seen: set[str] = set()
        for _ in range(MAX_PAGES):
            page = await self._page(look, after)
            _bind(look, page)
            fresh = [post for post in page.posts if post.native_id not in seen]
            seen.update(post.native_id for post in fresh)
            await look.keep(fresh)
            if self._is_read(look, page, tuple(post.published_at for post in fresh)):
                return
            if not fresh:
                raise Unreadable("the cursor leads to nothing new: the chain is broken or runs in a circle")
            after = page.after
        raise Unreadable(f"more than {MAX_PAGES} pages")

    def _is_read(self, look: Look, page: Discovery, at: tuple[datetime, ...]) -> bool:
        """Write down how far the list is read; whether that is far enough."""
        order = look.listing.order + at
        ended = page.after is None and page.total is not None  # an end is proved by the count alone
        look.listing = Listing(order, ended, page.total, None, confirmed=True)
        if page.after is None and page.total != len(order):
            look.notes.append(f"the list ends after {len(order)} posts, the account counts {page.total}")
        return page.after is None or reaches_back(order, at, look.since)

    async def _page(self, look: Look, after: str | None) -> Discovery:
        """One page, asked again with growing pauses while the service calls its fault passing."""
        for attempt in range(ATTEMPTS):
            await self._mind_usage()
            capture = await look.fetch("graph", self._address(look.account.handle, after), **_OFFICIAL)
            self.usage = usage_percent(capture)
            try:
                return read_discovery(capture, look.account)
            except TryAgain:
                if attempt == ATTEMPTS - 1:
                    raise
                await asyncio.sleep(self._pause() * 2**attempt)
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _mind_usage(self) -> None:
        """Slow down near the limit that the last answer stated, stop before it."""
        if self.usage >= STOP_AT:
            said = f"usage at {self.usage:.0f} % of the limit; the next run goes on from here"
            raise ChannelStopped(said, Cause.NOT_VISITED)
        if self.usage >= SLOW_AT:
            await asyncio.sleep(self._pause() * (self.usage - SLOW_AT))

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


def _bind(look: Look, page: Discovery) -> None:
    """Accept a page only from the account that is registered, or first answers to this very name.

    Raises: Gone when the name now belongs to another account, Unreadable for an answer about another name.
    """
    if look.native_id and look.native_id != page.native_id:
        raise Gone(
            f"@{look.account.handle} now answers as id {page.native_id}, registered is {look.native_id}"
        )
    if not look.native_id and (page.username or "").lower() != look.account.handle.lower():
        raise Unreadable(f"asked for @{look.account.handle}, answered for @{page.username}")
    look.native_id = page.native_id
