"""Words, links and files -> small posts and references, for the matchers' own examples and tests."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image, ImageDraw

from crawler.items import Media, Post, Quality
from pipelines.items import Material, Require
from pipelines.matchers import Reference, Seen
from pipelines.media.fingerprint import fingerprint
from pipelines.media.original import read_original

_WHEN = datetime(2026, 1, 1, tzinfo=UTC)


def a_post(words: str = "", links: Sequence[str] = (), files: Sequence[tuple[Path, str]] = ()) -> Seen:
    """A post with this text, these links and these (file, kind) media."""
    paths = {digest(path): path for path, _ in files}
    media = tuple(Media(path.name, kind, "", digest(path)) for path, kind in files)
    post = Post("p", "instagram", "a", "a", "p", "https://www.instagram.com/p/CxPost00001/", _WHEN, _WHEN,
                Quality.EXACT, words, tuple(links), media)  # fmt: skip
    return Seen(post, {digest(path): fingerprint(path, kind) for path, kind in files}, paths.__getitem__)


def a_reference(kind: str, files: Sequence[Path] = (), caption: str = "", links: Sequence[str] = (),
                require: Require | None = None, mode: str = "same") -> Reference:  # fmt: skip
    """A reference to a material of this kind."""
    material = Material("c", "m", "M", kind, tuple(files), caption, tuple(links), mode, require or Require())
    shown = {digest(path): read_original(path, kind) for path in files}
    bare = Reference(material, "r", shown, {digest(path): path for path in files})
    return Reference(material, "r", bare.shown, bare.files, bare.tags)


def digest(path: Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def an_emblem(points: int) -> Image.Image:
    """An agency's emblem, RGBA 256 × 256: a ringed disc with a star of so many points."""
    picture = Image.new("RGBA", (512, 512), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((8, 8, 504, 504), fill=(240, 190, 50, 255))
    draw.ellipse((40, 40, 472, 472), fill=(20, 50, 120, 255))
    turns = [math.pi * corner / points for corner in range(2 * points)]
    reach = [170 if corner % 2 == 0 else 70 for corner in range(2 * points)]
    corners = [(256 + far * math.sin(turn), 256 - far * math.cos(turn)) for far, turn in zip(reach, turns, strict=True)]
    draw.polygon(corners, fill=(255, 255, 255, 255))
    return picture.resize((256, 256))
