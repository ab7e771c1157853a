"""`tayang sql`: SQL -> rows, read-only."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing

from queries.asking import LIMITS, reader_of
from queries.command_line import DONE, command, option
from queries.prompt import one_shot, prompt
from queries.reader import within
from queries.render import render


@command("sql", "SQL hanya-baca / a read-only SQL prompt", option("-c", dest="statement", metavar="SQL"), *LIMITS)
def sql(arguments: argparse.Namespace) -> int:
    """`sql`: a read-only prompt on the views, or one statement."""
    if arguments.statement is None:
        prompt(lambda: reader_of(arguments), sys.stdin, _write, arguments.seconds)
        return DONE
    with closing(reader_of(arguments)) as connection, within(connection, arguments.seconds):
        found = one_shot(connection, arguments.statement)
    sys.stdout.buffer.write(render(found, "json" if arguments.json else "table"))
    return DONE


def _write(text: str) -> None:
    sys.stdout.write(text)
