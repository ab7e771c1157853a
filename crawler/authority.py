"""A time-stamp query -> the bytes that an authority answers, over HTTP as RFC 3161 has it.

The address is checked like every outbound one, when the connection is made; redirects are not followed. Time and size
are bounded: an authority that never ends costs half a minute.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import nullcontext
from urllib.parse import urlsplit

import aiohttp

from crawler.addresses import is_allowed
from crawler.connecting import public_connects_only
from crawler.errors import Unreachable, Unreadable

SECONDS = 30.0
MOST_BYTES = 1 << 18
QUERY_TYPE = "application/timestamp-query"
_PORTS = {"http": 80, "https": 443}


def ask(url: str, query: bytes, user_agent: str, allowed: Collection[str], seconds: float = SECONDS) -> bytes:
    """The answer's bytes, whatever they are. `allowed`: `host` or `host:port` entries that may be private.

    Raises: Unreachable, Unreadable for an answer beyond the bound.
    """
    parts = urlsplit(url)
    port = parts.port or _PORTS[parts.scheme]
    is_own = is_allowed((parts.hostname or "").lower(), port, {entry.lower() for entry in allowed})
    headers = {"Content-Type": QUERY_TYPE, "User-Agent": user_agent}
    with nullcontext() if is_own else public_connects_only():
        try:
            return asyncio.run(_post(url, query, headers, seconds))
        except TimeoutError:
            raise Unreachable("timeout") from None
        except (aiohttp.ClientError, OSError) as trouble:
            why = getattr(trouble, "os_error", trouble)  # aiohttp's own words leave out what was refused
            raise Unreachable(str(why)[:200] or type(why).__name__) from trouble


async def _post(url: str, query: bytes, headers: dict[str, str], seconds: float) -> bytes:
    patience = aiohttp.ClientTimeout(total=seconds)
    async with (
        aiohttp.ClientSession(timeout=patience, trust_env=True, auto_decompress=False) as session,
        session.post(url, data=query, headers=headers, allow_redirects=False) as answer,
    ):
        if answer.status != 200:
            raise Unreachable(f"HTTP {answer.status}")
        body = bytearray()
        async for piece in answer.content.iter_any():
            body += piece
            if len(body) > MOST_BYTES:
                raise Unreadable(f"more than {MOST_BYTES} bytes")
        return bytes(body)
