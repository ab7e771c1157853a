"""A stand-in site's articles -> the pages, feeds, sitemaps and REST answers such sites really give."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jum'at", "Sabtu", "Minggu")
SHORT_DAYS = ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min")
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
SHORT_MONTHS = ("Jan", "Peb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agt", "Sep", "Okt", "Nop", "Des")
LOCAL = ZoneInfo("Asia/Jakarta")

# Every real page carries boxes with other campaigns' words; none of them is the article's own.
RELATED = (
    "Cegah Stunting, Ribuan Kader Turun ke Desa",
    "Tolak Gratifikasi Menjelang Hari Raya, Ini Imbauan Inspektorat",
    "Gerakan Pangan Murah Kembali Digelar di Alun-alun",
)


@dataclass(frozen=True, slots=True)
class SiteArticle:
    """One article of a stand-in site. `published_at` is aware; `image` holds its picture's bytes."""

    slug: str
    title: str
    html_body: str
    published_at: datetime
    image: bytes | None = None
    image_type: str = "image/jpeg"

    @property
    def path(self) -> str:
        """Where the site serves it; by the local year and month, as WordPress does."""
        return f"/{self.published_at.astimezone(LOCAL):%Y/%m}/{self.slug}/"

    @property
    def image_path(self) -> str:
        """Where the site serves its picture."""
        return f"/wp-content/uploads/{self.slug}.{self.image_type.rpartition('/')[2]}"


def long_date(at: datetime) -> str:
    """`Rabu, 24 April 2024 | 10:15 WIB`."""
    local = at.astimezone(LOCAL)
    return f"{DAYS[local.weekday()]}, {local.day} {MONTHS[local.month - 1]} {local.year} | {local:%H:%M} WIB"


def short_date(at: datetime) -> str:
    """`Rab, 24 Agt 2024 10:15:00 WIB`: what many local feeds write instead of RFC 822."""
    local = at.astimezone(LOCAL)
    month = SHORT_MONTHS[local.month - 1]
    return f"{SHORT_DAYS[local.weekday()]}, {local.day:02d} {month} {local.year} {local:%H:%M:%S} WIB"


def article_page(article: SiteArticle, kind: str, name: str, base: str) -> str:
    """An article's page: each kind of site states its date in another way."""
    title = html.escape(article.title)
    local = article.published_at.astimezone(LOCAL)
    visible = f'<div class="tanggal">{long_date(article.published_at)}</div>'
    stamp = f'<time class="entry-date" datetime="{local.isoformat()}">{local:%d/%m/%Y}</time>'
    head, shown = {
        "wordpress": (_json_ld(article, base), stamp),
        "feed": ("", f'<p class="meta">Diposting pada {long_date(article.published_at)} oleh Admin</p>'),
        # The "Z" is a lie many local systems tell: the clock is that of the site.
        "sitemap": (_meta("article:published_time", f"{local:%Y-%m-%dT%H:%M:%SZ}"), visible),
        "listing": ("", visible),
    }[kind]  # fmt: skip
    picture = (
        f'<img class="lazy" src="/blank.gif" data-src="{article.image_path}" alt="">' if article.image else ""
    )
    body = f"""<article class="post"><h1 class="judul">{title}</h1>{shown}
<div class="isi-berita">{picture}{article.html_body}</div></article>
{_related_box()}"""
    return _page(f"{title} - {html.escape(name)}", name, body, head + _meta("og:type", "article"))


def _meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def _json_ld(article: SiteArticle, base: str) -> str:
    about = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": article.title,
        "mainEntityOfPage": base + article.path,
        "datePublished": article.published_at.astimezone(UTC).isoformat(),
    }  # fmt: skip
    return f'<script type="application/ld+json">{json.dumps(about)}</script>'


def _related_box() -> str:
    entries = "".join(
        f'<li><a href="/2020/01/terkait-{n}/">{text}</a></li>' for n, text in enumerate(RELATED)
    )
    return f'<aside class="berita-terkait"><h3>Berita Terkait</h3><ul>{entries}</ul></aside>'


def _page(title: str, name: str, body: str, head: str = "") -> str:
    menu = (("/", "Beranda"), ("/profil/", "Profil"), ("/berita", "Berita"))
    entries = "".join(f'<li><a href="{path}">{word}</a></li>' for path, word in menu)
    return f"""<!doctype html><html lang="id"><head><meta charset="utf-8"><title>{title}</title>{head}</head>
<body><header><a href="/">{html.escape(name)}</a></header>
<nav><ul>{entries}</ul></nav>
{body}<footer>Hak cipta {html.escape(name)}. <a href="/kontak/">Kontak</a></footer></body></html>"""


def list_page(articles: Sequence[SiteArticle], name: str, next_url: str | None, head: str = "") -> str:
    """A page of cards, newest first, beside a box of the most read."""
    cards = "".join(
        f'<div class="kartu"><h2><a href="{one.path}">{html.escape(one.title)}</a></h2>'
        f'<span class="tgl">{long_date(one.published_at)}</span></div>'
        for one in articles
    )
    older = f'<a class="next" rel="next" href="{next_url}">Selanjutnya</a>' if next_url else ""
    body = f'<main><div class="daftar">{cards}</div>{older}</main><div class="populer">{_related_box()}</div>'
    return _page(html.escape(name), name, body, head)


def login_page(name: str) -> str:
    """What a site shows to strangers once it was closed."""
    fields = '<input name="user"><input type="password" name="pass"><button>Masuk</button>'
    return _page("Masuk", name, f'<form method="post">{fields}</form>')


def challenge_page() -> str:
    """What a guard in front of a site answers in its place, with HTTP 200."""
    return "<!doctype html><title>Just a moment...</title><script>window._cf_chl_opt={}</script>"


def feed_page(articles: Sequence[SiteArticle], kind: str, name: str, base: str) -> str:
    """RSS: WordPress carries whole texts and names itself, others only a teaser and a WIB date."""
    items = "".join(_feed_item(one, kind, base) for one in articles)
    generator = "<generator>https://wordpress.org/?v=6.8</generator>" if kind == "wordpress" else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>{html.escape(name)}</title><link>{base}/</link>{generator}{items}</channel></rss>"
    )


def _feed_item(article: SiteArticle, kind: str, base: str) -> str:
    url = base + article.path
    if kind == "wordpress":
        date = article.published_at.astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
        whole = f"<content:encoded><![CDATA[{rest_body(article, base)}]]></content:encoded>"
    else:
        date, whole = short_date(article.published_at), ""
    return (
        f"<item><title>{html.escape(article.title)}</title><link>{url}</link><guid>{url}</guid>"
        f"<pubDate>{date}</pubDate><description>Selengkapnya ...</description>{whole}</item>"
    )


def rest_body(article: SiteArticle, base: str) -> str:
    """The body as WordPress stores it: the picture stands in the text."""
    picture = f'<figure><img src="{base}{article.image_path}"></figure>' if article.image else ""
    return picture + article.html_body


def sitemap_page(articles: Sequence[SiteArticle], base: str) -> str:
    """A sitemap whose lastmod is some minutes behind each publication."""
    urls = "".join(
        f"<url><loc>{base}{one.path}</loc><lastmod>{_changed_at(one).isoformat()}</lastmod></url>"
        for one in articles
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<url><loc>{base}/</loc></url>{urls}</urlset>"
    )


def _changed_at(article: SiteArticle) -> datetime:
    return (article.published_at + timedelta(minutes=7)).astimezone(UTC)


def rest_post(
    number: int, article: SiteArticle, base: str, modified_at: datetime, zone: tzinfo
) -> dict[str, Any]:
    """One post of the REST list, as a site with its clock set to `zone` gives it."""
    claimed_at = article.published_at
    wall = claimed_at.astimezone(zone)
    media = [{"source_url": base + article.image_path, "media_type": "image"}] if article.image else []
    return {
        "id": number, "date": f"{wall:%Y-%m-%dT%H:%M:%S}",
        "date_gmt": f"{claimed_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
        "modified_gmt": f"{modified_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
        "slug": article.slug, "status": "publish", "type": "post", "link": base + article.path,
        "title": {"rendered": html.escape(article.title)},
        "content": {"rendered": rest_body(article, base), "protected": False},
        "excerpt": {"rendered": "<p>Selengkapnya [&hellip;]</p>", "protected": False},
        "featured_media": number if article.image else 0, "sticky": False,
        "_embedded": {"wp:featuredmedia": media},
    }  # fmt: skip
