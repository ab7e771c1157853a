"""`tayang letter`: verdicts -> letters to be signed, or the templates to change."""

from __future__ import annotations

import argparse
from pathlib import Path

from queries.command_line import DONE, command, option, show, tell
from queries.daily import verdicts_of_day
from queries.letters.asked import letters_of_workspace, nothing_to_write
from queries.letters.content import NAMES as LETTERS
from queries.letters.request import Order as LetterOrder
from queries.letters.templates import copy_templates
from queries.letters.write import check_formats
from queries.workspace import workspace_of


@command("letter", "tulis surat / write letters to be signed",
    option("name", choices=LETTERS), option("--agency", nargs="+", action="extend", default=[], metavar="ID"),
    option("--day", metavar="DAY"), option("--format", default="pdf,docx"), option("--out", type=Path, metavar="DIR"),
    option("--copy-template", action="store_true", help="salin templat / our template, to change it"))  # fmt: skip
def letter(arguments: argparse.Namespace) -> int:
    """`letter NAME`: letters as PDF and DOCX, or our template of them into the workspace to be changed."""
    formats = tuple(arguments.format.split(","))
    check_formats(formats)
    workspace = workspace_of(arguments)
    if arguments.copy_template:
        files = copy_templates(workspace.instance.home, arguments.name, formats)
    else:
        verdicts, as_of = verdicts_of_day(workspace, arguments.day)
        order = LetterOrder(arguments.name, formats, tuple(arguments.agency), arguments.out)
        written = letters_of_workspace(workspace, order, verdicts, as_of)
        for sentence in nothing_to_write(arguments.name, written):
            tell(sentence)
        files = written.files
    show(arguments, {"written": files}, "\n".join(map(str, files)))
    return DONE
