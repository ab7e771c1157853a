"""The address that was checked is the address that is connected to, whoever asks and whatever a name says by then."""

from __future__ import annotations

import http.server
import os
import smtplib
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from crawler.connecting import proxies, public_connects_only

ROOT = Path(__file__).parents[1]


class _Counts(http.server.BaseHTTPRequestHandler):
    hosts: list[str]

    def do_GET(self) -> None:
        self.hosts.append(str(self.headers["Host"]))
        self.send_response(302 if self.path == "/away" else 200)
        self.send_header("Location", f"http://rebound.invalid:{self.server.server_address[1]}/behind")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def inside() -> Iterator[tuple[int, list[str]]]:
    """A server on loopback, as it stands in an office's network: its port, and the hosts it was asked for."""
    hosts: list[str] = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Counts", (_Counts,), {"hosts": hosts}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1], hosts
    server.shutdown()
    server.server_close()


# A crawl whose names change behind its back: the check before the request finds no address (.invalid never has one)
# and lets it pass, and when it is to be connected every name has become 127.0.0.1.
CRAWL = """
import sys
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings
from twisted.internet.defer import succeed
from crawler.connecting import PublicResolver

class Rebound(PublicResolver):
    def getHostByName(self, name, timeout=()):
        return succeed("127.0.0.1")

class Asks(Spider):
    name = "asks"
    async def start(self):
        for url in sys.argv[2:]:
            yield Request(url, callback=self.parse, errback=self.failed, meta={"dont_retry": True})
    def parse(self, response):
        print("answered", response.url)
    def failed(self, failure):
        print("failed", failure.request.url, failure.type.__name__)

settings = Settings()
settings.setmodule("crawler.settings", priority="project")
settings.setdict({"ITEM_PIPELINES": {}, "EXTENSIONS": {}, "ROBOTSTXT_OBEY": False, "DOWNLOAD_DELAY": 0,
                  "TAYANG_ALLOWED_HOSTS": [sys.argv[1]]}, priority="project")
assert settings["TWISTED_DNS_RESOLVER"] == "crawler.connecting.PublicResolver"
settings.set("TWISTED_DNS_RESOLVER", Rebound, priority="cmdline")
process = AsyncCrawlerProcess(settings)
process.crawl(Asks)
process.start()
"""


def test_a_name_that_turns_private_behind_the_check_is_not_connected_to(
    inside: tuple[int, list[str]], tmp_path: Path
) -> None:
    """Rebinding, also at the end of a redirect: none of it arrives; the host that is allowed by name does."""
    port, hosts = inside
    urls = [f"http://rebound.invalid:{port}/", f"http://allowed.invalid:{port}/", f"http://allowed.invalid:{port}/away"]
    environment = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    said = subprocess.run(
        [sys.executable, "-c", CRAWL, f"allowed.invalid:{port}", *urls], env={**environment, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path, capture_output=True, text=True, timeout=240,
    )  # fmt: skip

    assert hosts == [f"allowed.invalid:{port}"] * 2, said.stdout + said.stderr
    assert said.stdout.count("failed http://rebound.invalid") == 2, said.stdout + said.stderr
    assert "rebound.invalid is 127.0.0.1" in said.stderr


def test_no_socket_connects_inward_while_a_message_is_sent(inside: tuple[int, list[str]]) -> None:
    """By name, by number, by IPv6, for HTTP and for mail: refused at the socket, whoever looked the name up."""
    port, hosts = inside
    assert requests.get(f"http://localhost:{port}/", timeout=5).status_code == 200  # the server can be reached
    with public_connects_only():
        for host in ("localhost", "127.0.0.1", "127.1", "2130706433", "0x7f.1", "[::1]"):
            with pytest.raises(requests.ConnectionError):
                requests.get(f"http://{host}:{port}/", timeout=5)
        with pytest.raises(PermissionError, match="not on the open internet"):
            smtplib.SMTP("localhost", port, timeout=5)
        with pytest.raises(PermissionError), socket.socket() as plain:
            plain.connect_ex(("169.254.169.254", 80))

    assert hosts == [f"localhost:{port}"]
    assert requests.get(f"http://localhost:{port}/", timeout=5).status_code == 200  # and again, behind it


def test_the_offices_own_proxy_may_be_private(inside: tuple[int, list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the operator who names it, in the environment; nothing else of its network is opened."""
    port, hosts = inside
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("no_proxy", "")

    assert f"127.0.0.1:{port}" in proxies()
    with public_connects_only():
        assert requests.get("http://tayang.invalid/", timeout=5).status_code == 200
        with pytest.raises(PermissionError), socket.socket() as plain:
            plain.connect(("127.0.0.1", port + 1 if port < 65535 else 1))
    assert hosts == ["tayang.invalid"]
