"""Any picture file -> its pixels, upright, opaque, 8 bits, no larger than asked; or the reason why not.

Ordinary JPEGs are read at a fraction of their size, which skips most of the work; what decoders show
differently (transparency, palettes, 16 bits, CMYK, several frames) goes another way.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipelines.media.pdq import Grey
from pipelines.media.picture_header import UNREADABLE, PictureHeader, open_readable, read_header
from pipelines.media.trouble import MediaError, Trouble

Colour = NDArray[np.uint8]  # (rows, columns, 3), blue first

MIN_SIDE = 32
SLENDEREST = 40  # longer side / shorter; a full-page screenshot has 20, a ruler is no material
MAX_FILE_BYTES = 400_000_000
MAX_PIXELS = 100_000_000  # decoded at once: 0.3-0.9 GB by the way they are read
MAX_REDUCED_PIXELS = 1_000_000_000  # read at an eighth: 400 M took 0.3 s and 32 MB
MAX_FRAMES_LOOKED_AT = 16
MOST_SCENE_FRAMES, MOST_SCENES = 200, 8
SCENE_STEP = 6.0  # mean grey levels between thumbnails: less is noise, or one thing that moves
PLAIN_SPREAD = 8.0  # standard deviation of a frame that shows nothing yet

_PLAIN_READS = {
    False: {1: cv2.IMREAD_GRAYSCALE, 2: cv2.IMREAD_REDUCED_GRAYSCALE_2, 4: cv2.IMREAD_REDUCED_GRAYSCALE_4,
            8: cv2.IMREAD_REDUCED_GRAYSCALE_8},
    True: {1: cv2.IMREAD_COLOR, 2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4,
           8: cv2.IMREAD_REDUCED_COLOR_8},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture file whose header was read and found bearable; pixels are read when asked for."""

    content: bytes
    header: PictureHeader

    @property
    def size(self) -> tuple[int, int]:
        """(width, height), upright."""
        return self.header.size

    def grey(self, side: int) -> Grey:
        """Brightness, shape (rows, columns), shorter side at most 2 * `side`. Raises MediaError."""
        return self._read(side, is_colour=False)

    def colour(self, side: int) -> Colour:
        """Colours, shape (rows, columns, 3), blue first, shorter side at most 2 * `side`. Raises MediaError."""
        return self._read(side, is_colour=True)

    def _read(self, side: int, is_colour: bool) -> NDArray[np.uint8]:
        factor = _factor(self.header, side)
        limit = MAX_REDUCED_PIXELS if self.header.is_streamed and self.header.is_simple else MAX_PIXELS
        pixels = self.header.width * self.header.height
        if pixels > limit or pixels // factor**2 > MAX_PIXELS:
            raise MediaError(Trouble.TOO_LARGE)
        if self.header.is_simple:
            shown = _simple(self.content, is_colour, factor)
        else:
            shown = _difficult(self.content, is_colour, side)
        return upright(shrink(shown, 2 * side), self.header.orientation)


def open_picture(path: Path) -> Picture:
    """The picture in a file. Raises MediaError for what cannot be used, OSError for what cannot be opened."""
    size = path.stat().st_size
    if not size:
        raise MediaError(Trouble.EMPTY)
    if size > MAX_FILE_BYTES:
        raise MediaError(Trouble.TOO_LARGE)
    content = path.read_bytes()
    header = read_header(content)
    short, long = sorted(header.size)
    if short < MIN_SIDE or long > short * SLENDEREST:
        raise MediaError(Trouble.TOO_SMALL)
    return Picture(content, header)


def read_grey(path: Path, side: int) -> Grey:
    """The picture in grey, upright, its shorter side at least `side` where it has that much, at most 2 * `side`.

    Raises: MediaError for files that are no whole, bearable picture; OSError.
    """
    return open_picture(path).grey(side)


def read_scenes(path: Path, side: int) -> Iterator[Grey]:
    """The picture as `read_grey`; of an animation every scene that differs from those before, `MOST_SCENES` at most.

    Looked at are `MOST_SCENE_FRAMES` frames, fewer of large ones. Raises as `read_grey`, also when the file is cut off
    later on.
    """
    picture = open_picture(path)
    if not picture.header.is_moving:
        yield picture.grey(side)
        return
    with _as_trouble(), open_readable(picture.content) as image:
        for frame in _distinct(_opaque_frames(image, side, MOST_SCENE_FRAMES)):
            shown = np.asarray(frame.convert("L"), np.uint8)
            yield upright(shrink(shown, 2 * side), picture.header.orientation)


def _distinct(frames: Iterator[Image.Image]) -> Iterator[Image.Image]:
    met: list[NDArray[np.float32]] = []
    for frame in frames:
        small = _thumbnail(frame)
        if all(float(np.abs(small - other).mean()) > SCENE_STEP for other in met):
            met.append(small)
            yield frame
        if len(met) == MOST_SCENES:
            return


def read_colour(path: Path, side: int) -> Colour:
    """The picture in colour, as `read_grey`, shape (rows, columns, 3), blue first."""
    return open_picture(path).colour(side)


def picture_size(path: Path) -> tuple[int, int]:
    """(width, height) upright, from the header alone. Raises: MediaError, OSError."""
    return open_picture(path).size


def shrink(pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """The picture with its shorter side at most `side` pixels, averaged, never enlarged."""
    short = min(pixels.shape[:2])
    if short <= side:
        return pixels
    rows, columns = (max(1, round(length * side / short)) for length in pixels.shape[:2])
    return np.asarray(cv2.resize(pixels, (columns, rows), interpolation=cv2.INTER_AREA), np.uint8)


def upright(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Stored pixels turned and mirrored as EXIF `orientation` 1..8 wants them seen."""
    if orientation >= 5:
        pixels = pixels.swapaxes(0, 1)
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return np.ascontiguousarray(pixels)


def _factor(header: PictureHeader, side: int) -> int:
    """By how much the decoder may reduce the picture: it skips most of the work of a JPEG."""
    if not header.is_jpeg or not header.is_simple:
        return 1
    whole = min(header.width, header.height) // max(side, 1)
    return next(factor for factor in (8, 4, 2, 1) if whole >= factor or factor == 1)


def _simple(content: bytes, is_colour: bool, factor: int) -> NDArray[np.uint8]:
    # The orientation is ours to apply: OpenCV's versions differ in which formats they turn.
    flags = _PLAIN_READS[is_colour][factor] | cv2.IMREAD_IGNORE_ORIENTATION
    try:
        pixels = cv2.imdecode(np.frombuffer(content, np.uint8), flags)
    except cv2.error as error:
        if error.code == cv2.Error.StsNoMem:
            raise MemoryError from error
        raise MediaError(Trouble.NOT_MEDIA) from error
    if pixels is None:
        raise MediaError(Trouble.NOT_MEDIA)
    return np.asarray(pixels, np.uint8)


def _difficult(content: bytes, is_colour: bool, side: int) -> NDArray[np.uint8]:
    with _as_trouble(), open_readable(content) as image:
        image.draft(None, (2 * side, 2 * side))  # a CMYK JPEG can be read reduced as well
        shown = _first_showing(image, side)
    pixels = np.asarray(shown.convert("RGB" if is_colour else "L"), np.uint8)
    return np.ascontiguousarray(pixels[..., ::-1]) if is_colour else pixels


@contextmanager
def _as_trouble() -> Iterator[None]:
    """What Pillow raises on a damaged file, as a MediaError."""
    try:
        yield
    except Image.DecompressionBombError as error:  # a frame within the file may claim more than its header
        raise MediaError(Trouble.TOO_LARGE) from error
    except UNREADABLE as error:
        is_cut = isinstance(error, EOFError) or "truncated" in str(error)
        raise MediaError(Trouble.TRUNCATED if is_cut else Trouble.NOT_MEDIA) from error


def _first_showing(image: Image.Image, side: int) -> Image.Image:
    """The first frame that is not plain, else the first: animations like to fade in."""
    frames = _opaque_frames(image, side, MAX_FRAMES_LOOKED_AT)
    first = next(frames)
    if not _is_plain(first):
        return first
    return next((frame for frame in frames if not _is_plain(frame)), first)


def _opaque_frames(image: Image.Image, side: int, most: int) -> Iterator[Image.Image]:
    count = min(most, max(1, MAX_PIXELS // (image.width * image.height)))
    if image.format == "TIFF":
        count = 1  # the pages of a document are no film
    yield _opaque(image, side)
    for number in range(1, count):
        try:
            image.seek(number)
        except EOFError:
            return
        yield _opaque(image, side)


def _opaque(image: Image.Image, side: int) -> Image.Image:
    """The current frame, 8 bits, made smaller early, on white where one sees through it."""
    shown = _eight_bits(image)
    if (factor := min(shown.size) // (2 * side)) >= 2:
        shown = shown.reduce(factor)
    if shown.mode == "RGBA":
        white = Image.new("RGBA", shown.size, "white")
        shown = Image.alpha_composite(white, shown)
    return shown.convert("RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    if image.mode.startswith(("I", "F")):
        return _scaled(image)
    if image.mode in ("PA", "LA", "La", "RGBa") or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode in ("L", "RGB", "RGBA"):
        image.load()
        return image
    return image.convert("RGB")


def _scaled(image: Image.Image) -> Image.Image:
    """More than 8 bits a pixel in grey: of 16 bits the upper eight, of wider ones the range they use."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    wide = np.nan_to_num(np.asarray(image, np.float32))
    low, high = float(wide.min()), float(wide.max())
    return Image.fromarray(((wide - low) * np.float32(255 / max(high - low, 1e-6))).clip(0, 255).astype(np.uint8))


def _is_plain(image: Image.Image) -> bool:
    return float(_thumbnail(image).std()) < PLAIN_SPREAD


def _thumbnail(image: Image.Image) -> NDArray[np.float32]:
    return np.asarray(image.convert("L").resize((32, 32), Image.Resampling.BOX), np.float32)
