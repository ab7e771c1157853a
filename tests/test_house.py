"""The house rules that a tool cannot check -> tests that read the source."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler import errors
from crawler.errors import TayangError
from crawler.items import Cause, Outcome
from crawler.readers.graph import TryAgain
from pipelines.items import Status
from pipelines.matchers import all_matchers
from queries.command_line import module_of
from queries.commands import NAMES

ROOT = Path(__file__).parents[1]
ROOMS = ("crawler", "pipelines", "queries")
MODULES = [*sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")), ROOT / "tayang.py"]
MAY_IMPORT = {"crawler": {"crawler"}, "pipelines": {"crawler", "pipelines"}, "queries": set(ROOMS)}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[str]:
    """Names of the packages a module imports, also inside its functions."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield str(node.module).partition(".")[0]


def of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_imports_point_up_only() -> None:
    """Crawler sees, pipelines understand, queries answer; only the front door knows everybody."""
    wrong = [
        (of(path), name)
        for path in MODULES
        if path.parent != ROOT
        for name in imported(path)
        if name in (*ROOMS, "tayang", "tests") and name not in MAY_IMPORT[path.relative_to(ROOT).parts[0]]
    ]

    assert wrong == []


def test_duckdb_is_known_to_the_writer_and_the_reader_only() -> None:
    """Two files: whoever changes the engine reads two files."""
    assert [of(path) for path in MODULES if "duckdb" in set(imported(path))] == [
        "pipelines/store.py",
        "queries/reader.py",
    ]


@pytest.mark.parametrize("path", MODULES, ids=of)
def test_every_module_says_what_it_turns_into_what(path: Path) -> None:
    """One to three lines come first; long stories may follow after a blank line."""
    told = ast.get_docstring(tree(path)) or ""

    assert told, "no docstring"
    assert len(told.split("\n\n")[0].splitlines()) <= 3


def test_nobody_swallows_everything() -> None:
    """No handler for bare Exception, and none without a name: a blocked crawl must not look like an absence."""
    wrong = [
        f"{of(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (
            node.type is None
            or {"Exception", "BaseException"} & {n.id for n in ast.walk(node.type) if isinstance(n, ast.Name)}
        )
    ]

    assert wrong == []


def test_no_drawer_without_a_label() -> None:
    """No module called utils, helpers, common, misc, manager or data."""
    assert [
        of(path) for path in MODULES if re.fullmatch(r"(utils?|helpers?|common|misc|managers?|data|info)", path.stem)
    ] == []


def test_the_drawing_of_errors_is_the_tree_of_classes() -> None:
    """crawler/errors.py draws every error once, under its parent, and no other."""
    drawn: dict[str, str | None] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"^([│├└─ ]*)([A-Z]\w+)(?:\s{2,}|$)", line)
        if found and (found[1] or found[2] == "TayangError"):
            depth = len(re.findall(r"[│├└]|(?<=^)    ", found[1]))
            above[depth:] = [found[2]]
            drawn[found[2]] = above[depth - 1] if depth else None
    classes = {
        name: one.__bases__[0].__name__
        for name, one in vars(errors).items()
        if isinstance(one, type) and issubclass(one, TayangError) and one is not TayangError
    }

    assert drawn.pop("TryAgain", "Unreachable") == "Unreachable"  # lives with the reader that raises it
    assert {"TayangError": None, **classes} == drawn


def test_errors_are_made_in_one_place() -> None:
    """The readers' TryAgain alone stands outside of the drawing: a kind of Unreachable that never leaves its spider."""
    ours = {one.__name__ for one in [TayangError, *_below(TayangError)] if one.__module__.split(".")[0] in ROOMS}

    assert {"TryAgain"} == {name for name in ours if not hasattr(errors, name)}
    assert (errors.Unreachable,) == TryAgain.__bases__


def _below(kind: type[TayangError]) -> Iterator[type[TayangError]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def told_in(*names: str) -> str:
    """The text of these pages; skips while the first is not there."""
    pages = [path for name in names for path in sorted(ROOT.glob(name))]
    if not (ROOT / names[0]).exists():
        pytest.skip(f"{names[0]} is not there yet")
    return "\n".join(path.read_text(encoding="utf-8") for path in pages)


def untold(names: list[str], text: str) -> list[str]:
    return [name for name in names if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)]


def test_channels_and_queries_are_told_in_the_readme() -> None:
    """What is found by folder listing, a newcomer finds by name."""
    listed = [
        *(path.stem for path in (ROOT / "crawler" / "spiders").glob("[a-z]*.py")),
        *(path.stem for path in (ROOT / "queries").glob("*.sql")),
    ]

    assert len(listed) > 8
    assert untold(listed, told_in("README.md")) == []


def test_the_readme_counts_the_questions() -> None:
    """A question that is added changes the number."""
    questions = list((ROOT / "queries").glob("*.sql"))

    assert f"There are {len(questions)} questions" in told_in("README.md")


def test_every_word_of_the_closed_lists_is_told_in_the_docs() -> None:
    """Matchers, outcomes, causes and statuses: what a table may show is explained somewhere."""
    words = [matcher.name for matcher in all_matchers()]
    words += [one.value for kind in (Outcome, Cause, Status) for one in kind]

    assert untold(words, told_in("README.md", "docs/*.md")) == []


def test_each_command_is_a_file_that_the_help_names() -> None:
    """No command is hidden, none is named without its file."""
    files = {path.stem for path in (ROOT / "queries" / "commands").glob("[a-z]*.py")}

    assert sorted(map(module_of, NAMES)) == sorted(files)


def test_a_question_loads_neither_the_crawler_nor_the_matchers() -> None:
    """`tayang ask` answers at once: Scrapy, OpenCV and the report's makers cost seconds that it does not need."""
    program = (
        "import sys; from queries.command_line import parser; parser(['ask']);"
        "print({'scrapy', 'cv2', 'trafilatura', 'xlsxwriter', 'jinja2'} & set(sys.modules))"
    )
    loaded = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert loaded.stdout.strip() == "set()"
