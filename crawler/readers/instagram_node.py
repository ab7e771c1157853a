"""One Instagram post as other programs export it (three shapes of JSON) -> its parts, and what it lacks.

Shapes: the app's item list (`taken_at`, `code`, `carousel_media`), the web page's Polaris objects (as
before, without time and owner's list) and the older Graph nodes (`taken_at_timestamp`, `edge_…`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.shortcodes import code_of, earliest_instant, pk_of

Node = Mapping[str, Any]
SLACK = timedelta(hours=1)  # a number is minutes early at most; who changes a time by less gains nothing


@dataclass(frozen=True, slots=True)
class Part:
    """One picture or clip: `media_id` is stable over exports, `url` empty where none was given."""

    media_id: str
    kind: str
    url: str


@dataclass(frozen=True, slots=True)
class InstagramNode:
    """`handles`: the owner's name, then co-authors'. `caption` None = the export does not tell it."""

    pk: int
    code: str
    handles: tuple[str, ...]
    taken_at: datetime | None
    caption: str | None
    parts: tuple[Part, ...]
    is_ad: bool


def read_node(node: Node) -> InstagramNode:
    """The parts of one post. Raises ValueError when it has neither number nor shortcode."""
    pk = _pk(node)
    if pk is None:
        raise ValueError("pk, code")
    code = text_of(node.get("code")) or text_of(node.get("shortcode"))
    return InstagramNode(
        pk=pk, code=code or code_of(pk), handles=tuple(dict.fromkeys(_handles(node))), taken_at=_taken_at(node, pk),
        caption=_caption(node), parts=_parts(node, pk), is_ad=node.get("product_type") == "ad",
    )  # fmt: skip


def text_of(value: Any) -> str:
    """A text fit to be written (no lone surrogates); empty for anything else."""
    if not isinstance(value, str):
        return ""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def instant_of(count: Any, per_second: int = 1) -> datetime | None:
    """Unix seconds or parts of them, as number or digits; None when they are no instant of Instagram's time."""
    try:
        at = datetime.fromtimestamp(float(count) / per_second, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    return at if 2010 <= at.year < 2200 else None


def objects_of(value: Any) -> list[Node]:
    """The objects of a list, also of one wrapped as `{"edges": [{"node": …}]}`."""
    if isinstance(value, Mapping):
        value = [edge.get("node") for edge in objects_of(value.get("edges"))]
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _pk(node: Node) -> int | None:
    for value in (node.get("pk"), node.get("id")):
        digits = str(value).removeprefix("POLARIS_").partition("_")[0]
        if digits.isascii() and digits.isdecimal() and 0 < int(digits[:20]) < 1 << 63:
            return int(digits)
    code = text_of(node.get("code")) or text_of(node.get("shortcode"))
    try:
        return pk_of(code)
    except ValueError:
        return None


def _handles(node: Node) -> Iterator[str]:
    people = [node.get("user"), node.get("owner"), *objects_of(node.get("coauthor_producers"))]
    for person in people:
        name = text_of(person.get("username")) if isinstance(person, Mapping) else ""
        if name:
            yield name


def _taken_at(node: Node, pk: int) -> datetime | None:
    """The export's time; one at which the post's own number did not exist yet counts for nothing."""
    told = (node.get(key) for key in ("taken_at", "taken_at_timestamp", "date"))
    at = next((at for value in told if (at := instant_of(value))), None)
    return at if at is None or at + SLACK >= earliest_instant(pk) else None


def _caption(node: Node) -> str | None:
    """A caption that is null is an empty one; a key that is absent tells nothing."""
    if "caption" in node:
        caption = node["caption"]
        return text_of(caption.get("text") if isinstance(caption, Mapping) else caption)
    if "edge_media_to_caption" in node:
        return next((text_of(one.get("text")) for one in objects_of(node["edge_media_to_caption"])), "")
    return None


def _parts(node: Node, pk: int) -> tuple[Part, ...]:
    children = objects_of(node.get("carousel_media")) or objects_of(node.get("edge_sidecar_to_children"))
    if not children:
        return (_part(node, f"instagram:pk:{pk}"),)
    return tuple(_part(child, f"instagram:pk:{_pk(child) or f'{pk}:{n}'}") for n, child in enumerate(children, 1))


def _part(node: Node, media_id: str) -> Part:
    is_video = node.get("media_type") == 2 or node.get("is_video") is True
    return Part(media_id, "video" if is_video else "image", next(_addresses(node, is_video), ""))


def _addresses(node: Node, is_video: bool) -> Iterator[str]:
    versions = node.get("video_versions") if is_video else _candidates(node.get("image_versions2"))
    told = [one.get("url") for one in objects_of(versions)]
    told += [node.get("video_url")] if is_video else [node.get("display_url"), node.get("display_uri")]
    yield from filter(None, map(text_of, told))


def _candidates(versions: Any) -> Any:
    return versions.get("candidates") if isinstance(versions, Mapping) else None
