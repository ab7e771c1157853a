"""`tayang bundle`: verdicts -> a ZIP of their evidence that others can check."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from crawler.language import say
from queries.bundle.asked import bundle_of, selection_of
from queries.command_line import DONE, command, option, show
from queries.daily import verdicts_of_day
from queries.workspace import workspace_of


@command("bundle", "bundel bukti untuk diperiksa pihak lain / a ZIP of evidence that others can check",
    option("--agency", nargs="+", action="extend", default=[], metavar="ID"), option("--campaign", metavar="C"),
    option("--day", metavar="DAY"), option("--out", type=Path, metavar="FILE.zip"),
    option("--with-submissions", action="store_true", help="dengan kiriman / with submissions"))  # fmt: skip
def bundle(arguments: argparse.Namespace) -> int:
    """`bundle`: verdicts with the evidence they rest on, as one ZIP; contacts nobody."""
    workspace = workspace_of(arguments)
    selection = selection_of(arguments, workspace)
    verdicts, as_of = verdicts_of_day(workspace, arguments.day)
    written = bundle_of(workspace, verdicts, as_of, selection, arguments.out)
    text = say("{path}\n{documents} dokumen, {with_evidence} dengan bukti; sidik indeks.json untuk surat pengantar: "
               "{index_sha256}",
               "{path}\n{documents} documents, {with_evidence} with evidence; digest of indeks.json for the covering "
               "letter: {index_sha256}")  # fmt: skip
    show(arguments, asdict(written), text.format(**asdict(written)))
    return DONE
