"""Two pictures roughly laid over each other -> exactly, block by block, and which blocks agree there."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.compare.geometry import Mask, Matrix, Points, is_sane, resizing, scale_of, seen_through, shrunk, through
from pipelines.media.pdq import Floats, Grey

Grid = NDArray[np.int64]
_Shifted = tuple[Grid, Floats, Floats]  # blocks' top left corners, best correlations, and at which shifts (x, y)

SIDE = 640  # square root of the area on which blocks are compared
COARSE = 256
# Square root of the area, pixels searched around, blocks looked at. The last says what agrees: within 2 pixels.
PASSES = ((COARSE, 4, 80), (SIDE, 3, 240), (SIDE, 2, 100_000))
BLOCK, SMALLEST_BLOCK = 32, 20
TEXTURE = 9.0  # grey levels of standard deviation
AGREES, OPPOSES = 0.6, 0.3
AGREES_WITHIN = 2.5  # pixels from where the placement takes a block
# Share of agreeing blocks below which nothing lies here: at first sight, and after one look at full size. True copies,
# 10 pictures in 53 guises: .30 and .49 at least; of other leads 97 % and 75 % stay below.
HOPELESS, UNLIKELY = 0.2, 0.3
HELD = 1.0  # pixels from where the movement takes a block's middle
HOLDS_ENOUGH = 0.94  # of the blocks the freest model holds; the simpler model is surer where there are no blocks
DIRECTED = 0.06  # a block of lines in one direction does not say where along them it lies
_MODELS = ((4, 5), (6, 8), (8, 24))  # numbers to find, and how many blocks it takes


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """`share`: of the reference's textured blocks that agree; `agreeing`: of the `blocks` inside the posted picture;
    `opposed`: of those, shown quite otherwise; `overlap`: share of the reference's area inside the posted picture."""

    share: float
    agreeing: float
    opposed: float
    overlap: float
    blocks: int


def settle(own: Grey, posted: Grey, matrix: Matrix) -> tuple[Matrix, Agreement] | None:
    """Move a proposed placement until the blocks lie on each other; None when it is no placement at all."""
    best: tuple[Matrix, Agreement] | None = None
    pair = _Pair.at(own, posted, matrix, COARSE)
    for side, search, most in PASSES:
        if pair is None or not is_sane(pair.matrix, pair.own.shape):
            break
        sight = _Sight.at(pair)
        found, shifted = sight.compared(search, most)
        if side == COARSE:
            if found.agreeing < HOPELESS:
                return pair.whole(pair.matrix), found
            pair = _Pair.at(own, posted, pair.whole(sight.moved(shifted)), SIDE)
            continue
        if best is None or found.share >= best[1].share:
            best = pair.whole(pair.matrix), found
        if found.agreeing < UNLIKELY:
            break
        if (side, search, most) != PASSES[-1]:
            pair = replace(pair, matrix=sight.moved(shifted))
    return best


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    """Both pictures at one scale, the smaller of the two shown, and the placement between them."""

    own: Grey
    posted: Grey
    matrix: Matrix
    before: Matrix  # the reference as given -> here
    after: Matrix  # the posted picture here -> as given

    @classmethod
    def at(cls, own: Grey, posted: Grey, matrix: Matrix, side: int) -> _Pair | None:
        """No larger than `side`² pixels; None for what no camera does."""
        if not is_sane(matrix, own.shape):
            return None
        scale = scale_of(matrix, own.shape)
        near = shrunk(own, min(1.0, scale, side / float(np.sqrt(own.size))))
        far = shrunk(posted, float(np.sqrt(near.size / own.size)) / scale)
        before, after = resizing(own.shape, near.shape), resizing(far.shape, posted.shape)
        return cls(near, far, np.linalg.inv(after) @ matrix @ np.linalg.inv(before), before, after)

    def whole(self, matrix: Matrix) -> Matrix:
        """A placement between the pictures as given."""
        return self.after @ matrix @ self.before


@dataclass(frozen=True, slots=True, eq=False)
class _Sight:
    """The reference at working scale and the posted picture laid under it."""

    own: Grey
    seen: Grey
    inside: Mask
    matrix: Matrix
    block: int

    @classmethod
    def at(cls, pair: _Pair) -> _Sight:
        seen, inside = seen_through(pair.posted, pair.matrix, pair.own.shape)
        block = max(SMALLEST_BLOCK, round(BLOCK * float(np.sqrt(pair.own.size)) / SIDE))
        return cls(pair.own, seen, inside, pair.matrix, min(block, *pair.own.shape))

    def compared(self, search: int, most: int) -> tuple[Agreement, _Shifted]:
        """How the blocks agree, and where each would agree better."""
        grid, is_inside = self._grid(most)
        peaks, shifts = self._compare(grid[is_inside], search)
        is_near = np.abs(shifts).max(axis=1, initial=0) <= AGREES_WITHIN
        agree = int((is_near & (peaks > AGREES)).sum())
        seen, total = max(1, len(peaks)), max(1, len(grid))
        opposed = int((peaks < OPPOSES).sum()) / seen
        found = Agreement(agree / total, agree / seen, opposed, float(self.inside.mean()), len(peaks))
        return found, (grid[is_inside], peaks, shifts)

    def moved(self, shifted: _Shifted) -> Matrix:
        """The placement that would make the blocks agree better."""
        grid, peaks, shifts = shifted
        good = (peaks > AGREES) & self._is_cornered(grid)
        here = grid[good][:, ::-1] + (self.block - 1) / 2
        there = through(self.matrix, here + shifts[good])
        found = _simplest(here, there, HELD * scale_of(self.matrix, self.own.shape))
        return self.matrix if found is None else found

    def _grid(self, most: int) -> tuple[Grid, Mask]:
        """Top left corners (row, column) of the textured blocks, and which lie inside the posted picture."""
        side = self.block
        textured = np.argwhere(_spread(self.own, side) >= TEXTURE)
        textured = textured[:: -(-len(textured) // most) or 1]
        is_inside = _means(self.inside, side)[tuple(textured.T)] > 0.9
        return textured * side, is_inside

    def _compare(self, grid: Grid, search: int) -> tuple[Floats, Floats]:
        """Per block the best correlation within `search` pixels and its shift (x, y)."""
        side = self.block
        peaks, shifts = np.zeros(len(grid), np.float32), np.zeros((len(grid), 2), np.float32)
        is_plain = (_spread(self.seen, side) < 1.5)[tuple((grid // side).T)]
        seen = cv2.copyMakeBorder(self.seen, search, search, search, search, cv2.BORDER_REPLICATE)
        for number in np.flatnonzero(~is_plain).tolist():
            row, column = grid[number].tolist()
            window = np.asarray(seen[row : row + side + 2 * search, column : column + side + 2 * search], np.uint8)
            block = np.asarray(self.own[row : row + side, column : column + side], np.uint8)
            peaks[number], shifts[number] = _best_shift(block, window, search)
        return peaks, shifts

    def _is_cornered(self, grid: Grid) -> Mask:
        """Blocks with edges in more than one direction."""
        across, down = (cv2.Sobel(self.own, cv2.CV_32F, *which, ksize=3) for which in ((1, 0), (0, 1)))
        parts = (across * across, down * down, across * down)
        xx, yy, xy = (_means(part, self.block)[tuple((grid // self.block).T)] for part in parts)
        spread = np.sqrt((xx - yy) ** 2 + 4 * xy**2)
        return np.asarray(xx + yy - spread > DIRECTED * (xx + yy + spread))


def _means(picture: NDArray[np.generic], side: int) -> Floats:
    """Mean of each whole block, (rows, columns)."""
    rows, columns = (length // side for length in picture.shape)
    whole = picture[: rows * side, : columns * side].astype(np.float32)
    return np.asarray(cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA), np.float32)


def _spread(picture: Grey, side: int) -> Floats:
    """Standard deviation of the grey levels of each whole block, (rows, columns)."""
    levels = picture.astype(np.float32) - 128
    return np.asarray(np.sqrt((_means(levels * levels, side) - _means(levels, side) ** 2).clip(0)), np.float32)


def _simplest(here: Points, there: Points, held: float) -> Matrix | None:
    """The movement with the fewest numbers that takes nearly as many points along as a freer one would."""
    fits = [_fit(here, there, numbers, held) for numbers, fewest in _MODELS if len(here) >= fewest]
    most = max((count for _, count in fits), default=0)
    return next((matrix for matrix, count in fits if matrix is not None and count >= HOLDS_ENOUGH * most), None)


def _fit(here: Points, there: Points, numbers: int, held: float) -> tuple[Matrix | None, int]:
    if numbers == 8:
        matrix, kept = cv2.findHomography(here, there, cv2.RANSAC, held, maxIters=400)
    else:
        estimate = cv2.estimateAffinePartial2D if numbers == 4 else cv2.estimateAffine2D
        flat, kept = estimate(here, there, method=cv2.RANSAC, ransacReprojThreshold=held, maxIters=400)
        matrix = None if flat is None else np.vstack([flat, [0, 0, 1]])
    return (None, 0) if matrix is None else (np.asarray(matrix, np.float64), int(kept.sum()))


def _best_shift(block: Grey, window: Grey, search: int) -> tuple[float, tuple[float, float]]:
    """The highest correlation of the block within the window, and where, to a fraction of a pixel."""
    table = cv2.matchTemplate(window, block, cv2.TM_CCOEFF_NORMED)
    _, peak, _, (column, row) = cv2.minMaxLoc(table)
    if not peak <= 1.01:  # nothing to divide by, or not a number
        return 0.0, (0.0, 0.0)
    x = column + _top(table[row], column) - search
    y = row + _top(table[:, column], row) - search
    return peak, (x, y)


def _top(line: NDArray[np.generic], at: int) -> float:
    """By which fraction a parabola through three neighbours peaks beside `at`."""
    if not 0 < at < len(line) - 1:
        return 0.0
    before, middle, after = (float(line[at + step]) for step in (-1, 0, 1))
    bend = before - 2 * middle + after
    return 0.5 * (before - after) / bend if bend < -1e-6 else 0.0
