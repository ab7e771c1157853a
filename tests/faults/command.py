"""Words of the command line -> the real command in a process of its own, forked from one that has loaded Tayang.

Starting Python and loading Scrapy and OpenCV costs seconds that fifty kills would pay twice each; nothing else differs.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

_LOADED = ["tayang", "queries.commands.run", "pipelines.collect", "crawler.spiders.instagram", "crawler.spiders.news",
           "crawler.spiders.media", "trafilatura", "justext", "feedparser", "dateparser",
           "scrapy.core.downloader.handlers.http11", "scrapy.core.engine", "queries.site.asked"]  # fmt: skip
WATCH_SECONDS = 0.0005
TIMEOUT_SECONDS = 240.0


@dataclass
class Running:
    """A command at work; `told` is what it wrote, both streams."""

    process: BaseProcess
    told: Path

    def watch(self, is_due: Callable[[], bool]) -> bool:
        """Wait until `is_due`; False when the command ended first."""
        until = time.monotonic() + TIMEOUT_SECONDS
        while self.process.is_alive() and time.monotonic() < until:
            for _ in range(10):
                if is_due():
                    return True
                time.sleep(WATCH_SECONDS)
        return False

    def kill(self) -> bool:
        """-9 for it and all that it started, which nobody else would tell; whether it was still alive."""
        if self.process.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGKILL)
            self.process.join()
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        return self.process.exitcode == -signal.SIGKILL

    def end(self) -> int:
        """Its exit code."""
        self.process.join(TIMEOUT_SECONDS)
        if self.process.exitcode is None:
            self.kill()
        return int(self.process.exitcode if self.process.exitcode is not None else -1)


def start(*words: str, home: Path, told: Path | None = None, **environment: str) -> Running:
    """Begin `tayang words… --home home`; it writes to the file `told`, else to one beside the workspace."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_LOADED)
    told = told or home.with_name(f"{home.name}.told")
    process = context.Process(target=_run, args=([*words, "--home", str(home)], str(told), environment))
    process.start()
    return Running(process, told)


def run(*words: str, home: Path, told: Path | None = None, **environment: str) -> int:
    """The exit code of a command that nobody disturbs."""
    return start(*words, home=home, told=told, **environment).end()


def _run(words: list[str], told: str, environment: Mapping[str, str]) -> None:
    os.setsid()
    os.environ.update(environment)
    with Path(told).open("ab") as stream:
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)
    from tayang import main

    code = 1
    try:
        code = main(words)
        sys.stdout.flush()
    except Exception:  # noqa: BLE001  told as the interpreter would, and ended
        traceback.print_exc()
    finally:  # no one waits here for its workers, as the interpreter's own end would
        os._exit(code)
