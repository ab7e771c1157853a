"""`tayang crawl`: accounts -> visits, posts and evidence."""

from __future__ import annotations

import argparse
from datetime import datetime
from zoneinfo import ZoneInfo

from crawler.errors import WrongUse
from crawler.language import say
from crawler.local_time import new_run_id, now_utc
from pipelines.collect import collect
from pipelines.deleting import finish
from pipelines.lock import only_run
from pipelines.our_clock import check_clock, check_leap
from pipelines.plan import Wanted
from pipelines.run_log import run_log
from pipelines.sealed import seal_run
from queries.command_line import DONE, NOT_ALL_OBSERVED, command, option, parse_time, show, tell
from queries.daily import tell_unobserved
from queries.workspace import store_of, workspace_of


@command("crawl", "kunjungi akun / visit accounts",
    option("channel", nargs="*"), option("--agency", nargs="+", action="extend", default=[], metavar="ID"),
    option("--since", metavar="T"), option("--until", metavar="T"))  # fmt: skip
def crawl(arguments: argparse.Namespace) -> int:
    """`crawl`: visit accounts."""
    workspace = workspace_of(arguments)
    store, run_id, zone = store_of(workspace), new_run_id(now_utc()), workspace.instance.zone
    wanted = Wanted(tuple(arguments.channel), tuple(arguments.agency), *_times(arguments, zone))
    home = workspace.instance.home
    with only_run(home), run_log(home, run_id, workspace.instance.health.log_days, tell):
        store.prepare()
        finish(workspace.instance.home, store)
        check_clock(store, now_utc())
        check_leap(workspace, store, now_utc())
        store.begin_run(run_id, "crawl", now_utc())
        ended = collect(workspace, store, run_id, wanted, tell)
        store.end_run(run_id, None, int(any(not one.is_observed for one in ended)), "")
        seal_run(store, home, run_id)
    unobserved = [ending for ending in ended if not ending.is_observed]
    tell_unobserved(unobserved, tell)
    text = say(f"{len(ended)} kunjungan, {len(unobserved)} akun tidak teramati",
               f"{len(ended)} visits, {len(unobserved)} accounts not observed")  # fmt: skip
    show(arguments, {"visits": len(ended), "unobserved": [ending.account for ending in unobserved]}, text)
    return NOT_ALL_OBSERVED if unobserved else DONE


def _times(arguments: argparse.Namespace, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """`--since` and `--until`. Raises: WrongUse when nothing lies between them."""
    since, until = (parse_time(text, zone) if text else None for text in (arguments.since, arguments.until))
    if since and until and since >= until:
        raise WrongUse(say("--since harus sebelum --until", "--since must be before --until"))
    return since, until
