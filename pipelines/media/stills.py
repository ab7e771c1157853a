"""A picture or clip file -> what can be seen in it, in colour: the picture, or a few frames spread over the clip."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from pipelines.media.pictures import Colour, read_colour, shrink
from pipelines.media.trouble import MediaError, Trouble

STILL_SIDE = 450  # shorter side 450..900: lettering is read as well as at full size
MOST_STILLS = 4


def read_stills(path: Path) -> tuple[Colour, ...]:
    """The picture in a file, BGR, or up to `MOST_STILLS` frames. Raises one of `UNREADABLE`."""
    try:
        return (read_colour(path, STILL_SIDE),)
    except MediaError as error:
        if error.trouble is not Trouble.NOT_MEDIA:
            raise
    return _frames(path)


def _frames(path: Path) -> tuple[Colour, ...]:
    """The keyframes at the middle of equal parts of the clip; an emblem may come at its end only."""
    shown: list[Colour] = []
    with av.open(str(path)) as container:
        if not container.streams.video or container.streams.video[0].codec_context is None:
            raise MediaError(Trouble.NOT_MEDIA)
        stream = container.streams.video[0]
        stream.codec_context.skip_frame = "NONKEY"
        length = container.duration or 0
        for part in range(MOST_STILLS if length else 1):
            container.seek(length * (2 * part + 1) // (2 * MOST_STILLS))
            frame = next(container.decode(stream), None)
            if frame is not None:
                pixels = np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)
                shown.append(shrink(pixels, 2 * STILL_SIDE))
    return tuple(shown)
