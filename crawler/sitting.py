"""One page in one window of the browser, while it lasts -> what it shows once it has come to rest.

Only documents, scripts and data are ever asked for. Pictures and styles are answered by empty ones, so that pages
which wait for them go on and keep their addresses; fonts, clips, sockets, frames, popups and downloads are refused.
"""

from __future__ import annotations

import asyncio
import time
from base64 import b64decode
from typing import Any
from urllib.parse import urldefrag, urlsplit

from playwright.async_api import Error as BrowserError

from crawler.errors import Blocked, SourceTrouble, Unreachable, Unreadable
from crawler.items import Capture
from crawler.language import say
from crawler.readers.answers import is_whole_page
from crawler.rendition import AskFor, Bounds, Rendition

QUIET_SECONDS = 0.5  # a page that asks for nothing during so long has come to rest
MAX_NAVIGATIONS = 3  # of a page to itself
MAX_INTERCEPTED = 2000  # requests of any kind, the refused and the repeated ones counted
_LOOK_SECONDS = 0.05
_TOLD = ("accept", "origin", "x-requested-with")  # what a page may say to its server; no cookies, no keys
_UNTOLD = frozenset({"content-encoding", "content-length", "transfer-encoding", "set-cookie", "connection"})
_DOT = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")  # one clear pixel
_EMPTY: dict[str, dict[str, Any]] = {
    "image": {"status": 200, "content_type": "image/gif", "body": _DOT},
    "stylesheet": {"status": 200, "content_type": "text/css", "body": b""},
}
_CONTENT = ("script", "xhr", "fetch")


class Sitting:
    """Mutable, lives inside one look at one page."""

    def __init__(self, document: Capture, url: str, ask: AskFor, bounds: Bounds) -> None:
        self.document, self.url = document, url
        self.asked = self.bytes = self.intercepted = self.navigations = self.pending = 0
        self.moved_to: str | None = None
        self.broken: str | None = None
        self.lacks: dict[str, None] = {} if is_whole_page(document) else {url: None}
        self._ask, self._bounds = ask, bounds
        self._answers: dict[str, Capture | SourceTrouble] = {}
        self._one_at_a_time = asyncio.Lock()
        self._page: Any = None
        self._is_loaded = False
        self._begun = self._stirred = time.monotonic()

    @property
    def longest_seconds(self) -> float:
        """What a page may take at the most."""
        return self._bounds.seconds + self._bounds.pause_seconds * self._bounds.questions

    async def hold(self, context: Any, by: str) -> Rendition:
        """Open the page and wait until it rests. Raises: Unreadable, Unreachable, the browser's errors."""
        self._begun = self._stirred = time.monotonic()
        await self._prepare(context)
        try:
            await self._open()
            await self._rest()
            async with asyncio.timeout(max(self._left(), 0) + 1):
                html = "" if self.moved_to else await self._page.content()
        except TimeoutError as late:
            raise Unreadable(_restless(self._bounds)) from late
        return Rendition(html, by, self.moved_to, tuple(self.lacks))

    async def _prepare(self, context: Any) -> None:
        await context.route("**/*", self._intercept)
        await context.route_web_socket("**/*", lambda socket: socket.close())
        self._page = page = await context.new_page()
        context.on("page", lambda other: _forget(other.close()))
        page.on("dialog", lambda dialog: _forget(dialog.dismiss()))
        page.on("crash", lambda _page: self._break(say("halaman menjatuhkan peramban", "the page crashed")))
        page.on("load", lambda _page: self._settled())

    async def _open(self) -> None:
        opening = asyncio.ensure_future(self._page.goto(self.url, wait_until="commit", timeout=0))
        while not opening.done() and not self.moved_to and self._left() > 0:
            await asyncio.sleep(_LOOK_SECONDS)
        if not opening.done():
            opening.cancel()
        elif not self.moved_to and not self.broken:
            await opening

    async def _rest(self) -> None:
        while not self.moved_to and not self._is_at_rest():
            if self.broken:
                raise Unreadable(self.broken)
            if self._page.is_closed():
                raise Unreachable(say("peramban berhenti", "the browser ended"))
            if self._left() <= 0:
                raise Unreadable(_restless(self._bounds))
            await asyncio.sleep(_LOOK_SECONDS)

    def _left(self) -> float:
        allowed = self._bounds.seconds + self._bounds.pause_seconds * min(self.asked, self._bounds.questions)
        return self._begun + allowed - time.monotonic()

    def _is_at_rest(self) -> bool:
        quiet = time.monotonic() - self._stirred >= QUIET_SECONDS
        return self._is_loaded and not self.pending and not self.broken and quiet

    def _settled(self) -> None:
        self._is_loaded, self._stirred = True, time.monotonic()

    def _break(self, why: str) -> None:
        self.broken = self.broken or why

    async def _intercept(self, route: Any) -> None:
        """Answer one request of the page, or refuse it; a window closed meanwhile needs no answer."""
        request = route.request
        self.intercepted += 1
        try:
            if self.intercepted > MAX_INTERCEPTED:
                self._break(say("halaman terlalu banyak meminta", "the page asks for too much"))
                await route.abort()
            elif request.is_navigation_request():
                await self._navigate(route)
            elif request.resource_type in _EMPTY:
                await route.fulfill(**_EMPTY[request.resource_type])
            elif request.resource_type in _CONTENT:
                await self._content(route)
            else:
                await route.abort()
        except BrowserError:
            return

    async def _navigate(self, route: Any) -> None:
        """The document itself, some times; another address is where the page leads; frames and popups lead nowhere."""
        request = route.request
        if not self._is_of_the_page(request):
            await route.abort()
        elif urldefrag(request.url)[0] != urldefrag(self.url)[0] or request.method != "GET":
            self.moved_to = self.moved_to or _web(request.url)
            await route.abort()
        elif self.navigations >= MAX_NAVIGATIONS:
            self._break(say("halaman memuat dirinya terus", "the page loads itself over and over"))
            await route.abort()
        else:
            self.navigations += 1
            self._is_loaded = False
            await route.fulfill(**_as_sent(self.document))

    def _is_of_the_page(self, request: Any) -> bool:
        try:
            return bool(request.frame == self._page.main_frame)
        except BrowserError:  # a window that is only being opened has no frame yet
            return False

    async def _content(self, route: Any) -> None:
        """A script or data, by our own question."""
        request = route.request
        self.pending += 1
        try:
            answer = await self._answer(request) if request.method == "GET" else Blocked(request.method)
            if isinstance(answer, SourceTrouble):
                self._miss(request, answer)
                await route.abort()
            else:
                if answer.status in (401, 403, 429) or answer.status >= 500:
                    self._miss(request, Blocked(f"HTTP {answer.status}"))
                await route.fulfill(**_as_sent(answer))
        finally:
            self.pending -= 1
            self._stirred = time.monotonic()

    async def _answer(self, request: Any) -> Capture | SourceTrouble:
        """One answer to one question: who asks twice is told the same."""
        async with self._one_at_a_time:
            if request.url not in self._answers:
                self._answers[request.url] = await self._ask_within_bounds(request)
            return self._answers[request.url]

    async def _ask_within_bounds(self, request: Any) -> Capture | SourceTrouble:
        if self.asked >= self._bounds.questions:
            self._break(say("halaman terlalu banyak meminta", "the page asks for too much") + f" (> {self.asked})")
            return Blocked(request.url)
        self.asked += 1
        headers = {name: value for name, value in request.headers.items() if name in _TOLD}
        try:
            answer = await self._ask(request.url, headers)
        except SourceTrouble as trouble:
            return trouble
        self.bytes += len(answer.body)
        if self.bytes > self._bounds.most_bytes:
            self._break(say("halaman terlalu besar", "the page is too large") + f" (> {self._bounds.most_bytes} B)")
        return answer

    def _miss(self, request: Any, trouble: SourceTrouble) -> None:
        """Note what the page lacks. Others' scripts that refuse us, and what it tells others, are no part of it."""
        is_own = urlsplit(request.url).netloc == urlsplit(self.url).netloc
        is_foreign_script = request.resource_type == "script" and isinstance(trouble, Blocked)
        if is_own or (request.method == "GET" and not is_foreign_script):
            self.lacks[request.url] = None


def _as_sent(answer: Capture) -> dict[str, Any]:
    headers = {name: value for name, value in answer.headers if name.lower() not in _UNTOLD}
    return {"status": answer.status, "headers": headers, "body": answer.body}


def _web(url: str) -> str | None:
    return url if urlsplit(url).scheme in ("http", "https") else None


def _restless(bounds: Bounds) -> str:
    words = say("halaman tidak kunjung selesai", "the page does not come to rest")
    return f"{words} (> {bounds.seconds:g} s)"


_running: set[asyncio.Future[Any]] = set()


def _forget(doing: Any) -> None:
    """Let something happen whose outcome does not matter: the window may be closed before."""
    task = asyncio.ensure_future(doing)
    _running.add(task)
    task.add_done_callback(_ended)


def _ended(done: asyncio.Future[Any]) -> None:
    _running.discard(done)
    if not done.cancelled():
        done.exception()  # looked at, else asyncio complains of it
