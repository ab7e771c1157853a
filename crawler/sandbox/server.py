"""A world of stand-ins -> real servers on loopback, in a process of their own."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType

from aiohttp import web

from crawler.sandbox.graph import GraphWorld
from crawler.sandbox.sites import Site, site_app

HOST = "127.0.0.1"


@dataclass
class Sandbox:
    """Stand-ins for the Graph API and for sites, alive inside a `with` block.

    `graph_port` and `ports` (by site name) are known once entered. Ports are free ones unless
    given, so that several sandboxes live side by side.
    """

    graph: GraphWorld
    sites: Sequence[Site] = ()
    graph_port: int = 0
    ports: Mapping[str, int] = field(default_factory=dict)
    _process: BaseProcess | None = None

    def __enter__(self) -> Sandbox:
        """Start the servers and wait until they listen."""
        spawning = multiprocessing.get_context("spawn")
        ours, theirs = spawning.Pipe()
        asked = (self.graph_port, dict(self.ports))
        self._process = spawning.Process(
            target=_serve, args=(self.graph, self.sites, asked, theirs), daemon=True
        )
        self._process.start()
        theirs.close()
        self.graph_port, self.ports = ours.recv()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the servers."""
        if self._process:
            self._process.terminate()
            self._process.join()

    @property
    def graph_url(self) -> str:
        """Base address of the Graph stand-in."""
        return f"http://{HOST}:{self.graph_port}"

    def site_url(self, name: str) -> str:
        """Base address of one site."""
        return f"http://{HOST}:{self.ports[name]}"

    @property
    def hosts(self) -> list[str]:
        """All addresses in use, as `allow_private_hosts` wants them."""
        return sorted(f"{HOST}:{port}" for port in (self.graph_port, *self.ports.values()))


def _serve(
    graph: GraphWorld, sites: Sequence[Site], asked: tuple[int, dict[str, int]], pipe: Connection
) -> None:
    asyncio.run(_serve_until_killed(graph, sites, asked, pipe))


async def _serve_until_killed(
    graph: GraphWorld, sites: Sequence[Site], asked: tuple[int, dict[str, int]], pipe: Connection
) -> None:
    graph_port = await _listen(graph.app(), asked[0])
    ports = {site.name: await _listen(site_app(site), asked[1].get(site.name, 0)) for site in sites}
    pipe.send((graph_port, ports))
    await asyncio.Event().wait()


async def _listen(app: web.Application, port: int) -> int:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, HOST, port)
    await site.start()
    return int(runner.addresses[0][1])
