"""Evidence and store -> every digest that does not hold, every statement without its bytes."""

from __future__ import annotations

from pathlib import Path

from crawler.instance import load_instance
from pipelines.evidence import audit
from pipelines.ledger import read_lines
from pipelines.store import store_at

UNBACKED_SQL = """
    SELECT 'post ' || post_id || ': evidence ' || evidence_sha256 || ' is not in the ledger' AS problem FROM post_rows
    WHERE evidence_sha256 <> '' AND evidence_sha256 NOT IN (SELECT sha256 FROM evidence_rows)
    UNION ALL
    SELECT 'media ' || sha256 || ' of ' || post_id || ' is not in the ledger'
    FROM (SELECT DISTINCT post_id, unnest(media).sha256 AS sha256 FROM post_rows)
    WHERE sha256 IS NOT NULL AND sha256 NOT IN (SELECT sha256 FROM evidence_rows)
    ORDER BY problem
"""
HEAD_SQL = "SELECT max(seq) AS seq, arg_max(hash, seq) AS hash FROM ledger_head_rows HAVING max(seq) IS NOT NULL"


def audit_workspace(home: Path) -> tuple[int, list[str]]:
    """(ledger lines checked, what does not hold); a store that was never made is no damage."""
    checked, found = audit(home)
    instance, _problems = load_instance(home)
    path = home / (instance.store_url if instance else "tayang.duckdb")
    if path.exists():
        store = store_at(home, path.name)
        found += [str(row["problem"]) for row in store.rows(UNBACKED_SQL)]
        found += [
            f"evidence/ledger.jsonl: the store knows entry {head['seq']} as {head['hash'][:16]}…, the ledger does not"
            for head in store.rows(HEAD_SQL)
            if not holds(home, head["seq"], head["hash"])
        ]
    return checked, found


def holds(home: Path, seq: int, seal: str) -> bool:
    """Whether the ledger still has the entry `seq` under this seal."""
    try:
        return any(line["hash"] == seal for line in read_lines(home / "evidence" / "ledger.jsonl", seq - 1))
    except ValueError:  # a damaged line is told by itself
        return False
