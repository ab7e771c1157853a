"""Articles that a site splits over pages: found as such, read whole, or said not to be whole."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from crawler.discovery.continued import MAX_PAGES, with_rest
from crawler.errors import Blocked, Unreadable
from crawler.readers.content import Article, Fragment, parse_html
from crawler.readers.continued import rest_of

URL = "https://media.example/berita/2024/04/24/tolak-tip"


def _rest(links: str, url: str = URL) -> tuple[str, ...]:
    return rest_of(parse_html(f"<html><body><h1>Tolak tip</h1><p>Isi.</p>{links}</body></html>"), url)


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ('<a href="?page=2">2</a><a href="?page=all">Tampilkan semua</a>', [f"{URL}?page=all"]),
        ('<a href="?page=3">3</a> <a href="?page=2">2</a>', [f"{URL}?page=2", f"{URL}?page=3"]),
        ('<a href="?page=2">Selanjutnya »</a>', [f"{URL}?page=2"]),
        ('<a href="/berita/2024/04/24/tolak-tip/2/">Halaman 2</a>', [f"{URL}/2/"]),
        (f'<link rel="next" href="{URL}?halaman=2">', [f"{URL}?halaman=2"]),
    ],
)
def test_further_pages_are_found(links, expected):
    """By their number in query or path, or as the page with all of it."""
    assert expected == list(_rest(links))


@pytest.mark.parametrize(
    "links",
    [
        "",
        '<a href="/berita/2024/04/25/berita-lain">2</a>',
        '<a href="/berita?page=2">2</a>',
        '<a href="https://lain.example/berita/2024/04/24/tolak-tip?page=2">2</a>',
        '<a href="?page=2#comments">2</a>',
        '<a href="?page=1">1</a>',
        '<a href="?replytocom=12">Balas</a>',
        '<a href="?page=2">Bupati melantik dua belas pejabat baru di pendopo</a>',
        '<a href="/berita/2024/04/24/tolak-tip/2024/">2024</a>',
        '<a href="http://[">2</a>',
    ],
)
def test_other_links_are_none(links):
    """Other articles, lists, comments, the first page itself."""
    assert _rest(links) == ()


def test_from_the_second_page_only_onward():
    """Its pager names the first ones, too."""
    pager = '<a href="?page=1">1</a><a href="?page=2">2</a><a href="?page=3">3</a>'

    assert (f"{URL}?page=3",) == _rest(pager, f"{URL}?page=2")


def _read(pages: dict[str, Article]) -> Article:
    async def read(url: str) -> Article:
        if url not in pages:
            raise Unreadable("HTTP 404")
        return pages[url]

    return asyncio.run(with_rest(pages[URL], read))


def _page(text: str, *rest: str, unread: str | None = None, image: str = "") -> Article:
    return Article(URL, "Tolak tip", None, Fragment(text, images=(image or f"{text}.jpg",)), unread, None, rest)


def test_all_pages_make_one_article():
    """Each page names the next; the line they share is said once."""
    pages = {URL: _page("satu\nsama", "/2"), "/2": _page("dua\nsama", "/3"), "/3": _page("tiga", "/2")}

    found = _read(pages)

    assert found.fragment.text == "satu\nsama\ndua\ntiga"
    assert len(found.fragment.images) == 3
    assert found.unread is None


def test_a_page_that_is_not_to_be_had_makes_it_unread():
    """What was found stays; nothing may be concluded from what is not there."""
    found = _read({URL: _page("satu", "/2"), "/2": _page("dua", "/3")})

    assert found.fragment.text == "satu\ndua"
    assert found.unread == "unreadable: HTTP 404 (/3)"


def test_a_page_that_is_refused_says_so():
    """Forbidden by robots.txt is another cause than broken."""

    async def refuse(url: str) -> Article:
        raise Blocked("forbidden by robots.txt")

    assert asyncio.run(with_rest(_page("satu", "/2"), refuse)).unread == "blocked: forbidden by robots.txt (/2)"


def test_a_site_that_has_stopped_is_not_asked_on():
    """Its refusal is no longer the article's affair."""

    async def refuse(url: str) -> Article:
        raise Blocked("HTTP 429")

    with pytest.raises(Blocked, match="429"):
        asyncio.run(with_rest(_page("satu", "/2"), refuse, lambda: True))


def test_a_gallery_with_one_caption_is_read_to_its_end():
    """The words are the same on each page, the picture is not: the poster may be the last."""
    pages = {URL: _page("foto", "/2", image="1"), "/2": _page("foto", "/3", image="2"), "/3": _page("foto", image="3")}

    assert _read(pages).fragment.images == ("1", "2", "3")


def test_a_doubtful_page_makes_the_whole_doubtful():
    """Wherever it stands."""
    pages = {URL: _page("satu", "/2"), "/2": _page("dua", unread="unreadable: readings of the body differ")}

    assert _read(pages).unread == "unreadable: readings of the body differ"


def test_a_pager_of_comments_costs_one_question():
    """The same article stands on each of its pages."""
    rest = tuple(f"/{n}" for n in range(2, 9))
    asked = []

    async def read(url: str) -> Article:
        asked.append(url)
        return _page("satu", *rest)

    assert asyncio.run(with_rest(_page("satu", *rest), read)).unread is None
    assert asked == ["/2"]


def test_pages_without_end_are_ended():
    """Ten are read, then it is said."""
    pages = {URL: _page("0", "/1")} | {f"/{n}": _page(str(n), f"/{n + 1}") for n in range(1, 99)}

    found = _read(pages)

    assert len(found.fragment.images) == MAX_PAGES + 1
    assert found.unread is not None


def test_an_article_of_one_page_is_left_as_it_is():
    """Nothing is asked."""
    one = replace(_page("satu"), unread="unreadable: page cut off")

    assert _read({URL: one}) == one
