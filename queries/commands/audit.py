"""`tayang audit`: evidence and store -> what does not hold, and the verdicts that rest on it."""

from __future__ import annotations

import argparse

from crawler.instance import find_home
from pipelines.audit import examine
from queries.audited import audit_object, audit_text
from queries.command_line import DAMAGED, DONE, command, option, show


@command("audit", "periksa keutuhan bukti / check every byte of evidence and every row of the store",
    option("--head", default="", metavar="SEQ:HASH", help="segel dari laporan / a seal from a report"))  # fmt: skip
def audit(arguments: argparse.Namespace) -> int:
    """`audit`: recompute every digest, compare the store, and name the statements that damage touches."""
    done = examine(find_home(arguments.home), arguments.head)
    show(arguments, audit_object(done), audit_text(done))
    return DAMAGED if done.found else DONE
