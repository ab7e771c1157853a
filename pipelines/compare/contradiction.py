"""Two pictures with near hashes, laid over each other -> the same picture, or where they disagree.

A hash cannot see a changed digit. Here both are aligned, brought to one size, sharpness and tone,
and every spot must find its like within a pixel or two.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.media.fingerprint import shrink, trim_box
from pipelines.media.pdq import Floats, Grey

WORKING_SIDE = 1080
ALIGNING_SIDE = 360
MIN_SIDE = 540  # below this a changed digit and a JPEG artefact look the same
MARGIN = 0.02
# Grey levels beyond the noise that compression spreads over the whole picture. Set on our own posters:
# of 178 true copies the worst reached 0.85 of the limit, of 90 edits the faintest (one digit at 640
# pixels, JPEG quality 40) 1.25. Strong sharpening of a photograph exceeds it and goes to a person.
CONTRADICTS = 26.0
NOISE_COUNTS = 1.25
MOST_NOISE = 12.0
MIN_TEXTURE = 6.0
MAX_LOST = 0.5


@dataclass(frozen=True, slots=True)
class Box:
    """A spot as shares of the reference picture's width and height."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Alike:
    """`verdict`: same | changed | unverifiable; `boxes`: where they contradict, largest first;
    `worst`: the largest difference in grey levels; `share`: contradicting share of the picture."""

    verdict: str
    boxes: tuple[Box, ...] = ()
    worst: float = 0.0
    share: float = 0.0


def compare_pixels(reference: Grey, posted: Grey) -> Alike:
    """Lay `posted`, already turned upright, over `reference` and look for contradictions.

    Both are tried whole and without their uniform border; the better fit speaks.
    """
    inner = [np.ascontiguousarray(picture[trim_box(picture)]) for picture in (reference, posted)]
    fits = [(inner[0], inner[1]), (reference, posted), (reference, inner[1])]
    if inner[0].shape == reference.shape and inner[1].shape == posted.shape:
        fits = fits[:1]
    best = Alike("unverifiable", share=1.0)
    for left, right in fits:
        tried = _compare(left, right)
        if tried.verdict == "same":
            return tried
        best = min(best, tried, key=lambda one: (one.verdict == "unverifiable", one.share))
    return best


def _compare(reference: Grey, posted: Grey) -> Alike:
    if min(*reference.shape, *posted.shape) < MIN_SIDE:
        return Alike("unverifiable")
    left, right = _same_size(reference, posted)
    if float(left.std()) < MIN_TEXTURE or float(right.std()) < MIN_TEXTURE:
        return Alike("unverifiable")
    right, seen = _align(left, right)
    toned = _same_tone(left, right)
    gain = max(0.15, float(toned.std()) / max(1.0, float(left.std())))
    return _judge(_excess(*_same_sharpness(toned, right), seen) / gain)


def _same_size(reference: Grey, posted: Grey) -> tuple[Floats, Floats]:
    """Both at the reference's proportions and the smaller one's resolution."""
    side = min(*posted.shape, *reference.shape, WORKING_SIDE)
    base = shrink(reference, side)
    shape = (base.shape[1], base.shape[0])
    other = cv2.resize(posted, shape, interpolation=cv2.INTER_AREA)
    return base.astype(np.float32), np.asarray(other, np.float32)


def _align(reference: Floats, posted: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """`posted` moved, scaled and sheared by the little that resizing and trimming leave over."""
    scale = ALIGNING_SIDE / min(reference.shape)
    size = (reference.shape[1], reference.shape[0])
    warp = _fit(_scaled(reference, scale), _scaled(posted, scale))
    warp[:, 2] /= scale
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(posted, warp, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    inside = cv2.warpAffine(np.ones_like(posted), warp, size, flags=flags)
    return np.asarray(moved, np.float32), np.asarray(inside > 0.99)


def _scaled(picture: Floats, scale: float) -> Floats:
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.float32)


def _fit(reference: Floats, posted: Floats) -> Floats:
    """The affine movement, 2x3, that lays `posted` over `reference`; none when they do not correlate."""
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 30, 1e-4)
    try:
        _, warp = cv2.findTransformECC(
            reference, posted, np.eye(2, 3, dtype=np.float32), cv2.MOTION_AFFINE, stop,
            inputMask=np.full(reference.shape, 255, np.uint8), gaussFiltSize=5,
        )  # fmt: skip
    except cv2.error:  # raised when it does not converge
        return np.eye(2, 3, dtype=np.float32)
    return np.asarray(warp, np.float32)


def _same_sharpness(left: Floats, right: Floats) -> tuple[Floats, Floats]:
    """The sharper one blurred to the other's softness, then both once, against compression's noise."""
    edges = [float(np.abs(cv2.Laplacian(_blurred(one, 0.8), cv2.CV_32F)).mean()) for one in (left, right)]
    sharper, softer = (left, right) if edges[0] >= edges[1] else (right, left)
    tried = [_blurred(sharper, sigma) if sigma else sharper for sigma in (0.0, 0.7, 1.1, 1.6, 2.2)]
    best = min(tried, key=lambda one: float(np.abs(one - softer).mean()))
    pair = (best, softer) if edges[0] >= edges[1] else (softer, best)
    return _blurred(pair[0], 1.0), _blurred(pair[1], 1.0)


def _blurred(picture: Floats, sigma: float) -> Floats:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.float32)


def _excess(left: Floats, right: Floats, seen: NDArray[np.bool_]) -> Floats:
    """How far each spot lies outside what the other picture shows within a pixel, in grey levels."""
    out = np.maximum(_outside(right, left), _outside(left, right))
    rows, columns = (round(length * MARGIN) for length in out.shape)
    out[~seen] = 0
    out[:rows], out[-rows:], out[:, :columns], out[:, -columns:] = 0, 0, 0, 0
    return out


def _outside(picture: Floats, other: Floats) -> Floats:
    window = np.ones((3, 3), np.uint8)
    highest, lowest = cv2.dilate(other, window), cv2.erode(other, window)
    return np.asarray(np.maximum(np.maximum(picture - highest, lowest - picture), 0), np.float32)


def _same_tone(reference: Floats, posted: Floats) -> Floats:
    """The reference in the posted picture's tones: a filter or a brightness change is no contradiction.

    Each level goes to the median of what stands at its places; medians ignore small edits.
    """
    levels = np.clip(reference, 0, 255).astype(np.uint8) >> 3
    known = [level for level in range(32) if np.count_nonzero(levels == level) > levels.size // 500]
    centres = [float(reference[levels == level].mean()) for level in known]
    medians = np.maximum.accumulate([float(np.median(posted[levels == level])) for level in known])
    return np.asarray(np.interp(reference, centres, medians), np.float32)


def _judge(excess: Floats) -> Alike:
    worst = float(excess.max())
    noise = min(MOST_NOISE, float(np.percentile(excess, 97)))
    bad = (excess > CONTRADICTS + NOISE_COUNTS * noise).astype(np.uint8)
    share = float(bad.mean())
    if not bad.any():
        return Alike("same", worst=round(worst, 1))
    if share > MAX_LOST:
        return Alike("unverifiable", worst=round(worst, 1), share=share)
    joined = cv2.dilate(bad, np.ones((15, 15), np.uint8))
    _, _, found, _ = cv2.connectedComponentsWithStats(joined)
    boxes = sorted(found[1:].tolist(), key=lambda box: -box[4])[:8]
    return Alike("changed", tuple(_as_box(box, excess.shape) for box in boxes), round(worst, 1), share)


def _as_box(found: list[int], shape: tuple[int, ...]) -> Box:
    left, top, width, height, _ = found
    rows, columns = shape
    edges = (left / columns, top / rows, (left + width) / columns, (top + height) / rows)
    return Box(*(round(edge, 3) for edge in edges))
