"""Zeeschuimer's NDJSON (what an operator's browser was shown of Instagram) -> posts.

One line is `{"source_platform", "timestamp_collected" (ms), "data": {…}}`. Rows of the web page carry no
time: their shortcode gives the earliest instant, the collecting the latest. No media are in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from crawler.imports import NOT_BROUGHT, Delivery, Export, Format, Found, Reading, json_object, reading_of, unpacked
from crawler.items import Media, Post, Quality
from crawler.language import say
from crawler.problems import Problem
from crawler.readers.instagram_node import InstagramNode, instant_of, read_node
from crawler.shortcodes import earliest_instant, post_address

PLATFORM = "instagram.com"
# A line from its first sign on: a file of blank lines alone has hundreds of millions.
_WRITTEN = re.compile(rb"\S[^\n]*")
NO_CAPTION = "the captured row carries no caption"


def read(delivery: Delivery) -> Reading:
    """Read all lines of all files."""
    return reading_of(part for export in delivery.files for part in _lines(export))


def _lines(export: Export) -> Iterator[Found | Problem]:
    try:
        body = unpacked(export)
    except ValueError as error:
        yield Problem(export.name, 0, "", str(error))
        return
    number, counted = 1, 0
    for written in _WRITTEN.finditer(body):
        number += body.count(b"\n", counted, written.start())
        counted = written.start()
        yield from _line(export.name, number, written[0])


def _line(file: str, number: int, line: bytes) -> Iterator[Found | Problem]:
    """The post of a line; beside it, named, what the line lacks."""
    try:
        row = json_object(line)
        collected_at, node = _parts(row)
        found = Found(_post(node, collected_at), file, number, node.handles, seen_at=collected_at)
    except ValueError as error:
        yield Problem(file, number, "", str(error))
        return
    yield found
    if found.post.unread:
        yield Problem(file, number, "caption", say("baris tidak lengkap: tanpa teks", "partial row: no caption"))


def _parts(row: dict[str, object]) -> tuple[datetime, InstagramNode]:
    if row.get("source_platform") != PLATFORM:
        raise ValueError(say(f"bukan dari {PLATFORM}: {row.get('source_platform')}",
                             f"not from {PLATFORM}: {row.get('source_platform')}"))  # fmt: skip
    stamp, content = row.get("timestamp_collected"), row.get("data")
    collected_at = instant_of(stamp, 1000) if isinstance(stamp, int | float) else None
    if collected_at is None or not isinstance(content, dict):
        raise ValueError(say("tanpa 'timestamp_collected' atau 'data'", "without 'timestamp_collected' or 'data'"))
    try:
        node = read_node(content)
    except ValueError as error:
        raise ValueError(say(f"tanpa {error}", f"without {error}")) from error
    if node.is_ad:
        raise ValueError(say("iklan, bukan unggahan akun", "an advertisement, no post of the account"))
    return collected_at, node


def _post(node: InstagramNode, collected_at: datetime) -> Post:
    first = node.taken_at or earliest_instant(node.pk)
    last = first if node.taken_at else collected_at
    if first > collected_at + timedelta(minutes=1):
        raise ValueError(say("waktu unggahan sesudah waktu pengambilan", "published after it was collected"))
    return Post(
        post_id=f"instagram:pk:{node.pk}", channel="instagram", agency_id="", handle="", native_id=str(node.pk),
        url=post_address(node.code), published_at=first, published_until=max(first, last),
        published_quality=Quality.EXACT if node.taken_at else Quality.LOWER_BOUND, text=node.caption or "",
        media=tuple(Media(part.media_id, part.kind, part.url, trouble=NOT_BROUGHT) for part in node.parts),
        origin=FORMAT.origin, unread=NO_CAPTION if node.caption is None else None,
    )  # fmt: skip


FORMAT = Format("zeeschuimer", (".ndjson", ".jsonl"), read)
