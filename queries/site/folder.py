"""Names and bytes -> files of one folder, each written whole, only where it changed; what is gone is taken away.

manifest.json names what is ours. It is written before a name is first used: a killed run is made good by the next.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from crawler.errors import WrongUse
from crawler.language import say

MANIFEST = "manifest.json"
FORMAT = 1
UNFINISHED = ".tayang-site.new"

_PART = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"
_NAME = re.compile(rf"(?:{_PART}/){{0,3}}{_PART}")


class Folder:
    """One site's files. `done` counts them: written, unchanged, removed, left (changed by others, so not removed)."""

    def __init__(self, path: Path) -> None:
        """Raises: WrongUse for a manifest that is not ours."""
        self.path = path
        self.done: Counter[str] = Counter()
        self._before = _read_manifest(path / MANIFEST)
        self._now: dict[str, str] = {}
        self._inside: dict[Path, bool] = {}  # asked once: a site has thousands of files in five folders
        self._made: set[Path] = set()
        self._unfinished = path / UNFINISHED

    def claim(self, names: Iterable[str]) -> None:
        """Say which names will be used. Raises: WrongUse where a file of somebody else has one of them."""
        fresh = [name for name in names if name not in self._before]
        for name in fresh:
            if os.path.lexists(self._place(name)):
                raise WrongUse(_not_ours(self.path / name))
        if fresh:
            self._before |= dict.fromkeys(fresh, "")
            self._write(self.path / MANIFEST, _manifest(self._before))

    def put(self, name: str, content: bytes) -> None:
        """A file with these bytes."""
        target = self._place(name)
        is_same = not target.is_symlink() and _bytes(target) == content
        if not is_same:
            self._write(target, content)
        self._count(name, hashlib.sha256(content).hexdigest(), is_written=not is_same)

    def copy(self, name: str, source: Path) -> None:
        """A copy of a file; one of the same size and time is taken for the same."""
        target, about = self._place(name), source.stat()
        if self._before[name] and _looks_like(target, about):
            self._count(name, self._before[name], is_written=False)
            return
        content = source.read_bytes()
        self._write(target, content)
        os.utime(target, ns=(about.st_atime_ns, about.st_mtime_ns))
        self._count(name, hashlib.sha256(content).hexdigest(), is_written=True)

    def keep(self, name: str) -> bool:
        """Leave a file as it is; False where it is not there as it was written."""
        digest = self._before.get(name)
        is_whole = bool(digest) and _digest(self._place(name)) == digest
        if is_whole and digest:
            self._count(name, digest, is_written=False)
        return is_whole

    def reserve(self, name: str) -> None:
        """Keep a claimed name for a file that could not be made this time."""
        self._now[name] = ""

    def finish(self) -> None:
        """Take away what is no longer part of the site, and write the manifest."""
        for name in sorted(self._before.keys() - self._now.keys()):
            self._remove(name)
        if _manifest(self._now) != _bytes(self.path / MANIFEST):
            self._write(self.path / MANIFEST, _manifest(self._now))

    def _remove(self, name: str) -> None:
        target, digest = self._place(name), self._before[name]
        found = _digest(target)
        if found is None:
            return
        if digest and found != digest:
            self.done["left"] += 1
            return
        target.unlink()
        self.done["removed"] += 1
        with suppress(OSError):  # not empty
            for parent in target.relative_to(self.path).parents[:-1]:
                (self.path / parent).rmdir()

    def _count(self, name: str, digest: str, *, is_written: bool) -> None:
        self._now[name] = digest
        self.done["written" if is_written else "unchanged"] += 1

    def _place(self, name: str) -> Path:
        """Where a file lies. Raises: WrongUse for a name, or a link on its way, that leads out of the folder."""
        target = self.path / name
        if not _NAME.fullmatch(name) or not self._is_inside(target.parent):
            raise WrongUse(say(f"{target} berada di luar {self.path}; pilih folder lain dengan --out",
                               f"{target} leads out of {self.path}; choose another folder by --out"))  # fmt: skip
        return target

    def _is_inside(self, parent: Path) -> bool:
        if parent not in self._inside:
            self._inside[parent] = parent.resolve().is_relative_to(self.path.resolve())
        return self._inside[parent]

    def _write(self, target: Path, content: bytes) -> None:
        """Whole or not at all: nobody is ever served half a page."""
        if target.parent not in self._made:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._unfinished.unlink(missing_ok=True)  # of a run that was killed
            self._made.add(target.parent)
        self._unfinished.write_bytes(content)
        self._unfinished.replace(target)


def _read_manifest(path: Path) -> dict[str, str]:
    content = _bytes(path)
    if content is None:
        return {}
    try:
        told = json.loads(content)
        files = {str(name): str(digest) for name, digest in told["files"].items()} if told["format"] == FORMAT else None
    except (ValueError, KeyError, TypeError, AttributeError):
        files = None
    if files is None or not all(_NAME.fullmatch(name) for name in files):
        raise WrongUse(_not_ours(path))
    return files


def _manifest(files: dict[str, str]) -> bytes:
    return (json.dumps({"format": FORMAT, "files": files}, indent=0, sort_keys=True) + "\n").encode()


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _digest(path: Path) -> str | None:
    content = None if path.is_symlink() else _bytes(path)
    return None if content is None else hashlib.sha256(content).hexdigest()


def _looks_like(target: Path, about: os.stat_result) -> bool:
    if target.is_symlink() or not target.is_file():
        return False
    found = target.stat()
    return (found.st_size, found.st_mtime_ns) == (about.st_size, about.st_mtime_ns)


def _not_ours(path: Path) -> str:
    return say(
        f"{path} bukan tulisan `tayang site`; pilih folder lain dengan --out, atau pindahkan berkas itu",
        f"{path} was not written by `tayang site`; choose another folder by --out, or move that file",
    )
