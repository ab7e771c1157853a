"""A run in which Tayang itself has trouble: what a person, a program and a monitor are told of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from crawler.sandbox.graph import GraphWorld
from crawler.sandbox.server import Sandbox
from pipelines.alarms import FRESH, KINDS, SILENT, Alarm
from pipelines.store import Store
from queries.alarms import headline, notices, read_alarms, sentence
from queries.metrics import Family, exposition
from queries.notify.layout import LONGEST
from queries.notify.message import Scene, summary
from queries.reader import open_store, rows
from queries.wording import Wording
from tests.small_world import PLEDGE, TOKEN, SmallWorld, a_post, an_account, local, read

ID, EN = (Wording(language, ZoneInfo("Asia/Jakarta")) for language in ("id", "en"))
LEAD = "Hari ini Tayang sendiri bermasalah: Instagram: tidak satu pun dari 1 akun penanda"


@dataclass(frozen=True)
class Day:
    """A run with a canary that has nothing new; all else is well."""

    world: SmallWorld
    done: CompletedProcess[str]

    def file(self, name: str) -> Path:
        [report] = self.world.home.glob("reports/*/report.json")
        return report.with_name(name)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    office, canary = an_account("office", a_post(1, PLEDGE, local(2, 9))), an_account("canary")
    world = SmallWorld(tmp_path_factory.mktemp("alarm") / "home", [office])
    with Sandbox(GraphWorld([office, canary], TOKEN)) as sandbox:
        world.write(port=sandbox.graph_port)
        settings = world.home / "tayang.toml"
        settings.write_text(f'{settings.read_text()}[health]\ncanaries = ["instagram:@Canary"]\n', encoding="utf-8")
        yield Day(world, world.tayang("run", "--json"))


def test_an_alarm_makes_exit_1_and_is_said_first(day: Day) -> None:
    """All accounts were observed, and still the run does not end as if nothing were strange."""
    result = read(day.done)
    told = [line for line in day.done.stderr.splitlines() if line and "/2" not in line]

    assert (day.done.returncode, result["unobserved"]) == (1, [])
    assert told[0].startswith(LEAD)
    alarms = [(one["kind"], one["channel"], one["is_withheld"]) for one in result["alarms"]]
    assert alarms == [("canary", "instagram", False)]


def test_the_report_says_it_before_any_figure(day: Day) -> None:
    """HTML and JSON as the run wrote them; the workbook's first line."""
    page = day.file("index.html").read_text(encoding="utf-8")
    assert 0 < page.index(LEAD) < page.index('class="figures"')
    assert json.loads(day.file("report.json").read_text(encoding="utf-8"))["alarms"][0]["kind"] == "canary"

    assert day.world.here("report", "--format", "xlsx").returncode == 0
    summary_sheet = load_workbook(day.file("report.xlsx")).worksheets[0]
    assert str(summary_sheet["B5"].value).startswith(LEAD)


def test_a_canary_leaves_visits_and_evidence_and_nothing_else(day: Day) -> None:
    """It is looked at first, its answer is kept; no post, duty or verdict knows it, and the others are judged."""
    with closing(open_store(day.world.home / "tayang.duckdb")) as connection:
        seen = rows(connection, "SELECT handle, agency_id, outcome FROM visits ORDER BY started_at")
        kept = rows(connection, "SELECT count(*) AS n FROM evidence WHERE account = 'instagram:canary'")
        posts = rows(connection, "SELECT DISTINCT handle FROM posts")

    assert [(one["handle"], one["agency_id"]) for one in seen] == [("canary", ""), ("office", "office")]
    assert (kept[0]["n"] > 0, [one["handle"] for one in posts]) == (True, ["office"])
    assert day.world.verdicts() == {"office": ("fulfilled", "")}


def test_the_run_leaves_a_log_without_the_token(day: Day) -> None:
    """One line a visit with its cost, the alarm, and how the run ended."""
    [path] = (day.world.home / "logs").glob("*.jsonl")
    text = path.read_text(encoding="utf-8")
    lines: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines()]

    assert TOKEN not in text
    assert sorted(line["event"] for line in lines) == ["alarm", "run", "visit", "visit"]
    visit = next(line for line in lines if line.get("account") == "instagram:office")
    assert (visit["outcome"], visit["posts"], visit["requests"]) == ("complete", 1, 1)
    assert visit["bytes"] > 0
    assert lines[-1]["exit_code"] == 1


def test_metrics_are_openmetrics_and_name_nobody(day: Day) -> None:
    """The official parser reads them; labels are words of closed lists."""
    text = (day.world.home / "metrics.prom").read_text(encoding="utf-8")
    found = {family.name: family.samples for family in text_string_to_metric_families(text)}
    values = {name: samples[0].value for name, samples in found.items()}

    assert (values["tayang_run_exit_code"], values["tayang_alarms"]) == (1, 1)
    assert found["tayang_alarm"][0].labels == {"channel": "instagram", "kind": "canary"}
    assert found["tayang_verdicts"][0].labels == {"status": "fulfilled"}
    assert found["tayang_visits"][0].value == 2
    assert values["tayang_store_bytes"] == pytest.approx((day.world.home / "tayang.duckdb").stat().st_size, rel=0.5)
    assert values["tayang_run_duration_seconds"] > 0
    assert "office" not in text


def test_labels_and_help_are_escaped() -> None:
    """Whatever a word holds, the file can be read and gives it back."""
    odd = 'a"b\\c\nd'
    text = exposition([Family("x_bytes", f"help {odd}", [((("kind", odd),), 1.0)]), Family("none", "left out", [])])
    [family] = text_string_to_metric_families(text)

    assert (family.samples[0].labels, family.unit) == ({"kind": odd}, "bytes")
    assert text.endswith("# EOF\n")


def an_alarm(kind: str, is_withheld: bool = False) -> Alarm:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return Alarm("run-1", "news", at, kind, 0.4, 0.95, 38, is_withheld, "https://a.example")


@pytest.mark.parametrize("kind", [*KINDS, SILENT])
def test_every_kind_has_its_sentence_in_both_languages(kind: str) -> None:
    """No alarm without words, of a channel or an account as people call it; what is withheld says so with its run."""
    for wording, channel, account in ((ID, "situs web:", "situs https:"), (EN, "websites:", "site https:")):
        assert sentence(an_alarm(kind), wording).startswith(account if kind == SILENT else channel)
        assert "run-1" in sentence(an_alarm(kind, is_withheld=True), wording)


def test_a_past_report_tells_of_the_alarms_of_its_time(tmp_path: Path) -> None:
    """Trouble of the 22nd is no trouble of the 21st, nor the other way round; before the first run, that one's."""
    store = Store(tmp_path / "tayang.duckdb")
    store.prepare()
    for day in (20, 22):
        started = datetime(2024, 4, day, tzinfo=UTC)
        about = {"run_id": f"run-{day}", "channel": "instagram", "started_at": started}
        alarm = {"handle": "", "kind": FRESH, "found": 0.0, "usual": 0.5, "sample": 9, "is_withheld": False}
        store.append({"reading_rows": [{**about, "name": "posts", "number": 1}], "alarm_rows": [{**about, **alarm}]})
    with closing(open_store(store.path)) as connection:
        told = [read_alarms(connection, datetime(2024, 4, day, 12, tzinfo=UTC)) for day in (19, 20, 21, 22)]
        newest = read_alarms(connection)

    assert [[one.run_id for one in found] for found in told] == [["run-20"]] * 3 + [["run-22"]]
    assert newest == told[-1]


def test_a_notice_is_no_trouble_of_ours() -> None:
    """An account that fell silent never opens a report or a message."""
    assert headline([an_alarm(SILENT)], ID) == []
    assert len(notices([an_alarm(SILENT), an_alarm(FRESH)])) == 1


def test_a_message_begins_with_the_alarms() -> None:
    """Before the name and any figure, and within the bound however many there are."""
    lines = headline([an_alarm(kind, is_withheld=True) for kind in KINDS], ID)
    scene = Scene("Kabupaten", date(2026, 3, 2), datetime(2026, 3, 2, tzinfo=UTC), [], {}, {}, {}, {}, alarms=lines)
    body = summary(scene, ID).body

    assert body.startswith("Hari ini Tayang sendiri bermasalah: situs web:")
    assert body.index("Kabupaten") > body.index("bermasalah")
    assert len(body) <= LONGEST
