"""Sitemaps, indexes and compressed ones -> addresses with dates."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crawler.errors import Unreadable
from crawler.items import Capture
from crawler.readers.sitemap import is_sitemap, read_sitemap

WIB = ZoneInfo("Asia/Jakarta")
URLS = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://a.example/1</loc><lastmod>2024-04-24T06:30:00+07:00</lastmod></url>
<url><loc>https://a.example/2</loc><news:news><news:publication_date>2024-04-23</news:publication_date></news:news></url>
<url><loc>https://a.example/3</loc></url></urlset>"""


def _answer(body: bytes) -> Capture:
    url = "https://a.example/sitemap.xml"
    return Capture("sitemap", url, url, 200, (), body, datetime(2024, 5, 2, tzinfo=UTC))


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_dates_are_read_where_they_stand(pack):
    """lastmod, a news date, and none; plain or compressed."""
    found = read_sitemap(_answer(pack(URLS.encode())), WIB)

    first, second, third = found.entries
    assert datetime(2024, 4, 23, 23, 30, tzinfo=UTC) == first.changed.start
    assert datetime(2024, 4, 22, 17, 0, tzinfo=UTC) == second.published.start
    assert (third.changed, third.published) == (None, None)


def test_an_index_names_further_files():
    """A sitemap index is told from a sitemap."""
    body = b"<sitemapindex><sitemap><loc>https://a.example/s1.xml</loc></sitemap></sitemapindex>"

    assert read_sitemap(_answer(body), WIB).is_index


def test_a_cut_sitemap_is_unreadable():
    """The parser would forgive the missing end; a proof may not."""
    with pytest.raises(Unreadable):
        read_sitemap(_answer(URLS.encode()[:-40]), WIB)


def test_entities_are_not_expanded():
    """A small file that unfolds to a huge one does not unfold here."""
    bomb = '<!DOCTYPE u [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + URLS.split("?>")[1].replace(
        "https://a.example/1", "&b;"
    )

    with pytest.raises(Unreadable):
        read_sitemap(_answer(bomb.encode()), WIB)


def test_html_is_no_sitemap():
    """A page that answers for every address is not taken for one."""
    assert not is_sitemap(_answer(b"<!doctype html><html></html>"))
