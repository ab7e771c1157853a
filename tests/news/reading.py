"""A page with what is true of it -> how far it was read so: title, instant, words, media, foreign words."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.errors import SourceTrouble
from crawler.items import Capture
from crawler.readers.article import read_article
from crawler.readers.content import Article
from tests.news.families import FAMILIES, HOST, address_of
from tests.news.stories import WIB, stories

Shingles = Counter[tuple[str, ...]]
GOOD_BODY = 0.9


@dataclass(frozen=True)
class Case:
    """A page and its truth; `beside`: sentences of other articles on it, `media`: pictures and embeds of its own."""

    family: str
    name: str
    page: bytes
    url: str
    title: str
    body: str
    published_at: datetime
    media: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Read:
    """How a page was read; shares are 0..1."""

    case: Case
    has_title: bool = False
    has_day: bool = False
    has_minute: bool = False
    f1: float = 0.0
    precision: float = 0.0
    media: float = 0.0
    is_doubted: bool = True
    is_tainted: bool = False

    @property
    def misses(self) -> list[str]:
        """What was not read as it is."""
        named = {"title": self.has_title, "day": self.has_day, "minute": self.has_minute, "media": self.media == 1,
                 f"body {self.f1:.2f}": self.f1 >= GOOD_BODY, "tainted": not self.is_tainted,
                 "doubted": not self.is_doubted}  # fmt: skip
        return [name for name, is_right in named.items() if not is_right]


def drawn_cases(seed: int) -> Iterator[Case]:
    """Every family with every trait."""
    for render in FAMILIES:
        for story in stories(seed, render.__name__):
            media = (*(f"{HOST}{one}" for one in story.images), *(one.rpartition("/")[2][-11:] for one in story.links))
            yield Case(
                render.__name__, story.trait, render(story).encode(), address_of(story), story.title, story.body,
                story.published_at, media, story.beside,
            )  # fmt: skip


def outside_cases(folder: Path) -> Iterator[Case]:
    """Pages of a folder with its `expected.json`."""
    for one in json.loads((folder / "expected.json").read_text(encoding="utf-8")):
        at = datetime.fromtimestamp(one["published_ms"] / 1000, UTC)
        page = (folder / one["file"]).read_bytes()
        yield Case(one["site"], one["file"], page, one["url"], one["title"], one["body"], at)


def read(case: Case) -> Read:
    """What our reader makes of the page."""
    captured_at = case.published_at + timedelta(days=90)
    headers = (("content-type", "text/html"),)
    try:
        article = read_article(Capture("article", case.url, case.url, 200, headers, case.page, captured_at), WIB)
    except SourceTrouble:
        return Read(case)
    return _compared(case, article)


def _compared(case: Case, article: Article) -> Read:
    found, wanted = _shingles(article.fragment.text), _shingles(case.body)
    common, foreign = sum((found & wanted).values()), [_shingles(one) - wanted for one in case.beside]
    start = article.published.start if article.published else datetime(1970, 1, 1, tzinfo=UTC)
    held = " ".join((*article.fragment.images, *article.fragment.links))
    return Read(
        case,
        has_title=article.title == case.title,
        has_day=start.astimezone(WIB).date() == case.published_at.astimezone(WIB).date(),
        has_minute=abs(start - case.published_at) < timedelta(minutes=1),
        f1=2 * common / max(1, sum(found.values()) + sum(wanted.values())),
        precision=common / max(1, sum(found.values())),
        media=sum(one in held for one in case.media) / len(case.media) if case.media else 1.0,
        is_doubted=article.unread is not None,
        is_tainted=any(found & one for one in foreign),
    )


def _shingles(text: str) -> Shingles:
    """Runs of four words."""
    words = re.findall(r"\w+", text.lower())
    return Counter(zip(*(words[at:] for at in range(4)), strict=False))
