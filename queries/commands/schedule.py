"""`tayang schedule`: a workspace -> the timer that runs it."""

from __future__ import annotations

import argparse
import sys

from crawler.instance import find_home
from pipelines.schedule import KINDS, timer
from queries.command_line import DONE, command, option


@command("schedule", "cetak jadwal / print the timer to install",
    option("kind", nargs="?", default="systemd", choices=KINDS))  # fmt: skip
def schedule(arguments: argparse.Namespace) -> int:
    """`schedule [systemd|cron|windows]`: print the timer to install."""
    sys.stdout.write(timer(arguments.kind, find_home(arguments.home)))
    return DONE
