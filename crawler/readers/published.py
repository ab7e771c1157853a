"""An article page -> when it says it was published, by the most trustworthy of its own statements; the others are kept.

Order: JSON-LD of this very page, the visible date beside the headline, meta, <time>, the address, htmldate. Where the
visible date is the one that meta calls the article's creation, what meta calls its publication goes first.
Many local CMS write local time with a "Z" behind it: what readers see on the page corrects that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, timedelta, tzinfo

from crawler.dates import Confidence, Instant, Precision, read_field
from crawler.readers.date_statements import Stage, created_and_published, linked_date, machine_dates, visible_date
from crawler.readers.guessed_date import guessed_date

_SAME = timedelta(minutes=1)
_A_DAY = timedelta(hours=20)  # midnight in one zone and noon in another are no contradiction of days
_PUBLIC = {"json-ld", "visible"}  # meta and address often carry the last change or the first draft


@dataclass(frozen=True, slots=True)
class Statement:
    """A place of the page and when it says it was published.

    `source`: `json-ld`, `visible`, `meta NAME`, `time`, `url` or `guess`.
    """

    source: str
    instant: Instant


@dataclass(frozen=True, slots=True)
class Publication:
    """`taken`: the statement believed, None where there is none; `statements`: all of them, most trusted first."""

    taken: Statement | None
    statements: tuple[Statement, ...]

    @property
    def conflicts(self) -> tuple[Statement, ...]:
        """Those that cannot be true together with the one taken."""
        taken = self.taken.instant if self.taken else None
        return tuple(one for one in self.statements if taken and not _agree(one.instant, taken))

    @property
    def instant(self) -> Instant | None:
        """The instant taken; where readers are shown another day than machines are told, all from the one to the other.

        Nobody can say from afar which of the two is true: at the edge of a window that is for a person to decide.
        """
        if self.taken is None:
            return None
        taken = self.taken.instant
        rivals = [one.instant for one in self.conflicts if {one.source, self.taken.source} == _PUBLIC]
        far = [one for one in rivals if abs(one.start - taken.start) >= _A_DAY]
        if not far:
            return taken
        start, end = min(one.start for one in (taken, *far)), max(one.end for one in (taken, *far))
        return replace(taken, start=start, end=end, precision=Precision.RANGE, confidence=Confidence.LOW)


def publication_of(stage: Stage) -> Publication:
    """What an article page says of its publication, and which of it is believed."""
    found = tuple(one for one in _stated(stage) if _is_plausible(one.instant, stage))
    if not found:
        guessed = guessed_date(stage)
        found = (Statement("guess", guessed),) if guessed and _is_plausible(guessed, stage) else ()
    finer = (one for one in found if _refines(one.instant, found[0].instant))
    return Publication(next(finer, found[0]) if found else None, found)


def _stated(stage: Stage) -> list[Statement]:
    """All that the page states, most trusted first."""
    seen = visible_date(stage)
    visible = seen if seen and _is_plausible(seen, stage) else None
    linked = linked_date(stage)
    for_readers = [Statement("visible", visible)] if visible else []
    for_machines = list(_fields(machine_dates(stage), visible, stage))
    is_creation = visible is not None and _is_creation(visible, stage)
    return [
        *_fields([("json-ld", linked)] if linked else [], visible, stage),
        *(for_machines + for_readers if is_creation else for_readers + for_machines),
    ]


def _is_creation(visible: Instant, stage: Stage) -> bool:
    """Whether readers are shown when the article was begun, by the word of a page that tells its publication apart."""
    created, published = (_fields([("meta", text)], visible, stage) for text in created_and_published(stage))
    return any(_agree(one.instant, visible) for one in created) and any(
        not _agree(one.instant, visible) and abs(one.instant.start - visible.start) < _A_DAY for one in published
    )


def _fields(texts: Iterable[tuple[str, str]], visible: Instant | None, stage: Stage) -> Iterator[Statement]:
    for source, text in texts:
        found = read_field(text, stage.captured_at, stage.zone)
        if found:
            yield Statement(source, without_false_utc(found, visible, stage.zone))


def without_false_utc(stated: Instant, visible: Instant | None, zone: tzinfo) -> Instant:
    """`stated`, taken as local time where its "Z" contradicts the clock that the page shows."""
    if not stated.stated_utc or not visible or visible.precision is not Precision.MINUTE:
        return stated
    local = stated.start.replace(tzinfo=zone).astimezone(UTC)
    if abs(local - visible.start) < min(abs(stated.start - visible.start), timedelta(hours=1)):
        return Instant(local, local, stated.precision, stated.raw)
    return stated


def _agree(one: Instant, other: Instant) -> bool:
    return one.start < other.end + _SAME and other.start < one.end + _SAME


def _refines(finer: Instant, coarse: Instant) -> bool:
    """Whether `finer` tells the minute of the day that `coarse` only names."""
    return finer.start == finer.end and coarse.start <= finer.start < coarse.end


def _is_plausible(found: Instant, stage: Stage) -> bool:
    """A date ahead of its own capture announces something; it is no publication."""
    return found.start <= stage.captured_at + timedelta(hours=26) and found.precision is not Precision.RANGE
