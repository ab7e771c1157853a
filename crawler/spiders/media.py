"""A news medium of registry/outlets.csv -> its articles that speak of a campaign. No duty ever rests on them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from crawler.discovery.outlet import CHANNEL, Asking, read_outlet
from crawler.errors import Unreadable
from crawler.spiders.news import NewsSpider
from crawler.visit import Look


class MediaSpider(NewsSpider):
    """Channel `media`; the handle is the outlet's id. It asks as politely as the news spider."""

    name = CHANNEL
    channel = CHANNEL
    askings: Mapping[str, Asking] = MappingProxyType({})  # by account key, set with the assignments

    async def look(self, look: Look) -> None:
        """Read one outlet."""
        asking = self.askings.get(look.account.key)
        if asking is None:
            raise Unreadable(f"{look.account.key}: no address")
        await read_outlet(look, self.gate_of(look), self.zone, asking)
