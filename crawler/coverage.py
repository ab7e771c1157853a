"""What a listing showed -> the span it proves. The rule that keeps absence honest.

A list that is newest-first and was read without a break names everything published since its
oldest item. Up to `MAX_PINNED` posts at the head may be pinned out of order: they prove nothing.
Whatever is doubtful proves nothing at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from crawler.errors import ChannelStopped, SourceTrouble
from crawler.items import Cause, Outcome, Span

MAX_PINNED = 3  # Instagram's limit; other channels pin fewer

# A post may need moments to appear in a list: the newest minutes before a question are not proved.
SETTLING = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Listing:
    """What was read of one account's list.

    `order`: publication instants of all items, as listed. `ended`: the source itself said that
    nothing older exists. `total`: how many items the source says there are (None = it does not
    say). `fresh_until`: the instant up to which the source answered for (None = when asked).
    `confirmed`: answered for the registered account, by id where one is known. `unasked`: nothing rests on this
    look, and nothing was seen for which the list would have to be asked.
    """

    order: tuple[datetime, ...] = ()
    ended: bool = False
    total: int | None = None
    fresh_until: datetime | None = None
    confirmed: bool = False
    unasked: bool = False


def reaches_back(order: tuple[datetime, ...], page: tuple[datetime, ...], since: datetime) -> bool:
    """Whether `page`, the last of `order`, lies wholly before `since`, pinned posts set aside."""
    first = len(order) - len(page)
    unpinned = [at for position, at in enumerate(page, first) if position >= MAX_PINNED]
    return bool(unpinned) and max(unpinned) < since


def end_is_proved(listing: Listing) -> bool:
    """Whether the list was read to its end and holds as many items as the source claims."""
    return listing.ended and (listing.total is None or len(listing.order) >= listing.total)


def proved_span(listing: Listing, since: datetime, asked_at: datetime) -> Span | None:
    """The span in which every post of the account was listed, or None.

    `since` is where the look wanted to begin, `asked_at` when its first question was sent.
    """
    if not listing.confirmed:
        return None
    end = min(listing.fresh_until or asked_at, asked_at) - SETTLING
    start = since if end_is_proved(listing) else _whole_since(listing.order)
    if start is None or max(start, since) >= end:
        return None
    return Span(max(start, since), end)


def conclude(
    listing: Listing, since: datetime, asked_at: datetime, trouble: SourceTrouble | None
) -> tuple[Outcome, Span | None, Cause | None]:
    """Outcome, proved span and cause of a look that ended, with or without trouble.

    Trouble in the middle of a list breaks the chain: what was read before stays as posts, but
    proves no absence.
    """
    if trouble is not None:
        broken = bool(listing.order) and not isinstance(trouble, ChannelStopped)
        return (Outcome.PARTIAL if broken else trouble.outcome), None, trouble.cause
    if listing.unasked:  # whole as far as it was wanted; it proves nothing
        return Outcome.COMPLETE, None, None
    span = proved_span(listing, since, asked_at)
    if span is None and listing.order:
        return Outcome.PARTIAL, None, Cause.GAP
    if span is None:
        return Outcome.UNREADABLE, None, Cause.UNREADABLE
    if span.start > since:
        return Outcome.PARTIAL, span, Cause.GAP
    return Outcome.COMPLETE, span, None


def _whole_since(order: tuple[datetime, ...]) -> datetime | None:
    """The instant since which an ordered list, without its possibly pinned head, names everything."""
    unpinned = order[MAX_PINNED:]
    if not unpinned or any(older > newer for newer, older in pairwise(unpinned)):
        return None
    # A second post of the same second may stand behind the cut.
    return unpinned[-1] + timedelta(seconds=1)
