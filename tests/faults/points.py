"""Chosen points in the work of a command: states of the folder that an observer waits for, or instants of its length.

So many bytes of evidence, a picture half written, the store's write-ahead log open. The product knows nothing of it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LEDGER = "evidence/ledger.jsonl"
WAL = "tayang.duckdb.wal"
Report = Any
IsDue = Callable[[Path], bool]
Aim = Callable[["Course", random.Random], IsDue]


@dataclass(frozen=True)
class Course:
    """A command nobody disturbed: its seconds, those until its crawl was over, and bytes by name before and after."""

    seconds: float
    crawled_after: float
    crawled_bytes: int
    before: Mapping[str, int]
    after: Mapping[str, int]
    report: Report


@dataclass(frozen=True)
class Point:
    """Where a command is killed, and how often. `of`: the scenario."""

    of: str
    name: str
    aim: Aim
    times: int


@dataclass(frozen=True)
class Scenario:
    """A command, the workspace it meets (`lived`: after a first run), and what a user gives afterwards."""

    name: str
    words: tuple[str, ...]
    lived: bool = True
    then: tuple[tuple[str, ...], ...] = ()



SCENARIOS = {
    one.name: one
    for one in (
        Scenario("run", ("run",), lived=False),
        Scenario("second run", ("run",)),
        Scenario("verify", ("verify",), then=(("report",),)),
        Scenario("match", ("match", "--all"), then=(("verify",), ("report",))),
        Scenario("import", ("import", "submission", "{form}"), then=(("verify",), ("report",))),
        Scenario("site", ("site",), then=(("report",),)),
        Scenario("rebuild", ("rebuild",), then=(("verify",), ("report",))),
    )
}


def bytes_below(folder: Path) -> int:
    """What a file holds, or lies in a folder, temporary files too; 0 where nothing is."""
    return sum(map(size_of, folder.rglob("*"))) if folder.is_dir() else size_of(folder)


def size_of(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except FileNotFoundError:
        return 0


def grown(name: str) -> Aim:
    """A file or folder holds so many bytes, drawn over what the command adds."""

    def aim(course: Course, chance: random.Random) -> IsDue:
        share = chance.uniform(0.02, 0.98)

        def is_due(home: Path) -> bool:
            path = home / name
            return bytes_below(path) >= course.before[name] + share * (course.after[name] - course.before[name])

        return is_due

    return aim


def half_written(folder: str) -> Aim:
    """A file that is being written, under its hidden name: the first that the observer meets."""

    def aim(_course: Course, _chance: random.Random) -> IsDue:
        return lambda home: next((home / folder).rglob(".*"), None) is not None

    return aim


def there(name: str) -> Aim:
    """A file appears."""
    return lambda _course, _chance: lambda home: (home / name).exists()


def store_open(behind: Aim | None = None) -> Aim:
    """The store's write-ahead log stands there, a transaction is open: the n-th, or the first `behind` a point."""

    def aim(course: Course, chance: random.Random) -> IsDue:
        is_begun = behind(course, chance) if behind else None
        wanted = 1 if behind else chance.randint(1, 2)
        begun, met, was_open = behind is None, 0, False

        def is_due(home: Path) -> bool:
            nonlocal begun, met, was_open
            begun = begun or bool(is_begun and is_begun(home))
            is_open = begun and (home / WAL).exists()
            met, was_open = met + (is_open and not was_open), is_open
            return met >= wanted

        return is_due

    return aim


def at_random(first: float = 0.0) -> Aim:
    """An instant of the command's length."""

    def aim(course: Course, chance: random.Random) -> IsDue:
        due = time.monotonic() + chance.uniform(first, 0.6) * course.seconds
        return lambda _home: time.monotonic() >= due

    return aim


def after_crawl(course: Course, chance: random.Random) -> IsDue:
    """An instant between the end of the crawl and that of the run: matching, verdicts, report."""
    pause = chance.uniform(0, 0.95) * (course.seconds - course.crawled_after)
    crawled = 0.0

    def is_due(home: Path) -> bool:
        nonlocal crawled
        if not crawled:
            crawled = time.monotonic() if size_of(home / LEDGER) >= course.crawled_bytes else 0.0
        return bool(crawled) and time.monotonic() >= crawled + pause

    return is_due


POINTS = (
    Point("run", "pages being kept", grown("evidence/warc"), 6),
    Point("run", "media being kept", grown("evidence/media"), 5),
    Point("run", "a picture half written", half_written("evidence/media"), 3),
    Point("run", "the ledger growing", grown(LEDGER), 5),
    Point("run", "the new store half made", there(".tayang.duckdb.unfinished"), 2),
    Point("run", "the store written", store_open(), 5),
    Point("run", "matching and judging", after_crawl, 5),
    Point("run", "signs and verdicts written", store_open(after_crawl), 4),
    Point("run", "the report written", grown("reports"), 4),
    Point("run", "any instant", at_random(), 3),
    Point("second run", "the store written", store_open(), 2),
    Point("second run", "any instant", at_random(), 2),
    Point("verify", "the store written", store_open(), 2),
    Point("match", "any instant", at_random(), 2),
    Point("import", "the ledger growing", grown(LEDGER), 1),
    Point("import", "any instant", at_random(), 2),
    Point("site", "files written", grown("reports/site"), 2),
    Point("rebuild", "the new store written", there("tayang.duckdb.rebuilt"), 2),
    Point("rebuild", "stores exchanged", there("tayang.duckdb.before-rebuild"), 2),
)
