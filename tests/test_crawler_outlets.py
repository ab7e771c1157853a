"""registry/outlets.csv: read as people write it, every mistake told with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crawler.outlets import OUTLETS, Outlet, load_outlets
from pipelines.init import create_workspace

HEAD = "outlet_id,name,feed,search,confirmed_on\n"


def written(home: Path, rows: str) -> Path:
    (home / "registry").mkdir(exist_ok=True)
    (home / OUTLETS).write_text(HEAD + rows, encoding="utf-8")
    return home


def test_a_workspace_without_the_file_has_no_outlets(tmp_path: Path) -> None:
    """The register is an offer, not a duty."""
    assert load_outlets(tmp_path) == ((), [])


def test_a_row_is_an_outlet(tmp_path: Path) -> None:
    """Feed, search and the day on which a person looked at both."""
    row = "kabar,Kabar Klaten,https://kabar.example/feed,https://kabar.example/cari?q={query},2026-11-01\n"

    outlets, problems = load_outlets(written(tmp_path, row))

    assert problems == []
    assert outlets == (
        Outlet("kabar", "Kabar Klaten", "https://kabar.example/feed", "https://kabar.example/cari?q={query}",
               date(2026, 11, 1)),
    )  # fmt: skip


def test_words_are_escaped_in_a_search() -> None:
    """What people write as words can hold anything; nothing of it becomes part of the address."""
    outlet = Outlet("kabar", "Kabar", search="https://kabar.example/cari?q={query}&s=baru")

    assert outlet.searches(["tolak tip", "a&b=c#d"]) == (
        "https://kabar.example/cari?q=tolak+tip&s=baru", "https://kabar.example/cari?q=a%26b%3Dc%23d&s=baru",
    )  # fmt: skip
    assert Outlet("kabar", "Kabar", feed="https://kabar.example/feed").searches(["tolak tip"]) == ()


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("Kabar Klaten,Kabar,https://k.example/feed,,\n", "outlet_id"),
        ("kabar,,https://k.example/feed,,\n", "name"),
        ("kabar,Kabar,,,\n", "feed"),
        ("kabar,Kabar,k.example/feed,,\n", "feed"),
        ("kabar,Kabar,file:///etc/passwd,,\n", "feed"),
        ("kabar,Kabar,,https://k.example/cari,\n", "search"),
        ("kabar,Kabar,https://k.example/feed,,kemarin\n", "confirmed_on"),
    ],
)
def test_a_mistake_is_told_with_line_and_column(tmp_path: Path, row: str, column: str) -> None:
    """One problem, at the place where it stands."""
    _, problems = load_outlets(written(tmp_path, row))

    assert [(OUTLETS, 2, column)] == [(one.file, one.line, one.column) for one in problems]


def test_an_id_is_written_once(tmp_path: Path) -> None:
    """The second row is named, with the line of the first."""
    row = "kabar,Kabar,https://k.example/feed,,\n"
    outlets, problems = load_outlets(written(tmp_path, row + row))

    assert len(outlets) == 1
    assert [one.line for one in problems] == [3]


def test_the_examples_are_right_and_none_is_asked_before_somebody_confirms_it(tmp_path: Path) -> None:
    """The addresses we know from memory only: they are an offer."""
    create_workspace(tmp_path)
    outlets, problems = load_outlets(tmp_path)

    assert problems == []
    assert len(outlets) >= 8
    assert {None} == {one.confirmed_on for one in outlets}
