"""Faults of reading that are known and not yet mended; each states the fact that should hold."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crawler.items import Capture
from crawler.readers.article import read_article
from crawler.readers.content import Article

TEXT = (
    "<p>Camat memimpin apel pagi yang dihadiri seluruh perangkat desa serta warga di halaman kantor kecamatan.</p>"
    "<p>Warga kemudian diajak menolak segala bentuk pemberian kepada petugas, karena seluruh layanan di kecamatan ini "
    "tidak dipungut biaya apa pun dan siapa pun boleh menegur petugas yang masih memintanya.</p>"
)


def _read(body: str, head: str = "", before: str = "") -> Article:
    page = (
        f"<!doctype html><html><head><title>Ikrar Bersama Warga</title>{head}</head><body>{before}"
        f'<div class="isi"><h1>Ikrar Bersama Warga</h1>{body}</div></body></html>'
    )
    url = "https://dinas.example/berita/ikrar"
    headers = (("content-type", "text/html; charset=utf-8"),)
    at = datetime(2024, 5, 2, 5, tzinfo=UTC)
    return read_article(Capture("article", url, url, 200, headers, page.encode(), at), ZoneInfo("Asia/Jakarta"))


@pytest.mark.xfail(strict=True, reason="the styles of a page are not reckoned; tabs and sliders hide by the same word")
def test_a_picture_that_nobody_is_shown_is_no_proof() -> None:
    """`display:none` in the element itself: the poster is in the page and before nobody's eyes."""
    assert not _read(f'{TEXT}<div style="display:none"><img src="/up/poster.jpg"></div>').fragment.images


@pytest.mark.xfail(strict=True, reason="only what stands between headline and body is read besides the body")
def test_the_poster_above_the_headline_is_read_or_the_article_is_not() -> None:
    """Custom themes put the leading picture above the title; og:image mostly names it, not always."""
    article = _read(TEXT, before='<div class="featured"><img src="/up/poster.jpg"></div>')

    assert article.fragment.images or article.unread


@pytest.mark.xfail(strict=True, reason="og:image counts without being shown: it is mostly the leading picture")
def test_a_picture_for_sharing_that_the_page_does_not_show_is_no_proof() -> None:
    """A template may name the campaign's poster for every article."""
    assert not _read(TEXT, head='<meta property="og:image" content="/assets/poster-default.jpg">').fragment.images
