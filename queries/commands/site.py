"""`tayang site`: the newest verdicts -> a static site."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from pipelines.lock import only_run
from pipelines.privacy import meant_for_others
from pipelines.recognise import recognise
from pipelines.verify import judge_all
from queries.command_line import DONE, command, option, show
from queries.daily import report_instant
from queries.site.asked import site_of, told_of
from queries.workspace import store_of, workspace_of


@command("site", "situs statis untuk peladen web mana pun / a static site for any web server",
    option("--out", type=Path, metavar="DIR", help="reports/site"))  # fmt: skip
def site(arguments: argparse.Namespace) -> int:
    """`site`: day, campaign, agency and post pages with search, from the newest verdicts; contacts nobody."""
    workspace = workspace_of(arguments)
    store = store_of(workspace)
    with only_run(workspace.instance.home):
        store.prepare()
        recognise(workspace, store)
        as_of = report_instant(workspace, None)
        verdicts = judge_all(store, workspace.duties, as_of)
        with meant_for_others():
            written = site_of(workspace, verdicts, as_of, arguments.out)
    show(arguments, asdict(written), told_of(written))
    return DONE
