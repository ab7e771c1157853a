"""The store after a run -> `metrics.prom`, OpenMetrics text for node_exporter's textfile collector.

Labels are words of closed lists (channel, outcome, status, cause, kind): no account, agency or address is ever one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.language import say
from pipelines.check import Workspace
from pipelines.evidence import write_whole
from pipelines.privacy import meant_for_others
from queries.alarms import read_alarms, troubles
from queries.reader import Connection, open_store, rows

FILE = "metrics.prom"
Sample = tuple[tuple[tuple[str, str], ...], float]  # labels, value

RUN_SQL = """
    SELECT run_id, epoch(started_at) AS started, epoch(finished_at) AS finished, exit_code FROM runs
    WHERE command = 'run' AND finished_at IS NOT NULL ORDER BY started_at DESC LIMIT 1
"""
LAST_GOOD_SQL = "SELECT epoch(max(finished_at)) AS value FROM runs WHERE command = 'run' AND exit_code IN (0, 1)"
VISITS_SQL = "SELECT channel, outcome, count(*) AS value FROM visits WHERE run_id = $run_id GROUP BY ALL ORDER BY ALL"
POSTS_SQL = "SELECT channel, sum(posts_seen) AS value FROM visits WHERE run_id = $run_id GROUP BY ALL ORDER BY ALL"
FETCHED_SQL = """
    SELECT CASE WHEN kind = 'media' THEN 'media' ELSE 'pages' END AS kind, count(*) AS answers, sum(bytes) AS bytes
    FROM evidence WHERE run_id = $run_id GROUP BY ALL ORDER BY ALL
"""
VERDICTS_SQL = "SELECT status, count(*) AS value FROM verdicts GROUP BY ALL ORDER BY ALL"
UNKNOWN_SQL = """
    SELECT reason AS cause, count(*) AS value FROM verdicts WHERE status = 'unknown' AND decided_by = 'tayang'
    GROUP BY ALL ORDER BY ALL
"""
MEDIA_SQL = """
    SELECT coalesce(sum(bytes), 0) AS value FROM (
      SELECT path, max(bytes) AS bytes FROM evidence WHERE path IS NOT NULL GROUP BY path)
"""


@dataclass(frozen=True, slots=True)
class Family:
    """One gauge: its name behind `tayang_` (a unit last, where it has one), what it is, and its samples."""

    name: str
    help: str
    samples: Sequence[Sample]


def write_metrics(workspace: Workspace, tell: Callable[[str], None]) -> None:
    """Write the file whole into the workspace. Where it cannot be written, that is told: no run ends for it."""
    instance = workspace.instance
    store = instance.home / instance.store_url
    with closing(open_store(store, instance.zone.key)) as connection:
        text = exposition([*_run(connection), *_verdicts(connection), *_sizes(connection, store)])
    try:
        with meant_for_others():  # the collector is another user
            write_whole(instance.home / FILE, text.encode())
    except OSError as trouble:
        tell(say(f"{FILE} tidak dapat ditulis: {trouble.strerror}", f"{FILE} cannot be written: {trouble.strerror}"))


def exposition(families: Sequence[Family]) -> str:
    """OpenMetrics 1.0 text; families without samples are left out."""
    lines = [line for family in families if family.samples for line in _lines(family)]
    return "\n".join([*lines, "# EOF", ""])


def _lines(family: Family) -> Iterator[str]:
    name, unit = f"tayang_{family.name}", family.name.rpartition("_")[2]
    yield f"# TYPE {name} gauge"
    if unit in ("seconds", "bytes"):
        yield f"# UNIT {name} {unit}"
    yield f"# HELP {name} {_escaped(family.help)}"
    for labels, value in family.samples:
        told = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels)
        yield f"{name}{{{told}}} {value!r}" if told else f"{name} {value!r}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def _run(connection: Connection) -> Iterator[Family]:
    """The last run that ended."""
    for run in rows(connection, RUN_SQL):
        yield _one("run_started_timestamp_seconds", "When the last run began", run["started"])
        yield _one("run_finished_timestamp_seconds", "When the last run ended", run["finished"])
        yield _one("run_duration_seconds", "How long the last run took", run["finished"] - run["started"])
        yield _one("run_exit_code", "Exit code of the last run", run["exit_code"])
        asked = {"run_id": run["run_id"]}
        yield Family("visits", "Visits of the last run", _by(rows(connection, VISITS_SQL, asked), "channel", "outcome"))
        yield Family("posts_seen", "Posts seen by the last run", _by(rows(connection, POSTS_SQL, asked), "channel"))
        fetched = rows(connection, FETCHED_SQL, asked)
        yield Family("fetched_bytes", "What the last run kept", _by(fetched, "kind", value="bytes"))
        yield Family("answers", "Answers the last run kept", _by(fetched, "kind", value="answers"))
    good = rows(connection, LAST_GOOD_SQL)
    yield _one("run_success_timestamp_seconds", "When a run last ended with exit code 0 or 1", good[0]["value"])
    raised = [{"channel": one.channel, "kind": one.kind, "value": 1} for one in troubles(read_alarms(connection))]
    yield Family("alarm", "Alarms of the last run, each 1", _by(raised, "channel", "kind"))
    yield _one("alarms", "How many alarms the last run raised", len(raised))


def _verdicts(connection: Connection) -> Iterator[Family]:
    yield Family("verdicts", "Newest verdicts by status", _by(rows(connection, VERDICTS_SQL), "status"))
    yield Family("unknown", "Duties that cannot be judged, by cause", _by(rows(connection, UNKNOWN_SQL), "cause"))


def _sizes(connection: Connection, store: Path) -> Iterator[Family]:
    yield _one("store_bytes", "Size of the store", store.stat().st_size)
    warc = sum(path.stat().st_size for path in (store.parent / "evidence" / "warc").glob("*.warc.gz"))
    yield _one("evidence_bytes", "Size of WARC files and media", warc + int(rows(connection, MEDIA_SQL)[0]["value"]))
    yield _one("peak_memory_bytes", "Most memory the run's own process held", _peak_memory())


def _one(name: str, help_text: str, value: float | None) -> Family:
    return Family(name, help_text, [] if value is None else [((), float(value))])


def _by(found: Sequence[dict[str, Any]], *labels: str, value: str = "value") -> list[Sample]:
    return [(tuple((label, str(row[label])) for label in labels), float(row[value] or 0)) for row in found]


def _peak_memory() -> float | None:
    """Bytes; None where the system does not tell (Windows)."""
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit)
