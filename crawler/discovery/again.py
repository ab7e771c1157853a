"""Articles that once were shown, and a site that was just read -> which of them still stand at their own address."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.assignments import Standing
from crawler.discovery.site import Site
from crawler.errors import SourceTrouble
from crawler.items import Capture
from crawler.readers.answers import trouble_of
from crawler.readers.article import is_article
from crawler.redaction import redact
from crawler.robots import Gate
from crawler.visit import Look

KIND = "again"
MOST = 50  # per look; the others come with the next


async def look_again(look: Look, site: Site, gate: Gate, articles: Sequence[Standing]) -> None:
    """Ask the own address of every article that this look's lists did not show.

    The answers are kept under their own kind. 404 or 410 from the address itself says that the article is gone; a
    readable article says that it stands, as it was known. Anything else (a fault, a refusal, a redirect, a page that
    is no article) says nothing. Trouble with one address is noted and harms nothing else.
    """
    waiting = [one for one in articles if one.post_id not in site.posts]
    for one in waiting[:MOST]:
        try:
            answer = await gate.fetch(KIND, one.url)
        except SourceTrouble as trouble:
            look.notes.append(f"{one.url}: {trouble.detail}")
            continue
        if _stands(answer, one.url):
            await look.saw_standing(one)


def _stands(answer: Capture, url: str) -> bool:
    """Whether the article answered under its own address, not what its site shows in place of it."""
    return answer.url == redact(url) and trouble_of(answer) is None and is_article(answer)
