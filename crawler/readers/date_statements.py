"""An article page -> each place where it states when it was published, surest first within its kind."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from urllib.parse import urlsplit

from crawler.dates import Instant, read_date
from crawler.readers.boxes import is_menu
from crawler.readers.content import absolute, canonical_url
from crawler.readers.headline import headline_of, letters_of

_JSON_LD = re.compile(r"<script[^>]+application/ld\+json[^>]*>(.*?)</script>", re.IGNORECASE | re.DOTALL)
_ARTICLES = re.compile(r"(?:Article|BlogPosting|Posting|Report|WebPage)$")
_META = (
    "article:published_time", "datepublished", "pubdate", "publishdate", "publish-date", "publish_date",
    "og:published_time", "date", "dc.date", "dc.date.issued", "dcterms.created", "article.published",
    "content_publisheddate",
)  # fmt: skip
_LONGEST_DATELINE = 160
_SENTENCE = 4  # words in small letters, those aside that date lines are made of
_OF_DATELINES = re.compile(
    r"oleh|pada|pukul|pkl|jam|di|dan|yang|lalu|telah|dibaca|dilihat|kali|menit|baca|hari|tanggal|tgl|komentar|kategori"
    r"|admin\w*|penulis|editor|views?|hits?|by|on|at|in|read|min|wib|wita|wit|am|pm|siang|malam|pagi|sore"
    r"|(?:di)?(?:posting|post|terbit|tulis|publi|unggah|buat|perbarui|tayang|ubah)\w*|(?:posted|published|updated|created)"
)
_EVENT = re.compile(
    r"\W*(?:hari\s*(?:[/,&]\s*)?(?:dan\s+)?(?:tanggal|tgl)|waktu|jadwal|tanggal (?:pelaksanaan|kegiatan))\s*:",
    re.IGNORECASE,
)
_ENDING = re.compile(r"(?:[-–]|s\.?\s?/?d\.?|sampai|hingga)\s*selesai\b", re.IGNORECASE)
_CLOCK_MARKS = re.compile(r"(?:^|[\s_-])(?:clock|jam|today|hari-?ini|sekarang|current|now)(?:$|[\s_-])", re.I)
# Text pieces looked at around the headline; further off begin the lists of other articles.
_LINES_BEHIND = 12
_LINES_BEFORE = 6


_DAY_IN_PATH = re.compile(r"/(20\d\d)[/-]([01]?\d)[/-]([0-3]?\d)(?=[/-])")


@dataclass(frozen=True, slots=True)
class Stage:
    """What reading a date needs to know of the page: its root, address, title, capture time, zone."""

    root: Any
    html: str
    url: str
    title: str
    captured_at: datetime
    zone: tzinfo


def linked_date(stage: Stage) -> str | None:
    """`datePublished` of the JSON-LD object that speaks of this page and no other."""
    articles = [one for one in json_ld(stage.html) if _is_dated_article(one)]
    own = [one for one in articles if _is_about(one, stage)]
    if not own and len(articles) == 1 and not _names_a_page(articles[0]):
        own = articles
    return own[0]["datePublished"] if own else None


def _is_dated_article(thing: dict[str, Any]) -> bool:
    return isinstance(thing.get("datePublished"), str) and any(map(_ARTICLES.search, _kinds(thing)))


def json_ld(html: str) -> Iterator[dict[str, Any]]:
    """All JSON-LD objects of a page, nested ones included; broken blocks are passed over."""
    for block in _JSON_LD.findall(html):
        text = re.sub(r",\s*([}\]])", r"\1", block.replace("<!--", "").replace("-->", "")).strip()
        try:
            yield from _objects(json.loads(text, strict=False))
        except (json.JSONDecodeError, RecursionError):
            continue


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        yield from _objects(value.get("@graph"))
    elif isinstance(value, list):
        for one in value:
            yield from _objects(one)


def _kinds(thing: dict[str, Any]) -> list[str]:
    kinds = thing.get("@type")
    return [str(kind) for kind in kinds] if isinstance(kinds, list) else [str(kinds)]


def _names_a_page(thing: dict[str, Any]) -> bool:
    return bool(_pages_of(thing) or thing.get("headline"))


def _pages_of(thing: dict[str, Any]) -> list[str]:
    page = thing.get("mainEntityOfPage")
    named = (thing.get("url"), thing.get("@id"), page.get("@id") if isinstance(page, dict) else page)
    return [url for url in named if isinstance(url, str) and url.startswith("http") and absolute(url, "")]


def _is_about(thing: dict[str, Any], stage: Stage) -> bool:
    pages = {_bare(url) for url in _pages_of(thing)}
    headline = letters_of(str(thing.get("headline") or thing.get("name") or ""))
    return _bare(stage.url) in pages or bool(headline and headline[:60] == letters_of(stage.title)[:60])


def _bare(url: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", canonical_url(url)).split("#")[0].rstrip("/")


def visible_date(stage: Stage) -> Instant | None:
    """The date line behind the headline, else right before it; never a date inside a paragraph."""
    headline = headline_of(stage.root, stage.title)
    if headline is None:
        headline = next((one for one in stage.root.iter("h1") if letters_of("".join(one.itertext()))), None)
    if headline is None:
        return None
    behind = _first_date(_lines_behind(headline), stage)
    return behind or _first_date(_lines_before(headline, stage), stage)


def _first_date(lines: Iterator[str], stage: Stage) -> Instant | None:
    for line in lines:
        found = read_date(line, stage.captured_at, stage.zone)
        if found:
            return found
    return None


def _lines_behind(headline: Any) -> Iterator[str]:
    inside = set(headline.iter())
    seen = 0
    for node in headline.xpath("following::*"):
        if node in inside or node.tag in ("script", "style", "noscript"):
            continue
        if _length(node) > 200 and node.tag == "p":
            return  # the article began: dates from here on are what it tells about
        line = own_line(node)
        if line and not lists_another(node):
            if not is_told(line):
                yield line
            seen += 1
        if seen >= _LINES_BEHIND:
            return


def _lines_before(headline: Any, stage: Stage) -> Iterator[str]:
    nodes = headline.xpath("preceding::*[not(self::script or self::style)]")[-3 * _LINES_BEFORE :]
    near = [node for node in nodes if not _is_clock(node) and not is_of_another(node)]
    lines = [line for node in near if (line := own_line(node)) and not _is_today_afar(node, line, headline, stage)]
    yield from reversed(lines[-_LINES_BEFORE:])


def _is_today_afar(node: Any, line: str, headline: Any, stage: Stage) -> bool:
    """Whether a line is the present day and stands outside of the headline's own frame, as a site's clock does."""
    outer = zip(headline.iterancestors(), range(3), strict=False)
    frames = [one for one, _ in outer if one.tag not in ("body", "html")]
    if any(one in frames for one in node.iterancestors()):
        return False
    found = read_date(line, stage.captured_at, stage.zone)
    return found is not None and found.start.astimezone(stage.zone).date() in days_by_clocks(stage)


def days_by_clocks(stage: Stage) -> set[date]:
    """The days that a site's clock may show at the capture: many servers' go by UTC."""
    return {stage.captured_at.astimezone(zone).date() for zone in (stage.zone, UTC)}


def _is_clock(node: Any) -> bool:
    """Whether a line stands in the page's head, where many sites show the present day."""
    around = [node, *node.iterancestors()]
    return any(is_menu(one) or _CLOCK_MARKS.search(f"{one.get('class', '')} {one.get('id', '')}") for one in around)


def own_line(node: Any) -> str | None:
    """The whole text of a small element that has text of its own: a date line, not a container."""
    own = (node.text or "") + "".join(child.tail or "" for child in node)
    if isinstance(node.tag, str) and any(letter.isdigit() for letter in own):
        line = " ".join("".join(node.itertext()).split())
        return line if len(line) <= _LONGEST_DATELINE else None
    return None


def is_told(line: str) -> bool:
    """Whether a line tells of a day, as a sentence or "Hari/Tanggal: …" does, instead of dating its page."""
    words = [word for word in re.findall(r"[^\W\d_]+", line) if word.islower() and not _OF_DATELINES.fullmatch(word)]
    return len(words) >= _SENTENCE or bool(_EVENT.match(line) or _ENDING.search(line))


def is_of_another(node: Any) -> bool:
    """Whether a line before the headline stands beside a link to another article."""
    for one, _ in zip(node.iterancestors(), range(2), strict=False):
        if next(one.iter("h1", "body"), None) is not None:
            return False
        if any(len("".join(link.itertext()).strip()) > 25 for link in one.iter("a")):
            return True
    return False


def lists_another(node: Any) -> bool:
    """Whether a line stands in a list entry that leads to another article."""
    links = (link for entry in node.iterancestors("li") for link in entry.iter("a"))
    return any(len("".join(link.itertext()).strip()) > 25 for link in links)


def _length(node: Any) -> int:
    return sum(len(text) for text in node.itertext())


def machine_dates(stage: Stage) -> Iterator[tuple[str, str]]:
    """Publication dates stated in meta elements, by <time> and in the address: the place and its words."""
    stated = _stated_in_meta(stage.root)
    yield from ((f"meta {name}", stated[name]) for name in _META if stated.get(name))
    yield from _in_times(stage)
    in_path = _DAY_IN_PATH.search(urlsplit(stage.url).path)
    if in_path:
        yield "url", "-".join(in_path.groups())


def created_and_published(stage: Stage) -> tuple[str, str]:
    """`dateCreated` and `datePublished` of meta elements; "" where one is not stated."""
    stated = _stated_in_meta(stage.root)
    return stated.get("datecreated", ""), stated.get("datepublished", "")


def _in_times(stage: Stage) -> Iterator[tuple[str, str]]:
    times = [time for time in stage.root.iter("time") if time.get("datetime")]
    marked = [time for time in times if _is_marked(time)]
    if marked or len(times) == 1:  # several unmarked ones belong to lists of other articles
        yield "time", (marked or times)[0].get("datetime")


def _stated_in_meta(root: Any) -> dict[str, str]:
    stated: dict[str, str] = {}
    for meta in root.iter("meta"):
        for attribute in ("property", "name", "itemprop"):
            stated.setdefault((meta.get(attribute) or "").lower(), meta.get("content") or "")
    return stated


def _is_marked(time: Any) -> bool:
    marks = f"{time.get('itemprop', '')} {time.get('class', '')}".lower()
    return "publish" in marks or "entry-date" in marks or time.get("pubdate") is not None
