"""Captures -> records that any WARC reader reads, from start to end and each at its offset."""

from __future__ import annotations

import gzip
import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.items import Capture
from pipelines.warc import REVISIT_PROFILE, Kept, read_payload, read_responses, write_capture, write_warcinfo

AT = datetime(2024, 4, 24, 3, 4, 5, 678901, UTC)


def capture(body: bytes = b'{"a": 1}', **fields: object) -> Capture:
    one = Capture(
        "graph",
        "https://g.example/v26?fields=a{b}",
        "https://g.example/final",
        200,
        (
            ("Content-Type", "application/json"),
            ("Content-Encoding", "gzip"),
            ("Content-Length", "3"),
            ("X-App-Usage", "{}"),
        ),
        body,
        AT,
        (("User-Agent", "Tayang"),),
    )
    return replace(one, **fields)  # type: ignore[arg-type]


def write(path: Path, *captures: tuple[Capture, Kept | None]) -> list[int]:
    """The file, and the offset of each capture."""
    offsets = []
    with path.open("ab") as stream:
        write_warcinfo(stream, "tayang")
        for one, first in captures:
            offsets.append(stream.tell())
            write_capture(stream, one, first)
    return offsets


@settings(max_examples=30, deadline=None)
@given(st.lists(st.binary(max_size=400), min_size=1, max_size=5))
def test_every_payload_comes_back_to_the_byte(tmp_path_factory: pytest.TempPathFactory, bodies: list[bytes]) -> None:
    """At its own offset, and in order over the whole file; the digest is the capture's."""
    path = tmp_path_factory.mktemp("warc") / "a.warc.gz"
    captures = [capture(body) for body in bodies]
    offsets = write(path, *((one, None) for one in captures))

    assert bodies == [read_payload(path, offset) for offset in offsets]
    expected = [(one.final_url, one.body, f"sha256:{one.sha256}") for one in captures]
    assert expected == list(read_responses(path))


def test_each_record_is_a_member_of_its_own(tmp_path: Path) -> None:
    """Plain gunzip reads it too; a cut at any member's end leaves a whole file."""
    path = tmp_path / "a.warc.gz"
    [first, second] = write(path, (capture(b"one"), None), (capture(b"two"), None))
    raw = path.read_bytes()

    assert gzip.decompress(raw).count(b"WARC/1.1\r\n") == 5
    kinds = [record.record_type for record in ArchiveIterator(io.BytesIO(raw[:second]))]
    assert [WarcRecordType.warcinfo, WarcRecordType.response, WarcRecordType.request] == kinds
    assert raw[first : first + 2] == raw[second : second + 2] == b"\x1f\x8b"


def test_headers_tell_the_stored_body(tmp_path: Path) -> None:
    """What was true of the wire only is left out; the rest is kept, the length is the body's."""
    path = tmp_path / "a.warc.gz"
    [offset] = write(path, (capture(), None))
    with path.open("rb") as stream:
        stream.seek(offset)
        response, request = ArchiveIterator(stream, parse_http=True)
        told = {name.lower(): value for name, value in response.http_headers.items()}

        assert (
            str(response.http_headers.status_code),
            told["content-length"],
            told["x-app-usage"],
            told.get("content-encoding"),
        ) == ("200", "8", "{}", None)
        assert (
            response.headers["WARC-Date"],
            response.headers["WARC-Target-URI"],
        ) == ("2024-04-24T03:04:05.678901Z", "https://g.example/final")
        assert response.record_id in request.headers["WARC-Concurrent-To"]
        assert capture().url == request.headers["WARC-Target-URI"]


def test_a_payload_that_is_kept_already_becomes_a_revisit(tmp_path: Path) -> None:
    """It names the first by address, time and digest, and holds no body."""
    path = tmp_path / "a.warc.gz"
    [first, again] = write(path, (capture(), None), (capture(), Kept("https://g.example/final", AT)))
    with path.open("rb") as stream:
        stream.seek(again)
        record = next(ArchiveIterator(stream))

        assert WarcRecordType.revisit == record.record_type
        assert record.headers["WARC-Profile"] == REVISIT_PROFILE
        assert ("https://g.example/final", "2024-04-24T03:04:05.678901Z", f"sha256:{capture().sha256}") == tuple(
            record.headers[f"WARC-{name}"] for name in ("Refers-To-Target-URI", "Refers-To-Date", "Payload-Digest")
        )
    assert capture().body == read_payload(path, first)
    with pytest.raises(ValueError, match="no response record"):
        read_payload(path, again)


def test_strange_headers_do_not_break_the_record(tmp_path: Path) -> None:
    """A server may send anything in a header, and any status."""
    strange = capture(b"x", status=599, headers=(("X-Ä", "bäh \u2028 :: "), ("Set-Cookie", "REDACTED")))
    path = tmp_path / "a.warc.gz"
    [offset, after] = write(path, (strange, None), (capture(b"y"), None))

    assert (read_payload(path, offset), read_payload(path, after)) == (b"x", b"y")
