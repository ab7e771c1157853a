"""A day's verdicts -> the nota dinas to the Inspector: what could not be observed first, then what is proved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipelines.items import Status, Verdict
from queries.letters.frame import cleaned, frame_of, signed_by
from queries.letters.lines import campaigns_of, lines_of, unseen_of
from queries.letters.request import Letter, LetterRequest
from queries.letters.voice import Voice, is_in_grace
from queries.report.scope import Figures, figures_of, local_day, reported, touches

NAME = "nota-dinas"

# What is told of the day, in this order: first what cannot be said.
FINDINGS = (Status.UNKNOWN, Status.MISSING, Status.VIOLATED, Status.LATE, Status.EARLY, Status.INCOMPLETE,
            Status.REVIEW, Status.PENDING)  # fmt: skip
LISTED = FINDINGS[:-1]  # what is pending is counted only


def of_day(request: LetterRequest) -> list[Verdict]:
    """The verdicts of the day's report: windows that touch the day or the week before it."""
    span = reported(local_day(request.day, request.instance.zone))
    return [verdict for verdict in request.verdicts if touches(verdict.duty.window, span)]


def nota_dinas(request: LetterRequest) -> Letter:
    """The one letter of the day."""
    say, chosen = request.voice.say, of_day(request)
    found = {status: [v for v in chosen if v.status is status] for status in FINDINGS}
    asks = _asks(found, request)
    signatory = request.instance.signatory
    return Letter(NAME, NAME, cleaned({
        **frame_of(request), **signed_by(request, None, say("nota.signer")),
        "title": say("nota.title"), "from": say("nota.from"),
        "to": (signatory.title if signatory else "") or say("common.inspector"),
        "subject": say("nota.subject", date=request.voice.full_date(request.day)),
        "nature": say("common.urgent" if asks else "common.normal"),
        "attachment": say("common.one_list" if any(found[status] for status in LISTED) else "common.none"),
        "opening": _opening(chosen, request), **_figures(chosen, request),
        "findings": _findings(chosen, found, request),
        "asks": _as_one_sentence(asks or [say("nota.ask_known")]),
        "closing": say("nota.closing"), **_lists(found, request),
    }))  # fmt: skip


def _opening(chosen: Sequence[Verdict], request: LetterRequest) -> str:
    voice = request.voice
    orders = voice.orders(campaigns_of(chosen, request))
    return voice.say(
        "nota.opening" if orders else "nota.opening_bare", orders=orders, weekday=voice.weekday(request.day),
        date=voice.full_date(request.day), as_of=voice.moment(request.as_of),
    )  # fmt: skip


def _figures(chosen: Sequence[Verdict], request: LetterRequest) -> dict[str, Any]:
    """How many duties stand where, of the day and of the time reported; and the share as a sentence."""
    voice, day = request.voice, local_day(request.day, request.instance.zone)
    whole, today = figures_of(chosen), figures_of([v for v in chosen if touches(v.duty.window, day)])
    return {
        "share": _share(whole, today, voice),
        "figures": [
            {"status": voice.text(f"status.{status}"), "today": str(today.counts.get(status, 0)), "since": str(number)}
            for status, number in whole.counts.items()
        ],
        "today_heading": voice.say("nota.today"), "total_today": str(today.duties), "total_since": str(whole.duties),
        "since_heading": voice.say("nota.since", date=voice.short_date(reported(day).start)),
    }  # fmt: skip


def _share(whole: Figures, today: Figures, voice: Voice) -> str:
    key = "nota.no_share" if not whole.due else "nota.share" if today.due else "nota.share_before"
    told = voice.say(key, due=whole.due, done=whole.done, due_today=today.due, done_today=today.done)
    return f"{told} {voice.text('figures.ahead', count=whole.ahead)}" if whole.ahead else told


def _findings(
    chosen: Sequence[Verdict], found: dict[Status, list[Verdict]], request: LetterRequest
) -> list[str]:  # fmt: skip
    """One sentence for each kind of finding; of no duty nothing is found."""
    say = request.voice.say
    if not chosen:
        return [say("nota.nothing")]
    told = [_finding(status, found[status], request) for status in FINDINGS if found[status]]
    return told if found[Status.UNKNOWN] else [say("nota.all_seen"), *told]


def _finding(status: Status, verdicts: Sequence[Verdict], request: LetterRequest) -> str:
    grace = sum(map(is_in_grace, verdicts))
    key = f"{status}_in_grace" if status is Status.MISSING and grace else status
    return request.voice.say(
        f"nota.{key}", duties=len(verdicts), agencies=len({verdict.duty.agency_id for verdict in verdicts}),
        grace=grace,
    )


def _asks(found: dict[Status, list[Verdict]], request: LetterRequest) -> list[str]:
    """What the Inspector is asked to decide; empty where there is nothing to decide."""
    grace = [is_in_grace(verdict) for verdict in found[Status.MISSING]]
    wanted = {
        "unknown": found[Status.UNKNOWN], "grace": any(grace), "missing": grace and not all(grace),
        "violated": found[Status.VIOLATED], "review": found[Status.REVIEW],
    }  # fmt: skip
    duties = len(found[Status.REVIEW])
    return [request.voice.say(f"nota.ask_{key}", duties=duties) for key, is_wanted in wanted.items() if is_wanted]


def _as_one_sentence(parts: Sequence[str]) -> list[str]:
    return [*(f"{part};" for part in parts[:-1]), f"{parts[-1]}."]


def _lists(found: dict[Status, list[Verdict]], request: LetterRequest) -> dict[str, Any]:
    """The lines and the heading of each list; both empty where there is nothing to list."""
    say = request.voice.say
    lists: dict[str, Any] = {"list": say("nota.list") if any(found[status] for status in LISTED) else ""}
    for status in LISTED:
        verdicts = found[status]
        lists[status.value] = unseen_of(verdicts, request) if status is Status.UNKNOWN else lines_of(verdicts, request)
        lists[f"{status}_heading"] = say(f"nota.{status}_heading") if verdicts else ""
    return lists
