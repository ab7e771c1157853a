"""report.xlsx: real dates and numbers, text that is only text, the same bytes every time, and fit to be printed."""

from __future__ import annotations

import hashlib
import io
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet
from test_queries_report import Office, request_
from test_queries_world import AS_OF, World, connection, midnight, world

from crawler.items import Agency, Cause, Span
from pipelines.items import Duty, Status, Verdict
from queries import daily
from queries.reader import open_store
from queries.report import ReportRequest, write_report
from queries.report.as_json import report_object
from queries.report.captions import clean
from queries.report.content import content_of
from queries.report.sheets import CELL_UNITS, LINKS, Book, Heading, Link, followable, safe_text
from queries.report.workbook import render_workbook
from queries.report.workbook_looks import COLOURS
from queries.report.write import FORMATS
from queries.wording import Wording, catalogue

__all__ = ["connection", "request_", "world"]  # fixtures

ROOT = Path(__file__).parent.parent
HOSTILE = [
    '=HYPERLINK("http://evil.test","click")',
    "+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd",
    "\t=1+1",
    "{=1+1}",
    "-2+3",
    "<r><t>raw markup</t></r>",
    "_x0041_ and _x000D_",
    "\u202eexe.gpj\u202c",
    "ze\u200bro\u200b width\ufeff",
    "".join(map(chr, range(1, 32))) + "end",
    "💪🏽" * 1100 + "👨‍👩‍👧‍👦" * 1100,
    "]]><c/>&amp;",
]


def book_of(request: ReportRequest) -> Workbook:
    """report.xlsx, read again; without the pictures beside it, which take most of the time."""
    return load_workbook(io.BytesIO(render_workbook(content_of(request))))


def told_of(request: ReportRequest) -> dict[str, Any]:
    """What report.json would say."""
    return report_object(content_of(request))


def cells_of(book: Workbook) -> Iterator[Cell]:
    """Every cell of every sheet."""
    for sheet in book:
        for row in sheet.iter_rows():
            yield from row


def lines_of(sheet: Worksheet) -> list[dict[str, Cell]]:
    """The rows under a sheet's headings, by heading."""
    top, last = map(int, re.findall(r"\d+", sheet.auto_filter.ref))
    heads, *rows = sheet.iter_rows(min_row=top, max_row=last)
    return [{str(head.value): cell for head, cell in zip(heads, row, strict=False)} for row in rows]


def text_of(sheet: Worksheet) -> str:
    """All words of a sheet."""
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


def local(instant: datetime) -> datetime:
    """What the clock on the wall in Klaten showed."""
    return (instant + timedelta(hours=7)).replace(tzinfo=None)


@pytest.mark.slow
def test_the_workbook_is_a_format_of_the_report(request_: ReportRequest) -> None:
    """`--format xlsx` writes report.xlsx; what the daily job writes are formats."""
    [path] = write_report(replace(request_, formats=("xlsx",)))

    assert path.name == "report.xlsx"
    assert set(daily.DEFAULT_FORMATS) <= set(FORMATS)


def test_sheets_are_named_in_the_reports_language(request_: ReportRequest) -> None:
    """Indonesian, or English where the instance says so."""
    told, english = book_of(request_).sheetnames, book_of(replace(request_, instance=Office(language="en"))).sheetnames

    assert told == [
        "Ringkasan", "Matriks", "Terlambat", "Belum", "Periksa", "Dikecualikan", "Tidak teramati", "Bukti",
        "Grafik",
    ]  # fmt: skip
    assert english == ["Summary", "Matrix", "Late", "Not shown", "To review", "Exempt", "Not observed", "Evidence",
                       "Charts"]  # fmt: skip
    assert all(len(name[language]) <= 31 for name in catalogue()["sheet"].values() for language in ("id", "en"))


def test_charts_draw_the_numbers_beside_them(request_: ReportRequest) -> None:
    """Two native charts over cells that hold the report's own figures; a day without a judged duty is an empty cell."""
    trends = json.loads(write_report(replace(request_, formats=("json",)))[0].read_text())["trends"]
    sheet = book_of(request_)["Grafik"]
    lines = sheet.iter_rows(min_row=6, max_row=5 + len(trends["days"]), min_col=2, max_col=5, values_only=True)
    told = [(done, due, share and round(share, 4), unknown) for done, due, share, unknown in lines]

    assert told == [(one["done"], one["due"], one["share"], one["unknown"]) for one in trends["days"]]
    assert any(share is None for *_, share, _ in told)
    assert len(sheet._charts) == 2


def test_every_sheet_can_be_read_filtered_and_printed(request_: ReportRequest) -> None:
    """Headings stay in sight and repeat on each page; every sheet is filtered, A4 across, as wide as the page."""
    for sheet in book_of(request_):
        page = sheet.page_setup

        assert sheet.freeze_panes.startswith("B")
        assert sheet.auto_filter.ref
        assert (page.orientation, page.paperSize, page.fitToWidth or 1) == ("landscape", 9, 1)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows
        assert "&P" in str(sheet.oddFooter.right.text)
        assert "Klaten" in str(sheet.oddHeader.left.text)
        assert all(
            cell.alignment.wrap_text for line in lines_of(sheet) for cell in line.values() if cell.value is not None
        )


def test_the_summary_counts_as_the_json_does(request_: ReportRequest) -> None:
    """Figures of the day and of the span are numbers, status by status, with the words that explain them."""
    told = told_of(request_)["figures"]
    sheet = book_of(request_)["Ringkasan"]
    rows = {row[0].value: row for row in sheet.iter_rows() if row[0].value}
    words = {key: text["id"] for key, text in catalogue()["status"].items()}

    for status in Status:
        counted = [told["today"]["by_status"].get(status, 0), told["by_status"].get(status, 0)]
        assert counted == [cell.value for cell in rows[words[status]][2:4]]
        assert catalogue()["meaning"][status]["id"] == rows[words[status]][1].value
    assert [told["today"]["due"], told["due"]] == [cell.value for cell in rows["Sudah dapat dinilai"][2:4]]
    share = rows["Bagian yang terpenuhi"][3]
    assert (told["done"] / told["due"], "0%") == (pytest.approx(share.value), share.number_format)
    for part in ("Pemerintah Kabupaten Klaten", "Rabu, 24 April 2024", "25 Apr 2024, 00.30 WIB", "B/700/127/11"):
        assert part in text_of(sheet)
    assert catalogue()["method"]["absence"]["id"] in text_of(sheet)


def test_the_matrix_says_status_and_time_of_each_duty(request_: ReportRequest, world: World) -> None:
    """Under each material with its window stand the status in words and colour, and a real date and time."""
    sheet = book_of(request_)["Matriks"]
    rows = {row[0].value: row for row in sheet.iter_rows()}
    names = {agency.agency_id: agency.name for agency in world.agencies}
    heads = [cell.value for cell in sheet[5] if cell.value]

    assert heads[0].split("\n") == ["1. Ikrar antikorupsi", "22 Apr"]
    assert heads[1].split("\n") == ["2. Lambang partai politik", "22–25 Apr · larangan · hari ini"]
    at = {"ikrar": 1, "lambang-partai": 3, "tolak-tip": 5, "poster-gratifikasi": 7}
    for verdict in world.verdicts:
        status, published = rows[names[verdict.duty.agency_id]][at[verdict.duty.material_id] :][:2]
        assert catalogue()["status"][verdict.status]["id"] == status.value
        assert (local(verdict.published_at) if verdict.published_at else None) == published.value
        assert published.number_format == "dd/mm hh:mm"
        colour = status.fill.bgColor if verdict.status is Status.UNKNOWN else status.fill.fgColor
        assert COLOURS[verdict.status][0].upper() == f"#{colour.rgb[2:]}"


def test_colours_are_those_of_the_page() -> None:
    """Page and workbook use one palette."""
    style = (ROOT / "queries" / "report" / "page.css").read_text(encoding="utf-8")
    names = dict(re.findall(r"--([\w-]+):(#[0-9a-f]+)", style))

    def plain(written: str) -> str:
        found = names[written[6:-1]] if written.startswith("var(") else written
        return found if len(found) == 7 else "#" + "".join(2 * digit for digit in found[1:])

    for status, colours in COLOURS.items():
        [(ground, letters)] = re.findall(rf"\.s-{status}{{background:(\S+?)[ ;].*?(?<=[;])color:([^;}}]+)", style)
        assert (plain(ground), plain(letters)) == colours


def test_what_is_not_in_time_has_its_minutes_and_its_link(request_: ReportRequest, world: World) -> None:
    """Minutes late are a number, the publication is a date, the post can be opened."""
    lines = lines_of(book_of(request_)["Terlambat"])
    wanted = [v for v in world.verdicts if v.status in (Status.LATE, Status.EARLY, Status.INCOMPLETE)]
    late = {line["Tautan unggahan"].hyperlink.target: line for line in lines}

    assert {verdict.post_url for verdict in wanted} == set(late)
    for verdict in wanted:
        line = late[verdict.post_url]
        assert verdict.minutes_late == line["Menit terlambat"].value
        assert verdict.published_at is not None
        assert local(verdict.published_at) == line["Terbit (WIB)"].value
        assert line["Terbit (WIB)"].number_format == "dd/mm/yyyy hh:mm"
    assert "kurang: #antikorupsi, @official.kpk" in {line["Keterangan"].value for line in lines}


def test_missing_names_what_was_read_and_pending_what_is_left(request_: ReportRequest, world: World) -> None:
    """Missing, violated and pending duties, each with what makes it so, in the order of urgency."""
    lines = lines_of(book_of(request_)["Belum"])
    kinds = [line["Hasil"].value for line in lines]

    assert list(dict.fromkeys(kinds)) == ["Belum tayang", "Dilanggar", "Menunggu"]
    counted = [sum(v.status is status for v in world.verdicts) for status in (Status.MISSING, Status.VIOLATED)]
    assert counted == [kinds.count("Belum tayang"), kinds.count("Dilanggar")]
    assert lines[0]["Akun yang terbaca penuh"].value == "Instagram @disdik.klaten, situs disdik.klatenkab.go.id"
    assert lines[-1]["Sisa jam"].value == 23.5
    assert lines[kinds.index("Dilanggar")]["Tautan unggahan"].hyperlink


def test_what_was_not_seen_stands_by_cause(request_: ReportRequest) -> None:
    """Every obstacle and unread post of report.json, with cause, effect and what to do."""
    told = told_of(request_)
    lines = lines_of(book_of(request_)["Tidak teramati"])

    assert len(told["not_observed"]) + len(told["not_read"]) == len(lines)
    causes = [catalogue()["cause"][one["cause"]]["id"] for one in told["not_observed"]]
    assert causes == [line["Sebab"].value for line in lines[: len(causes)]]
    by_account = {line["Akun"].value: line for line in lines if line["Akun"].value}
    assert by_account["Instagram @dissos.klaten"]["Kewajiban yang tidak dapat dinilai"].value == 3
    assert by_account["Instagram @dissos.klaten"]["Rincian teknis"].value == "HTTP 429"
    assert lines[-1]["Tautan unggahan"].hyperlink.target.startswith("https://")


def test_every_verdict_on_a_post_has_its_evidence(request_: ReportRequest) -> None:
    """One line per verdict that rests on a post, with digests, matcher, score, grade and the matcher's words."""
    told = {one["post_url"]: one for one in told_of(request_)["verdicts"] if one["post_id"]}
    lines = lines_of(book_of(request_)["Bukti"])

    assert len(told) == len(lines)
    for line in lines:
        one = told[line["Tautan unggahan"].value]
        kept = one["evidence"]
        score = None if one["status"] == "review" else one["score"]
        assert [Wording("id", Office.zone).matcher(one["matcher"]), score, one["grade"]] == [
            line[key].value for key in ("Pengenal", "Keyakinan", "Tingkat bukti")
        ]
        assert [kept["page_sha256"], kept["media_sha256"]] == [
            line[key].value for key in ("SHA-256 halaman", "SHA-256 media")
        ]
        assert kept["explanation"]["id"] == line["Mengapa dikenali"].value
        assert line["Kepastian waktu"].value == "waktu pasti"


def test_nothing_in_a_caption_or_a_name_is_ever_run(request_: ReportRequest, world: World, tmp_path: Path) -> None:
    """Formulas, control characters, markup and endless emoji in the store and the registry are text, and only text."""
    store = Path(shutil.copy(world.store, tmp_path / "hostile.duckdb"))
    with closing(duckdb.connect(store)) as writer:
        posts = writer.execute("SELECT post_id FROM post_rows ORDER BY post_id").fetchall()
        for number, (post_id,) in enumerate(posts):
            writer.execute("UPDATE post_rows SET text = ? WHERE post_id = ?", [HOSTILE[number % 13], post_id])
    agencies = tuple(
        replace(agency, name=text) for agency, text in zip(world.agencies, [*HOSTILE, "\ud800Dinas"], strict=True)
    )
    verdicts = tuple(replace(v, reason=HOSTILE[0]) for v in world.verdicts)
    with closing(open_store(store, "Asia/Jakarta")) as opened:
        request = replace(request_, connection=opened, agencies=agencies, verdicts=verdicts)
        book = book_of(request)
    words = {str(cell.value) for cell in cells_of(book) if cell.data_type == "s"}

    assert "f" not in {cell.data_type for cell in cells_of(book)}
    assert {clean(text) for text in HOSTILE if "💪" not in text} - {word.strip() for word in words} == set()
    assert not re.search("[\u0000-\u0009\u000b-\u001f\u202a-\u202e\u200b\ufeff]", "".join(words))
    assert "Dinas" in words


@pytest.mark.parametrize("part", [".xml", ".rels"])
def test_every_part_of_the_file_is_whole(request_: ReportRequest, part: str) -> None:
    """Each part is well-formed XML, and none carries the hour at which it was made."""
    with zipfile.ZipFile(io.BytesIO(render_workbook(content_of(request_)))) as archive:
        parts = [one for one in archive.infolist() if one.filename.endswith(part)]

        assert parts
        for one in parts:
            assert etree.fromstring(archive.read(one)) is not None
            assert one.date_time == (1980, 1, 1, 0, 0, 0)


ADDRESSES = {
    "https://www.instagram.com/p/Cx/": "https://www.instagram.com/p/Cx/",
    "https://situs.go.id/berita?a=1&b=2#isi": "https://situs.go.id/berita?a=1&b=2#isi",
    "https://situs.go.id/berita é 100%": None,
    "https://situs.go.id/é-100%": "https://situs.go.id/%C3%A9-100%25",
    "https://situs.go.id/a#b#c": "https://situs.go.id/a#b%23c",
    "https://situs.go.id/[a]": "https://situs.go.id/%5Ba%5D",
    "javascript:alert(1)": None,
    "JaVaScRiPt:alert(1)": None,
    "data:text/html,x": None,
    "file:///etc/passwd": None,
    "internal:Ringkasan!A1": None,
    "external:c:\\x.xlsx": None,
    "http:situs.go.id": None,
    "http://[bad": None,
    "http://a..b/": None,
    "http://host:99999/": None,
    "https://user:secret@situs.go.id/": None,
    "https://situs.go.id/\u202e": None,
    "https://situs.go.id/\ud800": None,
    "https://situs.go.id/" + "x" * 3000: None,
    "https://situs.go.id/#" + "x" * 3000: None,
    "": None,
}


@pytest.mark.parametrize("url", ADDRESSES)
def test_only_web_addresses_within_excels_limits_are_links(url: str) -> None:
    """An address that Excel would refuse, or of another kind, is shown, never followed."""
    book = Book()
    sheet = book.sheet("x")
    sheet.write(0, 0, Link(url))
    [[cell]] = load_workbook(io.BytesIO(book.as_bytes()))["x"].iter_rows()

    assert ADDRESSES[url] == followable(url)
    assert (cell.hyperlink is None) == (ADDRESSES[url] is None)
    assert str(cell.value or "")[:20] == clean(url)[:20]


@pytest.mark.slow
def test_a_sheet_has_no_more_links_than_excel_bears() -> None:
    """What comes after the last link is still written, as text."""
    book = Book()
    sheet = book.sheet("x")
    for row in range(LINKS + 2):
        sheet.write(row, 0, Link(f"https://situs.go.id/{row}"))
    with zipfile.ZipFile(io.BytesIO(book.as_bytes())) as archive:
        rows = archive.read("xl/worksheets/sheet1.xml")

    assert (rows.count(b"<hyperlink "), rows.count(b"<c ")) == (LINKS, LINKS + 2)


@given(st.text())
def test_any_text_becomes_one_a_cell_can_hold(text: str) -> None:
    """No invisible, control or half character survives; what was clean stays as it is."""
    held = safe_text(text)

    assert len(held.encode("utf-16-le")) <= 2 * CELL_UNITS
    assert not re.search("[\u0000-\u0009\u000b-\u001f\u202a-\u202e\u2066-\u2069\u200b\ud800-\udfff\ufffe\uffff]", held)
    assert safe_text(held).strip() == held.strip()


def test_no_text_is_longer_than_a_cell() -> None:
    """Excel counts UTF-16 units; a long text ends in an ellipsis, not in half an emoji."""
    held = safe_text("💪" * 20_000)

    assert CELL_UNITS - 1 <= len(held.encode("utf-16-le")) / 2 <= CELL_UNITS
    assert held[-2:] == "💪…"


RENDER = """
import pickle, sys
from pathlib import Path
from test_queries_report import Office
from test_queries_world import AS_OF, DAY
from queries.reader import open_store
from queries.report.content import content_of
from queries.report.request import ReportRequest
from queries.report.workbook import render_workbook
store, verdicts, campaigns, agencies, out = pickle.loads(Path(sys.argv[1]).read_bytes())
said = (DAY, AS_OF, verdicts, campaigns, agencies, open_store(store, "Asia/Jakarta"))
out.write_bytes(render_workbook(content_of(ReportRequest(store.parent, Office(), *said, out))))
"""


@pytest.mark.slow
def test_two_processes_at_different_times_write_the_same_bytes(world: World, tmp_path: Path) -> None:
    """Neither the clock nor the order of the input nor a process's own hashes leave a trace."""
    digests = []
    for verdicts in (world.verdicts, tuple(reversed(world.verdicts))):
        out = tmp_path / str(len(digests))
        given_ = (world.store, verdicts, world.campaigns, world.agencies, out)
        (tmp_path / "given").write_bytes(pickle.dumps(given_))
        places = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
        subprocess.run([sys.executable, "-c", RENDER, str(tmp_path / "given")], check=True, env=places)
        digests.append(hashlib.sha256(out.read_bytes()).hexdigest())
        time.sleep(2.1 if len(digests) == 1 else 0)  # a zip file's clock counts in steps of two seconds

    assert digests[0] == digests[1]


def test_the_file_is_as_old_as_the_knowledge_in_it(request_: ReportRequest) -> None:
    """Its own date is the report's `as_of`."""
    assert AS_OF.astimezone(UTC).replace(tzinfo=None) == book_of(request_).properties.created


def test_an_empty_day_is_a_workbook_too(request_: ReportRequest) -> None:
    """No duties: every sheet is there and says so."""
    book = book_of(replace(request_, verdicts=(), campaigns=(), agencies=()))

    assert book.sheetnames == ["Ringkasan", "Matriks", "Terlambat", "Belum", "Tidak teramati", "Bukti"]
    assert catalogue()["figures"]["none"]["id"] in text_of(book["Ringkasan"])
    assert catalogue()["figures"]["none"]["id"] in text_of(book["Matriks"])
    assert all("Tidak ada." in text_of(book[name]) for name in ("Terlambat", "Belum", "Bukti"))


def test_a_day_of_which_nothing_was_observed_accuses_nobody(request_: ReportRequest) -> None:
    """No share, nobody missing; the obstacles and what they do not prove."""
    unseen = tuple(Verdict(v.duty, Status.UNKNOWN, AS_OF, Cause.BLOCKED) for v in request_.verdicts)
    book = book_of(replace(request_, verdicts=unseen))
    rows = {row[0].value: row for row in book["Ringkasan"].iter_rows()}

    assert [cell.value for cell in rows["Bagian yang terpenuhi"][2:4]] == [None, None]
    assert catalogue()["figures"]["none_due"]["id"] in text_of(book["Ringkasan"])
    assert "Tidak ada." in text_of(book["Belum"])
    assert catalogue()["unseen"]["note"]["id"] in text_of(book["Tidak teramati"])
    assert {"Tidak teramati", None} == {cell.value for row in book["Matriks"].iter_rows(7) for cell in row[1:]}


def test_everything_observed_is_said_on_the_sheet(request_: ReportRequest, world: World, tmp_path: Path) -> None:
    """Without obstacles the sheet says that everything was observed."""
    store = Path(shutil.copy(world.store, tmp_path / "calm.duckdb"))
    with closing(duckdb.connect(store)) as writer:
        writer.execute("UPDATE visit_rows SET outcome = 'complete', cause = NULL")
        writer.execute("UPDATE post_rows SET unread = NULL, media = []")
    seen = tuple(v for v in request_.verdicts if v.status is not Status.UNKNOWN)
    with closing(open_store(store)) as calm:
        book = book_of(replace(request_, verdicts=seen, connection=calm))

    assert "Semua teramati." in text_of(book["Tidak teramati"])


@pytest.mark.parametrize("name", ["Kecamatan ꦏ꧀ꦭꦛꦺꦤ꧀", "مدينة كلاتن", "巴厘岛", "Dinas & <Rakyat>", "=Dinas"])
def test_agencies_of_any_script_keep_their_name(request_: ReportRequest, name: str) -> None:
    """A name is written as it stands, on sheets, in page margins and in the file's title."""
    window = Span(midnight(24), midnight(25))
    verdict = Verdict(Duty("c", "m", "a", window), Status.MISSING, AS_OF)
    request = replace(request_, verdicts=(verdict,), agencies=(Agency("a", name, "opd"),), instance=Office(name=name))
    book = book_of(request)

    assert name == lines_of(book["Belum"])[0]["Perangkat daerah"].value
    assert name in str(book.properties.title)
    assert name.replace("&", "&&") in str(book["Belum"].oddHeader.left.text)


def test_a_name_too_long_for_a_margin_is_cut(request_: ReportRequest) -> None:
    """Excel has 255 units for a page's margin; a longer one would be left out, with its page's date."""
    book = book_of(replace(request_, instance=Office(name="Dinas & 💪🏽 " * 60)))

    assert "24 April 2024" in str(book["Bukti"].oddHeader.right.text)
    assert str(book["Bukti"].oddHeader.left.text).endswith("…")


def test_numbers_and_truths_stay_what_they_are() -> None:
    """A cell keeps the kind of its value."""
    values: list[Any] = ["007", 7, 0.5, True, None, local(AS_OF)]
    book = Book()
    forms = ["yyyy-mm-dd hh:mm" if isinstance(value, datetime) else "General" for value in values]
    book.sheet("x").write_table(0, [Heading("", 10, {"num_format": form}) for form in forms], [values])
    sheet = load_workbook(io.BytesIO(book.as_bytes()))["x"]

    assert values == [cell.value for cell in sheet[2]]
