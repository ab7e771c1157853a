"""A duty and all that is known about it -> what can be said of it. The rule; pure, no I/O.

Never accuse falsely: absence is said only where every account is covered over the whole window
and nothing in it stayed unseen. Never pardon falsely: a post counts only where its whole possible
time of publication lies inside the window.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import IntEnum

from crawler.items import Cause, Span
from pipelines.items import Candidate, Decision, Duty, Known, Status, Verdict

REMOVED = "removed"
UNDATED = "time_not_certain"
NOT_OPEN = "not_open"
ON_TIME_SIGN = "on_time_sign"
NOT_OBSERVED = "window_not_observed"


class Place(IntEnum):
    """Where a post stands to a window, best first. DOUBTFUL: its possible times straddle an edge."""

    ON_TIME = 0
    LATE = 1
    EARLY = 2
    DOUBTFUL = 3
    OUTSIDE = 4


def judge(duty: Duty, known: Known, as_of: datetime) -> Verdict:
    """The verdict of `duty` at `as_of`. The same arguments give the same answer."""
    verdict = Verdict(duty, Status.PENDING, as_of)
    if duty.exempt_reason is not None:
        return replace(verdict, status=Status.EXEMPT, reason=duty.exempt_reason)
    if known.review is not None:
        review = known.review
        return replace(verdict, status=review.status, reason=review.reason, decided_by=review.reviewer)
    posts = [post for post in known.candidates if post.published_at <= as_of and _was_theirs(post, duty)]
    if duty.rule == "must_not":
        return _judge_ban(verdict, posts, known)
    shown = _judge_shown(verdict, posts)
    if shown is not None:
        return _with_doubt(shown, posts, known)
    return _judge_doubtful(verdict, posts) or _judge_absent(verdict, posts, known)


def _was_theirs(post: Candidate, duty: Duty) -> bool:
    """Whether the account was the agency's when the post was published."""
    limit = duty.limits.get(post.account)
    return limit is None or limit.start <= post.published_at < limit.end


def place_of(post: Candidate, duty: Duty) -> Place:
    """Where the post's possible times of publication lie to the duty's window and grace."""
    first, last = post.published_at, max(post.published_at, post.published_until - timedelta(microseconds=1))
    window, deadline = duty.window, duty.window.end + timedelta(hours=duty.grace_hours)
    if window.start <= first and last < window.end:
        return Place.ON_TIME
    if window.end <= first:
        return _after(first, last, deadline)
    if any(span.start <= first and last < min(span.end, window.start) for span in duty.taken):
        return Place.OUTSIDE  # it was the answer to an earlier window
    return Place.EARLY if last < window.start else Place.DOUBTFUL


def _after(first: datetime, last: datetime, deadline: datetime) -> Place:
    if last < deadline:
        return Place.LATE
    return Place.OUTSIDE if first >= deadline else Place.DOUBTFUL


def _judge_shown(verdict: Verdict, posts: Sequence[Candidate]) -> Verdict | None:
    """The best certain post, or None. Order: on time and complete, on time, late, early (contract §3)."""
    duty = verdict.duty
    shown = [
        post for post in posts if post.decision is Decision.MATCH and place_of(post, duty) <= Place.EARLY
    ]
    if not shown:
        return None
    best = min(shown, key=lambda post: _rank(post, duty))
    lacking = _lacking(best, duty)
    status = _STATUS[place_of(best, duty)]
    if status is Status.FULFILLED and lacking:
        status = Status.INCOMPLETE
    return _resting_on(verdict, best, status, "; ".join(lacking))


def _with_doubt(verdict: Verdict, posts: Sequence[Candidate], known: Known) -> Verdict:
    """Late, early and incomplete say that nothing better is known: where better may stand unseen, so is said."""
    if verdict.status is Status.FULFILLED or verdict.as_of < verdict.duty.window.end:
        return verdict
    sign = any(p.decision is Decision.REVIEW and place_of(p, verdict.duty) is Place.ON_TIME for p in posts)
    doubt = ON_TIME_SIGN if sign else NOT_OBSERVED if why_unobserved(verdict.duty, posts, known) else ""
    return replace(verdict, reason="; ".join(filter(None, (verdict.reason, doubt))))


_STATUS = {Place.ON_TIME: Status.FULFILLED, Place.LATE: Status.LATE, Place.EARLY: Status.EARLY}


def _rank(post: Candidate, duty: Duty) -> tuple[int, bool, float, datetime, str]:
    """Smaller is better; the last two only make the choice the same every time."""
    return (place_of(post, duty), bool(_lacking(post, duty)), -post.score, post.published_at, post.post_id)


def _lacking(post: Candidate, duty: Duty) -> tuple[str, ...]:
    return (*post.lacking, REMOVED) if _removed_too_soon(post, duty) else post.lacking


def _removed_too_soon(post: Candidate, duty: Duty) -> bool:
    """Whether a look proved that the post no longer stood before its keeping time was over.

    Between the last sight and the look that missed it the instant is unknown: in favour of the agency.
    """
    if post.removed_at is None:
        return False
    return post.removed_at < post.published_at + timedelta(hours=duty.keep_hours)


def _judge_doubtful(verdict: Verdict, posts: Sequence[Candidate]) -> Verdict | None:
    """`review` where a sign below certainty, or of uncertain time, might fulfil the duty."""
    signs = [
        post for post in posts
        if (post.decision is Decision.REVIEW and place_of(post, verdict.duty) is not Place.OUTSIDE)
        or (post.decision is Decision.MATCH and place_of(post, verdict.duty) is Place.DOUBTFUL)
    ]  # fmt: skip
    if not signs:
        return None
    best = min(signs, key=lambda post: _rank(post, verdict.duty))
    undated = place_of(best, verdict.duty) is Place.DOUBTFUL
    return _resting_on(verdict, best, Status.REVIEW, UNDATED if undated else "")


def _judge_absent(verdict: Verdict, posts: Sequence[Candidate], known: Known) -> Verdict:
    """Nothing was recognised: `pending`, `missing` where proved, else `unknown` with its cause."""
    duty = verdict.duty
    if verdict.as_of < duty.window.end:
        reason = NOT_OPEN if verdict.as_of < duty.window.start else ""
        return replace(verdict, status=Status.PENDING, reason=reason)
    cause = why_unobserved(duty, posts, known)
    if cause is None:
        return replace(verdict, status=Status.MISSING)
    return replace(verdict, status=Status.UNKNOWN, reason=cause.value)


def _judge_ban(verdict: Verdict, posts: Sequence[Candidate], known: Known) -> Verdict:
    """`must_not`: a certain match inside the window violates; clear needs proof like absence does."""
    duty = verdict.duty
    inside = [post for post in posts if place_of(post, duty) in (Place.ON_TIME, Place.DOUBTFUL)]
    certain = [p for p in inside if p.decision is Decision.MATCH and place_of(p, duty) is Place.ON_TIME]
    if certain:
        return _resting_on(verdict, min(certain, key=lambda post: _rank(post, duty)), Status.VIOLATED, "")
    doubtful = _judge_doubtful(verdict, inside)
    if doubtful is not None:
        return doubtful
    absent = _judge_absent(verdict, posts, known)
    return replace(absent, status=Status.CLEAR) if absent.status is Status.MISSING else absent


def why_unobserved(duty: Duty, posts: Sequence[Candidate], known: Known) -> Cause | None:
    """Why absence cannot be said, most telling cause first; None when it is proved."""
    if not duty.accounts:
        return Cause.NO_ACCOUNT
    causes = [_cause_of(account, known) for account in blind_accounts(duty, known.coverage)]
    causes += [p.unseen for p in posts if p.unseen and place_of(p, duty) in (Place.ON_TIME, Place.DOUBTFUL)]
    return min(causes, key=list(Cause).index, default=None)


def blind_accounts(duty: Duty, coverage: Mapping[str, Sequence[Span]]) -> list[str]:
    """The duty's accounts that were not read over the whole of what they owe."""
    return [one for one in duty.accounts if not covered(coverage.get(one, ()), _owed(one, duty))]


def _owed(account: str, duty: Duty) -> Span:
    """The part of the window in which the account was the agency's."""
    limit = duty.limits.get(account, duty.window)
    return Span(max(limit.start, duty.window.start), min(limit.end, duty.window.end))


def _cause_of(account: str, known: Known) -> Cause:
    """The cause of the newest look that failed this account; a gap where looks only left a hole."""
    told = [blindness for blindness in known.blindness if blindness.account == account]
    if told:
        return max(told, key=lambda blindness: blindness.at).cause
    return Cause.GAP if known.coverage.get(account) else Cause.NOT_VISITED


def covered(spans: Sequence[Span], window: Span) -> bool:
    """Whether one merged span holds the whole window."""
    return any(span.start <= window.start and window.end <= span.end for span in spans)


def _resting_on(verdict: Verdict, post: Candidate, status: Status, reason: str) -> Verdict:
    late = None
    if status is Status.LATE:
        late = int((post.published_at - verdict.duty.window.end).total_seconds() // 60)
    return replace(
        verdict, status=status, reason=reason, post_id=post.post_id, post_url=post.url,
        published_at=post.published_at, minutes_late=late, matcher=post.matcher or None,
        score=post.score, grade=post.grade, decided_by=post.decided_by,
    )  # fmt: skip
