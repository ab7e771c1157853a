"""A message about a run -> rows before and after it leaves, sealed in the ledger; and what was sent so far.

Kept so that nothing is sent twice: a kill between sending and sealing can at worst repeat one message.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.local_time import new_run_id
from pipelines.evidence import Evidence
from pipelines.ledger import lines_of_kind
from pipelines.rows import Row, head_rows
from pipelines.store import Store

NOTIFICATION = "notification"  # of the ledger's entries
BEGUN, SENT, FAILED = "begun", "sent", "failed"

PAST_SQL = """
    SELECT notification_id, bool_or(outcome = 'sent') AS is_sent, max(attempts) AS attempts
    FROM notification_rows GROUP BY notification_id
"""


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of one notification so far; `attempts` counts those that were begun, also by a killed run."""

    is_sent: bool
    attempts: int


@dataclass(frozen=True, slots=True)
class Told:
    """One message to one receiver. `items` are the notifications it holds: (id, subject, number of this attempt).

    `receiver` is the scheme and a digest, never an address. `sent_at` is when the attempt began.
    """

    kind: str
    receiver: str
    sent_at: datetime
    items: tuple[tuple[str, str, int], ...]

    def rows(self, outcome: str, detail: str = "") -> list[Row]:
        """The rows of `notification_rows`."""
        shared = {"kind": self.kind, "receiver": self.receiver, "sent_at": self.sent_at, "outcome": outcome}
        return [
            {"notification_id": one, "subject": subject, "attempts": attempts, "detail": detail, **shared}
            for one, subject, attempts in self.items
        ]


def tried_before(store: Store, home: Path) -> dict[str, Tried]:
    """What became of every notification so far, by its id; first the store gets what a kill left to the ledger."""
    sealed = lines_of_kind(home / "evidence" / "ledger.jsonl", NOTIFICATION)
    store.append({"notification_rows": [row for line in sealed for row in sealed_rows(line["content"])]})
    return {row["notification_id"]: Tried(row["is_sent"], row["attempts"]) for row in store.rows(PAST_SQL)}


def note_begun(store: Store, told: Told) -> None:
    """Before a message leaves: a run killed from here on has used one attempt."""
    store.append({"notification_rows": told.rows(BEGUN)})


def note_ended(store: Store, home: Path, told: Told, outcome: str, detail: str) -> None:
    """After it left, or did not: sealed in the ledger, then recorded. The caller holds the lock."""
    evidence = Evidence(home, new_run_id(told.sent_at), {})
    evidence.note(NOTIFICATION, {
        "kind": told.kind, "receiver": told.receiver, "sent_at": told.sent_at.isoformat(), "outcome": outcome,
        "detail": detail, "items": [list(item) for item in told.items],
    })  # fmt: skip
    sealed = head_rows(evidence.commit())
    store.append({"notification_rows": told.rows(outcome, detail), "ledger_head_rows": sealed})


def sealed_rows(content: Mapping[str, Any]) -> Sequence[Row]:
    """The rows that one entry of the ledger tells of."""
    items = tuple(_items(content["items"]))
    told = Told(content["kind"], content["receiver"], datetime.fromisoformat(content["sent_at"]), items)
    return told.rows(content["outcome"], content["detail"])


def _items(written: Sequence[Sequence[Any]]) -> Iterator[tuple[str, str, int]]:
    yield from ((str(one), str(subject), int(attempts)) for one, subject, attempts in written)
