"""Whole inputs of every kind that is read, most of them our own test cases -> where the damage begins."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import lzma
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from PIL import Image

from crawler.items import Capture
from crawler.redaction import remember_secret
from crawler.sandbox import studio
from pipelines.ledger import Ledger
from pipelines.media import clips, fingerprint, original, sound
from pipelines.warc import write_capture, write_warcinfo
from queries.bundle import periksa

PAGES = Path(__file__).parents[1] / "pages"
TEMPLATE = Path(__file__).parents[2] / "pipelines" / "template"
SECRET = "fuzz/secret+of=this process"

DATE_WORDS = tuple(
    b"januari|jan|februari|agt|agustus|des|desember|senin|jum'at|ahad|wib|wita|wit|utc|gmt+7|z|t|pukul|pkl|jam|pagi|am|pm|"
    b"kemarin|hari ini|lalu|yang lalu|jam lalu|menit|bulan|tahun|s.d.|sampai|hingga|-|/|.|,|:|2024|24|1 april|12/04/2024|"
    b"2024-04-24|10.15|10:15:00|+07:00|00:00|29 februari 2023|31 april|99999|2w|1h|ago|yesterday|h-1|mei|may".split(b"|")
)
ADDRESS_WORDS = tuple(
    b"https://|http://|//|www.|instagram.com|/p/|/reel/|facebook.com|profile.php?id=|youtube.com/@|youtu.be/|t.me/s/|tiktok.com/@|"
    b"x.com/|?utm_source=a|&|#|:80|:443|:99999|@|user:pass@|[::1]|127.1|0x7f.1|2130706433|%2f|%00|%25|.|..|/../|\\|xn--|"
    b"\xe3\x80\x82|\xef\xbc\x8e|\xc3\xa9|\xe2\x80\x8b|go.id|C6IPYaTgAAB".split(b"|")
)
XML_WORDS = tuple(
    b'<!DOCTYPE x [<!ENTITY a "aaaa">]>|<!ENTITY b "&a;&a;">|<!ENTITY c SYSTEM "file:///etc/passwd">|&a;|&c;|<item>|</item>|<entry>|'
    b"<pubDate>|</pubDate>|<link>|<link rel='next' href='//'/>|<guid isPermaLink='false'>|<content:encoded><![CDATA[|]]>|<loc>|"
    b"</loc>|<lastmod>|<urlset|<sitemapindex|xmlns='x'|encoding='utf-16'|encoding='ebcdic-cp-us'|<?xml version='1.0'?>|"
    b"<enclosure url='http://['/>|<updated>|<dc:date>|&lt;|&amp;|2024-04-24T06:30:00+07:00".split(b"|")
)
JSON_WORDS = tuple(
    b'null|true|[]|{}|""|0|-1|1e400|NaN|{"a":1}|[[]]|"\\ud800"|"id"|"timestamp"|"media"|"data"|"children"|"caption"|"error"|"code"|'
    b'"paging"|"cursors"|"after"|"date_gmt"|"content"|"rendered"|"taken_at"|"pk"|"code"|"user"|"username"|"seq"|"prev"|"hash"|'
    b"9999999999999999999|-9999999999999999999|1e308|2024-04-24T03:15:00+0000|0001-01-01T00:00:00+1400|9999-12-31T23:59:59-1200".split(b"|")
)
HTML_WORDS = tuple(
    b"<article>|</article>|<p>|</p>|<div class='related'>|</div>|<time datetime='|<meta property='article:published_time' content='|"
    b"<script type='application/ld+json'>|</script>|{\"@type\":\"NewsArticle\",\"datePublished\":\"|<a href='|<a rel='next' href='?page=2'>|"
    b"<img src='data:,' srcset='a 1e9w, b'>|<iframe src='|<base href='http://['>|<link rel=canonical href='|<h1>|<form action='|"
    b"<input name=s>|<svg>|<math>|<template>|<plaintext>|<style>|<noscript>|style='display:none'|Rabu, 24 April 2024|10:15 WIB|"
    b"<table>|<select>|<frameset>|<meta charset=utf-7>|<meta http-equiv=refresh content='0;url=".split(b"|")
)
CSV_WORDS = (*b",|;|\t|\"|\"\"|\r\n|\n|\r|sep=;|agency_id|name|kind|channel|handle|url|active_from|2024-04-24|\xff\xfe|\x00|=1".split(b"|"), *ADDRESS_WORDS[:12])
TOML_WORDS = tuple(
    b"[[material]]|[[duty]]|[duty]|id = |files = [|]|\"\"\"|'''|{|}|=|.|\"|'|#|\\u0000|\\U00110000|1979-05-27T07:32:00Z|1e400|nan|0x|"
    b"rule = \"must_not\"|opens = 2024-04-24|[[exemption]]|[a.b.c]|\"../../etc/passwd\"|\"/etc/passwd\"|[[[|true|9999999999999999999999".split(b"|")
)
ROBOTS_WORDS = tuple(b"User-agent: *|Disallow: /|Allow: /*a*b*c$|Crawl-delay: 1e999|Crawl-delay: -5|Sitemap: |*|$|%2f|#|TayangBot|:".split(b"|"))


def _files(pattern: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted(PAGES.glob(pattern))]


def _lines(text: str) -> list[bytes]:
    return [line.strip().encode() for line in text.strip().splitlines()]


def dates() -> list[bytes]:
    """Dates as people write them."""
    return _lines("""
        Rabu, 24 April 2024 10:15 WIB
        24/04/2024 | 10.15
        Jum'at, 1 Maret 2024 pukul 07.00 - 09.00 WIT
        2024-04-24T10:15:00+07:00
        Wed, 24 Apr 2024 07:00:00 +0700
        2 jam yang lalu
        kemarin pukul 10.15
        Senin s.d. Rabu, 22-24 April 2024
        22 April s/d 3 Mei 2024
        April 24, 2024 3:15 pm
        24-04-24
        20240424101500
        Diposting oleh admin pada 24 Apr 2024 dan diperbarui 25 Apr 2024
        Kegiatan berlangsung 3 hari, 1-3 Mei, di pendopo; kegiatan lain 5 Juni.
        minggu lalu
    """)


def addresses() -> list[bytes]:
    """Handles and addresses as people write them."""
    return _lines("""
        https://www.instagram.com/dinas.contoh/?igsh=abc
        @dinas.contoh
        instagram.com/dinas.contoh/p/C6IPYaTgAAB/
        https://dinkes.contoh.go.id:443/berita/?utm_source=wa#atas
        http://dinkes.contoh.go.id/berita/tolak%20tip/../lain?id=7&a=
        https://www.facebook.com/profile.php?id=100064
        https://m.facebook.com/people/Dinas/100064/
        https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv
        https://youtube.com/@DinasContoh/videos
        https://t.me/s/dinascontoh
        https://www.tiktok.com/@dinas.contoh/video/7
        https://x.com/dinas_contoh
        https://[2001:db8::1]:8080/berita
        https://büro.example/ärger
    """)


def shortcodes() -> list[bytes]:
    """Shortcodes of posts, old and new."""
    return _lines("C6IPYaTgAAB\nC6IPa2jgAAf\nB\nC6IPYaTgAABC6IPYaTgAABC6IPYaTgAABabcdef\n-_-_-_-_-_-")


def headers() -> list[bytes]:
    """Header lines that are believed."""
    return [
        b"Date: Wed, 24 Apr 2024 07:00:00 GMT\r\nAge: 300\r\nServer: cloudflare\r\ncf-mitigated: challenge\r\nLocation: /login",
        b"Location: https://dinas.example/?p=1\r\ncontent-type: text/html; charset=utf-8\r\nLast-Modified: 0\r\nExpires: -1",
    ]


def secrets() -> list[bytes]:
    """Texts with a secret in several spellings, and addresses with parameters."""
    remember_secret(SECRET)
    return [
        f"GET https://a.example/?access_token={SECRET}&x=1".encode(), SECRET.encode(), json.dumps({"token": SECRET}).encode(),
        b"key=abc token=def&sig=ghi \"client_secret=jkl'", SECRET.replace(" ", "%20").encode(),
    ]  # fmt: skip


def texts() -> list[bytes]:
    """Captions."""
    return _lines("""
        Tolak tip! #antikorupsi @dinas.contoh 𝐓𝐨𝐥𝐚𝐤 𝟐𝟎𝟐𝟒 ①②③ é
        Kami aparatur kabupaten menolak suap, gratifikasi dan pungutan liar; melaporkan setiap pelanggaran.
        T O L A K   T I P  🙏🏽 👩‍👩‍👧 ﷺ ﬁ ½ Ⅷ
    """)


def robots() -> list[bytes]:
    """robots.txt files."""
    return [
        b"User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\nCrawl-delay: 2\nSitemap: https://dinas.example/sitemap.xml\n",
        b"User-agent: TayangBot\nUser-agent: b\nDisallow: /*?s=*a*b*$\nRequest-rate: 1/5 0800-1200\nVisit-time: 0100-0200\n",
    ]  # fmt: skip


def feeds() -> list[bytes]:
    """RSS and Atom."""
    item = (
        b"<item><title>Tolak tip</title><link>https://dinas.example/b/1</link><guid>x</guid><pubDate>Wed, 24 Apr 2024 07:00:00 +0700"
        b"</pubDate><content:encoded><![CDATA[<p>Isi</p><img src='a.jpg'>]]></content:encoded><enclosure url='v.mp4' type='video/mp4'/></item>"
    )
    atom = (
        b"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><updated>2024-04-24T10:00:00Z</updated><link rel='next' href='?p=2'/>"
        b"<entry><title>A</title><id>1</id><link href='/b/1'/><published>2024-04-24T10:00:00+07:00</published><content type='html'>&lt;p&gt;x</content></entry></feed>"
    )
    rss = b"<?xml version='1.0' encoding='utf-8'?><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel>"
    return [rss + b"<generator>https://wordpress.org/?v=6</generator>" + item * 2 + b"</channel></rss>", atom]


def sitemaps() -> list[bytes]:
    """Sitemaps, an index, a packed one."""
    one = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://a.example/1</loc><lastmod>2024-04-24T06:30:00+07:00</lastmod></url>
<url><loc>https://a.example/2</loc><news:news><news:publication_date>2024-04-23</news:publication_date></news:news></url></urlset>"""
    index = b"<sitemapindex><sitemap><loc>https://a.example/s1.xml</loc><lastmod>2024-04-24</lastmod></sitemap></sitemapindex>"
    return [one, one, index, gzip.compress(one, mtime=0)]


def wordpress() -> list[bytes]:
    """WordPress answers: posts and types."""
    post = {
        "id": 7, "date": "2024-04-24T10:15:00", "date_gmt": "2024-04-24T03:15:00", "modified_gmt": "2024-04-24T03:15:00",
        "link": "https://dinas.example/b/7", "title": {"rendered": "Tolak &amp; tip"}, "content": {"rendered": "<p>Isi</p><img src='/a.jpg'>", "protected": False},
        "excerpt": {"rendered": "x"}, "jetpack_featured_media_url": "https://dinas.example/a.jpg",
        "_embedded": {"wp:featuredmedia": [{"source_url": "https://dinas.example/b.jpg"}]},
    }  # fmt: skip
    types = {"post": {"slug": "post", "rest_base": "posts", "taxonomies": []}, "berita": {"rest_base": "berita", "viewable": True}}
    return [json.dumps([post, post]).encode(), json.dumps(types).encode(), json.dumps({"code": "rest_forbidden", "data": {"status": 401}}).encode()]


def graph() -> list[bytes]:
    """Graph answers, whole and with every error we know."""
    return _files("instagram/*/answer.json")


def nodes() -> list[bytes]:
    """Posts as other programs export them."""
    lines = [line for body in _files("import/zeeschuimer/*/*.ndjson") for line in body.splitlines()]
    found = [json.dumps(row["data"]).encode() for row in map(_object, lines) if isinstance(row.get("data"), dict)]
    return found + [body for body in _files("import/instaloader/*/*_77.json") if body.startswith(b"{")]


def _object(line: bytes) -> dict[str, object]:
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def pages() -> list[bytes]:
    """Article pages and lists."""
    entries = "".join(
        f"<div class='card'><a href='/berita/{n}-ikrar-bersama-warga'><h3>Ikrar bersama warga desa {n}</h3></a><span>{n} April 2024</span></div>"
        for n in range(1, 9)
    )
    front = f"<html><head><title>Dinas</title></head><body><nav><a href='/berita'>Berita</a></nav><main>{entries}</main><a class='next' href='/berita?page=2'>2</a></body></html>"
    return [*(body[:12_000] for body in _files("news/*/page.html")), front.encode()]


def imports(name: str) -> list[bytes]:
    """Files of one import format, packed ones unpacked too."""
    found = [path.read_bytes() for path in sorted((PAGES / "import" / name).glob("*/*")) if path.name != "expected.json"]
    plain = [lzma.decompress(body) for body in found if body.startswith(b"\xfd7zXZ") and _is_whole(body)]
    return [body for body in found + plain if body]


def _is_whole(body: bytes) -> bool:
    try:
        return bool(lzma.decompress(body))
    except lzma.LZMAError:
        return False


def tables() -> list[bytes]:
    """CSV files of a registry, as people and Excel save them."""
    return [
        b"agency_id,name,kind,parent_id\r\ndinkes,Dinas Kesehatan,dinas,\r\nbagor,\"Bagian, Organisasi\",bagian,dinkes\r\n",
        b"\xef\xbb\xbfsep=;\r\nagency_id;channel;handle;native_id;active_from;active_until\r\ndinkes;instagram;@dinkes;17841;2024-01-01;\r\n",
        b"outlet_id,name,url,kind,until\ntribun,Tribun,https://tribun.example/klaten,media,2024-04-24\n",
        *(path.read_bytes() for path in sorted(TEMPLATE.glob("registry/*.csv"))),
    ]  # fmt: skip


def campaigns() -> list[bytes]:
    """Campaign files: the template with its examples, as they are and switched on."""
    text = (TEMPLATE / "campaigns" / "contoh" / "campaign.toml").read_text("utf-8")
    return [text.encode(), *_switched_on(text)]


def instances() -> list[bytes]:
    """tayang.toml likewise."""
    text = (TEMPLATE / "tayang.toml").read_text("utf-8")
    return [text.encode(), *_switched_on(text)]


def _switched_on(text: str) -> list[bytes]:
    lines = [line.removeprefix("# ").removeprefix("#") if "=" in line or "[" in line else line for line in text.splitlines()]
    return ["\n".join(lines).encode()]


@cache
def _warc() -> bytes:
    at = datetime(2024, 5, 2, tzinfo=UTC)
    answer = Capture("article", "https://a.example/1", "https://a.example/1", 200, (("content-type", "text/html"),), b"<p>isi</p>", at)
    stream = io.BytesIO()
    write_capture(stream, answer, None)
    write_warcinfo(stream, "fuzz")
    return stream.getvalue()


def warcs() -> list[bytes]:
    """A WARC file, packed and plain."""
    return [_warc(), gzip.decompress(_warc())]


@cache
def ledgers() -> list[bytes]:
    """A ledger of some lines."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.jsonl"
        book = Ledger(path)
        for number in range(3):
            book.add({"kind": "evidence", "sha256": "0" * 64, "url": "https://a.example/é", "n": number, "x": [1.5, None, True]})
        book.commit()
        return [path.read_bytes()]


def ledgers_and_warcs() -> list[bytes]:
    """Both things that a bundle's checker reads."""
    return ledgers() + warcs()


@cache
def bundle() -> dict[str, bytes]:
    """A bundle's files, the index aside."""
    return {"BACA-DULU.txt": b"x", "periksa.py": b"y", periksa.LEDGER: ledgers()[0], "bukti/1.warc.gz": _warc()}


def indexes() -> list[bytes]:
    """The index of that bundle."""
    files = [{"path": name, "sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)} for name, body in bundle().items()]
    lines = [json.loads(line) for line in ledgers()[0].splitlines()]
    piece = {"path": "bukti/1.warc.gz", "ledger_seq": 1, "sha256": hashlib.sha256(b"<p>isi</p>").hexdigest(), "bytes": 10, "url": "x"}
    chain = {"first_seq": 1, "first_prev": "0" * 64, "last_seq": 3, "last_hash": lines[-1]["hash"]}
    return [json.dumps({"format": 1, "files": files, "ledger": chain, "documents": [{"pieces": [piece]}]}).encode()]


@cache
def _drawn() -> Image.Image:
    return studio.poster(0, "Tolak tip", 2026, (96, 72)).convert("RGB")


def pictures() -> list[bytes]:
    """One picture in every format that is read."""
    found = []
    for form in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"):
        stream = io.BytesIO()
        _drawn().save(stream, form)
        found.append(stream.getvalue()[: 1 << 14])
    stream = io.BytesIO()
    _drawn().save(stream, "JPEG", progressive=True, exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0")
    return [*found, stream.getvalue()]


@cache
def films() -> list[bytes]:
    """A short clip with sound, as MP4."""
    with tempfile.TemporaryDirectory() as folder:
        return [studio.clip(Path(folder) / "a.mp4", 1, studio.Take((64, 48), 0.4, 10)).read_bytes()]


@cache
def packed() -> list[bytes]:
    """Records that come back out of the store."""
    with tempfile.TemporaryDirectory() as folder:
        picture, clip = Path(folder) / "a.jpg", Path(folder) / "a.mp4"
        picture.write_bytes(studio.as_jpeg(_drawn()))
        clip.write_bytes(films()[0])
        heard = sound.listen(clip)
        return [
            fingerprint.fingerprint(picture, "image").pack(), fingerprint.fingerprint(clip, "video").pack(),
            clips.read_reel(clip).pack()[: 1 << 14], *([heard.pack()] if heard else []),
            original.read_original(picture, "image").pack()[: 1 << 15],
        ]  # fmt: skip
