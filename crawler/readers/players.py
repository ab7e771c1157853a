"""An element that a script fills with a clip or post of another service -> the address of that.

Page builders and lazy players write it into attributes of an empty element.
"""

from __future__ import annotations

import re
from typing import Any

_CLIP_ID = re.compile(r"[\w-]{11}")
_URL = re.compile(
    r"https?://(?:www\.)?(?:youtube(?:-nocookie)?\.com|youtu\.be|instagram\.com|tiktok\.com)/[^\s\"'<>\\]+"
)
_LONGEST = 20_000  # characters of one element's settings


def played_by(node: Any) -> list[str]:
    """Addresses, as written, of what a script shows in an element; Telegram's widget is the script itself."""
    if node.get("data-telegram-post"):
        return [f"https://t.me/{node.get('data-telegram-post')}"]
    if node.tag == "oembed":  # CKEditor's
        return list(filter(None, [node.get("url")]))
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
