"""An address and a message -> the message sent by apprise, the only module that knows it.

Of what apprise says about a failure only an HTTP code is kept: its own words may hold the address.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from crawler.connecting import public_connects_only
from crawler.errors import WrongUse
from crawler.language import say
from crawler.redaction import guard_logs
from queries.notify.message import Message

_CODE = re.compile(r"\berror=(\d{3})\b")
_NO_ANSWER = "connection error"


class _Heard(logging.Handler):
    """Keeps lines in memory; they go nowhere else."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """One line more."""
        self.lines.append(record.getMessage())


def sender_of(url: str) -> Any | None:
    """What apprise makes of an address, None when it is not whole. Contacts nothing.

    Redirects are not followed: they would lead to places that were not checked. Raises: WrongUse without apprise.
    """
    apprise = _apprise()
    with _silence():
        sender = apprise.Apprise.instantiate(url, asset=_asset(apprise), suppress_exceptions=True)
    if sender is not None:
        sender.redirects = False
    return sender


def send(sender: Any, message: Message, *, may_be_private: bool) -> str:
    """Send one message; "" when it was accepted, else why not: `HTTP 500`, `no connection`, `refused`.

    Only where it `may_be_private` does it go to an address that is not on the open internet when it is connected to.
    """
    apprise = _apprise()
    post = apprise.Apprise(asset=_asset(apprise))
    post.add(sender)
    with _silence() as heard, nullcontext() if may_be_private else public_connects_only():
        try:
            is_sent = post.notify(body=message.body, title=message.title, body_format=apprise.NotifyFormat.TEXT)
        except (apprise.exception.AppriseException, OSError, ValueError, TypeError, RuntimeError) as trouble:
            return type(trouble).__name__
    return "" if is_sent else _why("\n".join(heard.lines))


def _why(said: str) -> str:
    code = _CODE.search(said)
    if code:
        return f"HTTP {code[1]}"
    return "no connection" if _NO_ANSWER in said.lower() else "refused"


def _apprise() -> Any:
    """Raises: WrongUse where the extra is not installed."""
    try:
        import apprise
        import apprise.exception
    except ImportError:
        raise WrongUse(
            say("untuk mengirim pemberitahuan, pasang: pip install 'tayang[notify]'",
                "to send notifications, install: pip install 'tayang[notify]'")
        ) from None  # fmt: skip
    return apprise


def _asset(apprise: Any) -> Any:
    """Who speaks; nothing is stored outside of the workspace, one receiver after the other."""
    return apprise.AppriseAsset(
        app_id="Tayang", app_desc="Tayang", http_redirects=False, async_mode=False, storage_mode="memory"
    )


@contextmanager
def _silence() -> Iterator[_Heard]:
    """No line of apprise, and no address that its HTTP client logs, leaves this module."""
    guard_logs()
    heard, apprise, client = _Heard(), logging.getLogger("apprise"), logging.getLogger("urllib3")
    before = (apprise.level, apprise.propagate, client.level)
    apprise.setLevel(logging.WARNING)
    apprise.propagate = False
    client.setLevel(logging.ERROR)
    apprise.addHandler(heard)
    try:
        yield heard
    finally:
        apprise.removeHandler(heard)
        apprise.level, apprise.propagate, client.level = before
