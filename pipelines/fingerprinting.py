"""Media files -> fingerprints in one process beside the crawl, so a codec's crash costs one file only."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import cv2

from pipelines.media.fingerprint import Fingerprint, Trouble, fingerprint


class FingerprintPool:
    """Fingerprints files in submission order on the other core; a context manager.

    `watch`: packed hashes of the references' frames (`References.watch`): a clip near one of them
    is read frame by frame at once.
    """

    def __init__(self, watch: bytes = b"") -> None:
        self._watch = watch
        self._waiting: deque[tuple[str, Path, str, Future[Fingerprint]]] = deque()
        self._executor: ProcessPoolExecutor | None = None

    def __enter__(self) -> FingerprintPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(self, sha256: str, path: Path, kind: str) -> None:
        """Queue one file; returns at once. The file must stay until it is finished."""
        self._waiting.append((sha256, path, kind, self._start(path, kind)))

    def finished(self) -> list[tuple[str, Fingerprint]]:
        """What is done since the last call, in submission order, without waiting."""
        done = []
        while self._waiting and self._waiting[0][3].done():
            done.append(self._take())
        return done

    def drain(self) -> list[tuple[str, Fingerprint]]:
        """Everything still queued, waiting for it."""
        done = []
        while self._waiting:
            done.append(self._take())
        return done

    def close(self) -> None:
        """End the process; what is still queued is dropped."""
        self._waiting.clear()
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None

    def _start(self, path: Path, kind: str) -> Future[Fingerprint]:
        if self._executor is None:
            # spawn: a fork would copy the crawl's open sockets and threads' locks
            context = multiprocessing.get_context("spawn")
            self._executor = ProcessPoolExecutor(1, mp_context=context, initializer=_use_one_core)
        try:
            return self._executor.submit(fingerprint, path, kind, self._watch)
        except BrokenProcessPool as crash:
            if all(_is_good(result) for *_, result in self._waiting):  # it died idle: nobody's fault
                self._executor = None
                return self._start(path, kind)
            failed = Future[Fingerprint]()
            failed.set_exception(crash)
            return failed

    def _take(self) -> tuple[str, Fingerprint]:
        """The oldest result. One worker takes files in order, so the oldest unfinished one crashed it."""
        sha256, _, kind, result = self._waiting.popleft()
        try:
            return sha256, result.result()
        except BrokenProcessPool:
            self._restart()
            return sha256, Fingerprint("image" if kind == "thumbnail" else kind, trouble=Trouble.CRASHED)

    def _restart(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=True)
        self._executor = None
        self._waiting = deque(
            (sha256, path, kind, result if _is_good(result) else self._start(path, kind))
            for sha256, path, kind, result in self._waiting
        )


def _is_good(result: Future[Fingerprint]) -> bool:
    return result.done() and result.exception() is None


def _use_one_core() -> None:
    cv2.setNumThreads(1)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A killed run must not leave its worker behind: the queue between them would never close."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)
