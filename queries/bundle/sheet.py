"""A bundle's content -> indeks.pdf: the documents as a table, then the evidence of each with room for points."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipelines.items import Grade, Verdict
from queries.bundle.content import Content
from queries.bundle.documents import Document, Piece
from queries.report.captions import clean, shorten
from queries.report.headline import told_read
from queries.typeset import typeset
from queries.wording import Wording

TEMPLATE = Path(__file__).with_name("indeks.typ")
LINK_LETTERS = 300

HEAD = ("number", "agency", "material", "window", "status", "published", "rests", "grade", "pieces")
PIECES_HEAD = ("piece", "file", "proves", "fetched", "sha256", "ledger", "points")


def render_sheet(content: Content) -> bytes:
    """The PDF. Raises: WrongUse where Typst is not installed."""
    return typeset(TEMPLATE, sheet_object(content), content.as_of)


def sheet_object(content: Content) -> dict[str, Any]:
    """All that the template shows, as text."""
    wording, selection = content.wording, content.selection
    return {
        "title": wording.text("bundle.title"), "instance": clean(content.instance.name),
        "letterhead": [clean(line) for line in content.instance.letterhead],
        "as_of": wording.text("bundle.as_of", moment=wording.moment(content.as_of)),
        "scope": f"{wording.text('bundle.scope')}: {'; '.join(_scope(content))}",
        "instruments": list(_instruments(content)),
        "submissions": wording.text(f"bundle.submissions_{'in' if selection.with_submissions else 'out'}"),
        "documents_title": wording.text("bundle.documents"), "points_title": wording.text("bundle.points"),
        "points_note": wording.text("bundle.points_note"), "fairness": wording.text("bundle.fairness"),
        "grades": wording.text("bundle.grades", grades="; ".join(wording.text(f"grade.{grade}") for grade in Grade)),
        "head": [wording.text(f"head.{key}") for key in HEAD],
        "pieces_head": [wording.text(f"head.{key}") for key in PIECES_HEAD],
        "rows": [_row(document, content) for document in content.documents],
        "pieces": [_pieces(document, content) for document in content.documents if document.pieces],
        "seal_title": wording.text("bundle.seal", seq=content.chain.last_seq), "seal": content.chain.last_hash,
        "seal_note": wording.text("bundle.seal_note"), "language": content.instance.language,
    }  # fmt: skip


def _scope(content: Content) -> Iterator[str]:
    wording, selection = content.wording, content.selection
    yield ", ".join(content.agency(one) for one in selection.agencies) or wording.text("bundle.all_agencies")
    named = [one.title for one in content.of_chosen_campaigns()] if selection.campaign else []
    yield ", ".join(named) or wording.text("bundle.all_campaigns")
    day = selection.day
    yield wording.text("bundle.on_day", day=wording.full_date(day)) if day else wording.text("bundle.all_days")


def _instruments(content: Content) -> Iterator[str]:
    wording = content.wording
    for campaign in content.of_chosen_campaigns():
        for one in campaign.instruments:
            told = wording.text("title.instrument", number=one.number, issuer=one.issuer,
                                date=wording.full_date(one.issued_on))  # fmt: skip
            yield f"{wording.text('bundle.instruments')}: {clean(campaign.title)} – {clean(told)}"


def _row(document: Document, content: Content) -> list[str]:
    """The cells under HEAD."""
    wording, resting = content.wording, document.resting
    verdict, duty = resting.verdict, resting.verdict.duty
    return [
        str(resting.number), clean(content.agency(duty.agency_id)), clean(content.material(document)),
        wording.window(duty.window), shorten(told_status(verdict, wording)),
        wording.moment(verdict.published_at) if verdict.published_at else wording.text("bundle.no_evidence"),
        shorten(verdict.post_url or "", LINK_LETTERS) or _ground(verdict, content),
        verdict.grade.value if verdict.grade else wording.text("bundle.no_evidence"),
        _numbers(document, content),
    ]  # fmt: skip


def told_status(verdict: Verdict, wording: Wording) -> str:
    """The verdict in a word, and what else there is to say; a note that says the word itself stands alone."""
    status, note = wording.text(f"status.{verdict.status}"), clean(wording.note(verdict))
    if note.casefold().startswith(status.casefold()):
        return note[:1].upper() + note[1:]
    return f"{status} – {note}" if note else status


def _ground(verdict: Verdict, content: Content) -> str:
    """What a verdict without a post rests on: an absence, on the accounts that were read."""
    read = clean(told_read(verdict, content.wording, content.former))
    return content.wording.text("lists.read", accounts=read) if read else content.wording.text("bundle.not_post")


def told_fetched(piece: Piece, content: Content) -> str:
    """When the source gave it."""
    at = piece.fetched_at
    return content.wording.moment(at) if at else content.wording.text("bundle.no_evidence")


def _numbers(document: Document, content: Content) -> str:
    if document.resting.is_left_out:
        return content.wording.text("bundle.left_out")
    if not document.pieces:
        return content.wording.text("bundle.no_evidence")
    return f"{document.pieces[0].number}–{document.pieces[-1].number}"


def _pieces(document: Document, content: Content) -> dict[str, Any]:
    """A heading, and the cells under PIECES_HEAD of each piece; the last is left for the assessor."""
    wording, resting = content.wording, document.resting
    agency, material = clean(content.agency(resting.verdict.duty.agency_id)), clean(content.material(document))
    return {
        "title": f"{resting.number}. {agency} – {material}", "folder": f"{document.folder}/",
        "rows": [
            [piece.number, piece.path.rsplit("/", 1)[-1], wording.text(f"proves.{piece.role}"),
             told_fetched(piece, content), piece.source.sha256,
             wording.text("bundle.ledger_line", seq=piece.ledger_seq), ""]
            for piece in document.pieces
        ],
    }  # fmt: skip
