"""Text, addresses and headers that may hold a secret -> the same without it.

Tokens are registered here when they are read; every log line, capture, detail and error passes
through `redact` before it leaves the process.
"""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, quote_plus

REDACTED = "REDACTED"
SECRET_HEADERS = frozenset({"authorization", "cookie", "set-cookie", "proxy-authorization"})
_IN_URLS = re.compile(r"(?i)\b(access_token|appsecret_proof|client_secret|key|token|sig)=[^&\s\"'<>]+")
_ENCODED = 16  # bytes; of shorter secrets too little would be left in base64 to know them by
_known: dict[str, None] = {}  # the longest first: a part cut out of a whole would leave its ends


def remember_secret(value: str) -> None:
    """From now on `value` is cut out of all that passes here: as it is, as addresses, JSON, base64 or hex write it."""
    if len(value) >= 8:  # shorter ones would blank out ordinary words
        in_json = json.dumps(value)[1:-1]
        in_address = (quote(value), quote(value, safe=""), quote_plus(value))
        spelled = {value, *in_address, in_json, in_json.replace("/", "\\/"), *_encoded(value.encode())}
        longest = sorted({*_known, *spelled}, key=lambda one: (-len(one), one))
        _known.clear()
        _known.update(dict.fromkeys(longest))


def _encoded(secret: bytes) -> Iterator[str]:
    """The secret in hex and base64, also where other bytes stand before or behind it under the same encoding: then
    without the letters that it shares with them, up to two bytes at either end."""
    if len(secret) < _ENCODED:
        return
    yield from (secret.hex(), secret.hex().upper())
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        whole = encode(secret).decode()
        yield from (whole, whole.rstrip("="))
        for before in range(3):
            shared = -(-before * 8 // 6)
            yield encode(bytes(before) + secret).decode()[shared : (before + len(secret)) * 8 // 6]


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


def guard_logs() -> None:
    """From now on every log record of this process is a redacted one; safe to call again."""
    logging.setLogRecordFactory(RedactedRecord)
