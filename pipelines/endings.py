"""A run's visits in the store -> how each of them ended."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.items import Cause, Outcome
from pipelines.store import Store

ENDED_SQL = """
    SELECT channel, handle, agency_id, outcome, cause, detail, covers_from, covers_until, posts_seen FROM visit_rows
    WHERE run_id = $run_id ORDER BY channel, handle
"""


@dataclass(frozen=True, slots=True)
class Ending:
    """How one visit of a run ended; `is_observed` = it proved some span of the account, or all that was wanted of it.

    `is_left`: it was given up or never begun, by no fault of the account: time, budget or our access ended.
    """

    account: str
    outcome: str
    cause: str | None
    detail: str
    posts_seen: int
    is_observed: bool
    is_left: bool = False


def endings(store: Store, run_id: str) -> list[Ending]:
    """How the visits of a run ended."""
    return [
        Ending(
            account=f"{row['channel']}:{row['handle']}", outcome=row["outcome"], cause=row["cause"],
            detail=row["detail"], posts_seen=row["posts_seen"],
            is_observed=row["covers_from"] is not None or row["outcome"] == Outcome.COMPLETE,
            is_left=row["outcome"] == Outcome.BLOCKED and row["cause"] == Cause.NOT_VISITED,
        )
        for row in store.rows(ENDED_SQL, {"run_id": run_id})
    ]  # fmt: skip
