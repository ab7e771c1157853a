"""A site's pages as its server sends them -> as a browser shows them, for sites that show nothing without one.

Both are kept: the plain answer (kind `document`) and what was shown (kind `rendered`), which the posts rest on;
beside them the scripts and data that the page asked for (kind `asset`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC
from email.utils import format_datetime
from typing import Any, Protocol

from crawler.errors import Unreachable
from crawler.items import Capture
from crawler.local_time import CLOCK
from crawler.readers.answers import LACKS, answered_at, is_challenge
from crawler.redaction import redact, redact_bytes
from crawler.render_settings import Rendering, why_not_shown
from crawler.rendition import Bounds
from crawler.robots import OUR_GATE, Asks, Gate

DOCUMENT, RENDERED, ASSET = "document", "rendered", "asset"
PAGES = frozenset({"listing", "article"})  # what a browser is asked for; all else is asked plainly
JITTER = 1.5  # Scrapy waits up to so much longer than the delay that is set
MAX_KEPT_BYTES = 10_000_000  # of scripts that one look remembers


class Shows(Asks, Protocol):
    """What asks, and keeps what was made of an answer."""

    async def made(self, url: str, making: Awaitable[Capture]) -> Capture:
        """What was made here of the answer to `url`; raises SourceTrouble where it could not be."""


class Window:
    """The browser of one spider, begun when first needed."""

    def __init__(self, rendering: Rendering, user_agent: str, seconds: float, pause_seconds: float) -> None:
        self._rendering, self._user_agent = rendering, user_agent
        self.seconds, self.pause_seconds = seconds, pause_seconds
        self._browser: Any = None

    def browser(self) -> Any:
        """Raises: Unreachable where the extra or the browser is not installed."""
        if self._browser is None:
            program = self._rendering.executable()
            lack = why_not_shown(self._rendering)
            if lack or program is None:
                raise Unreachable(lack or "")
            from crawler.browser import Browser  # an extra: only who has such sites needs it

            self._browser = Browser(program, self._user_agent)
        return self._browser

    async def close(self) -> None:
        """End the browser, if one was begun."""
        if self._browser is not None:
            await self._browser.close()


class AskedInWindow:
    """A look's questions, of which those for pages are answered by what the window shows. One per look."""

    gate: Gate  # the look's own, through which the page's scripts ask as well

    def __init__(self, look: Shows, window: Window) -> None:
        self._look, self._window = look, window
        self._scripts: dict[str, Capture] = {}
        self._one_at_a_time = asyncio.Lock()

    async def fetch(self, kind: str, url: str, headers: Mapping[str, str] | None = None, **meta: Any) -> Capture:
        """One GET; an HTML page comes as it is shown. Raises SourceTrouble."""
        if kind not in PAGES:
            return await self._look.fetch(kind, url, headers, **meta)
        document = await self._look.fetch(DOCUMENT, url, headers, **meta)
        if not _is_to_be_shown(document):
            return document
        shown = await self._look.made(url, self._show(document, url))
        if shown.final_url != document.final_url:  # by script: followed as any redirect, robots.txt first
            return replace(shown, status=302, headers=(("location", shown.final_url),), final_url=document.final_url)
        return shown

    async def _show(self, document: Capture, url: str) -> Capture:
        browser = self._window.browser()
        parts = [document]

        async def ask(address: str, headers: Mapping[str, str]) -> Capture:
            asset = await self._asset(address, headers)
            if not _is_script(asset):  # a script may be years old
                parts.append(asset)
            return asset

        delay = max((await self.gate.rules_of(url)).delay_seconds, self._window.pause_seconds)
        bounds = Bounds(self._window.seconds, delay * JITTER)
        async with self._one_at_a_time:
            rendition = await browser.show(document, url, ask, bounds)
        lacks = [redact(one) for one in rendition.lacks]
        body = b"" if rendition.moved_to else _noted(rendition.html, rendition.by, lacks)
        oldest = format_datetime(min(map(answered_at, parts)).astimezone(UTC), usegmt=True)
        return Capture(
            RENDERED, document.url, redact(rendition.moved_to or document.final_url), 200,
            (("content-type", "text/html; charset=utf-8"), ("date", oldest)), redact_bytes(body), CLOCK.now(),
        )  # fmt: skip

    async def _asset(self, url: str, headers: Mapping[str, str]) -> Capture:
        """A script or data of the page, behind the same gate; a script is asked for once a look."""
        if url in self._scripts:
            return self._scripts[url]

        async def ask(hop: str) -> Capture:
            return await self._look.fetch(ASSET, hop, headers, **OUR_GATE)

        answer = await self.gate.fetch(ASSET, url, ask)
        kept = sum(len(one.body) for one in self._scripts.values())
        if _is_script(answer) and answer.status == 200 and kept + len(answer.body) <= MAX_KEPT_BYTES:
            self._scripts[url] = answer
        return answer


def _is_to_be_shown(document: Capture) -> bool:
    """Whether an answer is a page for a browser. A challenge is a refusal: it is not for us to solve it."""
    is_html = "html" in (document.header("content-type") or "html").lower()
    return document.status == 200 and is_html and not is_challenge(document)


def _is_script(answer: Capture) -> bool:
    return "javascript" in (answer.header("content-type") or "").lower()


def _noted(html: str, by: str, lacks: list[str]) -> bytes:
    """The DOM behind a remark of ours that says what it is, and what it lacks."""
    told = f"Tayang: as {by} showed it".replace("--", "%2D%2D")
    lines = [f"<!-- {told} -->"]
    if lacks:
        named = " ".join(lacks).replace("--", "%2D%2D").replace(">", "%3E")
        lines.append(f"{LACKS.decode()} {named} -->")
    return "\n".join([*lines, html]).encode("utf-8", "replace")


def gate_in_window(look: Shows, window: Window, gate_of: Callable[[Asks], Gate]) -> Gate:
    """The look's gate, whose pages come out of the window; `gate_of` makes one for whoever asks."""
    asks = AskedInWindow(look, window)
    asks.gate = gate_of(asks)
    return asks.gate

