"""The matrix of service faults as data: where a harm is done, what else may be wrong, and how each ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web


@dataclass(frozen=True)
class Target:
    """One kind of question to a source; `kind`: of the site it is asked of."""

    kind: str
    meets: Callable[[web.Request], bool]


def _path(*begins: str) -> Callable[[web.Request], bool]:
    return lambda request: request.path.startswith(begins)


TARGETS = {
    "graph": Target("", lambda _: True),
    "robots": Target("listing", _path("/robots.txt")),
    "wordpress": Target("wordpress", lambda request: "/wp/v2/" in request.path + request.query.get("rest_route", "")),
    "feed": Target("feed", _path("/rss.xml")),
    "sitemap": Target("sitemap", _path("/sitemap")),
    "listing": Target("listing", lambda request: request.path == "/berita"),
    "article": Target("listing", _path("/19", "/20")),
    "media": Target("feed", _path("/wp-content/")),
}
# Traps of the Graph stand-in that cost one account.
CURSORS = (
    "cursor_breaks", "cursor_circle", "cursor_stops_early", "other_account", "no_media_block", "empty_data",
    "missing", "not_professional", "transient_once", "transient_always",
)  # fmt: skip


@dataclass(frozen=True)
class Address:
    """A registered address at which no site answers; `says`: what is wrong."""

    says: str
    address: Callable[[str], str]


ADDRESSES = {
    "dns": Address("a name that does not resolve", lambda _: "http://situs-yang-tidak-ada.invalid"),
    "tls_self_signed": Address("a certificate nobody vouches for", lambda url: url),
    "tls_on_http": Address("https asked at a port that speaks http", lambda url: url.replace("http:", "https:")),
    "refused": Address("a port where nobody listens", lambda _: "http://127.0.0.1:9"),
}
# Not caught up with by the next run: the address itself is wrong, or the site asked to be left alone for longer.
STAYS = (*ADDRESSES, "http_429_retry_after", "http_503_retry_after")
