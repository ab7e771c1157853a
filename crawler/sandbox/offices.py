"""What an agency of the sandbox published, and what may honestly be said of it; the media they share."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from crawler.sandbox.graph import GraphMedia, GraphPost, GraphWorld
from crawler.sandbox.site_pages import SiteArticle
from crawler.sandbox.sites import Site
from crawler.sandbox.studio import (
    Take,
    as_jpeg,
    branded,
    clip,
    filler_jpeg,
    forwarded,
    letterboxed,
    poster,
    reencoded,
)

ZONE = ZoneInfo("Asia/Jakarta")
TOKEN = "sandbox-token-not-a-secret"  # noqa: S105 - opens nothing but the stand-in
OFFICIAL_LINK = "https://www.instagram.com/reel/CTayangResmi/"
TAGS = "#antikorupsi #klatenbersih @official.kpk"

VIDEO, POSTER, PLEDGE, TODAY, BAN = (
    "tolak-tip",
    "lapor-gratifikasi",
    "ikrar",
    "lapor-gratifikasi-2",
    "poster-calon",
)

Truth = dict[str, str]


def pledge(year: int) -> str:
    """The text material: its year is what last year's text is known by."""
    return (
        f"Ikrar antikorupsi {year}: kami aparatur Pemerintah Kabupaten Klaten menolak suap, gratifikasi dan "
        "pungutan liar, melayani masyarakat dengan jujur tanpa membeda-bedakan, dan melaporkan "
        "setiap pelanggaran melalui saluran pengaduan Inspektorat."
    )


@dataclass(frozen=True, slots=True, repr=False)  # megabytes of bytes
class Studio:
    """The media that the stories share."""

    video: bytes
    video_forwarded: bytes
    video_snippet: bytes
    video_other: bytes
    video_still: bytes
    poster: bytes
    poster_forwarded: bytes
    poster_letterboxed: bytes
    poster_branded: bytes
    poster_last_year: bytes
    banned: bytes


@cache
def studio(year: int) -> Studio:
    """Draw everything once."""
    picture = poster(3, "Laporkan gratifikasi, bukan diterima", year)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)

        def film(name: str, seed: int, take: Take) -> bytes:
            return clip(place / f"{name}.mp4", seed, take).read_bytes()

        return Studio(
            video=film("v", 7, Take()),
            video_forwarded=reencoded(place / "v.mp4", place / "f.mp4", Take(size=(270, 480), crf=34)).read_bytes(),
            video_snippet=film("s", 7, Take(seconds=3)),
            video_other=film("o", 8, Take()),
            video_still=as_jpeg(poster(11, "Tolak tip", year)),
            poster=as_jpeg(picture),
            poster_forwarded=as_jpeg(forwarded(picture), 70),
            poster_letterboxed=as_jpeg(letterboxed(picture, (1080, 1350))),
            poster_branded=as_jpeg(branded(picture, "Kecamatan Manisrenggo")),
            poster_last_year=as_jpeg(poster(3, "Laporkan gratifikasi, bukan diterima", year - 1)),
            banned=as_jpeg(poster(21, "Pilih nomor satu", year)),
        )


@dataclass
class Office:
    """One agency while its story is written; `truth` maps duty names to `status` or `status reason`."""

    agency_id: str
    name: str
    kind: str
    world: World
    posts: list[GraphPost] = field(default_factory=list)
    articles: list[SiteArticle] = field(default_factory=list)
    trap: str | None = None
    has_instagram: bool = True
    site: Site | None = None
    truth: Truth = field(default_factory=dict)

    def at(self, days_ago: int, hour: float = 9.0) -> datetime:
        """A local time of a day."""
        midnight = datetime.combine(self.world.today - timedelta(days=days_ago), time.min, ZONE)
        return (midnight + timedelta(hours=hour)).astimezone(UTC)

    def earlier_today(self) -> datetime:
        """Half of the day that has passed: never still to come, however young the day is."""
        start = self.at(0, 0)
        return start + (self.world.now - start) / 2

    def post(self, at: datetime, caption: str, *bodies: bytes, pinned: bool = False) -> None:
        """Publish pictures or clips on Instagram."""
        number = f"179{self.world.next_number():010d}"
        media = tuple(media_file(f"{number}_{index}", body) for index, body in enumerate(bodies))
        self.posts.append(GraphPost(number, caption, at, media, pinned))

    def other(self, at: datetime, caption: str = "Kegiatan kantor hari ini") -> None:
        """Publish something that has nothing to do with any campaign."""
        self.post(at, caption, filler_jpeg(self.world.next_number(), (480, 480)))

    def article(self, at: datetime, title: str, body: str, image: bytes | None = None) -> None:
        """Publish on the site."""
        slug = f"{'-'.join(title.lower().split()[:5])}-{len(self.articles)}"
        self.articles.append(SiteArticle(slug, title, body, at, image))

    def as_ordered(self) -> None:
        """The three past duties, as the letter orders them."""
        media = self.world.media
        self.post(self.at(5), f"Tolak tip untuk petugas pelayanan publik. {TAGS}", media.video)
        self.post(self.at(3, 10), f"Laporkan gratifikasi. {TAGS}", media.poster)
        self.post(
            self.at(2, 8.5),
            f"{pledge(self.world.year)} {TAGS}",
            filler_jpeg(self.world.next_number(), (480, 480)),
        )
        self.truth.update({VIDEO: "fulfilled", POSTER: "fulfilled", PLEDGE: "fulfilled"})

    def past(self, status: str) -> None:
        """The same word for all three past duties."""
        self.truth.update(dict.fromkeys((VIDEO, POSTER, PLEDGE), status))


@dataclass(repr=False)
class World:
    """Everything that exists in the sandbox at `now`, and what may honestly be said of it."""

    now: datetime
    media: Studio
    offices: list[Office] = field(default_factory=list)
    graph: GraphWorld = field(default_factory=lambda: GraphWorld((), TOKEN))
    sites: tuple[Site, ...] = ()
    outlets: tuple[Site, ...] = ()
    _number: int = 0

    @property
    def all_sites(self) -> tuple[Site, ...]:
        """The agencies' sites and the news media's."""
        return (*self.sites, *self.outlets)

    @property
    def today(self) -> date:
        """The local day of `now`, from which the others are counted."""
        return self.now.astimezone(ZONE).date()

    @property
    def year(self) -> int:
        """This year: what tells the material from last year's."""
        return self.today.year

    def next_number(self) -> int:
        """A fresh number for ids and seeds."""
        self._number += 1
        return self._number

    def truth(self) -> Iterator[tuple[str, str, str]]:
        """(agency, duty, expected) for every duty of the world."""
        for office in self.offices:
            for duty, expected in sorted(office.truth.items()):
                yield office.agency_id, duty, expected


def media_file(name: str, body: bytes) -> GraphMedia:
    """One file of a post, its kind by its bytes."""
    is_video = body[4:8] == b"ftyp"
    return GraphMedia(name, "VIDEO" if is_video else "IMAGE", body, "video/mp4" if is_video else "image/jpeg")


