"""A look on which no verdict rests -> the front page alone where it shows nothing new; everything where it might."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from listing_sites import BASE, NOW, WIB, Paper, PaperLook, Piece

from crawler.coverage import conclude
from crawler.items import Account, Capture, Outcome
from crawler.robots import Gate
from crawler.spiders.news import read_site

DAY = timedelta(days=1)
LAST = NOW - DAY
PIECES = tuple(Piece(900 - n, "Ikrar bersama warga desa", NOW - timedelta(hours=30 + 9 * n)) for n in range(12))
NEW = Piece(950, "Ikrar tolak tip bersama camat", NOW - timedelta(hours=2))
HTML = (("content-type", "text/html; charset=utf-8"),)


def site_of(*pieces: Piece) -> dict[str, str]:
    """A site whose front page lists its news."""
    paper = Paper(pieces)
    return {**paper.answers(), "/": paper.answers()["/berita"]}


BEFORE = site_of(*PIECES)["/"]


def front(html: str, at: datetime = LAST, status: int = 200) -> dict[str, Capture]:
    return {f"{BASE}/": Capture("listing", f"{BASE}/", f"{BASE}/", status, HTML, html.encode(), at)}


def read(pages: dict[str, str], before: dict[str, Capture], rests_since: datetime | None = LAST) -> PaperLook:
    look = PaperLook(pages, NOW - 3 * DAY, Account("kec", "news", BASE), rests_since=rests_since, before=before)
    asyncio.run(read_site(look, Gate(look, "tayang/0.1"), WIB))
    return look


def test_robots_and_front_page_are_all_that_is_asked_of_a_site_without_news() -> None:
    """The look is complete, proves nothing, and says why."""
    look = read(site_of(*PIECES), front(BEFORE))

    assert [f"{BASE}/robots.txt", f"{BASE}/"] == look.asked
    assert conclude(look.listing, look.since, NOW, None) == (Outcome.COMPLETE, None, None)
    assert len(look.notes) == 1


def test_what_changes_with_every_answer_is_nothing_new() -> None:
    """A counter, a token, and a link that is gone."""
    counted = BEFORE.replace("<footer>", "<footer>Pengunjung hari ini: 1.204 <input name=_token value=a8f3>")
    pages = {**site_of(*PIECES), "/": counted.replace('<li><a href="/kontak">Kontak</a></li>', "")}

    assert len(read(pages, front(BEFORE)).asked) == 2


CHANGED = {
    "a new article": (site_of(NEW, *PIECES), front(BEFORE), LAST),
    "a new article far down the page": (
        {**site_of(*PIECES), "/": BEFORE.replace("<footer>", '<footer><a href="/berita/ikrar-951">Ikrar</a>')},
        front(BEFORE), LAST),
    "the first look": (site_of(*PIECES), {}, LAST),
    "absence is to be proved": (site_of(*PIECES), front(BEFORE), None),
    "the last look was killed behind its front page": (site_of(*PIECES), front(BEFORE, NOW - DAY / 2), LAST),
    "the last front page was refused": (site_of(*PIECES), front(BEFORE, status=403), LAST),
    "a front page out of a cache older than the last look": (site_of(*PIECES), front(BEFORE), NOW + DAY),
    "a front page that lists four articles": (
        {**site_of(*PIECES), "/": site_of(*PIECES[:4])["/"]}, front(BEFORE), LAST),
    "a front page that broke off": (
        {**site_of(*PIECES), "/": BEFORE.replace("</body></html>", "")}, front(BEFORE), LAST),
}  # fmt: skip


@pytest.mark.parametrize("case", CHANGED)
def test_everything_is_asked_where_the_front_page_may_be_silent_about_news(case: str) -> None:
    """Each of these makes a look like any other."""
    look = read(*CHANGED[case])

    assert f"{BASE}/berita" in look.asked
    assert not look.listing.unasked


def test_a_landing_page_is_no_witness_of_news() -> None:
    """It stays as it is while news goes by: the list is asked, and the article found."""
    pages = Paper((NEW, *PIECES)).answers()
    look = read(pages, front(pages["/"]))

    assert NEW.slug in {post.url.rsplit("/", 1)[-1] for post in look.posts}


def test_the_new_article_is_read_in_the_look_that_sees_it() -> None:
    """With its time proved, as in any other look."""
    look = read(site_of(NEW, *PIECES), front(BEFORE))
    outcome, covers, _ = conclude(look.listing, look.since, NOW, None)

    assert NEW.slug in {post.url.rsplit("/", 1)[-1] for post in look.posts}
    assert outcome is Outcome.COMPLETE
    assert covers is not None


def test_a_304_of_the_front_page_counts_from_when_it_came() -> None:
    """Its bytes are of the last look, its word is of today."""
    [known] = front(BEFORE).values()
    again = replace(known, confirmed_at=NOW)

    assert again.heard_at == NOW
    assert len(read(site_of(*PIECES), {f"{BASE}/": again}).asked) == 2
