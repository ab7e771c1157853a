"""`tayang init DIR`: a path -> a workspace with commented examples."""

from __future__ import annotations

import argparse
from pathlib import Path

from pipelines.init import create_workspace
from queries.command_line import DONE, command, option, show


@command("init", "buat folder kerja / make a workspace", option("dir", type=Path))
def init(arguments: argparse.Namespace) -> int:
    """`init DIR`: a workspace with commented examples."""
    written = create_workspace(arguments.dir)
    show(arguments, {"written": written}, "\n".join(map(str, written)))
    return DONE
