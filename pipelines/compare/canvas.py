"""A posted clip + the pane in which a material may run -> its frames as the material would show them, settled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.compare.course import Course, follow
from pipelines.compare.geometry import Matrix, corners_of, resizing, scale_of, through
from pipelines.compare.pane import UNIT, Pane, stretches
from pipelines.compare.spans import Span, merged
from pipelines.compare.witness import AGREES, Blocks, Frames, Strip, Times, Witness
from pipelines.media.clips import steady_frames
from pipelines.media.pdq import Grey

Shape = tuple[int, int]

ROOM = 0.12  # of the small frame's sides, kept around the pane until it is settled
PACE, MOST_FRAMES = 12.5, 1500
SETTLING_PAIRS, MOST_STEPS = 10, 20
SHIFTS = tuple(range(-6, 7))  # frames of the canvas: half a second
SETTLED = 0.95  # of what moves
ALIKE, BETTER = 0.5, 1.01


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """Posted frames with room around the pane; `inside` 255 where they show anything; `shape` the small frame's."""

    shape: Shape
    seconds: Times
    frames: Frames
    inside: Grey

    def some(self, numbers: NDArray[np.int64]) -> Canvas:
        """Only these frames."""
        return replace(self, seconds=self.seconds[numbers], frames=self.frames[numbers])

    def strip(self, correction: Matrix) -> Strip:
        """What lies in the pane; `correction` moves the small frame's pixels to where they should lie."""
        matrix, size = _margin(self.shape) @ correction, (self.shape[1], self.shape[0])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        frames = np.stack([cv2.warpPerspective(one, matrix, size, flags=flags) for one in self.frames])
        inside = cv2.warpPerspective(self.inside, matrix, size, flags=flags)
        return Strip(self.seconds, np.asarray(frames, np.uint8), np.asarray(inside > 250))


def read_canvases(path: Path, panes: Sequence[Pane], own: Witness, seconds: float, posted: Shape) -> list[Canvas]:
    """For each pane the posted frames of the seconds in which the material can run, decoded once for all.

    `seconds`: of the posted clip; `posted`: the shape of its frames.
    """
    spans = merged([span for pane in panes for span in stretches(pane, own.duration, seconds)])
    side = max(_side(pane.matrix, own.size, posted) for pane in panes)
    times: list[float] = []
    laid: list[list[Grey]] = [[] for _ in panes]
    for at, grey in _frames(path, spans, side):
        times.append(at)
        posted = (grey.shape[0], grey.shape[1])
        for pane, kept in zip(panes, laid, strict=True):
            kept.append(_laid(grey, pane.matrix, own.size, cv2.BORDER_REPLICATE))
    if not times:
        return []
    full = np.full(posted, 255, np.uint8)
    inside = [_laid(full, pane.matrix, own.size, cv2.BORDER_CONSTANT) for pane in panes]
    return [Canvas(own.size, np.array(times), np.stack(kept), seen) for kept, seen in zip(laid, inside, strict=True)]


def settle(own: Witness, canvas: Canvas) -> tuple[Course, Strip, Matrix]:
    """The course when the pane has been moved to where it agrees best, and by which correction.

    A pane found by frames of different moments of a moving camera is off by its movement, and the course is then off
    in time by just as much: the two are moved together.
    """
    correction: Matrix = np.eye(3)
    strip = canvas.strip(correction)
    course = follow(own, strip)
    for shifts in (SHIFTS, (0,)):
        if not course.met or course.moving_ok >= SETTLED:
            break
        moved = _corrected(own, canvas, (strip, correction), course.met, shifts)
        other = canvas.strip(moved)
        found = follow(own, other)
        if found.worth >= BETTER * course.worth:
            course, strip, correction = found, other, moved
    return course, strip, correction


def _corrected(
    own: Witness, canvas: Canvas, now: tuple[Strip, Matrix], met: Sequence[tuple[int, int]], shifts: Sequence[int]
) -> Matrix:
    """Of the corrections that pairs of frames ask for if the clip ran some frames later, the one that agrees best."""
    strip, before = now
    chosen = [met[at] for at in np.unique(np.linspace(0, len(met) - 1, SETTLING_PAIRS).astype(int))]
    best = (-1.0, before)
    for shift in shifts:
        pairs = [(here, there + shift) for here, there in chosen if 0 <= there + shift < len(strip.seconds)]
        correction = before @ _middle_of([_asked(own, strip, pair) for pair in pairs], own.size)
        agreeing = _agreement(own, canvas, correction, pairs)
        if agreeing > best[0]:
            best = agreeing, correction
    return best[1]


def _agreement(own: Witness, canvas: Canvas, correction: Matrix, pairs: Sequence[tuple[int, int]]) -> float:
    """Share of the told blocks that agree in the pairs when the pane is corrected."""
    if not pairs:
        return 0.0
    here, there = (np.array(numbers) for numbers in zip(*pairs, strict=True))
    strip = canvas.some(there).strip(correction)
    shown, told = Blocks.of(strip.frames), own.blocks.textured[here] & own.seen(strip.inside)
    like = np.einsum("mbp,mbp->mb", own.blocks.units[here], shown.units) > AGREES
    return float(like[told].mean()) if told.any() else 0.0


def _middle_of(asked: Sequence[Matrix | None], shape: Shape) -> Matrix:
    """The middle of what the pairs ask for: a camera's own movement differs from pair to pair."""
    corners = corners_of(shape)
    moved = [through(one, corners) for one in asked if one is not None]
    if len(moved) < 2:
        return np.eye(3)
    middle = np.median(np.array(moved), axis=0).astype(np.float32)
    affine = cv2.getAffineTransform(corners[:3].astype(np.float32), middle[:3])
    return np.vstack([np.asarray(affine, np.float64), [0, 0, 1]])


def _asked(own: Witness, strip: Strip, pair: tuple[int, int]) -> Matrix | None:
    """The movement that lays a shown frame on an own one; None where the two do not come together."""
    start = np.eye(2, 3, dtype=np.float32)
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, MOST_STEPS, 1e-3)
    mask = strip.inside.astype(np.uint8) * 255
    frames = own.frames[pair[0]], strip.frames[pair[1]]
    try:
        alike, warp = cv2.findTransformECC(*frames, start, cv2.MOTION_AFFINE, stop, mask, 5)
    except cv2.error:
        return None
    return np.vstack([np.asarray(warp, np.float64), [0, 0, 1]]) if alike > ALIKE else None


def _frames(path: Path, spans: Sequence[Span], side: int) -> Iterator[tuple[float, Grey]]:
    pace = min(PACE, MOST_FRAMES / max(sum(end - start for start, end in spans), 1.0))
    for start, end in spans:
        yield from steady_frames(path, pace, start, end, side)


def _side(matrix: Matrix, shape: Shape, posted: Shape) -> int:
    """The shorter side at which what is in the pane is as fine as the small frame."""
    scale = scale_of(resizing(UNIT, posted) @ matrix, shape)
    return int(np.clip(round(min(posted) / max(scale, 1e-6)), 64, max(64, min(posted))))


def _margin(shape: Shape) -> Matrix:
    """The small frame's pixels -> the canvas's."""
    return np.array([[1, 0, round(shape[1] * ROOM)], [0, 1, round(shape[0] * ROOM)], [0, 0, 1]], np.float64)


def _laid(grey: Grey, matrix: Matrix, shape: Shape, border: int) -> Grey:
    whole = resizing(UNIT, grey.shape) @ matrix @ np.linalg.inv(_margin(shape))
    size = (shape[1] + 2 * round(shape[1] * ROOM), shape[0] + 2 * round(shape[0] * ROOM))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpPerspective(grey, whole, size, flags=flags, borderMode=border), np.uint8)
