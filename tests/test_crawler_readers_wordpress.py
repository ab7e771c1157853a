"""REST answers of WordPress -> articles; a broken one is never an empty list."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crawler.errors import Unreadable
from crawler.items import Capture
from crawler.readers.wordpress import list_query, read_posts, speaks_rest

WIB = ZoneInfo("Asia/Jakarta")
URL = "https://dinas.example/wp-json/wp/v2/posts"
POST = {
    "id": 7, "date": "2024-04-24T06:30:00", "date_gmt": "2024-04-23T23:30:00",
    "link": "https://dinas.example/2024/04/apel/",
    "title": {"rendered": "Apel &#8211; Tolak Tip"},
    "content": {"rendered": "<p>Isi <b>apel</b> pagi.</p><p>Kedua.</p>", "protected": False},
    "_embedded": {"wp:featuredmedia": [{"source_url": "https://dinas.example/a.jpg"}]},
}  # fmt: skip


def _answer(body: object, kind: str = "application/json", **headers: str) -> Capture:
    text = body if isinstance(body, str) else json.dumps(body)
    pairs = (("content-type", kind), *((name.replace("_", "-"), value) for name, value in headers.items()))
    return Capture("wordpress", URL, URL, 200, pairs, text.encode(), datetime(2024, 5, 2, tzinfo=UTC))


def test_the_instant_is_date_gmt():
    """06:30 WIB on the 24th is the 23rd in UTC."""
    page = read_posts(_answer([POST], X_WP_Total="1", X_WP_TotalPages="1"), WIB)

    [article] = page.articles
    assert (page.total, page.pages) == (1, 1)
    assert datetime(2024, 4, 23, 23, 30, tzinfo=UTC) == article.published.start
    assert (article.title, article.fragment.text) == ("Apel – Tolak Tip", "Isi apel pagi.\nKedua.")
    assert article.fragment.images == ("https://dinas.example/a.jpg",)


def test_a_draft_like_gmt_falls_back_to_the_site_clock():
    """Some imports leave date_gmt at zero; then `date` in the site's zone is what there is."""
    page = read_posts(_answer([{**POST, "date_gmt": "0000-00-00T00:00:00"}]), WIB)

    assert datetime(2024, 4, 23, 23, 30, tzinfo=UTC) == page.articles[0].published.start
    assert page.total is None


def test_a_closed_post_is_unread():
    """A password hides the content; the post itself stays known."""
    page = read_posts(_answer([{**POST, "content": {"rendered": "", "protected": True}}]), WIB)

    assert page.articles[0].unread


@pytest.mark.parametrize("body", ['[{"id": 7, "lin', '{"code": "rest_no_route"}', '[{"id": 7}]', "[1]"])
def test_what_is_no_list_of_posts_is_unreadable(body):
    """Cut off, an error object, things without an address: none is an empty list."""
    with pytest.raises(Unreadable):
        read_posts(_answer(body), WIB)


@pytest.mark.parametrize(("body", "kind"), [("<html>", "text/html"), ("", "application/json")])
def test_html_and_nothing_are_not_rest(body, kind):
    """Then the site is read in another way."""
    assert not speaks_rest(_answer(body, kind))


def test_the_asked_time_is_a_day_wider():
    """after and before compare local time, up to nine hours from UTC."""
    query = list_query(datetime(2024, 4, 24, tzinfo=UTC), datetime(2024, 4, 26, tzinfo=UTC), 2)

    assert "after=2024-04-23T00:00:00&before=2024-04-27T00:00:00&per_page=100&page=2" in query
