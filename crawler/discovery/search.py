"""Where a site's lists do not reach back to the wanted start -> what its own search finds of the campaigns' words.

It proves no absence: what is found counts, what is not found may be there all the same. But a pledge that a feed of ten
entries has already forgotten is found where the site itself can find it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crawler.coverage import conclude
from crawler.discovery.site import Site
from crawler.errors import SourceTrouble
from crawler.items import Outcome, Post
from crawler.language import say
from crawler.readers.answers import rendered_at, trouble_of
from crawler.readers.content import parse_page
from crawler.readers.listing import Listed, Reading, listed_articles
from crawler.readers.search_form import search_url

MAX_WORDS = 5
MAX_RESULTS = 10  # of each, the newest first


async def search_older(site: Site, words: Sequence[str]) -> None:
    """Ask the site's search for each of `words`, if its lists leave part of the wanted time open."""
    outcome, *_ = conclude(site.look.listing, site.look.since, site.look.started_at, None)
    if outcome is Outcome.COMPLETE:
        return
    for word in words[:MAX_WORDS]:
        url = search_url(site.root(), site.home.final_url, word)
        if url is None or not site.is_own(url) or site.has_stopped:
            return
        await _search(site, url)


async def _search(site: Site, url: str) -> None:
    for entry in await _results(site, url):
        is_known = site.canonical(entry.url) in site.known
        is_old = entry.published is not None and entry.published.end < site.look.since
        post = None if is_known or is_old else await site.read_page(entry.url, entry.published)
        if post:
            _weigh(site, post)
            await site.keep([post])


def _weigh(site: Site, post: Post) -> None:
    """An article of the time that the list proves, and that it does not name: it names not all, and proves nothing."""
    _, proved, _ = conclude(site.look.listing, site.look.since, site.look.started_at, None)
    if proved and proved.start <= post.published_at and post.published_until <= proved.end:
        site.doubt(say("artikel di luar daftar", "an article outside the list") + f": {post.url}")
        site.look.listing = replace(site.look.listing, confirmed=False)


async def _results(site: Site, url: str) -> list[Listed]:
    """The newest articles that a search names; none where its answer is no list."""
    try:
        answer = await site.try_ask("search", url)
        if answer is None or trouble_of(answer):
            return []
        entries = listed_articles(parse_page(answer), Reading(answer.final_url, rendered_at(answer), site.zone))
    except SourceTrouble as trouble:
        site.look.notes.append(f"search: {trouble.detail}")
        return []
    return [one for one in entries if site.is_below(one.url)][:MAX_RESULTS]
