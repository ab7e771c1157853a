"""An article page that states no publication date -> the day that htmldate makes out of the whole of it, or None.

A guess is no date of its own: where the page says what that day is (of an event, of another article, of the last
change), it is not taken for the day of publication.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from htmldate import find_date
from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from crawler.dates import Instant, day_of, find_dates, read_date, read_field, tells_change
from crawler.readers.date_statements import (
    Stage,
    days_by_clocks,
    is_of_another,
    is_told,
    json_ld,
    lists_another,
    own_line,
)

_LONGEST_SENTENCES = 3000
_MOST_SENTENCES = 500
_CHANGED = frozenset((
    "article:modified_time", "og:updated_time", "last-modified", "dcterms.modified", "dc.date.modified", "datemodified",
    "revised",
))  # fmt: skip


def guessed_date(stage: Stage) -> Instant | None:
    """The day that htmldate makes out of the whole page."""
    newest = (stage.captured_at + timedelta(days=1)).date().isoformat()
    try:
        found = find_date(stage.html, original_date=True, max_date=newest)
    except ValueError:
        return None
    day = date.fromisoformat(found) if found else None
    # A guess that names the day of the capture has most likely read the site's clock.
    if found is None or day is None or day in days_by_clocks(stage):
        return None
    is_another_s = day in _told_days(stage) or day in _changed_days(stage) or _dates_others(day, stage)
    return None if is_another_s else day_of(day, stage.zone, found)


def _dates_others(day: date, stage: Stage) -> bool:
    """Whether the page shows a day, but only beside links to other articles."""
    lines = ((node, line) for node in stage.root.iter(etree.Element) if (line := own_line(node)))
    read = ((node, read_date(line, stage.captured_at, stage.zone)) for node, line in islice(lines, _MOST_SENTENCES))
    showing = [node for node, at in read if at and at.start.astimezone(stage.zone).date() == day]
    return bool(showing) and all(is_of_another(node) or lists_another(node) for node in showing)


def _told_days(stage: Stage) -> set[date]:
    """The days that the article's sentences and its lines of an event speak of."""
    lines = (" ".join("".join(node.itertext()).split()) for node in islice(stage.root.iter("p", "li"), _MOST_SENTENCES))
    sentences = (line for line in lines if len(line) <= _LONGEST_SENTENCES)
    return {day for line in (*sentences, *_short_lines(stage)) if is_told(line) for day in _days_in(line, stage)}


def _changed_days(stage: Stage) -> set[date]:
    """The days of which the page says that it was changed on them: it came out then or at any time before."""
    read = (read_field(text, stage.captured_at, stage.zone) for text in _stated_changes(stage))
    days = {one.start.astimezone(stage.zone).date() for one in read if one}
    return days | {day for line in _short_lines(stage) if tells_change(line) for day in _days_in(line, stage)}


def _stated_changes(stage: Stage) -> Iterator[str]:
    yield from (str(one["dateModified"]) for one in json_ld(stage.html) if one.get("dateModified"))
    for meta in stage.root.iter("meta"):
        names = {(meta.get(attribute) or "").lower() for attribute in ("property", "name", "itemprop")}
        if names & _CHANGED:
            yield meta.get("content") or ""


def _short_lines(stage: Stage) -> Iterator[str]:
    found = (own_line(node) for node in stage.root.iter(etree.Element))
    return islice(filter(None, found), _MOST_SENTENCES)


def _days_in(line: str, stage: Stage) -> Iterator[date]:
    for one in find_dates(line, stage.captured_at, stage.zone):
        yield one.instant.start.astimezone(stage.zone).date()
