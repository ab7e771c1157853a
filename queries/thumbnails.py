"""A picture or clip on disk -> a small JPEG for the page; None, never an error, for what cannot be read."""

from __future__ import annotations

import base64
import io
import struct
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import av
from PIL import Image, ImageOps, ImageStat

from pipelines.media.containers import open_container

# Largest side in pixels and JPEG quality, best first: many pictures get smaller ones, the page stays small.
LADDER = ((160, 72), (144, 66), (128, 62), (112, 58), (96, 54), (80, 48))
PAGE_BUDGET_BYTES = 700_000  # of JPEG; a third more as text
FLAT = 10.0  # luma deviation below which a frame is blank: fade-ins begin black
FRAMES = 60
MAX_PIXELS = 80_000_000

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "MPO")

# What Pillow and libav say to a file that is not what it claims to be, over all their decoders.
BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError,
          ZeroDivisionError, struct.error, Image.DecompressionBombError, av.error.FFmpegError)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small JPEG, `width` × `height` pixels."""

    width: int
    height: int
    jpeg: bytes

    @property
    def address(self) -> str:
        """The picture as a data: URI."""
        return "data:image/jpeg;base64," + base64.b64encode(self.jpeg).decode()


def thumbnail(path: Path, kind: str, share_bytes: int = 8_000) -> Thumbnail | None:
    """The file's picture, at most 160 px and about `share_bytes`; None where there is none to be seen."""
    image = _open(path, kind)
    if image is None:
        return None
    image.thumbnail((LADDER[0][0], LADDER[0][0]), Image.Resampling.LANCZOS)
    for side, quality in LADDER:
        small = _encode(image, side, quality)
        if len(small.jpeg) <= share_bytes:
            break
    return small


def share_of(number: int) -> int:
    """How many bytes each of `number` pictures may take."""
    return PAGE_BUDGET_BYTES // max(number, 1)


def _open(path: Path, kind: str) -> Image.Image | None:
    try:
        return _first_good_frame(path) if kind == "video" else _picture(path)
    except BROKEN:
        return None


def _picture(path: Path) -> Image.Image | None:
    with Image.open(path, formats=FORMATS) as image:
        if image.width * image.height > MAX_PIXELS:
            return None
        image.draft("RGB", (240, 240))  # JPEG decodes small at once; still enough for 160
        turned = ImageOps.exif_transpose(image)
        return _on_white(turned)


def _on_white(image: Image.Image) -> Image.Image:
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    clear = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")


def _first_good_frame(path: Path) -> Image.Image | None:
    first = None
    with open_container(path) as container:
        for frame in islice(container.decode(video=0), FRAMES):
            image = Image.fromarray(frame.to_ndarray(format="rgb24"))
            if ImageStat.Stat(image.convert("L")).stddev[0] > FLAT:
                return image
            first = first or image
    return first


def _encode(image: Image.Image, side: int, quality: int) -> Thumbnail:
    small = image.copy()
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    target = io.BytesIO()
    small.save(target, "JPEG", quality=quality, optimize=True)
    return Thumbnail(small.width, small.height, target.getvalue())
