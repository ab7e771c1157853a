"""A material's own file -> all by which it is looked for: its pictures' features, small frames, sound.

Made once per file content and kept: a clip is decoded whole for it.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.media.clips import distinct_frames, read_reel
from pipelines.media.features import Features, find_features, mirror, reference_features, unpack_features
from pipelines.media.fingerprint import Fingerprint, fingerprint, unpack
from pipelines.media.pdq import Grey
from pipelines.media.pictures import read_grey
from pipelines.media.trouble import UNREADABLE, trouble_of

ORIGINAL_VERSION = 1
PICTURE_SIDE = 1080
FRAME_FEATURES = 300
_PART = struct.Struct("<I")
_VIEW = struct.Struct("<f?")


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One picture that is looked for: the file itself, or the frame at `second`; perhaps mirrored."""

    second: float
    is_mirrored: bool
    features: Features


@dataclass(frozen=True, slots=True, eq=False)
class Original:
    """`views`: a picture's two, or two for each distinct frame of a clip; `reel`: a clip's small frames."""

    fingerprint: Fingerprint
    views: tuple[View, ...] = ()
    reel: bytes = b""

    @property
    def trouble(self) -> str | None:
        """Why the file cannot be looked for, or None."""
        return self.fingerprint.trouble

    def pack(self) -> bytes:
        """As bytes, `trouble` apart."""
        parts = [self.fingerprint.pack(), self.reel]
        parts += [_VIEW.pack(one.second, one.is_mirrored) + one.features.pack() for one in self.views]
        return b"".join(_PART.pack(len(part)) + part for part in parts)


def unpack_original(packed: bytes, trouble: str | None = None) -> Original:
    """What `Original.pack` wrote. Raises ValueError on a torn or older record."""
    parts = _parts(packed)
    if len(parts) < 2:
        raise ValueError("original's record is cut off")
    return Original(unpack(parts[0], trouble), tuple(_view(part) for part in parts[2:]), parts[1])


def read_original(path: Path, kind: str) -> Original:
    """Read a material's file. `kind`: image | video | audio. Trouble is a value in the fingerprint.

    What comes is rounded as `Original.pack` rounds: compared today or read from the store tomorrow, it says the same.
    """
    mark = fingerprint(path, kind)
    try:
        read = Original(mark) if mark.trouble or kind == "audio" else _with_views(path, kind, mark)
    except UNREADABLE as error:
        read = Original(replace(mark, trouble=trouble_of(error)))
    return unpack_original(read.pack(), read.trouble)


def _with_views(path: Path, kind: str, mark: Fingerprint) -> Original:
    if kind == "image":
        return Original(mark, _both(0.0, read_grey(path, PICTURE_SIDE)))
    views = tuple(view for second, frame in distinct_frames(path) for view in _both(second, frame, FRAME_FEATURES))
    return Original(mark, views, read_reel(path).pack())


def _both(second: float, grey: Grey, most: int = 0) -> tuple[View, View]:
    """The picture as it is and mirrored."""

    def features(picture: Grey) -> Features:
        return find_features(picture, most) if most else reference_features(picture)

    return View(second, False, features(grey)), View(second, True, features(mirror(grey)))


def _view(part: bytes) -> View:
    if len(part) < _VIEW.size:
        raise ValueError("original's record is cut off")
    second, is_mirrored = _VIEW.unpack_from(part)
    return View(second, is_mirrored, unpack_features(part[_VIEW.size :]))


def _parts(packed: bytes) -> list[bytes]:
    parts, at = [], 0
    while at < len(packed):
        length = int.from_bytes(packed[at : at + _PART.size], "little")
        at += _PART.size
        if at + length > len(packed):
            raise ValueError("original's record is cut off")
        parts.append(packed[at : at + length])
        at += length
    return parts
