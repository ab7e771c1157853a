"""A person's decision on a match or a duty -> a sealed ledger entry and a row.

Append-only: a newer decision on the same thing supersedes the older one and leaves it standing.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.errors import StoreBusy, WrongUse
from crawler.language import say
from crawler.local_time import new_run_id
from pipelines.evidence import Evidence
from pipelines.items import Decision, Status
from pipelines.ledger import lines_of_kind
from pipelines.lock import only_run
from pipelines.rows import Row, head_rows
from pipelines.store import Store

KIND = "review"  # of the ledger's entries
REVIEWER_LENGTH = 120
REASON_LENGTH = 2000  # keeps an entry far below what the ledger reads of its own end
PATIENCE_SECONDS = 5.0

# What a person may say of a duty, by its rule. The other statuses follow from posts, not from a word.
DUTY_DECISIONS: Mapping[str, tuple[Status, ...]] = {
    "must": (Status.FULFILLED, Status.EXEMPT, Status.MISSING),
    "must_not": (Status.CLEAR, Status.EXEMPT, Status.VIOLATED),
}
MATCH_DECISIONS = (Decision.MATCH.value, Decision.NONE.value)

_MACHINE = "tayang"  # how verdicts name the decider when it was no person
_KNOWN_SQL = "FROM reviews WHERE review_id = $review_id"
_NEWEST_SQL = """
    FROM reviews WHERE campaign_id = $campaign_id AND material_id = $material_id
      AND post_id IS NOT DISTINCT FROM $post_id::TEXT AND opens_at IS NOT DISTINCT FROM $opens_at::TIMESTAMPTZ
      AND (post_id IS NOT NULL OR agency_id = $agency_id)
    ORDER BY reviewed_at DESC, review_id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Review:
    """One decision: on a post and a material (`post_id`), or on a duty (`opens_at`); never both.

    `decision`: match | none for a post, one of DUTY_DECISIONS for a duty. `agency_id` is the post's or
    the duty's. Instants are UTC.
    """

    review_id: str
    post_id: str | None
    campaign_id: str
    material_id: str
    agency_id: str
    opens_at: datetime | None
    decision: str
    reviewer: str
    reason: str
    reviewed_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """The decision that stands after an attempt; not recorded = another one came before it."""

    review: Review
    is_recorded: bool


def new_review_id() -> str:
    """A name for one decision, given when its form is shown: sending the form twice decides once."""
    return secrets.token_hex(12)


def flaws_of(review: Review) -> list[str]:
    """What keeps a decision from being recorded, as sentences; [] when nothing does."""
    return [*_flaws_of_words(review), *_flaws_of_meaning(review)]


def record(
    store: Store, home: Path, review: Review, after: str | None = None, patience_seconds: float = PATIENCE_SECONDS
) -> Standing:
    """Seal a decision into the ledger, then into `review_rows`; the same review_id twice is one decision.

    `after` is the review_id that the person saw standing ("" = none): where another one came in
    between, nothing is written and that one is returned. None = do not ask.
    Raises: WrongUse for a flawed decision, StoreBusy while a run is at work.
    """
    flaws = flaws_of(review)
    if flaws:
        raise WrongUse("\n".join(flaws))
    with turn(home, patience_seconds):
        known = _first(store, _KNOWN_SQL, {"review_id": review.review_id})
        if known:
            return Standing(known, True)
        newest = newest_on(store, review)
        if newest and after is not None and newest.review_id != after:
            return Standing(newest, False)
        later = _after(review, newest)
        store.append({"ledger_head_rows": _seal(home, later), "review_rows": [asdict(later)]})
        return Standing(later, True)


def newest_on(store: Store, review: Review) -> Review | None:
    """The decision that stands on what `review` is about."""
    target = {key: value for key, value in asdict(review).items() if key in _TARGET}
    return _first(store, _NEWEST_SQL, target)


_TARGET = ("post_id", "campaign_id", "material_id", "agency_id", "opens_at")


def sealed_reviews(lines: Iterable[Mapping[str, Any]]) -> Iterator[Review]:
    """The decisions among ledger lines, oldest first."""
    for line in lines:
        if line.get("kind") == KIND:
            yield _from_ledger(line["content"])


def restore_reviews(store: Store, home: Path) -> int:
    """Give the store every decision that the ledger holds; returns how many the ledger holds.

    Before anything is compared or judged: a kill may have come between ledger and store. Raises: StoreBusy
    while another process is at work.
    """
    with turn(home):
        found = list(sealed_reviews(lines_of_kind(home / "evidence" / "ledger.jsonl", KIND)))
        store.append({"review_rows": [asdict(review) for review in {one.review_id: one for one in found}.values()]})
    return len(found)


def _flaws_of_words(review: Review) -> Iterator[str]:
    if not review.reviewer.strip() or len(review.reviewer) > REVIEWER_LENGTH:
        yield say(f"tulis nama pemeriksa (paling panjang {REVIEWER_LENGTH} huruf)",
                  f"write the reviewer's name (at most {REVIEWER_LENGTH} letters)")  # fmt: skip
    elif review.reviewer.strip().casefold() == _MACHINE or not review.reviewer.isprintable():
        yield say("nama pemeriksa harus nama orang", "the reviewer's name must be a person's")
    if len(review.reason) > REASON_LENGTH:
        yield say(f"alasan terlalu panjang (paling panjang {REASON_LENGTH} huruf)",
                  f"the reason is too long (at most {REASON_LENGTH} letters)")  # fmt: skip


def _flaws_of_meaning(review: Review) -> Iterator[str]:
    if (review.post_id is None) == (review.opens_at is None):
        yield say("keputusan harus tentang satu unggahan atau satu kewajiban",
                  "a decision is about one post or one duty")  # fmt: skip
    is_duty = review.post_id is None
    known = {status.value for allowed in DUTY_DECISIONS.values() for status in allowed} if is_duty else MATCH_DECISIONS
    if review.decision not in known:
        yield say(f"keputusan '{review.decision}' tidak dikenal; pilih salah satu",
                  f"unknown decision '{review.decision}'; choose one")  # fmt: skip
    if is_duty and not review.reason.strip():
        yield say("tulis alasan keputusan atas kewajiban ini", "write the reason for deciding on this duty")


def _after(review: Review, newest: Review | None) -> Review:
    """The review, later than what it supersedes: a clock set back must not undo a decision."""
    if newest is None or newest.reviewed_at < review.reviewed_at:
        return review
    return replace(review, reviewed_at=newest.reviewed_at + timedelta(microseconds=1))


def _seal(home: Path, review: Review) -> list[Row]:
    """Ledger first: a row without its entry would be lost by `rebuild`. Returns the ledger's new head."""
    evidence = Evidence(home, new_run_id(review.reviewed_at), {})
    content = asdict(review)
    evidence.note(KIND, {key: one.isoformat() if isinstance(one, datetime) else one for key, one in content.items()})
    return head_rows(evidence.commit())


def _from_ledger(content: Mapping[str, Any]) -> Review:
    opens_at = content["opens_at"]
    instants = {
        "opens_at": datetime.fromisoformat(opens_at) if opens_at else None,
        "reviewed_at": datetime.fromisoformat(content["reviewed_at"]),
    }
    return Review(**{**content, **instants})


def _first(store: Store, sql: str, parameters: Mapping[str, Any]) -> Review | None:
    found = store.rows(sql, parameters)
    return Review(**found[0]) if found else None


@contextmanager
def turn(home: Path, patience_seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """The workspace's lock, waited for a little: another desk holds it for moments, a run for long."""
    deadline = time.monotonic() + patience_seconds
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(only_run(home))
                break
            except StoreBusy:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        yield
