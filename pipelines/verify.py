"""Duties and what the store knows of them -> verdicts, said once and kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from crawler.items import Cause, Quality, Span
from pipelines.items import (
    Blindness,
    Candidate,
    Decision,
    Duty,
    DutyReview,
    Grade,
    Known,
    Status,
    Verdict,
)
from pipelines.judge import judge
from pipelines.media.fingerprint import FINGERPRINT_VERSION
from pipelines.plan import coverage_of
from pipelines.store import Store

# Posts that bear a sign, each with its strongest one per material; and posts that a person decided on.
SIGNED_SQL = """
    WITH signs AS (
      SELECT post_id, campaign_id, material_id, decision, matcher, score, lacking FROM matches
      UNION ALL
      SELECT DISTINCT post_id, campaign_id, material_id, 'none', 'review', 0.0, NULL::TEXT[] FROM reviews
      WHERE post_id IS NOT NULL)
    SELECT p.post_id, p.channel || ':' || p.handle AS account, p.url, p.published_at,
      p.possible_until AS published_until, p.published_quality, p.origin, p.removed_at,
      m.campaign_id, m.material_id, m.decision, m.matcher, m.score, m.lacking
    FROM signs m JOIN posts p USING (post_id) WHERE NOT p.is_disowned
    ORDER BY p.post_id, m.campaign_id, m.material_id,
      CASE m.decision WHEN 'match' THEN 0 WHEN 'review' THEN 1 ELSE 2 END, m.score DESC, m.matcher
"""
# Posts of which something could not be read, or was not yet compared.
UNSEEN_SQL = """
    WITH one AS (SELECT post_id, unnest(media) AS m FROM posts),
    dark AS (
      SELECT DISTINCT post_id FROM one
      LEFT JOIN fingerprint_rows f ON f.sha256 = m.sha256 AND f.kind <> 'reference' AND f.version = $version
      WHERE m.trouble IS NOT NULL OR m.sha256 IS NULL OR f.sha256 IS NULL OR f.trouble IS NOT NULL)
    SELECT p.post_id, p.channel || ':' || p.handle AS account, p.url, p.published_at,
      p.possible_until AS published_until, p.published_quality, p.unread IS NOT NULL AS is_unread
    FROM posts p WHERE NOT p.is_disowned AND (p.unread IS NOT NULL OR p.post_id IN (SELECT post_id FROM dark))
      -- An import of a post that the crawl itself saw whole leaves nothing in the dark.
      AND NOT (p.origin <> 'crawl' AND regexp_extract(p.url, '/(?:p|reel|reels|tv)/([\\w-]+)', 1) IN (
        SELECT regexp_extract(url, '/(?:p|reel|reels|tv)/([\\w-]+)', 1) FROM posts
        WHERE origin = 'crawl' AND unread IS NULL AND post_id NOT IN (SELECT post_id FROM dark)
          AND regexp_matches(url, '/(?:p|reel|reels|tv)/')))
"""
LOOKS_SQL = """
    SELECT channel || ':' || handle AS account, started_at, cause FROM visit_rows
    WHERE started_at >= $since ORDER BY ALL
"""
REVIEWS_SQL = "FROM reviews ORDER BY reviewed_at, review_id"

_BY_MEDIA = frozenset({"image", "video", "same_bytes", "audio"})
Row = Mapping[str, Any]


def verify(store: Store, duties: Sequence[Duty], as_of: datetime) -> list[Verdict]:
    """Judge all duties at `as_of` and record what is said."""
    verdicts = judge_all(store, duties, as_of)
    store.say_verdicts([verdict_row(verdict) for verdict in verdicts])
    return verdicts


def judge_all(store: Store, duties: Sequence[Duty], as_of: datetime) -> list[Verdict]:
    """Judge without recording: what a report about another day needs."""
    knowledge = Knowledge.load(store, duties)
    return [judge(duty, knowledge.about(duty), as_of) for duty in duties]


class Knowledge:
    """What the store knows, arranged so that each duty finds its part at once."""

    def __init__(
        self, signed: Iterable[Row], unseen: Iterable[Row], looks: Iterable[Row], reviews: Iterable[Row],
        coverage: Mapping[str, tuple[Span, ...]],
    ) -> None:  # fmt: skip
        """Rows as the SQL above gives them."""
        self._coverage = coverage
        self._match_reviews, self._duty_reviews = _reviews(reviews)
        self._signed = _group(signed, lambda row: (row["account"], row["campaign_id"], row["material_id"]))
        self._unseen = _group(unseen, lambda row: row["account"])
        self._looks = _group(looks, lambda row: row["account"])

    @classmethod
    def load(cls, store: Store, duties: Sequence[Duty]) -> Knowledge:
        """Read everything that judging these duties needs."""
        since = min((duty.window.start for duty in duties), default=datetime.max.replace(tzinfo=UTC))
        looks = store.rows(LOOKS_SQL, {"since": since}) if duties else []
        unseen = store.rows(UNSEEN_SQL, {"version": FINGERPRINT_VERSION})
        return cls(store.rows(SIGNED_SQL), unseen, looks, store.rows(REVIEWS_SQL), coverage_of(store))

    def about(self, duty: Duty) -> Known:
        """The judge's second argument for one duty."""
        signed = self._signed_candidates(duty)
        return Known(
            (*signed, *self._unseen_candidates(duty, signed)),
            {account: self._coverage.get(account, ()) for account in duty.accounts},
            tuple(self._blindness(account, duty.window) for account in duty.accounts),
            self._duty_reviews.get(duty.key),
        )

    def _signed_candidates(self, duty: Duty) -> list[Candidate]:
        """One candidate for each post that bears a sign of the material, by its strongest."""
        rows = (row for account in duty.accounts for row in self._signed_rows(account, duty))
        return [self._candidate(row, duty) for row in _first_of_each(rows)]

    def _unseen_candidates(self, duty: Duty, signed: Sequence[Candidate]) -> list[Candidate]:
        """Posts that may carry the material although nothing was found: part of them could not be read."""
        told = {one.post_id for one in signed if one.decision is not Decision.NONE or one.decided_by != "tayang"}
        return [
            _unseen_candidate(row)
            for account in duty.accounts
            for row in self._unseen.get(account, ())
            if row["post_id"] not in told and (duty.needs_media or row["is_unread"])
        ]

    def _signed_rows(self, account: str, duty: Duty) -> Sequence[Row]:
        return self._signed.get((account, duty.campaign_id, duty.material_id), ())

    def _candidate(self, row: Row, duty: Duty) -> Candidate:
        review = self._match_reviews.get((row["post_id"], duty.campaign_id, duty.material_id))
        return Candidate(
            post_id=row["post_id"], account=row["account"], url=row["url"], published_at=row["published_at"],
            published_until=row["published_until"], quality=Quality(row["published_quality"]),
            decision=Decision(review["decision"] if review else row["decision"]), matcher=row["matcher"],
            score=row["score"], lacking=tuple(row["lacking"] or ()), grade=grade_of(row["origin"], row["matcher"]),
            decided_by=review["reviewer"] if review else "tayang",
            removed_at=row["removed_at"],
        )  # fmt: skip

    def _blindness(self, account: str, window: Span) -> Blindness:
        """Why the newest look since the window opened did not prove it; none since it closed counts too."""
        looks = [look for look in self._looks.get(account, ()) if look["started_at"] >= window.start]
        if not looks:
            return Blindness(account, Cause.NOT_VISITED, window.start)
        newest = looks[-1]
        if newest["cause"]:
            return Blindness(account, Cause(newest["cause"]), newest["started_at"])
        cause = Cause.NOT_VISITED if newest["started_at"] < window.end else Cause.GAP
        return Blindness(account, cause, newest["started_at"])


def grade_of(origin: str, matcher: str) -> Grade:
    """How strong the evidence is: who brought the post, and what it was recognised by."""
    if origin == "import:submission":
        return Grade.SUBMITTED
    if origin != "crawl":
        return Grade.OPERATOR
    return Grade.OWN_MEDIA if matcher in _BY_MEDIA else Grade.OWN_TEXT


def verdict_row(verdict: Verdict) -> dict[str, Any]:
    """The row of `verdict_rows`."""
    duty = verdict.duty
    return {
        "campaign_id": duty.campaign_id, "material_id": duty.material_id, "agency_id": duty.agency_id,
        "opens_at": duty.window.start, "closes_at": duty.window.end, "status": verdict.status.value,
        "reason": verdict.reason, "post_id": verdict.post_id, "post_url": verdict.post_url,
        "published_at": verdict.published_at, "minutes_late": verdict.minutes_late, "matcher": verdict.matcher,
        "score": verdict.score, "grade": verdict.grade.value if verdict.grade else None,
        "decided_by": verdict.decided_by, "as_of": verdict.as_of,
    }  # fmt: skip


def _unseen_candidate(row: Row) -> Candidate:
    return Candidate(
        post_id=row["post_id"], account=row["account"], url=row["url"], published_at=row["published_at"],
        published_until=row["published_until"], quality=Quality(row["published_quality"]), decision=Decision.NONE,
        unseen=Cause.UNREADABLE if row["is_unread"] else Cause.MEDIA_UNAVAILABLE,
    )  # fmt: skip


def _first_of_each(rows: Iterable[Row]) -> list[Row]:
    """The first row of each post: the SQL puts the strongest sign first."""
    first: dict[str, Row] = {}
    for row in rows:
        first.setdefault(row["post_id"], row)
    return list(first.values())


def _group(rows: Iterable[Row], key: Any) -> dict[Any, list[Row]]:
    grouped: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[key(row)].append(row)
    return dict(grouped)


def _reviews(rows: Iterable[Row]) -> tuple[dict[Any, Row], dict[Any, DutyReview]]:
    """The newest review of each match and of each duty; rows come oldest first."""
    matches: dict[Any, Row] = {}
    duties: dict[Any, DutyReview] = {}
    for row in rows:
        if row["post_id"]:
            matches[(row["post_id"], row["campaign_id"], row["material_id"])] = row
        else:
            key = (row["campaign_id"], row["material_id"], row["agency_id"], row["opens_at"])
            duties[key] = DutyReview(Status(row["decision"]), row["reviewer"], row["reason"])
    return matches, duties
