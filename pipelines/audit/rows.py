"""Lines of the ledger -> the rows that the store must have, held against those it has.

A row that no line seals was changed or added; a sealed row that is not there was changed or removed. Only rows
that are known to have reached the store can be missed: a kill between ledger and store loses them lawfully.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from pipelines.audit.damage import Damage, Found
from pipelines.deleting import deletion_row
from pipelines.deletions import DELETION
from pipelines.evidence import BEGUN
from pipelines.notifications import BEGUN as BEFORE_IT_LEFT
from pipelines.notifications import NOTIFICATION, sealed_rows
from pipelines.reviews import KIND as REVIEW
from pipelines.reviews import sealed_reviews
from pipelines.rows import content_id, evidence_row, post_of, row_digest
from pipelines.said import REBUILT, SIGNS, SIGNS_FORGOTTEN, VERDICTS, seal_row
from pipelines.sealed import IMPORT, RUN, RUN_INSTANTS, SIGHTING, VISIT, VISIT_INSTANTS, as_row
from pipelines.store import Store, stub_row
from pipelines.timestamps import TIMESTAMP, timestamp_row

Line = Mapping[str, Any]
NEVER = 1 << 62  # the seq of rows that need not be there any more
CHECKED = (
    "evidence_rows", "visit_rows", "sighting_rows", "post_rows", "submission_rows", "review_rows",
    "run_rows", "notification_rows", "seal_rows", "deletion_rows", "timestamp_rows",
)  # fmt: skip
LOST_SQL = """
    SELECT DISTINCT post_id FROM sighting_rows s
    WHERE NOT EXISTS (FROM post_rows p WHERE p.post_id = s.post_id AND p.content_id = s.content_id) ORDER BY post_id
"""
# Until when a store of before version 5 gathered rows without `status`; empty of a store that was made since.
NO_STATUS_SQL = """
    SELECT came FROM (SELECT min(applied_at) FILTER (version = 5) AS came, min(applied_at) AS made FROM schema_version)
    WHERE came > made + INTERVAL 1 MINUTE
"""
_NAMES = ("post_id", "review_id", "submission_id", "notification_id", "seq", "run_id")
_WITH_HEAD = ("visit_rows", "seal_rows", "timestamp_rows")
# Rows that are there before their line: a run under way, a message about to leave.
_UNSEALED: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "run_rows": lambda row: row["finished_at"] is None,
    "notification_rows": lambda row: row["outcome"] == BEFORE_IT_LEFT,
}


@dataclass
class Told:
    """What lines say the store holds: digest of a row -> the line's seq, by table."""

    rows: dict[str, dict[bytes, int]] = field(default_factory=lambda: {table: {} for table in CHECKED})
    states: dict[tuple[str, str], int] = field(default_factory=dict)  # posts of before their rows were sealed
    runs: dict[str, int] = field(default_factory=dict)  # sealed ends of runs
    begun: dict[str, int] = field(default_factory=dict)
    hashes: dict[int, str] = field(default_factory=dict)
    run_of: dict[int, str] = field(default_factory=dict)
    rebuilt: list[int] = field(default_factory=list)
    has_old_imports: bool = False
    without_status: dict[bytes, bytes] = field(default_factory=dict)  # digests as of before version 5 -> as of today

    def take(self, line: Line) -> None:
        """One line."""
        self.run_of[line["seq"]], self.hashes[line["seq"]] = line["run_id"], line["hash"]
        for table, digest in _rows_of(line):
            self.rows[table].setdefault(bytes.fromhex(digest), line["seq"])
        row = evidence_row(line)
        if row:
            bare = row_digest({**row, "status": None})
            self.without_status[bytes.fromhex(bare)] = bytes.fromhex(row_digest(row))
        if line["kind"] == SIGHTING:
            self._take_states(line)
        elif line["kind"] == REBUILT:
            self._take_rebuilt(line)
        elif line["kind"] == DELETION:
            gone = map(bytes.fromhex, line["content"].get("rows_gone", ()))
            self.rows["submission_rows"] |= dict.fromkeys(gone, NEVER)
        elif line["kind"] == BEGUN:
            self.begun[line["run_id"]] = line["seq"]
        elif line["kind"] == RUN:
            self.runs[line["content"]["run_id"]] = line["seq"]
        elif line["kind"] == IMPORT:
            self.has_old_imports |= "rows" not in line["content"]

    def has_rows_of(self, tables: Iterable[str]) -> bool:
        """Whether lines seal rows of any of these tables, so that a store without the table has lost them."""
        return any(seq != NEVER for table in tables for seq in self.rows[table].values())

    def _take_states(self, line: Line) -> None:
        for post_id, state, *digest in line["content"]["posts"]:
            if not digest:
                self.states[(post_id, state)] = line["seq"]

    def _take_rebuilt(self, line: Line) -> None:
        self.rebuilt.append(line["seq"])
        for table, digests in line["content"]["rows"].items():
            for digest in digests:
                self.rows[table].setdefault(bytes.fromhex(digest), line["seq"])
        for table, digests in line["content"]["gone"].items():
            self.rows[table] |= dict.fromkeys(map(bytes.fromhex, digests), NEVER)


def _rows_of(line: Line) -> Iterator[tuple[str, str]]:
    """(table, digest) of every row that a line tells of as a whole."""
    row, kind = evidence_row(line), line["kind"]
    if row:
        yield "evidence_rows", row_digest(row)
    elif kind == VISIT:
        yield "visit_rows", row_digest(as_row(line["content"]["row"], *VISIT_INSTANTS))
    elif kind == RUN:
        yield "run_rows", row_digest(as_row(line["content"], *RUN_INSTANTS))
    elif kind == REVIEW:
        yield from (("review_rows", row_digest(asdict(one))) for one in sealed_reviews([line]))
    elif kind == NOTIFICATION:
        yield from (("notification_rows", row_digest(one)) for one in sealed_rows(line["content"]))
    elif kind in (VERDICTS, SIGNS, SIGNS_FORGOTTEN):
        yield "seal_rows", row_digest(seal_row(line))
    elif kind == TIMESTAMP:
        yield "timestamp_rows", row_digest(timestamp_row(line))
    else:
        yield from _rows_of_posts(line)


def _rows_of_posts(line: Line) -> Iterator[tuple[str, str]]:
    if line["kind"] == DELETION:
        yield "deletion_rows", row_digest(deletion_row(line))
        yield from (("post_rows", row_digest(stub_row(stub))) for stub in line["content"]["posts"])
    elif line["kind"] == SIGHTING:
        seen_at = as_row(line["content"], "seen_at")["seen_at"]
        for post_id, state in line["content"].get("standing", ()):
            yield "sighting_rows", row_digest({"post_id": post_id, "content_id": state, "seen_at": seen_at})
        for post_id, state, *digest in line["content"]["posts"]:
            yield "sighting_rows", row_digest({"post_id": post_id, "content_id": state, "seen_at": seen_at})
            yield from (("post_rows", one) for one in digest)
    elif line["kind"] == IMPORT:
        for table, digests in line["content"].get("rows", {}).items():
            yield from ((table, digest) for digest in digests)


def compare_rows(store: Store, told: Told, found: Found, tables: Collection[str] = CHECKED) -> Reached:
    """Every row of the checked tables (those of `tables`, of an older store) against the lines; returns how far the
    store came. Raises: StoreDamaged."""
    reached = Reached.of(store, told, found)
    for row in store.rows(LOST_SQL):
        text = f"post_rows: {row['post_id']} was seen, and its row is not there"
        found.add(Damage(text, post_id=row["post_id"]), "lost")
    old = [row["came"] for row in store.rows(NO_STATUS_SQL)]
    for table in (one for one in CHECKED if one in tables):
        seen: set[bytes] = set()
        for row in (row for batch in store.batches(f"FROM {table}") for row in batch):
            _check_row(table, row, _digest_of(row, old, told), told, seen, found)
        if table in _WITH_HEAD:
            _check_heads(table, told, seen, reached, found)
        _check_missing(table, told, seen, reached, found)
    return reached


def _digest_of(row: Mapping[str, Any], old: Sequence[datetime], told: Told) -> bytes:
    """As the ledger's line has it; rows of before `old` were written without a status."""
    digest = bytes.fromhex(row_digest(row))
    return told.without_status.get(digest, digest) if old and row.get("fetched_at", old[0]) < old[0] else digest


@dataclass(frozen=True)
class Reached:
    """Which lines are known to have come as far as the store: (newest seq by run, last rebuild). `ended`: the same
    by the ledger alone, for a run's end is sealed only when all of it is in the store."""

    by_run: Mapping[str, int]
    rebuilt: int
    ended: Mapping[str, int]

    @classmethod
    def of(cls, store: Store, told: Told, found: Found) -> Reached:
        """By the heads that the store wrote down with its rows; those the ledger does not have are damage."""
        by_run: dict[str, int] = {}
        for row in store.rows("FROM ledger_head_rows ORDER BY seq"):
            if told.hashes.get(row["seq"]) != row["hash"]:
                found.add(Damage(f"evidence/ledger.jsonl: the store knows entry {row['seq']} as {row['hash'][:16]}…, "
                                 "the ledger does not", seq=row["seq"]), "head")  # fmt: skip
            elif row["seq"] in told.run_of:
                by_run[told.run_of[row["seq"]]] = row["seq"]
        rebuilt = [seq for seq in told.rebuilt if told.run_of[seq] in by_run]
        return cls(by_run, max(rebuilt, default=0), _ended(told))

    def has(self, seq: int, run_id: str) -> bool:
        """Whether the store says that it has what this line says."""
        return seq <= max(self.by_run.get(run_id, 0), self.rebuilt)

    def must_have(self, seq: int, run_id: str) -> bool:
        """Whether what this line says must be in the store, whatever became of the heads: no older copy has it."""
        return self.has(seq, run_id) or seq <= self.ended.get(run_id, 0)


def _ended(told: Told) -> dict[str, int]:
    """Runs that came to their end, and what was said (each line under an id of its own) while one of them ran."""
    spans = sorted((told.begun[run_id], end) for run_id, end in told.runs.items() if run_id in told.begun)
    starts = [start for start, _ in spans]
    said = (seq for seq in told.rows["seal_rows"].values() if seq != NEVER)
    ended = dict(told.runs)
    for seq in said:
        at = bisect(starts, seq) - 1
        if at >= 0 and seq < spans[at][1]:
            ended[told.run_of[seq]] = seq
    return ended


def _check_row(
    table: str, row: Mapping[str, Any], digest: bytes, told: Told, seen: set[bytes], found: Found
) -> None:  # fmt: skip
    if digest in seen:
        found.add(_damage(table, row, "stands twice"), table)
    elif digest not in told.rows[table] and not _is_excused(table, row, told):
        found.add(_damage(table, row, "is not what the ledger seals (changed or added)"), table)
    seen.add(digest)


def _is_excused(table: str, row: Mapping[str, Any], told: Told) -> bool:
    if table in _UNSEALED and _UNSEALED[table](row):
        return True
    if table == "run_rows":  # killed between its end and its seal
        return row["run_id"] not in told.runs
    if table in ("post_rows", "sighting_rows", "submission_rows") and told.has_old_imports:
        return str(row.get("origin", "import:")).startswith("import:")
    if table != "post_rows":
        return False
    return (row["post_id"], row["content_id"]) in told.states and content_id(post_of(row)) == row["content_id"]


def _check_missing(table: str, told: Told, seen: set[bytes], reached: Reached, found: Found) -> None:
    """Sealed rows that the store does not have."""
    if table == "post_rows":
        return  # one row a state, that of its first sighting: LOST_SQL asks for it
    for digest, seq in told.rows[table].items():
        if digest not in seen and reached.must_have(seq, told.run_of.get(seq, "")):
            text = f"{table}: the row that seq {seq} seals is not there (changed or removed)"
            found.add(Damage(text, seq=seq), table)


def _check_heads(table: str, told: Told, seen: set[bytes], reached: Reached, found: Found) -> None:
    """Rows that came in one transaction with a head which is not there any more."""
    for digest in seen & told.rows[table].keys():
        seq = told.rows[table][digest]
        if seq != NEVER and not reached.has(seq, told.run_of[seq]):
            found.add(Damage(f"ledger_head_rows: seq {seq} or a later one of its run was removed", seq=seq), "heads")
            return


def _damage(table: str, row: Mapping[str, Any], what: str) -> Damage:
    account = f"{row['channel']}:{row['handle']}" if "handle" in row else ""
    duty = tuple(row.get(name) for name in ("campaign_id", "material_id", "agency_id", "opens_at"))
    name = next((row[key] for key in _NAMES if row.get(key) is not None), "?")
    text = " ".join(filter(None, (f"{table}: {name}", account, what)))
    sha256, post_id, run_id = (str(row.get(key) or "") for key in ("sha256", "post_id", "run_id"))
    return Damage(text, sha256=sha256, post_id=post_id, look=(run_id, account), duty=duty if any(duty) else ())
