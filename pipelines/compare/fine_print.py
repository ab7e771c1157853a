"""A still frame of a material + the same moment of a copy -> a spot where single strokes differ: one digit of a year.

Copies of a clip lie on each other to a fraction of a pixel, so that no spot need be given room, as it is for
photographs of posters in `contradiction`. What compression blurs, it blurs everywhere: only an exception counts.
"""

from __future__ import annotations

import cv2
import numpy as np

from pipelines.compare.contradiction import Box, Contradiction
from pipelines.compare.geometry import Mask, Matrix, resizing, scale_of, seen_through, shrunk, through
from pipelines.compare.placement import Placement
from pipelines.media.pdq import Floats, Grey

MARGIN = 0.02
BLURS = (0.0, 0.5, 0.8, 1.2, 1.8)  # standard deviations, pixels
# Measured on 80 still frames of copies (re-encoded thrice, cropped, framed, filtered): the greatest difference is at
# most 1.1 (2.2 where the bit rate is very low), 2.7 times what one pixel in a thousand exceeds, and 13 grey levels;
# of 21 frames with another year, 17-23 pixels tall, at least 1.48, 3.8 times and 54.
GREAT, EXCEPTIONAL, RARE = 1.3, 3.2, 99.9
LEAST_LEVELS = 35.0
USUAL, BY_EDGE = 8.0, 0.25  # grey levels that do not count, and the share of an edge's own
ROOM = 0.02  # of a side, around what was found to lie over the material


def find_fine_print(own: Grey, posted: Grey, placement: Placement, found: Contradiction) -> Contradiction:
    """`found`, or `changed` with the spot in it, where what does not lie under an overlay differs in its strokes."""
    small = shrunk(own, min(1.0, scale_of(placement.matrix, own.shape)))
    matrix = placement.matrix @ resizing(small.shape, own.shape)
    seen, inside = seen_through(posted, matrix, small.shape)
    open_to_see = _open_to_see(inside, found)
    if open_to_see.sum() < open_to_see.size // 5:
        return found
    apart, levels = _apart(small, np.asarray(seen, np.float32), open_to_see)
    top = int((apart * open_to_see).argmax())
    row, column = divmod(top, apart.shape[1])
    usual = float(np.percentile(apart[open_to_see], RARE))
    greatest = float(apart[row, column])
    if greatest < max(GREAT, EXCEPTIONAL * usual) or levels[row, column] < LEAST_LEVELS:
        return found
    box = _box((row, column), apart > greatest / 2, matrix, posted.shape)
    return Contradiction("changed", (box, *found.boxes), round(greatest, 2), found.share, found.hidden)


def _open_to_see(inside: Mask, found: Contradiction) -> Mask:
    rows, columns = (round(length * MARGIN) for length in inside.shape)
    window = np.ones((2 * rows + 1, 2 * columns + 1), np.uint8)
    kept = cv2.erode(inside.astype(np.uint8), window, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    high, wide = inside.shape
    for box in found.boxes:
        down = slice(round(max(0.0, box.top - ROOM) * high), round((box.bottom + ROOM) * high))
        kept[down, round(max(0.0, box.left - ROOM) * wide) : round((box.right + ROOM) * wide)] = 0
    return np.asarray(kept > 0)


def _apart(own: Grey, seen: Floats, told: Mask) -> tuple[Floats, Floats]:
    """The differences as shares of what is usual at such edges, and in grey levels."""
    tried = [_toned(own, blur, seen, told) for blur in BLURS]
    like = min(tried, key=lambda one: float(np.abs(one - seen)[told].mean()))
    gain = max(0.3, float(like.std()) / max(1.0, float(own.std())))
    levels = np.abs(cv2.GaussianBlur(seen - like, (0, 0), 1.0)) / np.float32(gain)
    edges = cv2.morphologyEx(cv2.GaussianBlur(like, (0, 0), 0.8), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    near = cv2.dilate(edges, np.ones((5, 5), np.uint8))
    return np.asarray(levels / (USUAL + BY_EDGE * near), np.float32), np.asarray(levels, np.float32)


def _toned(own: Grey, blur: float, seen: Floats, told: Mask) -> Floats:
    soft = np.asarray(cv2.GaussianBlur(own, (0, 0), blur) if blur else own, np.float32)
    slope, level = np.polyfit(soft[told][::7], seen[told][::7], 1)
    return np.asarray(slope * soft + level, np.float32)


def _box(at: tuple[int, int], spots: Mask, matrix: Matrix, posted: tuple[int, ...]) -> Box:
    """The connected spot that holds `at`, in shares of both pictures."""
    rows, columns = spots.shape
    joined = cv2.dilate(spots.astype(np.uint8), np.ones((5, 5), np.uint8))
    _, labels, table, _ = cv2.connectedComponentsWithStats(joined)
    left, top, width, height, area = (int(value) for value in table[labels[at]])
    right, foot = left + width, top + height
    corners = np.array([[left, top], [right, top], [right, foot], [left, foot]], np.float64)
    there = (through(matrix, corners) / [posted[1], posted[0]]).clip(0, 1)
    x, y, x_end, y_end = (round(float(edge), 4) for edge in (*there.min(axis=0), *there.max(axis=0)))
    return Box(round(left / columns, 4), round(top / rows, 4), round(right / columns, 4), round(foot / rows, 4),
               "changed", round(area / spots.size, 5), (x, y, x_end, y_end))  # fmt: skip
