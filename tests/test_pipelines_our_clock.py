"""What time others say it is -> whether a run may begin after a long pause."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from crawler.errors import Unreachable, WrongUse
from crawler.reach import reach
from pipelines.check import open_workspace
from pipelines.our_clock import check_leap
from pipelines.store import Store
from tests.homes import beside, write, write_registry

NOON = datetime(2024, 4, 24, 5, 20, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@contextmanager
def a_source(at: datetime | None, age: int = 0) -> Iterator[int]:
    """A server whose clock says `at` (None = its answers are without a date), `age` seconds ago: its port."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(404)
            if at:
                self.send_header("Date", format_datetime(at, usegmt=True))
            self.send_header("Age", str(age))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is theirs
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def ask(home: Path, now: datetime, graph: datetime | None, *sites: datetime | None) -> None:
    """`check_leap` at `now` in a workspace last run in at NOON; without `graph` only sites are registered."""
    with ExitStack() as town:
        ports = [town.enter_context(a_source(at)) for at in sites]
        accounts = [f"a{number},news,http://127.0.0.1:{port}," for number, port in enumerate(ports)]
        if graph:
            ports.append(town.enter_context(a_source(graph)))
            accounts.append("a0,instagram,@dinkes,17841400000000001")
        address = f"http://127.0.0.1:{ports[-1]}" if graph else ""
        write(home / "tayang.toml", beside([f"127.0.0.1:{port}" for port in ports], address))
        write_registry(home, [f"a{number},Dinas,opd" for number in range(len(sites) or 1)], accounts)
        store = Store(home / "tayang.duckdb")
        store.prepare()
        store.begin_run("r", "run", NOON)
        check_leap(open_workspace(home), store, now)


def test_a_clock_that_leapt_ahead_is_refused(tmp_path: Path) -> None:
    """The service says that it is the day of the last run still; the sentence tells both times."""
    with pytest.raises(WrongUse, match=r"2034-04-22 05:20 UTC.*2024-04-24 06:20 UTC"):
        ask(tmp_path, NOON + 3650 * DAY, NOON + HOUR)


@pytest.mark.parametrize("now", [NOON + 17 * HOUR, NOON + 3650 * DAY])
def test_a_pause_is_no_leap(tmp_path: Path, now: datetime) -> None:
    """Within a day nobody is asked, whatever they would say; after years it is enough that the service agrees."""
    ask(tmp_path, now, NOON + 3650 * DAY)


@pytest.mark.parametrize(
    ("now", "sites", "refused"),
    [
        (NOON + 2 * DAY, (NOON, NOON + HOUR), True),
        (NOON + 2 * DAY, (NOON, NOON + 2 * DAY), False),  # one says so, another has a wrong clock
        (NOON + 2 * DAY, (NOON,), False),  # one site alone may pass on an answer of yesterday
        (NOON + 59 * DAY, (None, None), False),  # no one tells: our network may be down
        (NOON + 61 * DAY, (None, None), True),
        (NOON + 61 * DAY, (NOON + 61 * DAY,), False),
        (NOON + 61 * DAY, (None, NOON + 61 * DAY, NOON + 61 * DAY), False),
    ],
)
def test_without_the_service_sites_are_asked(
    tmp_path: Path, now: datetime, sites: tuple[datetime | None, ...], refused: bool
) -> None:
    """Two of them must tell the time before our clock is called wrong."""
    if not refused:
        ask(tmp_path, now, None, *sites)
        return
    with pytest.raises(WrongUse, match="jam mesin"):
        ask(tmp_path, now, None, *sites)


def test_a_cache_tells_how_long_ago_its_answer_was() -> None:
    """Agencies' sites behind one cache would all tell the time of yesterday, and an honest run be refused."""
    with a_source(NOON, 86_400) as port:
        assert reach(f"http://127.0.0.1:{port}/", "Tayang", {f"127.0.0.1:{port}"}, 10).date == NOON + DAY


def test_one_that_drips_does_not_hold_up_the_run() -> None:
    """Each byte comes in time, and the last one never."""

    class Dripping(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(200)
            self.end_headers()
            with suppress(OSError):
                while not done.wait(0.02):
                    self.wfile.write(b"x")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is theirs
            pass

    done = threading.Event()
    with ThreadingHTTPServer(("127.0.0.1", 0), Dripping) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"127.0.0.1:{server.server_port}"
        with pytest.raises(Unreachable, match="too slow"):
            reach(f"http://{address}/", "Tayang", {address}, 0.3)
        done.set()
        server.shutdown()


@pytest.mark.parametrize("account", ["", "a0,tiktok,@dinkes,"])
def test_where_nobody_is_asked_a_long_pause_refuses_nothing(tmp_path: Path, account: str) -> None:
    """What is only imported, perhaps on a machine without a network, could never be judged again."""
    write(tmp_path / "tayang.toml", beside([], ""))
    write_registry(tmp_path, ["a0,Dinas,opd"], [account] * bool(account))
    store = Store(tmp_path / "tayang.duckdb")
    store.prepare()
    store.begin_run("r", "run", NOON)

    check_leap(open_workspace(tmp_path), store, NOON + 90 * DAY)
