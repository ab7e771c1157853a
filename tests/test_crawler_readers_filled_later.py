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
    "AMP's": ('<amp-iframe src="https://www.youtube.com/embed/AbCdEf12345"></amp-iframe>',
              "https://www.youtube.com/embed/AbCdEf12345"),
    "a tweet in AMP": ('<amp-twitter data-tweetid="1786543210987654321"></amp-twitter>',
                       "https://x.com/i/status/1786543210987654321"),
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
    "a linked clip": '<p>Unduh videonya <a href="/up/iklan.mp4">di sini</a>.</p>',
    "a linked picture": f'<p>Unduh posternya <a href="{POSTER}">di sini</a>.</p>',
    "a linked poster as PDF": '<p>Unduh posternya <a href="/up/poster.pdf">di sini</a>.</p>',
    "a linked video on Drive": '<p>Tonton <a href="https://drive.google.com/file/d/1AbC/view">video kami</a>.</p>',
    "a clip in a tab": '<div style="display:none"><video src="/up/iklan.mp4"></video></div>',
    "a clip that only a player can name": '<video data-hls="/up/iklan.m3u8"></video>',
    "a clip of another service in AMP": '<amp-vimeo data-videoid="27246366"></amp-vimeo>',
    "a variable of a style": f'<div style="--latar:url({POSTER})"></div>',
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
    "a decree": '<p>Unduh <a href="/up/keputusan-12.pdf">keputusan bupati</a>.</p>',
    "a letter on Drive": '<p>Unduh <a href="https://drive.google.com/file/d/1AbC/view">surat edaran</a>.</p>',
    "a preview that opens": f'<a href="{POSTER}"><img src="/up/poster-300x200.jpg"></a>',
    "an empty frame": '<iframe src="about:blank"></iframe>',
}  # fmt: skip


CLIP_FILES = {
    "a video": '<video src="/up/iklan.mp4"></video>',
    "a lazy video": '<video data-lazy-src="/up/iklan.mp4"></video>',
    "a lazy source": '<video><source data-src="/up/iklan.mp4"><a href="/up/iklan.mp4">iklan</a></video>',
    "a frame": '<iframe src="/up/iklan.mp4"></iframe>',
    "a lazy frame": '<iframe data-src="/up/iklan.mp4"></iframe>',
    "an object": '<object data="/up/iklan.mp4"></object>',
    "an object's parameter": '<object><param name="movie" value="/up/iklan.mp4"></object>',
    "an embed": '<p><embed src="/up/iklan.mp4"></p>',
    "AMP": '<amp-video><source src="/up/iklan.mp4"></amp-video>',
}  # fmt: skip


def body(held: str) -> str:
    return f"{FIRST}</p>{held}{LAST}"


@pytest.mark.parametrize("name", SHOWN)
def test_a_player_s_clip_is_an_embed_as_any_other(name: str) -> None:
    """The official clip in it is a match; by REST and feed as on the page."""
    held, url = SHOWN[name]

    assert url in _read(f'<div class="teks">{body(held)}</div>').fragment.links
    assert url in read_body(body(held), "https://dinas.example/berita/ikrar")[0].links


@pytest.mark.parametrize("name", CLIP_FILES)
def test_a_clip_s_file_is_the_article_s_video_however_it_is_shown(name: str) -> None:
    """In a frame or object it was a link only: nobody fetched the campaign's film, and it was called missing."""
    held, url = CLIP_FILES[name], "https://dinas.example/up/iklan.mp4"
    article = _read(f'<div class="entry-content">{body(held)}</div>', '<meta name="generator" content="WordPress">')

    assert article.fragment.videos == (url,)
    assert article.unread is None
    assert read_body(body(held), "https://dinas.example/berita/ikrar")[0].videos == (url,)


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
