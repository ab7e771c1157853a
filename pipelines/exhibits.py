"""Words, links and files -> small posts and references, for the matchers' own examples and tests."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

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
