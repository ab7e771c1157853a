"""The graph reader on the real answers beside the checkout; skipped, and said so, without them.

The real pages name the account's id in `business_discovery.id` only where they asked for it. The
reader demands it, so p1_b and p2_b, which lack it, are read inside a whole answer.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import ChannelStopped, Gone, Unreadable
from crawler.items import Account, Capture, Cause
from crawler.readers.graph import Discovery, read_discovery, trouble_of, usage_percent

SAMPLES = Path(os.environ.get("TAYANG_SAMPLES", Path(__file__).parents[2] / "shared" / "samples")) / "instagram_graph"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"no real samples at {SAMPLES} (set TAYANG_SAMPLES)")

ACCOUNT = Account("x", "instagram", "facebookfordevelopers")
THEN = datetime(2021, 8, 18, tzinfo=UTC)  # before the addresses of the first pages expired


def sample(name: str) -> Any:
    return json.loads((SAMPLES / name).read_text(encoding="utf-8"))


def read(body: Any, at: datetime = THEN, **headers: str) -> Discovery:
    capture = Capture("graph", "u", "u", 200, tuple(headers.items()), json.dumps(body).encode(), at)
    return read_discovery(capture, ACCOUNT)


@pytest.mark.parametrize(
    ("name", "ids", "first_at", "kinds"),
    [
        (
            "business_discovery_media_p1.json",
            ["17885103395504675", "17886271043461692"],
            "2021-08-17T19:00:42",
            {"image"},
        ),
        (
            "business_discovery_media_p2.json",
            ["17939347456563225", "18165241603086291"],
            "2021-08-11T19:56:42",
            {"image", "video"},
        ),
    ],
)
def test_the_real_pages_give_their_posts(name: str, ids: list[str], first_at: str, kinds: set[str]) -> None:
    """Ids, instants and media as they stand in the file; the captions already lost their @."""
    page = read(sample(name))

    assert page.native_id == "17841407673135339"
    assert ids == [post.native_id for post in page.posts][: len(ids)]
    assert f"{first_at}+00:00" == page.posts[0].published_at.isoformat()
    assert kinds == {media.kind for post in page.posts for media in post.media}
    assert not any(media.trouble for post in page.posts for media in post.media)
    assert page.total is None  # it was not asked for: this page alone proves no end


def test_the_second_page_ends_before_the_first_begins() -> None:
    """Newest first over the cursor: the order that coverage rests on."""
    at = [
        post.published_at
        for name in ("p1", "p2")
        for post in read(sample(f"business_discovery_media_{name}.json")).posts
    ]

    assert sorted(at, reverse=True) == at
    assert read(sample("business_discovery_media_p1.json")).after == "after"


@pytest.mark.parametrize("name", ["business_discovery_media_p1_b.json", "business_discovery_media_p2_b.json"])
def test_pages_without_the_id_are_refused_and_read_inside_a_whole_answer(name: str) -> None:
    """Whose list it is must be said by the answer; clips without address are told as withheld."""
    body = sample(name)
    found = body["business_discovery"]
    if "id" not in found:
        with pytest.raises(Unreadable, match="without business_discovery"):
            read(body)

    page = read({"business_discovery": {"id": "1", **found}}, datetime(2021, 10, 22, 15, tzinfo=UTC))

    assert [node["id"] for node in found["media"]["data"]] == [post.native_id for post in page.posts]
    withheld = [node["id"] for node in found["media"]["data"] if "media_url" not in node and "children" not in node]
    assert withheld == [
        post.native_id for post in page.posts if any(m.kind == "video" and m.trouble for m in post.media)
    ]


def test_profile_fields_alone_are_no_list() -> None:
    """Real answer of a call that did not ask for media."""
    with pytest.raises(Unreadable, match="media block"):
        read(sample("business_discovery_user.json"))


def test_the_shape_of_2026() -> None:
    """Carousel children, and a reel whose address is withheld."""
    album, reel = read(sample("business_discovery_full_CONSTRUCTED_v26.json"), datetime(2026, 10, 4, tzinfo=UTC)).posts

    assert [media.kind for media in album.media] == ["image", "video"]
    assert [(media.kind, bool(media.trouble)) for media in reel.media] == [("video", True), ("thumbnail", False)]


def test_children_of_a_real_carousel() -> None:
    """Own-account media have the same node: its three slides, read inside a whole answer."""
    node = sample("own_media_carousel_children.json")
    body = {"business_discovery": {"id": "1", "media": {"data": [node]}}}
    [post] = read(body, datetime(2021, 7, 26, 12, tzinfo=UTC)).posts

    assert [f"instagram:{child['id']}" for child in node["children"]["data"]] == [
        media.media_id for media in post.media
    ]


def test_real_errors() -> None:
    """100 is our fault; 110/2207013 speaks of the account; every throttle stops the channel."""
    others = {
        name: trouble_of(body["error"])
        for name, body in sample("errors_other_CONSTRUCTED.json").items()
        if "error" in body
    }

    assert isinstance(trouble_of(sample("error_100.json")["error"]), ChannelStopped)
    gone = trouble_of(sample("error_110_2207013_user_not_found.json")["error"])
    assert isinstance(gone, Gone)
    assert Cause.NOT_PROFESSIONAL is gone.cause
    stops = {name for name, trouble in others.items() if isinstance(trouble, ChannelStopped)}
    assert {
        "190_expired",
        "4_app_limit",
        "17_user_limit",
        "32_page_limit",
        "613_custom",
        "80002_buc",
        "10_permission",
    } <= stops
    assert isinstance(others["36104_live"], Unreadable)


def test_real_usage_headers() -> None:
    """28 % of the platform limit, 1 % of the use case."""
    headers = {name: json.dumps(value) for name, value in sample("headers_examples.json").items()}
    capture = Capture("graph", "u", "u", 200, tuple(headers.items()), b"{}", THEN)

    assert usage_percent(capture) == 28
