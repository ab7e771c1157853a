"""Media of posts and materials -> small JPEGs beside the pages, each made once: the next site finds them there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.workers import Workers
from queries.site.folder import Folder
from queries.site.names import PICTURES, digest_of
from queries.thumbnails import Thumbnail, thumbnail

RECIPE = 1  # with another way of drawing, another number: the names change, and all are drawn anew
SHARE_BYTES = 12_000


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be shown, and what it is: video | image | thumbnail."""

    path: Path
    kind: str


def picture_name(sha256: str, kind: str) -> str:
    """`gambar/DIGEST.jpg` of a medium."""
    return f"{PICTURES}/{digest_of(f'{RECIPE}|{kind}|{sha256}', 32)}.jpg"


def write_pictures(folder: Folder, sources: Mapping[str, Source]) -> frozenset[str]:
    """The names of those that are there in the end; what cannot be read is left out."""
    kept = {name for name in sources if folder.keep(name)}
    with Workers[str]() as workers:  # posted files: one that breaks a codec must not cost the site
        for name in sorted(sources.keys() - kept):
            workers.submit(name, thumbnail, sources[name].path, sources[name].kind, SHARE_BYTES)
        for name, small in workers.drain():
            if isinstance(small, Thumbnail):
                folder.put(name, small.jpeg)
                kept.add(name)
            else:
                folder.reserve(name)
    return frozenset(kept)
