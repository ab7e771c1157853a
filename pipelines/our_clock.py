"""This machine's clock against the newest thing in the store -> whether anything may be claimed by it."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.errors import WrongUse
from crawler.language import say
from pipelines.store import Store

# Clocks are set back by seconds all the time.
TOLERANCE = timedelta(minutes=5)

NEWEST_SQL = """
    SELECT max(known_at) AS newest FROM (
      SELECT max(started_at) AS known_at FROM run_rows UNION ALL SELECT max(finished_at) FROM run_rows
      UNION ALL SELECT max(finished_at) FROM visit_rows)
"""


def newest_in(store: Store) -> datetime | None:
    """The newest instant of a run or a visit; None in a store without any."""
    [row] = store.rows(NEWEST_SQL)
    newest: datetime | None = row["newest"]
    return newest


def check_clock(store: Store, now: datetime) -> None:
    """Refuse to go on by a clock that stands before what it has already told.

    One of the two times is wrong, and nobody here knows which: windows would be called open or closed, and spans
    proved, by a clock that cannot be right. Raises: WrongUse (exit 2), before anybody is asked.
    """
    newest = newest_in(store)
    if newest is not None and now < newest - TOLERANCE:
        raise WrongUse(
            say(f"jam mesin ini menunjukkan {now:%Y-%m-%d %H:%M} UTC, padahal penyimpanan sudah mencatat "
                f"{newest:%Y-%m-%d %H:%M} UTC; betulkan jam, atau pulihkan cadangan dari sebelum jam salah itu",
                f"this machine's clock says {now:%Y-%m-%d %H:%M} UTC, but the store already holds "
                f"{newest:%Y-%m-%d %H:%M} UTC; set the clock, or restore a backup from before it was wrong")
        )  # fmt: skip
