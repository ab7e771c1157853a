"""`make bench-news`: how well articles are read, on pages drawn by our own code or on outside ones, and how fast.

    python -m tests.news [--seed 1] [--pages DIR] [--misses]

DIR holds pages and an `expected.json` that lists for each `file`, `url`, `title`, `body` and `published_ms`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.news.reading import Case, Read, drawn_cases, outside_cases, read


@dataclass(frozen=True)
class Row:
    """Figures of some pages; `tainted`: those in which another article's words entered."""

    pages: int
    titles: float
    days: float
    minutes: float
    f1: float
    precision: float
    media: float
    doubted: int
    tainted: int

    @classmethod
    def of(cls, given: Sequence[Read]) -> Row:
        """Means over the pages."""
        many = len(given)
        shares = [(one.has_title, one.has_day, one.has_minute, one.f1, one.precision, one.media) for one in given]
        means = [sum(share) / many for share in zip(*shares, strict=True)]
        return cls(many, *means, sum(one.is_doubted for one in given), sum(one.is_tainted for one in given))


def table(given: Iterable[Read]) -> Iterator[str]:
    """One line per family, one over all."""
    groups: dict[str, list[Read]] = {}
    for one in given:
        groups.setdefault(one.case.family, []).append(one)
    groups["all"] = [one for group in groups.values() for one in group]
    heads = ("title", "day", "minute", "F1", "prec.", "media", "doubt", "taint")
    yield f"{'family':20}{'pages':>6}" + "".join(f"{one:>8}" for one in heads)
    for name, group in groups.items():
        row = Row.of(group)
        shares = (row.titles, row.days, row.minutes, row.f1, row.precision, row.media)
        means = "".join(f"{one:>8.3f}" for one in shares)
        yield f"{name:20}{row.pages:>6}{means}{row.doubted:>8}{row.tainted:>8}"


def main() -> None:
    """Run what was asked for and print it."""
    parser = argparse.ArgumentParser(prog="python -m tests.news", description="How well articles are read.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=Path, help="a folder of pages with its expected.json, instead of our own")
    parser.add_argument("--misses", action="store_true", help="name every page that was not read as expected")
    asked = parser.parse_args()
    cases: list[Case] = list(outside_cases(asked.pages) if asked.pages else drawn_cases(asked.seed))
    before = time.process_time()
    given = [read(one) for one in cases]
    spent = time.process_time() - before
    for line in table(given):
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"{len(given) / spent:.0f} pages/s on one core\n")
    if asked.misses:
        for one in given:
            if one.misses:
                sys.stdout.write(f"  {one.case.family} {one.case.name}: {', '.join(one.misses)}\n")


if __name__ == "__main__":
    main()
