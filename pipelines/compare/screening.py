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
from pipelines.compare.geometry import Mask
from pipelines.compare.pane import Look, Pane, best_panes, find_panes, usual_panes
from pipelines.compare.slides import Slide, compare_slides
from pipelines.compare.witness import AGREES, MOVES_BELOW, Blocks, Strip, Witness, is_frozen
from pipelines.media.clips import unpack_reel
from pipelines.media.original import Original
from pipelines.media.pdq import Floats

ENOUGH_BLOCKS = 100  # moving ones; fewer prove nothing
FEWEST_BLOCKS = 25
MOST_TRIED, RIVAL = 3, 0.6  # panes, and their worth beside the best one's
SAME_PLACE, ALWAYS = 0.5, 0.9  # of the background's blocks; of the time


@dataclass(frozen=True, slots=True, eq=False)
class Screening:
    """`pane`: where the material lies in the posted frame; `course`: empty when nothing runs along.

    `slides`: what stands still, compared at full resolution. `place_seconds`: of the posted clip, in which the
    material's background is seen and nothing before it, so that no recording can be told from another. `is_still`: the
    posted clip is one picture, or a picture was posted.
    """

    own: Witness
    pane: Pane
    course: Course
    slides: tuple[Slide, ...] = ()
    place_seconds: float = 0.0
    is_still: bool = False


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
    return Screening(own, panes[0], Course(), is_still=True) if panes else None


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
    slides = compare_slides(own, files, pane, course, looks) if course.pieces else ()
    empty = 0.0 if course.pieces else _empty_seconds(own, strip)
    return Screening(own, pane, course, slides, empty, is_frozen(strip.frames))


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


def _empty_seconds(own: Witness, strip: Strip) -> float:
    """Seconds in which the background is seen; none if something before it moves, which could then be told apart."""
    like, told, textured = _before_ground(own, strip)
    if told.sum() < FEWEST_BLOCKS:
        return 0.0
    there = (like[:, told] > AGREES).mean(axis=1) >= SAME_PLACE
    other = (like[there] < MOVES_BELOW) & textured[there] & told
    passing = other[:, other.mean(axis=0) < ALWAYS] if there.any() else other
    if passing.sum() >= ENOUGH_BLOCKS:
        return 0.0
    return float(there.mean()) * float(strip.seconds[-1] - strip.seconds[0])


def _before_ground(own: Witness, strip: Strip) -> tuple[Floats, Mask, Mask]:
    """Likeness of shown blocks with the background, (n, blocks); which blocks tell; which shown are textured."""
    shown = Blocks.of(strip.frames)
    ground = Blocks.of(np.median(own.frames, axis=0).astype(np.uint8)[None])
    like = np.einsum("nbp,bp->nb", shown.units, ground.units[0])
    return np.asarray(like, np.float32), np.asarray(ground.textured[0] & own.seen(strip.inside)), shown.textured
