"""What a probe found -> lines for a person, and a test case folder for the readers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.language import say
from crawler.probe import Finding

_LONGEST_URL = 90
_QUESTIONS_SHOWN = 20


def probe_text(finding: Finding) -> str:
    """The steps in order, one line each."""
    lines = [finding.url, *_questions(finding.questions)]
    if finding.article:
        lines += _article(finding.article)
    if finding.site:
        lines += _site(finding.site)
    if finding.trouble:
        lines.append(_line(say("halangan", "trouble"), finding.trouble))
    return "\n".join(lines)


def _questions(asked: list[dict[str, Any]]) -> Iterator[str]:
    shown = asked[:_QUESTIONS_SHOWN]
    for one in shown:
        came = one.get("trouble") or f"HTTP {one['status']}, {one['bytes']:,} B {one['content_type']}"
        yield _line(one["kind"], f"{_short(one['url'])}: {came}")
    if len(asked) > len(shown):
        more = len(asked) - len(shown)
        yield _line("…", say(f"dan {more} pertanyaan lagi", f"and {more} more questions"))


def _article(found: dict[str, Any]) -> Iterator[str]:
    yield _line(say("judul", "title"), found["title"])
    for one in found["published"]:
        mark = "→" if one["is_taken"] else "≠" if one["contradicts"] else " "
        until = "" if one["from"] == one["until"] else f" … {one['until'][:16]}"
        read = f"{one['from'][:16]}{until} ({one['precision']}, {one['confidence']})"
        yield _line(say("tanggal", "date"), f"{mark} {one['source']}: {one['raw'][:60]!r} = {read}")
    body = found["body"]
    by = say(f"{body['letters']} huruf, dari {body['by']}", f"{body['letters']} letters, by {body['by']}")
    yield _line(say("isi", "body"), by + (f"; {body['unread']}" if body["unread"] else ""))
    yield from (_line("", line) for line in body["beginning"].split("\n"))
    for name, kind in ((say("gambar", "images"), "images"), ("video", "videos"), (say("tautan", "links"), "links")):
        yield _line(name, f"{len(found[kind])}" + "".join(f"\n{'':13}{url}" for url in found[kind][:5]))


def _site(found: dict[str, Any]) -> Iterator[str]:
    if found["delay_seconds"]:
        yield _line("Crawl-delay", f"{found['delay_seconds']:g} s")
    for way in found["ways"]:
        answered = say("dipakai", "used") if way["answered"] else say("tidak ada", "not there")
        asked = say(f"{way['questions']} pertanyaan", f"{way['questions']} questions")
        yield _line(say("jalan", "way"), f"{way['way']}: {answered}, {asked}")
    articles = found["articles"]
    counted = say(
        "{count} terbaca, {unread} tidak terbaca isinya, {with_pictures} bergambar, median {median_letters} huruf",
        "{count} read, {unread} with unread bodies, {with_pictures} with pictures, median {median_letters} letters",
    )
    yield _line(say("artikel", "articles"), counted.format(**articles))
    yield from (_line("", title) for title in articles["titles"])
    proved = (
        " … ".join(at[:16] for at in found["covers"])
        if found["covers"]
        else say("tidak ada", "none") + f" ({found['cause']})"
    )
    yield _line(say("cakupan", "coverage"), f"{proved}; {found['outcome']}")
    yield from (_line(say("catatan", "note"), note) for note in found["notes"])


def _short(url: str) -> str:
    return url if len(url) <= _LONGEST_URL else url[:_LONGEST_URL] + "…"


def _line(name: str, text: str) -> str:
    return f"  {name:11}{text}"


def save_case(finding: Finding, folder: Path) -> Path:
    """Add the article's page to `folder` with what was read of it in `expected.json`, for a person to correct.

    The format is that of `make bench-news ARGS="--pages DIR"`. The same page twice replaces itself.
    """
    if not (finding.page and finding.parts):
        raise ValueError("no article was found")
    folder.mkdir(parents=True, exist_ok=True)
    article, host = finding.parts.article, urlsplit(finding.url).hostname or "page"
    page = folder / f"{host}-{hashlib.sha256(finding.url.encode()).hexdigest()[:8]}.html"
    page.write_bytes(finding.page.body)
    listed = folder / "expected.json"
    known = json.loads(listed.read_text("utf-8")) if listed.exists() else []
    published_at = article.published.start.timestamp() if article.published else 0
    case = {
        "file": page.name, "site": host, "url": finding.url, "title": article.title,
        "published_ms": int(published_at * 1000), "body": article.fragment.text,
    }  # fmt: skip
    cases = [*(one for one in known if one["file"] != page.name), case]
    listed.write_text(json.dumps(cases, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return page
