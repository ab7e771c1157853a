"""Blocks of a material that a posted clip hardly ever shows -> those that a logo, a bar or a subtitle covers."""

from __future__ import annotations

import cv2
import numpy as np

from pipelines.compare.geometry import Mask
from pipelines.compare.witness import Blocks

Shares = tuple[float, float, float, float]

HIDDEN, OFTEN = 0.1, 8  # a block that agrees in fewer of at least so many frames is covered
UNCHANGING, VARIES = 0.9, 0.1
GROUND_STEP = 16.0  # grey levels
MOST_HIDDEN = 0.4  # of all blocks; beyond, it is not an overlay but another picture


def find_cover(told: tuple[Mask, Mask, Mask], own: Blocks, shown: Blocks, shape: tuple[int, int]) -> Mask:
    """Covered blocks, (blocks,). `told`, each (frames, blocks): what agrees, what could, what moves."""
    good, textured, moving = told
    sure, perhaps = _covered(good, textured, moving, own, shown)
    grid = (sure | perhaps).reshape(shape).astype(np.uint8)
    count, labels, table, _ = cv2.connectedComponentsWithStats(grid, connectivity=8)
    held = (np.bincount(labels.reshape(-1)[sure], minlength=count) > 0) & (table[:, 4] > 1)  # a single block is chance
    covered = held[labels.reshape(-1)] & (sure | perhaps)
    return np.asarray(covered & (covered.sum() <= MOST_HIDDEN * max(1, textured.any(axis=0).sum())))


def boxes_of(covered: Mask, shape: tuple[int, int]) -> tuple[Shares, ...]:
    """The covered blocks' connected parts, as shares of the picture: left, top, right, bottom."""
    count, _, table, _ = cv2.connectedComponentsWithStats(covered.reshape(shape).astype(np.uint8), connectivity=8)
    high, wide = shape
    return tuple(
        (round(left / wide, 3), round(top / high, 3), round((left + width) / wide, 3), round((top + height) / high, 3))
        for left, top, width, height, _ in table[1:count].tolist()
    )


def _covered(good: Mask, textured: Mask, moving: Mask, own: Blocks, shown: Blocks) -> tuple[Mask, Mask]:
    """Blocks that are surely covered, and those that may belong to what covers them.

    Sure are those that hardly ever agree, though not just worded otherwise: one of the two changes while the other
    stays, or the very ground is another.
    """
    often = textured.sum(axis=0) >= min(OFTEN, len(good))
    rarely = (good & textured).sum(axis=0) <= HIDDEN * textured.sum(axis=0)
    middle = shown.units.mean(axis=0)
    middle /= np.maximum(np.linalg.norm(middle, axis=1), 1e-3)[:, None]
    stays = (np.einsum("nbp,bp->nb", shown.units, middle).mean(axis=0) >= UNCHANGING) | ~shown.textured.any(axis=0)
    varies = moving.sum(axis=0) >= VARIES * len(good)
    other = _other_ground(good & textured, own, shown)
    return np.asarray(often & rarely & ((stays == varies) | other)), np.asarray(rarely & other)


def _other_ground(good: Mask, own: Blocks, shown: Blocks) -> Mask:
    """Blocks whose mean grey is not what the agreeing blocks' tone makes of the material's."""
    if good.sum() < OFTEN or np.ptp(own.levels[good]) < GROUND_STEP:
        return np.zeros(good.shape[1], bool)
    slope, level = np.polyfit(own.levels[good], shown.levels[good], 1)
    apart = np.abs(slope * own.levels + level - shown.levels).mean(axis=0)
    return np.asarray(apart > GROUND_STEP * max(0.3, abs(slope)))
