"""What stands still in a material's clip (slides, an end card) + a posted clip's course -> whether it is unchanged.

Small frames cannot see a changed year; here the two files are compared at full resolution, a moment of each stretch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from pipelines.compare.contradiction import Box, Contradiction, contradict
from pipelines.compare.course import Course
from pipelines.compare.fine_print import find_fine_print
from pipelines.compare.geometry import Matrix, resizing
from pipelines.compare.pane import UNIT, Look, Pane, flip
from pipelines.compare.placement import placed_at
from pipelines.compare.spans import Span
from pipelines.compare.witness import AGREES, Witness
from pipelines.media.clips import frames_at
from pipelines.media.features import mirror
from pipelines.media.pdq import Grey

LEAST_SECONDS = 1.0
UNCHANGED, CHANGED_LEVELS = 0.97, 2.0  # share of blocks; mean grey levels from frame to frame
EDGE_SECONDS = 0.3  # a slide is looked at after it has come to rest
MOST_SLIDES = 6
CAMERA_WORST = 1.3  # of what contradicts between drawings
SPILL = 1.0  # blocks around a covered one that it may cover in part


@dataclass(frozen=True, slots=True, eq=False)
class Slide:
    """A stretch of the material that stands still, compared at `second` with the clip at `clip_second`.

    `is_drawn`: it is a picture; at a standing camera nothing may move for a while, too.
    """

    second: float
    clip_second: float
    seconds: float
    found: Contradiction
    is_drawn: bool


def still_stretches(own: Witness) -> tuple[Span, ...]:
    """Seconds of the material in which its picture does not change, each at least `LEAST_SECONDS` long."""
    units, textured, frames = own.blocks.units, own.blocks.textured, own.frames.astype(np.int16)
    stretches, start = [], 0
    for number in range(1, len(frames) + 1):
        if number < len(frames):
            told = textured[number - 1] | textured[number]
            like = (units[number] * units[number - 1]).sum(axis=1)[told] > AGREES
            levels = float(np.abs(frames[number] - frames[number - 1]).mean())
            if (not told.any() or like.mean() >= UNCHANGED) and levels <= CHANGED_LEVELS:
                continue
        stretches.append((float(own.seconds[start]), float(own.seconds[number - 1])))
        start = number
    return tuple((here, there) for here, there in stretches if there - here >= LEAST_SECONDS - own.step)


def compare_slides(
    own: Witness, files: tuple[Path, Path], pane: Pane, course: Course, looks: Sequence[Look]
) -> tuple[Slide, ...]:
    """`files`: the material's and the posted clip; `pane`: settled."""
    slides = []
    for second, clip_second, seconds in _moments(own, course):
        mine = next(frames_at(files[0], [second]), None)
        posted = _posted(files[1], clip_second, seconds, looks)
        if mine is not None and posted is not None:
            around = _around(own, second, seconds)
            found = _compared(around, (mine[1], posted[1]), pane, course)
            slides.append(Slide(second, posted[0], seconds, found, around.is_frozen))
    return tuple(slides)


def _moments(own: Witness, course: Course) -> list[tuple[float, float, float]]:
    """(own second, clip second, length) of the longest still stretches that the clip shows, by time."""
    found = []
    for start, end in still_stretches(own):
        for piece in course.pieces:
            here, there = max(start, piece.start), min(end, piece.end)
            if there - here >= LEAST_SECONDS / 2:
                at = min(here + EDGE_SECONDS, (here + there) / 2)
                found.append((at, piece.shown_at(at), there - here))
    return sorted(sorted(found, key=lambda one: -one[2])[:MOST_SLIDES])


def _around(own: Witness, second: float, seconds: float) -> Witness:
    """The material's frames of one stretch."""
    within = (own.seconds >= second - EDGE_SECONDS - 0.05) & (own.seconds <= second + seconds - EDGE_SECONDS)
    return replace(own, seconds=own.seconds[within], frames=own.frames[within])


def _posted(path: Path, second: float, seconds: float, looks: Sequence[Look]) -> tuple[float, Grey] | None:
    """The posted frame: one that was looked at already if it shows the same stretch."""
    near = [one for one in looks if second - 0.01 <= one.second <= second + seconds / 2]
    if near:
        return near[0].second, near[0].grey
    return next(frames_at(path, [max(0.0, second)]), None)


def _compared(own: Witness, pictures: tuple[Grey, Grey], pane: Pane, course: Course) -> Contradiction:
    grey, posted = pictures
    inwards = resizing(grey.shape, own.size)
    matrix = resizing(UNIT, posted.shape) @ pane.matrix @ inwards
    posted = _uncovered(own, (grey, posted), matrix, course)
    if pane.is_mirrored:
        grey, matrix = mirror(grey), matrix @ flip(grey.shape)
    placement = placed_at(grey, posted, matrix)
    if placement is None:
        return Contradiction("unverifiable", cause="lost")
    found = _explained(own, contradict(grey, posted, placement), pane, course)
    return find_fine_print(grey, posted, placement, found) if found.verdict in ("same", "overlay") else found


def _explained(own: Witness, found: Contradiction, pane: Pane, course: Course) -> Contradiction:
    """Without changes that are the rim of what is known to cover the material, or faint in a camera's picture."""
    if found.verdict != "changed":
        return found
    if not own.is_frozen and found.worst < CAMERA_WORST:
        return replace(found, verdict="same", boxes=())
    kinds = ["overlay" if _is_rim(own, one, pane, course) else one.kind for one in found.boxes]
    boxes = [replace(one, kind=kind) for one, kind in zip(found.boxes, kinds, strict=True)]
    return replace(found, verdict="changed" if "changed" in kinds else "overlay", boxes=tuple(boxes))


def _is_rim(own: Witness, box: Box, pane: Pane, course: Course) -> bool:
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    x = 1 - x if pane.is_mirrored else x
    down, across = 2 * SPILL / own.shape[0], 2 * SPILL / own.shape[1]
    return any(
        left - across <= x <= right + across and top - down <= y <= bottom + down
        for left, top, right, bottom in course.hidden
    )


def _uncovered(own: Witness, pictures: tuple[Grey, Grey], matrix: Matrix, course: Course) -> Grey:
    """The posted frame with the material drawn where a logo or a bar is known to cover it."""
    grey, posted = pictures
    if not course.hidden:
        return posted
    size = (posted.shape[1], posted.shape[0])
    covered = np.zeros(grey.shape, np.uint8)
    high, wide = grey.shape
    down, across = SPILL / own.shape[0], SPILL / own.shape[1]
    for left, top, right, bottom in course.hidden:
        rows = slice(round(max(0.0, top - down) * high), round((bottom + down) * high))
        covered[rows, round(max(0.0, left - across) * wide) : round((right + across) * wide)] = 255
    drawn = np.asarray(cv2.warpPerspective(grey, matrix, size, flags=cv2.INTER_AREA), np.float32)
    within = cv2.warpPerspective(np.full(grey.shape, 255, np.uint8), matrix, size) > 250
    mask = cv2.warpPerspective(covered, matrix, size) > 127
    open_to_see = within & ~mask
    if open_to_see.sum() < mask.sum():
        return posted
    slope, level = np.polyfit(drawn[open_to_see], posted[open_to_see].astype(np.float32), 1)
    return np.where(mask, np.clip(slope * drawn + level, 0, 255).astype(np.uint8), posted)
