"""The day an API's answer was captured -> the reader of that time.

A service changes its answers by a day. The reader of before is not deleted then: it gets that `valid_until`, and a new
one stands behind it, so that what was captured before is read as it was, by `rebuild` too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Dated(Generic[Asked, Read]):
    """`read`: an answer -> what it says. `valid_until`: the last day (UTC) of capture it holds for; None = no end."""

    read: Callable[Asked, Read]
    valid_until: date | None = None


def reader_at(readers: Sequence[Dated[Asked, Read]], captured_at: datetime) -> Callable[Asked, Read]:
    """The first of `readers`, oldest first, that holds for the day; the last has no end."""
    day = captured_at.date()
    return next(one.read for one in readers if one.valid_until is None or day <= one.valid_until)
