"""How fast an audit reads an evidence store of some hundred megabytes, and how many of 100 random changes it finds.

    python -m tests.audit_bench [MEGABYTES] [CHANGES]

Built by a fixed seed: pictures that do not pack, and answers (JSON) that pack to a fifth, as a crawl writes them.
Speed is bytes on disk (WARC, media, sayings, ledger) by time of an audit with the store, of the best of three.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from pipelines.audit import examine
from tests.evidence_world import build, change_row, files_of, flip

PARTS = ("warc", "media", "said", "ledger", "row")


def main(megabytes: int = 400, changes: int = 100) -> int:
    """Print the figures; 1 when a change was missed."""
    with tempfile.TemporaryDirectory() as folder:
        _speed(Path(folder) / "large", megabytes)
        missed = _changes(Path(folder) / "small", changes)
        _of_the_database(Path(folder) / "small", changes // 2)
    return int(bool(missed))


def _speed(home: Path, megabytes: int) -> None:
    build(home, accounts=megabytes, media_bytes=450_000, page_posts=600)
    by_part = {part: sum(path.stat().st_size for path in files_of(home, part)) for part in ("warc", "media", "ledger")}
    best = (1e9, 0.0, 0)
    for _ in range(3):
        began, spent = time.perf_counter(), time.process_time()
        done = examine(home)
        best = min(best, (time.perf_counter() - began, time.process_time() - spent, done.bytes))
        assert not done.found, done.found[:3]
    seconds, cpu, size = best
    shown = ", ".join(f"{part} {number / 1e6:.0f} MB" for part, number in by_part.items())
    _say(f"on disk: {size / 1e6:.0f} MB ({shown})")
    _say(f"audit: {size / 1e6 / seconds:.0f} MB/s of bytes on disk ({seconds:.1f} s, {cpu:.1f} s of processor)")
    _say(f"memory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB, building included")


def _changes(home: Path, times: int) -> int:
    """One byte of a file or one cell of the store, each on its own."""
    build(home)
    luck, store, found, tried = random.Random(11), home / "tayang.duckdb", Counter[str](), Counter[str]()
    whole = store.read_bytes()
    for number in range(times):
        part = PARTS[number % len(PARTS)]
        tried[part] += 1
        if part == "row":
            where = change_row(store, luck)
            found[part] += bool(examine(home).found) or _tell(where)
            store.write_bytes(whole)
            continue
        path = luck.choice(files_of(home, part))
        at, by = luck.randrange(path.stat().st_size), luck.randrange(1, 256)
        flip(path, at, by)
        found[part] += bool(examine(home).found) or _tell(f"{path.name}@{at}")
        flip(path, at, by)
    shown = ", ".join(f"{part} {found[part]}/{tried[part]}" for part in PARTS)
    _say(f"one-byte and one-cell changes found: {found.total()} of {times} ({shown})")
    return times - found.total()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _tell(where: str) -> int:
    _say(f"  missed: {where}")
    return 0


def _of_the_database(home: Path, times: int) -> None:
    """A byte of the database's own file: what is not found lies in blocks it does not use, and changes nothing."""
    luck, store, found = random.Random(12), home / "tayang.duckdb", 0
    whole = store.read_bytes()
    for _ in range(times):
        flip(store, luck.randrange(len(whole)), luck.randrange(1, 256))
        found += bool(examine(home).found)
        store.write_bytes(whole)
    _say(f"bytes of tayang.duckdb: {found} of {times} found; with the others every row was as sealed (unused space)")


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
