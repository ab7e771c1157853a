"""Captures -> WARC/1.1 records, one gzip member each, and back.

A payload that is already kept, or that the server says is unchanged (304), becomes a `revisit` record
that names the first. Requests are written beside responses. Secrets were removed before a Capture was
made (crawler.redaction).
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from crawler.items import Capture
from crawler.rendering import RENDERED

REVISIT_PROFILE = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
UNCHANGED_PROFILE = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

# The body is stored as read, so these would lie about it.
_OF_THE_WIRE = frozenset({"content-encoding", "transfer-encoding", "content-length"})


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a payload was first written."""

    url: str
    fetched_at: datetime


def write_warcinfo(stream: BinaryIO, software: str) -> None:
    """Begin a WARC file by naming who wrote it."""
    record = _record(WarcRecordType.warcinfo, datetime.now(UTC))
    record.headers["Content-Type"] = "application/warc-fields"
    record.set_bytes_content(f"software: {software}\r\nformat: WARC File Format 1.1\r\n".encode())
    _append(stream, record)


def write_capture(stream: BinaryIO, capture: Capture, first: Kept | None) -> None:
    """Append response (or revisit, when `first` is given) and request records of one capture.

    A page as a browser showed it is a conversion record: no server sent it, and no request was made for it.
    """
    if capture.kind == RENDERED:
        _append(stream, _conversion(capture))
        return
    response = _revisit(capture, first) if first or capture.earlier else _response(capture)
    _append(stream, response)
    _append(stream, _request(capture, response.headers["WARC-Record-ID"]))


def read_payload(path: Path, offset: int) -> bytes:
    """The payload of the response record at a byte offset.

    Raises: ValueError when no readable response record stands there.
    """
    with path.open("rb") as stream:
        stream.seek(offset)
        for record in ArchiveIterator(stream, parse_http=True):
            if record.record_type == WarcRecordType.response:
                return bytes(record.reader.read())
            break
    raise ValueError(f"{path.name}@{offset}: no response record")


@dataclass(frozen=True, slots=True)
class Answered:
    """A record of an answer as read; `payload` is empty where it refers to an earlier one."""

    status: int
    headers: tuple[tuple[str, str], ...]
    payload: bytes
    final_url: str


def read_answer(path: Path, offset: int) -> Answered:
    """The response, revisit or conversion record at a byte offset.

    Raises: ValueError when none stands there, OSError.
    """
    with path.open("rb") as stream:
        stream.seek(offset)
        for record in ArchiveIterator(stream, parse_http=True):
            url = str(record.headers.get("WARC-Target-URI") or "")
            if record.record_type == WarcRecordType.conversion:
                told = (("content-type", str(record.headers.get("Content-Type") or "")),)
                return Answered(200, told, bytes(record.reader.read()), url)
            if record.record_type in (WarcRecordType.response, WarcRecordType.revisit):
                head = record.http_headers
                headers = tuple((str(name), str(value)) for name, value in head.items()) if head else ()
                status = int(head.status_code or 0) if head else 0
                return Answered(status, headers, bytes(record.reader.read()), url)
            break
    raise ValueError(f"{path.name}@{offset}: no answer stands there")


def read_responses(path: Path) -> Iterator[tuple[str, bytes, str]]:
    """All response records of a file as (URL, payload, declared digest)."""
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.response, parse_http=True):
            declared = record.headers.get("WARC-Payload-Digest") or ""
            yield record.headers.get("WARC-Target-URI") or "", bytes(record.reader.read()), declared


def _response(capture: Capture) -> WarcRecord:
    record = _record(WarcRecordType.response, capture.fetched_at)
    _describe(record, capture, "response")
    record.set_bytes_content(_http_head(capture) + capture.body)
    return record


def _conversion(capture: Capture) -> WarcRecord:
    record = _record(WarcRecordType.conversion, capture.fetched_at)
    record.headers["WARC-Target-URI"] = capture.final_url
    record.headers["Content-Type"] = capture.header("content-type") or "text/html"
    record.headers["WARC-Payload-Digest"] = f"sha256:{capture.sha256}"
    record.set_bytes_content(capture.body)
    return record


def _revisit(capture: Capture, first: Kept | None) -> WarcRecord:
    """`first`: where the payload was written; without it, the answer that a 304 confirms says when it came."""
    record = _record(WarcRecordType.revisit, capture.fetched_at)
    _describe(record, capture, "response")
    record.headers["WARC-Profile"] = UNCHANGED_PROFILE if capture.earlier else REVISIT_PROFILE
    first = first or (Kept(capture.earlier.final_url, capture.earlier.fetched_at) if capture.earlier else None)
    if first:
        record.headers["WARC-Refers-To-Target-URI"] = first.url
        record.headers["WARC-Refers-To-Date"] = _stamp(first.fetched_at)
    record.set_bytes_content(_http_head(capture))
    return record


def _request(capture: Capture, response_id: str) -> WarcRecord:
    record = _record(WarcRecordType.request, capture.fetched_at)
    record.headers["WARC-Target-URI"] = capture.url
    record.headers["WARC-Concurrent-To"] = response_id
    record.headers["Content-Type"] = "application/http; msgtype=request"
    path = "/" + capture.url.split("://", 1)[-1].partition("/")[2]
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in capture.request_headers)]
    record.set_bytes_content("\r\n".join([*lines, "", ""]).encode("utf-8", "replace"))
    return record


def _describe(record: WarcRecord, capture: Capture, message: str) -> None:
    record.headers["WARC-Target-URI"] = capture.final_url
    record.headers["Content-Type"] = f"application/http; msgtype={message}"
    record.headers["WARC-Payload-Digest"] = f"sha256:{(capture.earlier or capture).sha256}"


def _record(kind: WarcRecordType, at: datetime) -> WarcRecord:
    record = WarcRecord()
    record.init_headers(kind, f"uuid:{uuid.uuid4()}".encode())
    record.headers["WARC-Date"] = _stamp(at)
    return record


def _http_head(capture: Capture) -> bytes:
    head = [f"HTTP/1.1 {capture.status} "]
    head += [f"{name}: {value}" for name, value in capture.headers if name.lower() not in _OF_THE_WIRE]
    head.append(f"Content-Length: {len(capture.body)}")
    return "\r\n".join([*head, "", ""]).encode("utf-8", "replace")


def _append(stream: BinaryIO, record: WarcRecord) -> None:
    # fastwarc compresses into a buffer first: one finished member, written with one call.
    member = io.BytesIO()
    writer = GzipWriter(member, compression_level=6)
    record.write(writer)
    writer.finish()
    stream.write(member.getvalue())


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
