"""A picture + a logo -> where the logo is shown in it, or how near anything in it comes.

The logo is looked for at every size by masked correlation, in the mix of colours in which it has most
contrast; the best places are aligned and compared in full colour, cell by cell, because emblems of one
family share their shape and frame and differ in what stands inside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from pipelines.media.logo import Logo, Plane
from pipelines.media.pictures import Colour

Box = tuple[float, float, float, float]

SMALLEST, LARGEST = 0.035, 0.46  # of the picture's width
STEP = 1.16  # from one size looked for to the next
SCOUT_SIDE = 22  # pixels, square root of its area, at which a logo is looked for
CHECK_SIDE = 128  # and at most at which it is compared: letters on an emblem's rim tell only then
PEAKS, PLACES = 3, 5
CELLS = 7
NOISE = 3.0  # grey levels: plainer places correlate with anything
# 14 drawn logos, 98 placements of 4-40 % of the width, JPEG 40-85, beside 300 look-alikes and empty pictures:
LEAST_LIKENESS = 0.84  # look-alikes with another charge reach 0.94, then fail by their cells
MOST_APART = ((90, 20.0), (45, 30.0), (0, 46.0))  # (pixels wide, worst cell); look-alikes of that size start at 42
MOST_TINT = 18.0  # of 255, hue of the whole; the same emblem in another agency's colours starts at 20
LEAST_GAIN = 0.6
MOST_MERGED = 0.2  # of the outline of mere lettering may have its ink's own colour behind it
NEAR_LIKENESS, NEAR_APART = 0.7, 60.0  # 19 of 20 shown logos come so near; 1 in 9 empty pictures too
NEAR = 0.5  # `LogoSought.near` from which a person should look


@dataclass(frozen=True, slots=True)
class LogoFound:
    """Where a logo is shown: score 0..1, box (left, top, right, bottom) as shares of the picture."""

    score: float
    box: Box


@dataclass(frozen=True, slots=True)
class LogoSought:
    """The answer for one picture; `near` 0..1 is how close the best place comes, from `NEAR` on worth a look."""

    found: LogoFound | None
    near: float


@dataclass(frozen=True, slots=True)
class _Place:
    likeness: float
    x: float
    y: float
    width: float
    height: float

    def is_beside(self, other: _Place) -> bool:
        """Whether the two are different places or sizes."""
        aside = abs(self.x + self.width / 2 - other.x - other.width / 2) > 0.3 * other.width
        above = abs(self.y + self.height / 2 - other.y - other.height / 2) > 0.3 * other.height
        return aside or above or not 0.6 < self.width / other.width < 1.6


@dataclass(frozen=True, slots=True)
class _Likeness:
    """How the logo laid over a place agrees: correlation, worst cell, tint, gain, outline lost, width in pixels."""

    likeness: float
    apart: float
    tint: float
    gain: float
    merged: float
    width: int
    box: Box

    @property
    def rank(self) -> float:
        return self.likeness - 0.004 * max(0.0, self.apart - 10)

    @property
    def is_it(self) -> bool:
        most = next(limit for width, limit in MOST_APART if self.width >= width)
        has_its_colours = self.tint <= MOST_TINT and self.gain >= LEAST_GAIN
        return has_its_colours and self.likeness >= LEAST_LIKENESS and self.apart <= most and self.merged <= MOST_MERGED

    @property
    def near(self) -> float:
        is_near = self.likeness >= NEAR_LIKENESS and self.apart <= NEAR_APART
        return max(NEAR, self.likeness) if is_near else min(max(self.likeness, 0.0), NEAR - 0.01)


def find_logo(picture: Colour, logo: Logo) -> LogoFound | None:
    """The logo in a BGR picture; None when it is not there or cannot be told."""
    return seek_logo(picture, logo).found


def seek_logo(picture: Colour, logo: Logo) -> LogoSought:
    """The logo in a BGR picture (0.3 s of CPU). Mere lettering that is not found is never far: it may be there.

    Letters around the rim are compared only where the logo is at least 90 pixels wide.
    """
    pixels = picture.astype(np.float32)
    checked = [one for place in _places(pixels, logo) if (one := _check(pixels, logo, place)) is not None]
    if not checked:
        return LogoSought(None, 0.0 if logo.is_solid else NEAR)
    best = max(checked, key=lambda one: (one.is_it, one.rank))
    if best.is_it:
        return LogoSought(LogoFound(round(best.likeness, 3), best.box), round(best.likeness, 3))
    near = max(one.near for one in checked)
    return LogoSought(None, round(near if logo.is_solid else max(near, NEAR), 3))


def _places(pixels: Plane, logo: Logo) -> list[_Place]:
    """The places and sizes that resemble the logo most, best first."""
    kept: list[_Place] = []
    for one in sorted(_scouted(pixels, logo), key=lambda place: -place.likeness):
        if all(one.is_beside(other) for other in kept):
            kept.append(one)
        if len(kept) == PLACES:
            break
    return kept


def _scouted(pixels: Plane, logo: Logo) -> Iterator[_Place]:
    """At every size the best few places, each looked for in a picture made as small as the size allows."""
    plane = _tone_of(pixels, logo)
    rows, columns = plane.shape
    wanted = SCOUT_SIDE / float(np.sqrt(logo.opacity.shape[0] / logo.opacity.shape[1]))
    share = SMALLEST
    while share <= LARGEST:
        scale = min(1.0, wanted / (share * columns))
        size = (max(1, round(columns * scale)), max(1, round(rows * scale)))
        small = np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.float32) if scale < 1 else plane
        shown, opacity = _one_tone(logo, share * columns * scale)
        likeness = _correlation(small, shown, opacity)
        if likeness is not None:
            high, wide = shown.shape
            for value, x, y in _peaks(likeness, wide // 3):
                yield _Place(value, x / scale, y / scale, wide / scale, high / scale)
        share *= STEP


def _peaks(likeness: Plane, apart: int) -> Iterator[tuple[float, int, int]]:
    apart = max(2, apart)
    for _ in range(PEAKS):
        _, value, _, (x, y) = cv2.minMaxLoc(likeness)
        yield value, x, y
        likeness[max(0, y - apart) : y + apart + 1, max(0, x - apart) : x + apart + 1] = -1


def _tone_of(pixels: Plane, logo: Logo) -> Plane:
    """The picture in the logo's mix of colours."""
    return np.asarray(cv2.transform(pixels, logo.axis.reshape(1, 3)), np.float32)


def _one_tone(logo: Logo, width: float) -> tuple[Plane, Plane]:
    """The logo in its own mix of colours, and where it counts; lettering on the ground it must stand on."""
    colours, opacity = logo.at(width)
    tone = np.asarray(colours @ logo.axis, np.float32)
    if logo.is_solid:
        return tone, opacity
    far = 255.0 if (tone * opacity).sum() / opacity.sum() < 128 else 0.0
    return np.asarray(tone * opacity + far * (1 - opacity), np.float32), np.ones_like(opacity)


def _correlation(plane: Plane, tone: Plane, opacity: Plane) -> Plane | None:
    """Correlation coefficient at every place, counting only where the logo is opaque; None if it is larger."""
    if tone.shape[0] > plane.shape[0] or tone.shape[1] > plane.shape[1]:
        return None
    weight = float(opacity.sum())
    apart = tone - float((tone * opacity).sum()) / weight
    spread = float(np.sqrt((apart * apart * opacity).sum()))
    level = plane - plane.mean()
    shared, first, second = (
        cv2.matchTemplate(one, other, cv2.TM_CCORR)
        for one, other in ((level, apart * opacity), (level, opacity), (level * level, opacity))
    )
    deviation = np.sqrt(np.maximum(second - first * first / weight, weight * NOISE**2))
    return np.asarray(shared / (max(spread, 1.0) * deviation), np.float32)


def _check(pixels: Plane, logo: Logo, place: _Place) -> _Likeness | None:
    """The logo aligned at a place and compared there; None when it does not fit into the picture."""
    rows, columns = pixels.shape[:2]
    left, top = max(0, int(place.x - place.width / 4)), max(0, int(place.y - place.height / 4))
    right, bottom = int(place.x + 1.25 * place.width) + 1, int(place.y + 1.25 * place.height) + 1
    crop = pixels[top:bottom, left:right]
    scale = min(1.0, CHECK_SIDE / float(np.sqrt(place.width * place.height)))
    if scale < 1:
        crop = np.asarray(cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.float32)
    plane = _tone_of(crop, logo)
    fitted = _fit(plane, logo, place.width * scale)
    if fitted is None:
        return None
    width, x, y = fitted
    colours, opacity = logo.at(width)
    high, wide = opacity.shape
    matrix = _aligned(plane, _one_tone(logo, width), (x, y))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    warped = cv2.warpAffine(crop, matrix, (wide, high), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    patch = np.asarray(warped, np.float32)
    box = ((left + x / scale) / columns, (top + y / scale) / rows,
           (left + (x + wide) / scale) / columns, (top + (y + high) / scale) / rows)  # fmt: skip
    return _laid_over(patch, colours, opacity, (min(1.0, round(side, 4)) for side in box), logo.is_solid)


def _fit(plane: Plane, logo: Logo, width: float) -> tuple[float, int, int] | None:
    """The width near `width`, and the place, at which the logo correlates best."""
    best: tuple[float, float, int, int] | None = None
    for factor in np.arange(0.88, 1.13, 0.03):
        likeness = _correlation(plane, *_one_tone(logo, width * factor))
        if likeness is not None:
            _, value, _, (x, y) = cv2.minMaxLoc(likeness)
            best = max(best or (-2.0, 0.0, 0, 0), (value, float(width * factor), x, y))
    return best and best[1:]


def _aligned(plane: Plane, logo: tuple[Plane, Plane], at: tuple[int, int]) -> Plane:
    """The affine matrix from the logo's pixels to the plane's, refined if that stays close to `at`."""
    tone, opacity = logo
    start = np.array([[1, 0, at[0]], [0, 1, at[1]]], np.float32)
    stop = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 30, 1e-4)
    mask = (opacity > 0.5).astype(np.uint8) * 255
    try:
        _, found = cv2.findTransformECC(tone, plane, start.copy(), cv2.MOTION_AFFINE, stop, mask, 3)
    except cv2.error:  # it does not converge where there is nothing to converge to
        return start
    room = np.array([[0.12, 0.1, 0.15 * tone.shape[1]], [0.1, 0.12, 0.15 * tone.shape[0]]])
    return np.asarray(found if (np.abs(found - start) < room).all() else start, np.float32)


def _laid_over(patch: Plane, colours: Plane, opacity: Plane, box: Iterator[float], is_solid: bool) -> _Likeness:
    """Compare in colour, allowing for one contrast and one brightness and a pixel of displacement."""
    inner = _inner(opacity)
    weight, count = inner[:, :, None], float(inner.sum())
    mean, own_mean = (patch * weight).sum((0, 1)) / count, (colours * weight).sum((0, 1)) / count
    there, own = patch - mean, colours - own_mean
    shared, own_power = float((there * own * weight).sum()), float((own * own * weight).sum())
    likeness = shared / float(np.sqrt((there * there * weight).sum() * own_power + 1e-6))
    gain = min(1.4, max(0.5, shared / (own_power + 1e-6)))
    shift = mean - own_mean
    expected = np.asarray(gain * own + mean, np.float32)
    apart = np.maximum(_outside(patch, expected), _outside(expected, patch)) * inner
    merged = 0.0 if is_solid else _merged(patch, expected, opacity)
    left, top, right, bottom = box
    tint, cell = float(np.abs(shift - shift.mean()).max()), _worst_cell(apart, inner)
    return _Likeness(likeness, cell, tint, gain, merged, opacity.shape[1], (left, top, right, bottom))


def _inner(opacity: Plane) -> Plane:
    """Where the logo is opaque and its ground cannot shine in, unless it consists of thin lines only."""
    solid = (opacity > 0.5).astype(np.float32)
    eroded = cv2.erode(opacity, np.ones((3, 3), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0.0) > 0.9
    return eroded.astype(np.float32) if eroded.sum() > 0.3 * opacity.sum() else solid


def _outside(one: Plane, other: Plane) -> Plane:
    """By how much each pixel of `one` leaves the range of `other` around it, in its worst colour."""
    kernel = np.ones((3, 3), np.uint8)
    beyond = np.maximum(one - cv2.dilate(other, kernel), cv2.erode(other, kernel) - one)
    return np.asarray(beyond.clip(0).max(axis=2), np.float32)


def _worst_cell(apart: Plane, inner: Plane) -> float:
    """The mean of `apart` in the cell where it is largest."""
    rows, columns = (np.linspace(0, length, CELLS + 1).astype(int) for length in apart.shape)
    worst = 0.0
    for top, bottom in pairwise(rows):
        for left, right in pairwise(columns):
            weight = inner[top:bottom, left:right]
            if weight.size and weight.sum() >= 0.3 * weight.size:
                worst = max(worst, float(apart[top:bottom, left:right].sum() / weight.sum()))
    return worst


def _merged(patch: Plane, expected: Plane, opacity: Plane) -> float:
    """The share of the ground just around lettering that has the lettering's own colour."""
    reach = 2 * max(1, round(opacity.shape[0] * 0.03)) + 3
    inked, kernel = (opacity > 0.5)[:, :, None], np.ones((reach, reach), np.uint8)
    reached = np.asarray(cv2.dilate(inked.astype(np.uint8), kernel), np.uint8) > 0
    around = reached & (np.asarray(cv2.dilate(opacity, np.ones((3, 3))), np.float32) <= 0.1)
    if not around.any():
        return 0.0
    low = cv2.erode(np.where(inked, expected, np.float32(255)), kernel) - 25
    high = cv2.dilate(np.where(inked, expected, np.float32(0)), kernel) + 25
    is_alike = np.asarray(((patch > low) & (patch < high)).all(axis=2))
    return float(is_alike[around].mean())
