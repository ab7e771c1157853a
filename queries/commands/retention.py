"""`tayang retention`: a store and `[retention]` -> what has outlived its time, and its deletion."""

from __future__ import annotations

import argparse

from crawler.local_time import now_utc
from pipelines.deleting import Why, delete, finish
from pipelines.lock import only_run
from pipelines.retention import expired
from pipelines.snapshot import publish_registry
from queries.command_line import DONE, command, option, show
from queries.deletions import counted, retention_text
from queries.workspace import store_of, workspace_of


@command("retention", "hapus yang lewat masa simpan / delete what has outlived [retention]",
    option("--apply", action="store_true", help="hapus sungguh-sungguh / really delete"))  # fmt: skip
def retention(arguments: argparse.Namespace) -> int:
    """`retention`: what has outlived its time by `[retention]`; with --apply it is deleted."""
    workspace = workspace_of(arguments)
    store, home = store_of(workspace), workspace.instance.home
    with only_run(home):
        store.prepare()
        publish_registry(workspace, store)
        finish(home, store)
        doomed = expired(store, workspace.instance.retention, now_utc())
        why = Why("tayang", "[retention]")
        gone = delete(home, store, doomed, why) if arguments.apply else None
    show(arguments, {"rules": counted(doomed), "deleted_bytes": gone}, retention_text(doomed, gone))
    return DONE
