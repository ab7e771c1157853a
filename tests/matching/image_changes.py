"""What happens to a picture between the ministry and the post: by name, all harmless, all to be recognised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from tests.matching import screens
from tests.matching.painting import INKS, Picture, as_jpeg, canvas_of, emblem, from_jpeg, picture_of, write
from tests.matching.photographs import photograph

QUALITY = 85  # of the file that is posted, unless the change says otherwise
Make = Callable[[Picture, Random], Picture]


@dataclass(frozen=True)
class Change:
    """`is_untouched`: nothing is laid over the material, so nothing may be reported as changed."""

    name: str
    make: Make
    quality: int = QUALITY
    is_untouched: bool = True

    def apply(self, picture: Picture, seed: int) -> bytes:
        """The posted JPEG file."""
        return as_jpeg(self.make(picture, Random(f"{self.name} {seed}")), self.quality)


def changes(names: tuple[str, ...] = ()) -> tuple[Change, ...]:
    """All changes, or those named, in order."""
    return tuple(one for one in ALL if not names or one.name in names)


def _same(picture: Picture, rng: Random) -> Picture:
    return picture


def _wide(width: int) -> Make:
    return lambda picture, rng: picture.resize(
        (width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS
    )


def _sent_on(times: int) -> Make:
    def make(picture: Picture, rng: Random) -> Picture:
        for hop in range(times):
            share = min(1.0, (1280 - 40 * hop) / max(picture.size))
            smaller = picture.resize(
                (round(picture.width * share), round(picture.height * share)), Image.Resampling.BICUBIC
            )
            picture = from_jpeg(as_jpeg(smaller, 72 - 6 * hop))
        return picture

    return make


def _sepia(picture: Picture, rng: Random) -> Picture:
    grey = canvas_of(ImageOps.grayscale(picture).convert("RGB"))
    return picture_of(grey * np.float32([1.07, 0.9, 0.68]))


def _filtered(picture: Picture, rng: Random) -> Picture:
    warm = canvas_of(ImageEnhance.Color(ImageEnhance.Contrast(picture).enhance(1.25)).enhance(1.4))
    return picture_of((warm * np.float32([1.08, 1.0, 0.9])) * 0.9 + 18)


def _faded(picture: Picture, rng: Random) -> Picture:
    return picture_of(canvas_of(ImageEnhance.Color(picture).enhance(0.7)) * 0.72 + 58)


def _light(factor: float) -> Make:
    return lambda picture, rng: ImageEnhance.Brightness(picture).enhance(factor)


def _cut(share: float) -> Make:
    """`share` of each side's length is lost, unevenly at both ends."""

    def make(picture: Picture, rng: Random) -> Picture:
        left, top = (rng.uniform(0.2, 0.8) * share * length for length in picture.size)
        width, height = (length * (1 - share) for length in picture.size)
        return picture.crop((round(left), round(top), round(left + width), round(top + height)))

    return make


def _logo(many: int) -> Make:
    def make(picture: Picture, rng: Random) -> Picture:
        marked, side = picture.copy(), round(min(picture.size) * 0.14)
        spots = [(0.03, 0.03), (0.97, 0.03), (0.97, 0.97)]
        for x, y in rng.sample(spots, many):
            mark = emblem(rng.randrange(10**6), side)
            at = (round((picture.width - side) * x), round((picture.height - side) * y))
            marked.paste(mark, at, mark)
        return marked

    return make


def _watermark(picture: Picture, rng: Random) -> Picture:
    layer = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    for row in range(-1, 6):
        for column in range(3):
            write(
                draw,
                "humas.sukorejo",
                (picture.width * (column * 0.4 - 0.1 * (row % 2)), picture.height * row * 0.2),
                picture.width * 0.05,
                (255, 255, 255),
            )
    layer.putalpha(layer.getchannel("A").point(lambda alpha: alpha // 2))
    turned = layer.rotate(20, Image.Resampling.BICUBIC)
    return Image.alpha_composite(picture.convert("RGBA"), turned).convert("RGB")


def bar(sheet: Picture, box: tuple[int, int, int, int], rng: Random) -> None:
    """An office's brand bar: emblem, name, account."""
    deep, _, light, accent = rng.choice(INKS)
    left, top, right, low = box
    tall = low - top
    draw = ImageDraw.Draw(sheet)
    draw.rectangle(box, fill=deep)
    draw.rectangle((left, top, right, top + tall * 0.07), fill=accent)
    mark = emblem(rng.randrange(10**6), round(tall * 0.76))
    sheet.paste(mark, (left + round(tall * 0.2), top + round(tall * 0.15)), mark)
    write(
        draw,
        "Dinas Komunikasi Kabupaten Sukorejo",
        (left + tall * 1.2, top + tall * 0.22),
        tall * 0.24,
        light,
        bold=0.03,
    )
    write(
        draw,
        "@kominfo.sukorejo   www.sukorejo.contoh.go.id",
        (left + tall * 1.2, top + tall * 0.58),
        tall * 0.19,
        accent,
    )


def _bar_over(picture: Picture, rng: Random) -> Picture:
    marked = picture.copy()
    bar(marked, (0, round(picture.height * 0.85), picture.width, picture.height), rng)
    return marked


def _bar_added(picture: Picture, rng: Random) -> Picture:
    tall = round(picture.height * 0.15)
    sheet = Image.new("RGB", (picture.width, picture.height + tall))
    sheet.paste(picture, (0, 0))
    bar(sheet, (0, picture.height, picture.width, picture.height + tall), rng)
    return sheet


def _caption_band(picture: Picture, rng: Random) -> Picture:
    tall = round(picture.height * 0.2)
    sheet = Image.new("RGB", (picture.width, picture.height + tall), (255, 255, 255))
    sheet.paste(picture, (0, tall))
    words = rng.choice(
        ("Yuk, simak informasi penting berikut ini!", "Warga Sukorejo wajib tahu ya", "Sing durung ngerti, ayo diwaca")
    )
    write(
        ImageDraw.Draw(sheet),
        words,
        (picture.width / 2, tall * 0.2),
        picture.width * 0.055,
        (15, 15, 15),
        room=picture.width * 0.9,
        bold=0.03,
        anchor="m",
    )
    return sheet


def _border(share: float, colour: tuple[int, int, int]) -> Make:
    return lambda picture, rng: ImageOps.expand(picture, round(min(picture.size) * share), colour)


def _padded(shape: float, colour: tuple[int, int, int]) -> Make:
    """Set into a plain sheet of width / height = `shape`."""

    def make(picture: Picture, rng: Random) -> Picture:
        width = max(picture.width, round(picture.height * shape))
        sheet = Image.new("RGB", (width, max(picture.height, round(width / shape))), colour)
        sheet.paste(picture, ((sheet.width - picture.width) // 2, (sheet.height - picture.height) // 2))
        return sheet

    return make


def _rounded(picture: Picture, rng: Random) -> Picture:
    sheet = Image.new("RGB", (picture.width + 160, picture.height + 320), rng.choice(INKS)[1])
    mask = Image.new("L", picture.size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, picture.width - 1, picture.height - 1), 40, fill=255)
    sheet.paste(picture, (80, 160), mask)
    return sheet


def _stickers(picture: Picture, rng: Random) -> Picture:
    marked = picture.copy()
    draw, unit = ImageDraw.Draw(marked), min(picture.size)
    for _ in range(3):
        x, y, r = rng.uniform(0.15, 0.85) * picture.width, rng.uniform(0.15, 0.85) * picture.height, unit * 0.055
        draw.ellipse((x - r, y - r, x + r, y + r), fill=(255, 205, 60), outline=(180, 120, 20), width=3)
        for side in (-1, 1):
            draw.ellipse(
                (x + side * r * 0.4 - r * 0.12, y - r * 0.4, x + side * r * 0.4 + r * 0.12, y - r * 0.1),
                fill=(60, 40, 20),
            )
        draw.arc((x - r * 0.5, y - r * 0.3, x + r * 0.5, y + r * 0.6), 20, 160, fill=(60, 40, 20), width=4)
    return marked


def _story(picture: Picture, rng: Random) -> Picture:
    """As a story: app's head, answer field, the post as a tilted card."""
    sheet = Image.new("RGB", (1080, 1920), rng.choice(INKS)[1])
    card = (
        screens.fitted(picture, 860, 1300)
        .convert("RGBA")
        .rotate(rng.uniform(-4, 4), Image.Resampling.BICUBIC, expand=True)
    )
    sheet.paste(card, ((1080 - card.width) // 2, (1920 - card.height) // 2), card)
    draw = ImageDraw.Draw(sheet)
    draw.rounded_rectangle((20, 24, 1060, 30), 3, fill=(255, 255, 255))
    mark = emblem(rng.randrange(10**6), 84)
    sheet.paste(mark, (36, 56), mark)
    write(draw, "kominfo.sukorejo  3 j", (140, 76), 36, (255, 255, 255), bold=0.03)
    draw.rounded_rectangle((40, 1780, 900, 1870), 45, outline=(255, 255, 255), width=4)
    write(draw, "Kirim pesan", (90, 1802), 38, (255, 255, 255))
    return sheet


def _turned(degrees: float, ground: tuple[int, int, int] = (255, 255, 255)) -> Make:
    return lambda picture, rng: picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=ground)


def _collage(picture: Picture, rng: Random) -> Picture:
    others = [photograph(rng.randrange(10**6), (600, rng.choice((450, 600, 750)))) for _ in range(3)]
    place = rng.randrange(4)
    return screens.collage([*others[:place], picture, *others[place:]], rng)


def _inset(picture: Picture, rng: Random) -> Picture:
    return screens.inset(picture, photograph(rng.randrange(10**6), (1280, 960)), 0.35, rng)


def _all_at_once(picture: Picture, rng: Random) -> Picture:
    """Bar over, story with blurred fill, photographed from a screen, small file."""
    small = screens.shot(screens.blurred_behind(_bar_over(picture, rng), (1080, 1920)), rng, 0.03)
    return screens.fitted(small, 960, 1400)


def _projected(picture: Picture, rng: Random) -> Picture:
    """A projector's picture on the wall of a meeting."""
    sheet = photograph(rng.randrange(10**6), (1280, 960), "meeting")
    shown = screens.fitted(picture, 760, 560)
    sheet.paste(shown, (round(640 - shown.width / 2), 40))
    return sheet


def _made(many: tuple[int, ...]) -> list[Change]:
    return [Change(f"jpeg_q{quality}", _same, quality) for quality in many]


ALL: tuple[Change, ...] = (
    *_made((90, 70, 50, 30, 20, 10)),
    *(Change(f"resize_{width}", _wide(width)) for width in (1080, 640, 480, 320)),
    Change("grey", lambda picture, rng: ImageOps.grayscale(picture).convert("RGB")),
    Change("sepia", _sepia),
    Change("filter", _filtered),
    Change("faded", _faded),
    Change("blur", lambda picture, rng: picture.filter(ImageFilter.GaussianBlur(2.0))),
    Change("sharpen", lambda picture, rng: picture.filter(ImageFilter.UnsharpMask(3, 180, 2))),
    Change("dark", _light(0.55)),
    Change("bright", _light(1.35)),
    Change("whatsapp_1", _sent_on(1), 70),
    Change("whatsapp_3", _sent_on(3), 60),
    *(Change(f"crop_{percent}", _cut(percent / 100)) for percent in (5, 10, 20, 30, 40)),
    Change("corner_logo", _logo(1), is_untouched=False),
    Change("two_logos", _logo(2), is_untouched=False),
    Change("watermark", _watermark, is_untouched=False),
    Change("stickers", _stickers, is_untouched=False),
    Change("bar_over", _bar_over, is_untouched=False),
    Change("bar_added", _bar_added),
    Change("caption_band", _caption_band),
    Change("border_white", _border(0.1, (255, 255, 255))),
    Change("border_colour", _border(0.1, (24, 90, 140))),
    Change("rounded_card", _rounded),
    Change("square_white", _padded(1.0, (255, 255, 255))),
    Change("story_black", _padded(9 / 16, (0, 0, 0))),
    Change("story_blur", lambda picture, rng: screens.blurred_behind(picture, (1080, 1920))),
    Change("wide_blur", lambda picture, rng: screens.blurred_behind(picture, (1280, 720))),
    Change("story_card", _story),
    Change("mirror", lambda picture, rng: ImageOps.mirror(picture)),
    Change("turn_90", _turned(90)),
    Change("turn_180", _turned(180)),
    Change("turn_5", _turned(5)),
    Change(
        "stretch", lambda picture, rng: picture.resize((1000, 1000) if picture.width != picture.height else (1080, 860))
    ),
    Change("twibbon", screens.twibbon, is_untouched=False),
    Change("phone_screenshot", screens.phone),
    Change("phone_shot", screens.shot, 75),
    Change("news_page", screens.news_page),
    Change("projector", _projected),
    Change("collage", _collage),
    Change("inset_35", _inset),
    Change("bar_story_shot_q40", _all_at_once, 40, is_untouched=False),
)
