"""A person's word in the report: marked in the matrix, told with name and reason, and never taken for a proof."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pypdf
import pytest
from openpyxl import load_workbook
from test_queries_report import Office
from test_queries_world import AS_OF, DAY, World, midnight, world

from crawler.items import Span
from pipelines.items import Status, Verdict
from queries.reader import open_store
from queries.report import ReportRequest
from queries.report.as_json import report_object
from queries.report.content import Content, content_of
from queries.report.page import render_page
from queries.report.pdf import render_pdf
from queries.report.scope import local_day, matrix_of
from queries.report.workbook import render_workbook
from queries.site.days import read_days

__all__ = ["world"]  # fixture

pytestmark = pytest.mark.slow  # a whole report in every format

WHY = "<b>Diakui</b> \u202elewat telepon"


def decided(verdict: Verdict, status: Status, agency: str, material: str) -> Verdict:
    """The verdict, or a person's on that one duty."""
    if (verdict.duty.agency_id, verdict.duty.material_id) != (agency, material):
        return verdict
    return Verdict(verdict.duty, status, AS_OF, WHY, decided_by="Ibu Ani")


@pytest.fixture(scope="module")
def content(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Content]:
    """Ani says that Dinas Sosial, which was not observed, did not show the pledge; a post is refused, twice."""
    folder = tmp_path_factory.mktemp("decided")
    store = Path(shutil.copy(world.store, folder / "tayang.duckdb"))
    resting = next(one for one in world.verdicts if one.post_id and one.duty.agency_id == "setda")
    refused = [resting.post_id, resting.duty.campaign_id, resting.duty.material_id, "setda", None, "none"]
    pledge = [None, "antikorupsi-2024", "ikrar", "dissos", midnight(22), "missing"]
    with closing(duckdb.connect(store)) as writer:
        for number, (about, name) in enumerate(((pledge, "Ibu Ani"), (refused, "Pak Lama"), (refused, "Pak Budi"))):
            writer.execute("INSERT INTO review_rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                           [f"r{number}", *about, name, WHY, midnight(24)])  # fmt: skip
    verdicts = tuple(decided(one, Status.MISSING, "dissos", "ikrar") for one in world.verdicts)
    verdicts = tuple(decided(one, Status.FULFILLED, "disdik", "ikrar") for one in verdicts)
    verdicts = tuple(Verdict(one.duty, Status.MISSING, AS_OF) if one is resting else one for one in verdicts)
    with closing(open_store(store, "Asia/Jakarta")) as connection:
        yield content_of(ReportRequest(world.home, Office(), DAY, AS_OF, verdicts, world.campaigns, world.agencies,
                                       connection, folder / "out"))  # fmt: skip


def test_the_newest_decision_on_each_thing_is_told(content: Content) -> None:
    """One on a duty and one on a post; what was superseded is not told."""
    told = report_object(content)["decisions"]

    assert {(one["reviewer"], one["decision"]) for one in told} == {
        ("Ibu Ani", "missing"), ("Pak Budi", "none"),
    }  # fmt: skip
    assert [one["opens_at"] for one in told if one["decision"] == "missing"] == ["2024-04-22T00:00:00+07:00"]


def test_a_word_is_not_told_as_a_proof(content: Content) -> None:
    """Not shown by a person's word, where nobody could look: no account is called read, and the person is named."""
    page = render_page(content).decode()
    row = next(one for one in page.split("<tr>") if "Dinas Sosial" in one and "Diakui" in one and "Ikrar" in one)
    accounts = next(one.duty.accounts for one in content.matrix.verdicts if one.decided_by == "Ibu Ani")

    assert accounts
    assert "terbaca penuh" not in row
    assert "diputuskan oleh Ibu Ani" in row
    assert "terbaca penuh" in page  # where it is proved


def test_page_and_paper_mark_it_and_name_who_decided(content: Content) -> None:
    """A star in the cell, in the legend, and the list with reasons; nothing of a reason is markup."""
    page = render_page(content).decode()
    paper = "\n".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(render_pdf(content))).pages)

    assert page.count("<span>*</span>") == 3
    for said in (page, paper):
        assert "Keputusan orang" in said
        assert "Pak Budi" in said
        assert "Unggahan ini bukan materi" in said
        assert "Pak Lama" not in said
        assert "\u202e" not in said
    assert "<b>Diakui" not in page


def test_an_absence_that_a_refusal_left_says_so(content: Content) -> None:
    """The one thing found was looked at and refused: marked in the cell, told with the name, and proved."""
    [refused] = [one for one in content.matrix.verdicts if content.refused_of(one)]
    row = next(one for one in render_page(content).decode().split("<tr>") if "bukan materi menurut Pak Budi" in one)

    assert (refused.duty.agency_id, refused.status) == ("setda", Status.MISSING)
    assert "terbaca penuh: Instagram @setda.klaten" in row
    assert content.refused_of(replace(refused, post_id="post-lain")) is None
    before = replace(refused.duty, window=Span(midnight(20), midnight(21)), grace_hours=1)
    assert content.refused_of(replace(refused, duty=before)) is None
    taken = replace(refused.duty, window=Span(midnight(26), midnight(27)), taken=(Span(midnight(24), midnight(25)),))
    assert content.refused_of(replace(refused, duty=taken)) is None


def test_what_a_verdict_rests_on_is_the_state_that_showed_it(world: World, tmp_path: Path) -> None:
    """A caption edited away afterwards, and another picture in its place: page, paper and files tell what was seen."""
    store = Path(shutil.copy(world.store, tmp_path / "tayang.duckdb"))
    resting = next(one for one in world.verdicts if one.post_id and one.duty.agency_id == "setda")
    with closing(duckdb.connect(store)) as writer:
        writer.execute("""INSERT INTO post_rows BY NAME SELECT * REPLACE ('c2' AS content_id, 'Sudah diganti' AS text,
            repeat('e', 64) AS evidence_sha256, NULL AS media) FROM post_rows WHERE post_id = ?""", [resting.post_id])
        writer.execute("INSERT INTO sighting_rows VALUES (?, 'c2', ?)", [resting.post_id, AS_OF + timedelta(hours=1)])
    with closing(open_store(store, "Asia/Jakarta")) as connection:
        request = ReportRequest(world.home, Office(), DAY, AS_OF, world.verdicts, world.campaigns, world.agencies,
                                connection, tmp_path / "out")  # fmt: skip
        content = content_of(request)
    [shown] = [one for one in content.matrix.verdicts if one.duty.key == resting.duty.key]
    post = content.post_of(shown)

    assert content.facts.posts[str(resting.post_id)].text == "Sudah diganti"
    assert post is not None
    assert post.text.startswith("Tolak tip")
    assert [sha for _, sha, _ in post.media if sha in content.facts.paths]
    page = render_page(content).decode()
    assert "Sudah diganti" not in page
    assert "e" * 64 not in page
    assert page.count("unggahan kemudian diubah") > 0
    assert "e" * 64 not in str(report_object(content))
    assert [one for one in content.matrix.verdicts if content.is_edited_since(one)] == [shown]


def test_the_workbook_has_a_sheet_of_decisions(content: Content) -> None:
    """With who, when and why; the accounts read completely are none where a person's word stands."""
    book = load_workbook(io.BytesIO(render_workbook(content)))
    said = "\n".join(str(cell.value) for row in book["Keputusan"].iter_rows() for cell in row if cell.value)
    rows = [[cell.value for cell in row] for row in book["Belum"].iter_rows(min_row=5)]
    at = rows[0].index("Akun yang terbaca penuh")
    [word] = [row for row in rows if str(row[0]).startswith("Dinas Sosial") and row[1] == "Ikrar antikorupsi"]

    assert "Pak Budi" in said
    assert "Ibu Ani" in said
    assert not word[at]
    assert any(row[at] for row in rows[1:])


def test_a_report_that_decides_on_a_submission_stays_at_home(tmp_path: Path) -> None:
    """A refused submission bears no verdict, but its decision names it."""
    day = tmp_path / "2024-04-24"
    day.mkdir()
    (day / "index.html").write_text("")
    (day / "report.json").write_text('{"verdicts": [], "not_read": [], "decisions": [{"post_id": "kiriman"}]}')

    assert not read_days(tmp_path, {"kiriman"}, set()).published
    assert read_days(tmp_path, {"lain"}, set()).published


def test_without_decisions_nothing_is_said_of_them(content: Content) -> None:
    """No list, no star, no sheet."""
    machine = tuple(replace(one, decided_by="tayang") for one in content.request.verdicts)
    today = local_day(DAY, content.request.instance.zone)
    matrix = matrix_of(machine, content.request.campaigns, content.request.agencies, today)
    plain = replace(content, decided=(), matrix=matrix)
    page = render_page(plain).decode()

    assert "Keputusan orang <span" not in page
    assert "diputuskan orang;" not in page
    assert "<span>*</span>" not in page
    assert "Keputusan" not in load_workbook(io.BytesIO(render_workbook(plain))).sheetnames
