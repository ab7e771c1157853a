"""A template and words -> an agency's poster; the same poster with other words differs in these words alone."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import numpy as np
from PIL import Image, ImageDraw

from tests.matching.painting import (
    INKS,
    Picture,
    around,
    canvas_of,
    emblem,
    fractal,
    picture_of,
    shield,
    slope,
    star,
    write,
)
from tests.matching.people import Person
from tests.matching.photographs import KINDS, dimmed, photograph
from tests.matching.wording import Words

Size = tuple[int, int]
Inks = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Poster:
    """How a poster looks (`template`, `look`, `size`) and what it says (`words`)."""

    template: str
    look: int
    size: Size
    words: Words

    def drawn(self) -> Picture:
        """The poster, RGB."""
        rng = Random(f"poster {self.template} {self.look}")
        return TEMPLATES[self.template](rng, self.size, self.words).convert("RGB")


def announcement(rng: Random, size: Size, words: Words) -> Picture:
    """Much text under a headed bar."""
    (width, height), unit = size, min(size[0], size[1] * 0.85)
    deep, mid, light, accent = rng.choice(INKS)
    sheet = picture_of(slope(size, light, (255, 255, 255)) + fractal(rng, size, 5, 0.6)[:, :, None] * 2.5)
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((0, 0, width, height * 0.13), fill=deep)
    draw.rectangle((0, height * 0.13, width, height * 0.14), fill=accent)
    _logos(sheet, rng, (width * 0.04, height * 0.02), height * 0.09, 1)
    write(draw, "PENGUMUMAN", (width * 0.55, height * 0.025), unit * 0.035, accent, bold=0.03, anchor="m")
    write(draw, words.issuer, (width * 0.55, height * 0.07), unit * 0.036, light, anchor="m")
    y = write(
        draw,
        words.headline,
        (width * 0.5, height * 0.18),
        unit * 0.075,
        deep,
        room=width * 0.86,
        bold=0.035,
        anchor="m",
    )
    y = (
        write(draw, words.line, (width * 0.5, y + height * 0.01), unit * 0.036, mid, room=width * 0.8, anchor="m")
        + height * 0.03
    )
    step = (height * 0.84 - y) / len(words.points)
    for number, point in enumerate(words.points, 1):
        draw.ellipse((width * 0.07, y, width * 0.135, y + width * 0.065), fill=mid)
        write(draw, str(number), (width * 0.1025, y + width * 0.012), unit * 0.036, light, bold=0.03, anchor="m")
        write(
            draw,
            f"{point}. {words.line}",
            (width * 0.165, y),
            min(width * 0.034, step * 0.3),
            (40, 42, 48),
            room=width * 0.77,
        )
        y += step
    _foot(draw, size, words, (deep, light, accent))
    return sheet


def flat(rng: Random, size: Size, words: Words) -> Picture:
    """Flat design: large shapes, an icon, few words."""
    (width, height), unit = size, min(size[0], size[1] * 0.85)
    deep, mid, light, accent = rng.choice(INKS)
    sheet = Image.new("RGB", size, deep)
    draw = ImageDraw.Draw(sheet)
    centre = (width * rng.uniform(0.6, 0.9), height * rng.uniform(0.5, 0.7))
    draw.ellipse((*around(centre, width * 0.62, 225), *around(centre, width * 0.62, 45)), fill=mid)
    for turn in range(0, 360, 30):
        draw.polygon(
            [centre, around(centre, width * 0.5, turn), around(centre, width * 0.5, turn + 11)],
            fill=accent if turn % 60 else deep,
        )
    draw.ellipse(
        (centre[0] - width * 0.24, centre[1] - width * 0.24, centre[0] + width * 0.24, centre[1] + width * 0.24),
        fill=light,
    )
    rng.choice((_hand, _shield_icon, _megaphone))(draw, centre, width * 0.16, (deep, mid, accent))
    for _ in range(14):
        dot, r = (rng.uniform(0, width), rng.uniform(height * 0.3, height * 0.95)), width * rng.uniform(0.004, 0.014)
        draw.ellipse((dot[0] - r, dot[1] - r, dot[0] + r, dot[1] + r), fill=accent)
    _logos(sheet, rng, (width * 0.07, height * 0.04), height * 0.075, 2)
    y = write(
        draw,
        words.headline,
        (width * 0.07, height * 0.15),
        unit * 0.105,
        light,
        room=width * 0.86,
        bold=0.04,
        leading=1.15,
    )
    write(draw, words.line, (width * 0.07, y + height * 0.02), unit * 0.042, accent, room=width * 0.55)
    write(draw, words.date, (width * 0.07, height * 0.74), unit * 0.05, light, bold=0.03)
    draw.rounded_rectangle((width * 0.06, height * 0.83, width * 0.52, height * 0.9), height * 0.035, fill=accent)
    write(draw, words.hotline, (width * 0.29, height * 0.845), height * 0.032, deep, bold=0.03, anchor="m")
    write(draw, words.address, (width * 0.07, height * 0.925), unit * 0.032, light)
    return sheet


def over_photograph(rng: Random, size: Size, words: Words) -> Picture:
    """Letters over a darkened photograph."""
    (width, height), unit = size, min(size[0], size[1] * 0.85)
    deep, _, light, accent = rng.choice(INKS)
    scene = photograph(rng.randrange(10**6), size, rng.choice(("street", "hills", "market", "ceremony")))
    share = np.clip(np.linspace(0.85, -0.1, height) ** 2 + np.linspace(-0.6, 0.9, height).clip(0) ** 2, 0.12, 0.92)[
        :, None, None
    ]
    sheet = picture_of(canvas_of(scene) * (1 - share) + np.asarray(deep, np.float32) * share)
    draw = ImageDraw.Draw(sheet)
    _logos(sheet, rng, (width * 0.06, height * 0.04), height * 0.08, 2)
    y = write(
        draw,
        words.headline.upper(),
        (width * 0.06, height * 0.16),
        unit * 0.09,
        light,
        room=width * 0.88,
        bold=0.04,
        leading=1.2,
    )
    write(draw, words.line, (width * 0.06, y + height * 0.012), unit * 0.04, accent, room=width * 0.75)
    draw.rectangle((width * 0.06, height * 0.78, width * 0.07, height * 0.93), fill=accent)
    write(draw, words.date, (width * 0.1, height * 0.775), unit * 0.05, light, bold=0.03)
    write(draw, words.hotline, (width * 0.1, height * 0.84), unit * 0.04, light)
    write(draw, words.address, (width * 0.1, height * 0.89), unit * 0.034, light)
    return sheet


def booklet(rng: Random, size: Size, words: Words) -> Picture:
    """A page of a booklet: nine tenths of it white."""
    (width, height), unit = size, min(size[0], size[1] * 0.85)
    deep, mid, _, accent = rng.choice(INKS)
    sheet = Image.new("RGB", size, (254, 254, 252))
    draw = ImageDraw.Draw(sheet)
    page = rng.randrange(3, 48)
    draw.rectangle((width * 0.09, height * 0.075, width * 0.2, height * 0.08), fill=accent)
    y = (
        write(draw, words.headline, (width * 0.09, height * 0.1), unit * 0.055, deep, room=width * 0.8, bold=0.03)
        + height * 0.015
    )
    paragraphs = [
        f"{words.line} {words.points[0]}, {words.points[1].lower()}.",
        f"Mulai {words.date}, {words.points[2].lower()} dan {words.points[3].lower()}. {words.line}",
        *(
            f"{mark}. {point}, sesuai ketentuan yang berlaku bagi seluruh warga."
            for mark, point in zip("abcd", words.points, strict=True)
        ),
    ]
    for text in paragraphs:
        y = (
            write(draw, text, (width * 0.09, y), unit * 0.026, (52, 54, 60), room=width * 0.8, leading=1.55)
            + height * 0.018
        )
    if rng.random() < 0.7:
        centre = (width * rng.uniform(0.3, 0.7), height * 0.73)
        rng.choice((_hand, _shield_icon, _megaphone))(draw, centre, width * 0.07, (deep, mid, accent))
    write(draw, f"Hubungi {words.hotline} atau {words.address}", (width * 0.09, height * 0.85), unit * 0.022, mid)
    draw.line([(width * 0.09, height * 0.925), (width * 0.91, height * 0.925)], fill=(190, 192, 196), width=2)
    write(draw, words.issuer, (width * 0.09, height * 0.935), unit * 0.02, (120, 122, 128))
    write(draw, str(page), (width * 0.91, height * 0.935), unit * 0.022, deep, anchor="r")
    return sheet


def infographic(rng: Random, size: Size, words: Words) -> Picture:
    """Figures, bars and a ring."""
    (width, height), unit = size, min(size[0], size[1] * 0.85)
    deep, mid, light, accent = rng.choice(INKS)
    sheet = Image.new("RGB", size, light)
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((0, 0, width, height * 0.2), fill=mid)
    _logos(sheet, rng, (width * 0.84, height * 0.04), height * 0.1, 1)
    y = write(
        draw,
        words.headline,
        (width * 0.06, height * 0.035),
        unit * 0.066,
        light,
        room=width * 0.74,
        bold=0.035,
        leading=1.15,
    )
    write(draw, f"Data per {words.date}", (width * 0.06, max(y, height * 0.13)), unit * 0.034, light)
    centre, r, share = (width * 0.27, height * 0.4), min(width, height) * 0.17, int(words.figure.split()[0]) / 100
    draw.ellipse((centre[0] - r, centre[1] - r, centre[0] + r, centre[1] + r), fill=(214, 218, 224))
    draw.pieslice((centre[0] - r, centre[1] - r, centre[0] + r, centre[1] + r), -90, -90 + 360 * share, fill=accent)
    draw.ellipse((centre[0] - r * 0.68, centre[1] - r * 0.68, centre[0] + r * 0.68, centre[1] + r * 0.68), fill=light)
    write(draw, words.figure, (centre[0], centre[1] - r * 0.25), r * 0.42, deep, bold=0.04, anchor="m")
    write(draw, words.line, (width * 0.53, height * 0.27), unit * 0.036, deep, room=width * 0.41)
    for bar, point in enumerate(words.points):
        top, long = height * (0.6 + 0.062 * bar), width * rng.uniform(0.2, 0.5)
        write(draw, point, (width * 0.06, top), unit * 0.023, deep, room=width * 0.9)
        draw.rectangle(
            (width * 0.06, top + width * 0.031, width * 0.06 + long, top + width * 0.031 + height * 0.02),
            fill=(mid, accent)[bar % 2],
        )
        write(
            draw,
            f"{rng.randrange(1, 9)}.{rng.randrange(100, 999)}",
            (width * 0.08 + long, top + width * 0.027),
            unit * 0.026,
            mid,
            bold=0.02,
        )
    for sign in range(5):
        at = (width * (0.57 + 0.09 * sign), height * 0.5)
        Image.Image.paste(sheet, *_pasted(Person(rng.randrange(9999)).drawn(round(height * 0.1)), at))
    _foot(draw, size, words, (deep, light, accent))
    return sheet


def invitation(rng: Random, size: Size, words: Words) -> Picture:
    """A speaker in a circle, time and place."""
    (width, height), unit = size, min(size[0], size[1] * 0.85)
    deep, mid, light, accent = rng.choice(INKS)
    ground = slope(size, deep, mid) + fractal(rng, size, 4, 0.55)[:, :, None] * 7
    sheet = picture_of(ground)
    draw = ImageDraw.Draw(sheet, "RGBA")
    for ring in range(5):
        r = width * (0.3 + 0.12 * ring)
        draw.ellipse((width - r, -r * 0.6, width + r, r * 1.4), outline=(*light, 40), width=max(2, width // 200))
    _logos(sheet, rng, (width * 0.06, height * 0.035), height * 0.08, 3)
    write(draw, "WEBINAR NASIONAL", (width * 0.06, height * 0.145), unit * 0.036, accent, bold=0.03)
    write(
        draw,
        words.headline,
        (width * 0.06, height * 0.19),
        unit * 0.075,
        light,
        room=width * 0.88,
        bold=0.035,
        leading=1.15,
    )
    wide = round(min(width, height) * 0.34)
    for place in range(2):
        face = photograph(rng.randrange(10**6), (wide, wide), "portrait")
        mask = Image.new("L", (wide, wide), 0)
        ImageDraw.Draw(mask).ellipse((0, 0, wide - 1, wide - 1), fill=255)
        x, y = width * (0.1 + 0.45 * place), height * 0.42
        draw.ellipse((x - 8, y - 8, x + wide + 8, y + wide + 8), fill=accent)
        sheet.paste(face, (round(x), round(y)), mask)
        name = rng.choice(
            ("Sri Wahyuni", "Budi Santosa", "Rahmat Hidayat", "Dewi Lestari", "Joko Purnomo", "Siti Aminah")
        )
        write(draw, name, (x + wide / 2, y + wide + height * 0.012), unit * 0.034, light, bold=0.02, anchor="m")
    draw.rounded_rectangle(
        (width * 0.05, height * 0.82, width * 0.95, height * 0.965), height * 0.02, fill=(*light, 255)
    )
    write(draw, words.date, (width * 0.09, height * 0.835), unit * 0.042, deep, bold=0.03)
    write(draw, f"09.00 WIB  ·  {words.address}", (width * 0.09, height * 0.885), unit * 0.032, mid)
    write(draw, f"Narahubung {words.hotline}", (width * 0.09, height * 0.925), unit * 0.028, mid)
    return sheet


def greeting(rng: Random, size: Size, words: Words) -> Picture:
    """Batik ornament, a wish in the middle, two officials at the foot."""
    (width, height), unit = size, min(size[0], size[1] * 0.85)
    deep, mid, light, accent = rng.choice(INKS)
    sheet = picture_of(slope(size, light, (255, 250, 236)) + fractal(rng, size, 3, 0.5)[:, :, None] * 3)
    draw = ImageDraw.Draw(sheet)
    step = width / rng.randrange(9, 13)
    for row in range(round(height / step) + 1):
        for column in range(round(width / step) + 1):
            if min(row, column, round(height / step) - row, round(width / step) - column) > 1:
                continue
            x, y = column * step, row * step
            draw.rectangle((x, y, x + step, y + step), fill=(deep, mid)[(row + column) % 2])
            star(draw, (x + step / 2, y + step / 2), step * 0.38, accent, rng.choice((4, 4, 6)))
    inside = step * 2.2
    draw.rectangle((inside, inside, width - inside, height - inside), outline=accent, width=max(3, width // 160))
    write(draw, "Selamat Memperingati", (width / 2, inside + height * 0.03), unit * 0.038, mid, anchor="m")
    y = write(
        draw,
        words.headline,
        (width / 2, inside + height * 0.09),
        unit * 0.07,
        deep,
        room=width * 0.58,
        bold=0.04,
        anchor="m",
        leading=1.15,
    )
    write(draw, words.date, (width / 2, y + height * 0.01), unit * 0.038, mid, bold=0.03, anchor="m")
    for place in (0.36, 0.64):
        Image.Image.paste(
            sheet,
            *_pasted(
                Person(rng.randrange(9999)).drawn(round(height * 0.26), is_half=True), (width * place, height - inside)
            ),
        )
    draw.rectangle((inside, height - inside - height * 0.05, width - inside, height - inside), fill=deep)
    write(draw, words.issuer, (width / 2, height - inside - height * 0.04), unit * 0.026, light, anchor="m")
    return sheet


def comic(rng: Random, size: Size, words: Words) -> Picture:
    """Four drawn panels with advice."""
    (width, height), unit = size, min(size[0], size[1] * 0.85)
    deep, mid, light, accent = rng.choice(INKS)
    sheet = Image.new("RGB", size, mid)
    draw = ImageDraw.Draw(sheet)
    write(
        draw,
        words.headline,
        (width / 2, height * 0.03),
        unit * 0.065,
        light,
        room=width * 0.92,
        bold=0.04,
        anchor="m",
        leading=1.1,
    )
    for panel, point in enumerate(words.points):
        wide, tall = round(width * 0.44), round(height * 0.335)
        x, y = round(width * (0.045 + 0.47 * (panel % 2))), round(height * (0.17 + 0.36 * (panel // 2)))
        scene = photograph(rng.randrange(10**6), (wide, tall), rng.choice(sorted(KINDS)))
        sheet.paste(dimmed(scene, light, 0.15), (x, y))
        draw.rectangle((x, y + tall * 0.72, x + wide, y + tall), fill=light)
        write(draw, point, (x + wide * 0.05, y + tall * 0.745), tall * 0.085, deep, room=wide * 0.9)
        draw.rectangle((x, y, x + wide, y + tall), outline=accent, width=max(3, width // 200))
    draw.rectangle((0, height * 0.91, width, height), fill=deep)
    write(draw, words.date, (width * 0.045, height * 0.935), unit * 0.034, light, bold=0.02)
    write(draw, words.hotline, (width * 0.955, height * 0.935), unit * 0.034, accent, anchor="r")
    return sheet


def _pasted(layer: Picture, foot: tuple[float, float]) -> tuple[Picture, tuple[int, int], Picture]:
    """Arguments of `paste` that stand the layer with its foot there."""
    return layer, (round(foot[0] - layer.width / 2), round(foot[1] - layer.height)), layer


def _logos(sheet: Picture, rng: Random, at: tuple[float, float], side: float, many: int) -> None:
    for place in range(many):
        mark = emblem(rng.randrange(10**6), round(side))
        sheet.paste(mark, (round(at[0] + place * side * 1.15), round(at[1])), mark)


def _foot(draw: ImageDraw.ImageDraw, size: Size, words: Words, inks: Inks) -> None:
    width, height = size
    draw.rectangle((0, height * 0.885, width, height), fill=inks[0])
    draw.rectangle((0, height * 0.885, width, height * 0.893), fill=inks[2])
    letters = min(width * 0.034, height * 0.05)
    write(draw, words.date, (width * 0.05, height * 0.92), letters, inks[1], bold=0.02)
    write(draw, words.hotline, (width * 0.52, height * 0.92), letters, inks[2], anchor="m")
    write(draw, words.address, (width * 0.95, height * 0.92), letters * 0.85, inks[1], anchor="r")


def _hand(draw: ImageDraw.ImageDraw, at: tuple[float, float], size: float, ink: Inks) -> None:
    x, y = at
    for finger in range(4):
        left = x - size * 0.62 + finger * size * 0.32
        draw.rounded_rectangle(
            (left, y - size * (0.8 + 0.15 * (finger % 3 > 0)), left + size * 0.26, y + size * 0.3),
            size * 0.13,
            fill=ink[0],
        )
    draw.rounded_rectangle((x - size * 0.64, y - size * 0.1, x + size * 0.62, y + size * 0.8), size * 0.2, fill=ink[0])
    draw.line(
        [(x + size * 0.5, y + size * 0.4), (x + size * 0.85, y - size * 0.1)], fill=ink[0], width=round(size * 0.24)
    )
    draw.line([(x - size, y - size), (x + size, y + size)], fill=ink[2], width=round(size * 0.14))


def _shield_icon(draw: ImageDraw.ImageDraw, at: tuple[float, float], size: float, ink: Inks) -> None:
    shield(draw, at, size * 2.1, ink[0])
    shield(draw, at, size * 1.7, ink[2])
    draw.line(
        [
            (at[0] - size * 0.4, at[1]),
            (at[0] - size * 0.1, at[1] + size * 0.35),
            (at[0] + size * 0.5, at[1] - size * 0.4),
        ],
        fill=ink[0],
        width=round(size * 0.2),
        joint="curve",
    )


def _megaphone(draw: ImageDraw.ImageDraw, at: tuple[float, float], size: float, ink: Inks) -> None:
    x, y = at
    draw.polygon(
        [
            (x - size * 0.7, y - size * 0.25),
            (x + size * 0.6, y - size * 0.8),
            (x + size * 0.6, y + size * 0.8),
            (x - size * 0.7, y + size * 0.25),
        ],
        fill=ink[0],
    )
    draw.rounded_rectangle((x - size * 0.4, y + size * 0.2, x - size * 0.1, y + size * 0.9), size * 0.1, fill=ink[1])
    for wave in (0.75, 0.95, 1.15):
        draw.arc(
            (x - size * 0.2, y - size * wave, x + size * (0.2 + wave), y + size * wave),
            -35,
            35,
            fill=ink[2],
            width=round(size * 0.1),
        )


TEMPLATES = {
    "announcement": announcement,
    "flat": flat,
    "over_photograph": over_photograph,
    "booklet": booklet,
    "infographic": infographic,
    "invitation": invitation,
    "greeting": greeting,
    "comic": comic,
}
