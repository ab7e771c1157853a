"""A time-stamp authority on this machine: openssl behind a loopback HTTP server, for the tests of time stamps."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

OPENSSL = shutil.which("openssl")
CONFIG = """
[tsa]
default_tsa = us
[us]
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
ess_cert_id_chain = no
"""


def openssl(*words: str | Path, **more: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([OPENSSL or "", *map(str, words)], capture_output=True, check=False, **more)  # type: ignore[call-overload,no-any-return]


@dataclass
class Office:
    """An authority: its key, its certificate, and what it answers over HTTP (`answers` by path, else a stamp)."""

    folder: Path
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def roots(self) -> Path:
        return self.folder / "root.pem"

    def open(self) -> None:
        """A root and the certificate that signs stamps; elliptic curves, for keys of RSA take long."""
        (self.folder / "serial").write_text("01")
        (self.folder / "tsa.cnf").write_text(CONFIG.format(folder=self.folder))
        (self.folder / "use.cnf").write_text("extendedKeyUsage=critical,timeStamping\n")
        new, curve = ("req", "-new", "-nodes", "-newkey", "ec", "-pkeyopt"), "ec_paramgen_curve:prime256v1"
        openssl(*new, curve, "-x509", "-days", "30", "-subj", "/CN=Akar Uji", "-keyout", self.folder / "root.key",
                "-out", self.roots)  # fmt: skip
        openssl(*new, curve, "-subj", "/CN=Cap Uji", "-keyout", self.folder / "tsa.key",
                "-out", self.folder / "tsa.csr")  # fmt: skip
        openssl("x509", "-req", "-in", self.folder / "tsa.csr", "-CA", self.roots, "-CAkey", self.folder / "root.key",
                "-CAcreateserial", "-days", "30", "-extfile", self.folder / "use.cnf",
                "-out", self.folder / "tsa.pem")  # fmt: skip

    def stamp(self, query: bytes) -> bytes:
        (self.folder / "q").write_bytes(query)
        done = openssl("ts", "-reply", "-config", self.folder / "tsa.cnf", "-queryfile", self.folder / "q", "-signer",
                       self.folder / "tsa.pem", "-inkey", self.folder / "tsa.key")  # fmt: skip
        return done.stdout


@contextmanager
def open_office(folder: Path) -> Iterator[Office]:
    """An authority that answers while the block lasts."""
    here = Office(folder)
    here.open()

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["content-length"]))
            here.asked.append(f"{self.path} {self.headers['content-type']} {self.headers['user-agent']}")
            status, body = here.answers.get(self.path) or (200, here.stamp(query))
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/tsr")
            self.end_headers()
            if body == b"never":
                time.sleep(60)
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    here.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield here
    finally:
        server.shutdown()
