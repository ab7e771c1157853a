"""Accounts as we invent them -> a stand-in for the Graph API and its media host, on loopback.

Answers Business Discovery like the service: cursors, `@` stripped from captions, usage headers,
error bodies with HTTP 400, addresses that expire. Each account may carry one trap.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web

TRAPS = (
    "throttled_4", "throttled_17", "throttled_613", "throttled_80002", "token_190", "permission_10",
    "parameter_100", "not_professional", "missing", "transient_once", "transient_always", "no_media_block",
    "empty_data", "http_200_html", "http_500", "cut_off", "login_redirect", "cursor_breaks",
    "cursor_stops_early", "cursor_circle", "other_account", "usage_96", "media_403", "media_expired",
    "media_corrupt", "media_html", "slow",
)  # fmt: skip

_ASKED = re.compile(
    r"business_discovery\.username\((?P<name>[^)]*)\)\{.*?media(?:\.after\((?P<after>[^)]*)\))?"
    r"\.limit\((?P<limit>\d+)\)"
)


@dataclass(frozen=True, slots=True)
class GraphMedia:
    """One file of a post, its bytes or where they lie; `withheld` = a video's address is not given."""

    name: str
    kind: str = "IMAGE"
    body: bytes | Path = field(default=b"", repr=False)
    content_type: str = "image/jpeg"
    withheld: bool = False
    thumbnail: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class GraphPost:
    """A post; `pinned` ones are listed first whatever their age."""

    native_id: str
    caption: str
    published_at: datetime
    media: tuple[GraphMedia, ...] = ()
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class GraphAccount:
    """A professional account, and the trap it is caught in (None = healthy)."""

    handle: str
    native_id: str
    posts: tuple[GraphPost, ...] = ()
    trap: str | None = None


@dataclass
class GraphWorld:
    """All accounts of one stand-in; `page_size` bounds what a page holds, as the service does."""

    accounts: Sequence[GraphAccount]
    token: str
    page_size: int = 25
    token_days: float | None = 60
    scopes: Sequence[str] = ("instagram_basic", "instagram_manage_insights", "pages_read_engagement", "pages_show_list")
    calls: int = 0
    asked: list[str] = field(default_factory=list)
    _files: dict[str, tuple[GraphAccount, GraphMedia, bytes | Path]] = field(default_factory=dict)

    def app(self) -> web.Application:
        """The server."""
        app = web.Application()
        app.router.add_get("/media/{name}", self._serve_media)
        app.router.add_get("/login/", _login_page)
        app.router.add_get("/{version}/debug_token", self._serve_token)
        app.router.add_get("/{version}/{user}", self._serve_discovery)
        return app

    def __post_init__(self) -> None:
        for account in self.accounts:
            for media in (one for post in account.posts for one in post.media):
                self._files[media.name] = (account, media, media.body)
                if media.thumbnail is not None:
                    self._files[f"{media.name}.thumbnail"] = (account, media, media.thumbnail)

    async def _serve_discovery(self, request: web.Request) -> web.StreamResponse:
        self.calls += 1
        asked = _ASKED.search(request.query.get("fields", ""))
        if request.query.get("access_token") != self.token:
            return _error(190, "Invalid OAuth access token", 0)
        if not asked:
            return _error(100, "(#100) fields", 0)
        self.asked.append(asked["name"])
        account = next((one for one in self.accounts if one.handle == asked["name"]), None)
        if account is None:
            return _no_such_user(asked["name"])
        refused = _refusal(account, asked["after"], self.asked.count(account.handle))
        if refused is not None:
            return refused
        base = f"{request.scheme}://{request.host}"
        return self._answer(account, asked["after"], min(int(asked["limit"]), self.page_size), base)

    def _answer(self, account: GraphAccount, after: str | None, limit: int, base: str) -> web.Response:
        listed = sorted(account.posts, key=lambda post: (not post.pinned, -post.published_at.timestamp()))
        first = int(after.rpartition("-")[2]) if after else 0
        page = listed[first : first + limit]
        media: dict[str, Any] = {"data": [_node(post, account, base) for post in page]}
        more = first + limit < len(listed) and account.trap != "cursor_stops_early"
        if more or account.trap == "cursor_circle":
            following = 0 if account.trap == "cursor_circle" else first + limit
            media["paging"] = {"cursors": {"before": f"c-{first}", "after": f"c-{following}"}}
        found: dict[str, Any] = {
            "id": account.native_id + ("9" if account.trap == "other_account" else ""),
            "username": account.handle, "media_count": len(listed), "media": media,
        }  # fmt: skip
        _spoil(account.trap, found)
        usage = {
            "call_count": 96 if account.trap == "usage_96" else min(70, self.calls // 10),
            "total_time": 1,
        }
        body = json.dumps({"business_discovery": found, "id": "17841400000000000"})
        if account.trap == "cut_off":
            body = body[: len(body) // 2]
        return web.Response(
            text=body, content_type="application/json", headers={"X-App-Usage": json.dumps(usage)}
        )

    async def _serve_token(self, request: web.Request) -> web.Response:
        """What the service says of a token; `token_days` until it ends, None = never."""
        if request.query.get("access_token") != self.token:
            return _error(190, "Invalid OAuth access token", 0)
        now = int(datetime.now(UTC).timestamp())
        ends = 0 if self.token_days is None else now + int(self.token_days * 86_400)
        told = {"app_id": "1", "type": "USER", "is_valid": request.query.get("input_token") == self.token,
                "issued_at": now - 86_400, "expires_at": ends, "data_access_expires_at": 0, "user_id": "1",
                "scopes": list(self.scopes)}  # fmt: skip
        return web.json_response({"data": told})

    async def _serve_media(self, request: web.Request) -> web.StreamResponse:
        account, media, body = self._files.get(request.match_info["name"], (None, None, b""))
        if account is None or media is None or account.trap == "media_403":
            return web.Response(status=403, text="URL signature expired")
        if account.trap == "media_html":
            return web.Response(text="<html>sign in</html>", content_type="text/html")
        if isinstance(body, Path):
            body = body.read_bytes()
        if account.trap == "media_corrupt":
            body = body[: len(body) // 3]
        return web.Response(body=body, content_type=media.content_type)


def _node(post: GraphPost, account: GraphAccount, base: str) -> dict[str, Any]:
    """A media node as the API gives it: the `@` of a caption is lost on accounts that are not ours."""
    node: dict[str, Any] = {
        "id": post.native_id, "caption": post.caption.replace("@", ""), "like_count": 3, "comments_count": 0,
        "permalink": f"https://www.instagram.com/p/{post.native_id}/",
        "timestamp": post.published_at.strftime("%Y-%m-%dT%H:%M:%S+0000"),
    }  # fmt: skip
    first = _file_node(post.media[0], account, base) if post.media else {"media_type": "IMAGE"}
    node.update(first)
    if len(post.media) > 1:
        node["media_type"] = "CAROUSEL_ALBUM"
        node["children"] = {
            "data": [
                {"id": f"{post.native_id}{number}", **_file_node(one, account, base)}
                for number, one in enumerate(post.media)
            ]
        }
    return node


def _file_node(media: GraphMedia, account: GraphAccount, base: str) -> dict[str, Any]:
    expires = "00000001" if account.trap == "media_expired" else "7FFFFFFF"
    node: dict[str, Any] = {"media_type": media.kind}
    if not media.withheld:
        node["media_url"] = f"{base}/media/{media.name}?oe={expires}"
    if media.thumbnail is not None:
        node["thumbnail_url"] = f"{base}/media/{media.name}.thumbnail?oe={expires}"
    return node


def _spoil(trap: str | None, found: dict[str, Any]) -> None:
    if trap == "no_media_block":
        del found["media"]
    if trap == "empty_data":
        found["media"] = {"data": []}


_ERRORS: dict[str, tuple[int, str, int]] = {
    "throttled_4": (4, "(#4) Application request limit reached", 0),
    "throttled_17": (17, "(#17) User request limit reached", 0),
    "throttled_613": (613, "(#613) Calls to this api have exceeded the rate limit.", 0),
    "throttled_80002": (80002, "(#80002) There have been too many calls to this Instagram account.", 2446079),
    "token_190": (190, "Error validating access token: Session has expired", 463),
    "permission_10": (10, "(#10) Application does not have permission for this action", 0),
    "parameter_100": (100, "(#100) Tried accessing nonexisting field", 0),
    "transient_always": (2, "An unexpected error has occurred. Please retry your request later.", 0),
}


def _refusal(account: GraphAccount, after: str | None, time_asked: int) -> web.StreamResponse | None:
    """The trap's answer in place of a page, or None."""
    trap = account.trap or ""
    if trap in _ERRORS:
        return _error(*_ERRORS[trap])
    if trap in ("not_professional", "missing"):
        return _no_such_user(account.handle)
    if trap == "transient_once" and time_asked == 1:
        return _error(*_ERRORS["transient_always"])
    if trap == "cursor_breaks" and after:
        return web.Response(text=json.dumps({"business_discovery": {"id": account.native_id}}))
    make = _PAGES.get(trap)
    return make() if make else None


_PAGES: dict[str, Callable[[], web.Response]] = {
    "login_redirect": lambda: web.Response(status=302, headers={"Location": "/login/?next=%2F"}),
    "http_500": lambda: web.Response(status=500, text="Sorry, something went wrong."),
    "http_200_html": lambda: web.Response(text="<html>log in</html>", content_type="text/html"),
}


async def _login_page(request: web.Request) -> web.Response:
    return web.Response(text="<html><title>Login</title></html>", content_type="text/html")


def _no_such_user(name: str) -> web.Response:
    """A personal account and a name that does not exist are answered alike."""
    return _error(110, "Invalid user id", 2207013, f"The user with username: {name} cannot be found.")


def _error(code: int, message: str, subcode: int, said: str = "") -> web.Response:
    error: dict[str, Any] = {
        "message": message,
        "type": "OAuthException",
        "code": code,
        "fbtrace_id": "sandbox",
    }
    if subcode:
        error["error_subcode"] = subcode
    if said:
        error["error_user_msg"] = said
    return web.json_response({"error": error}, status=400)
