"""This machine's clock, the newest thing in the store and others' clocks -> whether anything may be claimed by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from urllib.parse import urljoin

from crawler.errors import SourceTrouble, WrongUse
from crawler.language import say
from crawler.reach import reach
from pipelines.check import Workspace
from pipelines.store import Store

# Clocks are set back by seconds all the time.
TOLERANCE = timedelta(minutes=5)
# Runs come twice a day. After more than this either no run was made, or the clock has leapt: others are asked the time.
LEAP = timedelta(hours=18)
# Nobody tells the time while the network is down; but when a clock is far ahead, all certificates have ended too.
FAR_LEAP = timedelta(days=60)
AHEAD = timedelta(hours=1)
MOST_SITES = 3
ASKED = frozenset(("instagram", "news"))  # channels

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


def check_leap(workspace: Workspace, store: Store, now: datetime) -> None:
    """Refuse to go on by a clock that has leapt ahead: what it is told now would stand before all that is seen later.

    After a long pause, and before anything at all was written, the service and a few sites are asked what time it is;
    nothing of it is kept. Raises: WrongUse (exit 2), before anything is written.
    """
    newest = newest_in(store)
    if newest is None or now - newest < LEAP:  # a first run by a wrong clock loses nothing: the workspace is made anew
        return
    if not ASKED & {one.channel for one in workspace.registry.accounts}:  # what is only imported may stay offline
        return
    told = _others(workspace, now)
    if told and min(abs(now - one) for one in told) > AHEAD:
        nearest = min(told, key=lambda one: abs(now - one))
        raise WrongUse(
            say(f"jam mesin ini menunjukkan {now:%Y-%m-%d %H:%M} UTC, padahal sumber menyebut "
                f"{nearest:%Y-%m-%d %H:%M} UTC; betulkan jam, lalu ulangi; belum ada yang dicatat",
                f"this machine's clock says {now:%Y-%m-%d %H:%M} UTC, but sources say "
                f"{nearest:%Y-%m-%d %H:%M} UTC; set the clock and try again; nothing was recorded")
        )  # fmt: skip
    if not told and now - newest > FAR_LEAP:
        days = (now - newest).days
        raise WrongUse(
            say(f"jam mesin ini menunjukkan {now:%Y-%m-%d} UTC, {days} hari sesudah kunjungan terakhir, dan tidak ada "
                "sumber yang menyebut waktu; periksa jam dan jaringan, lalu ulangi; belum ada yang dicatat",
                f"this machine's clock says {now:%Y-%m-%d} UTC, {days} days after the last visit, and no source told "
                "the time; see to clock and network, then try again; nothing was recorded")
        )  # fmt: skip


def _others(workspace: Workspace, now: datetime) -> list[datetime]:
    """What time it is for the service, or, where no account of it is registered or it does not tell, for some sites.

    One site alone may have a wrong clock, or pass on an answer of yesterday: it can only agree.
    """
    channels = {one.channel for one in workspace.registry.accounts}
    if "instagram" in channels and (told := _time_at(workspace, workspace.instance.instagram.graph_url)):
        return [told]
    found = list(_times_of_sites(workspace))
    return found if len(found) > 1 else [one for one in found if abs(now - one) <= AHEAD]


def _times_of_sites(workspace: Workspace) -> Iterator[datetime]:
    sites = (one.handle for one in workspace.registry.accounts if one.channel == "news")
    for site in islice(sites, MOST_SITES):
        if told := _time_at(workspace, urljoin(site, "/robots.txt")):
            yield told


def _time_at(workspace: Workspace, url: str) -> datetime | None:
    rules = workspace.instance.crawl
    try:
        return reach(url, rules.user_agent, rules.allow_private_hosts, rules.timeout_seconds).date
    except SourceTrouble:
        return None
