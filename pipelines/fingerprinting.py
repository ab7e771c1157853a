"""Media files -> fingerprints in a process beside the crawl, so a file that breaks a codec costs itself only."""

from __future__ import annotations

from pathlib import Path

from pipelines.media.fingerprint import Fingerprint, fingerprint
from pipelines.workers import Failure, Workers


class FingerprintPool:
    """Fingerprints files in submission order on `lanes` other cores; a context manager."""

    def __init__(self, lanes: int = 1) -> None:
        self._workers: Workers[tuple[str, str]] = Workers(lanes)

    def __enter__(self) -> FingerprintPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(self, sha256: str, path: Path, kind: str) -> None:
        """Queue one file; returns at once. The file must stay until it is finished."""
        self._workers.submit((sha256, kind), fingerprint, path, kind)

    def finished(self) -> list[tuple[str, Fingerprint]]:
        """What is done since the last call, in submission order, without waiting."""
        return [(sha256, _of(kind, result)) for (sha256, kind), result in self._workers.finished()]

    def drain(self) -> list[tuple[str, Fingerprint]]:
        """Everything still queued, waiting for it."""
        return [(sha256, _of(kind, result)) for (sha256, kind), result in self._workers.drain()]

    def close(self) -> None:
        """End the process; what is still queued is dropped."""
        self._workers.close()


def _of(kind: str, result: Fingerprint | Failure) -> Fingerprint:
    if isinstance(result, Failure):
        return Fingerprint("image" if kind == "thumbnail" else kind, trouble=result.reason)
    return result
