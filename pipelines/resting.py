"""Duties, coverage and the last looks -> which news sites need to prove nothing today.

Where no window is open or opens within a day, and every closed one is proved, a look can only find what is new; its
questions for absence would bear no verdict. `crawler.discovery.resting` tells what such a look leaves out; the next one
that must prove something reads its time, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.items import Span
from pipelines.items import Duty
from pipelines.memory import KEPT_DAYS
from pipelines.order import RETRY_WINDOWS, need_of
from pipelines.store import Store

PROVED_EVERY = timedelta(days=KEPT_DAYS)  # then everything is asked anew in any case
# Runs come at least once a day. The look before a window opens proves as well: what was shown too early is then known
# on its first day, even where the site does not answer on that day.
_NEXT = timedelta(days=1)

# `asked_little_at`: the newest look that proved nothing because it needed to prove nothing; `ended_at`: the end of the
# newest look, NULL where that one did not read all that was wanted.
LOOKS_SQL = """
    SELECT channel || ':' || handle AS account,
      max(started_at) FILTER (WHERE outcome = 'complete' AND covers_from IS NULL) AS asked_little_at,
      arg_max_null(CASE WHEN outcome = 'complete' THEN finished_at END, started_at) AS ended_at
    FROM visit_rows WHERE channel = 'news' GROUP BY channel, handle
"""


@dataclass(frozen=True, slots=True)
class Looks:
    """The newest looks at one account; an instant is None where there was none."""

    asked_little_at: datetime | None = None
    ended_at: datetime | None = None


def looks_of(store: Store) -> dict[str, Looks]:
    """By account key, the news sites alone."""
    return {row["account"]: Looks(row["asked_little_at"], row["ended_at"]) for row in store.rows(LOOKS_SQL)}


class Resting:
    """Tells for each news account what its next look may leave out. `lookback`: how much of the time before its last
    proof a look reads again."""

    def __init__(
        self, looks: Mapping[str, Looks], duties: Sequence[Duty], coverage: Mapping[str, Sequence[Span]],
        lookback: timedelta,
    ) -> None:  # fmt: skip
        self._looks, self._coverage, self._lookback = looks, coverage, lookback
        self._duties: dict[str, list[Duty]] = defaultdict(list)
        for duty in duties:
            for account in duty.accounts:
                self._duties[account].append(duty)

    def since(self, account: str, now: datetime) -> datetime | None:
        """When the last look ended, where the next one need prove nothing; else None."""
        looks, spans = self._looks.get(account), self._coverage.get(account, ())
        if looks is None or not spans or now - spans[-1].end >= PROVED_EVERY:
            return None
        bears = (self._is_near(one, now) or need_of(one, spans, now) for one in self._duties[account])
        return None if any(bears) else looks.ended_at

    def _is_near(self, duty: Duty, now: datetime) -> bool:
        """Whether a window opens soon, or closed so lately that looks still read it: a picture that could not be had
        in it is asked for again."""
        ended_at = duty.window.end + timedelta(hours=duty.grace_hours)
        return duty.window.start <= now + _NEXT and ended_at > now - self._lookback

    def reads_from(self, account: str, start: datetime, now: datetime) -> datetime:
        """Where a look begins that would begin at `start`: where looks have proved nothing in between, as far back as
        the one after the last proof would have, so that nothing of their time is lost."""
        looks, spans = self._looks.get(account), self._coverage.get(account, ())
        if looks is None or looks.asked_little_at is None or not spans or looks.asked_little_at < spans[-1].end:
            return start
        return min(start, max(spans[-1].end - self._lookback, now - RETRY_WINDOWS))
