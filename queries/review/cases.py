"""The store's views -> what a person is shown to decide: cases that wait, posts, duties, decisions made."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from crawler.items import Span
from pipelines.items import Duty, Status, Verdict
from pipelines.reviews import Review
from queries.reader import Connection, rows

LISTED = 60  # posts, duties or decisions on one page

_VERDICTS = """
SELECT campaign_id, material_id, agency_id, coalesce(agency_name, agency_id) AS agency_name, opens_at, closes_at,
  status, reason, post_id, published_at, minutes_late, matcher, score, decided_by, as_of
FROM verdicts"""
_ORDER = "ORDER BY opens_at, closes_at, agency_name, campaign_id, material_id"
_POSTS = """
SELECT post_id, content_id, p.channel, p.handle, p.agency_id, coalesce(a.name, p.agency_id) AS agency_name, url,
  published_at, published_until, published_quality AS quality, first_seen_at, removed_at, edited, text,
  evidence_sha256, origin, unread,
  list_transform(media, lambda m: {'kind': m.kind, 'sha256': m.sha256, 'trouble': m.trouble}) AS media
FROM posts p LEFT JOIN agencies a USING (agency_id)"""
_FOUND = """
WHERE $agency IN ('', p.agency_id) AND ($words = '' OR contains(lower(p.text), $words) OR contains(lower(url), $words)
  OR contains(lower(a.name), $words))
ORDER BY published_at DESC, post_id LIMIT $most"""
_NEAR = """
WHERE list_contains($accounts, p.channel || ':' || p.handle)
  AND published_until >= $since::TIMESTAMPTZ AND published_at < $until::TIMESTAMPTZ
ORDER BY published_at, post_id LIMIT $most"""
_SIGNS = """
SELECT post_id, matcher, score, decision, explanation, media_sha256, lacking, content_id FROM shown_signs
WHERE post_id IN (SELECT unnest($posts)) AND campaign_id = $campaign AND material_id = $material
ORDER BY post_id, CASE decision WHEN 'match' THEN 0 ELSE 1 END, score DESC, matcher, media_sha256"""
# An earlier state of a post: what an edit took away.
_STATES = """
SELECT post_id, content_id, text, evidence_sha256, unread,
  list_transform(media, lambda m: {'kind': m.kind, 'sha256': m.sha256, 'trouble': m.trouble}) AS media
FROM post_rows WHERE content_id IN (SELECT unnest($ids))"""
_TROUBLE = "SELECT trouble FROM fingerprint_rows WHERE sha256 = $sha256 AND trouble IS NOT NULL AND kind <> 'reference'"
_REVIEWS = """
SELECT review_id, post_id, campaign_id, material_id, agency_id, opens_at, decision, reviewer, reason, reviewed_at
FROM reviews"""
_OF_PAIR = "WHERE post_id = $post AND campaign_id = $campaign AND material_id = $material"
_OF_DUTY = """
WHERE post_id IS NULL AND campaign_id = $campaign AND material_id = $material AND agency_id = $agency
  AND opens_at = $opens::TIMESTAMPTZ"""
_NEWEST_FIRST = "ORDER BY reviewed_at DESC, review_id DESC"
_PAGE = """
SELECT url, fetched_at, warc_file, warc_offset FROM evidence
WHERE sha256 = $sha256 AND warc_file IS NOT NULL ORDER BY fetched_at LIMIT 1"""
_LOOKS = """
SELECT v.channel || ':' || coalesce(f.now_handle, v.handle) AS account, max(started_at) AS started_at,
  arg_max(outcome, started_at) AS outcome, arg_max(cause, started_at) AS cause, arg_max(detail, started_at) AS detail
FROM visits v LEFT JOIN former_name_rows f ON f.channel = v.channel AND f.handle = v.handle
WHERE list_contains($accounts, v.channel || ':' || coalesce(f.now_handle, v.handle)) GROUP BY ALL"""
_SPANS = """
SELECT channel || ':' || handle AS account, covers_from, covers_until FROM coverage
WHERE list_contains($accounts, channel || ':' || handle) ORDER BY ALL"""


@dataclass(frozen=True, slots=True)
class Case:
    """A duty as it was last judged. `post_id`: the post that this rests on, or that must be looked at."""

    campaign_id: str
    material_id: str
    agency_id: str
    agency_name: str
    opens_at: datetime
    closes_at: datetime
    status: str
    reason: str
    post_id: str | None
    published_at: datetime | None
    minutes_late: int | None
    matcher: str | None
    score: float | None
    decided_by: str
    as_of: datetime

    @property
    def key(self) -> tuple[str, str, str, datetime]:
        """As `pipelines.items.Duty.key`."""
        return (self.campaign_id, self.material_id, self.agency_id, self.opens_at)

    @property
    def window(self) -> Span:
        """When the material is due."""
        return Span(self.opens_at, self.closes_at)

    @property
    def verdict(self) -> Verdict:
        """The same as the report's wording takes it; the duty's grace is not known here."""
        duty = Duty(self.campaign_id, self.material_id, self.agency_id, self.window)
        return Verdict(
            duty, Status(self.status), self.as_of, self.reason, self.post_id, None, self.published_at,
            self.minutes_late, decided_by=self.decided_by,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sign:
    """Why a post was thought to carry the material; `boxes`: where it differs, as shares of the picture."""

    post_id: str
    matcher: str
    score: float
    decision: str
    told: Mapping[str, Any]
    media_sha256: str | None
    lacking: tuple[str, ...]
    content_id: str = ""  # the state of the post in which it was found

    @property
    def boxes(self) -> list[Mapping[str, float]]:
        """left, top, right, bottom of each differing spot of the material."""
        return list(self.told.get("boxes", ()))


@dataclass(frozen=True, slots=True)
class Shown:
    """A post as it stood when last seen, or when it was recognised; `media` holds kind, sha256 and trouble of each."""

    post_id: str
    channel: str
    handle: str
    agency_id: str
    agency_name: str
    url: str
    published_at: datetime
    published_until: datetime
    quality: str
    first_seen_at: datetime
    removed_at: datetime | None
    edited: bool
    text: str
    evidence_sha256: str
    origin: str
    unread: str | None
    media: tuple[Mapping[str, str | None], ...]
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of one account of a duty; `is_covered` = read without a gap over the whole window."""

    account: str
    started_at: datetime | None
    outcome: str | None
    cause: str | None
    detail: str
    is_covered: bool


def cases_waiting(connection: Connection) -> list[Case]:
    """Duties that need a person, oldest window first."""
    return [Case(**row) for row in rows(connection, f"{_VERDICTS} WHERE status = 'review' {_ORDER}")]


def cases_of(connection: Connection, campaign_id: str, material_id: str, agency_id: str) -> list[Case]:
    """The duties of an agency for a material."""
    where = "WHERE campaign_id = $campaign AND material_id = $material AND agency_id = $agency"
    asked = {"campaign": campaign_id, "material": material_id, "agency": agency_id}
    return [Case(**row) for row in rows(connection, f"{_VERDICTS} {where} {_ORDER}", asked)]


def find_cases(connection: Connection, agency: str, material: str, words: str) -> list[Case]:
    """Duties of an agency or a `campaign/material`, of agencies named like the words; newest window first."""
    where = """WHERE $agency IN ('', agency_id) AND $material IN ('', campaign_id || '/' || material_id)
      AND ($words = '' OR contains(lower(agency_name), $words))"""
    asked = {"agency": agency, "material": material, "words": words, "most": LISTED + 1}
    order = "ORDER BY opens_at DESC, agency_name, campaign_id, material_id LIMIT $most"
    return [Case(**row) for row in rows(connection, f"{_VERDICTS} {where} {order}", asked)]


def read_posts(connection: Connection, post_ids: Sequence[str]) -> dict[str, Shown]:
    """Posts by id; unknown ids are left out."""
    if not post_ids:
        return {}
    found = rows(connection, f"{_POSTS} WHERE post_id IN (SELECT unnest($ids))", {"ids": sorted(set(post_ids))})
    return {row["post_id"]: _shown(row) for row in found}


def find_posts(connection: Connection, agency: str, words: str) -> list[Shown]:
    """Posts of an agency whose text, link or agency's name holds the words (lower case), newest first."""
    asked = {"agency": agency, "words": words, "most": LISTED + 1}
    return [_shown(row) for row in rows(connection, _POSTS + _FOUND, asked)]


def posts_near(connection: Connection, accounts: Sequence[str], span: Span) -> list[Shown]:
    """Posts of these accounts that may have been published within the span."""
    if not accounts:
        return []
    asked = {"accounts": list(accounts), "since": span.start, "until": span.end, "most": LISTED + 1}
    return [_shown(row) for row in rows(connection, _POSTS + _NEAR, asked)]


def trouble_with(connection: Connection, sha256: str) -> str | None:
    """Why a media file could not be read when it was compared; None when it could."""
    found = rows(connection, f"{_TROUBLE} LIMIT 1", {"sha256": sha256})
    return str(found[0]["trouble"]) if found else None


def deleted_at(connection: Connection, sha256: str) -> datetime | None:
    """When a kept file was deleted by order; None where it should still be there."""
    asked = "SELECT max(deleted_at) AS deleted_at FROM evidence WHERE sha256 = $sha256"
    found: datetime | None = rows(connection, asked, {"sha256": sha256})[0]["deleted_at"]
    return found


def read_signs(connection: Connection, posts: Sequence[str], campaign_id: str, material_id: str) -> list[Sign]:
    """Signs of a material in these posts, per post strongest first."""
    if not posts:
        return []
    asked = {"posts": sorted(set(posts)), "campaign": campaign_id, "material": material_id}
    return [_sign(row) for row in rows(connection, _SIGNS, asked)]


def as_recognised(connection: Connection, posts: Mapping[str, Shown], signs: Sequence[Sign]) -> dict[str, Shown]:
    """The posts as they stood when a material was recognised in them: text, media and page of that state.

    Those without a sign, or recognised as they stand, are as they were.
    """
    stood = {sign.post_id: sign.content_id for sign in reversed(signs) if sign.post_id in posts}
    left = {post_id: state for post_id, state in stood.items() if state != posts[post_id].content_id}
    found = rows(connection, _STATES, {"ids": sorted(set(left.values()))}) if left else []
    states = {row["post_id"]: _texted(row) for row in found if left.get(row["post_id"]) == row["content_id"]}
    return {post_id: replace(post, **states.get(post_id, {})) for post_id, post in posts.items()}


def reviews_of_pair(connection: Connection, post_id: str, campaign_id: str, material_id: str) -> list[Review]:
    """All decisions on a post and a material, newest first."""
    asked = {"post": post_id, "campaign": campaign_id, "material": material_id}
    return [Review(**row) for row in rows(connection, f"{_REVIEWS} {_OF_PAIR} {_NEWEST_FIRST}", asked)]


def reviews_of_duty(connection: Connection, duty: Duty) -> list[Review]:
    """All decisions on a duty, newest first."""
    asked = {
        "campaign": duty.campaign_id, "material": duty.material_id, "agency": duty.agency_id,
        "opens": duty.window.start,
    }  # fmt: skip
    return [Review(**row) for row in rows(connection, f"{_REVIEWS} {_OF_DUTY} {_NEWEST_FIRST}", asked)]


def find_review(connection: Connection, review_id: str) -> Review | None:
    """One decision by its id."""
    found = rows(connection, f"{_REVIEWS} WHERE review_id = $id", {"id": review_id})
    return Review(**found[0]) if found else None


def last_reviews(connection: Connection, most: int) -> list[Review]:
    """The decisions made last, newest first."""
    found = rows(connection, f"{_REVIEWS} {_NEWEST_FIRST} LIMIT $most", {"most": most})
    return [Review(**row) for row in found]


def last_said(connection: Connection) -> datetime | None:
    """The `as_of` of the newest verdicts; None when there are none."""
    found: datetime | None = rows(connection, "SELECT max(as_of) AS as_of FROM verdicts")[0]["as_of"]
    return found


def page_of(connection: Connection, post: Shown) -> Mapping[str, Any] | None:
    """Where the answer lies that the post was read from: url, fetched_at, warc_file, warc_offset."""
    return next(iter(rows(connection, _PAGE, {"sha256": post.evidence_sha256})), None)


def looks_at(connection: Connection, accounts: Sequence[str], window: Span) -> list[Look]:
    """What is known of each account, in the order given."""
    if not accounts:
        return []
    asked = {"accounts": list(accounts)}
    newest = {row["account"]: row for row in rows(connection, _LOOKS, asked)}
    spans = rows(connection, _SPANS, asked)
    covered = {
        row["account"] for row in spans if row["covers_from"] <= window.start and window.end <= row["covers_until"]
    }
    return [_look(account, newest.get(account, {}), account in covered) for account in accounts]


def _look(account: str, row: Mapping[str, Any], is_covered: bool) -> Look:
    return Look(
        account, row.get("started_at"), row.get("outcome"), row.get("cause"), row.get("detail") or "", is_covered
    )


def _shown(row: Mapping[str, Any]) -> Shown:
    return Shown(**_texted(row))


def _texted(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "text": row["text"] or "", "media": tuple(row["media"] or ())}


def _sign(row: Mapping[str, Any]) -> Sign:
    told = json.loads(row["explanation"] or "{}")
    plain = {key: value for key, value in row.items() if key != "explanation"}
    return Sign(**{**plain, "told": told, "lacking": tuple(row["lacking"] or ())})
