"""Alarms of a run -> sentences in the instance's language: trouble of ours first, then notices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pipelines.alarms import SILENT, Alarm
from queries.reader import Connection, rows
from queries.wording import Wording

# Of the run that was the newest by $until, as the report's looks are; where there was none by then, of the first.
ALARMS_SQL = """
    SELECT run_id, channel, handle, kind, found, usual, sample, is_withheld, started_at FROM alarms
    WHERE run_id = (
      SELECT run_id FROM reading_rows ORDER BY started_at <= $until::TIMESTAMPTZ DESC,
        CASE WHEN started_at <= $until::TIMESTAMPTZ THEN started_at END DESC, started_at, run_id DESC LIMIT 1)
    ORDER BY kind = 'silent', is_withheld DESC, kind <> 'canary', channel, kind, handle
"""


def read_alarms(connection: Connection, until: datetime | None = None) -> tuple[Alarm, ...]:
    """Those of the newest run, or of what was the newest by `until`; first what is to be said first."""
    limits = {"until": until.isoformat() if until else "infinity"}
    return tuple(Alarm(**row) for row in rows(connection, ALARMS_SQL, limits))


def troubles(alarms: Iterable[Alarm]) -> list[Alarm]:
    """Those that tell of trouble of ours; a notice about one account does not."""
    return [alarm for alarm in alarms if alarm.kind != SILENT]


def notices(alarms: Iterable[Alarm]) -> list[Alarm]:
    """The rest: accounts that fell silent."""
    return [alarm for alarm in alarms if alarm.kind == SILENT]


def sentence(alarm: Alarm, wording: Wording) -> str:
    """What was found, of how many, and what is usual."""
    told = wording.text(
        f"alarm.{alarm.kind}", channel=wording.channel(alarm.channel), found=alarm.found, usual=alarm.usual,
        sample=alarm.sample, account=wording.account(f"{alarm.channel}:{alarm.handle}"),
    )  # fmt: skip
    return f"{told}. {wording.text('alarm.withheld', run=alarm.run_id)}" if alarm.is_withheld else told


def headline(alarms: Iterable[Alarm], wording: Wording) -> list[str]:
    """Lines that stand before everything else; none where nothing is strange."""
    found = [sentence(alarm, wording) for alarm in troubles(alarms)]
    return [f"{wording.text('alarm.lead')}: {one}" if number == 0 else one for number, one in enumerate(found)]


def as_object(alarm: Alarm) -> dict[str, Any]:
    """For programs."""
    return {
        "run_id": alarm.run_id, "channel": alarm.channel, "handle": alarm.handle or None, "kind": alarm.kind,
        "found": alarm.found, "usual": alarm.usual, "sample": alarm.sample, "is_withheld": alarm.is_withheld,
    }  # fmt: skip
