"""Articles whose address leads elsewhere -> read where they moved to; unread where another page took their place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from listing_sites import NOW, Paper, Piece, read_pages

from crawler.items import Outcome

SINCE = NOW - timedelta(days=3)
DONE = ("pimpin", "hadiri", "buka", "tutup", "lepas", "sambut", "lantik", "tinjau", "resmikan") * 2
PIECES = tuple(
    Piece(900 - n, f"Camat {word} bersama warga desa", NOW - timedelta(hours=3 + 9 * n)) for n, word in enumerate(DONE)
)
PAPER = Paper(PIECES)
DELETED = PAPER.address(PIECES[2])
CATEGORY = PAPER.answers()["/berita"].replace("<h1>", "<h1>Kategori: ")
TEASERS = PAPER.frame(
    '<h1>Berita</h1><div class="tgl">30 April 2024 pukul 09.00 WIB</div>' + "".join(
        f'<div class="kartu"><h2><a href="{PAPER.address(one)}">{one.title}</a></h2><p>Kami menolak tip dan pungutan '
        f"liar dalam bentuk apa pun di semua loket kecamatan, kata camat pada acara nomor {one.number}.</p></div>"
        for one in PIECES[:2] + PIECES[3:9]),
    "Berita",
)  # fmt: skip
OTHER = PAPER.frame(
    '<article><h1>Jadwal pelayanan kantor</h1><div class="tgl">30 April 2024 pukul 09.00 WIB</div>'
    "<p>Kami menolak tip dan pungutan liar dalam bentuk apa pun di semua loket pelayanan kecamatan ini.</p></article>",
    "Jadwal pelayanan kantor",
)  # fmt: skip


def read(to: str, page: str | None = None, **more: str):
    pages = {**PAPER.answers(), DELETED: f"-> {to}", **more}
    return read_pages({**pages, to: page} if page else pages, SINCE)


def the_article(seen):
    [post] = [one for one in seen.posts if one.url.endswith(DELETED) or one.published_at == PIECES[2].at]
    return post


@pytest.mark.parametrize(
    ("to", "page"),
    [
        ("/berita", None),
        ("/kategori/umum", CATEGORY),
        ("/kabar", CATEGORY),
        ("/kabar", TEASERS),
        ("/", None),
        ("/layanan-umum", OTHER),
    ],
)
def test_a_deleted_article_that_leads_to_another_page_counts_as_not_read(to: str, page: str | None) -> None:
    """The menu's list, a category, a list that nothing names, the front page, another page: its words are not counted
    as the article's, nor its pictures; the article stands unread in the list, and the visit names where it led."""
    seen = read(to, page)
    post = the_article(seen)

    assert post.unread is not None
    assert post.text.strip() == ""
    assert any(DELETED in note for note in seen.notes)
    assert not [one for one in seen.posts if one.url.endswith((to.rstrip("/") or "nothing",)) and one is not post]


@pytest.mark.parametrize(
    "to",
    [
        "/2024/04/" + DELETED.rsplit("/", 1)[-1],
        "/berita/" + DELETED.rsplit("/", 1)[-1].replace("pimpin", "memimpin") + "/",
        "/umum/camat-buka-musyawarah",
        DELETED + "/",
    ],
)
def test_an_article_that_moved_is_read_where_it_is(to: str) -> None:
    """A new folder, a corrected address, a slash at its end."""
    seen = read(to, PAPER.article(PIECES[2]))

    assert the_article(seen).unread is None
    assert "dihadiri perangkat desa" in the_article(seen).text
    assert seen.outcome is Outcome.COMPLETE


def test_a_link_beside_the_list_that_leads_to_a_list_is_no_article() -> None:
    """A dead link shows nothing to its readers either: the look proves what it did without it."""
    dead = "/2024/04/lowongan-kerja-kecamatan-12345/"
    front = PAPER.frame(f'<main><a href="{dead}">Lowongan kerja di kecamatan ini</a></main>', "Beranda")
    seen = read(DELETED + "/", PAPER.article(PIECES[2]), **{"/": front, dead: "-> /berita"})

    assert seen.outcome is Outcome.COMPLETE
    assert not [one for one in seen.posts if "lowongan" in one.url]
