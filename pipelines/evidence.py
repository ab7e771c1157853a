"""Captures -> bytes on disk (WARC, content-addressed media) and one ledger line each.

Order of writing, so that a kill at any moment loses nothing that was said: bytes, ledger, store.
What a kill leaves between the steps is unnamed bytes at the end of a file, never a name without bytes.
"""

from __future__ import annotations

import hashlib
import mimetypes
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from crawler.items import Capture
from pipelines.ledger import Ledger, broken_links, read_lines
from pipelines.warc import Kept, write_capture, write_warcinfo


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
        self._warc: BinaryIO | None = None

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
        where = self._keep_media(capture) if capture.kind == "media" else self._keep_page(capture)
        self._ledger.add({**statement, **where})

    def note(self, kind: str, content: Mapping[str, Any]) -> None:
        """Seal something that is no capture (a review, an import) into the ledger."""
        self._ledger.add({"kind": kind, "run_id": self.run_id, "content": dict(content)})

    def commit(self) -> list[dict[str, Any]]:
        """Make all kept captures durable and return their ledger lines."""
        if self._warc:
            self._warc.flush()
            os.fsync(self._warc.fileno())
        return self._ledger.commit()

    def _keep_page(self, capture: Capture) -> dict[str, Any]:
        stream = self._warc or self._begin_warc()
        offset = stream.tell()
        sha256 = (capture.earlier or capture).sha256
        write_capture(stream, capture, self._known.get(sha256))
        if not capture.earlier:
            self._known.setdefault(sha256, Kept(capture.final_url, capture.fetched_at))
        stream.flush()
        length = stream.tell() - offset
        return {
            "warc_file": self._warc_path.relative_to(self.folder).as_posix(), "warc_offset": offset,
            "warc_bytes": length, "warc_sha256": _digest_of_range(self._warc_path, offset, length),
        }  # fmt: skip

    def _begin_warc(self) -> BinaryIO:
        self._warc_path.parent.mkdir(parents=True, exist_ok=True)
        self._warc = self._warc_path.open("ab")
        write_warcinfo(self._warc, "tayang")
        return self._warc

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
    unfinished.write_bytes(body)
    unfinished.replace(path)


def audit(home: Path) -> tuple[int, list[str]]:
    """Recompute every digest and the ledger's chain: (number of lines, what does not hold)."""
    folder = home / "evidence"
    try:
        lines = list(read_lines(folder / "ledger.jsonl"))
    except (ValueError, KeyError) as error:
        return 0, [f"evidence/ledger.jsonl: {error}"]
    found = [f"evidence/ledger.jsonl: {link}" for link in broken_links(lines)]
    for line in lines:
        problem = _check_line(home, line)
        if problem:
            found.append(f"seq {line['seq']}: {problem}")
    return len(lines), found


def _check_line(home: Path, line: Mapping[str, Any]) -> str | None:
    try:
        if "warc_file" in line:
            path = home / "evidence" / line["warc_file"]
            held = _digest_of_range(path, line["warc_offset"], line["warc_bytes"]) == line["warc_sha256"]
        elif "path" in line:
            path = home / line["path"]
            held = _digest_of_file(path) == line["sha256"]
        else:
            return None
    except OSError as error:
        return f"{error.filename}: {error.strerror}"
    return None if held else f"{path.relative_to(home)}: bytes differ from the ledger ({line.get('url', '')})"


def _digest_of_range(path: Path, offset: int, length: int) -> str:
    with path.open("rb") as stream:
        stream.seek(offset)
        return hashlib.sha256(stream.read(length)).hexdigest()


def _digest_of_file(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
