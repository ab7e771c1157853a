"""Verdicts and signs about to enter the store -> their rows in a file of evidence, and the ledger line that seals it.

One line and one file for each batch, however many rows: `evidence/said/<ab>/<sha256>.jsonl.gz`, one JSON object a row.
The file comes first, then the line, then the store's rows: a kill in between leaves a sealed saying that the store
does not have, never one that is not sealed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.local_time import new_run_id, now_utc
from pipelines.ledger import Ledger

VERDICTS, SIGNS = "verdicts", "signs"
SIGNS_FORGOTTEN = "signs_forgotten"  # signs of some materials were dropped, to be computed again
REBUILT = "rebuilt"  # a store was made anew: signs sealed before are computed again
TABLES: Mapping[str, str] = {VERDICTS: "verdict_rows", SIGNS: "sign_rows"}

# The seal that a report prints: of the newest verdicts up to its instant, and so of everything before. A store that
# is made anew gives the same, and so does a later report of the same instant.
HEAD_SQL = """
    SELECT seq, hash FROM seal_rows WHERE kind = 'verdicts' AND as_of <= $as_of ORDER BY as_of DESC, seq DESC LIMIT 1
"""
# All that the newest verdicts say, as text that no version of the database writes otherwise.
NEWEST_DIGEST_SQL = """
    SELECT sha256(string_agg(sha256(said), '' ORDER BY said)) AS digest FROM (
      SELECT concat_ws(chr(31), campaign_id, material_id, agency_id, epoch_us(opens_at), epoch_us(closes_at), status,
        coalesce(reason, chr(30)), coalesce(post_id, chr(30)), coalesce(post_url, chr(30)),
        coalesce(epoch_us(published_at)::TEXT, chr(30)), coalesce(minutes_late::TEXT, chr(30)),
        coalesce(matcher, chr(30)), coalesce(round(score * 1e9)::BIGINT::TEXT, chr(30)), coalesce(grade, chr(30)),
        decided_by, epoch_us(as_of)) AS said FROM {table})
"""


def seal_said(connection: Any, home: Path, kind: str, rows_sql: str, content: Mapping[str, Any]) -> None:
    """Seal the rows of a statement inside the store's open transaction, before they are inserted.

    The first seal of a store that was made before there were any takes in what it said until then. Without rows
    a line is written only where `content` says something by itself (verdicts of an instant not yet sealed).
    """
    known = connection.execute("SELECT count(*) FROM seal_rows WHERE kind = ?", [kind]).fetchone()[0]
    rows_sql = rows_sql if known else f"FROM ({rows_sql}) UNION ALL BY NAME FROM {TABLES[kind]}"
    count = connection.execute(f"SELECT count(*) FROM ({rows_sql})").fetchone()[0]  # noqa: S608 - the store's own
    if not count and not content:
        return
    file = _write(connection, home, rows_sql) if count else {}
    line = seal_line(home, {"kind": kind, "content": {**content, "rows": count}, **file})
    as_of = datetime.fromisoformat(content["as_of"]) if "as_of" in content else None
    note_seal(connection, line, as_of, count)


def note_seal(connection: Any, line: Mapping[str, Any], as_of: datetime | None, count: int) -> None:
    """Give the store the number and the hash of a line that seals what it says."""
    row = [line["seq"], line["hash"], line["kind"], as_of, count, line["content"].get("all_sha256")]
    connection.execute("INSERT INTO seal_rows VALUES (?, ?, ?, ?, ?, ?)", row)
    connection.execute("INSERT INTO ledger_head_rows VALUES (?, ?)", row[:2])


def seal_row(line: Mapping[str, Any]) -> dict[str, Any]:
    """The row of `seal_rows` for a ledger line."""
    as_of = line["content"].get("as_of")
    return {
        "seq": line["seq"], "hash": line["hash"], "kind": line["kind"], "row_count": line["content"].get("rows", 0),
        "as_of": datetime.fromisoformat(as_of) if as_of else None, "sha256": line["content"].get("all_sha256"),
    }  # fmt: skip


def seal_line(home: Path, statement: Mapping[str, Any]) -> dict[str, Any]:
    """Seal one statement and return its line, durable. The caller holds the lock."""
    ledger = Ledger(home / "evidence" / "ledger.jsonl")
    ledger.add({"run_id": new_run_id(now_utc()), **statement})
    [line] = ledger.commit()
    return line


def _write(connection: Any, home: Path, rows_sql: str) -> dict[str, Any]:
    folder = home / "evidence" / "said"
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".said.{os.getpid()}"
    target = json.dumps(str(unfinished))[1:-1].replace("'", "''")
    connection.execute(f"COPY ({rows_sql}) TO '{target}' (FORMAT json, COMPRESSION gzip)")
    with unfinished.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        os.fsync(stream.fileno())
    path = folder / sha256[:2] / f"{sha256}.jsonl.gz"
    path.parent.mkdir(exist_ok=True)
    size = unfinished.stat().st_size
    unfinished.replace(path)
    return {"path": path.relative_to(home).as_posix(), "sha256": sha256, "bytes": size}
