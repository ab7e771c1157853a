"""One address -> one answer, asked once and followed nowhere; for what is asked outside of a crawl."""

from __future__ import annotations

import asyncio
import http.client
import socket
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from crawler.addresses import is_allowed, why_private
from crawler.errors import Blocked, Unreachable
from crawler.redaction import redact

MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Reached:
    """`date`: the instant that the server gives, None where it gives none."""

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
        return Reached(answer.status, _date(answer.getheader("Date")), answer.read(MOST_BYTES))
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


def _date(told: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(told or "")
    except ValueError:
        return None
    return found if found.tzinfo else None
