"""A media file -> its fingerprint: PDQ of the picture, or of a clip's frames, whole and border-trimmed.

Trouble with a file is a value in the fingerprint, never an exception, and costs that file only.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import av
import numpy as np

from crawler.language import say
from pipelines.media.pdq import HASH_BYTES, Grey, Hashes, as_words, distances, pdq
from pipelines.media.pictures import MAX_PIXELS, open_picture, read_grey, shrink
from pipelines.media.sound import listen
from pipelines.media.trouble import UNREADABLE, MediaError, Trouble, describe_trouble, trouble_of

__all__ = ["FINGERPRINT_VERSION", "Fingerprint", "Trouble", "describe_trouble", "fingerprint", "read_grey", "shrink"]

FINGERPRINT_VERSION = 2
VIEWS = 2  # each frame is hashed whole and without its uniform border

HASHED_SIDE = 256  # pictures are read no larger than twice this: PDQ looks at 64 samples a side
FRAME_SIDE = 192
FRAMES_PER_SECOND = 2.0
REFERENCE_FRAMES_PER_SECOND = 6.0  # so that a copy sampled at another phase still meets its frame
MAX_FRAMES = 1200
MAX_DENSE_SECONDS = 900.0
MIN_KEYFRAMES = 3
USABLE_QUALITY = 50
# A keyframe need not coincide with a sampled frame of the reference; unrelated pictures are at 128±8.
WORTH_A_LOOK = 84

_HEADER = struct.Struct("<BBIIfBHI")
_KINDS = ("image", "video", "audio")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of a media file. `hashes`: for each of `seconds`, `VIEWS` packed PDQ hashes.

    `kind`: image | video | audio; `is_dense`: a clip's frames were taken at a steady pace, not
    only where keyframes stand. `quality`: PDQ quality 0..100 per frame. `sound`: a packed
    `pipelines.media.sound.Sound`; empty when there is none to be heard.
    """

    kind: str
    width: int = 0
    height: int = 0
    duration_seconds: float = 0.0
    is_dense: bool = False
    seconds: tuple[float, ...] = ()
    quality: tuple[int, ...] = ()
    hashes: bytes = b""
    sound: bytes = b""
    trouble: str | None = None

    @property
    def words(self) -> Hashes:
        """All hashes, shape (frames * VIEWS, 4)."""
        return as_words(self.hashes)

    def pack(self) -> bytes:
        """The fingerprint as bytes, `trouble` apart (the store keeps that beside)."""
        head = _HEADER.pack(
            FINGERPRINT_VERSION, _KINDS.index(self.kind), self.width, self.height,
            self.duration_seconds, self.is_dense, len(self.seconds), len(self.sound),
        )  # fmt: skip
        seconds = np.asarray(self.seconds, dtype="<f4").tobytes()
        return head + seconds + bytes(self.quality) + self.hashes + self.sound


def unpack(packed: bytes, trouble: str | None = None) -> Fingerprint:
    """The fingerprint that `pack` wrote. Raises ValueError on another version or a torn record."""
    if len(packed) < _HEADER.size:
        raise ValueError("fingerprint record is cut off")
    version, kind, width, height, duration, dense, count, heard = _HEADER.unpack_from(packed)
    if version != FINGERPRINT_VERSION or kind >= len(_KINDS):
        raise ValueError(f"fingerprint record has version {version}, expected {FINGERPRINT_VERSION}")
    if len(packed) != _HEADER.size + count * (5 + VIEWS * HASH_BYTES) + heard:
        raise ValueError("fingerprint record has the wrong length")
    seconds = np.frombuffer(packed, dtype="<f4", count=count, offset=_HEADER.size)
    after = _HEADER.size + 4 * count
    end = len(packed) - heard
    quality, hashes, sound = tuple(packed[after : after + count]), packed[after + count : end], packed[end:]
    times = tuple(seconds.tolist())
    return Fingerprint(_KINDS[kind], width, height, duration, bool(dense), times, quality, hashes, sound, trouble)


def fingerprint(path: Path, kind: str, watch: bytes = b"", pace: float = 0.0) -> Fingerprint:
    """Read the file once and hash what it shows. `kind`: image | thumbnail | video | audio.

    A clip is read at its keyframes, and at a steady pace when these are few or one is near a hash
    in `watch` (packed hashes of the references' frames) or `pace` (frames per second) is given.
    """
    kind = "image" if kind == "thumbnail" else kind
    try:
        if not path.stat().st_size:
            return Fingerprint(kind, trouble=Trouble.EMPTY)
        return _read_image(path) if kind == "image" else _read_stream(path, kind, watch, pace)
    except UNREADABLE as error:
        return Fingerprint(kind, trouble=trouble_of(error))


def check_media(path: Path, kind: str) -> str | None:
    """What is wrong with a material's file, in words for its author, or None."""
    seen = fingerprint(path, kind)
    if seen.trouble:
        return describe_trouble(seen.trouble)
    if seen.kind != "audio" and max(seen.quality, default=0) < USABLE_QUALITY // 2:
        return say(
            "gambar terlalu polos untuk dikenali; pakai berkas asli yang lebih rinci",
            "the picture is too plain to be recognised; use the original with more detail",
        )
    return None


def _read_image(path: Path) -> Fingerprint:
    picture = open_picture(path)
    grey, (width, height) = picture.grey(HASHED_SIDE), picture.size
    hashes, quality = hash_views(grey)
    return Fingerprint("image", width, height, 0.0, True, (0.0,), (quality,), hashes)


def hash_views(grey: Grey) -> tuple[bytes, int]:
    """Hashes of the whole and of the trimmed picture, and the quality of the better."""
    whole, trimmed = pdq(grey), grey[trim_box(grey)]
    if trimmed.shape == grey.shape:
        return whole.bits * VIEWS, whole.quality
    inner = pdq(np.ascontiguousarray(trimmed))
    return whole.bits + inner.bits, max(whole.quality, inner.quality)


def trim_box(grey: Grey, tolerance: int = 18) -> tuple[slice, slice]:
    """Rows and columns within the uniform border; the whole picture when too little would remain."""
    box = (_inner(grey, tolerance), _inner(grey.T, tolerance))
    kept = [(part.stop - part.start) / length for part, length in zip(box, grey.shape, strict=True)]
    if min(kept) < 0.2:
        return slice(0, grey.shape[0]), slice(0, grey.shape[1])
    return box


def _inner(grey: Grey, tolerance: int) -> slice:
    lowest, highest = grey.min(axis=1).astype(int), grey.max(axis=1).astype(int)
    length = len(lowest)

    def edge(order: slice) -> int:
        colour = int(np.median(grey[order][0]))
        plain = (highest[order] <= colour + tolerance) & (lowest[order] >= colour - tolerance)
        return length if plain.all() else int(np.argmin(plain))

    first, after = edge(slice(None)), edge(slice(None, None, -1))
    return slice(first, max(first, length - after))


def _read_stream(path: Path, kind: str, watch: bytes, pace: float) -> Fingerprint:
    with av.open(str(path), mode="r") as container:
        duration = (container.duration or 0) / av.time_base
        if kind == "audio":
            return _read_sound(path, duration)
        size = _frame_size(container)
    frames = list(_keyframes(path))
    dense = bool(pace) or len(frames) < MIN_KEYFRAMES or _is_near(frames, watch)
    if dense and duration <= MAX_DENSE_SECONDS:
        frames = list(_steady_frames(path, max(duration, 1.0), pace or FRAMES_PER_SECOND))
    return _of_frames(frames, size, duration, dense, _sound_of(path))


def _read_sound(path: Path, duration: float) -> Fingerprint:
    sound = listen(path)
    if sound is None:
        raise MediaError(Trouble.NOT_MEDIA)
    return Fingerprint("audio", duration_seconds=duration or sound.seconds, sound=sound.pack())


def _sound_of(path: Path) -> bytes:
    """The sound of a clip; a clip whose sound is broken still has its pictures."""
    try:
        sound = listen(path)
    except (av.FFmpegError, OSError, ValueError):
        return b""
    return sound.pack() if sound and len(sound.times) else b""


def _frame_size(container: av.container.InputContainer) -> tuple[int, int]:
    if not container.streams.video:
        raise MediaError(Trouble.NOT_MEDIA)
    context = container.streams.video[0].codec_context
    if context.width * context.height > MAX_PIXELS:
        raise MediaError(Trouble.TOO_LARGE)
    return context.width, context.height


_Hashed = tuple[float, bytes, int]


def _of_frames(
    frames: list[_Hashed], size: tuple[int, int], duration: float, dense: bool, sound: bytes
) -> Fingerprint:
    if not frames:
        raise MediaError(Trouble.TRUNCATED)
    seconds, hashes, quality = zip(*frames, strict=True)
    return Fingerprint("video", *size, duration, dense, seconds, quality, b"".join(hashes), sound)


def _is_near(frames: list[_Hashed], watch: bytes) -> bool:
    usable = b"".join(hashes for _, hashes, quality in frames if quality >= USABLE_QUALITY)
    if not watch or not usable:
        return False
    return bool((distances(as_words(usable), as_words(watch)) <= WORTH_A_LOOK).any())


def _keyframes(path: Path) -> Iterator[_Hashed]:
    yield from _hashed(_decoded(path, "NONKEY"), 0.25)


def _steady_frames(path: Path, duration: float, pace: float) -> Iterator[_Hashed]:
    yield from _hashed(_decoded(path, "NONREF"), max(1 / pace, duration / MAX_FRAMES))


def _hashed(frames: Iterable[av.VideoFrame], step: float) -> Iterator[_Hashed]:
    due, count = 0.0, 0
    for frame in frames:
        at = float(frame.time or 0.0)
        if at + 0.02 < due or count >= MAX_FRAMES:
            continue
        due, count = max(due + step, at + step / 2), count + 1
        hashes, quality = hash_views(luma(frame))
        yield at, hashes, quality


def _decoded(path: Path, skip: Literal["NONKEY", "NONREF"]) -> Iterator[av.VideoFrame]:
    with av.open(str(path), mode="r") as container:
        stream = container.streams.video[0]
        stream.codec_context.skip_frame = skip
        yield from container.decode(stream)


def luma(frame: av.VideoFrame, side: int = FRAME_SIDE) -> Grey:
    """The brightness of a frame at most `side` pixels on its shorter side, shape (rows, columns)."""
    planar = frame if frame.format.name in _PLANAR else frame.reformat(format="gray")
    plane = planar.planes[0]
    rows = np.frombuffer(bytes(plane), np.uint8).reshape(-1, plane.line_size)
    return shrink(np.ascontiguousarray(rows[: frame.height, : frame.width]), side)


_PLANAR = frozenset({"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12", "gray"})
