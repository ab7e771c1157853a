"""Posts of other services that an article shows -> what is not fetched is not called missing, what is known is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Span
from crawler.readers.inside import read_body
from crawler.readers.shown_posts import ELSEWHERE
from pipelines.items import Duty
from pipelines.media.fingerprint import FINGERPRINT_VERSION
from pipelines.store import Store
from pipelines.verify import judge_all
from tests.questions_store import CAMPAIGN, MATERIAL, Facts, at
from tests.site_looks import articles, look_at, same_site

PAGE = "https://dinas.example/berita/ikrar"
CLIP = "https://www.youtube.com/embed/abcdefghijk"
TWEET = '<blockquote class="twitter-tweet"><a href="https://twitter.com/dinas/status/123">Tolak tip</a></blockquote>'


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (f'<iframe src="{CLIP}"></iframe>', [CLIP]),
        (f'<p><a href="{CLIP}">Tonton</a></p>', []),
        ('<iframe src="https://www.google.com/maps/embed?pb=1"></iframe>', []),
        ('<div class="fb-post" data-href="https://www.facebook.com/dinas/posts/123"></div>',
         ["https://www.facebook.com/dinas/posts/123"]),
        (TWEET, ["https://twitter.com/dinas/status/123"]),
    ],
)  # fmt: skip
def test_what_is_shown_is_told_from_what_is_linked(html: str, shown: list[str]) -> None:
    """A reader sees the clip in the article; a link they may follow or not."""
    found, _ = read_body(f"<p>Ikrar antikorupsi</p>{html}", PAGE)

    assert list(found.embeds) == shown
    assert set(found.embeds) <= set(found.links)


@pytest.mark.parametrize("kind", ["wordpress", "feed", "listing"])
def test_nobody_asks_another_service_for_it(kind: str) -> None:
    """By whichever way the article came; not even for its robots.txt."""
    newest = articles(1)[0]
    clip = f'{newest.html_body}<p>Simak bersama.</p><iframe src="{CLIP}"></iframe>'
    seen = look_at(same_site(kind, articles=(replace(newest, html_body=clip), *articles(12)[1:])))

    assert [one.url for post in seen.posts for one in post.media if one.trouble == ELSEWHERE] == [CLIP]
    assert not [url for url in seen.asked if "youtube" in url]


def an_embed(url: str) -> dict[str, Any]:
    return {"media_id": f"news:{url}", "kind": "video", "url": url, "sha256": None, "trouble": ELSEWHERE}


def verdict_of(home: Path, embeds: list[str], needs_media: bool = True, others: str = "") -> tuple[str, str]:
    """Of a site that was read whole and whose one article shows these; `others`: the picture of its Instagram post."""
    home.mkdir(exist_ok=True)
    facts = Facts(home)
    facts.agency("a", "opd", "a")
    facts.material()
    facts.add("material_rows", campaign_id=CAMPAIGN, material_id="lain", title="lain", kind="video", mode="same",
              reference_id="ref-lain", links=["https://youtu.be/resmiresmi1"])  # fmt: skip
    for channel in ("news", "instagram"):
        facts.look("a", at(21, 2), (at(19), at(21, 2)), channel=channel)
    facts.post("n", "a", at(20, 9), channel="news", url=PAGE, media=[an_embed(one) for one in embeds])
    picture = {"media_id": "i", "kind": "image", "url": "", "sha256": others or None, "trouble": None}
    facts.post("CxOwn000001", "a", at(20, 8), media=[picture])
    facts.add("fingerprint_rows", sha256="known", version=FINGERPRINT_VERSION, kind="image", data=b"", trouble=None)
    store = Store(home / "tayang.duckdb")
    store.prepare()
    store.append(facts.tables)
    accounts = ("news:a", "instagram:a")
    duty = Duty(CAMPAIGN, MATERIAL, "a", Span(at(20), at(21)), accounts=accounts, needs_media=needs_media)
    [verdict] = judge_all(store, [duty], at(22))
    return verdict.status.value, verdict.reason


def test_a_clip_that_nobody_fetched_may_be_the_material(tmp_path: Path) -> None:
    """An agency's own upload of the campaign's film: nothing found is not nothing shown."""
    assert verdict_of(tmp_path, [CLIP], others="known") == ("unknown", "media_unavailable")


def test_a_duty_of_words_does_not_wait_for_a_clip(tmp_path: Path) -> None:
    """The article's text was read."""
    assert verdict_of(tmp_path, [CLIP], needs_media=False, others="known") == ("missing", "")


def test_an_official_post_is_known(tmp_path: Path) -> None:
    """Whoever shows another material's official post shows that one."""
    shown = ["https://www.youtube.com/embed/resmiresmi1?rel=0"]

    assert verdict_of(tmp_path, shown, others="known") == ("missing", "")
    assert verdict_of(tmp_path / "both", [*shown, CLIP], others="known") == ("unknown", "media_unavailable")


def test_the_agencys_own_post_that_was_seen_whole_is_known(tmp_path: Path) -> None:
    """It is judged where it stands; one of which a picture is lacking tells nothing."""
    own = ["https://www.instagram.com/p/CxOwn000001/embed/captioned/"]

    assert verdict_of(tmp_path, own, others="known") == ("missing", "")
    assert verdict_of(tmp_path / "dark", own) == ("unknown", "media_unavailable")
