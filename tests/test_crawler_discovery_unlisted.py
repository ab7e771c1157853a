"""What a site shows beside the list that was read: its menu's lists and further feeds are witnesses, too."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from listing_sites import BASE, NOW, PaperLook, read_pages

from crawler.items import Capture, Outcome
from crawler.readers.wordpress import list_query
from crawler.sandbox.site_pages import long_date

SINCE = NOW - timedelta(days=3)
NEWS = [
    (f"/berita/kegiatan-camat-di-desa-nomor-{n}", f"Kegiatan camat di desa nomor {n}", NOW - timedelta(hours=2 + 9 * n))
    for n in range(14)
]
PLEDGE = ("/berita/ikrar-tolak-tip-bersama-warga", "Ikrar tolak tip bersama warga", NOW - timedelta(hours=20))


def _frame(body: str, head: str = "", title: str = "Kecamatan") -> str:
    menu = '<nav><a href="/">Beranda</a> <a href="/berita">Berita</a> <a href="/profil">Profil</a></nav>'
    return (
        f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{menu}{body}"
        "<footer>Hak cipta</footer></body></html>"
    )


def _card(url: str, title: str, day: str) -> str:
    return f'<div class="kartu"><h3><a href="{url}">{title}</a></h3><span>{day}</span></div>'


def _cards(pieces) -> str:
    return "<main>" + "".join(_card(url, title, long_date(at)) for url, title, at in pieces) + "</main>"


def _pages(head: str = "") -> dict[str, str]:
    """A front page that shows the six newest of NEWS; all of it and the pledge stand on /berita."""
    body = "<p>Kegiatan dihadiri perangkat desa dan warga di pendapa kecamatan pada hari kerja biasa.</p>"
    pages = {
        url: _frame(f'<article><h1>{title}</h1><div class="tgl">{long_date(at)}</div>{body}</article>', title=title)
        for url, title, at in (PLEDGE, *NEWS)
    }
    return {**pages, "/berita": _frame(_cards([PLEDGE, *NEWS])), "/": _frame(_cards(NEWS[:6]), head)}


def _rss(pieces) -> str:
    items = "".join(
        f"<item><title>{title}</title><link>{BASE}{url}</link>"
        f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
        for url, title, at in pieces
    )
    built = f"<lastBuildDate>{NOW:%a, %d %b %Y %H:%M:%S} +0000</lastBuildDate>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{built}{items}</channel></rss>'


def _sitemap(pieces) -> str:
    urls = "".join(f"<url><loc>{BASE}{url}</loc><lastmod>{at.isoformat()}</lastmod></url>" for url, _, at in pieces)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


@pytest.mark.parametrize(("name", "text"), [("/feed/", _rss(NEWS)), ("/sitemap.xml", _sitemap(NEWS))])
def test_an_article_that_only_the_menu_s_list_shows_forbids_the_claim(name: str, text: str) -> None:
    """A feed of one category, a sitemap of last week: the front page shows neither what they lack nor that they do."""
    read = read_pages({**_pages(), name: text}, SINCE)

    assert PLEDGE[0] in read.urls
    assert read.covers is None


def test_an_article_that_only_a_further_feed_holds_forbids_the_claim() -> None:
    """Sites name a feed for each category."""
    rss = '<link rel="alternate" type="application/rss+xml" href="/rss/{}">'
    pages = _pages(rss.format("berita") + rss.format("pengumuman"))
    pages |= {"/berita": _frame(""), "/rss/berita": _rss(NEWS), "/rss/pengumuman": _rss([PLEDGE])}
    read = read_pages(pages, SINCE)

    assert PLEDGE[0] in read.urls
    assert read.covers is None


@pytest.mark.parametrize(("name", "text"), [("/feed/", _rss(NEWS)), ("/sitemap.xml", _sitemap(NEWS))])
def test_witnesses_that_agree_cost_no_claim(name: str, text: str) -> None:
    """A list that names what the feed names, and older things without end, is no reason for doubt."""
    pages = {**_pages(), "/berita": _frame(_cards(NEWS)), name: text}
    read = read_pages(pages, SINCE)

    assert read.covers is not None
    assert len(read.asked) < 40


@pytest.mark.parametrize("place", ["list", "box"])
def test_a_day_in_a_headline_is_not_the_article_s_own(place: str) -> None:
    """ "Siaran Pers 12 Maret 2024: …" came out today: it is read wherever it stands."""
    title = "Siaran Pers 12 Maret 2024: Ikrar Tolak Tip"
    pages = _pages()
    pages[PLEDGE[0]] = pages[PLEDGE[0]].replace(PLEDGE[1], title)
    pages["/berita"] = _frame(_cards([(PLEDGE[0], title, PLEDGE[2]), *NEWS] if place == "list" else NEWS))
    if place == "box":
        box = f'<div class="pengumuman">{_card(PLEDGE[0], title, long_date(PLEDGE[2]))}</div>'
        pages |= {"/": _frame(_cards(NEWS[:6]) + box), "/feed/": _rss(NEWS)}
    read = read_pages(pages, SINCE)

    assert PLEDGE[0] in read.urls


def test_one_canonical_address_for_all_pages_makes_them_not_one_article() -> None:
    """A template that names its list on every article would have each overwrite the one before."""
    stated = '<head><link rel="canonical" href="/berita">'
    pages = {url: page.replace("<head>", stated) for url, page in _pages().items()}
    read = read_pages(pages, SINCE)

    assert {PLEDGE[0], NEWS[0][0], NEWS[1][0]} <= read.urls


def test_a_witness_out_of_a_cache_bears_out_only_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A front page that a cache kept for a day knows nothing of today: the sitemap's file is no newer."""
    fetch = PaperLook.fetch

    async def _aged(look: PaperLook, kind: str, url: str, headers=None, **meta) -> Capture:
        answer = await fetch(look, kind, url, headers, **meta)
        return replace(answer, headers=(*answer.headers, ("age", "86400"))) if url == f"{BASE}/" else answer

    monkeypatch.setattr(PaperLook, "fetch", _aged)
    pages = {**_pages(), "/berita": _frame("<h1>Berita</h1>"), "/sitemap.xml": _sitemap(NEWS)}
    read = read_pages(pages, SINCE)

    assert read.covers is not None
    assert read.covers.end < NOW - timedelta(hours=23)


def test_a_page_builder_s_codes_are_read_from_the_page() -> None:
    """REST leaves `[vc_single_image image="512"]` as it was written; its page shows the poster."""
    codes = f'[vc_row][vc_single_image image="512"][/vc_row] {"Warga hadir di pendapa. " * 30}'
    post = {"id": 1, "date_gmt": f"{NOW - timedelta(hours=3):%Y-%m-%dT%H:%M:%S}", "link": f"{BASE}{PLEDGE[0]}",
            "title": {"rendered": PLEDGE[1]}, "content": {"rendered": codes}}  # fmt: skip
    pages = _pages() | {
        f"/wp-json/wp/v2/posts?{list_query(SINCE, NOW, 1)}": json.dumps([post]),
        "/wp-json/wp/v2/types": '{"post": {"rest_base": "posts"}}',
    }

    assert f"{BASE}{PLEDGE[0]}" in read_pages(pages, SINCE).asked


@pytest.mark.parametrize(("status", "is_open"), [(500, True), (403, True), (404, False)])
@pytest.mark.parametrize("path", ["/rss/pengumuman", "/berita"])
def test_a_witness_that_does_not_answer_is_no_silent_witness(path: str, status: int, is_open: bool) -> None:
    """A further feed or a list of the menu that refuses may hold what the feed read does not."""
    rss = '<link rel="alternate" type="application/rss+xml" href="/rss/{}">'
    pages = _pages(rss.format("berita") + rss.format("pengumuman"))
    pages |= {"/berita": _frame(_cards(NEWS)), "/rss/berita": _rss(NEWS), "/rss/pengumuman": _rss(NEWS[:2])}
    pages[path] = status

    assert (read_pages(pages, SINCE).covers is None) is is_open


def test_feeds_of_comments_and_forbidden_lists_are_no_witnesses() -> None:
    """The first hold no articles; the second nobody is to read."""
    rss = '<link rel="alternate" type="application/rss+xml" href="/{}">'
    pages = _pages(rss.format("rss/berita") + rss.format("comments/feed/"))
    pages |= {"/rss/berita": _rss(NEWS), "/comments/feed/": 403, "/berita": _frame(_cards(NEWS)),
              "/robots.txt": "<!-- -->\nUser-agent: *\nDisallow: /berita$\n"}  # fmt: skip
    read = read_pages(pages, SINCE)

    assert read.covers is not None
    assert f"{BASE}/berita" not in read.asked


@pytest.mark.parametrize(
    ("path", "outcome"), [("/", Outcome.BLOCKED), ("/feed/", Outcome.BLOCKED), ("/berita", Outcome.PARTIAL)]
)
def test_a_site_that_is_asked_too_much_is_not_tried_by_another_way(path: str, outcome: Outcome) -> None:
    """429 to its front page, feed or list: that question is the last, and the look proves nothing."""
    read = read_pages({**_pages(), "/feed/": _rss(NEWS[:2]), path: 429}, SINCE)

    assert read.outcome is outcome
    assert read.asked[-1] == BASE + path
    assert read.covers is None


@pytest.mark.parametrize("said", ["", "<div>Diperbarui: 30 April 2024 10.00 WIB</div>"])
@pytest.mark.parametrize("name", ["/feed/", "/sitemap.xml"])
def test_an_article_of_which_nothing_tells_the_day_forbids_the_claim(name: str, said: str) -> None:
    """Its list names it without a date of publication, and its page has none: it may be of the wanted time."""
    page = _frame(f"<h1>{PLEDGE[1]}</h1>{said}<div><p>Warga dan perangkat desa mengucapkan ikrar di pendapa.</p></div>")
    pages = {**_pages(), "/berita": _frame(_cards(NEWS)), PLEDGE[0]: page}
    undated = _rss([PLEDGE]).partition("<pubDate>")[0].rpartition("<item>")[2]
    pages["/feed/"] = _rss(NEWS).replace("<item>", f"<item>{undated}</item><item>", 1)
    texts = {"/feed/": pages.pop("/feed/"), "/sitemap.xml": _sitemap([PLEDGE, *NEWS])}
    read = read_pages({**pages, name: texts[name]}, SINCE)

    assert read.covers is None
    assert any(PLEDGE[0] in note for note in read.notes)


def test_a_standing_page_in_a_sitemap_needs_no_date() -> None:
    """Who the agency is was put right yesterday: no article, and no reason to claim nothing."""
    about = ("/profil/tugas-pokok-dan-fungsi", "Tugas", NOW - timedelta(hours=20))
    pages = {**_pages(), "/berita": _frame(_cards(NEWS)), about[0]: _frame("<h1>Tugas</h1><p>Kami melayani warga.</p>")}

    assert read_pages({**pages, "/sitemap.xml": _sitemap([about, *NEWS])}, SINCE).covers is not None


@pytest.mark.parametrize("name", ["/feed/", "/sitemap.xml", "/berita"])
def test_the_front_page_in_an_article_s_place_is_not_read_as_the_article(name: str) -> None:
    """Sites lead what they took down to their front page, which shows the headline, and a banner, of its own."""
    words = "<p>Kecamatan melayani warga setiap hari kerja, dan bersama warga tolak tip: ikrar sepanjang tahun.</p>"
    poster = f'<article><h1>Kecamatan</h1>{words}<img src="/up/poster.jpg"></article>'
    front = _frame(poster + _cards([PLEDGE, *NEWS[:6]]))
    pages = {**_pages(), PLEDGE[0]: "-> /", "/": front, "/berita": _frame(_cards(NEWS))}
    texts = {"/feed/": _rss([PLEDGE, *NEWS]), "/sitemap.xml": _sitemap([PLEDGE, *NEWS]),
             "/berita": _frame(_cards([PLEDGE, *NEWS]))}  # fmt: skip
    read = read_pages({**pages, name: texts[name]}, SINCE)
    found = [one for one in read.posts if one.url.endswith(PLEDGE[0])]

    assert f"{BASE}/" not in [one.url for one in read.posts]
    assert [one.media for one in found] == [()] * len(found)
    assert all(one.unread for one in found) if found else read.covers is None
