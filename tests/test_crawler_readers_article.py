"""Saved article pages in tests/pages/news -> what must be read from each: one test per folder."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crawler import errors
from crawler.items import Capture
from crawler.readers.article import read_article

CASES = sorted((Path(__file__).parent / "pages" / "news").glob("*/expected.json"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_saved_page_is_read_as_expected(path):
    """Title, instant, words, pictures and links are those of the page's own article."""
    expected = json.loads(path.read_text(encoding="utf-8"))
    zone = ZoneInfo(expected["zone"])
    body = path.with_name("page.html").read_bytes()
    captured_at = datetime.fromisoformat(expected["captured_at"])
    url = expected["url"]
    answer = Capture("article", url, url, 200, (("content-type", "text/html"),), body, captured_at)

    if "trouble" in expected:
        with pytest.raises(getattr(errors, expected["trouble"])):
            read_article(answer, zone)
        return

    article = read_article(answer, zone)
    times = article.published and [article.published.start, article.published.end]
    assert expected["title"] == article.title
    assert (expected["published"] and [*map(datetime.fromisoformat, expected["published"])]) == times
    assert [words for words in expected.get("holds", []) if words not in article.fragment.text] == []
    assert [words for words in expected.get("lacks", []) if words in article.fragment.text] == []
    for name in ("images", "videos", "links"):
        if name in expected:
            assert tuple(expected[name]) == getattr(article.fragment, name)


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_no_status_but_200_is_an_article(status):
    """Whatever a server sends beside an error code is not its article."""
    body = CASES[0].with_name("page.html").read_bytes()
    answer = Capture(
        "article", "https://a.example/b", "https://a.example/b", status, (), body, datetime.now().astimezone()
    )

    with pytest.raises(errors.SourceTrouble):
        read_article(answer, ZoneInfo("Asia/Jakarta"))
