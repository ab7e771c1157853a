"""The same files put to what others use -> for each file whether it would be called a copy of the right reference."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import av
import numpy as np
from PIL import Image

from pipelines.media.pdq import Hashes, as_words, distances, pdq
from tests.matching.trials import Bench, Trial

PDQ_NEAR = 31  # Meta's own threshold
PHASH_NEAR = 10  # of 64 bits: what tutorials recommend
VPDQ_SHARE = 0.8  # of the posted clip's frames
VPDQ_QUALITY = 50
SAMPLED_EVERY = 0.5  # seconds

Hits = dict[str, bool]


def others_on(bench: Bench) -> tuple[dict[str, Hits], list[str]]:
    """Per other way, its hits by file (for a copy: the right one is nearest); and sentences on what is missing."""
    if bench.media == "image":
        ways = {"PDQ≤31": _nearest(bench, _pdq_of, PDQ_NEAR)}
        if importlib.util.find_spec("imagehash") is None:
            return ways, ["imagehash is not installed (pip install ImageHash), so its column is missing."]
        return {**ways, "phash≤10": _nearest(bench, _phash_of, PHASH_NEAR)}, []
    if bench.media == "video":
        return {"vPDQ-like": {one.path: _is_like(one, bench) for one in bench.trials}}, []
    return {}, []


def _nearest(bench: Bench, mark: object, near: int) -> Hits:
    names = list(bench.references)
    table = np.concatenate([mark(path) for path in bench.references.values()])  # type: ignore[operator]
    hits = {}
    for trial in bench.trials:
        found = distances(mark(trial.path), table)[0]  # type: ignore[operator]
        at = int(found.argmin())
        hits[trial.path] = bool(found[at] <= near) and (not trial.is_copy or names[at] == trial.of)
    return hits


def _pdq_of(path: str) -> Hashes:
    with Image.open(path) as file:
        return as_words(pdq(np.asarray(file.convert("L"))).bits)


def _phash_of(path: str) -> Hashes:
    """64 bits as the first of four words."""
    imagehash = importlib.import_module("imagehash")
    with Image.open(path) as file:
        bits = np.packbits(imagehash.phash(file).hash.ravel()).tobytes()
    return as_words(bits + bytes(24))


def _is_like(trial: Trial, bench: Bench) -> bool:
    """Whether most of the clip's frames are near some frame of a reference (the right one for a copy)."""
    posted = clip_hashes(trial.path)
    for name, path in bench.references.items():
        if trial.is_copy and name != trial.of:
            continue
        own = clip_hashes(path)
        if len(own) and len(posted) and (distances(posted, own).min(axis=1) <= PDQ_NEAR).mean() >= VPDQ_SHARE:
            return True
    return False


@cache
def clip_hashes(path: str) -> Hashes:
    """PDQ of two frames a second, plain ones left out."""
    marks = [pdq(grey) for grey in _sampled(Path(path))]
    return as_words(b"".join(mark.bits for mark in marks if mark.quality >= VPDQ_QUALITY))


def _sampled(path: Path) -> Iterator[np.ndarray]:
    with av.open(str(path)) as container:
        due = 0.0
        for frame in container.decode(video=0):
            if (frame.time or 0.0) >= due:
                due += SAMPLED_EVERY
                yield frame.to_ndarray(format="gray")
