"""What of an article's page is its own: days that are told, boxes of others, lines that no reading confirms."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crawler.items import Capture
from crawler.readers.article import read_article
from crawler.readers.content import Article

WIB = ZoneInfo("Asia/Jakarta")
NOW = datetime(2024, 5, 2, 5, tzinfo=UTC)
DAY = "<div>Rabu, 24 April 2024 10:00 WIB</div>"
META = '<meta property="article:published_time" content="2024-04-24T10:00:00+07:00">'
PLEDGE = "Kami berjanji menolak tip dan gratifikasi dalam bentuk apa pun."
TEXT = (
    "<p>Camat memimpin apel pagi yang dihadiri seluruh perangkat desa serta warga di halaman kantor kecamatan.</p>"
    "<p>Warga kemudian diajak menolak segala bentuk pemberian kepada petugas, karena seluruh layanan di kecamatan ini "
    "tidak dipungut biaya apa pun dan siapa pun boleh menegur petugas yang masih memintanya.</p>"
)


def _read(
    body: str, head: str = "", age: str = "0", path: str = "/berita/ikrar", before: str = "", sent: str = "",
    at: datetime = NOW,
) -> Article:  # fmt: skip
    page = (
        f"<!doctype html><html><head><title>Ikrar Bersama Warga</title>{head}</head><body>"
        f'<nav><a href="/">Beranda</a></nav>{before}<div class="isi"><h1>Ikrar Bersama Warga</h1>{body}</div>'
        "</body></html>"
    )
    url = f"https://dinas.example{path}"
    headers = (("content-type", "text/html; charset=utf-8"), ("age", age), ("date", sent))
    return read_article(Capture("article", url, url, 200, headers, page.encode(), at), WIB)


@pytest.mark.parametrize(
    "told",
    [
        "<p>Pada hari Selasa, 12 Maret 2024 camat menghadiri rapat evaluasi bersama warga desa.</p>",
        "<ul><li>Hari/Tanggal : Selasa, 12 Maret 2024</li><li>Tempat : Pendapa</li></ul>",
    ],
)
@pytest.mark.parametrize(("head", "foot", "day"), [(META, "", 24), ("", "<div>Diposting: 24 April 2024</div>", 24)])
def test_a_day_that_is_told_dates_no_article(told: str, head: str, foot: str, day: int) -> None:
    """It would put an article of the window before it, and a late one into it."""
    published = _read(told + TEXT + foot, head).published

    assert published is not None
    assert (4, day) == (published.start.astimezone(WIB).month, published.start.astimezone(WIB).day)


def test_a_day_that_is_told_is_no_guess_either() -> None:
    """Where nothing else is stated the article has no date, and absence is claimed of nothing."""
    article = _read(f"<p>Pada hari Selasa, 12 Maret 2024 camat menghadiri rapat evaluasi warga.</p>{TEXT}")

    assert article.published is None


def test_a_relative_day_counts_from_when_the_page_was_made() -> None:
    """A cache that kept it for a day says so by Age."""
    published = _read(f"<span>1 jam yang lalu</span>{TEXT}", age="86400").published

    assert published is not None
    assert published.end <= datetime(2024, 5, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(("sent", "day"), [("Wed, 01 May 2024 05:00:00 GMT", 1), ("Thu, 01 Jan 1970 00:00:00 GMT", 2)])
def test_a_cache_without_age_passes_on_the_date(sent: str, day: int) -> None:
    """A Date of yesterday is when the page was made; one of 1970 is a clock that is wrong."""
    published = _read(f"<span>1 jam yang lalu</span>{TEXT}", sent=sent).published

    assert published is not None
    assert published.end == datetime(2024, 5, day, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "html",
    [
        "<ul><li>Tolak gratifikasi!</li></ul>", f"<button>{PLEDGE}</button>",
        f"<details><summary>{PLEDGE}</summary>Isi</details>",
    ],
)  # fmt: skip
def test_a_short_call_and_a_heading_that_folds_are_not_lost(html: str) -> None:
    """A pledge of three words, the heading of an accordion: read, or the article is not."""
    article = _read(DAY + TEXT + html)

    assert article.unread or "olak" in article.fragment.text.split("\n")[-1]


@pytest.mark.parametrize(
    ("path", "stated"), [("/berita/ikrar", "/berita"), ("/detail?id=5", "/detail"), ("/berita/ikrar", "http://[")]
)
def test_an_address_of_many_pages_is_no_article_s_name(path: str, stated: str) -> None:
    """The list above it, the script without its `?id=`, or nothing at all."""
    article = _read(DAY + TEXT, f'<link rel="canonical" href="{stated}">', path=path)

    assert article.url == f"https://dinas.example{path}"


@pytest.mark.parametrize(
    "html",
    [
        f"<ol><li>{PLEDGE}</li></ol>", f"<center><b>{PLEDGE}</b></center>",
        f"<table><tr><td>{PLEDGE}</td></tr></table>",
        f'<figure><img src="/a.jpg"><figcaption>{PLEDGE}</figcaption></figure>', f"<blockquote>{PLEDGE}</blockquote>",
        f"<details><summary>Ikrar</summary>{PLEDGE}</details>", f"<h3>{PLEDGE}</h3>",
    ],
)  # fmt: skip
def test_a_line_of_the_body_is_read_or_the_article_is_not(html: str) -> None:
    """Extractors leave out lists and captions: the pledge may be that very line."""
    article = _read(DAY + TEXT + html)

    assert PLEDGE in article.fragment.text or article.unread


def test_a_reading_that_begins_elsewhere_is_none() -> None:
    """Where a column of notices is longer than the article, its words are not the article's."""
    notice = "<p>Pengumuman nomor {} tentang jadwal pelayanan kependudukan keliling bagi warga di desa-desa ini.</p>"
    column = "".join(map(notice.format, range(12)))
    article = _read(f'{DAY}</div><div class="row right-sidebar"><div>{TEXT}</div></div><div class="kanan">{column}')

    assert "menolak segala bentuk" in article.fragment.text or article.unread


@pytest.mark.parametrize(
    "html",
    [
        f'<h3>Berita Terkait</h3><div><a href="/b/3"><img src="/up/poster.jpg"><h4>{PLEDGE}</h4></a></div>',
        f'<div class="tanggapan"><p>Budi: {PLEDGE} {PLEDGE}</p><img src="/up/poster.jpg"></div>',
    ],
)
def test_neither_related_articles_nor_comments_are_the_article_s(html: str) -> None:
    """Whatever their boxes are called."""
    article = _read(DAY + TEXT + html)

    assert PLEDGE not in article.fragment.text
    assert not article.fragment.images


@pytest.mark.parametrize(
    "html",
    [
        '<img src="http://[">', '<video src="http://["></video>', '<meta property="og:image" content="http://[">',
        '<script type="application/ld+json">{"@type": 5, "datePublished": "2024-04-24"}</script>',
        '<script type="application/ld+json">{"@type": "Article", "url": "http://[", "datePublished": "x"}</script>',
    ],
)  # fmt: skip
def test_one_broken_address_costs_itself_only(html: str) -> None:
    """Neither the article nor the look at its site."""
    assert "Camat memimpin" in _read(DAY + TEXT + html).fragment.text


def test_the_date_of_another_article_is_no_guess() -> None:
    """An undated article beside "Berita terkini … 24 April 2024" has no date."""
    box = '<div class="terkini"><a href="/b/1">Berita lain yang panjang judulnya</a><span>24 April 2024</span></div>'

    assert _read(TEXT, before=box).published is None


def test_addresses_count_from_the_base_that_the_page_states() -> None:
    """Old PHP sites and Joomla state one."""
    article = _read(f'{TEXT}<img src="up/poster.jpg">', '<base href="https://dinas.example/">')

    assert article.fragment.images == ("https://dinas.example/up/poster.jpg",)


def test_the_site_s_clock_dates_no_article() -> None:
    """Today's day above the article's frame would make an old article new at every look."""
    assert _read(TEXT, before="<div class='hari'>Kamis, 2 Mei 2024</div>").published is None


def test_nor_does_a_clock_that_goes_by_utc() -> None:
    """In the first hours of a day here it shows yesterday."""
    early = datetime(2024, 5, 1, 20, tzinfo=UTC)

    assert _read(TEXT, before="<div class='hari'>Rabu, 1 Mei 2024</div>", at=early).published is None


@pytest.mark.parametrize(
    "html",
    [
        "<div class='galeri'><img src='/up/poster.jpg'></div>",
        "<div class='embed'><iframe src='https://www.instagram.com/p/ABC/embed'></iframe></div>",
    ],
)
def test_what_stands_behind_the_text_is_read_or_the_article_is_not(html: str) -> None:
    """Many sites put the poster below the text, in an element of its own."""
    article = _read(f"{DAY}<div class='teks'>{TEXT}</div>{html}")

    assert article.fragment.images or article.fragment.links or article.unread


@pytest.mark.parametrize("box", ["<aside>{}</aside>", "<div class='social-quote'>{}</div>", "<form>{}</form>"])
def test_what_was_taken_for_a_box_inside_a_known_layout_is_told(box: str) -> None:
    """A pull quote is the article's own; nobody can tell it from a box by its name."""
    wordpress = '<link rel="https://api.w.org/" href="/wp-json/">'
    article = _read(f"{DAY}<div class='entry-content'>{TEXT}{box.format(PLEDGE)}</div>", wordpress)

    assert PLEDGE in article.fragment.text or article.unread
