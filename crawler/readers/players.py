"""An element that shows a clip's file, or that a script fills with a clip or post of another service -> its address.

Page builders and lazy players write it into attributes of an empty element.
"""

from __future__ import annotations

import re
from typing import Any

_CLIP_ID = re.compile(r"[\w-]{11}")
_URL = re.compile(
    r"https?://(?:www\.)?(?:youtube(?:-nocookie)?\.com|youtu\.be|instagram\.com|tiktok\.com)/[^\s\"'<>\\]+"
)
# CKEditor's element, and those of AMP: the attribute that names the post, and what stands before it in an address.
_NAMING = {
    "oembed": ("url", ""), "amp-facebook": ("data-href", ""), "amp-twitter": ("data-tweetid", "https://x.com/i/status/"),
    "amp-tiktok": ("data-src", "https://www.tiktok.com/embed/v2/"),
}  # fmt: skip
_LONGEST = 20_000  # characters of one element's settings
_CLIP = re.compile(r"\.(?:mp4|webm|m4v|mov|ogv)(?:$|[?#])", re.I)
_FILES = ("src", "data-src", "data-lazy-src", "data-litespeed-src", "data-lazy", "data-original", "data")
CLIP_TAGS = ("video", "source", "amp-video", "iframe", "amp-iframe", "embed", "object")


def is_clip(url: str) -> bool:
    """Whether an address is that of a clip's file by its end."""
    return bool(_CLIP.search(url))


def clip_of(node: Any) -> str:
    """The clip's file, as written, that an element shows; empty where it shows none."""
    parent = node.getparent()
    if node.tag in ("video", "amp-video") or (parent is not None and parent.tag in ("video", "amp-video")):
        return _file_of(node)
    files = (_file_of(node), *(one.get("value") or "" for one in node.iter("param")))
    return next(filter(is_clip, files), "")


def _file_of(node: Any) -> str:
    return next(filter(None, map(node.get, _FILES)), "")


def played_by(node: Any) -> list[str]:
    """Addresses, as written, of what a script shows in an element; Telegram's widget is the script itself."""
    if node.get("data-telegram-post"):
        return [f"https://t.me/{node.get('data-telegram-post')}"]
    if node.tag in _NAMING:
        name, before = _NAMING[node.tag]
        return [f"{before}{node.get(name)}"] if node.get(name) else []
    return [*_by_id(node), *_by_settings(node)] if node.tag == "div" else []


def _by_id(node: Any) -> list[str]:
    ids = map(node.get, ("data-plyr-embed-id", "data-youtube-id", "data-id"))
    named = next(filter(None, ids), "")
    service = f"{node.get('data-plyr-provider')} {node.get('class')}"
    is_youtube = "youtube" in service or node.get("data-youtube-id")
    return [f"https://www.youtube.com/watch?v={named}"] if is_youtube and _CLIP_ID.fullmatch(named) else []


def _by_settings(node: Any) -> list[str]:
    told = " ".join(node.get(name) or "" for name in ("data-settings", "data-src", "data-url"))
    return _URL.findall(told[:_LONGEST].replace("\\/", "/"))
