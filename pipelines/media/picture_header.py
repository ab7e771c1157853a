"""The bytes of a picture -> its size, how it must be turned, how it is read best, and whether it is all there."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image

from pipelines.media.containers import boxes_reach_end
from pipelines.media.trouble import MediaError, Trouble

# What Pillow reads without help from outside; left out is what starts other programs or holds no photographs.
READABLE = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF")
MOVING = frozenset({"PNG", "GIF", "WEBP", "AVIF"})
# Whatever Pillow's readers are known to raise on damaged files, found by damaging files.
UNREADABLE = (
    OSError, SyntaxError, ValueError, TypeError, EOFError, LookupError, OverflowError, RuntimeError, struct.error,
)  # fmt: skip

# Damage and size are judged here and said with the file's name; what Pillow mutters about them helps nobody.
warnings.filterwarnings("ignore", module=r"PIL\.")

_ORIENTATION = 0x0112
_EXIF = b"Exif\0\0"
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length
_NOT_A_FRAME = frozenset({0xC4, 0xC8, 0xCC})  # tables among the numbers of the frame headers
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_APP1, _SCAN, _END = 0xE1, 0xDA, 0xD9
_PNG_MARK = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class PictureHeader:
    """`width`, `height`: as stored; `orientation`: EXIF 1..8.

    `is_simple`: opaque, one frame, grey or RGB, in a format that any build of OpenCV reads. `is_streamed`: a
    JPEG that is read row by row, so that a reduced picture needs the memory of the reduced one only. `is_moving`: an
    animation.
    """

    width: int
    height: int
    orientation: int = 1
    is_jpeg: bool = False
    is_simple: bool = False
    is_streamed: bool = False
    is_moving: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) as a person sees the picture."""
        return (self.height, self.width) if self.orientation >= 5 else (self.width, self.height)


def read_header(content: bytes) -> PictureHeader:
    """What the picture's header says. Raises MediaError for what is no picture or is cut off."""
    if content.startswith(b"\xff\xd8"):
        return _jpeg_header(content)
    if not _is_whole(content):
        raise MediaError(Trouble.TRUNCATED)
    try:
        with open_readable(content) as image:
            return _header_of(image)
    except (Image.DecompressionBombError, MemoryError) as error:
        raise MediaError(Trouble.TOO_LARGE) from error
    except UNREADABLE as error:
        raise MediaError(Trouble.NOT_MEDIA) from error


def open_readable(content: bytes) -> Image.Image:
    """The picture as Pillow sees it, its pixels not read yet. Raises what Pillow raises."""
    return Image.open(io.BytesIO(content), formats=_readable())


@lru_cache(maxsize=1)
def _readable() -> tuple[str, ...]:
    """The formats this Pillow was built with."""
    Image.init()
    return tuple(form for form in READABLE if form in Image.OPEN)


def _header_of(image: Image.Image) -> PictureHeader:
    moves = image.format in MOVING and getattr(image, "is_animated", False)
    simple = image.format in ("PNG", "WEBP") and image.mode in ("L", "RGB") and "transparency" not in image.info
    # A TIFF is turned upright by Pillow itself, its size included.
    orientation = 1 if image.format == "TIFF" else _orientation(image.info.get("exif", b""))
    return PictureHeader(*image.size, orientation, is_simple=simple and not moves, is_moving=moves)


def _orientation(exif: bytes) -> int:
    found = Image.Exif()
    try:
        found.load(exif)
        value = found.get(_ORIENTATION, 1)
    except UNREADABLE:  # a damaged note beside the picture is no reason to refuse the picture
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _jpeg_header(content: bytes) -> PictureHeader:
    """Read here rather than by Pillow: it refuses sizes that a reduced reading makes harmless."""
    frame, progressive, orientation = b"", False, 1
    for marker, body in _jpeg_segments(content):
        if 0xC0 <= marker <= 0xCF and marker not in _NOT_A_FRAME:
            frame, progressive = body, marker in _PROGRESSIVE
        elif marker == _APP1 and body.startswith(_EXIF):
            orientation = _orientation(body)
        elif marker == _SCAN:
            return _jpeg_frame(frame, progressive or body[:1] != frame[5:6], orientation)
    raise MediaError(Trouble.TRUNCATED)


def _jpeg_frame(frame: bytes, buffered: bool, orientation: int) -> PictureHeader:
    if len(frame) < 6:
        raise MediaError(Trouble.NOT_MEDIA)
    _, height, width, components = struct.unpack_from(">BHHB", frame)
    return PictureHeader(width, height, orientation, True, components in (1, 3), not buffered)


def _jpeg_segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and body of each segment up to the first scan, whose data must reach the end mark.

    Decoders fill what is missing with grey in silence. A thumbnail's own end mark lies within a
    segment and is passed over.
    """
    at = 2
    while (at := content.find(b"\xff", at)) >= 0 and at + 4 <= len(content):
        marker = content[at + 1]
        if marker in (0x00, 0xFF) or marker in _STANDALONE:
            at += 1 if marker == 0xFF else 2
            continue
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4])
        if marker == _END or end > len(content) or (marker == _SCAN and content.find(b"\xff\xd9", end) < 0):
            return
        yield marker, content[at + 4 : end]
        at = end


def _is_whole(content: bytes) -> bool:
    """Whether the file reaches its own end; what has no end mark is left to its decoder."""
    if content.startswith(_PNG_MARK):
        return _png_ends(content)
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return len(content) >= int.from_bytes(content[4:8], "little") + 8
    return content[4:8] != b"ftyp" or boxes_reach_end(io.BytesIO(content))


def _png_ends(content: bytes) -> bool:
    at = len(_PNG_MARK)
    while at + 12 <= len(content):
        if content[at + 4 : at + 8] == b"IEND":
            return True
        at += 12 + int.from_bytes(content[at : at + 4])
    return False
