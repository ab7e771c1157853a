"""A workspace -> the one run that may write to it, and who that is."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from crawler.errors import StoreBusy
from crawler.language import say
from crawler.local_time import now_utc
from pipelines.privacy import kept_private

HOLDER = ".tayang.holder.json"  # beside the lock: on Windows nobody else can read a locked file
_locks: dict[Path, FileLock] = {}


@contextmanager
def only_run(home: Path) -> Iterator[None]:
    """Hold the workspace's lock; nesting inside one process is fine. What is written meanwhile is private.

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
        if lock.lock_counter == 1:
            (home / HOLDER).write_text(json.dumps({"pid": os.getpid(), "since": now_utc().isoformat()}))
        with kept_private(home):
            yield
    finally:
        if lock.lock_counter == 1:
            (home / HOLDER).unlink(missing_ok=True)
        lock.release()


def holder_of(home: Path) -> tuple[int, datetime] | None:
    """(process id, since when) of who holds the lock; None = nobody, as far as can be told without taking it."""
    try:
        told = json.loads((home / HOLDER).read_text())
        pid, since = int(told["pid"]), datetime.fromisoformat(told["since"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return (pid, since) if _is_alive(pid) else None


def _is_alive(pid: int) -> bool:
    if os.name != "posix":  # asking by signal would end it there
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:  # killed, and so could not take its name away
        return False
    except PermissionError:
        return True
    return True
