"""What the ledger seals beside captures (sightings, visits, runs, imports) <-> what the store holds of it.

Bytes alone do not tell when an account was seen, how the visit ended, or which picture could not be
had. These lines do, so that a lost store can be made again from evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.errors import StoreDamaged
from crawler.items import Page, Visit
from crawler.language import say
from pipelines.evidence import Evidence
from pipelines.rows import Row, evidence_row, head_rows, post_rows, row_digest, visit_row
from pipelines.store import Store

SIGHTING, VISIT, RUN, IMPORT = "sighting", "visit", "run", "import_of"

NEWEST_SQL = "SELECT coalesce(max(seq), 0) AS newest FROM evidence_rows"
VISIT_INSTANTS = ("started_at", "finished_at", "covers_from", "covers_until")
RUN_INSTANTS = ("started_at", "finished_at", "as_of")
RUN_SQL = "FROM run_rows WHERE run_id = $run_id"


def sighting_note(page: Page) -> dict[str, Any]:
    """Which posts a page showed, in which state and as which row, and why some of their media could not be had."""
    account, rows = page.account, post_rows(page)
    return {
        "channel": account.channel, "agency_id": account.agency_id, "handle": account.handle,
        "seen_at": page.seen_at.isoformat(), "since": page.since.isoformat() if page.since else None,
        **({"standing": [list(one) for one in page.standing]} if page.standing else {}),
        "posts": [[row["post_id"], row["content_id"], row_digest(row)] for row in rows],
        "troubles": {one.media_id: one.trouble for post in page.posts for one in post.media if one.trouble},
    }  # fmt: skip


def visit_note(visit: Visit) -> dict[str, Any]:
    """The row of `visit_rows`, and the questions without an answer."""
    return {"row": as_json(visit_row(visit)), "failed": [list(one) for one in visit.failed]}


def seal_run(store: Store, home: Path, run_id: str) -> None:
    """Seal how a run ended, as the store has it."""
    evidence = Evidence(home, run_id, {})
    for row in store.rows(RUN_SQL, {"run_id": run_id}):
        evidence.note(RUN, as_json(row))
    store.append({"ledger_head_rows": head_rows(evidence.commit())})


def as_json(row: Mapping[str, Any]) -> Row:
    """A row with its instants as ISO 8601."""
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in row.items()}


def as_row(content: Mapping[str, Any], *instants: str) -> Row:
    """A row from a ledger line; `instants` are its columns of instants."""
    told = {key: datetime.fromisoformat(content[key]) for key in instants if content.get(key)}
    return {**content, **told}


def index_missed(store: Store, evidence: Evidence) -> None:
    """Index what a killed run had sealed and not yet indexed.

    Raises: StoreDamaged when the store names lines that the ledger has lost: to go on would seal
    others under their numbers.
    """
    [index] = store.rows(NEWEST_SQL)
    indexed, sealed = index["newest"], evidence.newest
    if indexed > sealed:
        raise StoreDamaged(
            say(f"evidence/ledger.jsonl berakhir di {sealed}, penyimpanan mengenal {indexed}; `tayang audit`",
                f"evidence/ledger.jsonl ends at {sealed}, the store knows {indexed}; `tayang audit`")
        )  # fmt: skip
    try:
        missed = evidence.lines(indexed) if indexed < sealed else []
    except ValueError as error:
        raise StoreDamaged(f"evidence/ledger.jsonl: {error}") from error
    store.append({"evidence_rows": [row for line in missed if (row := evidence_row(line))]})
