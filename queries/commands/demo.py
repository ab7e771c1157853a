"""`tayang demo`: nothing -> a complete small world on this machine, run and reported."""

from __future__ import annotations

import argparse
import os
import signal
from pathlib import Path

from crawler.language import say
from crawler.local_time import now_utc
from crawler.sandbox.server import Sandbox
from crawler.sandbox.workspace import write_workspace
from crawler.sandbox.world import build_world
from crawler.written_secrets import TOKEN_VARIABLE
from queries.command_line import DONE, NOT_ALL_OBSERVED, command, option, tell
from queries.commands.run import run


@command("demo", "dunia contoh lengkap di mesin ini / a complete small world on this machine",
    option("--dir", type=Path, help="tempat dunia contoh / where to build it"),
    option("--keep", action="store_true", help="biarkan layanan hidup / keep the stand-ins running"))  # fmt: skip
def demo(arguments: argparse.Namespace) -> int:
    """`demo`: a complete small world on this machine: workspace, stand-ins, run, report."""
    home = arguments.dir or Path("demo")
    tell(say("membangun dunia contoh …", "building the world of the demo …"))
    world = build_world(now_utc())
    with Sandbox(world.graph, world.all_sites) as sandbox:
        write_workspace(world, sandbox, home)
        os.environ[TOKEN_VARIABLE] = world.graph.token
        exit_code = run(argparse.Namespace(home=home, as_of=None, if_due=False, json=arguments.json))
        if arguments.keep:
            tell(say("layanan tiruan hidup; Ctrl-C untuk berhenti", "the stand-ins are alive; Ctrl-C to stop"))
            signal.pause()
    if exit_code == NOT_ALL_OBSERVED:
        tell(say("Beberapa sumber di dunia contoh ini sengaja dirusak; itulah sebab `unknown`.",
                 "Some sources of this world are broken on purpose; hence the `unknown`."))  # fmt: skip
        return DONE
    return exit_code
