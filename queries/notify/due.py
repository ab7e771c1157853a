"""Verdicts, an instant and what was sent so far -> which notifications are due for one receiver. Pure.

A summary is due for each state of a day's duties, a reminder for each pending duty and stage. What was delivered
is never due again; what failed is due at most RETRIES times more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from pipelines.items import Duty, Status, Verdict
from pipelines.notifications import Tried

SUMMARY, REMINDER = "summary", "reminder"
RETRIES = 3
NEVER = Tried(False, 0)


@dataclass(frozen=True, slots=True)
class Due:
    """One notification: `subject` says of what, the same for every receiver. `verdict`: of a reminder."""

    kind: str
    subject: str
    verdict: Verdict | None = None

    def id_for(self, receiver: str) -> str:
        """Hex SHA-256 that names this notification to this receiver, by its identity."""
        return hashlib.sha256("\n".join((self.kind, self.subject, receiver)).encode()).hexdigest()


def due_summary(verdicts: Sequence[Verdict], day: date) -> list[Due]:
    """The summary of a day's duties as they stand: at most one, none where the day has no duty."""
    return [Due(SUMMARY, f"{day.isoformat()} {state_of(verdicts)}")] if verdicts else []


def state_of(verdicts: Sequence[Verdict]) -> str:
    """A short name for how the duties stand: another one when any status, or why it is unknown, is another."""
    told = sorted(
        (*v.duty.key[:3], _utc(v.duty.window.start), v.status.value, v.reason if v.status is Status.UNKNOWN else "")
        for v in verdicts
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()[:12]


def due_reminders(verdicts: Iterable[Verdict], stages: Sequence[float]) -> list[Due]:
    """A reminder for every duty that is still awaited and within a stage (hours) of its end, at its own `as_of`."""
    found = ((verdict, stage_of(verdict, stages)) for verdict in verdicts if is_awaited(verdict))
    return [Due(REMINDER, _subject(verdict.duty, stage), verdict) for verdict, stage in found if stage is not None]


def is_awaited(verdict: Verdict) -> bool:
    """Whether a showing is still to come: pending, the window open, and no ban (whose silence is as it should be)."""
    window = verdict.duty.window
    is_open = window.start <= verdict.as_of < window.end
    return verdict.status is Status.PENDING and is_open and verdict.duty.rule == "must"


def stage_of(verdict: Verdict, stages: Sequence[float]) -> float | None:
    """The shortest stage that the time left has fallen under, None = the end is farther away than all."""
    left = verdict.duty.window.end - verdict.as_of
    return min((stage for stage in stages if left <= timedelta(hours=stage)), default=None)


def still_due(dues: Iterable[Due], receiver: str, past: Mapping[str, Tried]) -> list[Due]:
    """Those of `dues` that this receiver has not had, and that were not tried too often."""
    return [due for due in dues if _may_be_tried(past.get(due.id_for(receiver), NEVER))]


def _may_be_tried(tried: Tried) -> bool:
    return not tried.is_sent and tried.attempts <= RETRIES


def _subject(duty: Duty, stage: float) -> str:
    """A window that was extended is another one: its reminders begin anew."""
    window = f"{_utc(duty.window.start)}/{_utc(duty.window.end)}"
    return f"{duty.campaign_id}/{duty.material_id}/{duty.agency_id} {window} {stage:g}h"


def _utc(instant: datetime) -> str:
    """The same text whatever zone the instant is written in."""
    return instant.astimezone(UTC).isoformat()
