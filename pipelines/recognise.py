"""Stored posts and the workspace's materials -> signs in the store; only what is new is computed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.errors import WrongUse
from crawler.items import Span
from crawler.language import say
from crawler.local_time import now_utc
from crawler.sections import unknown
from pipelines.check import Workspace
from pipelines.fingerprinting import FingerprintPool
from pipelines.match import Found, References, build_references, compare, index_references
from pipelines.matchers import Reference
from pipelines.media.fingerprint import FINGERPRINT_VERSION, Fingerprint, unpack
from pipelines.media.original import ORIGINAL_VERSION, unpack_original
from pipelines.rows import Row, fingerprint_row, original_row, post_of, sign_rows
from pipelines.snapshot import publish
from pipelines.store import Store

BATCH_POSTS = 1000
# A post this long before the first window may still count as early; older ones are not compared.
EARLY_DAYS = 31

REFERENCES_SQL = (
    "SELECT sha256, data, trouble FROM fingerprint_rows WHERE kind = 'reference' AND version = $version"
)
UNREAD_MEDIA_SQL = """
    WITH one AS (
      SELECT DISTINCT m.sha256, m.kind FROM (SELECT unnest(media) AS m FROM post_rows) WHERE m.sha256 IS NOT NULL)
    SELECT one.sha256, any_value(one.kind) AS kind, any_value(e.path) AS path
    FROM one JOIN evidence_rows e USING (sha256)
    WHERE e.path IS NOT NULL AND NOT EXISTS (
      FROM fingerprint_rows f WHERE f.sha256 = one.sha256 AND f.version = $version AND f.kind <> 'reference')
    GROUP BY one.sha256 ORDER BY one.sha256
"""
PENDING_SQL = """
    WITH wanted AS (SELECT unnest($ids::TEXT[]) AS reference_id, unnest($starts::TIMESTAMPTZ[]) AS starts,
      unnest($ends::TIMESTAMPTZ[]) AS ends)
    SELECT p.post_id, p.content_id, list(w.reference_id ORDER BY w.reference_id) AS pending
    FROM posts p JOIN wanted w ON p.published_until >= w.starts AND p.published_at < w.ends
    WHERE NOT EXISTS (FROM compared_rows c WHERE c.content_id = p.content_id AND c.reference_id = w.reference_id)
    GROUP BY p.post_id, p.content_id ORDER BY p.post_id
"""
POSTS_SQL = "FROM posts WHERE post_id IN (SELECT unnest($ids::TEXT[])) ORDER BY post_id"
MEDIA_SQL = """
    SELECT f.sha256, f.data, f.trouble, any_value(e.path) AS path
    FROM fingerprint_rows f JOIN evidence_rows e USING (sha256)
    WHERE f.version = $version AND f.kind <> 'reference' AND f.sha256 IN (SELECT unnest($ids::TEXT[]))
      AND e.path IS NOT NULL
    GROUP BY ALL
"""


def recognise(workspace: Workspace, store: Store, campaign: str | None = None, again: bool = False) -> int:
    """Compare every stored post with every material it may carry; returns how many pairs were new.

    `campaign` limits the materials; `again` forgets earlier signs first. Raises: WrongUse for a
    campaign that the workspace does not have.
    """
    _check_campaign(workspace, campaign)
    references = references_of(workspace, store)
    publish(workspace, references, store)
    _fingerprint_rest(workspace.instance.home, store, references.watch)
    chosen = [one for one in references.all if campaign in (None, one.material.campaign_id)]
    if again:
        store.forget_signs([one.reference_id for one in chosen])
    return sum(
        _compare_batch(workspace.instance.home, store, references, batch)
        for batch in _batches(store.rows(PENDING_SQL, _spans_of(chosen, workspace)))
    )


def _check_campaign(workspace: Workspace, campaign: str | None) -> None:
    known = [one.campaign_id for one in workspace.campaigns]
    if campaign is not None and campaign not in known:
        raise WrongUse(say("kampanye", "campaign") + f" {unknown(campaign, known)}")


def references_of(workspace: Workspace, store: Store) -> References:
    """The materials, fingerprinted once and kept by content."""
    kept = {
        row["sha256"]: unpack_original(row["data"], row["trouble"])
        for row in store.rows(REFERENCES_SQL, {"version": ORIGINAL_VERSION})
    }
    known = set(kept)
    references = build_references(workspace.campaigns, kept)
    fresh = [original_row(sha, kept[sha]) for sha in sorted(kept.keys() - known)]
    store.append({"fingerprint_rows": fresh})
    return references


def _fingerprint_rest(home: Path, store: Store, watch: bytes) -> None:
    """What the crawl's worker had not done when the run ended, or was killed."""
    unread = store.rows(UNREAD_MEDIA_SQL, {"version": FINGERPRINT_VERSION})
    if not unread:
        return
    with FingerprintPool(watch) as pool:
        for row in unread:
            pool.submit(row["sha256"], home / row["path"], row["kind"])
        store.append({"fingerprint_rows": [fingerprint_row(sha, one) for sha, one in pool.drain()]})


def _spans_of(references: Sequence[Reference], workspace: Workspace) -> Row:
    """For each material that is owed, the time in which a post may matter to it, as SQL parameters."""
    spans: dict[str, Span] = {}
    by_material = {
        (one.material.campaign_id, one.material.material_id): one.reference_id for one in references
    }
    for duty in workspace.duties:
        reference_id = by_material.get((duty.campaign_id, duty.material_id))
        if reference_id:
            first = duty.window.start - timedelta(days=EARLY_DAYS)
            last = duty.window.end + timedelta(hours=duty.grace_hours)
            known = spans.get(reference_id, Span(first, last))
            spans[reference_id] = Span(min(known.start, first), max(known.end, last))
    return {
        "ids": list(spans), "starts": [span.start for span in spans.values()],
        "ends": [span.end for span in spans.values()],
    }  # fmt: skip


def _batches(pending: Sequence[Row]) -> Iterator[list[Row]]:
    for first in range(0, len(pending), BATCH_POSTS):
        yield list(pending[first : first + BATCH_POSTS])


def _compare_batch(home: Path, store: Store, references: References, batch: Sequence[Row]) -> int:
    """Compare one batch and keep signs and the fact of comparing in one transaction."""
    at = now_utc()
    posts = {
        row["post_id"]: post_of(row)
        for row in store.rows(POSTS_SQL, {"ids": [row["post_id"] for row in batch]})
    }
    media, open_media = _media_of(
        home, store, [m.sha256 for post in posts.values() for m in post.media if m.sha256]
    )
    indexed = _by_pending(references, batch)
    signs: list[Row] = []
    for row in batch:
        found = compare(posts[row["post_id"]], media, open_media, indexed[tuple(row["pending"])])
        signs += _rows_of(row, found, at)
    compared = [
        {"content_id": row["content_id"], "reference_id": one} for row in batch for one in row["pending"]
    ]
    store.append({"sign_rows": signs, "compared_rows": compared})
    return len(compared)


def _rows_of(row: Mapping[str, Any], found: Sequence[Found], at: datetime) -> list[Row]:
    return [
        line for reference, signs, lacking in found
        for line in sign_rows(row["post_id"], row["content_id"], reference, signs, lacking, at)
    ]  # fmt: skip


def _media_of(
    home: Path, store: Store, digests: Sequence[str]
) -> tuple[dict[str, Fingerprint], Callable[[str], Path]]:
    rows = store.rows(MEDIA_SQL, {"ids": sorted(set(digests)), "version": FINGERPRINT_VERSION})
    paths = {row["sha256"]: home / row["path"] for row in rows}
    media = {row["sha256"]: unpack(row["data"], row["trouble"]) for row in rows}
    return media, lambda sha256: paths[sha256]


def _by_pending(references: References, batch: Sequence[Row]) -> dict[tuple[str, ...], References]:
    """An index for each set of materials that some posts still wait for; nearly always one."""
    by_id: dict[str, list[Reference]] = defaultdict(list)
    for one in references.all:
        by_id[one.reference_id].append(one)
    return {
        pending: index_references([one for reference_id in pending for one in by_id[reference_id]])
        for pending in {tuple(row["pending"]) for row in batch}
    }
