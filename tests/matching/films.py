"""Frames in order -> a film that can be cut, paced, framed, joined and written; the scissors of the clip changes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from tests.matching.sounds import RATE, Samples, mux_sound, read_sound

Frame = NDArray[np.uint8]  # rows × columns × 3
Size = tuple[int, int]
MAX_SIDE = 854


@dataclass(frozen=True)
class Film:
    """`frames` gives the frames anew each time it is asked, `rate` of them a second, all of `size`."""

    size: Size
    rate: float
    seconds: float
    frames: Callable[[], Iterator[Frame]]
    sound: Samples | None = None


def read_film(path: Path) -> Film:
    """The film in a file, no larger than MAX_SIDE; frames are decoded when asked for."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        share = min(1.0, MAX_SIDE / max(stream.width, stream.height))
        size = (round(stream.width * share / 2) * 2, round(stream.height * share / 2) * 2)
        rate = float(stream.average_rate or 24)
        seconds = (container.duration or 0) / av.time_base

    def frames() -> Iterator[Frame]:
        with av.open(str(path)) as container:
            for frame in container.decode(video=0):
                yield frame.to_ndarray(format="rgb24", width=size[0], height=size[1])

    return Film(size, rate, seconds, frames, read_sound(path))


def write_film(path: Path, film: Film, crf: int = 26) -> Path:
    """The film as H.264 + AAC."""
    rate = round(film.rate)
    with av.open(str(path), "w", format="mp4") as container:
        stream: Any = container.add_stream("libx264", rate=rate, options={"preset": "veryfast", "crf": str(crf)})
        stream.width, stream.height, stream.pix_fmt = *film.size, "yuv420p"
        sound: Any = container.add_stream("aac", rate=RATE) if film.sound is not None else None
        if sound is not None:
            sound.layout = "mono"
        for frame in film.frames():
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")))
        container.mux(stream.encode())
        if sound is not None and film.sound is not None:
            mux_sound(container, sound, film.sound)
    return path


def each(film: Film, change: Callable[[Frame, float], Frame], size: Size | None = None) -> Film:
    """Every frame changed; `change` gets the frame and its second."""

    def frames() -> Iterator[Frame]:
        for number, frame in enumerate(film.frames()):
            yield change(frame, number / film.rate)

    return replace(film, frames=frames, size=size or film.size)


def piece(film: Film, start: float, stop: float) -> Film:
    """Only the seconds from `start` to `stop`."""
    stop = min(stop, film.seconds)
    first, last = round(start * film.rate), round(stop * film.rate)
    sound = None if film.sound is None else film.sound[round(start * RATE) : round(stop * RATE)]
    return replace(film, frames=lambda: itertools.islice(film.frames(), first, last), seconds=stop - start, sound=sound)


def paced(film: Film, speed: float = 1.0, rate: float = 0.0) -> Film:
    """`speed` times as fast, at another number of frames a second."""
    rate = rate or film.rate

    def frames() -> Iterator[Frame]:
        due = 0.0
        for number, frame in enumerate(film.frames()):
            while due < (number + 1) / film.rate / speed - 1e-6:
                yield frame
                due += 1 / rate

    sound = film.sound
    if sound is not None and speed != 1:
        sound = np.interp(np.arange(0, len(sound) - 1, speed), np.arange(len(sound)), sound).astype(np.float32)
    return replace(film, frames=frames, rate=rate, seconds=film.seconds / speed, sound=sound)


def joined(*films: Film) -> Film:
    """One after the other, in the size and pace of the first; the others are fitted into black."""
    first = films[0]
    alike = [paced(one, rate=first.rate) for one in films]

    def frames() -> Iterator[Frame]:
        for one in alike:
            for frame in one.frames():
                yield frame if one.size == first.size else framed(frame, first.size)

    parts = [one.sound if one.sound is not None else np.zeros(round(one.seconds * RATE), np.float32) for one in alike]
    return replace(first, frames=frames, seconds=sum(one.seconds for one in alike), sound=np.concatenate(parts))


def framed(frame: Frame, size: Size, ground: Frame | None = None) -> Frame:
    """The whole frame in the middle of black, or of `ground`."""
    share = min(size[0] / frame.shape[1], size[1] / frame.shape[0])
    inner = cv2.resize(
        frame, (round(frame.shape[1] * share), round(frame.shape[0] * share)), interpolation=cv2.INTER_AREA
    )
    sheet = np.zeros((size[1], size[0], 3), np.uint8) if ground is None else ground.copy()
    y, x = (size[1] - inner.shape[0]) // 2, (size[0] - inner.shape[1]) // 2
    sheet[y : y + inner.shape[0], x : x + inner.shape[1]] = inner
    return sheet


def sent_on(film: Film, path: Path, times: int) -> Film:
    """As it comes out of a messenger: smaller and coarser each time; `path` is written over."""
    for hop in range(times):
        share = min(1.0, (640 - 60 * hop) / max(film.size))
        size = (round(film.size[0] * share / 2) * 2, round(film.size[1] * share / 2) * 2)
        kept = path.with_name(f"{path.stem}-hop{hop}.mp4")
        write_film(kept, each(film, lambda frame, at, size=size: cv2.resize(frame, size), size), 30 + hop)
        film = read_film(kept)
    return film
