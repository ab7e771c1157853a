"""Sites with nothing but list pages: no article inside a claimed span may be missing from the posts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from listing_sites import NOW, SHAPES, Paper, Piece, papers, read_paper

from crawler.items import Outcome

TITLES = ("Ikrar bersama", "Lapor gratifikasi", "Senam", "Warga Desa Bayat Bergotong Royong Membersihkan Saluran Air")


def _site(count: int = 14, **fields: object) -> Paper:
    pieces = tuple(Piece(900 - n, TITLES[n % 4], NOW - timedelta(hours=1 + 12 * n)) for n in range(count))
    return Paper(pieces, **fields)  # type: ignore[arg-type]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(papers(), st.integers(1, 20))
def test_no_article_inside_a_claimed_span_is_missing(paper: Paper, days: int) -> None:
    """Whatever titles, addresses, menus, boxes and paging a site has."""
    read = read_paper(paper, NOW - timedelta(days=days))
    span = read.covers
    inside = {paper.address(one) for one in paper.pieces if span and span.start <= one.at < span.end}

    assert inside <= read.urls


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("menu", ["nav", "div"])
def test_plain_sites_are_covered_whatever_their_addresses(shape: str, menu: str) -> None:
    """Being strict costs no site its proof that lists its articles in order, with their days."""
    read = read_paper(_site(shape=shape, menu=menu), NOW - timedelta(days=1))

    assert (read.outcome, read.notes) == (Outcome.COMPLETE, ())


def test_an_article_that_stands_in_a_box_only_forbids_the_claim() -> None:
    """The list does not name it: it is kept, and the list is no longer believed to be complete."""
    paper = _site()
    boxed = Piece(7, "Pengumuman", NOW - timedelta(days=1), "box")
    read = read_paper(Paper((*paper.pieces, boxed)), NOW - timedelta(days=1))

    assert paper.address(boxed) in read.urls
    assert read.covers is None
    assert any(paper.address(boxed) in note for note in read.notes)


def test_an_entry_without_any_day_forbids_the_claim() -> None:
    """A page in the midst of the list whose day nothing tells may be what is sought."""
    paper = _site(cards="none")
    pages = paper.answers()
    lost = paper.address(paper.pieces[3])
    pages[lost] = paper.frame(
        "<h1>Ikrar bersama</h1><p>Seluruh pegawai mengucapkan ikrar di pendapa kecamatan.</p>", "Ikrar"
    )
    read = read_paper(paper, NOW - timedelta(days=3), pages)

    assert read.covers is None


def test_more_open_links_than_may_be_asked_forbid_the_claim() -> None:
    """The look stays bounded, and says that it did not see everything."""
    paper = _site()
    portal = "".join(f'<a href="/tautan/{n}">Tautan {n}</a>' for n in range(200))
    pages = paper.answers()
    pages["/berita"] = pages["/berita"].replace("<main>", f"<main><div>{portal}</div>")
    read = read_paper(paper, NOW - timedelta(days=3), pages)

    assert read.covers is None
    assert len(read.asked) < 100


def test_a_second_list_of_the_menu_is_read_as_well() -> None:
    """`Pengumuman` beside `Berita`: what stands only there is seen, or nothing is claimed."""
    paper = _site()
    told = Piece(5, "Ikrar", NOW - timedelta(days=1), "nowhere")
    pages = Paper((*paper.pieces, told)).answers()
    pages = {
        path: text.replace("<ul><li>", '<ul><li><a href="/pengumuman">Pengumuman</a></li><li>')
        for path, text in pages.items()
    }
    pages["/pengumuman"] = paper.frame(f'<main><div class="daftar">{paper.card(told)}</div></main>', "Pengumuman")
    read = read_paper(paper, NOW - timedelta(days=3), pages)

    assert paper.address(told) in read.urls
