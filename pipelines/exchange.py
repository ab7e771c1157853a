"""A store made anew and the one in use -> the new one in its place, the old one kept beside it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from crawler.errors import StoreDamaged
from pipelines.store import Store


def exchange(fresh: Path, path: Path) -> Path | None:
    """Put the new file in the old one's place in one step: a kill on the way leaves the one or the other, never none.

    A write-ahead log belongs to its own file only: a store that can be opened writes its own into itself.
    """
    kept = path.with_name(f"{path.name}.before-rebuild")
    remove(kept)
    if path.exists():
        with suppress(StoreDamaged):
            Store(path).rows("SELECT 1")
    for source, end in _parts(path):
        _keep_beside(source, Path(f"{kept}{end}"))
        if end:
            source.unlink()
    fresh.replace(path)
    return kept if kept.exists() else None


def _keep_beside(source: Path, target: Path) -> None:
    """A second name for a file; a copy where the disk knows no second names."""
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copy2(source, target)


def _parts(path: Path) -> Iterator[tuple[Path, str]]:
    """The files of a store that are there, the log first."""
    for end in (".wal", ""):
        if (part := Path(f"{path}{end}")).exists():
            yield part, end


def remove(path: Path) -> None:
    """Take a store and its log away."""
    for part, _ in list(_parts(path)):
        part.unlink()
