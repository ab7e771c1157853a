"""Sealed files of verdicts and signs -> held against the store's rows, by the database itself.

Verdicts are history: each sealed one must be there. Signs are derived: those sealed before a rebuild, or of materials
that were forgotten since, need not be; each one that is there must be sealed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler.language import say
from pipelines.audit.damage import Damage, Found
from pipelines.deleting import unfinished_from
from pipelines.deletions import Deletions
from pipelines.said import NEWEST_DIGEST_SQL, REBUILT, SIGNS, SIGNS_FORGOTTEN, TABLES, VERDICTS
from pipelines.store import Store

Line = Mapping[str, Any]
MOST_NAMED = 1000

_SEALED = """
    WITH named AS (SELECT unnest($paths::TEXT[]) AS filename, unnest($seqs::BIGINT[]) AS seq),
    forgotten AS (SELECT unnest($ids::TEXT[]) AS reference_id, unnest($until::BIGINT[]) AS until),
    sealed AS (
      SELECT {columns}, n.seq FROM read_json($paths::TEXT[], format = 'newline_delimited', compression = 'gzip',
        columns = {{{types}}}, filename = true, maximum_object_size = 67108864) r JOIN named n USING (filename))
"""
_ADDED = """
    SELECT * FROM (SELECT {columns} FROM {table} EXCEPT ALL SELECT {columns} FROM sealed) LIMIT {most}
"""
_LOST = """
    SELECT * FROM (
      SELECT {columns} FROM sealed s WHERE list_contains($reached::BIGINT[], s.seq) AND seq > $rebuilt {standing}
      EXCEPT ALL SELECT {columns} FROM {table}) LIMIT {most}
"""
_NOT_FORGOTTEN = "AND NOT EXISTS (FROM forgotten f WHERE f.reference_id = s.reference_id AND f.until > s.seq)"
_DESCRIBED = "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = $table ORDER BY column_index"
_NEWEST_SEAL = """
    SELECT seq, sha256 FROM seal_rows WHERE kind = 'verdicts' AND as_of = (SELECT max(as_of) FROM newest_verdict_rows)
    ORDER BY seq DESC LIMIT 1
"""
# Verdicts of that instant or a later one that were said afterwards: they would have taken the place of the newest.
_LATER_SEAL = """
    SELECT max(seq) AS seq FROM seal_rows WHERE kind = 'verdicts' AND seq > $after
      AND as_of >= (SELECT coalesce(max(as_of), '-infinity') FROM newest_verdict_rows)
"""
_LAST_SEAL = "SELECT max(seq) AS seq FROM seal_rows WHERE kind = 'verdicts'"
# Of the newest verdicts, those that the history does not tell the same way.
_STRANGE = """
    SELECT n.* FROM newest_verdict_rows n WHERE NOT EXISTS (FROM verdict_rows v
      WHERE v.campaign_id = n.campaign_id AND v.material_id = n.material_id AND v.agency_id = n.agency_id
        AND v.opens_at = n.opens_at AND v.status = n.status AND v.reason IS NOT DISTINCT FROM n.reason
        AND v.post_id IS NOT DISTINCT FROM n.post_id AND v.published_at IS NOT DISTINCT FROM n.published_at
        AND v.closes_at = n.closes_at AND v.grade IS NOT DISTINCT FROM n.grade AND v.decided_by = n.decided_by)
    ORDER BY ALL LIMIT 1000
"""


@dataclass
class Sayings:
    """The lines that seal what was said."""

    files: dict[str, list[tuple[str, int]]] = field(default_factory=lambda: {VERDICTS: [], SIGNS: []})
    lines: dict[str, int] = field(default_factory=dict)
    forgotten: list[tuple[str, int]] = field(default_factory=list)
    rebuilt: int = 0
    again: int = 0
    deletions: Deletions = field(default_factory=Deletions)

    def take(self, line: Line) -> None:
        """One line."""
        kind = line["kind"]
        if kind in TABLES:
            self.lines[kind] = self.lines.get(kind, 0) + 1
            if line["content"].get("is_again"):
                self.again = line["seq"] - 1  # all signs of then; those that are gone since stand in no line
            if "path" in line and not self.deletions.covers(line):
                self.files[kind].append((line["path"], line["seq"]))
        elif kind == SIGNS_FORGOTTEN:
            self.forgotten += [(one, line["seq"]) for one in line["content"]["reference_ids"]]
        elif kind == REBUILT:
            self.rebuilt = line["seq"]


def compare_sayings(
    store: Store, home: Path, sayings: Sayings, broken: Collection[str], rebuilt: int, found: Found
) -> None:
    """Both tables and the newest verdicts. `broken`: files told already; `rebuilt`: the seq of this store's rebuild."""
    # Between the deletion of sealed signs and their new seal some are sealed by nothing; the chain tells of both.
    is_deleting = max(sayings.again + 1, unfinished_from(home, sayings.deletions)) <= sayings.deletions.sayings
    reached = [row["seq"] for row in store.rows("SELECT seq FROM seal_rows")]
    for kind, table in TABLES.items():
        if not sayings.lines.get(kind):
            _tell_unsealed(store, table, found)
            continue
        files = [(str(home / path), seq) for path, seq in sayings.files[kind] if path not in broken]
        is_derived = kind == SIGNS
        bounds = {"reached": reached, "rebuilt": max(rebuilt, sayings.again) if is_derived else 0}
        question = _Question(store, table, files, sayings.forgotten if is_derived else (), bounds)
        _tell_question(question, not (is_derived and is_deleting) and len(files) == len(sayings.files[kind]), found)
    _compare_newest(store, rebuilt, found)


def _tell_question(question: _Question, is_whole: bool, found: Found) -> None:
    """`is_whole`: every file can be read; else a row may be sealed by one that cannot."""
    table = question.table
    for row in question.added() if is_whole else ():
        found.add(_of_row(table, row, "is not what the ledger seals (changed or added)"), table)
    for row in question.lost():
        found.add(_of_row(table, row, "was sealed and is not there (changed or removed)"), table)


@dataclass(frozen=True)
class _Question:
    store: Store
    table: str
    files: Sequence[tuple[str, int]]
    forgotten: Sequence[tuple[str, int]]
    bounds: Mapping[str, Any]

    def added(self) -> list[dict[str, Any]]:
        """Rows that no file seals."""
        if not self.files:
            return self.store.rows(f"FROM {self.table} LIMIT {MOST_NAMED}")
        return self.store.rows(self._sql(_SEALED + _ADDED), self._named())

    def lost(self) -> list[dict[str, Any]]:
        """Sealed rows that must be there and are not."""
        return self.store.rows(self._sql(_SEALED + _LOST), {**self._named(), **self.bounds}) if self.files else []

    def _sql(self, template: str) -> str:
        described = self.store.rows(_DESCRIBED, {"table": self.table})
        columns = ", ".join(row["column_name"] for row in described)
        types = ", ".join(f"{row['column_name']}: '{row['data_type']}'" for row in described)
        standing = _NOT_FORGOTTEN if self.forgotten else ""
        return template.format(columns=columns, types=types, table=self.table, most=MOST_NAMED, standing=standing)

    def _named(self) -> dict[str, Any]:
        return {
            "paths": [path for path, _ in self.files], "seqs": [seq for _, seq in self.files],
            "ids": [one for one, _ in self.forgotten], "until": [seq for _, seq in self.forgotten],
        }  # fmt: skip


def _tell_unsealed(store: Store, table: str, found: Found) -> None:
    [count] = store.rows(f"SELECT count(*) AS rows FROM {table}")  # noqa: S608 - one of TABLES
    if count["rows"]:
        rows = f"{table}: {count['rows']}"
        found.notes.append(say(f"{rows} baris dari sebelum ada segel; disegel pada putaran berikut",
                               f"{rows} rows of before there were seals; the next run seals them"))  # fmt: skip


def _compare_newest(store: Store, rebuilt: int, found: Found) -> None:
    """They are what a seal of their instant says, and no later seal took their place. `rebuilt`: of this store."""
    own = store.rows(_NEWEST_SEAL)
    [later] = store.rows(_LATER_SEAL, {"after": max([rebuilt, *(seal["seq"] for seal in own)])})
    [held] = store.rows(NEWEST_DIGEST_SQL.format(table="newest_verdict_rows"))
    if later["seq"] is not None:
        _tell_strange(store, later["seq"], found)
    elif own and held["digest"] != own[0]["sha256"]:
        _tell_strange(store, own[0]["seq"], found)
    elif not own and held["digest"] is not None:
        [last] = store.rows(_LAST_SEAL)
        if last["seq"] is not None:
            _tell_strange(store, last["seq"], found)
        else:
            found.notes.append(say("hasil verifikasi terbaru belum disegel", "the newest verdicts are not sealed yet"))


def _tell_strange(store: Store, seq: int, found: Found) -> None:
    strange, what = list(store.rows(_STRANGE)), f"is not what seq {seq} seals (changed, added or removed)"
    for row in strange:
        found.add(_of_row("newest_verdict_rows", row, what), "newest")
    if not strange:
        found.add(Damage(f"newest_verdict_rows: {what}", seq=seq), "newest")


def _of_row(table: str, row: Mapping[str, Any], what: str) -> Damage:
    duty = (row["campaign_id"], row["material_id"], row.get("agency_id"), row.get("opens_at"))
    named = " ".join(str(one) for one in (row.get("agency_id") or row["post_id"], *duty[:2]))
    return Damage(f"{table}: {named} {what}", post_id=row["post_id"] or "", duty=duty)
