"""Which address an account is bound to: redirects, sites under a path, parked and foreign pages."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from listing_sites import BASE, NOW, Paper, Piece, read_pages

from crawler.items import Outcome
from crawler.readers.wordpress import list_query

SINCE = NOW - timedelta(days=2)
PIECES = tuple(Piece(900 - n, "Ikrar bersama warga", NOW - timedelta(hours=1 + 12 * n)) for n in range(12))
SITE = Paper(PIECES).answers()


def _moved(host: str, path: str = "") -> dict[str, str]:
    """The site as it stands at another address."""
    return {f"{host}{path}{page}": text.replace('href="/', f'href="{path}/') for page, text in SITE.items()}


def _post(number: int, link: str) -> dict[str, object]:
    at = f"{NOW - timedelta(hours=number):%Y-%m-%dT%H:%M:%S}"
    return {
        "id": number,
        "date_gmt": at,
        "link": link,
        "title": {"rendered": "Ikrar"},
        "content": {"rendered": "<p>Isi.</p>"},
    }


@pytest.mark.parametrize("home", ["https://www.kecamatan.example", "http://kecamatan.example"])
def test_the_same_host_by_another_scheme_or_www_is_the_same_site(home: str) -> None:
    """http to https and to www. are the site's own housekeeping."""
    read = read_pages({f"{BASE}/": f"-> {home}/", **_moved(home)}, SINCE)

    assert read.outcome is Outcome.COMPLETE
    assert len(read.urls) >= 4


def test_a_site_under_a_path_is_read_there_and_only_there() -> None:
    """Articles of its neighbours on the same host are not its own."""
    base = f"{BASE}/kecamatan-bayat"
    pages = _moved(BASE, "/kecamatan-bayat")
    pages[f"{base}/berita"] = pages[f"{base}/berita"].replace(
        "<main>", '<main><a href="/kecamatan-wedi/berita/ikrar-warga-wedi-77">W</a>'
    )
    pages[f"{BASE}/kecamatan-wedi/berita/ikrar-warga-wedi-77"] = SITE["/" + SITE_ARTICLE]
    read = read_pages({**pages, f"{base}/": pages[f"{base}/"]}, SINCE, base)

    assert read.outcome is Outcome.COMPLETE
    assert read.urls
    assert not [url for url in read.urls if "wedi" in url]


SITE_ARTICLE = Paper(PIECES).address(PIECES[0]).lstrip("/")

PARKED = "<html><head><title>kecamatan.example is parked free</title></head><body>Buy</body></html>"
OTHER = "<html><head><title>Kabupaten</title></head><body><h1>Portal</h1></body></html>"


@pytest.mark.parametrize(
    ("pages", "outcome"),
    [
        ({"/": "-> https://kabupaten.example/", "https://kabupaten.example/": OTHER}, Outcome.GONE),
        ({"/": PARKED}, Outcome.UNREADABLE),
        ({"/": "-> https://parkir.example/", "https://parkir.example/": PARKED}, Outcome.UNREADABLE),
        ({"/": "-> https://www.sedoparking.com/x", "https://www.sedoparking.com/x": OTHER}, Outcome.UNREADABLE),
        ({"/": "-> /a", "/a": "-> /b", "/b": "-> /a"}, Outcome.UNREADABLE),
        ({"/": "-> /cgi-sys/suspendedpage.cgi", "/cgi-sys/suspendedpage.cgi": OTHER}, Outcome.UNREADABLE),
    ],
)
def test_another_place_is_not_this_account(pages: dict[str, str], outcome: Outcome) -> None:
    """Another organisation's host is gone, a parked page unreadable: never an observed silence."""
    read = read_pages(pages, SINCE)

    assert (outcome, None, frozenset()) == (read.outcome, read.covers, read.urls)


def test_a_path_that_leads_to_its_host_s_front_page_is_gone() -> None:
    """The registered part of the site was taken down; its neighbours do not stand in for it."""
    read = read_pages({f"{BASE}/kecamatan-bayat/": "-> /", **SITE}, SINCE, f"{BASE}/kecamatan-bayat")

    assert (read.outcome, read.urls) == (Outcome.GONE, frozenset())


def test_an_interface_that_speaks_for_another_site_proves_nothing() -> None:
    """Many sites of one server answer with the main site's posts: they are nobody else's absence."""
    posts = json.dumps([_post(1, "https://kabupaten.example/2024/05/ikrar/")])
    query = list_query(SINCE, NOW, 1)
    pages = {
        "/": OTHER,
        f"/wp-json/wp/v2/posts?{query}": posts,
        "/wp-json/wp/v2/types": '{"post": {"rest_base": "posts"}}',
    }
    read = read_pages(pages, SINCE)

    assert (read.covers, read.urls) == (None, frozenset())
