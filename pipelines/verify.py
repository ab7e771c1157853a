"""Duties and what the store knows of them -> verdicts, said once and kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from crawler.items import Cause, Quality, Span
from crawler.readers.shown_posts import ELSEWHERE
from pipelines.covered import coverage_of
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
from pipelines.matchers.link import link_key
from pipelines.media.fingerprint import FINGERPRINT_VERSION
from pipelines.store import Store

# States of posts that bear a sign, each with its strongest one per material; and posts that a person decided on.
# What an edit took away was shown until then; what an edit brought was shown from when it was first seen, and perhaps
# since the post was published. Only a state that was read whole and compared tells that a post did not bear the sign.
SIGNED_SQL = """
    WITH edited AS (
      SELECT s.post_id, s.content_id, min(s.seen_at) AS first_seen, max(s.seen_at) AS last_seen,
        any_value(p.unread) AS unread, any_value(p.media) AS media
      FROM sighting_rows s JOIN post_rows p USING (post_id, content_id)
      WHERE s.post_id IN (SELECT post_id FROM sighting_rows GROUP BY post_id HAVING count(DISTINCT content_id) > 1)
      GROUP BY s.post_id, s.content_id),
    dark AS (
      SELECT DISTINCT content_id FROM (SELECT content_id, unnest(media) AS m FROM edited)
      LEFT JOIN fingerprint_rows f ON f.sha256 = m.sha256 AND f.kind <> 'reference' AND f.version = $version
      WHERE m.trouble IS NOT NULL OR m.sha256 IS NULL OR f.sha256 IS NULL OR f.trouble IS NOT NULL),
    sign AS (
      SELECT g.post_id, g.content_id, g.reference_id, g.campaign_id, g.material_id, g.decision, g.matcher, g.score,
        g.lacking
      FROM sign_rows g JOIN material_rows USING (campaign_id, material_id, reference_id)),
    -- States of edited posts that are known not to bear the material.
    without AS (
      SELECT e.post_id, e.first_seen, c.reference_id FROM edited e JOIN compared_rows c USING (content_id)
      WHERE e.unread IS NULL AND e.content_id NOT IN (FROM dark) AND NOT EXISTS (
        FROM sign s WHERE s.content_id = e.content_id AND s.reference_id = c.reference_id AND s.decision <> 'none')),
    turned AS (
      SELECT s.content_id, s.reference_id, bool_or(w.first_seen < e.first_seen) AS is_added,
        any_value(e.first_seen) AS first_seen, min(w.first_seen) FILTER (w.first_seen > e.last_seen) AS gone_at
      FROM (SELECT DISTINCT content_id, reference_id FROM sign WHERE decision <> 'none') s
      JOIN edited e USING (content_id) JOIN without w ON w.post_id = e.post_id AND w.reference_id = s.reference_id
      GROUP BY ALL),
    signs AS (
      SELECT post_id, content_id, campaign_id, material_id, decision, matcher, score, lacking, is_added, first_seen,
        gone_at
      FROM sign LEFT JOIN turned USING (content_id, reference_id)
      UNION ALL
      SELECT DISTINCT post_id, '', campaign_id, material_id, 'none', 'review', 0.0, NULL::TEXT[], NULL, NULL, NULL
      FROM reviews WHERE post_id IS NOT NULL AND (post_id, campaign_id, material_id) NOT IN (
        SELECT post_id, campaign_id, material_id FROM sign))
    SELECT p.post_id, s.content_id, p.channel || ':' || p.now_handle AS account, p.url, p.published_at,
      CASE WHEN s.is_added THEN greatest(p.possible_until, s.first_seen) ELSE p.possible_until END AS published_until,
      p.published_quality, p.origin, least(p.removed_at, s.gone_at) AS removed_at,
      s.campaign_id, s.material_id, s.decision, s.matcher, s.score, s.lacking
    FROM signs s JOIN posts p USING (post_id) WHERE NOT p.is_disowned
      -- What was forgotten can carry no decision, a person's neither: nobody can look at it again.
      AND p.unread IS DISTINCT FROM 'forgotten'
    ORDER BY p.post_id, s.campaign_id, s.material_id, s.content_id,
      CASE s.decision WHEN 'match' THEN 0 WHEN 'review' THEN 1 ELSE 2 END, s.score DESC, s.matcher
"""
# Posts of which something could not be read, or was not yet compared.
UNSEEN_SQL = """
    WITH one AS (SELECT post_id, agency_id, unnest(media) AS m FROM posts),
    lacking AS (
      SELECT post_id, agency_id, if(m.trouble = $elsewhere, m.url, NULL) AS embed FROM one
      LEFT JOIN fingerprint_rows f ON f.sha256 = m.sha256 AND f.kind <> 'reference' AND f.version = $version
      WHERE m.trouble IS NOT NULL OR m.sha256 IS NULL OR f.sha256 IS NULL OR f.trouble IS NOT NULL),
    -- Posts that the crawl itself saw whole: an import of one leaves nothing in the dark, nor an embed of an own one.
    whole AS (
      SELECT DISTINCT agency_id, regexp_extract(url, '/(?:p|reel|reels|tv)/([\\w-]+)', 1) AS code FROM posts
      WHERE origin = 'crawl' AND channel = 'instagram' AND unread IS NULL
        AND post_id NOT IN (SELECT post_id FROM lacking) AND regexp_matches(url, '/(?:p|reel|reels|tv)/')),
    dark AS (
      SELECT post_id, bool_or(embed IS NULL) AS is_dark, list(DISTINCT embed) FILTER (embed IS NOT NULL) AS embeds
      FROM lacking l WHERE embed IS NULL OR NOT EXISTS (FROM whole w
        WHERE w.agency_id = l.agency_id AND w.code = regexp_extract(l.embed, '/(?:p|reel|reels|tv)/([\\w-]+)', 1))
      GROUP BY post_id)
    SELECT p.post_id, p.channel || ':' || p.now_handle AS account, p.url, p.published_at,
      p.possible_until AS published_until, p.published_quality, p.unread IS NOT NULL AS is_unread,
      p.unread IS NOT NULL OR d.is_dark AS is_dark, d.embeds
    FROM posts p LEFT JOIN dark d USING (post_id)
    WHERE NOT p.is_disowned AND (p.unread IS NOT NULL OR d.post_id IS NOT NULL)
      AND NOT (p.origin <> 'crawl'
        AND regexp_extract(p.url, '/(?:p|reel|reels|tv)/([\\w-]+)', 1) IN (SELECT code FROM whole))
"""
OFFICIAL_SQL = "SELECT DISTINCT unnest(links) AS url FROM material_rows"
# A look of a run whose channel was strange beyond belief proves nothing, whatever it says of itself.
LOOKS_SQL = """
    SELECT channel || ':' || handle AS account, started_at, coalesce(cause, CASE WHEN EXISTS (FROM alarm_rows a
      WHERE a.is_withheld AND a.run_id = v.run_id AND a.channel = v.channel) THEN 'unreadable' END) AS cause
    FROM visit_rows v WHERE started_at >= $since ORDER BY ALL
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


def count_statuses(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """How many duties have each status, in the contract's order; statuses without any are left out."""
    counts = Counter(verdict.status for verdict in verdicts)
    return {status.value: counts[status] for status in Status if counts[status]}


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
        with store.held():
            looks = store.rows(LOOKS_SQL, {"since": since}) if duties else []
            unseen = _unseen(store)
            signed = store.rows(SIGNED_SQL, {"version": FINGERPRINT_VERSION})
            return cls(signed, unseen, looks, store.rows(REVIEWS_SQL), coverage_of(store))

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
        """One candidate for each state of a post that bears a sign of the material, by its strongest."""
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


def _unseen(store: Store) -> list[Row]:
    """Posts that are wholly read but for embeds of official posts are not among them: what those show is known."""
    official = {link_key(row["url"]) for row in store.rows(OFFICIAL_SQL)} - {None}
    found = store.rows(UNSEEN_SQL, {"version": FINGERPRINT_VERSION, "elsewhere": ELSEWHERE})
    return [row for row in found if row["is_dark"] or any(link_key(one) not in official for one in row["embeds"])]


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
    """The first row of each state of a post: the SQL puts the strongest sign first."""
    first: dict[tuple[str, str], Row] = {}
    for row in rows:
        first.setdefault((row["post_id"], row.get("content_id", "")), row)
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
