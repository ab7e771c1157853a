"""A seed -> the files of a benchmark with what is true of each; made once, kept in .bench/ under what made them."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tests.matching import clip_changes, clips, image_changes, image_negatives, originals, sound_changes, sounds
from tests.matching.painting import as_jpeg

CACHE = Path(__file__).resolve().parents[2] / ".bench" / "matching"
HERE = Path(__file__).parent
PIECE = 0.5  # Material.minimum_share, unless a campaign says otherwise
_DRAWING = ("painting", "people", "photographs", "posters", "wording", "originals", "screens", "image_changes")
_MADE_BY = {
    "images": (*_DRAWING, "image_negatives"),
    "clips": (*_DRAWING, "clips", "films", "clip_changes", "sounds"),
    "sounds": ("painting", "sounds", "sound_changes", "trials"),
}


@dataclass(frozen=True)
class Trial:
    """A posted file and what is true of it.

    `expected`: match | another_version | sign | other. `of`: the reference it shows or is near to.
    `covered`: seconds of the material that are shown; `speed`: how fast they run. `is_piece`: less than
    half of it is there, so a review is the right answer.
    """

    kind: str
    expected: str
    path: str
    of: str = ""
    is_untouched: bool = False
    covered: tuple[float, float] = (0.0, 0.0)
    speed: float = 1.0
    is_piece: bool = False

    @property
    def is_copy(self) -> bool:
        """Whether it shows the material and must be recognised."""
        return self.expected == "match"


@dataclass(frozen=True)
class Bench:
    """References by name, and the trials put to them; `media`: image | video | audio."""

    media: str
    references: dict[str, str]
    trials: tuple[Trial, ...]


@dataclass(frozen=True)
class Order:
    """What to make: `names` of changes (none = all), `folder` of outside originals instead of our own."""

    seed: int
    many: int
    names: tuple[str, ...] = ()
    folder: Path | None = None


def bench_of(subject: str, order: Order) -> Bench:
    """The files of `subject` (images, clips, sounds), made now unless they were."""
    folder = CACHE / f"{subject}-{_key(subject, order)}"
    listing = folder / "trials.json"
    if not listing.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = _MAKERS[subject](order, folder)
        listing.write_text(json.dumps(asdict(made)))
    kept = json.loads(listing.read_text())
    trials = tuple(Trial(**{**one, "covered": tuple(one["covered"])}) for one in kept["trials"])
    return Bench(kept["media"], kept["references"], trials)


def _key(subject: str, order: Order) -> str:
    """Changes with the order and with the code that draws."""
    made = hashlib.sha256(repr((order, __file__)).encode())
    for name in _MADE_BY[subject]:
        made.update((HERE / f"{name}.py").read_bytes())
    return f"{order.seed}-{order.many}-{made.hexdigest()[:10]}"


def _images(order: Order, folder: Path) -> Bench:
    own = _outside(order.folder) if order.folder else list(originals.pictures(order.seed, order.many))
    references = {one.name: _kept(folder / f"{one.name}.jpg", as_jpeg(one.picture, 92)) for one in own}
    return Bench("image", references, tuple(_image_trials(own, order, folder)))


def _outside(folder: Path) -> list[originals.Original]:
    """The pictures of a folder, under names that are safe and differ."""
    found = enumerate(originals.outside(folder))
    return [replace(one, name=_safe(number, one.name)) for number, one in found]


def _safe(number: int, name: str) -> str:
    return f"{number:03d}-{re.sub(r'[^A-Za-z0-9]+', '-', name)[:40]}"


def _image_trials(own: Sequence[originals.Original], order: Order, folder: Path) -> Iterator[Trial]:
    for number, one in enumerate(own):
        for change in image_changes.changes(order.names):
            content = change.apply(one.picture, order.seed * 1000 + number)
            path = _kept(folder / f"{one.name}-{change.name}.jpg", content)
            yield Trial(change.name, "match", path, one.name, change.is_untouched)
    for number, negative in enumerate(image_negatives.negatives(own, order.seed)):
        path = _kept(folder / f"not-{number:04d}-{negative.kind}.jpg", negative.content)
        yield Trial(negative.kind, negative.expected, path, negative.of)


def _clips(order: Order, folder: Path) -> Bench:
    own = list(
        _outside_clips(order.folder, folder) if order.folder else clips.originals(order.seed, order.many, folder)
    )
    references = {name: str(path) for name, path, _ in own}
    return Bench("video", references, tuple(_clip_trials(own, order, folder)))


def _outside_clips(source: Path, folder: Path) -> Iterator[tuple[str, Path, clips.Script | None]]:
    """The clips of a folder, copied under names that are safe and differ."""
    found = (path for path in sorted(source.rglob("*")) if path.suffix.lower() in {".mp4", ".mov", ".webm", ".mkv"})
    for number, path in enumerate(found):
        name = _safe(number, path.stem)
        kept = folder / f"{name}{path.suffix.lower()}"
        shutil.copyfile(path, kept)
        yield name, kept, None


_Own = tuple[str, Path, clips.Script | None]


def _clip_trials(own: Sequence[_Own], order: Order, folder: Path) -> Iterator[Trial]:
    posted = folder / "posted"
    posted.mkdir(exist_ok=True)
    for name, source, script in own:
        seconds = clip_changes.read_film(source).seconds
        for change in clip_changes.changes(order.names):
            path = change.write(source, order.seed, posted)
            yield Trial(change.name, "match", str(path), name, True, change.covered(seconds), change.speed)
        for no in clip_changes.negatives(name, source, script, order.seed, posted):
            yield Trial(no.kind, "sign" if no.has_sign else "other", str(no.path), no.of)


def _sounds(order: Order, folder: Path) -> Bench:
    own = list(sounds.sounds(order.seed, order.many))
    references = {one.name: str(sounds.write_sound(folder / f"{one.name}.m4a", one.samples, 128_000)) for one in own}
    return Bench("audio", references, tuple(_sound_trials(own, order, folder)))


def _sound_trials(own: Sequence[sounds.Sound], order: Order, folder: Path) -> Iterator[Trial]:
    posted = folder / "posted"
    posted.mkdir(exist_ok=True)
    for one in own:
        for change in sound_changes.CHANGES:
            if not order.names or change.name in order.names:
                path = change.write(one, order.seed, posted)
                is_piece = change.share < PIECE
                yield Trial(change.name, "match", str(path), one.name, True, speed=change.speed, is_piece=is_piece)
    for silent in sound_changes.negatives(own, order.seed, posted):
        yield Trial(silent.kind, "other", str(silent.path))


_MAKERS: dict[str, Callable[[Order, Path], Bench]] = {"images": _images, "clips": _clips, "sounds": _sounds}


def _kept(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return str(path)
