"""Feeds as local sites write them -> entries in order with the right instants."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from crawler.items import Capture
from crawler.readers.content import parse_html
from crawler.readers.feed import feed_links, is_feed, read_feed

WIB = ZoneInfo("Asia/Jakarta")
NOW = datetime(2024, 5, 2, tzinfo=UTC)


def _answer(body: str) -> Capture:
    url = "https://dinas.example/feed/"
    return Capture("feed", url, url, 200, (("content-type", "application/rss+xml"),), body.encode(), NOW)


def _rss(*dates: str, head: str = "") -> str:
    items = "".join(
        f"<item><title>Judul {n}</title><link>https://dinas.example/{n}?utm_source=rss</link><pubDate>{date}</pubDate></item>"
        for n, date in enumerate(dates)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>D</title>{head}{items}</channel></rss>'


def test_wib_in_a_feed_is_not_utc():
    """The zone that feedparser ignores is seven hours; Indonesian days and months are known."""
    feed = read_feed(_answer(_rss("Wed, 24 Apr 2024 07:00:00 WIB", "Kam, 01 Agt 2023 07:00 WIB")), WIB)

    first, second = feed.articles
    assert datetime(2024, 4, 24, 0, 0, tzinfo=UTC) == first.published.start
    assert second.published is None  # 1 August 2023 was a Tuesday
    assert first.url == "https://dinas.example/0"


def test_a_cut_feed_is_known_by_its_missing_end():
    """What stands before the cut is kept, the entry in which it broke off is not."""
    whole = _rss("Wed, 24 Apr 2024 07:00:00 +0700", "Tue, 23 Apr 2024 07:00:00 +0700")
    feed = read_feed(_answer(whole[: whole.index("</item></channel>")]), WIB)

    assert (feed.is_cut_off, len(feed.articles)) == (True, 1)


def test_a_web_page_is_no_feed():
    """HTTP 200 with HTML where a feed was asked is another answer."""
    assert not is_feed(_answer("<!doctype html><html><body>Halo</body></html>"))


def test_the_feed_of_comments_is_not_the_site():
    """Of the feeds a page names, that of comments is left out."""
    root = parse_html(
        '<link rel="alternate" type="application/rss+xml" title="D &raquo; Feed" href="/feed/">'
        '<link rel="alternate" type="application/rss+xml" title="Umpan Komentar" href="/comments/feed/">'
    )

    assert feed_links(root, "https://dinas.example/") == ["https://dinas.example/feed/"]


def test_only_a_generated_feed_speaks_for_now():
    """A feed built just now is live; one without any such sign may be a forgotten file."""
    date = "Wed, 24 Apr 2024 07:00:00 +0700"
    live = _rss(date, head="<lastBuildDate>Thu, 02 May 2024 00:00:00 +0000</lastBuildDate>")

    assert (
        read_feed(_answer(live), WIB).is_generated,
        read_feed(_answer(_rss(date)), WIB).is_generated,
    ) == (True, False)
