"""A document -> penjelasan.txt, for people; a bundle -> BACA-DULU.txt, what it is and how to check it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from string import Template

from queries.bundle.content import Content
from queries.bundle.documents import Document
from queries.bundle.sheet import told_status
from queries.report.captions import clean
from queries.report.decided import is_decided
from queries.report.facts import sign_behind

READ_FIRST = Path(__file__).with_name("BACA-DULU.txt")


def explanation_text(document: Document, content: Content) -> bytes:
    """UTF-8 text, lines ended as Windows' oldest editor needs them."""
    return "\r\n".join([*_told(document, content), ""]).encode("utf-8", "replace")


def read_first_text(content: Content) -> bytes:
    """BACA-DULU.txt, with the name of whose bundle it is and what stands in it."""
    wording, documents = content.wording, content.documents
    written = Template(READ_FIRST.read_text(encoding="utf-8")).substitute(
        instance=clean(content.instance.name), as_of=wording.moment(content.as_of), documents=len(documents),
        with_evidence=sum(one.folder is not None for one in documents),
        first_seq=content.chain.first_seq, last_seq=content.chain.last_seq, last_hash=content.chain.last_hash,
        submissions=_submissions(content, "id"), submissions_en=_submissions(content, "en"),
    )  # fmt: skip
    return written.replace("\n", "\r\n").encode()


def _submissions(content: Content, language: str) -> str:
    included = content.selection.with_submissions
    if language == "id":
        return "kiriman perangkat daerah disertakan" if included else "kiriman pribadi tidak disertakan"
    return "agencies' submissions are included" if included else "personal submissions are not included"


def _told(document: Document, content: Content) -> Iterator[str]:
    wording, resting = content.wording, document.resting
    verdict, duty = resting.verdict, resting.verdict.duty
    yield f"{resting.number}. {clean(content.agency(duty.agency_id))} – {clean(content.material(document))}"
    yield ""
    facts = {
        "window": f"{wording.moment(duty.window.start)} – {wording.moment(duty.window.end)}",
        "status": told_status(verdict, wording),
        "published": _published(document, content),
        "account": wording.account(f"{resting.post.channel}:{resting.post.handle}") if resting.post else "",
        "link": verdict.post_url or "",
        "decided_by": verdict.decided_by if is_decided(verdict) else wording.text("bundle.rule"),
        "grade": wording.text(f"grade.{verdict.grade}") if verdict.grade else "",
    }  # fmt: skip
    yield from (f"{wording.text(f'head.{key}')}: {clean(value)}" for key, value in facts.items() if value)
    yield from _recognised(document, content)
    yield from _listed(document, content)


def _published(document: Document, content: Content) -> str:
    post, wording = document.resting.post, content.wording
    instant = document.resting.verdict.published_at
    if instant is None or post is None:
        return ""
    return f"{wording.moment(instant)} ({wording.text(f'quality.{post.quality}')})"


def _recognised(document: Document, content: Content) -> Iterator[str]:
    wording, resting = content.wording, document.resting
    behind = sign_behind(resting.signs, resting.verdict.matcher)
    for key, signs in (("recognised", [behind] if behind else []),
                       ("other_signs", [one for one in resting.signs if one is not behind])):  # fmt: skip
        if signs:
            yield f"\r\n{wording.text(f'head.{key}')}:"
        for sign in signs:
            certainty = wording.text("cards.score", percent=round(100 * sign.score))
            told = clean(sign.explanation.get(wording.language, ""))
            yield f"- {wording.matcher(sign.matcher)}, {certainty}: {told}"
    if resting.post and resting.post.text:
        yield f"\r\n{wording.text('head.text')}:"
        yield from (clean(line) for line in resting.post.text.splitlines())


def _listed(document: Document, content: Content) -> Iterator[str]:
    wording = content.wording
    if document.pieces:
        yield f"\r\n{wording.text('head.pieces')}:"
    for piece in document.pieces:
        line = wording.text("bundle.ledger_line", seq=piece.ledger_seq)
        name = piece.path.rsplit("/", 1)[-1]
        yield f"{piece.number} {name}: {wording.text(f'proves.{piece.role}')} ({line}, SHA-256 {piece.source.sha256})"
