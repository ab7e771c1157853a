"""`tayang doctor`: machine, token, store, evidence and runs -> what would keep runs from working."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from crawler.instance import find_home
from crawler.local_time import now_utc
from crawler.redaction import redact
from queries.command_line import command, option, show
from queries.doctor import examine, exit_code_of, text_of


@command("doctor", "apa yang menghalangi putaran / what would keep runs from working",
    option("--online", action="store_true", help="tanyai layanan juga / ask the service too"))  # fmt: skip
def doctor(arguments: argparse.Namespace) -> int:
    """`doctor`: machine, token, store, evidence, runs, one line each; changes nothing, contacts nobody by itself."""
    checks = examine(find_home(arguments.home), now_utc(), arguments.online)
    show(arguments, {"checks": [asdict(one) for one in checks]}, redact(text_of(checks)))
    return exit_code_of(checks)
