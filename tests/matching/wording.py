"""A number -> what a poster says: headline, points, date, number, hotline, in Indonesian, Javanese or English."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Words:
    """Everything written on one poster."""

    headline: str
    line: str
    points: tuple[str, ...]
    date: str
    figure: str
    hotline: str
    address: str
    issuer: str


_CAMPAIGNS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "Tolak Gratifikasi",
        "Layanan publik gratis, tanpa uang terima kasih.",
        (
            "Jangan memberi hadiah kepada petugas",
            "Catat nama dan waktu kejadian",
            "Laporkan paling lambat tujuh hari",
            "Identitas pelapor dilindungi",
        ),
    ),
    (
        "Vaksin Anak Lengkap",
        "Bawa buku KIA ke posyandu terdekat setiap bulan.",
        (
            "Campak rubella usia sembilan bulan",
            "Polio tetes empat kali",
            "Periksa berat badan dan tinggi",
            "Gratis di semua puskesmas",
        ),
    ),
    (
        "Cegah Banjir Bersama",
        "Bersihkan selokan sebelum hujan datang.",
        (
            "Buang sampah pada tempatnya",
            "Kerja bakti setiap Minggu pagi",
            "Siapkan tas siaga bencana",
            "Simpan nomor darurat",
        ),
    ),
    (
        "Pajak Daerah Tepat Waktu",
        "Bayar dari rumah, hasilnya untuk jalan dan sekolah kita.",
        (
            "Bebas denda sampai akhir bulan",
            "Bisa lewat bank, kantor pos, dan ponsel",
            "Simpan bukti pembayaran",
            "Cek tagihan secara daring",
        ),
    ),
    (
        "Ayo Padha Resik-Resik",
        "Kampung resik, warga sehat, ati tentrem.",
        (
            "Aja mbuwang uwuh ing kali",
            "Gotong royong saben Minggu esuk",
            "Pilah uwuh garing lan teles",
            "Tandur wit ing plataran",
        ),
    ),
    (
        "Ngurmati Wong Tuwa",
        "Lansia bagja, kulawarga mulya.",
        (
            "Priksa kasarasan saben wulan",
            "Senam bebarengan ing bale desa",
            "Obat gratis kanggo lansia",
            "Kancani nalika lelungan",
        ),
    ),
    (
        "Stop Stunting",
        "Gizi seimbang sejak seribu hari pertama.",
        (
            "Protein hewani setiap hari",
            "ASI eksklusif enam bulan",
            "Minum tablet tambah darah",
            "Timbang balita di posyandu",
        ),
    ),
    (
        "Safe Roads for Everyone",
        "Wear your helmet, every trip, every time.",
        (
            "Keep below the posted limit",
            "Never use a phone while riding",
            "Let pedestrians cross first",
            "Rest after two hours",
        ),
    ),
    (
        "Open Data Week",
        "Numbers belong to the people who paid for them.",
        (
            "Budget tables for every district",
            "Free workshops for students",
            "Meet the statistics office",
            "Prizes for the best map",
        ),
    ),
    (
        "Donor Darah Sukarela",
        "Setetes darah, sejuta harapan.",
        (
            "Usia tujuh belas sampai enam puluh",
            "Tidur cukup malam sebelumnya",
            "Makan sebelum donor",
            "Dapat pemeriksaan gratis",
        ),
    ),
    (
        "Hemat Energi Kantor",
        "Matikan lampu bila ruangan kosong.",
        (
            "Suhu AC dua puluh lima derajat",
            "Cabut pengisi daya bila penuh",
            "Pakai tangga untuk dua lantai",
            "Cetak bolak-balik",
        ),
    ),
    (
        "Lapor SPT Tahunan",
        "Lebih awal lebih nyaman, cukup dari ponsel.",
        ("Siapkan bukti potong", "Masuk dengan nomor induk", "Isi data dengan benar", "Simpan bukti elektronik"),
    ),
    (
        "Jaga Hutan Kita",
        "Satu puntung rokok cukup untuk seribu hektare.",
        ("Dilarang membakar lahan", "Laporkan titik api segera", "Tanam pohon lokal", "Lindungi satwa liar"),
    ),
    (
        "Sekolah Ramah Anak",
        "Tidak ada tempat untuk perundungan.",
        ("Dengarkan cerita anak", "Guru piket setiap gerbang", "Kantin sehat dan bersih", "Ruang konseling terbuka"),
    ),
)
_MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
_ISSUERS = (
    "Pemerintah Kabupaten Sukorejo",
    "Dinas Kesehatan Wanasari",
    "Inspektorat Tirtomoyo",
    "Kantor Layanan Banjarwangi",
    "Badan Pengawas Contoh",
    "Kementerian Contoh Republik",
)
CAMPAIGNS = len(_CAMPAIGNS)


def words_of(seed: int, campaign: int) -> Words:
    """What the poster of this campaign says; dates and numbers follow from the seed."""
    rng = Random(f"words {seed} {campaign}")
    headline, line, points = _CAMPAIGNS[campaign % CAMPAIGNS]
    return Words(
        headline,
        line,
        points,
        date=f"{rng.randrange(2, 29)} {rng.choice(_MONTHS)} {rng.choice((2025, 2026))}",
        figure=f"{rng.randrange(31, 98)} %",
        hotline=f"0811-{rng.randrange(1000, 9999)}-{rng.randrange(100, 999)}",
        address=f"{''.join(rng.sample('laporwgnikes', 6))}.contoh.go.id",
        issuer=rng.choice(_ISSUERS),
    )


def other_year(words: Words) -> str:
    """The same date one year earlier."""
    day, _, year = words.date.rpartition(" ")
    return f"{day} {int(year) - 1}"


def other_day(words: Words) -> str:
    """The same month and year, another day."""
    day, _, rest = words.date.partition(" ")
    return f"{(int(day) + 10) % 27 + 1} {rest}"


def other_digit(number: str, seed: int) -> str:
    """The number with one digit changed, of those after the first four."""
    rng = Random(f"digit {seed} {number}")
    places = [at for at, one in enumerate(number) if one.isdigit()]
    at = rng.choice(places[4:] or places)
    return f"{number[:at]}{(int(number[at]) + rng.randrange(2, 8)) % 10}{number[at + 1 :]}"


def other_word(line: str) -> str:
    """The sentence with one word exchanged by one of about its length."""
    spare = ("Terima", "Selalu", "petugas", "sungai", "besok", "tanpa", "Jangan", "sekolah", "kantor", "musim", "rumah")
    words = line.split()
    at = max(range(len(words)), key=lambda place: len(words[place]))
    fits = [one for one in spare if one.lower() not in line.lower()]
    words[at] = min(fits, key=lambda one: abs(len(one) - len(words[at])))
    return " ".join(words)
