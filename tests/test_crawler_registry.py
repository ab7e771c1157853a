"""Two CSV files become a registry, or problems that name file, line and column."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Account, Agency
from crawler.registry import Registry, load_registry
from crawler.tables import Columns, Table, parse_table

AGENCIES = "agency_id,name,kind,parent_id,active_from,active_until\n"
ACCOUNTS = "agency_id,channel,handle,native_id,active_from,active_until\n"
ONE_AGENCY = f"{AGENCIES}dinkes,Dinas Kesehatan,opd,,,\n"


def load(
    home: Path, agencies: str | bytes = ONE_AGENCY, accounts: str | bytes = ACCOUNTS
) -> tuple[Registry, list[str]]:
    """The registry of two written files and its problems as lines of text."""
    (home / "registry").mkdir(exist_ok=True)
    for name, content in (("agencies", agencies), ("accounts", accounts)):
        raw = content.encode() if isinstance(content, str) else content
        (home / f"registry/{name}.csv").write_bytes(raw)
    registry, problems = load_registry(home)
    return registry, [str(problem) for problem in problems]


def only(problems: list[str]) -> str:
    """The one problem there is."""
    assert len(problems) == 1, problems
    return problems[0]


def test_rows_become_agencies_and_accounts(tmp_path: Path) -> None:
    """Every column arrives; handles are normalised; empty means none."""
    registry, problems = load(
        tmp_path,
        f"{AGENCIES}setda,Sekretariat Daerah,opd,,,\n"
        "dinkes,Dinas Kesehatan,opd,setda,2024-01-01,2025-01-01\n",
        f"{ACCOUNTS}dinkes,Instagram,https://www.instagram.com/DinkesKlaten/,17841,2024-01-01,\n",
    )

    assert problems == []
    assert registry.agencies == (
        Agency("setda", "Sekretariat Daerah", "opd"),
        Agency("dinkes", "Dinas Kesehatan", "opd", "setda", date(2024, 1, 1), date(2025, 1, 1)),
    )
    assert registry.accounts == (Account("dinkes", "instagram", "dinkesklaten", "17841", date(2024, 1, 1)),)


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_excel_may_save_it_its_own_way(tmp_path: Path, separator: str, bom: str, newline: str) -> None:
    """BOM, semicolons, CRLF and trailing empty rows change nothing."""
    text = (bom + ONE_AGENCY + ",,,,,\n\n").replace(",", separator).replace("\n", newline)

    registry, problems = load(tmp_path, text)

    assert problems == []
    assert registry.agencies == (Agency("dinkes", "Dinas Kesehatan", "opd"),)


@pytest.mark.parametrize("first", ["sep=;\n", "sep=;\r\n", '"sep=;"\n', "\ufeffSEP=;\n", "\ufeff"])
def test_excels_own_first_line_and_empty_columns_say_nothing(tmp_path: Path, first: str) -> None:
    """`sep=;` and the nameless empty columns `;;;` behind every line are skipped."""
    text = first + "".join(f"{line};;;\n" for line in ONE_AGENCY.replace(",", ";").splitlines())

    registry, problems = load(tmp_path, text)

    assert problems == []
    assert registry.agencies == (Agency("dinkes", "Dinas Kesehatan", "opd"),)


@pytest.mark.parametrize(("agencies", "expected"), [
    ("", "agencies.csv:1: baris pertama harus judul kolom"),
    ("dinkes,Dinas,opd\n", "agencies.csv:1: baris pertama harus judul kolom"),
    (AGENCIES, "agencies.csv: belum ada perangkat daerah"),
    ("agency_id,nama,kind,name\nx,,opd,X\n", "agencies.csv:1: nama: 'nama' tidak dikenal"),
    ("agency_id,name,knd,kind\nx,X,,opd\n", "agencies.csv:1: knd: 'knd' tidak dikenal; pilihannya:"),
    ("agency_id,name,kind,parent\nx,X,opd,\n",
     "agencies.csv:1: parent: 'parent' tidak dikenal; maksudnya 'parent_id'?"),
    ("agency_id,name,kind,kind\nx,X,opd,opd\n", "agencies.csv:1: kind: kolom ini tertulis dua kali"),
    (f"{ONE_AGENCY}x,X\n", "agencies.csv:3: 2 kolom, seharusnya 6"),
    (f"{ONE_AGENCY},Tanpa Id,opd,,,\n", "agencies.csv:3: agency_id: kosong"),
    (f"{ONE_AGENCY}x,,opd,,,\n", "agencies.csv:3: name: kosong"),
    (f"{ONE_AGENCY}x,X,,,,\n", "agencies.csv:3: kind: kosong"),
    (f"{ONE_AGENCY}dinkes,Lagi,opd,,,\n", "agencies.csv:3: agency_id: 'dinkes' sudah ada di baris 2"),
    (f"{ONE_AGENCY}x,X,opd,dinkas,,\n",
     "agencies.csv:3: parent_id: 'dinkas' tidak dikenal; maksudnya 'dinkes'?"),
    (f"{ONE_AGENCY}x,X,opd,x,,\n", "agencies.csv:3: parent_id: berputar: x > x"),
    (f"{ONE_AGENCY}a,A,opd,b,,\nb,B,opd,c,,\nc,C,opd,a,,\nd,D,opd,a,,\n",
     "agencies.csv:3: parent_id: berputar: a > b > c > a"),
    (f"{ONE_AGENCY}x,X,opd,,01/04/2024,\n",
     "agencies.csv:3: active_from: '01/04/2024' bukan tanggal; tulis tahun-bulan-tanggal"),
    (f"{ONE_AGENCY}x,X,opd,,20240401,\n", "agencies.csv:3: active_from: '20240401' bukan tanggal"),
    (f"{ONE_AGENCY}x,X,opd,,,2024-02-30\n", "agencies.csv:3: active_until: '2024-02-30' bukan tanggal"),
    (f"{ONE_AGENCY}x,X,opd,,2024-05-01,2024-05-01\n",
     "agencies.csv:3: active_until: harus sesudah active_from"),
    (f'{ONE_AGENCY}x,"X\n', "agencies.csv:3: tanda kutip tidak berpasangan"),
    (f"{ONE_AGENCY}x,\0,opd,,,\n", "agencies.csv:3: berisi byte NUL"),
    (ONE_AGENCY.encode() + b"x,Kota\xa0Solo\xe9,opd,,,\n", "agencies.csv:3: bukan UTF-8 (mungkin ANSI)"),
    (ONE_AGENCY.encode("utf-16"), "agencies.csv:1: bukan UTF-8 (mungkin UTF-16)"),
    (f"sep=,\r\n{ONE_AGENCY}x,,opd,,,\n", "agencies.csv:4: name: kosong"),
    (ONE_AGENCY.replace(",", "\t"), "agencies.csv:1: berkas ini dipisah tab; pakai koma atau titik koma"),
    ("sep=\t\n" + ONE_AGENCY.replace(",", "\t"), "agencies.csv:2: berkas ini dipisah tab"),
    ("agency_id,name,kind,,\nx,X,opd,,\ny,Y,opd,,lupa\n", "agencies.csv:3: 'lupa' berada di kolom tanpa judul"),
    ("agency_id,name,kind,,\nx,X,opd,,\ny,Dinas, Y,opd,,\n", "agencies.csv:3: 6 kolom, seharusnya 5"),
    (f"{ONE_AGENCY}Dinkes,Lagi,opd,,,\n",
     "agencies.csv:3: agency_id: 'Dinkes' hanya berbeda huruf besar/kecil dari baris 2"),
    (f'{AGENCIES}dinkes,"Dinas\nKesehatan",opd,,,\nx,X,opd,nol,,\n',
     "agencies.csv:4: parent_id: 'nol' tidak dikenal"),
])  # fmt: skip
def test_a_wrong_agency_is_named_with_its_line(tmp_path: Path, agencies: str | bytes, expected: str) -> None:
    """Each mistake gives one problem, on the line where it was made."""
    _, problems = load(tmp_path, agencies)

    assert only(problems).startswith(f"registry/{expected}")


@pytest.mark.parametrize(("row", "expected"), [
    ("dinkas,instagram,@a,,,",
     "2: agency_id: 'dinkas' tidak dikenal; maksudnya 'dinkes'? (lihat registry/agencies.csv)"),
    (",instagram,@a,,,", "2: agency_id: kosong"),
    ("dinkes,instagrm,@a,,,", "2: channel: 'instagrm' tidak dikenal; maksudnya 'instagram'?"),
    ("dinkes,,@a,,,", "2: channel: '' tidak dikenal"),
    ("dinkes,instagram,https://www.instagram.com/p/C6/,,,", "2: handle: "),
    ("dinkes,instagram,,,,", "2: handle: kosong"),
    ("dinkes,instagram,@a,\"1,78414E+16\",,", "2: native_id: dibulatkan oleh Excel"),
    ("dinkes,instagram,@a,,2024-13-01,", "2: active_from: '2024-13-01' bukan tanggal"),
    ("dinkes,instagram,@a,,,\ndinkes,instagram,instagram.com/A/,,,",
     "3: handle: akun instagram 'a' sudah ada di baris 2"),
    ("dinkes,instagram,@a,178,,\ndinkes,instagram,@b,178,,",
     "3: native_id: '178' sudah dipakai akun instagram di baris 2"),
    ("dinkes,news,http://a.example,,,\ndinkes,news,a.example/,,,",
     "3: handle: akun news 'https://a.example' sudah ada di baris 2"),
])  # fmt: skip
def test_a_wrong_account_is_named_with_its_line(tmp_path: Path, row: str, expected: str) -> None:
    """Unknown owners and channels, bad handles and the same account written differently."""
    _, problems = load(tmp_path, accounts=f"{ACCOUNTS}{row}\n")

    assert only(problems).startswith(f"registry/accounts.csv:{expected}")


def test_missing_files_are_problems_not_crashes(tmp_path: Path) -> None:
    """Both files are named at once, and no account is blamed for unreadable agencies."""
    registry, problems = load_registry(tmp_path)

    assert registry == Registry()
    assert [one.file for one in problems] == ["registry/agencies.csv", "registry/accounts.csv"]


def test_unreadable_agencies_do_not_make_owners_unknown(tmp_path: Path) -> None:
    """One broken header is one problem, not one per account."""
    _, problems = load(tmp_path, "id\n", f"{ACCOUNTS}dinkes,instagram,@a,,,\n")

    assert only(problems).startswith("registry/agencies.csv:1")


@given(st.binary(max_size=200) | st.text(alphabet='a,;"\n\r\0é ', max_size=60).map(str.encode))
def test_any_bytes_give_rows_or_problems(content: bytes) -> None:
    """Whatever is in the file, reading it ends without an exception and rows know their line."""
    table = Table("x.csv")
    parse_table(b"a,b\n" + content, Columns(("a", "b")), table)

    assert all(1 < row.line <= content.count(b"\n") + content.count(b"\r") + 2 for row in table.rows)
    assert all(set(row.cells) == {"a", "b"} for row in table.rows)


@pytest.mark.slow
def test_fifty_thousand_accounts_load_in_seconds(tmp_path: Path) -> None:
    """A province with its villages is no burden, even when every owner is misspelled."""
    agencies = AGENCIES + "".join(f"desa-{n},Desa {n},desa,,,\n" for n in range(10_000))
    rows = "".join(
        f"desa-{n % 10_000 + (n // 49_000) * 10_000},instagram,@desa_{n},,,\n" for n in range(50_000)
    )
    began_at = time.process_time()
    registry, problems = load(tmp_path, agencies, ACCOUNTS + rows)

    assert (len(registry.agencies), len(registry.accounts), len(problems)) == (10_000, 50_000, 1000)
    assert time.process_time() - began_at < 15
