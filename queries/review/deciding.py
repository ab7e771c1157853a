"""A form sent from the desk -> a recorded decision and where to look next, or the form once more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crawler.errors import StoreBusy, TayangError
from crawler.local_time import now_utc
from pipelines.items import Duty
from pipelines.renewing import renew_verdicts
from pipelines.reviews import Review, flaws_of, record
from queries.review import cases
from queries.review.decisions import Draft, Target, draft_of, review_of, target_of
from queries.review.gate import Session
from queries.review.pages import ABSENCES, Page, address, choices_for, pair_of
from queries.review.room import Room

DONE, UNCLEAR, OVERTAKEN, BUSY = 303, 422, 409, 503


@dataclass(frozen=True, slots=True)
class Answer:
    """A page with its HTTP status, or, with DONE, the address to go on to."""

    status: int
    page: str = ""
    location: str = ""


def decide(room: Room, session: Session, fields: Mapping[str, str]) -> Answer | None:
    """Record what the form says; None when it is about nothing that exists."""
    target, draft = target_of(fields), draft_of(fields)
    order = _order(room, session, target) if target else None
    agency_id = _agency_of(room, target) if target else None
    if target is None or draft is None or order is None or agency_id is None:
        return None
    review = review_of(target, draft, agency_id, fields.get("keputusan", ""), now_utc())
    flaws = [*flaws_of(review), *_flaws_of_duty(room, target, review)]
    if flaws:
        return _again(room, session, target, draft.again(*flaws), UNCLEAR)
    session.reviewer = draft.reviewer
    return _record(room, session, target, (draft, review), order)


def _record(
    room: Room, session: Session, target: Target, told: tuple[Draft, Review], order: Sequence[Target]
) -> Answer | None:
    draft, review = told
    text = room.known().wording.text
    try:
        standing = record(room.store(), room.home, review, draft.after, room.patience_seconds)
    except StoreBusy:
        return _again(room, session, target, draft.again(text("notice.busy")), BUSY)
    if not standing.is_recorded:
        other = standing.review
        words = text("notice.conflict", name=other.reviewer, decision=text(f"decide.{other.decision}"))
        return _again(room, session, target, draft.again(words, after=other.review_id), OVERTAKEN)
    more = {"tercatat": review.review_id} | ({} if _is_renewed(room) else {"tertunda": "1"})
    return Answer(DONE, location=address(_next(room, target, order), **more))


def _again(room: Room, session: Session, target: Target, draft: Draft, status: int) -> Answer | None:
    """The page with the form as it was sent, and why it was not recorded."""
    with room.reading() as connection:
        page = Page(room, connection, session.reviewer, session.token)
        html = page.pair(target, draft) if target.post_id is not None else page.duty(target, draft)
    return Answer(status, html) if html else None


def _order(room: Room, session: Session, target: Target) -> list[Target]:
    """What waits after this pair; empty where it was not waiting itself: then nobody is led away from it."""
    with room.reading() as connection:
        page = Page(room, connection, session.reviewer, session.token)
        return page.following(target) if page.is_waiting(target) else []


def _next(room: Room, target: Target, order: Sequence[Target]) -> Target:
    """The first pair of the order that still waits, else the one just decided."""
    with room.reading() as connection:
        waiting = set(map(pair_of, cases.cases_waiting(connection)))
    return next((one for one in order if one in waiting), target)


def _agency_of(room: Room, target: Target) -> str | None:
    """Whose post or duty this is; None where there is no such thing."""
    known = room.known()
    if (target.campaign_id, target.material_id) not in known.materials:
        return None
    if target.post_id is None:
        duty = _duty_of(room, target)
        return duty.agency_id if duty else None
    with room.reading() as connection:
        post = cases.read_posts(connection, [target.post_id]).get(target.post_id)
    return post.agency_id if post else None


def _duty_of(room: Room, target: Target) -> Duty | None:
    key = (target.campaign_id, target.material_id, target.agency_id, target.opens_at)
    return room.known().duties.get(key)


def _flaws_of_duty(room: Room, target: Target, review: Review) -> Iterator[str]:
    """Nobody may be said not to have shown what is not yet due, nor to have kept what was never banned."""
    duty = _duty_of(room, target) if target.post_id is None else None
    text = room.known().wording.text
    if duty and review.decision not in choices_for(duty):
        yield text("duty.not_for_rule")
    elif duty and review.decision in ABSENCES and review.reviewed_at < duty.window.end:
        yield text("duty.too_early", status=text(f"decide.{review.decision}"))


def _is_renewed(room: Room) -> bool:
    """Judge again at once, where that is possible; the decision itself is safe in any case."""
    try:
        return renew_verdicts(room.store(), room.home) is not None
    except TayangError:
        return False
