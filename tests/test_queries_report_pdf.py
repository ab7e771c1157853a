"""The daily report on paper: whole, in order, the same every time, and safe against what people write."""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pypdf import PdfReader
from test_queries_report import Office, request_
from test_queries_world import AS_OF, DAY, World, connection, midnight, world

from crawler.instance import Signatory
from crawler.items import Agency, Span
from pipelines.items import Duty, Status, Verdict
from pipelines.matchers import all_matchers
from queries.reader import open_store
from queries.report import ReportRequest, write_report
from queries.report.annexes import link_of
from queries.report.content import Proofs, content_of
from queries.report.pdf import MOST_COLUMNS, few, lay_out, render_pdf, split_evenly
from queries.report.pdf import Paper as LaidOut
from queries.wording import Wording, catalogue

pytest.importorskip("typst")

__all__ = ["connection", "request_", "world"]  # fixtures

ROOT = Path(__file__).parent.parent
INDONESIAN = Wording("id", Office().zone)
MARKUP = r'#panic("x") $x^2$ *tebal* _miring_ [isi] \ `kode` <label> @sitasi ~ // ``` = judul {x} &amp;'
SIGNATORY = Signatory("Drs. Budi Santoso, M.Si.", "Inspektur Daerah", "19700101 199503 1 002")


class Paper:
    """A PDF read back."""

    def __init__(self, content: bytes) -> None:
        self.reader = PdfReader(io.BytesIO(content))
        self.pages = [page.extract_text() for page in self.reader.pages]

    @property
    def text(self) -> str:
        """All of it without white space: lines and columns break where they must."""
        return squeezed("".join(self.pages))

    @property
    def headings(self) -> list[str]:
        """The bookmarks of the first level, which Typst makes of headings."""
        return [str(one.title) for one in self.reader.outline if not isinstance(one, list)]

    @property
    def links(self) -> set[str]:
        """Every address that a click would open."""
        actions = [
            annotation.get_object().get("/A", {})
            for page in self.reader.pages
            for annotation in page.get("/Annots", ())
        ]
        return {str(action["/URI"]) for action in actions if "/URI" in action}


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def paper_of(request: ReportRequest) -> Paper:
    return Paper(render_pdf(content_of(request)))


def missing(agencies: int, duties: int = 1) -> tuple[Verdict, ...]:
    """So many agencies with so many duties each, none of them shown."""
    return tuple(
        Verdict(
            Duty("antikorupsi-2024", "ikrar", f"a{n}", Span(midnight(23) + timedelta(minutes=d), midnight(25))),
            Status.MISSING,
            AS_OF,
        )
        for n in range(agencies)
        for d in range(duties)
    )


def named(number: int) -> tuple[Agency, ...]:
    return tuple(Agency(f"a{n}", f"Perangkat Daerah Nomor {n} Kabupaten", "opd") for n in range(number))


@pytest.fixture(scope="module")
def paper(world: World) -> Paper:
    """The synthetic world's day, read back once for all tests that only look."""
    with closing(open_store(world.store, "Asia/Jakarta")) as opened:
        return paper_of(
            ReportRequest(
                world.home,
                Office(signatory=SIGNATORY),
                DAY,
                AS_OF,
                world.verdicts,
                world.campaigns,
                world.agencies,
                opened,
                world.home / "paper",
            )
        )


def test_sections_stand_in_the_order_of_a_letter(paper: Paper) -> None:
    """What was seen, what was not, who is to be reminded, who signs; then the annexes, also listed on paper."""
    expected = [
        "1. Ringkasan",
        "2. Yang tidak dapat diamati",
        "3. Yang berubah sejak laporan kemarin",
        "4. Matriks perangkat daerah dan kewajiban",
        "5. Tindak lanjut dan pengecualian",
        "6. Tren",
        "7. Liputan media",
        "8. Pengesahan",
        "Lampiran A. Daftar bukti",
        "Lampiran B. Unggahan yang tidak terbaca",
        "Lampiran C. Cara kerja dan batasnya",
    ]

    assert expected == paper.headings
    assert paper.text.count(squeezed("Lampiran B. Unggahan yang tidak terbaca")) == 2


def test_head_names_office_day_and_orders(paper: Paper) -> None:
    """Letterhead, title, an open number, day, as_of and the letters that order the campaigns."""
    head = squeezed(paper.pages[0])

    for words in (
        "PEMERINTAH KABUPATEN KLATEN",
        "INSPEKTORAT DAERAH",
        "LAPORAN VERIFIKASI HARIAN",
        "Nomor: ……",
        "Rabu, 24 April 2024",
        "25 Apr 2024, 00.30 WIB",
        "B/700/127/11, Sekretariat Daerah Kabupaten Klaten, 4 April 2024",
    ):
        assert squeezed(words) in head


def test_every_agency_and_every_status_is_on_paper(paper: Paper, world: World) -> None:
    """Nobody is left out, and each status has its word and its mark, which reads without colour."""
    marks = [entry["id"] for entry in catalogue()["mark"].values()]

    for words in (*(a.name for a in world.agencies), *(INDONESIAN.text(f"status.{s}") for s in Status)):
        assert squeezed(words) in paper.text
    assert set(catalogue()["mark"]) == set(Status)
    assert len(marks) == len(set(marks)) == len(Status)
    assert all(mark in paper.text for mark in marks)


def test_every_page_is_numbered_and_names_its_report(paper: Paper) -> None:
    """`Halaman x dari y` on all pages, the running head on all but the first."""
    count, running = len(paper.pages), squeezed("Klaten · 24 April 2024 · keadaan per 25 Apr 2024, 00.30 WIB")

    assert count > 5
    for number, page in enumerate(paper.pages, 1):
        assert squeezed(f"Halaman {number} dari {count}") in squeezed(page)
        assert (running in squeezed(page)) == (number > 1)


def test_every_verdict_with_a_post_names_its_evidence(paper: Paper, request_: ReportRequest) -> None:
    """Address, matcher in words and both digests, whole, of everything that rests on a post."""
    content = content_of(request_)
    for verdict in (one for one in content.matrix.verdicts if one.post_id):
        post, sign = content.post_of(verdict), content.sign_of(verdict)

        assert verdict.post_url in paper.links
        assert post is not None
        assert post.evidence_sha256 in paper.text
        assert sign is not None
        assert (sign.media_sha256 or "") in paper.text
    assert {one.name for one in all_matchers()} <= set(catalogue()["matcher"])


@pytest.mark.slow
def test_paper_is_tied_to_report_json(request_: ReportRequest) -> None:
    """Every page bears the SHA-256 of the report.json that is written with it."""
    pdf, told = write_report(replace(request_, formats=("pdf", "json")))
    digest = hashlib.sha256(told.read_bytes()).hexdigest()

    assert (pdf.name, told.name) == ("report.pdf", "report.json")
    assert all(digest in squeezed(page) for page in Paper(pdf.read_bytes()).pages)


@pytest.mark.slow
def test_same_inputs_give_the_same_bytes_in_another_process(request_: ReportRequest, tmp_path: Path) -> None:
    """Neither the clock, the order of the input nor the process shows in the file."""
    shuffled = replace(request_, verdicts=tuple(reversed(request_.verdicts)), connection=None)
    (tmp_path / "request").write_bytes(pickle.dumps(shuffled))
    code = (
        "import hashlib, pickle, sys; from dataclasses import replace; from pathlib import Path\n"
        "from queries.reader import open_store; from queries.report.content import content_of\n"
        "from queries.report.pdf import render_pdf\n"
        "asked = pickle.loads(Path(sys.argv[1]).read_bytes())\n"
        "asked = replace(asked, connection=open_store(asked.home / 'tayang.duckdb', 'Asia/Jakarta'))\n"
        "print(hashlib.sha256(render_pdf(content_of(asked))).hexdigest())"
    )
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}", "PYTHONHASHSEED": "7"}
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "request")], env=environment, capture_output=True, text=True
    )

    assert ran.stdout.strip() == hashlib.sha256(render_pdf(content_of(request_))).hexdigest(), ran.stderr


def test_file_can_be_read_aloud(paper: Paper) -> None:
    """Title, language, tags, and a text in place of every picture."""
    root: Any = paper.reader.trailer["/Root"]
    pictures = [one for one in _structure(root["/StructTreeRoot"]) if one.get("/S") == "/Figure"]

    assert paper.reader.metadata
    assert "24 April 2024" in str(paper.reader.metadata.title)
    assert str(root["/Lang"]).startswith("id")
    assert root["/MarkInfo"]["/Marked"]
    assert [one for one in _structure(root["/StructTreeRoot"]) if one.get("/S") == "/TH"]
    assert pictures
    assert all(one.get("/Alt") for one in pictures)


def _structure(element: Any) -> Iterator[Any]:
    """Every element of the tree of tags."""
    below = element.get("/K", ())
    for one in below if isinstance(below, (list, tuple)) else (below,):
        found = one.get_object() if hasattr(one, "get_object") else one
        if isinstance(found, dict) and "/S" in found:
            yield found
            yield from _structure(found)


def test_nothing_that_people_write_is_markup(request_: ReportRequest, world: World, tmp_path: Path) -> None:
    """Names, letterhead, signatory, reasons and captions come out as they went in."""
    store = Path(shutil.copy(world.store, tmp_path / "markup.duckdb"))
    with closing(duckdb.connect(store)) as writer:
        writer.execute("UPDATE post_rows SET text = ?", [MARKUP[:60]])
        writer.execute("UPDATE visit_rows SET detail = ?", [MARKUP])
    office = Office(name=MARKUP, letterhead=(MARKUP,), signatory=Signatory(MARKUP, MARKUP, MARKUP))
    agencies = tuple(replace(agency, name=f"{agency.name} {MARKUP}") for agency in world.agencies)
    verdicts = tuple(replace(v, reason=MARKUP) if v.status is Status.EXEMPT else v for v in world.verdicts)
    with closing(open_store(store)) as opened:
        text = paper_of(
            replace(request_, instance=office, agencies=agencies, verdicts=verdicts, connection=opened)
        ).text

    assert text.count(squeezed(MARKUP)) > 3 * len(agencies)
    assert squeezed(MARKUP[:60]) in text


def test_captions_cannot_turn_the_page(paper: Paper) -> None:
    """Direction overrides and zero-width characters are gone; endless emoji and another script do no harm."""
    assert not set("\u202a\u202b\u202d\u202e\u2066\u2067\u200b\u200e\u200f") & set("".join(paper.pages))
    assert "<script>alert('x')" in paper.text
    assert len(paper.pages) < 15


def test_only_web_addresses_can_be_followed(request_: ReportRequest) -> None:
    """An address of another kind, or an endless one, is text."""
    verdicts = tuple(replace(v, post_url="javascript:alert(1)") if v.post_url else v for v in request_.verdicts)
    read = paper_of(replace(request_, verdicts=verdicts))

    assert "javascript:alert(1)" in read.text
    assert read.links
    assert all(link.startswith(("https://", "http://")) for link in read.links)
    assert link_of("https://x.test/" + "a" * 3_000) is None


def test_empty_day_is_a_letter_too(request_: ReportRequest) -> None:
    """No duties, no agencies: it says so, claims no figure, and can still be signed."""
    read = paper_of(replace(request_, verdicts=(), campaigns=(), agencies=()))

    assert squeezed("Tidak ada kewajiban tayang yang termasuk dalam laporan hari ini.") in read.text
    assert squeezed("6. Tren Tidak ada kewajiban tayang yang dapat dinilai, sehingga tidak ada bagian") in read.text
    assert squeezed("kewajiban yang sudah dapat dinilai telah dipenuhi") not in read.text
    assert squeezed("ruang tanda tangan elektronik") in read.text


@pytest.mark.slow
def test_a_day_when_nothing_could_be_observed(request_: ReportRequest) -> None:
    """No share is claimed; each account that stood in the way is named with its cause."""
    unseen = tuple(
        Verdict(v.duty, Status.UNKNOWN, AS_OF, "blocked") for v in request_.verdicts if v.duty.rule == "must"
    )
    read = paper_of(replace(request_, verdicts=unseen))

    assert squeezed("Belum ada kewajiban yang dapat dinilai.") in read.text
    assert squeezed("tidak boleh dianggap lalai") in read.text
    for account in {key for verdict in unseen for key in verdict.duty.accounts}:
        assert squeezed(account.partition(":")[2]) in read.text


@pytest.mark.slow
def test_english_report_has_no_indonesian_status(request_: ReportRequest) -> None:
    """The instance's language is used throughout."""
    read = paper_of(replace(request_, instance=Office(language="en")))

    assert squeezed("Annex A. Index of evidence") in read.text
    assert squeezed("Page 1 of ") in read.text
    for words in ("Belum tayang", "Halaman", "Lampiran", "Perangkat daerah", "Keterangan"):
        assert squeezed(words) not in read.text


@pytest.mark.slow
def test_head_and_signature_are_optional(request_: ReportRequest, tmp_path: Path) -> None:
    """Without letterhead the office's name stands there; a broken logo is left out; dots are to be filled."""
    (tmp_path / "logo.png").write_text("no picture")
    read = paper_of(replace(request_, instance=Office(letterhead=(), logo=tmp_path / "logo.png"), verdicts=missing(1)))

    assert squeezed(read.pages[0]).startswith(squeezed("Pemerintah Kabupaten Klaten"))
    assert "NIP……" in read.text


@pytest.mark.slow
@pytest.mark.parametrize("agencies", range(1, 34, 8))
def test_a_signature_never_stands_alone(request_: ReportRequest, agencies: int) -> None:
    """Wherever the pages break, what is signed, place, box, name and NIP are on one page."""
    read = paper_of(
        replace(
            request_, instance=Office(signatory=SIGNATORY), verdicts=missing(agencies), agencies=named(agencies)
        )
    )
    [page] = [squeezed(one) for one in read.pages if squeezed("ruang tanda tangan elektronik") in squeezed(one)]

    for words in (
        "8. Pengesahan",
        f"memuat {agencies} kewajiban tayang",
        "Demikian laporan ini dibuat",
        "……, 25 April 2024",
        SIGNATORY.name,
        f"NIP {SIGNATORY.nip}",
    ):
        assert squeezed(words) in page


def test_letters_that_no_font_has_are_told_of(request_: ReportRequest, world: World) -> None:
    """Boxes stand nowhere without a note that names the writing; letters that the fonts know are not named."""
    scripts = ("ꦝꦶꦤꦱ꧀ ꦏꦺꦱꦼꦲꦠꦤ꧀", "卫生局", "Dinas 💪🏽", "Ελλάδα Кириллица Łódź")
    named_so = tuple(
        replace(one, name=scripts[at] if at < len(scripts) else one.name) for at, one in enumerate(world.agencies)
    )
    laid = LaidOut(content_of(replace(request_, agencies=named_so)))
    first = Paper(lay_out(laid, has_machine_fonts=False)).pages[0]
    plain = Paper(lay_out(LaidOut(content_of(request_)), has_machine_fonts=False)).pages[0]

    told, before = (set(", ".join(re.findall(r"tidak mempunyai huruf untuk: ([^.]+)\.", squeeze)).split(", "))
                    for squeeze in (" ".join(first.split()), " ".join(plain.split())))  # fmt: skip
    assert {"Jawa", "Tionghoa", "emoji dan tanda"} <= told
    assert not {"Yunani", "Kiril"} & told
    assert not {"Jawa", "Tionghoa"} & before
    assert "utuh dalam report.json" in " ".join(first.split())


@pytest.mark.slow
def test_wide_matrix_goes_on_in_further_tables(request_: ReportRequest) -> None:
    """Sixty agencies by fourteen duties: two tables, each with all agencies, the head repeated on every page."""
    read = paper_of(replace(request_, verdicts=missing(60, 14), agencies=named(60)))
    first, second = (squeezed(f"Kewajiban nomor {columns}.") for columns in ("1–7", "8–14"))
    tables = read.text.split(first)[1].split(squeezed("5. Tindak lanjut"))[0].split(second)

    assert len(tables) == 2
    for table in tables:
        assert table.count("✗") == 60 * 7
        assert all(squeezed(agency.name) in table for agency in named(60))
        assert table.count(squeezed("Perangkat daerah")) > 1


@pytest.mark.slow
def test_pictures_with_a_row_for_each_agency_go_over_several_pages(request_: ReportRequest) -> None:
    """Of a hundred agencies, each stands whole in the ranking and in the season, with column titles on each page."""
    read = paper_of(replace(request_, verdicts=missing(100, 2), agencies=named(100)))
    trends = read.text.split(squeezed("Peringkat perangkat daerah"))[1].split(squeezed("8. Pengesahan"))[0]
    ranking, season = trends.split(squeezed("Perjalanan setiap perangkat daerah"))
    numbers = {str(n) for n in range(100)}

    assert numbers == set(re.findall(r"PerangkatDaerahNomor(\d+)Kabupaten0%", ranking))
    assert numbers == set(re.findall(r"PerangkatDaerahNomor(\d+)Kabupaten", season))
    pages = [squeezed(page) for page in read.pages]
    assert len(ranked := [page for page in pages if "Kabupaten0%" in page]) > 1
    assert all("No.PerangkatdaerahBagian" in page for page in ranked)


def test_columns_are_split_as_evenly_as_may_be(request_: ReportRequest) -> None:
    """No table is wider than fits, none has a single column where two even ones would do."""
    [column] = content_of(replace(request_, verdicts=missing(1))).matrix.columns

    assert [len(part) for part in split_evenly([column] * MOST_COLUMNS, MOST_COLUMNS)] == [9]
    assert [len(part) for part in split_evenly([column] * 10, MOST_COLUMNS)] == [5, 5]
    assert [len(part) for part in split_evenly([column] * 20, MOST_COLUMNS)] == [7, 7, 6]


@pytest.mark.slow
def test_pictures_that_call_for_a_person_come_before_the_others(request_: ReportRequest) -> None:
    """Where there is room for few, what was fulfilled gives way; the index names all the same."""
    proofs = content_of(request_).proofs()
    urgent = sum(v.status is not Status.FULFILLED for one in proofs for v in one.cards)

    def cards(found: list[Proofs]) -> list[Verdict]:
        return [verdict for one in found for verdict in one.cards]

    assert urgent > 0
    assert all(v.status is not Status.FULFILLED for v in cards(few(proofs, urgent)))
    assert len(cards(few(proofs, urgent))) == urgent
    assert len(cards(few(proofs, 10_000))) == len(cards(proofs))
