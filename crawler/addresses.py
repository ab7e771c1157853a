"""A request -> the same request, or a refusal where its host is not on the open internet.

A registered site or an API answer may name any address; private, loopback, link-local and
metadata ones are refused unless the instance allows the host by name. Here a request learns why it
is refused; that a name does not change its address behind our back, `crawler.connecting` sees to.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request

_PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_UNICAST = ipaddress.IPv6Network("2000::/3")  # all that is given out of IPv6; the rest is reserved or local


class AddressCheck:
    """Scrapy downloader middleware: every hop of every request passes here, redirects too."""

    def __init__(self, allowed: Collection[str]) -> None:
        """`allowed`: `host` or `host:port` entries that may be private."""
        self.allowed = frozenset(entry.lower() for entry in allowed)
        self._judged: dict[str, str | None] = {}

    @classmethod
    def from_crawler(cls, crawler: Any) -> AddressCheck:
        """Built by Scrapy from TAYANG_ALLOWED_HOSTS."""
        return cls(crawler.settings.getlist("TAYANG_ALLOWED_HOSTS"))

    async def process_request(self, request: Request) -> None:
        """Let the request pass, or raise IgnoreRequest naming why not."""
        parts = urlsplit(request.url)
        host = (parts.hostname or "").lower()
        if parts.scheme not in ("http", "https"):
            raise IgnoreRequest(f"scheme {parts.scheme} refused")
        if is_allowed(host, parts.port or _PORTS[parts.scheme], self.allowed):
            return
        if host not in self._judged:
            self._judged[host] = await why_private(host)
        if self._judged[host]:
            raise IgnoreRequest(f"address refused: {self._judged[host]}")


def is_allowed(host: str, port: int, allowed: Collection[str]) -> bool:
    """Whether `host` or `host:port` is named in `allowed` (lower case); IPv6 addresses without brackets."""
    written = f"[{host}]" if ":" in host else host
    return written in allowed or f"{written}:{port}" in allowed


async def why_private(host: str) -> str | None:
    """Why a host must not be asked (`host is private`), or None; names are resolved.

    A name that does not resolve is let through: the download will fail with its own error.
    """
    for address in await _addresses_of(host):
        if not is_public(address):
            return f"{host} is {address}"
    return None


def is_public(address: str) -> bool:
    """Whether an IP address, IPv4 ones inside IPv6 ones unwrapped, lies on the open internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        translated = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None
        ip = ip.ipv4_mapped or ip.sixtofour or translated or ip
    return ip.is_global and not ip.is_multicast and (ip.version == 4 or ip in _UNICAST)


async def _addresses_of(host: str) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [str(sockaddr[0]) for *_, sockaddr in found]
