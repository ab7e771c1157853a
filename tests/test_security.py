"""Answers made to burst, and a source that repeats our token in every way: neither fills memory, neither is kept."""

from __future__ import annotations

import base64
import gzip
import http.server
import json
import re
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import brotli
import pytest
from backports import zstd
from small_world import SmallWorld, an_account

ROOT = Path(__file__).parents[1]
TOKEN = "EAAmarker/of+this-test=4711" + "x" * 20
HANDLES = ("satu", "dua", "tiga", "empat", "lima", "enam")


@contextmanager
def serving(handler: type[http.server.BaseHTTPRequestHandler]) -> Iterator[int]:
    """A server of one kind of answers on loopback; its port."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


class _Bombs(http.server.BaseHTTPRequestHandler):
    """/gzip, /br, /zstd, /twice: some KB that unpack to 300 MB; /endless: no end."""

    def do_GET(self) -> None:
        coding = self.path.strip("/")
        body = {"gzip": PACKED, "br": BROTLI, "zstd": zstd.compress(bytes(300 << 20)),
                "gzip, gzip": gzip.compress(PACKED)}.get(coding.replace("%20", " "), b"")  # fmt: skip
        self.send_response(200)
        if body:
            self.send_header("Content-Encoding", coding.replace("%20", " "))
        self.end_headers()
        try:
            self.wfile.write(body)
            while not body:
                self.wfile.write(bytes(1 << 20))
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        pass


def _zeros(mebibytes: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join([packer.compress(bytes(1 << 20)) for _ in range(mebibytes)]) + packer.flush()


def _brotli_zeros(mebibytes: int) -> bytes:
    packer = brotli.Compressor(quality=1)
    return b"".join([packer.process(bytes(1 << 20)) for _ in range(mebibytes)]) + packer.finish()


PACKED, BROTLI = _zeros(300), _brotli_zeros(300)
CRAWL = """
import resource, sys
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

class Asks(Spider):
    name = "asks"
    async def start(self):
        for url in sys.argv[2:]:
            yield Request(url, callback=self.parse, errback=self.failed, meta={"dont_retry": True})
    def parse(self, response):
        print("answered", len(response.body))
    def failed(self, failure):
        print("refused", failure.request.url)

settings = Settings()
settings.setmodule("crawler.settings", priority="project")
settings.setdict({"ITEM_PIPELINES": {}, "EXTENSIONS": {}, "ROBOTSTXT_OBEY": False, "DOWNLOAD_DELAY": 0,
                  "DOWNLOAD_MAXSIZE": 15_000_000, "TAYANG_ALLOWED_HOSTS": [sys.argv[1]]}, priority="project")
process = AsyncCrawlerProcess(settings)
process.crawl(Asks)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
process.start()
print("grown", (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="memory is measured by getrusage")
def test_an_answer_that_unpacks_without_end_is_refused_within_bounds(tmp_path: Path) -> None:
    """gzip, brotli, zstd, one in the other, and a body without end: none is read beyond the bound of a page."""
    with serving(_Bombs) as port:
        urls = [f"http://127.0.0.1:{port}/{coding}" for coding in ("gzip", "br", "zstd", "gzip, gzip", "endless")]
        said = subprocess.run(
            [sys.executable, "-c", CRAWL, f"127.0.0.1:{port}", *urls], env={"PYTHONPATH": str(ROOT), "PATH": ""},
            cwd=tmp_path, capture_output=True, text=True, timeout=240, check=True,
        ).stdout  # fmt: skip

    assert said.count("refused") == 5, said
    assert int(re.findall(r"grown (\d+)", said)[0]) < 200  # MB, of 300 each


def _spellings() -> list[str]:
    """The token as sources repeat it."""
    return [TOKEN, TOKEN.replace("/", "%2F").replace("+", "%2B").replace("=", "%3D"), TOKEN.replace("/", "\\/")]


class _Echoes(http.server.BaseHTTPRequestHandler):
    """Every answer holds the token: in the body, in headers, in a redirect, in what is no JSON at all."""

    def do_GET(self) -> None:
        asked = next((one for one in HANDLES if f"({one})" in self.path or f"%28{one}%29" in self.path), "")
        told = json.dumps({"error": {"message": " ".join(_spellings()), "code": 190, "type": "OAuthException"}})
        code, body = {
            "satu": (400, told), "dua": (500, told), "tiga": (200, "{" + " ".join(_spellings())), "empat": (302, told),
            "lima": (403, f"<html>{TOKEN}</html>"),
        }.get(asked, (200, json.dumps({"business_discovery": {"username": TOKEN, "id": TOKEN}})))  # fmt: skip
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("X-Echo", TOKEN)
        self.send_header("Set-Cookie", f"a={TOKEN}")
        self.send_header("Location", f"/elsewhere?access_token={_spellings()[1]}&t={_spellings()[1]}")
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


def _everything(home: Path) -> Iterator[tuple[str, bytes]]:
    """All files of a workspace, packed ones unpacked."""
    for path in sorted(home.rglob("*")):
        if path.is_file() and path.name != "token.txt":
            body = path.read_bytes()
            yield path.name, body
            if body.startswith(b"\x1f\x8b"):
                yield f"{path.name}, unpacked", gzip.decompress(body)


@pytest.mark.parametrize("handle", HANDLES)
@pytest.mark.slow
def test_a_token_that_the_source_repeats_is_nowhere(tmp_path: Path, handle: str) -> None:
    """Not in what is said with all of the logging on, nor in store, evidence, ledger or reports."""
    world = SmallWorld(tmp_path / "home", [an_account(handle)])
    with serving(_Echoes) as port:
        world.write(port=port)
        secret = tmp_path / "home" / "token.txt"
        secret.write_text(TOKEN)
        secret.chmod(0o600)
        settings = tmp_path / "home" / "tayang.toml"
        settings.write_text(settings.read_text() + 'token_file = "token.txt"\n')
        done = world.tayang("run", TAYANG_INSTAGRAM_TOKEN="", SCRAPY_LOG_LEVEL="DEBUG", PYTHONASYNCIODEBUG="1")
    spellings = [*_spellings(), base64.b64encode(TOKEN.encode()).decode()]
    outputs = [("stdout", done.stdout.encode()), ("stderr", done.stderr.encode()), *_everything(tmp_path / "home")]

    assert [(name, one) for name, body in outputs for one in spellings if one.encode() in body] == []
    assert any(name.endswith("unpacked") and b"REDACTED" in body for name, body in outputs)  # it was there
