"""Reference + posted picture + placement -> the spots where they contradict each other, and what was done there.

Correlation and hashes cannot see a changed digit. Here both are brought to one size, tone and sharpness, and every
spot must find its like within a pixel. What then differs was either laid over the material or says something else:
under an overlay the ground is another, in an edited line the ground between the letters is the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from pipelines.compare.geometry import Mask, Matrix, resizing, scale_of, seen_through, through
from pipelines.compare.glyphs import lettering_in
from pipelines.compare.placement import Placement
from pipelines.media.pdq import Floats, Grey

SHORT_SIDE = 1080  # to which small materials are enlarged: a digit must be larger than a spot's tolerance
LEAST_AREA_SIDE = 460  # square root of the area at which the material is shown; below, a digit is a smudge
MOST_PIXELS = 3_000_000
MARGIN = 0.02
WIDE = 12.0  # pixels; what changes over more than this is light, not lettering
ENLARGED = 1.6  # a small copy is compared larger than it is shown: a spot's tolerance is then less than its pixel
# A spot contradicts when it is off by more grey levels than this, and more than is usual at spots as busy; half of a
# stroke that both show is forgiven, copies being softer or sharper. Of 81 difficult untouched copies the worst reached
# .91 of this limit, of 36 faint edits (one digit, JPEG quality 30, 640 pixels) the faintest 1.11.
LEAST_STEP, NOISE_COUNTS, MOST_NOISE, NOISE_BINS = 43.5, 4.35, 12.0, 8
FORGIVEN = 0.5
LEAST_DETAIL = 0.7
RARE, COMMON = 99, 75  # percentiles: more than the first is not usual, and where the second is large, nothing is sure
POOR = 8.0
MAX_LOST = 0.5
FEWEST_BLOCKS = 30
MOST_BOXES = 8
REACH = 0.016  # of the longer side: spots nearer to each other are one place

SOFTNESSES = (0.0, 0.6, 1.0, 1.5, 2.2)  # standard deviations of the blur, pixels
DENOISING = 0.7

GROUND_STEP, GROUND_WINDOW = 16.0, 11  # the window on a sixth of the size: wider than a headline's strokes
IS_PATCH = 0.5  # of a place's ground that is another
AT_EDGE, AT_CORNER = 0.004, 0.035  # beyond the margin
IS_RIM = 0.6
LARGEST_STICKER = 0.12  # of the area; what hides more of a picture may have replaced it
WAS_SOMETHING = 0.25  # of the differing pixels, where the reference shows strokes or texture
LETTERS_HIT = 0.0004  # of the area
STROKE = 14.0


@dataclass(frozen=True, slots=True)
class Box:
    """A place as shares of the reference picture's width and height, and of the posted picture's (`shown`).

    `kind`: overlay | added | edge | changed; `hides`: share of the reference's area.
    """

    left: float
    top: float
    right: float
    bottom: float
    kind: str
    hides: float
    shown: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """`verdict`: same | overlay | changed | unverifiable; `boxes`: where, largest first; `worst`: the largest
    difference, in units of what is usual; `share`: of the visible material that differs; `hidden`: that is covered;
    `cause`: why unverifiable: small | plain | poor | lost."""

    verdict: str
    boxes: tuple[Box, ...] = ()
    worst: float = 0.0
    share: float = 0.0
    hidden: float = 0.0
    cause: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _Laid:
    """Both pictures in the reference's frame, in one tone and sharpness; `visible`: where both show something."""

    own: Grey
    seen: Grey
    left: Floats
    right: Floats
    inside: Mask
    visible: Mask
    gain: float
    detail: float  # posted pixels per own pixel, at most one: a small stroke shown small has less contrast


def contradict(own: Grey, posted: Grey, placement: Placement) -> Contradiction:
    """Where `own` (mirrored if the placement was found so) and the placed part of `posted` contradict each other."""
    own, matrix = _at_shown_size(own, placement.matrix)
    if float(np.sqrt(own.size)) * min(1.0, scale_of(matrix, own.shape)) < LEAST_AREA_SIDE:
        return Contradiction("unverifiable", cause="small")
    if placement.blocks < FEWEST_BLOCKS:
        return Contradiction("unverifiable", cause="plain")
    laid = _lay(own, posted, matrix)
    ground = _other_ground(laid)
    strange, noise = _strangeness(laid, ground)
    worst = round(float(strange.max()), 2)
    bad = strange > 1
    share = float(bad.sum() / max(1, laid.visible.sum()))
    found = Contradiction("same", worst=worst, share=round(share, 5))
    if share > MAX_LOST:
        return replace(found, verdict="unverifiable", cause="lost")
    if noise > POOR:
        return replace(found, verdict="unverifiable", cause="poor")
    return _explained(found, laid, (bad, ground), _Frame(own.shape, posted.shape, matrix)) if bad.any() else found


def _at_shown_size(own: Grey, matrix: Matrix) -> tuple[Grey, Matrix]:
    most = min(SHORT_SIDE / min(own.shape), float(np.sqrt(MOST_PIXELS / own.size)))
    factor = min(ENLARGED * scale_of(matrix, own.shape), most)
    size = (max(1, round(own.shape[1] * factor)), max(1, round(own.shape[0] * factor)))
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    sized = np.asarray(cv2.resize(own, size, interpolation=way), np.uint8)
    return sized, matrix @ resizing(sized.shape, own.shape)


def _lay(own: Grey, posted: Grey, matrix: Matrix) -> _Laid:
    seen, inside = seen_through(posted, matrix, own.shape)
    toned = _same_tone(own, seen, inside)
    gain = max(0.15, float(toned.std()) / max(1.0, float(own.std())))
    left, right = _same_sharpness(toned, np.asarray(seen, np.float32))
    rows, columns = (round(length * MARGIN) for length in own.shape)
    window = np.ones((2 * rows + 1, 2 * columns + 1), np.uint8)
    kept = cv2.erode(inside.astype(np.uint8), window, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return _Laid(own, seen, left, right, inside, np.asarray(kept > 0), gain, _detail(own, matrix))


def _detail(own: Grey, matrix: Matrix) -> float:
    return float(np.clip(scale_of(matrix, own.shape), LEAST_DETAIL, 1.0))


def _same_tone(own: Grey, seen: Grey, inside: Mask) -> Floats:
    """The reference in the posted picture's tones: a filter or a brightness change is no contradiction.

    Each level goes to the median of what stands at its places; medians ignore small edits.
    """
    together = cv2.calcHist([own, seen], [0, 1], inside.astype(np.uint8), [32, 256], [0, 256, 0, 256])
    counts = together.sum(axis=1)
    known = np.flatnonzero(counts > own.size // 500)
    if not len(known):
        return np.asarray(own, np.float32)
    sums = np.cumsum(together[known], axis=1)
    medians = np.maximum.accumulate((sums >= counts[known, None] / 2).argmax(axis=1))
    return np.interp(np.arange(256), known * 8 + 3.5, medians).astype(np.float32)[own]


def _same_sharpness(left: Floats, right: Floats) -> tuple[Floats, Floats]:
    """The sharper one blurred to the other's softness, then both a little, against compression's noise."""
    part = _richest(left)
    edges = [float(np.abs(cv2.Laplacian(_blurred(one[part], 0.8), cv2.CV_32F)).mean()) for one in (left, right)]
    sharper, softer = (left, right) if edges[0] >= edges[1] else (right, left)
    sigma = min(SOFTNESSES, key=lambda one: float(np.abs(_blurred(sharper[part], one) - softer[part]).mean()))
    pair = [_blurred(sharper, float(np.hypot(sigma, DENOISING))), _blurred(softer, DENOISING)]
    return (pair[0], pair[1]) if edges[0] >= edges[1] else (pair[1], pair[0])


def _richest(picture: Floats) -> tuple[slice, slice]:
    """Of five parts, each a quarter of the picture, the one with most edges."""
    rows, columns = picture.shape
    starts = [(0, 0), (0, columns // 2), (rows // 2, 0), (rows // 2, columns // 2), (rows // 4, columns // 4)]
    parts = [(slice(row, row + rows // 2), slice(column, column + columns // 2)) for row, column in starts]
    return max(parts, key=lambda part: float(np.abs(np.diff(picture[part][::4], axis=1)).sum()))


def _blurred(picture: Floats, sigma: float) -> Floats:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma) if sigma else picture, np.float32)


def _light(picture: Floats) -> Floats:
    """What changes slowly: glare and shadow, also the ground; made on a quarter of the size."""
    size = (picture.shape[1], picture.shape[0])
    small = cv2.resize(picture, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(_blurred(np.asarray(small, np.float32), WIDE / 4), size), np.float32)


def _strangeness(laid: _Laid, ground: Mask) -> tuple[Floats, float]:
    """How far each spot is from its like, as a share of what contradicts; and the common noise at busy spots."""
    left, right = (np.asarray(one - _light(one), np.float32) for one in (laid.left, laid.right))
    outside = np.maximum(_outside(right, left), _outside(left, right)) - FORGIVEN * _common(left, right)
    apart = _blurred(np.asarray(outside.clip(0) / np.float32(laid.gain), np.float32), 0.8)
    busy = np.asarray(cv2.blur(np.abs(left) / np.float32(laid.gain), (11, 11)), np.float32)
    counted = laid.visible & ~ground
    middles, rare, common = _noise(apart[counted], busy[counted])
    limits = LEAST_STEP * laid.detail + NOISE_COUNTS * np.interp(np.arange(256) / 2, middles, rare.clip(0, MOST_NOISE))
    limit = limits.astype(np.float32)[(busy * 2).clip(0, 255).astype(np.uint8)]
    strange = np.where(laid.visible, apart / limit, 0)
    return np.asarray(strange, np.float32), float(common.max())


def _outside(picture: Floats, other: Floats) -> Floats:
    window = np.ones((3, 3), np.uint8)
    highest, lowest = cv2.dilate(other, window), cv2.erode(other, window)
    return np.asarray(np.maximum(np.maximum(picture - highest, lowest - picture), 0), np.float32)


def _common(left: Floats, right: Floats) -> Floats:
    """How much of a stroke, dark or bright, both show."""
    return np.asarray(np.minimum(np.abs(left), np.abs(right)) * (left * right > 0), np.float32)


def _noise(apart: Floats, busy: Floats) -> tuple[Floats, Floats, Floats]:
    """For several degrees of busyness (their middles) the differences that are `RARE`ly and `COMMON`ly exceeded."""
    if len(apart) < NOISE_BINS:
        return np.zeros(1, np.float32), np.zeros(1, np.float32), np.zeros(1, np.float32)
    step = max(1, len(apart) // 60_000)
    apart, busy = apart[::step], busy[::step]
    parts = np.array_split(np.argsort(busy), NOISE_BINS)
    middles = np.array([busy[part].mean() for part in parts], np.float32)
    levels = np.array([np.percentile(apart[part], (RARE, COMMON)) for part in parts], np.float32)
    rare, common = np.maximum.accumulate(levels, axis=0).T
    return middles, rare, common


@dataclass(frozen=True, slots=True)
class _Frame:
    """The shapes between which places are told."""

    own: tuple[int, ...]
    posted: tuple[int, ...]
    matrix: Matrix


def _explained(found: Contradiction, laid: _Laid, spots: tuple[Mask, Mask], frame: _Frame) -> Contradiction:
    """The contradicting spots, and other ground, joined to places; what each of them is."""
    bad, ground = spots
    reach = max(3, round(REACH * max(bad.shape))) | 1
    window = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    joined = cv2.morphologyEx((bad | ground).astype(np.uint8), cv2.MORPH_CLOSE, window)
    joined = np.asarray(joined * laid.visible, np.uint8)
    count, labels, table, _ = cv2.connectedComponentsWithStats(joined)
    hurt = np.bincount(labels[bad], minlength=count)
    chosen = [label for label in np.argsort(-table[:, 4]).tolist() if label and hurt[label] > 0]
    letters = lettering_in(laid.own)
    places = [_Place.of(labels == label, ground, table[label].tolist(), laid) for label in chosen[: 5 * MOST_BOXES]]
    boxes = [_box(place, place.kind(bad, ground, letters, laid), frame) for place in places]
    hidden = sum(box.hides for box in boxes if box.kind != "changed")
    is_changed = any(box.kind == "changed" for box in boxes)
    boxes.sort(key=lambda box: (box.kind != "changed", -box.hides))
    verdict = "changed" if is_changed else "overlay"
    return replace(found, verdict=verdict, boxes=tuple(boxes[:MOST_BOXES]), hidden=round(hidden, 3))


def _other_ground(laid: _Laid) -> Mask:
    """Where the ground itself, without what is written on it, has another brightness; glare and shade apart."""
    shape = laid.own.shape
    small = [cv2.resize(one, None, fx=1 / 6, fy=1 / 6, interpolation=cv2.INTER_AREA) for one in (laid.left, laid.right)]
    grounds = [cv2.medianBlur(np.clip(one, 0, 255).astype(np.uint8), GROUND_WINDOW).astype(np.float32) for one in small]
    step = np.abs(grounds[0] - grounds[1]) / np.float32(laid.gain) > GROUND_STEP
    return np.asarray(cv2.resize(step.astype(np.uint8), (shape[1], shape[0]), interpolation=cv2.INTER_NEAREST) > 0)


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """One connected place; `edges`: distances to the left, top, right and bottom of what is visible, as shares;
    `lies_on_edge`: other ground stands along one of these for most of the place's length there."""

    mask: Mask
    box: tuple[int, int, int, int]
    area: float
    edges: tuple[float, float, float, float]
    lies_on_edge: bool

    @classmethod
    def of(cls, mask: Mask, ground: Mask, found: list[int], laid: _Laid) -> _Place:
        left, top, width, height, area = found
        rows, columns = mask.shape
        across, down = (np.flatnonzero(laid.visible.any(axis=way)) for way in (0, 1))
        edges = ((left - across[0]) / columns, (top - down[0]) / rows,
                 (across[-1] + 1 - left - width) / columns, (down[-1] + 1 - top - height) / rows)  # fmt: skip
        rims = (ground[top : top + height, across[0] + 2], ground[down[0] + 2, left : left + width],
                ground[top : top + height, across[-1] - 2], ground[down[-1] - 2, left : left + width])  # fmt: skip
        on_edge = any(edge <= AT_EDGE and rim.mean() >= IS_RIM for edge, rim in zip(edges, rims, strict=True))
        return cls(mask, (left, top, left + width, top + height), area / mask.size, edges, on_edge)

    def kind(self, bad: Mask, ground: Mask, letters: Mask, laid: _Laid) -> str:
        """overlay | added | edge | changed."""
        spots = bad & self.mask
        hits_letters = float((self.mask & letters).sum()) > LETTERS_HIT * letters.size
        if float((ground & self.mask).sum()) < IS_PATCH * self.mask.sum():
            strokes = np.abs(laid.left - _light(laid.left)) > STROKE * laid.gain
            was_something = float((strokes & spots).sum()) > WAS_SOMETHING * spots.sum()
            return "changed" if hits_letters or was_something else "added"
        if self.lies_on_edge:
            return "edge"
        in_corner = min(self.edges[0], self.edges[2]) <= AT_CORNER and min(self.edges[1], self.edges[3]) <= AT_CORNER
        if hits_letters and not (in_corner and not self._is_lettered(laid.seen)):
            return "changed"
        return "overlay" if self.area <= LARGEST_STICKER else "changed"

    def _is_lettered(self, seen: Grey) -> bool:
        return float((lettering_in(seen) & self.mask).sum()) > LETTERS_HIT * seen.size


def _box(place: _Place, kind: str, frame: _Frame) -> Box:
    left, top, right, bottom = place.box
    rows, columns = frame.own
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)
    there = (through(frame.matrix, corners) / [frame.posted[1], frame.posted[0]]).clip(0, 1)
    x, y, x_end, y_end = (round(float(edge), 4) for edge in (*there.min(axis=0), *there.max(axis=0)))
    return Box(round(left / columns, 4), round(top / rows, 4), round(right / columns, 4), round(bottom / rows, 4),
               kind, round(place.area, 4), (x, y, x_end, y_end))  # fmt: skip
