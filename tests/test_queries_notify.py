"""What is told after a run, by real mail and real webhooks on loopback: once, in time, of nobody falsely, no secret."""

from __future__ import annotations

import json
import os
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import WrongUse
from crawler.instance import load_instance
from crawler.items import Agency, Cause, Quality, Span
from crawler.notify_settings import NotifySettings, notify_urls
from pipelines.check import Workspace, open_workspace
from pipelines.items import Candidate, Decision, Duty, Known, Status, Verdict
from pipelines.ledger import read_lines
from pipelines.notifications import Told, Tried, note_begun
from pipelines.rebuild import rebuild
from pipelines.store import Store
from queries.notify import Desk, tell_after_run, tell_all
from queries.notify.due import RETRIES, due_reminders, due_summary, still_due
from queries.notify.layout import LONGEST, Group, Part, laid_out
from queries.notify.message import Scene, reminder, summary
from queries.notify.receivers import identity_of, receivers_of, why_refused
from queries.notify.sight import FRESH, seen_until
from queries.notify.telling import by_kind
from queries.wording import Wording
from tests.small_world import SmallWorld, an_account, here

ZONE = ZoneInfo("Asia/Jakarta")
OPENS = datetime(2024, 4, 24, tzinfo=ZONE).astimezone(UTC)
CLOSES = OPENS + timedelta(days=1)
NOON = OPENS + timedelta(hours=12)
HOUR = timedelta(hours=1)
STAGES = (24.0, 6.0, 2.0)
SECRET = "sangat-rahasia-4711"
WORDING = Wording("id", ZONE)


def duty(agency: str = "dinkes", **fields: Any) -> Duty:
    return replace(Duty("ikrar", "tip", agency, Span(OPENS, CLOSES), accounts=(f"instagram:{agency}",)), **fields)


def verdict(agency: str, status: Status, as_of: datetime = NOON, **fields: Any) -> Verdict:
    return replace(Verdict(duty(agency), status, as_of), **fields)


def scene(*verdicts: Verdict, **fields: Any) -> Scene:
    made = Scene("Kabupaten Uji", date(2024, 4, 24), NOON, verdicts, {}, {("ikrar", "tip"): "Tolak tip"}, {}, {})
    return replace(made, **fields)


# What is due

STEPS = st.tuples(
    st.sampled_from(["dinkes", "disdik", "dlh"]),
    st.sampled_from([Status.PENDING, *Status]),
    st.integers(-3, 40),
    st.sampled_from(["must", "must", "must_not"]),
    st.booleans(),
)


@settings(max_examples=200)
@given(st.lists(STEPS, max_size=12), st.lists(st.floats(0.5, 48), max_size=4, unique=True))
def test_no_stage_is_sent_twice_and_none_of_a_duty_that_is_not_pending(
    steps: list[tuple[str, Status, int, str, bool]], stages: list[float]
) -> None:
    """Over any run of statuses, hours and failures: what was delivered is not due again, what failed is bounded."""
    past: dict[str, Tried] = {}
    sent: list[str] = []
    for agency, status, hours, rule, is_delivered in sorted(steps, key=lambda step: step[2]):
        one = Verdict(duty(agency, rule=rule), status, OPENS + hours * HOUR)
        dues = still_due(due_reminders([one], stages), "receiver", past)

        assert not dues or (status, rule, 0 <= hours < 24) == (Status.PENDING, "must", True)
        for due in dues:
            one_id = due.id_for("receiver")
            past[one_id] = Tried(is_delivered, past.get(one_id, Tried(False, 0)).attempts + 1)
            sent += [one_id] if is_delivered else []

    assert len(set(sent)) == len(sent)
    assert all(tried.attempts <= RETRIES + 1 for tried in past.values())


@pytest.mark.parametrize(
    ("hours_left", "expected"), [(24, "24h"), (6.01, "24h"), (6, "6h"), (2.5, "6h"), (1, "2h"), (0.1, "2h")]
)
def test_the_shortest_stage_that_was_reached_counts(hours_left: float, expected: str) -> None:
    """A stage that was slept through is not made up for: one reminder, not three."""
    [due] = due_reminders([verdict("dinkes", Status.PENDING, CLOSES - hours_left * HOUR)], STAGES)

    assert expected == due.subject.rpartition(" ")[2]


def test_nobody_is_reminded_before_the_window_opens_or_of_a_ban() -> None:
    """A ban that is kept is pending too; a window that has not opened owes nothing."""
    early = verdict("dinkes", Status.PENDING, OPENS - HOUR)
    ban = verdict("dinkes", Status.PENDING, duty=duty(rule="must_not"))

    assert due_reminders([early, ban], (48.0,)) == []


def test_an_extended_window_is_reminded_of_anew() -> None:
    """Another end is another deadline."""
    longer = duty(window=Span(OPENS, CLOSES + HOUR))
    first, second = (due_reminders([Verdict(one, Status.PENDING, CLOSES - HOUR)], (6.0,)) for one in (duty(), longer))

    assert first[0].subject != second[0].subject


def test_a_summary_is_due_for_each_state_of_a_day_once() -> None:
    """Another status is another summary; the same one, at another hour, is not; a day without duties has none."""
    day = date(2024, 4, 24)
    [now] = due_summary([verdict("dinkes", Status.PENDING)], day)

    assert [now] == due_summary([verdict("dinkes", Status.PENDING, NOON + HOUR)], day)
    assert [now] != due_summary([verdict("dinkes", Status.FULFILLED)], day)
    assert [now] != due_summary([verdict("dinkes", Status.PENDING)], date(2024, 4, 25))
    assert due_summary([], day) == []


# What may be said


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(0, 11.5)], OPENS + 11.5 * HOUR),
        ([(-5, 12)], NOON),
        ([(1, 11.5)], None),  # the first hour was not read
        ([(0, 5), (6, 11.5)], None),  # the first piece ends too long ago
        ([(0, 8)], NOON - FRESH),
        ([(0, 7.9)], None),
        ([], None),
    ],
)
def test_not_seen_is_said_up_to_where_the_account_was_read(
    spans: list[tuple[float, float]], expected: datetime | None
) -> None:
    """Up to the end of what was read without a gap since the window opened; not at all where that is long ago."""
    held = tuple(Span(OPENS + first * HOUR, OPENS + last * HOUR) for first, last in spans)

    assert expected == seen_until(duty(), Known(coverage={"instagram:dinkes": held}), NOON)


def test_an_unread_post_or_no_account_leaves_nothing_to_say() -> None:
    """A post whose picture was withheld may be the very one."""
    read = {"instagram:dinkes": (Span(OPENS, NOON),)}
    dark = Candidate(
        "p", "instagram:dinkes", "", OPENS + HOUR, OPENS + HOUR, Quality.EXACT, Decision.NONE,
        unseen=Cause.MEDIA_UNAVAILABLE,
    )  # fmt: skip

    assert seen_until(duty(), Known((dark,), read), NOON) is None
    assert seen_until(duty(accounts=()), Known(), NOON) is None
    assert seen_until(duty(accounts=("instagram:dinkes", "news:x")), Known((), read), NOON) is None


def test_a_closed_account_owes_its_own_days_only() -> None:
    """What was the agency's until ten was read until ten: the open account alone says how far was seen."""
    limits = {"instagram:old": Span(OPENS - 99 * HOUR, OPENS + 10 * HOUR)}
    coverage = {"instagram:old": (Span(OPENS, OPENS + 10 * HOUR),), "instagram:new": (Span(OPENS, NOON - HOUR),)}
    owing = duty(accounts=("instagram:old", "instagram:new"), limits=limits)

    assert seen_until(owing, Known(coverage=coverage), NOON) == NOON - HOUR


def test_a_summary_tells_what_was_not_observed_before_who_is_missing() -> None:
    """Figures, causes in words, proved absences, what is still awaited with the time left, the link."""
    told = summary(
        scene(
            verdict("a", Status.FULFILLED), verdict("b", Status.MISSING), verdict("c", Status.PENDING),
            verdict("d", Status.PENDING), verdict("e", Status.UNKNOWN, reason="not_professional"),
            names={"b": "Dinas B", "c": "Dinas C", "d": "Dinas D"}, unseen={Cause.NOT_PROFESSIONAL: 1},
            sights={duty("c").key: NOON - HOUR}, report="https://laporan.example/2024-04-24/index.html",
        ),
        WORDING,
    )  # fmt: skip
    order = [
        "Belum ada kewajiban yang dapat dinilai. 1 sudah tayang; jadwalnya belum berakhir",
            "TIDAK TERAMATI", "bukan akun profesional: 1", "BELUM TAYANG, TERBUKTI: 1", "- Dinas B",
        "Tolak tip – sampai 25 Apr 2024, 00.00 WIB, sisa 12 jam", "- Dinas C: belum terlihat sampai 24 Apr 11.00",
        "- Dinas D: belum teramati", "Laporan: https://laporan.example/2024-04-24/index.html",
    ]  # fmt: skip

    assert told.title == "Tayang: Kabupaten Uji, 24 April 2024"
    assert order == sorted(order, key=told.body.index)


def test_lists_name_agencies_by_kind_and_then_by_name() -> None:
    """Not by their ids: whoever looks for a kecamatan finds them together, in summary and reminder alike."""
    registry = [Agency("z1", "Dinas Sosial", "opd"), Agency("a9", "Kecamatan Wedi", "kecamatan"),
                Agency("k2", "Badan Kepegawaian", "opd"), Agency("b1", "Kecamatan Bayat", "kecamatan")]  # fmt: skip
    names = {one.agency_id: one.name for one in by_kind(registry)}
    awaited = [verdict(one, Status.PENDING) for one in ("a9", "b1", "gone", "k2", "z1")]
    told = scene(*awaited, names=names)
    dues = due_reminders(awaited, (48.0,))

    for message in (summary(told, WORDING), reminder(told, WORDING, dues)):
        assert re.findall(r"^- ([^:]+): belum", message.body, re.MULTILINE) == [
            "Badan Kepegawaian", "Dinas Sosial", "Kecamatan Bayat", "Kecamatan Wedi", "gone"]  # fmt: skip


def test_a_reminder_accuses_nobody_in_either_language() -> None:
    """It says up to when nothing was seen, never that an agency has not shown."""
    dues = due_reminders([verdict("c", Status.PENDING), verdict("d", Status.PENDING)], STAGES)
    told = reminder(scene(sights={duty("c").key: NOON}), WORDING, dues)
    english = reminder(scene(), Wording("en", ZONE), dues)

    assert "- c: belum terlihat sampai 24 Apr 12.00\n- d: belum teramati" in told.body
    assert "disalin ke WhatsApp" in told.body
    assert "belum menayangkan" not in told.body.lower()
    assert "belum tayang" not in told.body.lower()
    assert "- c: not observed yet" in english.body


NAMES = st.text(st.characters(codec="utf-8"), max_size=200)


@settings(max_examples=60)
@given(st.lists(st.tuples(NAMES, st.sampled_from(Status)), max_size=120), NAMES, st.sampled_from(["id", "en"]))
def test_no_message_is_longer_than_it_may_be(agencies: list[tuple[str, Status]], name: str, language: str) -> None:
    """Whatever the names: at most 3,500 characters, the link whole, one line as title."""
    verdicts = [verdict(f"a{number}", status) for number, (_, status) in enumerate(agencies)]
    shown = scene(
        *verdicts, name=name, names={f"a{n}": agency for n, (agency, _) in enumerate(agencies)},
        titles={("ikrar", "tip"): name}, report="https://x.example/" + "y" * 280, unseen=dict.fromkeys(Cause, 99),
    )  # fmt: skip
    wording = Wording(language, ZONE)
    messages = [summary(shown, wording), reminder(shown, wording, due_reminders(verdicts, STAGES))]

    assert messages[0].body.endswith(shown.report)
    for told in messages:
        assert len(told.body) <= LONGEST
        assert len(told.title.splitlines()) == 1


def test_what_is_left_out_is_counted() -> None:
    """Shown and not shown lines together are all of them; a short part gives its room away."""
    long = Part("lang", (Group("m", tuple(f"- {n:03} {'x' * 60}" for n in range(200))),))
    text = laid_out("kepala", [Part("pendek", (Group("", ("- satu",)),)), long], "kaki", "- dan {} lainnya".format)
    shown = text.count("x" * 60)

    assert 40 < shown < 200
    assert f"- dan {200 - shown} lainnya\n\nkaki" in text
    assert "pendek\n- satu\n" in text


# Settings and receivers

MINIMAL = '[instance]\nname = "Uji"\ntimezone = "Asia/Jakarta"\n'


def problems_of(home: Path, text: str) -> list[str]:
    (home / "tayang.toml").write_text(MINIMAL + text, encoding="utf-8")
    return [str(problem) for problem in load_instance(home)[1]]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("reminders_hours = [24, 0]", "tayang.toml:5: notify.reminders_hours: harus lebih dari 0"),
        ('reminders_hours = [24, "6"]', "tayang.toml:5: notify.reminders_hours: harus angka, bukan teks"),
        ("reminders_hours = 6", "tayang.toml:5: notify.reminders_hours: harus daftar angka"),
        ('report_url = "laporan.example"', "tayang.toml:5: notify.report_url: tulis alamat lengkap"),
        ('report_url = "https://u:p@laporan.example"', "tayang.toml:5: notify.report_url: tulis alamat lengkap"),
        ('urls_file = "tiada"', "tayang.toml:5: notify.urls_file: berkas 'tiada' tidak ada"),
        ('report = "https://x.example"', "tayang.toml:5: notify.report: 'report' tidak dikenal"),
    ],
)
def test_what_is_wrong_in_the_table_is_told_with_its_line(tmp_path: Path, line: str, expected: str) -> None:
    """As everywhere: file, line, column, what to write instead."""
    [told] = problems_of(tmp_path, f"[notify]\n{line}\n")

    assert told.startswith(expected)


@pytest.mark.parametrize(
    "line",
    [f'urls = ["discord://{SECRET}/x"]', f'report_url = "mailtos://u:{SECRET}@x.example"', f"# tgram://{SECRET}/1"],
)
def test_an_address_of_a_receiver_in_the_file_is_refused_without_being_shown(tmp_path: Path, line: str) -> None:
    """Also in a comment; the sentence names what to use instead."""
    told = problems_of(tmp_path, f"[notify]\n{line}\n")

    assert any("TAYANG_NOTIFY_URLS" in one or "urls_file" in one for one in told)
    assert SECRET not in "\n".join(told)


def test_the_table_is_read_with_its_defaults(tmp_path: Path) -> None:
    """Without the table nobody is told; stages are sorted, the address has no slash at the end."""
    read = []
    for text in ("", "[notify]\n", '[notify]\nreport_url = "https://x.example/t/"\nreminders_hours = [1, 3.5]\n'):
        assert problems_of(tmp_path, text) == []
        instance, _ = load_instance(tmp_path)
        read.append(instance.notify if instance else None)

    assert [None, NotifySettings(), NotifySettings("https://x.example/t", (3.5, 1.0))] == read


def test_receivers_come_from_the_environment_and_a_closed_file(tmp_path: Path) -> None:
    """Separated by spaces or lines, each once; a file that others can read is refused."""
    file = tmp_path / "urls"
    file.write_text("# ke kepala\njsons://b.example/x\n\njsons://a.example/x\n", encoding="utf-8")
    file.chmod(0o600)
    chosen, environ = NotifySettings(urls_file=file), {"TAYANG_NOTIFY_URLS": " jsons://a.example/x\n"}

    assert notify_urls(chosen, environ) == ("jsons://a.example/x", "jsons://b.example/x")
    file.chmod(0o640)
    if os.name == "posix":
        with pytest.raises(WrongUse, match="chmod 600"):
            notify_urls(chosen, environ)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"jsnos://x.example/{SECRET}", "penerima 1: 'jsnos' tidak dikenal; maksudnya 'jsons'?"),
        (f"https://x.example/{SECRET}", "penerima 1: tulis jsons://… sebagai ganti https://…"),
        (f"dbus://{SECRET}", "penerima 1: 'dbus' tidak dikenal"),
        (SECRET, "penerima 1: bukan alamat penerima"),
        (f"{SECRET}://x", "penerima 1: bukan alamat penerima"),
        (f"tgram://{SECRET}", "penerima 1: alamat tgram:// tidak lengkap"),
        (f"mailtos://u:{SECRET}@x.example?wkd=yes", "penerima 1: ['wkd'] tidak didukung"),
        (f"jsons://{'a' * 70}.example/{SECRET}", "penerima 1: alamat jsons:// tidak lengkap"),
    ],
)
def test_an_address_that_cannot_be_a_receiver_is_told_without_being_shown(url: str, expected: str) -> None:
    """By its number and scheme, with what to write instead."""
    receivers, [told] = receivers_of([url])

    assert receivers == []
    assert told.startswith(expected)
    assert SECRET not in told


def test_a_receiver_is_known_by_scheme_and_digest_without_its_password() -> None:
    """A new password is the same receiver; another address is another one; each is taken once."""
    old, new = (f"mailtos://u:{word}@mail.example?to=a@b.id" for word in (SECRET, "lain-sama-sekali"))
    receivers, problems = receivers_of([old, new, f"tgram://123456789:{'A' * 35}/42"])

    assert (problems, len(receivers)) == ([], 2)
    assert identity_of(old) == identity_of(new) == identity_of(f"{old}&pass=x")
    assert identity_of(old) != identity_of(old.replace("a@b", "c@b"))
    assert [f"mailtos:…{identity_of(old)[:8]}", "api.telegram.org"] == [receivers[0].label, receivers[1].host]
    assert SECRET not in repr(receivers)


@pytest.mark.parametrize(
    "url",
    [
        "json://127.0.0.1:9/x", "json://localhost/x", "json://[::1]:9/x", "jsons://169.254.169.254/latest",
        "json://2130706433/x", "mailto://u:p@public.example?smtp=10.0.0.1&to=a@b.id", "mailtos://u:p@192.168.1.2",
        "json://public.example@127.0.0.1/x",
    ],
)  # fmt: skip
def test_private_hosts_are_refused_unless_named(url: str) -> None:
    """The host that will be asked counts: for mail the server. The sentence says what to write."""
    [receiver], _ = receivers_of([url])
    named = f"[{receiver.host}]" if ":" in receiver.host else receiver.host
    refused = why_refused(receiver, ())

    assert refused
    assert f'allow_private_hosts = ["{named}:{receiver.port}"]' in refused
    assert why_refused(receiver, (f"{named}:{receiver.port}",)) is None
    assert why_refused(receiver, (f"{named}:1",)) is not None


# By real servers on loopback


@dataclass
class Hook:
    """A webhook: what it was posted; `answers` are its next codes, then 200."""

    port: int = 0
    bodies: list[dict[str, Any]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    location: str = ""

    @property
    def url(self) -> str:
        return f"json://u:{SECRET}@127.0.0.1:{self.port}/{SECRET}-jalan"

    @property
    def titles(self) -> list[str]:
        return [body["title"] for body in self.bodies]


@contextmanager
def hooked() -> Iterator[Hook]:
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            hook.seen.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"]))
            code = hook.answers.pop(0) if hook.answers else 200
            if code == 200:
                hook.bodies.append(json.loads(body))
            self.send_response(code)
            if hook.location:
                self.send_header("Location", hook.location)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def hook() -> Iterator[Hook]:
    with hooked() as one:
        yield one


class Mailbox:
    """A mail server's handler that keeps what it takes."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails.append(envelope.content)
        return "250 OK"


def free_port() -> int:
    """The mail server asks itself by the port that it was given: 0 will not do."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class World:
    """A workspace in which two agencies owe one material, and what was told on stderr."""

    workspace: Workspace
    told: list[str] = field(default_factory=list)

    @property
    def home(self) -> Path:
        return self.workspace.instance.home

    @property
    def store(self) -> Store:
        return Store(self.home / "tayang.duckdb")

    def pending(self, as_of: datetime) -> list[Verdict]:
        return [Verdict(one, Status.PENDING, as_of) for one in self.workspace.duties]

    def run(self, as_of: datetime = NOON, *verdicts: Verdict) -> None:
        """What a run does at its end; without verdicts everybody is pending."""
        tell_after_run(self.workspace, self.store, verdicts or self.pending(as_of), as_of, self.told.append)

    def outcomes(self) -> list[tuple[str, str, int]]:
        sql = "SELECT kind, outcome, attempts FROM notifications WHERE outcome <> 'begun' ORDER BY sent_at, subject"
        return [(row["kind"], row["outcome"], row["attempts"]) for row in self.store.rows(sql)]


CAMPAIGN = """\
id = "ikrar"
title = "Ikrar"
[[material]]
id = "tip"
title = "Tolak <b>tip</b> & suap"
kind = "text"
caption = "Kami menolak tip, suap dan gratifikasi dalam bentuk apa pun."
[[duty]]
material = "tip"
opens = 2024-04-24
closes = 2024-04-25
"""
FILES = {
    "tayang.toml": f'{MINIMAL}[crawl]\nallow_private_hosts = ["127.0.0.1"]\n'
    '[notify]\nreport_url = "https://laporan.example"\n',
    "registry/agencies.csv": "agency_id,name,kind,parent_id,active_from,active_until\n"
    "dinkes,Dinas <script>alert(1)</script>,opd,,,\ndlh,Dinas LH,opd,,,\n",
    "registry/accounts.csv": "agency_id,channel,handle,native_id,active_from,active_until\n"
    "dinkes,instagram,@dinkes,,,\n",
    "campaigns/ikrar/campaign.toml": CAMPAIGN,
}


@pytest.fixture
def world(tmp_path: Path, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> World:
    home = tmp_path / "home"
    for name, text in FILES.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("TAYANG_NOTIFY_URLS", hook.url)
    made = World(open_workspace(home))
    made.store.prepare()
    return made


def test_a_webhook_gets_each_message_once(world: World, hook: Hook) -> None:
    """A summary and a reminder after the first run, nothing after the same again, the next stage in its time."""
    world.run()
    world.run(NOON + HOUR)
    first = list(hook.titles)
    world.run(CLOSES - 5 * HOUR)

    assert first == ["Tayang: Uji, 24 April 2024", "Pengingat tayang: Uji"]
    assert [*first, "Pengingat tayang: Uji"] == hook.titles
    assert "https://laporan.example/2024-04-24/index.html" in hook.bodies[0]["message"]
    assert (world.told, len(world.outcomes())) == ([], 5)


@pytest.mark.slow
def test_a_reminder_goes_only_to_who_is_still_awaited(world: World, hook: Hook) -> None:
    """Who has shown, is exempt, unknown or under review is not named."""
    at = CLOSES - HOUR
    first, second = world.workspace.duties
    world.run(at, Verdict(first, Status.PENDING, at), Verdict(second, Status.REVIEW, at))
    reminded = hook.bodies[1]["message"]
    hook.bodies.clear()
    for status in set(Status) - {Status.PENDING}:
        world.run(at, *(Verdict(one, status, at) for one in (first, second)))

    assert ("<script>" in reminded, "Dinas LH" in reminded) == (True, False)
    assert {"Tayang: Uji, 24 April 2024"} == set(hook.titles)


@pytest.mark.slow
def test_mail_arrives_as_text_and_no_markup_passes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with tags in it is shown as it is written, in every part of the mail."""
    box, port = Mailbox(), free_port()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        address = f"mailto://127.0.0.1:{port}?from=tayang@uji.example&to=a@uji.example"
        monkeypatch.setenv("TAYANG_NOTIFY_URLS", f"{address} {address}&format=html")
        world.run()
    finally:
        server.stop()
    mails = [message_from_bytes(raw, policy=policy.default) for raw in box.mails]
    parts = [part for mail in mails for part in mail.walk() if part.get_content_maintype() == "text"]
    html = "".join(part.get_content() for part in parts if part.get_content_subtype() == "html")
    subjects = {"Tayang: Uji, 24 April 2024", "Pengingat tayang: Uji"}

    assert subjects == {mail["subject"] for mail in mails}
    assert len(mails) == 4
    assert any("belum teramati" in part.get_content() for part in parts)
    assert "&lt;script&gt;" in html
    assert "<script>" not in html
    assert "<b>tip" not in html
    assert {("reminder", "sent", 1), ("summary", "sent", 1)} == set(world.outcomes())


@pytest.mark.slow
def test_what_failed_is_tried_again_and_once_delivered_never(world: World, hook: Hook) -> None:
    """A server's fault costs a line on stderr and a row; the run goes on."""
    hook.answers = [500, 503]
    world.run()
    failed = set(world.outcomes())
    for hour in (1, 2):
        world.run(NOON + hour * HOUR)

    assert {("summary", "failed", 1), ("reminder", "failed", 1)} == failed
    assert len(hook.titles) == 2
    assert {("summary", "sent", 2), ("reminder", "sent", 2)} == set(world.outcomes()) - failed
    assert [f"HTTP {code};" in line for code, line in zip((500, 503), world.told, strict=True)] == [True, True]


@pytest.mark.slow
def test_a_receiver_that_never_answers_is_given_up(world: World, hook: Hook) -> None:
    """Tried once and three times more; the next stage begins anew."""
    hook.answers = [500] * 99
    for _ in range(6):
        world.run()

    assert len(hook.seen) == 2 * (1 + RETRIES)
    world.run(CLOSES - HOUR)
    assert len(hook.seen) == 2 * (1 + RETRIES) + 1


def test_one_receiver_down_keeps_nothing_from_the_other(
    world: World, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is told for itself: the one that was up is not told twice."""
    with hooked() as other:
        other.answers = [500, 500]
        monkeypatch.setenv("TAYANG_NOTIFY_URLS", f"{other.url} {hook.url}")
        world.run()
        first = (len(other.bodies), len(hook.bodies))
        world.run()

        assert first == (0, 2)
        assert (len(other.bodies), len(hook.bodies)) == (2, 2)


def test_a_kill_between_recording_and_sending_costs_one_attempt(world: World, hook: Hook) -> None:
    """A message that was begun and never ended is sent by the next run, as its second attempt."""
    [due] = due_summary(world.pending(NOON), date(2024, 4, 24))
    one_id = due.id_for(identity_of(hook.url))
    note_begun(world.store, Told("summary", "json:…", NOON, ((one_id, due.subject, 1),)))
    world.run()

    assert ("summary", "sent", 2) in world.outcomes()
    assert len(hook.bodies) == 2


def test_a_kill_between_the_seal_and_the_store_repeats_nothing(world: World, hook: Hook) -> None:
    """The ledger tells the store what was sent."""
    world.run()
    with world.store.open() as connection:
        connection.execute("DELETE FROM notification_rows WHERE outcome = 'sent'")
    world.run()

    assert [outcome for _, outcome, _ in world.outcomes()] == ["sent", "sent", "sent"]
    assert len(hook.bodies) == 2


def test_a_redirect_is_not_followed(world: World, hook: Hook) -> None:
    """It would lead to an address that was not checked."""
    with hooked() as other:
        hook.answers, hook.location = [307, 307], f"http://127.0.0.1:{other.port}/"
        world.run()

        assert other.seen == []
    assert {"failed"} == {outcome for _, outcome, _ in world.outcomes()}


def test_a_private_receiver_is_refused_and_told(world: World, hook: Hook) -> None:
    """Nothing is sent, nothing recorded; the run goes on with a line on stderr."""
    rules = replace(world.workspace.instance.crawl, allow_private_hosts=())
    world.workspace = replace(world.workspace, instance=replace(world.workspace.instance, crawl=rules))
    world.run()

    assert (hook.seen, world.outcomes()) == ([], [])
    assert f'allow_private_hosts = ["127.0.0.1:{hook.port}"]' in "".join(world.told)


def test_no_secret_is_in_store_evidence_or_what_is_told(
    world: World, hook: Hook, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """Delivered, refused by the server or not reached: neither password nor path is anywhere."""
    caplog.set_level("DEBUG")
    hook.answers = [500]
    world.run()
    with hooked() as gone:
        pass
    monkeypatch.setenv("TAYANG_NOTIFY_URLS", f"{gone.url} jsnos://{SECRET}")
    world.run()
    told = "".join([*capfd.readouterr(), caplog.text, *world.told])
    kept = [path for path in world.home.rglob("*") if path.is_file()]

    assert "no connection" in told
    assert SECRET not in told
    assert {"tayang.duckdb", "ledger.jsonl"} <= {path.name for path in kept}
    assert [path.name for path in kept if SECRET.encode() in path.read_bytes()] == []


def test_nobody_to_tell_is_told_and_ends_no_run(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table without a receiver is a line on stderr."""
    monkeypatch.delenv("TAYANG_NOTIFY_URLS")
    world.run()

    assert "TAYANG_NOTIFY_URLS" in "".join(world.told)


@pytest.mark.slow
def test_a_store_made_again_knows_what_was_sent(world: World, hook: Hook) -> None:
    """The ledger holds it: after `rebuild` nobody is told twice."""
    world.run()
    before = world.outcomes()
    rebuild(world.workspace)
    world.run()
    kinds = [line["kind"] for line in read_lines(world.home / "evidence" / "ledger.jsonl")]

    assert before == world.outcomes()
    assert len(hook.bodies) == 2
    assert kinds == ["notification", "notification", "rebuilt"]


def test_the_command_says_when_nothing_is_due(world: World, hook: Hook) -> None:
    """Long after the windows nothing is sent, shown or not."""
    shown = here("notify", "--dry-run", "--json", "--home", str(world.home))
    sent = here("notify", "--home", str(world.home))

    assert (shown.returncode, json.loads(shown.stdout)) == (0, {"messages": []})
    assert (sent.returncode, sent.stdout) == (0, "tidak ada yang perlu dikirim\n")
    assert hook.seen == []


def test_a_dry_run_records_nothing(world: World, hook: Hook) -> None:
    """What would be sent is still due afterwards."""
    said = world.pending(NOON)
    desk = Desk(world.workspace, world.store, world.told.append)
    first, second = (list(tell_all(desk, said, NOON, is_dry=True)) for _ in range(2))

    assert first == second
    assert [one.kind for one in first] == ["summary", "reminder"]
    assert (hook.seen, world.outcomes()) == ([], [])


def test_check_names_a_wrong_receiver(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 2, nothing contacted, nothing shown of the address."""
    monkeypatch.setenv("TAYANG_NOTIFY_URLS", f"jsnos://{SECRET}")
    done = here("check", "--home", str(world.home))

    assert (done.returncode, "maksudnya 'jsons'" in done.stderr, SECRET in done.stderr) == (2, True, False)


@pytest.mark.slow
def test_a_run_ends_with_its_messages(tmp_path: Path, hook: Hook) -> None:
    """By the front door: exit code as without; an instant that was asked for tells nobody."""
    small = SmallWorld(tmp_path, [an_account("dinkes")])
    with small.sandbox() as sandbox:
        small.write(port=int(sandbox.hosts[0].rpartition(":")[2]))
        toml = tmp_path / "tayang.toml"
        hosts = f'allow_private_hosts = ["127.0.0.1:{hook.port}", '
        toml.write_text(toml.read_text().replace("allow_private_hosts = [", hosts) + "[notify]\n")
        asked = small.tayang("run", "--as-of", "2024-04-24", TAYANG_NOTIFY_URLS=hook.url)
        before = list(hook.seen)
        hook.answers = [500]
        failed = small.tayang("run", TAYANG_NOTIFY_URLS=hook.url)
        done = small.tayang("notify", TAYANG_NOTIFY_URLS=hook.url)

    assert (asked.returncode, before) == (0, []), asked.stderr
    assert (failed.returncode, "HTTP 500" in failed.stderr) == (0, True), failed.stderr
    assert (done.returncode, len(hook.bodies)) == (0, 1), done.stderr
    assert "BELUM TAYANG, TERBUKTI: 1" in hook.bodies[0]["message"]
    assert hook.bodies[0]["message"] in done.stdout
