"""A grey picture -> Meta's PDQ: 256 bits that survive re-encoding, and how far they can be trusted.

Written from the published algorithm (threatexchange, pdq/cpp): box-filtered twice, sampled at
64x64, the 16x16 lowest cosines beyond the constant one, each bit = above the median.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Floats = NDArray[np.float32]
Hashes = NDArray[np.uint64]  # shape (..., 4): 256 bits as four words

GRID = 64
LOWEST = 16
HASH_BYTES = LOWEST * LOWEST // 8
WORDS = HASH_BYTES // 8


@dataclass(frozen=True, slots=True)
class Pdq:
    """`cosines`: 16x16 float32, kept so that turned forms cost nothing; `quality`: 0..100."""

    cosines: Floats
    quality: int

    @property
    def bits(self) -> bytes:
        """The hash as 32 bytes, bit k in byte k // 8, lowest first."""
        return _threshold(self.cosines)


def pdq(grey: Grey) -> Pdq:
    """Hash a grey picture of at least 5x5 pixels, shape (rows, columns)."""
    soft = _box_filter_twice(grey.astype(np.float32))
    small = np.ascontiguousarray(soft[np.ix_(_sample_at(soft.shape[0]), _sample_at(soft.shape[1]))])
    waves = _cosine_waves()
    return Pdq((waves @ small @ waves.T).astype(np.float32), _quality(small))


def eight_forms(cosines: Floats) -> tuple[bytes, ...]:
    """Hashes of the picture in all its turns and mirrorings, the given one first.

    Mirroring a picture only changes the sign of its odd waves, so no picture is touched. The
    order is that of `turned`.
    """
    signs = np.where(np.arange(LOWEST) % 2 == 0, -1, 1).astype(np.float32)
    forms = []
    for base in (cosines, cosines.T):
        mirrored = base * signs
        forms += [base, mirrored, base * signs[:, None], mirrored * signs[:, None]]
    return tuple(_threshold(form) for form in forms)


def turned(grey: Grey, form: int) -> Grey:
    """The picture whose hash is `eight_forms(...)[form]`."""
    base = grey.T if form >= 4 else grey
    base = base[:, ::-1] if form % 2 else base
    return np.ascontiguousarray(base[::-1] if form % 4 >= 2 else base)


def unturned(grey: Grey, form: int) -> Grey:
    """The picture that `turned` made into `grey`."""
    base = grey[::-1] if form % 4 >= 2 else grey
    base = base[:, ::-1] if form % 2 else base
    return np.ascontiguousarray(base.T if form >= 4 else base)


@lru_cache(maxsize=512)
def turned_words(packed: bytes) -> Hashes:
    """The eight forms of packed hashes, as `eight_forms` orders them: shape (8, n, 4).

    Made from the bits alone: a wave that changes its sign changes its bit, except for the few
    waves between zero and the median (at most a handful of the 256).
    """
    bits = np.unpackbits(np.frombuffer(packed, np.uint8), bitorder="little").reshape(-1, LOWEST, LOWEST)
    odd = (np.arange(LOWEST) % 2 == 0).astype(np.uint8)  # the first wave kept is number one
    across, down = np.broadcast_to(odd, (LOWEST, LOWEST)), np.broadcast_to(odd[:, None], (LOWEST, LOWEST))
    forms = [base ^ flip for base in (bits, bits.transpose(0, 2, 1))
             for flip in (0 * across, across, down, across ^ down)]  # fmt: skip
    flat = np.stack(forms).reshape(8, -1, LOWEST * LOWEST)
    return np.packbits(flat, axis=2, bitorder="little").view(np.uint64)


def as_words(packed: bytes) -> Hashes:
    """Any number of 32-byte hashes laid end to end -> shape (n, 4)."""
    return np.frombuffer(packed, dtype=np.uint64).reshape(-1, WORDS)


def distances(left: Hashes, right: Hashes) -> NDArray[np.int64]:
    """Differing bits of every pair: shapes (n, 4) and (m, 4) -> (n, m)."""
    differing = np.bitwise_count(left[:, None, :] ^ right[None, :, :])
    return np.asarray(differing.sum(axis=2), np.int64)


def to_hex(bits: bytes) -> str:
    """The form in which other tools write a PDQ hash: 64 hex digits, highest bit first."""
    return bits[::-1].hex()


def _box_filter_twice(grey: Floats) -> Floats:
    rows, columns = grey.shape
    high, wide = (rows + 127) // 128, (columns + 127) // 128
    # The original's window reaches (w + 2) // 2 - 1 cells ahead and the rest behind.
    anchor = (wide - (wide + 2) // 2, high - (high + 2) // 2)
    counted = _window_counts(rows, columns)
    for _ in range(2):
        summed = cv2.boxFilter(
            grey, -1, (wide, high), anchor=anchor, normalize=False, borderType=cv2.BORDER_CONSTANT
        )
        grey = np.asarray(summed / counted, np.float32)
    return grey


@lru_cache(maxsize=64)
def _window_counts(rows: int, columns: int) -> Floats:
    """How many cells each clipped window holds: the original divides by that at the edges."""
    return np.asarray(np.outer(_clipped(rows), _clipped(columns)), np.float32)


def _clipped(length: int) -> NDArray[np.int64]:
    window = (length + 127) // 128
    ahead = (window + 2) // 2 - 1
    at = np.arange(length)
    return np.minimum(at + ahead, length - 1) - np.maximum(at - (window - 1 - ahead), 0) + 1


@lru_cache(maxsize=64)
def _sample_at(length: int) -> NDArray[np.int64]:
    return ((np.arange(GRID) + 0.5) * length / GRID).astype(np.int64)


@lru_cache(maxsize=1)
def _cosine_waves() -> Floats:
    frequency = np.arange(1, LOWEST + 1)[:, None]
    position = 2 * np.arange(GRID)[None, :] + 1
    return np.asarray(np.sqrt(2 / GRID) * np.cos(np.pi / 2 / GRID * frequency * position), np.float32)


def _quality(small: Floats) -> int:
    steps = [np.abs(np.diff(small, axis=axis) * (100 / 255)).astype(np.int64).sum() for axis in (0, 1)]
    return int(min(100, sum(steps) // 90))


def _threshold(cosines: Floats) -> bytes:
    flat = cosines.reshape(-1)
    median = np.partition(flat, flat.size // 2 - 1)[flat.size // 2 - 1]
    return np.packbits(flat > median, bitorder="little").tobytes()
