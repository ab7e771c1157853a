"""`tayang check`: a workspace's files -> all mistakes at once, or what they add up to."""

from __future__ import annotations

import argparse

from crawler.errors import WrongUse
from crawler.language import say
from pipelines.lookalikes import warnings_of_materials
from pipelines.stamp_token import why_not_usable
from queries.command_line import DONE, command, show, tell
from queries.notify import check_receivers
from queries.workspace import workspace_of


@command("check", "periksa semua berkas / validate everything, contact nothing")
def check(arguments: argparse.Namespace) -> int:
    """`check`: validate everything, contact nothing."""
    workspace = workspace_of(arguments)
    tell(say("materi saling dibandingkan …", "comparing the materials with each other …"))
    for warning in warnings_of_materials(workspace.campaigns):
        tell(say(f"perhatian: {warning}", f"note: {warning}"))
    wrong = check_receivers(workspace.instance.notify) if workspace.instance.notify else []
    wrong += why_not_usable(workspace.instance.timestamps)
    if wrong:
        raise WrongUse("\n".join(wrong))
    counts = {
        "agencies": len(workspace.registry.agencies), "accounts": len(workspace.registry.accounts),
        "campaigns": len(workspace.campaigns), "duties": len(workspace.duties),
    }  # fmt: skip
    text = say(
        "Semua berkas benar: {agencies} perangkat daerah, {accounts} akun, {campaigns} kampanye, {duties} kewajiban.",
        "Every file is right: {agencies} agencies, {accounts} accounts, {campaigns} campaigns, {duties} duties.",
    )
    show(arguments, counts, text.format(**counts))
    return DONE
