"""A seed -> articles as Indonesian offices and local media write them: what is true of each, before it has a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

WIB = ZoneInfo("Asia/Jakarta")
# What a page may have beside plain paragraphs; every family of pages is drawn with each of them.
TRAITS = (
    "plain", "short", "lead_apart", "read_also", "gallery", "embeds", "wrong_charset", "false_utc", "other_json_ld",
    "clock", "credits", "truncated_title",
)  # fmt: skip
SHORT_WORDS = 20
# Words of a campaign in boxes beside the article: read as its own, they would be a false match.
CAMPAIGN = (
    "Tolak tip untuk petugas pelayanan publik, karena pelayanan yang jujur tidak pernah meminta imbalan",
    "Ikrar antikorupsi bersama seluruh aparatur: berani menolak suap, gratifikasi, dan pungutan liar",
    "Laporkan gratifikasi kepada unit pengendalian dalam waktu tiga puluh hari kerja sejak diterima",
)


@dataclass(frozen=True)
class Story:
    """One article: what must be read (`title` to `links`), and what must not (`beside`)."""

    trait: str
    title: str
    paragraphs: tuple[str, ...]
    published_at: datetime
    slug: str
    images: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    beside: tuple[str, ...] = field(default=CAMPAIGN)

    @property
    def body(self) -> str:
        """A line per paragraph."""
        return "\n".join(self.paragraphs)


_PEOPLE = ("Sutarno", "Endang Purwanti",
           "Agus Riyadi", "Siti Rohmah", "Bambang Sulistyo", "Dwi Lestari", "Joko Santosa")  # fmt: skip
_POSTS = ("Kepala Dinas", "Camat", "Sekretaris Daerah", "Kepala Bidang", "Lurah", "Ketua Panitia", "Kepala Puskesmas")
_PLACES = ("Wedi", "Trucuk", "Delanggu", "Prambanan", "Bayat", "Cawas", "Jatinom", "Karanganom", "Juwiring", "Ceper")
_THINGS = ("perbaikan jalan", "imunisasi anak", "pasar murah", "pelatihan UMKM", "penanaman pohon", "perekaman KTP",
           "pemeriksaan irigasi", "lomba kebersihan", "bantuan benih", "kerja bakti")  # fmt: skip
_SENTENCES = (
    "{post} {place}, {person}, mengatakan {thing} tahap kedua dimulai pekan ini dan rampung sebelum musim hujan.",
    "Sebanyak {number} warga hadir sejak pagi, meski sebagian harus menempuh perjalanan hampir satu jam.",
    "Menurut {person}, anggaran {thing} berasal dari dana desa dan swadaya masyarakat dengan nilai Rp {number} juta.",
    "Kegiatan {thing} di Kecamatan {place} itu juga melibatkan karang taruna, PKK, dan para pelajar.",
    "“Kami berharap warga ikut menjaga hasilnya,” ujar {person} ketika ditemui di sela-sela acara.",
    "Data terakhir mencatat {number} titik di {place} masih memerlukan penanganan lanjutan.",
    "Petugas membuka layanan sampai pukul 14.00, dan antrean diatur dengan nomor agar tidak berdesakan.",
    "Selain {thing}, pemerintah kecamatan menyiapkan posko kesehatan dengan {number} tenaga medis.",
    "Warga {place}, {person} ({age}), mengaku terbantu karena tidak perlu lagi pergi ke kota.",
    "Evaluasi {thing} akan disampaikan kepada bupati pada akhir bulan setelah seluruh laporan terkumpul.",
    "Pihaknya menggandeng perguruan tinggi untuk mendampingi {thing} selama {age} pekan ke depan.",
    "Sebelumnya, {thing} serupa digelar di {place} dan diikuti {number} peserta dari delapan desa.",
)
_TITLES = (
    "{number} Warga {place} Ikuti {Thing}",
    "{Thing} di Kecamatan {place} Ditargetkan Rampung Bulan Depan",
    "Camat {place} Pimpin {Thing} Bersama Warga",
    "Pemkab Perluas {Thing} hingga {place} dan Sekitarnya",
)


def stories(seed: int, family: str) -> list[Story]:
    """One article for each trait."""
    return [_story(Random(f"{seed} {family} {trait}"), trait, number) for number, trait in enumerate(TRAITS)]


def _story(chance: Random, trait: str, number: int) -> Story:
    title = f"{_filled(chance, chance.choice(_TITLES))} Tahap {number + 1}"
    many = 1 if trait == "short" else chance.randint(4, 9)
    paragraphs = tuple(_paragraph(chance, 1 if trait == "short" else chance.randint(1, 3)) for _ in range(many))
    if trait == "lead_apart":
        paragraphs = (f"KLATEN – {paragraphs[0]}", *paragraphs[1:])
    at = datetime(2024, 1, 1, tzinfo=WIB) + timedelta(minutes=chance.randrange(2 * 365 * 24 * 60))
    slug = "-".join(title.lower().split())
    images = tuple(f"/unggah/{slug}-{one}.jpg" for one in range(3 if trait == "gallery" else 1))
    links = ("https://www.instagram.com/reel/CTayang123/", "https://www.youtube.com/watch?v=tayang12345")
    return Story(trait, title, paragraphs, at, slug, images, links if trait == "embeds" else ())


def _paragraph(chance: Random, many: int) -> str:
    return " ".join(_filled(chance, one) for one in chance.sample(_SENTENCES, many))


def _filled(chance: Random, sentence: str) -> str:
    thing = chance.choice(_THINGS)
    return sentence.format(
        post=chance.choice(_POSTS), place=chance.choice(_PLACES), person=chance.choice(_PEOPLE), thing=thing,
        Thing=thing.title(), number=chance.randint(21, 480), age=chance.randint(22, 71),
    )  # fmt: skip
