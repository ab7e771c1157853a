"""Colours, points and words -> pixels: the brushes with which all benchmark media are drawn."""

from __future__ import annotations

import io
import math
from random import Random
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Picture = Image.Image
Colour = tuple[int, int, int]
Canvas = NDArray[np.float32]  # rows × columns × 3, 0..255
Box = tuple[float, float, float, float]
Point = tuple[float, float]

# deep, mid, light, accent
INKS: tuple[tuple[Colour, Colour, Colour, Colour], ...] = (
    ((13, 43, 84), (36, 101, 170), (234, 241, 250), (243, 179, 36)),
    ((122, 20, 32), (196, 52, 48), (253, 240, 230), (247, 178, 60)),
    ((8, 76, 70), (27, 140, 116), (230, 246, 240), (255, 205, 86)),
    ((56, 30, 96), (116, 77, 169), (243, 237, 252), (255, 140, 97)),
    ((35, 37, 43), (92, 98, 110), (246, 243, 236), (214, 44, 60)),
    ((0, 92, 130), (0, 150, 190), (235, 248, 252), (255, 111, 60)),
    ((66, 84, 22), (124, 152, 46), (246, 248, 230), (226, 92, 28)),
    ((102, 56, 16), (186, 116, 48), (252, 244, 230), (24, 120, 130)),
)
SKIN: tuple[Colour, ...] = ((198, 148, 112), (172, 122, 88), (224, 178, 142), (142, 98, 70))


def noise_of(rng: Random) -> np.random.Generator:
    """Fast noise that follows from `rng`."""
    return np.random.default_rng(rng.randrange(2**63))


def fractal(rng: Random, size: tuple[int, int], cells: int = 4, fading: float = 0.55) -> NDArray[np.float32]:
    """Noise of all scales, like clouds or plaster: mean 0, deviation 1, rows × columns."""
    width, height = size
    source, total, strength = noise_of(rng), np.zeros((height, width), np.float32), 1.0
    while cells < max(size) / 2:
        rows, columns = max(2, round(cells * height / max(size))), max(2, round(cells * width / max(size)))
        coarse = source.standard_normal((rows + 1, columns + 1), np.float32)
        total += strength * cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC)
        cells, strength = cells * 2, strength * fading
    return np.asarray((total - total.mean()) / (total.std() + 1e-6), np.float32)


def slope(size: tuple[int, int], top: Colour, bottom: Colour) -> Canvas:
    """A ground that goes from one colour to another, top to bottom."""
    width, height = size
    share = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    column = np.asarray(top, np.float32) * (1 - share) + np.asarray(bottom, np.float32) * share
    return np.ascontiguousarray(np.broadcast_to(column, (height, width, 3)).astype(np.float32))


def paint(canvas: Canvas, corners: list[Point], colour: Colour, grain: NDArray[np.float32], depth: float = 14) -> None:
    """Fill a polygon with a colour that has the grain's texture."""
    mask = np.zeros(canvas.shape[:2], np.uint8)
    points = np.round(np.asarray(corners, np.float64) * 16).astype(np.int32)
    cv2.fillPoly(mask, [points], 255, cv2.LINE_AA, shift=4)
    rows, columns = np.nonzero(mask.any(1))[0], np.nonzero(mask.any(0))[0]
    if not len(rows):
        return
    part = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    share = (mask[part].astype(np.float32) / 255)[:, :, None]
    surface = np.asarray(colour, np.float32) + grain[part][:, :, None] * depth
    canvas[part] = canvas[part] * (1 - share) + surface * share


def blend(canvas: Canvas, layer: Picture, at: tuple[int, int]) -> None:
    """Lay an RGBA picture on the canvas with its upper left corner at `at`; what hangs over is cut."""
    pixels = np.asarray(layer, np.float32)
    x, y = at
    left, top = max(0, -x), max(0, -y)
    right, bottom = min(layer.width, canvas.shape[1] - x), min(layer.height, canvas.shape[0] - y)
    if right <= left or bottom <= top:
        return
    part = pixels[top:bottom, left:right]
    share = part[:, :, 3:] / 255
    under = canvas[y + top : y + bottom, x + left : x + right]
    under += (part[:, :, :3] - under) * share


def through_lens(canvas: Canvas, rng: Random, blur: float = 0.7, noise: float = 4.0) -> Picture:
    """As a camera keeps a scene: a little soft, darker in the corners, tinted, with the sensor's noise."""
    height, width = canvas.shape[:2]
    rows = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    columns = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    light = 1 - rng.uniform(0.1, 0.28) * (rows**2 + columns**2)[:, :, None] / 2
    tint = np.asarray([rng.uniform(0.94, 1.06) for _ in range(3)], np.float32)
    seen = cv2.GaussianBlur(canvas, (0, 0), blur) * light * tint
    grain = noise_of(rng).standard_normal(canvas.shape, np.float32) * noise
    return picture_of(seen + cv2.GaussianBlur(grain, (0, 0), 0.6) * 1.6)


def picture_of(canvas: NDArray[Any]) -> Picture:
    """The canvas as an RGB picture."""
    return Image.fromarray(np.clip(canvas, 0, 255).astype(np.uint8), "RGB")


def canvas_of(picture: Picture) -> Canvas:
    """The picture's pixels as a canvas."""
    return np.array(picture.convert("RGB"), np.float32)


def as_jpeg(picture: Picture, quality: int = 88) -> bytes:
    """The picture as a JPEG file."""
    kept = io.BytesIO()
    picture.convert("RGB").save(kept, "JPEG", quality=quality)
    return kept.getvalue()


def from_jpeg(content: bytes) -> Picture:
    """The picture in a JPEG file."""
    return Image.open(io.BytesIO(content)).convert("RGB")


def font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own typeface, so that nothing has to be installed."""
    return ImageFont.load_default(max(6, round(size)))


def write(
    draw: ImageDraw.ImageDraw,
    text: str,
    at: Point,
    size: float,
    ink: Colour,
    *,
    room: float = 1e9,
    bold: float = 0.0,
    anchor: str = "l",
    leading: float = 1.3,
) -> float:
    """Write a text, broken into lines of `room` pixels; `anchor` l, m or r is where `at` lies in the line.

    Returns the y below the last line. `bold` is a share of the size.
    """
    letters, y = font(size), at[1]
    for line in broken(draw, text, letters, room):
        draw.text(
            (at[0], y),
            line,
            font=letters,
            fill=ink,
            anchor=f"{anchor}a",
            stroke_width=round(size * bold),
            stroke_fill=ink,
        )
        y += size * leading
    return y


def broken(draw: ImageDraw.ImageDraw, text: str, letters: Any, room: float) -> list[str]:
    """The text in lines no longer than `room` pixels."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and draw.textlength(longer, font=letters) > room:
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line]


def around(centre: Point, radius: float, degrees: float) -> Point:
    """The point at `degrees` on the circle."""
    angle = math.radians(degrees)
    return centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)


def star(draw: ImageDraw.ImageDraw, centre: Point, radius: float, ink: Colour, points: int = 5) -> None:
    """A star, one point upwards."""
    corners = [
        around(centre, radius * (1.0 if turn % 2 == 0 else 0.42), -90 + turn * 180 / points)
        for turn in range(2 * points)
    ]
    draw.polygon(corners, fill=ink)


def emblem(seed: int, size: int, letters: str = "") -> Picture:
    """An agency's emblem, RGBA: ring, rice and cotton, shield or star, the agency's letters."""
    rng = Random(f"emblem {seed}")
    big = size * 4
    layer = Image.new("RGBA", (big, big), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    deep, mid, light, accent = rng.choice(INKS)
    middle = (big / 2, big / 2)
    if rng.random() < 0.6:
        draw.ellipse((0, 0, big - 1, big - 1), fill=accent)
        draw.ellipse((big * 0.03, big * 0.03, big * 0.97, big * 0.97), fill=deep)
        draw.ellipse((big * 0.15, big * 0.15, big * 0.85, big * 0.85), fill=light)
    else:
        shield(draw, middle, big * 0.98, accent)
        shield(draw, middle, big * 0.92, deep)
        shield(draw, (middle[0], middle[1] * 0.96), big * 0.72, light)
    for turn in range(9):
        for side in (-1, 1):
            x, y = around(middle, big * 0.28, 90 + side * (20 + turn * 13))
            draw.ellipse(
                (x - big * 0.022, y - big * 0.035, x + big * 0.022, y + big * 0.035), fill=accent if side < 0 else mid
            )
    rng.choice((_torch, _peak, _scales))(draw, middle, big * 0.2, (deep, mid, accent))
    star(draw, (middle[0], big * 0.26), big * 0.06, accent)
    name = letters or "".join(rng.choice("ABDGIJKLMNPRST") for _ in range(4))
    write(draw, name, (middle[0], big * 0.68), big * 0.1, deep, bold=0.05, anchor="m")
    return layer.resize((size, size), Image.Resampling.LANCZOS)


def shield(draw: ImageDraw.ImageDraw, centre: Point, size: float, ink: Colour) -> None:
    """A coat of arms' outline."""
    x, y = centre
    corners = (
        (-0.42, -0.5),
        (0, -0.44),
        (0.42, -0.5),
        (0.42, 0.1),
        (0.26, 0.34),
        (0, 0.5),
        (-0.26, 0.34),
        (-0.42, 0.1),
    )
    draw.polygon([(x + size * right, y + size * down) for right, down in corners], fill=ink)


def _torch(draw: ImageDraw.ImageDraw, at: Point, size: float, ink: tuple[Colour, ...]) -> None:
    x, y = at
    draw.polygon([(x - size * 0.16, y), (x + size * 0.16, y), (x, y + size)], fill=ink[0])
    draw.polygon(
        [around((x, y - size * 0.3), size * (0.7 if turn % 2 else 0.35), turn * 36) for turn in range(10)], fill=ink[2]
    )


def _peak(draw: ImageDraw.ImageDraw, at: Point, size: float, ink: tuple[Colour, ...]) -> None:
    x, y = at
    draw.polygon(
        [(x - size, y + size * 0.6), (x - size * 0.2, y - size * 0.8), (x + size * 0.3, y + size * 0.6)], fill=ink[0]
    )
    draw.polygon(
        [(x - size * 0.3, y + size * 0.6), (x + size * 0.5, y - size * 0.3), (x + size, y + size * 0.6)], fill=ink[1]
    )
    draw.line([(x - size, y + size * 0.8), (x + size, y + size * 0.8)], fill=ink[2], width=max(2, round(size / 8)))


def _scales(draw: ImageDraw.ImageDraw, at: Point, size: float, ink: tuple[Colour, ...]) -> None:
    x, y = at
    wide = max(3, round(size / 9))
    draw.line([(x, y - size * 0.8), (x, y + size * 0.7)], fill=ink[0], width=wide)
    draw.line([(x - size * 0.8, y - size * 0.5), (x + size * 0.8, y - size * 0.5)], fill=ink[0], width=wide)
    for side in (-0.8, 0.8):
        draw.chord(
            (x + size * (side - 0.4), y - size * 0.1, x + size * (side + 0.4), y + size * 0.5), 0, 180, fill=ink[2]
        )
    draw.rectangle((x - size * 0.4, y + size * 0.62, x + size * 0.4, y + size * 0.76), fill=ink[1])
