"""A registered news site -> its articles as posts, by WordPress REST, feed, sitemap or listing page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import replace
from datetime import tzinfo
from types import MappingProxyType
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from crawler.coverage import Listing
from crawler.discovery import feed, listing, sitemap, wordpress
from crawler.discovery.search import search_older
from crawler.discovery.site import LookAtSite, Site
from crawler.discovery.watch import Habit, departure
from crawler.errors import Unreadable
from crawler.items import Capture
from crawler.language import say
from crawler.redaction import redact
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
) -> None:  # fmt: skip
    """Read one site since `look.since`. Raises SourceTrouble when it cannot be observed as a whole.

    `habit`: what its articles gave in earlier looks; where they no longer do, the site was not read as it is.
    `words`: what its own search is asked for, where its lists do not reach back far enough.
    """
    site = Site(look, gate, zone)
    await site.open()
    for way in WAYS:
        if await way(site):
            strange = departure(habit or Habit(), [*site.posts.values()])
            if strange:
                look.listing = Listing()  # a list of articles that were not read proves nothing
                one = next(iter(site.posts.values()))
                raise Unreadable(say("situs berubah?", "has the site changed?") + f" {strange}; {one.url}")
            await search_older(site, words)
            return
    await search_older(site, words)
    raise Unreadable(say("tidak ada daftar berita yang terbaca", "no readable list of articles"))


# The gate of the look that the running task belongs to: pictures are fetched deep below it.
_GATE: ContextVar[Gate | None] = ContextVar("gate", default=None)


class NewsSpider(ChannelSpider):
    """Channel `news`; the handle is the site's address, its zone the setting TAYANG_ZONE."""

    name = "news"
    channel = "news"
    habits: Mapping[str, Habit] = MappingProxyType({})  # by account key, set with the assignments
    words: Sequence[str] = ()  # of the running campaigns, set with the assignments
    # Our own gate asks robots.txt before every hop, those of pictures included, and fails closed.
    media_meta: ClassVar[dict[str, Any]] = OUR_GATE

    async def look(self, look: Look) -> None:
        """Read one registered site."""
        gate = self.gate_of(look)
        _GATE.set(gate)
        await read_site(look, gate, self.zone, self.habits.get(look.account.key), self.words)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of all registered sites."""
        return ZoneInfo(self.settings.get("TAYANG_ZONE") or "Asia/Jakarta")

    def gate_of(self, asks: Asks) -> Gate:
        """The door to a site's pages for one look."""
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
