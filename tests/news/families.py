"""An article -> its page as a family of systems writes it, with all that stands around an article there."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from html import escape

from tests.news.stories import Story

HOST = "https://berita.contoh.go.id"
_MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
           "Desember")  # fmt: skip
_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
Render = Callable[[Story], str]


def address_of(story: Story) -> str:
    """Where the page stands."""
    return f"{HOST}/berita/{story.slug}"


def visible(story: Story) -> str:
    """The date line as readers see it."""
    at = story.published_at
    return f"{_DAYS[at.weekday()]}, {at.day} {_MONTHS[at.month - 1]} {at.year} | {at:%H:%M} WIB"


def _machine(story: Story) -> str:
    """The instant as the system states it; some write local time as UTC."""
    return story.published_at.strftime("%Y-%m-%dT%H:%M:00") + ("Z" if story.trait == "false_utc" else "+07:00")


def _paragraphs(story: Story, first: int = 0) -> str:
    parts = [f"<p>{escape(one)}</p>" for one in story.paragraphs[first:]]
    if story.trait == "read_also":
        parts.insert(2, f'<p><strong>Baca juga: <a href="/berita/lain-1">{escape(story.beside[0])}</a></strong></p>')
    if story.trait == "credits":
        parts.append("<p>Editor: Redaksi</p>")
    return "\n".join(parts)


def _pictures(story: Story) -> str:
    first, *rest = story.images
    shown = [f'<img src="{first}" alt="" width="800">']
    shown += [f'<img src="data:image/gif;base64,R0" data-src="{one}" alt="">' for one in rest[:1]]
    shown += [f'<img srcset="{one}?w=300 300w, {one} 1200w" src="/x/blank.gif" alt="">' for one in rest[1:]]
    return "<figure>" + "".join(shown) + "</figure>"


def _embeds(story: Story) -> str:
    if not story.links:
        return ""
    reel, clip = story.links
    return (
        f'<blockquote class="instagram-media" data-instgrm-permalink="{reel}"><a href="{reel}">Lihat</a></blockquote>'
        f'<iframe data-src="{clip.replace("watch?v=", "embed/")}"></iframe>'
    )


def _others(story: Story, tag: str = "li") -> str:
    return "".join(
        f'<{tag}><a href="/berita/lain-{n}">{escape(one)}</a> <span>{visible(story)}</span></{tag}>'
        for n, one in enumerate(story.beside)
    )


def _teasers(story: Story) -> str:
    """Other articles with the beginning of their text, as boxes at the foot show them."""
    return "".join(
        f'<div class="item"><h4><a href="/berita/lain-{n}">Kabar {n}: {escape(one[:40])}</a></h4><p>{escape(one)}.</p></div>'
        for n, one in enumerate(story.beside)
    )


def _json_ld(story: Story) -> str:
    own = {"@type": "NewsArticle", "headline": story.title, "url": address_of(story), "datePublished": _machine(story)}
    own["dateModified"] = (story.published_at + timedelta(days=40)).isoformat()
    other = {"@type": "NewsArticle", "headline": story.beside[0], "url": f"{HOST}/berita/lain-0",
             "datePublished": (story.published_at - timedelta(days=200)).isoformat()}  # fmt: skip
    things = [other, own] if story.trait == "other_json_ld" else [own]
    return f'<script type="application/ld+json">{json.dumps(things)}</script>'


def _head(story: Story, more: str = "", site: str = "Pemerintah Kabupaten Contoh") -> str:
    charset = "iso-8859-1" if story.trait == "wrong_charset" else "utf-8"
    title = f"{story.title[:38]}..." if story.trait == "truncated_title" else story.title
    return (
        f'<!DOCTYPE html><html lang="id"><head><meta charset="{charset}"><title>{escape(title)} - {site}</title>'
        f'<link rel="canonical" href="{address_of(story)}">{more}</head>'
    )


def _clock(story: Story) -> str:
    if story.trait != "clock":
        return ""
    today = story.published_at + timedelta(days=90)
    return f'<div class="jam-hari-ini">{_DAYS[today.weekday()]}, {today.day} {_MONTHS[today.month - 1]} {today.year}</div>'


_MENU = "<ul>" + "".join(f'<li><a href="/{one.lower()}">{one}</a></li>' for one in ("Beranda", "Profil", "Berita", "Layanan")) + "</ul>"
_SHARE = '<div class="sharing"><a href="https://www.facebook.com/sharer?u=x">Bagikan</a> <a href="https://wa.me/?text=x">WhatsApp</a></div>'
_FOOT = "<p>Jalan Pemuda Nomor 294, Klaten. Telepon (0272) 321046. Hak cipta pemerintah kabupaten, semua layanan gratis.</p>"


def wordpress_classic(story: Story) -> str:
    """A classic theme with widgets beside."""
    head = _head(story, f'<meta name="generator" content="WordPress 6.4">'
                 f'<meta property="article:published_time" content="{_machine(story)}">{_json_ld(story)}')  # fmt: skip
    lead = f'<div class="post-lead"><p>{escape(story.paragraphs[0])}</p></div>' if story.trait == "lead_apart" else ""
    return f"""{head}<body><header class="site-header"><nav class="menu">{_MENU}</nav>{_clock(story)}</header>
<main><article class="post"><header class="entry-header"><h1 class="entry-title">{escape(story.title)}</h1>
<span class="posted-on"><time class="entry-date published" datetime="{_machine(story)}">{visible(story)}</time></span></header>
<div class="entry-content">{_pictures(story)}{lead}{_paragraphs(story, 1 if lead else 0)}{_embeds(story)}
<div class="sharedaddy">{_SHARE}</div><div class="jp-relatedposts"><ul>{_others(story)}</ul></div></div></article></main>
<aside class="widget-area"><section class="widget_recent_entries"><ul>{_others(story)}</ul></section></aside>
<footer>{_FOOT}</footer></body></html>"""


def wordpress_block(story: Story) -> str:
    """A block theme; other articles follow as a query loop."""
    head = _head(story, f'<link rel="https://api.w.org/" href="/wp-json/">{_json_ld(story)}')
    return f"""{head}<body><header class="wp-block-template-part"><nav class="wp-block-navigation">{_MENU}</nav></header>
{_clock(story)}<main class="wp-block-group"><h1 class="wp-block-post-title">{escape(story.title)}</h1>
<div class="wp-block-post-date"><time datetime="{_machine(story)}">{visible(story)}</time></div>
<div class="wp-block-post-content">{_pictures(story)}{_paragraphs(story)}{_embeds(story)}</div>{_SHARE}
<div class="wp-block-query"><ul>{_others(story)}</ul>{_teasers(story)}</div></main><footer>{_FOOT}</footer></body></html>"""


def joomla(story: Story) -> str:
    """Version 4 with modules beside."""
    head = _head(story, '<meta name="generator" content="Joomla! - Open Source Content Management">')
    return f"""{head}<body><div class="container-header"><ul class="mod-menu nav">{_MENU}</ul>{_clock(story)}</div>
<div class="com-content-article item-page"><div class="page-header"><h1>{escape(story.title)}</h1></div>
<dl class="article-info"><dd class="published"><time datetime="{_machine(story)}" itemprop="datePublished">
Diterbitkan: {visible(story)}</time></dd></dl>
<div class="com-content-article__body">{_pictures(story)}{_paragraphs(story)}{_embeds(story)}</div>
<nav class="pagenavigation"><a href="/berita/lain-0">{escape(story.beside[0])}</a></nav></div>
<div class="sidebar-right"><div class="moduletable"><h3>Berita Terkini</h3><ul class="mod-articleslatest">{_others(story)}</ul></div></div>
<footer class="footer">{_FOOT}</footer></body></html>"""


def opensid(story: Story) -> str:
    """A village's site: no dates but the visible one."""
    head = _head(story, '<meta name="theme" content="OpenSID Esensi">', "Desa Contoh")
    return f"""{head}<body><div id="topbar">{_MENU}{_clock(story)}</div><div class="artikel">
<h1 class="judul">{escape(story.title)}</h1><div class="info_artikel"><i></i> {visible(story)} Administrator Dibaca 120 kali</div>
<div class="teks" id="isi-artikel">{_pictures(story)}{_paragraphs(story)}{_embeds(story)}<div class="sosmed">{_SHARE}</div></div>
<div class="komentar"><h4>Kirim Komentar</h4><p>{escape(story.beside[2])}, tulis seorang warga di kolom ini.</p></div></div>
<div class="sidebar"><h3>Artikel Terbaru</h3><ul>{_others(story)}</ul></div><div class="footer">{_FOOT}</div></body></html>"""


def drupal(story: Story) -> str:
    """Version 9 with a block of related nodes."""
    head = _head(story, f'<meta name="Generator" content="Drupal 9">{_json_ld(story)}')
    return f"""{head}<body><header role="banner">{_MENU}{_clock(story)}</header><main role="main">
<h1 class="page-title"><span>{escape(story.title)}</span></h1><article class="node node--view-mode-full">
<footer class="node__meta"><div class="submitted">Dikirim pada {visible(story)}</div></footer>
<div class="node__content"><div class="field field--name-body">{_pictures(story)}{_paragraphs(story)}{_embeds(story)}</div></div>
</article><div class="block block-views-blockrelated"><h2>Terkait</h2>{_teasers(story)}</div></main>
<footer>{_FOOT}</footer></body></html>"""


def blogspot(story: Story) -> str:
    """A kecamatan's blog: line breaks for paragraphs."""
    head = _head(story, '<meta name="generator" content="blogger">', "Kecamatan Contoh")
    parts = _paragraphs(story).replace("<p>", "").replace("</p>", "<br><br>")
    return f"""{head}<body><div class="tabs">{_MENU}{_clock(story)}</div><div class="main"><div class="blog-posts">
<h2 class="date-header"><span>{visible(story)}</span></h2><h1 class="post-title entry-title">{escape(story.title)}</h1>
<div class="post-body entry-content">{_pictures(story)}{parts}{_embeds(story)}</div><div class="post-footer">{_SHARE}</div></div></div>
<div class="sidebar"><div class="widget PopularPosts"><ul>{_others(story)}</ul></div></div>
<div class="footer">{_FOOT}</div></body></html>"""


def bare_php(story: Story) -> str:
    """Programmed by somebody's nephew: tables, no metadata, no telling names."""
    return f"""{_head(story)}<body><table width="100%"><tr><td colspan="2">{_MENU}{_clock(story)}</td></tr><tr>
<td valign="top"><h1>{escape(story.title)}</h1><font size="1">{visible(story)}</font><br>{_pictures(story)}
<div align="justify">{_paragraphs(story)}{_embeds(story)}</div></td>
<td width="250" valign="top"><b>BERITA LAINNYA</b><ul>{_others(story)}</ul></td></tr>
<tr><td colspan="2">{_FOOT}</td></tr></table></body></html>"""


def portal(story: Story) -> str:
    """A local medium with its own system: boxes everywhere, also within the text."""
    head = _head(story, f'<meta property="og:type" content="article">{_json_ld(story)}', "Kabar Contoh")
    lead = f'<div class="detail__lead"><p>{escape(story.paragraphs[0])}</p></div>' if story.trait == "lead_apart" else ""
    return f"""{head}<body><div class="navbar">{_MENU}</div>{_clock(story)}<div class="container"><div class="col-utama">
<h1 class="detail__title">{escape(story.title)}</h1><div class="detail__author">Tim Kabar</div><div class="detail__date">{visible(story)}</div>
{_pictures(story)}{lead}<div class="isi-berita">{_paragraphs(story, 1 if lead else 0)}{_embeds(story)}</div>{_SHARE}
<div class="terkait"><h3>Berita Terkait</h3>{_teasers(story)}</div><div class="komentar"></div></div>
<div class="col-sisi"><div class="terpopuler"><ol>{_others(story)}</ol></div></div></div><div class="footer">{_FOOT}</div></body></html>"""


def village(story: Story) -> str:
    """A village's newer theme: the headline is framed alone, the body follows, and so does the column beside."""
    head = _head(story, '<meta name="theme" content="Esensi">', "Desa Contoh")
    return f"""{head}<body><div id="topbar"><img src="/desa/logo/desa.png">{_MENU}{_clock(story)}</div><main class="container">
<nav class="breadcrumb"><ol><li><a href="/">Beranda</a></li><li><a href="/artikel/kategori/berita">Berita</a></li></ol></nav>
<article><h1 class="text-h2">{escape(story.title)}</h1><span><span>Administrator</span> <span>{visible(story)}</span>
<span>Dibaca 120 Kali</span></span></article><div class="content py-4">{_pictures(story)}{_paragraphs(story)}{_embeds(story)}</div>
{_SHARE}<div class="kolom"><h3>Arsip Artikel</h3><ul>{_others(story)}</ul></div></main><div class="footer">{_FOOT}</div></body></html>"""


def regency(story: Story) -> str:
    """A regency's system of columns: other articles stand in one beside the text, a subtitle's place in the headline."""
    return f"""{_head(story)}<body><div class="header">{_MENU}{_clock(story)}</div><div class="full-width"><div class="article-title">
<h1><b>{escape(story.title)}</b> <br><span style="font-size:14px"> </span></h1><span class="meta">{visible(story)}</span></div></div>
<div class="paragraph-row"><div class="column3"><h3>Berita Terkait</h3><ul>{_others(story)}</ul></div>
<div class="column9">{_pictures(story)}{_paragraphs(story)}{_embeds(story)}</div></div>
<div class="block-title"><h2>Komentar dari Facebook</h2></div><div class="comment-text"><p>{escape(story.beside[1])}, kata seorang warga.</p></div>
<div class="main-sidebar right"><a href="/berita/lain-0"><img src="/asset/foto_berita/small_lain.jpg"></a><ul>{_others(story)}</ul></div><div id="footer">{_FOOT}</div></body></html>"""


def bought_theme(story: Story) -> str:
    """Made of a bought theme: a section's name is the largest heading and the site's name every page's title; the
    column of the article calls itself a sidebar."""
    head = '<!DOCTYPE html><html><head><meta charset="utf-8"><title>Dinas Contoh</title></head>'
    return f"""{head}<body><div class="header">{_MENU}{_clock(story)}</div><div class="banner"><h1>Berita dan Kegiatan</h1></div>
<section class="blog_area"><div class="row"><div class="blog_left_sidebar"><div class="blog_details"><a href="#"><h3>{escape(story.title)}</h3></a>
<small>{visible(story)}</small>{_pictures(story)}{_paragraphs(story)}{_embeds(story)}</div></div>
<div class="blog_right_sidebar"><h3>Berita Terbaru</h3>{_teasers(story)}</div></div></section><div class="footer">{_FOOT}</div></body></html>"""


FAMILIES: tuple[Render, ...] = (
    wordpress_classic, wordpress_block, joomla, opensid, drupal, blogspot, bare_php, portal, village, regency,
    bought_theme,
)  # fmt: skip
