"""The matrix -> docs/faults.md: `python -m tests.faults.page > docs/faults.md`."""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from tests.faults.harm import HARMS
from tests.faults.matrix import ADDRESSES, CURSORS, STAYS, TARGETS
from tests.faults.points import POINTS

EXPECTED = Path(__file__).with_name("expected.csv")
HEAD = """\
# Faults

Made by `make docs-faults` from the tests that hold it (`tests/faults/`); a test compares the two. Do not edit.

## Services

Each harm is done to each kind of question, one account each, in one run of the real command against stand-ins that
break the answer at the socket. Every account showed what it owed. A cell tells the visit's outcome, its cause behind
`/`, and what was then said of the duty. Never is it `missing`: the healthy neighbours in the same run that showed
nothing are, and nobody else. After all is well again the next run says `fulfilled` of everybody{stays}.

`graph`: the official API. `robots`, `article`, `media`: robots.txt, the articles' own pages, the pictures. `wordpress`,
`feed`, `sitemap`, `listing`: the list of a site of that kind.

"""
KILLS = """
## Kills

`kill -9` at {total} points, drawn by a seed. After each: every line of the ledger that was there is there, `tayang
audit` finds nothing, and the next command gives the report of a world that nobody killed, nothing twice.
Besides, `notify` is killed while each message is under way (none is lost, at most that one comes twice), and `review`
while a decision is written (neither lost nor doubled).
"""


@dataclass(frozen=True)
class Expected:
    """How a case must end."""

    outcome: str
    cause: str
    status: str

    def __str__(self) -> str:
        return f"`{self.outcome}`" + (f"/`{self.cause}`" if self.cause else "") + f" {self.status}"


def expected() -> dict[tuple[str, str], Expected]:
    """By harm and target."""
    with EXPECTED.open(encoding="utf-8", newline="") as stream:
        return {
            (row["harm"], row["target"]): Expected(row["outcome"], row["cause"], row["status"])
            for row in csv.DictReader(stream)
        }


def page() -> str:
    """The whole document."""
    told, names = expected(), list(TARGETS)
    why = ", where the address itself is wrong or the site asked to be left alone for longer"
    stays = " but of " + ", ".join(f"`{one}`" for one in STAYS) + why if STAYS else ""
    lines = [HEAD.format(stays=stays) + "| harm | " + " | ".join(names) + " |", "|" + "---|" * (len(names) + 1)]
    for harm, does in HARMS.items():
        says = " ".join((does.__doc__ or "").split()).rstrip(".")
        lines.append(f"| `{harm}`: {says} | " + " | ".join(str(told[harm, one]) for one in names) + " |")
    lines += ["", "Of one kind of source only:", "", "| harm | at | ends |", "|---|---|---|"]
    lines += [f"| `{one}` | graph | {told[one, 'graph']} |" for one in CURSORS]
    lines += [f"| `{one}`: {what.says} | listing | {told[one, 'listing']} |" for one, what in ADDRESSES.items()]
    total = sum(point.times for point in POINTS)
    lines += [KILLS.format(total=total), "| command | killed at | times |", "|---|---|---|"]
    for of, points in groupby(POINTS, key=lambda point: point.of):
        lines += [f"| {of} | {point.name} | {point.times} |" for point in points]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.stdout.write(page())
