"""A picture -> the words in it with their places, and beforehand, cheaply, whether it has any worth reading.

Reading needs the extra `ocr` (RapidOCR with the PP-OCRv6 models of its wheel, run by onnxruntime on one
thread); without it `reader()` is None and `ocr.why_absent()` says so. Nothing is ever downloaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.media.ocr import can_read, models
from pipelines.media.pdq import Grey
from pipelines.media.pictures import Colour, read_grey
from pipelines.media.stills import read_stills
from pipelines.media.trouble import UNREADABLE

_VERSION = 1
# Larger pictures are read at this size: 1.1 s of CPU and 0.5 GB at worst; 16 posters read alike at 1080 and 540 px.
MOST_PIXELS = 640_000
LEAST_SIDE = 8
CROP_SIDE = 64  # crops of one line are enlarged to this height: at 25 px the detector misses a lone "2026"
CROP_MARGIN = 16
LEAST_CONFIDENCE = 0.5
SCOUT_SIDE = 480  # the size at which a picture is searched for lines of letters: 4 ms

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """Words read next to each other; `box` is left, top, right, bottom as shares 0..1 of the picture."""

    text: str
    confidence: float
    box: Box


class _Output(Protocol):
    boxes: NDArray[np.float32] | None
    txts: Sequence[str] | None
    scores: Sequence[float] | None


class _Engine(Protocol):
    def __call__(self, img_content: Colour) -> _Output: ...


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads words in pictures, the same every time."""

    engine: _Engine

    def read(self, pixels: Colour) -> tuple[Line, ...]:
        """The lines of a BGR picture, top to bottom; a crop of a single word will do."""
        if min(pixels.shape[:2]) < LEAST_SIDE:
            return ()
        shown, margin = _readable(pixels)
        output = self.engine(shown)
        if output.boxes is None or not output.txts or not output.scores:
            return ()
        size = np.array([shown.shape[1] - 2 * margin, shown.shape[0] - 2 * margin])
        places = ((np.asarray(output.boxes) - margin) / size).clip(0, 1)
        return tuple(
            Line(text, round(float(score), 3), _around(corners))
            for text, score, corners in zip(output.txts, output.scores, places, strict=True)
            if score >= LEAST_CONFIDENCE
        )


@cache
def reader() -> Reader | None:
    """The reader, loaded at the first call (0.8 s, 150 MB); None when the extra is not there."""
    found = models()
    if found is None or not can_read():
        return None
    from rapidocr import RapidOCR

    settings = {
        "Global.use_cls": False,  # which way up a line stands; posters stand upright
        "Global.log_level": "critical",
        "Global.max_side_len": 100_000,  # `_readable` has already bounded the picture
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "Det.limit_side_len": 32,  # not to be enlarged: its own limit makes a strip 4,000 pixels long
        "Det.model_path": str(found[0]),
        "Rec.model_path": str(found[1]),
    }
    return Reader(RapidOCR(params=settings))


def read_lettering(path: Path) -> tuple[Line, ...] | None:
    """The lines in a picture or in some frames of a clip, () if it cannot be read; None without the extra."""
    with_words = reader()
    if with_words is None:
        return None
    try:
        return tuple(line for pixels in read_stills(path) for line in with_words.read(pixels))
    except UNREADABLE:
        return ()


def scout_lettering(path: Path) -> float:
    """`has_lettering` of a picture file, 0.0 for one that cannot be read."""
    try:
        return has_lettering(read_grey(path, SCOUT_SIDE // 2))
    except UNREADABLE:
        return 0.0


def lettering_version() -> str:
    """Changes when the same picture may be read otherwise; part of the key of whatever is kept."""
    try:
        return f"{_VERSION}-{version('rapidocr')}" if can_read() else f"{_VERSION}-absent"
    except PackageNotFoundError:
        return f"{_VERSION}-unknown"


def has_lettering(grey: Grey) -> float:
    """The share of the picture, 0..1, that lies within lines of letters or what looks like them; costs 4 ms.

    Strokes are bright or dark and thin; letters stand side by side in runs much wider than high.
    """
    scale = min(1.0, SCOUT_SIDE / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    strokes = cv2.morphologyEx(small, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    _, inked = cv2.threshold(strokes, 60, 255, cv2.THRESH_BINARY)
    runs = cv2.morphologyEx(inked, cv2.MORPH_CLOSE, np.ones((1, 11), np.uint8))
    runs = cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((3, 5), np.uint8))
    _, _, table, _ = cv2.connectedComponentsWithStats(runs, connectivity=4)
    wide, high, area = table[1:, 2], table[1:, 3], table[1:, 4]
    lines = (wide >= 2.5 * high) & (high >= 5) & (high <= small.shape[0] / 5) & (area >= 0.45 * wide * high)
    return float((wide * high)[lines].sum() / small.size)


def _readable(pixels: Colour) -> tuple[Colour, int]:
    """The picture at a size that can be read and paid for, and the margin put around it."""
    rows, columns = pixels.shape[:2]
    scale = min(1.0, float(np.sqrt(MOST_PIXELS / (rows * columns))))
    if rows < CROP_SIDE:
        scale = min(CROP_SIDE / rows, float(np.sqrt(MOST_PIXELS / (rows * columns))))
    if scale != 1.0:
        size = (max(LEAST_SIDE, round(columns * scale)), max(LEAST_SIDE, round(rows * scale)))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC))
    margin = CROP_MARGIN if rows < 4 * CROP_SIDE else 0
    if margin:
        pixels = np.pad(pixels, ((margin, margin), (margin, margin), (0, 0)), mode="edge")
    return np.ascontiguousarray(pixels, np.uint8), margin


def _around(corners: NDArray[np.float32]) -> Box:
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return round(float(left), 4), round(float(top), 4), round(float(right), 4), round(float(bottom), 4)
