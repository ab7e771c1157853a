"""A length in bytes and what was deleted there -> a gzip member of exactly that length, to stand in its place.

WARC readers jump by offsets: what stood behind a deleted record must stay where it was. The member holds a WARC
`metadata` record that says what happened. It is filled up by empty stored deflate blocks (5 bytes each) and, for the
last 1 to 4 bytes, by a comment in its head: it unpacks to the record alone, whatever its length.
"""

from __future__ import annotations

import struct
import uuid
import zlib

_EMPTY_BLOCK = b"\x00\x00\x00\xff\xff"
_COMMENT = 0x10
LEAST_BYTES = 20  # a member that unpacks to nothing


def filler(length: int, sha256: str, deleted_at: str) -> bytes:
    """The member for `length` bytes that held the payload `sha256`; the same arguments give the same bytes.

    Where the record does not fit it is left out: the member then unpacks to nothing. Raises: ValueError below
    LEAST_BYTES, which no gzip member that was written can be.
    """
    record = _record(sha256, deleted_at)
    for content in (record, b""):
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(content) + packer.flush()
        left = length - 18 - len(packed)
        if left >= 0:
            return _member(content, packed, left)
    raise ValueError(f"{length} bytes hold no gzip member")


def _member(content: bytes, packed: bytes, left: int) -> bytes:
    blocks, rest = divmod(left, len(_EMPTY_BLOCK))
    head = struct.pack("<BBBBIBB", 0x1F, 0x8B, 8, _COMMENT if rest else 0, 0, 2, 255)
    comment = b"." * (rest - 1) + b"\x00" if rest else b""
    tail = struct.pack("<II", zlib.crc32(content), len(content))
    return head + comment + _EMPTY_BLOCK * blocks + packed + tail


def _record(sha256: str, deleted_at: str) -> bytes:
    body = f"deleted: sha256:{sha256}\r\nsee: ledger.jsonl\r\n".encode()
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"{sha256} {deleted_at}")
    head = (
        f"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:uuid:{name}>\r\nWARC-Date: {deleted_at}\r\n"
        f"Content-Type: application/warc-fields\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"
