"""A workspace -> a small web server on 127.0.0.1 at which a person decides what Tayang cannot."""

from __future__ import annotations

import asyncio
import os
import sys
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from aiohttp import web
from markupsafe import Markup

from crawler.errors import StoreBusy, TayangError, WrongUse
from crawler.language import say, spoken
from crawler.redaction import redact
from pipelines.reviews import PATIENCE_SECONDS, restore_reviews
from queries.explain.picture import draw_pairs
from queries.explain.wording import ExplainWording
from queries.review.deciding import DONE, decide
from queries.review.decisions import target_of
from queries.review.gate import HOST, Gate, Handler, Session, add_headers
from queries.review.pages import FOLDER, Page, Search, refusal, style
from queries.review.room import Room
from queries.review.wording import DeskWording
from queries.shelf import PLAIN, Kept
from queries.thumbnails import thumbnail

FORM_BYTES = 1 << 16
SHELF_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, max-age=86400, immutable",  # the address is the content's digest
}
# In place of a file that no decoder understands; holds nothing but a word of ours.
PLACEHOLDER = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 80"><rect width="64" height="80" fill="#f4f5f6"/>'
    '<text x="32" y="43" font-family="sans-serif" font-size="9" fill="#566072" text-anchor="middle">{}</text></svg>'
)
Answered = TypeVar("Answered")


def serve_desk(
    home: Path, port: int, reviewer: str, announce: Callable[[str], None], opens_browser: bool = True
) -> None:  # fmt: skip
    """Serve until interrupted. `announce` is told each link, as it becomes valid.

    Raises: WrongUse when the port is taken or none at all, InvalidWorkspace.
    """
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(open_desk(home, port, reviewer, announce), opens_browser))


async def _serve(desk: AbstractAsyncContextManager[Gate], opens_browser: bool) -> None:
    async with desk as gate:
        if opens_browser and has_screen():
            await asyncio.to_thread(webbrowser.open, gate.link)
        await asyncio.Event().wait()


def has_screen() -> bool:
    """Whether a browser window can appear; without one a text browser would take over the terminal."""
    return sys.platform in ("win32", "darwin") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))


@asynccontextmanager
async def open_desk(
    home: Path, port: int, reviewer: str, announce: Callable[[str], None], patience_seconds: float = PATIENCE_SECONDS
) -> AsyncIterator[Gate]:  # fmt: skip
    """A desk that listens while the block runs; port 0 = any free one."""
    room = Room(home, patience_seconds)
    room.store().prepare()
    with suppress(StoreBusy):  # a kill between ledger and store is mended now, or at the next opening
        restore_reviews(room.store(), home)
    gate = Gate(reviewer, announce, lambda cause, status: refuse(room, cause, status))
    runner = web.AppRunner(Desk(room, gate).app(), access_log=None)  # a log would hold the links
    await runner.setup()
    try:
        await _listen(runner, port)
        gate.open(runner.addresses[0][1])
        yield gate
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, port: int) -> None:
    try:
        await web.TCPSite(runner, HOST, port).start()
    except (OSError, OverflowError) as error:  # the latter: a number that no port has
        raise WrongUse(
            say(f"porta {port} tidak dapat dipakai: {error}", f"port {port} cannot be used: {error}")
        ) from error


class Desk:
    """Addresses and what answers them. One piece of work on the store at a time, off the event loop."""

    def __init__(self, room: Room, gate: Gate) -> None:
        self.room, self.gate = room, gate
        self._turn = asyncio.Lock()

    def app(self) -> web.Application:
        """All addresses; pages lie under the gate's secret path."""
        app = web.Application(middlewares=[self._tell_trouble, self.gate.guard], client_max_size=FORM_BYTES)
        app.on_response_prepare.append(add_headers)
        place = self.gate.place
        app.add_routes([
            web.get("/gaya.css", self._style), web.get("/pintasan.js", self._script),
            web.get("/favicon.ico", self._no_icon), web.get(place, self._front),
            web.get(f"{place}cari", self._found), web.get(f"{place}kasus", self._target),
            web.get(f"{place}kewajiban", self._target), web.post(f"{place}putuskan", self._decide),
            web.get(f"{place}berkas/{{sha256}}", self._file), web.get(f"{place}kecil/{{sha256}}", self._small),
            web.get(f"{place}penjelasan", self._explanation),
        ])  # fmt: skip
        return app

    async def _front(self, request: web.Request) -> web.StreamResponse:
        return await self._page(request, lambda page: page.front(_notice(page, request)))

    async def _found(self, request: web.Request) -> web.StreamResponse:
        asked = request.query
        search = Search(asked.get("kata", ""), asked.get("perangkat", ""), asked.get("materi", ""))
        return await self._page(request, lambda page: page.found(search))

    async def _target(self, request: web.Request) -> web.StreamResponse:
        target = target_of(request.query)
        if target is None:
            return refuse(self.room, "not_found", 404)
        show = Page.pair if target.post_id is not None else Page.duty
        return await self._page(request, lambda page: show(page, target, None, _notice(page, request)))

    async def _decide(self, request: web.Request) -> web.StreamResponse:
        session = self._session(request)
        sent = {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
        answer = await self._work(lambda: decide(self.room, session, sent))
        if answer is None:
            return refuse(self.room, "not_found", 404)
        if answer.status == DONE:
            return web.Response(status=DONE, headers={"Location": answer.location})
        return web.Response(status=answer.status, text=answer.page, content_type="text/html")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        """The whole file, in ranges where asked."""
        kept = await self._work(lambda: self.room.file_of(request.match_info["sha256"]))
        if kept is None:
            return refuse(self.room, "not_found", 404)
        headers = {**SHELF_HEADERS, "Content-Type": kept.content_type}
        if kept.content_type == PLAIN:
            headers["Content-Disposition"] = "attachment"
        return web.FileResponse(kept.path, headers=headers)

    async def _small(self, request: web.Request) -> web.StreamResponse:
        sha256 = request.match_info["sha256"]
        kept = await self._work(lambda: self.room.file_of(sha256))
        if kept is None:
            return refuse(self.room, "not_found", 404)
        jpeg = await asyncio.to_thread(_thumbnail, sha256, kept)
        if jpeg is None:
            text = self.room.known().wording.text("cards.unreadable")
            return web.Response(body=PLACEHOLDER.format(text), content_type="image/svg+xml", headers=SHELF_HEADERS)
        return web.Response(body=jpeg, content_type="image/jpeg", headers=SHELF_HEADERS)

    async def _explanation(self, request: web.Request) -> web.StreamResponse:
        """The picture of what was found of a material in a post."""
        target = target_of(request.query)
        pair = await self._work(lambda: self.room.pair(target)) if target else None
        if pair is None:
            return refuse(self.room, "not_found", 404)
        instance = self.room.known().workspace.instance
        wording = ExplainWording(instance.language, instance.zone)
        [(_, png)] = await asyncio.to_thread(lambda: list(draw_pairs([pair], wording)))
        return web.Response(body=png, content_type="image/png")

    async def _style(self, request: web.Request) -> web.StreamResponse:
        return web.Response(body=style(), content_type="text/css", charset="utf-8")

    async def _script(self, request: web.Request) -> web.StreamResponse:
        return web.Response(body=(FOLDER / "desk.js").read_bytes(), content_type="text/javascript", charset="utf-8")

    async def _no_icon(self, request: web.Request) -> web.StreamResponse:
        return web.Response(status=204)

    async def _page(self, request: web.Request, make: Callable[[Page], str | None]) -> web.StreamResponse:
        session = self._session(request)

        def work() -> str | None:
            with self.room.reading() as connection:
                return make(Page(self.room, connection, session.reviewer, session.token))

        html = await self._work(work)
        return web.Response(text=html, content_type="text/html") if html else refuse(self.room, "not_found", 404)

    def _session(self, request: web.Request) -> Session:
        """Whose browser asks: the gate lets nobody else come this far."""
        session = self.gate.session_of(request)
        assert session is not None  # noqa: S101
        return session

    async def _work(self, work: Callable[[], Answered]) -> Answered:
        async with self._turn:
            return await asyncio.to_thread(self._in_our_language, work)

    def _in_our_language(self, work: Callable[[], Answered]) -> Answered:
        self.room.known()  # sets the language of this thread's messages
        return work()

    @web.middleware
    async def _tell_trouble(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Expected trouble as a page; its words only for those whom the gate lets in."""
        try:
            return await handler(request)
        except StoreBusy:
            return refuse(self.room, "busy", 503)
        except TayangError as error:
            return refuse(self.room, "trouble", 500, redact(str(error)))
        except web.HTTPClientError as error:
            return refuse(self.room, "not_found", error.status)


def refuse(room: Room, cause: str, status: int, detail: str = "") -> web.Response:
    """A page that says why not, in the workspace's language as far as it can be read."""
    try:
        wording = room.known().wording
    except TayangError:
        wording = DeskWording(spoken(), ZoneInfo("UTC"))
    return web.Response(status=status, text=refusal(wording, cause, detail), content_type="text/html")


def _notice(page: Page, request: web.Request) -> dict[str, object] | None:
    """What was decided just before, if the address says so."""
    review_id = request.query.get("tercatat")
    return page.notice_of(review_id, "tertunda" in request.query) if review_id else None


def _thumbnail(sha256: str, kept: Kept) -> bytes | None:
    return _drawn(sha256, kept.path, kept.family) if kept.family in ("image", "video") else None


@lru_cache(maxsize=512)
def _drawn(sha256: str, path: Path, family: str) -> bytes | None:
    """The content's small picture; the digest is what it is remembered by."""
    small = thumbnail(path, family, share_bytes=14_000)
    return small.jpeg if small else None
