"""`kill -9` at chosen points of crawl, media, match, store, report -> nothing lost or twice, the same verdicts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.kills import Trial, kill_all
from tests.faults.points import POINTS, Point

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> list[Trial]:
    """59 kills, at each point as often as it says."""
    return kill_all(Path(tmp_path_factory.mktemp("kills")))


def test_the_kills_met_commands_at_work(trials: list[Trial]) -> None:
    """A point that was over before the observer looked proves nothing; on a busy machine a few are."""
    assert sum(one.killed for one in trials) >= 50


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"{point.of}: {point.name}")
def test_every_kill_is_survived(trials: list[Trial], point: Point) -> None:
    """Ledger byte for byte, audit without a finding, the report of a world nobody killed, no row twice."""
    here = [one for one in trials if (one.point.of, one.point.name) == (point.of, point.name)]

    assert [(one.number, one.wrong) for one in here if one.wrong] == []
