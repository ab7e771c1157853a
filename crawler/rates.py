"""Questions asked, and what services say of them -> how much of an hour's budget is used, over restarts and kills.

A budget belongs to a key: a token, named by a digest of it, or a host. Each event is one line of a small file in the
workspace, written at once; who holds the workspace's lock writes. The window is the last hour, whenever it is asked
about, by the wall clock: nothing else goes on while no process runs.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

_log = logging.getLogger(__name__)
HOUR = 3600.0
LONGEST_REST = 24 * HOUR  # no service has us wait longer; a clock that was wrong might
SLOW_AT, STOP_AT = 75.0, 95.0  # percent
FILE = ".tayang.rates.jsonl"


def token_key(token: str) -> str:
    """The name of a token's budget; nobody can tell the token from it."""
    return f"token:{hashlib.sha256(token.encode()).hexdigest()[:12]}"


class RateBook:
    """The budgets of one workspace. Times are unix seconds."""

    def __init__(self, path: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        """`path`: where it is kept, None = nowhere. Lines of the future, by a clock that was wrong, are dropped."""
        self._clock = clock
        self._path = path
        self._asked: dict[str, list[float]] = {}
        self._said: dict[str, tuple[float, float]] = {}
        self._until: dict[str, float] = {}
        for line in _lines(path) if path else ():
            self._take(line)
        if path:
            _rewrite(path, self._kept())

    def asked(self, key: str) -> None:
        """One question is about to be sent."""
        self._note({"key": key, "asked": self._clock()})

    def said(self, key: str, percent: float) -> None:
        """The service states how much of its limit is used."""
        self._note({"key": key, "said": self._clock(), "percent": percent})

    def rest(self, key: str, seconds: float) -> None:
        """The service refuses, or asks to be left alone, for so long."""
        self._note({"key": key, "until": self._clock() + min(seconds, LONGEST_REST)})

    def is_stated(self, key: str) -> bool:
        """Whether the service said within the last hour how much is used."""
        return key in self._said and self._said[key][0] > self._clock() - HOUR

    def percent(self, key: str, limit: int = 0) -> float:
        """How much of the budget is used now: what the service said, less what has left the hour since; or of `limit`
        questions an hour (0 = none) those asked. 100 while it is to be left alone."""
        return self._percent_at(key, limit, self._clock())

    def free_at(self, key: str, limit: int = 0) -> float:
        """When less than STOP_AT is used, as far as can be known; now if it already is."""
        now = self._clock()
        leaving = [at + HOUR for at in [*self._asked.get(key, ()), self._said.get(key, (now, 0.0))[0]]]
        times: list[float] = [now, self._until.get(key, now), *leaving]
        for at in sorted(times):
            if at >= now and self._percent_at(key, limit, at) < STOP_AT:
                return at
        return now + HOUR

    def _percent_at(self, key: str, limit: int, now: float) -> float:
        if self._until.get(key, 0.0) > now:
            return 100.0
        asked = self._asked.get(key, [])
        within = len(asked) - bisect_right(asked, now - HOUR)
        own = 100.0 * within / limit if limit else 0.0
        return max(own, self._stated_at(key, asked, now))

    def _stated_at(self, key: str, asked: list[float], now: float) -> float:
        """The last statement, reduced by the share of the questions it counted that have left the hour since."""
        at, percent = self._said.get(key, (0.0, 0.0))
        if at <= now - HOUR:
            return 0.0
        counted = bisect_right(asked, at) - bisect_right(asked, at - HOUR)
        left = bisect_right(asked, at) - bisect_right(asked, now - HOUR)
        return percent * left / counted if counted else percent

    def _note(self, line: Mapping[str, Any]) -> None:
        self._take(line)
        if not self._path:
            return
        try:
            with self._path.open("ab") as stream:  # one write: whole or not at all, whoever kills us next
                stream.write(_encode(line))
        except OSError as trouble:  # it costs what the next run knows of this hour, not this run's looks
            _log.warning("%s: %s", self._path.name, trouble.strerror)

    def _take(self, line: Mapping[str, Any]) -> None:
        now, key = self._clock(), line["key"]
        if now - 2 * HOUR < line.get("asked", 0) <= now:  # a statement an hour old counted an hour of them
            asked = self._asked.setdefault(key, [])
            asked.append(line["asked"])
            if len(asked) > 1 and asked[-2] > asked[-1]:  # the clock was set back a little
                asked.sort()
            del asked[: bisect_right(asked, now - 2 * HOUR)]
        if now - HOUR < line.get("said", 0) <= now:
            self._said[key] = (line["said"], line["percent"])
        if now < line.get("until", 0) <= now + LONGEST_REST:
            self._until[key] = max(line["until"], self._until.get(key, 0.0))

    def _kept(self) -> Iterator[Mapping[str, Any]]:
        yield from ({"key": key, "asked": at} for key, asked in self._asked.items() for at in asked)
        yield from ({"key": key, "said": at, "percent": said} for key, (at, said) in self._said.items())
        yield from ({"key": key, "until": until} for key, until in self._until.items())


def _lines(path: Path) -> Iterator[Mapping[str, Any]]:
    """What can be read: a line that is not ours costs a little knowledge, never the run."""
    for raw in path.read_bytes().splitlines() if path.exists() else ():
        try:
            line = json.loads(raw)
        except ValueError:
            continue
        if _is_ours(line):
            yield line


def _is_ours(line: Any) -> bool:
    if not isinstance(line, dict) or not isinstance(line.get("key"), str):
        return False
    numbers = {"asked", "said", "percent", "until"} & line.keys()
    return ("said" in line) == ("percent" in line) and all(_is_number(line[name]) for name in numbers)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _rewrite(path: Path, lines: Iterator[Mapping[str, Any]]) -> None:
    """Only what still counts, whole or not at all."""
    beside = path.with_name(f"{path.name}.unfinished")
    with beside.open("wb") as stream:
        stream.writelines(map(_encode, lines))
    os.replace(beside, path)  # noqa: PTH105 - Path.replace is the same, this says that it is atomic


def _encode(line: Mapping[str, Any]) -> bytes:
    return json.dumps(line).encode() + b"\n"
