"""Posts long and short in every frame, beside cards and lists of others -> none of their words or pictures enters, and
what is lost of the post leaves it open."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from test_crawler_readers_beside import FIRST, IMAGE, LAST, TEXT
from test_crawler_readers_headline import DAY, NAMED, SECTION, TITLE, read

PLEDGE = "Kami berjanji menolak setiap pemberian dari siapa pun."
OTHERS = "Laporkan gratifikasi kepada unit pengendalian dalam waktu tiga puluh hari"
HEAD = f"<h1>{TITLE}</h1>{DAY}"
WORDS = [line.removeprefix("<p>") for line in (FIRST, *LAST.split("</p>"))][:2]
POSTS = {
    "long": f"{TEXT}<p>{PLEDGE}</p>{IMAGE}",
    "short": f"<p>{PLEDGE}</p>{IMAGE}",
    "line breaks": f"{IMAGE}<br>{'<br>'.join((*WORDS, PLEDGE))}",
    "a line": f"{IMAGE}<br>{PLEDGE}",
    "centred": f"<center>{IMAGE}<br><b>{PLEDGE}</b></center>",
    "a call": f"{IMAGE}<p>Kami berjanji menolak setiap pemberian!</p>",
    "divisions": "".join(f"<div>{one}</div>" for one in (*WORDS, PLEDGE)) + IMAGE,
    "a list": f"{TEXT}<ul><li>{PLEDGE}</li><li>Melapor bila menerima sesuatu.</li></ul>{IMAGE}",
}  # fmt: skip
LIST = "".join(f'<li><a href="/berita/lain-{n}">{OTHERS} {n}</a></li>' for n in range(4))
CARDS = "".join(
    f'<div class="kartu"><a href="/berita/lain-{n}"><img src="/up/lain.jpg"></a>'
    f'<h5><a href="/berita/lain-{n}">Kabar lain nomor {n} dari desa</a></h5><p>{OTHERS} {n}.</p></div>'
    for n in range(4)
)
FRAMES: dict[str, Callable[[str], str]] = {
    "a column beside a list": lambda post: f"<div>{HEAD}<div>{post}</div></div><div><ul>{LIST}</ul></div>",
    "a column beside cards": lambda post: f"<div>{HEAD}<div>{post}</div></div><div>{CARDS}</div>",
    "cards below": lambda post: f"<div>{HEAD}<div>{post}</div><div>{CARDS}</div></div>",
    "loose above cards": lambda post: f"<div>{HEAD}{post}<div>{CARDS}</div></div>",
    "a table": lambda post: f"<table><tr><td>{HEAD}<br>{post}</td><td><ul>{LIST}</ul></td></tr></table>",
    "<article> with cards": lambda post: f"<article>{HEAD}<div>{post}</div><div>{CARDS}</div></article>",
    "<main> with cards": lambda post: f"<main>{HEAD}<div>{post}</div><section>{CARDS}</section></main>",
    "a named body": lambda post: f'<article>{HEAD}<div class="isi-berita">{post}</div></article><aside>{CARDS}</aside>',
    "a small headline": lambda post: f"{SECTION}<div><h3>{TITLE}</h3>{DAY}<div>{post}</div></div><div>{CARDS}</div>",
    "cards above": lambda post: f"<div>{CARDS}</div><div>{HEAD}<div>{post}</div></div>",
}


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("post", POSTS)
def test_no_other_s_words_enter_and_nothing_is_lost_in_silence(post: str, frame: str) -> None:
    """A photo with a line of text is what campaigns look like; four teasers beside it are longer than it is."""
    article = read(FRAMES[frame](POSTS[post]), NAMED)
    found = article.fragment

    assert "gratifikasi" not in found.text
    assert not any("lain" in one for one in found.images)
    assert article.unread or ("berjanji menolak" in found.text and any("poster" in one for one in found.images))
    assert article.published


def test_a_card_between_paragraphs_may_be_the_article_s() -> None:
    """Editors set a box of their own there: what it says beside its link is not taken for another article's."""
    own = f'<div><h4><a href="/layanan/a">Layanan aduan gratifikasi daring</a></h4><p>{PLEDGE}</p></div>'
    other = '<div><h4><a href="/layanan/b">Layanan konsultasi langsung di loket</a></h4><p>Buka tiap hari.</p></div>'

    assert read(f"<div>{HEAD}{FIRST}</p>{own}{other}{LAST}</div>", NAMED).unread
