"""A registered news site -> its articles as posts, by WordPress REST, feed, sitemap or listing page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import replace
from datetime import tzinfo
from functools import cached_property
from types import MappingProxyType
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from crawler.coverage import Listing
from crawler.discovery import feed, listing, sitemap, wordpress
from crawler.discovery.again import look_again
from crawler.discovery.resting import shows_nothing_new
from crawler.discovery.search import search_older
from crawler.discovery.site import LookAtSite, Site
from crawler.discovery.watch import Habit, departure
from crawler.errors import Unreadable
from crawler.items import Capture
from crawler.language import say
from crawler.redaction import redact
from crawler.render_settings import rendering_in
from crawler.rendering import Shows, Window, gate_in_window
from crawler.robots import OUR_GATE, Asks, Gate
from crawler.visit import ChannelSpider, Look

# The first that answers in its own format decides: what proves most comes first.
WAYS: tuple[Callable[[Site], Awaitable[bool]], ...] = (
    wordpress.read,
    feed.read,
    sitemap.read,
    listing.read,
)


async def read_site(
    look: LookAtSite, gate: Gate, zone: tzinfo, habit: Habit | None = None, words: Sequence[str] = ()
) -> Site:  # fmt: skip
    """Read one site since `look.since`; returns what was met of it.
    Raises SourceTrouble when it cannot be observed as a whole.

    `habit`: what its articles gave in earlier looks; where they no longer do, the site was not read as it is.
    `words`: what its own search is asked for, where its lists do not reach back far enough.
    """
    site = Site(look, gate, zone)
    await site.open()
    if shows_nothing_new(site):
        look.listing = Listing(unasked=True)
        return site
    for way in WAYS:
        if await way(site):
            strange = departure(habit or Habit(), [*site.posts.values()])
            if strange:
                look.listing = Listing()  # a list of articles that were not read proves nothing
                one = next(iter(site.posts.values()))
                raise Unreadable(say("situs berubah?", "has the site changed?") + f" {strange}; {one.url}")
            await search_older(site, words)
            return site
    await search_older(site, words)
    await gate.rules_of(site.base)  # raises what it said meanwhile
    raise Unreadable(say("tidak ada daftar berita yang terbaca", "no readable list of articles"))


# The gate of the look that the running task belongs to: pictures are fetched deep below it.
_GATE: ContextVar[Gate | None] = ContextVar("gate", default=None)


class NewsSpider(ChannelSpider):
    """Channel `news`; the handle is the site's address, its zone the setting TAYANG_ZONE."""

    name = "news"
    channel = "news"
    counts_hosts = True
    was_shown: bool | None = None  # in a look that is read again: as it was then
    habits: Mapping[str, Habit] = MappingProxyType({})  # by account key, set with the assignments
    words: Sequence[str] = ()  # of the running campaigns, set with the assignments
    # Our own gate asks robots.txt before every hop, those of pictures included, and fails closed.
    media_meta: ClassVar[dict[str, Any]] = OUR_GATE

    async def look(self, look: Look) -> None:
        """Read one registered site."""
        gate = self.door_of(look, look.account.handle)
        gate.kept_rules = look.kept_rules
        _GATE.set(gate)
        site = await read_site(look, gate, self.zone, self.habits.get(look.account.key), self.words)
        # Only the status is asked for: no browser is needed.
        await look_again(look, site, self.gate_of(look) if self.is_shown(look.account.handle) else gate, look.again)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of all registered sites."""
        return ZoneInfo(self.settings.get("TAYANG_ZONE") or "Asia/Jakarta")

    def door_of(self, look: Shows, handle: str) -> Gate:
        """The gate of one look at a site; the pages of some sites come through it as the browser shows them."""
        return gate_in_window(look, self.window, self.gate_of) if self.is_shown(handle) else self.gate_of(look)

    def is_shown(self, handle: str) -> bool:
        """Whether the browser shows a site's pages."""
        return rendering_in(self.settings).shows(handle) if self.was_shown is None else self.was_shown

    @cached_property
    def window(self) -> Window:
        """The one browser of this spider."""
        seconds, pause = (self.settings.getfloat(name) for name in ("DOWNLOAD_TIMEOUT", "DOWNLOAD_DELAY"))
        return Window(rendering_in(self.settings), self.settings.get("USER_AGENT") or "tayang", seconds, pause)

    async def closed(self, _reason: str) -> None:
        """End the browser; called by Scrapy when all looks have ended."""
        await self.window.close()

    def gate_of(self, asks: Asks) -> Gate:
        """The door to a site's pages, as its server sends them."""
        agent = self.settings.get("ROBOTSTXT_USER_AGENT") or self.settings.get("USER_AGENT") or "tayang"
        return Gate(asks, agent, self.slow_down)

    async def download(self, kind: str, url: str, headers: Mapping[str, str], meta: Mapping[str, Any]) -> Capture:
        """As ever; a picture's redirects are followed by the look's own gate, never by Scrapy."""
        gate = _GATE.get()
        if kind != "media" or gate is None:
            return await super().download(kind, url, headers, meta)

        async def ask(hop: str) -> Capture:
            return await super(NewsSpider, self).download(kind, hop, headers, meta)

        return replace(await gate.fetch(kind, url, ask), url=redact(url))

    def slow_down(self, host: str, seconds: float) -> None:
        """Make Scrapy keep a host's Crawl-delay for pictures and retries too."""
        engine = self.crawler.engine
        downloader = engine.downloader if engine else None
        if downloader is None:
            return
        downloader.per_slot_settings.setdefault(host, {})["delay"] = seconds
        slot = downloader.slots.get(host)
        if slot:
            slot.delay = max(slot.delay, seconds)
