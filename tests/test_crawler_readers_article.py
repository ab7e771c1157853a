"""Saved article pages in tests/pages/news -> what must be read from each: one test per folder."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crawler import errors
from crawler.dates import Confidence
from crawler.items import Capture
from crawler.readers.answers import disguised_refusal
from crawler.readers.article import is_stand_in, read_article
from crawler.readers.content import Article

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


_FIELD = '<form><input type="password" name="pin"></form>'


@pytest.mark.parametrize(
    ("title", "is_refused"),
    [
        ("404 Warga Wedi Ikuti Pasar Murah", False), ("Nelayan Hilang Tidak Ditemukan di Pantai Selatan", False),
        ("Siswa Mulai Masuk Sekolah Hari Ini - Desa Contoh", False), ("Jalan Masuk Desa Diperbaiki Warga", False),
        ("Dinas Contoh - 404", True), ("Halaman tidak dapat ditemukan", True), ("404 Not Found", True),
        ("Masuk - Desa Contoh", True), ("Halaman Login Admin", True),
    ],
)  # fmt: skip
def test_a_headline_is_no_refusal_for_a_word_in_it(title: str, is_refused: bool) -> None:
    """Taken for a page that is gone or asks for a login, such an article would not be read."""
    page = f"<html><head><title>{title}</title></head><body>{_FIELD}</body></html>".encode()
    url = "https://desa.example/artikel/12"
    answer = Capture("article", url, url, 200, (("content-type", "text/html"),), page, datetime.now().astimezone())

    assert bool(disguised_refusal(answer)) is is_refused


def _dated(linked: str, shown: str, meta: str = "") -> Article:
    """A page whose JSON-LD, visible line and meta elements say these."""
    page = (CASES[0].parent.parent / "dates-a-week-apart" / "page.html").read_text("utf-8")
    page = page.replace("2024-04-24T10:15:00+07:00", linked).replace("Rabu, 1 Mei 2024 | 08.30 WIB", shown)
    page = page.replace("</head>", f"{meta}</head>")
    captured_at = datetime(2024, 5, 2, 9, tzinfo=ZoneInfo("Asia/Jakarta"))
    url = "https://dinas.example.go.id/tolak-tip"
    answer = Capture("article", url, url, 200, (("content-type", "text/html"),), page.encode(), captured_at)
    return read_article(answer, ZoneInfo("Asia/Jakarta"))


@pytest.mark.parametrize(
    ("linked", "shown"),
    [
        ("2024-04-24T10:15:00+07:00", "Rabu, 24 April 2024 | 10.15 WIB"),
        ("2024-04-24T03:15:00Z", "Rabu, 24 April 2024"),
        ("2024-04-23T18:15:00Z", "Rabu, 24 April 2024 01.15 WIB"),
        ("2024-04-24", "Rabu, 24 April 2024 | 10.15 WIB"),
    ],
)
def test_statements_that_can_be_true_together_are_no_conflict(linked, shown):
    """Another zone, a day where the other names the minute: nothing is widened."""
    article = _dated(linked, shown)

    assert article.conflict is None
    assert article.published.start == article.published.end or linked.endswith("Z")


def test_another_minute_is_named_and_the_surer_one_taken():
    """Half an hour apart both lie in the same day: the structured one stands, the other is kept beside it."""
    article = _dated("2024-04-24T10:15:00+07:00", "Rabu, 24 April 2024 | 10.45 WIB")

    assert article.conflict == "json-ld 2024-04-24 10:15; visible 2024-04-24 10:45"
    assert article.published.start == article.published.end


def test_another_day_is_named_and_neither_is_believed_alone():
    """A post of the 24th that shows the 1st may be either: the span holds both."""
    article = _dated("2024-04-24T10:15:00+07:00", "Rabu, 1 Mei 2024 | 08.30 WIB")

    assert article.conflict == "json-ld 2024-04-24 10:15; visible 2024-05-01 08:30"
    assert (article.published.end - article.published.start).days == 6
    assert article.published.confidence is Confidence.LOW


@pytest.mark.parametrize(
    ("created", "published", "expected"),
    [
        ("2024-04-24 T10:15:01Z", "2024-04-24 T10:45:20Z", "10:45"),
        ("2024-04-24T10:15:01+07:00", "2024-04-24T10:45:20+07:00", "10:45"),
        ("2024-04-24 T10:15:01Z", "2024-04-24 T10:15:01Z", "10:15"),
        ("2024-04-24 T09:50:00Z", "2024-04-24 T10:45:20Z", "10:15"),
        ("", "2024-04-24 T10:45:20Z", "10:15"),
        ("2024-04-24 T10:15:01Z", "2024-04-26 T08:00:00Z", "10:15"),
    ],
)
def test_what_a_page_calls_its_creation_is_not_its_publication(created, published, expected):
    """Where the line shown is its `dateCreated`, its `datePublished` of that day goes first; not otherwise."""
    meta = f'<meta itemprop="dateCreated" content="{created}"><meta itemprop="datePublished" content="{published}">'
    article = _dated("", "Rabu, 24 April 2024 | 10.15 WIB", meta)

    assert f"{article.published.start.astimezone(ZoneInfo('Asia/Jakarta')):%H:%M}" == expected


@pytest.mark.parametrize(
    ("head", "text", "address", "expected"),
    [
        ("Selamat datang", "Situs resmi.", "/2026/11/apel-pagi-pegawai/", True),
        ("Apel Pagi", "Seluruh pegawai hadir.", "/2026/11/apel-pagi-pegawai/", False),
        ("Selamat datang", "Situs resmi.", "/berita.php?id=17", False),
        ("Selamat datang", "Selasa, 24 November 2026 pukul 08.00 WIB", "/2026/11/apel-pagi-pegawai/", False),
    ],
)
def test_another_page_in_an_articles_place_is_told_by_its_address(head, text, address, expected):
    """HTTP 200 with a welcome page is no article that lacks the material; an article of few words is one."""
    url = f"https://dinkes.example{address}"
    body = f"<html><head><title>{head}</title></head><body><h1>{head}</h1><p>{text}</p></body></html>".encode()
    at = datetime(2026, 11, 25, tzinfo=UTC)
    answer = Capture("article", url, url, 200, (("content-type", "text/html"),), body, at)

    assert is_stand_in(read_article(answer, ZoneInfo("Asia/Jakarta")), answer, url) is expected


TEXT = "<p>Camat membacakan ikrar bersama warga desa di halaman kantor kecamatan, lalu semua menandatanganinya.</p>"
CHANGED = "2024-04-24T10:15:00+07:00"


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("", "<div>Diperbarui: 24 April 2024 10.15 WIB</div>"), ("", "<div>Tanggal kegiatan: 24 April 2024</div>"),
        ("", "<div>Rabu, 24 April 2024, 08.00 - selesai</div>"),
        (f'<meta property="article:modified_time" content="{CHANGED}">', ""),
        ('<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ikrar Warga","dateModified":"' + CHANGED
         + '"}</script>', ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("published", ["", "<div>Terbit: 20 April 2024</div>"])
def test_the_day_of_a_change_or_an_event_is_not_guessed_to_be_that_of_publication(head, line, published):
    """The article came out on it or at any time before: an instant of it would make late what was in time."""
    body = f"<article><h1>Ikrar Warga</h1>{line}{published}{TEXT}</article>"
    page = f"<html><head><title>Ikrar Warga</title>{head}</head><body>{body}</body>"
    url = "https://dinas.example/berita/ikrar-warga"
    at = datetime(2024, 5, 2, tzinfo=UTC)
    answer = Capture("article", url, url, 200, (("content-type", "text/html"),), f"{page}</html>".encode(), at)
    found = read_article(answer, ZoneInfo("Asia/Jakarta")).published

    assert (found and found.start.astimezone(ZoneInfo("Asia/Jakarta")).day) == (20 if published else None)
