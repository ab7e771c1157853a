"""A media file -> its fingerprint: PDQ of the picture, or of a clip's frames, whole and border-trimmed.

Trouble with a file is a value in the fingerprint, never an exception, and costs that file only.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from crawler.language import say
from pipelines.media.clips import keyframes, read_header
from pipelines.media.pdq import HASH_BYTES, Grey, Hashes, as_words, pdq
from pipelines.media.pictures import open_picture
from pipelines.media.sound import listen
from pipelines.media.trouble import UNREADABLE, MediaError, Trouble, describe_trouble, trouble_of

FINGERPRINT_VERSION = 2
VIEWS = 2  # each frame is hashed whole and without its uniform border

HASHED_SIDE = 256  # pictures are read no larger than twice this: PDQ looks at 64 samples a side
FRAME_SIDE = 192
USABLE_QUALITY = 50

_HEADER = struct.Struct("<BBIIfHI")
_KINDS = ("image", "video", "audio")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of a media file. `hashes`: for each of `seconds`, `VIEWS` packed PDQ hashes.

    `kind`: image | video | audio; a clip's `seconds` are those of its keyframes. `quality`: PDQ
    quality 0..100 per frame. `sound`: a packed `pipelines.media.sound.Sound`; empty when there is
    none to be heard.
    """

    kind: str
    width: int = 0
    height: int = 0
    duration_seconds: float = 0.0
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
            self.duration_seconds, len(self.seconds), len(self.sound),
        )  # fmt: skip
        seconds = np.asarray(self.seconds, dtype="<f4").tobytes()
        return head + seconds + bytes(self.quality) + self.hashes + self.sound


def unpack(packed: bytes, trouble: str | None = None) -> Fingerprint:
    """The fingerprint that `pack` wrote. Raises ValueError on another version or a torn record."""
    if len(packed) < _HEADER.size:
        raise ValueError("fingerprint record is cut off")
    version, kind, width, height, duration, count, heard = _HEADER.unpack_from(packed)
    if version != FINGERPRINT_VERSION or kind >= len(_KINDS):
        raise ValueError(f"fingerprint record has version {version}, expected {FINGERPRINT_VERSION}")
    if len(packed) != _HEADER.size + count * (5 + VIEWS * HASH_BYTES) + heard:
        raise ValueError("fingerprint record has the wrong length")
    seconds = np.frombuffer(packed, dtype="<f4", count=count, offset=_HEADER.size)
    after = _HEADER.size + 4 * count
    end = len(packed) - heard
    quality, hashes, sound = tuple(packed[after : after + count]), packed[after + count : end], packed[end:]
    times = tuple(seconds.tolist())
    return Fingerprint(_KINDS[kind], width, height, duration, times, quality, hashes, sound, trouble)


def fingerprint(path: Path, kind: str) -> Fingerprint:
    """Read the file once: what it shows, a clip at its keyframes, and how it sounds.

    `kind`: image | thumbnail | video | audio.
    """
    kind = "image" if kind == "thumbnail" else kind
    try:
        if not path.stat().st_size:
            return Fingerprint(kind, trouble=Trouble.EMPTY)
        return _READERS[kind](path)
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
    return Fingerprint("image", width, height, 0.0, (0.0,), (quality,), hashes)


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


def _read_clip(path: Path) -> Fingerprint:
    header = read_header(path)
    shown = [(at, *hash_views(frame)) for at, frame in keyframes(path, side=FRAME_SIDE)]
    if not shown:
        raise MediaError(Trouble.TRUNCATED)
    seconds, hashes, quality = zip(*shown, strict=True)
    size = (header.width, header.height)
    return Fingerprint("video", *size, header.seconds, seconds, quality, b"".join(hashes), _sound_of(path))


def _read_sound(path: Path) -> Fingerprint:
    sound = listen(path)
    if sound is None:
        raise MediaError(Trouble.NOT_MEDIA)
    return Fingerprint("audio", duration_seconds=sound.seconds, sound=sound.pack())


def _sound_of(path: Path) -> bytes:
    """The sound of a clip; a clip whose sound is broken still has its pictures."""
    try:
        sound = listen(path)
    except (av.FFmpegError, OSError, ValueError):
        return b""
    return sound.pack() if sound and len(sound.times) else b""


_READERS = {"image": _read_image, "video": _read_clip, "audio": _read_sound}
