"""A material's file, read now or taken from the store: the same to the bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from crawler.sandbox import studio
from pipelines.media.original import Original, read_original, unpack_original


def drawn(kind: str, folder: Path) -> Path:
    if kind == "video":
        return studio.clip(folder / "c.mp4", 5, studio.Take((180, 320), 3.0))
    path = folder / "p.jpg"
    path.write_bytes(studio.as_jpeg(studio.poster(0, "Tolak tip", 2026)))
    return path


def said(one: Original) -> list[object]:
    """All of it, bit by bit."""
    views = [(view.second, view.is_mirrored, view.features.width, view.features.height) for view in one.views]
    arrays = [
        np.ascontiguousarray(array).tobytes()
        for view in one.views
        for array in (view.features.points, view.features.angles, view.features.sizes, view.features.descriptors)
    ]
    return [one.fingerprint, views, arrays, one.reel]


@pytest.mark.parametrize("kind", ["image", "video"])
def test_what_was_just_read_is_what_the_store_gives_back(tmp_path: Path, kind: str) -> None:
    """The first comparison with a material says what every later one says."""
    fresh = read_original(drawn(kind, tmp_path), kind)

    assert said(fresh) == said(unpack_original(fresh.pack()))
    assert fresh.views


def test_trouble_comes_again_too(tmp_path: Path) -> None:
    """A file that cannot be read has no views, and its reason."""
    (tmp_path / "p.jpg").write_bytes(b"<html>login</html>")

    fresh = read_original(tmp_path / "p.jpg", "image")

    assert fresh.trouble
    assert said(fresh) == said(unpack_original(fresh.pack(), fresh.trouble))
