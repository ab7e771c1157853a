"""A clip's small frames -> blocks that can testify: what they show whatever the filter, and which of them move.

Blocks are compared by correlation, so that a filter costs nothing and a logo or a subtitle only the blocks it touches.
A block "moves" where it is unlike the clip's own background (its median over time): another recording by the same
camera shares the background and fails exactly there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.compare.geometry import Mask
from pipelines.media.pdq import Floats

Frames = NDArray[np.uint8]
Times = NDArray[np.float64]

BLOCK = 8
SOFTENED = 0.7  # pixels: takes the edge off a misplacement by a fraction of a pixel
TEXTURE = 5.0  # grey levels of standard deviation below which a block tells nothing
AGREES = 0.6
MOVES_BELOW = 0.5  # correlation with the background
FROZEN = 0.25  # mean grey levels from frame to frame
EVIDENCE = 8  # moving blocks that make a frame a full witness


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """A posted clip's small frames, (n, rows, columns), at `seconds`; `inside` where they show anything."""

    seconds: Times
    frames: Frames
    inside: Mask


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """Frames as blocks: `units` (n, blocks, BLOCK²) of mean 0 and length 1; `textured`, (n, blocks), is marked
    where a block tells anything; `levels`, (n, blocks), are mean greys.
    """

    units: Floats
    textured: Mask
    levels: Floats

    @classmethod
    def of(cls, frames: Frames) -> Blocks:
        """Frames, (n, rows, columns); what does not fill a block at the right and the foot is left out."""
        count, rows, columns = frames.shape
        high, wide = rows // BLOCK, columns // BLOCK
        soft = np.stack([cv2.GaussianBlur(one, (0, 0), SOFTENED) for one in frames]) if count else frames
        cut = soft[:, : high * BLOCK, : wide * BLOCK].reshape(count, high, BLOCK, wide, BLOCK)
        units = cut.transpose(0, 1, 3, 2, 4).reshape(count, high * wide, BLOCK * BLOCK).astype(np.float32)
        levels = units.mean(axis=2)
        units -= levels[:, :, None]
        length = np.sqrt(np.einsum("nbp,nbp->nb", units, units))
        units /= np.maximum(length, 1e-3)[:, :, None]
        return cls(units, length / BLOCK >= TEXTURE, levels)

    def some(self, numbers: NDArray[np.int64]) -> Blocks:
        """Only these frames."""
        return Blocks(self.units[numbers], self.textured[numbers], self.levels[numbers])


@dataclass(frozen=True, slots=True, eq=False)
class Witness:
    """A material's frames made ready: `moving` marks textured blocks, (frames, blocks), unlike the background.

    Slides have none: there no other take could share it, and all blocks are witnesses.

    `shape`: blocks from top to foot and from left to right.
    """

    seconds: Times
    duration: float
    frames: Frames
    blocks: Blocks
    moving: Mask
    shape: tuple[int, int]

    @classmethod
    def of(cls, seconds: Sequence[float], duration: float, frames: Frames) -> Witness:
        """From a reel's frames."""
        blocks = Blocks.of(frames)
        background = Blocks.of(np.median(frames, axis=0).astype(np.uint8)[None])
        like = np.einsum("mbp,bp->mb", blocks.units, background.units[0])
        moving = blocks.textured & ((like < MOVES_BELOW) | ~background.textured[0] | is_frozen(frames))
        shape = (frames.shape[1] // BLOCK, frames.shape[2] // BLOCK)
        return cls(np.asarray(seconds, np.float64), duration, frames, blocks, moving, shape)

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of its frames."""
        return (self.frames.shape[1], self.frames.shape[2])

    @property
    def is_frozen(self) -> bool:
        """Whether it is mostly pictures that stand still."""
        return is_frozen(self.frames)

    @property
    def step(self) -> float:
        """Seconds from frame to frame."""
        return float(np.median(np.diff(self.seconds))) if len(self.seconds) > 1 else 1.0

    def seen(self, inside: Mask) -> Mask:
        """Which blocks lie within `inside` (rows, columns) of the frame: (blocks,)."""
        high, wide = self.shape
        cut = inside[: high * BLOCK, : wide * BLOCK].reshape(high, BLOCK, wide, BLOCK)
        return np.asarray(cut.mean(axis=(1, 3)).reshape(-1) > 0.95)

    def agreement(self, shown: Blocks, seen: Mask) -> tuple[Floats, Floats]:
        """Of each of its frames with one shown: share of all seen blocks, and of moving ones, that agree (0 = none)."""
        like = np.einsum("mbp,bp->mb", self.blocks.units, shown.units[0]) > AGREES
        textured, moving = self.blocks.textured & seen, self.moving & seen
        return _share(like, textured), np.where(moving.sum(axis=1) >= EVIDENCE, _share(like, moving), 0)


def _share(good: Mask, told: Mask) -> Floats:
    return np.asarray((good & told).sum(axis=1) / np.maximum(told.sum(axis=1), 1), np.float32)


def is_frozen(frames: Frames) -> bool:
    """Whether frames are mostly those before once more: a camera's differ by 1.7 grey levels and more."""
    steps = np.abs(np.diff(frames.astype(np.int16), axis=0)).mean(axis=(1, 2))
    return bool(len(steps) and np.median(steps) <= FROZEN)
