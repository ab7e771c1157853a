"""A target, a seed and a number of cases -> what came out that should not have, and which cases took too long.

The same seed gives the same cases. A case whose course is new (its error and where it arose, or the outline of its
result) joins the seeds: a poor man's coverage, which costs nothing and works on every system.
"""

from __future__ import annotations

import logging
import random
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import TracebackType

from tests.fuzz.mutate import NASTY, mutated
from tests.fuzz.targets import TARGETS, Target

SLOW_SECONDS = 1.0  # of the processor, for at most `most_bytes` bytes
MOST_SEEDS = 2000


@dataclass(frozen=True)
class Found:
    """A case that must not be: `what` is the error and where it arose, or how long it took."""

    target: str
    number: int
    what: str
    body: bytes
    trace: str = ""


@dataclass
class Report:
    """What came of one target's cases; `slowest` in seconds of the processor."""

    target: str
    cases: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    courses: int = 0
    found: dict[str, Found] = field(default_factory=dict)


def fuzz(name: str, cases: int, seed: int, before: Callable[[int, bytes], None] = lambda _number, _body: None) -> Report:
    """Run `cases` cases of one target; `before` is told of each, should the process not live to tell of it."""
    target, report = TARGETS[name], Report(name)
    seeds, words, courses = list(target.seeds()), (*NASTY, *target.words), set[object]()
    rng = random.Random(f"{name} {seed}")
    with quiet():
        for number in range(cases):
            first = number < len(seeds) and number < 100
            body = seeds[number] if first else mutated(seeds, words, target.most_bytes, rng)
            before(number, body)
            course = _one(target, number, body, report)
            if course not in courses and len(seeds) < MOST_SEEDS:
                courses.add(course)
                seeds.append(body)
    report.courses = len(courses)
    return report


@contextmanager
def quiet() -> Iterator[None]:
    """What the readers tell of bad input is not told; afterwards all is heard as before."""
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)


def _one(target: Target, number: int, body: bytes, report: Report) -> object:
    started = time.process_time()
    course: object
    try:
        course = _outline(target.read(body))
    except target.errors as lawful:
        course = _place(lawful)
    except (Exception, SystemExit) as wrong:
        course = _place(wrong)
        report.found.setdefault(str(course), Found(report.target, number, str(course), body, _trace(wrong)))
    seconds = time.process_time() - started
    report.cases, report.seconds, report.slowest = report.cases + 1, report.seconds + seconds, max(report.slowest, seconds)
    if seconds > SLOW_SECONDS and _is_slow(target, body):
        report.found.setdefault("slow", Found(report.target, number, f"slow: {seconds:.1f} s for {len(body)} bytes", body))
    return course


def _is_slow(target: Target, body: bytes) -> bool:
    """Whether it was the case, not what is loaded when first needed."""
    started = time.process_time()
    with suppress(Exception, SystemExit):
        target.read(body)
    return time.process_time() - started > SLOW_SECONDS


def _trace(wrong: BaseException) -> str:
    return "".join(traceback.format_exception(wrong))[-4000:]


def _place(wrong: BaseException) -> tuple[object, ...]:
    """The error and its last places in the code."""
    places = []
    at: TracebackType | None = wrong.__traceback__
    while at is not None:
        places.append((at.tb_frame.f_code.co_name, at.tb_lineno))
        at = at.tb_next
    return (type(wrong).__name__, *places[-3:])


def _outline(value: object, depth: int = 0) -> object:
    """What kind of a result it is: types, and sizes roughly."""
    if isinstance(value, str | bytes):
        return type(value).__name__, len(value).bit_length()
    if isinstance(value, list | tuple | set | frozenset) and depth < 4:
        first = tuple(_outline(one, depth + 1) for one in list(value)[:9]) if not isinstance(value, set | frozenset) else ()
        return type(value).__name__, len(value).bit_length(), first
    if isinstance(value, Exception):
        return _place(value)
    if isinstance(value, bool | None):
        return value
    names = getattr(type(value), "__slots__", ()) or getattr(value, "__dict__", {})
    if depth < 3 and isinstance(names, tuple | dict) and names:
        return type(value).__name__, tuple(_outline(getattr(value, name, None), depth + 1) for name in names)
    return type(value).__name__


def recursion_as_usual() -> None:
    """Deep input must meet Python's usual bound, not one that a test tool has set."""
    sys.setrecursionlimit(1000)
