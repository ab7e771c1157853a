"""Places where a posted picture contradicts the material -> what is written there on both sides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from pipelines.compare.contradiction import Box
from pipelines.compare.lettering import Change, around_words, explain_change
from pipelines.compare.placement import Placement
from pipelines.media.ocr import can_read, why_absent
from pipelines.media.pdq import Grey
from pipelines.media.pictures import Colour

MOST_PLACES = 3
SMALLEST_SIDE = 8


def read_places(own: Grey, posted: Grey, placed: Placement, boxes: Sequence[Box], is_mirrored: bool) -> dict[str, Any]:
    """Measures for the explanation: `readings` of the largest changed boxes, or `not_read` where nobody can read.

    `own` is the material as it was compared, mirrored if it was.
    """
    changed = [(number, box) for number, box in enumerate(boxes) if box.kind == "changed"][:MOST_PLACES]
    if not changed:
        return {}
    if not can_read():
        return {"not_read": list(why_absent())}
    size = (own.shape[1], own.shape[0])
    laid = np.asarray(cv2.warpPerspective(posted, np.linalg.inv(placed.matrix), size, flags=cv2.INTER_AREA), np.uint8)
    readings = []
    for number, box in changed:
        change = explain_change(_crop(own, box, is_mirrored), _crop(laid, box, is_mirrored))
        if change is not None:
            readings.append(_reading(number, change))
    return {"readings": readings}


def _reading(number: int, change: Change) -> dict[str, Any]:
    said = dict(zip(("id", "en"), change.words, strict=True))
    return {"box": number, "material": change.own, "post": change.posted, "differing": list(change.differing), **said}


def _crop(grey: Grey, box: Box, is_mirrored: bool) -> Colour:
    """The place with whole words around it, as it is to be read."""
    rows, columns = grey.shape
    edges = (box.left * columns, box.top * rows, box.right * columns, box.bottom * rows)
    left, top, right, bottom = around_words(tuple(round(edge) for edge in edges), (columns, rows))
    crop = grey[top : max(bottom, top + SMALLEST_SIDE), left : max(right, left + SMALLEST_SIDE)]
    upright = crop[:, ::-1] if is_mirrored else crop
    return np.ascontiguousarray(np.repeat(upright[:, :, None], 3, axis=2))
