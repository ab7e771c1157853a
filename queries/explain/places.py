"""An explanation as some matcher stored it -> places, spans and pairs of frames; what has another shape is left out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

Point = tuple[float, float]
Shares = tuple[float, float, float, float]
Span = tuple[float, float]

SIDES = ("left", "top", "right", "bottom")
REACH = 4.0  # a corner may lie outside of the picture, but not anywhere
MOST_SPOTS, MOST_PAIRS = 8, 6
NEAR = 0.015  # of a side: the width of a letter of small print


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that differs, as shares of the material's picture and, where known, of the posted one."""

    letter: str
    kind: str
    own: Shares
    shown: Shares | None

    @property
    def is_changed(self) -> bool:
        """Whether it says something else, rather than being covered."""
        return self.kind == "changed"

    @property
    def area(self) -> float:
        """Share of the material's picture."""
        return (self.own[2] - self.own[0]) * (self.own[3] - self.own[1])


def number(why: Mapping[str, Any], key: str) -> float | None:
    """A finite number under a key, else None."""
    value = why.get(key)
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if is_number and value is not None else None


def corners_of(why: Mapping[str, Any]) -> tuple[Point, ...]:
    """The four corners of the material in the posted picture, as shares of it; empty where they are not told."""
    points = [_numbers(corner, 2) for corner in _listed(why.get("corners"))]
    if len(points) != 4 or any(point is None or max(map(abs, point)) > REACH for point in points):
        return ()
    return tuple((point[0], point[1]) for point in points if point is not None)


def spots_of(why: Mapping[str, Any]) -> tuple[Spot, ...]:
    """Where the two contradict each other, lettered; what is changed comes first, then by size."""
    is_mirrored = why.get("mirrored") is True
    hidden = [
        {**dict(zip(SIDES, _listed(box), strict=False)), "kind": "overlay"} for box in _listed(why.get("hidden"))
    ]
    boxes = [*_listed(why.get("boxes")), *hidden]
    found = [spot for box in boxes if (spot := _spot(box, is_mirrored)) is not None]
    found = sorted(_joined(found), key=lambda spot: (not spot.is_changed, -spot.area))[:MOST_SPOTS]
    return tuple(Spot(ascii_uppercase[at], one.kind, one.own, one.shown) for at, one in enumerate(found))


def _joined(spots: list[Spot]) -> list[Spot]:
    """Places of one kind that nearly touch as one: strokes of a digit are read together."""
    joined: list[Spot] = []
    for spot in spots:
        near = next((one for one in joined if one.kind == spot.kind and _touch(one.own, spot.own)), None)
        if near is not None:
            joined.remove(near)
            both = _around(near.shown, spot.shown) if near.shown and spot.shown else None
            spot = Spot("", spot.kind, _around(near.own, spot.own), both)
        joined.append(spot)
    return joined if len(joined) == len(spots) else _joined(joined)


def _touch(one: Shares, other: Shares) -> bool:
    is_beside = one[0] - NEAR < other[2] and other[0] - NEAR < one[2]
    return is_beside and one[1] - NEAR < other[3] and other[1] - NEAR < one[3]


def _around(one: Shares, other: Shares) -> Shares:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _spot(box: Any, is_mirrored: bool) -> Spot | None:
    """A box with its sides by name; a mirrored one is told as the mirrored material shows it."""
    if not isinstance(box, Mapping):
        return None
    own = _numbers([number(box, side) for side in SIDES], 4)
    if own is None:
        return None
    if is_mirrored:
        own = [1 - own[2], own[1], 1 - own[0], own[3]]
    shown = _numbers(box.get("shown"), 4)
    kind = box.get("kind")
    return Spot("", kind if isinstance(kind, str) else "changed", _ordered(own), _ordered(shown) if shown else None)


def spans_of(why: Mapping[str, Any]) -> tuple[Span, ...]:
    """Which seconds of the material are covered, by time."""
    found = [_numbers(span, 2) for span in _listed(why.get("covered"))]
    return tuple(sorted((span[0], span[1]) for span in found if span is not None and 0 <= span[0] < span[1]))


def frames_of(why: Mapping[str, Any]) -> tuple[Span, ...]:
    """Seconds of the material and of the clip that show the same, spread over what there is."""
    found = [_numbers(pair, 2) for pair in _listed(why.get("pairs"))]
    pairs = sorted({(pair[0], pair[1]) for pair in found if pair is not None and min(pair) >= 0})
    if len(pairs) <= MOST_PAIRS:
        return tuple(pairs)
    return tuple(pairs[round(at * (len(pairs) - 1) / (MOST_PAIRS - 1))] for at in range(MOST_PAIRS))


def words_of(why: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A list of words under a key."""
    return tuple(word for word in _listed(why.get(key)) if isinstance(word, str))


def _listed(value: Any) -> Iterator[Any]:
    yield from value if isinstance(value, list | tuple) else ()


def _numbers(value: Any, count: int) -> list[float] | None:
    """The first `count` of a list, if they are all finite numbers."""
    first = list(_listed(value))[:count]
    if len(first) < count or any(isinstance(one, bool) or not isinstance(one, int | float) for one in first):
        return None
    return [float(one) for one in first] if all(map(math.isfinite, first)) else None


def _ordered(box: list[float]) -> Shares:
    """Within the picture, and not inside out."""
    left, top, right, bottom = (min(1.0, max(0.0, side)) for side in box)
    return min(left, right), min(top, bottom), max(left, right), max(top, bottom)
