"""Every harm at every kind of source -> its named outcome, never `missing`, and the truth after all is well again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.matrix import STAYS
from tests.faults.page import expected, page
from tests.faults.services import Case, Told, all_cases, treat

CASES = all_cases()
HARMED = [one for one in CASES if one.harm]
DOCUMENT = Path(__file__).parents[1] / "docs" / "faults.md"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[Case, Told]:
    return treat(tmp_path_factory.mktemp("faults") / "home")


@pytest.mark.slow
@pytest.mark.parametrize("case", HARMED, ids=lambda case: f"{case.harm}-{case.target}")
def test_a_harm_ends_as_named(told: dict[Case, Told], case: Case) -> None:
    """Outcome, cause and verdict are those of the matrix, and the visit says in words what happened."""
    found, named = told[case], expected()[case.harm, case.target]

    assert (found.outcome, found.cause, found.status) == (named.outcome, named.cause, named.status), found.detail
    assert found.detail or not found.cause


@pytest.mark.slow
def test_nobody_is_called_missing_by_a_fault(told: dict[Case, Told]) -> None:
    """All of them showed what they owed."""
    assert [(one, told[one]) for one in HARMED if told[one].status not in ("fulfilled", "unknown", "review")] == []


@pytest.mark.slow
def test_the_neighbours_are_not_disturbed(told: dict[Case, Told]) -> None:
    """Who is well in the same run is judged by what he shows."""
    well = [one for one in CASES if not one.harm]

    assert {one: told[one].status for one in well} == {one: "fulfilled" if one.shows else "missing" for one in well}


@pytest.mark.slow
def test_the_next_run_finds_the_truth(told: dict[Case, Told]) -> None:
    """An outage that is over is caught up with: everybody showed what he owed."""
    late = {one: told[one] for one in HARMED if told[one].later != "fulfilled" and one.harm not in STAYS}

    assert late == {}


def test_the_matrix_is_whole_and_accuses_nobody() -> None:
    """Every case has its line, and no line says `missing`."""
    assert set(expected()) == {(one.harm, one.target) for one in HARMED}
    assert {one.status for one in expected().values()} <= {"fulfilled", "unknown", "review"}


def test_the_document_is_what_the_tests_hold() -> None:
    """docs/faults.md is made by `make docs-faults`."""
    assert DOCUMENT.read_text(encoding="utf-8") == page()
