"""The agencies of the sandbox, one story each: what it did, what its source does to the reader, and the
one word that may honestly be said of each of its duties."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from crawler.sandbox.graph import GraphMedia
from crawler.sandbox.offices import (
    BAN,
    OFFICIAL_LINK,
    PLEDGE,
    POSTER,
    TAGS,
    TODAY,
    VIDEO,
    Office,
    media_file,
    pledge,
)
from crawler.sandbox.sites import Site
from crawler.sandbox.studio import filler_jpeg

Story = Callable[[Office], None]
STORIES: list[tuple[str, str, str, Story]] = []


def _story(agency_id: str, name: str, kind: str) -> Callable[[Story], Story]:
    def register(story: Story) -> Story:
        STORIES.append((agency_id, name, kind, story))
        return story

    return register


@_story("inspektorat", "Inspektorat", "opd")
def _exemplary(office: Office) -> None:
    office.as_ordered()
    office.post(office.earlier_today(), f"Hari ini lagi. {TAGS}", office.world.media.poster)
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
        office.earlier_today(), "Agenda camat", "<p>Agenda camat hari ini adalah menerima tamu di kantor.</p>"
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
        office.posts[1], media=(media_file("kec-tulung-poster", office.world.media.poster_letterboxed),)
    )


@_story("kec-manisrenggo", "Kecamatan Manisrenggo", "kecamatan")
def _branded(office: Office) -> None:
    """An office's bar and badge over the poster are no fault; of three seconds of twelve a person must judge."""
    office.as_ordered()
    office.posts[0] = replace(
        office.posts[0], media=(media_file("kec-manisrenggo-clip", office.world.media.video_snippet),)
    )
    office.posts[1] = replace(
        office.posts[1], media=(media_file("kec-manisrenggo-poster", office.world.media.poster_branded),)
    )
    office.truth.update({VIDEO: "review", POSTER: "fulfilled"})


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
