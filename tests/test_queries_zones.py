"""A regency in the middle or the east of Indonesia: every time in its own zone, with its own label."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pypdf
import pytest
from openpyxl import load_workbook
from test_queries_report import Office
from test_queries_world import AS_OF, DAY, World, world

from crawler.items import Span
from pipelines.items import Status, Verdict
from queries.reader import open_store
from queries.report import ReportRequest
from queries.report.as_json import report_object
from queries.report.content import Content, content_of
from queries.report.page import render_page
from queries.report.pdf import render_pdf
from queries.report.workbook import render_workbook

__all__ = ["world"]  # fixture

pytestmark = pytest.mark.slow  # a whole report in every format

ZONES = {"Asia/Makassar": ("WITA", "+08:00"), "Asia/Jayapura": ("WIT", "+09:00")}
NIGHT = "poster-gratifikasi"  # shown from 22.00 to 02.00


@pytest.fixture(scope="module", params=ZONES)
def content(request: pytest.FixtureRequest, world: World) -> Iterator[Content]:
    """The synthetic world's day, told in another zone; one material is due over midnight."""
    zone = ZoneInfo(request.param)
    verdicts = tuple(_at_night(one, zone) for one in world.verdicts)
    with closing(open_store(world.store, zone.key)) as connection:
        yield content_of(ReportRequest(world.home, Office(zone=zone), DAY, AS_OF, verdicts, world.campaigns,
                                       world.agencies, connection, world.home / "zones"))  # fmt: skip


def _at_night(verdict: Verdict, zone: ZoneInfo) -> Verdict:
    if verdict.duty.material_id != NIGHT:
        return verdict
    opens = datetime(2024, 4, 24, 22, tzinfo=zone)
    is_shown = verdict.status is Status.FULFILLED
    published = opens + timedelta(hours=3) if is_shown else verdict.published_at
    return replace(verdict, duty=replace(verdict.duty, window=Span(opens, opens + timedelta(hours=4))),
                   published_at=published)  # fmt: skip


def label_of(content: Content) -> tuple[str, str]:
    return ZONES[content.request.instance.zone.key]


def times_of(text: str) -> set[str]:
    """The labels of every clock time that has one."""
    return set(re.findall(r"\d\d\.\d\d (W[A-Z]+)", text))


def test_page_and_paper_tell_every_time_with_its_zone(content: Content) -> None:
    """No time of another zone, the cells' zone said, and a window over midnight with both its days."""
    label, _ = label_of(content)
    page = re.sub(r"base64,[^\"']+", "", render_page(content).decode())
    paper = " ".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(render_pdf(content))).pages)

    for said in (page, " ".join(paper.split())):
        assert times_of(said) == {label}
        assert f"24 Apr 22.00 – 25 Apr 02.00 {label}" in said
        assert f"waktu terbit, {label}" in said or f"waktu terbit ({label})" in said
        assert "25 Apr 01.00" in said  # in a cell: another day than the one the window opens


def test_json_and_workbook_are_local_too(content: Content) -> None:
    """Offsets in the one, wall clocks under a head that names the zone in the other."""
    label, offset = label_of(content)
    instants = re.findall(r"T\d\d:\d\d:\d\d(?:\.\d+)?([+-]\d\d:\d\d|Z)", str(report_object(content)))
    book = load_workbook(io.BytesIO(render_workbook(content)))
    heads = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    shown = [row for row in rows_of(book["Bukti"]) if row[1].startswith("Poster") and row[3] == "Tayang"]

    assert set(instants) == {offset}
    assert f"Terbit ({label})" in heads
    assert not [one for one in heads if "WIB" in one]
    assert {"2024-04-25 01:00:00"} == {str(row[4]) for row in shown}


def rows_of(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(min_row=6, values_only=True))
