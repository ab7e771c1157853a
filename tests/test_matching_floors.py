"""The small set of the matching benchmark -> no figure falls below its pinned floor."""

from __future__ import annotations

import pytest

from tests.matching import scoring
from tests.matching.__main__ import SUBJECTS, caption_figures, order_of
from tests.matching.floors import SEED, broken, read_floors
from tests.matching.trials import bench_of


def test_a_figure_below_its_floor_is_named() -> None:
    """A figure that fell, one that rose too far and one that is missing are each told; others are not."""
    floors = {
        "a.recall": {"least": 0.9},
        "a.false_matches": {"most": 0.0},
        "a.found": {"least": 0.5},
        "a.gone": {"least": 0},
    }

    told = broken({"a.recall": 0.89, "a.false_matches": 1.0, "a.found": 0.5}, floors)

    assert told == [
        "a.recall is 0.89, its floor is 0.9",
        "a.false_matches is 1.0, at most 0.0 is allowed",
        "a.gone was not measured",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("subject", SUBJECTS)
def test_no_figure_falls_below_its_floor(subject: str) -> None:
    """References of a seed on which nothing was chosen, a change of each sort, look-alikes of every kind."""
    floors = read_floors(subject)
    if subject == "captions":
        figures = caption_figures()[0]
    else:
        bench = bench_of(subject, order_of(subject, SEED, is_small=True))
        figures = scoring.figures(subject, scoring.answers(bench))

    assert floors, "nothing is pinned"
    assert broken(figures, floors) == []
