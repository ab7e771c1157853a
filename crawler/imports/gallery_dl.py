"""gallery-dl's sidecars (`NAME.jpg.json` beside `NAME.jpg`), one per picture or clip -> posts, by `post_id`.

Times are UTC without saying so. `count` says how many a post has: those without a sidecar are named as
media that were not brought.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

from crawler.imports import (
    MAX_DOCUMENT_BYTES,
    NOT_BROUGHT,
    Delivery,
    Export,
    Format,
    Found,
    Reading,
    json_object,
    plain_name,
    reading_of,
    unpacked,
)
from crawler.items import Media, Post, Quality
from crawler.language import say
from crawler.problems import Problem
from crawler.readers.instagram_node import objects_of, text_of
from crawler.shortcodes import code_of, post_address

VIDEOS = frozenset({"mp4", "mov", "webm", "mkv"})
MAX_PARTS = 50  # Instagram allows 20


@dataclass(frozen=True, slots=True)
class Sidecar:
    """One file, checked: `pk` and `at` are the post's, `number` this medium's place in it."""

    export: Export
    pk: int
    at: datetime
    number: int
    row: Mapping[str, Any]


def read(delivery: Delivery) -> Reading:
    """Read all files and put together what belongs to one post."""
    posts: dict[int, list[Sidecar]] = {}
    parts: list[Found | Problem] = []
    for export in delivery.files:
        try:
            sidecar = _sidecar(export)
        except ValueError as error:
            parts.append(Problem(export.name, 0, "", str(error)))
        else:
            posts.setdefault(sidecar.pk, []).append(sidecar)
    for pk in sorted(posts):
        parts += _together(sorted(posts[pk], key=lambda one: (one.number, one.export.name)))
    return reading_of(parts)


def _sidecar(export: Export) -> Sidecar:
    row = json_object(unpacked(export, MAX_DOCUMENT_BYTES))
    if row.get("category") != "instagram":
        told = row.get("category")
        raise ValueError(say(f"bukan dari Instagram: {told}", f"not of Instagram: {told}"))
    if row.get("type") in ("story", "highlight") or row.get("expires"):
        raise ValueError(say("cerita (story), bukan unggahan", "a story, no post"))
    written = str(row.get("post_id"))
    if not (written.isascii() and written.isdecimal() and 0 < int(written[:20]) < 1 << 63):
        raise ValueError(say("tanpa post_id", "without post_id"))
    number = row.get("num")
    return Sidecar(export, int(written), _instant(row), number if isinstance(number, int) else 0, row)


def _instant(row: Mapping[str, Any]) -> datetime:
    written = row.get("post_date") or row.get("date")
    try:
        return datetime.strptime(str(written), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise ValueError(say(f"waktu '{written}' tidak terbaca", f"time '{written}' cannot be read")) from error


def _together(sidecars: Sequence[Sidecar]) -> Iterator[Found | Problem]:
    first = sidecars[0]
    files: dict[str, str] = {}
    media: dict[int, Media] = {}
    for one in sidecars:
        if one.number and one.number not in media:
            media[one.number] = _medium(one, files)
    for number in range(1, min(_count(first), MAX_PARTS) + 1):
        media.setdefault(number, Media(f"instagram:pk:{first.pk}:{number}", "image", "", trouble=NOT_BROUGHT))
    lacking = sum(one.trouble is not None for one in media.values())
    if lacking:
        text = say(f"{lacking} media tidak ada di sampingnya", f"{lacking} media are not beside it")
        yield Problem(first.export.name, 0, "", text)
    post = _post(first, tuple(media[number] for number in sorted(media)))
    also = tuple(one.export.name for one in sidecars[1:])
    yield Found(post, first.export.name, 0, _handles(first.row), media_files=files, also=also)


def _count(sidecar: Sidecar) -> int:
    count = sidecar.row.get("count")
    return count if isinstance(count, int) else 0


def _medium(sidecar: Sidecar, files: dict[str, str]) -> Media:
    row, beside = sidecar.row, sidecar.export.beside
    own_id = str(row.get("media_id"))
    media_id = f"instagram:pk:{own_id if own_id.isdecimal() else f'{sidecar.pk}:{sidecar.number}'}"
    stem = PurePath(sidecar.export.name.replace("\\", "/")).name.removesuffix(".json")
    told = f"{text_of(row.get('filename'))}.{text_of(row.get('extension'))}"
    name = plain_name(stem, beside) or plain_name(told, beside)
    if name:
        files[media_id] = name
    is_video = text_of(row.get("extension")).lower() in VIDEOS
    url = text_of(row.get("video_url")) if is_video else text_of(row.get("display_url"))
    return Media(media_id, "video" if is_video else "image", url, trouble=None if name else NOT_BROUGHT)


def _handles(row: Mapping[str, Any]) -> tuple[str, ...]:
    names = [row.get("username"), *(one.get("username") for one in objects_of(row.get("coauthors")))]
    return tuple(dict.fromkeys(filter(None, map(text_of, names))))


def _post(sidecar: Sidecar, media: tuple[Media, ...]) -> Post:
    row = sidecar.row
    return Post(
        post_id=f"instagram:pk:{sidecar.pk}", channel="instagram", agency_id="", handle="", native_id=str(sidecar.pk),
        url=post_address(text_of(row.get("post_shortcode")) or code_of(sidecar.pk)), published_at=sidecar.at,
        published_until=sidecar.at, published_quality=Quality.EXACT, text=text_of(row.get("description")),
        media=media, is_pinned=bool(row.get("pinned")), origin=FORMAT.origin,
    )  # fmt: skip


FORMAT = Format("gallery-dl", (".json",), read)
