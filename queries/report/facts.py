"""The store's views -> what the report tells beyond the verdicts: posts, signs, files, visits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crawler.items import Span
from queries.reader import Connection, rows

_POSTS = """
SELECT post_id, content_id, channel, handle, agency_id, url, text, published_at, published_quality, evidence_sha256,
  origin, list_transform(media, lambda m: {'kind': m.kind, 'sha256': m.sha256, 'trouble': m.trouble}) AS media
FROM posts WHERE post_id IN (SELECT unnest($ids)) ORDER BY post_id"""

# Earlier states of posts, as far as something rests on them: a caption that was edited away since.
_STATES = """
SELECT post_id, content_id, channel, handle, agency_id, url, text, published_at, published_quality, evidence_sha256,
  origin, list_transform(media, lambda m: {'kind': m.kind, 'sha256': m.sha256, 'trouble': m.trouble}) AS media
FROM post_rows WHERE content_id IN (SELECT unnest($ids)) ORDER BY post_id, content_id"""

_SIGNS = """
SELECT post_id, campaign_id, material_id, matcher, score, explanation, media_sha256, page_sha256, content_id
FROM shown_signs WHERE post_id IN (SELECT unnest($ids))
ORDER BY post_id, campaign_id, material_id, score DESC, matcher, media_sha256"""

_PATHS = """
SELECT sha256, min(path) AS path FROM evidence
WHERE sha256 IN (SELECT unnest($ids)) AND path IS NOT NULL GROUP BY sha256"""

# What could not be fetched (posts.media), read (posts.unread) or decoded (fingerprints).
_UNREAD = """
WITH near AS (
  SELECT post_id, channel, handle, agency_id, url, published_at, unread, media FROM posts
  WHERE published_until >= $since AND published_at < $until),
pieces AS (SELECT * EXCLUDE (media), unnest(media) AS m FROM near)
SELECT 'content' AS what, post_id, channel, handle, agency_id, url, published_at, unread AS detail
FROM near WHERE unread IS NOT NULL
UNION
SELECT 'media', post_id, channel, handle, agency_id, url, published_at, m.trouble
FROM pieces WHERE m.trouble IS NOT NULL
UNION
SELECT 'media', post_id, channel, handle, agency_id, url, published_at, f.trouble
FROM pieces JOIN fingerprint_rows f ON f.sha256 = m.sha256 WHERE f.trouble IS NOT NULL
ORDER BY what, agency_id, published_at, post_id, detail"""

# What was observed by $until is told, not what later looks found. Where there was no look by then (the verification of
# an instant long past), the first one after it has to do.
_VISITS = """
WITH last AS (SELECT run_id FROM visits ORDER BY started_at <= $until::TIMESTAMPTZ DESC,
  CASE WHEN started_at <= $until::TIMESTAMPTZ THEN started_at END DESC, started_at, run_id DESC LIMIT 1)
SELECT run_id, channel, agency_id, handle, started_at, finished_at, outcome, posts_seen
FROM visits WHERE run_id IN (FROM last) ORDER BY channel, handle, started_at"""

_MENTIONS = """
SELECT campaign_id, outlet_id, outlet_name, url, title, published_at, words, is_read, evidence_sha256
FROM media_coverage WHERE published_at >= $since AND published_at < $until
ORDER BY campaign_id, published_at DESC, outlet_id, url"""

_OUTLETS = "SELECT count(*) AS outlets FROM outlet_rows WHERE confirmed_on IS NOT NULL"

# The newest visit by $until of every registered account, whichever run made it; outcome is NULL where there was none.
# An account that was renamed was looked at under its old name, too.
_LOOKS = """
WITH seen AS (
  SELECT v.* REPLACE (coalesce(f.now_handle, v.handle) AS handle)
  FROM visits v LEFT JOIN former_name_rows f ON f.channel = v.channel AND f.handle = v.handle),
last AS (
  SELECT channel, handle,
    coalesce(max(started_at) FILTER (started_at <= $until::TIMESTAMPTZ), min(started_at)) AS started_at
  FROM seen GROUP BY channel, handle)
SELECT a.channel, a.agency_id, a.handle, any_value(v.outcome) AS outcome, any_value(v.cause) AS cause,
  coalesce(any_value(v.detail), '') AS detail
FROM accounts a LEFT JOIN last USING (channel, handle)
LEFT JOIN seen v ON v.channel = a.channel AND v.handle = a.handle AND v.started_at = last.started_at
GROUP BY a.channel, a.agency_id, a.handle ORDER BY a.channel, a.handle, a.agency_id"""


@dataclass(frozen=True, slots=True)
class PostFact:
    """A post as the report shows it; `media` holds (kind, sha256 or None, trouble or None)."""

    post_id: str
    channel: str
    handle: str
    agency_id: str
    url: str
    text: str
    published_at: datetime
    quality: str
    evidence_sha256: str
    origin: str
    media: tuple[tuple[str, str | None, str | None], ...]
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class SignFact:
    """Why a post was recognised; `explanation` by language, `page_sha256`: the answer it was recognised in.

    `content_id`: the state of the post in which it was recognised.
    """

    matcher: str
    score: float
    explanation: Mapping[str, str]
    media_sha256: str | None
    page_sha256: str | None
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class UnreadFact:
    """A post of which something could not be read; `what`: media | content."""

    what: str
    post_id: str
    channel: str
    handle: str
    agency_id: str
    url: str
    published_at: datetime
    detail: str


@dataclass(frozen=True, slots=True)
class VisitFact:
    """One look of the last run at one account."""

    run_id: str
    channel: str
    agency_id: str
    handle: str
    started_at: datetime
    finished_at: datetime
    outcome: str
    posts_seen: int


@dataclass(frozen=True, slots=True)
class LookFact:
    """How the newest visit of a registered account ended; `outcome` is None where there was none."""

    channel: str
    agency_id: str
    handle: str
    outcome: str | None
    cause: str | None
    detail: str

    @property
    def account(self) -> str:
        """`channel:handle`."""
        return f"{self.channel}:{self.handle}"


@dataclass(frozen=True, slots=True)
class MentionFact:
    """An article of a news medium that speaks of a campaign; `is_read`: its own page was read, not only a list."""

    campaign_id: str
    outlet_id: str
    outlet_name: str
    url: str
    title: str
    published_at: datetime
    words: tuple[str, ...]
    is_read: bool
    evidence_sha256: str


SignKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it: posts by id, signs by (post, campaign, material) best first, files by digest.

    `states`: by the same three, the earlier state in which a post was recognised, where it no longer stands so.
    """

    posts: Mapping[str, PostFact]
    signs: Mapping[SignKey, tuple[SignFact, ...]]
    paths: Mapping[str, str]
    unread: tuple[UnreadFact, ...]
    states: Mapping[SignKey, PostFact] = field(default_factory=dict)

    def shown(self, post_id: str | None, campaign_id: str, material_id: str) -> PostFact | None:
        """The post as it stood when it was recognised as the material; as it stands where nothing else is known."""
        key = (post_id or "", campaign_id, material_id)
        return self.states.get(key) or self.posts.get(key[0])


def read_facts(connection: Connection, post_ids: Sequence[str], near: Span) -> Facts:
    """What the store holds about `post_ids`, and about unread posts near the span."""
    posts = {row["post_id"]: _post(row) for row in _named(connection, _POSTS, post_ids)}
    signs = _signs(_named(connection, _SIGNS, post_ids))
    states = _states(connection, posts, signs)
    paths = _named(connection, _PATHS, _digests([*posts.values(), *states.values()], signs))
    unread = rows(connection, _UNREAD, {"since": near.start.isoformat(), "until": near.end.isoformat()})
    return Facts(
        posts, signs, {row["sha256"]: row["path"] for row in paths},
        tuple(UnreadFact(**row) for row in unread), states,
    )  # fmt: skip


def _states(
    connection: Connection, posts: Mapping[str, PostFact], signs: Mapping[SignKey, tuple[SignFact, ...]]
) -> dict[SignKey, PostFact]:
    """Mostly none, and then nothing is asked."""
    stood = {key: found[0].content_id for key, found in signs.items()}
    left = {key: state for key, state in stood.items() if key[0] in posts and posts[key[0]].content_id != state}
    found = {(row["post_id"], row["content_id"]): _post(row) for row in _named(connection, _STATES, left.values())}
    return {key: found[key[0], state] for key, state in left.items() if (key[0], state) in found}


def _named(connection: Connection, sql: str, ids: Iterable[str]) -> list[dict[str, Any]]:
    """The rows of a statement that asks for `$ids`; none are asked for, none come."""
    wanted = sorted(set(ids))
    return rows(connection, sql, {"ids": wanted}) if wanted else []


def sign_behind(found: Sequence[SignFact], matcher: str | None) -> SignFact | None:
    """The sign a verdict rests on: of its matcher, else the best; `found` best first."""
    return next((sign for sign in found if sign.matcher == matcher), found[0] if found else None)


def page_behind(post: PostFact | None, sign: SignFact | None) -> str | None:
    """The kept answer a verdict rests on: the one it was recognised in, which an edit may have left behind."""
    return sign.page_sha256 if sign else post.evidence_sha256 if post else None


def _digests(posts: Iterable[PostFact], signs: Mapping[SignKey, tuple[SignFact, ...]]) -> set[str]:
    shown = {sha for post in posts for _, sha, _ in post.media if sha}
    return shown | {sign.media_sha256 for found in signs.values() for sign in found if sign.media_sha256}


def read_visits(connection: Connection, until: datetime) -> tuple[VisitFact, ...]:
    """All visits of the last run that made any by `until`."""
    return tuple(VisitFact(**row) for row in rows(connection, _VISITS, {"until": until.isoformat()}))


def read_mentions(connection: Connection, span: Span) -> tuple[MentionFact, ...]:
    """What news media wrote of the campaigns in a span, campaign by campaign, the newest first."""
    found = rows(connection, _MENTIONS, {"since": span.start.isoformat(), "until": span.end.isoformat()})
    return tuple(MentionFact(**{**row, "words": tuple(row["words"])}) for row in found)


def count_outlets(connection: Connection) -> int:
    """How many news media are asked."""
    [row] = rows(connection, _OUTLETS)
    return int(row["outlets"])


def read_looks(connection: Connection, until: datetime) -> tuple[LookFact, ...]:
    """The newest look by `until` at every registered account."""
    return tuple(LookFact(**row) for row in rows(connection, _LOOKS, {"until": until.isoformat()}))


def _post(row: Mapping[str, Any]) -> PostFact:
    media = tuple((one["kind"], one["sha256"], one["trouble"]) for one in row["media"] or ())
    named = {key: value for key, value in row.items() if key not in ("media", "published_quality", "text")}
    return PostFact(**named, text=row["text"] or "", quality=row["published_quality"], media=media)


def _signs(found: Sequence[Mapping[str, Any]]) -> dict[SignKey, tuple[SignFact, ...]]:
    grouped: dict[SignKey, tuple[SignFact, ...]] = {}
    for row in found:
        key = (row["post_id"], row["campaign_id"], row["material_id"])
        grouped[key] = (*grouped.get(key, ()), sign_fact(row))
    return grouped


def sign_fact(row: Mapping[str, Any]) -> SignFact:
    """A row of the view `shown_signs`."""
    told = json.loads(row["explanation"] or "{}")
    sentences = {language: str(told[language]) for language in ("id", "en") if language in told}
    return SignFact(
        row["matcher"], row["score"], sentences, row["media_sha256"], row["page_sha256"],
        row.get("content_id") or "",
    )  # fmt: skip
