"""robots.txt of a host -> what may be asked of it and how often; asked before anything else.

It fails closed: 4xx means the site has no rules, an answer that did not come means it may have any,
and then no page is asked: a refusing server is Blocked, a site nobody could reach Unreachable.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit

from protego import Protego

from crawler.errors import Blocked, SourceTrouble, Unreachable, Unreadable
from crawler.host_budget import BUSY, seconds_of
from crawler.items import Capture
from crawler.language import say
from crawler.readers.answers import is_challenge
from crawler.readers.content import absolute

MAX_ROBOTS_BYTES = 500 * 1024  # RFC 9309, 2.5: at least this much must be read
MAX_REDIRECTS = 5
MAX_DELAY_SECONDS = 60.0  # a slower site cannot be read within one night
TOO_MUCH = "HTTP 429"
# A host that says when to come back is waited for as long as this, in one look all in all: a burst of pictures is often
# more than it lets through in a second. What asks for more is left to the next run.
PATIENCE_SECONDS = 120.0
OUR_GATE = {"dont_obey_robotstxt": True, "dont_redirect": True}


Ask = Callable[[str], Awaitable[Capture]]


class Asks(Protocol):
    """What asks one question: a `crawler.visit.Look`, or a test's own client."""

    async def fetch(self, kind: str, url: str, headers: Any = None, **meta: Any) -> Capture:
        """One GET, whatever its status; raises SourceTrouble when no whole answer came."""


@dataclass(frozen=True)
class Rules:
    """What one host allows us. `delay_seconds` is its Crawl-delay, 0 = none stated."""

    parsed: Protego
    user_agent: str

    def permits(self, url: str) -> bool:
        """Whether we may ask for this address."""
        return bool(self.parsed.can_fetch(url, self.user_agent))

    @property
    def delay_seconds(self) -> float:
        """Seconds to leave between two requests to the host."""
        return float(self.parsed.crawl_delay(self.user_agent) or 0.0)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """Addresses of the Sitemap lines."""
        return tuple(self.parsed.sitemaps)


def read_rules(answer: Capture, user_agent: str) -> Rules:
    """The rules an answer states. Raises Blocked when it leaves them unknown, as a guard that answers in its place."""
    if is_challenge(answer):
        raise Blocked("robots.txt: challenge page")
    if answer.status >= 500 or answer.status == 429 or 300 <= answer.status < 400:
        raise Blocked(f"robots.txt: HTTP {answer.status}")
    body = answer.body[:MAX_ROBOTS_BYTES] if answer.status == 200 else b""
    return Rules(Protego.parse(body.decode("utf-8", "replace").removeprefix("\ufeff")), user_agent)


class Gate:
    """The only door to a site's pages: asks its robots.txt first, obeys it, waits, follows redirects.

    A host that once says that it is asked too much (429) is asked nothing more, but where it says that it will answer
    within moments (`Retry-After`).

    `on_delay(host, seconds)` is told of a Crawl-delay, so that media and retries keep it as well. `kept_rules` may give
    an earlier answer to a robots.txt that need not be asked again.
    """

    def __init__(
        self, asks: Asks, user_agent: str,
        on_delay: Callable[[str, float], None] = lambda _host, _seconds: None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:  # fmt: skip
        self._asks, self._user_agent = asks, user_agent
        self._on_delay, self._sleep = on_delay, sleep
        self.kept_rules: Callable[[str], Capture | None] = lambda _url: None
        self._rules: dict[str, Rules | Blocked | Unreachable] = {}
        self._asked_at: dict[str, float] = {}
        self._patience = PATIENCE_SECONDS

    async def rules_of(self, url: str) -> Rules:
        """The rules of the URL's host, asked once.

        Raises: Unreachable when no answer came at all, Blocked when they could not be had otherwise.
        """
        origin = _origin(url)
        if origin not in self._rules:
            self._rules[origin] = await self._ask_rules(origin)
        rules = self._rules[origin]
        if isinstance(rules, SourceTrouble):
            raise rules
        return rules

    async def why_not(self, url: str) -> str | None:
        """Why `url` must not be asked for, or None."""
        try:
            rules = await self.rules_of(url)
        except (Blocked, Unreachable) as trouble:
            return trouble.detail
        return None if rules.permits(url) else say("dilarang robots.txt", "forbidden by robots.txt")

    async def fetch(self, kind: str, url: str, ask: Ask | None = None) -> Capture:
        """The answer to one GET after redirects, each hop permitted. Raises Blocked, Unreachable, …

        `ask` replaces the way in which one hop is asked for, as pictures have their own bounds.
        """
        for _ in range(MAX_REDIRECTS + 1):
            await self._check(url)
            await self._wait_for(url)
            answer = await self._ask_patiently(url, ask or self._asking(kind))
            if answer.status == 429:  # what for and by which way does not matter: the host is left alone
                self._rules[_origin(url)] = Blocked(TOO_MUCH)
            target = redirect_target(answer)
            if target is None:
                return answer
            url = target
        raise Unreadable(say("pengalihan tanpa akhir", "endless redirects") + f": {url}")

    def _asking(self, kind: str) -> Ask:
        return lambda url: self._asks.fetch(kind, url, None, **OUR_GATE)

    async def _ask_patiently(self, url: str, ask: Ask) -> Capture:
        """The answer to one GET; asked once more where the host is busy and says that it will not be in a moment."""
        answer = await ask(url)
        told = answer.header("retry-after") if answer.status in BUSY else None
        seconds = seconds_of(told, time.time()) + 1 if told else 0  # the moment itself may be too early
        if not told or seconds > self._patience:
            return answer
        self._patience -= seconds
        await self._sleep(seconds)
        return await ask(url)

    async def _check(self, url: str) -> None:
        """Raises: Blocked or Unreachable, as the reason is that `url` must not be asked for."""
        await self.rules_of(url)
        reason = await self.why_not(url)
        if reason:
            raise Blocked(f"{reason}: {url}")

    async def _ask_rules(self, origin: str) -> Rules | Blocked | Unreachable:
        try:
            url = urljoin(origin, "/robots.txt")
            answer = self.kept_rules(url) or await self._asks_following(url)
            rules = read_rules(answer, self._user_agent)
        except Blocked as blocked:
            return blocked
        except Unreachable as trouble:
            return Unreachable(f"robots.txt: {trouble.detail}")
        except SourceTrouble as trouble:
            return Blocked(f"robots.txt: {trouble.detail}")
        if rules.delay_seconds > MAX_DELAY_SECONDS:
            return Blocked(f"robots.txt: Crawl-delay {rules.delay_seconds:g}")
        if rules.delay_seconds:
            self._on_delay(urlsplit(origin).hostname or "", rules.delay_seconds)
        return rules

    async def _asks_following(self, url: str) -> Capture:
        for _ in range(MAX_REDIRECTS):
            answer = await self._ask_patiently(url, self._asking("robots"))
            target = redirect_target(answer)
            if target is None:
                return answer
            url = target
        return answer

    async def _wait_for(self, url: str) -> None:
        origin = _origin(url)
        delay = (await self.rules_of(url)).delay_seconds
        left = self._asked_at.get(origin, float("-inf")) + delay - time.monotonic()
        if delay and left > 0:
            await self._sleep(left)
        self._asked_at[origin] = time.monotonic()


def redirect_target(answer: Capture) -> str | None:
    """Where a 3xx answer points to (http and https only), or None, as where it names no address."""
    location = answer.header("location")
    if answer.status not in (301, 302, 303, 307, 308) or not location:
        return None
    target = absolute(answer.final_url, location)
    return target if urlsplit(target).scheme in ("http", "https") else None


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
