"""`python -m tests.fuzz --cases N`: a process for each target -> cases, seconds and findings; exit 1 where any was found.

A process that dies or stands still is a finding as well: the case it was at is kept. Findings lie in `.bench/fuzz`.
"""

from __future__ import annotations

import argparse
import json
import mmap
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from tests.fuzz.run import Found, Report, fuzz, recursion_as_usual
from tests.fuzz.targets import TARGETS

OUT = Path(__file__).parents[2] / ".bench" / "fuzz"
HANG_SECONDS = 120.0  # on the wall, for one case
MOST_BYTES = 1 << 20  # that a seed may have
_HEAD = 16  # number and length of the case at hand, before its bytes


def main(words: list[str] | None = None) -> int:
    """From the command line to the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000, help="in all, shared out by what a case costs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", choices=sorted(TARGETS), help="these targets alone")
    parser.add_argument("--alone", help=argparse.SUPPRESS)  # the process of one target
    asked = parser.parse_args(words)
    if asked.alone:
        return _alone(asked.only[0], asked.cases, asked.seed, Path(asked.alone))
    started, total, found = time.monotonic(), 0, []
    for name, cases in shares(asked.cases, asked.only or list(TARGETS)):
        report = _beside(name, cases, asked.seed)
        total += report.cases
        found += list(report.found.values())
        print(f"{name:20} {report.cases:8} cases {report.seconds:8.1f} s  slowest {report.slowest * 1000:6.0f} ms  "
              f"{report.courses:5} courses  {len(report.found)} findings", flush=True)  # fmt: skip
    for one in found:
        print(f"\n{one.target} case {one.number}: {one.what}\n  {one.body[:300]!r}\n{one.trace}")
    print(f"\n{total} cases, seed {asked.seed}, {time.monotonic() - started:.0f} s, {len(found)} findings")
    return 1 if found else 0


def shares(cases: int, names: list[str]) -> Iterator[tuple[str, int]]:
    """How many cases each target gets: at least `cases` in all."""
    whole = sum(TARGETS[name].share for name in names)
    for name in names:
        yield name, -(-cases * TARGETS[name].share // whole)


def _alone(name: str, cases: int, seed: int, place: Path) -> int:
    recursion_as_usual()
    with place.open("r+b") as stream, mmap.mmap(stream.fileno(), 0) as now:
        report = fuzz(name, cases, seed, lambda number, body: _tell(now, number, body))
    told = {**asdict(report), "found": [{**asdict(one), "body": one.body.hex()} for one in report.found.values()]}
    place.with_suffix(".json").write_text(json.dumps(told))
    return 0


def _tell(now: mmap.mmap, number: int, body: bytes) -> None:
    now[:_HEAD] = number.to_bytes(8, "big") + len(body).to_bytes(8, "big")
    now[_HEAD : _HEAD + len(body)] = body


def _beside(name: str, cases: int, seed: int) -> Report:
    """The report of a target's process, also of one that died."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "case"
        place.write_bytes(bytes(_HEAD + MOST_BYTES))
        command = [sys.executable, "-m", "tests.fuzz", "--only", name, "--cases", str(cases), "--seed", str(seed), "--alone", str(place)]
        environment = {**os.environ, "TMPDIR": folder, "FUZZ_FOLDER": folder}
        child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        is_hanging = _waited(child, place)
        said = (child.stderr.read() if child.stderr else "")[-4000:]
        return _report(name, place, f"hangs, {HANG_SECONDS:.0f} s" if is_hanging else f"died, exit {child.returncode}", said)


def _report(name: str, place: Path, end: str, said: str) -> Report:
    told = place.with_suffix(".json")
    if told.exists():
        report = Report(**{**json.loads(told.read_text()), "found": {}})
        for one in json.loads(told.read_text())["found"]:
            report.found[one["what"]] = Found(**{**one, "body": bytes.fromhex(one["body"])})
    else:
        now = place.read_bytes()
        number, length = int.from_bytes(now[:8], "big"), int.from_bytes(now[8:_HEAD], "big")
        report = Report(name, number, found={end: Found(name, number, end, now[_HEAD : _HEAD + length], said)})
    _keep(report)
    return report


def _waited(child: subprocess.Popen[str], place: Path) -> bool:
    """Whether the process stood still at one case and was ended."""
    last, since = b"", time.monotonic()
    while child.poll() is None:
        time.sleep(0.2)
        with place.open("rb") as stream:
            now = stream.read(_HEAD)
        if now != last:
            last, since = now, time.monotonic()
        elif time.monotonic() - since > HANG_SECONDS:
            child.kill()
            child.wait()
            return True
    return False


def _keep(report: Report) -> None:
    for one in report.found.values():
        OUT.mkdir(parents=True, exist_ok=True)
        (OUT / f"{one.target}-{one.number}.bin").write_bytes(one.body)


if __name__ == "__main__":
    sys.exit(main())
