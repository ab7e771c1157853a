"""Chosen verdicts, what the store knows of them and the ledger -> numbered documents and their pieces of evidence.

A document is one verdict. Its pieces are files: what the source answered, the media that were recognised, and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.errors import StoreDamaged
from crawler.items import Span
from crawler.language import say
from pipelines.deletions import Deletions
from pipelines.items import Verdict
from pipelines.reviews import KIND as REVIEW
from queries.bundle.archive import Slice, damaged
from queries.bundle.chain import Line
from queries.reader import Connection, rows
from queries.report.facts import Facts, PostFact, SignFact, page_behind, read_facts, sign_behind
from queries.shelf import content_type_of

FOLDER = "bukti"
SUBMISSION = "import:submission"
NAME_LETTERS = 40

_SOURCES = """
SELECT seq, sha256, warc_file IS NOT NULL AS is_page, account FROM evidence_rows
WHERE sha256 IN (SELECT unnest($ids)) ORDER BY seq"""

_SUFFIXES = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "image/avif": ".avif",
    "video/mp4": ".mp4", "video/webm": ".webm", "audio/ogg": ".ogg", "audio/mpeg": ".mp3", "audio/wav": ".wav",
    "audio/flac": ".flac",
}  # fmt: skip
_JSON = frozenset({"graph", "wordpress"})


@dataclass(frozen=True, slots=True)
class Payload:
    """What a kept answer says, still packed in its WARC record."""

    record: Slice
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of evidence. `role`: page_record | page_payload | media; `ledger_seq`: the line that names it.

    `fetched_at`: when the source gave it; None where the line does not say, as of a file that a person handed in.
    """

    number: str
    role: str
    path: str
    source: Slice | Payload
    ledger_seq: int
    fetched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Resting:
    """A verdict and what it rests on. `page_seq`, `media_seqs`: the ledger's lines about its evidence."""

    number: int
    verdict: Verdict
    post: PostFact | None = None
    signs: tuple[SignFact, ...] = ()
    page_seq: int | None = None
    media_seqs: tuple[int, ...] = ()
    is_left_out: bool = False

    @property
    def seqs(self) -> tuple[int, ...]:
        """All of them."""
        return (*([self.page_seq] if self.page_seq else []), *self.media_seqs)

    @property
    def digests(self) -> set[str]:
        """The payloads it rests on, by name."""
        return {one for one in (_page_of(self), *_media_of(self)) if one}

    def is_decided_by(self, line: Line) -> bool:
        """Whether a ledger line is the decision of a person that this verdict follows."""
        if line["kind"] != REVIEW or self.verdict.decided_by == "tayang":
            return False
        duty, told = self.verdict.duty, line["content"]
        if (told["campaign_id"], told["material_id"]) != (duty.campaign_id, duty.material_id):
            return False
        if told["post_id"]:
            return bool(told["post_id"] == self.verdict.post_id)
        opens_at = datetime.fromisoformat(told["opens_at"])
        return (told["agency_id"], opens_at) == (duty.agency_id, duty.window.start)


@dataclass(frozen=True, slots=True)
class Document:
    """A verdict as the index tells of it; `folder` is None where there is no file to show."""

    resting: Resting
    folder: str | None
    pieces: tuple[Piece, ...] = ()
    review_seqs: tuple[int, ...] = ()
    deleted: tuple[tuple[str, int], ...] = ()  # digest, and the ledger's line that says so


def resting_on(connection: Connection, chosen: Sequence[Verdict], with_submissions: bool) -> list[Resting]:
    """What the store knows of the verdicts, numbered from 1. Raises: StoreDamaged for evidence it does not index."""
    ids = [verdict.post_id for verdict in chosen if verdict.post_id]
    facts = read_facts(connection, ids, Span(chosen[0].as_of, chosen[0].as_of))
    bare = [_bare(number, verdict, facts, with_submissions) for number, verdict in enumerate(chosen, 1)]
    wanted = sorted({digest for one in bare for digest in (_page_of(one), *_media_of(one)) if digest})
    sources: dict[tuple[str, bool], list[Mapping[str, Any]]] = {}
    for row in rows(connection, _SOURCES, {"ids": wanted}) if wanted else []:
        sources.setdefault((row["sha256"], row["is_page"]), []).append(row)
    return [_located(one, sources) for one in bare]


def document_of(home: Path, resting: Resting, lines: Mapping[int, Line], width: int) -> Document:
    """The document with its pieces; `lines` are the ledger's by number. Raises: StoreDamaged."""
    folder = f"{FOLDER}/{folder_name(resting, width)}"
    pieces = tuple(_pieces(home, resting, folder, lines))
    decided = tuple(seq for seq, line in sorted(lines.items()) if resting.is_decided_by(line))
    told = Deletions.of(line for _, line in sorted(lines.items())).payloads
    deleted = tuple((sha256, told[sha256]) for sha256 in sorted(resting.digests & told.keys()))
    return Document(resting, folder if resting.post and not resting.is_left_out else None, pieces, decided, deleted)


def folder_name(resting: Resting, width: int) -> str:
    """`07-dinkes-tolak-tip`: safe whatever the ids hold, short, and told apart by the number."""
    duty = resting.verdict.duty
    ids = (duty.agency_id, duty.material_id)
    words = (re.sub(r"[^A-Za-z0-9_]+", "-", one).strip("-")[:NAME_LETTERS] for one in ids)
    return "-".join([f"{resting.number:0{width}}", *filter(None, words)])


def _bare(number: int, verdict: Verdict, facts: Facts, with_submissions: bool) -> Resting:
    """What the views tell; where its evidence lies is found next."""
    post = facts.shown(verdict.post_id, verdict.duty.campaign_id, verdict.duty.material_id)
    signs = facts.signs.get((verdict.post_id or "", verdict.duty.campaign_id, verdict.duty.material_id), ())
    is_left_out = post is not None and post.origin == SUBMISSION and not with_submissions
    return Resting(number, verdict, post, signs, is_left_out=is_left_out)


def _page_of(resting: Resting) -> str:
    if resting.is_left_out:
        return ""
    return page_behind(resting.post, sign_behind(resting.signs, resting.verdict.matcher)) or ""


def _media_of(resting: Resting) -> list[str]:
    """Digests of what was recognised; of a post that a person recognised without a sign, all that it shows."""
    if resting.post is None or resting.is_left_out:
        return []
    found = [sign.media_sha256 for sign in resting.signs if sign.media_sha256]
    shown = [digest for _, digest, _ in resting.post.media if digest]
    return list(dict.fromkeys(found if resting.signs else shown))


def _located(resting: Resting, sources: Mapping[tuple[str, bool], Sequence[Mapping[str, Any]]]) -> Resting:
    page, post = _page_of(resting), resting.post
    if post is None or resting.is_left_out:
        return resting
    return Resting(
        resting.number, resting.verdict, post, resting.signs,
        # The first line that names a page has its bytes; later ones refer to it.
        _line_of(sources.get((page, True), ()), "", page, post) if page else None,
        tuple(_line_of(sources.get((one, False), ()), f"{post.channel}:{post.handle}", one, post)
              for one in _media_of(resting)),
    )  # fmt: skip


def _line_of(found: Sequence[Mapping[str, Any]], account: str, digest: str, post: PostFact) -> int:
    """The number of the line about a digest: of this account's own copy if there is one, else the first."""
    if not found:
        raise StoreDamaged(
            say(f"bukti {digest} dari {post.post_id} tidak ada dalam buku besar; `tayang audit`",
                f"evidence {digest} of {post.post_id} is not in the ledger; `tayang audit`")
        )  # fmt: skip
    return int(next((row for row in found if account and row["account"] == account), found[0])["seq"])


def _pieces(home: Path, resting: Resting, folder: str, lines: Mapping[int, Line]) -> Iterator[Piece]:
    numbers = (f"{resting.number}.{count}" for count in range(1, 1000))
    deletions = Deletions.of(line for _, line in sorted(lines.items()))
    if resting.page_seq and not deletions.covers(_known(lines, resting.page_seq)):
        line = _known(lines, resting.page_seq)
        record = Slice(_inside(home, f"evidence/{line['warc_file']}"), line["warc_offset"], line["warc_bytes"],
                       line["warc_sha256"])  # fmt: skip
        payload = Payload(record, line["bytes"], line["sha256"])
        yield Piece(next(numbers), "page_record", f"{folder}/halaman.warc.gz", record, line["seq"], _fetched(line))
        readable = f"{folder}/halaman{_page_suffix(line)}"
        yield Piece(next(numbers), "page_payload", readable, payload, line["seq"], _fetched(line))
    for count, seq in enumerate(resting.media_seqs, 1):
        line = _known(lines, seq)
        if deletions.covers(line):
            continue
        path = _inside(home, line["path"])
        name = f"{folder}/media-{count}{_suffix(path)}"
        yield Piece(next(numbers), "media", name, Slice(path, 0, line["bytes"], line["sha256"]), seq, _fetched(line))


def _fetched(line: Line) -> datetime | None:
    told = line.get("fetched_at")
    return datetime.fromisoformat(told) if told else None


def _known(lines: Mapping[int, Line], seq: int) -> Line:
    if seq not in lines:
        raise StoreDamaged(say(f"baris {seq} tidak ada dalam buku besar; `tayang audit`",
                               f"line {seq} is not in the ledger; `tayang audit`"))  # fmt: skip
    return lines[seq]


def _inside(home: Path, name: str) -> Path:
    """A file of the workspace; a ledger that leads elsewhere is not followed."""
    path = (home / name).resolve()
    if not path.is_relative_to(home.resolve()):
        raise damaged(path, say("di luar ruang kerja", "outside of the workspace"))
    return path


def _suffix(path: Path) -> str:
    """By the file's own first bytes, never by what a server called it."""
    try:
        return _SUFFIXES.get(content_type_of(path), ".bin")
    except OSError as error:
        raise damaged(path, error.strerror or str(error)) from error


def _page_suffix(line: Line) -> str:
    """Nothing that a double click would run: a page of a site is kept as plain text."""
    own = Path(str(line["url"])).suffix.lower()
    return ".json" if line["kind"] in _JSON or own == ".json" else own if own in (".csv", ".zip", ".gz") else ".txt"
