"""A workspace -> the one run that may write to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from crawler.errors import StoreBusy
from crawler.language import say

_locks: dict[Path, FileLock] = {}


@contextmanager
def only_run(home: Path) -> Iterator[None]:
    """Hold the workspace's lock; nesting inside one process is fine.

    Raises: StoreBusy (exit 75) at once when another process holds it. A killed run frees it.
    """
    lock = _locks.setdefault(home.resolve(), FileLock(home / ".tayang.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise StoreBusy(
            say("putaran lain sedang berjalan di folder ini; tunggu sampai selesai",
                "another run is at work in this folder; wait until it ends")
        ) from error  # fmt: skip
    try:
        yield
    finally:
        lock.release()
