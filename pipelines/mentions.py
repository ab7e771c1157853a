"""A campaign's words and what news media wrote -> which of their articles speak of which campaign.

Written as people write them: in any case, with or without `#`, `anti-korupsi` and `anti korupsi` as `antikorupsi`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from crawler.items import Span
from pipelines.items import Campaign
from pipelines.store import Store
from pipelines.text import fold

# Media write of a campaign before its first window and after its last one.
AROUND = timedelta(days=31)

POSTS_SQL = "SELECT post_id, text, published_at FROM posts WHERE channel = 'media' ORDER BY post_id"

_NOT_WORDS = re.compile(r"[^\w]+|_")
_ANTI = re.compile(r"\banti (?=\w)")


def words_of(campaign: Campaign) -> tuple[str, ...]:
    """What the campaign says it is spoken of by, else its title and its materials' titles, phrases and hashtags."""
    materials = campaign.materials
    own = [campaign.title, *(one.title for one in materials)]
    own += [word for one in materials for word in (*one.require.phrases, *one.require.hashtags)]
    return tuple(dict.fromkeys(plain for word in campaign.words or own if (plain := _plain(word))))


def spoken(words: Sequence[str], text: str) -> tuple[str, ...]:
    """Those of `words` (as `words_of` gives them) that stand in `text` as whole words."""
    within = f" {_plain(text)} "
    return tuple(word for word in words if f" {word} " in within)


def span_of(campaign: Campaign) -> Span | None:
    """When an article may be about the campaign; None for one that orders nothing."""
    windows = [rule.window for rule in campaign.rules]
    if not windows:
        return None
    return Span(min(one.start for one in windows) - AROUND, max(one.end for one in windows) + AROUND)


def is_running(campaign: Campaign, now: datetime) -> bool:
    """Whether media are to be asked about it now."""
    span = span_of(campaign)
    return span is not None and span.start <= now < span.end


def note_mentions(campaigns: Iterable[Campaign], store: Store) -> None:
    """Write anew which kept article speaks of which campaign."""
    posts = store.rows(POSTS_SQL)
    store.replace({"mention_rows": [row for campaign in campaigns for row in _mentions(campaign, posts)]})


def _mentions(campaign: Campaign, posts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    span, words = span_of(campaign), words_of(campaign)
    if span is None:
        return []
    found = [(post, spoken(words, post["text"])) for post in posts if span.start <= post["published_at"] < span.end]
    return [
        {"post_id": post["post_id"], "campaign_id": campaign.campaign_id, "words": list(named)}
        for post, named in found if named
    ]  # fmt: skip


def _plain(text: str) -> str:
    return _ANTI.sub("anti", " ".join(_NOT_WORDS.sub(" ", fold(text)).split()))
