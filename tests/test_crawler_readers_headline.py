"""Headlines of custom themes -> the title is the article's and not a section's, its place dates and frames the page."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from test_crawler_readers_beside import LAST, POSTER, TEXT

from crawler.items import Capture
from crawler.readers.article import read_article
from crawler.readers.content import Article

TITLE = "Camat Wedi Pimpin Ikrar Bersama Warga"
NAMED = f'<meta property="og:title" content="{TITLE}">'
SECTION = '<div class="banner"><h1>Berita dan Kegiatan Terkini</h1></div>'
DAY = "<small>Rabu, 24 April 2024 | 08:10 WIB</small>"


def read(body: str, head: str = "<title>Dinas Contoh</title>") -> Article:
    url = "https://dinas.example/berita/camat-wedi-pimpin-ikrar-bersama-warga"
    page = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()
    headers = (("content-type", "text/html; charset=utf-8"),)
    return read_article(
        Capture("article", url, url, 200, headers, page, datetime(2024, 5, 2, 5, tzinfo=UTC)), ZoneInfo("Asia/Jakarta")
    )


@pytest.mark.parametrize(
    "heading",
    [
        f"<h3>{TITLE}</h3>", f'<a href="#"><h2>{TITLE}</h2></a>', f"<h4><font color='red'>{TITLE}</font></h4>",
        f"<h1><small>Berita Desa</small> <b>{TITLE}</b></h1><h3>{TITLE}</h3>",
    ],
)  # fmt: skip
def test_the_heading_that_the_address_names_is_the_title(heading: str) -> None:
    """A section's name, or the site's, would be each article's title, and the campaign's words in the true one lost."""
    article = read(f'{SECTION}<div class="blog_details">{heading}{DAY}{TEXT}</div>')

    assert article.title == TITLE
    assert article.published
    assert article.published.start == datetime(2024, 4, 24, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("heading", [f"<h5>{TITLE}</h5>", f'<div class="judul">{TITLE}</div>', f"<b>{TITLE}</b>"])
def test_a_headline_that_is_no_large_heading_dates_the_page(heading: str) -> None:
    """The title is told in the page's head; the date stands beside whatever says it."""
    article = read(f"<div>{heading}{DAY}{TEXT}</div>", NAMED)

    assert article.published
    assert article.published.start == datetime(2024, 4, 24, 1, 10, tzinfo=UTC)


def test_the_same_title_in_a_list_beside_is_not_the_headline() -> None:
    """The newest articles are listed on their own pages, too, with the dates of others around them."""
    beside = f'<h3><a href="/berita/x">{TITLE}</a></h3><small>Senin, 29 April 2024</small>'
    article = read(f"<div><h3>{TITLE}</h3>{DAY}{TEXT}</div><div>{beside}</div>", NAMED)

    assert article.published
    assert article.published.start == datetime(2024, 4, 24, 1, 10, tzinfo=UTC)


def test_a_subtitle_in_the_headline_is_the_article_s_and_was_not_read() -> None:
    """A pledge in it stands before every visitor's eyes: absence is not claimed."""
    article = read(f"<div><h1><b>{TITLE}</b><br><span>Tolak tip untuk petugas pelayanan</span></h1>{TEXT}</div>", NAMED)

    assert article.title == TITLE
    assert article.unread


def test_what_holds_the_headline_is_no_box() -> None:
    """Bought themes call the column of the article a sidebar; a short post in it was lost whole."""
    body = f'<div class="blog_left_sidebar"><div class="entry-content"><h2>{TITLE}</h2><p>{LAST}</p></div></div>'
    article = read(f'{body}<div class="lain"><p>{"Berita lain yang panjang. " * 30}</p></div>', NAMED)

    assert "menolak segala bentuk pemberian" in article.fragment.text


def test_an_element_of_headline_and_date_alone_is_not_the_body() -> None:
    """A village's theme frames those as <article>; the poster in the body behind it is the article's."""
    framed = f"<article><h1>{TITLE}</h1>{DAY}</article>"
    article = read(f'<div>{framed}<div class="isi"><img src="{POSTER}">{TEXT}</div></div>')

    assert article.fragment.images == (POSTER,)
    assert article.unread is None


def test_another_article_s_headline_in_the_next_cell_is_not_read() -> None:
    """Old pages are tables, and an extractor writes a row as one line: it began as the article does."""
    beside = '<td width="200"><a href="/berita/lain">Tolak tip untuk petugas pelayanan publik di semua kantor</a></td>'
    text = TEXT.replace("<p>", "<br><br>").replace("</p>", "")
    article = read(f"<table><tr><td><h1>{TITLE}</h1></td></tr><tr><td>{text}</td>{beside}</tr></table>", NAMED)

    assert "Tolak tip" not in article.fragment.text
    assert "menolak segala bentuk pemberian" in article.fragment.text


def test_a_short_post_beside_a_long_column_is_read_from_its_own_frame() -> None:
    """All readings agreed on the column; without a word of the post, and without a mark."""
    column = "".join(f"<p>Tolak tip untuk petugas, karena layanan di kantor {n} tidak dipungut.</p>" for n in range(6))
    post = f"<div><h1>{TITLE}</h1><p>Warga kerja bakti membersihkan saluran.</p></div>"
    article = read(f'{post}<div>{column}<img src="/x.jpg"></div>', NAMED)

    assert article.fragment.text == "Warga kerja bakti membersihkan saluran."
    assert not article.fragment.images
    assert article.unread


def test_a_short_post_does_not_take_the_words_of_cards_beside_it() -> None:
    """Another article's teaser is longer than the post: taken for it, the campaign's words would be a false match."""
    cards = "".join(
        f'<div><a href="/berita/lain-{n}">Kabar {n}</a><p>Tolak tip untuk petugas, karena pelayanan yang jujur '
        f"tidak pernah meminta imbalan apa pun kepada warga di kecamatan {n}.</p></div>"
        for n in range(3)
    )
    article = read(
        f'<div class="judul">{TITLE}</div><div class="isi-berita"><p>Warga kerja bakti membersihkan saluran.</p></div>'
        f"<div><h3>Kabar</h3>{cards}</div>",
        NAMED,
    )

    assert "Tolak tip" not in article.fragment.text


@pytest.mark.parametrize("said", ["Dinas Contoh", f"Kabupaten Contoh Bersih - {TITLE}"])
def test_a_page_that_calls_itself_by_the_site_s_name_is_named_by_its_address(said: str) -> None:
    """The site's name stands as the first heading and in the page's head: it was each article's title."""
    site = said.split(" - ")[0]
    article = read(f"<h1>{site}</h1><div><h4>{TITLE}</h4>{DAY}{TEXT}</div>", f"<title>{said}</title>")

    assert article.title == TITLE
    assert article.unread is None


def test_the_longest_heading_that_the_page_s_head_begins_with_is_the_title() -> None:
    """A section may be called by the headline's first words; the others were lost without a mark."""
    page = f"<h1>Camat Wedi Pimpin</h1><div><h2>{TITLE}</h2>{DAY}{TEXT}</div>"
    article = read(page, f"<title>{TITLE} - Dinas</title>")

    assert article.title == TITLE


def test_a_link_to_another_article_named_alike_is_not_the_title() -> None:
    """Addresses leave words out: the sequel's headline in a list fitted better than the article's own."""
    beside = f'<div><h5><a href="/berita/lain">{TITLE}</a></h5></div>'
    article = read(f"<div><h5>{TITLE} Selo</h5>{DAY}{TEXT}</div>{beside}")

    assert article.title == f"{TITLE} Selo"


def test_an_article_ahead_of_the_headline_is_not_read() -> None:
    """Both readings took it for the article's beginning, and its picture for the article's own."""
    other = (
        "<h2>Layanan Vaksinasi Gratis</h2><p>Tolak tip untuk petugas, karena pelayanan yang jujur tidak pernah meminta "
        'imbalan apa pun kepada warga di kecamatan.</p><img src="/vaksin.jpg" width="600" height="400">'
    )
    own = f"<h2>{TITLE}</h2>{DAY}{TEXT}<img src='{POSTER}'>"
    article = read(f'<div class="post">{other}</div><div class="post">{own}</div>')

    assert "Tolak tip" not in article.fragment.text
    assert article.fragment.images == (POSTER,)
    assert article.unread


def test_a_title_said_again_behind_the_body_makes_nothing_another_article_s() -> None:
    """What is read of the page's foot would be all that was left of the article."""
    words = "Warga menilai apel ini sangat berguna bagi seluruh petugas di kecamatan tersebut."
    foot = f"<div><h2>{TITLE}</h2><p>{words}</p></div>"
    article = read(f"<div><div><h2>{TITLE}</h2>{DAY}{TEXT}</div>{foot}</div>")

    assert "menolak segala bentuk pemberian" in article.fragment.text
