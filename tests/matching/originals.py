"""A seed -> the materials of a benchmark: posters and photographs as they leave the ministry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.matching.painting import Picture
from tests.matching.photographs import KINDS, photograph
from tests.matching.posters import TEMPLATES, Poster
from tests.matching.wording import words_of

PICTURES = 24  # references per seed unless told otherwise
_SIZES = ((1080, 1080), (1080, 1350), (1350, 900), (1080, 1350), (960, 1280), (720, 720))


@dataclass(frozen=True)
class Original:
    """A picture with its name; `poster` is how it was made, None for photographs and outside files."""

    name: str
    picture: Picture
    poster: Poster | None = None


def pictures(seed: int, many: int = PICTURES) -> Iterator[Original]:
    """Two posters for each photograph, in all templates, sizes and languages."""
    kinds, templates = sorted(KINDS), sorted(TEMPLATES)
    for number in range(many):
        rng = Random(f"original {seed} {number}")
        size = rng.choice(_SIZES)
        if number % 3 == 2:
            kind = kinds[(number // 3 + seed) % len(kinds)]
            yield Original(f"{number:03d}-{kind}", photograph(rng.randrange(10**6), size, kind))
            continue
        place = number - number // 3
        poster = _poster(seed, place, templates[(place + seed) % len(templates)], size)
        yield Original(f"{number:03d}-{poster.template}", poster.drawn(), poster)


def strangers(seed: int, many: int) -> Iterator[Original]:
    """Pictures of the same world that are nobody's material."""
    for one in pictures(seed + 10_000, many):
        yield Original(f"stranger-{one.name}", one.picture, one.poster)


def _poster(seed: int, place: int, template: str, size: tuple[int, int]) -> Poster:
    look = Random(f"look {seed} {place}").randrange(10**6)
    return Poster(template, look, size, words_of(seed * 1000 + place, place * 5 + seed))


def outside(folder: Path) -> Iterator[Original]:
    """Every picture file of a folder that is not ours; the largest side is kept at 1600 pixels."""
    from PIL import Image, ImageOps

    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in {".jpg", ".jpeg", ".png", ".webp"}:
            with Image.open(path) as file:
                picture = ImageOps.exif_transpose(file).convert("RGB")
            picture.thumbnail((1600, 1600))
            yield Original(path.stem, picture)
