"""The sandbox world against its known truth: nobody falsely accused, nobody falsely pardoned."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from crawler.sandbox.workspace import write_workspace
from crawler.sandbox.world import TODAY, World
from tests.conftest import Lived, run_tayang

VERDICTS = "SELECT * FROM verdicts"
ACCUSES = {"missing", "late", "incomplete", "violated"}
PARDONS = {"fulfilled", "clear", "exempt"}


def said(lived: Lived) -> dict[tuple[str, str], str]:
    """What was said of each duty, by agency and the world's name for the duty."""
    return {(row["agency_id"], _name(row, lived.world)): f"{row['status']} {row['reason']}".strip() for row in lived.store.rows(VERDICTS)}


def _name(row: dict[str, Any], world: World) -> str:
    opens: datetime = row["opens_at"]
    is_today = (opens + timedelta(hours=7)).date() == world.today
    return TODAY if is_today else str(row["material_id"])


def test_every_verdict_is_the_truth(lived: Lived) -> None:
    """100 % of the world's duties get the one word that may honestly be said, with its reason."""
    expected = {(agency, duty): word for agency, duty, word in lived.world.truth()}
    found = said(lived)
    wrong = {key: (word, found.get(key)) for key, word in expected.items() if found.get(key) != word}

    assert not wrong
    assert expected.keys() == found.keys()


def test_nobody_is_accused_or_pardoned_against_the_truth(lived: Lived) -> None:
    """Counted apart, because these are the two errors that matter most."""
    expected = {(agency, duty): word.split()[0] for agency, duty, word in lived.world.truth()}
    found = {key: word.split()[0] for key, word in said(lived).items()}

    assert not [key for key, word in found.items() if word in ACCUSES and expected[key] != word]
    assert not [key for key, word in found.items() if word in PARDONS and expected[key] != word]


def test_the_world_is_hard() -> None:
    """It holds every kind of lie a source can tell: at least twelve agencies and ten kinds of ending."""
    from crawler.sandbox.world import build_world
    from crawler.local_time import now_utc

    world = build_world(now_utc())
    words = {word.split()[0] for *_, word in world.truth()}

    assert len(world.offices) >= 12
    assert words >= {"fulfilled", "late", "early", "incomplete", "review", "missing", "unknown", "exempt", "violated", "clear", "pending"}
