"""Captures -> bytes on disk (WARC, content-addressed media) and one ledger line each.

Order of writing, so that a kill at any moment loses nothing that was said: bytes, ledger, store.
What a kill leaves between the steps is unnamed bytes at the end of a file, never a name without bytes.
"""

from __future__ import annotations

import hashlib
import mimetypes
import os
from collections.abc import Mapping
from io import BytesIO, FileIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.items import Capture
from pipelines.ledger import Ledger, append_whole, read_lines
from pipelines.warc import Kept, write_capture, write_warcinfo

BEGUN, WARCINFO = "begun", "warcinfo"  # of the ledger's entries: a run is about to write, and how its file opens


class Evidence:
    """The evidence folder of a workspace, open for one run.

    `fresh_media` collects the digests and paths of media that this run wrote first.
    """

    def __init__(self, home: Path, run_id: str, known: Mapping[str, Kept]) -> None:
        """`known`: payloads of earlier pages that may be referred to instead of repeated."""
        self.folder = home / "evidence"
        self.run_id = run_id
        self.fresh_media: dict[str, Path] = {}
        self._known = dict(known)
        self._ledger = Ledger(self.folder / "ledger.jsonl")
        self._warc_path = self.folder / "warc" / f"{run_id}.warc.gz"
        self._warc: FileIO | None = None
        self._is_announced = False

    @property
    def newest(self) -> int:
        """The `seq` of the newest ledger line."""
        return self._ledger.seq

    def lines(self, after: int) -> list[dict[str, Any]]:
        """Committed ledger lines with a `seq` above `after`. Raises: ValueError when one is damaged."""
        return list(read_lines(self._ledger.path, after))

    def keep(self, capture: Capture, account: str) -> None:
        """Write one capture's bytes; its ledger line follows with `commit`."""
        statement = {
            "kind": capture.kind, "sha256": (capture.earlier or capture).sha256, "url": capture.url,
            "bytes": len(capture.body), "status": capture.status, "fetched_at": capture.fetched_at.isoformat(),
            "run_id": self.run_id, "account": account,
        }  # fmt: skip
        if capture.earlier:  # what a 304 confirms: the body by its digest, and what reading it again needs
            statement["confirms"] = {
                "fetched_at": capture.earlier.fetched_at.isoformat(),
                "content_type": capture.earlier.header("content-type") or "",
            }
        self._announce()
        where = self._keep_media(capture) if capture.kind == "media" else self._keep_page(capture)
        self._ledger.add({**statement, **where})

    def _announce(self) -> None:
        """Before a run's first bytes: what no line names was left by a kill only where a run began and never ended."""
        if not self._is_announced:
            self._ledger.add({"kind": BEGUN, "run_id": self.run_id})
            self._ledger.commit()
            self._is_announced = True

    def note(self, kind: str, content: Mapping[str, Any]) -> None:
        """Seal something that is no capture (a review, an import) into the ledger."""
        self._ledger.add({"kind": kind, "run_id": self.run_id, "content": dict(content)})

    def commit(self) -> list[dict[str, Any]]:
        """Make all kept captures durable and return their ledger lines."""
        if self._warc:
            os.fsync(self._warc.fileno())
        return self._ledger.commit()

    def _keep_page(self, capture: Capture) -> dict[str, Any]:
        stream = self._warc or self._begin_warc()
        sha256, record = (capture.earlier or capture).sha256, BytesIO()
        write_capture(record, capture, self._known.get(sha256))
        where = self._append(stream, record.getvalue())
        if not capture.earlier:
            self._known.setdefault(sha256, Kept(capture.final_url, capture.fetched_at))
        return where

    def _begin_warc(self) -> FileIO:
        self._warc_path.parent.mkdir(parents=True, exist_ok=True)
        stream, record = self._warc_path.open("ab", buffering=0), BytesIO()
        write_warcinfo(record, "tayang")
        self._ledger.add({"kind": WARCINFO, "run_id": self.run_id, **self._append(stream, record.getvalue())})
        self._warc = stream
        return stream

    def _append(self, stream: FileIO, record: bytes) -> dict[str, Any]:
        """A record, whole or not at all (half of one would stay unnamed), and what its line says of it."""
        return {
            "warc_file": self._warc_path.relative_to(self.folder).as_posix(),
            "warc_offset": append_whole(stream, record), "warc_bytes": len(record),
            "warc_sha256": hashlib.sha256(record).hexdigest(),
        }  # fmt: skip

    def _keep_media(self, capture: Capture) -> dict[str, Any]:
        path = self.folder / "media" / capture.sha256[:2] / (capture.sha256 + extension_of(capture))
        if not path.exists():
            write_whole(path, capture.body)
            self.fresh_media[capture.sha256] = path
        return {"path": path.relative_to(self.folder.parent).as_posix()}


def extension_of(capture: Capture) -> str:
    """`.jpg`, `.mp4` … by content type, else by address; empty when neither tells."""
    kind = (capture.header("content-type") or "").partition(";")[0].strip()
    suffix = mimetypes.guess_extension(kind) if kind else None
    by_name = Path(urlsplit(capture.url).path).suffix.lower()
    return suffix or (by_name if by_name[1:].isalnum() and len(by_name) <= 5 else "")


def write_whole(path: Path, body: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with unfinished.open("wb") as stream:
        stream.write(body)
        stream.flush()
        os.fsync(stream.fileno())  # its ledger line must not outlive it
    unfinished.replace(path)
