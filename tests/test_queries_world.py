"""A small synthetic store with every status and odd captions, for the tests of queries and report."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import av
import duckdb
import numpy as np
import pytest
from PIL import Image, ImageDraw

from crawler.items import Agency, Span
from pipelines.items import Campaign, Duty, DutyRule, Exemption, Grade, Instrument, Material, Status, Verdict
from pipelines.standing import renew_all
from pipelines.store import SCHEMA_VERSION
from pipelines.store_reading import scripts
from queries.reader import Connection, open_store

ZONE = ZoneInfo("Asia/Jakarta")
DAY = date(2024, 4, 24)
AS_OF = datetime(2024, 4, 25, 0, 30, tzinfo=ZONE).astimezone(UTC)

AGENCIES = [
    ("setda", "Sekretariat Daerah", "opd"),
    ("inspektorat", "Inspektorat Daerah", "opd"),
    ("diskominfo", "Dinas Komunikasi dan Informatika", "opd"),
    ("dinkes", "Dinas Kesehatan", "opd"),
    ("disdik", "Dinas Pendidikan", "opd"),
    ("dpupr", "Dinas Pekerjaan Umum dan Penataan Ruang", "opd"),
    ("dissos", "Dinas Sosial, Pemberdayaan Perempuan, Perlindungan Anak dan Keluarga Berencana", "opd"),
    ("disdukcapil", "Dinas Kependudukan dan Pencatatan Sipil", "opd"),
    ("bkpsdm", "Badan Kepegawaian dan Pengembangan SDM", "opd"),
    ("rsud", "RSUD Bagas Waras", "bumd"),
    ("kec-prambanan", "Kecamatan Prambanan", "kecamatan"),
    ("kec-wedi", "Kecamatan Wedi", "kecamatan"),
    ("kec-delanggu", "Kecamatan Delanggu", "kecamatan"),
    ("kec-bayat", "Kecamatan Bayat", "kecamatan"),
]
# One letter per duty below: video 24 Apr, poster 24-25 Apr, pledge 22 Apr, neutrality (must not).
FATES = {
    "setda": "FFFC",
    "inspektorat": "FFFC",
    "diskominfo": "IFFC",
    "dinkes": "LPFC",
    "disdik": "MPMC",
    "dpupr": "MRFC",
    "dissos": "UPUU",
    "disdukcapil": "RFFC",
    "bkpsdm": "EFFC",
    "rsud": "XXXC",
    "kec-prambanan": "LFFC",
    "kec-wedi": "FPFV",
    "kec-delanggu": "NPNN",
    "kec-bayat": "GPGG",
}
STATUS = {
    "F": Status.FULFILLED,
    "I": Status.INCOMPLETE,
    "L": Status.LATE,
    "E": Status.EARLY,
    "R": Status.REVIEW,
    "P": Status.PENDING,
    "M": Status.MISSING,
    "U": Status.UNKNOWN,
    "N": Status.UNKNOWN,
    "G": Status.UNKNOWN,
    "X": Status.EXEMPT,
    "C": Status.CLEAR,
    "V": Status.VIOLATED,
}
REASONS = {
    "I": "#antikorupsi, @official.kpk",
    "U": "blocked",
    "N": "no_account",
    "G": "gap",
    "X": "Seluruh akun sedang dialihkan ke RSUD baru (surat B/12/2024).",
}
CAPTIONS = [
    "Tolak tip untuk petugas pelayanan publik! Layanan kami gratis. #antikorupsi #klatenbersih @official.kpk",
    "<script>alert('x')</script><b>Tolak</b> & \"lawan\" gratifikasi <img src=x onerror=alert(1)>",
    "Dokumen \u202egpj.exe\u202c aman \u200b\u200bdan\u200b bersih \u2066isolasi",
    "💪🏽👨‍👩‍👧‍👦🇮🇩" * 700,
    "Z̷̧̛̲̹͎a̸̡̢͚l̶̨̛g̵̢o̷̡ keren",
    "مرحبا بكم في كلاتن — tolak suap",
    "𝗧𝗢𝗟𝗔𝗞 𝗧𝗜𝗣 bersama Bapak/Ibu Kepala Dinas\n\n.\n.\n.\nJangan memberi, jangan menerima.",
    "",
]
MATERIALS = [
    ("antikorupsi-2024", "tolak-tip", "Tolak tip untuk petugas pelayanan publik", "video"),
    ("antikorupsi-2024", "poster-gratifikasi", "Poster: laporkan gratifikasi", "image"),
    ("antikorupsi-2024", "ikrar", "Ikrar antikorupsi", "text"),
    ("netralitas-2024", "lambang-partai", "Lambang partai politik", "image"),
]
WINDOWS = [(24, 25), (24, 26), (22, 23), (22, 26)]


@dataclass(frozen=True)
class World:
    """The synthetic workspace: files under `home`, the store, and what the report is given."""

    home: Path
    store: Path
    verdicts: tuple[Verdict, ...]
    campaigns: tuple[Campaign, ...]
    agencies: tuple[Agency, ...]


def midnight(day: int) -> datetime:
    """00:00 WIB of a day of April 2024."""
    return datetime(2024, 4, day, tzinfo=ZONE).astimezone(UTC)


def picture(path: Path, seed: int, text: str) -> None:
    """A poster-like picture that differs by seed."""
    image = Image.new("RGB", (540, 675), ((seed * 61) % 200, 60 + (seed * 37) % 140, 110 + (seed * 17) % 120))
    draw = ImageDraw.Draw(image)
    draw.ellipse((60 + seed * 9 % 200, 90, 360 + seed * 9 % 200, 390), fill=(245, 214, 120))
    draw.rectangle((0, 480, 540, 675), fill=(20, 32, 54))
    draw.text((40, 530), text, fill="white", font_size=48)
    image.save(path, "JPEG", quality=80)


def clip(path: Path) -> None:
    """A second of video that begins with black frames, as many do."""
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=12)
        stream.width, stream.height, stream.pix_fmt = 180, 320, "yuv420p"
        for number in range(12):
            frame = np.zeros((320, 180, 3), np.uint8)
            if number > 3:
                frame[60:260, 20:160] = (30, 140, 120)
                frame[120:200, 50:130] = (250, 230, 180)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())


def build_world(home: Path) -> World:
    """Files, store and values of the synthetic world under `home`."""
    campaigns = _campaigns(home)
    agencies = tuple(Agency(*row) for row in AGENCIES)
    verdicts = tuple(_verdicts())
    store = home / "tayang.duckdb"
    with closing(duckdb.connect(store)) as connection:
        for script in scripts(0, SCHEMA_VERSION):
            connection.execute(script)
        _fill(connection, home, verdicts)
        renew_all(connection)
    return World(home, store, verdicts, campaigns, agencies)


def _campaigns(home: Path) -> tuple[Campaign, ...]:
    folder = home / "campaigns" / "antikorupsi-2024"
    folder.mkdir(parents=True)
    clip(folder / "tolak-tip.mp4")
    picture(folder / "poster.jpg", 3, "LAPORKAN!")
    (folder / "lambang.png").write_bytes(b"not a picture")
    files = {
        "tolak-tip": "tolak-tip.mp4",
        "poster-gratifikasi": "poster.jpg",
        "lambang-partai": "lambang.png",
    }
    materials = [
        Material(campaign, name, title, kind, tuple([folder / files[name]] if name in files else []))
        for campaign, name, title, kind in MATERIALS
    ]
    se = Instrument("B/700/127/11", "Sekretariat Daerah Kabupaten Klaten", date(2024, 4, 4))
    rules = [
        DutyRule(MATERIALS[i][1], Span(midnight(a), midnight(b)), 48) for i, (a, b) in enumerate(WINDOWS)
    ]
    return (
        Campaign(
            "antikorupsi-2024",
            "Kampanye Antikorupsi 2024",
            (se,),
            tuple(materials[:3]),
            tuple(rules[:3]),
            (Exemption("rsud", None, REASONS["X"]),),
        ),
        Campaign("netralitas-2024", "Netralitas ASN Pemilu", (), (materials[3],), (rules[3],)),
    )


def _verdicts() -> Iterator[Verdict]:
    for number, (agency_id, fates) in enumerate(FATES.items()):
        for column, fate in enumerate(fates):
            yield _verdict(number, agency_id, column, fate)


def _verdict(number: int, agency_id: str, column: int, fate: str) -> Verdict:
    campaign, material, _, _ = MATERIALS[column]
    opens, closes = (midnight(day) for day in WINDOWS[column])
    accounts = () if fate == "N" else (f"instagram:{agency_id}.klaten", f"news:{agency_id}.klatenkab.go.id")
    duty = Duty(
        campaign,
        material,
        agency_id,
        Span(opens, closes),
        48,
        rule="must_not" if column == 3 else "must",
        accounts=accounts,
        exempt_reason=REASONS["X"] if fate == "X" else None,
    )
    if fate not in "FILERV":
        return Verdict(duty, STATUS[fate], AS_OF, REASONS.get(fate, ""))
    shift = {"L": timedelta(days=1, minutes=12 + number), "E": -timedelta(hours=3)}.get(
        fate, timedelta(hours=9, minutes=number)
    )
    published = opens + shift
    return Verdict(
        duty,
        STATUS[fate],
        AS_OF,
        REASONS.get(fate, ""),
        f"post-{number}-{column}",
        f"https://www.instagram.com/p/C{number}x{column}/",
        published,
        12 + number if fate == "L" else None,
        "image" if column == 1 else "video" if column == 0 else "text",
        0.71 if fate == "R" else 0.97,
        list(Grade)[(number + column) % 4],
        "Siti Aminah" if number == 1 else "tayang",
    )


def _fill(connection: Connection, home: Path, verdicts: tuple[Verdict, ...]) -> None:
    def insert(name: str, rows: list[tuple[object, ...]]) -> None:
        connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)

    insert("agency_rows", [(*row, None, None, None) for row in AGENCIES])
    accounts = sorted({(v.duty.agency_id, *key.split(":")) for v in verdicts for key in v.duty.accounts})
    insert("account_rows", [(*row, None, None, None) for row in accounts])
    insert(
        "campaign_rows",
        [("antikorupsi-2024", "Kampanye Antikorupsi 2024", "[]"), ("netralitas-2024", "Netralitas", "[]")],
    )
    insert("material_rows", [(*row, "same", "", [], [], f"ref-{row[1]}") for row in MATERIALS])
    insert(
        "duty_rows",
        [
            (
                v.duty.campaign_id,
                v.duty.material_id,
                v.duty.agency_id,
                v.duty.window.start,
                v.duty.window.end,
                48.0,
                0.0,
                v.duty.rule,
                list(v.duty.accounts),
                v.duty.exempt_reason,
            )
            for v in verdicts
        ],
    )
    insert("run_rows", [("run-2", "run", AS_OF - timedelta(minutes=25), AS_OF, AS_OF, 1, "")])
    insert("visit_rows", [_visit(*row) for row in accounts])
    posts = [(number, v) for number, v in enumerate(verdicts) if v.post_id]
    media = {v.post_id: _media(home, number, v) for number, v in posts}
    insert("post_rows", [_post(number, v, media[v.post_id]) for number, v in posts])
    insert("sighting_rows", [(v.post_id, "c1", AS_OF) for _, v in posts])
    insert("sign_rows", [_sign(v, media[v.post_id][0]) for _, v in posts])
    insert(
        "evidence_rows",
        [
            (n, sha, "media", "https://scontent.test/x", AS_OF, "w.warc.gz", 5, 9, path, "run-2", "a", 200)
            for n, (sha, path, _, _) in enumerate(media.values())
            if path
        ],
    )
    insert(
        "verdict_rows",
        [
            (
                v.duty.campaign_id,
                v.duty.material_id,
                v.duty.agency_id,
                v.duty.window.start,
                v.duty.window.end,
                v.status.value,
                v.reason,
                v.post_id,
                v.post_url,
                v.published_at,
                v.minutes_late,
                v.matcher,
                v.score,
                v.grade,
                v.decided_by,
                v.as_of,
                v.as_of,
            )
            for v in verdicts
        ],
    )
    connection.execute("INSERT INTO newest_verdict_rows FROM verdict_rows")
    _fill_media(connection)


def _fill_media(connection: duckdb.DuckDBPyConnection) -> None:
    """Two articles of a news medium; of the second only the title is known."""
    connection.execute("INSERT INTO outlet_rows VALUES ('kabar', 'Kabar Klaten', 'https://k.test/feed', '', ?)", [DAY])
    for number, title in enumerate(("Warga Diminta Tolak Tip", "Tolak Tip <script>alert(2)</script>\u202e")):
        post_id, sha = f"media:https://kabar.test/{number}", f"{number}" * 64
        connection.execute(
            """INSERT INTO post_rows BY NAME SELECT ? AS post_id, 'c1' AS content_id, 'media' AS channel,
            '' AS agency_id, 'kabar' AS handle, ? AS native_id, ? AS url, ?::TIMESTAMPTZ AS published_at,
            published_at AS published_until, 'declared' AS published_quality, ? AS text, 'crawl' AS origin,
            ? AS evidence_sha256""",
            [post_id, post_id, f"https://kabar.test/{number}", AS_OF - timedelta(hours=number + 1), title, sha],
        )
        connection.execute("INSERT INTO sighting_rows VALUES (?, 'c1', ?)", [post_id, AS_OF])
        connection.execute("INSERT INTO mention_rows VALUES (?, 'antikorupsi-2024', ['tolak tip'])", [post_id])
    connection.execute(
        "INSERT INTO evidence_rows BY NAME SELECT ? AS sha256, 'article' AS kind, ?::TIMESTAMPTZ AS fetched_at",
        ["0" * 64, AS_OF],
    )


def _visit(agency_id: str, channel: str, handle: str) -> tuple[object, ...]:
    endings = {
        ("dissos", "instagram"): ("blocked", "blocked", "HTTP 429"),
        ("dissos", "news"): ("failed", "not_visited", "DNS: no address"),
        ("kec-bayat", "instagram"): ("partial", "gap", "cursor chain broke after 25 posts"),
        ("kec-wedi", "news"): ("unreadable", "unreadable", "login page instead of a listing"),
        ("dpupr", "instagram"): ("complete", None, ""),
    }
    outcome, cause, detail = endings.get((agency_id, channel), ("complete", None, ""))
    covers = (midnight(20), AS_OF) if outcome == "complete" else (None, None)
    if outcome == "partial":
        covers = (midnight(24) + timedelta(hours=7), AS_OF)
    start = AS_OF - timedelta(minutes=20)
    return (
        "run-2",
        channel,
        agency_id,
        handle,
        start,
        start + timedelta(seconds=40),
        outcome,
        *covers,
        12,
        cause,
        detail,
        None,
        "e" * 64,
    )


def _media(home: Path, number: int, verdict: Verdict) -> tuple[str, str | None, str, str | None]:
    """(sha256, path, kind, trouble) of a post's one picture or clip; some are damaged or absent."""
    folder = home / "evidence" / "media"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{number}.bin"
    if number % 9 == 4:
        return "", None, "video", "media_url withheld by the source"
    if number % 9 == 5:
        target.write_bytes(b"\xff\xd8\xff\xe0 truncated")
    elif verdict.matcher == "video":
        clip(target)
    else:
        picture(target, number, "ANTIKORUPSI")
    kind = "video" if verdict.matcher == "video" else "image"
    sha = hashlib.sha256(target.read_bytes() + bytes([number])).hexdigest()
    return sha, f"evidence/media/{number}.bin", kind, None


def _post(number: int, v: Verdict, media: tuple[str, str | None, str, str | None]) -> tuple[object, ...]:
    sha, _, kind, trouble = media
    one = {
        "media_id": f"m{number}",
        "kind": kind,
        "url": "https://scontent.test/x",
        "sha256": sha or None,
        "trouble": trouble,
    }
    caption = CAPTIONS[(number + number // 4) % len(CAPTIONS)]
    unread = "paywall" if number == 11 else None
    return (
        v.post_id,
        "c1",
        "instagram",
        v.duty.agency_id,
        f"{v.duty.agency_id}.klaten",
        f"n{number}",
        v.post_url,
        v.published_at,
        v.published_at,
        "exact",
        caption,
        [],
        False,
        "crawl",
        hashlib.sha256(str(number).encode()).hexdigest(),
        unread,
        AS_OF,
        [one],
    )


def _sign(v: Verdict, sha: str) -> tuple[object, ...]:
    explanation = {
        "id": "9 dari 11 bingkai kunci sama dengan materi, berurutan (jarak rata-rata 14 dari 256 bit).",
        "en": "9 of 11 key frames equal the material's, in order (mean distance 14 of 256 bits).",
    }
    return (
        v.post_id,
        "c1",
        f"ref-{v.duty.material_id}",
        v.duty.campaign_id,
        v.duty.material_id,
        v.matcher,
        v.score,
        "review" if v.status == Status.REVIEW else "match",
        json.dumps(explanation),
        sha or None,
        [],
        AS_OF,
    )


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The synthetic world, built once; nothing in it is changed by a test."""
    return build_world(tmp_path_factory.mktemp("world"))


@pytest.fixture
def connection(world: World) -> Iterator[Connection]:
    """A reader's connection to the world's store."""
    with closing(open_store(world.store, "Asia/Jakarta")) as opened:
        yield opened


def test_the_world_holds_every_status(world: World) -> None:
    """No status is left out of the world that the report is developed on."""
    assert set(Status) == {verdict.status for verdict in world.verdicts}
