"""What is written under the workspace's lock -> files for its user alone, but for what is meant to be shown.

POSIX only; on Windows a folder's own access list decides. DuckDB and Scrapy open files themselves, so it is the umask
that says it, not each place that writes.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ALONE, WITH_GROUP = 0o077, 0o027
_usual: list[int] = []  # umasks to go back to; the first is the one that the user came with


@contextmanager
def kept_private(home: Path) -> Iterator[None]:
    """New files are for this user alone; where the workspace has the set-group-id bit, its group may read them too."""
    if os.name != "posix":
        yield
        return
    closed = WITH_GROUP if home.stat().st_mode & stat.S_ISGID else ALONE
    _usual.append(os.umask(closed))
    os.umask(_usual[-1] | closed)
    try:
        yield
    finally:
        os.umask(_usual.pop())


@contextmanager
def meant_for_others() -> Iterator[None]:
    """New files are as open as the user's own umask says, also while the lock is held."""
    if not _usual:
        yield
        return
    private = os.umask(_usual[0])
    try:
        yield
    finally:
        os.umask(private)
