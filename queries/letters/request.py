"""What letters are made from. Nothing else goes in: the same request gives the same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from crawler.items import Agency
from pipelines.items import Campaign, Verdict
from queries.letters.voice import Voice
from queries.report.facts import PostFact, SignFact, SignKey
from queries.report.request import Issuer


@dataclass(frozen=True, slots=True)
class LetterRequest:
    """Letters about local `day`, as known at `as_of`. `posts` and `signs` tell the digests of what verdicts rest on.

    `verdicts` are the newest of every duty, the letters choose which they speak of; `agencies` all of the registry;
    `sights` tell up to when nothing was to be seen of a pending duty (None or absent = not observed); `logo` is the
    coat of arms as PNG.
    """

    instance: Issuer
    day: date
    as_of: datetime
    verdicts: Sequence[Verdict]
    campaigns: Sequence[Campaign]
    agencies: Sequence[Agency]
    posts: Mapping[str, PostFact] = field(default_factory=dict)
    signs: Mapping[SignKey, tuple[SignFact, ...]] = field(default_factory=dict)
    sights: Mapping[tuple[str, str, str, datetime], datetime | None] = field(default_factory=dict)
    logo: bytes | None = None

    @property
    def voice(self) -> Voice:
        """The words of the instance's language and zone."""
        return Voice(self.instance.language, self.instance.zone)


@dataclass(frozen=True, slots=True)
class Order:
    """What a user asked for: a letter by name, in these formats, for these agencies (none = all), into `out`."""

    name: str
    formats: tuple[str, ...] = ("pdf", "docx")
    agency_ids: tuple[str, ...] = ()
    out: Path | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: `name` of its template, `stem` of its files, `said` the values a template may place."""

    name: str
    stem: str
    said: Mapping[str, Any]
