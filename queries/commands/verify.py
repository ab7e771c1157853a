"""`tayang verify`: what the store knows -> verdicts."""

from __future__ import annotations

import argparse

from crawler.local_time import now_utc
from pipelines.health import watch
from pipelines.lock import only_run
from pipelines.our_clock import check_clock
from pipelines.recognise import recognise
from pipelines.verify import count_statuses
from pipelines.verify import verify as verify_duties
from queries.command_line import DONE, command, option, show
from queries.workspace import as_of_in, store_of, workspace_of


@command("verify", "hitung hasil verifikasi / compute verdicts", option("--as-of", metavar="T"))
def verify(arguments: argparse.Namespace) -> int:
    """`verify`: compute verdicts."""
    workspace = workspace_of(arguments)
    store, asked = store_of(workspace), as_of_in(arguments, workspace)
    with only_run(workspace.instance.home):
        store.prepare()
        if asked is None:
            check_clock(store, now_utc())
        recognise(workspace, store)  # a post not yet compared must not count as showing nothing
        watch(store, workspace.instance.health)
        verdicts = verify_duties(store, workspace.duties, asked or now_utc())
    counts = count_statuses(verdicts)
    show(arguments, counts, "\n".join(f"{status:11} {number}" for status, number in counts.items()))
    return DONE
