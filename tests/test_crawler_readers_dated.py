"""An old answer is read by the reader of its time, today's by today's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from crawler.items import Account, Capture
from crawler.readers import graph, wordpress
from crawler.readers.dated import Dated

LAST = date(2026, 3, 31)
ANSWER = Capture("graph", "https://g.example/", "https://g.example/", 200, (), b"{}", datetime(2026, 3, 31, tzinfo=UTC))


def _of_before(_capture: Capture, _account: Account) -> graph.Discovery:
    return graph.Discovery("lama", None, None, (), None)


def _of_now(_capture: Capture, _account: Account) -> graph.Discovery:
    return graph.Discovery("baru", None, None, (), None)


@pytest.mark.parametrize(("at", "expected"), [
    (datetime(2024, 1, 1, tzinfo=UTC), "lama"), (datetime(2026, 3, 31, 23, 59, tzinfo=UTC), "lama"),
    (datetime(2026, 4, 1, tzinfo=UTC), "baru"),
])  # fmt: skip
def test_the_day_of_capture_chooses_the_reader(at: datetime, expected: str) -> None:
    """Not the day of reading: a rebuild years later reads as it was read then."""
    readers = (Dated(_of_before, LAST), Dated(_of_now))
    read = graph.read_discovery(replace(ANSWER, fetched_at=at), Account("a", "instagram", "a"), readers)

    assert read.native_id == expected


@pytest.mark.parametrize("readers", [graph.READERS, wordpress.READERS])
def test_readers_stand_oldest_first_and_the_last_has_no_end(readers: tuple[Dated[..., object], ...]) -> None:
    """Else some answer would have no reader, or the wrong one."""
    *ended, today = readers

    assert today.valid_until is None
    assert all(one.valid_until for one in ended)
    assert all(one.valid_until < later.valid_until for one, later in pairwise(ended))  # type: ignore[operator]
