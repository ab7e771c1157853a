"""Verdicts -> shares of judged duties, bans apart, and streaks; what is not known counts neither way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from pipelines.items import Status, Verdict
from queries.report.scope import Figures, figures_of, is_judged

# Where better may stand unseen, a duty neither ends a good streak nor prolongs a bad one (as in rentetan.sql).
_DOUBTS = frozenset({"window_not_observed", "on_time_sign"})


@dataclass(frozen=True, slots=True)
class Tally:
    """Duties to show, and bans, counted apart."""

    shown: Figures
    bans: Figures

    @property
    def unknown(self) -> int:
        """Duties to show of which nothing can be said."""
        return self.shown.counts.get(Status.UNKNOWN, 0)


@dataclass(frozen=True, slots=True)
class Streak:
    """Judged duties in a row that were shown as ordered: up to the newest one, and the longest ever."""

    judged: int
    current: int
    longest: int


def tally_of(verdicts: Sequence[Verdict]) -> Tally:
    """Count them."""
    must = [verdict for verdict in verdicts if verdict.duty.rule == "must"]
    return Tally(figures_of(must), figures_of([verdict for verdict in verdicts if verdict.duty.rule != "must"]))


def streak_of(verdicts: Iterable[Verdict]) -> Streak:
    """In the order of the windows' ends."""
    judged = [verdict.status is Status.FULFILLED for verdict in sorted(verdicts, key=_ended) if _is_certain(verdict)]
    lengths = [(is_good, len(list(run))) for is_good, run in groupby(judged)]
    current = lengths[-1][1] if lengths and lengths[-1][0] else 0
    return Streak(len(judged), current, max((length for is_good, length in lengths if is_good), default=0))


def _is_certain(verdict: Verdict) -> bool:
    is_doubted = verdict.status is not Status.FULFILLED and not _DOUBTS.isdisjoint(verdict.reason.split("; "))
    return is_judged(verdict.status, verdict.duty.window.end, verdict.as_of) and not is_doubted


def _ended(verdict: Verdict) -> tuple[object, ...]:
    duty = verdict.duty
    return (duty.window.end, duty.window.start, duty.campaign_id, duty.material_id)
