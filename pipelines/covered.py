"""The store -> the spans of each account that visits proved."""

from __future__ import annotations

from crawler.items import Span
from pipelines.store import Store

COVERAGE_SQL = "SELECT channel || ':' || handle AS account, covers_from, covers_until FROM coverage ORDER BY ALL"


def coverage_of(store: Store) -> dict[str, tuple[Span, ...]]:
    """Merged spans per account key."""
    spans: dict[str, tuple[Span, ...]] = {}
    for row in store.rows(COVERAGE_SQL):
        spans[row["account"]] = (
            *spans.get(row["account"], ()),
            Span(row["covers_from"], row["covers_until"]),
        )
    return spans
