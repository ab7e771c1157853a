"""`tayang forget`: a post or submissions -> what forgetting them touches, and its doing."""

from __future__ import annotations

import argparse

from crawler.local_time import now_utc
from pipelines.deleting import Why, delete, finish
from pipelines.forget import Asked, check_asked, plan_forgetting
from pipelines.lock import only_run
from pipelines.verify import verify as verify_duties
from queries.command_line import DONE, command, option, parse_time, show
from queries.deletions import copies_of, forget_json, forget_text
from queries.workspace import store_of, workspace_of


@command("forget", "lupakan unggahan atau kiriman / forget a post or submissions for good",
    option("--post", default="", metavar="ID"), option("--submission", default="", metavar="ID"),
    option("--agency", default="", metavar="ID", help="semua kirimannya / all its submissions, with --before"),
    option("--before", metavar="DAY"),
    option("--reason", default="", metavar="TEXT", help="tanpa nama orang / no names"),
    option("--by", default="operator", metavar="ROLE", help="jabatan, bukan nama / a role, not a name"),
    option("--yes", action="store_true", help="hapus sungguh-sungguh / really delete"))  # fmt: skip
def forget(arguments: argparse.Namespace) -> int:
    """`forget`: what forgetting would touch; with --yes it is done, and what rested on it is judged again."""
    workspace = workspace_of(arguments)
    store, home = store_of(workspace), workspace.instance.home
    asked = Asked(arguments.post, arguments.submission, arguments.agency,
                  parse_time(arguments.before, workspace.instance.zone) if arguments.before else None)  # fmt: skip
    check_asked(asked, arguments.reason, arguments.yes)
    with only_run(home):
        store.prepare()
        finish(home, store)
        plan = plan_forgetting(home, store, asked)
        copies, gone = copies_of(home, plan.words, store.path), None
        if arguments.yes:
            gone = delete(home, store, plan.doomed, Why(arguments.by, arguments.reason))
            verify_duties(store, workspace.duties, now_utc())
    show(arguments, forget_json(plan, copies, gone), forget_text(plan, copies, gone))
    return DONE
