"""`tayang import FORMAT FILE…`: captures and submissions -> posts and evidence."""

from __future__ import annotations

import argparse
from pathlib import Path

from crawler.imports import formats
from crawler.language import say
from crawler.local_time import new_run_id, now_utc
from pipelines.imports import bring, open_files
from pipelines.lock import only_run
from queries.command_line import DONE, command, option, show, tell
from queries.workspace import store_of, workspace_of


@command("import", "masukkan ekspor atau kiriman / bring in captures and submissions",
    option("format", metavar="FORMAT", help=", ".join(formats())),
    option("file", nargs="+", type=Path, metavar="FILE"),
    option("--column", action="append", default=[], metavar="COLUMN=HEADER", help="url='Link posting'"))  # fmt: skip
def bring_in(arguments: argparse.Namespace) -> int:
    """`import FORMAT FILE…`: operator captures and submissions; contacts nothing."""
    workspace = workspace_of(arguments)
    store, now = store_of(workspace), now_utc()
    columns = {header: ours for ours, _, header in (word.partition("=") for word in arguments.column)}
    with only_run(workspace.instance.home):
        store.prepare()
        opened = open_files(arguments.format, arguments.file, columns, workspace, now)
        done = bring(workspace, store, new_run_id(now), *opened)
    for problem in done.problems:
        tell(str(problem))
    counts = {"posts": done.posts, "submissions": done.submissions, "known": done.known}
    text = say("{posts} unggahan baru, {submissions} kiriman baru, {known} sudah ada",
               "{posts} new posts, {submissions} new submissions, {known} known already")  # fmt: skip
    show(arguments, counts, text.format(**counts))
    return DONE
