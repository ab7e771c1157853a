"""A grey picture -> where lettering stands in it, by looks alone: like-sized strokes side by side, dark or bright."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.compare.geometry import Mask
from pipelines.media.pdq import Grey

SHRINKINGS = (1, 2, 4)
LOWEST, HIGHEST = 6, 34  # pixels of a letter at each shrinking
WINDOW = 41  # wider than a letter's strokes are thick
CONTRAST = 30
IN_A_ROW = 3
MOST_STROKES = 3000
Table = NDArray[np.int64]


def lettering_in(grey: Grey) -> Mask:
    """True where letters stand, as boxes around them; flat in photographs, not blind to lettering on them."""
    found = np.zeros(grey.shape, bool)
    for shrinking in SHRINKINGS:
        small = grey
        if shrinking > 1:
            size = (grey.shape[1] // shrinking, grey.shape[0] // shrinking)
            small = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
        if min(small.shape) <= WINDOW:
            break
        for box in np.concatenate(list(_letters(small))) * shrinking:
            left, top, width, height = box.tolist()
            found[top : top + height, left : left + width] = True
    return found


def _letters(grey: Grey) -> list[Table]:
    """Boxes (left, top, width, height) of the strokes that stand in rows, dark ones and bright ones."""
    ground = cv2.medianBlur(grey, WINDOW)
    return [_in_rows(_strokes(cv2.subtract(*pair))) for pair in ((ground, grey), (grey, ground))]


def _strokes(apart: NDArray[np.generic]) -> Table:
    inked = (np.asarray(apart) > CONTRAST).astype(np.uint8)
    _, _, table, _ = cv2.connectedComponentsWithStats(inked, connectivity=8)
    boxes = np.asarray(table[1:], np.int64)
    width, height, area = boxes[:, 2], boxes[:, 3], boxes[:, 4]
    fill = area / (width * height)
    is_letter = (height >= LOWEST) & (height <= HIGHEST) & (width <= 4 * height) & (fill > 0.15)
    return boxes[is_letter][:MOST_STROKES, :4]


def _in_rows(boxes: Table) -> Table:
    """Those with a like-sized neighbour on each side, and the neighbours at the ends."""
    boxes = boxes[np.argsort(boxes[:, 0], kind="stable")]
    left, top, width, height = (boxes[:, at][:, None] for at in range(4))
    taller = np.maximum(height, height.T)
    gap = left.T - (left + width)
    follows = (gap > -0.3 * taller) & (gap < 0.9 * taller) & (left < left.T)
    follows &= np.minimum(height, height.T) * 1.8 >= taller
    follows &= np.abs((top + height) - (top + height).T) < 0.35 * taller
    middle = follows.any(axis=1) & follows.any(axis=0)
    near = follows[:, middle].any(axis=1) | follows[middle].any(axis=0)
    return boxes[middle | near]
