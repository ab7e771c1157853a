"""Broken, huge and malicious answers -> a named trouble or what is readable, always within bounds."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from listing_sites import NOW, Paper, Piece, read_pages, read_paper

from crawler.errors import Unreadable
from crawler.items import Capture, Outcome
from crawler.readers.article import read_article
from crawler.readers.content import MAX_PAGE_BYTES, parse_html, parse_page, text_of
from crawler.readers.feed import read_feed
from crawler.readers.listing import Reading, doubtful_links, listed_articles
from crawler.readers.sitemap import read_sitemap
from crawler.readers.wordpress import read_posts, read_types

WIB = ZoneInfo("Asia/Jakarta")
URL = "https://dinas.example/berita/satu-dua-tiga-empat"
BODY = (
    "<h1>Ikrar antikorupsi warga</h1><p>Rabu, 24 April 2024 10:15 WIB</p>"
    "<p>Seluruh warga menolak tip untuk petugas pelayanan.</p>"
)
SITE = Paper(tuple(Piece(900 - n, "Ikrar bersama warga", NOW - timedelta(hours=1 + 12 * n)) for n in range(12)))


def _answer(body: bytes | str, kind: str = "text/html") -> Capture:
    raw = body if isinstance(body, bytes) else body.encode()
    return Capture("article", URL, URL, 200, (("content-type", kind),), raw, datetime(2024, 5, 2, tzinfo=UTC))


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    started = time.process_time()
    yield
    assert time.process_time() - started < seconds


@pytest.mark.parametrize(
    "kind", ["text/html; charset=utf-8", "text/html; charset=us-ascii", "text/html; charset=nonsense", ""]
)
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "windows-1252", "utf-16"])
def test_a_wrong_charset_costs_letters_not_the_article(kind: str, encoding: str) -> None:
    """The words of the article are ASCII: they survive whatever the header claims."""
    page = f"<html><body>{BODY.replace('Seluruh', 'é Seluruh')}</body></html>".encode(encoding)
    try:
        article = read_article(_answer(page, kind), WIB)
    except Unreadable:
        assert encoding == "utf-16"  # named, where nothing says that two bytes make a letter
        return

    assert "menolak tip untuk petugas" in article.fragment.text or article.unread


@pytest.mark.parametrize("depth", [300, 1900])
def test_what_stands_deep_is_read(depth: int) -> None:
    """Unclosed tags nest a page hundreds deep; the words at the bottom count like all others."""
    page = "<html><body>" + "<div>" * depth + BODY + "</div>" * depth + "</body></html>"

    assert "menolak tip" in text_of(parse_html(page))


def test_what_stands_too_deep_is_named() -> None:
    """Ten thousand tags: the parser gives up silently, the reader does not."""
    with pytest.raises(Unreadable):
        read_article(_answer("<html><body>" + "<div>" * 10_000 + BODY + "</body></html>"), WIB)


@pytest.mark.parametrize("reader", [parse_page, lambda answer: read_article(answer, WIB)])
def test_a_huge_page_is_unreadable(reader) -> None:
    """Five megabytes are no article and no list."""
    with _within(5), pytest.raises(Unreadable):
        reader(_answer(b"<p>a</p>" * (5_000_000 // 8)))
    assert MAX_PAGE_BYTES < 5_000_000


@pytest.mark.parametrize(
    "page",
    [
        "".join(f'<div class="x"><a href="/tautan/{n}">Judul</a></div>' for n in range(4000)),
        "".join(f'<div class="x"><a href="/berita/satu-dua-tiga-empat-{n}">Judul</a>' for n in range(500)),
        '<div class="terkait">' * 1500 + "kata " * 20_000,
    ],
    ids=["thousands of links", "links within links", "boxes within boxes"],
)
def test_pages_made_to_be_slow_are_read_in_bounded_time(page: str) -> None:
    """Thousands of links, nested or not, cost seconds at most."""
    root = parse_html(f"<html><body>{page}</body></html>")
    reading = Reading("https://dinas.example/berita", datetime(2024, 5, 2, tzinfo=UTC), WIB)

    with _within(40):
        listed_articles(root, reading)
        doubtful_links(root, reading)
        with pytest.raises(Unreadable):
            read_article(_answer(page), WIB)


RSS = '<rss version="2.0"><channel><title>D</title>{}</channel></rss>'
ITEM = (
    "<item><title>Ikrar</title><link>https://dinas.example/{0}</link>"
    "<pubDate>Wed, 24 Apr 2024 07:00:00 +0700</pubDate>{1}</item>"
)
BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))


@pytest.mark.parametrize("blocks", ["<p>Baris nomor satu.</p>", "<li>Butir nomor satu.", "Baris satu.<br>"])
def test_a_page_of_too_many_paragraphs_is_unreadable(blocks: str) -> None:
    """The time of a library's comparison grows with their square: it is named, not waited for."""
    page = f"<html><head><title>Judul berita</title></head><body><h1>Judul berita</h1>{blocks * 6000}</body></html>"
    answer = Capture("article", "https://a.example/x", "https://a.example/x", 200, (), page.encode(), NOW)

    with pytest.raises(Unreadable, match="paragraphs"):
        read_article(answer, ZoneInfo("Asia/Jakarta"))


def test_entities_of_a_feed_are_not_expanded() -> None:
    """A billion laughs stay a kilobyte, and no file of ours is read."""
    doctype = f'<!DOCTYPE rss [<!ENTITY a0 "haha">{BOMB}<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    text = doctype + RSS.format(ITEM.format(1, "<content>&a8;&x;</content>"))
    with _within(10):
        feed = read_feed(_answer(text, "application/rss+xml"), WIB)

    assert "haha" * 10 not in repr(feed)
    assert "root:" not in repr(feed)


@pytest.mark.parametrize(
    "items",
    [
        ITEM.format(1, "") + "<item><title>Tanpa alamat</title></item>",
        ITEM.format(1, "") + "<item><title>Alamat rusak</title><link>http://[</link></item>",
    ],
)
def test_an_entry_that_cannot_be_named_is_counted(items: str) -> None:
    """It may be the one that is sought: the feed says how many there are."""
    assert read_feed(_answer(RSS.format(items), "application/rss+xml"), WIB).unnamed == 1


def test_broken_xml_loses_no_entry_unseen() -> None:
    """Unescaped signs and unclosed tags: every entry is read or counted."""
    items = (
        ITEM.format("1?a=1&b=2", "")
        + ITEM.format(2, "<description><b>tidak ditutup</description>")
        + ITEM.format(3, "&nbsp;")
    )
    feed = read_feed(_answer(RSS.format(items), "application/rss+xml"), WIB)

    assert len(feed.articles) + feed.unnamed >= 3


def test_a_sitemap_that_parses_only_in_part_is_unreadable() -> None:
    """The parser forgives and leaves out; the count of its own tags tells."""
    broken = (
        "<urlset><url><loc>https://a.example/1</loc></url><url><loc>https://a.example/2<loc></url></wrong></urlset>"
    )
    try:
        found = read_sitemap(_answer(broken), WIB)
    except Unreadable:
        return

    assert len(found.entries) == 2


@pytest.mark.parametrize(
    "body", ["[" * 100_000, '{"a":' * 100_000, "[]", "{}", '{"post": 1}', '{"post": {}, "berita": {}}', "null"]
)
def test_hostile_tables_of_types_are_unreadable(body: str) -> None:
    """Nested beyond the stack, of another shape, without addresses: never an empty table."""
    with pytest.raises(Unreadable):
        read_types(_answer(body, "application/json"))


def test_one_post_too_deep_costs_itself_only() -> None:
    """Its text is unread, its neighbours stay."""
    deep, plain = "<div>" * 5000, "<p>Ikrar bersama.</p>"
    posts = [
        {"link": f"{URL}-{n}", "date_gmt": "2024-04-24T01:00:00", "content": {"rendered": text}}
        for n, text in enumerate((deep, plain))
    ]
    first, second = read_posts(_answer(json.dumps(posts), "application/json"), WIB).articles

    assert (bool(first.unread), second.unread) == (True, None)


def test_a_page_cut_off_is_unread_and_a_list_cut_off_proves_nothing() -> None:
    """A compressed answer that broke off arrives as if it were whole: its end is missing."""
    pages = SITE.answers()
    article = SITE.address(SITE.pieces[1])
    cut = {article: pages[article][:-14], "/berita": pages["/berita"][:-14]}
    read = read_paper(SITE, NOW - timedelta(days=2), pages | cut)

    assert read_article(_answer(f"<html><body>{BODY}"), WIB).unread
    assert read.covers is None


@pytest.mark.parametrize("where", ["/", "/berita", "/robots.txt"])
def test_redirects_without_end_end(where: str) -> None:
    """Circles and endless chains are a named trouble after a few questions."""
    pages = {**SITE.answers(), where: f"-> {where}"}
    read = read_pages(pages, NOW - timedelta(days=2))

    assert read.covers is None
    assert read.outcome is not Outcome.COMPLETE
    assert len(read.asked) < 80
