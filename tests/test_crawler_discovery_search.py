"""A site's own search, where its lists do not reach back: what it finds counts, and it proves nothing."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, quote_plus, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from listing_sites import BASE, NOW, Paper, Piece, read_pages

from crawler.discovery.joining import with_whole_title
from crawler.items import Outcome
from crawler.readers.content import parse_html
from crawler.readers.search_form import search_url, words_asked
from tests.site_looks import look_at, same_site

SINCE = NOW - timedelta(days=12)
FORM = '<form action="/cari"><input type="search" name="q"><button>Cari</button></form>'
RECENT = tuple(Piece(900 - n, "Rapat rutin desa", NOW - timedelta(hours=1 + 9 * n)) for n in range(12))
PLEDGE = Piece(7, "Ikrar antikorupsi kecamatan", NOW - timedelta(days=10))
OLDER = tuple(Piece(60 - n, "Lomba desa tahunan", NOW - timedelta(days=9, hours=n)) for n in range(3))


def site(*found: Piece, form: str = FORM) -> dict[str, str]:
    """A site whose one list page has no older part, and whose search finds `found`."""
    paper = Paper((*RECENT, PLEDGE, *OLDER))
    shown = Paper(RECENT, page_size=20, paging="none").answers()
    shown["/"] = shown["/"].replace("<p>Situs", f"{form}<p>Situs")
    results = paper.frame(f'<main>{"".join(map(paper.card, found))}</main>', "Hasil pencarian")
    return shown | {paper.address(one): paper.article(one) for one in found} | {
        f"{BASE}/cari?q={quote_plus('ikrar antikorupsi')}": results
    }  # fmt: skip


def test_what_the_lists_have_forgotten_is_found_by_the_search() -> None:
    """It is kept, and the look claims no more time than its list proves."""
    plain = read_pages(site(PLEDGE), SINCE)
    read = read_pages(site(PLEDGE), SINCE, words=["ikrar antikorupsi"])

    address = Paper(()).address(PLEDGE)
    assert address not in plain.urls
    assert address in read.urls
    assert (read.outcome, read.covers) == (plain.outcome, plain.covers)


@pytest.mark.parametrize("found", [(), (RECENT[0],), OLDER])
def test_other_results_do_no_harm(found: tuple[Piece, ...]) -> None:
    """None, known ones, others: what lies in the wanted time is kept, nothing is doubted."""
    read = read_pages(site(*found), SINCE, words=["ikrar antikorupsi"])

    assert read.outcome is Outcome.PARTIAL
    assert {Paper(()).address(one) for one in found} <= read.urls


def test_an_article_that_the_list_should_have_named_takes_its_proof() -> None:
    """Found by the search within the time that the list proves: it does not name all of that time."""
    hidden = Piece(5, "Ikrar antikorupsi kecamatan", NOW - timedelta(hours=30))
    plain = read_pages(site(hidden), SINCE)
    read = read_pages(site(hidden), SINCE, words=["ikrar antikorupsi"])

    assert plain.covers is not None
    assert read.covers is None
    assert Paper(()).address(hidden) in read.urls


def test_a_search_that_is_asked_too_much_costs_no_proof() -> None:
    """The search refuses; what the list proved stands, and nothing more is asked."""
    pages = site(PLEDGE) | {f"{BASE}/cari?q={quote_plus('ikrar antikorupsi')}": 429}
    read = read_pages(pages, SINCE, words=["ikrar antikorupsi", "tolak tip"])

    assert (read.outcome, read.covers) == (read_pages(pages, SINCE).outcome, read_pages(pages, SINCE).covers)
    assert "cari" in read.asked[-1]


def test_a_site_read_to_the_start_is_not_searched() -> None:
    """Nothing could be gained by it."""
    read = read_pages(site(PLEDGE), NOW - timedelta(days=2), words=["ikrar antikorupsi"])

    assert read.outcome is Outcome.COMPLETE
    assert not [url for url in read.asked if "cari" in url]


@pytest.mark.parametrize(
    "form",
    ["", '<form method="post" action="/cari"><input name="q"></form>',
     '<form action="/login"><input name="user"></form>',
     '<form action="https://www.google.com/search"><input name="q"></form>',
     '<form action="/hapus"><input type="hidden" name="id" value="5"><input name="key"></form>',
     f'<form action="/cari"><input type="hidden" name="h" value="{"x" * 9000}"><input name="q"></form>',
     '<form action="javascript:void(0)"><input name="q"></form>', '<form action="http://["><input name="q"></form>'],
)  # fmt: skip
def test_a_site_without_a_search_of_its_own_is_not_searched(form: str) -> None:
    """Neither by another site's search nor by a form that asks for something else."""
    read = read_pages(site(PLEDGE, form=form), SINCE, words=["ikrar antikorupsi"])

    assert {urlsplit(url).hostname for url in read.asked} == {urlsplit(BASE).hostname}
    assert not [url for url in read.asked if "ikrar+antikorupsi" in url]


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1),
    st.sampled_from(["s", "cari", "q", "searchword", "keys"]),
    st.dictionaries(st.from_regex(r"[a-z]{4,8}x", fullmatch=True), st.text("ab&=#%"), max_size=3),
)  # fmt: skip
def test_words_are_found_again_in_the_address(words: str, name: str, hidden: dict[str, str]) -> None:
    """An address made for words tells them again, whatever else the form sends; so old looks can be read anew."""
    fields = "".join(f'<input type="hidden" name="{key}" value="{value}">' for key, value in hidden.items())
    root = parse_html(f'<form action="/hasil">{fields}<input name="{name}"></form>')
    url = search_url(root, f"{BASE}/", words)

    assert url is not None
    assert words_asked(url) == words
    assert {key: [value] for key, value in hidden.items() if value}.items() <= parse_qs(urlsplit(url).query).items()


@pytest.mark.parametrize(
    ("listed", "page", "told"),
    [
        ("TP-PKK Kab.Tegal Gelar Pelatihan Sekretaris...\nIsi",
         "TP-PKK Kab.Tegal Gelar Pelatihan Sekretaris Desa\nIsi lain",
         "TP-PKK Kab.Tegal Gelar Pelatihan Sekretaris Desa\nIsi"),
        ("Ikrar bersama …\nIsi", "IKRAR BERSAMA warga desa\nx", "IKRAR BERSAMA warga desa\nIsi"),
        ("Ada apa...\nIsi", "Judul lain sama sekali\nx", "Ada apa...\nIsi"),
        ("Judul utuh\nIsi", "Judul utuh dan lebih\nx", "Judul utuh\nIsi"),
        ("…\nIsi", "Judul\nx", "…\nIsi"),
    ],
)  # fmt: skip
def test_a_cut_title_is_made_whole_by_the_page(listed: str, page: str, told: str) -> None:
    """Only where the page's own title begins with it."""
    assert with_whole_title(listed, page) == told


def test_a_sitemap_speaks_until_now_where_the_front_page_bears_it_out() -> None:
    """The front page lists news, the newest first, and the file names all of them."""
    seen = look_at(same_site("sitemap"))

    assert seen.outcome is Outcome.COMPLETE


@pytest.mark.parametrize("change", ["chosen few", "another order", "one unknown", "nothing"])
def test_a_sitemap_that_nothing_bears_out_is_silent_beyond_its_newest_date(change: str) -> None:
    """A handful of chosen articles, an older one first, one that the file lacks: no claim about today."""
    paper = Paper(tuple(Piece(900 - n, "Rapat rutin desa", NOW - timedelta(days=2, hours=9 * n)) for n in range(12)))
    pages = {path: text for path, text in paper.answers().items() if not path.startswith("/berita?")}
    pages["/berita"] = paper.frame("<h1>Berita</h1>", "Berita")
    listed = list(paper.pieces[:6])
    shown = {"chosen few": listed[:3], "another order": listed[::-1], "nothing": [], "one unknown": listed}[change]
    stranger = Piece(5, "Berita yang tidak ada di peta", NOW - timedelta(hours=3))
    shown = [stranger, *shown] if change == "one unknown" else shown
    pages["/"] = paper.frame(f'<main>{"".join(map(paper.card, shown))}</main>', "Beranda")
    pages[paper.address(stranger)] = paper.article(stranger)
    entries = "".join(f"<url><loc>{BASE}{paper.address(one)}</loc><lastmod>{one.at:%Y-%m-%dT%H:%M:%SZ}</lastmod></url>"
                      for one in paper.pieces)  # fmt: skip
    pages["/sitemap.xml"] = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
    read = read_pages(pages, NOW - timedelta(days=4))

    assert read.outcome is not Outcome.COMPLETE or (read.covers and read.covers.end <= paper.pieces[0].at)
