"""A front page, and the one of the last look -> whether a look on which no verdict rests may end there.

Absence is not asked for in such a look, only what is new: and where the front page names no page that it did not name
when the site was last read, its lists need not be asked today. Nothing is claimed of this time; the next look that
must prove something asks everything, back to before the last one that did.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from crawler.discovery.site import Site
from crawler.errors import SourceTrouble
from crawler.items import Capture
from crawler.language import say
from crawler.readers.answers import answered_at, is_whole_page, rendered_at
from crawler.readers.content import parse_page
from crawler.readers.listing import Reading, addresses_on, is_list

_SECOND = timedelta(seconds=1)  # the `Date` of an answer is cut off to seconds


def shows_nothing_new(site: Site) -> bool:
    """Whether the front page, made since the last look, is one of news and names nothing that it did not name then."""
    before = _before(site)
    if before is None or not _is_of_news(site) or not _names(site, site.root(), site.home) <= _names_of(site, before):
        return False
    site.look.notes.append(
        say("tidak ada kewajiban yang bergantung pada kunjungan ini, dan halaman depan tidak memuat hal baru",
            "no duty rests on this look, and the front page shows nothing new")
    )  # fmt: skip
    return True


def _before(site: Site) -> Capture | None:
    """The front page as the last look knew it; None where this look must prove something, or it is not known."""
    rests_since = site.look.rests_since
    if rests_since is None or answered_at(site.home) + _SECOND < rests_since:  # out of a cache: it can show nothing new
        return None
    before = site.look.recall(site.home.url)
    # Of a look that was killed after it had asked for the front page nothing else was read.
    return before if before and before.status == 200 and before.fetched_at <= rests_since else None


def _is_of_news(site: Site) -> bool:
    reading = Reading(site.home.final_url, rendered_at(site.home), site.zone)
    return is_whole_page(site.home) and is_list(site.root(), reading)  # a landing page stays while news goes by


def _names_of(site: Site, answer: Capture) -> frozenset[str]:
    try:
        return _names(site, parse_page(answer), answer)
    except SourceTrouble:
        return frozenset()


def _names(site: Site, root: Any, answer: Capture) -> frozenset[str]:
    """The site's own pages that a page links. Counters and the like change with every answer; links do not."""
    return frozenset(map(site.canonical, filter(site.is_below, addresses_on(root, answer.final_url))))
