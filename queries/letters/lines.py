"""Verdicts -> the lines of a letter's tables: one dict of strings per duty, the same keys everywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta

from pipelines.items import Campaign, Status, Verdict
from queries.letters.request import LetterRequest
from queries.report.facts import page_behind, sign_behind
from queries.report.page import safe_link

Line = dict[str, str]


def ordered(verdicts: Iterable[Verdict], request: LetterRequest) -> list[Verdict]:
    """By the registry's order of agencies, then by window, campaign and material."""
    places = {agency.agency_id: place for place, agency in enumerate(request.agencies)}

    def key(verdict: Verdict) -> tuple[object, ...]:
        duty = verdict.duty
        place = places.get(duty.agency_id, len(places))
        return (place, duty.agency_id, duty.window.start, duty.window.end, duty.campaign_id, duty.material_id)

    return sorted(verdicts, key=key)


def lines_of(verdicts: Iterable[Verdict], request: LetterRequest) -> list[Line]:
    """One numbered line per verdict, in order."""
    return [
        {"number": str(number), **_line(verdict, request)}
        for number, verdict in enumerate(ordered(verdicts, request), 1)
    ]


def unseen_of(verdicts: Iterable[Verdict], request: LetterRequest) -> list[Line]:
    """One line per agency and cause of what could not be observed."""
    unknown = [verdict for verdict in verdicts if verdict.status is Status.UNKNOWN]
    counts = Counter((verdict.duty.agency_id, verdict.reason) for verdict in unknown)
    firsts = {(verdict.duty.agency_id, verdict.reason): verdict for verdict in reversed(ordered(unknown, request))}
    lines = lines_of(firsts.values(), request)
    for line, verdict in zip(lines, ordered(firsts.values(), request), strict=True):
        line["duties"] = str(counts[verdict.duty.agency_id, verdict.reason])
    return lines


def agency_name(agency_id: str, request: LetterRequest) -> str:
    """The agency's name; its id where the registry no longer has it."""
    return next((one.name for one in request.agencies if one.agency_id == agency_id), agency_id)


def campaigns_of(verdicts: Iterable[Verdict], request: LetterRequest) -> list[Campaign]:
    """The campaigns that these verdicts belong to."""
    wanted = {verdict.duty.campaign_id for verdict in verdicts}
    return [campaign for campaign in request.campaigns if campaign.campaign_id in wanted]


def left_of(verdict: Verdict, request: LetterRequest) -> str:
    """How long a duty can still be done, counted from its verdict; empty where it is done or over."""
    if verdict.status not in (Status.PENDING, Status.MISSING):
        return ""
    window, grace = verdict.duty.window, timedelta(hours=verdict.duty.grace_hours)
    end = window.end if verdict.as_of < window.end else window.end + grace
    minutes = int((end - verdict.as_of).total_seconds() // 60)
    return request.voice.duration(minutes) if minutes > 0 else ""


def _line(verdict: Verdict, request: LetterRequest) -> Line:
    voice, duty = request.voice, verdict.duty
    because, ask = voice.because(verdict) if verdict.status is Status.UNKNOWN else ("", "")
    return {
        "agency": agency_name(duty.agency_id, request), "accounts": ", ".join(map(voice.account, duty.accounts)),
        "campaign": _campaign(verdict, request.campaigns), "material": _material(verdict, request),
        "window": voice.window(duty.window), "status": voice.text(f"status.{verdict.status}"),
        "note": voice.standing(verdict, request.sights.get(duty.key)),
        "seen": voice.seen(verdict, request.sights.get(duty.key)), "because": because, "ask": ask, "duties": "1",
        "left": left_of(verdict, request), **voice.times(verdict), **_proof(verdict, request),
    }  # fmt: skip


def _proof(verdict: Verdict, request: LetterRequest) -> Line:
    """When and where it was published, and the names of the evidence; empty where nothing was."""
    voice, grade, published = request.voice, verdict.grade, verdict.published_at
    page, media = _digests(verdict, request)
    return {
        "published": voice.moment(published) if published else "", "link": safe_link(verdict.post_url) or "",
        "grade": voice.say("common.grade", grade=grade.value) if grade else "",
        "page": voice.say("common.page_digest", digest=page) if page else "",
        "media": voice.say("common.media_digest", digest=media) if media else "",
    }  # fmt: skip


def _digests(verdict: Verdict, request: LetterRequest) -> tuple[str, str]:
    """SHA-256 of the post's page and of the medium that the verdict's matcher recognised, as in the report."""
    post_id, duty = verdict.post_id or "", verdict.duty
    post = request.posts.get(post_id)
    signs = request.signs.get((post_id, duty.campaign_id, duty.material_id), ())
    sign = sign_behind(signs, verdict.matcher)
    return page_behind(post, sign) or "", (sign.media_sha256 or "") if sign else ""


def _campaign(verdict: Verdict, campaigns: Sequence[Campaign]) -> str:
    known = {campaign.campaign_id: campaign.title for campaign in campaigns}
    return known.get(verdict.duty.campaign_id, verdict.duty.campaign_id)


def _material(verdict: Verdict, request: LetterRequest) -> str:
    """Its title, and that it must not be shown; one that has left its campaign.toml still has verdicts, by its id."""
    duty = verdict.duty
    known = {(m.campaign_id, m.material_id): m.title for one in request.campaigns for m in one.materials}
    title = known.get((duty.campaign_id, duty.material_id), duty.material_id)
    return f"{title} ({request.voice.text('matrix.ban')})" if duty.rule == "must_not" else title
