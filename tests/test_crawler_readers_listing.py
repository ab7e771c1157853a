"""List pages -> entries in order with their dates, and the next page."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crawler.readers.content import parse_html
from crawler.readers.listing import Reading, listed_articles
from crawler.readers.paging import index_urls, next_page

WIB = ZoneInfo("Asia/Jakarta")
URL = "https://dinas.example/berita"
READING = Reading(URL, datetime(2024, 4, 26, 8, tzinfo=UTC), WIB)
CARDS = "".join(
    f'<div class="card"><h2><a href="/berita/kabar-dari-dinas-nomor-{n}">Kabar dinas nomor ke-{n}</a></h2>'
    f"<span>{date}</span></div>"
    for n, date in enumerate(("2 jam lalu", "kemarin pukul 10.15", "Rabu, 24 April 2024"))
)
PAGE = f"""<nav><a href="/profil">Profil</a><a href="/berita">Berita</a></nav><main>{CARDS}
<a href="/berita?page=2">2</a><a href="/berita?page=9">Terakhir</a></main>
<aside><ul><li><a href="/berita/kabar-paling-populer-tahun-ini">Kabar paling populer tahun ini</a></li></ul>
</aside>"""


def test_the_main_list_is_read_in_order():
    """Menus and the box of popular articles are no part of it."""
    found = listed_articles(parse_html(PAGE), READING)

    assert [f"https://dinas.example/berita/kabar-dari-dinas-nomor-{n}" for n in range(3)] == [one.url for one in found]


def test_dates_stand_in_the_cards():
    """Relative ones count back from the capture."""
    first, second, third = (one.published for one in listed_articles(parse_html(PAGE), READING))

    assert first.start <= datetime(2024, 4, 26, 6, tzinfo=UTC) <= first.end
    assert datetime(2024, 4, 25, 3, 15, tzinfo=UTC) == second.start
    assert datetime(2024, 4, 24, 17, 0, tzinfo=UTC) == third.end


@pytest.mark.parametrize(
    ("html", "page", "expected"),
    [
        (PAGE, URL, f"{URL}?page=2"),
        ('<a href="/berita/page/3">3</a><a href="/berita/page/4">4</a>', f"{URL}/page/2", f"{URL}/page/3"),
        ('<a rel="next" href="?hal=x">lanjut</a>', URL, f"{URL}?hal=x"),
        ('<a href="/berita/lama">Selanjutnya</a>', URL, f"{URL}/lama"),
        ('<a href="/berita?page=1">1</a>', f"{URL}?page=1", None),
        ('<a href="https://lain.example/?page=2">2</a>', URL, None),
    ],
)
def test_next_page(html, page, expected):
    """By rel=next, by number, by word; never on another site."""
    assert expected == next_page(parse_html(html), page)


def test_the_menu_names_the_list():
    """A front page full of boxes is not the list when the menu has one."""
    assert index_urls(parse_html(PAGE), "https://dinas.example/") == [URL]


def test_a_short_last_page_is_not_outvoted_by_a_box():
    """One card is the list, however many entries the box of related articles has."""
    one = '<main><h2><a href="/berita/kabar-dari-dinas-nomor-9">Kabar dari dinas terakhir</a></h2></main>'
    row = '<li><a href="/2020/01/berita-lama-sekali-{n}">Berita lama sekali {n}</a></li>'
    box = "".join(row.format(n=n) for n in range(5))
    found = listed_articles(parse_html(f'{one}<div class="populer"><ul>{box}</ul></div>'), READING)

    assert [entry.url for entry in found] == ["https://dinas.example/berita/kabar-dari-dinas-nomor-9"]


def test_a_card_that_names_two_days_is_dated_by_its_page_alone():
    """A teaser tells of the event; nobody can say from the card which day is the article's."""
    card = (
        '<div class="card"><h3><a href="/berita/ikrar-tolak-tip-nomor-{n}">Ikrar tolak tip nomor {n}</a></h3>'
        "<p>Pada 12 Maret 2024 warga berikrar.</p><span>24 April 2024</span></div>"
    )
    page = f"<main>{''.join(card.format(n=n) for n in range(4))}</main>"

    assert [one.published for one in listed_articles(parse_html(page), READING)] == [None] * 4
