"""An agency's verdicts -> its own report on carrying out the order, for its head to sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crawler.items import Agency
from pipelines.items import Status, Verdict
from queries.letters.frame import cleaned, copied_to, frame_of, issuers_of, signed_by
from queries.letters.lines import Line, campaigns_of, lines_of
from queries.letters.nota_dinas import of_day
from queries.letters.request import Letter, LetterRequest
from queries.letters.stems import stem_of
from queries.report.scope import figures_of, local_day

NAME = "laporan-pelaksanaan"


def laporan_pelaksanaan(request: LetterRequest, agency: Agency) -> Letter | None:
    """The agency's letter; None where nothing was owed yet."""
    chosen = _owed(request, agency, local_day(request.day, request.instance.zone).end)
    if not chosen:
        return None
    say, voice, campaigns = request.voice.say, request.voice, campaigns_of(chosen, request)
    frame, issuers = frame_of(request), issuers_of(campaigns)
    head = say("common.head_of", agency=agency.name)
    unseen = any(verdict.status is Status.UNKNOWN for verdict in chosen)
    return Letter(NAME, stem_of(NAME, agency.agency_id), cleaned({
        **frame, **signed_by(request, None, head), "agency": agency.name,
        "unit": agency.name.upper(), "address": [], "from": head,
        "to": issuers[0] if issuers else say("laporan.recipient"), **copied_to([frame["signer_title"]], request),
        "title": say("laporan.title"),
        "subject": say("laporan.subject", campaigns=", ".join(campaign.title for campaign in campaigns)),
        "opening": say(
            "laporan.opening", orders=voice.orders(campaigns), agency=agency.name,
            date=voice.full_date(request.day), as_of=voice.moment(request.as_of),
        ),
        "summary": _summary(chosen, request), "owed": _lines(chosen, request),
        "supplement": say("laporan.supplement") if unseen else "", "closing": say("laporan.closing"),
    }))  # fmt: skip


def _owed(request: LetterRequest, agency: Agency, end: datetime) -> list[Verdict]:
    """All that the agency owed until then, of the campaigns that the day's report speaks of."""
    current = {verdict.duty.campaign_id for verdict in of_day(request)}
    return [
        verdict
        for verdict in request.verdicts
        if verdict.duty.agency_id == agency.agency_id
        and verdict.duty.campaign_id in current
        and verdict.duty.window.start < end
    ]


def _lines(chosen: Sequence[Verdict], request: LetterRequest) -> list[Line]:
    """The duties in the agency's own voice: it is the check that could not observe, and nobody is asked."""
    lines = lines_of(chosen, request)
    for line in lines:
        if line["because"]:
            line["note"] = request.voice.say("standing.unknown_own", because=line["because"])
    return lines


def _summary(chosen: Sequence[Verdict], request: LetterRequest) -> str:
    voice, figures = request.voice, figures_of(chosen)
    counts = [
        voice.say("laporan.count", status=voice.text(f"status.{status}").lower(), count=number)
        for status, number in figures.counts.items()
    ]
    return voice.say("laporan.summary", duties=figures.duties, counts=", ".join(counts))
