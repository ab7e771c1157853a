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
    """Holds all references, here and in up to `lanes` processes beside; a context manager.

    Posts without media are compared here: starting a process takes a second, and words crash nothing.
    """

    def __init__(self, references: Sequence[Reference], lanes: int | None = None) -> None:
        self.references = {one.reference_id: one for one in references}
        self._beside = Workers[Task](lanes or os.cpu_count() or 1, initializer=_hold, arguments=(tuple(references),))

    def __enter__(self) -> Comparer:
        _hold(tuple(self.references.values()))
        return self

    def __exit__(self, *_: object) -> None:
        self._beside.close()

    def compare(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Compared]]:
        """Every task with its answer: first those without media, then the others in their order."""
        for task in tasks:
            if task.media:
                self._beside.submit(task, compare_task, task)
            else:
                yield task, compare_task(task)
        for task, answer in self._beside.drain():
            yield task, _without_media(task, answer) if isinstance(answer, Failure) else answer


def _without_media(task: Task, failure: Failure) -> Compared:
    """Compare only the words of a post whose media brought the process down."""
    dark = {sha: replace(one, trouble=failure.reason) for sha, one in task.media.items()}
    return Compared(compare_task(replace(task, media=dark)).found, dict.fromkeys(dark, failure.reason))


def compare_task(task: Task) -> Compared:
    """Compare one post with the held references that it waits for."""
    seen = Seen(task.post, task.media, task.paths.__getitem__)
    found = compare(seen, _index_of(task.pending))
    return Compared(
        tuple((reference.reference_id, tuple(signs), lacking) for reference, signs, lacking in found),
        dict(seen.troubles),
    )


_held: list[Reference] = []  # of this process


def _hold(references: Sequence[Reference]) -> None:
    _held[:] = references
    _index_of.cache_clear()


@lru_cache(maxsize=8)
def _index_of(pending: tuple[str, ...]) -> Index:
    """An index over the references with these ids; nearly all posts of a run wait for the same."""
    wanted = set(pending)
    return index_references([one for one in _held if one.reference_id in wanted])
