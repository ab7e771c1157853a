"""A Business Discovery answer (bytes) -> posts, cursor and counts; or the trouble it names.

Payloads: Graph API v26, `business_discovery.username(NAME){…media{…}}`; shapes and error codes in
docs/instagram.md. Reading never asks the network.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from crawler.errors import Blocked, ChannelStopped, Gone, SourceTrouble, Unreachable, Unreadable
from crawler.items import Account, Capture, Cause, Media, Post, Quality
from crawler.readers.dated import Dated, reader_at

OUR_FAULT = frozenset({10, 100, 102, 190, *range(200, 300)})
THROTTLED = frozenset({4, 17, 32, 613, 80002})
TRANSIENT = frozenset({-1, 1, 2})
NO_SUCH_ACCOUNT = (110, 2207013)

WITHHELD = "media_url withheld by the service"
EXPIRED = "address expired"
UNSHOWN = "slides not shown by the answer"


class TryAgain(Unreachable):
    """A fault that the service itself calls passing; the spider asks again with growing pauses."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """One page: `native_id` and `total` are the account's own; `after` is the next cursor or None."""

    native_id: str
    username: str | None
    total: int | None
    posts: tuple[Post, ...]
    after: str | None


Reader = Dated[[Capture, Account], Discovery]


def read_discovery(capture: Capture, account: Account, readers: Sequence[Reader] = ()) -> Discovery:
    """Read one page of an account, by the reader (of READERS) of the day it was captured.

    Raises: ChannelStopped (our token, permission or budget), Gone (no such professional account),
    TryAgain (service fault), Unreadable (anything that is not a whole answer).
    """
    return reader_at(readers or READERS, capture.fetched_at)(capture, account)


def _read_v26(capture: Capture, account: Account) -> Discovery:
    answer = _json_object(capture)
    if "error" in answer:
        raise trouble_of(answer["error"])
    if capture.status != 200:
        raise _trouble_of_status(capture.status)
    found = answer.get("business_discovery")
    if not isinstance(found, dict) or not isinstance(found.get("id"), str):
        raise Unreadable("HTTP 200 without business_discovery.id")
    media = found.get("media")
    if not isinstance(media, dict) or not isinstance(media.get("data"), list):
        raise Unreadable("HTTP 200 without a media block")
    posts = tuple(_post(node, account, capture) for node in media["data"])
    total = found.get("media_count")
    return Discovery(
        native_id=found["id"], username=found.get("username"),
        total=total if isinstance(total, int) else None, posts=posts, after=_cursor(media),
    )  # fmt: skip


READERS: Sequence[Reader] = (Dated(_read_v26),)


def trouble_of(error: Any) -> SourceTrouble:
    """The trouble that an error body names, by code (a throttle is not promised to be HTTP 429)."""
    if not isinstance(error, dict):
        return Unreadable("error without a body")
    code, subcode = _whole_number(error.get("code")), _whole_number(error.get("error_subcode"))
    said = (
        f"({code}/{subcode}) {error.get('message', '')}"
        if subcode
        else f"({code}) {error.get('message', '')}"
    )
    if (code, subcode) == NO_SUCH_ACCOUNT:
        return Gone(f"{said}: no such account, or not a professional one", Cause.NOT_PROFESSIONAL)
    if code in THROTTLED:
        return ChannelStopped(f"throttled {said}")
    if code in TRANSIENT or error.get("is_transient") is True:
        return TryAgain(said)
    if code in OUR_FAULT:
        return ChannelStopped(f"our access {said}", Cause.NOT_VISITED)
    return Unreadable(said)


def usage_percent(capture: Capture) -> float:
    """The highest share of any limit that the usage headers state, 0 when they are absent."""
    shares = [0.0]
    for name in ("x-app-usage", "x-business-use-case-usage"):
        shares += _numbers(_header_json(capture.header(name)))
    return max(shares)


def minutes_to_wait(capture: Capture) -> float:
    """The longest `estimated_time_to_regain_access` of the usage headers, in minutes; 0 = none."""
    told = _header_json(capture.header("x-business-use-case-usage"))
    each = told.values() if isinstance(told, Mapping) else ()
    uses = [use for uses in each if isinstance(uses, list) for use in uses]
    return max((_inner_number(use, "estimated_time_to_regain_access") for use in uses), default=0.0)


def seconds_off(date: str | None, ours: datetime) -> float | None:
    """By how much our clock is ahead of a Date header; None where there is none that can be read."""
    try:
        return (ours - parsedate_to_datetime(date or "").astimezone(UTC)).total_seconds()
    except (ValueError, OverflowError):
        return None


def expired(url: str, now: datetime) -> bool:
    """Whether the address's own `oe` (hex unix seconds) lies before `now`."""
    try:
        [stamp] = parse_qs(urlsplit(url).query).get("oe", [""])[-1:]
    except ValueError:  # no address; the request for it will say so
        return False
    return bool(re.fullmatch(r"[0-9A-Fa-f]{8}", stamp)) and int(stamp, 16) < now.timestamp()


def _json_object(capture: Capture) -> dict[str, Any]:
    try:
        answer = json.loads(capture.body)
    except (ValueError, RecursionError) as error:
        raise _trouble_of_status(capture.status, "not JSON") from error
    if not isinstance(answer, dict):
        raise Unreadable("not a JSON object")
    return answer


def _trouble_of_status(status: int, why: str = "no error body") -> SourceTrouble:
    if status in (401, 403, 429) or 300 <= status < 400:  # an API does not redirect; a login wall does
        return Blocked(f"HTTP {status}, {why}")
    if status >= 500:
        return TryAgain(f"HTTP {status}, {why}")
    return Unreadable(f"HTTP {status}, {why}")


def _whole_number(value: Any) -> int | None:
    return value if isinstance(value, int) else None


def _inner(node: Any, key: str) -> Mapping[str, Any]:
    """The object under `key`; an absent or strange one is empty."""
    found = node.get(key) if isinstance(node, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _inner_number(node: Any, key: str) -> float:
    found = _numbers(node.get(key)) if isinstance(node, Mapping) else []
    return max(found, default=0.0)


def _cursor(media: Mapping[str, Any]) -> str | None:
    after = _inner(_inner(media, "paging"), "cursors").get("after")
    return after if isinstance(after, str) and after else None


def _post(node: Any, account: Account, capture: Capture) -> Post:
    try:
        native_id, at, url = str(node["id"]), _instant(node["timestamp"]), str(node["permalink"])
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable(f"a media node without {error}") from error
    if not url.startswith(("https://", "http://")):
        raise Unreadable("a media node whose permalink is no web address")
    return Post(
        post_id=f"instagram:{native_id}", channel="instagram", agency_id=account.agency_id,
        handle=account.handle, native_id=native_id, url=url, published_at=at, published_until=at,
        published_quality=Quality.EXACT, text=str(node.get("caption") or ""),
        media=_media(node, capture.fetched_at), evidence_sha256=capture.sha256,
    )  # fmt: skip


def _media(node: Mapping[str, Any], now: datetime) -> tuple[Media, ...]:
    """All media of a post; what the answer should show and does not is there as its absence."""
    children = _inner(node, "children")
    slides = children.get("data")
    if not isinstance(slides, list) or not slides:
        own = _media_of(node, f"instagram:{node.get('id')}", now)
        return (*own, _unshown(node, "album")) if node.get("media_type") == "CAROUSEL_ALBUM" else tuple(own)
    found = [media for number, one in enumerate(slides) for media in _slide(node, number, one, now)]
    more = _inner(children, "paging").get("next")
    return (*found, _unshown(node, "more")) if more else tuple(found)


def _slide(node: Mapping[str, Any], number: int, slide: Any, now: datetime) -> list[Media]:
    if not isinstance(slide, Mapping):
        return [_unshown(node, str(number))]
    own_id = slide.get("id") or f"{node.get('id')}:{number}"
    return _media_of(slide, f"instagram:{own_id}", now)


def _unshown(node: Mapping[str, Any], which: str) -> Media:
    return Media(f"instagram:{node.get('id')}:{which}", "image", "", trouble=UNSHOWN)


def _media_of(node: Mapping[str, Any], media_id: str, now: datetime) -> list[Media]:
    """One item's media; a video whose address is withheld yields its absence and its thumbnail."""
    kind = "video" if node.get("media_type") == "VIDEO" else "image"
    url = node.get("media_url")
    if isinstance(url, str) and url:
        return [Media(media_id, kind, url, trouble=EXPIRED if expired(url, now) else None)]
    absent = [Media(media_id, kind, "", trouble=WITHHELD)]
    still = node.get("thumbnail_url")
    if not isinstance(still, str) or not still:
        return absent
    return [*absent, Media(f"{media_id}:thumbnail", "thumbnail", still)]


def _instant(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z").astimezone(UTC)


def _header_json(text: str | None) -> Any:
    try:
        return json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}


def _numbers(value: Any, depth: int = 20) -> list[float]:
    """All percentages below a usage header, to any sensible depth; minutes to wait are not one."""
    if isinstance(value, Mapping):
        value = [inner for key, inner in value.items() if not str(key).startswith("estimated")]
    if isinstance(value, list):
        return [number for inner in value for number in _numbers(inner, depth - 1)] if depth else []
    return [float(value)] if isinstance(value, int | float) and not isinstance(value, bool) else []
