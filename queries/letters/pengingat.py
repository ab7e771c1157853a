"""An agency's open duties -> a polite reminder, and the same as text for WhatsApp; unknown asks, never accuses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from crawler.items import Agency
from pipelines.items import Status, Verdict
from queries.letters.frame import cleaned, copied_to, frame_of, issuers_of
from queries.letters.lines import Line, campaigns_of, lines_of, ordered
from queries.letters.nota_dinas import of_day
from queries.letters.request import Letter, LetterRequest
from queries.letters.stems import stem_of
from queries.letters.voice import is_in_grace

NAME = "pengingat"
Found = Mapping[Status, Sequence[Verdict]]
OPEN = (Status.PENDING, Status.MISSING, Status.UNKNOWN)


def pengingat(request: LetterRequest, agency: Agency) -> Letter | None:
    """The agency's letter; None where nothing of it is open."""
    chosen = [v for v in of_day(request) if v.duty.agency_id == agency.agency_id and _is_open(v)]
    if not chosen:
        return None
    say, voice, campaigns = request.voice.say, request.voice, campaigns_of(chosen, request)
    found = {status: [v for v in chosen if v.status is status] for status in OPEN}
    said = cleaned({
        **frame_of(request), "agency": agency.name, "to": say("common.head_of", agency=agency.name),
        **copied_to(issuers_of(campaigns), request),
        "opening": say(
            "pengingat.opening", orders=voice.orders(campaigns), agency=agency.name, as_of=voice.moment(request.as_of)
        ),
        **_lists(found, request), **_requests(found, request, agency),
        "closing": say("pengingat.closing"), "office": request.instance.name,
    })  # fmt: skip
    said["whatsapp"] = _whatsapp(said, found, request)
    return Letter(NAME, stem_of(NAME, agency.agency_id), said)


def _lists(found: Found, request: LetterRequest) -> dict[str, Any]:
    """The lines of each kind, and the heading above; both empty where there are none."""
    lists: dict[str, Any] = {}
    for status, verdicts in found.items():
        lists[status.value] = lines_of(verdicts, request)
        lists[f"{status}_heading"] = request.voice.say(f"pengingat.{status}_heading") if verdicts else ""
    return lists


def _requests(found: Found, request: LetterRequest, agency: Agency) -> dict[str, str]:
    """What is asked for: to show what is open; access or links where nothing could be seen."""
    say, is_to_do = request.voice.say, bool(found[Status.PENDING] or found[Status.MISSING])
    unseen = say("pengingat.request_unknown", agency=agency.name) if found[Status.UNKNOWN] else ""
    return {
        "nature": say("common.urgent" if is_to_do else "common.normal"),
        "subject": say("pengingat.subject" if is_to_do else "pengingat.subject_unknown"),
        "request": say("pengingat.request") if is_to_do else "", "request_unknown": unseen,
    }  # fmt: skip


def _is_open(verdict: Verdict) -> bool:
    """Whether there is something to ask for: a showing that can still be done, or sight of what was done."""
    if verdict.status is Status.UNKNOWN:
        return True
    if verdict.duty.rule == "must_not":
        return False
    return verdict.status is Status.PENDING or (verdict.status is Status.MISSING and is_in_grace(verdict))


def _whatsapp(said: dict[str, Any], found: Found, request: LetterRequest) -> list[str]:
    """The lines to copy. Values lose the signs that WhatsApp takes for mark-up."""
    say = request.voice.say
    lines = [say("whatsapp.greeting", recipient=unmarked(said["to"]), as_of=said["as_of"]), ""]
    for status in OPEN:
        lines += _points(status, said[status.value], found[status], request)
    asks = [say(f"whatsapp.{key}") for key in ("request", "request_unknown") if said[key]]
    return [*lines, "", *asks, "", say("whatsapp.sender", office=unmarked(said["office"]))]


def _points(status: Status, lines: Sequence[Line], verdicts: Sequence[Verdict], request: LetterRequest) -> list[str]:
    return [
        request.voice.say(
            "whatsapp.not_open" if verdict.as_of < verdict.duty.window.start else f"whatsapp.{status}",
            **{key: unmarked(value) for key, value in line.items()},
        )
        for line, verdict in zip(lines, ordered(verdicts, request), strict=True)
    ]


def unmarked(text: str) -> str:
    """`text` without what WhatsApp would read as bold, italic, struck or code; `a_b` within a word stays."""
    return re.sub(r"[*~`]+|(?<!\w)_+|_+(?!\w)", "", text)
