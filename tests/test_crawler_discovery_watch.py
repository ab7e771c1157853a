"""A redesign shows up the same day as `unreadable`, and what only looks like one does not."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from crawler.coverage import conclude
from crawler.discovery.watch import Habit, departure
from crawler.errors import Unreadable
from crawler.items import Account, Cause, Media, Outcome, Page, Post, Quality, Span, Visit
from crawler.robots import Gate
from crawler.sandbox.sites import site_app
from crawler.spiders.news import read_site
from pipelines.plan import habits_of
from pipelines.rows import post_rows, sighting_rows, visit_row
from pipelines.store import Store
from tests.site_looks import WIB, PlainLook, same_site

NOW = datetime.now(UTC).replace(microsecond=0)
USUAL = Habit(articles=30, letters=800.0, pictured=1.0)


def _post(number: int, title: str = "", body: str = "", pictures: int = 0, unread: str | None = None) -> Post:
    url = f"https://dinas.go.id/{number}"
    media = tuple(Media(f"news:{url}/{one}", "image", f"{url}/{one}.jpg") for one in range(pictures))
    return Post(
        post_id=f"news:{url}", channel="news", agency_id="dinas", handle="https://dinas.go.id", native_id=url, url=url,
        published_at=NOW, published_until=NOW, published_quality=Quality.DECLARED,
        text=f"{title or f'Berita {number}'}\n\n{body}".strip(), links=(), media=media, unread=unread,
    )  # fmt: skip


def _posts(count: int, **fields) -> list[Post]:
    return [_post(number, **fields) for number in range(count)]


@pytest.mark.parametrize(
    ("posts", "sign"),
    [
        (_posts(4, title="Dinas Kesehatan Klaten", body="isi"), "berjudul"),
        ([_post(one, body="Situs ini memakai kuki") for one in range(5)], "memakai kuki"),
        (_posts(4, pictures=1), "tanpa isi"),
        ([_post(one, body=f"{one} isi yang cukup panjang") for one in range(6)], "tanpa gambar"),
    ],
)
def test_what_a_redesign_leaves_is_a_sign(posts, sign):
    """One title, one text, no bodies, no pictures: each is named."""
    assert sign in (departure(USUAL, posts) or "")


@pytest.mark.parametrize(
    ("habit", "posts"),
    [
        (USUAL, _posts(3, pictures=1)),  # three posters on one day
        (USUAL, [*_posts(4, pictures=1), _post(9, body="x" * 300, pictures=1)]),
        (USUAL, [_post(one, body=f"isi tentang kegiatan ke {one}") for one in range(5)]),  # five without pictures
        (Habit(), _posts(20, pictures=1)),  # never read before
        (Habit(7, 800.0, 1.0), _posts(20, title="Dinas Kesehatan")),  # hardly
        (Habit(30, 80.0, 0.5), _posts(20)),  # short posts are its custom
        (USUAL, _posts(20, unread="unreadable: readings of the body differ")),  # says so itself
        (USUAL, []),
    ],
)
def test_what_is_no_redesign_is_none(habit, posts):
    """Few articles, short ones by custom, ones already marked: nothing is concluded."""
    assert departure(habit, posts) is None


@given(
    st.lists(
        st.tuples(st.text(min_size=200, max_size=400), st.integers(1, 3)),
        max_size=12,
        unique_by=lambda one: one[0].strip(),
    )
)
def test_articles_as_ever_are_never_a_sign(articles):
    """Whole articles with pictures pass whatever their words."""
    posts = [
        _post(at, title=f"Judul {at}", body=f"{at} {body} {at}", pictures=n) for at, (body, n) in enumerate(articles)
    ]

    assert departure(USUAL, posts) is None


def test_a_redesigned_site_is_unreadable_and_its_posts_still_count():
    """The look ends as trouble with the sign; what was found was handed on before."""
    site = same_site("listing")
    site = replace(site, articles=tuple(replace(one, title="Dinas Kesehatan") for one in site.articles))

    async def look() -> PlainLook:
        async with TestServer(site_app(site)) as server, aiohttp.ClientSession() as http:
            one = PlainLook(
                Account("dinas", "news", str(server.make_url("")).rstrip("/")), NOW - timedelta(days=3), http
            )
            with pytest.raises(Unreadable, match="Dinas Kesehatan"):
                await read_site(one, Gate(one, "tayang/0.1"), WIB, USUAL)
            return one

    ended = asyncio.run(look())
    outcome, covers, cause = conclude(ended.listing, ended.since, ended.started_at, Unreadable("x"))
    assert ended.posts
    assert (outcome, covers, cause) == (Outcome.UNREADABLE, None, Cause.UNREADABLE)


def test_only_looks_that_could_be_read_teach_the_custom(tmp_path: Path):
    """What a broken reader gave for a month does not become what is usual."""
    store = Store(tmp_path / "tayang.duckdb")
    store.prepare()
    account = Account("dinas", "news", "https://dinas.go.id")
    good = [_post(number, body="x" * 500, pictures=1) for number in range(9)]
    bad = [_post(number + 50) for number in range(40)]
    minute = timedelta(minutes=1)
    for outcome, posts, days in ((Outcome.COMPLETE, good, 3), (Outcome.UNREADABLE, bad, 1)):
        at = NOW - timedelta(days=days)
        page = Page(outcome.value, account, tuple(posts), (), at, at)
        covers = Span(at - timedelta(days=1), at) if outcome is Outcome.COMPLETE else None
        visit = Visit(
            run_id=outcome.value, account=account, started_at=at - minute, finished_at=at + minute, outcome=outcome,
            covers=covers, posts_seen=len(posts),
        )  # fmt: skip
        store.append(
            {"post_rows": post_rows(page), "sighting_rows": sighting_rows(page), "visit_rows": [visit_row(visit)]}
        )

    assert {account.key: Habit(9, 501.0, 1.0)} == habits_of(store)
