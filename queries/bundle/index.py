"""A bundle's content and its files -> indeks.json and each folder's keterangan.json, as docs/evidence.md tells them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from queries.bundle.archive import Stored
from queries.bundle.chain import Chain
from queries.bundle.content import Content
from queries.bundle.documents import Document, Piece
from queries.bundle.periksa import FORMAT, LEDGER, TOLD
from queries.bundle.wording import bundle_catalogue

_ROLES = dict(zip(TOLD, ("explanation", "description"), strict=True))


def index_object(content: Content, stored: Sequence[Stored]) -> dict[str, Any]:
    """All of indeks.json; `stored` are the files that are in the ZIP beside it."""
    selection, instance = content.selection, content.instance
    files = {one.path: one for one in stored}
    return {
        "format": FORMAT, "instance": instance.name, "timezone": instance.zone.key,
        "as_of": _local(content.as_of, content),
        "selection": {
            "agencies": list(selection.agencies), "campaign": selection.campaign,
            "day": selection.day.isoformat() if selection.day else None,
        },
        "submissions": "included" if selection.with_submissions else "left_out",
        "campaigns": [
            {"campaign_id": one.campaign_id, "title": one.title, "instruments": [
                {"number": i.number, "issuer": i.issuer, "issued_on": i.issued_on.isoformat()} for i in one.instruments
            ]}
            for one in content.of_chosen_campaigns()
        ],
        "ledger": _ledger(content.chain),
        "documents": [
            {**document_object(one, content), "pieces": _all_pieces(one, files, content)} for one in content.documents
        ],
        "files": [
            {"path": one.path, "bytes": one.size_bytes, "sha256": one.sha256}
            for one in sorted(stored, key=lambda one: one.path)
        ],
    }  # fmt: skip


def description_object(document: Document, content: Content) -> dict[str, Any]:
    """keterangan.json: the document with its post, its signs and its evidence."""
    resting = document.resting
    post = resting.post
    return {
        **document_object(document, content),
        "text": post.text if post else "",
        "signs": [
            {"matcher": one.matcher, "score": one.score, "explanation": dict(one.explanation),
             "media_sha256": one.media_sha256}
            for one in resting.signs
        ],
        "pieces": [_piece(one, one.source.sha256, content) for one in document.pieces],
    }  # fmt: skip


def document_object(document: Document, content: Content) -> dict[str, Any]:
    """One verdict, as the report tells it."""
    resting = document.resting
    verdict, post, duty = resting.verdict, resting.post, resting.verdict.duty
    return {
        "number": resting.number, "campaign_id": duty.campaign_id, "material_id": duty.material_id,
        "material_title": content.material(document), "agency_id": duty.agency_id,
        "agency_name": content.agency(duty.agency_id), "rule": duty.rule,
        "opens_at": _local(duty.window.start, content), "closes_at": _local(duty.window.end, content),
        "status": verdict.status.value, "reason": verdict.reason, "decided_by": verdict.decided_by,
        "post_id": verdict.post_id, "post_url": verdict.post_url,
        "account": f"{post.channel}:{post.handle}" if post else None,
        "published_at": _local(verdict.published_at, content), "published_quality": post.quality if post else None,
        "minutes_late": verdict.minutes_late, "matcher": verdict.matcher, "score": verdict.score,
        "grade": verdict.grade.value if verdict.grade else None,
        "folder": document.folder, "is_left_out": resting.is_left_out, "review_seqs": list(document.review_seqs),
        "deleted": [{"sha256": sha256, "ledger_seq": seq} for sha256, seq in document.deleted],
    }  # fmt: skip


def as_json(value: Mapping[str, Any]) -> bytes:
    """UTF-8, one value per line, sorted keys."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8", "replace")


def _all_pieces(document: Document, files: Mapping[str, Stored], content: Content) -> list[dict[str, Any]]:
    """The evidence and what was written about it; digests are those of the files in the ZIP."""
    pieces = [_piece(one, files[one.path].sha256, content) for one in document.pieces]
    for name, role in _ROLES.items() if document.folder else ():
        path = f"{document.folder}/{name}"
        number = f"{document.resting.number}.{len(pieces) + 1}"
        pieces.append({"number": number, "role": role, "path": path, "sha256": files[path].sha256, "ledger_seq": None,
                       "fetched_at": None})  # fmt: skip
    return [{**one, "proves": bundle_catalogue()["proves"][one["role"]]} for one in pieces]


def _piece(piece: Piece, sha256: str, content: Content) -> dict[str, Any]:
    return {
        "number": piece.number, "role": piece.role, "path": piece.path, "sha256": sha256,
        "ledger_seq": piece.ledger_seq, "fetched_at": _local(piece.fetched_at, content),
    }  # fmt: skip

def _ledger(chain: Chain) -> dict[str, Any]:
    return {
        "path": LEDGER, "first_seq": chain.first_seq, "first_prev": chain.first_prev,
        "last_seq": chain.last_seq, "last_hash": chain.last_hash,
    }  # fmt: skip


def _local(instant: datetime | None, content: Content) -> str | None:
    return instant.astimezone(content.instance.zone).isoformat() if instant else None
