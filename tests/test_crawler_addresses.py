"""Which hosts may be asked: the open internet, and what the instance allows by name."""

from __future__ import annotations

import asyncio
import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request

from crawler.addresses import AddressCheck, is_public, why_private


def refusal(url: str, *allowed: str) -> str | None:
    """What the middleware says to a request; None = it may pass."""
    try:
        asyncio.run(AddressCheck(allowed).process_request(Request(url)))
    except IgnoreRequest as refused:
        return str(refused)
    return None


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.9.9.9",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "198.18.0.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b::7f00:1",
    ],
)
def test_private_and_metadata_addresses_are_not_public(address: str) -> None:
    """Loopback, private, link-local, shared, multicast; also inside IPv6 forms of them."""
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "103.10.20.30", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_the_open_internet_is_public(address: str) -> None:
    """Also through IPv4 forms inside IPv6."""
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_in_every_dress(address: ipaddress.IPv4Address) -> None:
    """Mapped or translated: the same answer."""
    number = int(address)
    mapped, translated = (str(ipaddress.IPv6Address(base + number)) for base in (0xFFFF << 32, 0x64FF9B << 96))

    assert is_public(str(address)) == is_public(mapped) == is_public(translated)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost:9001/",
        "http://[::1]/",
        "http://2130706433/",
        "http://0/",
        "http://169.254.169.254/latest/",
        "https://10.0.0.5/wp-json/",
        "file:///etc/passwd",
        "ftp://8.8.8.8/",
    ],
)
def test_requests_to_private_places_are_refused(url: str) -> None:
    """By name, by number, in any notation, or by another scheme; the refusal says why."""
    assert "refused" in (refusal(url) or "")


@pytest.mark.parametrize(
    ("url", "allowed", "passes"),
    [
        ("http://127.0.0.1:9001/x", "127.0.0.1:9001", True),
        ("http://127.0.0.1:9002/x", "127.0.0.1:9001", False),
        ("http://127.0.0.1/x", "127.0.0.1:9001", False),
        ("http://127.0.0.1:9002/x", "127.0.0.1", True),
        ("http://127.0.0.1/x", "127.0.0.1:80", True),
        ("https://127.0.0.1/x", "127.0.0.1:443", True),
        ("http://localhost:9001/x", "LOCALHOST:9001", True),
        ("http://[::1]:9001/x", "[::1]:9001", True),
        ("http://[::1]:9001/x", "[::1]", True),
        ("http://[::1]:9002/x", "[::1]:9001", False),
        ("http://127.0.0.1:9001@10.0.0.1/", "127.0.0.1:9001", False),
    ],
)
def test_an_allowed_host_is_allowed_to_the_port(url: str, allowed: str, passes: bool) -> None:
    """`host` opens all its ports, `host:port` one; the usual port need not be written in the address."""
    assert passes == (refusal(url, allowed) is None)


def test_public_addresses_pass_without_being_looked_up() -> None:
    """A number needs no DNS."""
    assert refusal("https://8.8.8.8/") is None


def test_a_name_that_does_not_resolve_fails_by_itself() -> None:
    """It is the download that fails, with its own error."""
    assert asyncio.run(why_private("no-such-host.invalid")) is None
