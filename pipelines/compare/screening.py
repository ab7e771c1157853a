"""A material's clip + a posted clip or picture -> what of it is shown there, where, when, and whether unchanged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from pipelines.compare.candidates import FeatureIndex
from pipelines.compare.canvas import SETTLED, read_canvases, settle
from pipelines.compare.course import Course
from pipelines.compare.pane import Look, Pane, best_panes, find_panes, usual_panes
from pipelines.compare.slides import Slide, compare_slides
from pipelines.compare.tempo import Piece
from pipelines.compare.witness import AGREES, Blocks, Strip, Times, Witness
from pipelines.media.clips import unpack_reel
from pipelines.media.original import Original

ENOUGH_BLOCKS = 100  # moving ones; fewer prove nothing
FEWEST_BLOCKS = 25
MOST_TRIED, RIVAL = 3, 0.6  # panes, and their worth beside the best one's
SAME_PLACE, EMPTY_PLACE = 0.5, 0.95  # of the background's blocks


@dataclass(frozen=True, slots=True, eq=False)
class Screening:
    """`pane`: where the material lies in the posted frame; `course`: empty when nothing runs along.

    `slides`: what stands still, compared at full resolution. `place_seconds`: of the posted clip, in which the
    material's background is seen and nothing before it, so that no recording can be told from another.
    """

    own: Witness
    pane: Pane
    course: Course
    slides: tuple[Slide, ...] = ()
    place_seconds: float = 0.0


@lru_cache(maxsize=8)
def witness_of(original: Original) -> Witness:
    """The material's small frames, made ready."""
    reel = unpack_reel(original.reel)
    return Witness.of(reel.seconds, reel.duration_seconds, reel.frames())


@lru_cache(maxsize=64)
def index_of(original: Original) -> FeatureIndex:
    """The material's distinct frames, as looked for."""
    return FeatureIndex([view.features for view in original.views])


def screen(original: Original, looks: Sequence[Look], is_near: bool) -> Screening | None:
    """Where single frames or a picture show the material; `is_near`: a hash says that they do, so panes are guessed."""
    own, panes = _panes(original, looks, is_near)
    return Screening(own, panes[0], Course()) if panes else None


def screen_clip(
    original: Original, files: tuple[Path, Path], looks: Sequence[Look], seconds: float, is_near: bool
) -> Screening | None:
    """The whole comparison; `files`: the material's and the posted clip of `seconds`."""
    own, panes = _panes(original, looks, is_near)
    if not panes:
        return None
    pane, course, strip = _best_course(own, panes, (files[1], seconds, looks[0].grey.shape))
    if strip is None:
        return Screening(own, pane, course)
    seconds_there = np.zeros(0) if course.pieces else _seconds_there(own, strip, SAME_PLACE)
    if len(seconds_there) > 1 and own.is_frozen and own.moving.sum() < ENOUGH_BLOCKS:
        course = _standing(own, seconds_there)
    slides = compare_slides(own, files, pane, course, looks) if course.pieces else ()
    empty = 0.0 if course.pieces else len(_seconds_there(own, strip, EMPTY_PLACE)) / max(1, len(strip.seconds))
    return Screening(own, pane, course, slides, empty * float(strip.seconds[-1] - strip.seconds[0]))


def _panes(original: Original, looks: Sequence[Look], is_near: bool) -> tuple[Witness, list[Pane]]:
    own = witness_of(original)
    panes = find_panes(own, original.views, index_of(original), looks)
    if not panes and is_near:
        panes = best_panes(own, looks, usual_panes(own.size, looks, {False, True}))
    return own, panes


def _best_course(
    own: Witness, panes: Sequence[Pane], clip: tuple[Path, float, tuple[int, ...]]
) -> tuple[Pane, Course, Strip | None]:
    """The course in the best pane; where that is not good, in one nearly as good if it is better there."""
    path, seconds, shape = clip
    worth = RIVAL * panes[0].worth
    tried = [pane for pane in panes[:MOST_TRIED] if pane.worth >= worth]
    best: tuple[Pane, Course, Strip | None] = (panes[0], Course(), None)
    for pane, canvas in zip(tried, read_canvases(path, tried, own, seconds, (shape[0], shape[1])), strict=False):
        course, strip, correction = settle(own, canvas)
        if best[2] is None or course.worth > best[1].worth:
            best = replace(pane, matrix=pane.matrix @ correction), course, strip
        if course.moving_ok >= SETTLED:
            break
    return best


def _seconds_there(own: Witness, strip: Strip, share: float) -> Times:
    """Seconds of the posted clip in which at least `share` of the material's background is seen."""
    seen, shown = own.seen(strip.inside), Blocks.of(strip.frames)
    ground = Blocks.of(np.median(own.frames, axis=0).astype(np.uint8)[None])
    told = ground.textured[0] & seen
    if told.sum() < FEWEST_BLOCKS:
        return np.zeros(0)
    like = np.einsum("nbp,bp->nb", shown.units[:, told], ground.units[0, told])
    return np.asarray(strip.seconds[(like > AGREES).mean(axis=1) >= share], np.float64)


def _standing(own: Witness, there: Times) -> Course:
    """The course of a material that is one picture: it runs as long as it is seen."""
    end = min(own.duration, float(there[-1] - there[0]) + float(np.median(np.diff(there))))
    end = own.duration if end > own.duration - own.step else end
    return Course((Piece(1.0, -float(there[0]), 0.0, end),), ((0.0, end),))

