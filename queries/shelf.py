"""A SHA-256 that the store knows -> the file with exactly these bytes, and what kind of file it is.

No path ever comes from a request: a digest is looked up, and the bytes must still have it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipelines.items import Material
from queries.reader import Connection, rows

PLAIN = "application/octet-stream"

_DIGEST = re.compile(r"[0-9a-f]{64}")
_PATHS = "SELECT path FROM evidence WHERE sha256 = $sha256 AND kind = 'media' AND path IS NOT NULL ORDER BY path"
_REFERENCE = "SELECT 1 FROM fingerprint_rows WHERE sha256 = $sha256 AND kind = 'reference' LIMIT 1"

# First bytes -> type; what a server claimed or a name says is not trusted. SVG and HTML are not in it.
_SIGNATURES = (
    (0, b"\xff\xd8\xff", "image/jpeg"), (0, b"\x89PNG\r\n\x1a\n", "image/png"), (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"), (4, b"ftypavif", "image/avif"), (4, b"ftyp", "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"), (0, b"OggS", "audio/ogg"), (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"), (8, b"WAVE", "audio/wav"), (0, b"fLaC", "audio/flac"),
)  # fmt: skip
_HEAD_BYTES = 16


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that may be shown."""

    path: Path
    content_type: str

    @property
    def family(self) -> str:
        """image | video | audio | application."""
        return self.content_type.partition("/")[0]


class Shelf:
    """Files of one workspace by digest; each version of a file is hashed once."""

    def __init__(self, home: Path) -> None:
        self._home = home.resolve()
        self._hashed: dict[tuple[Path, int, int], str] = {}

    def find(self, connection: Connection, materials: Iterable[Material], sha256: str) -> Kept | None:
        """The file of `sha256`: a post's media, or a material's that was compared. None for all else."""
        if not _DIGEST.fullmatch(sha256):
            return None
        evidence = [self._home / row["path"] for row in rows(connection, _PATHS, {"sha256": sha256})]
        is_reference = bool(rows(connection, _REFERENCE, {"sha256": sha256}))
        own = [path for material in materials for path in material.files] if is_reference else []
        found = next((path for path in (*evidence, *own) if self.digest(path) == sha256), None)
        return Kept(found, content_type_of(found)) if found else None

    def digest(self, path: Path) -> str | None:
        """The file's SHA-256; None for what cannot be read or leads out of the workspace."""
        try:
            whole = path.resolve(strict=True)
            about = whole.stat()
            if not whole.is_relative_to(self._home):
                return None
            key = (whole, about.st_size, about.st_mtime_ns)
            if key not in self._hashed:
                with whole.open("rb") as stream:
                    self._hashed[key] = hashlib.file_digest(stream, "sha256").hexdigest()
            return self._hashed[key]
        except OSError:
            return None


def content_type_of(path: Path) -> str:
    """By the first bytes; `application/octet-stream` for anything a browser should not open here."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    found = (kind for at, mark, kind in _SIGNATURES if head[at : at + len(mark)] == mark)
    return next(found, PLAIN)
