"""`tayang rebuild`: evidence, registry, campaigns and reviews -> a new store."""

from __future__ import annotations

import argparse

from crawler.language import say
from pipelines.lock import only_run
from pipelines.rebuild import rebuild as rebuild_store
from queries.command_line import DONE, command, show, tell
from queries.workspace import workspace_of


@command("rebuild", "penyimpanan baru dari bukti saja / a new store from evidence alone")
def rebuild(arguments: argparse.Namespace) -> int:
    """`rebuild`: a new store from evidence alone; the old one is kept beside it."""
    workspace = workspace_of(arguments)
    with only_run(workspace.instance.home):
        done = rebuild_store(workspace)
    for post_id in done.changed:
        tell(say(f"{post_id}: terbaca lain daripada dahulu", f"{post_id}: reads otherwise than it did then"))
    counts = {"posts": done.posts, "visits": done.visits, "changed": len(done.changed), "kept_as": done.kept_as}
    text = say("{posts} unggahan dan {visits} kunjungan dipulihkan dari bukti; penyimpanan lama: {kept_as}",
               "{posts} posts and {visits} visits restored from evidence; the old store: {kept_as}")  # fmt: skip
    show(arguments, counts, text.format(**counts))
    return DONE
