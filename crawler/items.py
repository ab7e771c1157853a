"""The words of the crawl as frozen values: accounts in; captures, posts and visits out.

Everything here is data without behaviour beyond a derived property. Instants are aware
datetimes in UTC; spans are half-open `[start, end)`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property


class Outcome(StrEnum):
    """How a visit ended (contract §5, closed list)."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    BLOCKED = "blocked"
    PRIVATE = "private"
    GONE = "gone"
    UNREADABLE = "unreadable"
    FAILED = "failed"


class Cause(StrEnum):
    """Why an account was not observed (contract §3, closed list, most telling first)."""

    NO_ACCOUNT = "no_account"
    BLOCKED = "blocked"
    PRIVATE = "private"
    GONE = "gone"
    NOT_PROFESSIONAL = "not_professional"
    UNREADABLE = "unreadable"
    NOT_VISITED = "not_visited"
    GAP = "gap"
    MEDIA_UNAVAILABLE = "media_unavailable"


class Quality(StrEnum):
    """How far a publication time can be trusted (contract §3)."""

    EXACT = "exact"
    LOWER_BOUND = "derived_lower_bound"
    DECLARED = "declared"


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open span of instants, `start <= t < end`."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Agency:
    """One row of registry/agencies.csv; `active_*` are local dates, None = always."""

    agency_id: str
    name: str
    kind: str
    parent_id: str | None = None
    active_from: date | None = None
    active_until: date | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """One row of registry/accounts.csv; `handle` is normalised (see `crawler.handles`)."""

    agency_id: str
    channel: str
    handle: str
    native_id: str | None = None
    active_from: date | None = None
    active_until: date | None = None

    @property
    def key(self) -> str:
        """`channel:handle`, unique over the registry."""
        return f"{self.channel}:{self.handle}"


@dataclass(frozen=True)
class Capture:
    """One answer of a server as it arrived, secrets removed from URL and headers.

    `kind` says what it was asked for: graph, robots, wordpress, feed, sitemap, listing, article, again (an article
    asked for once more by its own address) or media; where a
    browser shows the pages also document (one as sent), asset (what it asked for beside) and rendered (as shown: no
    server's answer, but made of them). `url` is what was asked, `final_url` where redirects ended. `earlier` is set
    on a 304 alone: the answer that it confirms. `confirmed_at` is set on an answer so confirmed: when it was.
    """

    kind: str
    url: str
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime
    request_headers: tuple[tuple[str, str], ...] = ()
    earlier: Capture | None = None
    confirmed_at: datetime | None = None

    @property
    def heard_at(self) -> datetime:
        """When the server last said this; `fetched_at` is when the bytes came."""
        return self.confirmed_at or self.fetched_at

    @cached_property
    def sha256(self) -> str:
        """Hex SHA-256 of the payload: the name of this evidence everywhere."""
        return hashlib.sha256(self.body).hexdigest()

    def header(self, name: str) -> str | None:
        """The last value of a header, case-insensitive; None when absent."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return values[-1] if values else None


@dataclass(frozen=True, slots=True)
class Media:
    """One picture, clip or thumbnail of a post.

    `media_id` is stable over visits (URLs expire). `sha256` is None until fetched;
    then `trouble` says why it could not be had (None = fetched or not yet tried).
    `kind`: image | video | audio | thumbnail (a still standing in for a withheld video).
    """

    media_id: str
    kind: str
    url: str
    sha256: str | None = None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A public post as it stood when seen.

    `published_at <= true instant < published_until`; both are equal when the instant is
    known to the second, a day apart when only a date was given. `links` are the outgoing and
    embedded addresses. `unread` names why its content could not be read (None = it was).
    """

    post_id: str
    channel: str
    agency_id: str
    handle: str
    native_id: str
    url: str
    published_at: datetime
    published_until: datetime
    published_quality: Quality
    text: str
    links: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()
    is_pinned: bool = False
    origin: str = "crawl"
    evidence_sha256: str = ""
    unread: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The item that travels: all posts of one listing page, and the captures they rest on.

    `since` is where the look wanted to begin: what reading the captures again needs to know. `standing` are
    (post_id, content_id) of posts that were found at their own address, as they were known.
    """

    run_id: str
    account: Account
    posts: tuple[Post, ...]
    captures: tuple[Capture, ...]
    seen_at: datetime
    since: datetime | None = None
    standing: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at one account. `covers` is the span it proves, None = it proves nothing.

    `cause` is set whenever the wanted span was not wholly proved; `native_id` is the id that
    the source gave for the account; `evidence_sha256` names the last answer it rests on; `failed` are
    the questions that got no answer, as (URL, kind of trouble, detail).
    """

    run_id: str
    account: Account
    started_at: datetime
    finished_at: datetime
    outcome: Outcome
    covers: Span | None
    posts_seen: int
    cause: Cause | None = None
    detail: str = ""
    native_id: str | None = None
    evidence_sha256: str | None = None
    captures: tuple[Capture, ...] = field(default=(), repr=False)
    failed: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)

    @property
    def is_observed(self) -> bool:
        """Whether it proved some span, or all that was wanted of it: nothing, where no verdict rests on it."""
        return self.covers is not None or self.outcome is Outcome.COMPLETE
