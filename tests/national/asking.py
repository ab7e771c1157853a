"""Reports of a regency and every question over a country -> a line each, and which of them missed their goal.

Each question is asked three times on its defaults; the best wall clock counts, beside what the processors spent on it.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import tempfile
import time
from contextlib import closing
from pathlib import Path

from pipelines.standing import renew_all
from pipelines.store import Store
from queries.ask import ask, list_queries
from queries.reader import Connection, open_store
from tests.national.sixty import time_formats

GOAL_MS = 300
SUMMARY = "wilayah"
TRIES = 3


def build(path: Path) -> None:
    """The country's store at `path`, made anew."""
    path.unlink(missing_ok=True)
    store = Store(path)
    store.prepare()
    with store.open() as connection:
        connection.execute(Path(__file__).with_name("store.sql").read_text(encoding="utf-8"))
        renew_all(connection)


def timed(connection: Connection, name: str) -> tuple[float, float, int]:
    """Milliseconds of wall clock and of processor (best of TRIES), and how many rows came."""
    walls, spent, found = [], [], 0
    for _ in range(TRIES):
        wall, processor = time.perf_counter(), time.process_time()
        found = ask(connection, name).arrow.num_rows
        walls.append(time.perf_counter() - wall)
        spent.append(time.process_time() - processor)
    return 1000 * min(walls), 1000 * min(spent), found


def main() -> None:
    """Print one line a question, and what of the goals was met."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--only", nargs="*", default=[])
    asked.add_argument("--keep", type=Path)
    words = asked.parse_args()
    for name, seconds, size in () if words.only else time_formats():
        print(f"60 agencies x 9 duties, {name:9}{seconds:6.1f} s {size / 1e6:6.2f} MB")
    with tempfile.TemporaryDirectory() as folder:
        path = words.keep or Path(folder) / "country.duckdb"
        if not path.exists():  # elsewhere: the peak told is that of asking
            builder = multiprocessing.get_context("spawn").Process(target=build, args=(path,))
            builder.start()
            builder.join()
        with closing(open_store(path, "Asia/Jakarta")) as connection:
            slow = [name for name in words.only or [one.name for one in list_queries()] if not _tell(connection, name)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"over {GOAL_MS} ms: {len(slow)} ({', '.join(slow) or '-'}); peak memory {peak:.0f} MB")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}: while others work, trust the processors' time")


def _tell(connection: Connection, name: str) -> bool:
    wall, spent, found = timed(connection, name)
    print(f"{name:22}{wall:7.0f} ms  processors {spent:6.0f} ms  {found:7} rows")
    return wall <= GOAL_MS


if __name__ == "__main__":
    main()
