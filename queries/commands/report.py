"""`tayang report`: verdicts of a day or a span -> the verification report."""

from __future__ import annotations

import argparse
from pathlib import Path

from queries.command_line import DONE, command, option, show
from queries.daily import span_days, verdicts_of_day, write_daily_report
from queries.report.scope import LOOK_BACK_DAYS
from queries.workspace import workspace_of


@command("report", "tulis laporan harian / write the daily report",
    option("day", nargs="?", metavar="DAY"), option("--format", default="html,json"),
    option("--days", type=int, default=LOOK_BACK_DAYS, metavar="N", help="dan N hari sebelumnya / and the N before"),
    option("--out", type=Path, metavar="DIR"))  # fmt: skip
def report(arguments: argparse.Namespace) -> int:
    """`report [DAY]`: write the verification report of today as last verified, or of a past day's end; of a span."""
    workspace = workspace_of(arguments)
    verdicts, as_of = verdicts_of_day(workspace, arguments.day)
    formats, days = tuple(arguments.format.split(",")), span_days(arguments.days)
    written = write_daily_report(workspace, verdicts, as_of, formats=formats, out=arguments.out, days=days)
    show(arguments, {"written": written}, "\n".join(map(str, written)))
    return DONE
