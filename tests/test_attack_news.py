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


@pytest.mark.xfail(strict=True, reason="htmldate guesses over the whole page, other articles' boxes included")
def test_the_date_of_another_article_is_no_guess() -> None:
    """An undated article beside "Berita terkini … 24 April 2024" has no date."""
    box = '<div class="terkini"><a href="/b/1">Berita lain yang panjang judulnya</a><span>24 April 2024</span></div>'

    assert _read(TEXT, before=box).published is None


@pytest.mark.xfail(strict=True, reason="<base href> is not read: addresses lead nowhere, the picture stays unseen")
def test_addresses_count_from_the_base_that_the_page_states() -> None:
    """Old PHP sites and Joomla state one."""
    article = _read(f'{TEXT}<img src="up/poster.jpg">', '<base href="https://dinas.example/">')

    assert article.fragment.images == ("https://dinas.example/up/poster.jpg",)


@pytest.mark.xfail(strict=True, reason="the styles of a page are not reckoned; tabs and sliders hide by the same word")
def test_a_picture_that_nobody_is_shown_is_no_proof() -> None:
    """`display:none` in the element itself: the poster is in the page and before nobody's eyes."""
    assert not _read(f'{TEXT}<div style="display:none"><img src="/up/poster.jpg"></div>').fragment.images
