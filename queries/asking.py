"""Words of the command line -> a reader of the workspace's store, with the limits of time and memory."""

from __future__ import annotations

import argparse

from crawler.instance import find_home
from pipelines.check import open_workspace
from queries.command_line import option
from queries.reader import Connection, open_store

# While a question is answered no run can write, so it must end.
LIMITS = (
    option("--seconds", type=float, default=60.0, metavar="N", help="paling lama / give up after"),
    option("--memory", default="1GB", metavar="SIZE", help="memori paling banyak / memory at most"),
)


def reader_of(arguments: argparse.Namespace) -> Connection:
    """The store, read-only."""
    instance = open_workspace(find_home(arguments.home)).instance
    return open_store(instance.home / instance.store_url, instance.zone.key, arguments.memory)
