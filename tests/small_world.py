"""A few Instagram accounts and one text material -> a workspace and its stand-in, cheap to crawl again and again."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from crawler.sandbox.graph import GraphAccount, GraphPost, GraphWorld
from crawler.sandbox.server import Sandbox
from pipelines.store import Store
from tayang import main
from tests.homes import ORDERED, PLEDGE, beside, write, write_registry

__all__ = ["PLEDGE"]

ROOT = Path(__file__).parents[1]
ZONE = ZoneInfo("Asia/Jakarta")
TOKEN = "sandbox-token-of-the-small-world"
TODAY = datetime.now(ZONE).date()
OPENS, CLOSES = TODAY - timedelta(days=2), TODAY - timedelta(days=1)


def local(days_ago: int, hour: int) -> datetime:
    """A local hour of a day."""
    midnight = datetime.combine(TODAY - timedelta(days=days_ago), datetime.min.time(), ZONE)
    return (midnight + timedelta(hours=hour)).astimezone(UTC)


def a_post(number: int, text: str, at: datetime) -> GraphPost:
    """A post without pictures: its words are all."""
    return GraphPost(f"179{number:06d}", text, at)


def an_account(handle: str, *posts: GraphPost, trap: str | None = None) -> GraphAccount:
    """An account whose older posts prove that the list reaches back."""
    number = sum(map(ord, handle))
    older = [a_post(number * 100 + day, f"Kegiatan {handle} hari {day}", local(day, 9)) for day in range(10, 15)]
    return GraphAccount(handle, f"17841{number:05d}", (*posts, *older), trap)


@dataclass
class SmallWorld:
    """A workspace; `accounts` may be exchanged between runs, the address stays."""

    home: Path
    accounts: Sequence[GraphAccount]
    port: int = 0

    def sandbox(self) -> Sandbox:
        """The stand-in for the accounts as they stand now."""
        return Sandbox(GraphWorld(self.accounts, TOKEN), graph_port=self.port)

    def write(self, keep_hours: float = 0, port: int = 0) -> None:
        """The files that people would write."""
        self.port = port or self.port
        host = f"127.0.0.1:{self.port}"
        write(self.home / "tayang.toml", beside([host], f"http://{host}", 5))
        write_registry(
            self.home,
            [f"{one.handle},Dinas {one.handle},opd" for one in self.accounts],
            [f"{one.handle},instagram,@{one.handle},{one.native_id}" for one in self.accounts],
        )
        campaign = CAMPAIGN.format(pledge=PLEDGE, opens=OPENS, closes=CLOSES, keep=keep_hours)
        write(self.home / "campaigns" / "ikrar" / "campaign.toml", campaign)

    @property
    def store(self) -> Store:
        """The workspace's store."""
        return Store(self.home / "tayang.duckdb")

    def tayang(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """A command in this workspace, as a user would give it."""
        return subprocess.run(
            [sys.executable, "-m", "tayang", *words, "--home", str(self.home)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            env={**os.environ, "TAYANG_INSTAGRAM_TOKEN": TOKEN, **environment},
        )

    def here(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The same inside this process, for commands that do not crawl: quicker."""
        return here(*words, "--home", str(self.home))

    def verdicts(self) -> dict[str, tuple[str, str]]:
        """Status and reason per agency."""
        return {row["agency_id"]: (row["status"], row["reason"]) for row in self.store.rows("FROM verdicts")}


def here(*words: str) -> subprocess.CompletedProcess[str]:
    """A command inside this process: its exit code, and what it wrote."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main(words)
        except SystemExit as refused:  # argparse
            code = int(str(refused.code))
    written = [stream.buffer.getvalue().decode() for stream in (out, err)]  # type: ignore[attr-defined]
    return subprocess.CompletedProcess(words, code, *written)


def read(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """What a command with --json said."""
    found: dict[str, Any] = json.loads(done.stdout)
    return found


CAMPAIGN = ORDERED + """\
[[duty]]
material = "ikrar"
opens = {opens}
closes = {closes}
keep_hours = {keep}
kinds = ["opd"]
"""
