"""Instaloader's `.json` or `.json.xz`, one file a post, with its pictures and clips beside -> posts.

`{"node": {…}, "instaloader": {"node_type": "Post"}}`; files of one post share a stem: `STEM.jpg`,
`STEM.mp4`, or `STEM_1.jpg`, `STEM_2.mp4` … for several. A clip's still has the clip's stem.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

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
from crawler.readers.instagram_node import InstagramNode, read_node
from crawler.shortcodes import post_address

IMAGES = (".jpg", ".jpeg", ".png", ".webp", ".heic")
VIDEOS = (".mp4", ".mov", ".webm")
NO_CAPTION = "the export carries no caption"


def read(delivery: Delivery) -> Reading:
    """Read all files."""
    return reading_of([_file(export) for export in delivery.files])


def _file(export: Export) -> Found | Problem:
    try:
        node = _node(export)
    except ValueError as error:
        return Problem(export.name, 0, "", str(error))
    files = _media_files(export, node)
    return Found(_post(node, files), export.name, 0, node.handles, media_files=files)


def _node(export: Export) -> InstagramNode:
    whole = json_object(unpacked(export, MAX_DOCUMENT_BYTES))
    content, about = whole.get("node"), whole.get("instaloader")
    kind = about.get("node_type") if isinstance(about, Mapping) else None
    if not isinstance(content, dict) or kind != "Post":
        raise ValueError(say(f"bukan unggahan ({kind or 'tanpa node'})", f"no post ({kind or 'without node'})"))
    try:
        node = read_node(content)
    except ValueError as error:
        raise ValueError(say(f"tanpa {error}", f"without {error}")) from error
    if node.taken_at is None:
        raise ValueError(say("tanpa waktu unggah yang mungkin bagi nomornya",
                             "without a time of publication that its number allows"))  # fmt: skip
    return node


def _media_files(export: Export, node: InstagramNode) -> dict[str, str]:
    """media id -> the file beside that holds it."""
    stem = PurePath(export.name.replace("\\", "/")).name.removesuffix(".xz").removesuffix(".json")
    found = {}
    for number, part in enumerate(node.parts, 1):
        stems = [f"{stem}_{number}", stem] if len(node.parts) == 1 else [f"{stem}_{number}"]
        endings = VIDEOS if part.kind == "video" else IMAGES
        names = (plain_name(one + ending, export.beside) for one in stems for ending in endings)
        name = next(filter(None, names), None)
        if name:
            found[part.media_id] = name
    return found


def _post(node: InstagramNode, files: Mapping[str, str]) -> Post:
    at = node.taken_at
    assert at is not None, "checked when the node was read"  # noqa: S101 - for the type checker
    media = (
        Media(one.media_id, one.kind, one.url, trouble=None if one.media_id in files else NOT_BROUGHT)
        for one in node.parts
    )
    return Post(
        post_id=f"instagram:pk:{node.pk}", channel="instagram", agency_id="", handle="", native_id=str(node.pk),
        url=post_address(node.code), published_at=at, published_until=at, published_quality=Quality.EXACT,
        text=node.caption or "", media=tuple(media), origin=FORMAT.origin,
        unread=NO_CAPTION if node.caption is None else None,
    )  # fmt: skip


FORMAT = Format("instaloader", (".json", ".json.xz"), read)
