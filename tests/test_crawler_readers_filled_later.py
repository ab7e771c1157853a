"""What scripts and frames show in a body -> linked where its address says what it is, else open; never overlooked."""

from __future__ import annotations

import html
import json

import pytest
from test_crawler_readers_beside import FIRST, LAST, POSTER, _read

from crawler.readers.inside import read_body

CLIP = "https://www.youtube.com/watch?v=AbCdEf12345"


def settings(told: object) -> str:
    return html.escape(json.dumps(told).replace("/", "\\/"))


SHOWN = {
    "Elementor's player": (
        f'<div class="elementor-widget-video" data-settings="{settings({"youtube_url": CLIP})}"></div>', CLIP),
    "Plyr": ('<div data-plyr-provider="youtube" data-plyr-embed-id="AbCdEf12345"></div>', CLIP),
    "a lazy player": ('<div class="youtube-player" data-id="AbCdEf12345"></div>', CLIP),
    "WP Rocket's": (
        '<div class="rll-youtube-player" data-src="https://www.youtube.com/embed/AbCdEf12345"></div>',
        "https://www.youtube.com/embed/AbCdEf12345"),
    "CKEditor's": (f'<figure class="media"><oembed url="{CLIP}"></oembed></figure>', CLIP),
    "Telegram's widget": (
        '<script async src="https://telegram.example/widget.js" data-telegram-post="dinas/123"></script>',
        "https://t.me/dinas/123"),
}  # fmt: skip
OPEN = {
    "Elementor's slides": f'<div data-settings="{settings({"slideshow": [{"url": POSTER}]})}"></div>',
    "a slider's preview": f'<ul><li data-thumb="{POSTER}"></li></ul>',
    "a parallax background": f'<div data-parallax="scroll" data-image-src="{POSTER}"></div>',
    "Smart Slider": '<div class="n2-ss-slide" data-desktop="//dinas.example/up/poster.jpg"></div>',
    "a gallery's item": f'<div class="item" data-src="{POSTER}"></div>',
    "PDF Embedder": '<a href="/up/poster.pdf" class="pdfemb-viewer">poster</a>',
    "dFlip": '<div class="_df_book" source="https://dinas.example/up/poster.pdf"></div>',
    "Drive": '<iframe src="https://drive.google.com/file/d/1AbC/preview"></iframe>',
    "a document": '<iframe src="https://docs.google.com/document/d/e/2PACX/pub?embedded=true"></iframe>',
    "Canva": '<iframe data-src="https://www.canva.com/design/DAF/view?embed"></iframe>',
    "the site's own frame": '<iframe src="/up/poster.html"></iframe>',
    "a frame that is written out": '<iframe srcdoc="&lt;img src=/up/poster.jpg&gt;"></iframe>',
    "a player's script": '<script>jwplayer("v").setup({file: "https://dinas.example/up/iklan.mp4"});</script>',
    "a script that writes": "<script>document.write(\"<img src='/up/poster.jpg'>\")</script>",
    "data of a slider": f'<script type="application/json">{json.dumps({"slides": [POSTER]})}</script>',
    "a feed of Instagram": '<div class="elfsight-app-1234"></div>',
    "a sound": '<audio src="/up/iklan.mp3" controls></audio>',
}  # fmt: skip
NOTHING = {
    "a map": '<iframe src="https://www.google.com/maps/embed?pb=1"></iframe>',
    "a like button": '<iframe src="https://www.facebook.com/plugins/like.php?href=x"></iframe>',
    "an advertisement": '<iframe src="https://x.doubleclick.net/ad"></iframe>',
    "what is shown anyway": f'<figure data-full="{POSTER}"><img src="/up/poster-300x200.jpg"></figure>',
    "a button's picture": f'<div class="share-buttons" data-image="{POSTER}"></div>',
    "a schema": f'<script type="application/ld+json">{json.dumps({"image": POSTER})}</script>',
    "a script without files": "<script>var jumlah = 12; hitung('berita', jumlah);</script>",
    "an empty frame": '<iframe src="about:blank"></iframe>',
}  # fmt: skip


def body(held: str) -> str:
    return f"{FIRST}</p>{held}{LAST}"


@pytest.mark.parametrize("name", SHOWN)
def test_a_player_s_clip_is_an_embed_as_any_other(name: str) -> None:
    """The official clip in it is a match; by REST and feed as on the page."""
    held, url = SHOWN[name]

    assert url in _read(f'<div class="teks">{body(held)}</div>').fragment.links
    assert url in read_body(body(held), "https://dinas.example/berita/ikrar")[0].links


@pytest.mark.parametrize("name", OPEN)
def test_what_a_script_or_frame_shows_is_open(name: str) -> None:
    """It is before every visitor's eyes and was not read: what was read counts, absence does not."""
    assert _read(f'<div class="teks">{body(OPEN[name])}</div>').unread
    assert read_body(body(OPEN[name]), "https://dinas.example/berita/ikrar")[1]


@pytest.mark.parametrize("name", NOTHING)
def test_what_shows_no_statement_leaves_nothing_open(name: str) -> None:
    """Maps, buttons, advertisements, data that repeats what is shown."""
    assert _read(f'<div class="teks">{body(NOTHING[name])}</div>').unread is None
    assert read_body(body(NOTHING[name]), "https://dinas.example/berita/ikrar")[1] is None
