"""A name at the moment of connecting -> the addresses that may be connected to, or no connection.

A name may be public when it is checked and private a moment later (DNS rebinding). So the check stands once more
where the answer is used: Scrapy connects to what `PublicResolver` answered, with no lookup in between, and all else
that connects does so under `public_connects_only`.
"""

from __future__ import annotations

import logging
import socket
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.interfaces import IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer, provider

from crawler.addresses import is_allowed, is_public

_log = logging.getLogger(__name__)
_PORTS = {"http": 80, "https": 443}


class PublicResolver(CachingThreadedResolver):
    """Scrapy's own resolver; what it answers is checked before anything connects to it."""

    def __init__(self, reactor: Any, cache_size: int, timeout: float, allowed: Collection[str] = ()) -> None:
        """`allowed`: `host` or `host:port` entries that may be private."""
        super().__init__(reactor, cache_size, timeout)
        self.allowed = frozenset(entry.lower() for entry in allowed) | proxies()

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> PublicResolver:
        """Built by Scrapy, from TAYANG_ALLOWED_HOSTS too."""
        settings = crawler.settings
        cache_size = settings.getint("DNSCACHE_SIZE") if settings.getbool("DNSCACHE_ENABLED") else 0
        return cls(reactor, cache_size, settings.getfloat("DNS_TIMEOUT"), settings.getlist("TAYANG_ALLOWED_HOSTS"))

    def install_on_reactor(self) -> None:
        """Every lookup of this process, of plain addresses too, passes the check."""
        super().install_on_reactor()
        checked: Any = CheckedNames(self.reactor.nameResolver, self.allowed)  # zope declares what it is
        self.reactor.installNameResolver(checked)


@implementer(IHostnameResolver)
class CheckedNames:
    """A resolver whose private answers are left out, but for hosts that may be private."""

    def __init__(self, resolver: Any, allowed: Collection[str]) -> None:
        self._resolver, self._allowed = resolver, allowed

    def resolveHostName(  # noqa: N802 - here and below, the names are Twisted's
        self, resolutionReceiver: Any, hostName: str, portNumber: int = 0, *more: Any, **named: Any,  # noqa: N803
    ) -> Any:  # fmt: skip
        """Twisted's question; `portNumber` is where the connection will go."""
        receiver = resolutionReceiver
        if not is_allowed(hostName.lower(), portNumber, self._allowed):
            receiver = _Public(receiver, hostName)
        return self._resolver.resolveHostName(receiver, hostName, portNumber, *more, **named)


@provider(IResolutionReceiver)
class _Public:
    """Hands on what is public; without any address there is no connection."""

    def __init__(self, receiver: Any, host: str) -> None:
        self._receiver, self._host = receiver, host

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if is_public(address.host):
            self._receiver.addressResolved(address)
        else:
            _log.warning("no connection: %s is %s", self._host, address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        self._receiver.resolutionComplete()


def proxies() -> frozenset[str]:
    """`host:port` of the proxies that the environment names: the operator's own choice, and mostly private."""
    found = set()
    for written in getproxies().values():
        with suppress(ValueError):
            parts = urlsplit(written if "://" in written else f"http://{written}")
            port = parts.port or _PORTS.get(parts.scheme, 80)
            found.add(f"{(parts.hostname or '').lower()}:{port}")
    return frozenset(found)


_guards: list[frozenset[tuple[str, int]]] = []  # of every `public_connects_only` at hand: what may be private
_is_hooked = False


@contextmanager
def public_connects_only() -> Iterator[None]:
    """Within, no socket of this process connects to an address off the open internet, whoever resolved the name.

    A connection so refused fails with a PermissionError. The environment's proxies may be private.
    """
    global _is_hooked
    if not _is_hooked:
        sys.addaudithook(_heard)
        _is_hooked = True
    _guards.append(frozenset(_addresses(proxies())))
    try:
        yield
    finally:
        _guards.pop()


def _heard(event: str, told: tuple[Any, ...]) -> None:
    if event == "socket.connect" and _guards:
        _check(told[0].family, told[1])


def _check(family: int, address: Any) -> None:
    """Raises: PermissionError. `address` is what the socket was told to connect to."""
    if family not in (socket.AF_INET, socket.AF_INET6):
        return
    host, port = str(address[0]), int(address[1])
    if (host, port) in _guards[-1]:
        return
    try:
        is_open = is_public(host)
    except ValueError:  # a name, which the system would resolve where nobody sees the answer
        is_open = False
    if not is_open:
        raise PermissionError(f"no connection: {host} is not on the open internet")


def _addresses(named: Collection[str]) -> Iterator[tuple[str, int]]:
    for entry in named:
        host, _, port = entry.rpartition(":")
        with suppress(OSError):
            found: Sequence[Any] = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)
            yield from ((str(sockaddr[0]), int(port)) for *_, sockaddr in found)
