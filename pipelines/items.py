"""The words of the campaign as frozen values: what was ordered, what was recognised, what can be said.

Instants are aware datetimes in UTC unless a name says local; spans are half-open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from crawler.items import Cause, Quality, Span

MINIMUM_SHARE = 0.5  # of a material: half of a clip is still the clip, a snippet is not


class Status(StrEnum):
    """What can be said of a duty (contract §3, closed list)."""

    FULFILLED = "fulfilled"
    INCOMPLETE = "incomplete"
    LATE = "late"
    EARLY = "early"
    REVIEW = "review"
    PENDING = "pending"
    MISSING = "missing"
    UNKNOWN = "unknown"
    EXEMPT = "exempt"
    VIOLATED = "violated"
    CLEAR = "clear"


class Decision(StrEnum):
    """What a matcher or a person says of one post and one material."""

    MATCH = "match"
    REVIEW = "review"
    NONE = "none"


class Grade(StrEnum):
    """How strong the evidence behind a verdict is (contract §5)."""

    OWN_MEDIA = "A"
    OWN_TEXT = "B"
    OPERATOR = "C"
    SUBMITTED = "D"


@dataclass(frozen=True, slots=True)
class Require:
    """Elements that the same post must carry, else `incomplete`."""

    hashtags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    logos: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """One recognisable thing. `kind`: video | image | audio | text; `mode`: same | derivative.

    `minimum_share`: of its seconds or its area, the share that must be shown; less goes to a person.
    """

    campaign_id: str
    material_id: str
    title: str
    kind: str
    files: tuple[Path, ...] = ()
    caption: str = ""
    links: tuple[str, ...] = ()
    mode: str = "same"
    require: Require = Require()
    minimum_share: float = MINIMUM_SHARE


@dataclass(frozen=True, slots=True)
class Instrument:
    """The letter that orders the campaign."""

    number: str
    issuer: str
    issued_on: date
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class DutyRule:
    """One [[duty]] block as written: who must show which material when."""

    material_id: str
    window: Span
    grace_hours: float = 0.0
    channels: tuple[str, ...] = ("instagram", "news")
    kinds: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    keep_hours: float = 0.0
    rule: str = "must"


@dataclass(frozen=True, slots=True)
class Exemption:
    """Who is excused, from which material (None = the whole campaign), and why."""

    agency_id: str
    material_id: str | None
    reason: str
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign folder, wholly read and checked. `words`: what news media are asked for, empty = its titles."""

    campaign_id: str
    title: str
    instruments: tuple[Instrument, ...]
    materials: tuple[Material, ...]
    rules: tuple[DutyRule, ...]
    exemptions: tuple[Exemption, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """agency × material × window, with all that judging it needs.

    `accounts` are the keys of the agency's accounts on the duty's channels; `taken` are the earlier
    windows, with their grace, of the same material: a post in one of them is not early for this one.
    `limits` holds, for accounts that began or ended, the time in which they were the agency's.
    """

    campaign_id: str
    material_id: str
    agency_id: str
    window: Span
    grace_hours: float = 0.0
    keep_hours: float = 0.0
    rule: str = "must"
    accounts: tuple[str, ...] = ()
    taken: tuple[Span, ...] = ()
    limits: Mapping[str, Span] = field(default_factory=dict)
    needs_media: bool = True
    exempt_reason: str | None = None

    @property
    def key(self) -> tuple[str, str, str, datetime]:
        """Identity of a duty within the store."""
        return (self.campaign_id, self.material_id, self.agency_id, self.window.start)


@dataclass(frozen=True, slots=True)
class Sign:
    """What one matcher found: `score` 0..1, and why, as data a person can be shown.

    `explanation` always holds `id` and `en` sentences; other keys are the matcher's measures.
    """

    matcher: str
    score: float
    decision: Decision
    explanation: Mapping[str, Any]
    media_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A post as the judge sees it for one duty: when it stood, and what it carries.

    `decision` is the strongest sign after reviews; `lacking` names required elements that were
    not found; `unseen` names why its content could not be compared (None = it was).
    """

    post_id: str
    account: str
    url: str
    published_at: datetime
    published_until: datetime
    quality: Quality
    decision: Decision
    matcher: str = ""
    score: float = 0.0
    lacking: tuple[str, ...] = ()
    unseen: Cause | None = None
    grade: Grade | None = None
    decided_by: str = "tayang"
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Blindness:
    """Why an account was last not observed; `at` is when."""

    account: str
    cause: Cause
    at: datetime


@dataclass(frozen=True, slots=True)
class DutyReview:
    """A person's decision on a duty itself; it overrides the rule and is named as the decider."""

    status: Status
    reviewer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known about one duty: the judge's second argument.

    `coverage` holds merged spans per account key; accounts without any are absent or empty.
    """

    candidates: tuple[Candidate, ...] = ()
    coverage: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    blindness: tuple[Blindness, ...] = ()
    review: DutyReview | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be said of a duty at `as_of`, and on what it rests."""

    duty: Duty
    status: Status
    as_of: datetime
    reason: str = ""
    post_id: str | None = None
    post_url: str | None = None
    published_at: datetime | None = None
    minutes_late: int | None = None
    matcher: str | None = None
    score: float | None = None
    grade: Grade | None = None
    decided_by: str = "tayang"
