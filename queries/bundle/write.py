"""A request -> the bundle's ZIP: read what is said, read the ledger, then stream the evidence into place.

The store is closed again before the first byte of evidence is read, so that a run need not wait for a large bundle.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawler.errors import WrongUse
from crawler.items import Agency
from crawler.language import say
from pipelines.deletions import DELETION
from pipelines.items import Campaign, Verdict
from queries.bundle import periksa
from queries.bundle.archive import Archive, Slice, Stored, damaged, read_slice
from queries.bundle.chain import NAME, Line, handed_over, read_chain
from queries.bundle.content import Content
from queries.bundle.documents import Document, Payload, Resting, document_of, resting_on
from queries.bundle.index import as_json, description_object, index_object
from queries.bundle.selection import Selection, check_names, nothing_chosen
from queries.bundle.sheet import render_sheet
from queries.bundle.told import explanation_text, read_first_text
from queries.bundle.workbook import render_index
from queries.reader import open_store
from queries.report.history import read_former_names
from queries.report.request import Issuer

VERIFIER = Path(periksa.__file__)


@dataclass(frozen=True, slots=True)
class BundleRequest:
    """One bundle. The same request of the same store and evidence gives the same bytes.

    `store` is the file of the store in the workspace `home`; `verdicts` are those of all duties at `as_of`.
    """

    home: Path
    store: Path
    instance: Issuer
    as_of: datetime
    verdicts: Sequence[Verdict]
    campaigns: Sequence[Campaign]
    agencies: Sequence[Agency]
    selection: Selection
    out: Path


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: `index_sha256` belongs into the covering letter."""

    path: Path
    documents: int
    with_evidence: int
    files: int
    size_bytes: int
    index_sha256: str


def write_bundle(request: BundleRequest) -> Written:
    """Write the ZIP, whole or not at all.

    Raises: WrongUse where nothing is chosen, StoreDamaged where evidence is not what was kept.
    """
    check_names(request.selection, request.agencies, request.campaigns)
    if request.out.is_dir():
        raise WrongUse(say(f"{request.out} adalah folder; tulis nama berkas ZIP",
                           f"{request.out} is a folder; write the name of a ZIP"))  # fmt: skip
    content = content_of(request)
    request.out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = request.out.with_name(f".{request.out.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as stream, closing(Archive(stream)) as archive:
            index_sha256 = _write(archive, request.home, content)
        unfinished.replace(request.out)
    finally:
        unfinished.unlink(missing_ok=True)
    with_evidence = sum(one.folder is not None for one in content.documents)
    size = request.out.stat().st_size
    return Written(
        request.out, len(content.documents), with_evidence, len(archive.stored), size, index_sha256
    )  # fmt: skip


def content_of(request: BundleRequest) -> Content:
    """Choose, read and put together."""
    zone, selection = request.instance.zone, request.selection
    chosen = selection.choose(request.verdicts, request.as_of, zone)
    if not chosen:
        raise nothing_chosen(selection, request.verdicts)
    with closing(open_store(request.store, zone.key)) as connection:
        resting = resting_on(connection, chosen, selection.with_submissions)
        former = read_former_names(connection)
    chain = read_chain(request.home, _needs(resting))
    width = max(2, len(str(len(resting))))
    documents = [document_of(request.home, one, chain.needed, width) for one in resting]
    return Content(
        request.instance, request.as_of, selection, documents, chain,
        {one.agency_id: one.name for one in request.agencies}, {one.campaign_id: one for one in request.campaigns},
        former,
    )  # fmt: skip


def _needs(resting: Sequence[Resting]) -> Callable[[Line], bool]:
    """Tells of a line of the ledger whether the verdicts rest on it."""
    seqs = {seq for one in resting for seq in one.seqs}
    decided = [one for one in resting if one.verdict.decided_by != "tayang"]
    digests = {sha256 for one in resting for sha256 in one.digests}

    def is_needed(line: Line) -> bool:
        if line["kind"] == DELETION:
            return line["content"]["sha256"] in digests
        return line["seq"] in seqs or any(one.is_decided_by(line) for one in decided)

    return is_needed


Source = bytes | Slice | Payload


def _write(archive: Archive, home: Path, content: Content) -> str:
    """All files, sorted by name. Returns the digest of the index."""
    later = {
        "indeks.pdf": render_sheet(content), "indeks.xlsx": render_index(content), "periksa.py": VERIFIER.read_bytes(),
    }  # fmt: skip
    archive.add_bytes("BACA-DULU.txt", read_first_text(content))
    for name, source in sorted(_evidence(content).items()):
        _add(archive, name, source)
    archive.add(periksa.LEDGER, handed_over(home, content.chain), (home / NAME).stat().st_size)
    beside = [*archive.stored, *(Stored.of(name, body) for name, body in later.items())]
    index = as_json(index_object(content, beside))
    digest = hashlib.sha256(index).hexdigest()
    later |= {periksa.INDEX: index, periksa.SEAL: f"{digest}  {periksa.INDEX}\n".encode()}
    for name, body in sorted(later.items()):
        archive.add_bytes(name, body)
    return digest


def _evidence(content: Content) -> Mapping[str, Source]:
    """By name: the files of all folders."""
    found: dict[str, Source] = {}
    for document in content.documents:
        found |= {piece.path: piece.source for piece in document.pieces}
        if document.folder:
            found |= _told(document, content)
    return found


def _told(document: Document, content: Content) -> dict[str, Source]:
    explanation, description = (f"{document.folder}/{name}" for name in periksa.TOLD)
    return {
        explanation: explanation_text(document, content),
        description: as_json(description_object(document, content)),
    }


def _add(archive: Archive, name: str, source: Source) -> None:
    if isinstance(source, bytes):
        archive.add_bytes(name, source)
    elif isinstance(source, Slice):
        archive.add(name, read_slice(source), source.size_bytes)
    else:
        archive.add(name, _unpacked(source), source.size_bytes)


def _unpacked(payload: Payload) -> Iterator[bytes]:
    """What a kept answer says. Raises: StoreDamaged where it is not what the ledger names."""
    digest, record = hashlib.sha256(), payload.record
    try:
        with record.path.open("rb") as stream:
            stream.seek(record.offset)
            for piece in periksa.payload_of(stream, payload.size_bytes):
                digest.update(piece)
                yield piece
    except OSError as error:
        raise damaged(record.path, error.strerror or str(error)) from error
    except (ValueError, zlib.error) as error:
        raise damaged(record.path, str(error)) from error
    if digest.hexdigest() != payload.sha256:
        raise damaged(record.path, f"SHA-256 ≠ {payload.sha256}")
