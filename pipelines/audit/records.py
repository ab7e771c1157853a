"""Named bytes (a record of a WARC, a file) -> whether they are what the ledger says, read in pieces.

Hashing and unpacking leave the interpreter's lock alone, so several threads do it side by side.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

PIECE = 1 << 20
MAX_HEAD = 1 << 20
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d{1,18})\r\n", re.IGNORECASE)
_WHOLE = (b"response", b"conversion")


@dataclass(frozen=True, slots=True)
class Named:
    """Bytes that a line names: a whole file (`length` -1) or a range. `payload`: the digest of what is packed in it.

    Of what was deleted on purpose: `filler` is the digest of what stands in a range now, and while the
    deletion `is_under_way` the bytes may still be those of before, or half of each.
    """

    seq: int
    path: str
    sha256: str
    offset: int = 0
    length: int = -1
    payload: str = ""
    was_named: bool = False
    filler: str = ""
    is_under_way: bool = False


def why_not(home: Path, group: list[Named]) -> list[tuple[Named, str]]:
    """What of a group does not hold: (what was named, why). All ranges of a group lie in one file."""
    found = []
    for one in group:
        try:
            problem = _why_file(home, one) if one.length < 0 else _why_range(home, one)
        except OSError as error:
            problem = str(error.strerror)
        if problem:
            found.append((one, problem))
    return found


def _why_file(home: Path, named: Named) -> str:
    with (home / named.path).open("rb") as stream:
        held = hashlib.file_digest(stream, "sha256").hexdigest()
    return "" if held == named.sha256 else "bytes differ from the ledger"


def _why_range(home: Path, named: Named) -> str:
    """The range's own digest first; of one that holds, the payload too."""
    digest = hashlib.sha256()
    with (home / named.path).open("rb") as stream:
        if named.filler:
            return _why_filler(_pieces(stream, named), named)
        if named.length <= PIECE:
            raw = _read(stream, named)
            if hashlib.sha256(raw).hexdigest() != named.sha256:
                return "bytes differ from the ledger"
            return _why_payload(iter([raw]), named) if named.payload else ""
        for piece in _pieces(stream, named):
            digest.update(piece)
        if digest.hexdigest() != named.sha256:
            return "bytes differ from the ledger"
        return _why_payload(_pieces(stream, named), named) if named.payload else ""


def _why_filler(pieces: Iterator[bytes], named: Named) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    is_right = named.is_under_way or digest.hexdigest() == named.filler
    return "" if is_right else "what stands in the place of deleted bytes is not what their deletion says"


def _read(stream: BinaryIO, named: Named) -> bytes:
    stream.seek(named.offset)
    return stream.read(named.length)


def _pieces(stream: BinaryIO, named: Named) -> Iterator[bytes]:
    stream.seek(named.offset)
    left = named.length
    while left > 0 and (piece := stream.read(min(PIECE, left))):
        left -= len(piece)
        yield piece


def _why_payload(packed: Iterator[bytes], named: Named) -> str:
    try:
        kind, payload = _payload_of(unpacked(packed))
    except (ValueError, zlib.error):
        return "no readable record"
    if kind in _WHOLE:
        return "" if payload == named.payload else "the payload is not the one that its line names"
    return "" if named.was_named else "refers to a payload that no earlier line names"


def _payload_of(pieces: Iterator[bytes]) -> tuple[bytes, str]:
    """(record type, digest of its payload). Raises: ValueError for what is no record."""
    head, rest = _head(pieces, b"")
    kind = re.search(rb"\r\nWARC-Type: *([a-z]+)\r\n", head, re.IGNORECASE)
    told = _LENGTH.search(head)
    if not head.startswith(b"WARC/1.") or not kind or not told:
        raise ValueError("no record")
    left, digest = int(told[1]), hashlib.sha256()
    if kind[1] == b"response":
        http, rest = _head(pieces, rest)
        left -= len(http)
    for piece in _chain(rest, pieces):
        digest.update(piece[: max(0, left)])
        left -= len(piece)
    if left != -4:  # behind the content stand two line ends
        raise ValueError("not of the length it says")
    return kind[1], digest.hexdigest()


def _chain(rest: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield rest
    yield from pieces


def _head(pieces: Iterator[bytes], start: bytes) -> tuple[bytes, bytes]:
    read = start
    while b"\r\n\r\n" not in read:
        piece = next(pieces, b"")
        if not piece or len(read) > MAX_HEAD:
            raise ValueError("no end of the head")
        read += piece
    at = read.index(b"\r\n\r\n") + 4
    return read[:at], read[at:]


def unpacked(packed: Iterator[bytes]) -> Iterator[bytes]:
    """The first gzip member of some bytes, in pieces of bounded size. Raises: zlib.error, ValueError when cut off."""
    unpacker = zlib.decompressobj(31)
    for raw in packed:
        rest = raw
        while rest and not unpacker.eof:
            piece = unpacker.decompress(rest, PIECE)
            rest = unpacker.unconsumed_tail
            if piece:
                yield piece
        if unpacker.eof:
            return
    raise ValueError("cut off")


def is_left_saying(path: Path) -> bool:
    """Whether a saying or stamp that no line names was left before its line: unfinished, or whole under its digest."""
    if path.name.startswith("."):
        return True
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == path.name.partition(".")[0]


def opens_a_warc(raw: bytes) -> bool:
    """Whether these bytes are one packed warcinfo record and nothing else."""
    unpacker = zlib.decompressobj(31)
    try:
        text = unpacker.decompress(raw, MAX_HEAD)
    except zlib.error:
        return False
    is_whole = unpacker.eof and not unpacker.unused_data and raw[4:10] == b"\0\0\0\0\0\3"
    return is_whole and text.startswith(b"WARC/1.1\r\nWARC-Type: warcinfo\r\n")
