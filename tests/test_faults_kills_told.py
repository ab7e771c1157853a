"""`kill -9` while messages are sent and while a person decides -> nothing lost, at most one message sent twice."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipelines.audit import audit_workspace
from pipelines.ledger import lines_of_kind
from pipelines.reviews import KIND
from pipelines.store import Store
from tests.faults.command import Running, run, start
from tests.faults.points import LEDGER, WAL, size_of
from tests.small_world import OPENS, SmallWorld, an_account

pytestmark = pytest.mark.slow
# A summary is of a day: the tests take a zone of the country in which midnight is two hours away or more.
ZONE = ZoneInfo("Asia/Jakarta" if datetime.now(ZoneInfo("Asia/Jakarta")).hour < 22 else "Asia/Jayapura")
TODAY = datetime.now(ZONE).date()
FILES = {
    "tayang.toml": f'[instance]\nname = "Uji"\ntimezone = "{ZONE.key}"\n[crawl]\ncontact = "a@b.example"\n'
    'allow_private_hosts = ["127.0.0.1"]\n[notify]\nreminders_hours = [72]\n',
    "registry/agencies.csv": "agency_id,name,kind,parent_id,active_from,active_until\ndinkes,Dinas Kesehatan,opd,,,\n",
    "registry/accounts.csv": "agency_id,channel,handle,native_id,active_from,active_until\ndinkes,instagram,@d,,,\n",
    "campaigns/ikrar/campaign.toml": 'id = "ikrar"\ntitle = "Ikrar"\n[[material]]\nid = "tip"\ntitle = "Tip"\n'
    'kind = "text"\ncaption = "Kami menolak tip, suap dan gratifikasi dalam bentuk apa pun."\n[[duty]]\n'
    f'material = "tip"\nopens = {TODAY - timedelta(days=1)}\ncloses = {TODAY + timedelta(days=2)}\n',
}
MESSAGES = 4  # a summary and a reminder to each of two receivers


class Hook:
    """Receives messages: which came where. The one with the number `holds` is received and never answered."""

    def __init__(self) -> None:
        self.came: list[tuple[str, str]] = []
        self.holds = 0
        self.released = threading.Event()
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                hook.came.append((self.path, body["title"]))
                if len(hook.came) == hook.holds:
                    hook.released.wait(30)
                with contextlib.suppress(OSError):
                    self.send_response(200)
                    self.end_headers()

            def log_message(self, *_: object) -> None:
                """Tests are quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.urls = " ".join(f"json://127.0.0.1:{self.server.server_address[1]}/{one}" for one in ("satu", "dua"))


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()
    threading.Thread(target=made.server.serve_forever, args=(0.02,), daemon=True).start()
    yield made
    made.released.set()
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / "home" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "home" / name).write_text(text, encoding="utf-8")
    return tmp_path / "home"


def lines(home: Path) -> int:
    return (home / LEDGER).read_bytes().count(b"\n") if (home / LEDGER).exists() else 0


POINTS: dict[str, Callable[[Path, Hook, int], bool]] = {
    "a message arrived": lambda _home, hook, number: len(hook.came) >= number,
    "a message was sealed": lambda home, _hook, number: lines(home) >= number,
}


ARRIVED, SEALED = POINTS


@pytest.mark.parametrize(("point", "number"), [*((ARRIVED, one) for one in range(1, 5)), (SEALED, 1), (SEALED, 3)])
def test_a_kill_loses_no_message_and_repeats_at_most_one(home: Path, hook: Hook, point: str, number: int) -> None:
    """The one that was under way: nobody knows whether it arrived. Afterwards nothing is due any more."""
    hook.holds = number if point == ARRIVED else number + 1  # so that the kill meets it at work
    process = start("notify", home=home, TAYANG_NOTIFY_URLS=hook.urls)
    process.watch(lambda: POINTS[point](home, hook, number))
    was_killed = process.kill()
    hook.released.set()
    hook.holds = 0
    codes = [run("notify", home=home, TAYANG_NOTIFY_URLS=hook.urls) for _ in range(2)]

    assert was_killed
    assert codes == [0, 0]
    assert len(set(hook.came)) == MESSAGES
    assert len(hook.came) <= MESSAGES + was_killed
    assert audit_workspace(home)[1] == []


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after a run in which an agency was proved to have shown nothing."""
    world = SmallWorld(tmp_path_factory.mktemp("judged") / "home", [an_account("dinkes")])
    with world.sandbox() as sandbox:
        world.write(port=sandbox.graph_port)
        assert world.tayang("run").returncode == 0
    return world.home


class Person:
    """Somebody at the desk of a process of its own, who decides about the one duty."""

    def __init__(self, home: Path) -> None:
        self.process: Running = start("review", "--no-browser", home=home)
        self.told, self.status = "", 0
        self.process.watch(lambda: "http://" in self._told())
        [link, *_] = re.findall(r"http://\S+", self._told())
        self.place = link.partition("?")[0]
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.browser.open(link, timeout=30).read()

    def _told(self) -> str:
        return self.process.told.read_text() if self.process.told.exists() else ""

    def send(self) -> threading.Thread:
        """Open the duty's page and send its form; `status` is what came back, 0 while nothing did."""
        opens_at = datetime.combine(OPENS, datetime.min.time(), ZoneInfo("Asia/Jakarta")).astimezone(UTC)
        about = {"kampanye": "ikrar", "materi": "ikrar", "perangkat": "dinkes", "mulai": opens_at.isoformat()}
        address = f"{self.place}kewajiban?{urllib.parse.urlencode(about)}"
        page = self.browser.open(address, timeout=30).read().decode()
        hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)
        fields = {name: unescape(value) for name, value in hidden}
        fields |= {"pemeriksa": "Bu Sri", "alasan": "Surat 12", "keputusan": "exempt"}
        sent = threading.Thread(target=self._post, args=(urllib.parse.urlencode(fields).encode(),))
        sent.start()
        return sent

    def _post(self, form: bytes) -> None:
        with contextlib.suppress(OSError):
            self.status = self.browser.open(f"{self.place}putuskan", form, timeout=30).status


MOMENTS: dict[str, Callable[[Path, int, Person], bool]] = {
    "sealed": lambda home, before, _person: size_of(home / LEDGER) > before,
    # Who looks too late to meet the log open kills behind it, and does not wait for a second decision.
    "the store written": lambda home, before, person: (
        size_of(home / LEDGER) > before and ((home / WAL).exists() or person.status == 200)
    ),
    "answered": lambda _home, _before, person: person.status == 200,
}


@pytest.mark.parametrize("moment", ["at once", "soon", *MOMENTS])
def test_a_kill_neither_loses_nor_doubles_a_decision(judged: Path, tmp_path: Path, moment: str) -> None:
    """What is sealed counts from the next verification on, desk or no desk; what is not is decided once more."""
    home = Path(shutil.copytree(judged, tmp_path / "home"))
    before, person = size_of(home / LEDGER), Person(home)
    sent = person.send()
    if moment in MOMENTS:
        person.process.watch(lambda: MOMENTS[moment](home, before, person))
    elif moment == "soon":
        time.sleep(0.02)
    assert person.process.kill()
    sent.join()
    code = run("verify", home=home)
    sealed = [line["content"]["review_id"] for line in lines_of_kind(home / LEDGER, KIND)]
    store = Store(home / "tayang.duckdb")
    [verdict] = store.rows("SELECT status, decided_by FROM verdicts")

    assert code == 0
    assert len(sealed) == 1 or (sealed == [] and moment not in MOMENTS)
    assert [row["review_id"] for row in store.rows("FROM review_rows")] == sealed
    assert list(verdict.values()) == (["exempt", "Bu Sri"] if sealed else ["missing", "tayang"])
    assert audit_workspace(home)[1] == []
