"""Lines around an article's body that no reading has -> open where they may be a campaign's; ordinary ones are not."""

from __future__ import annotations

import pytest
from test_crawler_readers_beside import FIRST, IMAGE, LAST, TEXT
from test_crawler_readers_headline import NAMED, TITLE, read

WORDPRESS = f'<meta name="generator" content="WordPress">{NAMED}'
BODY = f'<div class="entry-content">{TEXT}</div>'
PLEDGE = "Kami berjanji menolak setiap pemberian dari siapa pun"
OPEN = {
    "a paragraph behind the body": f"{BODY}<p>{PLEDGE}.</p>",
    "a quotation behind it": f'{BODY}<div class="kutipan"><blockquote>{PLEDGE}.</blockquote></div>',
    "a hashtag in a caption": f"<figure>{IMAGE}<figcaption>Apel #TolakTip di pendapa</figcaption></figure>{BODY}",
    "a call in a caption": f"<div>{IMAGE}<p>Layanan kami gratis!</p></div>{BODY}",
    "a short line with a hashtag": f"<p>#TolakTip #Jujur</p>{BODY}",
    "a link off the site that no reading has": (
        f'<div class="isi">{FIRST}</p><p><a href="https://kpk.example/kampanye">{PLEDGE}</a></p>{LAST}</div>'),
}  # fmt: skip
NOTHING = {
    "an ordinary caption": f"<figure>{IMAGE}<figcaption>Suasana apel pagi di pendapa</figcaption></figure>{BODY}",
    "who wrote it": f"{BODY}<p>Penulis: Humas Kecamatan Wedi Kabupaten Contoh</p>",
    "the section of comments": f"{BODY}<h3>Komentar</h3><p>Saya setuju, semoga benar-benar dijalankan oleh semua.</p>",
    "a form": f"{BODY}<form><p>Silakan tulis tanggapan Anda dengan bahasa yang santun.</p></form>",
    "another article's headline": (
        f'<div class="isi">{FIRST}</p><p><a href="/berita/lain-yang-panjang">{PLEDGE}</a></p>{LAST}</div>'),
    "a source": f'<div class="isi">{TEXT}<p><a href="https://kpk.example/x">https://kpk.example/siaran/x-12</a></p></div>',
}  # fmt: skip


@pytest.mark.parametrize("name", OPEN)
def test_a_line_that_may_be_the_campaign_s_leaves_the_article_open(name: str) -> None:
    """It is before every visitor's eyes and was not read: what was read counts, absence does not."""
    assert read(f"<main><h1>{TITLE}</h1>{OPEN[name]}</main>", WORDPRESS if BODY in OPEN[name] else NAMED).unread


@pytest.mark.parametrize("name", NOTHING)
def test_an_ordinary_line_does_not(name: str) -> None:
    """Marked for what stands on every page, no site could ever be observed."""
    article = read(f"<main><h1>{TITLE}</h1>{NOTHING[name]}</main>", WORDPRESS if BODY in NOTHING[name] else NAMED)

    assert article.unread is None
