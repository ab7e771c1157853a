"""An HTML document and a way to ask for what it needs -> the page as a browser shows it after its scripts ran.

The browser has no network at all. Each request of a page comes to `ask`, which is the look's own gate: address
check, robots.txt, delay, bounds, user agent and evidence are those of every other question, and what slips past
(a redirect, a socket, a name looked up) finds no way out. This is why Playwright is used directly: scrapy-playwright
lets the browser ask by itself, resolves names after they were checked, and starts its driver in every crawl.

Playwright lives in a thread with a loop of its own, for Scrapy's loop cannot start programs on Windows.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from playwright.async_api import Error as BrowserError
from playwright.async_api import async_playwright

from crawler.errors import Unreachable
from crawler.items import Capture
from crawler.language import say
from crawler.rendition import AskFor, Bounds, Rendition
from crawler.sitting import Sitting

CLOSING_SECONDS = 5.0
LAUNCH_SECONDS = 30.0
MOST_PAGES = 4  # at once, of different sites
NO_NETWORK = (
    "--host-resolver-rules=MAP * ~NOTFOUND",  # names and plain addresses alike
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
)
SMALL = ("--js-flags=--max-old-space-size=256", "--disable-dev-shm-usage", "--disable-gpu", "--mute-audio")
_T = TypeVar("_T")


class Browser:
    """One browser of a run: begun when the first page is to be shown, begun anew after it died."""

    def __init__(self, executable: Path, user_agent: str) -> None:
        self._executable, self._user_agent = executable, user_agent
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._driver: Any = None
        self._running: Any = None
        self._starting = asyncio.Lock()
        self._places = asyncio.Semaphore(MOST_PAGES)

    async def show(self, document: Capture, url: str, ask: AskFor, bounds: Bounds) -> Rendition:
        """`document`, the answer to `url`, after its scripts ran; in a window that nothing was kept in before.

        Raises: Unreadable where the page exceeds `bounds`, Unreachable where the browser is to blame.
        """
        here = asyncio.get_running_loop()

        async def ask_from_there(address: str, headers: Mapping[str, str]) -> Capture:
            asked = asyncio.run_coroutine_threadsafe(ask(address, headers), here)
            return await asyncio.wrap_future(asked)

        sitting = Sitting(document, url, ask_from_there, bounds)
        return await self._there(self._show(sitting))

    async def close(self) -> None:
        """End the browser, its driver and the thread; nothing happens where none was begun."""
        loop, thread = self._loop, self._thread
        if loop is None or thread is None:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._there(self._end()), 2 * CLOSING_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        await asyncio.to_thread(thread.join, CLOSING_SECONDS)
        self._loop = self._thread = None

    async def _there(self, doing: Coroutine[Any, Any, _T]) -> _T:
        """Do something in the browser's own thread."""
        if self._loop is None:
            # Windows: the only kind of loop that can start programs, whatever Scrapy made the usual one.
            self._loop = getattr(asyncio, "ProactorEventLoop", asyncio.SelectorEventLoop)()
            self._thread = threading.Thread(target=_run, args=(self._loop,), name="browser", daemon=True)
            self._thread.start()
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(doing, self._loop))

    async def _show(self, sitting: Sitting) -> Rendition:
        async with self._places:
            return await self._sit(sitting)

    async def _sit(self, sitting: Sitting) -> Rendition:
        try:
            async with asyncio.timeout(LAUNCH_SECONDS + CLOSING_SECONDS):
                context = await self._window()
            try:
                # What may take longest is bounded within; beyond that it is the browser that hangs.
                async with asyncio.timeout(sitting.longest_seconds + CLOSING_SECONDS):
                    return await sitting.hold(context, f"Chromium {context.browser.version}")
            finally:
                await self._shut(context)
        except TimeoutError as hung:
            await self._end()
            raise Unreachable(say("peramban tidak menjawab", "the browser does not answer")) from hung
        except BrowserError as failed:
            first = str(failed).strip().partition("\n")[0]
            raise Unreachable(say("peramban gagal", "the browser failed") + f": {first}") from failed

    async def _window(self) -> Any:
        """An empty window that keeps nothing."""
        running = await self._launched()
        return await running.new_context(
            user_agent=self._user_agent, accept_downloads=False, service_workers="block", permissions=[],
            locale="id-ID",
        )  # fmt: skip

    async def _launched(self) -> Any:
        async with self._starting:
            if self._running is None or not self._running.is_connected():
                await self._end()
                self._driver = await async_playwright().start()
                self._running = await self._driver.chromium.launch(
                    executable_path=self._executable, headless=True, chromium_sandbox=is_sandboxed(),
                    args=[*NO_NETWORK, *SMALL], timeout=LAUNCH_SECONDS * 1000, handle_sigint=False,
                    handle_sigterm=False, handle_sighup=False,
                )  # fmt: skip
        return self._running

    async def _shut(self, context: Any) -> None:
        """Close a window with all that it kept; a page that will not let go takes the browser with it."""
        try:
            await asyncio.wait_for(context.close(), CLOSING_SECONDS)
        except (BrowserError, TimeoutError):
            await self._end()

    async def _end(self) -> None:
        driver, self._driver, self._running = self._driver, None, None
        if driver is not None:
            with suppress(BrowserError, TimeoutError):
                await asyncio.wait_for(driver.stop(), CLOSING_SECONDS)  # ends the browser it began, too


def is_sandboxed() -> bool:
    """Whether Chromium's own sandbox is on; it cannot be for root, as in most containers."""
    return not (hasattr(os, "geteuid") and os.geteuid() == 0)


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    loop.run_forever()
    left = asyncio.all_tasks(loop)  # requests of closed windows that nobody will answer
    for task in left:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    loop.close()

