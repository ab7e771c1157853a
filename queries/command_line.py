"""Functions with their names and options -> the command line; words, times and results to and from it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from crawler.errors import WrongUse
from crawler.language import say
from crawler.local_time import parse_instant

Function = Callable[[argparse.Namespace], int]
Option = tuple[tuple[str, ...], dict[str, Any]]
COMMANDS: dict[str, tuple[Function, str, tuple[Option, ...]]] = {}


def option(*names: str, **settings: Any) -> Option:
    """One argument of a command, in argparse's words."""
    return names, settings


def command(name: str, text: str, *options: Option) -> Callable[[Function], Function]:
    """Make the function below a command; `text` is its line of help."""

    def register(function: Function) -> Function:
        COMMANDS[name] = (function, text, options)
        return function

    return register


def tell(text: str) -> None:
    """Say something about the work, not its result: stderr."""
    sys.stderr.write(f"{text}\n")


def show(arguments: argparse.Namespace, result: dict[str, Any], text: str) -> None:
    """Give a result: stdout, as JSON where asked."""
    sys.stdout.write(f"{json.dumps(result, ensure_ascii=False, default=str) if arguments.json else text}\n")


def parse_time(text: str, zone: ZoneInfo) -> datetime:
    """A user's time. Raises: WrongUse."""
    try:
        return parse_instant(text, zone)
    except ValueError as error:
        raise WrongUse(
            say(f"'{text}' bukan waktu ISO 8601; tulis 2024-04-24 atau 2024-04-24T10:15",
                f"'{text}' is no ISO 8601 time; write 2024-04-24 or 2024-04-24T10:15")
        ) from error  # fmt: skip


def parser() -> argparse.ArgumentParser:
    """The parser of all commands that were registered."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--home", type=Path, metavar="DIR", help="folder kerja / the workspace")
    shared.add_argument("--json", action="store_true", help="hasil sebagai JSON / results as JSON")
    whole = argparse.ArgumentParser(prog="tayang", description="Bukti tayang: apakah kampanye sungguh ditayangkan?")
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    for name, (function, text, options) in COMMANDS.items():
        one = commands.add_parser(name, parents=[shared], help=text, description=text)
        one.set_defaults(command=function)
        for names, settings in options:
            one.add_argument(*names, **settings)
    return whole
