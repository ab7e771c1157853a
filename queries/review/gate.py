"""A request -> whether it comes from the person at this desk: link used once, then a cookie and a form token.

Anyone on this machine can reach 127.0.0.1, and any web page can make a browser send requests to it:
neither may decide anything. The cookie is bound to a path nobody else knows, because cookies are
shared between the ports of a host.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

HOST = "127.0.0.1"
COOKIE = "tayang_meja"
KEY = "kunci"
STATIC = frozenset({"/gaya.css", "/pintasan.js", "/favicon.ico"})  # the same for everybody: the refusal needs them too
POLICY = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; script-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store",
}  # fmt: skip

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Refuse = Callable[[str, int], web.StreamResponse]


@dataclass
class Session:
    """One browser that came by a link: its form token, and who decided there last."""

    reviewer: str
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))


class Gate:
    """Keys not yet used and browsers let in. `place` is the path that all pages lie under."""

    def __init__(self, reviewer: str, announce: Callable[[str], None], refuse: Refuse) -> None:
        """`announce` is told each new link; `refuse` renders a refusal from its cause and HTTP status."""
        self.place = f"/{secrets.token_urlsafe(12)}/"
        self.port = 0
        self._reviewer, self._announce, self._refuse = reviewer, announce, refuse
        self._key = ""
        self._sessions: dict[str, Session] = {}

    def open(self, port: int) -> None:
        """The desk listens on `port`: tell the first link."""
        self.port = port
        self._renew_key()

    @property
    def link(self) -> str:
        """The one link that is good now; it works once."""
        return f"http://{HOST}:{self.port}{self.place}?{KEY}={self._key}"

    def _renew_key(self) -> None:
        self._key = secrets.token_urlsafe(24)
        self._announce(self.link)

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let in who may come in; refuse everybody else before anything is read or written."""
        if request.headers.getall("Host", []) not in self._own_names():
            return self._refuse("host", 421)
        if request.path in STATIC:
            return await handler(request)
        session = self.session_of(request)
        if KEY in request.query and request.path == self.place and request.method == "GET":
            return self._enter(request.query[KEY], session)
        if session is None or not request.path.startswith(self.place):
            return self._refuse("key", 403)
        if request.method not in ("GET", "HEAD") and not await self._is_own_form(request, session):
            return self._refuse("form", 403)
        return await handler(request)

    def session_of(self, request: web.Request) -> Session | None:
        """The session of the browser that asks; None for a stranger."""
        return self._sessions.get(request.cookies.get(COOKIE, ""))

    def _own_names(self) -> list[list[str]]:
        return [[f"{HOST}:{self.port}"], [f"localhost:{self.port}"]]

    def _enter(self, key: str, session: Session | None) -> web.StreamResponse:
        """Exchange a link for a cookie; a link works once."""
        entered = web.Response(status=303, headers={"Location": self.place})
        if session is not None:
            return entered
        if not hmac.compare_digest(key.encode(), self._key.encode()):
            return self._refuse("key", 403)
        name = secrets.token_urlsafe(32)
        self._sessions[name] = Session(self._reviewer)
        entered.set_cookie(COOKIE, name, path=self.place, httponly=True, samesite="Strict")
        self._renew_key()
        return entered

    async def _is_own_form(self, request: web.Request, session: Session) -> bool:
        origin = request.headers.get("Origin")
        if origin is not None and origin not in [f"http://{name}" for [name] in self._own_names()]:
            return False
        sent = (await request.post()).get("token", "")
        return isinstance(sent, str) and hmac.compare_digest(sent.encode(), session.token.encode())


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Every answer, refusals and files too, carries the policy; files bring a stricter one."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)

