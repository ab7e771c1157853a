"""Pictures that a page alone does not tell apart: above the headline, named for sharing, hidden, ornaments."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Capture
from crawler.readers.article import read_article
from crawler.readers.content import Article
from crawler.readers.inside import read_body
from crawler.readers.pictures import place_of, stem_of

TEXT = (
    "<p>Camat memimpin apel pagi yang dihadiri seluruh perangkat desa serta warga di halaman kantor kecamatan.</p>"
    "<p>Warga kemudian diajak menolak segala bentuk pemberian kepada petugas, karena seluruh layanan di kecamatan ini "
    "tidak dipungut biaya apa pun dan siapa pun boleh menegur petugas yang masih memintanya.</p>"
)
POSTER = "https://dinas.example/up/poster.jpg"
NAMED = f'<meta property="og:image" content="{POSTER}">'
IMAGE = '<img src="/up/poster.jpg">'


def _read(body: str, head: str = "", before: str = "") -> Article:
    page = (
        f"<!doctype html><html><head><title>Ikrar Bersama Warga</title>{head}</head><body>{before}"
        f'<div class="isi"><h1>Ikrar Bersama Warga</h1>{body}</div></body></html>'
    )
    url = "https://dinas.example/berita/ikrar"
    headers = (("content-type", "text/html; charset=utf-8"),)
    at = datetime(2024, 5, 2, 5, tzinfo=UTC)
    return read_article(Capture("article", url, url, 200, headers, page.encode(), at), ZoneInfo("Asia/Jakarta"))


@pytest.mark.parametrize(
    "html",
    [
        f'<div style="display:none">{IMAGE}</div>', f"<div hidden>{IMAGE}</div>", f"<template>{IMAGE}</template>",
        f"<noscript>{IMAGE}</noscript>", f'<p style="color:red; visibility: hidden">{IMAGE}</p>',
        '<div style="display:none;background-image:url(/up/poster.jpg)"></div>',
    ],
)  # fmt: skip
def test_a_picture_that_nobody_is_shown_is_no_proof(html: str) -> None:
    """It is in the page and before nobody's eyes; or a slide that comes in turn, so absence is not claimed either."""
    article = _read(TEXT + html)

    assert not article.fragment.images
    assert article.unread
    assert read_body(TEXT + html, POSTER)[0].images == ()
    assert read_body(TEXT + html, POSTER)[1]


@pytest.mark.parametrize(
    "html",
    [
        '<img class="lazy" data-src="/up/poster.jpg"><noscript><img src="/up/poster.jpg"></noscript>',
        '<img src="data:image/gif;base64,R0" class="x"><noscript><img src="/up/poster.jpg"></noscript>',
        f'{IMAGE}<div style="display:none"><img src="/up/poster-300x200.jpg"></div>',
        '<img width="1" height="1" data-src="/up/poster.jpg">',
    ],
)
def test_a_picture_and_its_twin_are_one(html: str) -> None:
    """Lazy loading repeats it for those without scripts, sharing for other programs."""
    article = _read(TEXT + html)

    assert article.fragment.images == (POSTER,)
    assert article.unread is None


def test_a_page_that_waits_for_its_styles_is_shown() -> None:
    """What hides the whole article is taken away by the page itself."""
    page = f'<div style="display:none"><div class="isi"><h1>Ikrar Bersama Warga</h1>{TEXT}{IMAGE}</div></div>'

    assert _read("", before=page).fragment.images == (POSTER,)


def test_the_poster_above_the_headline_is_read_or_the_article_is_not() -> None:
    """Alone, the page does not tell whether it is the article's leading picture or a banner of the site."""
    article = _read(TEXT, before=f'<div class="featured">{IMAGE}</div>')

    assert article.beside.shown == (POSTER,)
    assert not article.fragment.images
    assert article.unread


@pytest.mark.parametrize(
    "before",
    [
        f'<header><a href="/">{IMAGE}</a></header>', f"<nav>{IMAGE}</nav>", f'<nav><a href="/lapor">{IMAGE}</a></nav>',
        '<div><img src="/up/poster.jpg" width="30" height="30"></div>', '<img src="/themes/kita/img/atas.jpg">',
    ],
)  # fmt: skip
def test_menus_buttons_and_the_theme_are_no_leading_picture(before: str) -> None:
    """They stand on every page; taken for doubtful, no site could ever be observed."""
    article = _read(TEXT, before=before)

    assert article.unread is None
    assert not article.fragment.images


def test_a_picture_for_sharing_that_the_page_does_not_show_is_no_proof() -> None:
    """A template may name the campaign's poster for every article; or a script show it, so absence is not claimed."""
    article = _read(TEXT, NAMED)

    assert not article.fragment.images
    assert article.unread


@pytest.mark.parametrize(
    "url",
    [
        "/up/poster-1024x768.jpg", "/up/poster-scaled.jpg?x=1", "https://i0.wp.com/dinas.example/up/poster.jpg?w=640",
        "/_next/image?url=%2Fup%2Fposter.jpg&w=640",
    ],
)  # fmt: skip
def test_a_picture_for_sharing_is_known_again_in_another_size(url: str) -> None:
    """What counts is the file that the page shows, wherever it stands."""
    [found] = _read(TEXT, NAMED, before=f'<div class="featured"><img src="{url}"></div>').fragment.images

    assert found.endswith(url)
    assert _read(f'{TEXT}<img src="{url}">', NAMED).unread is None


@pytest.mark.parametrize(
    "html",
    [
        '<img src="/up/ikrar.svg">', '<img class="icon" src="/up/poster.jpg">', '<img src="/up/logo.png">',
        '<img width="60" height="60" src="/up/poster.jpg">', '<div style="background:url(/up/ikrar.svg)"></div>',
    ],
)  # fmt: skip
def test_an_ornament_in_the_body_counts_for_nothing_and_is_not_lost(html: str) -> None:
    """The campaign's logo may be what is sought."""
    article = _read(TEXT + html)

    assert not article.fragment.images
    assert article.unread


@pytest.mark.parametrize(
    "html",
    [
        '<img class="wp-smiley" src="https://s.example/emoji/72x72/1f600.png">', '<img src="/avatar/budi.jpg">',
        '<a href="https://www.facebook.com/sharer?u=x"><img class="icon" src="/up/fb.svg"></a>',
        '<img width="1" height="1" src="https://hitung.example/p.gif">',
    ],
)  # fmt: skip
def test_signs_of_the_page_cast_no_doubt(html: str) -> None:
    """Smileys, avatars, buttons and counters are nobody's statement."""
    assert _read(TEXT + html).unread is None


@pytest.mark.parametrize(
    "html",
    [
        '<svg viewBox="0 0 80 60"><image href="/up/poster.jpg"/></svg>', '<object data="/up/poster.jpg"></object>',
        '<svg viewBox="0 0 80 60"><image xlink:href="/up/poster.jpg"/></svg>', '<embed src="/up/poster.jpg">',
        '<iframe src="/up/poster.jpg"></iframe>', '<input type="image" src="/up/poster.jpg">',
        '<video poster="/up/poster.jpg"></video>', '<table background="/up/poster.jpg"><tr><td>1</td></tr></table>',
    ],
)  # fmt: skip
def test_a_picture_shown_by_another_element_than_an_image_is_one(html: str) -> None:
    """Drawings, frames and old tables show files, too."""
    assert _read(TEXT + html).fragment.images == (POSTER,)


@pytest.mark.parametrize(
    "html",
    [
        f'<img src="data:image/jpeg;base64,{"A" * 3000}">',
        f'<img data-filename="poster.jpg" src="data:image/png;base64,{"A" * 3000}">',
        '<style>.isi i{background-image:url("/up/poster.jpg")}</style><i></i>', '<img src="/up/icon_ikrar.jpg">',
        "<svg><text>Tolak gratifikasi mulai dari diri kita</text></svg>",
    ],
)  # fmt: skip
def test_what_is_shown_and_cannot_be_had_leaves_the_article_open(html: str) -> None:
    """Editors of village sites paste a picture's bytes into the text: no address, nothing to fetch."""
    article = _read(TEXT + html)

    assert not article.fragment.images
    assert article.unread


@pytest.mark.parametrize(
    "html",
    [
        "<svg><title>Bagikan tulisan ini kepada teman</title><style>.a{fill:#112233;stroke:none}</style></svg>",
        f'<a href="javascript:void(0)"><img class="icon" src="data:image/svg+xml;base64,{"A" * 3000}"></a>',
        '<a href="javascript:bagikan()"><img class="icon" src="/up/fb.png"></a><style>.a{color:red}</style>',
    ],
)
def test_buttons_of_scripts_and_their_drawings_cast_no_doubt(html: str) -> None:
    """They stand below every article."""
    assert _read(TEXT + html).unread is None


@pytest.mark.parametrize(
    "before",
    [
        f'<a href="/berita/ikrar?utm_source=x">{IMAGE}</a>', f'<a href="javascript:void(0)">{IMAGE}</a>',
        '<img src="/assets/plugins/kcfinder/upload/images/poster.jpg">',
    ],
)  # fmt: skip
def test_a_leading_picture_that_leads_nowhere_else_is_open(before: str) -> None:
    """Linked to its own article, opened by a script, or filed by the editor's plugin."""
    article = _read(TEXT, before=f"<div>{before}</div>")

    assert len(article.beside.shown) == 1
    assert article.unread


@pytest.mark.parametrize(
    ("frame", "text"),
    [("wp-block-group", "entry-content"), ("com-content-article", "com-content-article__body")],
)
def test_a_picture_below_the_body_of_a_known_family_is_open(frame: str, text: str) -> None:
    """Gallery plugins and themes put it behind the text, in the frame of the headline."""
    mark = '<link rel="https://api.w.org/" href="/wp-json/">'
    article = _read(f'<div class="{frame}"><div class="{text}">{TEXT}</div><div>{IMAGE}</div></div>', mark)

    assert article.beside.shown == (POSTER,)
    assert article.unread


CARD = '<div class="kartu"><img src="/up/lain.jpg"><h5><a href="{}">{}</a></h5></div>'


@pytest.mark.parametrize("card", [CARD, '<p style="background:url(/up/lain.jpg)"><a href="{}">{}</a></p>'])
def test_a_card_below_the_text_that_leads_to_another_article_is_that_one_s(card: str) -> None:
    """A picture stands beside the other headline: neither this article's proof nor a doubt."""
    article = _read(f"<div>{TEXT}</div>" + card.format("/berita/lain", "Warga desa mengikuti senam pagi"))

    assert not article.beside
    assert article.unread is None


@pytest.mark.parametrize(
    "card",
    [
        CARD.format("/galeri/3", "Lihat foto"), CARD.format("/berita/ikrar", "Ikrar bersama warga kecamatan kami"),
        CARD.format("https://lapor.example/warga", "Sampaikan laporan Anda di sini"),
    ],
)  # fmt: skip
def test_a_picture_beside_a_link_that_names_no_other_article_stays_open(card: str) -> None:
    """A gallery's page, the article itself or another site is no other article's headline."""
    assert _read(f"<div>{TEXT}</div>{card}").beside.shown


@given(st.integers(10, 4000), st.integers(10, 4000), st.sampled_from(["-scaled", "-{}x{}", "@2x", "-{}x{}-scaled", ""]))
def test_one_file_has_one_name_in_all_sizes(width: int, height: int, size: str) -> None:
    """And two files of one folder have two."""
    sized = f"https://i1.wp.com/dinas.example/up/Poster-24{size.format(width, height)}.jpg?w={width}"

    assert stem_of(sized) == stem_of("https://dinas.example/up/poster-24.jpg")
    assert stem_of(sized) != stem_of("https://dinas.example/up/poster-25.jpg")


def test_a_script_s_pictures_are_told_apart_by_their_query() -> None:
    """`image.php?id=1` and `?id=2` are two."""
    one, two = (f"https://dinas.example/image.php?id={number}" for number in (1, 2))

    assert stem_of(one) != stem_of(two)
    assert place_of(one) != place_of(two)


@pytest.mark.parametrize("is_before", [True, False])
@pytest.mark.parametrize(
    ("href", "page"),
    [
        ("/kampanye", "https://dinas.example/kampanye"),
        ("https://kpk.example/jangan-suap", ""),
    ],
)
def test_a_picture_beside_the_body_that_leads_to_another_page_is_open(is_before: bool, href: str, page: str) -> None:
    """A poster that leads to the campaign's page, or off the site: it never counts by itself, and is not overlooked."""
    poster = f'<div class="utama"><a href="{href}">{IMAGE}</a></div>'
    text = f'<div class="teks">{TEXT}</div>'
    article = _read(text, before=poster) if is_before else _read(text + poster)

    assert article.fragment.images == ()
    assert article.unread
    assert POSTER in (*article.beside.far, *(one.url for one in article.beside.linked if one.page == page))


@pytest.mark.parametrize(
    "html",
    [
        f'<a href="/">{IMAGE}</a>', f'<a href="https://www.facebook.com/sharer.php?u=x">{IMAGE}</a>',
        f'<a href="/penulis/admin">{IMAGE}</a>', '<a href="/x"><img src="/up/a.jpg" alt="foto avatar admin"></a>',
        f'<a href="/berita/lain">{IMAGE}</a><h3><a href="/berita/lain">Camat lantik perangkat desa yang baru</a></h3>',
        f'<div class="post-navigation"><a href="/berita/lain">{IMAGE}</a></div>',
    ],
)  # fmt: skip
def test_buttons_writers_and_other_articles_pictures_leave_nothing_open(html: str) -> None:
    """The way home, a button that shares, the writer's page, a card, the next article."""
    article = _read(f'<div class="teks">{TEXT}</div><div class="bawah">{html}</div>')

    assert article.unread is None
    assert article.fragment.images == ()


FIRST, LAST = TEXT.split("</p>", 1)
POST = "https://www.instagram.com/reel/AbCdEf12345/"


@pytest.mark.parametrize("name", ["related", "baca-juga", "widget", "share-box", "komentar", "sidebar"])
@pytest.mark.parametrize(
    "held",
    [
        f"<figure>{IMAGE}</figure>", f'<a href="{POST}">Video resmi</a>',
        "<p>Kami menolak setiap pemberian dari warga yang kami layani.</p>",
    ],
)  # fmt: skip
def test_what_a_box_between_the_paragraphs_holds_is_open_whatever_it_is_called(name: str, held: str) -> None:
    """A page builder names its blocks as it likes: picture, post and line are not counted, and not overlooked."""
    article = _read(f'<div class="teks">{FIRST}</p><div class="{name}">{held}</div>{LAST}</div>')

    assert article.fragment.images == ()
    assert article.unread


@pytest.mark.parametrize(
    "box",
    [
        f'<a href="/berita/lain">{IMAGE}</a><a href="/berita/lain">Camat lantik perangkat desa yang baru</a>',
        '<p>Baca juga: <a href="/berita/lain">Camat lantik perangkat desa yang baru</a></p>',
        '<a href="https://wa.me/?text=x"><img src="/img/whatsapp.png" width="24" height="24"></a>',
    ],
)
def test_another_article_s_card_between_the_paragraphs_leaves_nothing_open(box: str) -> None:
    """That is what such a box mostly is."""
    article = _read(f'<div class="teks">{FIRST}</p><div class="related">{box}</div>{LAST}</div>')

    assert article.unread is None


def test_comments_behind_the_last_paragraph_are_nobody_s_proof() -> None:
    """They are no part of the story, and their words and pictures leave nothing open."""
    said = "<p>Terima kasih pak camat, semoga semua petugas kita jujur selamanya.</p>"
    article = _read(f'<div class="teks">{TEXT}<div class="komentar">{said}{IMAGE}</div></div>')

    assert article.unread is None
    assert article.fragment.images == ()


PLEDGE = "Kami menolak setiap pemberian dari warga yang kami layani"


@pytest.mark.parametrize(
    "html", [f"<h3>{PLEDGE}</h3>", f'<div class="sub"><div>{PLEDGE}</div></div>', "<b>Tolak gratifikasi!</b>"]
)
def test_a_line_between_headline_and_body_that_no_reading_has_is_open(html: str) -> None:
    """A subheading in an element of its own may be the pledge: it is not counted, and not overlooked."""
    article = _read(f'{html}<div class="teks">{TEXT}</div>')

    assert "olak" not in article.fragment.text.split("\n")[0]
    assert article.unread


@pytest.mark.parametrize(
    "html",
    [
        "<div>Kamis, 2 Mei 2024 | 09:12 WIB | 1.204 Views</div>", "<div>Ditulis oleh Administrator Kecamatan</div>",
        "<div>Administrator Kecamatan, telah dilihat 1.204 kali</div>", f"<div hidden>{PLEDGE}</div>",
        f'<figure><img src="/up/foto.jpg"><figcaption>{PLEDGE}</figcaption></figure>',
        '<p><a href="/">Beranda</a> / <a href="/berita">Berita dan pengumuman kecamatan</a> / Ikrar Bersama Warga</p>',
        "<div>Bagikan artikel ini kepada teman-teman</div>", "<div>Berita utama</div>",
    ],
)  # fmt: skip
def test_what_tells_of_day_writer_picture_and_way_leaves_nothing_open(html: str) -> None:
    """Every theme has it between headline and body."""
    assert _read(f'{html}<div class="teks">{TEXT}</div>').unread is None


@pytest.mark.parametrize("widget", ["icon-list", "blockquote", "text-editor", "heading"])
def test_a_page_builder_s_next_block_is_read_or_open(widget: str) -> None:
    """An editor's list or quotation stands in a block beside that of the text."""
    built = "elementor-element elementor-widget elementor-widget"
    block = f'<div class="{built}-{widget}"><ul><li><span>{PLEDGE}</span></li></ul></div>'
    article = _read(f'<section><div class="{built}-text-editor">{TEXT}</div>{block}</section>')

    assert article.unread or PLEDGE in article.fragment.text


@pytest.mark.parametrize(
    "block",
    [
        '<div class="elementor-widget-post-info"><ul><li>Administrator Kecamatan Bayat Klaten</li></ul></div>',
        '<div class="elementor-widget-share-buttons">Bagikan kepada teman-teman melalui WhatsApp</div>',
        '<div class="elementor-widget-heading"><h2>Berita terkait</h2></div>',
    ],
)
def test_a_builder_s_template_blocks_leave_nothing_open(block: str) -> None:
    """They stand below every article of the site."""
    assert _read(f'<div class="elementor-widget-text-editor">{TEXT}</div>{block}').unread is None


LAID_OUT = (
    '<table width="100%"><tr><td><ul><li><a href="/">Beranda</a></li></ul></td></tr><tr><td>'
    "<b>Ikrar Bersama Warga</b><br><small>1 Mei 2024</small><br>{body}</td><td width=200>{column}</td></tr></table>"
)
LOOSE = TEXT.replace("<p>", "").replace("</p>", "<br><br>")


@pytest.mark.parametrize("text", [TEXT, LOOSE, f"<div align=justify>{TEXT}</div>", f"<font size=2>{LOOSE}</font>"])
def test_a_banner_in_the_next_column_of_a_table_is_not_the_article_s(text: str) -> None:
    """Pages laid out by tables, with paragraphs and without: the text's cell is the article's, the page is not. What
    the column shows is for other pages to tell."""
    column = '<img src="/banner/kampanye.jpg">'
    article, own = (_read("", before=LAID_OUT.format(body=held + text, column=column)) for held in ("", IMAGE))

    assert article.fragment.images == ()
    assert article.unread
    assert {*own.fragment.images, *own.beside.shown} >= {POSTER}
    assert "https://dinas.example/banner/kampanye.jpg" not in own.fragment.images
