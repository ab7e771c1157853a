"""Captures -> bytes, ledger lines and their index; and the audit that recomputes them all."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.items import Capture
from pipelines.audit import audit_evidence as audit
from pipelines.evidence import Evidence, extension_of, write_whole
from pipelines.ledger import read_lines
from pipelines.warc import Kept

AT = datetime(2024, 4, 24, 3, tzinfo=UTC)


def capture(kind: str, body: bytes, content_type: str = "image/jpeg", url: str = "https://x/a") -> Capture:
    return Capture(kind, url, url, 200, (("content-type", content_type),), body, AT)


def kept(home: Path, run_id: str = "r1", known: dict[str, Kept] | None = None) -> Evidence:
    """Two pages and two pictures, one of them twice."""
    evidence = Evidence(home, run_id, known or {})
    for one in (
        capture("graph", b"page one"),
        capture("media", b"picture"),
        capture("graph", b"page two"),
        capture("media", b"picture"),
        capture("media", b"clip", "video/mp4"),
    ):
        evidence.keep(one, "instagram:a")
    evidence.note("review", {"decision": "match"})
    evidence.commit()
    return evidence


def test_each_capture_has_one_line_and_each_content_one_file(tmp_path: Path) -> None:
    """The second picture is the first: named again, not written again."""
    evidence = kept(tmp_path)
    lines = list(read_lines(tmp_path / "evidence" / "ledger.jsonl"))

    assert [line["kind"] for line in lines] == [
        "begun", "warcinfo", "graph", "media", "graph", "media", "media", "review",
    ]  # fmt: skip
    assert len([path for path in (tmp_path / "evidence" / "media").rglob("*") if path.is_file()]) == 2
    assert lines[3]["path"] == lines[5]["path"]
    assert {lines[3]["sha256"], lines[6]["sha256"]} == set(evidence.fresh_media)
    assert (evidence.newest, len(lines)) == (8, 8)
    assert audit(tmp_path) == (8, [])


def test_nothing_is_said_before_commit(tmp_path: Path) -> None:
    """Bytes may lie there unnamed, never a name without bytes; that the run began is sealed before any byte."""
    evidence = Evidence(tmp_path, "r1", {})
    evidence.keep(capture("graph", b"page"), "a")

    assert [line["kind"] for line in read_lines(tmp_path / "evidence" / "ledger.jsonl")] == ["begun"]
    assert audit(tmp_path) == (1, [])
    assert [line["kind"] for line in evidence.commit()] == ["warcinfo", "graph"]
    assert audit(tmp_path) == (3, [])


def test_a_second_run_goes_on_behind_the_first(tmp_path: Path) -> None:
    """A WARC of its own, the chain unbroken, known pages referred to."""
    kept(tmp_path)
    digest = capture("graph", b"page one").sha256
    size = kept(tmp_path, "r2", {digest: Kept("https://x/a", AT)}).newest

    assert size == 16
    assert {"r1.warc.gz", "r2.warc.gz"} == {path.name for path in (tmp_path / "evidence" / "warc").iterdir()}
    assert audit(tmp_path) == (16, [])


@pytest.mark.parametrize(
    "damage", ["media changed", "media lost", "warc cut", "warc changed", "warc lost", "line changed", "line lost"]
)
def test_the_audit_finds_and_names_every_damage(tmp_path: Path, damage: str) -> None:
    """By file or by number."""
    kept(tmp_path)
    ledger = tmp_path / "evidence" / "ledger.jsonl"
    [warc] = (tmp_path / "evidence" / "warc").iterdir()
    medium = next(path for path in (tmp_path / "evidence" / "media").rglob("*.jp*"))
    raw = {"media": medium, "warc": warc, "line": ledger}[damage.split()[0]]
    body = raw.read_bytes()
    if damage.endswith("lost") and raw != ledger:
        raw.unlink()
    elif damage == "line lost":
        raw.write_bytes(b"".join(body.splitlines(keepends=True)[1:]))
    elif damage == "warc cut":
        raw.write_bytes(body[:-10])
    else:
        half = len(body) // 2
        raw.write_bytes(body[:half] + bytes([body[half] ^ 1]) + body[half + 1 :])

    _, found = audit(tmp_path)
    assert found
    assert any(raw.name in problem or "ledger" in problem for problem in found)


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    """Also over one that is there already; nothing is left beside it."""
    for body in (b"first", b"second"):
        write_whole(tmp_path / "deep" / "file.bin", body)

    assert (tmp_path / "deep" / "file.bin").read_bytes() == b"second"
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["file.bin"]


@pytest.mark.parametrize(
    ("content_type", "url", "suffix"),
    [
        ("video/mp4", "https://x/a", ".mp4"),
        ("image/png; charset=x", "https://x/a.jpg", ".png"),
        ("", "https://x/b/Foto.JPG?x=1", ".jpg"),
        ("", "https://x/a.b/c", ""),
        ("strange/kind", "https://x/a.notanextension", ""),
    ],
)
def test_the_ending_of_a_medium(content_type: str, url: str, suffix: str) -> None:
    """By its type, else by its address, else none."""
    assert suffix == extension_of(capture("media", b"x", content_type, url))


def test_a_ledger_line_says_all_that_is_needed_to_find_and_check_it(tmp_path: Path) -> None:
    """Where, how long, which digest, of whom, when, in which run."""
    kept(tmp_path)
    ledger = (tmp_path / "evidence" / "ledger.jsonl").read_text()
    _, _, page, medium, *_ = map(json.loads, ledger.splitlines())
    always = {"kind", "sha256", "url", "bytes", "status", "fetched_at", "run_id", "account", "seq", "prev", "hash"}

    assert always | {"warc_file", "warc_offset", "warc_bytes", "warc_sha256"} == page.keys()
    assert always | {"path"} == medium.keys()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_record_that_the_disk_refuses_leaves_nothing(tmp_path: Path, share: float) -> None:
    """Not half of it, neither as the first of its file nor later: what comes behind is named without a gap."""
    resource = pytest.importorskip("resource")
    evidence, page = Evidence(tmp_path, "r1", {}), capture("graph", os.urandom(4000))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    for number in range(2):
        size = sum(path.stat().st_size for path in (tmp_path / "evidence" / "warc").glob("*"))
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + int(4000 * share) + 1, before[1]))
        try:
            with pytest.raises(OSError):
                evidence.keep(page, "instagram:a")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        evidence.keep(capture("graph", b"later %d" % number), "instagram:a")
        evidence.commit()

    assert audit(tmp_path)[1] == []
