"""Functions with their names and options -> the command line; words, times and results to and from it."""

from __future__ import annotations

import argparse
import json
import keyword
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from crawler.errors import WrongUse
from crawler.language import say
from crawler.local_time import parse_instant
from queries.commands import NAMES

Function = Callable[[argparse.Namespace], int]
Option = tuple[tuple[str, ...], dict[str, Any]]
DONE, NOT_ALL_OBSERVED, DAMAGED, STOPPED = 0, 1, 3, 130
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


def parser(words: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The parser of the command that the words begin with, else of all: the others need not be loaded."""
    loaded = words[:1] if words and words[0] in NAMES else NAMES
    whole = argparse.ArgumentParser(prog="tayang", description="Bukti tayang: apakah kampanye sungguh ditayangkan?")
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    for name in loaded:
        import_module(f"queries.commands.{module_of(name)}")
        function, text, options = COMMANDS[name]
        one = commands.add_parser(name, parents=[_shared()], help=text, description=text)
        one.set_defaults(command=function)
        for written, settings in options:
            one.add_argument(*written, **settings)
    return whole


def module_of(name: str) -> str:
    """The file of a command, without its ending."""
    return f"{name}_" if keyword.iskeyword(name) else name


def _shared() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--home", type=Path, metavar="DIR", help="folder kerja / the workspace")
    shared.add_argument("--json", action="store_true", help="hasil sebagai JSON / results as JSON")
    return shared
