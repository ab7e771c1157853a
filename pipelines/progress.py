"""Visits as they end -> what a person waiting for them sees: a bar on a terminal, lines otherwise."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from crawler.items import Cause, Outcome, Visit

WIDTH = 30


@dataclass
class Progress:
    """How far a crawl of `total` visits is; troubled visits are told by name, those left by the summary."""

    total: int
    tell: Callable[[str], None]
    done: int = 0

    @classmethod
    def silent(cls) -> Progress:
        """For crawls that nobody watches."""
        return cls(0, lambda _text: None)

    def visited(self, visit: Visit) -> None:
        """Count one more visit."""
        self.done += 1
        if visit.cause and not visit.covers and not _is_left(visit):
            self._clear()
            self.tell(f"  {visit.account.key}: {visit.cause.value} ({visit.detail})")
        if self.total and sys.stderr.isatty():
            self._draw()
        elif self.total and (self.done == self.total or self.done % max(1, self.total // 10) == 0):
            self.tell(f"  {self.done}/{self.total}")

    def _draw(self) -> None:
        filled = WIDTH * self.done // self.total
        sys.stderr.write(f"\r  [{'█' * filled}{' ' * (WIDTH - filled)}] {self.done}/{self.total}")
        if self.done == self.total:
            sys.stderr.write("\n")
        sys.stderr.flush()

    def _clear(self) -> None:
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")


def _is_left(visit: Visit) -> bool:
    return visit.outcome is Outcome.BLOCKED and visit.cause is Cause.NOT_VISITED
