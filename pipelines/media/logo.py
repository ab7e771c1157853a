"""A logo file -> its colours and where it is opaque, ready to be looked for in pictures of any size."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.media.trouble import MediaError, Trouble

Plane = NDArray[np.float32]

LARGEST_SIDE = 512
LEAST_SIDE = 8
MAX_FILE_BYTES = 20_000_000
PAPER_SPREAD = 14  # of 255: within it the border of an opaque logo file is its paper
STRAY_BORDER = 0.02
SOLID = 0.62  # of its closed outline; below it a logo is lettering or lines without a ground of its own


@dataclass(frozen=True)
class Logo:
    """Colours 0..255 (rows, columns, 3), blue first, and opacity 0..1, cut to what is opaque."""

    colours: Plane
    opacity: Plane

    @cached_property
    def axis(self) -> Plane:
        """The mix of blue, green and red in which it has most contrast, absolute sum 1."""
        weights, colours = self.opacity.ravel()[:, None], self.colours.reshape(-1, 3)
        apart = colours - (colours * weights).sum(0) / weights.sum()
        main = np.linalg.eigh((apart * weights).T @ apart)[1][:, -1]
        return np.asarray(main / np.abs(main).sum() * (np.sign(main.sum()) or 1.0), np.float32)

    @cached_property
    def is_solid(self) -> bool:
        """Whether it has a ground of its own; mere lettering lives by what it stands on."""
        side = self.opacity.shape[1] // 8 * 2 + 1
        inked = (self.opacity > 0.5).astype(np.uint8)
        framed = np.pad(inked, 4 * side)
        closed = cv2.morphologyEx(framed, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
        return bool(inked.sum() >= SOLID * closed.sum())

    def at(self, width: float) -> tuple[Plane, Plane]:
        """Colours and opacity at this width in pixels."""
        rows, columns = self.opacity.shape
        size = (max(4, round(width)), max(4, round(width * rows / columns)))
        mixed = cv2.resize(self.colours * self.opacity[:, :, None], size, interpolation=cv2.INTER_AREA)
        opacity = np.asarray(cv2.resize(self.opacity, size, interpolation=cv2.INTER_AREA), np.float32)
        return np.asarray(mixed / np.maximum(opacity, 1e-3)[:, :, None], np.float32), opacity


@lru_cache(maxsize=32)
def read_logo(path: Path) -> Logo:
    """The logo in a file. Raises: MediaError when it is no picture or shows nothing, OSError."""
    if path.stat().st_size > MAX_FILE_BYTES:
        raise MediaError(Trouble.TOO_LARGE)
    try:
        pixels = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        raise MediaError(Trouble.NOT_MEDIA) from error
    if pixels is None or pixels.dtype not in (np.uint8, np.uint16):
        raise MediaError(Trouble.NOT_MEDIA)
    shown = np.asarray(pixels)
    if shown.dtype == np.uint16:
        shown = shown.astype(np.uint16) >> 8
    return prepare_logo(shown.astype(np.uint8))


def prepare_logo(pixels: NDArray[np.uint8]) -> Logo:
    """A logo from grey, BGR or BGRA pixels; the paper around an opaque one is taken away. Raises MediaError."""
    shown = np.dstack([pixels] * 3) if pixels.ndim == 2 else pixels
    if min(shown.shape[:2]) < LEAST_SIDE:
        raise MediaError(Trouble.TOO_SMALL)
    scale = LARGEST_SIDE / max(shown.shape[:2])
    if scale < 1:
        shown = np.asarray(cv2.resize(shown, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    has_alpha = shown.shape[2] == 4 and int(shown[:, :, 3].min()) < 250
    opacity = shown[:, :, 3].astype(np.float32) / 255 if has_alpha else _without_paper(shown[:, :, :3])
    rows, columns = (np.nonzero((opacity > 0.5).any(along))[0] for along in (1, 0))
    if min(len(rows), len(columns)) < LEAST_SIDE:
        raise MediaError(Trouble.TOO_SMALL)
    cut = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    return Logo(shown[cut][:, :, :3].astype(np.float32), np.ascontiguousarray(opacity[cut]))


def _without_paper(colours: NDArray[np.uint8]) -> Plane:
    """Opacity of an opaque file: 0 on the plain colour that reaches in from its corners."""
    border = np.concatenate([colours[0], colours[-1], colours[:, 0], colours[:, -1]]).astype(np.float32)
    apart = np.abs(border - np.median(border, axis=0)).max(axis=1)
    rows, columns = colours.shape[:2]
    if (apart > PAPER_SPREAD).mean() > STRAY_BORDER:
        return np.ones((rows, columns), np.float32)
    filled = np.zeros((rows + 2, columns + 2), np.uint8)
    flags = cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | (255 << 8)
    for corner in ((0, 0), (columns - 1, 0), (0, rows - 1), (columns - 1, rows - 1)):
        cv2.floodFill(colours.copy(), filled, corner, 0, (PAPER_SPREAD,) * 3, (PAPER_SPREAD,) * 3, flags)
    return np.asarray(filled[1:-1, 1:-1] == 0, np.float32)
