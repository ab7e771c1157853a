"""A seed -> pictures like an agency's photographs: street, ceremony, hills, meeting, portrait, market."""

from __future__ import annotations

from random import Random

import cv2
import numpy as np
from PIL import Image, ImageDraw

from tests.matching.painting import (
    INKS,
    Canvas,
    Colour,
    Picture,
    blend,
    canvas_of,
    fractal,
    paint,
    picture_of,
    slope,
    through_lens,
    write,
)
from tests.matching.people import Person

Size = tuple[int, int]


def photograph(seed: int, size: Size, kind: str = "") -> Picture:
    """One photograph; `kind` of KINDS, else it follows from the seed."""
    rng = Random(f"photograph {seed}")
    scene = KINDS[kind or sorted(KINDS)[seed % len(KINDS)]](rng, size)
    return through_lens(scene, rng, rng.uniform(0.5, 0.9), rng.uniform(2.5, 6))


def sky(rng: Random, size: Size) -> Canvas:
    """A day's sky with clouds."""
    top, low = rng.choice(
        (
            ((70, 130, 200), (200, 222, 238)),
            ((120, 140, 160), (214, 212, 206)),
            ((222, 150, 90), (250, 222, 180)),
            ((96, 150, 190), (240, 232, 214)),
        )
    )
    canvas = slope(size, top, low)
    clouds = np.clip(fractal(rng, size, 3, 0.6) * 0.5 - 0.1, 0, 1)[:, :, None]
    return np.asarray(canvas * (1 - clouds) + 245 * clouds, np.float32)


def street(rng: Random, size: Size) -> Canvas:
    """Houses along a road, trees, people, a bus."""
    width, height = size
    canvas, grain = sky(rng, size), fractal(rng, size, 24, 0.85)
    ground = height * rng.uniform(0.62, 0.72)
    left = -width * 0.05
    while left < width:
        wide, tall = width * rng.uniform(0.1, 0.24), height * rng.uniform(0.22, 0.5)
        _house(canvas, rng, (left, ground - tall, left + wide, ground), grain)
        left += wide + width * rng.choice((0.0, 0.01, 0.03))
    paint(canvas, [(0, ground), (width, ground), (width, height), (0, height)], (112, 110, 108), grain, 13)
    for lane in range(7):
        x = width * (lane / 6) * 1.3 - width * 0.15
        paint(
            canvas,
            [
                (x, height * 0.86),
                (x + width * 0.1, height * 0.86),
                (x + width * 0.09, height * 0.88),
                (x - width * 0.02, height * 0.88),
            ],
            (222, 220, 206),
            grain,
            12,
        )
    for _ in range(rng.randrange(2, 5)):
        tree(canvas, rng, (rng.uniform(0, width), ground + height * 0.03), height * rng.uniform(0.25, 0.45))
    _bus(canvas, rng, (width * rng.uniform(0.05, 0.6), ground + height * 0.1), width * 0.3, grain)
    for _ in range(rng.randrange(4, 9)):
        crowd_member(
            canvas,
            rng,
            (rng.uniform(0.02, 0.95) * width, height * rng.uniform(0.8, 0.98)),
            height * rng.uniform(0.2, 0.3),
        )
    return canvas


def ceremony(rng: Random, size: Size) -> Canvas:
    """Rows of people before a banner."""
    width, height = size
    deep, mid, light, accent = rng.choice(INKS)
    canvas, grain = slope(size, mid, light), fractal(rng, size, 20, 0.8)
    canvas += fractal(rng, size, 3, 0.6)[:, :, None] * 12
    floor = height * 0.68
    paint(canvas, [(0, floor), (width, floor), (width, height), (0, height)], (150, 108, 74), grain, 16)
    banner = Image.new("RGBA", (round(width * 0.8), round(height * 0.32)), (*deep, 255))
    draw = ImageDraw.Draw(banner)
    draw.rectangle((0, 0, banner.width, banner.height * 0.12), fill=accent)
    words = rng.choice(
        (
            "Upacara Hari Kesadaran Nasional",
            "Apel Pagi Pegawai",
            "Rapat Koordinasi Daerah",
            "Penyerahan Penghargaan Pelayanan",
            "Sosialisasi Program Desa",
            "Lomba Kampung Resik",
        )
    )
    write(
        draw,
        words,
        (banner.width / 2, banner.height * 0.25),
        banner.height * 0.22,
        light,
        room=banner.width * 0.9,
        bold=0.03,
        anchor="m",
    )
    write(
        draw,
        f"Kabupaten {rng.choice(('Sukorejo', 'Wanasari', 'Tirtomoyo', 'Banjarwangi'))}",
        (banner.width / 2, banner.height * 0.8),
        banner.height * 0.11,
        accent,
        anchor="m",
    )
    blend(canvas, banner, (round(width * 0.1), round(height * 0.08)))
    for row in range(3):
        tall = height * (0.36 + 0.07 * row)
        many = rng.randrange(7, 11) - row
        for place in range(many):
            x = width * (0.06 + 0.9 * (place + 0.5 + rng.uniform(-0.15, 0.15)) / many)
            crowd_member(canvas, rng, (x, height * (0.78 + 0.1 * row)), tall * rng.uniform(0.92, 1.05))
    return canvas


def hills(rng: Random, size: Size) -> Canvas:
    """Mountains behind mountains, rice terraces, trees and a hut."""
    width, height = size
    canvas = sky(rng, size)
    for layer in range(4):
        grain = fractal(rng, size, 10 + 12 * layer, 0.8)
        base = height * (0.42 + 0.11 * layer)
        line = cv2.resize(
            np.float32([[rng.uniform(-1, 1) for _ in range(6 + 3 * layer)]]), (width, 1), interpolation=cv2.INTER_CUBIC
        )[0]
        ridge = base + line * height * (0.12 - 0.02 * layer)
        haze = (3 - layer) / 3
        colour = tuple(round(a * haze + b * (1 - haze)) for a, b in zip((140, 168, 190), (58, 104, 44), strict=True))
        paint(
            canvas,
            [
                *((x, float(ridge[x])) for x in range(0, width, 3)),
                (width, float(ridge[-1])),
                (width, height),
                (0, height),
            ],
            colour,
            grain,
            10 + 7 * layer,
        )
    grain = fractal(rng, size, 40, 0.9)
    for step in range(9):
        y = height * (0.72 + 0.032 * step)
        bend = [height * 0.02 * rng.uniform(-1, 1) for _ in range(6)]
        upper = [(width * place / 5, y + bend[place]) for place in range(6)]
        lower = [(x, down + height * 0.026) for x, down in reversed(upper)]
        paint(
            canvas,
            [*upper, *lower],
            rng.choice(((120, 160, 52), (92, 140, 60), (150, 168, 80), (124, 118, 84))),
            grain,
            18,
        )
    for _ in range(rng.randrange(4, 8)):
        tree(canvas, rng, (rng.uniform(0, width), height * rng.uniform(0.7, 0.95)), height * rng.uniform(0.12, 0.34))
    x = width * rng.uniform(0.15, 0.7)
    _house(canvas, rng, (x, height * 0.58, x + width * 0.15, height * 0.72), grain)
    for _ in range(3):
        crowd_member(canvas, rng, (rng.uniform(0.1, 0.9) * width, height * rng.uniform(0.82, 0.97)), height * 0.16)
    return canvas


def meeting(rng: Random, size: Size) -> Canvas:
    """People along a table, a screen with slides on the wall."""
    width, height = size
    wall = rng.choice(((214, 206, 190), (190, 204, 210), (226, 220, 214)))
    canvas, grain = slope(size, wall, tuple(part - 30 for part in wall)), fractal(rng, size, 30, 0.9)  # type: ignore[arg-type]
    canvas += fractal(rng, size, 3, 0.5)[:, :, None] * 9 + grain[:, :, None] * 3
    screen = slope((round(width * 0.42), round(height * 0.28)), (236, 240, 246), (206, 216, 232))
    shown = picture_of(screen).convert("RGBA")
    draw = ImageDraw.Draw(shown)
    write(
        draw,
        rng.choice(("Evaluasi Triwulan", "Rencana Kerja", "Capaian Layanan")),
        (shown.width * 0.06, shown.height * 0.08),
        shown.height * 0.13,
        (30, 50, 90),
    )
    for bar in range(6):
        tall = shown.height * rng.uniform(0.1, 0.6)
        draw.rectangle(
            (
                shown.width * (0.08 + 0.14 * bar),
                shown.height * 0.9 - tall,
                shown.width * (0.17 + 0.14 * bar),
                shown.height * 0.9,
            ),
            fill=rng.choice(INKS)[1],
        )
    blend(canvas, shown, (round(width * rng.uniform(0.08, 0.5)), round(height * 0.08)))
    for place in range(7):
        crowd_half(canvas, rng, (width * (0.08 + 0.14 * place), height * 0.74), height * rng.uniform(0.3, 0.36))
    table = height * 0.68
    paint(
        canvas,
        [(width * 0.02, table), (width * 0.98, table), (width * 1.1, height), (-width * 0.1, height)],
        (126, 82, 52),
        grain,
        20,
    )
    for _ in range(12):
        x, y = rng.uniform(0.05, 0.9) * width, rng.uniform(0.72, 0.95) * height
        paint(
            canvas,
            [
                (x, y),
                (x + width * 0.06, y - 3),
                (x + width * 0.08, y + height * 0.03),
                (x + width * 0.015, y + height * 0.035),
            ],
            rng.choice(((244, 244, 240), (230, 226, 210), (60, 80, 120), (200, 60, 60))),
            grain,
            6,
        )
    return canvas


def portrait(rng: Random, size: Size) -> Canvas:
    """One to three people close by, the street behind them out of focus."""
    width, height = size
    canvas = cv2.GaussianBlur(street(rng, size), (0, 0), width / 110)
    many = rng.randrange(1, 4)
    for place in range(many):
        crowd_half(
            canvas,
            rng,
            (width * (place + 0.5 + rng.uniform(-0.1, 0.1)) / many, height),
            height * rng.uniform(0.62, 0.8),
        )
    return np.asarray(canvas, np.float32)


def market(rng: Random, size: Size) -> Canvas:
    """Fruit and boxes on a stall."""
    width, height = size
    canvas, grain = slope(size, (70, 54, 44), (140, 112, 84)), fractal(rng, size, 24, 0.85)
    canvas += fractal(rng, size, 5, 0.6)[:, :, None] * 16
    for row in range(4):
        for place in range(4):
            x, y = width * (0.02 + 0.245 * place), height * (0.14 + 0.21 * row)
            paint(
                canvas,
                [
                    (x, y),
                    (x + width * 0.23, y),
                    (x + width * 0.235, y + height * 0.19),
                    (x - width * 0.005, y + height * 0.19),
                ],
                rng.choice(((150, 108, 66), (90, 110, 140), (168, 140, 96))),
                grain,
                18,
            )
            colour = rng.choice(
                ((206, 50, 40), (232, 168, 40), (92, 150, 52), (238, 216, 90), (120, 60, 110), (226, 108, 40))
            )
            for _ in range(rng.randrange(14, 24)):
                ball(
                    canvas,
                    rng,
                    (x + width * rng.uniform(0.02, 0.21), y + height * rng.uniform(0.02, 0.15)),
                    width * rng.uniform(0.018, 0.034),
                    colour,
                )
    for _ in range(2):
        crowd_half(canvas, rng, (rng.uniform(0.15, 0.85) * width, height * 0.4), height * 0.34)
    return canvas


def ball(canvas: Canvas, rng: Random, at: tuple[float, float], radius: float, colour: Colour) -> None:
    """Something round with light on it."""
    r = max(3, round(radius))
    rows, columns = np.mgrid[-r : r + 1, -r : r + 1].astype(np.float32) / r
    inside = np.clip((1 - np.hypot(rows, columns)) * r, 0, 1)
    light = 1.05 - 0.45 * np.hypot(rows + 0.35, columns + 0.35)
    tone = np.asarray(colour, np.float32) * rng.uniform(0.8, 1.15)
    layer = np.dstack([np.clip(tone * light[:, :, None], 0, 255), inside * 255]).astype(np.uint8)
    blend(canvas, Image.fromarray(layer, "RGBA"), (round(at[0]) - r, round(at[1]) - r))


def tree(canvas: Canvas, rng: Random, foot: tuple[float, float], tall: float) -> None:
    """A trunk and a crown of leaves."""
    x, y = foot
    grain = fractal(rng, (canvas.shape[1], canvas.shape[0]), 60, 0.95)
    paint(
        canvas,
        [
            (x - tall * 0.03, y),
            (x - tall * 0.02, y - tall * 0.5),
            (x + tall * 0.02, y - tall * 0.5),
            (x + tall * 0.03, y),
        ],
        (84, 62, 44),
        grain,
        16,
    )
    green = rng.choice(((52, 92, 36), (74, 112, 42), (40, 80, 50)))
    for _ in range(60):
        cx, cy = x + tall * rng.gauss(0, 0.16), y - tall * (0.66 + rng.gauss(0, 0.13))
        r = tall * rng.uniform(0.03, 0.08)
        tone = tuple(min(255, round(part * rng.uniform(0.65, 1.4))) for part in green)
        paint(
            canvas,
            [(cx + r * np.cos(a) * rng.uniform(0.6, 1.2), cy + r * np.sin(a)) for a in np.linspace(0, 6.28, 9)],
            tone,
            grain,
            20,
        )  # type: ignore[arg-type]


def crowd_member(canvas: Canvas, rng: Random, foot: tuple[float, float], tall: float) -> None:
    """Somebody standing, with a shadow at the feet."""
    who = Person(rng.randrange(10**6)).drawn(max(24, round(tall)), rng.uniform(0, 6), rng.uniform(0, 6))
    shade = np.zeros((max(2, round(tall * 0.06)), max(2, round(tall * 0.4)), 4), np.uint8)
    cv2.ellipse(
        shade,
        (shade.shape[1] // 2, shade.shape[0] // 2),
        (shade.shape[1] // 2, shade.shape[0] // 2),
        0,
        0,
        360,
        (20, 20, 20, 110),
        -1,
    )
    blend(canvas, Image.fromarray(shade, "RGBA"), (round(foot[0] - shade.shape[1] / 2), round(foot[1] - tall * 0.05)))
    blend(canvas, who, (round(foot[0] - who.width / 2), round(foot[1] - tall)))


def crowd_half(canvas: Canvas, rng: Random, foot: tuple[float, float], tall: float) -> None:
    """Somebody from the belt up."""
    who = Person(rng.randrange(10**6)).drawn(max(24, round(tall)), 0.0, rng.choice((0.0, 0.0, 1.2)), is_half=True)
    blend(canvas, who, (round(foot[0] - who.width / 2), round(foot[1] - tall)))


def _house(canvas: Canvas, rng: Random, box: tuple[float, float, float, float], grain: np.ndarray) -> None:
    left, top, right, bottom = box
    wall = rng.choice(
        ((206, 190, 160), (178, 92, 68), (150, 160, 166), (226, 214, 190), (104, 130, 140), (196, 170, 110))
    )
    paint(canvas, [(left, top), (right, top), (right, bottom), (left, bottom)], wall, grain, 11)
    if rng.random() < 0.5:
        paint(
            canvas,
            [(left - 8, top), (right + 8, top), ((left + right) / 2, top - (right - left) * 0.35)],
            (140, 66, 44),
            grain,
            18,
        )
    wide, tall = (right - left) / rng.randrange(3, 6), (bottom - top) / rng.randrange(3, 7)
    glass = rng.choice(((60, 80, 100), (40, 46, 52), (130, 160, 176)))
    for y in np.arange(top + tall * 0.3, bottom - tall * 0.7, tall):
        for x in np.arange(left + wide * 0.25, right - wide * 0.6, wide):
            tone = glass if rng.random() < 0.75 else (232, 210, 150)
            paint(
                canvas,
                [(x, y), (x + wide * 0.5, y), (x + wide * 0.5, y + tall * 0.55), (x, y + tall * 0.55)],
                tone,
                grain,
                9,
            )
            paint(
                canvas,
                [
                    (x, y + tall * 0.55),
                    (x + wide * 0.5, y + tall * 0.55),
                    (x + wide * 0.5, y + tall * 0.62),
                    (x, y + tall * 0.62),
                ],
                (236, 232, 222),
                grain,
                6,
            )


def _bus(canvas: Canvas, rng: Random, at: tuple[float, float], wide: float, grain: np.ndarray) -> None:
    x, y = at
    tall, colour = wide * 0.42, rng.choice(INKS)[1]
    paint(canvas, [(x, y - tall), (x + wide, y - tall), (x + wide * 1.02, y), (x, y)], colour, grain, 6)
    for pane in range(5):
        left = x + wide * (0.05 + 0.18 * pane)
        paint(
            canvas,
            [
                (left, y - tall * 0.85),
                (left + wide * 0.15, y - tall * 0.85),
                (left + wide * 0.15, y - tall * 0.45),
                (left, y - tall * 0.45),
            ],
            (54, 70, 84),
            grain,
            12,
        )
    for wheel in (0.2, 0.8):
        ball(canvas, rng, (x + wide * wheel, y), wide * 0.08, (40, 40, 42))


def dimmed(picture: Picture, ink: Colour, share: float) -> Picture:
    """Under a film of colour, as behind a poster's letters."""
    return picture_of(canvas_of(picture) * (1 - share) + np.asarray(ink, np.float32) * share)


KINDS = {
    "street": street,
    "ceremony": ceremony,
    "hills": hills,
    "meeting": meeting,
    "portrait": portrait,
    "market": market,
}
