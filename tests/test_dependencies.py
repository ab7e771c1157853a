"""What is installed with Tayang: under licences that we may use, and named in constraints.txt."""

from __future__ import annotations

import pytest

from tests import dependencies
from tests.dependencies import is_allowed, judged, licence_of, needed


def test_every_package_has_a_licence_that_we_may_use() -> None:
    """Whatever is installed of what Tayang and its extras ask for."""
    found = {name: licence_of(package) for name, package in needed().items()}

    assert {name: licence for name, licence in found.items() if not is_allowed(licence)} == {}
    assert {"scrapy", "duckdb", "lxml"} <= set(found)


def test_every_package_is_named_in_the_constraints() -> None:
    """Else an installation would bring what nobody tested."""
    assert set(needed()) - set(dependencies.tested_versions()) == {"tayang"}


@pytest.mark.parametrize(("licence", "expected"), [
    ("MIT", True), ("Apache-2.0 AND MIT", True), ("MPL-1.1 OR GPL-2.0-only", True), ("GPL-3.0-only", False),
    ("MIT AND GPL-3.0-only", False), ("", False),
])  # fmt: skip
def test_of_every_part_one_must_be_allowed(licence: str, expected: bool) -> None:
    """A choice may be made; an addition may not be left out."""
    assert is_allowed(licence) is expected


def test_what_was_skipped_is_not_called_sound() -> None:
    """pip-audit itself ends well where the service knows none of the packages."""
    sound = {"name": "a", "version": "1", "vulns": []}
    faulty = {"name": "b", "version": "1", "vulns": [{"id": "PYSEC-1"}]}
    skipped = {"name": "c", "skip_reason": "not found"}

    assert judged([sound]) == (0, ["no known faults"])
    assert judged([sound, faulty, skipped])[0] == 1
    assert judged([sound, skipped])[0] == 2
    assert "NOT checked" in judged([skipped])[1][0]
