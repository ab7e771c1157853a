"""A seed -> posters, clips and filler pictures of our own, and what people do to them on the way.

Everything is drawn here, so no file of another's is needed; the same seed gives the same picture.
"""

from __future__ import annotations

import io
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Picture = Image.Image
Colour = tuple[int, int, int]
_Pixels = NDArray[np.uint8]

# deep ground, light ground, accent
PALETTES: tuple[tuple[Colour, Colour, Colour], ...] = (
    ((15, 42, 82), (233, 240, 250), (240, 180, 41)),
    ((110, 18, 33), (252, 238, 230), (245, 166, 35)),
    ((11, 79, 74), (228, 245, 240), (255, 209, 102)),
    ((58, 31, 93), (243, 236, 252), (255, 140, 97)),
    ((32, 33, 36), (245, 242, 235), (214, 40, 57)),
)


def poster(
    seed: int, headline: str, year: int, size: tuple[int, int] = (1080, 1080), line: str = ""
) -> Picture:
    """An anti-corruption poster, RGB; the template follows from `seed`, the words from the rest."""
    rng = random.Random(f"poster {seed}")
    deep, light, accent = rng.choice(PALETTES)
    width, height = size
    picture = _ground(rng, size, deep)
    draw = ImageDraw.Draw(picture, "RGBA")
    _TEMPLATES[seed % len(_TEMPLATES)](rng, draw, size, (deep, light, accent))
    _write_block(draw, headline, (width * 0.08, height * 0.1), width * 0.84, round(width * 0.105), light)
    second = line or "Laporkan gratifikasi. Jaga pelayanan publik tetap bersih."
    _write_block(draw, second, (width * 0.08, height * 0.56), width * 0.5, round(width * 0.038), light)
    _footer(draw, size, year, (deep, light, accent))
    return picture


def _ground(rng: random.Random, size: tuple[int, int], deep: Colour) -> Picture:
    """A softly lit ground with the grain of paper."""
    width, height = size
    noise = np.random.default_rng(rng.randrange(2**32))
    coarse = noise.normal(0, 1, (9, 9)).astype(np.float32)
    light = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)[:, :, None] * 14
    slope = np.linspace(26, -20, height, dtype=np.float32)[:, None, None]
    pixels = np.asarray(deep, np.float32) + light + slope
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8), "RGB")


def _rays(
    rng: random.Random, draw: ImageDraw.ImageDraw, size: tuple[int, int], ink: tuple[Colour, ...]
) -> None:
    width, height = size
    centre = (width * rng.uniform(0.62, 0.9), height * rng.uniform(0.5, 0.75))
    for ray in range(0, 360, 15):
        ends = [_around(centre, width * 1.4, math.radians(ray + turn)) for turn in (0, 6)]
        draw.polygon([centre, *ends], fill=(*ink[2], 46))
    for ring in (0.2, 0.145, 0.09):
        _disc(draw, centre, width * ring, (*(ink[2] if ring != 0.145 else ink[1]), 235))
    _shield(draw, centre, width * 0.1, (*ink[0], 255))


def _towers(
    rng: random.Random, draw: ImageDraw.ImageDraw, size: tuple[int, int], ink: tuple[Colour, ...]
) -> None:
    width, height = size
    left = width * 0.5
    while left < width:
        wide, tall = width * rng.uniform(0.06, 0.13), height * rng.uniform(0.16, 0.42)
        top = height * 0.86 - tall
        draw.rectangle((left, top, left + wide, height), fill=(*ink[1], rng.randrange(70, 160)))
        for row in np.arange(top + height * 0.022, height * 0.84, height * 0.035):
            for column in np.arange(left + width * 0.022, left + wide - width * 0.033, width * 0.025):
                lit = rng.random() < 0.6
                draw.rectangle((column, row, column + width * 0.012, row + height * 0.016),
                               fill=(*(ink[2] if lit else ink[0]), 220))  # fmt: skip
        left += wide + width * 0.012
    _disc(draw, (width * 0.82, height * 0.42), width * 0.06, (*ink[2], 230))


def _hands(
    rng: random.Random, draw: ImageDraw.ImageDraw, size: tuple[int, int], ink: tuple[Colour, ...]
) -> None:
    width, height = size
    for stripe in range(9):
        shift = width * (0.12 * stripe + rng.uniform(-0.02, 0.02))
        draw.polygon([(shift, height), (shift + width * 0.05, height), (shift + width * 0.6, 0),
                      (shift + width * 0.55, 0)], fill=(*ink[1], 14 + 3 * stripe))  # fmt: skip
    for finger in range(4):
        left = width * (0.64 + 0.065 * finger)
        top = height * (0.5 + 0.03 * abs(finger - 1.3) + rng.uniform(0, 0.015))
        draw.rounded_rectangle(
            (left, top, left + width * 0.052, height * 0.76), width * 0.026, fill=(*ink[2], 255)
        )
    draw.rounded_rectangle(
        (width * 0.64, height * 0.66, width * 0.887, height * 0.84), width * 0.05, fill=(*ink[2], 255)
    )
    draw.line(
        [(width * 0.6, height * 0.86), (width * 0.93, height * 0.48)],
        fill=(*ink[1], 255),
        width=round(width * 0.018),
    )


_TEMPLATES = (_rays, _towers, _hands)


def _around(centre: tuple[float, float], radius: float, angle: float) -> tuple[float, float]:
    return centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)


def _disc(
    draw: ImageDraw.ImageDraw, centre: tuple[float, float], radius: float, fill: tuple[int, int, int, int]
) -> None:
    x, y = centre
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def _shield(
    draw: ImageDraw.ImageDraw, centre: tuple[float, float], size: float, fill: tuple[int, int, int, int]
) -> None:
    x, y = centre
    corners = ((-0.5, -0.55), (0.5, -0.55), (0.45, 0.15), (0, 0.65), (-0.45, 0.15))
    draw.polygon([(x + size * right, y + size * down) for right, down in corners], fill=fill)


def _footer(
    draw: ImageDraw.ImageDraw, size: tuple[int, int], year: int, ink: tuple[Colour, Colour, Colour]
) -> None:
    width, height = size
    top = height * 0.88
    draw.rectangle((0, top, width, height), fill=ink[1])
    draw.rectangle((0, top, width, top + height * 0.008), fill=ink[2])
    label = ImageFont.load_default(round(width * 0.032))
    middle = (top + height) / 2
    draw.text((width * 0.08, middle), f"9 Desember {year}", font=label, fill=ink[0], anchor="lm")
    draw.text((width * 0.92, middle), "lapor.contoh.go.id", font=label, fill=ink[0], anchor="rm")


def _write_block(
    draw: ImageDraw.ImageDraw, text: str, at: tuple[float, float], room: float, size: int, fill: Colour
) -> None:
    font = ImageFont.load_default(size)
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and draw.textlength(longer, font=font) > room:
            lines.append(line)
            longer = word
        line = longer
    draw.multiline_text(at, "\n".join([*lines, line]), font=font, fill=fill, spacing=size * 0.3,
                        stroke_width=max(0, size // 48), stroke_fill=fill)  # fmt: skip


# What happens to a picture between the letter and the post.


def as_jpeg(picture: Picture, quality: int = 88) -> bytes:
    """The picture as a JPEG file."""
    kept = io.BytesIO()
    picture.convert("RGB").save(kept, "JPEG", quality=quality)
    return kept.getvalue()


def resized(picture: Picture, width: int) -> Picture:
    """Scaled to `width` pixels, proportions kept."""
    return picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)


def forwarded(picture: Picture, times: int = 3) -> Picture:
    """As it arrives after being sent on by messenger `times` times."""
    for hop in range(times):
        smaller = picture.resize((picture.width - 8 * (hop + 1), picture.height - 8 * (hop + 1)))
        picture = Image.open(io.BytesIO(as_jpeg(smaller, 72 - 6 * hop))).convert("RGB")
    return picture


def mirrored(picture: Picture) -> Picture:
    """Left and right exchanged."""
    return picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def letterboxed(picture: Picture, size: tuple[int, int], colour: Colour = (0, 0, 0)) -> Picture:
    """The whole picture in the middle of a plain frame."""
    share = min(size[0] / picture.width, size[1] / picture.height)
    inner = picture.resize(
        (round(picture.width * share), round(picture.height * share)), Image.Resampling.LANCZOS
    )
    framed = Image.new("RGB", size, colour)
    framed.paste(inner, ((size[0] - inner.width) // 2, (size[1] - inner.height) // 2))
    return framed


def branded(picture: Picture, name: str, seed: int = 0) -> Picture:
    """With an office's bar along the foot and its badge in a corner."""
    marked = picture.copy()
    draw = ImageDraw.Draw(marked)
    deep, light, accent = PALETTES[seed % len(PALETTES)]
    width, height = marked.size
    draw.rectangle((0, height * 0.93, width, height), fill=deep)
    font = ImageFont.load_default(round(width * 0.034))
    draw.text((width * 0.5, height * 0.965), name, font=font, fill=light, anchor="mm")
    draw.ellipse((width * 0.85, height * 0.03, width * 0.96, height * 0.03 + width * 0.11), fill=accent)
    _shield(draw, (width * 0.905, height * 0.03 + width * 0.055), width * 0.06, (*deep, 255))
    return marked


def filler_jpeg(seed: int, size: tuple[int, int] = (640, 640)) -> bytes:
    """A picture like a photograph and unlike every other seed's, as JPEG; made to be quick."""
    noise = np.random.default_rng([seed, 0x7A])
    pixels = np.full((size[1], size[0], 3), 128, np.float32)
    for cells, strength in ((4, 48.0), (11, 34.0), (40, 16.0)):
        coarse = noise.normal(0, strength, (cells, cells, 3)).astype(np.float32)
        coarse += noise.normal(0, strength, (cells, cells, 1)).astype(np.float32)
        pixels += cv2.resize(coarse, size, interpolation=cv2.INTER_LINEAR)
    fine = np.clip(pixels, 0, 255).astype(np.uint8)
    _, encoded = cv2.imencode(".jpg", fine, [cv2.IMWRITE_JPEG_QUALITY, 80])
    return bytes(encoded)


# Clips


@dataclass(frozen=True, slots=True)
class Take:
    """How a clip is written: `size` width × height, `seconds`, `rate` frames per second, quality `crf`."""

    size: tuple[int, int] = (360, 640)
    seconds: float = 12.0
    rate: int = 24
    crf: int = 26
    with_sound: bool = True


def clip(path: Path, seed: int, take: Take | None = None, words: tuple[str, ...] = ()) -> Path:
    """Write an H.264 + AAC clip of changing scenes, moving shapes and words; returns `path`."""
    take = take or Take()
    return write_clip(path, scenes(seed, take, words), take, seed)


def scenes(seed: int, take: Take, words: tuple[str, ...] = ()) -> Iterator[Picture]:
    """The frames of a clip: a new scene about every three seconds, something moving in each."""
    words = words or ("Tolak tip", "Pelayanan publik gratis", "Catat. Laporkan.", "Jujur itu hebat")
    rng = random.Random(f"clip {seed}")
    total, per_scene = round(take.seconds * take.rate), round(3 * take.rate)
    for first in range(0, total, per_scene):
        scene = _Scene(rng, take.size, words[first // per_scene % len(words)])
        for step in range(min(per_scene, total - first)):
            yield scene.frame(step / per_scene)


class _Scene:
    """One shot: a ground drawn once, and three shapes that cross it."""

    def __init__(self, rng: random.Random, size: tuple[int, int], words: str) -> None:
        deep, light, self.accent = rng.choice(PALETTES)
        self.ground = _ground(rng, size, deep)
        draw = ImageDraw.Draw(self.ground, "RGBA")
        rng.choice(_TEMPLATES)(rng, draw, size, (deep, light, self.accent))
        top = size[1] * rng.uniform(0.08, 0.3)
        _write_block(draw, words, (size[0] * 0.08, top), size[0] * 0.84, round(size[0] * 0.12), light)
        self.light, self.size = light, size
        self.paths = [(rng.random(), rng.random(), rng.random(), rng.random(), rng.uniform(0.05, 0.14))
                      for _ in range(3)]  # fmt: skip

    def frame(self, share: float) -> Picture:
        picture = self.ground.copy()
        draw = ImageDraw.Draw(picture)
        width, height = self.size
        for number, (x0, y0, x1, y1, radius) in enumerate(self.paths):
            centre = (width * (x0 + (x1 - x0) * share), height * (y0 + (y1 - y0) * share))
            _disc(draw, centre, width * radius, (*(self.light if number % 2 else self.accent), 255))
        return picture


def write_clip(path: Path, frames: Iterator[Picture], take: Take, seed: int = 0) -> Path:
    """Encode `frames` and, if wanted, a melody that follows from `seed`."""
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream(
            "libx264", rate=take.rate, options={"preset": "veryfast", "crf": str(take.crf)}
        )
        stream.width, stream.height, stream.pix_fmt = *take.size, "yuv420p"
        sound = container.add_stream("aac", rate=_SAMPLES_PER_SECOND) if take.with_sound else None
        for picture in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.asarray(picture), format="rgb24")))
        container.mux(stream.encode())
        if sound is not None:
            for part in _melody(seed, take.seconds):
                container.mux(sound.encode(part))
            container.mux(sound.encode())
    return path


def reencoded(source: Path, path: Path, take: Take) -> Path:
    """The clip as another service would store it: scaled to `take.size`, at `take.crf`, without sound."""
    frames = (frame.resize(take.size) for frame in frames_of(source))
    return write_clip(path, frames, replace(take, with_sound=False))


def frames_of(path: Path) -> Iterator[Picture]:
    """The frames of a clip as pictures, in order."""
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield Image.fromarray(frame.to_ndarray(format="rgb24"))


_SAMPLES_PER_SECOND = 22_050


def _melody(seed: int, seconds: float) -> Iterator[av.AudioFrame]:
    rng = random.Random(f"melody {seed}")
    count, beat = round(seconds * _SAMPLES_PER_SECOND), _SAMPLES_PER_SECOND // 2
    notes = np.array([220 * 2 ** (rng.choice((0, 2, 4, 7, 9, 12)) / 12) for _ in range(count // beat + 1)])
    at = np.arange(count)
    fading = np.exp(-3 * (at % beat) / beat)
    wave = (
        np.sin(2 * np.pi * np.repeat(notes, beat)[:count] * at / _SAMPLES_PER_SECOND) * fading * 0.4
    ).astype(np.float32)
    for first in range(0, count, 1024):
        part = av.AudioFrame.from_ndarray(wave[None, first : first + 1024], format="fltp", layout="mono")
        part.sample_rate, part.pts = _SAMPLES_PER_SECOND, first
        part.time_base = Fraction(1, _SAMPLES_PER_SECOND)
        yield part
