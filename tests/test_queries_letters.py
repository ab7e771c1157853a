"""Letters: true to the verdicts, accusing nobody without proof, safe against what people write, the same every time."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from crawler.errors import WrongUse
from crawler.instance import Signatory
from crawler.items import Agency, Cause, Span
from pipelines.items import Campaign, Duty, Grade, Instrument, Material, Status, Verdict
from queries.letters.as_docx import render_docx
from queries.letters.content import NAMES, letters_of
from queries.letters.docx_default import default_template
from queries.letters.pengingat import unmarked
from queries.letters.request import Letter, LetterRequest, Order
from queries.letters.stems import stem_of
from queries.letters.templates import OURS, copy_templates, docx_template, logo_of, typst_template
from queries.letters.voice import letter_texts
from queries.letters.write import write_letters
from queries.report.facts import PostFact, SignFact
from queries.typeset import typeset
from tests.small_world import PLEDGE, ROOT, SmallWorld, a_post, an_account, local

ZONE = ZoneInfo("Asia/Jakarta")
DAY = date(2024, 4, 24)
AS_OF = datetime(2024, 4, 25, 0, 30, tzinfo=ZONE).astimezone(UTC)
BOTH = ("pdf", "docx")
LANGUAGES = ("id", "en")
ABSENT = re.compile(r"belum tayang|tidak tayang|tidak menayangkan|not shown|has not shown", re.IGNORECASE)
LATE = re.compile(r"terlambat|\blate\b", re.IGNORECASE)
VIOLATED = re.compile(r"dilanggar|melanggar|violat", re.IGNORECASE)
SHOWN = frozenset({Status.FULFILLED, Status.INCOMPLETE, Status.LATE, Status.EARLY, Status.REVIEW, Status.VIOLATED})


SIGNATORY = Signatory("Jaka Purwanto", "Inspektur Kabupaten Klaten", "19700101 199503 1 001")


@dataclass(frozen=True)
class Office:
    """An instance as letters need it."""

    name: str = "Pemerintah Kabupaten Klaten"
    zone: ZoneInfo = ZONE
    language: str = "id"
    letterhead: tuple[str, ...] = ("PEMERINTAH KABUPATEN KLATEN", "INSPEKTORAT DAERAH", "Jalan Pemuda 294")
    logo: Path | None = None
    signatory: Signatory | None = SIGNATORY


CAMPAIGN = Campaign(
    "antikorupsi", "Kampanye Antikorupsi 2024",
    (Instrument("B/700/127/11", "Sekretariat Daerah Kabupaten Klaten", date(2024, 4, 4)),),
    tuple(Material("antikorupsi", f"m{number}", f"Materi {number}", "image") for number in range(20)), (),
)  # fmt: skip


def midnight(day: int) -> datetime:
    return datetime(2024, 4, day, tzinfo=ZONE).astimezone(UTC)


def verdict(status: Status, agency_id: str = "dinkes", number: int = 0, **other: Any) -> Verdict:
    """One of Wednesday 24 April, or of both 24 and 25 where it is pending; grace is two days."""
    closes = midnight(26 if status is Status.PENDING else 25)
    rule = "must_not" if status in (Status.VIOLATED, Status.CLEAR) else "must"
    duty = Duty("antikorupsi", f"m{number}", agency_id, Span(midnight(24), closes), 48, rule=rule,
                accounts=(f"instagram:{agency_id}",))  # fmt: skip
    made = Verdict(duty, status, AS_OF, reason="blocked" if status is Status.UNKNOWN else "")
    if status in SHOWN:
        made = replace(made, post_id=f"p{number}", post_url=f"https://www.instagram.com/p/C{number}/",
                       published_at=midnight(25 if status is Status.LATE else 24) + timedelta(minutes=9),
                       minutes_late=9 if status is Status.LATE else None, grade=Grade.OWN_MEDIA)  # fmt: skip
    return replace(made, **other)


def request_of(*verdicts: Verdict, language: str = "id", names: dict[str, str] | None = None) -> LetterRequest:
    """A request about these verdicts; an agency's name is its id unless it is given."""
    ids = list(dict.fromkeys(one.duty.agency_id for one in verdicts))
    agencies = [Agency(one, (names or {}).get(one, f"Dinas {one}"), "opd") for one in ids]
    sights = {one.duty.key: one.as_of for one in verdicts}
    return LetterRequest(Office(language=language), DAY, AS_OF, verdicts, (CAMPAIGN,), agencies, sights=sights)


def one_of(name: str, request: LetterRequest) -> dict[str, Any]:
    """What the only letter of that name says."""
    [letter], _ = letters_of(name, request)
    return dict(letter.said)


def words_of(value: Any) -> Iterator[str]:
    """Every string in a letter."""
    if isinstance(value, str):
        yield value
    else:
        for one in value.values() if isinstance(value, dict) else value:
            yield from words_of(one)


def text_of(file: bytes) -> str:
    """The words of a DOCX, body, tables and footers."""
    document = Document(io.BytesIO(file))
    roots = [document.element, *(section.footer._element for section in document.sections)]
    return "\n".join(
        "".join(t.text or "" for t in p.iter("{*}t")) for root in roots for p in root.iter("{*}p")
    )


def pdf_text(path: Path) -> str | None:
    """The words of a PDF on one line; None on a machine that has no pdftotext."""
    if not shutil.which("pdftotext"):
        return None
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True)
    return re.sub(r"\s+", " ", done.stdout)


def paper_of(name: str, said: dict[str, Any]) -> str:
    """The words of a letter on one line, set with no fonts but Typst's own."""
    pdf = typeset(OURS / f"{name}.typ", said, AS_OF, has_machine_fonts=False)
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


ALL = [verdict(status, number=number) for number, status in enumerate(Status)]


# -- what is said ----------------------------------------------------------------------------


def test_the_catalogue_speaks_both_languages_about_every_cause() -> None:
    """Each text is there twice with the same places; every cause says why and asks for something."""
    for section in letter_texts().values():
        for text in section.values():
            assert set(text) == set(LANGUAGES)
            assert len({tuple(sorted(set(re.findall(r"{(\w+)}", one)))) for one in text.values()}) == 1, text
    assert {*Cause, "other"} == letter_texts()["because"].keys() == letter_texts()["ask"].keys() - {"ban"}


def test_nota_dinas_tells_first_what_could_not_be_observed() -> None:
    """Findings in order, each counted; every duty that is not well stands in the list of its status."""
    said = one_of("nota-dinas", request_of(*ALL))

    assert said["findings"][0].startswith("Tidak dapat diamati: 1 kewajiban pada 1 perangkat daerah.")
    assert "1 di antaranya masih dapat ditayangkan terlambat" in said["findings"][1]
    assert [said[key][0]["material"] for key in ("unknown", "missing", "violated", "late", "early", "incomplete")] == [
        f"Materi {list(Status).index(status)}{' (larangan)' if status is Status.VIOLATED else ''}"
        for status in (Status.UNKNOWN, Status.MISSING, Status.VIOLATED, Status.LATE, Status.EARLY, Status.INCOMPLETE)
    ]
    assert said["to"] == "Inspektur Kabupaten Klaten"
    assert "B/700/127/11 tanggal 4 April 2024" in said["opening"]
    assert "Rabu, 24 April 2024" in said["opening"]
    assert said["total_since"] == str(len(Status))
    assert sum(int(row["since"]) for row in said["figures"]) == len(Status)
    assert said["share"] == "Dari 5 kewajiban tayang yang sudah dapat dinilai, 1 terpenuhi; hari ini 1 dari 5."


def test_a_nota_dinas_of_no_duty_finds_nothing_out() -> None:
    """Where nothing was owed it does not say that nothing went unobserved."""
    said = one_of("nota-dinas", request_of())

    assert said["findings"] == ["Tidak ada kewajiban tayang pada masa ini."]
    assert said["share"] == "Belum ada kewajiban tayang yang dapat dinilai."


def test_nota_dinas_asks_for_what_there_is_to_decide() -> None:
    """Nothing wrong, nothing asked; grace over, a direction is asked for."""
    over = replace(verdict(Status.MISSING).duty, grace_hours=0)

    assert one_of("nota-dinas", request_of(verdict(Status.FULFILLED)))["asks"] == ["menjadikan maklum."]
    assert one_of("nota-dinas", request_of(verdict(Status.FULFILLED)))["list"] == ""
    [ask] = one_of("nota-dinas", request_of(verdict(Status.MISSING, duty=over)))["asks"]
    assert ask.startswith("memberi arahan tindak lanjut")
    assert "pengingat" in one_of("nota-dinas", request_of(verdict(Status.MISSING)))["asks"][0]


def test_nota_dinas_names_each_cause_of_an_agency_once() -> None:
    """Three duties unknown for one cause are one line that says three."""
    blind = [verdict(Status.UNKNOWN, number=number) for number in range(3)]
    other = verdict(Status.UNKNOWN, number=3, reason="gap")
    lines = one_of("nota-dinas", request_of(*blind, other))["unknown"]

    assert [(line["duties"], line["because"]) for line in lines] == [
        ("3", "sumber menolak akses pemeriksaan"),
        ("1", "sebagian waktu tidak terbaca oleh pemeriksaan"),
    ]


def test_laporan_names_the_evidence_of_each_duty() -> None:
    """Status, time, link, grade and digests; unknown is said in the agency's own voice and asks nobody."""
    post = PostFact("p0", "instagram", "dinkes", "dinkes", "", "", AS_OF, "exact", "ab" * 32, "crawl", ())
    sign = SignFact("image", 0.9, {}, "cd" * 32, "ab" * 32)
    request = replace(
        request_of(verdict(Status.FULFILLED), verdict(Status.UNKNOWN, number=1)),
        posts={"p0": post}, signs={("p0", "antikorupsi", "m0"): (sign,)},
    )  # fmt: skip
    said = one_of("laporan-pelaksanaan", request)
    shown, unseen = said["owed"]

    assert shown["status"] == "Tayang"
    assert shown["published"] == "24 Apr 2024, 00.09 WIB"
    assert shown["link"] == "https://www.instagram.com/p/C0/"
    assert (shown["grade"], shown["page"], shown["media"]) == (
        "Tingkat bukti A", f"Halaman {'ab' * 32}", f"Media {'cd' * 32}",
    )  # fmt: skip
    assert unseen["note"] == "tidak dapat diamati oleh pemeriksaan karena sumber menolak akses pemeriksaan"
    assert said["supplement"]
    assert (said["unit"], said["to"]) == ("DINAS DINKES", "Sekretariat Daerah Kabupaten Klaten")
    assert said["copies"] == ["Inspektur Kabupaten Klaten"]
    assert said["summary"] == "Dari 2 kewajiban: tayang 1, tidak teramati 1."


def test_a_letter_names_the_medium_that_the_report_names() -> None:
    """Of several signs it is the one of the verdict's own matcher, whatever the others score."""
    signs = (SignFact("audio", 0.9, {}, "ab" * 32, None), SignFact("image", 0.8, {}, "cd" * 32, None))
    request = request_of(verdict(Status.FULFILLED, matcher="image"))
    said = one_of("laporan-pelaksanaan", replace(request, signs={("p0", "antikorupsi", "m0"): signs}))

    assert said["owed"][0]["media"] == f"Media {'cd' * 32}"


def test_laporan_holds_what_has_begun_of_the_campaigns_under_way() -> None:
    """A duty of weeks ago is in it, one of next week is not, nor a campaign that is long over."""
    past, future = (
        verdict(Status.FULFILLED, number=number,
                duty=replace(verdict(Status.FULFILLED, number=number).duty, window=Span(midnight(a), midnight(a + 1))))
        for number, a in ((1, 1), (2, 28))
    )  # fmt: skip
    over = replace(past, duty=replace(past.duty, campaign_id="lama"))
    owed = one_of("laporan-pelaksanaan", request_of(verdict(Status.FULFILLED), past, future, over))["owed"]

    assert [line["material"] for line in owed] == ["Materi 1", "Materi 0"]


def test_pengingat_names_material_window_and_time_left() -> None:
    """Pending counts to the end of the window, missing to the end of grace, with the instants named."""
    said = one_of("pengingat", request_of(verdict(Status.PENDING), verdict(Status.MISSING, number=1)))

    assert said["pending"][0]["note"] == (
        "belum terlihat sampai 25 Apr 2024, 00.30 WIB; jadwal berakhir 26 Apr 2024, 00.00 WIB"
    )
    assert said["missing"][0]["note"] == (
        "belum tayang menurut pemeriksaan penuh atas seluruh jadwal sampai 25 Apr 2024, 00.00 WIB; "
        "masih dapat ditayangkan terlambat sampai 27 Apr 2024, 00.00 WIB"
    )
    assert (said["pending"][0]["left"], said["missing"][0]["left"]) == ("23 jam 30 menit", "47 jam 30 menit")
    assert said["whatsapp"][2] == (
        "• Materi 0 (jadwal 24–25 Apr): belum terlihat sampai 25 Apr 2024, 00.30 WIB, batas 26 Apr 2024, 00.00 WIB, "
        "sisa 23 jam 30 menit."
    )
    assert (said["nature"], said["unknown"], said["unknown_heading"]) == ("Segera", [], "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_nobody_could_look_at_is_not_called_unseen(language: str) -> None:
    """A pending duty whose accounts were not read up to now is "not observed yet", in the letter and for WhatsApp."""
    request = request_of(verdict(Status.PENDING), language=language)
    said = one_of("pengingat", replace(request, sights={}))
    owed = one_of("laporan-pelaksanaan", replace(request, sights={}))["owed"]
    told = [said["pending"][0]["note"], said["whatsapp"][2], owed[0]["note"], said["pending_heading"]]

    assert not [one for one in told if re.search("belum terlihat|not seen", one, re.IGNORECASE)]
    assert all(re.search("belum teramati|not observed", one) for one in told[:3])


def test_pengingat_of_the_unobserved_asks_only() -> None:
    """No material is demanded: the letter is a request, and says that nothing is judged."""
    said = one_of("pengingat", request_of(verdict(Status.UNKNOWN, reason="private")))

    assert said["subject"] == "Permohonan akses atau tautan penayangan"
    assert said["request"] == ""
    assert said["unknown"][0]["note"].startswith("tidak dapat kami amati karena akun tidak dibuka untuk umum; mohon ")
    assert "bukan penilaian" in said["request_unknown"]
    assert said["nature"] == "Biasa"


def test_nobody_is_asked_for_the_link_of_what_must_not_be_shown() -> None:
    """An unobserved ban asks for access, or for the account's name."""
    ban = replace(verdict(Status.UNKNOWN).duty, rule="must_not")
    lines = [
        one_of("pengingat", request_of(verdict(Status.UNKNOWN, duty=ban, reason=cause)))["unknown"][0]
        for cause in Cause
    ]
    asks = [line["ask"] for line in lines]

    assert all(line["material"].endswith(" (larangan)") for line in lines)
    assert not [ask for ask in asks if "tautan" in ask]
    assert asks[0] == "menyampaikan nama atau alamat akun resmi"


@pytest.mark.parametrize(
    "closed",
    [
        *(verdict(status) for status in Status if status not in (Status.PENDING, Status.MISSING, Status.UNKNOWN)),
        verdict(Status.MISSING, duty=replace(verdict(Status.MISSING).duty, grace_hours=0)),
        verdict(Status.PENDING, duty=replace(verdict(Status.PENDING).duty, rule="must_not")),
    ],
    ids=lambda one: f"{one.status}-{one.duty.rule}",
)
def test_nobody_is_reminded_of_what_is_not_open(closed: Verdict) -> None:
    """Done, over, excused, or a ban: no letter, and the agency is named as one without."""
    letters, without = letters_of("pengingat", request_of(closed))

    assert letters == []
    assert [agency.agency_id for agency in without] == ["dinkes"]


def test_a_window_that_has_not_opened_is_announced() -> None:
    """No word of not having been seen."""
    ahead = replace(verdict(Status.PENDING).duty, window=Span(AS_OF + timedelta(hours=3), midnight(26)))
    request = replace(request_of(verdict(Status.PENDING, duty=ahead, reason="not_open")), day=date(2024, 4, 25))
    said = one_of("pengingat", request)

    assert said["pending"][0]["note"].startswith("jadwal dimulai 25 Apr 2024, 03.30 WIB")
    assert "belum terlihat" not in said["whatsapp"][2]


def test_a_persons_decision_is_named_as_such() -> None:
    """Not a complete check: a reviewer by name, with the reason given."""
    said = one_of("pengingat", request_of(verdict(Status.MISSING, decided_by="Siti Aminah", reason="dihapus")))
    note = said["missing"][0]["note"]

    assert note.startswith("belum tayang menurut keputusan pemeriksa; dihapus; masih dapat")
    assert note.endswith("diputuskan oleh Siti Aminah")
    assert "pemeriksaan penuh" not in " ".join(words_of(said))


@given(st.lists(st.tuples(st.sampled_from(list(Status)), st.sampled_from(["a", "b", "c"])), max_size=12),
       st.sampled_from(LANGUAGES))  # fmt: skip
@settings(max_examples=120)
def test_words_of_accusation_stand_only_where_they_are_proved(mix: list[tuple[Status, str]], language: str) -> None:
    """Whatever statuses meet in a letter: absence is said at `missing` only, late and violated at theirs."""
    verdicts = [verdict(status, agency, number) for number, (status, agency) in enumerate(mix)]
    request = request_of(*verdicts, language=language)
    for name in NAMES:
        for letter in letters_of(name, request)[0]:
            own = [one for one in verdicts if name == "nota-dinas" or letter.stem == f"{name}-{one.duty.agency_id}"]
            statuses = {one.status for one in own}
            whole = " ".join(words_of(letter.said))
            assert Status.MISSING in statuses or not ABSENT.search(whole), whole
            assert statuses & {Status.MISSING, Status.LATE} or not LATE.search(whole), whole
            assert Status.VIOLATED in statuses or not VIOLATED.search(whole), whole
            assert_lines_are_just(letter)


def assert_lines_are_just(letter: Letter) -> None:
    """In the lists too: a line accuses only where its own status does."""
    absent = {"Belum tayang", "Not shown"}
    for rows in letter.said.values():
        for line in rows if isinstance(rows, list) else []:
            if isinstance(line, dict) and "note" in line:
                assert bool(ABSENT.search(line["note"])) == (line["status"] in absent), line


def test_every_place_is_documented_and_no_other() -> None:
    """docs/letters.md names each key, each field of a line and each fixed word."""
    told = set(re.findall(r"`([\w.]+)`", (Path(__file__).parent.parent / "docs" / "letters.md").read_text("utf-8")))
    for name in NAMES:
        said = one_of(name, request_of(*ALL))
        line = (said.get("missing") or said["owed"])[0]
        assert {*said, *line, *said["label"], *(f"figures.{key}" for key in ("status", "today", "since"))} <= told


def test_places_are_the_same_whatever_there_is_to_say() -> None:
    """A template may name any of them without looking first."""
    few, many = request_of(verdict(Status.PENDING)), request_of(*ALL)

    assert [one_of(name, few).keys() for name in NAMES] == [one_of(name, many).keys() for name in NAMES]


# -- files -----------------------------------------------------------------------------------


def write(name: str, request: LetterRequest, folder: Path, formats: Sequence[str] = BOTH) -> dict[str, Path]:
    """The letter's files by their kind; `folder`/home is the workspace."""
    written = write_letters(Order(name, tuple(formats), out=folder / "out"), request, folder / "home")
    return {path.suffix[1:]: path for path in written.files}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_both_files_say_what_the_letter_says(name: str, language: str, tmp_path: Path) -> None:
    """PDF and DOCX hold opening, each material and the signature; no place is left unfilled."""
    request = request_of(*ALL, language=language)
    said, files = one_of(name, request), write(name, request, tmp_path)
    word = text_of(files["docx"].read_bytes())
    pdf = pdf_text(files["pdf"])  # None where there is nothing to read it with

    assert "{{" not in word
    for text in (said["opening"], said["signer_title"], said["subject"], said["closing"], said["foot"]):
        assert text in word
        assert pdf is None or text[:40] in pdf
    for line in [line for key in ("owed", "missing", "unknown") for line in said.get(key, ())]:
        assert (line["material"] if name != "nota-dinas" else line["agency"]) in word
    assert ("txt" in files) == (name == "pengingat")


def test_same_request_same_bytes_and_the_letters_own_time(tmp_path: Path) -> None:
    """Nothing of the clock: parts and properties of a DOCX bear `as_of`."""
    request = request_of(*ALL)
    first = {kind: path.read_bytes() for kind, path in write("pengingat", request, tmp_path).items()}
    time.sleep(2.1)  # a zip counts in steps of two seconds
    second = write("pengingat", replace(request, verdicts=tuple(reversed(request.verdicts))), tmp_path)

    assert first == {kind: path.read_bytes() for kind, path in second.items()}
    with zipfile.ZipFile(io.BytesIO(first["docx"])) as parts:
        assert {part.date_time for part in parts.infolist()} == {(2024, 4, 24, 17, 30, 0)}
    core = Document(io.BytesIO(first["docx"])).core_properties
    assert core.created == core.modified == AS_OF
    assert core.author == "PEMERINTAH KABUPATEN KLATEN"


def test_our_word_template_is_made_the_same_every_time() -> None:
    """What is built from code is as good as a file."""
    for name in NAMES:
        first = default_template(name, "id")
        default_template.cache_clear()
        assert first == default_template(name, "id") != default_template(name, "en")


def test_word_counts_the_pages() -> None:
    """Our templates' foot has the page's number and theirs, as fields: `1/3`; a copied one keeps them."""
    for name in NAMES:
        [section] = Document(io.BytesIO(default_template(name, "id"))).sections
        foot = section.footer._element

        assert [one.get(qn("w:instr")) for one in foot.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]
        assert "".join(one.text for one in foot.iter(qn("w:t"))).endswith("1/1")


@pytest.mark.slow
def test_sixty_agencies_in_one_go(tmp_path: Path) -> None:
    """A regency's letters take seconds; counted as work done, for the machine may be shared."""
    statuses = (Status.PENDING, Status.MISSING, Status.UNKNOWN, Status.FULFILLED)
    request = request_of(*(verdict(s, f"opd-{n}", m) for n in range(60) for m, s in enumerate(statuses)))
    began = time.process_time()
    written = write_letters(Order("pengingat"), request, tmp_path)

    assert len(written.files) == 180
    assert time.process_time() - began < 20


def test_agencies_are_chosen_by_id(tmp_path: Path) -> None:
    """Only those; a wrong id says which was meant, and nota-dinas is nobody's own."""
    request = request_of(*(verdict(Status.PENDING, one) for one in ("dinkes", "disdik", "dpupr")))
    letters, _ = letters_of("pengingat", request, ["dpupr", "dinkes"])

    assert [letter.stem for letter in letters] == ["pengingat-dinkes", "pengingat-dpupr"]
    with pytest.raises(WrongUse, match="'dinke'; maksudnya 'dinkes'"):
        letters_of("pengingat", request, ["dinke"])
    with pytest.raises(WrongUse, match="tanpa --agency"):
        letters_of("nota-dinas", request, ["dinkes"])
    with pytest.raises(WrongUse, match="maksudnya docx"):
        write_letters(Order("pengingat", ("doc",)), request, tmp_path)


# -- hostile and missing values --------------------------------------------------------------

NASTY = [
    '<w:p><w:t>x</w:t></w:p> & "y" </w:document>',
    '#read("/etc/passwd") $x$ *bold* _it_ `code` <label> @ref // /* [ \\u{41}',
    "{{signer_name}} {{nothing}} {{figures.status}}",
    "satu\x00\x08\x0b\x1b\ud800\ufffe\u2028dua\u202etiga\u200b",
    "مكافحة الفساد — tolak suap",
    "💪🏽👨‍👩‍👧‍👦🇮🇩 keren",
    "{0} {as_of} %s ${HOME}",
]


@pytest.mark.parametrize("nasty", NASTY, ids=range(len(NASTY)))
@pytest.mark.parametrize("name", NAMES)
def test_values_are_text_and_nothing_else(name: str, nasty: str, tmp_path: Path) -> None:
    """Mark-up, places, control characters and foreign scripts in a name stand in the letter as they are, cleaned."""
    request = request_of(*ALL, verdict(Status.UNKNOWN, "lain"), names={"dinkes": nasty, "lain": nasty})
    request = replace(request, campaigns=(replace(CAMPAIGN, title=nasty),))
    written = write_letters(Order(name), request, tmp_path)
    word = text_of(next(path for path in written.files if path.suffix == ".docx").read_bytes())
    said = letters_of(name, request)[0][0].said

    assert said["subject"] in word
    cleaned = said["unknown"][0]["agency"] if name == "nota-dinas" else said["agency"]
    assert cleaned in word
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202e\u200b\ud800\ufffe]", word)
    if "{{" in nasty:
        assert nasty in word


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_names_the_writing_that_the_machine_has_no_letters_for(name: str) -> None:
    """Boxes in a signed letter are the machine's, not the agency's: it says so, and only where there are any."""
    named = request_of(*ALL, names={"dinkes": "ꦝꦶꦤꦱ꧀ 卫生局"})
    foreign, plain = (paper_of(name, one_of(name, asked)) for asked in (named, request_of(*ALL)))

    assert re.search(r"tidak mempunyai huruf untuk: Tionghoa, Jawa\. .* utuh dalam DOCX", foreign)
    assert "tidak mempunyai huruf" not in plain


@pytest.mark.parametrize("agency_id", ["../../etc/x", "/abs", "a\\b", "..", "a:b", "x" * 300, "dinas baru", "é\ud800"])
def test_files_stay_in_their_folder(agency_id: str, tmp_path: Path) -> None:
    """Whatever an agency is called; and two ids never share a file."""
    stem = stem_of("pengingat", agency_id)

    assert re.fullmatch(r"pengingat-[\w-]{1,90}", stem, re.ASCII)
    assert stem != stem_of("pengingat", agency_id + "'")
    written = write_letters(Order("pengingat"), request_of(verdict(Status.PENDING, agency_id)), tmp_path)
    assert {path.parent.resolve() for path in written.files} == {
        (tmp_path / "reports" / "2024-04-24" / "letters").resolve()
    }
    assert len(list(tmp_path.rglob("*.*"))) == 3


def test_an_office_without_anything_still_writes(tmp_path: Path) -> None:
    """No letterhead, logo, signatory or instrument: dots to be filled in, no empty tables."""
    bare = Campaign("antikorupsi", "Kampanye", (), CAMPAIGN.materials, ())
    office = Office(letterhead=(), signatory=None)
    request = replace(request_of(*ALL), instance=office, campaigns=(bare,))
    for name in NAMES:
        said, files = one_of(name, request), write(name, request, tmp_path)
        assert said["government"] == "PEMERINTAH KABUPATEN KLATEN"
        assert "pelaksanaan Kampanye" in said["opening"]
        assert "……" in said["signer_name"]
        assert "{{" not in text_of(files["docx"].read_bytes())
    assert one_of("nota-dinas", replace(request, verdicts=()))["figures"] == []
    assert write("nota-dinas", replace(request, verdicts=()), tmp_path)["pdf"].stat().st_size > 1000


def test_the_logo_stands_in_both_and_a_broken_one_in_neither(tmp_path: Path) -> None:
    """It is drawn anew as a PNG of bounded size, whatever the file was."""
    Image.new("CMYK", (900, 900), (0, 90, 90, 0)).save(tmp_path / "logo.jpg")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n nothing")
    logo = logo_of(tmp_path / "logo.jpg")
    assert logo
    assert Image.open(io.BytesIO(logo)).size == (600, 600)
    assert logo_of(tmp_path / "broken.png") is logo_of(tmp_path / "none.png") is logo_of(None) is None

    bare = write("pengingat", request_of(verdict(Status.PENDING)), tmp_path / "bare")
    with_logo = write("pengingat", replace(request_of(verdict(Status.PENDING)), logo=logo), tmp_path / "logo")
    pictures = [
        [one for one in Document(files["docx"]).part.rels.values() if one.reltype == RELATIONSHIP_TYPE.IMAGE]
        for files in (bare, with_logo)
    ]
    assert [len(found) for found in pictures] == [0, 1]
    assert b"/Subtype /Image" in with_logo["pdf"].read_bytes() or b"/Subtype/Image" in with_logo["pdf"].read_bytes()


def test_whatsapp_text_has_no_mark_up_of_others() -> None:
    """Stars, tildes, back-ticks and outer underscores of names go; `a_b` stays."""
    said = one_of("pengingat", request_of(verdict(Status.PENDING), names={"dinkes": "*Dinas* _x_ ~y~ `z` a_b"}))

    assert said["whatsapp"][0].startswith("Yth. Pimpinan Dinas x y z a_b, mohon izin")
    assert unmarked("```a``` __b__ c_d") == "a b c_d"


# -- templates -------------------------------------------------------------------------------


def own_docx(folder: Path, name: str, *paragraphs: str) -> Path:
    """A user's Word template of these paragraphs."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    path = folder / "home" / "letters" / f"{name}.docx"
    path.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(path))
    return path


def own_typst(folder: Path, name: str, text: str) -> Path:
    path = folder / "home" / "letters" / f"{name}.typ"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_copied_templates_are_used_and_give_the_same_letters(tmp_path: Path) -> None:
    """A copy unchanged changes nothing; a copy is never written over."""
    request = request_of(*ALL)
    before = {kind: path.read_bytes() for kind, path in write("nota-dinas", request, tmp_path).items()}
    copied = copy_templates(tmp_path / "home", "nota-dinas", BOTH)

    assert [path.name for path in copied] == ["nota-dinas.typ", "kop.typ", "nota-dinas.docx"]
    assert typst_template(tmp_path / "home", "nota-dinas") == copied[0]
    assert docx_template(tmp_path / "home", "nota-dinas", "id")[1] == str(copied[2])
    assert before == {kind: path.read_bytes() for kind, path in write("nota-dinas", request, tmp_path).items()}
    with pytest.raises(WrongUse, match=r"nota-dinas\.typ sudah ada"):
        copy_templates(tmp_path / "home", "nota-dinas", BOTH)
    assert [path.name for path in copy_templates(tmp_path / "home", "pengingat", ("pdf",))] == ["pengingat.typ"]


def test_a_users_templates_go_before_ours(tmp_path: Path) -> None:
    """In Word and in Typst, with pictures that lie beside."""
    own_docx(tmp_path, "pengingat", "Kepada {{ to }}: {{pending.material}} sampai {{pending.closes}}", "{{request}}!")
    Image.new("RGB", (9, 9)).save(tmp_path / "home" / "letters" / "cap.png")
    own_typst(tmp_path, "pengingat", '#let data = json("data.json")\n#image("cap.png") Hormat kami, #data.to')
    files = write("pengingat", request_of(*(verdict(Status.PENDING, number=n) for n in range(2))), tmp_path)

    word = text_of(files["docx"].read_bytes())
    assert "Kepada Pimpinan Dinas dinkes: Materi 0 sampai 26 Apr 2024, 00.00 WIB\n" in word
    assert "Materi 1 sampai" in word
    assert "Hormat kami, Pimpinan Dinas dinkes" in (pdf_text(files["pdf"]) or "Hormat kami, Pimpinan Dinas dinkes")


TEXT_BOX = (
    '<w:pict xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml">'
    "<v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>{{agency}}</w:t></w:r></w:p>"
    "<w:p><w:r><w:t>{{address}}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict>"
)


def test_word_may_split_a_place_over_runs(tmp_path: Path) -> None:
    """Runs of different looks within one place, two places in one run, text boxes and headers."""
    document = Document()
    paragraph = document.add_paragraph("awal ")
    for piece in ("{", "{t", "o}", "} dan {{agency}}{{", "agency", "}} akhir"):
        paragraph.add_run(piece).bold = len(piece) == 2
    document.sections[0].header.paragraphs[0].text = "{{office}}"
    document.add_paragraph("kotak ").runs[0]._r.append(parse_xml(TEXT_BOX))
    file = io.BytesIO()
    document.save(file)
    office = replace(Office(), letterhead=("A", "B", "Jalan Pemuda 294", "Telepon 1"))
    [letter], _ = letters_of("pengingat", replace(request_of(verdict(Status.PENDING)), instance=office))
    made = Document(io.BytesIO(render_docx(file.getvalue(), "x", letter, AS_OF)))

    assert made.paragraphs[0].text == "awal Pimpinan Dinas dinkes dan Dinas dinkesDinas dinkes akhir"
    assert made.sections[0].header.paragraphs[0].text == "Pemerintah Kabupaten Klaten"
    boxes = [t.text for box in made.element.iter("{*}txbxContent") for t in box.iter("{*}t")]
    assert boxes == ["Dinas dinkes", "Jalan Pemuda 294", "Telepon 1"]  # one box, its list inside


def test_lists_repeat_rows_and_leave_nothing_where_they_are_empty() -> None:
    """A row per item; a table of an empty list goes with its heading; plain lists repeat paragraphs."""
    document = Document()
    for key in ("pending", "missing"):
        document.add_paragraph(f"{{{{{key}_heading}}}}")
        table = document.add_table(2, 2)
        table.rows[0].cells[0].text = "Materi"
        table.rows[1].cells[0].text, table.rows[1].cells[1].text = f"{{{{{key}.material}}}}", f"{{{{{key}.left}}}}"
    document.add_paragraph("- {{copies}}")
    file = io.BytesIO()
    document.save(file)
    [letter], _ = letters_of("pengingat", request_of(*(verdict(Status.PENDING, number=n) for n in range(3))))
    made = Document(io.BytesIO(render_docx(file.getvalue(), "x", letter, AS_OF)))

    [table] = made.tables
    assert [row.cells[0].text for row in table.rows] == ["Materi", "Materi 0", "Materi 1", "Materi 2"]
    assert [p.text for p in made.paragraphs] == [
        "Jadwalnya belum berakhir:", "- Sekretariat Daerah Kabupaten Klaten",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["{{tto}}"], r"pengingat\.docx: tidak ada {{tto}}; maksudnya {{to}}\?"),
        (["{{pending.matrial}}"], r"pengingat\.docx: tidak ada {{pending\.matrial}}; maksudnya {{pending\.material}}"),
        (["{{label}}"], r"pengingat\.docx: tidak ada {{label}}"),
        (["{{copies}} {{pending.material}}"], r"pengingat\.docx: satu baris hanya untuk satu daftar, bukan copies"),
    ],
)
def test_a_mistake_in_a_word_template_is_named(texts: list[str], told: str, tmp_path: Path) -> None:
    """With the file, the place, and what was meant."""
    own_docx(tmp_path, "pengingat", *texts)
    with pytest.raises(WrongUse, match=told):
        write("pengingat", request_of(verdict(Status.PENDING)), tmp_path, ["docx"])


def test_a_broken_template_is_named(tmp_path: Path) -> None:
    """No Word file, half a Word file, a Typst file that is none, a Typst file that asks for what is not there."""
    request = request_of(verdict(Status.PENDING))
    path = own_docx(tmp_path, "pengingat", "{{to}}")
    for broken in (b"", b"not a zip", path.read_bytes()[:3000], zipped({"word/document.xml": b"<a"})):
        path.write_bytes(broken)
        with pytest.raises(WrongUse, match=r"pengingat\.docx: bukan berkas Word"):
            write("pengingat", request, tmp_path, ["docx"])
    for text in ("#let", '#let data = json("data.json")\n#data.nmae', '#import "kop.typ": *'):
        own_typst(tmp_path, "pengingat", text)
        with pytest.raises(WrongUse, match=r"letters/pengingat\.typ: "):
            write("pengingat", request, tmp_path, ["pdf"])
    assert not list((tmp_path / "out").glob("*"))


def zipped(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        for name, text in parts.items():
            opened.writestr(name, text)
    return file.getvalue()


@pytest.mark.parametrize("place", ["/etc/hostname", "../../../../../../etc/hostname", "../secret.txt"])
def test_a_template_reads_nothing_outside_its_folder(place: str, tmp_path: Path) -> None:
    """Neither the machine nor the workspace."""
    own_typst(tmp_path, "pengingat", f'#read("{place}")')
    (tmp_path / "home" / "secret.txt").write_text("token")
    with pytest.raises(WrongUse, match=r"pengingat\.typ"):
        write("pengingat", request_of(verdict(Status.PENDING)), tmp_path, ["pdf"])


def test_no_binary_lies_beside_the_code() -> None:
    """Templates are text."""
    assert {path.suffix for path in OURS.iterdir() if path.is_file()} == {".py", ".typ", ".toml"}


# -- the command -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> SmallWorld:
    """A workspace that was verified once without having seen anybody."""
    accounts = [an_account("dinkes", a_post(1, PLEDGE, local(2, 9))), an_account("disdik")]
    world = SmallWorld(tmp_path_factory.mktemp("letters") / "home", accounts)
    world.write(port=9)
    assert world.here("verify").returncode == 0
    return world


@pytest.mark.slow
def test_two_processes_write_the_same_bytes(home: SmallWorld, tmp_path: Path) -> None:
    """PDF, DOCX and text, whatever the hash seed."""
    for seed in ("1", "2"):
        done = home.tayang("letter", "pengingat", "--out", str(tmp_path / seed), "--json", PYTHONHASHSEED=seed)
        assert done.returncode == 0, done.stderr
        assert len(json.loads(done.stdout)["written"]) == 6
    first, second = ({p.name: p.read_bytes() for p in (tmp_path / seed).iterdir()} for seed in ("1", "2"))
    assert first == second


@pytest.mark.slow
def test_the_command_writes_beside_the_report_and_names_who_gets_none(home: SmallWorld) -> None:
    """Exit 0 also where there is nothing to write; wrong words are exit 2."""
    done = home.here("letter", "pengingat", "--agency", "disdik", "--format", "docx")
    assert [Path(line).name for line in done.stdout.split()] == ["pengingat-disdik.docx", "pengingat-disdik.txt"]
    assert Path(done.stdout.split()[0]).parent.parent.parent == home.home / "reports"

    early = home.here("letter", "laporan-pelaksanaan", "--day", "2020-01-01", "--format", "docx")
    assert (early.returncode, early.stdout.strip()) == (0, "")
    assert "dinkes: tidak ada yang perlu ditulis dalam laporan-pelaksanaan" in early.stderr

    assert home.here("letter", "surat").returncode == 2
    assert home.here("letter", "pengingat", "--format", "odt").returncode == 2
    assert home.here("letter", "pengingat", "--agency", "dinkesda").returncode == 2
    assert home.here("letter", "pengingat", "--day", "kemarin").returncode == 2


@pytest.mark.slow
def test_without_the_extra_the_command_says_what_to_install(home: SmallWorld) -> None:
    """One sentence, exit 2."""
    program = "import sys; sys.modules['docx'] = None; import tayang; sys.exit(tayang.main(sys.argv[1:]))"
    words = [sys.executable, "-c", program, "letter", "nota-dinas", "--home", str(home.home), "--format", "docx"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "pip install 'tayang[letters]'" in done.stderr


def test_the_command_copies_templates(home: SmallWorld) -> None:
    """Into letters/ of the workspace; a second time it refuses."""
    first = home.here("letter", "laporan-pelaksanaan", "--copy-template", "--format", "docx")
    assert [Path(line) for line in first.stdout.split()] == [home.home / "letters" / "laporan-pelaksanaan.docx"]
    assert home.here("letter", "laporan-pelaksanaan", "--copy-template", "--format", "docx").returncode == 2
