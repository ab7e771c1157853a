"""Drawn sites that have nothing but list pages -> what one look at them kept and proved, on paper only."""

from __future__ import annotations

import asyncio
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from crawler.coverage import Listing, conclude
from crawler.errors import SourceTrouble
from crawler.items import Account, Capture, Outcome, Post, Span
from crawler.robots import Gate
from crawler.sandbox.site_pages import long_date
from crawler.spiders.news import read_site

BASE = "https://kecamatan.example"
NOW = datetime(2024, 5, 2, 5, tzinfo=UTC)
WIB = ZoneInfo("Asia/Jakarta")
WORDS = [
    "lapor",
    "gratifikasi",
    "ikrar",
    "bersama",
    "tolak",
    "tip",
    "warga",
    "camat",
    "desa",
    "rapat",
    "lomba",
    "apel",
    "senam",
    "gotong",
    "royong",
]


@dataclass(frozen=True)
class Piece:
    """One article: `place` is `list`, `featured` (above it, built otherwise) or `box` (beside it only)."""

    number: int
    title: str
    at: datetime
    place: str = "list"

    @property
    def slug(self) -> str:
        return f"{'-'.join(self.title.lower().split()[:6])}-{self.number}"


SHAPES = {
    "query": lambda one: f"/detail?id={one.number}",
    "front query": lambda one: f"/?p={one.number}",
    "read": lambda one: f"/read/{one.number}",
    "dated": lambda one: f"/{one.at.astimezone(WIB):%Y/%m}/{one.slug}/",
    "folder": lambda one: f"/berita/{one.slug}",
    "bare word": lambda one: f"/berita/{one.title.lower().replace(' ', '')}{one.number}",
    "root": lambda one: f"/{one.slug}",
    "number": lambda one: f"/{10000 + one.number}",
    "file": lambda one: f"/artikel-{one.number}.html",
}
MENU = (
    ("/", "Beranda"),
    ("/profil", "Profil"),
    ("/layanan/ktp", "Layanan"),
    ("/berita", "Berita"),
    ("/kontak", "Kontak"),
)


@dataclass(frozen=True)
class Paper:
    """A site as drawn. `cards`: what a card shows beside its title; `menu`: the menu's element."""

    pieces: tuple[Piece, ...]
    shape: str = "folder"
    page_size: int = 10
    paging: str = "query"
    cards: str = "date"
    menu: str = "nav"
    heading: str = "h2"

    def address(self, one: Piece) -> str:
        return SHAPES[self.shape](one)

    def answers(self) -> dict[str, str]:
        """Every page of the site by address."""
        listed = [one for one in self.pieces if one.place == "list"]
        chunks = [listed[start : start + self.page_size] for start in range(0, len(listed), self.page_size)] or [[]]
        pages = {
            self.page_url(number): self.list_page(chunk, number, len(chunks)) for number, chunk in enumerate(chunks, 1)
        }
        pages |= {self.address(one): self.article(one) for one in self.pieces}
        for path, word in MENU[1:]:
            pages.setdefault(
                path,
                self.frame(f"<h1>{word}</h1><p>{word} kecamatan ini melayani semua warga setiap hari kerja.</p>", word),
            )
        return pages | {
            "/": self.frame("<h1>Selamat datang</h1><p>Situs resmi kecamatan untuk semua warga.</p>", "Beranda")
        }

    def page_url(self, number: int) -> str:
        if number == 1:
            return "/berita"
        return f"/berita/page/{number}/" if self.paging == "path" else f"/berita?page={number}"

    def list_page(self, chunk: list[Piece], number: int, last: int) -> str:
        first = [one for one in self.pieces if one.place == "featured"] if number == 1 else []
        top = "".join(
            f'<div class="utama"><div><a href="{self.address(one)}">{one.title}</a></div></div>' for one in first
        )
        boxed = "".join(
            f'<li><a href="{self.address(one)}">{one.title}</a></li>' for one in self.pieces if one.place == "box"
        )
        cards = "".join(map(self.card, chunk))
        return self.frame(f'<main>{top}<div class="daftar">{cards}</div>{self.pager(number, last)}</main>'
                          f'<div class="populer"><ul>{boxed}</ul></div>', "Berita")  # fmt: skip

    def card(self, one: Piece) -> str:
        shown = {
            "date": f"<span>{long_date(one.at)}</span>",
            "day": f"<span>{one.at.astimezone(WIB):%d/%m/%Y}</span>",
        }.get(self.cards, "")
        picture = f'<a class="gambar" href="{self.address(one)}"><img src="/x.jpg"></a>' if self.cards == "none" else ""
        title = f'<{self.heading}><a href="{self.address(one)}">{html.escape(one.title)}</a></{self.heading}>'
        return f'<div class="kartu">{picture}{title}{shown}<a href="/kategori/umum">Umum</a></div>'

    def pager(self, number: int, last: int) -> str:
        if number >= last or self.paging == "none":
            return ""
        older = self.page_url(number + 1)
        if self.paging == "word":
            return f'<a href="{older}">Selanjutnya »</a>'
        return f'<ul class="pagination"><li><a href="{older}">{number + 1}</a></li></ul>'

    def article(self, one: Piece) -> str:
        body = f"<p>Kegiatan nomor {one.number} dihadiri perangkat desa dan warga di pendapa kecamatan.</p>"
        return self.frame(
            f'<article><h1>{one.title}</h1><div class="tgl">{long_date(one.at)}</div>{body}</article>', one.title
        )

    def frame(self, body: str, title: str) -> str:
        links = "".join(f'<li><a href="{path}">{word}</a></li>' for path, word in MENU)
        menu = f"<nav><ul>{links}</ul></nav>" if self.menu == "nav" else f'<div class="atas"><ul>{links}</ul></div>'
        return (f"<!doctype html><html><head><title>{title}</title></head><body>{menu}{body}"
                '<footer>Hak cipta. <a href="/kontak">Kontak</a></footer></body></html>')  # fmt: skip


@st.composite
def papers(draw: st.DrawFn) -> Paper:
    """Any of these sites: short and long titles, every shape of address, boxes, featured ones, paging or none."""
    hours = draw(st.lists(st.integers(1, 60), min_size=7, max_size=26))
    at, pieces = NOW - timedelta(hours=1), []
    for number, gap in enumerate(hours):
        words = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12))
        place = (
            draw(st.sampled_from(["list"] * 40 + ["box"]))
            if number > 1
            else draw(st.sampled_from(["list", "featured"]))
        )
        pieces.append(Piece(len(hours) - number, " ".join(words).capitalize(), at, place))
        at -= timedelta(hours=gap)
    return Paper(
        tuple(pieces),
        shape=draw(st.sampled_from(list(SHAPES))),
        page_size=draw(st.integers(3, 12)),
        paging=draw(st.sampled_from(["query", "path", "word", "none"])),
        cards=draw(st.sampled_from(["date", "day", "none"])),
        menu=draw(st.sampled_from(["nav", "div"])),
        heading=draw(st.sampled_from(["h2", "h3", "div"])),
    )


@dataclass
class PaperLook:
    """Answers that lie ready by address; all else is 404. `-> URL` is a redirect, bytes are sent as such, a number is a
    status."""

    pages: Mapping[str, str | bytes | int]
    since: datetime
    account: Account
    started_at: datetime = NOW
    rests_since: datetime | None = None
    listing: Listing = field(default_factory=Listing)
    notes: list[str] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def fetch(self, kind, url, headers=None, **meta) -> Capture:
        self.asked.append(url)
        found = self.pages.get(url, self.pages.get(url.removeprefix(BASE) or "/", 404))
        if isinstance(found, str) and found.startswith("-> "):
            return Capture(kind, url, url, 302, (("location", found[3:]),), b"", NOW)
        body = (
            found.encode() if isinstance(found, str) else found if isinstance(found, bytes) else b"<title>404</title>"
        )
        kinds = {"<": "text/html; charset=utf-8", "{": "application/json", "[": "application/json"}
        headers = (("content-type", kinds.get(body[:1].decode("latin-1"), "text/html")),)
        return Capture(kind, url, url, found if isinstance(found, int) else 200, headers, body, NOW)

    before: Mapping[str, Capture] = field(default_factory=dict)

    def recall(self, url: str) -> Capture | None:
        """Every look is the first one, unless it is told otherwise."""
        return self.before.get(url)

    async def keep(self, posts) -> None:
        self.posts += [post for post in posts if post.published_until >= self.since]


@dataclass(frozen=True)
class Read:
    """How a look at a paper site ended."""

    outcome: Outcome
    covers: Span | None
    urls: frozenset[str]
    notes: tuple[str, ...]
    asked: tuple[str, ...]
    posts: tuple[Post, ...] = ()


def read_paper(paper: Paper, since: datetime, pages: dict[str, str] | None = None) -> Read:
    """One look at a site on paper."""
    return read_pages(pages or paper.answers(), since)


def read_pages(
    pages: Mapping[str, str | bytes | int], since: datetime, site: str = BASE, words: Sequence[str] = ()
) -> Read:  # fmt: skip
    """One look at the account `site`, where nothing exists but these pages; its search may be asked for `words`."""
    look = PaperLook(pages, since, Account("kec", "news", site))
    trouble: SourceTrouble | None = None
    try:
        asyncio.run(read_site(look, Gate(look, "tayang/0.1"), WIB, words=words))
    except SourceTrouble as ended:
        trouble = ended
    outcome, covers, _ = conclude(look.listing, since, NOW, trouble)
    notes = (*look.notes, trouble.detail) if trouble else tuple(look.notes)
    urls = frozenset(post.url.removeprefix(BASE) for post in look.posts)
    return Read(outcome, covers, urls, tuple(notes), tuple(look.asked), tuple(look.posts))
