"""The table `[crawl]` of tayang.toml -> manners and bounds of the crawl."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from crawler.language import say
from crawler.sections import Section

PRODUCT_URL = "https://tayang.example"  # until the product has a public home; set crawl.contact
_PRIVATE_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class CrawlRules:
    """Manners and bounds of the crawl (contract §2); delays and requests are per host, 0 = no such bound."""

    user_agent: str
    contact: str = ""
    delay_seconds: float = 1.0
    concurrency: int = 8
    timeout_seconds: float = 30.0
    max_media_bytes: int = 200_000_000
    lookback_days: float = 3.0
    budget_minutes: float = 180.0
    requests_per_hour: int = 3600
    look_again_days: tuple[float, ...] = (1.0, 7.0)
    allow_private_hosts: tuple[str, ...] = ()


def crawl_rules_of(crawl: Section) -> CrawlRules:
    """The table `[crawl]`; what is wrong is noted in it."""
    contact = _header_text(crawl, "contact")
    rules = CrawlRules(
        user_agent=_user_agent(_header_text(crawl, "user_agent"), contact),
        contact=contact,
        delay_seconds=crawl.number("delay_seconds", 1.0),
        concurrency=crawl.whole("concurrency", 8, at_least=1),
        timeout_seconds=crawl.number("timeout_seconds", 30.0, above=0),
        max_media_bytes=crawl.whole("max_media_bytes", 200_000_000, at_least=1),
        lookback_days=crawl.number("lookback_days", 3.0),
        budget_minutes=crawl.number("budget_minutes", 180.0),
        requests_per_hour=crawl.whole("requests_per_hour", 3600),
        look_again_days=crawl.numbers("look_again_days", (1.0, 7.0)),
        allow_private_hosts=_private_hosts(crawl),
    )
    crawl.close()
    return rules


def _header_text(crawl: Section, key: str) -> str:
    """A text that may travel in an HTTP header."""
    written = crawl.text(key)
    if written.isascii() and written.isprintable():
        return written
    crawl.wrong(
        key,
        say(
            "hanya huruf, angka dan tanda ASCII dalam satu baris",
            "only ASCII letters, digits and signs on one line",
        ),
    )
    return ""


def _user_agent(written: str, contact: str) -> str:
    """Names the product, its version and how to reach us, unless all is written by hand."""
    if not written:
        return f"Tayang/{_own_version()} (+{contact or PRODUCT_URL})"
    return written if contact in written else f"{written} (+{contact})"


def _own_version() -> str:
    try:
        return version("tayang")
    except PackageNotFoundError:  # run from a bare checkout
        return "0"


def _private_hosts(crawl: Section) -> tuple[str, ...]:
    hosts = crawl.texts("allow_private_hosts")
    for index, host in enumerate(hosts):
        if not _PRIVATE_HOST.fullmatch(host):
            crawl.wrong(
                "allow_private_hosts",
                say(
                    f"'{host}': tulis host atau host:port, misalnya \"127.0.0.1:9001\"",
                    f"'{host}': write host or host:port, e.g. \"127.0.0.1:9001\"",
                ),
                index,
            )
    return tuple(host.lower() for host in hosts)
