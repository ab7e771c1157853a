"""Pictures -> where else they turn up: a phone's screen, a news page, a frame, a collage, a photo of a screen."""

from __future__ import annotations

from random import Random

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from tests.matching.painting import (
    INKS,
    Picture,
    around,
    canvas_of,
    emblem,
    fractal,
    noise_of,
    picture_of,
    slope,
    star,
    write,
)
from tests.matching.people import Person
from tests.matching.photographs import photograph

_NAMES = (
    "kominfo.sukorejo",
    "puskesmas_wanasari",
    "humas.tirtomoyo",
    "kec.banjarwangi",
    "disdik_sukorejo",
    "rsud.wanasari",
)
_TALK = (
    "Selamat pagi, Sobat! Jangan lupa ikuti informasi terbaru dari kami ya.",
    "Mari bersama menjaga pelayanan publik yang bersih dan ramah.",
    "Info penting untuk seluruh warga. Bagikan ke grup keluarga Anda.",
    "Matur nuwun sampun rawuh. Ayo padha njaga kasarasan.",
)


def fitted(picture: Picture, width: float, height: float) -> Picture:
    """The picture as large as it can be within the room."""
    share = min(width / picture.width, height / picture.height)
    size = (max(1, round(picture.width * share)), max(1, round(picture.height * share)))
    return picture.resize(size, Image.Resampling.LANCZOS)


def phone(picture: Picture, rng: Random) -> Picture:
    """A screenshot of a social app: status bar, account, the post, likes, the next post's head."""
    wide, tall = 1080, rng.choice((2160, 2340, 2400))
    is_dark = rng.random() < 0.4
    ground, ink, faint = (
        ((0, 0, 0), (240, 240, 240), (150, 150, 150)) if is_dark else ((255, 255, 255), (20, 20, 20), (130, 130, 130))
    )
    screen = Image.new("RGB", (wide, tall), ground)
    draw = ImageDraw.Draw(screen)
    name = rng.choice(_NAMES)
    write(draw, f"{rng.randrange(6, 23):02d}.{rng.randrange(60):02d}", (50, 28), 38, ink, bold=0.03)
    for bar in range(4):
        draw.rectangle((850 + 16 * bar, 58 - 8 * bar, 860 + 16 * bar, 66), fill=ink)
    draw.rounded_rectangle((950, 34, 1020, 66), 8, outline=ink, width=3)
    draw.rectangle((956, 40, 956 + rng.randrange(10, 56), 60), fill=ink)
    draw.line([(70, 140), (45, 165), (70, 190)], fill=ink, width=6)
    write(draw, "Postingan", (540, 140), 46, ink, bold=0.03, anchor="m")
    y = _head(screen, draw, rng, (240, name, ink, faint))
    shown = fitted(picture, wide, tall * 0.62)
    screen.paste(shown, ((wide - shown.width) // 2, y))
    y += shown.height + 30
    _buttons(draw, y, ink)
    y += 100
    write(draw, f"{rng.randrange(12, 980)} suka", (36, y), 38, ink, bold=0.03)
    y = round(write(draw, f"{name} {rng.choice(_TALK)}", (36, y + 60), 38, ink, room=1000)) + 20
    write(draw, f"Lihat semua {rng.randrange(3, 60)} komentar", (36, y), 34, faint)
    _head(screen, draw, rng, (y + 110, rng.choice(_NAMES), ink, faint))
    draw.rectangle((0, tall - 150, wide, tall), fill=ground)
    for icon in range(5):
        x = 108 + 216 * icon
        draw.rounded_rectangle((x - 28, tall - 120, x + 28, tall - 64), 12, outline=ink, width=5)
    draw.rounded_rectangle((380, tall - 26, 700, tall - 16), 5, fill=ink)
    return screen


def _head(
    screen: Picture,
    draw: ImageDraw.ImageDraw,
    rng: Random,
    said: tuple[int, str, tuple[int, int, int], tuple[int, int, int]],
) -> int:
    y, name, ink, faint = said
    mark = emblem(rng.randrange(10**6), 96)
    screen.paste(mark, (36, y), mark)
    write(draw, name, (156, y + 8), 38, ink, bold=0.03)
    write(draw, "Kabupaten Sukorejo, Indonesia", (156, y + 54), 30, faint)
    for dot in range(3):
        draw.ellipse((1010, y + 28 + dot * 18, 1018, y + 36 + dot * 18), fill=ink)
    return y + 120


def _buttons(draw: ImageDraw.ImageDraw, y: int, ink: tuple[int, int, int]) -> None:
    draw.polygon(
        [(62, y + 62), (34, y + 30), (36, y + 10), (50, y + 4), (62, y + 14), (74, y + 4), (88, y + 10), (90, y + 30)],
        outline=ink,
        width=5,
    )
    draw.ellipse((130, y + 4, 188, y + 62), outline=ink, width=5)
    draw.polygon([(230, y + 8), (292, y + 8), (258, y + 62)], outline=ink, width=5)
    draw.polygon([(990, y + 4), (1030, y + 4), (1030, y + 62), (1010, y + 44), (990, y + 62)], outline=ink, width=5)


def news_page(picture: Picture, rng: Random, share: float = 0.45) -> Picture:
    """An agency's web page: menu, headline, article, side column; the picture takes `share` of the width."""
    wide, tall = 1280, rng.choice((1500, 1700))
    deep, mid, light, accent = rng.choice(INKS)
    page = Image.new("RGB", (wide, tall), (255, 255, 255))
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, wide, 130), fill=deep)
    mark = emblem(rng.randrange(10**6), 96)
    page.paste(mark, (40, 17), mark)
    write(draw, "Portal Resmi Kabupaten Sukorejo", (160, 42), 38, light, bold=0.03)
    for place, item in enumerate(("Beranda", "Profil", "Berita", "Layanan", "Unduhan")):
        write(draw, item, (48 + 150 * place, 146), 26, deep)
    draw.rectangle((0, 190, wide, 194), fill=accent)
    y = write(draw, rng.choice(_TALK), (48, 225), 46, (25, 27, 32), room=840, bold=0.02)
    write(draw, "Ditulis oleh Humas · 1.204 kali dibaca", (48, y + 4), 24, (130, 132, 138))
    shown = fitted(picture, wide * share, tall * 0.5)
    page.paste(shown, (48, round(y) + 50))
    y += 75 + shown.height
    for _ in range(8):
        y = write(draw, " ".join(rng.sample(_TALK, 3)), (48, y), 26, (50, 52, 58), room=800, leading=1.5) + 22
    draw.rectangle((920, 225, 1240, 275), fill=mid)
    write(draw, "Berita Terkait", (940, 235), 28, light, bold=0.03)
    for place in range(5):
        top = 300 + 190 * place
        page.paste(photograph(rng.randrange(10**6), (130, 100)), (920, top))
        write(draw, rng.choice(_TALK), (1065, top), 22, (40, 44, 60), room=180)
    return page


def twibbon(picture: Picture, rng: Random) -> Picture:
    """In a campaign frame with ribbon, emblem and somebody's name plate; the middle is the picture."""
    side = 1080
    look = Random(f"twibbon {rng.randrange(4)}")
    deep, mid, light, accent = look.choice(INKS)
    share = max(side / picture.width, side / picture.height) * 0.86
    inner = picture.resize((round(picture.width * share), round(picture.height * share)), Image.Resampling.LANCZOS)
    sheet = Image.new("RGB", (side, side), deep)
    sheet.paste(inner, ((side - inner.width) // 2, (side - inner.height) // 2))
    frame = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(frame)
    draw.rectangle((0, 0, side, side), outline=deep, width=70)
    draw.rectangle((62, 62, side - 62, side - 62), outline=accent, width=10)
    draw.polygon([(0, 0), (330, 0), (0, 330)], fill=mid)
    draw.polygon([(side, side), (side - 420, side), (side, side - 420)], fill=mid)
    write(draw, "KAMI SIAP!", (70, 40), 52, light, bold=0.04)
    for place in range(3):
        star(draw, (side - 90, side - 110 - 80 * place), 32, accent)
    draw.rounded_rectangle((170, side - 170, 800, side - 60), 30, fill=light)
    write(
        draw,
        rng.choice(("Sri Wahyuni, S.Sos.", "Budi Santosa", "Dewi Lestari, M.Si.", "Joko Purnomo")),
        (485, side - 158),
        44,
        deep,
        bold=0.03,
        anchor="m",
    )
    write(
        draw,
        rng.choice(("Camat Banjarwangi", "Staf Dinas Kesehatan", "Kepala Puskesmas")),
        (485, side - 104),
        30,
        mid,
        anchor="m",
    )
    mark = emblem(look.randrange(10**6), 120)
    frame.paste(mark, (side - 190, 60), mark)
    sheet.paste(frame, (0, 0), frame)
    return sheet


def shot(picture: Picture, rng: Random, tilt: float = 0.06) -> Picture:
    """A photo of a screen or a wall with the picture: perspective, room around, glare, moiré, noise, soft."""
    share = 1000 / max(picture.size)
    shown = canvas_of(
        picture.resize((round(picture.width * share), round(picture.height * share)), Image.Resampling.LANCZOS)
    )
    height, width = shown.shape[:2]
    room = round(max(width, height) * 0.12)
    size = (width + 2 * room, height + 2 * room)
    wall = slope(size, (146, 140, 130), (96, 92, 88)) + fractal(rng, size, 8, 0.75)[:, :, None] * 9
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    moved = (
        corners
        + room
        + np.float32([[rng.uniform(-tilt, tilt) * width, rng.uniform(-tilt, tilt) * height] for _ in range(4)])
    )
    matrix = cv2.getPerspectiveTransform(corners, moved)
    laid = cv2.warpPerspective(shown, matrix, size, flags=cv2.INTER_LINEAR)
    mask = cv2.warpPerspective(np.ones((height, width), np.float32), matrix, size)[:, :, None]
    scene = wall * (1 - mask) + (laid * 0.88 + 10) * mask
    rows, columns = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    lines = 3 * np.sin((columns * rng.uniform(0.9, 1.2) + rows * rng.uniform(0.1, 0.4)) * 0.9)
    spot = (size[0] * rng.uniform(0.2, 0.8), size[1] * rng.uniform(0.1, 0.5))
    glare = 85 * np.exp(-(((columns - spot[0]) / (size[0] * 0.16)) ** 2) - ((rows - spot[1]) / (size[1] * 0.12)) ** 2)
    scene = cv2.GaussianBlur(np.asarray(scene, np.float32), (0, 0), 0.9) + (lines * mask[:, :, 0] + glare)[:, :, None]
    scene *= np.asarray([1.05, 1.0, 0.9], np.float32)
    return picture_of(scene + noise_of(rng).standard_normal(scene.shape, np.float32) * 6)


def collage(pictures: list[Picture], rng: Random) -> Picture:
    """Four pictures in a square, each shown whole."""
    cell, gap = 540, rng.choice((0, 8, 16))
    sheet = Image.new("RGB", (2 * cell + gap, 2 * cell + gap), (250, 250, 250))
    for place, picture in enumerate(pictures[:4]):
        shown = fitted(picture, cell, cell)
        x, y = (place % 2) * (cell + gap), (place // 2) * (cell + gap)
        sheet.paste(shown, (x + (cell - shown.width) // 2, y + (cell - shown.height) // 2))
    return sheet


def inset(picture: Picture, ground: Picture, share: float, rng: Random) -> Picture:
    """The picture at `share` of the ground's width, in a corner of it."""
    sheet = ground.copy()
    small = fitted(picture, ground.width * share, ground.height * 0.6)
    x = rng.choice((round(ground.width * 0.04), round(ground.width * 0.96) - small.width))
    y = rng.choice((round(ground.height * 0.05), round(ground.height * 0.95) - small.height))
    ImageDraw.Draw(sheet).rectangle((x - 5, y - 5, x + small.width + 4, y + small.height + 4), fill=(255, 255, 255))
    sheet.paste(small, (x, y))
    return sheet


def blurred_behind(picture: Picture, size: tuple[int, int]) -> Picture:
    """The whole picture before a blurred, enlarged one of itself, as editors fill a story."""
    share = max(size[0] / picture.width, size[1] / picture.height)
    behind = picture.resize((round(picture.width * share) + 1, round(picture.height * share) + 1))
    left, top = (behind.width - size[0]) // 2, (behind.height - size[1]) // 2
    sheet = behind.crop((left, top, left + size[0], top + size[1])).filter(ImageFilter.GaussianBlur(size[0] / 36))
    front = fitted(picture, *size)
    sheet.paste(front, ((size[0] - front.width) // 2, (size[1] - front.height) // 2))
    return sheet


def selfie(rng: Random, size: tuple[int, int] = (1080, 1080)) -> Picture:
    """Somebody before something: what people put in frames."""
    scene = photograph(rng.randrange(10**6), size, rng.choice(("street", "hills", "meeting")))
    who = Person(rng.randrange(10**6)).drawn(round(size[1] * 0.7), 0.0, rng.choice((0.0, 1.4)), is_half=True)
    scene.paste(who, ((size[0] - who.width) // 2, size[1] - who.height), who)
    return scene


def badge_row(rng: Random, size: tuple[int, int] = (1080, 1080)) -> Picture:
    """Logos only, on white."""
    sheet = Image.new("RGB", size, (255, 255, 255))
    for place in range(6):
        mark = emblem(rng.randrange(10**6), size[0] // 4)
        at = around((size[0] / 2, size[1] / 2), size[0] * 0.3, place * 60 + rng.uniform(-8, 8))
        sheet.paste(mark, (round(at[0] - mark.width / 2), round(at[1] - mark.height / 2)), mark)
    return sheet
