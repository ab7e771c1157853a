"""`tayang review`: doubtful matches and disputes -> a person's recorded decisions."""

from __future__ import annotations

import argparse
import sys

from crawler.language import say
from queries.command_line import DONE, command, option, show
from queries.review import serve_desk
from queries.workspace import workspace_of


@command("review", "meja pemeriksaan / the local web desk for doubtful matches and disputes",
    option("--port", type=int, default=0, help="0: mana saja yang bebas / any free one"),
    option("--no-browser", action="store_true", help="jangan buka peramban / open no browser"),
    option("--reviewer", default="", metavar="NAME", help="nama pemeriksa / the reviewer's name"))  # fmt: skip
def review(arguments: argparse.Namespace) -> int:
    """`review`: the local web desk for doubtful matches and disputes, until Ctrl-C."""

    def announce(link: str) -> None:
        show(arguments, {"url": link}, say(f"Meja pemeriksaan (tautan sekali pakai; Ctrl-C untuk berhenti): {link}",
                                           f"Review desk (the link works once; Ctrl-C to stop): {link}"))  # fmt: skip
        sys.stdout.flush()

    home = workspace_of(arguments).instance.home
    serve_desk(home, arguments.port, arguments.reviewer, announce, not arguments.no_browser)
    return DONE
