"""A pending duty and what is known of it -> until when nothing was to be seen of it, if that can be said. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.items import Span
from pipelines.items import Duty, Known
from pipelines.judge import Place, place_of

FRESH = timedelta(hours=4)  # what a run may take: an older look says nothing of now


def seen_until(duty: Duty, known: Known, as_of: datetime) -> datetime | None:
    """The instant up to which every account of the duty was read without a gap since the window opened.

    None = not observed: an account not covered so far or not up to now, a post in the window that could not be
    read, no account at all. Then nothing may be said but that.
    """
    if any(post.unseen and place_of(post, duty) in (Place.ON_TIME, Place.DOUBTFUL) for post in known.candidates):
        return None
    proved = [_proved(account, duty, known, as_of) for account in duty.accounts]
    ends = [end for end in proved if end is not None]
    if not proved or len(ends) < len(proved):
        return None
    return min(ends) if as_of - min(ends) <= FRESH else None


def _proved(account: str, duty: Duty, known: Known, as_of: datetime) -> datetime | None:
    """How far one account was read without a gap; `as_of` where it owed nothing later."""
    limit = duty.limits.get(account, duty.window)
    owed = Span(max(limit.start, duty.window.start), min(limit.end, as_of))
    if owed.start >= owed.end:
        return as_of
    spans = known.coverage.get(account, ())
    end = max((span.end for span in spans if span.start <= owed.start < span.end), default=None)
    return as_of if end and end >= owed.end else end
