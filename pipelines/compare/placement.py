"""A lead -> where the reference lies in the posted picture, and the share of its textured blocks that agree there.

Corners propose: a similarity, then an affine movement, then a homography, each looking for more corners where the
one before expects them. Blocks of pixels decide: the number of corners is no score, a shared template has many.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.compare.blocks import settle
from pipelines.compare.geometry import Matrix, is_sane, resizing, scale_of, through
from pipelines.media.features import Features
from pipelines.media.pdq import Floats, Grey

Pairs = NDArray[np.int64]

FEWEST_PAIRS = 6
GUIDED_BITS = 80  # at the right place the bits may differ more than anywhere
# Of the shown material's extent: how far corners may stand from where they should. The loose way follows stretched
# and tilted pictures; the strict one pages of text, where every line resembles the next.
LOOSE, STRICT = (0.05, 0.02, 0.012), (0.006, 0.012, 0.012)
MANY_PAIRS = 40
NEAREST_PIXELS = 2.5
BENDING_PAIRS = 20
# Of the reference's corners, found again where they should be. True copies, 10 pictures in 53 guises: a tenth and more;
# half of the leads to other references stay below this and need no look at their pixels.
FEWEST_FOUND = 0.04

# Measured on 58 references: unrelated pictures reach a share of .19, other content in the same template .43;
# true copies in a frame with a name plate keep .54, and .67 of what can be seen.
CARRIES, MOSTLY_AGREEING = 0.40, 0.60
WELL_AGREEING, HARDLY_OPPOSED = 0.85, 0.08
LEAST_OVERLAP, LEAST_INLIERS = 0.20, 15
FEWEST_BLOCKS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """`matrix`: 3x3, pixels of the reference picture -> pixels of the posted picture; `model`: similarity | affine |
    homography; `share`: of the reference's textured blocks that agree; `agreeing`: of those inside the posted
    picture (`blocks` of them); `opposed`: of those, shown quite otherwise; `overlap`: share of the reference's
    area inside the posted picture; `inliers`: pairs of corners that fit; `scale`: posted pixels per own pixel;
    `shape`: (rows, columns) of the reference picture.
    """

    matrix: Matrix
    model: str
    share: float
    agreeing: float
    opposed: float
    overlap: float
    inliers: int
    blocks: int
    scale: float
    shape: tuple[int, int]

    @property
    def carries(self) -> bool:
        """Whether the posted picture shows this reference, a part of it, or another version of it."""
        if self.blocks < FEWEST_BLOCKS:
            return False
        if self.share > CARRIES and self.agreeing >= MOSTLY_AGREEING:
            return True
        is_whole = self.agreeing >= WELL_AGREEING and self.opposed <= HARDLY_OPPOSED
        return is_whole and self.overlap >= LEAST_OVERLAP and self.inliers >= LEAST_INLIERS


def place(own: Grey, posted: Grey, own_features: Features, posted_features: Features, pairs: Pairs) -> Placement | None:
    """Where `own` lies in `posted`; None when no sane movement fits the pairs. `own` is already mirrored if need be."""
    before = resizing(own.shape, (own_features.height, own_features.width))
    after = resizing((posted_features.height, posted_features.width), posted.shape)
    best: Placement | None = None
    for radii in (LOOSE, STRICT) if len(pairs) >= MANY_PAIRS else (LOOSE,):
        found = fit_corners(own_features, posted_features, pairs, radii)
        if found is None or found[1] < FEWEST_FOUND * len(own_features):
            continue
        placed = placed_at(own, posted, after @ found[0] @ before, found[1])
        if placed is not None and (best is None or placed.share > best.share):
            best = placed
        if best is not None and best.carries:
            break
    return best


def placed_at(own: Grey, posted: Grey, matrix: Matrix, inliers: int = 0) -> Placement | None:
    """A proposed placement moved to where the blocks lie on each other, and measured there."""
    settled = settle(own, posted, matrix)
    if settled is None:
        return None
    matrix, found = settled
    return Placement(matrix, model_of(matrix, own.shape), found.share, found.agreeing, found.opposed, found.overlap,
                     inliers, found.blocks, scale_of(matrix, own.shape), (own.shape[0], own.shape[1]))  # fmt: skip


def model_of(matrix: Matrix, shape: tuple[int, ...]) -> str:
    """The simplest model that says the same within a pixel or so."""
    bend = np.abs(matrix[2, :2]) @ np.array([shape[1], shape[0]])
    if bend > 0.002 * abs(matrix[2, 2]):
        return "homography"
    stretch = abs(matrix[0, 0] - matrix[1, 1]), abs(matrix[0, 1] + matrix[1, 0])
    return "similarity" if max(stretch) < 0.004 * scale_of(matrix, shape) else "affine"


def fit_corners(
    own: Features, posted: Features, pairs: Pairs, radii: tuple[float, ...]
) -> tuple[Matrix, int] | None:
    """The movement that most corners follow, in the features' own pixels, and how many."""
    if len(pairs) < FEWEST_PAIRS:
        return None
    growth = np.exp2(float(np.median(posted.sizes[pairs[:, 1]] - own.sizes[pairs[:, 0]])))
    extent = growth * float(np.sqrt(own.width * own.height))
    best: tuple[Matrix, int] | None = None
    for step, share in enumerate(radii):
        radius = max(NEAREST_PIXELS, share * extent)
        if best is not None:
            pairs = _guided(own, posted, best[0], 1.5 * radius)
        fitted = _fit(own.points[pairs[:, 0]], posted.points[pairs[:, 1]], step, radius)
        if fitted is None or not is_sane(fitted[0], (own.height, own.width)):
            break
        best = fitted
    return best


def _fit(own: Floats, posted: Floats, step: int, radius: float) -> tuple[Matrix, int] | None:
    if len(own) < FEWEST_PAIRS:
        return None
    if step == 2 and len(own) >= BENDING_PAIRS:
        matrix, kept = cv2.findHomography(own, posted, cv2.RANSAC, radius, maxIters=500)
    else:
        estimate = cv2.estimateAffine2D if step else cv2.estimateAffinePartial2D
        flat, kept = estimate(own, posted, method=cv2.RANSAC, ransacReprojThreshold=radius, maxIters=500)
        matrix = None if flat is None else np.vstack([flat, [0, 0, 1]])
    if matrix is None or int(kept.sum()) < FEWEST_PAIRS:
        return None
    return np.asarray(matrix, np.float64), int(kept.sum())


def _guided(own: Features, posted: Features, matrix: Matrix, radius: float) -> Pairs:
    """For every own corner the most similar posted corner near where it should be."""
    expected = through(matrix, own.points)
    order = np.argsort(posted.points[:, 1], kind="stable")
    heights = posted.points[order, 1]
    starts, ends = (np.searchsorted(heights, expected[:, 1] + side) for side in (-radius, radius))
    counts = ends - starts
    left = np.repeat(np.arange(len(own)), counts)
    within = np.arange(len(left)) - np.repeat(np.cumsum(counts) - counts, counts)
    right = order[np.repeat(starts, counts) + within]
    near = np.abs(expected[left, 0] - posted.points[right, 0]) < radius
    return _most_similar(own, posted, left[near], right[near])


def _most_similar(own: Features, posted: Features, left: NDArray[np.int64], right: NDArray[np.int64]) -> Pairs:
    differing = np.bitwise_count(own.descriptors.view(np.uint64)[left] ^ posted.descriptors.view(np.uint64)[right])
    bits = differing.astype(np.int64) @ np.ones(4, np.int64)
    left, right, bits = left[bits <= GUIDED_BITS], right[bits <= GUIDED_BITS], bits[bits <= GUIDED_BITS]
    order = np.lexsort((bits, left))
    first = order[np.r_[True, np.diff(left[order]) > 0]] if len(order) else order
    return np.stack([left[first], right[first]], axis=1)
