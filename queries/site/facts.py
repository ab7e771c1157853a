"""The store's views -> what the site tells beyond the verdicts: accounts and their coverage, posts and their signs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from queries.reader import Connection, rows
from queries.report.facts import SignFact, sign_fact
from queries.report.pictures import SHOWN

BATCH = 500  # posts read at once: their texts are the largest thing a site holds
SUBMISSION = "import:submission"

# What a verdict's line needs of its post; `recognised`: the medium that its best sign rests on.
_BRIEFS = """
WITH signed AS (
  SELECT post_id, arg_max(media_sha256, (score, media_sha256)) FILTER (media_sha256 IS NOT NULL) AS recognised,
    list(DISTINCT {'key': [campaign_id, material_id], 'sha256': page_sha256}) AS pages
  FROM shown_signs WHERE post_id IN (SELECT unnest($ids)) GROUP BY post_id)
SELECT post_id, published_quality AS quality, evidence_sha256, origin, recognised, pages,
  list_transform(media, lambda m: {'kind': m.kind, 'sha256': m.sha256}) AS media
FROM posts LEFT JOIN signed USING (post_id) WHERE post_id IN (SELECT unnest($ids)) ORDER BY post_id"""

_POSTS = """
SELECT post_id, channel, handle, agency_id, url, text, published_at, published_quality AS quality, possible_until,
  first_seen_at, last_seen_at, removed_at, edited, is_pinned, unread, origin, evidence_sha256,
  list_transform(media, lambda m: {'kind': m.kind, 'sha256': m.sha256, 'trouble': m.trouble}) AS media
FROM posts WHERE post_id IN (SELECT unnest($ids)) ORDER BY post_id"""

_SIGNS = """
SELECT post_id, campaign_id, material_id, matcher, score, decision, explanation, media_sha256, lacking,
  page_sha256, p.text
FROM shown_signs JOIN post_rows p USING (post_id, content_id) WHERE post_id IN (SELECT unnest($ids))
ORDER BY post_id, campaign_id, material_id, score DESC, matcher, media_sha256"""

# Submitted by agencies, with the addresses they named: what no public page may hold.
_SUBMITTED = "SELECT post_id, url FROM posts WHERE origin = 'import:submission' ORDER BY ALL"

_PATHS = """
SELECT sha256, min(path) AS path FROM evidence
WHERE kind = 'media' AND path IS NOT NULL GROUP BY sha256 ORDER BY sha256"""

# An account that was renamed was looked at under its old name, too.
_ACCOUNTS = """
WITH last AS (
  SELECT v.channel, coalesce(f.now_handle, v.handle) AS handle, max(started_at) AS looked_at,
    arg_max(outcome, started_at) AS outcome, arg_max(evidence_sha256, started_at) AS evidence_sha256
  FROM visits v LEFT JOIN former_name_rows f ON f.channel = v.channel AND f.handle = v.handle GROUP BY ALL)
SELECT a.agency_id, a.channel, a.handle, any_value(looked_at) AS looked_at, any_value(outcome) AS outcome,
  any_value(evidence_sha256) AS evidence_sha256
FROM accounts a LEFT JOIN last USING (channel, handle)
GROUP BY a.agency_id, a.channel, a.handle ORDER BY a.agency_id, a.channel, a.handle"""

# Merged spans, each with the newest answer that it rests on.
_SPANS = """
SELECT c.channel, c.handle, c.covers_from AS since, c.covers_until AS until,
  arg_max(v.evidence_sha256, v.started_at) AS evidence_sha256
FROM coverage c LEFT JOIN looks_of_owner v ON v.channel = c.channel AND v.handle = c.handle
  AND v.covers_from >= c.covers_from AND v.covers_until <= c.covers_until
GROUP BY ALL ORDER BY c.channel, c.handle, since"""

# Looks in a row that ended in the same trouble are one line. An outcome without a cause is told by its name.
_TROUBLES = """
WITH looks AS (
  SELECT v.channel, coalesce(f.now_handle, v.handle) AS handle, started_at, detail, evidence_sha256,
    coalesce(cause, CASE outcome WHEN 'complete' THEN NULL
    WHEN 'partial' THEN 'gap' WHEN 'failed' THEN 'not_visited' ELSE outcome END) AS cause
  FROM visits v LEFT JOIN former_name_rows f ON f.channel = v.channel AND f.handle = v.handle
  WHERE started_at >= $since),
numbered AS (
  SELECT *, row_number() OVER (PARTITION BY channel, handle ORDER BY started_at)
    - row_number() OVER (PARTITION BY channel, handle, cause ORDER BY started_at) AS island FROM looks)
SELECT channel, handle, cause, min(started_at) AS since, max(started_at) AS until, count(*) AS looks,
  coalesce(arg_max(detail, started_at), '') AS detail, arg_max(evidence_sha256, started_at) AS evidence_sha256
FROM numbered WHERE cause IS NOT NULL
GROUP BY channel, handle, cause, island ORDER BY channel, handle, since DESC"""


@dataclass(frozen=True, slots=True)
class PostBrief:
    """What a line about a post needs; `media` holds (kind, sha256) of what was fetched.

    `pages`: by campaign and material, the answer in which it was recognised.
    """

    post_id: str
    quality: str
    evidence_sha256: str
    origin: str
    recognised: str | None
    pages: Mapping[tuple[str, str], str]
    media: tuple[tuple[str, str], ...]

    @property
    def shown(self) -> tuple[str, str] | None:
        """(kind, digest) of the medium that stands for the post: the one recognised, else the first to be seen."""
        seen = [one for one in self.media if one[0] in SHOWN]
        return next((one for one in seen if one[1] == self.recognised), seen[0] if seen else None)


@dataclass(frozen=True, slots=True)
class PostFact:
    """A post as its own page shows it; `media` holds (kind, sha256 or None, trouble or None)."""

    post_id: str
    channel: str
    handle: str
    agency_id: str
    url: str
    text: str
    published_at: datetime
    quality: str
    possible_until: datetime | None
    first_seen_at: datetime
    last_seen_at: datetime
    removed_at: datetime | None
    edited: bool
    is_pinned: bool
    unread: str | None
    origin: str
    evidence_sha256: str
    media: tuple[tuple[str, str | None, str | None], ...]


@dataclass(frozen=True, slots=True)
class Recognised:
    """One sign of a material in a post; `lacking` names required elements that were not found."""

    campaign_id: str
    material_id: str
    decision: str
    sign: SignFact
    lacking: tuple[str, ...]
    text: str  # of the post as it stood then


@dataclass(frozen=True, slots=True)
class SpanFact:
    """Time of an account that looks prove was read without a gap, and the newest answer it rests on."""

    since: datetime
    until: datetime
    evidence_sha256: str | None


@dataclass(frozen=True, slots=True)
class TroubleFact:
    """Looks in a row that did not read what they wanted, for one cause."""

    cause: str
    since: datetime
    until: datetime
    looks: int
    detail: str
    evidence_sha256: str | None


@dataclass(frozen=True, slots=True)
class AccountFact:
    """A registered account: its newest look (None = there was none), what is proved, what went wrong, newest first."""

    agency_id: str
    channel: str
    handle: str
    looked_at: datetime | None
    outcome: str | None
    evidence_sha256: str | None
    spans: tuple[SpanFact, ...]
    troubles: tuple[TroubleFact, ...]

    @property
    def key(self) -> str:
        """`channel:handle`."""
        return f"{self.channel}:{self.handle}"


def read_briefs(connection: Connection, ids: Sequence[str]) -> dict[str, PostBrief]:
    """By id, of those that the store holds."""
    found = rows(connection, _BRIEFS, {"ids": list(ids)}) if ids else []
    return {row["post_id"]: _brief(row) for row in found}


def read_posts(connection: Connection, ids: Sequence[str]) -> Iterator[tuple[PostFact, tuple[Recognised, ...]]]:
    """At most BATCH posts with all signs of them; the order of `ids` plays no part."""
    signs: dict[str, list[Recognised]] = {}
    for row in rows(connection, _SIGNS, {"ids": list(ids)}):
        signs.setdefault(row["post_id"], []).append(_recognised(row))
    for row in rows(connection, _POSTS, {"ids": list(ids)}):
        media = tuple((one["kind"], one["sha256"], one["trouble"]) for one in row["media"] or ())
        fact = PostFact(**{**row, "media": media, "text": row["text"] or ""})
        yield fact, tuple(signs.get(fact.post_id, ()))


def read_submitted(connection: Connection) -> tuple[frozenset[str], frozenset[str]]:
    """Ids and addresses of what agencies handed in themselves."""
    found = rows(connection, _SUBMITTED)
    return frozenset(row["post_id"] for row in found), frozenset(row["url"] for row in found if row["url"])


def read_paths(connection: Connection) -> dict[str, str]:
    """Where each medium of the evidence lies in the workspace, by digest."""
    return {row["sha256"]: row["path"] for row in rows(connection, _PATHS)}


def read_accounts(connection: Connection, since: datetime) -> dict[str, tuple[AccountFact, ...]]:
    """By agency: its accounts, with the troubles of looks from `since` on."""
    spans = _by_account(rows(connection, _SPANS), SpanFact)
    troubles = _by_account(rows(connection, _TROUBLES, {"since": since.isoformat()}), TroubleFact)
    grouped: dict[str, tuple[AccountFact, ...]] = {}
    for row in rows(connection, _ACCOUNTS):
        key = (row["channel"], row["handle"])
        one = AccountFact(**row, spans=tuple(spans.get(key, ())), troubles=tuple(troubles.get(key, ())))
        grouped[one.agency_id] = (*grouped.get(one.agency_id, ()), one)
    return grouped


def _by_account(found: Sequence[Mapping[str, Any]], kind: Any) -> dict[tuple[str, str], list[Any]]:
    grouped: dict[tuple[str, str], list[Any]] = {}
    for row in found:
        rest = {name: value for name, value in row.items() if name not in ("channel", "handle")}
        grouped.setdefault((row["channel"], row["handle"]), []).append(kind(**rest))
    return grouped


def _pairs(media: Sequence[Mapping[str, str]] | None) -> tuple[tuple[str, str], ...]:
    return tuple((one["kind"], one["sha256"]) for one in media or () if one["sha256"])


def _brief(row: Mapping[str, Any]) -> PostBrief:
    pages = {(one["key"][0], one["key"][1]): one["sha256"] for one in row["pages"] or ()}
    return PostBrief(**{**row, "media": _pairs(row["media"]), "pages": pages})


def _recognised(row: Mapping[str, Any]) -> Recognised:
    lacking = tuple(row["lacking"] or ())
    return Recognised(
        row["campaign_id"], row["material_id"], row["decision"], sign_fact(row), lacking, row["text"] or ""
    )  # fmt: skip
