"""Addresses of receivers, which hold secrets -> receivers that may be sent to, and a problem for each other one.

Only schemes whose host is known before sending are taken: every outbound address is checked. Nothing here shows an
address: a receiver is named by its scheme and a digest that leaves its password out.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from crawler.addresses import is_allowed, why_private
from crawler.language import say
from crawler.sections import unknown
from queries.notify.senders import sender_of

# What the port is where none is written; Telegram's host is not written either.
PORTS = {
    "mailto": 25, "mailtos": 587, "json": 80, "jsons": 443, "form": 80, "forms": 443, "xml": 80, "xmls": 443,
    "tgram": 443,
}  # fmt: skip
TELEGRAM_HOST = "api.telegram.org"
_HINTS = {"http": "json", "https": "jsons", "smtp": "mailto", "smtps": "mailtos", "telegram": "tgram", "tg": "tgram"}
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{1,15}")
_HOST = re.compile(r"(?:[\w-]{1,63}\.)*[\w-]{1,63}\.?|[0-9a-fA-F:.]{2,45}", re.ASCII)
_PASSWORDS = frozenset({"pass", "password"})
_ASKS_OTHERS = frozenset({"pgp", "pgppub", "pgpprv", "wkd"})  # keys would be fetched from places not checked


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody to tell. `label` may be shown and stored; `identity` names it apart from its password."""

    label: str
    identity: str
    host: str
    port: int
    sender: Any = field(repr=False)


def receivers_of(urls: Sequence[str]) -> tuple[list[Receiver], list[str]]:
    """Receivers, each once, and a sentence for each address that cannot be one. Contacts nothing.

    Raises: WrongUse where the extra that sends is not installed.
    """
    read = [_receiver(url) for url in urls]
    wrong = [f"{number}: {one}" for number, one in enumerate(read, 1) if isinstance(one, str)]
    named = say("penerima", "receiver")
    receivers = {one.identity: one for one in read if isinstance(one, Receiver)}
    return list(receivers.values()), [f"{named} {text}" for text in wrong]


def may_be_private(receiver: Receiver, allowed: Collection[str]) -> bool:
    """Whether the instance names this receiver's host as one that need not be on the open internet."""
    return is_allowed(receiver.host.lower(), receiver.port, allowed)


def why_refused(receiver: Receiver, allowed: Collection[str]) -> str | None:
    """Why this receiver's host must not be contacted, or None; its name is resolved."""
    if may_be_private(receiver, allowed):
        return None
    private = asyncio.run(why_private(receiver.host))
    if private is None:
        return None
    written = f"[{receiver.host}]" if ":" in receiver.host else receiver.host
    entry = f"crawl.allow_private_hosts = [\"{written}:{receiver.port}\"]"
    return say(f"alamat pribadi ditolak ({private}); bila memang server Anda sendiri, tulis {entry}",
               f"a private address is refused ({private}); if it is your own server, write {entry}")  # fmt: skip


def identity_of(url: str) -> str:
    """Hex SHA-256 of an address without its password: a new password is the same receiver."""
    scheme, _, rest = url.partition("://")
    place, _, query = rest.partition("?")
    host, slash, path = place.partition("/")
    user, at, host = host.rpartition("@")
    kept = [(key, value) for key, value in parse_qsl(query, keep_blank_values=True) if key.lower() not in _PASSWORDS]
    bare = f"{scheme.lower()}://{user.partition(':')[0]}{at}{host}{slash}{path}?{urlencode(kept)}"
    return hashlib.sha256(bare.encode()).hexdigest()


def _receiver(url: str) -> Receiver | str:
    """The receiver, or what is wrong with its address."""
    scheme = url.partition("://")[0].lower()
    flaw = _flaw(url, scheme)
    if flaw:
        return flaw
    sender = sender_of(url)
    host = _host_of(scheme, sender) if sender else ""
    if not _HOST.fullmatch(host):
        return say(f"alamat {scheme}:// tidak lengkap atau salah tulis; lihat docs/operations.md",
                   f"the {scheme}:// address is not whole or misspelt; see docs/operations.md")  # fmt: skip
    identity = identity_of(url)
    return Receiver(f"{scheme}:…{identity[:8]}", identity, host, getattr(sender, "port", None) or PORTS[scheme], sender)


def _flaw(url: str, scheme: str) -> str:
    """What can be told from the words alone, without showing them."""
    if "://" not in url or not _SCHEME.fullmatch(scheme):
        return say("bukan alamat penerima; tulis seperti mailtos://… atau jsons://…, pisahkan dengan spasi",
                   "no address of a receiver; write it like mailtos://… or jsons://…, with spaces between")  # fmt: skip
    if scheme in _HINTS:
        meant = _HINTS[scheme]
        return say(f"tulis {meant}://… sebagai ganti {scheme}://…", f"write {meant}://… instead of {scheme}://…")
    if scheme not in PORTS:
        return unknown(scheme, PORTS)
    asking = _ASKS_OTHERS & {key.lower() for key in _query(url)}
    if asking:
        return say(f"{sorted(asking)} tidak didukung; hapus", f"{sorted(asking)} is not supported; delete it")
    return ""


def _query(url: str) -> Mapping[str, str]:
    return dict(parse_qsl(url.partition("?")[2], keep_blank_values=True))


def _host_of(scheme: str, sender: Any) -> str:
    """The host that will be asked: for mail the server, which need not be the one written."""
    if scheme == "tgram":
        return TELEGRAM_HOST
    host = str(getattr(sender, "smtp_host", None) or sender.host or "")
    return host[1:-1] if host.startswith("[") and host.endswith("]") else host
