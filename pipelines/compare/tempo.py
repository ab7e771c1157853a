"""How alike a material's frames and a posted clip's are -> the pieces of it that run along, each with speed and offset.

Every pair of frames votes by what moves in it, for all speeds and offsets at once; the best run is a piece, and what
it explains is taken out before the next is looked for: clips are cut, joined and put in another order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipelines.compare.geometry import Mask
from pipelines.compare.witness import EVIDENCE, Blocks, Times, Witness
from pipelines.media.pdq import Floats

Numbers = NDArray[np.int64]

FLOOR = 0.35  # mean correlation of what moves
STILL_FLOOR = 0.4
SPEEDS = (1.0, 0.67, 0.75, 0.8, 0.85, 0.9, 0.95, 1.05, 1.1, 1.15, 1.2, 1.25, 1.33, 1.42, 1.5)
OTHER_SPEED, FARTHER_SPEED = 0.95, 0.4  # what stands still fits several speeds: the usual one wins a draw
OFFSET_STEP = 0.125
SPARSE_STEP = 0.25
MOST_PIECES, LEAST_VOTE, LEAST_SECONDS = 12, 0.6, 1.0
SEARCH_SECONDS = 0.4
AS_ALIKE = 0.03
FIT_SECONDS = 3.0  # a shorter piece does not tell its own speed
SPEED_SLACK = 0.04


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the material shown in one go: own second = `speed` × clip second + `offset`."""

    speed: float
    offset: float
    start: float
    end: float

    def shown_at(self, own_second: float) -> float:
        """The clip's second that shows the material's `own_second`."""
        return (own_second - self.offset) / self.speed


def find_pieces(own: Witness, seen: Mask, clip_at: Times, shown: Blocks) -> list[Piece]:
    """The pieces that run along, the most telling first, each fitted to the frames that look most alike."""
    sparse = _thinned(clip_at, min(own.step, SPARSE_STEP))
    scores = _scores(own, seen, shown.some(sparse))
    return [_fitted_to_frames(own, seen, clip_at, shown, one) for one in _runs(own.seconds, clip_at[sparse], scores)]


def nearest_to(times: Times, wanted: Times) -> Numbers:
    """The number of the time nearest to each that is wanted."""
    if len(times) == 1:
        return np.zeros(wanted.shape, np.int64)
    after = np.searchsorted(times, wanted).clip(1, len(times) - 1)
    return np.asarray(after - (wanted - times[after - 1] < times[after] - wanted), np.int64)


def _thinned(seconds: Times, step: float) -> Numbers:
    kept, due = [], -np.inf
    for number, at in enumerate(seconds):
        if at >= due - 0.02:
            kept.append(number)
            due = at + step
    return np.array(kept, np.int64)


def _scores(own: Witness, seen: Mask, shown: Blocks) -> Floats:
    """What each pair (own frame, shown frame) adds to a run.

    For or against by what moves; where nothing moves, nothing, or against if the rest is unlike as well.
    """
    moving, still = own.moving & seen, own.blocks.textured & ~own.moving & seen
    counts = moving.sum(axis=1)[:, None], still.sum(axis=1)[:, None]
    weight = np.minimum(1, counts[0] / EVIDENCE)
    witnessed = (_mean_likeness(own.blocks, shown, moving) - FLOOR) * weight
    contradicted = np.where(counts[1] > 0, _mean_likeness(own.blocks, shown, still) - STILL_FLOOR, 0)
    return np.asarray(witnessed + np.minimum(contradicted, 0) * (1 - weight), np.float32)


def _mean_likeness(own: Blocks, shown: Blocks, told: Mask) -> Floats:
    """For each pair (own frame, shown frame) the mean correlation of the own frame's told blocks, by one product."""
    used = told.any(axis=0)
    weight = (told[:, used] / np.maximum(told.sum(axis=1), 1)[:, None]).astype(np.float32)
    left = own.units[:, used] * weight[:, :, None]
    right = shown.units[:, used]
    return np.asarray(left.reshape(len(left), -1) @ right.reshape(len(right), -1).T, np.float32)


def _runs(own_at: Times, clip_at: Times, scores: Floats) -> Iterator[Piece]:
    step = float(np.median(np.diff(own_at))) if len(own_at) > 1 else 1.0
    for _ in range(MOST_PIECES):
        worth, piece = _best_run(own_at, clip_at, scores)
        if worth * step < LEAST_VOTE:
            return
        if piece.end - piece.start >= LEAST_SECONDS:
            yield piece
        own = (own_at >= piece.start) & (own_at <= piece.end)
        clip = (clip_at >= piece.shown_at(piece.start)) & (clip_at <= piece.shown_at(piece.end))
        scores[own] = np.minimum(scores[own], -1)
        scores[:, clip] = np.minimum(scores[:, clip], -1)


def _best_run(own_at: Times, clip_at: Times, scores: Floats) -> tuple[float, Piece]:
    best = (0.0, Piece(1.0, 0.0, 0.0, 0.0))
    rows = np.arange(len(own_at))[None, :]
    for speed in SPEEDS:
        offsets = np.arange(own_at[0] - speed * clip_at[-1], own_at[-1] - speed * clip_at[0] + OFFSET_STEP, OFFSET_STEP)
        wanted = (own_at[None, :] - offsets[:, None]) / speed
        nearest = nearest_to(clip_at, wanted)
        is_there = np.abs(clip_at[nearest] - wanted) <= 1.0
        total, start, end = _highest_runs(np.where(is_there, scores[rows, nearest], -2))
        top = int(total.argmax())
        worth = float(total[top]) * (1 if speed == 1 else OTHER_SPEED - FARTHER_SPEED * abs(np.log(speed)))
        if worth > best[0]:
            best = worth, Piece(speed, float(offsets[top]), float(own_at[start[top]]), float(own_at[end[top]]))
    return best


def _highest_runs(line: Floats) -> tuple[Floats, Numbers, Numbers]:
    """For each row the run of columns with the highest sum: the sum, its first and its last column."""
    until = np.cumsum(line, axis=1, dtype=np.float64)
    before = until - line
    gained = until - np.minimum.accumulate(before, axis=1)
    end = gained.argmax(axis=1)
    is_ahead = np.arange(line.shape[1])[None, :] <= end[:, None]
    start = np.where(is_ahead, before, np.inf).argmin(axis=1)
    return gained[np.arange(len(line)), end].astype(np.float32), start, end


def _fitted_to_frames(own: Witness, seen: Mask, clip_at: Times, shown: Blocks, piece: Piece) -> Piece:
    """The piece with its speed and offset from the most alike frames near where they are expected."""
    met = []
    for number in np.flatnonzero((own.seconds >= piece.start) & (own.seconds <= piece.end)):
        near = np.flatnonzero(np.abs(clip_at - piece.shown_at(own.seconds[number])) <= SEARCH_SECONDS)
        told = own.moving[number] & seen
        if len(near) < 2 or told.sum() < EVIDENCE:
            continue
        like = np.einsum("bp,nbp->nb", own.blocks.units[number, told], shown.units[near][:, told])
        worth = np.clip(like, 0, 1).mean(axis=1)
        best = near[worth >= worth.max() - AS_ALIKE]
        if best[0] > near[0] and best[-1] < near[-1]:  # else it stands still, and any moment is as good
            met.append((own.seconds[number], clip_at[best].mean(), float(np.ptp(worth)) + 1e-3))
    return _fitted(np.array(met), piece) if met else piece


def _fitted(met: Times, piece: Piece) -> Piece:
    """`met`: rows of own second, clip second, weight."""
    own_at, clip_at, weight = met.T
    speed, offset = piece.speed, _middle(own_at - piece.speed * clip_at, weight)
    for _ in range(4):
        held = weight / (0.05 + np.abs(own_at - speed * clip_at - offset))
        if np.ptp(clip_at) >= FIT_SECONDS:
            slope, _ = np.polyfit(clip_at, own_at, 1, w=np.sqrt(held))
            speed = float(np.clip(slope, (1 - SPEED_SLACK) * piece.speed, (1 + SPEED_SLACK) * piece.speed))
        offset = _middle(own_at - speed * clip_at, held)
    return replace(piece, speed=speed, offset=offset)


def _middle(values: Times, weight: Times) -> float:
    """The weighted median."""
    order = np.argsort(values)
    share = np.cumsum(weight[order])
    return float(values[order][np.searchsorted(share, share[-1] / 2)])
