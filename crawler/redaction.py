"""Text, addresses and headers that may hold a secret -> the same without it.

Tokens are registered here when they are read; every log line, capture, detail and error passes
through `redact` before it leaves the process.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, quote_plus

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult

REDACTED = "REDACTED"
SECRET_HEADERS = frozenset({"authorization", "cookie", "set-cookie", "proxy-authorization"})
_IN_URLS = re.compile(r"(?i)\b(access_token|appsecret_proof|client_secret|key|token|sig)=[^&\s\"'<>]+")
_known: set[str] = set()


def remember_secret(value: str) -> None:
    """From now on `value`, as it is or as addresses and JSON write it, is cut out of all that passes here."""
    if len(value) >= 8:  # shorter ones would blank out ordinary words
        in_json = json.dumps(value)[1:-1]
        in_address = (quote(value), quote(value, safe=""), quote_plus(value))
        _known.update({value, *in_address, in_json, in_json.replace("/", "\\/")})


def redact(text: str) -> str:
    """`text` without any registered secret and without the value of secret-looking parameters."""
    for value in _known:
        text = text.replace(value, REDACTED)
    return _IN_URLS.sub(rf"\1={REDACTED}", text)


def redact_bytes(body: bytes) -> bytes:
    """A payload in which no registered secret appears (an API may echo the token it was given)."""
    for value in _known:
        body = body.replace(value.encode(), REDACTED.encode())
    return body


def redact_headers(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Headers with secret ones named but emptied."""
    return tuple(
        (name, REDACTED if name.lower() in SECRET_HEADERS else redact(value)) for name, value in headers
    )


class RedactedRecord(logging.LogRecord):
    """A log record that no handler, whenever it was put in place, can get a secret out of."""

    def __init__(self, *args: Any, **more: Any) -> None:
        """As logging makes it; a traceback is written out at once, for its last line may hold an address."""
        super().__init__(*args, **more)
        if self.exc_info and self.exc_info[0]:
            self.exc_text = redact(logging.Formatter().formatException(self.exc_info))

    def getMessage(self) -> str:  # noqa: N802 - logging's own name
        """The line, without secrets."""
        return redact(super().getMessage())


class RedactingLogFormatter(LogFormatter):
    """Scrapy's own lines about requests and items, without secrets and without whole items."""

    def crawled(self, request: Request, response: Response, spider: Spider) -> LogFormatterResult:
        """One line per answer, with the address redacted."""
        return _line(logging.DEBUG, f"{response.status} {request.url}")

    def scraped(self, item: Any, response: Any, spider: Spider) -> LogFormatterResult:
        """Items hold whole pages: their type is enough."""
        return _line(logging.DEBUG, f"item {type(item).__name__}")


def _line(level: int, text: str) -> LogFormatterResult:
    return {"level": level, "msg": "%(line)s", "args": {"line": redact(text)}}


def guard_logs() -> None:
    """From now on every log record of this process is a redacted one; safe to call again."""
    logging.setLogRecordFactory(RedactedRecord)
