"""One address -> one answer, asked once and followed nowhere; for what is asked outside of a crawl."""

from __future__ import annotations

import asyncio
import http.client
import socket
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from crawler.addresses import is_allowed, why_private
from crawler.errors import Blocked, Unreachable
from crawler.redaction import redact

MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Reached:
    """`date`: the instant at which the server answers by its own word, None where it gives none."""

    status: int
    date: datetime | None
    body: bytes


def reach(url: str, agent: str, allowed: Collection[str], seconds: float) -> Reached:
    """One GET. `allowed`: `host:port` entries that may be private. Raises: Blocked, Unreachable."""
    connection = _connection(url, allowed, seconds)
    parts = urlsplit(url)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    try:
        connection.request("GET", target, headers={"User-Agent": agent, "Accept": "application/json"})
        answer = connection.getresponse()
        told = _date(answer.getheader("Date"), answer.getheader("Age"))
        return Reached(answer.status, told, _body(answer, time.monotonic() + seconds))
    except (OSError, http.client.HTTPException, socket.gaierror) as trouble:
        raise Unreachable(redact(f"{type(trouble).__name__}: {trouble}")) from trouble
    finally:
        connection.close()


def _connection(url: str, allowed: Collection[str], seconds: float) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    host, is_open = parts.hostname or "", parts.scheme == "http"
    port = parts.port or (80 if is_open else 443)
    if not is_allowed(host, port, frozenset(allowed)) and (why := asyncio.run(why_private(host))):
        raise Blocked(why)
    kind = http.client.HTTPConnection if is_open else http.client.HTTPSConnection
    return kind(host, port, timeout=seconds)


def _body(answer: http.client.HTTPResponse, until: float) -> bytes:
    """What it sends before the time is up: one that drips would hold up all that is done after it."""
    body = b""
    while len(body) < MOST_BYTES and (part := answer.read1(MOST_BYTES - len(body))):
        body += part
        if time.monotonic() > until:
            raise TimeoutError("too slow")
    return body


def _date(told: str | None, age: str | None) -> datetime | None:
    """A cache passes on the date of the answer that it kept, and tells beside it how many seconds that was ago."""
    try:
        found = parsedate_to_datetime(told or "")
        found += timedelta(seconds=int(age or 0))
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else None
