"""A picture above the headline is the article's or the site's, as other pages tell; else absence is not claimed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from listing_sites import BASE, NOW, Paper, Piece, read_pages

from crawler.items import Post

PIECES = tuple(Piece(900 - n, f"Camat memimpin apel bersama warga {900 - n}", NOW - timedelta(hours=1 + 40 * n))
               for n in range(14))  # fmt: skip
NEWEST = Paper(PIECES).address(PIECES[0])
POSTER = f"{BASE}/up/poster.jpg"
BANNER = '<div class="atas-sekali"><img src="/up/poster.jpg"></div>'
CARD = f'<div class="kartu"><a href="{NEWEST}"><img src="/up/poster-300x200.jpg"></a></div>'
GALLERY = '</article><div class="galeri"><img src="/up/poster.jpg"></div>'
PROFILE = "/profil"
NAMED = '<head><meta property="og:image" content="/up/poster.jpg">'


def _pages(on: dict[str, str], every_article: str = "", pieces: tuple[Piece, ...] = PIECES) -> dict[str, str]:
    """The site with further HTML right behind <body>; in `on` by address."""
    paper = Paper(pieces)
    pages = paper.answers()
    for one in pieces:
        on = {paper.address(one): every_article, **on}
    return {path: page.replace("<body>", f"<body>{on.get(path, '')}") for path, page in pages.items()}


def _newest(pages: dict[str, str]) -> Post:
    read = read_pages(pages, NOW - timedelta(days=1))
    [post] = [one for one in read.posts if one.url == BASE + NEWEST]
    return post


def _pictures(post: Post) -> list[str]:
    return [one.url for one in post.media]


def test_what_no_other_page_shows_is_the_article_s_own() -> None:
    """The front page and two other articles have no such picture."""
    post = _newest(_pages({NEWEST: BANNER}))

    assert _pictures(post) == [POSTER]
    assert post.unread is None


def test_what_the_front_page_links_to_the_article_is_its_own() -> None:
    """Its card shows the poster in a smaller size; nothing further is asked."""
    pages = _pages({NEWEST: BANNER, "/": CARD})

    assert _pictures(_newest(pages)) == [POSTER]


@pytest.mark.parametrize("front", [BANNER, '<div style="display:none"><img src="/up/poster.jpg"></div>'])
def test_a_banner_of_the_whole_site_is_no_article_s_picture(front: str) -> None:
    """The campaign's poster in a slot of the template: nobody published it as an article."""
    post = _newest(_pages({"/": front}, every_article=BANNER))

    assert _pictures(post) == []
    assert post.unread is None


def test_a_banner_that_is_also_named_for_sharing_is_still_the_site_s() -> None:
    """A template that shows and names the poster everywhere makes it nobody's news."""
    pages = {path: page.replace("<head>", NAMED) for path, page in _pages({"/": BANNER}, every_article=BANNER).items()}

    assert _pictures(_newest(pages)) == []


def test_a_banner_of_all_articles_of_weeks_is_the_site_s() -> None:
    """The front page is without it; two articles that are more than a week older are not."""
    post = _newest(_pages({}, every_article=BANNER))

    assert _pictures(post) == []
    assert post.unread is None


def test_a_poster_that_several_articles_of_one_week_show_stays_open() -> None:
    """Three articles of the campaign in three days: neither a banner for certain nor one article's alone."""
    near = tuple(Piece(one.number, one.title, NOW - timedelta(hours=1 + 9 * n)) for n, one in enumerate(PIECES))
    post = _newest(_pages({}, every_article=BANNER, pieces=near))

    assert _pictures(post) == []
    assert post.unread


def test_without_anything_to_compare_it_stays_open() -> None:
    """A site of one article, or one whose others cannot be had."""
    pages = _pages({NEWEST: BANNER}, pieces=PIECES[:1])

    assert _newest(pages).unread


def test_a_witness_that_is_read_later_is_asked_once() -> None:
    """The second article of the wanted time is the first one's witness."""
    read = read_pages(_pages({NEWEST: BANNER}), NOW - timedelta(days=40))

    assert len(read.urls) == len(PIECES)
    assert max(map(read.asked.count, map(Paper(PIECES).address, PIECES))) <= 1


@pytest.mark.parametrize(
    ("front", "is_open"), [("", True), (NAMED, False), (BANNER, False), (CARD, True)]
)  # fmt: skip
def test_a_picture_named_for_sharing_alone_counts_never(front: str, is_open: bool) -> None:
    """The site's own one casts no doubt; another may be shown in a way that cannot be seen."""
    pages = _pages({"/": front if front != NAMED else ""})
    for path in pages if not is_open else [NEWEST]:
        if path != "/" or front == NAMED:
            pages[path] = pages[path].replace("<head>", NAMED)
    post = _newest(pages)

    assert _pictures(post) == []
    assert bool(post.unread) is is_open


@pytest.mark.parametrize("named", ["", NAMED])
def test_a_slider_of_the_front_page_takes_no_picture_from_its_article(named: str) -> None:
    """It shows the newest articles' pictures without a link: what no other article has is not the site's banner."""
    pages = _pages({"/": '<div class="slider"><img src="/up/poster.jpg"><h5>Camat memimpin apel</h5></div>',
                    NEWEST: BANNER})  # fmt: skip
    pages[NEWEST] = pages[NEWEST].replace("<head>", named or "<head>")
    post = _newest(pages)

    assert _pictures(post) == ([POSTER] if named else [])
    assert bool(post.unread) is not bool(named)


def test_a_banner_above_the_newest_article_s_card_is_still_the_site_s() -> None:
    """The first link below it leads to that very article; two others have the banner as well."""
    post = _newest(_pages({"/": f'{BANNER}<a href="{NEWEST}">Camat memimpin apel</a>'}, every_article=BANNER))

    assert _pictures(post) == []
    assert post.unread is None


@pytest.mark.parametrize("sharing", [False, True])
def test_a_slide_under_the_article_s_headline_is_its_picture(sharing: bool) -> None:
    """Without a link, and whether or not another article shows the same poster."""
    slide = f'<div class="slider"><img src="/up/poster.jpg"><h5>{PIECES[0].title}</h5></div>'
    post = _newest(_pages({"/": slide, NEWEST: BANNER}, every_article=BANNER if sharing else ""))

    assert (_pictures(post), post.unread) == ([POSTER], None)


def test_a_poster_that_two_articles_share_is_not_the_site_s() -> None:
    """A slider shows it without a link, and one of the two articles compared has it: it may be either's."""
    paper = Paper(PIECES)
    pages = _pages({"/": BANNER, NEWEST: BANNER, paper.address(PIECES[9]): BANNER})

    assert _newest(pages).unread


@pytest.mark.parametrize("named", ["<head>", NAMED])
@pytest.mark.parametrize("on_profile", [True, False])
def test_a_banner_of_a_site_of_one_article_is_the_site_s_where_its_profile_has_it(named: str, on_profile: bool) -> None:
    """Who the agency is and where are no articles; without them it stays open."""
    on = {"/": BANNER, PROFILE: BANNER if on_profile else "", "/kontak": BANNER}
    pages = _pages(on, BANNER, PIECES[:1])
    pages |= {path: pages[path].replace("<head>", named) for path in ("/", NEWEST)}
    post = _newest(pages)

    assert _pictures(post) == []
    assert bool(post.unread) is not on_profile


def test_a_gallery_below_the_article_is_never_lost_and_never_counted() -> None:
    """No other page shows it: the article's own, or a banner that changes."""
    pages = _pages({})
    pages[NEWEST] = pages[NEWEST].replace("</article>", GALLERY)

    assert _pictures(_newest(pages)) == []
    assert _newest(pages).unread
    pages["/"] = pages["/"].replace("<body>", f"<body>{CARD}")
    assert (_pictures(_newest(pages)), _newest(pages).unread) == ([POSTER], None)


@pytest.mark.parametrize("where", ["<header>{}</header>", "<header><nav></nav>{}</header>"])
def test_a_banner_in_the_header_of_all_pages_is_the_site_s(where: str) -> None:
    """Looked at, because themes keep a leading picture there, and settled by the front page and two articles."""
    banner = where.format('<img src="/up/poster.jpg">')

    assert _newest(_pages({"/": banner}, every_article=banner)).unread is None
    assert _newest(_pages({NEWEST: banner})).unread


def test_an_article_is_not_its_own_witness() -> None:
    """It was asked as one before: of the newest, whose picture was open."""
    paper = Paper(PIECES)
    oldest = paper.address(PIECES[-1])
    pages = _pages({"/": BANNER, NEWEST: BANNER.replace("poster", "lain"), oldest: BANNER,
                    paper.address(PIECES[-2]): BANNER})  # fmt: skip
    read = read_pages(pages, NOW - timedelta(days=40))
    [post] = [one for one in read.posts if one.url == BASE + oldest]

    assert post.unread


def test_a_picture_hidden_in_a_tab_that_a_slider_shows_stays_open() -> None:
    """The front page shows it unlinked; no other article has it."""
    tab = '<div class="tab" style="display:none"><img src="/up/poster.jpg"></div>'

    assert _newest(_pages({"/": BANNER, NEWEST: tab})).unread


def test_a_banner_of_the_article_template_that_is_named_for_sharing_is_the_site_s() -> None:
    """The front page is without it; two articles of weeks ago show and name it as well."""
    pages = {path: page if path == "/" else page.replace("<head>", NAMED)
             for path, page in _pages({}, every_article=BANNER).items()}  # fmt: skip

    assert (_pictures(_newest(pages)), _newest(pages).unread) == ([], None)


@pytest.mark.parametrize(("front", "is_open"), [("", True), ("other", False), ("own", False)])
def test_a_linked_picture_in_the_body_is_whose_the_front_page_says(front: str, is_open: bool) -> None:
    """It leads to another article, and no headline stands beside it."""
    other = Paper(PIECES).address(PIECES[3])
    pages = _pages({"/": {"": "", "other": CARD.replace(NEWEST, other), "own": CARD}[front]})
    pages[NEWEST] = pages[NEWEST].replace("</p></article>", f'</p><p><a href="{other}">{BANNER}</a></p></article>')
    post = _newest(pages)

    assert _pictures(post) == ([POSTER] if front == "own" else [])
    assert bool(post.unread) is is_open


@pytest.mark.parametrize(("everywhere", "is_open"), [(True, False), (False, True)])
def test_an_embed_outside_of_the_body_is_the_site_s_where_all_pages_have_it(everywhere: bool, is_open: bool) -> None:
    """The agency's own clip in a column of the template; on one page alone it may be the official post."""
    clip = '<div class="kolom"><iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ"></iframe></div>'
    post = _newest(_pages({NEWEST: clip, "/": clip if everywhere else ""}, every_article=clip if everywhere else ""))

    assert bool(post.unread) is is_open
    assert post.links == ()


LEADING = '<div class="atas-sekali"><a href="/kampanye"><img src="/up/poster.jpg"></a></div>'


def test_a_poster_that_leads_to_the_campaign_s_page_is_open() -> None:
    """Above the headline, on this page alone: it may be the article's, it may be a banner of the day."""
    post = _newest(_pages({NEWEST: LEADING}))

    assert _pictures(post) == []
    assert post.unread


@pytest.mark.parametrize("href", ["/kampanye", "https://kpk.example/"])
def test_a_banner_that_leads_to_a_page_leaves_no_article_open(href: str) -> None:
    """Every page has it: it is the site's, and costs no proof."""
    banner = LEADING.replace("/kampanye", href)
    post = _newest(_pages({"/": banner}, every_article=banner))

    assert _pictures(post) == []
    assert post.unread is None
