"""`python -m tests.faults`: kills survived, the matrix of service faults, false accusations, seconds.

    python -m tests.faults [--only kills|services]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from tests.faults.kills import Trial, kill_all
from tests.faults.matrix import STAYS
from tests.faults.page import expected
from tests.faults.services import treat


def tell(trial: Trial) -> None:
    """A kill that did not go as it should."""
    if trial.wrong or not trial.killed:
        print(f"  {trial.point.of}, {trial.point.name}: {trial.wrong or 'was over before'}")


def kills(folder: Path) -> bool:
    """Print how many kills were survived."""
    began = time.monotonic()
    trials = kill_all(folder, tell=tell)
    survived = sum(one.killed and not one.wrong for one in trials)
    print(f"{survived} of {len(trials)} kills survived, {time.monotonic() - began:.0f} s")
    return survived == len(trials)


def services(folder: Path) -> bool:
    """Print how many cases of the matrix ended as named."""
    began = time.monotonic()
    told = treat(folder / "home")
    named = expected()
    harmed = {one: found for one, found in told.items() if one.harm}
    right = 0
    for case, found in harmed.items():
        want = named[case.harm, case.target]
        is_right = (found.outcome, found.cause, found.status) == (want.outcome, want.cause, want.status)
        right += is_right
        if not is_right:
            print(f"  {case.harm} at {case.target}: {found}, expected {want}")
    false = sum(found.status not in ("fulfilled", "unknown", "review") for found in harmed.values())
    well = sum(found.status == ("fulfilled" if one.shows else "missing") for one, found in told.items() if not one.harm)
    late = sum(found.later != "fulfilled" for one, found in harmed.items() if one.harm not in STAYS)
    print(f"{right} of {len(harmed)} faults as expected, {false} false accusations")
    print(f"{well} of {len(told) - len(harmed)} neighbours undisturbed, {late} not caught up with,"
          f" {time.monotonic() - began:.0f} s")  # fmt: skip
    return right == len(harmed) and not false and not late


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=("kills", "services"))
    only = parser.parse_args().only
    with tempfile.TemporaryDirectory(prefix="tayang-faults-") as place:
        parts = [part for part in (kills, services) if only in (None, part.__name__)]
        ended = []
        for part in parts:
            (Path(place) / part.__name__).mkdir()
            ended.append(part(Path(place) / part.__name__))
    raise SystemExit(not all(ended))
