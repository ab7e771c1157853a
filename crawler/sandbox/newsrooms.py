"""The sandbox's days -> what two news media of the region wrote: a little of the campaign, and much else."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from crawler.sandbox.offices import ZONE, World
from crawler.sandbox.site_pages import SiteArticle
from crawler.sandbox.sites import Site

_ORDINARY = (
    ("Harga Cabai di Pasar Klaten Turun Menjelang Akhir Pekan", "Pedagang di Pasar Gede menyebut pasokan membaik."),
    ("Petani Delanggu Mulai Tanam Padi Rojolele", "Musim tanam tahun ini lebih awal dari biasanya."),
    ("Umbul Ponggok Ramai Wisatawan Luar Kota", "Pengelola menambah petugas pada akhir pekan."),
    ("Polres Gelar Operasi Lalu Lintas di Jalan Solo-Jogja", "Ratusan pengendara ditegur karena tidak tertib."),
    ("Warga Pedan Bergotong Royong Bersihkan Sungai", "Kegiatan rutin ini diikuti ratusan warga desa."),
    ("KPK Periksa Saksi Perkara Korupsi Pengadaan", "Perkara ini tidak terkait dengan daerah mana pun di sini."),
)
_SUPPORT = "Bupati menyatakan seluruh perangkat daerah ikut serta dan warga boleh mengingatkan petugas."


def newsrooms(world: World) -> tuple[Site, ...]:
    """Two media: one carries the campaign in its feed, of the other only its search knows."""
    kabar = [
        _article(world, 5, "Pemkab Klaten Mulai Kampanye Antikorupsi, Semua Dinas Wajib Tayangkan Video",
                 f"<p>KLATEN - Pemerintah kabupaten memulai kampanye antikorupsi hari ini. {_SUPPORT}</p>"),
        _article(world, 3, "Warga Diminta Tolak Tip untuk Petugas Loket",
                 f"<p>KLATEN - Ajakan tolak tip terpasang di setiap loket pelayanan. {_SUPPORT}</p>"),
    ]  # fmt: skip
    suara = [
        _article(world, 2, "Ratusan ASN Baca Ikrar di Halaman Setda",
                 f"<p>KLATEN - Ikrar antikorupsi dibacakan serentak pada apel pagi. {_SUPPORT}</p>"),
    ]  # fmt: skip
    return (_newsroom(world, "Kabar Klaten", kabar), _newsroom(world, "Suara Merapi", suara))


def _newsroom(world: World, name: str, own: list[SiteArticle]) -> Site:
    ordinary = [
        _article(world, number, title, f"<p>KLATEN - {text} {_SUPPORT if number == 4 else ''}</p>")
        for number, (title, text) in enumerate(_ORDINARY)
    ]
    return Site("feed", name, tuple(sorted([*own, *ordinary], key=lambda one: one.published_at, reverse=True)))


def _article(world: World, days_ago: int, title: str, body: str) -> SiteArticle:
    at = datetime.combine(world.today - timedelta(days=days_ago), time(6, 30), ZONE)
    return SiteArticle("-".join(title.lower().replace(",", "").split()[:7]), title, body, at)
