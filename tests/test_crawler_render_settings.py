"""[channels.news] render and browser -> which sites are shown, and what is told where something is lacking."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import InvalidWorkspace
from crawler.instance import load_instance
from crawler.render_settings import Rendering, why_not_shown
from pipelines.check import open_workspace, warnings_of
from tests.scripted_sites import Scripted, write_home


def a_home(folder: Path, shown: str = "https://dinas.example.go.id", more: str = "") -> Path:
    """A workspace with one registered site and one for the browser."""
    return write_home(folder / "home", [Scripted(url="https://dinas.example.go.id")], [Scripted(url=shown)], more)


def program(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_text("#!/bin/sh\n", "utf-8")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("shown", ["https://dinas.example.go.id", "http://Dinas.example.go.id/"])
def test_a_registered_site_is_shown(tmp_path: Path, shown: str) -> None:
    """However its address is written; others are not."""
    instance, problems = load_instance(a_home(tmp_path, shown))

    assert problems == []
    assert instance is not None
    assert instance.rendering.shows("https://dinas.example.go.id")
    assert not instance.rendering.shows("https://dinas.example.go.id/lain")
    assert instance.rendering.shows_below("https://dinas.example.go.id/berita/1")
    assert not instance.rendering.shows_below("https://dinas.example.go.id.lain.example/berita/1")


def test_a_site_that_is_not_registered_is_a_problem_on_its_line(tmp_path: Path) -> None:
    """The nearest registered one is named."""
    with pytest.raises(InvalidWorkspace) as found:
        open_workspace(a_home(tmp_path, "https://dina.example.go.id"))

    [problem] = found.value.problems
    assert str(problem).startswith("tayang.toml:10: channels.news.render: 'https://dina.example.go.id' is no regist")
    assert "did you mean 'https://dinas.example.go.id'?" in problem.text


def test_what_is_no_address_is_a_problem(tmp_path: Path) -> None:
    """As in the registry."""
    _, problems = load_instance(a_home(tmp_path, "ftp://dinas.example.go.id"))

    assert [str(one).rpartition(": ftp")[0] for one in problems] == ["tayang.toml:10: channels.news.render"]


def test_a_missing_browser_is_a_warning_that_says_what_to_do(tmp_path: Path) -> None:
    """The workspace is right all the same: it may run elsewhere."""
    workspace = open_workspace(a_home(tmp_path, more='browser = "/nowhere/chromium"'))

    assert [one for one in warnings_of(workspace) if "/nowhere/chromium" in one and "channels.news" in one]


def test_nobody_is_warned_who_needs_no_browser(tmp_path: Path) -> None:
    """Without a site for it nothing is looked for."""
    home = write_home(tmp_path / "home", [Scripted(url="https://dinas.example.go.id")], [])

    assert not [one for one in warnings_of(open_workspace(home)) if "render" in one]


def test_the_browser_is_found_by_name_or_as_written(tmp_path: Path) -> None:
    """A named one counts alone; else what lies on PATH, chromium first."""
    first, second = program(tmp_path, "chromium"), program(tmp_path, "google-chrome")
    path = {"PATH": str(tmp_path)}

    assert first == Rendering().executable(path)
    assert second == Rendering(browser=str(second)).executable(path)
    assert Rendering(browser="google-chrom").executable(path) is None
    assert "google-chrom" in str(why_not_shown(Rendering(browser="google-chrom"), path))
