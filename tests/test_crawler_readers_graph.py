"""Saved Business Discovery answers in tests/pages/instagram -> posts, cursor and count, or the trouble named."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import errors
from crawler.errors import SourceTrouble
from crawler.items import Account, Capture, Cause, Quality
from crawler.readers import graph
from crawler.readers.graph import (
    expired,
    minutes_to_wait,
    read_discovery,
    seconds_off,
    trouble_of,
    usage_percent,
)

CASES = sorted((Path(__file__).parent / "pages" / "instagram").glob("*/expected.json"))
ACCOUNT = Account("dinkes", "instagram", "dinkes_contoh")
NOW = datetime(2026, 10, 4, 2, tzinfo=UTC)


def answer(body: bytes, status: int = 200, headers: dict[str, str] | None = None, at: datetime = NOW) -> Capture:
    url = "https://graph.facebook.com/v26.0/17841400000000000"
    return Capture("graph", url, url, status, tuple((headers or {}).items()), body, at)


def saved(path: Path) -> tuple[dict[str, Any], Capture]:
    expected = json.loads(path.read_text(encoding="utf-8"))
    at = datetime.fromisoformat(expected["captured_at"])
    return expected, answer(path.with_name("answer.json").read_bytes(), expected["status"], expected["headers"], at)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_saved_answer_is_read_as_expected(path: Path) -> None:
    """Each folder states its own fact in expected.json."""
    expected, capture = saved(path)

    if "trouble" in expected:
        with pytest.raises(SourceTrouble) as told:
            read_discovery(capture, ACCOUNT)
        assert expected["trouble"] == type(told.value).__name__
        assert expected["cause"] == told.value.cause.value
        return

    page = read_discovery(capture, ACCOUNT)
    posts = [
        {
            "post_id": post.post_id,
            "url": post.url,
            "published_at": post.published_at.isoformat(),
            "text": post.text,
            "media": [
                {"media_id": one.media_id, "kind": one.kind, "url": one.url, "trouble": one.trouble}
                for one in post.media
            ],
        }
        for post in page.posts
    ]
    found = {"native_id": page.native_id, "after": page.after, "total": page.total, "posts": posts}
    assert expected["page"] == found
    for post in page.posts:
        assert (ACCOUNT.agency_id, ACCOUNT.handle, Quality.EXACT) == (
            post.agency_id,
            post.handle,
            post.published_quality,
        )
        assert capture.sha256 == post.evidence_sha256
        assert post.published_at == post.published_until


def test_every_code_of_the_table_has_a_saved_answer() -> None:
    """The error table of docs: no code is known to the reader that no page tries."""
    codes = {code for path in CASES for code in _codes(path.with_name("answer.json"))}

    assert {110, 190, 102, 10, 200, 299, 100, 4, 17, 32, 613, 80002, 1, 2, -1} <= codes
    assert graph.THROTTLED | graph.TRANSIENT | {10, 100, 102, 190} <= codes


def _codes(path: Path) -> Iterator[int]:
    try:
        body = json.loads(path.read_bytes())
    except ValueError:
        return
    if isinstance(body, dict) and isinstance(body.get("error"), dict):
        yield from (one for one in [body["error"].get("code")] if isinstance(one, int))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 300) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "media", "data", "paging", "cursors", "after", "children", "timestamp", "permalink", "media_url"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(json_values, json_values)
def test_no_answer_whatever_breaks_the_reader(found: Any, node: Any) -> None:
    """Anything the service may send is a page or a SourceTrouble; a crash would read as our defect."""
    whole = {"id": "1", "media": {"data": [node], "paging": found}}
    for body in ({"business_discovery": found}, {"business_discovery": whole}, {"error": node}, found):
        with contextlib.suppress(SourceTrouble):
            read_discovery(answer(json.dumps(body).encode()), ACCOUNT)


@given(json_values)
def test_children_of_any_shape_cost_nothing_else(children: Any) -> None:
    """A strange carousel is read without its slides, the post stays."""
    node = {"id": "9", "timestamp": "2026-10-03T04:11:00+0000", "permalink": "https://x/p", "children": children}
    page = read_discovery(
        answer(json.dumps({"business_discovery": {"id": "1", "media": {"data": [node]}}}).encode()), ACCOUNT
    )

    assert [post.native_id for post in page.posts] == ["9"]


@given(st.integers() | st.none(), st.integers() | st.none(), st.booleans())
def test_every_error_is_some_trouble_and_only_110_2207013_speaks_of_the_account(
    code: int | None, subcode: int | None, passing: bool
) -> None:
    """A fault of ours or of the service is never put on an agency."""
    trouble = trouble_of({"code": code, "error_subcode": subcode, "is_transient": passing, "message": "m"})

    assert isinstance(trouble, errors.Gone) == ((code, subcode) == (110, 2207013))
    assert (trouble.cause is Cause.NOT_PROFESSIONAL) == isinstance(trouble, errors.Gone)


@pytest.mark.parametrize(
    ("headers", "percent"),
    [
        ({}, 0),
        ({"X-App-Usage": '{"call_count":28,"total_time":25,"total_cputime":26}'}, 28),
        ({"x-app-usage": '{"call_count":1,"total_time":2,"total_cputime":97}'}, 97),
        (
            {
                "X-Business-Use-Case-Usage": '{"112":[{"type":"pages","call_count":1,"total_cputime":80,"total_time":3,'
                '"estimated_time_to_regain_access":900,"ads_api_access_tier":"development_access"}]}'
            },
            80,
        ),
        (
            {
                "X-App-Usage": '{"call_count":10}',
                "X-Business-Use-Case-Usage": '{"1":[{"call_count":96}],"2":[{"call_count":5}]}',
            },
            96,
        ),
        ({"X-App-Usage": "not json"}, 0),
        ({"X-App-Usage": "[true, null]"}, 0),
    ],
)
def test_usage_is_the_highest_share_of_any_limit(headers: dict[str, str], percent: float) -> None:
    """Both headers, any depth; minutes to wait are no percentage."""
    assert percent == usage_percent(answer(b"{}", headers=headers))


def test_an_address_lives_until_its_own_oe() -> None:
    """The second before it is good, the second after it is not; without oe nothing is known."""
    end = datetime.fromtimestamp(0x6AC7EBEB, UTC)

    assert not expired("https://c.example/1.jpg?oe=6AC7EBEB", end)
    assert expired("https://c.example/1.jpg?x=1&oe=6ac7ebeb", end.replace(microsecond=1))
    assert not expired("https://c.example/1.jpg", end)
    assert not expired("https://c.example/1.jpg?oe=6AC7EBEB0", end)


def test_whether_an_address_is_expired_is_told_by_the_clock_of_the_answer() -> None:
    """The same bytes, read again from the WARC years later, give the same post."""
    path = next(path for path in CASES if path.parent.name == "one-picture")
    _, capture = saved(path)

    assert read_discovery(capture, ACCOUNT) == read_discovery(replace(capture, request_headers=(("a", "b"),)), ACCOUNT)
    [late] = read_discovery(replace(capture, fetched_at=capture.fetched_at.replace(year=2030)), ACCOUNT).posts
    assert late.media[0].trouble == graph.EXPIRED


def _album(**more: Any) -> tuple[str | None, ...]:
    """The troubles of the media of a carousel with these fields."""
    node = {
        "id": "1", "timestamp": "2026-10-03T04:11:00+0000", "permalink": "https://www.instagram.com/p/x/",
        "media_type": "CAROUSEL_ALBUM", "media_url": "https://cdn.example/1.jpg", **more,
    }  # fmt: skip
    found = {"id": "9", "username": "a", "media_count": 1, "media": {"data": [node]}}
    page = read_discovery(answer(json.dumps({"business_discovery": found}).encode()), Account("a", "instagram", "a"))
    return tuple(one.trouble for one in page.posts[0].media)


SLIDE = {"id": "11", "media_type": "IMAGE", "media_url": "https://cdn.example/2.jpg"}


@pytest.mark.parametrize(
    ("more", "troubles"),
    [
        ({}, (None, graph.UNSHOWN)),
        ({"children": {"data": [SLIDE]}}, (None,)),
        ({"children": {"data": [SLIDE], "paging": {"next": "https://…"}}}, (None, graph.UNSHOWN)),
        ({"children": {"data": [SLIDE, "?"]}}, (None, graph.UNSHOWN)),
    ],
    ids=["cover alone", "all slides", "more slides than shown", "a slide that is none"],
)
def test_slides_that_are_not_shown_are_not_absent(more: dict[str, Any], troubles: tuple[str | None, ...]) -> None:
    """A carousel may carry the material on a slide that the answer left out: that is named, not passed over."""
    assert troubles == _album(**more)


def test_slides_without_ids_are_told_apart() -> None:
    """They are named after their post and place, so that no two posts share one."""
    slides = [{**SLIDE, "id": None}, {**SLIDE, "id": None}]
    node = {"id": "1", "media_type": "CAROUSEL_ALBUM", "children": {"data": slides}}

    assert [one.media_id for one in graph._media(node, NOW)] == ["instagram:1:0", "instagram:1:1"]


@pytest.mark.parametrize(
    ("told", "off"),
    [("Thu, 01 Jan 1970 00:02:00 GMT", 60), ("Thu, 01 Jan 1970 00:04:00 +0000", -60), ("soon", None), (None, None)],
)
def test_how_far_our_clock_is_off(told: str | None, off: float | None) -> None:
    """Ahead counts as more; what is no date says nothing."""
    assert off == seconds_off(told, datetime(1970, 1, 1, 0, 3, tzinfo=UTC))


@pytest.mark.parametrize(
    ("told", "minutes"),
    [
        ('{"17": [{"type": "instagram", "call_count": 100, "estimated_time_to_regain_access": 12}]}', 12),
        ('{"17": [{"estimated_time_to_regain_access": 3}, {"estimated_time_to_regain_access": 40}]}', 40),
        ('{"17": [{"call_count": 90}]}', 0), ('{"17": 5}', 0), ("[]", 0), ("{", 0), (None, 0),
    ],
)  # fmt: skip
def test_how_long_the_service_wants_to_be_left_alone(told: str | None, minutes: float) -> None:
    """The longest it names; a header that cannot be read names none."""
    headers = {"x-business-use-case-usage": told} if told else {}
    assert minutes == minutes_to_wait(answer(b"{}", headers=headers))
