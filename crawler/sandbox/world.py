"""The present day -> a small Klaten-like world: agencies, their posts, traps, and the known truth.

Every agency is a story: what it did, what its source does to the reader, and the one word that may
honestly be said of each of its duties. Dates are relative to today, media are drawn by the studio.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from crawler.sandbox.graph import GraphAccount, GraphMedia, GraphPost, GraphWorld
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


@dataclass(frozen=True, slots=True)
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
            video_forwarded=film("f", 7, Take(size=(270, 480), crf=34)),
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

    def post(self, at: datetime, caption: str, *bodies: bytes, pinned: bool = False) -> None:
        """Publish pictures or clips on Instagram."""
        number = f"179{self.world.next_number():010d}"
        media = tuple(_media(f"{number}_{index}", body) for index, body in enumerate(bodies))
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


@dataclass
class World:
    """Everything that exists in the sandbox, and what may honestly be said of it."""

    today: date
    media: Studio
    offices: list[Office] = field(default_factory=list)
    graph: GraphWorld = field(default_factory=lambda: GraphWorld((), TOKEN))
    sites: tuple[Site, ...] = ()
    _number: int = 0

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


def _media(name: str, body: bytes) -> GraphMedia:
    is_video = body[4:8] == b"ftyp"
    return GraphMedia(name, "VIDEO" if is_video else "IMAGE", body, "video/mp4" if is_video else "image/jpeg")


Story = Callable[[Office], None]
_STORIES: list[tuple[str, str, str, Story]] = []


def _story(agency_id: str, name: str, kind: str) -> Callable[[Story], Story]:
    def register(story: Story) -> Story:
        _STORIES.append((agency_id, name, kind, story))
        return story

    return register


def build_world(now: datetime) -> World:
    """The world as it stands at `now`."""
    today = now.astimezone(ZONE).date()
    world = World(today, studio(today.year))
    for agency_id, name, kind, story in _STORIES:
        office = Office(agency_id, name, kind, world)
        office.truth[TODAY] = "pending"
        if kind == "kecamatan":
            office.truth[BAN] = "clear"
        story(office)
        world.offices.append(office)
    world.graph = GraphWorld(
        [
            GraphAccount(office.agency_id.replace("-", "_"), f"178414{number:09d}", tuple(office.posts), office.trap)
            for number, office in enumerate(world.offices) if office.has_instagram
        ],
        TOKEN,
    )  # fmt: skip
    world.sites = tuple(
        replace(office.site, articles=tuple(office.articles)) for office in world.offices if office.site
    )
    return world


@_story("inspektorat", "Inspektorat", "opd")
def _exemplary(office: Office) -> None:
    office.as_ordered()
    start = office.at(0, 0)
    office.post(start + (datetime.now(UTC) - start) / 2, f"Hari ini lagi. {TAGS}", office.world.media.poster)
    office.truth[TODAY] = "fulfilled"


@_story("diskominfo", "Dinas Komunikasi dan Informatika", "opd")
def _many_hands(office: Office) -> None:
    """Re-encoded video, poster as third slide after messenger, pledge in fancy letters."""
    media, fancy = (
        office.world.media,
        str.maketrans("abcdefghijklmnopqrstuvwxyz", "𝗮𝗯𝗰𝗱𝗲𝗳𝗴𝗵𝗶𝗷𝗸𝗹𝗺𝗻𝗼𝗽𝗾𝗿𝘀𝘁𝘂𝘃𝘄𝘅𝘆𝘇"),
    )
    office.post(office.at(5, 20), "Yuk simak!", media.video_forwarded)
    slides = [filler_jpeg(office.world.next_number(), (480, 480)) for _ in range(2)]
    office.post(office.at(3, 23.9), TAGS, *slides, media.poster_forwarded)
    office.post(office.at(2), pledge(office.world.year).translate(fancy).replace(" ", " \u200b"), slides[0])
    office.past("fulfilled")


@_story("dinkes", "Dinas Kesehatan", "opd")
def _around_midnight(office: Office) -> None:
    """Half past eleven at night is the same local day, though it is another day in UTC and vice versa."""
    media = office.world.media
    office.post(office.at(5, 23.5), "Malam ini", media.video)
    office.post(office.at(2, 1 / 6), TAGS, media.poster)
    office.post(office.at(2, 0), pledge(office.world.year), media.poster_last_year)
    office.truth.update({VIDEO: "fulfilled", POSTER: "late", PLEDGE: "fulfilled"})


@_story("disdik", "Dinas Pendidikan", "opd")
def _last_year(office: Office) -> None:
    """Last year's poster and pledge, and the right words under another clip."""
    media = office.world.media
    office.post(office.at(5), f"Tolak tip untuk petugas pelayanan publik. {TAGS}", media.video_other)
    office.post(office.at(3), TAGS, media.poster_last_year)
    office.post(office.at(2), pledge(office.world.year - 1), filler_jpeg(1, (480, 480)))
    office.past("review")


@_story("dpupr", "Dinas Pekerjaan Umum dan Penataan Ruang", "opd")
def _personal_account(office: Office) -> None:
    office.trap = "not_professional"
    office.past("unknown not_professional")


@_story("bkpsdm", "Badan Kepegawaian", "opd")
def _shell(office: Office) -> None:
    office.as_ordered()
    office.trap = "no_media_block"
    office.past("unknown unreadable")


@_story("disdukcapil", "Dinas Kependudukan dan Pencatatan Sipil", "opd")
def _did_not(office: Office) -> None:
    """Posts every day, with the campaign's common hashtag, never the material."""
    for day in range(12):
        office.other(office.at(day + 1, 11), "Pelayanan hari ini #antikorupsi")
    office.past("missing")


@_story("dlh", "Dinas Lingkungan Hidup", "opd")
def _pinned(office: Office) -> None:
    """Three old posts are pinned on top; the material stands on the second page."""
    for month in (200, 300, 400):
        office.post(office.at(month), "Profil kami", filler_jpeg(month, (480, 480)), pinned=True)
    for hour in range(30):
        office.other(office.at(1, 23 - hour / 2))
    office.as_ordered()
    office.other(office.at(20))


@_story("dinsos", "Dinas Sosial", "opd")
def _stops_early(office: Office) -> None:
    """The list ends after one page although the account claims more posts."""
    for hour in range(40):
        office.other(office.at(1, 23 - hour / 2))
    office.as_ordered()
    office.trap = "cursor_stops_early"
    office.past("unknown gap")


@_story("dishub", "Dinas Perhubungan", "opd")
def _chain_breaks(office: Office) -> None:
    for hour in range(40):
        office.other(office.at(1, 23 - hour / 2))
    office.as_ordered()
    office.trap = "cursor_breaks"
    office.past("unknown unreadable")


@_story("satpolpp", "Satuan Polisi Pamong Praja", "opd")
def _without_tags(office: Office) -> None:
    office.as_ordered()
    office.posts[1] = replace(office.posts[1], caption="Laporkan gratifikasi #klatenbersih")
    office.truth[POSTER] = "incomplete #antikorupsi; @official.kpk"


@_story("bpbd", "Badan Penanggulangan Bencana Daerah", "opd")
def _passing_fault(office: Office) -> None:
    office.as_ordered()
    office.trap = "transient_once"


@_story("rsud", "RSUD Bagas Waras", "opd")
def _no_account(office: Office) -> None:
    office.has_instagram = False
    office.past("unknown no_account")


@_story("pdam", "Perumda Air Minum", "opd")
def _taken_over(office: Office) -> None:
    """Somebody else answers under the registered name."""
    office.as_ordered()
    office.trap = "other_account"
    office.past("unknown gone")


@_story("kec-prambanan", "Kecamatan Prambanan", "kecamatan")
def _wordpress(office: Office) -> None:
    office.has_instagram, office.site = False, Site("wordpress", office.agency_id, ())
    _articles_as_ordered(office)
    office.article(
        office.at(25), "Kerja bakti", "<p>Warga membersihkan saluran air bersama perangkat desa.</p>"
    )


@_story("kec-gantiwarno", "Kecamatan Gantiwarno", "kecamatan")
def _feed(office: Office) -> None:
    """A feed; only the video was shown, as an embed of the official post."""
    office.has_instagram, office.site = False, Site("feed", office.agency_id, ())
    office.article(office.at(5), "Kampanye tolak tip", _embed())
    for day in (1, 4, 12, 15, 18, 21):
        office.article(
            office.at(day, 14),
            f"Musyawarah desa ke {day}",
            f"<p>Musyawarah dihadiri {day} ketua RT di balai desa.</p>",
        )
    office.truth.update({VIDEO: "fulfilled", POSTER: "missing", PLEDGE: "missing"})


@_story("kec-wedi", "Kecamatan Wedi", "kecamatan")
def _sitemap(office: Office) -> None:
    """A sitemap; the poster came out a day before its window."""
    office.has_instagram, office.site = False, Site("sitemap", office.agency_id, ())
    body = f"<p>Laporkan gratifikasi. {TAGS}</p>"
    office.article(office.at(4, 12), "Poster gratifikasi", body, office.world.media.poster)
    office.article(
        office.at(0, 0.1), "Agenda camat", "<p>Agenda camat hari ini adalah menerima tamu di kantor.</p>"
    )
    office.article(office.at(20), "Lomba kampung", "<p>Lomba kampung diikuti tujuh desa se-kecamatan.</p>")
    office.truth.update({VIDEO: "missing", POSTER: "early", PLEDGE: "missing", TODAY: "early"})


@_story("kec-bayat", "Kecamatan Bayat", "kecamatan")
def _listing(office: Office) -> None:
    """A custom site with nothing but list pages."""
    office.has_instagram, office.site = False, Site("listing", office.agency_id, ())
    _articles_as_ordered(office)
    for day in (12, 15, 18, 21, 24):
        office.article(
            office.at(day, 14),
            f"Gotong royong ke {day}",
            f"<p>Gotong royong diikuti {day} warga di dukuh.</p>",
        )


@_story("kec-cawas", "Kecamatan Cawas", "kecamatan")
def _robots_down(office: Office) -> None:
    office.has_instagram, office.site = False, Site("wordpress", office.agency_id, (), "robots_500")
    _articles_as_ordered(office)
    _blind(office, "blocked")


@_story("kec-trucuk", "Kecamatan Trucuk", "kecamatan")
def _corrupt(office: Office) -> None:
    """Pictures and clips arrive cut off: the clip's caption is a sign, the poster has none, the pledge is text."""
    office.as_ordered()
    office.trap = "media_corrupt"
    blind = "unknown media_unavailable"
    office.truth.update({VIDEO: "review", POSTER: blind, PLEDGE: "fulfilled", BAN: blind})


@_story("kec-ngawen", "Kecamatan Ngawen", "kecamatan")
def _withheld(office: Office) -> None:
    """A reel with licensed sound: the service gives no address, only a still."""
    office.as_ordered()
    still = GraphMedia("kec-ngawen-reel", "VIDEO", withheld=True, thumbnail=office.world.media.video_still)
    office.posts[0] = replace(office.posts[0], media=(still,))
    office.truth.update({VIDEO: "review", BAN: "unknown media_unavailable"})


@_story("kec-pedan", "Kecamatan Pedan", "kecamatan")
def _exempt(office: Office) -> None:
    office.truth.update(dict.fromkeys((VIDEO, POSTER, PLEDGE, TODAY), "exempt Bencana banjir"))


@_story("kec-ceper", "Kecamatan Ceper", "kecamatan")
def _half_seen(office: Office) -> None:
    """Instagram was read and shows nothing; the site hides behind a challenge: absence is not proved."""
    office.other(office.at(1))
    office.site = Site("wordpress", office.agency_id, (), "challenge")
    _blind(office, "blocked")


@_story("kec-juwiring", "Kecamatan Juwiring", "kecamatan")
def _empty_answer(office: Office) -> None:
    office.as_ordered()
    office.trap = "empty_data"
    _blind(office, "unreadable")


@_story("kec-delanggu", "Kecamatan Delanggu", "kecamatan")
def _login_wall(office: Office) -> None:
    office.as_ordered()
    office.trap = "login_redirect"
    _blind(office, "blocked")


@_story("kec-jatinom", "Kecamatan Jatinom", "kecamatan")
def _banned(office: Office) -> None:
    office.as_ordered()
    office.post(office.at(4, 19), "Dukung!", office.world.media.banned)
    office.truth[BAN] = "violated"


@_story("kec-tulung", "Kecamatan Tulung", "kecamatan")
def _letterboxed(office: Office) -> None:
    office.as_ordered()
    office.posts[1] = replace(
        office.posts[1], media=(_media("kec-tulung-poster", office.world.media.poster_letterboxed),)
    )


@_story("kec-manisrenggo", "Kecamatan Manisrenggo", "kecamatan")
def _branded(office: Office) -> None:
    """An office bar and badge over the poster, and three seconds of twelve: a person must look."""
    office.as_ordered()
    office.posts[0] = replace(
        office.posts[0], media=(_media("kec-manisrenggo-clip", office.world.media.video_snippet),)
    )
    office.posts[1] = replace(
        office.posts[1], media=(_media("kec-manisrenggo-poster", office.world.media.poster_branded),)
    )
    office.truth.update({VIDEO: "review", POSTER: "review"})


@_story("kec-kalikotes", "Kecamatan Kalikotes", "kecamatan")
def _rest_disabled(office: Office) -> None:
    """The site's REST interface is shut; its feed answers."""
    office.has_instagram, office.site = False, Site("wordpress", office.agency_id, (), "rest_disabled")
    _articles_as_ordered(office)
    for day in (12, 15, 18, 21):
        office.article(
            office.at(day, 14), f"Posyandu ke {day}", f"<p>Posyandu melayani {day} balita di balai desa.</p>"
        )


@_story("kec-karanganom", "Kecamatan Karanganom", "kecamatan")
def _too_late(office: Office) -> None:
    """Six hours after the end of grace: too late for its window, too early for the next."""
    office.post(office.at(1, 6), TAGS, office.world.media.poster)
    office.past("missing")
    office.truth[TODAY] = "early"


def _articles_as_ordered(office: Office) -> None:
    media = office.world.media
    office.article(office.at(5), "Tolak tip bagi petugas", _embed())
    office.article(
        office.at(3, 13), "Lapor gratifikasi", f"<p>Laporkan setiap gratifikasi. {TAGS}</p>", media.poster
    )
    office.article(office.at(2), "Ikrar bersama", f"<p>{pledge(office.world.year)}</p>")
    office.past("fulfilled")


def _embed() -> str:
    return (
        "<p>Kecamatan turut menayangkan materi kampanye bersama seluruh pegawai.</p>"
        f'<blockquote class="instagram-media" data-instgrm-permalink="{OFFICIAL_LINK}?utm_source=ig_embed">'
        f'<a href="{OFFICIAL_LINK}">Lihat di Instagram</a></blockquote>'
    )


def _blind(office: Office, cause: str) -> None:
    office.past(f"unknown {cause}")
    office.truth[BAN] = f"unknown {cause}"
