"""The daily report: honest, the same every time, safe against what people write, and small."""

from __future__ import annotations

import json
import re
import shutil
import string
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageStat
from questions_store import Facts, at
from test_queries_world import AS_OF, DAY, ZONE, World, clip, connection, midnight, world

from crawler.errors import WrongUse
from crawler.instance import Signatory
from crawler.items import Agency, Cause, Outcome, Span
from pipelines.items import Duty, Grade, Status, Verdict
from pipelines.store import Store
from queries.reader import Connection, open_store
from queries.report import ReportRequest, write_report
from queries.report.captions import clean, graphemes, shorten
from queries.report.content import content_of
from queries.report.facts import read_looks, read_visits
from queries.report.page import Page, safe_link
from queries.report.scope import LOOK_BACK_DAYS, columns_of, local_day, matrix_of
from queries.report.workbook_lists import Line, Teller
from queries.review.cases import looks_at
from queries.site.facts import read_accounts
from queries.thumbnails import PAGE_BUDGET_BYTES, thumbnail
from queries.wording import Wording, catalogue

__all__ = ["connection", "world"]  # fixtures

FOLDER = Path(__file__).parent.parent / "queries" / "report"


@dataclass(frozen=True)
class Office:
    """An instance as the report needs it."""

    name: str = "Pemerintah Kabupaten Klaten"
    zone: ZoneInfo = ZONE
    language: str = "id"
    letterhead: tuple[str, ...] = ("PEMERINTAH KABUPATEN KLATEN", "INSPEKTORAT DAERAH")
    logo: Path | None = None
    signatory: Signatory | None = None


@pytest.fixture
def request_(world: World, connection: Connection, tmp_path: Path) -> ReportRequest:
    """A report of the synthetic world."""
    return ReportRequest(
        world.home,
        Office(),
        DAY,
        AS_OF,
        world.verdicts,
        world.campaigns,
        world.agencies,
        connection,
        tmp_path / "out",
    )


def page_of(request: ReportRequest) -> str:
    """The page as text."""
    [path] = write_report(replace(request, formats=("html",)))
    return path.read_text(encoding="utf-8")


def json_of(request: ReportRequest) -> dict[str, Any]:
    """report.json as values."""
    [path] = write_report(replace(request, formats=("json",)))
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


class Tags(HTMLParser):
    """Every start tag with its attributes, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def parsed(page: str) -> Tags:
    """The page taken apart."""
    tags = Tags()
    tags.feed(page)
    return tags


def test_same_inputs_give_the_same_bytes(request_: ReportRequest) -> None:
    """Nothing in either file depends on the clock, the order of the input or the folder."""
    first = [path.read_bytes() for path in write_report(request_)]
    shuffled = replace(request_, verdicts=tuple(reversed(request_.verdicts)), out=request_.out / "again")

    assert first == [path.read_bytes() for path in write_report(shuffled)]


def test_page_loads_and_runs_nothing(request_: ReportRequest) -> None:
    """No script, no outside source, no inline style; the policy allows only the page's own style."""
    found = parsed(page_of(request_))

    assert {"script", "link", "iframe", "object", "form", "base"}.isdisjoint(tag for tag, _ in found.tags)
    assert not [a for _, a in found.tags for key in a if key.startswith("on") or key == "style"]
    sources = [a[key] or "" for tag, a in found.tags for key in ("src", "href", "srcset") if key in a and tag != "a"]
    assert all(source.startswith(("data:image/jpeg;base64,", "#")) for source in sources)
    assert "default-src 'none'; img-src data:; style-src 'sha256-" in page_of(request_)


def test_captions_cannot_break_out(request_: ReportRequest) -> None:
    """HTML in a caption is text; direction overrides and zero-width characters are gone."""
    page = page_of(request_)

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert not set("\u202e\u202c\u2066\u200b") & set(page)
    assert len(page.encode()) < 300_000


def test_every_anchor_leads_somewhere(request_: ReportRequest) -> None:
    """Matrix cells and lists link to cards that exist, once each; so do the pictures."""
    found = parsed(page_of(request_))
    ids = [a["id"] for _, a in found.tags if "id" in a]

    assert len(ids) == len(set(ids))
    assert {a["href"] for _, a in found.tags if (a.get("href") or "").startswith("#")} <= {f"#{one}" for one in ids}


def test_what_was_not_observed_stands_before_the_matrix(request_: ReportRequest) -> None:
    """Causes, accounts and what to do come first, in plain words."""
    page = page_of(request_)

    assert page.index('class="unseen"') < page.index('class="matrix"')
    for words in (
        "Akses ditolak oleh sumber",
        "Tidak ada akun terdaftar",
        "Instagram @dissos.klaten",
        "HTTP 429",
    ):
        assert page.index(words) < page.index('class="matrix"')


def test_everything_observed_is_said(request_: ReportRequest, world: World, tmp_path: Path) -> None:
    """Without obstacles the report says that everything was observed."""
    store = Path(shutil.copy(world.store, tmp_path / "calm.duckdb"))
    with closing(duckdb.connect(store)) as writer:
        writer.execute("UPDATE visit_rows SET outcome = 'complete', cause = NULL")
        writer.execute("UPDATE post_rows SET unread = NULL, media = []")
    seen = tuple(v for v in request_.verdicts if v.status is not Status.UNKNOWN)
    with closing(open_store(store)) as calm:
        page = page_of(replace(request_, verdicts=seen, connection=calm))

    assert "Semua teramati." in page


def test_what_was_published_after_the_reports_instant_is_not_in_it(request_: ReportRequest, tmp_path: Path) -> None:
    """A later day's unreadable post, inside a window that was still open, is no matter of a past day's report."""
    told = json_of(request_)
    moved = told["not_read"][0]["post_id"]
    store = Path(shutil.copy(request_.home / "tayang.duckdb", tmp_path / "later.duckdb"))
    with closing(duckdb.connect(store)) as writer:
        writer.execute("UPDATE post_rows SET published_at = $at, published_until = $at WHERE post_id = $post",
                       {"at": AS_OF + timedelta(minutes=1), "post": moved})  # fmt: skip
    with closing(open_store(store)) as later:
        left = json_of(replace(request_, connection=later))["not_read"]

    assert max(verdict["closes_at"] for verdict in told["verdicts"]) > told["as_of"]
    assert left == [one for one in told["not_read"] if one["post_id"] != moved]


def test_a_run_over_one_channel_does_not_hide_the_others(request_: ReportRequest, world: World, tmp_path: Path) -> None:
    """What the last visit of an account could not see is told, even if a later run left it out."""
    store = Path(shutil.copy(world.store, tmp_path / "partial.duckdb"))
    with closing(duckdb.connect(store)) as writer:
        writer.execute("""INSERT INTO visit_rows SELECT * REPLACE ('run-3' AS run_id,
            started_at + INTERVAL 1 HOUR AS started_at) FROM visit_rows WHERE channel = 'news'""")
        writer.execute("DELETE FROM visit_rows WHERE handle = 'setda.klaten'")
    with closing(open_store(store)) as later:
        told = json_of(replace(request_, connection=later))["not_observed"]

    found = {(one["cause"], one["account"]) for one in told}
    assert {("blocked", "instagram:dissos.klaten"), ("not_visited", "instagram:setda.klaten")} <= found


def test_figures_count_what_can_be_judged(request_: ReportRequest) -> None:
    """Bans, open windows, exempt, unknown and review do not enter the headline; what was shown ahead is told apart."""
    told = json_of(request_)
    figures, by = told["figures"], told["figures"]["by_status"]
    ended = [v["status"] for v in told["verdicts"] if v["closes_at"] <= told["as_of"]]

    assert figures["ahead"] > 0
    assert by["fulfilled"] == figures["done"] + figures["ahead"]
    assert figures["due"] == sum(map(ended.count, ("fulfilled", "late", "early", "incomplete", "missing")))
    assert figures["duties"] == sum(by.values())
    assert set(by) == {status.value for status in Status}


def test_json_is_as_documented(request_: ReportRequest) -> None:
    """Every key of report.json stands in KEYS.md."""
    documented = set(re.findall(r"[a-z_0-9]+", (FOLDER / "KEYS.md").read_text(encoding="utf-8")))
    open_maps = {"by_status", "outcomes", "explanation"}

    def keys(value: Any) -> set[str]:
        if isinstance(value, list):
            return set().union(*map(keys, value)) if value else set()
        if not isinstance(value, dict):
            return set()
        return set(value).union(*(keys(v) for k, v in value.items() if k not in open_maps))

    assert keys(json_of(request_)) <= documented


def test_a_span_is_told_as_one(request_: ReportRequest) -> None:
    """`days` before the day count: none leaves the day's own windows, all of them are told in the method."""
    alone, month = (json_of(replace(request_, days=days)) for days in (0, 30))

    assert alone["days_before"] == 0
    assert all(duty["is_today"] for duty in alone["duties"])
    assert len(month["duties"]) > len(alone["duties"])
    assert {json.dumps(one) for one in alone["verdicts"]} <= {json.dumps(one) for one in month["verdicts"]}
    assert "30 hari sebelumnya" in page_of(replace(request_, days=30))


def test_what_media_wrote_is_told_apart_from_every_duty(request_: ReportRequest) -> None:
    """An article is listed with its words; where only a title is known, that is said; no verdict names it."""
    page, told = page_of(request_), json_of(request_)

    assert told["media_coverage"]["outlets"] == 1
    assert [one["is_read"] for one in told["media_coverage"]["articles"]] == [True, False]
    assert "Liputan media" in page
    assert page.count("hanya judul dari daftar") == 1
    assert "<script>alert(2)" not in page
    assert not [one for one in told["verdicts"] if (one["post_id"] or "").startswith("media:")]


def test_all_is_not_called_observed_where_nobody_ever_looked(
    request_: ReportRequest, world: World, tmp_path: Path
) -> None:
    """A store without a visit, and no duty that could suffer from it: the page does not claim that all was read."""
    store = tmp_path / "store.duckdb"
    shutil.copy(world.store, store)
    with closing(duckdb.connect(store)) as writing:
        for table in ("visit_rows", "post_rows"):
            writing.execute(f"DELETE FROM {table}")
    with closing(open_store(store, ZONE.key)) as reading:
        page = page_of(replace(request_, connection=reading, verdicts=()))

    assert "Semua teramati." not in page
    assert "Belum pernah ada kunjungan" in page


def test_without_outlets_nothing_is_said_of_media(request_: ReportRequest, world: World, tmp_path: Path) -> None:
    """A workspace without outlets.csv has no empty section."""
    store = Path(shutil.copy(world.store, tmp_path / "bare.duckdb"))
    with closing(duckdb.connect(store)) as writer:
        writer.execute("DELETE FROM outlet_rows; DELETE FROM mention_rows")
    with closing(open_store(store)) as bare:
        page = page_of(replace(request_, connection=bare))

    assert "Liputan media" not in page


def test_english_report_has_no_indonesian_status(request_: ReportRequest) -> None:
    """The instance's language is used throughout."""
    page = page_of(replace(request_, instance=Office(language="en")))

    assert "Daily Verification Report" in page
    assert "Belum tayang" not in page


def test_signatory_and_logo_are_optional(request_: ReportRequest, tmp_path: Path) -> None:
    """A signatory is named; a logo that is no picture is left out; both may be absent."""
    (tmp_path / "logo.png").write_text("no picture")
    office = Office(logo=tmp_path / "logo.png", signatory=Signatory("Budi <b>", "Inspektur", "1970"))

    assert "Budi &lt;b&gt;" in page_of(replace(request_, instance=office))
    assert "NIP ……" in page_of(request_)


def test_empty_day_is_a_report_too(request_: ReportRequest) -> None:
    """No duties, no campaigns: the page says so."""
    page = page_of(replace(request_, verdicts=(), campaigns=(), agencies=()))

    assert "Tidak ada kewajiban tayang yang termasuk dalam laporan hari ini." in page
    assert "Tidak ada kewajiban tayang yang dapat dinilai, sehingga tidak ada bagian atau peringkat" in page
    assert "<figure" not in page


def test_unknown_format_is_refused_before_anything_is_written(request_: ReportRequest) -> None:
    """A format that does not exist leaves no folder behind."""
    with pytest.raises(WrongUse, match="html"):
        write_report(replace(request_, formats=("json", "htm")))
    assert not request_.out.exists()


def test_sixty_agencies_by_nine_duties_stay_small(request_: ReportRequest, world: World) -> None:
    """540 cards with pictures stay under 2 MB; on later days each is a line, still with its evidence."""
    shown = [v for v in world.verdicts if v.post_id]
    agencies = tuple(Agency(f"a{n}", f"Perangkat Daerah Nomor {n}", "opd") for n in range(60))
    verdicts = tuple(
        replace(shown[(n * 9 + d) % len(shown)], status=Status.FULFILLED, duty=_duty(f"a{n}", d))
        for n in range(60)
        for d in range(9)
    )
    page = page_of(replace(request_, verdicts=verdicts, agencies=agencies))

    assert page.count('<article class="card"') == 540
    # The synthetic world has few different pictures: in their place stands what 540 may take at most.
    words = re.sub(r"data:image/jpeg;base64,[^\"]+", "", page)
    assert len(words.encode()) + PAGE_BUDGET_BYTES * 4 // 3 < 2_000_000

    later = page_of(replace(request_, verdicts=verdicts, agencies=agencies, day=DAY + timedelta(days=3)))

    assert '<article class="card"' not in later
    assert later.count('<tr id="k') == 540
    assert len(later.encode()) < 900_000


def _duty(agency_id: str, number: int) -> Duty:
    start = midnight(24) + timedelta(minutes=number)
    return Duty("antikorupsi-2024", "tolak-tip", agency_id, Span(start, midnight(25)))


def _verdict(opens: datetime, closes: datetime, status: Status) -> Verdict:
    return Verdict(Duty("c", "m", "a", Span(opens, closes)), status, AS_OF)


def _is_reported(opens: datetime, closes: datetime, status: Status) -> bool:
    return bool(matrix_of([_verdict(opens, closes, status)], [], [], local_day(DAY, ZONE)).rows)


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [(24, 25, True), (20, 28, True), (17, 18, True), (10, 18, True), (25, 26, False), (16, 17, False)],
)
def test_which_duties_a_day_reports(opens: int, closes: int, expected: bool) -> None:
    """Windows that touch the day or the seven days before; they end exclusively on both sides."""
    assert _is_reported(midnight(opens), midnight(closes), Status.MISSING) is expected


@given(st.integers(-500, 500), st.integers(1, 400), st.sampled_from(Status), st.sampled_from(Status))
def test_how_a_duty_ended_never_decides_whether_it_is_reported(
    hours: int, length: int, one: Status, other: Status
) -> None:
    """Whatever the status, the same windows are in the report: no share is bent by leaving some out."""
    opens = midnight(24) + timedelta(hours=hours)
    closes = opens + timedelta(hours=length)

    assert _is_reported(opens, closes, one) == _is_reported(opens, closes, other)
    assert _is_reported(opens, closes, one) == (opens < midnight(25) and closes > midnight(24 - LOOK_BACK_DAYS))


def test_a_kept_promise_of_yesterday_still_counts() -> None:
    """One fulfilled and one missing duty of an earlier day are one of two, with nothing for the day itself."""
    yesterday = [_verdict(midnight(22), midnight(23), status) for status in (Status.FULFILLED, Status.MISSING)]
    verdicts = [replace(v, duty=replace(v.duty, agency_id=name)) for v, name in zip(yesterday, "ab", strict=True)]

    matrix = matrix_of(verdicts, [], [], local_day(DAY, ZONE))

    assert (matrix.figures.done, matrix.figures.due) == (1, 2)
    assert (matrix.todays.duties, [column.is_today for column in matrix.columns]) == (0, [False])


def test_one_post_before_two_windows_is_told_for_both(request_: ReportRequest) -> None:
    """Early for the 24th and for the 26th by one post: each says so of the other, in JSON and on the page."""
    early = next(verdict for verdict in request_.verdicts if verdict.status is Status.EARLY)
    twice = [replace(early, duty=replace(early.duty, window=Span(midnight(d), midnight(d + 1)))) for d in (22, 24)]
    request = replace(request_, verdicts=twice, formats=("html", "json"))
    page, told = (path.read_text(encoding="utf-8") for path in sorted(write_report(request)))

    assert [[one[8:10] for one in v["also_for"]] for v in json.loads(told)["verdicts"]] == [["24"], ["22"]]
    assert all(f"unggahan yang sama juga untuk jadwal {day} Apr" in page for day in (22, 24))
    assert all(v["also_for"] == [] for v in json_of(request_)["verdicts"] if v["status"] == "missing")


def test_a_past_report_tells_of_the_looks_of_its_time(tmp_path: Path) -> None:
    """Read on the 20th and blocked on the 22nd: each day's report tells its own; before the first look, that one."""
    facts = Facts(tmp_path)
    facts.agency("a", "opd", "a")
    facts.look("a", at(20), (at(19), at(20)))
    facts.look("a", at(22), None)
    store = Store(tmp_path / "tayang.duckdb")
    store.prepare()
    store.append(facts.tables)
    with closing(open_store(store.path)) as connection:
        told = [(*read_visits(connection, at(day)), *read_looks(connection, at(day))) for day in (19, 21, 22, 23)]

    assert [[one.outcome for one in found] for found in told] == [
        ["complete"] * 2, ["complete"] * 2, ["blocked"] * 2, ["blocked"] * 2,
    ]  # fmt: skip


def test_a_renamed_account_was_looked_at_under_its_old_name(tmp_path: Path) -> None:
    """It is not "could not be visited", in report, site and desk; a newer look under the new name comes before."""
    facts = Facts(tmp_path)
    for agency_id in ("a", "b"):
        facts.agency(agency_id, "opd", agency_id)
        facts.look(agency_id, at(20), (at(19), at(20)), native_id=agency_id, handle=f"old-{agency_id}")
        facts.add("former_name_rows", channel="instagram", handle=f"old-{agency_id}", native_id=agency_id,
                  agency_id=agency_id, now_handle=agency_id)  # fmt: skip
    facts.look("b", at(21), None)
    store = Store(tmp_path / "tayang.duckdb")
    store.prepare()
    store.append(facts.tables)
    accounts = ["instagram:a", "instagram:b"]
    with closing(open_store(store.path)) as connection:
        told = [[(one.handle, one.outcome) for one in read_looks(connection, at(day))] for day in (20, 22)]
        desk = [(one.account, one.outcome) for one in looks_at(connection, accounts, Span(at(19), at(20)))]
        site = [(one.key, one.outcome) for found in read_accounts(connection, at(19)).values() for one in found]

    assert told == [[("a", "complete"), ("b", "complete")], [("a", "complete"), ("b", "blocked")]]
    assert desk == site == list(zip(accounts, ("complete", "blocked"), strict=True))


def test_the_proof_of_an_absence_names_the_former_name_of_an_account(request_: ReportRequest) -> None:
    """Evidence of the time before the renaming bears the old name: whoever checks it must know that it is the same."""
    [missing, *_] = [one for one in request_.verdicts if one.status is Status.MISSING]
    account = missing.duty.accounts[0]
    renamed = replace(content_of(request_), former={account: ("instagram:lama",)})
    wording = Wording("id", ZONE)
    told = Page(renamed, wording, {}).context()["read"](missing)

    assert told.startswith(f"{wording.account(account)} (dahulu Instagram @lama)")
    assert told.count("dahulu") == 1
    assert Teller(renamed, wording).told("accounts", Line(missing, renamed.matrix.columns[0], "")) == (told,)


def test_two_campaigns_with_one_title_are_told_apart(world: World) -> None:
    """Where both are in the matrix the campaign's title follows; alone, a title stays as it is written."""
    [first, second, *_] = world.campaigns
    twin = replace(second, materials=tuple(replace(one, title=first.materials[0].title) for one in second.materials))
    both = columns_of(world.verdicts, [first, twin], local_day(DAY, ZONE))
    alone = columns_of([one for one in world.verdicts if one.duty.campaign_id == first.campaign_id], [first, twin],
                       local_day(DAY, ZONE))  # fmt: skip
    title = first.materials[0].title

    assert {f"{title} ({first.title})", f"{title} ({second.title})"} <= {one.material.title for one in both}
    assert title in {one.material.title for one in alone}


def test_a_day_of_bans_only_promises_no_share(request_: ReportRequest) -> None:
    """Nothing was to be shown, so nothing is "not yet" judged."""
    bans = tuple(one for one in request_.verdicts if one.duty.rule == "must_not")
    page = page_of(replace(request_, verdicts=bans))

    assert page.count("Hanya larangan: tidak ada yang harus ditayangkan.") == 2
    assert "Belum ada kewajiban" not in page


def test_todays_figures_come_first(request_: ReportRequest) -> None:
    """The day's own duties are counted apart, told before the seven days, and marked in the matrix."""
    page, told = page_of(request_), json_of(request_)

    assert page.index("Hari ini, 24 Apr") < page.index("Sejak 17 Apr")
    assert page.count('<th scope="col" class="today">') == sum(one["is_today"] for one in told["duties"]) == 3
    assert told["figures"]["today"]["duties"] == 3 * told["figures"]["agencies"] < told["figures"]["duties"]


def test_every_verdict_with_a_post_shows_where_its_evidence_lies(request_: ReportRequest) -> None:
    """Large or in a line, each one's address and full digests are on the page."""
    page = page_of(request_)
    shown = [one for one in json_of(request_)["verdicts"] if one["post_id"]]

    assert page.count('<article class="card"') + page.count('<tr id="k') == len(shown)
    assert '<tr id="k' in page
    for one in shown:
        assert one["post_url"] in page
        assert one["evidence"]["page_sha256"] in page
        assert (one["evidence"]["media_sha256"] or "") in page
    assert "Tingkat bukti: A – diambil sendiri" in page


def test_a_day_when_nothing_could_be_observed(request_: ReportRequest) -> None:
    """No share is claimed where nothing can be judged; what stood in the way is said instead."""
    unseen = tuple(
        Verdict(v.duty, Status.UNKNOWN, AS_OF, "blocked") for v in request_.verdicts if v.duty.rule == "must"
    )
    page = page_of(replace(request_, verdicts=unseen))

    assert 'class="big"' not in page
    assert "Belum ada kewajiban yang dapat dinilai." in page
    assert "Belum ada unggahan yang dikenali." in page


def test_technical_detail_comes_after_the_plain_cause(request_: ReportRequest) -> None:
    """What a program said stands small and called technical, after the cause in the report's language."""
    page = page_of(request_)
    detail = page.index('<span class="tech"><bdi>rincian teknis: HTTP 429')

    assert "Akses ditolak oleh sumber" in page[:detail]
    assert page[:detail].endswith(" kewajiban tidak dapat dinilai ")


def test_agency_unknown_to_the_registry_is_still_shown() -> None:
    """A verdict of an agency that left the registry keeps its row."""
    verdict = _verdict(midnight(24), midnight(25), Status.MISSING)

    [row] = matrix_of([verdict], [], [], local_day(DAY, ZONE)).rows

    assert (row.agency.agency_id, row.cells) == ("a", (verdict,))


def test_catalogue_is_whole() -> None:
    """Every text is in both languages with the same places; every closed list has its words."""
    texts = catalogue()
    for entries in texts.values():
        for entry in entries.values():
            assert set(entry) == {"id", "en"}
            assert _places(entry["id"]) == _places(entry["en"])
    assert set(texts["status"]) == set(texts["meaning"]) == set(Status)
    assert set(texts["cause"]) == set(texts["todo"]) == set(Cause)
    assert set(texts["outcome"]) == set(Outcome)
    assert set(texts["grade"]) == set(Grade)
    assert "{days} hari" in texts["method"]["scope"]["id"]


def _places(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


REASONS: Mapping[str, tuple[Status, str, str | None]] = {
    "kurang: #a, @b; dihapus sebelum waktunya": (Status.INCOMPLETE, "#a; @b; removed", "p"),
    "Akun dikunci (privat)": (Status.UNKNOWN, "private", None),
    "waktu terbit tidak pasti": (Status.REVIEW, "time_not_certain", "p"),
    "surat B/12": (Status.EXEMPT, "surat B/12", None),
}


@pytest.mark.parametrize("words", REASONS)
def test_reasons_are_told_in_words(words: str) -> None:
    """The judge's reasons become sentences; what people wrote stays as it is."""
    status, reason, post = REASONS[words]
    verdict = replace(_verdict(midnight(24), midnight(25), status), reason=reason, post_id=post)

    assert Wording("id", ZONE).note(verdict) == words


def test_windows_are_told_as_people_do() -> None:
    """A whole day by its date, several as a range, others with their times, all local."""
    wording = Wording("id", ZONE)

    assert wording.window(Span(midnight(24), midnight(25))) == "24 Apr"
    assert wording.window(Span(midnight(24), midnight(27))) == "24–26 Apr"
    half = Span(midnight(24) + timedelta(hours=8), midnight(24) + timedelta(hours=16))
    assert wording.window(half) == "24 Apr 08.00 – 16.00 WIB"
    assert wording.window(Span(midnight(24), midnight(27) + timedelta(days=7))) == "24 Apr – 3 Mei"
    night = Span(midnight(24) + timedelta(hours=22), midnight(25) + timedelta(hours=2))
    assert wording.window(night) == "24 Apr 22.00 – 25 Apr 02.00 WIB"
    assert Wording("id", ZoneInfo("Asia/Jayapura")).window(night) == "25 Apr 00.00 – 04.00 WIT"
    assert Wording("en", ZoneInfo("Asia/Makassar")).window(night) == "24 Apr 23:00 – 25 Apr 03:00 WITA"
    assert wording.moment(midnight(24)) == "24 Apr 2024, 00.00 WIB"


@given(st.text())
def test_any_caption_becomes_one_safe_line(text: str) -> None:
    """No control, direction or line character survives, and the length is bounded in graphemes."""
    short = shorten(text, 20)

    assert "".join(graphemes(short)) == short
    assert len(list(graphemes(short))) <= 21
    assert not re.search("[\u0000-\u001f\u202a-\u202e\u2066-\u2069\u200b]", short)
    assert clean(clean(text)) == clean(text)


def test_endless_joined_emoji_are_bounded() -> None:
    """One grapheme may be made of thousands of code points; the line stays short."""
    assert len(shorten("👩\u200d" * 5000, 20)) < 100


def test_emoji_are_not_cut_in_the_middle() -> None:
    """A family, a skin tone and a flag are one grapheme each."""
    assert list(graphemes("👨‍👩‍👧‍👦💪🏽🇮🇩é")) == ["👨‍👩‍👧‍👦", "💪🏽", "🇮🇩", "é"]
    assert shorten("🇮🇩" * 2200, 3) == "🇮🇩🇮🇩🇮🇩…"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//host", "http://[", None, ""])
def test_only_web_addresses_are_links(url: str | None) -> None:
    """An address of another kind is shown, never followed."""
    assert safe_link(url) is None


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xd8\xff\xe0", b"GIF89a" + b"\0" * 30, b"%PDF-1.7", b"RIFF\0\0\0\0WEBP", b"x" * 999],
)
@pytest.mark.parametrize("kind", ["image", "video", "thumbnail"])
def test_broken_files_give_no_picture_and_no_error(tmp_path: Path, content: bytes, kind: str) -> None:
    """Whatever the file holds, the worst is a placeholder."""
    (tmp_path / "x").write_bytes(content)

    assert thumbnail(tmp_path / "x", kind) is None
    assert thumbnail(tmp_path / "absent", kind) is None


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK", "I;16"])
def test_pictures_of_any_mode_are_shown(tmp_path: Path, mode: str) -> None:
    """All picture modes become a JPEG of at most 160 px."""
    target = tmp_path / ("x.jpg" if mode == "CMYK" else "x.png")
    Image.new(mode, (800, 300)).save(target)
    small = thumbnail(target, "image")

    assert small
    assert (small.width, small.height) == (160, 60)


def test_clip_is_shown_by_its_first_frame_that_is_not_blank(tmp_path: Path) -> None:
    """A fade-in from black does not make a black thumbnail."""
    clip(tmp_path / "clip.mp4")
    small = thumbnail(tmp_path / "clip.mp4", "video")

    assert small
    (tmp_path / "t.jpg").write_bytes(small.jpeg)
    with Image.open(tmp_path / "t.jpg") as image:
        assert ImageStat.Stat(image.convert("L")).extrema[0][1] > 100
