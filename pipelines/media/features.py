"""A grey picture -> its local features: corners that are found again in a crop, in a frame, or shown small.

ORB (Rublee et al. 2011) as OpenCV has it, but spread over the picture: by strength alone, one line of
lettering or one tree takes them all and a crop without it shares nothing.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.media.pdq import Grey

DESCRIPTOR_BYTES = 32
WORKING_SIDE = 800  # square root of the area on which features are looked for
MOST_FEATURES = 1500  # of a posted picture; with 1000 one in four materials at 35 % of the width was lost
REFERENCE_LARGE, REFERENCE_SMALL = 700, 300
CELL = 40
FAST_THRESHOLD = 10
LEVELS = 8
LEVEL_STEP = 1.2

Points = NDArray[np.float32]
_NO_BITS = np.zeros((0, DESCRIPTOR_BYTES), np.uint8)
_HEADER = struct.Struct("<HHH")
_RECORD = np.dtype([("x", "<u2"), ("y", "<u2"), ("angle", "u1"), ("size", "u1"), ("bits", "u1", DESCRIPTOR_BYTES)])


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Corners of a picture of `width` × `height` pixels (the scale on which they were looked for).

    `points`: (n, 2) x and y; `angles`: (n,) in turns 0..1; `sizes`: (n,) log2 of the diameter looked at;
    `descriptors`: (n, 32) bytes, compared by differing bits.
    """

    width: int
    height: int
    points: Points
    angles: Points
    sizes: Points
    descriptors: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.points)

    def pack(self) -> bytes:
        """As bytes: 38 for each feature. Places keep 1/65535 of the side, angles 1/256 turn."""
        records = np.zeros(len(self), _RECORD)
        scale = 65535 / np.array([self.width, self.height], np.float32)
        records["x"], records["y"] = np.rint(self.points * scale).T if len(self) else (0, 0)
        records["angle"] = np.rint(self.angles * 256).astype(np.int64) % 256
        records["size"] = np.rint(self.sizes * 16).clip(0, 255)
        records["bits"] = self.descriptors
        return _HEADER.pack(self.width, self.height, len(self)) + records.tobytes()


def unpack_features(packed: bytes) -> Features:
    """What `Features.pack` wrote. Raises ValueError on a torn record."""
    if len(packed) < _HEADER.size:
        raise ValueError("features record is cut off")
    width, height, count = _HEADER.unpack_from(packed)
    if len(packed) != _HEADER.size + count * _RECORD.itemsize:
        raise ValueError("features record has the wrong length")
    records = np.frombuffer(packed, _RECORD, count, _HEADER.size)
    scale = np.array([width, height], np.float32) / 65535
    points = np.stack([records["x"], records["y"]], axis=1).astype(np.float32) * scale
    angles = np.asarray(records["angle"] / 256, np.float32)
    sizes = np.asarray(records["size"] / 16, np.float32)
    return Features(width, height, points.astype(np.float32), angles, sizes, np.ascontiguousarray(records["bits"]))


def find_features(grey: Grey, most: int = MOST_FEATURES, side: int = WORKING_SIDE) -> Features:
    """At most `most` features, spread over the picture, which is looked at no larger than `side`² pixels."""
    scale = min(1.0, side / float(np.sqrt(grey.shape[0] * grey.shape[1])))
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    looked_at = cv2.resize(grey, size, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    orb = cv2.ORB.create(most * 4, LEVEL_STEP, LEVELS, fastThreshold=FAST_THRESHOLD)
    keypoints, bits = orb.compute(looked_at, _spread(orb.detect(looked_at, None), most))
    return _features(size, keypoints, np.asarray(bits, np.uint8) if len(keypoints) else _NO_BITS)


def reference_features(grey: Grey) -> Features:
    """Features of a material's own picture on two scales, so that it is also found where it is shown small."""
    large, small = find_features(grey, REFERENCE_LARGE, 640), find_features(grey, REFERENCE_SMALL, 256)
    share = np.float32(large.width / small.width)
    points = np.concatenate([large.points, small.points * share])
    angles = np.concatenate([large.angles, small.angles])
    sizes = np.concatenate([large.sizes, small.sizes + np.log2(share)])
    bits = np.concatenate([large.descriptors, small.descriptors])
    return Features(large.width, large.height, points, angles.astype(np.float32), sizes.astype(np.float32), bits)


def mirror(grey: Grey) -> Grey:
    """Left and right exchanged; a mirrored corner has quite other bits, so mirrored pictures are indexed too."""
    return np.ascontiguousarray(grey[:, ::-1])


def _spread(keypoints: Sequence[cv2.KeyPoint], most: int) -> list[cv2.KeyPoint]:
    """The strongest of every cell, then the second of every cell, and so on until there are enough."""
    if len(keypoints) <= most:
        return list(keypoints)
    columns, rows = (np.asarray(cv2.KeyPoint.convert(keypoints)) // CELL).T.astype(np.int64)
    cells = rows * 4096 + columns
    order = np.lexsort(([-one.response for one in keypoints], cells))
    starts = np.r_[True, np.diff(cells[order]) > 0]
    first = np.maximum.accumulate(np.where(starts, np.arange(len(order)), 0))
    rank = np.arange(len(order)) - first
    chosen = order[np.argsort(rank, kind="stable")[:most]]
    return [keypoints[at] for at in chosen]


def _features(size: tuple[int, int], keypoints: Sequence[cv2.KeyPoint], bits: NDArray[np.uint8]) -> Features:
    points = np.asarray(cv2.KeyPoint.convert(keypoints), np.float32).reshape(-1, 2)
    angles = np.array([one.angle for one in keypoints], np.float32) / np.float32(360)
    diameters = np.log2(np.array([one.size for one in keypoints], np.float32).clip(1))
    return Features(*size, points, angles, diameters, bits)
