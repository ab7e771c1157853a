"""What happens to a clip on its way, by name, with which seconds of it are still shown; and what only looks like it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import cv2
import numpy as np
from PIL import Image, ImageDraw

from tests.matching import clips, screens
from tests.matching.films import Film, Frame, each, framed, joined, paced, piece, read_film, sent_on, write_film
from tests.matching.image_changes import bar
from tests.matching.painting import Picture, emblem, write
from tests.matching.photographs import photograph
from tests.matching.sounds import of_kind

Span = tuple[float, float]
Make = Callable[[Film, Random], Film]


@dataclass(frozen=True)
class Change:
    """`covered` gives the material's seconds that are shown, for its length; `speed` how fast they run."""

    name: str
    make: Make
    covered: Callable[[float], Span] = lambda seconds: (0.0, seconds)
    speed: float = 1.0
    crf: int = 27
    hops: int = 0

    def write(self, source: Path, seed: int, folder: Path) -> Path:
        """The posted clip, made once."""
        path = folder / f"{source.stem}-{self.name}.mp4"
        if path.exists():
            return path
        film = self.make(read_film(source), Random(f"{self.name} {source.stem} {seed}"))
        if self.hops:
            film = sent_on(film, path, self.hops)
        return write_film(path, film, self.crf)


def changes(names: tuple[str, ...] = ()) -> tuple[Change, ...]:
    """All changes, or those named, in order."""
    return tuple(one for one in ALL if not names or one.name in names)


def _same(film: Film, rng: Random) -> Film:
    return film


def _cut(share: float) -> Make:
    def make(film: Film, rng: Random) -> Film:
        width, height = film.size
        x, y = round(rng.uniform(0.3, 0.7) * share * width), round(rng.uniform(0.3, 0.7) * share * height)
        size = (round(width * (1 - share) / 2) * 2, round(height * (1 - share) / 2) * 2)
        return each(film, lambda frame, at: frame[y : y + size[1], x : x + size[0]], size)

    return make


def _laid(layer: Picture) -> Callable[[Frame, float], Frame]:
    """An RGBA picture over every frame."""
    pixels = np.asarray(layer.convert("RGBA"), np.uint16)
    colour, alpha = pixels[:, :, :3] * pixels[:, :, 3:], 255 - pixels[:, :, 3:]
    return lambda frame, at: ((frame * alpha + colour) // 255).astype(np.uint8)


def _clear(film: Film) -> Picture:
    return Image.new("RGBA", film.size, (0, 0, 0, 0))


def _bar_and_logo(film: Film, rng: Random) -> Film:
    layer = _clear(film)
    bar(layer, (0, round(film.size[1] * 0.88), film.size[0], film.size[1]), rng)
    mark = emblem(rng.randrange(10**6), round(min(film.size) * 0.18))
    layer.paste(mark, (round(film.size[0] * 0.78), round(film.size[1] * 0.03)), mark)
    return each(film, _laid(layer))


def _large_logo(film: Film, rng: Random) -> Film:
    layer, side = _clear(film), round(min(film.size) * 0.42)
    mark = emblem(rng.randrange(10**6), side)
    layer.paste(mark, ((film.size[0] - side) // 2, round(film.size[1] * 0.3)), mark)
    return each(film, _laid(layer))


def _watermark(film: Film, rng: Random) -> Film:
    layer, unit = _clear(film), min(film.size)
    draw = ImageDraw.Draw(layer)
    for row in range(6):
        write(
            draw,
            "humas.sukorejo",
            (unit * (0.1 + 0.3 * (row % 2)), film.size[1] * row / 6),
            unit * 0.07,
            (255, 255, 255),
        )
    layer.putalpha(layer.getchannel("A").point(lambda alpha: alpha // 3))
    return each(film, _laid(layer))


def _subtitled(film: Film, rng: Random) -> Film:
    spoken = ("Selamat pagi warga semua", "Mari jaga kampung kita", "Laporkan bila ada pungutan", "Matur nuwun")
    layers = []
    for words in spoken:
        layer = _clear(film)
        draw, unit = ImageDraw.Draw(layer), min(film.size)
        middle = (film.size[0] / 2, film.size[1] * 0.66)
        draw.rectangle(
            (unit * 0.06, middle[1] - unit * 0.02, film.size[0] - unit * 0.06, middle[1] + unit * 0.09),
            fill=(0, 0, 0, 170),
        )
        write(draw, words, middle, unit * 0.055, (255, 240, 90), bold=0.04, anchor="m")
        layers.append(_laid(layer))
    return each(film, lambda frame, at: layers[int(at / 2.5) % len(layers)](frame, at))


def _story_black(film: Film, rng: Random) -> Film:
    size = (480, 854) if film.size[0] >= film.size[1] * 0.6 else (640, 360)
    return each(film, lambda frame, at: framed(frame, size), size)


def _story_blur(film: Film, rng: Random) -> Film:
    size = (480, 854) if film.size[0] >= film.size[1] * 0.6 else (640, 360)

    def make(frame: Frame, at: float) -> Frame:
        share = max(size[0] / frame.shape[1], size[1] / frame.shape[0])
        large = cv2.resize(
            cv2.blur(cv2.resize(frame, None, fx=0.25, fy=0.25), (9, 9)), None, fx=share * 4, fy=share * 4
        )
        y, x = max(0, (large.shape[0] - size[1]) // 2), max(0, (large.shape[1] - size[0]) // 2)
        ground = cv2.resize(large[y : y + size[1], x : x + size[0]], size)
        return framed(frame, size, ground)

    return each(film, make, size)


def _phone(film: Film, rng: Random) -> Film:
    """In the screen of a phone app: the clip within a drawn surface that does not move."""
    probe = Image.new("RGB", film.size, (255, 0, 255))
    surface = np.asarray(screens.phone(probe, rng).resize((480, 1040)))
    hole = (surface[:, :, 0] > 240) & (surface[:, :, 1] < 20) & (surface[:, :, 2] > 240)
    rows, columns = np.nonzero(hole.mean(axis=1) > 0.3)[0], np.nonzero(hole.any(axis=0))[0]
    top, left, size = rows[0], columns[0], (int(columns[-1] - columns[0] + 1), int(rows[-1] - rows[0] + 1))

    def make(frame: Frame, at: float) -> Frame:
        sheet = surface.copy()
        sheet[top : top + size[1], left : left + size[0]] = cv2.resize(frame, size, interpolation=cv2.INTER_AREA)
        return sheet

    return each(film, make, (480, 1040))


def _inset(film: Film, rng: Random) -> Film:
    """At 35 % of the width, in the corner of another clip."""
    size: tuple[int, int] = (854, 480)
    other = list(clips.filler(rng.randrange(clips.FILLERS), size, 6.0).frames())
    wide = round(size[0] * 0.35)
    tall = min(round(wide * film.size[1] / film.size[0]), round(size[1] * 0.9))
    wide = round(tall * film.size[0] / film.size[1])

    def make(frame: Frame, at: float) -> Frame:
        sheet = other[round(at * clips.RATE) % len(other)].copy()
        sheet[20 : 20 + tall, size[0] - 20 - wide : size[0] - 20] = cv2.resize(
            frame, (wide, tall), interpolation=cv2.INTER_AREA
        )
        return sheet

    return each(film, make, size)


def _greyed(frame: Frame, at: float) -> Frame:
    return np.repeat(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)[:, :, None], 3, axis=2)


def _warmed(frame: Frame, at: float) -> Frame:
    return np.clip(frame * np.float32([1.15, 1.0, 0.8]) + 12, 0, 255).astype(np.uint8)


def _other(film: Film, rng: Random, seconds: float) -> Film:
    return clips.filler(rng.randrange(clips.FILLERS), film.size, seconds)


def _with_intro(film: Film, rng: Random) -> Film:
    return joined(_other(film, rng, 3.0), film)


def _with_outro(film: Film, rng: Random) -> Film:
    return joined(film, _other(film, rng, 5.0))


def _middle(film: Film, rng: Random) -> Film:
    return piece(film, film.seconds * 0.2, film.seconds * 0.72)


def _in_report(film: Film, rng: Random) -> Film:
    """Most of it within a longer report of other pictures."""
    return joined(_other(film, rng, 5.0), piece(film, film.seconds * 0.1, film.seconds * 0.8), _other(film, rng, 6.0))


def _four_in_montage(film: Film, rng: Random) -> Film:
    return joined(_other(film, rng, 8.0), piece(film, 3.0, 7.0), _other(film, rng, 8.0))


def _many_things(film: Film, rng: Random) -> Film:
    return paced(_bar_and_logo(_cut(0.12)(film, rng), rng), 1.1, 15)


def _other_sound(film: Film, rng: Random) -> Film:
    return replace(film, sound=of_kind("music", rng.randrange(10**6), film.seconds))


def _filmed(film: Film, rng: Random) -> Film:
    """Filmed from a screen by hand: leaning, a little unsteady, soft, with room around."""
    width, height = film.size
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    inner = corners * 0.86 + np.float32([width, height]) * 0.07
    moved = inner + np.float32(
        [[rng.uniform(-0.03, 0.03) * width, rng.uniform(-0.03, 0.03) * height] for _ in range(4)]
    )
    wall = np.asarray(photograph(rng.randrange(10**6), film.size, "meeting"))

    def make(frame: Frame, at: float) -> Frame:
        shake = np.float32([np.sin(at * 2.1), np.cos(at * 1.7)]) * 3
        matrix = cv2.getPerspectiveTransform(corners, moved + shake)
        laid = cv2.warpPerspective(frame, matrix, film.size)
        mask = cv2.warpPerspective(np.full(frame.shape[:2], 255, np.uint8), matrix, film.size)
        return cv2.GaussianBlur(np.where(mask[:, :, None] > 127, laid, wall), (0, 0), 0.9)

    return each(film, make)


ALL: tuple[Change, ...] = (
    Change("again", _same, crf=30),
    Change("low_bitrate", _same, crf=38),
    Change("whatsapp_3", _same, crf=30, hops=3),
    Change("rate_12", lambda film, rng: paced(film, rate=12)),
    Change("rate_30", lambda film, rng: paced(film, rate=30)),
    Change("crop_15", _cut(0.15)),
    Change("crop_30", _cut(0.3)),
    Change("bar_and_logo", _bar_and_logo),
    Change("large_logo", _large_logo),
    Change("watermark", _watermark),
    Change("subtitles", _subtitled),
    Change("story_black", _story_black),
    Change("story_blur", _story_blur),
    Change("phone_frame", _phone),
    Change("inset_35", _inset),
    Change("filmed_screen", _filmed),
    Change("mirror", lambda film, rng: each(film, lambda frame, at: frame[:, ::-1])),
    Change("grey", lambda film, rng: each(film, _greyed)),
    Change("warm", lambda film, rng: each(film, _warmed)),
    Change("speed_0.8", lambda film, rng: paced(film, 0.8), speed=0.8),
    Change("speed_1.25", lambda film, rng: paced(film, 1.25), speed=1.25),
    Change("middle_half", _middle, lambda seconds: (seconds * 0.2, seconds * 0.72)),
    Change("intro_3s", _with_intro),
    Change("outro_5s", _with_outro),
    Change("in_report", _in_report, lambda seconds: (seconds * 0.1, seconds * 0.8)),
    Change("many_things", _many_things, speed=1.1),
    Change("no_sound", lambda film, rng: replace(film, sound=None)),
    Change("other_sound", _other_sound),
)


@dataclass(frozen=True)
class Negative:
    """A posted clip that no material may match. `has_sign`: a person should be shown it (a piece, its sound)."""

    kind: str
    path: Path
    of: str = ""
    has_sign: bool = False


def negatives(name: str, source: Path, script: clips.Script | None, seed: int, folder: Path) -> Iterator[Negative]:
    """Every kind that can be made of this material, each made once."""
    for kind, has_sign, film in _unlike(source, script, seed):
        path = folder / f"{name}-not-{kind}.mp4"
        if not path.exists():
            write_film(path, film, 27)
        yield Negative(kind, path, name, has_sign)


def _unlike(source: Path, script: clips.Script | None, seed: int) -> Iterator[tuple[str, bool, Film]]:
    material, rng = read_film(source), Random(f"unlike {seed} {source.stem}")
    size, seconds = material.size, material.seconds
    yield "piece_3s", True, piece(material, seconds * 0.4, seconds * 0.4 + 3)
    yield "four_in_montage", True, _four_in_montage(material, rng)
    yield (
        "reversed_order",
        True,
        joined(*(piece(material, at * seconds / 5, (at + 1) * seconds / 5) for at in (4, 3, 2, 1, 0))),
    )
    yield "same_intro", True, joined(piece(material, 0, 3), _other(material, rng, seconds - 3))
    yield "same_sound_other_pictures", True, replace(_other(material, rng, seconds), sound=material.sound)
    for kind in ("moving", "fixed", "slides"):
        yield f"unrelated_{kind}", False, clips.stranger(rng.randrange(10**6), size, kind).film()
    if script is None:
        return
    if script.kind == "fixed":
        yield "same_camera_other_hour", False, clips.another_hour(script).film()
        yield (
            "same_camera_other_hour_same_sound",
            True,
            replace(clips.another_hour(script).film(), sound=material.sound),
        )
    if script.kind in ("fixed", "moving"):
        yield "reshot_take", False, clips.another_take(script).film()
    if script.kind == "slides":
        yield "same_slides_other_words", False, clips.other_words(script).film()
