"""Stored posts and the workspace's materials -> signs; only what is new is compared, and nobody is left out."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import WrongUse
from crawler.items import Account, Page, Post, Quality
from crawler.local_time import now_utc
from pipelines.check import Workspace, open_workspace
from pipelines.recognise import recognise
from pipelines.rows import post_rows, sighting_rows
from pipelines.store import Store
from tests.small_world import PLEDGE, SmallWorld, an_account, local


@pytest.fixture
def world(tmp_path: Path) -> SmallWorld:
    one = SmallWorld(tmp_path / "home", [an_account("dinkes"), an_account("disdik")])
    one.write(port=9)
    one.store.prepare()
    return one


def seen(store: Store, *posts: Post, at: datetime | None = None) -> None:
    """The posts as a crawl would leave them."""
    for post in posts:
        page = Page("r", Account(post.agency_id, "news", post.handle), (post,), (), at or now_utc())
        store.append({"post_rows": post_rows(page), "sighting_rows": sighting_rows(page)})


def article(agency_id: str, text: str = PLEDGE, **fields: Any) -> Post:
    """An article with a date only and no picture."""
    values: dict[str, Any] = {
        "post_id": f"news:https://{agency_id}.example/ikrar",
        "channel": "news",
        "agency_id": agency_id,
        "handle": f"https://{agency_id}.example",
        "native_id": "ikrar",
        "url": f"https://{agency_id}.example/ikrar",
        "published_at": local(2, 0),
        "published_until": local(1, 0),
        "published_quality": Quality.DECLARED,
        "text": text,
    }
    return Post(**{**values, **fields})


def workspace(world: SmallWorld) -> Workspace:
    return open_workspace(world.home)


def matched(store: Store) -> list[str]:
    rows = store.rows("SELECT DISTINCT post_id FROM matches WHERE decision = 'match' ORDER BY ALL")
    return [str(row["post_id"]).split("/")[2].split(".")[0] for row in rows]


def test_two_offices_that_publish_the_same_words_are_both_seen(world: SmallWorld) -> None:
    """Same text, same date, no picture, in one look or on two days: each has its own sign."""
    seen(world.store, article("dinkes"), article("disdik"))
    assert recognise(workspace(world), world.store) == 2
    seen(world.store, article("dpupr"))
    assert recognise(workspace(world), world.store) == 1

    assert matched(world.store) == ["dinkes", "disdik", "dpupr"]


def test_what_was_compared_is_not_compared_again_unless_asked(world: SmallWorld) -> None:
    """Signs stay; `--all` forgets and makes the same ones; for no campaign of ours it forgets nothing."""
    seen(world.store, article("dinkes"), article("disdik", "Apel pagi bersama seluruh pegawai"))
    first = recognise(workspace(world), world.store)
    before = world.store.rows("SELECT * EXCLUDE (matched_at) FROM sign_rows ORDER BY ALL")

    assert (first, recognise(workspace(world), world.store)) == (2, 0)
    with pytest.raises(WrongUse):
        recognise(workspace(world), world.store, campaign="lain", again=True)
    assert before == world.store.rows("SELECT * EXCLUDE (matched_at) FROM sign_rows ORDER BY ALL")
    assert recognise(workspace(world), world.store, campaign="ikrar", again=True) == 2
    assert before == world.store.rows("SELECT * EXCLUDE (matched_at) FROM sign_rows ORDER BY ALL")
    assert matched(world.store) == ["dinkes"]


def test_an_edited_post_is_compared_as_it_stands_now(world: SmallWorld) -> None:
    """The view tells of the newest state only."""
    seen(world.store, article("dinkes"))
    recognise(workspace(world), world.store)
    seen(world.store, article("dinkes", "Halaman ini telah diganti"), at=now_utc() + timedelta(seconds=1))

    assert matched(world.store) == []
    assert recognise(workspace(world), world.store) == 1
    assert matched(world.store) == []


def test_a_changed_material_is_compared_anew(world: SmallWorld) -> None:
    """Other words in campaign.toml: the old signs no longer count, without anybody asking."""
    seen(world.store, article("dinkes"))
    recognise(workspace(world), world.store)
    campaign = world.home / "campaigns" / "ikrar" / "campaign.toml"
    campaign.write_text(
        campaign.read_text().replace(PLEDGE, "Hari ini bebas plastik di seluruh kantor kabupaten, tanpa kecuali.")
    )

    assert recognise(workspace(world), world.store) == 1
    assert matched(world.store) == []


def test_posts_far_from_every_window_are_not_compared(world: SmallWorld) -> None:
    """Older than a month before, or after the window and its grace."""
    old = article("dinkes", published_at=local(60, 0), published_until=local(59, 0))
    late = article("disdik", published_at=local(0, 0), published_until=local(0, 1))
    seen(world.store, old, late)

    assert recognise(workspace(world), world.store) == 0


def test_an_unknown_campaign_is_refused_with_the_one_that_was_meant(world: SmallWorld) -> None:
    """A misspelled campaign compares nothing and says so, instead of `0 pairs compared`."""
    [known] = [one.campaign_id for one in workspace(world).campaigns]

    with pytest.raises(WrongUse, match=f"'{known}x' tidak dikenal; maksudnya '{known}'"):
        recognise(workspace(world), world.store, campaign=f"{known}x")
    with pytest.raises(WrongUse, match="'zz' tidak dikenal"):
        recognise(workspace(world), world.store, campaign="zz")
