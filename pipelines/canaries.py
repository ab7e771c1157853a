"""The canaries of a workspace -> what to look at first on a channel: accounts of no agency that surely post."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from crawler.assignments import Assignment
from crawler.items import Account

# Nothing in so long: either the canary is badly chosen, or we are shown something old.
QUIET = timedelta(days=2)


def canaries_to_see(canaries: Sequence[Account], channel: str, now: datetime) -> list[Assignment]:
    """Looks that count what each published of late. Nothing of it is kept but the answers: no duty rests on it."""
    return [Assignment(one, now - QUIET, is_canary=True) for one in canaries if one.channel == channel]
