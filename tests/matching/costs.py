"""The matchers at work -> what one item costs in processor time, and a reference in memory; how both grow."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from pipelines.exhibits import a_post
from pipelines.items import Campaign, Material
from pipelines.match import build_references, compare, index_references
from tests.matching import clips, films, originals
from tests.matching.painting import as_jpeg
from tests.matching.scoring import Answer
from tests.matching.trials import CACHE


def cost_lines(subject: str, given: Sequence[Answer]) -> Iterator[str]:
    """Median and worst tenth of processor time, for files that hold a material and that do not."""
    groups = {
        "unrelated": [one for one in given if one.trial.kind.startswith(("unrelated", "other_"))],
        "matching": [one for one in given if one.trial.is_copy],
        "another version": [one for one in given if one.trial.expected == "another_version"],
    }
    for name, group in groups.items():
        if group:
            spent = sorted(one.cpu_seconds * 1000 for one in group)
            yield (
                f"cost, {subject}, {name}: median {statistics.median(spent):.0f} ms, "
                f"worst tenth above {spent[int(len(spent) * 0.9)]:.0f} ms of one core (n = {len(spent)})"
            )


def clip_line() -> str:
    """What half a minute at 720 × 1280 costs, posted as it is and as nobody's."""
    folder = CACHE / "cost"
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, kind in enumerate(("moving", "fixed")):
        path = folder / f"{kind}-720p.mp4"
        if not path.exists():
            films.write_film(path, clips.stranger(7 + number, (720, 1280), kind, 30.0).film(), 26)
        paths.append(path)
    again = folder / "moving-again.mp4"
    if not again.exists():
        films.write_film(again, films.each(films.read_film(paths[0]), lambda frame, at: frame), 30)
    material = Material("bench", "m", "m", "video", (paths[0],))
    index = index_references(build_references([Campaign("bench", "Bench", (), (material,), ())]))
    spent = []
    for path in (again, paths[1]):
        before = time.process_time()
        compare(a_post(files=[(path, "video")]), index)
        spent.append(time.process_time() - before)
    return f"cost, a 30 s clip: {spent[0]:.2f} s when it is the material, {spent[1]:.2f} s at 720 × 1280 when it is not"


def growth_lines(seed: int, steps: Sequence[int] = (10, 100, 1000)) -> Iterator[str]:
    """What an unrelated and a matching picture cost among more and more references, and what these weigh."""
    paths = _many(seed, max(steps))
    materials = [Material("bench", path.stem, path.stem, "image", (path,)) for path in paths]
    cache: dict[str, object] = {}
    for step in steps:
        before = time.process_time()
        references = build_references([Campaign("bench", "Bench", (), tuple(materials[:step]), ())], cache)  # type: ignore[arg-type]
        read = time.process_time() - before
        index = index_references(references)
        weight = sum(len(one.pack()) for each in references for _, one in each.originals) / len(references)
        spent = {}
        for name, tried in (("matching", _copies(paths[:step], seed)), ("unrelated", _strangers(seed))):
            times = []
            for path in tried:
                before = time.process_time()
                compare(a_post(files=[(path, "image")]), index)
                times.append((time.process_time() - before) * 1000)
            spent[name] = statistics.median(times)
        yield (
            f"{step:>5} references: unrelated {spent['unrelated']:.0f} ms, matching {spent['matching']:.0f} ms, "
            f"{weight / 1024:.0f} KiB each ({read:.1f} s to read those that are new)"
        )


def _many(seed: int, many: int) -> list[Path]:
    folder = CACHE / f"growth-{seed}"
    folder.mkdir(parents=True, exist_ok=True)
    made = sorted(folder.glob("*.jpg"))
    if len(made) < many:
        for one in originals.pictures(seed + 500, many):
            (folder / f"{one.name}.jpg").write_bytes(as_jpeg(one.picture, 90))
        made = sorted(folder.glob("*.jpg"))
    return made[:many]


def _copies(paths: Sequence[Path], seed: int) -> list[Path]:
    chosen = Random(f"growth {seed}").sample(list(paths), min(8, len(paths)))
    return [_kept(CACHE / "cost" / f"copy-{seed}-{path.name}", path) for path in chosen]


def _kept(path: Path, source: Path) -> Path:
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(source) as file:
        path.write_bytes(as_jpeg(file.convert("RGB"), 60))
    return path


def _strangers(seed: int) -> list[Path]:
    folder = CACHE / "cost"
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for one in originals.strangers(seed + 900, 8):
        path = folder / f"{seed}-{one.name}.jpg"
        path.write_bytes(as_jpeg(one.picture, 85))
        paths.append(path)
    return paths
