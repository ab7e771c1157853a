"""A media file -> the picture, or the frames at some seconds, to be drawn; None for what cannot be shown.

Opens posted files with codecs: only to be called in a process beside.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import av
import numpy as np
from PIL import Image

from pipelines.media.containers import open_container
from pipelines.media.original import PICTURE_SIDE
from pipelines.media.pictures import MAX_PIXELS, read_colour, read_scenes
from pipelines.media.trouble import UNREADABLE

SIDE = 540  # of the shorter side, at most twice that
MOST_FRAMES = 1_500  # decoded on the way from a keyframe to a second
EARLY = 0.15  # of a clip's length: past its fade-in


def picture(path: Path, scene: int = 0) -> Image.Image | None:
    """A picture file in colour, upright; a later scene of an animation in grey, as it was compared."""
    try:
        if scene:
            later = next(islice(read_scenes(path, PICTURE_SIDE), scene, None), None)
            return None if later is None else Image.fromarray(later).convert("RGB")
        return Image.fromarray(np.ascontiguousarray(read_colour(path, SIDE)[..., ::-1]))
    except UNREADABLE:
        return None


def frames(path: Path, seconds: Sequence[float | None]) -> list[Image.Image | None]:
    """The clip's frame at each of `seconds`; None asks for one that tells what the clip is about."""
    try:
        with open_container(path) as container:
            stream = container.streams.video[0]
            if stream.codec_context.width * stream.codec_context.height > MAX_PIXELS:
                return [None] * len(seconds)
            stream.codec_context.thread_count = 1
            length = (container.duration or 0) / av.time_base
            return [_frame(container, stream, EARLY * length if at is None else at) for at in seconds]
    except (*UNREADABLE, IndexError):
        return [None] * len(seconds)


def _frame(container: av.container.InputContainer, stream: av.VideoStream, second: float) -> Image.Image | None:
    """The first frame at or after a second, else the last before it."""
    begin = float((stream.start_time or 0) * (stream.time_base or 0))
    container.seek(round((second + begin) / (stream.time_base or 1)), stream=stream)
    last = None
    for frame in islice(container.decode(stream), MOST_FRAMES):
        last = frame
        if frame.time is None or frame.time - begin >= second - 0.02:
            break
    return _upright(last) if last is not None else None


def _upright(frame: av.VideoFrame) -> Image.Image:
    scale = min(1.0, 2 * SIDE / min(frame.width, frame.height))
    width, height = (max(2, round(side * scale)) for side in (frame.width, frame.height))
    pixels = frame.reformat(width=width, height=height, format="rgb24").to_ndarray()
    return Image.fromarray(np.ascontiguousarray(np.rot90(pixels, round(frame.rotation / 90))))
