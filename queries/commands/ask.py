"""`tayang ask`: the name of a question -> its answer."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing

from queries.ask import ask as answer
from queries.ask import check_names, describe, list_queries
from queries.asking import LIMITS, reader_of
from queries.command_line import DONE, command, option
from queries.reader import within
from queries.render import render


@command("ask", "jalankan pertanyaan bernama / run a named query",
    option("name", nargs="?"), option("parameter", nargs="*", metavar="key=value"),
    option("--format", default="table", choices=["table", "csv", "json", "parquet", "xlsx"]), *LIMITS)  # fmt: skip
def ask(arguments: argparse.Namespace) -> int:
    """`ask [NAME [key=value …]]`: run a named query, or list them."""
    if not arguments.name:
        sys.stdout.write("".join(f"{describe(query)}\n" for query in list_queries()))
        return DONE
    written = dict(word.partition("=")[::2] for word in arguments.parameter)
    with closing(reader_of(arguments)) as connection, within(connection, arguments.seconds):
        found = answer(connection, arguments.name, written)
        check_names(connection, written)
    sys.stdout.buffer.write(render(found, "json" if arguments.json else arguments.format))
    return DONE
