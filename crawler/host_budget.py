"""A request to a site -> the same request, or a refusal where the host was asked enough, or wants to be left alone."""

from __future__ import annotations

import email.utils
import math
import time
from typing import Any
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from crawler.language import say
from crawler.rates import RateBook

BUSY = (429, 503)


class HostSpent(IgnoreRequest):
    """This hour's questions to a host are used up, or it said when to come back: the next run asks."""


class HostBudget:
    """Scrapy downloader middleware: every hop and every retry counts; the API has its own budget, by token."""

    def __init__(self, crawler: Any) -> None:
        """`crawler`: Scrapy's; its spider holds the book, its settings TAYANG_REQUESTS_PER_HOUR (0 = no bound)."""
        self._crawler = crawler
        self._limit = crawler.settings.getint("TAYANG_REQUESTS_PER_HOUR")

    @classmethod
    def from_crawler(cls, crawler: Any) -> HostBudget:
        """Built by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Count the request, or raise HostSpent."""
        rates, key = self._book(), host_key(request.url)
        if rates is None:
            return
        if rates.percent(key, self._limit) >= 100.0:
            minutes = max(1, math.ceil((rates.free_at(key, self._limit) - time.time()) / 60))
            raise HostSpent(
                say(f"anggaran permintaan ke situs ini terpakai; lagi dalam {minutes} menit",
                    f"the budget of requests to this site is used up; again in {minutes} minutes")
            )  # fmt: skip
        rates.asked(key)

    def process_response(self, request: Request, response: Response) -> Response:
        """Remember until when a busy host wants to be left alone."""
        rates, told = self._book(), response.headers.get("Retry-After")
        if rates is not None and told and response.status in BUSY:
            seconds = seconds_of(told.decode("latin-1"), time.time())
            if seconds > 0:
                rates.rest(host_key(request.url), seconds)
        return response

    def _book(self) -> RateBook | None:
        spider = self._crawler.spider
        return spider.rates if getattr(spider, "counts_hosts", False) else None


def host_key(url: str) -> str:
    """The name of a host's budget."""
    return f"host:{urlsplit(url).netloc.lower()}"


def seconds_of(retry_after: str, now: float) -> float:
    """The seconds that a Retry-After header asks for, as a number or a date; 0 for what is neither."""
    if retry_after.strip().isascii() and retry_after.strip().isdigit():
        return float(retry_after.strip()[:9])
    try:
        return max(0.0, email.utils.parsedate_to_datetime(retry_after).timestamp() - now)
    except (ValueError, OverflowError):
        return 0.0
