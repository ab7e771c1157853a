"""The store after a crawl -> what each run read, and the alarms that follow, kept beside the visits they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from importlib.resources import files
from itertools import groupby
from typing import Any

from crawler.health_settings import HealthSettings
from pipelines.alarms import SILENT, Alarm, Judge, Reading
from pipelines.media.fingerprint import FINGERPRINT_VERSION
from pipelines.rows import Row
from pipelines.run_log import note_event
from pipelines.store import Store

SILENT_DAYS = 14
LEAST_HABIT = 23  # of the 28 days before the silence: on so many of them something was published

# Runs whose visits were not yet read as figures: the last one, or all of a store that is new.
UNREAD_RUNS_SQL = """
    SELECT run_id, min(started_at) AS started_at FROM visit_rows
    WHERE channel <> 'media' AND run_id NOT IN (SELECT run_id FROM reading_rows)
    GROUP BY run_id ORDER BY started_at, run_id
"""
READINGS_SQL = "FROM reading_rows ORDER BY started_at, run_id, channel, name"
# Accounts that published nearly every day until `since`, nothing after it, and were read without a gap all the while.
SILENT_SQL = """
    WITH told AS (
      SELECT channel, handle, count(DISTINCT CAST(published_at AS DATE)) FILTER (
          published_at >= $since - INTERVAL 28 DAY AND published_at < $since) AS days,
        max(published_at) AS last_at
      FROM post_rows WHERE origin = 'crawl' AND agency_id <> '' AND published_at >= $since - INTERVAL 28 DAY
      GROUP BY channel, handle)
    SELECT t.channel, t.handle, t.days FROM told t
    WHERE t.days >= $least AND t.last_at < $since AND EXISTS (
      FROM coverage c WHERE c.channel = t.channel AND c.handle = t.handle
        AND c.covers_from <= $since AND c.covers_until >= $until - INTERVAL 1 DAY)
    ORDER BY t.channel, t.handle
"""


def watch(store: Store, settings: HealthSettings) -> tuple[Alarm, ...]:
    """Read the runs that were not read yet, judge all anew, keep the alarms; returns those of the newest run.

    Call it when the posts of a run have been compared, before duties are judged. It may be called again.
    """
    judge = Judge(settings.confirmed_runs)
    with store.held():
        judged = [(reading, judge.take(reading)) for reading in readings_of(store)]
        judged += _judge_unread(store, judge)
        if not judged:
            return ()
        newest = judged[-1][0]
        raised = [*(alarm for _, found in judged for alarm in found), *_silent(store, newest)]
        store.replace({"alarm_rows": list(map(asdict, raised))})
    ours = tuple(one for one in raised if one.run_id == newest.run_id)
    for alarm in ours:
        note_event("alarm", **{key: value for key, value in asdict(alarm).items() if key != "run_id"})
    return ours


def _judge_unread(store: Store, judge: Judge) -> list[tuple[Reading, tuple[Alarm, ...]]]:
    """Read and judge the runs that are new, oldest first, and keep what they read."""
    judged: list[tuple[Reading, tuple[Alarm, ...]]] = []
    fresh: list[Row] = []
    for run in store.rows(UNREAD_RUNS_SQL):
        rows = _read(store, run["run_id"], run["started_at"])
        judged += [(reading, judge.take(reading)) for reading in _arranged(rows)]
        # The next run is read without what this one withholds.
        withheld = [asdict(alarm) for reading, found in judged for alarm in found if reading.run_id == run["run_id"]]
        if any(row["is_withheld"] for row in withheld):
            store.append({"alarm_rows": withheld})
        fresh += rows
    store.append({"reading_rows": fresh})
    return judged


def readings_of(store: Store) -> Iterator[Reading]:
    """What all runs read, oldest first."""
    return _arranged(store.rows(READINGS_SQL))


def _arranged(rows: Iterable[Row]) -> Iterator[Reading]:
    for key, found in groupby(rows, lambda row: (row["run_id"], row["channel"], row["started_at"])):
        yield Reading(*key, {row["name"]: row["number"] for row in found})


def _read(store: Store, run_id: str, started_at: datetime) -> list[Row]:
    """What a run read; one without any account of the registry says so, else it would be asked for ever again."""
    sql = files("pipelines").joinpath("reading.sql").read_text(encoding="utf-8")
    none = [{"channel": "", "started_at": started_at, "name": "visits", "number": 0}]
    found = store.rows(sql, {"run_id": run_id, "version": FINGERPRINT_VERSION}) or none
    return [{**row, "run_id": run_id} for row in found]


def _silent(store: Store, newest: Reading) -> Iterator[Alarm]:
    """A notice, no verdict: an account fell silent, or we read it wrongly without being told."""
    until = newest.started_at
    asked: dict[str, Any] = {"since": until - timedelta(days=SILENT_DAYS), "until": until, "least": LEAST_HABIT}
    for row in store.rows(SILENT_SQL, asked):
        at = (newest.run_id, row["channel"], newest.started_at)
        yield Alarm(*at, SILENT, found=0, usual=row["days"], sample=SILENT_DAYS, handle=row["handle"])
