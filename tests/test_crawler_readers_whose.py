"""Pictures that stand where themes and editors put them, and cards of other articles between the paragraphs."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crawler.items import Capture
from crawler.readers.article import read_article
from crawler.readers.content import Article
from crawler.readers.inside import read_body

TEXT = (
    "<p>Camat memimpin apel pagi yang dihadiri seluruh perangkat desa serta warga di halaman kantor kecamatan.</p>"
    "<p>Warga kemudian diajak menolak segala bentuk pemberian kepada petugas, karena seluruh layanan di kecamatan ini "
    "tidak dipungut biaya apa pun dan siapa pun boleh menegur petugas yang masih memintanya.</p>"
)
HEAD = "<h1>Ikrar Bersama Warga</h1>"
IMAGE = '<img src="/up/poster.jpg">'
POSTER = "https://dinas.example/up/poster.jpg"
URL = "https://dinas.example/berita/ikrar"


def _read(body: str) -> Article:
    page = f"<!doctype html><html><head><title>Ikrar Bersama Warga</title></head><body>{body}</body></html>"
    headers = (("content-type", "text/html; charset=utf-8"),)
    at = datetime(2024, 5, 2, 5, tzinfo=UTC)
    return read_article(Capture("article", URL, URL, 200, headers, page.encode(), at), ZoneInfo("Asia/Jakarta"))


def test_a_gallery_below_the_article_s_element_is_seen() -> None:
    """Gallery plugins put the pictures of a WordPress article behind `</article>`."""
    words = f'<link rel="https://api.w.org/" href="/wp-json/">{HEAD}<div class="entry-content">{TEXT}</div>'
    article = _read(f'<main><article>{words}</article><div class="foto">{IMAGE}</div></main>')

    assert article.fragment.images or article.unread


def test_a_leading_picture_in_a_header_of_its_own_is_seen() -> None:
    """Themes with a wide picture on top keep it in a `<header>` before `<main>`."""
    article = _read(f'<header class="hero">{IMAGE}</header><main>{HEAD}<div>{TEXT}</div></main>')

    assert article.fragment.images or article.unread


def test_a_picture_in_an_aside_of_the_article_is_seen() -> None:
    """Block editors write an aside for a picture beside the text."""
    article = _read(f"<article>{HEAD}<div>{TEXT}<aside>{IMAGE}</aside></div></article>")

    assert article.fragment.images or article.unread


def test_a_small_preview_that_opens_a_page_is_seen() -> None:
    """Hand-made galleries show 70 pixels and link a page with the large picture."""
    small = '<a href="/foto.php?id=3"><img width="70" height="70" src="/up/poster-70x70.jpg"></a>'
    article = _read(f"<div>{HEAD}<div>{TEXT}{small}</div></div>")

    assert article.fragment.images or article.unread


def test_a_picture_linked_to_another_article_in_the_body_is_not_this_one_s() -> None:
    """Plugins put a card of another article between the paragraphs."""
    card = f'<div class="irp"><a href="/berita/lain">{IMAGE}<span>Warga desa mengikuti senam pagi</span></a></div>'
    article = _read(f"<article>{HEAD}<div>{TEXT}{card}</div></article>")

    assert article.fragment.images == ()
    assert article.unread is None
    assert read_body(f"{TEXT}{card}", URL)[0].images == ()
    assert read_body(f"{TEXT}{card}", URL)[1] is None


@pytest.mark.parametrize(
    "html",
    [
        f'<a href="/berita/ikrar/poster/">{IMAGE}</a>', f'<a href="/?attachment_id=7">{IMAGE}</a>',
        f'<a rel="attachment wp-att-7" href="/poster/">{IMAGE}</a>', f'<a href="/up/poster.jpg">{IMAGE}</a>',
        f'<a href="https://www.instagram.com/p/C1/">{IMAGE}</a>', f'<a href="/">{IMAGE}</a>',
        f'<p>{IMAGE}{"Camat memimpin apel pagi. " * 9}<a href="/berita/lain">Warga desa mengikuti senam</a></p>',
    ],
)  # fmt: skip
def test_a_poster_that_leads_to_its_own_page_or_off_the_site_counts(html: str) -> None:
    """Attachment's page, larger file, official post; or a paragraph of the text that links another article."""
    assert _read(f"<article>{HEAD}<div>{TEXT}{html}</div></article>").fragment.images == (POSTER,)
    assert read_body(f"{TEXT}{html}", URL) == (read_body(f"{TEXT}{html}", URL)[0], None)


@pytest.mark.parametrize(
    "html",
    [
        f'<a href="/galeri/3">{IMAGE}</a>', f'<a href="/berita/lain">{IMAGE}</a>',
        f'<p>{IMAGE}<br><a href="/berita/lain">Baca juga: Warga desa senam</a></p>',
        f'<p><a href="/galeri/ikrar">{IMAGE}</a> <a href="/galeri/ikrar">Foto ikrar bersama warga kecamatan</a></p>',
    ],
)  # fmt: skip
def test_a_linked_picture_without_another_article_s_headline_is_open(html: str) -> None:
    """A gallery's page or the campaign's: the picture is shown here, and no headline says that it is another's."""
    article = _read(f"<article>{HEAD}<div>{TEXT}{html}</div></article>")

    assert article.fragment.images == ()
    assert [one.url for one in article.beside.linked] == [POSTER]
    assert article.unread
    assert read_body(f"{TEXT}{html}", URL)[1]


def test_a_picture_shown_alone_and_in_a_card_is_the_article_s_own() -> None:
    """Another article about the same poster takes nothing from this one."""
    card = '<div><a href="/berita/lain"><img src="/up/poster-150x150.jpg"><b>Warga mengikuti senam pagi</b></a></div>'
    article = _read(f"<article>{HEAD}<div>{TEXT}<p>{IMAGE}</p>{card}</div></article>")

    assert (article.fragment.images, article.unread) == ((POSTER,), None)


@pytest.mark.parametrize(
    "small",
    [
        '<a href="https://s.example/sharer?u=1"><img width="60" height="60" src="/up/bagi.png"></a>',
        '<a href="/cetak/3"><img width="48" height="48" src="/img/print-hitam.png"></a>',
        '<a href="/berita/lain"><img width="70" height="70" src="/up/l.jpg"> Warga desa mengikuti senam pagi</a>',
    ],
)
def test_buttons_and_cards_of_small_pictures_cast_no_doubt(small: str) -> None:
    """They lead off the site, print the page, or stand beside another article's headline."""
    assert _read(f"<div>{HEAD}<div>{TEXT}<div>{small}</div></div></div>").unread is None


def test_a_picture_in_a_box_of_other_articles_casts_no_doubt() -> None:
    """A box that says what it is stays out, whatever it shows in the frame of the headline."""
    box = f'<aside class="sidebar">{IMAGE}</aside><div class="related"><a href="/berita/lain">{IMAGE}</a></div>'
    article = _read(f"<main>{HEAD}<div>{TEXT}</div>{box}</main>")

    assert (article.fragment.images, article.unread) == ((), None)


CODE = "https://www.instagram.com/p/C6abcDEfg12/"
EMBEDS = [
    f'<blockquote data-instgrm-permalink="{CODE}"></blockquote>', f'<iframe src="{CODE}embed"></iframe>',
    '<iframe data-src="https://www.youtube.com/embed/dQw4w9WgXcQ"></iframe>', '<video src="/up/ikrar.mp4"></video>',
]  # fmt: skip
PLACES = [
    "<article>{head}<div>{text}<aside>{one}</aside></div></article>",
    "<article>{head}<div>{text}<form>{one}</form></div></article>",
    '{wp}<main><article>{head}<div class="entry-content">{text}</div><div>{one}</div></article></main>',
    '{wp}<main><article><div>{one}</div>{head}<div class="entry-content">{text}</div></article></main>',
    '{wp}<main><article>{head}<div class="entry-content">{text}</div></article><div>{one}</div></main>',
]
WORDPRESS = '<link rel="https://api.w.org/" href="/wp-json/">'


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("one", [*EMBEDS, IMAGE])
def test_what_a_theme_puts_outside_of_the_body_is_not_lost_and_not_counted(place: str, one: str) -> None:
    """An embed of the official post is a match; the page does not tell whether it stands on all pages of the site."""
    article = _read(place.format(wp=WORDPRESS, head=HEAD, text=TEXT, one=one))

    assert article.unread
    assert (article.fragment.images, article.fragment.videos, article.fragment.links) == ((), (), ())


@pytest.mark.parametrize("where", ['<p class="sidebar">{}</p>', "<footer>{}</footer>", '<p class="related">{}</p>'])
def test_boxes_and_links_of_the_site_cast_no_doubt(where: str) -> None:
    """What names itself a column of the site, links to its channels, maps and counters."""
    site = f'<a href="{CODE}">Ikuti</a><iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ"></iframe>{IMAGE}'
    far = '<a href="https://www.instagram.com/dinas/">IG</a><iframe src="https://www.google.com/maps/embed?pb=1">'
    text = f'<div class="k">{HEAD}<div>{TEXT}</div></div>'
    article = _read(f'<div class="w">{text}{where.format(site)}</div><p>{far}</iframe></p>')

    assert article.unread is None


@pytest.mark.parametrize(
    ("aside", "is_lost"),
    [
        ("<p>Kami siap menolak gratifikasi mulai dari diri kita</p>", True),
        ("<p>Warga kemudian diajak menolak segala bentuk pemberian</p>", False),
        ('<p>Baca juga: <a href="/berita/lain">Warga desa mengikuti senam pagi</a></p>', False),
    ],
)
def test_a_line_in_an_aside_between_the_paragraphs_is_not_lost(aside: str, is_lost: bool) -> None:
    """A pledge set apart from the text; what repeats the text or links another article is nothing new."""
    article = _read(f"<article>{HEAD}<div>{TEXT}<aside>{aside}</aside></div></article>")

    assert bool(article.unread) is is_lost
