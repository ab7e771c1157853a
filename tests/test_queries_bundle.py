"""A bundle: the same every time, only of what was chosen, and whatever is changed in it, its own verifier finds."""

from __future__ import annotations

import ast
import gzip
import hashlib
import json
import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from crawler.items import Account, Capture, Media, Outcome, Page, Post, Quality, Span, Visit
from crawler.sandbox.studio import as_jpeg, filler_jpeg, poster
from pipelines.check import open_workspace
from pipelines.evidence import Evidence
from pipelines.recognise import recognise
from pipelines.reviews import Review, record
from pipelines.rows import evidence_row, head_rows, post_rows, sighting_rows, visit_row
from pipelines.store import Store
from pipelines.verify import verify
from queries.bundle import periksa
from queries.bundle.archive import Archive, Slice, read_slice
from queries.bundle.asked import name_of
from queries.bundle.chain import Chain
from queries.bundle.content import Content
from queries.bundle.documents import Resting, folder_name
from queries.bundle.selection import Selection
from queries.bundle.sheet import TEMPLATE, sheet_object
from queries.bundle.wording import bundle_catalogue
from queries.typeset import typeset
from queries.wording import Wording
from tests.conftest import Lived
from tests.homes import write, write_registry
from tests.small_world import here

VERIFIER = Path(__file__).parent.parent / "queries" / "bundle" / "periksa.py"
AS_OF = datetime(2024, 4, 26, 5, tzinfo=UTC)
OPENS = datetime(2024, 4, 23, 17, tzinfo=UTC)
NOON = OPENS + timedelta(hours=12)
INDONESIAN = Wording("id", ZoneInfo("Asia/Jakarta"))
NAMES = {"dinkes": "Dinas Kesehatan", "disdik": "Dinas <b>Pendidikan</b>", "dpupr": "DPUPR", "setda": "Setda"}
INSTANCE = '[instance]\nname = "Kabupaten Contoh"\ntimezone = "Asia/Jakarta"\n[crawl]\ncontact = "a@b.example"\n'
CAMPAIGN = """
id = "anti"
title = "Antikorupsi"
[[instrument]]
number = "B/1"
issuer = "Setda"
issued_on = 2024-04-01
[[material]]
id = "poster"
title = "Laporkan gratifikasi"
kind = "image"
files = ["poster.jpg"]
[[duty]]
material = "poster"
opens = 2024-04-24
closes = 2024-04-25
kinds = ["opd"]
[[duty]]
material = "poster"
opens = 2024-04-25
closes = 2024-04-26
agencies = ["setda"]
"""
NASTY = 'Laporkan <script>alert(1)</script>"\x1b[2J\u202egratifikasi #set page(width: 1cm)'
PRIVATE = "Kiriman Ibu Siti 081234567890"


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def capture(kind: str, body: bytes, url: str, content_type: str) -> Capture:
    return Capture(kind, url, url, 200, (("Content-Type", content_type),), body, AS_OF - timedelta(hours=1))


def a_post(agency: str, page: bytes, *media: bytes, origin: str = "crawl") -> Post:
    shown = tuple(
        Media(f"{agency}-{n}", "image", f"https://m.example/{agency}/{n}", digest(one)) for n, one in enumerate(media)
    )
    return Post(f"instagram:{agency}", "instagram", agency, agency, agency, f"https://www.instagram.com/p/{agency}/",
                NOON, NOON, Quality.EXACT, NASTY, (), shown, evidence_sha256=digest(page), origin=origin)  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after a run: two shown, one submitted by the agency itself, one proved absent, one decision."""
    home = tmp_path_factory.mktemp("bundle") / "home"
    write(home / "tayang.toml", INSTANCE)
    write_registry(
        home, [f"{key},{name},opd" for key, name in NAMES.items()], [f"{key},instagram,{key}," for key in NAMES]
    )
    write(home / "campaigns" / "anti" / "campaign.toml", CAMPAIGN)
    own = as_jpeg(poster(2, "Laporkan gratifikasi", 2024), 95)
    (home / "campaigns" / "anti" / "poster.jpg").write_bytes(own)
    _fill(home, own)
    return home


def _fill(home: Path, own: bytes) -> None:
    store, evidence = Store(home / "tayang.duckdb"), Evidence(home, "r1", {})
    store.prepare()
    pages = {agency: json.dumps({"page": agency}).encode() for agency in NAMES}
    own_again = as_jpeg(poster(2, "Laporkan gratifikasi", 2024), 80)
    posts = {
        "dinkes": a_post("dinkes", pages["dinkes"], filler_jpeg(1), own),
        "disdik": a_post("disdik", pages["disdik"], own_again),
        "dpupr": a_post("dpupr", PRIVATE.encode(), own, origin="import:submission"),
    }
    for agency, page in pages.items():
        evidence.keep(capture("graph", page, f"https://g.example/{agency}", "application/json"), f"instagram:{agency}")
    evidence.keep(capture("import", PRIVATE.encode(), "import:submission/Ibu-Siti.csv", "text/csv"), "")
    for body in (own, own_again, filler_jpeg(1)):
        evidence.keep(capture("media", body, f"https://m.example/{digest(body)[:8]}", "text/html"), "instagram:dinkes")
    lines = evidence.commit()
    store.append({"evidence_rows": [row for line in lines if (row := evidence_row(line))]})
    for agency in NAMES:
        account = Account(agency, "instagram", agency)
        found = tuple(posts[key] for key in [agency] if key in posts)
        page = Page("r1", account, found, (), AS_OF)
        visit = Visit("r1", account, AS_OF, AS_OF, Outcome.COMPLETE, Span(OPENS - timedelta(days=9), AS_OF), len(found))
        evidence.note("visit", {"agency_id": agency})
        rows = {"post_rows": post_rows(page), "sighting_rows": sighting_rows(page), "visit_rows": [visit_row(visit)]}
        store.append(rows)
    store.append({"ledger_head_rows": head_rows(evidence.commit())})
    _decide(store, home, "disdik", "Petugas Satu")
    _decide(store, home, "setda", "Petugas Dua")
    workspace = open_workspace(home)
    recognise(workspace, store)
    verify(store, workspace.duties, AS_OF)


def _decide(store: Store, home: Path, agency: str, reviewer: str) -> None:
    if agency == "setda":
        told = Review("r-setda", None, "anti", "poster", agency, OPENS, "exempt", reviewer, "surat tugas", AS_OF)
    else:
        post_id = f"instagram:{agency}"
        told = Review(f"r-{agency}", post_id, "anti", "poster", agency, None, "match", reviewer, "", AS_OF)
    record(store, home, told)


@pytest.fixture
def home(built: Path, tmp_path: Path) -> Path:
    """A copy that a test may damage."""
    return Path(shutil.copytree(built, tmp_path / "home"))


@pytest.fixture(scope="module")
def whole(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ZIP of everything."""
    return bundled(built, tmp_path_factory.mktemp("zip") / "all.zip")


@pytest.fixture
def unpacked(whole: Path, tmp_path: Path) -> Path:
    """Its folder, to be changed."""
    with zipfile.ZipFile(whole) as opened:
        opened.extractall(tmp_path / "unpacked")
    return tmp_path / "unpacked"


def bundled(home: Path, out: Path, *words: str) -> Path:
    done = here("bundle", "--home", str(home), "--out", str(out), *words)
    assert done.returncode == 0, done.stderr
    return out


def refused(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return here("bundle", "--home", str(home), *words)


def index_of(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as opened:
        found: dict[str, Any] = json.loads(opened.read("indeks.json"))
    return found


def by_agency(path: Path) -> dict[str, dict[str, Any]]:
    return {one["agency_id"]: one for one in index_of(path)["documents"]}


def checked(folder: Path, *words: str, verifier: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The bundle's own verifier, or another copy, by a bare Python that sees nothing but the standard library."""
    asked = [str(verifier or folder / VERIFIER.name), *([str(folder)] if verifier else []), *words]
    return subprocess.run(
        [sys.executable, "-I", "-S", *asked], capture_output=True, text=True, check=False, timeout=240,
        cwd=folder.parent,
    )  # fmt: skip


def resealed(folder: Path, change: Callable[[dict[str, Any]], None] = lambda _: None) -> None:
    """Digests made right again, as somebody would who changes more than one byte."""
    index = json.loads((folder / "indeks.json").read_bytes())
    change(index)
    for one in index["files"]:
        body = (folder / one["path"]).read_bytes() if (folder / one["path"]).is_file() else b""
        one["bytes"], one["sha256"] = len(body), digest(body)
    sums = {one["path"]: one["sha256"] for one in index["files"]}
    for document in index["documents"]:
        for piece in document["pieces"]:
            piece["sha256"] = sums.get(piece["path"], "")
    body = json.dumps(index).encode()
    (folder / "indeks.json").write_bytes(body)
    (folder / "indeks.sha256").write_text(f"{digest(body)}  indeks.json\n")


def flip(path: Path, at: int) -> None:
    body = bytearray(path.read_bytes())
    body[at] ^= 1
    path.write_bytes(body)


# -- what is in it --------------------------------------------------------------------------


def test_the_same_request_gives_the_same_bytes(built: Path, whole: Path, tmp_path: Path) -> None:
    """Sorted names, no clock, no owner: nothing in the ZIP tells when or where it was made."""
    again = bundled(built, tmp_path / "again.zip")
    names = [one.filename for one in zipfile.ZipFile(whole).infolist()]

    assert whole.read_bytes() == again.read_bytes()
    assert sorted(names) == names


def test_an_untouched_bundle_holds(unpacked: Path) -> None:
    """Both languages, exit 0; the digests for the covering letter are told."""
    told, english = checked(unpacked), checked(unpacked, "--en")

    assert (told.returncode, english.returncode) == (0, 0)
    assert "SEMUA COCOK" in told.stdout
    assert "EVERYTHING HOLDS" in english.stdout
    assert digest((unpacked / "indeks.json").read_bytes()) in told.stdout


def test_each_verdict_with_a_post_has_its_evidence(whole: Path, built: Path) -> None:
    """The source's answer as kept, its content, the recognised picture alone, the explanation; by the ledger's line."""
    with zipfile.ZipFile(whole) as opened:
        one = by_agency(whole)["dinkes"]
        files = {piece["path"].rsplit("/", 1)[-1]: opened.read(piece["path"]) for piece in one["pieces"]}
    lines = [json.loads(line) for line in (built / "evidence" / "ledger.jsonl").read_text().splitlines()]
    poster_bytes = (built / "campaigns" / "anti" / "poster.jpg").read_bytes()

    assert one["status"] == "fulfilled"
    assert set(files) == {"halaman.warc.gz", "halaman.json", "media-1.jpg", "penjelasan.txt", "keterangan.json"}
    assert files["halaman.json"] == b'{"page": "dinkes"}'
    assert files["media-1.jpg"] == poster_bytes
    assert digest(files["halaman.warc.gz"]) == lines[one["pieces"][0]["ledger_seq"] - 1]["warc_sha256"]
    assert "Dinas Kesehatan" in files["penjelasan.txt"].decode()
    assert "\x1b" not in files["penjelasan.txt"].decode()


def test_verdicts_without_a_post_are_listed_too(whole: Path) -> None:
    """The failed ones are not left out, and have no folder."""
    [kept, absent] = [one for one in index_of(whole)["documents"] if one["agency_id"] == "setda"]

    assert (kept["status"], kept["decided_by"]) == ("exempt", "Petugas Dua")
    assert (absent["status"], absent["folder"], absent["pieces"]) == ("missing", None, [])


def test_submissions_stay_out_unless_asked_for(built: Path, whole: Path, tmp_path: Path) -> None:
    """Not their file, not its name, not its sender; the verdict says that it rests on one."""
    one = by_agency(whole)["dpupr"]
    body = b"".join(zipfile.ZipFile(whole).read(name) for name in zipfile.ZipFile(whole).namelist())
    asked = bundled(built, tmp_path / "asked.zip", "--with-submissions")

    assert (one["is_left_out"], one["pieces"], one["grade"]) == (True, [], "D")
    assert PRIVATE.encode() not in body
    assert b"Ibu-Siti" not in body
    assert "kiriman pribadi tidak disertakan" in zipfile.ZipFile(whole).read("BACA-DULU.txt").decode()
    assert zipfile.ZipFile(asked).read(by_agency(asked)["dpupr"]["pieces"][1]["path"]) == PRIVATE.encode()


def test_lines_that_may_name_persons_are_closed_unless_a_verdict_rests_on_them(
    built: Path, whole: Path, tmp_path: Path
) -> None:
    """The decision on a chosen duty is open; of others, imports and notes of unknown kinds only the seals."""
    part = bundled(built, tmp_path / "dinkes.zip", "--agency", "dinkes")
    lines = {path: zipfile.ZipFile(path).read("buku-besar.jsonl").decode() for path in (whole, part)}

    assert ("Petugas Satu" in lines[whole], "Petugas Satu" in lines[part]) == (True, False)
    assert all(one["agency_id"] == "dinkes" for one in index_of(part)["documents"])
    assert '"closed":true' in lines[part]


def test_closed_lines_can_be_shown_later(unpacked: Path, built: Path, tmp_path: Path) -> None:
    """With the office's own ledger every seal is recomputed; another ledger does not do."""
    other = tmp_path / "other.jsonl"
    lines = (built / "evidence" / "ledger.jsonl").read_text().splitlines(keepends=True)
    other.write_text("".join(lines[:2]))

    assert checked(unpacked, "--ledger", str(built / "evidence" / "ledger.jsonl")).returncode == 0
    assert checked(unpacked, "--ledger", str(other)).returncode == 1


def test_the_pdf_shows_no_markup_of_ours(whole: Path) -> None:
    """Values are data: an agency's name or a caption cannot set the page."""
    assert zipfile.ZipFile(whole).read("indeks.pdf").startswith(b"%PDF-")


def test_the_index_on_paper_names_the_writing_that_the_machine_has_no_letters_for(built: Path) -> None:
    """Set with no fonts but Typst's own, a name in Chinese is boxes: the first page says so and where it is whole."""
    instance = replace(open_workspace(built).instance, name="卫生局")
    content = Content(instance, AS_OF, Selection(), [], Chain(), {}, {}, {})
    pdf = typeset(TEMPLATE, sheet_object(content), AS_OF, has_machine_fonts=False)
    said = " ".join(PdfReader(BytesIO(pdf)).pages[0].extract_text().split())

    assert "tidak mempunyai huruf untuk: Tionghoa" in said
    assert "utuh dalam indeks.json, indeks.xlsx" in said


def test_the_workbook_has_room_for_points_and_no_formula_of_others(whole: Path) -> None:
    """One line for each piece of indeks.json with an empty cell for points; the only formula is their sum."""
    book = load_workbook(BytesIO(zipfile.ZipFile(whole).read("indeks.xlsx")))
    documents, pieces = book.worksheets
    index = index_of(whole)
    kept = [piece["number"] for one in index["documents"] for piece in one["pieces"] if piece["ledger_seq"]]
    formulas = [cell.coordinate for sheet in book for row in sheet for cell in row if cell.data_type == "f"]

    assert [row[3].value for row in pieces.iter_rows(min_row=6)] == kept
    assert [documents.cell(6 + at, 1).value for at in range(len(index["documents"]))] == [
        str(one["number"]) for one in index["documents"]
    ]
    assert formulas == ["K4"]
    assert pieces["K4"].value == f"=SUM(K6:K{5 + len(kept)})"
    assert all(row[10].value is None for row in pieces.iter_rows(min_row=6))


def test_every_piece_names_its_digest_and_when_it_was_fetched(whole: Path) -> None:
    """On paper and in the workbook, as indeks.json does, so that no piece must be believed by its name."""
    index, opened = index_of(whole), zipfile.ZipFile(whole)
    pieces = [one for document in index["documents"] for one in document["pieces"] if one["ledger_seq"]]
    told = list(load_workbook(BytesIO(opened.read("indeks.xlsx"))).worksheets[1].iter_rows(min_row=6, values_only=True))
    paper = "".join(page.extract_text() for page in PdfReader(BytesIO(opened.read("indeks.pdf"))).pages)

    assert [one["sha256"] for one in pieces] == [row[8] for row in told]
    assert all(one["sha256"] in "".join(paper.split()) for one in pieces)
    assert any(one["fetched_at"] for one in pieces)
    for one, row in zip(pieces, told, strict=True):
        at = one["fetched_at"]
        assert row[7] == (INDONESIAN.moment(datetime.fromisoformat(at)) if at else "–")


def test_a_ground_is_told_where_there_is_no_post(whole: Path) -> None:
    """Not shown rests on accounts that were read, and the index says which; not observed is nobody's negligence."""
    opened = zipfile.ZipFile(whole)
    sheet = load_workbook(BytesIO(opened.read("indeks.xlsx"))).worksheets[0]
    grounds = {row[0]: row[6] for row in sheet.iter_rows(min_row=6, values_only=True)}
    paper = "".join(PdfReader(BytesIO(opened.read("indeks.pdf"))).pages[0].extract_text().split())

    for one in index_of(whole)["documents"]:
        if one["status"] == "missing":
            assert str(grounds[str(one["number"])]).startswith("terbaca penuh: ")
    assert "Tidakteramatidanmenunggubukankelalaian" in paper
    assert "Mutu:A–diambilsendiri" in paper


def test_names_in_the_bundle_are_safe() -> None:
    """Ids cannot leave the folder, and long ones are cut."""
    duty = type("Duty", (), {"agency_id": "../../etc/passwd", "material_id": "x" * 500})
    resting = Resting(7, type("Verdict", (), {"duty": duty}))  # type: ignore[arg-type]

    assert folder_name(resting, 3) == "007-etc-passwd-" + "x" * 40
    assert "/" not in name_of(Selection(("../a", "b" * 300)))
    assert name_of(Selection(("a", "b"), "c")) == "bukti-c-a-b"


def test_every_sentence_is_there_in_both_languages() -> None:
    """No half-translated index."""
    assert all(set(words) == {"id", "en"} for keys in bundle_catalogue().values() for words in keys.values())


# -- what is refused ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["--agency", "dinkess"], "maksudnya dinkes?"),
        (["--campaign", "antii"], "maksudnya anti?"),
        (["--day", "24-04-2024"], "tulis seperti 2024-04-24"),
        (["--day", "2024-05-24"], "tidak ada kewajiban"),
        (["--agency", "dinkes", "--day", "2024-04-25"], "tidak ada kewajiban"),
    ],
)
def test_a_choice_without_a_duty_is_wrong_use(built: Path, words: list[str], meant: str) -> None:
    """Named with what was meant; nothing is written."""
    done = refused(built, *words)

    assert done.returncode == 2
    assert meant in done.stderr


def test_agencies_named_one_by_one_are_all_meant(built: Path, tmp_path: Path) -> None:
    """`--agency A --agency B` is as `--agency A B`: none is dropped in silence."""
    asked = ("--agency", "dinkes", "--agency", "setda")

    assert {"dinkes", "setda"} == set(by_agency(bundled(built, tmp_path / "two.zip", *asked)))


@pytest.mark.parametrize("what", ["media changed", "media lost", "warc", "ledger"])
def test_damaged_evidence_stops_the_bundle(home: Path, tmp_path: Path, what: str) -> None:
    """Exit 3, the file named, and no ZIP left behind."""
    poster_bytes = (home / "campaigns" / "anti" / "poster.jpg").read_bytes()
    medium = next((home / "evidence" / "media").rglob(f"{digest(poster_bytes)}*"))
    path = {
        "warc": home / "evidence" / "warc" / "r1.warc.gz", "ledger": home / "evidence" / "ledger.jsonl",
    }.get(what, medium)  # fmt: skip
    lines = map(json.loads, (home / "evidence" / "ledger.jsonl").read_text().splitlines())
    first = next(line for line in lines if "warc_offset" in line and "url" in line)
    if what == "media lost":
        path.unlink()
    else:
        flip(path, 500 if what == "ledger" else first["warc_offset"] + 99 if what == "warc" else 50)
    done = refused(home, "--out", str(tmp_path / "out" / "x.zip"), "--agency", "dinkes", "disdik", "setda")

    assert done.returncode == 3
    assert path.name in done.stderr
    assert list((tmp_path / "out").glob("*")) == []


def test_a_folder_is_no_zip(built: Path, tmp_path: Path) -> None:
    """Refused before anything is read."""
    assert refused(built, "--out", str(tmp_path)).returncode == 2


# -- what the verifier finds ----------------------------------------------------------------


def changes(folder: Path, count: int, seed: int) -> list[tuple[Path, int]]:
    """Places of one byte: each file at least once, then anywhere."""
    lottery, files = random.Random(seed), sorted(path for path in folder.rglob("*") if path.is_file())
    chosen = [*files, *lottery.choices(files, k=max(0, count - len(files)))]
    return [(path, lottery.randrange(path.stat().st_size)) for path in chosen]


def missed(folder: Path, count: int, seed: int) -> list[tuple[str, int]]:
    """The changes that the verifier does not find; one in the bundle's own is looked for by the project's."""
    unfound = []
    for path, at in changes(folder, count, seed):
        flip(path, at)
        verifier = VERIFIER if path.name == VERIFIER.name else folder / VERIFIER.name
        if checked(folder, verifier=verifier).returncode != 1:
            unfound.append((path.name, at))
        flip(path, at)
    return unfound


def test_one_changed_byte_in_any_file_is_found(unpacked: Path) -> None:
    """One in each file."""
    assert missed(unpacked, 0, 1) == []
    assert checked(unpacked).returncode == 0


@pytest.mark.slow
def test_a_hundred_changed_bytes_are_found(unpacked: Path) -> None:
    """Seeded, over all files; a changed verifier may say anything, so a sceptic brings one of his own."""
    assert missed(unpacked, 100, 2024) == []


def test_lost_and_added_files_are_found(unpacked: Path) -> None:
    """Named; what a file browser leaves beside the evidence is no alarm, a note beside the bundle neither."""
    (unpacked / "catatan.txt").write_text("x")
    (unpacked / "bukti" / ".DS_Store").write_text("x")
    assert checked(unpacked).returncode == 0
    (unpacked / "bukti" / "palsu.jpg").write_text("x")
    added = checked(unpacked)
    (unpacked / "bukti" / "palsu.jpg").unlink()
    lost = next(unpacked.rglob("media-1.jpg"))
    lost.unlink()

    assert added.returncode == 1
    assert "palsu.jpg" in added.stdout
    assert f"hilang: {lost.relative_to(unpacked).as_posix()}" in checked(unpacked).stdout


def edited(lines: list[str], how: str) -> list[str]:
    if how == "cut at the end":
        return lines[:-1]
    if how == "cut at the start":
        return lines[1:]
    if how == "taken out":
        return lines[:3] + lines[4:]
    if how == "moved":
        return [*lines[:2], lines[3], lines[2], *lines[4:]]
    return [line.replace("instagram:dinkes", "instagram:disdik") for line in lines]


@pytest.mark.parametrize("how", ["cut at the end", "cut at the start", "taken out", "moved", "changed"])
def test_a_changed_ledger_is_found_although_the_digests_were_made_right(unpacked: Path, how: str) -> None:
    """The chain tells, not the index."""
    ledger = unpacked / "buku-besar.jsonl"
    ledger.write_text("".join(edited(ledger.read_text().splitlines(keepends=True), how)))
    resealed(unpacked)
    done = checked(unpacked, "--en")

    assert done.returncode == 1
    assert "ledger" in done.stdout


@pytest.mark.parametrize("name", ["media-1.jpg", "halaman.json", "halaman.warc.gz"])
def test_exchanged_evidence_is_found_although_the_digests_were_made_right(unpacked: Path, name: str) -> None:
    """No line of the ledger names it."""
    flip(next(unpacked.rglob(name)), 5)
    resealed(unpacked)

    assert "no line of the ledger names" in checked(unpacked, "--en").stdout


def test_evidence_cannot_be_slipped_in_by_the_index(unpacked: Path) -> None:
    """A file that the index lists but no document explains, or that is called a description, is not evidence."""
    (unpacked / "bukti" / "palsu.jpg").write_text("x")
    resealed(unpacked, lambda index: index["files"].append({"path": "bukti/palsu.jpg"}))

    assert "not explained by the index: bukti/palsu.jpg" in checked(unpacked, "--en").stdout


@pytest.mark.parametrize(
    "name", ["../secret", "/etc/passwd", "bukti/../../x", "C:\\x", "bukti//x", ".x", "a\n", 7, None]
)
def test_the_verifier_opens_no_file_outside(unpacked: Path, name: object) -> None:
    """A hostile index is wrong, never followed."""
    resealed(unpacked)
    index = json.loads((unpacked / "indeks.json").read_bytes())
    index["files"].append({"path": name, "bytes": 0, "sha256": digest(b"")})
    body = json.dumps(index).encode()
    (unpacked / "indeks.json").write_bytes(body)
    (unpacked / "indeks.sha256").write_text(f"{digest(body)}  indeks.json\n")
    done = checked(unpacked)

    assert (done.returncode, done.stderr) == (1, "")


def test_a_link_is_no_evidence(unpacked: Path, tmp_path: Path) -> None:
    """Neither for a file nor for a folder, even with the right bytes behind it."""
    shown = next(unpacked.rglob("media-1.jpg"))
    shutil.move(shown, tmp_path / "elsewhere.jpg")
    shown.symlink_to(tmp_path / "elsewhere.jpg")

    assert checked(unpacked).returncode == 1


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"format":1}', b"[" * 100_000, b'{"format":1,"format":1}', b"\xff", b"1" * 5000]
)
def test_a_hostile_index_is_wrong_and_no_accident(unpacked: Path, body: bytes) -> None:
    """Whatever it holds: exit 1, a sentence, no traceback."""
    (unpacked / "indeks.json").write_bytes(body)
    (unpacked / "indeks.sha256").write_text(f"{digest(body)}  indeks.json\n")
    done = checked(unpacked)

    assert (done.returncode, done.stderr) == (1, "")


def test_a_record_that_unpacks_without_end_is_not_followed(tmp_path: Path) -> None:
    """No more is unpacked than was declared."""
    bomb = tmp_path / "bomb.gz"
    head = b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 400000000\r\n\r\nHTTP/1.1 200 \r\n\r\n"
    bomb.write_bytes(gzip.compress(head + bytes(40_000_000)))

    assert not periksa.holds_payload(bomb, digest(b""), 10)


def test_the_verifier_needs_python_3_8_and_nothing_else() -> None:
    """It parses as such, and imports the standard library alone."""
    source = Path(periksa.__file__).read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 8))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    late = {"file_digest", "removeprefix", "removesuffix", "is_relative_to", "readlink", "hardlink_to", "walk_up"}

    assert {name.partition(".")[0] for name in imported} <= set(sys.stdlib_module_names)
    assert not {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & late


# -- the archive ----------------------------------------------------------------------------


def test_a_file_larger_than_four_gigabytes_is_told_so(tmp_path: Path) -> None:
    """By what is expected of it, before the first byte: ZIP64 in its own header."""
    with (tmp_path / "x.zip").open("wb") as stream:
        archive = Archive(stream)
        archive.add("large.mp4", [b"x"], 5 << 30)
        archive.close()

    assert (tmp_path / "x.zip").read_bytes()[4:6] == b"\x2d\x00"  # "needs version 4.5"
    assert zipfile.ZipFile(tmp_path / "x.zip").read("large.mp4") == b"x"


def test_evidence_is_read_in_pieces(tmp_path: Path) -> None:
    """A clip is never in memory as a whole."""
    body = random.Random(1).randbytes(3_000_000)
    (tmp_path / "clip").write_bytes(b"before" + body + b"behind")
    pieces = list(read_slice(Slice(tmp_path / "clip", 6, len(body), digest(body))))

    assert b"".join(pieces) == body
    assert max(map(len, pieces)) < 300_000


@pytest.mark.slow
def test_the_bundle_of_a_whole_world_holds(lived: Lived, tmp_path: Path) -> None:
    """Every status, both channels: as a user would make and check it."""
    done = lived.tayang("bundle", "--json", "--out", str(tmp_path / "all.zip"))
    told = json.loads(done.stdout)
    with zipfile.ZipFile(tmp_path / "all.zip") as opened:
        opened.extractall(tmp_path / "all")

    assert told["with_evidence"] > 20
    assert told["files"] > 100
    assert checked(tmp_path / "all").returncode == 0
