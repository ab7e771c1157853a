"""Chosen points in the work of a command -> kill -9 there, and what the workspace is worth afterwards."""

from __future__ import annotations

import json
import random
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.audit import audit_workspace
from pipelines.store import Store
from tests.faults import world
from tests.faults.command import run, start
from tests.faults.points import LEDGER, POINTS, SCENARIOS, Course, Point, Report, Scenario, bytes_below, size_of

SEED = 20240424
LANES = 2
TRIES = 6  # a point may be over before the observer looks: then another draw
# What no repeated or interrupted run may write twice.
KEYS = {
    "post_rows": "post_id, content_id",
    "sighting_rows": "post_id, content_id, seen_at",
    "evidence_rows": "seq",
    "visit_rows": "run_id, channel, handle",
    "fingerprint_rows": "sha256, version, kind",
    "compared_rows": "content_id, reference_id",
    "sign_rows": "content_id, reference_id, matcher, media_sha256",
    "newest_verdict_rows": "campaign_id, material_id, agency_id, opens_at",
    "mention_rows": "post_id, campaign_id",
    "submission_rows": "submission_id",
    "schema_version": "version",
}
# What differs between two runs over the same world.
OF_THE_RUN = {
    "as_of", "run_id", "started_at", "finished_at", "first_seen_at", "not_yet_seen_at", "observed", "changes_since",
    "posts_seen",  # a repeated run reads from where the killed one had read to
    "ledger_head",  # its lines carry instants, and what was sealed before the kill is sealed again after it
}  # fmt: skip

@dataclass
class Trial:
    """One kill: what was wrong afterwards, [] = it survived."""

    point: Point
    number: int
    killed: bool = False
    wrong: list[str] = field(default_factory=list)


class Kills:
    """One world, the courses of its undisturbed commands, and the trials."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.world = world.drawn()
        self.as_of = datetime.now(UTC).isoformat()  # of all that is judged: midnight may pass between two commands
        self.fresh, self.lived = folder / "fresh", folder / "lived"
        self.courses: dict[str, Course] = {}

    @contextmanager
    def served(self) -> Iterator[None]:
        """The world's accounts answer, and its two workspaces are there: a new one, and one after its first run."""
        with world.sandbox_of(self.world) as sandbox:
            world.write_home(self.world, sandbox, self.fresh)
            shutil.copytree(self.fresh, self.lived)
            code = self._run(self.lived, "run")
            if code != 0:
                raise AssertionError((code, self.lived.with_name("lived.told").read_text()))
            yield

    def course_of(self, scenario: Scenario) -> Course:
        """How a command goes that nobody disturbs; followed once."""
        if scenario.name not in self.courses:
            self.courses[scenario.name] = self._follow(scenario)
        return self.courses[scenario.name]

    def _follow(self, scenario: Scenario) -> Course:
        home = self._home(scenario, "course")
        names = (LEDGER, "evidence/warc", "evidence/media", "reports", "reports/site")
        before = {name: bytes_below(home / name) for name in names}
        begun, grew = time.monotonic(), {}
        process = start(*self._judged(self._words(scenario)), home=home, **TOKEN)
        process.watch(lambda: bool(grew.setdefault(size_of(home / LEDGER), time.monotonic()) < 0))
        code, seconds = process.end(), time.monotonic() - begun
        if code != 0:
            raise AssertionError((scenario.name, code, process.told.read_text()))
        after = {name: bytes_below(home / name) for name in names}
        last = (home / LEDGER).read_bytes().splitlines(keepends=True)[-1]
        crawled = size_of(home / LEDGER) - len(last)
        crawled_at = min((at for size, at in grew.items() if size >= crawled - SLACK), default=begun)
        for words in scenario.then:
            self._run(home, *words)
        return Course(seconds, crawled_at - begun, crawled - SLACK, before, after, said_in(home))

    def trial(self, point: Point, number: int) -> Trial:
        """Kill once at the point, look, let the next run work, look again."""
        scenario = SCENARIOS[point.of]
        course, trial = self.courses[point.of], Trial(point, number)
        chance = random.Random(f"{SEED} {point.of} {point.name} {number}")
        for attempt in range(TRIES):
            home = self._home(scenario, f"{point.of}-{point.name}-{number}-{attempt}".replace(" ", "_"))
            committed = _whole_lines(home)
            is_due = point.aim(course, chance)
            process = start(*self._judged(self._words(scenario)), home=home, **TOKEN)
            process.watch(lambda: is_due(home))  # noqa: B023  called before the loop goes on
            committed = max(committed, _whole_lines(home), key=len)
            trial.killed = process.kill()
            if trial.killed:
                trial.wrong = self._examine(scenario, home, committed)
                break
        return trial

    def _examine(self, scenario: Scenario, home: Path, committed: bytes) -> list[str]:
        """What does not hold: right after the kill (on a copy: to look mends), and after the next command."""
        copy = home.with_name(f"{home.name}.copy")
        shutil.copytree(home, copy)
        wrong = _damages(copy, "after the kill")
        kept = _whole_lines(home)
        if not kept.startswith(committed):
            wrong.append("a line of the ledger that was there before the kill is gone")
        for words in (self._words(scenario), *scenario.then):
            code = self._run(home, *words)
            if code != 0:
                wrong.append(f"{words[0]} afterwards: exit {code}: {home.with_name(f'{home.name}.told').read_text()}")
        if not _whole_lines(home).startswith(kept):
            wrong.append("a line of the ledger that survived the kill is gone after the next run")
        wrong += _damages(home, "after the next run") + doubled(home)
        other = _differing(self.courses[scenario.name].report, said_in(home))
        return wrong + [f"the report differs from that of a world nobody killed: {one}" for one in other]

    def _home(self, scenario: Scenario, name: str) -> Path:
        home = self.folder / f"{scenario.name}-{name}".replace(" ", "_")
        shutil.copytree(self.lived if scenario.lived else self.fresh, home)
        return home

    def _words(self, scenario: Scenario) -> tuple[str, ...]:
        form = self.folder / "form.csv"
        if "{form}" in scenario.words and not form.exists():
            address = "https://www.instagram.com/p/C6IPa2jgAA{}/"
            rows = [f"{one},{address.format(letter)}" for one, letter in zip(world.SILENT, "fg", strict=True)]
            form.write_text("\n".join(["agency_id,url", *rows]))
        return tuple(str(form) if word == "{form}" else word for word in scenario.words)

    def _run(self, home: Path, *words: str) -> int:
        return run(*self._judged(words), home=home, **TOKEN)

    def _judged(self, words: tuple[str, ...]) -> tuple[str, ...]:
        return (*words, "--as-of", self.as_of) if words[0] in ("run", "verify") else words


TOKEN = {"TAYANG_INSTAGRAM_TOKEN": world.TOKEN}
SLACK = 150  # bytes by which two runs' lines differ; the last line is longer


def kill_all(
    folder: Path, points: Sequence[Point] = POINTS, tell: Callable[[Trial], None] = lambda _: None
) -> list[Trial]:
    """All trials, two at a time."""
    kills = Kills(folder)
    with kills.served():
        for point in points:
            kills.course_of(SCENARIOS[point.of])
        with ThreadPoolExecutor(LANES) as pool:
            trials = [pool.submit(kills.trial, point, number) for point in points for number in range(point.times)]
            done = []
            for one in trials:
                done.append(one.result())
                tell(done[-1])
            return done


def said_in(home: Path) -> Report:
    """The newest report, apart from what names the run and its instants."""
    [path] = home.glob("reports/*/report.json")
    return _apart(json.loads(path.read_text(encoding="utf-8")))


def _apart(told: Any) -> Any:
    if isinstance(told, dict):
        return {key: _apart(value) for key, value in told.items() if key not in OF_THE_RUN}
    return [_apart(one) for one in told] if isinstance(told, list) else told


def _differing(expected: Any, told: Any, where: str = "") -> list[str]:
    if isinstance(expected, dict) and isinstance(told, dict):
        keys = sorted(expected.keys() | told.keys())
        return [one for key in keys for one in _differing(expected.get(key), told.get(key), f"{where}.{key}")]
    if isinstance(expected, list) and isinstance(told, list) and len(expected) == len(told):
        pairs = enumerate(zip(expected, told, strict=True))
        return [one for at, pair in pairs for one in _differing(*pair, f"{where}[{at}]")]
    return [] if expected == told else [f"{where}: {expected!r} -> {told!r}"]


def _whole_lines(home: Path) -> bytes:
    path = home / LEDGER
    read = path.read_bytes() if path.exists() else b""
    return read[: read.rfind(b"\n") + 1]


def _damages(home: Path, when: str) -> list[str]:
    """What `tayang audit` says of it."""
    return [f"audit {when}: {damage}" for damage in audit_workspace(home)[1]]


def doubled(home: Path) -> list[str]:
    """Facts that the store holds more than once."""
    store = Store(home / "tayang.duckdb")
    counts = {
        table: store.rows(f"SELECT {columns} FROM {table} GROUP BY ALL HAVING count(*) > 1")
        for table, columns in KEYS.items()
    }
    return [f"twice in {table}: {rows}" for table, rows in counts.items() if rows]
