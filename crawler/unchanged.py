"""An earlier answer -> the question whether it still stands; a 304 and that answer -> what is known now.

The words are as old as the day they arrived (a list's "2 jam lalu" counts from then); that they still
stand is as new as the 304. So an answer confirmed in this way proves what the same bytes would have, and no more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from crawler.items import Capture
from crawler.readers.answers import is_challenge

# The newest whole answer of an account (its key) to a question (its URL), as it arrived; None = none is known.
Recall = Callable[[str, str], Capture | None]

# What is asked with every look and answered with the same bytes on a quiet day.
ASKED_AGAIN = frozenset({"robots", "listing", "feed", "sitemap"})
# RFC 9309, 2.4: robots.txt should not be used for longer without being asked again.
RULES_STAND = timedelta(hours=24)
# RFC 9110, 8.8.2.2: a file may change twice in the second that its Last-Modified names.
_SETTLED = timedelta(seconds=60)
# Of the earlier answer; all else in the head is told anew by the 304.
_OF_THE_BODY = frozenset({"content-type"})


def recall_nothing(_account: str, _url: str) -> Capture | None:
    """The memory of a first look."""
    return None


def conditions(earlier: Capture | None) -> dict[str, str]:
    """The headers that ask for a body only if it is another than `earlier`; {} where it gave no validator."""
    if earlier is None or earlier.status != 200 or not earlier.body or is_challenge(earlier):
        return {}
    etag, modified = earlier.header("etag"), earlier.header("last-modified")
    found = {"If-None-Match": etag} if etag else {}
    return found | ({"If-Modified-Since": modified} if modified and _is_settled(earlier, modified) else {})


def rules_still_stand(kept: Capture | None, now: datetime) -> bool:
    """Whether a kept answer to robots.txt tells the rules of a host today: a whole one, or that there are none."""
    if kept is None or kept.status not in (200, 404, 410) or is_challenge(kept):
        return False
    return timedelta(0) <= now - kept.heard_at < RULES_STAND


def as_confirmed(not_modified: Capture, earlier: Capture) -> Capture:
    """The earlier answer as it stands now: its body, its day, and the head of the 304 that confirms it."""
    told = tuple((name, value) for name, value in not_modified.headers if name.lower() not in _OF_THE_BODY)
    kept = tuple((name, value) for name, value in earlier.headers if name.lower() in _OF_THE_BODY)
    return replace(
        not_modified, status=200, headers=told + kept, body=earlier.body, fetched_at=earlier.fetched_at,
        confirmed_at=not_modified.fetched_at, earlier=None,
    )  # fmt: skip


def _is_settled(earlier: Capture, modified: str) -> bool:
    at, answered = _instant(modified), _instant(earlier.header("date") or "")
    return at is not None and (answered or earlier.fetched_at) - at >= _SETTLED


def _instant(stated: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(stated)
    except (ValueError, OverflowError):
        return None
    return at if at.tzinfo else None
