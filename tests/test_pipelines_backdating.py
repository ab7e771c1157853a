"""A claimed time that our own earlier look contradicts is not believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.items import Account, Outcome, Page, Post, Quality, Span, Visit
from pipelines.items import Duty
from pipelines.rows import content_id, post_rows, sighting_rows, visit_row
from pipelines.store import Store
from pipelines.verify import judge_all

OPENS = datetime(2024, 4, 24, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=1)
HOUR = timedelta(hours=1)
SITE = Account("kec-a", "news", "https://kec-a.example")
DUTY = Duty("k", "m", "kec-a", Span(OPENS, CLOSES), accounts=(SITE.key,))


def visit(started_at: datetime) -> Visit:
    return Visit("r", SITE, started_at, started_at, Outcome.COMPLETE, Span(OPENS - HOUR, started_at), 0)


def store_with(folder: Path, first_seen_at: datetime, looks: list[datetime]) -> Store:
    """A store that holds one certain post, claimed for the middle of the window."""
    store = Store(folder / "tayang.duckdb")
    store.prepare()
    at = OPENS + 12 * HOUR
    post = Post("p", "news", "kec-a", SITE.handle, "p", "https://kec-a.example/p", at, at, Quality.DECLARED, "materi")
    page = Page("r", SITE, (post,), (), first_seen_at)
    sign = {
        "post_id": "p", "content_id": content_id(post), "reference_id": "ref", "campaign_id": "k", "material_id": "m",
        "matcher": "text", "score": 1.0, "decision": "match", "explanation": "{}", "lacking": [],
    }  # fmt: skip
    store.replace({"material_rows": [{"campaign_id": "k", "material_id": "m", "reference_id": "ref"}]})
    store.append({
        "post_rows": post_rows(page), "sighting_rows": sighting_rows(page), "sign_rows": [sign],
        "visit_rows": [visit_row(visit(look)) for look in looks],
    })  # fmt: skip
    return store


@pytest.mark.parametrize(
    ("first_seen_at", "looks", "expected"),
    [
        (CLOSES + HOUR, [CLOSES + HOUR], "fulfilled "),
        (CLOSES + 9 * HOUR, [CLOSES + HOUR, CLOSES + 9 * HOUR], "review time_not_certain"),
        (OPENS + 20 * HOUR, [OPENS + 15 * HOUR, OPENS + 20 * HOUR], "fulfilled "),
        (CLOSES + HOUR, [OPENS + 6 * HOUR, CLOSES + HOUR], "fulfilled "),
    ],
    ids=[
        "seen at once",
        "listed only after a look that covered its time",
        "late, but inside the window",
        "look before",
    ],
)
def test_back_dated_articles_need_a_person(
    tmp_path: Path, first_seen_at: datetime, looks: list[datetime], expected: str
) -> None:
    """An article that a complete look did not list came later than it says, at the latest when first seen."""
    [verdict] = judge_all(store_with(tmp_path, first_seen_at, looks), [DUTY], CLOSES + 100 * HOUR)

    assert expected == f"{verdict.status} {verdict.reason}"
