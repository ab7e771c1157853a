"""Earlier runs and the clock -> whether a run is due now, and of which accounts.

Timers ask every hour. Due is the first run after each of RUN_TIMES that came to an end; what its budgets left undone is
due an hour later, those accounts alone, as long as each such run gets on. A channel that gave no answer at all (our
network was down, or the service) is due again after one, two, four hours, until the next time comes.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipelines.plan import Wanted
from pipelines.store import Store

# Local: after midnight, when the day's windows have closed, and at noon.
RUN_TIMES = (time(0, 15), time(12, 15))
PAUSE = timedelta(minutes=55)  # the budgets' window is an hour; timers are not to the minute

LAST_SQL = """
    SELECT run_id, started_at, finished_at FROM run_rows WHERE command = 'run' AND finished_at IS NOT NULL
    ORDER BY started_at DESC LIMIT 1
"""
TRIES_SQL = """
    SELECT count(*) AS tries FROM run_rows WHERE command = 'run' AND finished_at IS NOT NULL AND started_at >= $since
"""
# Of each channel that got on in that run, the accounts that were left (a dead token leaves all, and is no work); of
# each that saw nobody, those that did not answer.
UNDONE_SQL = """
    SELECT channel || ':' || handle AS account, outcome = 'failed' AS is_dark, saw FROM (
      SELECT *, bool_or(is_observed) OVER (PARTITION BY channel) AS gets_on, bool_or(is_observed) OVER () AS saw
      FROM (SELECT *, covers_from IS NOT NULL OR outcome = 'complete' AS is_observed FROM visit_rows
        WHERE run_id = $run_id))
    WHERE cause = 'not_visited' AND outcome = if(gets_on, 'blocked', 'failed') ORDER BY account
"""


def due(store: Store, zone: ZoneInfo, now: datetime) -> Wanted | None:
    """What a run that is started now should visit; None = nothing is due. The store must be prepared."""
    last = next(iter(store.rows(LAST_SQL)), None)
    if last is None or last["started_at"] < newest_time(zone, now):
        return Wanted()
    undone = store.rows(UNDONE_SQL, {"run_id": last["run_id"]})
    [row] = store.rows(TRIES_SQL, {"since": newest_time(zone, now)})
    rested = now - last["finished_at"]
    is_time = {False: rested >= PAUSE, True: rested >= PAUSE * 2 ** (row["tries"] - 1)}
    again = [one for one in undone if is_time[one["is_dark"]]]
    if not again:
        return None
    return Wanted(accounts=tuple(one["account"] for one in again)) if again[0]["saw"] else Wanted()


def newest_time(zone: ZoneInfo, now: datetime) -> datetime:
    """The newest of the daily times that has come."""
    today = now.astimezone(zone).date()
    times = [datetime.combine(day, at, zone) for day in (today - timedelta(days=1), today) for at in RUN_TIMES]
    return max(one for one in times if one <= now)
