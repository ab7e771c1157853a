"""A request -> what stands around a letter's text: head, addressee, numbers, signature, copies; and cleaned values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crawler.instance import Signatory
from pipelines.items import Campaign
from queries.letters.request import LetterRequest
from queries.letters.voice import letter_texts
from queries.report.captions import shorten

LOGO = "logo.png"
LONGEST = 4000  # graphemes of one value


def frame_of(request: LetterRequest) -> dict[str, Any]:
    """The keys that every letter has; letters replace what is theirs."""
    voice, say = request.voice, request.voice.say
    day = request.as_of.astimezone(voice.zone).date()
    return {
        "language": voice.language, "as_of": voice.moment(request.as_of), "day": voice.full_date(request.day),
        "logo": LOGO if request.logo else "", **_head(request),
        "number": say("common.blank_number"), "nature": say("common.normal"), "attachment": say("common.none"),
        "date": voice.full_date(day), "place_date": say("common.place_date", date=voice.full_date(day)),
        "to": "", "from": "", "agency": "", **copied_to([], request),
        "foot": say("common.foot", as_of=voice.moment(request.as_of)),
        **signed_by(request, request.instance.signatory),
        "label": {key: text[voice.language] for key, text in letter_texts()["label"].items()},
    }  # fmt: skip


def _head(request: LetterRequest) -> dict[str, Any]:
    """The letterhead's first line, its second, and the address below."""
    lines = [line for line in request.instance.letterhead if line.strip()] or [request.instance.name.upper()]
    return {"government": lines[0], "unit": lines[1] if len(lines) > 1 else "", "address": lines[2:]}


def signed_by(request: LetterRequest, signatory: Signatory | None, title: str = "") -> dict[str, str]:
    """The signature block; what is not known stays to be filled in by hand."""
    say = request.voice.say
    return {
        "signer_title": (signatory.title if signatory else "") or title or say("common.inspector"),
        "signer_name": signatory.name if signatory else say("common.blank_name"),
        "signer_nip": say("common.nip", nip=signatory.nip) if signatory and signatory.nip else say("common.blank_nip"),
    }


def copied_to(names: Sequence[str], request: LetterRequest) -> dict[str, Any]:
    """Who gets a copy, and the heading above; both empty for nobody."""
    return {"copies": list(names), "copies_heading": request.voice.say("label.copies") if names else ""}


def issuers_of(campaigns: Sequence[Campaign]) -> list[str]:
    """Who ordered these campaigns, each once."""
    return list(dict.fromkeys(one.issuer for campaign in campaigns for one in campaign.instruments))


def cleaned(said: Mapping[str, Any]) -> dict[str, Any]:
    """The same values without control, direction and zero-width characters, each on one line of bounded length."""
    return {key: _cleaned(value) for key, value in said.items()}


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return shorten(value, LONGEST)
    if isinstance(value, Mapping):
        return cleaned(value)
    return [_cleaned(one) for one in value]
