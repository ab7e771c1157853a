"""A clip -> grey frames, upright: keyframes, frames at a steady pace, a few distinct ones, a reel of small ones.

Frugal: keyframes cost a thirtieth of decoding all; of the rest, frames on which no other rests are skipped. Bounded:
no more than `MAX_SECONDS` are looked at and `MAX_DECODED` frames decoded, whatever the header claims.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import Literal

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.media.containers import open_container
from pipelines.media.pdq import Grey, as_words, distances, pdq
from pipelines.media.pictures import MAX_PIXELS, shrink
from pipelines.media.trouble import MediaError, Trouble

MAX_SECONDS = 900.0  # of a steady look; keyframes are taken from all of a longer clip
MAX_DECODED = 30_000  # 15 minutes at 30 frames a second and some
MAX_KEYFRAMES = 240
MAX_DAMAGED = 200  # packets in a row that give nothing
KEYFRAME_STEP = 0.25
LOOK_SIDE = 1080
HASH_SIDE = 192
USUAL_RATE = 25.0  # of frames that carry no time

SAME_PICTURE = 24  # differing bits of PDQ
MOST_LOOKS, MOST_DISTINCT = 24, 20
WIDEST_GAP = 4.0
LOOK_PACE, MAX_LOOKED_ALONG = 0.5, 180.0
DISTINCT_PACE = 2.0

REEL_SIDE = 160  # of the longer side
REEL_PACE, REEL_FRAMES, REEL_KEYFRAMES = 4.0, 240, 60
REEL_QUALITY = 75
_REEL = struct.Struct("<HHffB")
_FRAME = struct.Struct("<fI")

Timed = tuple[float, Grey]
Skip = Literal["NONKEY", "NONREF"]


@dataclass(frozen=True, slots=True)
class ClipHeader:
    """Size in pixels as shown upright; `seconds` as the container claims, 0 where it is silent."""

    width: int
    height: int
    seconds: float

    @property
    def looked_at(self) -> float:
        """Seconds that a steady look reaches; less than `seconds` for hours-long clips."""
        return min(self.seconds, MAX_SECONDS)


def read_header(path: Path) -> ClipHeader:
    """What the container says. Raises: MediaError, av.FFmpegError, OSError."""
    with _opened(path) as (container, stream):
        context, seconds = stream.codec_context, _duration(container)
        context.skip_frame = "NONKEY"
        first = next(_decoded(container, stream), None)  # frames alone tell how they are to be turned
        is_lying = first is not None and first[1].rotation % 180 != 0
        width, height = context.width, context.height
        return ClipHeader(height, width, seconds) if is_lying else ClipHeader(width, height, seconds)


def keyframes(path: Path, most: int = MAX_KEYFRAMES, side: int = LOOK_SIDE) -> Iterator[Timed]:
    """At most `most` keyframes, spread over the whole clip, shorter side at most `side`.

    Raises: MediaError, av.FFmpegError, OSError.
    """
    with _opened(path) as (container, stream):
        seconds = _duration(container)
        stream.codec_context.skip_frame = "NONKEY"
        step = max(KEYFRAME_STEP, seconds / most)
        frames = _sought(container, stream, step, most) if seconds > MAX_SECONDS else _decoded(container, stream)
        yield from islice(_small(_paced(frames, step), side), most)


def steady_frames(
    path: Path, pace: float, start: float = 0.0, end: float | None = None, side: int = HASH_SIDE
) -> Iterator[Timed]:
    """About `pace` frames a second between `start` and `end`, which is at most `MAX_SECONDS` later.

    Their shorter side is at least `side`, where the clip has that, and less than twice that.

    Raises: MediaError, av.FFmpegError, OSError.
    """
    end = min(end if end is not None else start + MAX_SECONDS, start + MAX_SECONDS)
    with _opened(path) as (container, stream):
        stream.codec_context.skip_frame = "NONREF"
        if start > 0:
            _seek(container, stream, start)
        for at, frame in _paced(_decoded(container, stream), 1 / pace, start):
            if at > end:
                return
            yield at, luma(frame, side, is_exact=False)


def frames_at(path: Path, seconds: Sequence[float], side: int = LOOK_SIDE) -> Iterator[Timed]:
    """The first frame at or after each of `seconds`, in that order; none where the clip has ended."""
    with _opened(path) as (container, stream):
        stream.codec_context.skip_frame = "NONREF"
        for second in seconds:
            _seek(container, stream, second)
            found = next((timed for timed in _decoded(container, stream) if timed[0] >= second - 0.02), None)
            if found:
                yield found[0], luma(found[1], side)


def looks(path: Path, most: int = MOST_LOOKS) -> list[tuple[float, Grey, tuple[float, ...]]]:
    """At most `most` frames that differ from each other, by time, each with the seconds at which it was seen.

    Keyframes, where they stand close enough; phones and messengers leave one in ten seconds, and a clip may hold
    a cut between them, so that a clip of usual length is then looked at all along.
    """
    seen: list[tuple[float, bytes]] = []

    def noted() -> Iterator[Timed]:
        for at, grey in _frames_to_look_at(path):
            seen.append((at, pdq(shrink(grey, HASH_SIDE)).bits))
            yield at, grey

    kept = distinct(noted(), most)
    marks = dict(seen)
    words = as_words(b"".join(bits for _, bits in seen))
    shown = []
    for at, grey in kept:
        alike = distances(as_words(marks[at]), words)[0] <= SAME_PICTURE
        shown.append((at, grey, tuple(round(seen[number][0], 2) for number in np.flatnonzero(alike).tolist())))
    return shown


def _frames_to_look_at(path: Path) -> Iterator[Timed]:
    header = read_header(path)
    if header.seconds > MAX_LOOKED_ALONG or _widest_gap(path, header.seconds) <= WIDEST_GAP:
        return keyframes(path)
    return steady_frames(path, LOOK_PACE, side=LOOK_SIDE)


def _widest_gap(path: Path, seconds: float) -> float:
    """Seconds between keyframes, by the packets' flags: nothing is decoded for it."""
    with _opened(path) as (container, stream):
        begin = float((stream.start_time or 0) * (stream.time_base or 0))
        flagged = (one for one in container.demux(stream) if one.is_keyframe and one.pts is not None)
        times = [float((one.pts or 0) * one.time_base) - begin for one in islice(flagged, MAX_DECODED)]
    edges = [0.0, *sorted(times), seconds]
    return max(after - before for before, after in pairwise(edges))


def distinct_frames(path: Path, most: int = MOST_DISTINCT) -> list[Timed]:
    """At most `most` frames of a whole clip that differ from each other, by time.

    Its own keyframes first: copies tend to have theirs at the same cuts, so that the two show the very same moment.
    """
    marked = distinct(keyframes(path, side=HASH_SIDE), most)
    small = distinct(chain(marked, steady_frames(path, DISTINCT_PACE)), most)
    return list(frames_at(path, sorted(at for at, _ in small)))


def distinct(frames: Iterable[Timed], most: int) -> list[Timed]:
    """Those that tell most: while there are too many, the later of the two most alike goes."""
    kept: list[Timed] = []
    bits: list[bytes] = []
    for at, grey in frames:
        bits.append(pdq(shrink(grey, HASH_SIDE)).bits)
        kept.append((at, grey))
        gone = _superfluous(bits, most)
        if gone is not None:
            del bits[gone], kept[gone]
    return kept


def _superfluous(bits: list[bytes], most: int) -> int | None:
    """Which one can go: the last if it repeats an earlier one, else of too many the one most like another."""
    words = as_words(b"".join(bits))
    if len(bits) > 1 and int(distances(words[-1:], words[:-1]).min()) <= SAME_PICTURE:
        return len(bits) - 1
    if len(bits) <= most:
        return None
    apart = distances(words, words)
    np.fill_diagonal(apart, 256)
    nearest = apart.min(axis=1)
    return int(np.flatnonzero(nearest == nearest.min())[-1])


@dataclass(frozen=True, slots=True, eq=False)
class Reel:
    """A clip's small grey frames: `pictures` are JPEGs of `width` × `height`, taken at `seconds`."""

    width: int
    height: int
    duration_seconds: float
    is_whole: bool
    seconds: tuple[float, ...]
    pictures: tuple[bytes, ...]

    def pack(self) -> bytes:
        """As bytes."""
        head = _REEL.pack(self.width, self.height, self.duration_seconds, len(self.seconds), self.is_whole)
        parts = zip(self.seconds, self.pictures, strict=True)
        return head + b"".join(_FRAME.pack(at, len(picture)) + picture for at, picture in parts)

    def frames(self) -> NDArray[np.uint8]:
        """All frames, shape (frames, rows, columns)."""
        shown = np.zeros((len(self.pictures), self.height, self.width), np.uint8)
        for frame, picture in zip(shown, self.pictures, strict=True):
            read = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE)
            if read is None or read.shape != frame.shape:
                raise ValueError("reel record is damaged")
            frame[:] = read
        return shown


def unpack_reel(packed: bytes) -> Reel:
    """What `Reel.pack` wrote. Raises ValueError on a torn record."""
    if len(packed) < _REEL.size:
        raise ValueError("reel record is cut off")
    width, height, duration, count, whole = _REEL.unpack_from(packed)
    seconds, pictures, at = [], [], _REEL.size
    while at + _FRAME.size <= len(packed):
        second, length = _FRAME.unpack_from(packed, at)
        at += _FRAME.size + length
        seconds.append(second)
        pictures.append(packed[at - length : at])
    if at != len(packed) or len(seconds) != int(count):
        raise ValueError("reel record has the wrong length")
    return Reel(width, height, duration, bool(whole), tuple(seconds), tuple(pictures))


def read_reel(path: Path) -> Reel:
    """A clip's small frames, fewer per second the longer it is. Raises: MediaError, av.FFmpegError, OSError.

    Its keyframes are among them: copies tend to have theirs at the same cuts, and a moment later is another scene.
    """
    header = read_header(path)
    pace = min(REEL_PACE, REEL_FRAMES / max(header.looked_at, 1.0))
    kept: dict[float, bytes] = {}
    size: tuple[int, int] | None = None
    for frames in (keyframes(path, REEL_KEYFRAMES, 2 * REEL_SIDE), steady_frames(path, pace, side=2 * REEL_SIDE)):
        for at, frame in frames:
            if at > MAX_SECONDS:
                break
            size = size or _reel_size(frame)
            small = cv2.resize(frame, size, interpolation=cv2.INTER_AREA)
            kept[round(at, 2)] = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, REEL_QUALITY])[1].tobytes()
    if not size:
        raise MediaError(Trouble.TRUNCATED)
    seconds = tuple(sorted(kept))
    duration = header.seconds or seconds[-1] + 1 / pace
    return Reel(*size, duration, header.seconds <= MAX_SECONDS, seconds, tuple(kept[at] for at in seconds))


def _reel_size(frame: Grey) -> tuple[int, int]:
    scale = min(1.0, REEL_SIDE / max(frame.shape))
    return max(8, round(frame.shape[1] * scale)), max(8, round(frame.shape[0] * scale))


@contextmanager
def _opened(path: Path) -> Iterator[tuple[av.container.InputContainer, av.VideoStream]]:
    with open_container(path) as container:
        streams = [one for one in container.streams.video if not _is_cover(one)]
        if not streams:
            raise MediaError(Trouble.NOT_MEDIA)
        context = streams[0].codec_context
        if context is None:  # a codec that nobody knows
            raise MediaError(Trouble.NOT_MEDIA)
        if context.width * context.height > MAX_PIXELS:
            raise MediaError(Trouble.TOO_LARGE)
        context.thread_count = 1  # files are read side by side; threads within one only wait for each other
        yield container, streams[0]


def _is_cover(stream: av.VideoStream) -> bool:
    """Whether it is the picture on a sound file's sleeve."""
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _duration(container: av.container.InputContainer) -> float:
    return max(0.0, (container.duration or 0) / av.time_base)


def _seek(container: av.container.InputContainer, stream: av.VideoStream, second: float) -> None:
    """To the keyframe before `second`; where the file cannot be sought in, to its beginning or nowhere."""
    at = round(second / (stream.time_base or 1)) + (stream.start_time or 0)
    try:
        container.seek(at, stream=stream)
    except (av.FFmpegError, OSError):
        return


_Decoded = tuple[float, av.VideoFrame]


def _decoded(container: av.container.InputContainer, stream: av.VideoStream) -> Iterator[_Decoded]:
    """Frames with their seconds from the clip's beginning; damaged packets are left out."""
    begin = float((stream.start_time or 0) * (stream.time_base or 0))
    rate = float(stream.average_rate or 0) or USUAL_RATE
    for number, frame in enumerate(islice(_whole_frames(container, stream), MAX_DECODED)):
        yield number / rate if frame.time is None else max(0.0, frame.time - begin), frame


def _whole_frames(container: av.container.InputContainer, stream: av.VideoStream) -> Iterator[av.VideoFrame]:
    damaged = 0
    for packet in container.demux(stream):
        try:
            yield from packet.decode()
            damaged = 0
        except av.FFmpegError:
            damaged += 1
            if damaged > MAX_DAMAGED:
                return


def _sought(
    container: av.container.InputContainer, stream: av.VideoStream, step: float, most: int
) -> Iterator[_Decoded]:
    """One keyframe every `step` seconds, without reading what lies between."""
    for number in range(most):
        _seek(container, stream, number * step)
        found = next(_decoded(container, stream), None)
        if found:
            yield found


def _paced(frames: Iterable[_Decoded], step: float, start: float = 0.0) -> Iterator[_Decoded]:
    """Those frames that are due, one every `step` seconds where there are that many."""
    due = start
    for at, frame in frames:
        if at + 0.02 >= due:
            due = max(due + step, at + step / 2)
            yield at, frame


def _small(frames: Iterable[_Decoded], side: int) -> Iterator[Timed]:
    for at, frame in frames:
        yield at, luma(frame, side)


def luma(frame: av.VideoFrame, side: int = HASH_SIDE, is_exact: bool = True) -> Grey:
    """The brightness of a frame, upright, shape (rows, columns), at most `side` pixels on its shorter side.

    Unless `is_exact`, less than twice `side`: that is sooner done.
    """
    planar = frame if frame.format.name in _PLANAR else frame.reformat(format="gray")
    plane = planar.planes[0]
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    small = _halved(rows[: frame.height, : frame.width], side)
    return _turned(shrink(small, side) if is_exact else small, frame.rotation)


def _halved(grey: Grey, side: int) -> Grey:
    """Averaged over 2, 4 or 8 pixels each way, as far as `side` allows: exact factors are a third of the work."""
    factor = next((one for one in (8, 4, 2) if min(grey.shape) >= one * side), 1)
    if factor == 1:
        return np.ascontiguousarray(grey)
    size = (grey.shape[1] // factor, grey.shape[0] // factor)
    whole = np.ascontiguousarray(grey[: size[1] * factor, : size[0] * factor])
    return np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_AREA), np.uint8)


def _turned(grey: Grey, degrees: int) -> Grey:
    """As the display matrix wants it seen: turned counter-clockwise."""
    return np.ascontiguousarray(np.rot90(grey, round(degrees / 90))) if degrees % 360 else grey


_PLANAR = frozenset({"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12", "gray"})
