"""Stored posts -> what each says of each material, compared in processes beside the run.

Comparing opens media files again; whatever a file does to a codec there costs that post's media only.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from crawler.items import Post
from pipelines.items import Sign
from pipelines.match import Index, compare, index_references
from pipelines.matchers import Reference, Seen
from pipelines.media.fingerprint import Fingerprint
from pipelines.workers import Failure, Workers

Found = tuple[str, tuple[Sign, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Task:
    """A post, its media's fingerprints and paths by SHA-256, and the references it waits for, by id."""

    post: Post
    media: Mapping[str, Fingerprint]
    paths: Mapping[str, Path]
    pending: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """`found`: reference id, its signs, required elements that are lacking; `troubles`: unreadable media."""

    found: tuple[Found, ...]
    troubles: Mapping[str, str] = field(default_factory=dict)


class Comparer:
    """Holds all references in processes beside; a context manager."""

    def __init__(self, references: Sequence[Reference]) -> None:
        self.references = {one.reference_id: one for one in references}
        self._workers = Workers[Task](os.cpu_count() or 1, initializer=_hold, arguments=(tuple(references),))

    def __enter__(self) -> Comparer:
        return self

    def __exit__(self, *_: object) -> None:
        self._workers.close()

    def compare(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Compared]]:
        """Every task with its answer, in order of the tasks."""
        for task in tasks:
            self._workers.submit(task, compare_task, task)
        for task, answer in self._workers.drain():
            yield task, self._without_media(task, answer) if isinstance(answer, Failure) else answer

    def _without_media(self, task: Task, failure: Failure) -> Compared:
        """Compare only the words of a post whose media brought the process down."""
        dark = {sha: replace(one, trouble=failure.reason) for sha, one in task.media.items()}
        self._workers.submit(task, compare_task, replace(task, media=dark))
        ((_, answer),) = self._workers.drain()
        found = () if isinstance(answer, Failure) else answer.found
        return Compared(found, dict.fromkeys(dark, failure.reason))


def compare_task(task: Task) -> Compared:
    """Compare one post with the held references that it waits for."""
    seen = Seen(task.post, task.media, task.paths.__getitem__)
    found = compare(seen, _index_of(task.pending))
    return Compared(
        tuple((reference.reference_id, tuple(signs), lacking) for reference, signs, lacking in found),
        dict(seen.troubles),
    )


_held: list[Reference] = []  # of the process beside


def _hold(references: Sequence[Reference]) -> None:
    _held[:] = references
    _index_of.cache_clear()


@lru_cache(maxsize=8)
def _index_of(pending: tuple[str, ...]) -> Index:
    """An index over the references with these ids; nearly all posts of a run wait for the same."""
    wanted = set(pending)
    return index_references([one for one in _held if one.reference_id in wanted])
