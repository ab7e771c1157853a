"""Words of the command line -> the workspace they mean, its store, and the instant asked for."""

from __future__ import annotations

import argparse
from datetime import datetime

from crawler.errors import WrongUse
from crawler.instance import find_home
from crawler.language import say
from crawler.local_time import now_utc
from pipelines.check import Workspace, open_workspace, warnings_of
from pipelines.media.fingerprint import check_media
from pipelines.our_clock import TOLERANCE
from pipelines.store import Store, store_at
from queries.command_line import parse_time, tell


def workspace_of(arguments: argparse.Namespace) -> Workspace:
    """The checked workspace; its warnings are told."""
    workspace = open_workspace(find_home(arguments.home), check_media)
    for warning in warnings_of(workspace):
        tell(say(f"perhatian: {warning}", f"note: {warning}"))
    return workspace


def store_of(workspace: Workspace) -> Store:
    """The workspace's store."""
    return store_at(workspace.instance.home, workspace.instance.store_url)


def as_of_in(arguments: argparse.Namespace, workspace: Workspace) -> datetime | None:
    """The instant that was asked for, None = now.

    Raises: WrongUse for what is no time, and for one to come: windows would be called closed that are open, and what
    was said of it would stand as the newest word until then.
    """
    asked = parse_time(arguments.as_of, workspace.instance.zone) if arguments.as_of else None
    if asked is not None and asked > now_utc() + TOLERANCE:
        words = f"--as-of {arguments.as_of}"
        raise WrongUse(say(f"{words}: saat itu belum tiba; tulis saat yang sudah lewat",
                           f"{words}: that is still to come; write an instant that has passed"))  # fmt: skip
    return asked
