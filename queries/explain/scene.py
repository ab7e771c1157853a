"""A pair -> the one sign that can be shown best, with the stills of both sides. Opens media files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from queries.explain import stills
from queries.explain.pair import Exhibit, Pair, Sign
from queries.explain.places import Point, Spot, corners_of, frames_of, number, spots_of

VISIBLE = ("image", "video", "same_bytes", "lettering", "audio")


@dataclass(frozen=True, slots=True)
class Side:
    """One side: `still` is None where there is none to be seen, `family` says of what; `second` of a clip."""

    still: Image.Image | None
    family: str
    second: float | None = None


@dataclass(frozen=True, slots=True)
class Frames:
    """One moment on both sides."""

    own_second: float
    shown_second: float
    own: Image.Image | None
    shown: Image.Image | None


@dataclass(frozen=True, slots=True)
class Scene:
    """`sign`: what is shown, None without any; `corners`: where the material lies in the posted picture."""

    sign: Sign | None
    own: Side
    shown: Side
    corners: tuple[Point, ...] = ()
    spots: tuple[Spot, ...] = ()
    strip: tuple[Frames, ...] = ()


def scene_of(pair: Pair) -> Scene:
    """What there is to see of a pair."""
    sign = telling_sign(pair)
    own, shown = _chosen(pair.own, sign, "reference_sha256"), _chosen(pair.post.media, sign, "")
    if sign is None:
        return Scene(None, _side(own, None), _side(shown, None))
    second = number(sign.why, "second")
    corners, spots = corners_of(sign.why), spots_of(sign.why)
    strip = _strip(own, shown, sign)
    if strip:
        middle = strip[len(strip) // 2]
        sides = Side(middle.own, "video", middle.own_second), Side(middle.shown, "video", middle.shown_second)
        return Scene(sign, *sides, corners, spots, strip if len(strip) > 1 else ())
    is_still_of_own = own is not None and own.family == "video" and shown is not None and shown.family == "image"
    seconds = (second, None) if is_still_of_own else (None, second)
    later = round(number(sign.why, "scene") or 0)
    return Scene(sign, _side(own, seconds[0]), _side(shown, seconds[1], later), corners, spots)


def telling_sign(pair: Pair) -> Sign | None:
    """The strongest sign that tells where, else the strongest that names a file."""
    named = [sign for sign in pair.signs if sign.media_sha256 and sign.matcher in VISIBLE]
    placed = [sign for sign in named if corners_of(sign.why) or frames_of(sign.why)]
    return next(iter([*placed, *named]), None)


def _chosen(exhibits: Sequence[Exhibit], sign: Sign | None, key: str) -> Exhibit | None:
    """The file that the sign speaks of, else the first."""
    wanted = None
    if sign is not None:
        wanted = sign.why.get(key) if key else sign.media_sha256
    named = [one for one in exhibits if one.sha256 == wanted]
    return next(iter([*named, *exhibits]), None)


def _side(exhibit: Exhibit | None, second: float | None, scene: int = 0) -> Side:
    if exhibit is None:
        return Side(None, "none")
    if exhibit.path is None:
        return Side(None, "unreadable")
    if exhibit.family == "image":
        return Side(stills.picture(exhibit.path, scene), "image")
    if exhibit.family == "video":
        return Side(stills.frames(exhibit.path, [second])[0], "video", second)
    return Side(None, exhibit.family)


def _strip(own: Exhibit | None, shown: Exhibit | None, sign: Sign) -> tuple[Frames, ...]:
    """The moments that the sign names, where both are clips."""
    pairs = frames_of(sign.why)
    if own is None or shown is None or own.path is None or shown.path is None or not pairs:
        return ()
    if (own.family, shown.family) != ("video", "video"):
        return ()
    lefts = stills.frames(own.path, [left for left, _ in pairs])
    rights = stills.frames(shown.path, [right for _, right in pairs])
    return tuple(Frames(*pair, *seen) for pair, *seen in zip(pairs, lefts, rights, strict=True))
