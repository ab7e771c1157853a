"""`tayang run`: a workspace -> visits, verdicts, the day's report and what is told of them."""

from __future__ import annotations

import argparse
import json

from crawler.language import say
from crawler.local_time import new_run_id, now_utc
from pipelines.collect import collect
from pipelines.deleting import finish
from pipelines.due import due
from pipelines.health import watch
from pipelines.lock import only_run
from pipelines.our_clock import check_clock, check_leap
from pipelines.plan import Wanted
from pipelines.recognise import recognise
from pipelines.run_log import note_event, run_log
from pipelines.sealed import seal_run
from pipelines.timestamps import stamp_after_run
from pipelines.verify import count_statuses
from pipelines.verify import verify as verify_duties
from queries.alarms import troubles
from queries.command_line import DONE, NOT_ALL_OBSERVED, command, option, show, tell
from queries.daily import summary_of, summary_text, tell_alarms, tell_unobserved, write_daily_report
from queries.metrics import write_metrics
from queries.notify import tell_after_run
from queries.workspace import as_of_in, store_of, workspace_of


@command("run", "pekerjaan harian / the daily job: crawl, match, verify, report", option("--as-of", metavar="T"),
    option("--if-due", action="store_true", help="hanya bila waktunya / only where a run is due"))  # fmt: skip
def run(arguments: argparse.Namespace) -> int:
    """`run`: crawl, match, verify, report. Safe to repeat; one at a time."""
    workspace = workspace_of(arguments)
    store, run_id, asked = store_of(workspace), new_run_id(now_utc()), as_of_in(arguments, workspace)
    home, settings = workspace.instance.home, workspace.instance.health
    with only_run(home), run_log(home, run_id, settings.log_days, tell):
        store.prepare()
        finish(workspace.instance.home, store)
        check_clock(store, now_utc())
        wanted = due(store, workspace.instance.zone, now_utc()) if arguments.if_due else Wanted()
        if wanted is None:
            return _nothing_due(arguments)
        check_leap(workspace, store, now_utc())
        store.begin_run(run_id, "run", now_utc())
        ended = collect(workspace, store, run_id, wanted, tell)
        recognise(workspace, store)
        alarms = watch(store, settings)
        as_of = asked or now_utc()
        verdicts = verify_duties(store, workspace.duties, as_of)
        written = write_daily_report(workspace, verdicts, as_of)
        unobserved = [ending for ending in ended if not ending.is_observed]
        exit_code = NOT_ALL_OBSERVED if unobserved or troubles(alarms) else DONE
        store.end_run(run_id, as_of, exit_code, json.dumps(count_statuses(verdicts)))
        seal_run(store, home, run_id)
        note_event("run", exit_code=exit_code, alarms=len(alarms), visits=len(ended), unobserved=len(unobserved))
        write_metrics(workspace, tell)
        if asked is None:  # nobody is reminded of a past or a supposed day
            tell_after_run(workspace, store, verdicts, as_of, tell)
        stamp_after_run(store, workspace.instance, tell)
    tell_alarms(workspace, alarms, tell)
    tell_unobserved(unobserved, tell)
    show(
        arguments,
        summary_of(run_id, ended, verdicts, written, alarms),
        summary_text(workspace, ended, verdicts, written),
    )
    return exit_code


def _nothing_due(arguments: argparse.Namespace) -> int:
    show(arguments, {"due": False}, say("belum waktunya: putaran terakhir masih berlaku",
                                        "nothing is due: the last run still holds"))  # fmt: skip
    return DONE
