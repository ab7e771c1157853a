"""What people bring in a file -> posts, claims and problems. One format per file of this folder.

A format is a file with one `FORMAT`; a test runs over whatever is in the folder. Reading never
fetches and never opens a file: bytes come in, and the names of the files that lie beside.

Instagram exports know a post's `pk`, decoded from its shortcode where need be; the Graph API tells
another number (`1784…`, `1799…`) for the same post and never the pk. So an imported post is named
`instagram:pk:<pk>`: stable over formats and repetitions, and not to be taken for a crawl's sighting.
"""

from __future__ import annotations

import importlib
import json
import lzma
import pkgutil
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from crawler.items import Post
from crawler.language import say
from crawler.problems import MOST_PROBLEMS, Problem

MAX_FILE_BYTES = 256 << 20  # as it lies on the disk, and again when unpacked
# As objects these take up to thirty and two hundred times as much. A post's JSON has a few hundred kilobytes at most;
# four megabytes of links are twenty thousand.
MAX_DOCUMENT_BYTES, MAX_TABLE_BYTES = 8 << 20, 4 << 20
MOST_UNNAMED = 90_000  # problems that are only counted; behind them nothing of use is to be expected
_XZ_MEMORY_BYTES = 128 << 20

# Why a medium cannot be looked at; fixed words, because they are part of a post's content.
NOT_BROUGHT = "not in the export"


@dataclass(frozen=True, slots=True)
class Export:
    """One file as it was brought. `name` is as the user wrote it; `beside` are plain names of its folder."""

    name: str
    body: bytes = field(repr=False)
    beside: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Delivery:
    """All files of one import. `columns` maps a header as it stands in the file to our column's name."""

    files: tuple[Export, ...]
    received_at: datetime
    zone: ZoneInfo
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """A post, not yet bound to an account: `post.agency_id` and `post.handle` are empty.

    `handles` are its owner and co-authors as written, or `agency` names who claims it. `seen_at` is
    when the export saw it (None = not told). `media_files` maps media ids to names beside the export;
    `also` are further files of the delivery that the post was put together from.
    """

    post: Post
    file: str
    line: int
    handles: tuple[str, ...] = ()
    agency: str = ""
    seen_at: datetime | None = None
    media_files: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One submitted link. `agency` is an id or a name as written; `submitted_at` None = not told."""

    file: str
    line: int
    agency: str
    url: str
    campaign_id: str | None = None
    material_id: str | None = None
    claimed_at: datetime | None = None
    submitted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a format made of a delivery; `problems` name every line that gave less than it should."""

    found: tuple[Found, ...] = ()
    claims: tuple[Claim, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """`suffixes`: the endings of the files that a folder is searched for."""

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[Delivery], Reading]

    @property
    def origin(self) -> str:
        """What the posts of this format say of where they come from."""
        return f"import:{self.name}"


@cache
def formats() -> Mapping[str, Format]:
    """Every format in this folder by its name."""
    modules = sorted(module.name for module in pkgutil.iter_modules(__path__))
    found: list[Format] = [importlib.import_module(f"{__name__}.{name}").FORMAT for name in modules]
    return {one.name: one for one in found}


def unpacked(export: Export, bound: int = MAX_FILE_BYTES) -> bytes:
    """The bytes of a file, unpacked where its first bytes say xz or gzip. Raises ValueError with the reason."""
    try:
        if export.body.startswith(b"\xfd7zXZ\0"):
            xz = lzma.LZMADecompressor(memlimit=_XZ_MEMORY_BYTES)
            body, is_whole = xz.decompress(export.body, bound + 1), xz.eof
        elif export.body.startswith(b"\x1f\x8b"):
            gzip = zlib.decompressobj(wbits=31)
            body, is_whole = gzip.decompress(export.body, bound + 1), gzip.eof
        else:
            body, is_whole = export.body, True
    except (lzma.LZMAError, zlib.error) as error:
        raise ValueError(say("arsip rusak", "damaged archive")) from error
    if len(body) > bound:
        raise ValueError(too_large(bound))
    if not is_whole:
        raise ValueError(say("arsip terpotong", "the archive is cut off"))
    return body


def too_large(bound: int = MAX_FILE_BYTES) -> str:
    """The sentence about a file beyond the bound."""
    most = bound >> 20
    return say(f"lebih dari {most} MB; bagi menjadi beberapa berkas", f"more than {most} MB; split the file")


def json_object(text: bytes) -> dict[str, Any]:
    """One JSON object, every text in it fit to be written. Raises ValueError with the reason."""
    if len(text) > MAX_DOCUMENT_BYTES:
        raise ValueError(too_large(MAX_DOCUMENT_BYTES))
    try:
        value = json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ValueError(say("bukan JSON yang utuh", "not whole JSON")) from error
    if not isinstance(value, dict):
        raise ValueError(say("bukan objek JSON", "not a JSON object"))
    return value


def plain_name(name: str, beside: frozenset[str]) -> str | None:
    """`name` when it is the plain name of a file beside the export; paths lead nowhere."""
    return name if name in beside and not any(sign in name for sign in "/\\\0") and name not in (".", "..") else None


def reading_of(parts: Iterable[Found | Claim | Problem]) -> Reading:
    """What was read, sorted by its nature, in the order it stood; only so many problems are named."""
    found, claims, problems, unnamed = list[Found](), list[Claim](), list[Problem](), 0
    for part in parts:
        if isinstance(part, Found):
            found.append(part)
        elif isinstance(part, Claim):
            claims.append(part)
        elif len(problems) < MOST_PROBLEMS:
            problems.append(part)
        else:
            unnamed += 1
            if unnamed == MOST_UNNAMED:
                break
    if unnamed:
        more = say(f"dan {unnamed} lagi", f"and {unnamed} more")
        if unnamed == MOST_UNNAMED:
            more += say("; sisanya tidak dibaca", "; the rest was not read")
        problems.append(replace(problems[-1], line=0, column="", text=more))
    return Reading(tuple(found), tuple(claims), tuple(problems))
