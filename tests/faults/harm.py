"""Genuine answers of a stand-in -> what a sick server, a bad line or a hostile host makes of them, at the socket."""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
from collections.abc import Awaitable, Callable

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Harm = Callable[[web.Request, web.Response], Awaitable[web.StreamResponse]]
SLOW_SECONDS = 30  # a byte a second: longer than any answer is waited for
HUGE_BYTES = 3_500_000


def _raw(request: web.Request, head: list[str], body: bytes, reset: bool = False) -> web.StreamResponse:
    """Write bytes past the HTTP library and end the connection."""
    transport = request.transport
    if transport is not None:
        transport.write("\r\n".join([*head, "Connection: close", "", ""]).encode() + body)
        if reset:
            _reset(request)
        transport.close()
    raise asyncio.CancelledError


def _reset(request: web.Request) -> None:
    """RST instead of FIN."""
    assert request.transport is not None
    line = request.transport.get_extra_info("socket")
    if line is not None:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.transport.abort()


def _head(answer: web.Response, length: int | None, *more: str) -> list[str]:
    stated = [f"Content-Length: {length}"] if length is not None else []
    return [f"HTTP/1.1 {answer.status} OK", f"Content-Type: {answer.headers.get('Content-Type', 'text/html')}",
            *stated, *more]  # fmt: skip


def _body(answer: web.Response) -> bytes:
    return answer.body if isinstance(answer.body, bytes) else b""


async def reset(request: web.Request, _answer: web.Response) -> web.StreamResponse:
    """The connection is reset before a byte came."""
    _reset(request)
    raise asyncio.CancelledError


async def reset_midway(request: web.Request, answer: web.Response) -> web.StreamResponse:
    """Head and half the body, then the connection is reset."""
    body = _body(answer)
    return _raw(request, _head(answer, len(body)), body[: len(body) // 2], reset=True)


async def half_response(request: web.Request, answer: web.Response) -> web.StreamResponse:
    """Half of the stated bytes, then an orderly end."""
    body = _body(answer)
    return _raw(request, _head(answer, len(body)), body[: len(body) // 2])


async def half_unstated(request: web.Request, answer: web.Response) -> web.StreamResponse:
    """Half the body under no stated length: only the content can tell."""
    body = _body(answer)
    return _raw(request, _head(answer, None), body[: len(body) // 2])


async def length_too_long(request: web.Request, answer: web.Response) -> web.StreamResponse:
    """All bytes came, more were stated."""
    body = _body(answer)
    return _raw(request, _head(answer, len(body) + 100), body)


async def length_too_short(request: web.Request, answer: web.Response) -> web.StreamResponse:
    """Fewer bytes stated than come: what is beyond is lost without a word."""
    body = _body(answer)
    return _raw(request, _head(answer, len(body) // 2), body)


async def slow_loris(request: web.Request, answer: web.Response) -> web.StreamResponse:
    """A byte a second."""
    transport, body = request.transport, _body(answer)
    if transport is not None:
        transport.write("\r\n".join([*_head(answer, len(body)), "", ""]).encode())
        for byte in body[:SLOW_SECONDS]:
            transport.write(bytes([byte]))
            await asyncio.sleep(1)
        transport.close()
    raise asyncio.CancelledError


async def silence(_request: web.Request, answer: web.Response) -> web.StreamResponse:
    """The question is taken and never answered."""
    await asyncio.sleep(SLOW_SECONDS)
    return answer


async def truncated_gzip(request: web.Request, answer: web.Response) -> web.StreamResponse:
    """Packed bytes that break off, their length stated as it is."""
    packed = gzip.compress(_body(answer))[:-20]
    packed = packed[: len(packed) // 2]
    return _raw(request, _head(answer, len(packed), "Content-Encoding: gzip"), packed)


async def no_gzip(request: web.Request, answer: web.Response) -> web.StreamResponse:
    """Plain bytes called gzip."""
    return _raw(request, _head(answer, len(_body(answer)), "Content-Encoding: gzip"), _body(answer))


async def no_http(request: web.Request, _answer: web.Response) -> web.StreamResponse:
    """Bytes that are no HTTP."""
    return _raw(request, ["SSH-2.0-OpenSSH_9.6"], b"\x00\x01\x02" * 100)


def status(code: int, body: str = "", **headers: str) -> Harm:
    """Always this status."""

    async def harm(_request: web.Request, _answer: web.Response) -> web.StreamResponse:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=code, text=body, content_type="text/html", headers=told)

    harm.__doc__ = f"HTTP {code}" + "".join(f", {name.replace('_', '-')}: {value}" for name, value in headers.items())
    return harm


async def empty_body(_request: web.Request, answer: web.Response) -> web.StreamResponse:
    """HTTP 200 without a byte."""
    return web.Response(body=b"", content_type=answer.content_type)


async def html_instead(_request: web.Request, _answer: web.Response) -> web.StreamResponse:
    """HTTP 200 with a page of something else."""
    text = "<!doctype html><html><head><title>Selamat datang</title></head><body><p>Situs resmi.</p></body></html>"
    return web.Response(text=text, content_type="text/html")


async def login_form(_request: web.Request, _answer: web.Response) -> web.StreamResponse:
    """HTTP 200 with a form that asks for a password."""
    form = '<html><title>Masuk</title><body><form><input type="password" name="p"></form></body></html>'
    return web.Response(text=form, content_type="text/html")


async def challenge(_request: web.Request, _answer: web.Response) -> web.StreamResponse:
    """HTTP 200 with a guard's page in its place."""
    return web.Response(text="<title>Just a moment...</title><script>window._cf_chl_opt={}</script>",
                        content_type="text/html")  # fmt: skip


async def redirect_circle(request: web.Request, _answer: web.Response) -> web.StreamResponse:
    """301 to itself."""
    return web.Response(status=301, headers={"Location": str(request.rel_url)})


async def redirect_private(_request: web.Request, _answer: web.Response) -> web.StreamResponse:
    """302 to an address inside the house."""
    return web.Response(status=302, headers={"Location": "http://10.0.0.1/admin"})


async def redirect_metadata(_request: web.Request, _answer: web.Response) -> web.StreamResponse:
    """302 to a cloud's metadata address."""
    return web.Response(status=302, headers={"Location": "http://169.254.169.254/latest/"})


async def redirect_login(_request: web.Request, _answer: web.Response) -> web.StreamResponse:
    """302 to a login page."""
    return web.Response(status=302, headers={"Location": "/login"})


async def wrong_charset(_request: web.Request, answer: web.Response) -> web.StreamResponse:
    """UTF-8 bytes called UTF-16."""
    return web.Response(body=_body(answer), headers={"Content-Type": f"{answer.content_type}; charset=utf-16"})


async def huge_body(_request: web.Request, answer: web.Response) -> web.StreamResponse:
    """Megabytes behind the answer, beyond the bound of a page or a file."""
    return web.Response(body=_body(answer) + b" " * HUGE_BYTES, content_type=answer.content_type)


async def closes_after_each(_request: web.Request, answer: web.Response) -> web.StreamResponse:
    """A whole answer, and the connection closed behind it."""
    answer.force_close()
    return answer


HARMS: dict[str, Harm] = {
    one.__name__: one
    for one in (
        reset, reset_midway, half_response, half_unstated, length_too_long, length_too_short, slow_loris, silence,
        truncated_gzip, no_gzip, no_http, empty_body, html_instead, login_form, challenge, redirect_circle,
        redirect_private, redirect_metadata, redirect_login, wrong_charset, huge_body, closes_after_each,
    )
}  # fmt: skip
HARMS |= {
    "http_204": status(204), "http_401": status(401), "http_403": status(403), "http_404": status(404),
    "http_429": status(429), "http_429_retry_after": status(429, Retry_After="3600"), "http_500": status(500),
    "http_503_retry_after": status(503, Retry_After="86400"), "http_502": status(502, "<h1>Bad Gateway</h1>"),
}  # fmt: skip
