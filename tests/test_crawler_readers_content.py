"""A piece of HTML -> every picture and embed that a person sees there."""

from __future__ import annotations

import pytest

from crawler.readers.content import MAX_IMAGES
from crawler.readers.inside import read_body

URL = "https://dinas.example/berita/ikrar"
POSTER = "https://dinas.example/up/poster.jpg"
EMPTY = "data:image/gif;base64,R0lG"


@pytest.mark.parametrize(
    "html",
    [
        "<div style=\"background-image: url('/up/poster.jpg')\"></div>",
        '<div class="lazy" data-bg="/up/poster.jpg"></div>',
        f'<picture><source srcset="/up/poster.jpg" type="image/webp"><img src="{EMPTY}"></picture>',
        f'<img src="{EMPTY}"><noscript><img src="/up/poster.jpg"></noscript>',
        f'<img src="{EMPTY}" data-lazyload="/up/poster.jpg">',
        '<img src="/assets/loading.gif" data-echo="/up/poster.jpg">',
        f'<img src="{EMPTY}" data-srcset="/up/poster.jpg">',
        '<a href="/up/poster.jpg"><img width="75" src="/up/poster-75x75.jpg"></a>',
    ],
)
def test_a_picture_is_found_however_it_is_shown(html: str) -> None:
    """Backgrounds, sources of <picture>, any lazy attribute, and what a small preview opens."""
    found, unread = read_body(f"<p>Ikrar</p>{html}", URL)

    assert found.images == (POSTER,)
    assert unread is None


def test_a_poster_may_speak_of_icons_and_logos() -> None:
    """Only a file that is called nothing else is an ornament."""
    found, _ = read_body('<img src="/up/poster-logo-antikorupsi.jpg"><img src="/img/logo.png">', URL)

    assert found.images == ("https://dinas.example/up/poster-logo-antikorupsi.jpg",)


@pytest.mark.parametrize(
    ("html", "link"),
    [
        ('<div class="fb-post" data-href="https://www.facebook.com/kpk/posts/1"></div>',
         "https://www.facebook.com/kpk/posts/1"),
        ('<iframe data-litespeed-src="https://www.instagram.com/p/ABC/embed"></iframe>',
         "https://www.instagram.com/p/ABC/embed"),
        ('<lite-youtube videoid="abc"></lite-youtube>', "https://www.youtube.com/watch?v=abc"),
    ],
)  # fmt: skip
def test_an_embed_is_found_however_it_is_loaded(html: str, link: str) -> None:
    """Facebook's own, and what caches load later."""
    assert read_body(html, URL)[0].links == (link,)


@pytest.mark.parametrize(
    "html",
    [
        "".join(f'<img src="/up/{n}.jpg">' for n in range(MAX_IMAGES + 5)),
        '<object data="/up/poster.pdf"></object>',
        '<iframe src="/viewer?file=/up/poster.pdf"></iframe>',
    ],
)
def test_what_is_shown_and_cannot_be_looked_at_makes_the_article_unread(html: str) -> None:
    """The poster may be the twenty-first picture, or a page of the PDF."""
    assert read_body(f"<p>Ikrar</p>{html}", URL)[1]
