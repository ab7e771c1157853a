"""campaign.toml becomes campaigns and duties, or problems that name the line of each mistake."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crawler.items import Account, Agency, Span
from crawler.registry import Registry
from pipelines.campaigns import OpenCheck, load_campaigns
from pipelines.duties import duties_of
from pipelines.items import Campaign, Duty, DutyRule, Exemption, Material, Require

JAKARTA = ZoneInfo("Asia/Jakarta")
REGISTRY = Registry(
    (
        Agency("dinkes", "Dinas Kesehatan", "opd"),
        Agency("setda", "Sekretariat Daerah", "OPD"),
        Agency("bayat", "Kecamatan Bayat", "kecamatan"),
    ),
    (
        Account("dinkes", "instagram", "dinkes"),
        Account("dinkes", "news", "https://dinkes.example"),
        Account("dinkes", "telegram", "dinkes_kanal"),
        Account("bayat", "instagram", "bayat_baru", None, date(2024, 4, 25)),
        Account("bayat", "instagram", "bayat_lama", None, None, date(2024, 4, 25)),
    ),
)
HEAD = 'id = "k"\ntitle = "K"\n'
MATERIAL = (
    '[[material]]\nid = "m"\ntitle = "M"\nkind = "video"\nlinks = ["https://www.instagram.com/reel/C6/"]\n'
)
DUTY = '[[duty]]\nmaterial = "m"\nopens = 2024-04-24\ncloses = 2024-04-25\n'  # lines 8 to 11
WHOLE = HEAD + MATERIAL + DUTY


def load(
    home: Path, text: str, registry: Registry = REGISTRY, open_check: OpenCheck | None = None
) -> tuple[tuple[Campaign, ...], list[str]]:
    """The campaigns of a home with one folder `k`, and the problems as lines of text."""
    (home / "campaigns/k").mkdir(parents=True, exist_ok=True)
    (home / "campaigns/k/campaign.toml").write_text(text, encoding="utf-8")
    campaigns, problems = load_campaigns(home, JAKARTA, registry, open_check)
    return campaigns, [str(one).removeprefix("campaigns/k/campaign.toml:") for one in problems]


def duties(home: Path, text: str, zone: ZoneInfo = JAKARTA) -> tuple[Duty, ...]:
    """The duties of a campaign without problems."""
    campaigns, problems = load(home, text)
    assert problems == []
    return duties_of(campaigns, REGISTRY, zone)


def test_everything_of_the_contract_arrives(tmp_path: Path) -> None:
    """Each key is read into its field, files as paths in the folder, mentions as handles."""
    folder = tmp_path / "campaigns/k"
    folder.mkdir(parents=True)
    for name in ("se.pdf", "v.mp4", "v2.mp4", "logo.png", "izin.pdf"):
        (folder / name).write_bytes(b"x")
    [campaign], problems = load(
        tmp_path,
        HEAD
        + """
[[instrument]]
number = "B/700/127/11"
issuer = "Setda"
issued_on = 2024-04-04
file = "se.pdf"
[[material]]
id = "m"
title = "M"
kind = "video"
files = ["v.mp4", "v2.mp4"]
caption = "Tolak tip"
links = ["https://www.instagram.com/reel/C6/"]
mode = "derivative"
[material.require]
hashtags = ["#antikorupsi"]
mentions = ["@Official.KPK"]
phrases = ["tolak tip"]
logos = ["logo.png"]
[[duty]]
material = "m"
opens = 2024-04-24
closes = 2024-04-25T12:00:00
grace_hours = 48
channels = ["instagram"]
kinds = ["opd"]
agencies = ["bayat"]
exclude = ["setda"]
keep_hours = 24
rule = "must_not"
[[exemption]]
agency = "dinkes"
material = "m"
reason = "Kebakaran"
file = "izin.pdf"
""",
    )

    assert problems == []
    assert campaign.instruments[0].issued_on == date(2024, 4, 4)
    assert campaign.instruments[0].file == folder / "se.pdf"
    assert campaign.materials == (
        Material(
            "k", "m", "M", "video", (folder / "v.mp4", folder / "v2.mp4"), "Tolak tip",
            ("https://www.instagram.com/reel/C6/",), "derivative",
            Require(("#antikorupsi",), ("official.kpk",), ("tolak tip",), (folder / "logo.png",)),
        ),
    )  # fmt: skip
    window = Span(datetime(2024, 4, 23, 17, tzinfo=UTC), datetime(2024, 4, 25, 5, tzinfo=UTC))
    assert campaign.rules == (
        DutyRule("m", window, 48, ("instagram",), ("opd",), ("bayat",), ("setda",), 24, "must_not"),
    )
    assert campaign.exemptions == (Exemption("dinkes", "m", "Kebakaran", folder / "izin.pdf"),)


@pytest.mark.parametrize(("opens", "expected"), [
    ("2024-04-24", datetime(2024, 4, 23, 17, tzinfo=UTC)),
    ("2024-04-24T07:30:00", datetime(2024, 4, 24, 0, 30, tzinfo=UTC)),
    ("2024-04-24 07:30:00", datetime(2024, 4, 24, 0, 30, tzinfo=UTC)),
    ("2024-04-24T07:30:00+09:00", datetime(2024, 4, 23, 22, 30, tzinfo=UTC)),
    ("2024-04-24T07:30:00Z", datetime(2024, 4, 24, 7, 30, tzinfo=UTC)),
])  # fmt: skip
def test_a_window_is_local_unless_it_says_otherwise(tmp_path: Path, opens: str, expected: datetime) -> None:
    """A date is midnight in the instance's zone; an offset is taken at its word."""
    [campaign], problems = load(tmp_path, WHOLE.replace("opens = 2024-04-24", f"opens = {opens}"))

    assert problems == []
    assert campaign.rules[0].window.start == expected


TEXT = '[[material]]\nid = "t"\ntitle = "T"\nkind = "text"\n'
AGAIN = '[[duty]]\nmaterial = "m"\nopens = 2024-04-24T12:00:00\ncloses = 2024-04-26\n'


@pytest.mark.parametrize(("text", "expected"), [
    (WHOLE.replace('id = "k"', 'id = "l"'), '1: id: harus sama dengan nama foldernya: "k"'),
    (WHOLE.replace('title = "K"', ""), " title: belum diisi"),
    (WHOLE.replace('title = "K"', 'titel = "K"\ntitle = "K"'),
     "2: titel: 'titel' tidak dikenal; maksudnya 'title'?"),
    (WHOLE + "[[duties]]\n", "12: duties: 'duties' tidak dikenal; maksudnya 'duty'?"),
    (WHOLE.replace("[[duty]]", "[duty]"), "8: duty: harus tabel berulang, bukan tabel"),
    (WHOLE.replace('kind = "video"', 'kind = "vidio"'),
     "6: material.kind: 'vidio' tidak dikenal; maksudnya 'video'?"),
    (WHOLE + MATERIAL, "13: material.id: 'm' sudah ada di baris 4"),
    (WHOLE.replace('id = "m"', 'id = "m/1"').replace('l = "m"', 'l = "m/1"'), "4: material.id: hanya huruf"),
    (WHOLE.replace("links", "link"), "7: material.link: 'link' tidak dikenal; maksudnya 'links'?"),
    (WHOLE.replace('["https://www.instagram.com/reel/C6/"]', "[]"), "3: material.files: tulis files"),
    (WHOLE.replace('["https://www.', '[\n"https://a.id/",\n"www.'),
     "9: material.links: harus diawali https://"),
    (WHOLE + TEXT, '12: material.caption: kind = "text" memerlukan caption'),
    (WHOLE + TEXT.replace("text", "image") + 'mode = "derivative"', "12: material.require: mode = "),
    (WHOLE + TEXT + 'caption = " "', "16: material.caption: kosong"),
    (WHOLE.replace("[[duty]]", "require = { hastag = [] }\n[[duty]]"),
     "8: material.require.hastag: 'hastag' tidak dikenal; maksudnya 'hashtags'?"),
    (WHOLE.replace("[[duty]]", 'require = { hashtags = ["#a", "anti korupsi"] }\n[[duty]]'),
     '8: material.require.hashtags: tulis "#antikorupsi"'),
    (WHOLE.replace("[[duty]]", 'require = { mentions = ["a b"] }\n[[duty]]'),
     "8: material.require.mentions: 'a b'"),
    (WHOLE.replace("[[duty]]", 'files = ["nol.mp4"]\n[[duty]]'),
     "8: material.files: berkas 'nol.mp4' tidak ada"),
    (WHOLE.replace("[[duty]]", 'files = ["vidio.mp4"]\n[[duty]]'),
     "8: material.files: berkas 'vidio.mp4' tidak ada; maksudnya 'video.mp4'?"),
    (WHOLE.replace("[[duty]]", 'files = ["kosong.mp4"]\n[[duty]]'),
     "8: material.files: berkas 'kosong.mp4' kosong"),
    (WHOLE.replace("[[duty]]", 'files = ["."]\n[[duty]]'), "8: material.files: berkas '.' tidak ada"),
    (WHOLE.replace("[[duty]]", 'files = ["../luar.mp4"]\n[[duty]]'),
     "8: material.files: '../luar.mp4' berada di luar"),
    (WHOLE.replace("[[duty]]", 'files = ["/etc/passwd"]\n[[duty]]'),
     "8: material.files: '/etc/passwd' berada di luar"),
    (WHOLE.replace("[[duty]]", 'files = ["tautan.mp4"]\n[[duty]]'),
     "8: material.files: 'tautan.mp4' berada di luar"),
    (WHOLE.replace("[[duty]]", "files = ['a\\b.mp4']\n[[duty]]"),
     "8: material.files: tulis alamat berkas dengan '/'"),
    (WHOLE.replace("[[duty]]", 'files = ["video.mp4", "video.mp4"]\n[[duty]]'),
     "8: material.files: 'video.mp4' tertulis dua kali"),
    (WHOLE.replace('material = "m"', 'material = "n"'), "9: duty.material: 'n' tidak dikenal; pilihannya: m"),
    (WHOLE.replace('material = "m"', ""), "8: duty.material: belum diisi"),
    (WHOLE.replace("opens = 2024-04-24", ""), "8: duty.opens: belum diisi"),
    (WHOLE.replace("2024-04-25", "2024-04-24"),
     "11: duty.closes: harus sesudah opens; closes tidak ikut dihitung: "
     "untuk sehari penuh tulis 2024-04-25"),
    (WHOLE.replace("2024-04-25", "2024-04-23"), "11: duty.closes: harus sesudah opens"),
    (WHOLE.replace("2024-04-25", "0204-04-25"), "11: duty.closes: tahun 204 salah tulis?"),
    (WHOLE.replace("2024-04-25", "12:00:00"),
     "11: duty.closes: harus tanggal atau tanggal dan jam, bukan waktu"),
    (WHOLE.replace("2024-04-25", '"2024-04-25"'),
     "11: duty.closes: harus tanggal atau tanggal dan jam, bukan teks"),
    (WHOLE + "grace_hours = -1", "12: duty.grace_hours: harus angka dari 0"),
    (WHOLE + "keep_hours = inf", "12: duty.keep_hours: harus angka dari 0"),
    (WHOLE + 'rule = "mustn\'t"', "12: duty.rule: 'mustn't' tidak dikenal; maksudnya 'must"),
    (WHOLE + 'channels = ["instagrm"]',
     "12: duty.channels: 'instagrm' tidak dikenal; maksudnya 'instagram'?"),
    (WHOLE + "channels = []", "12: duty.channels: daftar kosong"),
    (WHOLE + 'kinds = ["opd",\n"kecamtan"]',
     "13: duty.kinds: 'kecamtan' tidak dikenal; maksudnya 'kecamatan'?"),
    (WHOLE + 'agencies = ["dinkas"]', "12: duty.agencies: 'dinkas' tidak dikenal; maksudnya 'dinkes'?"),
    (WHOLE + 'exclude = ["dinkas"]', "12: duty.exclude: 'dinkas' tidak dikenal; maksudnya 'dinkes'?"),
    (WHOLE + AGAIN, "14: duty.opens: bertumpang tindih dengan jadwal di baris 8 untuk bayat, dinkes, setda"),
    (WHOLE + 'agencies = ["setda"]\n' + AGAIN + 'kinds = ["opd"]',
     "15: duty.opens: bertumpang tindih dengan jadwal di baris 8 untuk setda"),
    (WHOLE + '[[exemption]]\nagency = "dinkas"\nreason = "x"',
     "13: exemption.agency: 'dinkas' tidak dikenal"),
    (WHOLE + '[[exemption]]\nagency = "dinkes"', "12: exemption.reason: belum diisi"),
    (WHOLE + '[[exemption]]\nagency = "dinkes"\nreason = "x"\nmaterial = "n"',
     "15: exemption.material: 'n' tidak dikenal"),
    (WHOLE + '[[exemption]]\nagency = "dinkes"\nreason = "x"\nfile = "nol.pdf"',
     "15: exemption.file: berkas 'nol.pdf'"),
    (WHOLE + '[[instrument]]\nnumber = "1"\nissuer = "x"\nissued_on = 2024-04-04T00:00:00',
     "15: instrument.issued_on: harus tanggal"),
    (WHOLE + '[[instrument]]\nnumber = "1"\nissued_on = 2024-04-04', "12: instrument.issuer: belum diisi"),
    (WHOLE + "x = ", "12: bukan TOML yang benar"),
])  # fmt: skip
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, expected: str) -> None:
    """The first problem is the mistake that was made, on the line where it was made."""
    folder = tmp_path / "campaigns/k"
    folder.mkdir(parents=True)
    (tmp_path / "campaigns/luar.mp4").write_bytes(b"x")
    (folder / "video.mp4").write_bytes(b"x")
    (folder / "kosong.mp4").touch()
    (folder / "tautan.mp4").symlink_to(tmp_path / "campaigns/luar.mp4")
    _, problems = load(tmp_path, text)

    assert [one for one in problems if one.startswith(expected)], problems
    assert len(problems) <= 2


def test_a_media_file_must_open_as_its_kind(tmp_path: Path) -> None:
    """Whoever can open media is asked about every file, with the kind it must be."""
    (tmp_path / "campaigns/k").mkdir(parents=True)
    for name in ("v.mp4", "logo.png"):
        (tmp_path / "campaigns/k" / name).write_bytes(b"x")
    text = WHOLE.replace("[[duty]]", 'files = ["v.mp4"]\nrequire = { logos = ["logo.png"] }\n[[duty]]')
    asked: list[tuple[str, str]] = []

    def refuse_videos(file: Path, kind: str) -> str | None:
        asked.append((file.name, kind))
        return "rusak" if kind == "video" else None

    _, problems = load(tmp_path, text, open_check=refuse_videos)

    assert problems == ["8: material.files: rusak"]
    assert asked == [("v.mp4", "video"), ("logo.png", "image")]


def test_a_folder_without_its_file_is_a_problem(tmp_path: Path) -> None:
    """A missing campaign.toml is named; hidden folders and loose files are none of our business."""
    for name in ("lupa", ".git", "_arsip"):
        (tmp_path / "campaigns" / name).mkdir(parents=True)
    (tmp_path / "campaigns/catatan.txt").touch()
    _, problems = load_campaigns(tmp_path, JAKARTA, REGISTRY)

    assert [one.file for one in problems] == ["campaigns/lupa/campaign.toml"]
    assert load_campaigns(tmp_path / "x", JAKARTA, REGISTRY) == ((), [])


def test_windows_that_touch_or_concern_others_do_not_overlap(tmp_path: Path) -> None:
    """The next day, another agency, another material: each is a duty of its own."""
    next_day = AGAIN.replace("2024-04-24T12:00:00", "2024-04-25")
    others = DUTY.replace("[[duty]]", '[[duty]]\nagencies = ["setda"]')

    assert len(duties(tmp_path, WHOLE + next_day)) == 6
    assert len(duties(tmp_path, WHOLE + 'kinds = ["kecamatan"]\n' + others)) == 2


def test_kinds_agencies_and_exclusions_say_who(tmp_path: Path) -> None:
    """Kinds regardless of case, plus ids, minus exclusions; neither means everybody."""

    def who(lines: str) -> list[str]:
        return [duty.agency_id for duty in duties(tmp_path, WHOLE + lines)]

    assert who("") == ["bayat", "dinkes", "setda"]
    assert who('kinds = ["Opd"]') == ["dinkes", "setda"]
    assert who('kinds = ["kecamatan"]\nagencies = ["setda"]') == ["bayat", "setda"]
    assert who('exclude = ["setda"]') == ["bayat", "dinkes"]


def test_accounts_count_on_the_duty_s_channels_while_active(tmp_path: Path) -> None:
    """The account of the day is the one that was active on the local day."""
    dinkes, bayat = (
        duty.accounts
        for agency in ("dinkes", "bayat")
        for duty in duties(tmp_path, WHOLE)
        if duty.agency_id == agency
    )

    assert dinkes == ("instagram:dinkes", "news:https://dinkes.example")
    assert bayat == ("instagram:bayat_lama",)
    later = WHOLE.replace("closes = 2024-04-25", "closes = 2024-04-25T00:00:01")
    assert duties(tmp_path, later)[0].accounts == ("instagram:bayat_baru", "instagram:bayat_lama")
    # The same file in Papua: the window, read in Jakarta, reaches into the 25th there.
    assert "instagram:bayat_baru" in duties(tmp_path, WHOLE, ZoneInfo("Asia/Jayapura"))[0].accounts


def test_exemptions_name_their_reason_and_text_needs_no_media(tmp_path: Path) -> None:
    """An exemption without material holds for all; only pictures, clips and sound need media."""
    text = WHOLE + TEXT + 'caption = "x"\n' + DUTY.replace('"m"', '"t"')
    text += '[[exemption]]\nagency = "dinkes"\nreason = "semua"\n'
    text += '[[exemption]]\nagency = "setda"\nmaterial = "t"\nreason = "satu"\n'
    found = {(duty.agency_id, duty.material_id): duty for duty in duties(tmp_path, text)}

    assert found["dinkes", "m"].exempt_reason == found["dinkes", "t"].exempt_reason == "semua"
    assert (found["setda", "m"].exempt_reason, found["setda", "t"].exempt_reason) == (None, "satu")
    assert (found["setda", "m"].needs_media, found["setda", "t"].needs_media) == (True, False)


DAYS = st.none() | st.dates(date(2024, 4, 20), date(2024, 4, 30)) | st.sampled_from([date.min, date.max])
ZONES = st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]).map(ZoneInfo)


@given(DAYS, DAYS, st.dates(date(2024, 4, 20), date(2024, 4, 30)), st.integers(1, 5), ZONES)
def test_an_agency_owes_what_falls_in_its_active_days(
    start: date | None, end: date | None, opens: date, days: int, zone: ZoneInfo
) -> None:
    """It owes a window of whole local days exactly when one of them is an active day."""
    assume(start is None or end is None or start < end)
    local = datetime(opens.year, opens.month, opens.day, tzinfo=zone)
    window = Span(local.astimezone(UTC), (local + timedelta(days=days)).astimezone(UTC))
    campaign = Campaign("k", "K", (), (Material("k", "m", "M", "video"),), (DutyRule("m", window),))
    registry = Registry((Agency("a", "A", "opd", None, start, end),))
    is_any_active = any(
        (start or date.min) <= opens + timedelta(days=n) and (end is None or opens + timedelta(days=n) < end)
        for n in range(days)
    )

    assert bool(duties_of([campaign], registry, zone)) == is_any_active


def test_duties_are_sorted_by_key(tmp_path: Path) -> None:
    """The same files give the same order, whatever stands first in them."""
    found = duties(tmp_path, WHOLE + AGAIN.replace("2024-04-24T12:00:00", "2024-04-25"))

    assert [duty.key for duty in found] == sorted(duty.key for duty in found)
