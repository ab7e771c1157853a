"""3x3 matrices between pictures: where pixels go, whether a camera could have done it, what is then seen."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.media.pdq import Grey

Matrix = NDArray[np.float64]
Points = NDArray[np.float32] | NDArray[np.float64]
Mask = NDArray[np.bool_]

SMALLEST_SCALE, LARGEST_SCALE = 1 / 10, 8.0
MOST_STRETCH = 2.5
MOST_PERSPECTIVE = 2.2  # the nearest corner against the farthest


def through(matrix: Matrix, points: Points) -> NDArray[np.float64]:
    """Points, (n, 2), moved by a 3x3 matrix."""
    moved = np.asarray(np.column_stack([points, np.ones(len(points))]), np.float64) @ matrix.T
    return np.asarray(moved[:, :2] / moved[:, 2:], np.float64)


def corners_of(shape: tuple[int, ...]) -> NDArray[np.float64]:
    """The four corners of a picture of `shape` (rows, columns), from top left clockwise."""
    rows, columns = shape[:2]
    return np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float64)


def is_sane(matrix: Matrix, shape: tuple[int, ...]) -> bool:
    """Whether a camera or an editor could have done this: no fold, no mirror, bounded scale, stretch, perspective."""
    if not np.isfinite(matrix).all():
        return False
    corners = corners_of(shape)
    depth = np.column_stack([corners, np.ones(4)]) @ matrix[2]
    if depth.min() <= 0 or depth.max() > MOST_PERSPECTIVE * depth.min():
        return False
    moved = through(matrix, corners)
    steps = np.roll(moved, -1, axis=0) - moved
    turned = np.roll(steps, -1, axis=0)
    if (steps[:, 0] * turned[:, 1] - steps[:, 1] * turned[:, 0] <= 0).any():
        return False
    growth = np.hypot(*steps.T) / np.hypot(*(np.roll(corners, -1, axis=0) - corners).T)
    least, most = float(growth.min()), float(growth.max())
    return least > SMALLEST_SCALE and most < LARGEST_SCALE and most < MOST_STRETCH * least


def scale_of(matrix: Matrix, shape: tuple[int, ...]) -> float:
    """Pixels there per pixel here, by the area of a picture of `shape`."""
    moved = through(matrix, corners_of(shape)).astype(np.float32)
    return float(np.sqrt(cv2.contourArea(moved) / (shape[0] * shape[1])))


def resizing(before: tuple[int, ...], after: tuple[int, ...]) -> Matrix:
    """Pixels of a picture of shape `before` -> those of the same picture of shape `after`; pixels have middles."""
    x, y = after[1] / before[1], after[0] / before[0]
    return np.array([[x, 0, (x - 1) / 2], [0, y, (y - 1) / 2], [0, 0, 1]], np.float64)


def shrunk(grey: Grey, factor: float) -> Grey:
    """The picture at `factor` of its size, averaged, never enlarged."""
    if factor >= 0.98:
        return grey
    size = (max(1, round(grey.shape[1] * factor)), max(1, round(grey.shape[0] * factor)))
    while grey.shape[1] >= 2 * size[0] and not (grey.shape[0] % 2 or grey.shape[1] % 2):  # much faster than a fraction
        grey = np.asarray(cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def seen_through(posted: Grey, matrix: Matrix, shape: tuple[int, ...]) -> tuple[Grey, Mask]:
    """The posted picture as a reference of this shape would show it, and where it shows anything."""
    factor = 1 / max(1e-6, scale_of(matrix, shape))
    if factor < 0.75:  # sampling alone would skip pixels
        smaller = shrunk(posted, factor)
        matrix, posted = resizing(posted.shape, smaller.shape) @ matrix, smaller
    size, flags = (shape[1], shape[0]), cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    seen = cv2.warpPerspective(posted, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    inside = cv2.warpPerspective(np.full(posted.shape, 255, np.uint8), matrix, size, flags=flags)
    return np.asarray(seen, np.uint8), np.asarray(inside > 250)
