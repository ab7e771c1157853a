"""`tayang notify`: what is known now -> the messages that are due."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from crawler.language import say
from crawler.local_time import now_utc
from pipelines.lock import only_run
from pipelines.our_clock import check_clock, check_leap
from pipelines.recognise import recognise
from pipelines.verify import judge_all
from queries.command_line import DONE, NOT_ALL_OBSERVED, command, option, show, tell
from queries.notify import Desk, tell_all
from queries.workspace import store_of, workspace_of


@command("notify", "kirim pemberitahuan / send the summary and the reminders that are due",
    option("--dry-run", action="store_true", help="tampilkan saja / show them, send nothing"))  # fmt: skip
def notify(arguments: argparse.Namespace) -> int:
    """`notify`: send what is due of what is known now, or show it; visits nobody."""
    workspace = workspace_of(arguments)
    store, troubles = store_of(workspace), list[str]()
    with only_run(workspace.instance.home):
        store.prepare()
        check_clock(store, now_utc())
        check_leap(workspace, store, now_utc())
        recognise(workspace, store)
        as_of = now_utc()
        verdicts = judge_all(store, workspace.duties, as_of)
        outgoing = list(tell_all(Desk(workspace, store, troubles.append), verdicts, as_of, arguments.dry_run))
    for trouble in troubles:
        tell(trouble)
    texts = [f"{one.kind} → {one.receiver}\n{one.message.title}\n\n{one.message.body}\n" for one in outgoing]
    nothing = say("tidak ada yang perlu dikirim", "nothing is due")
    show(arguments, {"messages": [asdict(one) for one in outgoing]}, "\n".join(texts) or nothing)
    return NOT_ALL_OBSERVED if troubles else DONE
