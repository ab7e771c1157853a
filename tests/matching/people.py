"""A seed, a height and a moment of the walk -> a person as an RGBA picture, shaded, in local clothes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from tests.matching.painting import SKIN, Colour, Picture, fractal

_CLOTHES: tuple[Colour, ...] = (
    (176, 160, 118),
    (244, 244, 238),
    (40, 62, 110),
    (150, 30, 44),
    (30, 104, 80),
    (112, 64, 128),
    (84, 84, 90),
    (208, 132, 40),
    (60, 130, 170),
)
_TROUSERS: tuple[Colour, ...] = ((34, 34, 40), (60, 58, 54), (120, 104, 72), (30, 40, 70))


@dataclass(frozen=True)
class Person:
    """Who: the same seed is the same person."""

    seed: int

    def drawn(self, height: int, stride: float = 0.0, wave: float = 0.0, is_half: bool = False) -> Picture:
        """RGBA, `height` pixels tall; `stride` and `wave` are phases of legs and arm in radians.

        `is_half` shows head to belt only, as behind a table or in a portrait.
        """
        rng = Random(f"person {self.seed}")
        full = height * (2 if is_half else 1)
        scale = full * 2
        layer = Image.new("RGBA", (round(scale * 0.5), scale if not is_half else round(scale / 2)), (0, 0, 0, 0))
        draw = ImageDraw.Draw(layer)
        skin, shirt = rng.choice(SKIN), rng.choice(_CLOTHES)
        trousers, hair = rng.choice(_TROUSERS), rng.choice(((24, 20, 18), (50, 36, 28), (92, 88, 84)))
        has_veil = rng.random() < 0.35
        x = layer.width / 2
        if not is_half:
            _legs(draw, x, scale, (trousers, (28, 24, 22)), stride)
        _arms(draw, x, scale, (shirt, skin), (stride, wave))
        _torso(draw, x, scale, shirt, rng)
        _head(draw, x, scale, (skin, rng.choice(_CLOTHES) if has_veil else hair), has_veil)
        return _lit(layer, rng).resize((layer.width // 2, layer.height // 2), Image.Resampling.LANCZOS)


def _legs(draw: ImageDraw.ImageDraw, x: float, scale: float, inks: tuple[Colour, Colour], stride: float) -> None:
    for side in (-1, 1):
        swing = math.sin(stride) * side * 0.07
        hip, foot = x + side * scale * 0.035, x + side * scale * 0.04 + swing * scale
        draw.line(
            [(hip, scale * 0.5), ((hip + foot) / 2 + scale * 0.01, scale * 0.73), (foot, scale * 0.95)],
            fill=inks[0],
            width=round(scale * 0.062),
            joint="curve",
        )
        draw.ellipse((foot - scale * 0.035, scale * 0.935, foot + scale * 0.055, scale * 0.985), fill=inks[1])


def _arms(
    draw: ImageDraw.ImageDraw, x: float, scale: float, inks: tuple[Colour, Colour], phases: tuple[float, float]
) -> None:
    for side in (-1, 1):
        lift = max(0.0, math.sin(phases[1])) if side > 0 else 0.0
        swing = -math.sin(phases[0]) * side * 0.05
        shoulder = (x + side * scale * 0.085, scale * 0.22)
        elbow = (shoulder[0] + side * scale * 0.03 + swing * scale * 0.5, scale * (0.36 - 0.1 * lift))
        hand = (elbow[0] + swing * scale + side * scale * 0.03 * lift, scale * (0.49 - 0.36 * lift))
        draw.line([shoulder, elbow, hand], fill=inks[0], width=round(scale * 0.042), joint="curve")
        draw.ellipse(
            (hand[0] - scale * 0.02, hand[1] - scale * 0.02, hand[0] + scale * 0.02, hand[1] + scale * 0.026),
            fill=inks[1],
        )


def _torso(draw: ImageDraw.ImageDraw, x: float, scale: float, shirt: Colour, rng: Random) -> None:
    draw.rounded_rectangle((x - scale * 0.1, scale * 0.17, x + scale * 0.1, scale * 0.53), scale * 0.04, fill=shirt)
    dark = tuple(round(part * 0.62) for part in shirt)
    pattern = rng.choice(("plain", "batik", "stripes", "uniform"))
    if pattern == "batik":
        for _ in range(46):
            cx, cy, r = (
                x + scale * rng.uniform(-0.09, 0.09),
                scale * rng.uniform(0.18, 0.52),
                scale * rng.uniform(0.006, 0.016),
            )
            draw.ellipse((cx - r, cy - r, cx + r, cy + r), outline=dark, width=max(1, round(scale * 0.004)))
    if pattern == "stripes":
        for row in np.arange(0.2, 0.53, 0.035):
            draw.rectangle((x - scale * 0.1, scale * row, x + scale * 0.1, scale * (row + 0.012)), fill=dark)
    if pattern == "uniform":
        for side in (-1, 1):
            left = x + side * scale * 0.05
            draw.rectangle(
                (left - scale * 0.025, scale * 0.27, left + scale * 0.025, scale * 0.32),
                outline=dark,
                width=max(1, round(scale * 0.005)),
            )
        draw.rectangle((x - scale * 0.075, scale * 0.245, x - scale * 0.02, scale * 0.262), fill=(240, 236, 220))
    draw.polygon(
        [(x - scale * 0.04, scale * 0.165), (x + scale * 0.04, scale * 0.165), (x, scale * 0.23)], fill=(238, 234, 226)
    )
    draw.line([(x, scale * 0.23), (x, scale * 0.52)], fill=dark, width=max(1, round(scale * 0.005)))


def _head(draw: ImageDraw.ImageDraw, x: float, scale: float, inks: tuple[Colour, Colour], has_veil: bool) -> None:
    skin, hair = inks
    top, wide, tall = scale * 0.025, scale * 0.052, scale * 0.135
    draw.rectangle((x - scale * 0.025, scale * 0.13, x + scale * 0.025, scale * 0.185), fill=skin)
    draw.ellipse(
        (x - wide * 1.25, top - scale * 0.012, x + wide * 1.25, top + tall * (1.35 if has_veil else 0.8)), fill=hair
    )
    if has_veil:
        draw.pieslice((x - wide * 1.9, top + tall * 0.4, x + wide * 1.9, top + tall * 2.0), 180, 360, fill=hair)
    draw.ellipse((x - wide, top + tall * 0.12, x + wide, top + tall), fill=skin)
    if not has_veil:
        draw.chord((x - wide * 1.02, top, x + wide * 1.02, top + tall * 0.62), 185, 355, fill=hair)
    for side in (-1, 1):
        eye = (x + side * wide * 0.42, top + tall * 0.5)
        draw.ellipse(
            (eye[0] - wide * 0.17, eye[1] - wide * 0.1, eye[0] + wide * 0.17, eye[1] + wide * 0.1), fill=(245, 240, 235)
        )
        draw.ellipse(
            (eye[0] - wide * 0.09, eye[1] - wide * 0.09, eye[0] + wide * 0.09, eye[1] + wide * 0.09), fill=(30, 22, 18)
        )
        draw.line(
            [(eye[0] - wide * 0.24, eye[1] - wide * 0.27), (eye[0] + wide * 0.24, eye[1] - wide * 0.32)],
            fill=(40, 30, 26),
            width=max(1, round(wide * 0.1)),
        )
    nose = tuple(round(part * 0.8) for part in skin)
    draw.line([(x, top + tall * 0.5), (x + wide * 0.12, top + tall * 0.68)], fill=nose, width=max(1, round(wide * 0.1)))
    draw.arc(
        (x - wide * 0.4, top + tall * 0.66, x + wide * 0.4, top + tall * 0.86),
        20,
        160,
        fill=(150, 60, 56),
        width=max(1, round(wide * 0.12)),
    )


def _lit(layer: Picture, rng: Random) -> Picture:
    """With light from one side and the folds of cloth."""
    pixels = np.asarray(layer, np.float32).copy()
    side = rng.choice((-1, 1)) * np.linspace(-1, 1, layer.width, dtype=np.float32)[None, :]
    folds = fractal(rng, layer.size, 7, 0.7)
    pixels[:, :, :3] *= (1 + 0.34 * side + 0.075 * folds)[:, :, None]
    kept = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8), "RGBA")
    return kept.filter(ImageFilter.GaussianBlur(0.8))
