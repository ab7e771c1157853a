"""Named pieces of bytes -> a ZIP that is the same every time, and the digest of each file in it.

Files are read and written in pieces: a clip is never in memory as a whole, and may be larger than 4 GB.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from crawler.errors import StoreDamaged
from crawler.language import say

CHUNK = 1 << 18
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment a ZIP can tell; the true times stand in the index
_READABLE = 0o100644 << 16
_PACKED_ALREADY = (".gz", ".jpg", ".png", ".webp", ".avif", ".gif", ".mp4", ".webm", ".mp3", ".ogg", ".flac")


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of the bundle: its name in it, its size and digest."""

    path: str
    size_bytes: int
    sha256: str

    @classmethod
    def of(cls, path: str, body: bytes) -> Stored:
        """Of a file that is in memory."""
        return cls(path, len(body), hashlib.sha256(body).hexdigest())


@dataclass(frozen=True, slots=True)
class Slice:
    """Bytes of the evidence folder as the ledger names them: `size_bytes` from `offset`, with this digest."""

    path: Path
    offset: int
    size_bytes: int
    sha256: str


class Archive:
    """A ZIP being written; entries come in the order in which they are added. `stored` tells of each."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stored: list[Stored] = []
        self._zip = zipfile.ZipFile(stream, "w")  # deflates with zlib's own level, 6

    def add(self, name: str, pieces: Iterable[bytes], expected_bytes: int) -> Stored:
        """Write one file. `expected_bytes` is how long it may become: it decides whether ZIP64 is needed."""
        entry = zipfile.ZipInfo(name, _EPOCH)
        entry.create_system, entry.external_attr = 3, _READABLE  # the same on every system
        entry.compress_type = zipfile.ZIP_STORED if name.endswith(_PACKED_ALREADY) else zipfile.ZIP_DEFLATED
        entry.file_size = expected_bytes
        digest, written = hashlib.sha256(), 0
        with self._zip.open(entry, "w") as target:
            for piece in pieces:
                digest.update(piece)
                written += len(piece)
                target.write(piece)
        self.stored.append(Stored(name, written, digest.hexdigest()))
        return self.stored[-1]

    def add_bytes(self, name: str, body: bytes) -> Stored:
        """Write a small file."""
        return self.add(name, [body], len(body))

    def close(self) -> None:
        """Write the ZIP's own list of files."""
        self._zip.close()


def read_slice(one: Slice) -> Iterator[bytes]:
    """The bytes, in pieces. Raises: StoreDamaged, naming the file, where they no longer have their digest."""
    digest, left = hashlib.sha256(), one.size_bytes
    try:
        with one.path.open("rb") as stream:
            stream.seek(one.offset)
            for piece in _bounded(stream, left):
                digest.update(piece)
                yield piece
    except OSError as error:
        raise damaged(one.path, error.strerror or str(error)) from error
    if digest.hexdigest() != one.sha256:
        raise damaged(one.path, f"SHA-256 ≠ {one.sha256}")


def _bounded(stream: io.BufferedReader, left: int) -> Iterator[bytes]:
    while left and (piece := stream.read(min(left, CHUNK))):
        left -= len(piece)
        yield piece


def damaged(path: Path, what: str) -> StoreDamaged:
    """The error for a file of the evidence that is not what the ledger says."""
    return StoreDamaged(say(f"{path}: bukti tidak lagi seperti saat disimpan ({what}); jalankan `tayang audit`",
                            f"{path}: evidence is not what was kept ({what}); run `tayang audit`"))  # fmt: skip
