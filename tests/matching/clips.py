"""A seed -> films of our own: a camera that moves and cuts, a camera that stands while people pass, slides."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import cv2
import numpy as np
from PIL import Image, ImageDraw

from tests.matching.films import Film, Frame, piece, read_film, write_film
from tests.matching.painting import INKS, Picture, emblem, noise_of, write
from tests.matching.people import Person
from tests.matching.photographs import KINDS, photograph
from tests.matching.posters import TEMPLATES, Poster
from tests.matching.screens import fitted
from tests.matching.sounds import of_kind
from tests.matching.wording import words_of

Size = tuple[int, int]
CLIPS = 6  # references per seed unless told otherwise
RATE = 20
_ORDER = ("moving", "fixed", "slides", "moving", "fixed", "moving")
_SIZES: tuple[Size, ...] = ((480, 854), (640, 360), (480, 600), (480, 854))
FILLERS = 3
FILLER_SECONDS = 15.0
_HERE = Path(__file__).parent
_FILLERS = _HERE.parents[1] / ".bench" / "matching" / "fillers"
_DRAWN_BY = ("painting", "people", "photographs", "clips", "films")
_STEPS = 8  # drawn moments of a stride


@dataclass(frozen=True)
class Script:
    """What is filmed. The same `scene` is the same place, the same `action` the same people and words.

    `take`: 0 is the material; another number the same again, from a little beside and not at the same moment.
    """

    kind: str
    scene: int
    action: int
    size: Size
    seconds: float
    take: int = 0
    words: int = 0

    def film(self) -> Film:
        """The film, with a sound that follows from scene, action and take."""
        kind = ("speech", "speech_over_music", "music")[self.scene % 3]
        sound = of_kind(kind, self.scene * 31 + self.action * 7 + self.take, self.seconds)
        return Film(self.size, RATE, self.seconds, lambda: _SHOTS[self.kind](self), sound)


def scripts(seed: int, many: int = CLIPS) -> Iterator[tuple[str, Script]]:
    """Names and scripts of the materials."""
    for number in range(many):
        rng, kind = Random(f"clip {seed} {number}"), _ORDER[number % len(_ORDER)]
        seconds = float(rng.choice((10, 12, 15)))
        script = Script(
            kind, rng.randrange(10**6), rng.randrange(10**6), rng.choice(_SIZES), seconds, words=seed * 7 + number
        )
        yield f"{number:02d}-{kind}", script


def originals(seed: int, many: int, folder: Path) -> Iterator[tuple[str, Path, Script]]:
    """The materials as files; made once."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, script in scripts(seed, many):
        path = folder / f"{name}.mp4"
        if not path.exists():
            write_film(path, script.film(), 22)
        yield name, path, script


def _moving(script: Script) -> Iterator[Frame]:
    """Shots of about three seconds: the camera glides over a large scene, people walk, words come in."""
    rng, shot = Random(f"moving {script.scene}"), 0
    left = round(script.seconds * RATE)
    while left > 0:
        length = min(left, round(rng.uniform(2.4, 4.2) * RATE))
        yield from _glide(script, Random(f"glide {script.scene} {shot}"), length, shot)
        left, shot = left - length, shot + 1


def _glide(script: Script, rng: Random, length: int, shot: int) -> Iterator[Frame]:
    width, height = script.size
    scene_size = (round(width * 1.7), round(height * 1.35))
    ground = np.asarray(photograph(rng.randrange(10**6), scene_size, rng.choice(sorted(KINDS))))
    walkers = [_Walker(rng, scene_size, script.take) for _ in range(3)]
    words = _title(words_of(script.words, script.words + shot).headline, script.size, rng)
    start, stop, zoom = rng.uniform(0.05, 0.3), rng.uniform(0.6, 0.9), rng.uniform(0.86, 1.12)
    if script.take:
        again = Random(f"again {script.scene} {shot} {script.take}")
        start, stop, zoom = (
            start + again.uniform(0.04, 0.1),
            stop - again.uniform(0.05, 0.2),
            zoom * again.uniform(1.04, 1.1),
        )
    for step in range(length):
        share = step / max(1, length - 1)
        sheet = Image.fromarray(ground)
        for walker in walkers:
            walker.paste(sheet, step / RATE)
        scale = 1 / (zoom + 0.12 * share)
        x = (scene_size[0] - width * scale) * (start + (stop - start) * share)
        y = (scene_size[1] - height * scale) * (0.3 + 0.3 * share)
        view = cv2.warpAffine(
            np.asarray(sheet),
            np.float32([[1 / scale, 0, -x / scale], [0, 1 / scale, -y / scale]]),
            script.size,
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT,
        )
        yield _lettered(_grained(view, step), words, min(1.0, share * 4))


def _fixed(script: Script) -> Iterator[Frame]:
    """A camera on a wall: one person after the other walks through."""
    width, height = script.size
    beside = Random(f"beside {script.scene} {script.take}")
    zoom, shift = (1.0, 0.0) if not script.take else (beside.uniform(1.04, 1.08), beside.uniform(0.01, 0.03))
    kind = ("street", "meeting", "hills", "ceremony")[script.scene % 4]
    ground = np.asarray(photograph(script.scene, script.size, kind))
    rng, walkers, at = Random(f"walkers {script.action}"), [], 0.0
    while at < script.seconds:
        walkers.append(_Walker(rng, script.size, script.take, at))
        at += rng.uniform(0.9, 2.2)
    matrix = np.float32([[zoom, 0, -width * shift], [0, zoom, -height * shift]])
    for step in range(round(script.seconds * RATE)):
        sheet = Image.fromarray(ground)
        for walker in walkers:
            walker.paste(sheet, step / RATE)
        view = np.asarray(sheet)
        if script.take:
            view = cv2.warpAffine(view, matrix, script.size, borderMode=cv2.BORDER_REFLECT)
        yield _stamped(_grained(view, step), step, script)


def _slides(script: Script) -> Iterator[Frame]:
    """Posters shown one after the other, with a short dissolve."""
    rng, total = Random(f"slides {script.scene}"), round(script.seconds * RATE)
    many = max(3, round(script.seconds / 3.5))
    shown = [
        np.asarray(_slide(script, rng.randrange(10**6), number, rng.choice(sorted(TEMPLATES))))
        for number in range(many)
    ]
    for step in range(total):
        place = step * many / total
        number, share = int(place), max(0.0, (place % 1) * (total / many / RATE) - (total / many / RATE - 0.4)) / 0.4
        after = shown[min(number + 1, many - 1)]
        yield shown[number] if share <= 0 else cv2.addWeighted(shown[number], 1 - share, after, share, 0)


def _slide(script: Script, look: int, number: int, template: str) -> Picture:
    size = (720, 900) if script.size[0] < script.size[1] else (1200, 800)
    poster = Poster(
        template, look, size, words_of(script.words + script.action, script.words + script.action + number)
    ).drawn()
    sheet = Image.new("RGB", script.size, INKS[script.scene % len(INKS)][0])
    inner = fitted(poster, *script.size)
    sheet.paste(inner, ((sheet.width - inner.width) // 2, (sheet.height - inner.height) // 2))
    return sheet


_SHOTS = {"moving": _moving, "fixed": _fixed, "slides": _slides}


class _Walker:
    """Somebody who crosses the picture, from second `at`; another take walks a little otherwise."""

    def __init__(self, rng: Random, size: Size, take: int, at: float = -0.5) -> None:
        who, tall = Person(rng.randrange(10**6)), round(size[1] * rng.uniform(0.34, 0.52))
        again = Random(f"walk {rng.randrange(10**6)} {take}")
        self.at = at + (again.uniform(-0.9, 0.9) if take else 0.0)
        self.pace = size[0] * rng.uniform(0.18, 0.32) * rng.choice((-1, 1)) * (again.uniform(0.8, 1.2) if take else 1.0)
        self.size, self.foot = size, size[1] * rng.uniform(0.86, 0.99)
        self.moments = [who.drawn(tall, 2 * np.pi * step / _STEPS, rng.uniform(0, 0.6)) for step in range(_STEPS)]

    def paste(self, sheet: Picture, second: float) -> None:
        since = second - self.at
        wide = self.moments[0].width
        x = -wide + self.pace * since if self.pace > 0 else self.size[0] + self.pace * since
        if since < 0 or not -wide < x < self.size[0]:
            return
        moment = self.moments[int(since * 10) % _STEPS]
        sheet.paste(moment, (round(x), round(self.foot - moment.height)), moment)


def _title(text: str, size: Size, rng: Random) -> Frame:
    """A lower third, RGBA."""
    deep, _, light, accent = rng.choice(INKS)
    layer = Image.new("RGBA", size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    unit = min(size)
    top = size[1] * 0.74
    draw.rectangle((0, top, size[0] * 0.94, top + unit * 0.2), fill=(*deep, 225))
    draw.rectangle((0, top, size[0] * 0.02, top + unit * 0.2), fill=accent)
    write(
        draw,
        text,
        (size[0] * 0.05, top + unit * 0.03),
        unit * 0.062,
        light,
        room=size[0] * 0.86,
        bold=0.03,
        leading=1.15,
    )
    mark = emblem(rng.randrange(10**6), round(unit * 0.14))
    layer.paste(mark, (round(size[0] * 0.04), round(size[1] * 0.04)), mark)
    return np.asarray(layer)


def _lettered(frame: Frame, layer: Frame, share: float) -> Frame:
    """The title sliding in from the left."""
    moved = np.roll(layer, -round(frame.shape[1] * (1 - share)), axis=1) if share < 1 else layer
    alpha = moved[:, :, 3:].astype(np.uint16)
    if share < 1:
        alpha = alpha.copy()
        alpha[:, max(1, round(frame.shape[1] * share)) :] = 0
    return ((frame * (255 - alpha) + moved[:, :, :3].astype(np.uint16) * alpha) // 255).astype(np.uint8)


def _stamped(frame: Frame, step: int, script: Script) -> Frame:
    """A camera's own light going up and down a little."""
    light = 1 + 0.02 * np.sin(step / RATE * 1.3 + script.take)
    return cv2.convertScaleAbs(frame, alpha=light, beta=0)


_GRAIN = (noise_of(Random("grain")).standard_normal((1400, 1400, 1), np.float32) * 3).astype(np.int16)


def _grained(frame: Frame, step: int) -> Frame:
    """With the sensor's noise, another in each frame."""
    y, x = (step * 37) % 400, (step * 91) % 400
    rows, columns = (
        np.arange(start, start + length) % len(_GRAIN) for start, length in zip((y, x), frame.shape[:2], strict=True)
    )
    part = _GRAIN[np.ix_(rows, columns)]
    return np.clip(frame.astype(np.int16) + part, 0, 255).astype(np.uint8)


def filler(number: int, size: Size, seconds: float) -> Film:
    """Seconds of a clip that is nobody's, to put before, after and around others; drawn once and kept."""
    drawn = hashlib.sha256(b"".join((_HERE / f"{name}.py").read_bytes() for name in _DRAWN_BY)).hexdigest()[:10]
    path = _FILLERS / drawn / f"{number}-{size[0]}x{size[1]}.mp4"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}.part")
        write_film(unfinished, stranger(number + 70, size, "moving", FILLER_SECONDS).film(), 22)
        unfinished.rename(path)
    return piece(read_film(path), 0, min(seconds, FILLER_SECONDS))


def another_hour(script: Script) -> Script:
    """The same camera, other people."""
    return replace(script, action=script.action + 1)


def another_take(script: Script) -> Script:
    """The same people at the same place once more."""
    return replace(script, take=1)


def other_words(script: Script) -> Script:
    """The same slides or titles' look, other campaigns."""
    return replace(script, words=script.words + 5)


def stranger(seed: int, size: Size, kind: str = "moving", seconds: float = 12.0) -> Script:
    """A clip that is nobody's material."""
    return Script(kind, seed + 5_000_000, seed + 1, size, seconds, words=seed % 97 + 500)
