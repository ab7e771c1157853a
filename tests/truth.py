"""The sandbox world's truth and what a store says of it, by (agency, duty)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crawler.sandbox.offices import TODAY, ZONE, World
from pipelines.store import Store

ACCUSES = frozenset({"missing", "late", "incomplete", "violated"})
PARDONS = frozenset({"fulfilled", "clear", "exempt"})

Words = dict[tuple[str, str], str]


def expected_of(world: World) -> Words:
    """What may honestly be said: `status` or `status reason`."""
    return {(agency, duty): word for agency, duty, word in world.truth()}


def said_of(store: Store, world: World) -> Words:
    """What the newest verdicts say."""
    return {
        (row["agency_id"], _duty(row, world)): f"{row['status']} {row['reason']}".strip()
        for row in store.rows("SELECT * FROM verdicts")
    }


def _duty(row: dict[str, Any], world: World) -> str:
    opens: datetime = row["opens_at"]
    return TODAY if opens.astimezone(ZONE).date() == world.today else str(row["material_id"])
