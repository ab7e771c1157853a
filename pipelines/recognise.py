"""Stored posts and the workspace's materials -> signs in the store; only what is new is computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from crawler.errors import WrongUse
from crawler.items import Post, Span
from crawler.language import say
from crawler.local_time import now_utc
from crawler.sections import unknown
from pipelines import lookalikes
from pipelines.check import Workspace
from pipelines.comparing import Comparer, Task
from pipelines.fingerprinting import FingerprintPool
from pipelines.lookalikes import Lookalike, excluding
from pipelines.match import build_references, digest, files_of
from pipelines.matchers import Reference
from pipelines.media.fingerprint import FINGERPRINT_VERSION, Fingerprint, unpack
from pipelines.media.original import ORIGINAL_VERSION, Original, read_original, unpack_original
from pipelines.media.trouble import describe_trouble
from pipelines.mentions import note_mentions
from pipelines.reviews import restore_reviews
from pipelines.rows import (
    Row,
    content_id,
    failed_row,
    fingerprint_row,
    lookalikes_row,
    original_row,
    post_of,
    sign_rows,
)
from pipelines.snapshot import publish
from pipelines.store import Store
from pipelines.workers import Failure, Workers, lanes_for

BATCH_POSTS = 1000
FEW_JOBS = 12
# A post this long before the first window may still count as early; older ones are not compared.
EARLY_DAYS = 31

REFERENCES_SQL = (
    "SELECT sha256, data, trouble FROM fingerprint_rows WHERE kind = 'reference' AND version = $version"
)
LOOKALIKES_SQL = "SELECT data FROM fingerprint_rows WHERE kind = 'lookalikes' AND sha256 = $key"
# Media of posts that may matter to some material, in the order in which they were found.
UNREAD_MEDIA_SQL = """
    WITH wanted AS (SELECT unnest($starts::TIMESTAMPTZ[]) AS starts, unnest($ends::TIMESTAMPTZ[]) AS ends),
    one AS (
      SELECT DISTINCT m.sha256, m.kind FROM (
        SELECT unnest(media) AS m FROM post_rows p
        WHERE EXISTS (FROM wanted w WHERE p.published_until >= w.starts AND p.published_at < w.ends))
      WHERE m.sha256 IS NOT NULL)
    SELECT one.sha256, any_value(one.kind) AS kind, any_value(e.path) AS path
    FROM one JOIN evidence_rows e USING (sha256)
    WHERE e.path IS NOT NULL AND NOT EXISTS (
      FROM fingerprint_rows f WHERE f.sha256 = one.sha256 AND f.version = $version AND f.kind <> 'reference')
    GROUP BY one.sha256 ORDER BY one.sha256
"""
PENDING_SQL = """
    WITH wanted AS (SELECT unnest($ids::TEXT[]) AS reference_id, unnest($starts::TIMESTAMPTZ[]) AS starts,
      unnest($ends::TIMESTAMPTZ[]) AS ends)
    -- Every state of a post: what an earlier one showed was shown.
    SELECT p.post_id, p.content_id, list(w.reference_id ORDER BY w.reference_id) AS pending
    FROM (SELECT DISTINCT post_id, content_id FROM sighting_rows) JOIN post_rows p USING (post_id, content_id)
    JOIN wanted w ON p.published_until >= w.starts AND p.published_at < w.ends
    WHERE p.channel <> 'media' -- what others wrote is nobody's airing
      AND NOT EXISTS (FROM compared_rows c WHERE c.content_id = p.content_id AND c.reference_id = w.reference_id)
    GROUP BY p.post_id, p.content_id ORDER BY p.post_id, p.content_id
"""
TROUBLES_SQL = """
    SELECT trouble, count(DISTINCT sha256) AS files FROM fingerprint_rows
    WHERE trouble IS NOT NULL AND version = $version AND kind <> 'reference' GROUP BY trouble ORDER BY trouble
"""
STATES_SQL = "FROM post_rows WHERE content_id IN (SELECT unnest($ids::TEXT[])) ORDER BY post_id, content_id"
MEDIA_SQL = """
    SELECT f.sha256, any_value(f.data) FILTER (f.kind <> 'failed') AS data, max(f.trouble) AS trouble,
      any_value(e.path) AS path
    FROM fingerprint_rows f JOIN evidence_rows e USING (sha256)
    WHERE f.version = $version AND f.kind <> 'reference' AND f.sha256 IN (SELECT unnest($ids::TEXT[]))
      AND e.path IS NOT NULL
    GROUP BY f.sha256
"""


def recognise(workspace: Workspace, store: Store, campaign: str | None = None, again: bool = False) -> int:
    """Compare every stored post with every material it may carry; returns how many pairs were new.

    What people decided is made whole before: all that judges comes through here. `campaign` limits the materials;
    `again` forgets earlier signs first. Raises: WrongUse for a campaign that the workspace does not have.
    """
    _check_campaign(workspace, campaign)
    home = workspace.instance.home
    restore_reviews(store, home)
    references = references_of(workspace, store)
    with store.held():
        publish(workspace, references, store)
        note_mentions(workspace.campaigns, store)
    chosen = [one for one in references if campaign in (None, one.material.campaign_id)]
    spans = spans_of(chosen, workspace)
    _fingerprint_rest(home, store, tuple(spans.values()))
    if again:
        store.forget_signs([one.reference_id for one in chosen])
    pending = store.rows(PENDING_SQL, {"ids": list(spans), **_bounds(spans.values())})
    if not pending:
        return 0
    with Comparer(chosen, _lanes(len(pending))) as comparer:
        return sum(_compare_batch(home, store, comparer, batch) for batch in _batches(pending))


def _check_campaign(workspace: Workspace, campaign: str | None) -> None:
    known = [one.campaign_id for one in workspace.campaigns]
    if campaign is not None and campaign not in known:
        raise WrongUse(say("kampanye", "campaign") + f" {unknown(campaign, known)}")


def references_of(workspace: Workspace, store: Store) -> tuple[Reference, ...]:
    """The materials, their files read once and kept by content."""
    kept = {
        row["sha256"]: unpack_original(row["data"], row["trouble"])
        for row in store.rows(REFERENCES_SQL, {"version": ORIGINAL_VERSION})
    }
    known = set(kept)
    _read_new(workspace, kept)
    references = build_references(workspace.campaigns, kept)
    store.append({"fingerprint_rows": [original_row(sha, kept[sha]) for sha in sorted(kept.keys() - known)]})
    return excluding(references, _lookalikes(references, store))


def _lookalikes(references: Sequence[Reference], store: Store) -> tuple[Lookalike, ...]:
    """Which materials look alike; found once for each set of materials."""
    key = lookalikes.key_of(references)
    kept = store.rows(LOOKALIKES_SQL, {"key": key})
    if kept:
        return lookalikes.unpack(kept[0]["data"])
    found = lookalikes.find_lookalikes(references)
    store.append({"fingerprint_rows": [lookalikes_row(key, lookalikes.pack(found))]})
    return found


def _read_new(workspace: Workspace, kept: dict[str, Original]) -> None:
    """Read the materials' files that are not yet known, in a process beside."""
    missing = {sha: (kind, path) for kind, path in files_of(workspace.campaigns) if (sha := digest(path)) not in kept}
    with Workers[tuple[str, str]](_lanes(len(missing))) as workers:
        for sha, (kind, path) in missing.items():
            workers.submit((sha, kind), read_original, path, kind)
        for (sha, kind), answer in workers.drain():
            kept[sha] = Original(Fingerprint(kind, trouble=answer.reason)) if isinstance(answer, Failure) else answer
            if kept[sha].trouble:  # what cannot be looked for would be missed in every post
                path = missing[sha][1].relative_to(workspace.instance.home)
                raise WrongUse(f"{path}: {describe_trouble(str(kept[sha].trouble))}")


def _lanes(jobs: int) -> int:
    return lanes_for(jobs, FEW_JOBS)


def _fingerprint_rest(home: Path, store: Store, spans: Sequence[Span]) -> None:
    """What the crawl's worker had not done when the run ended, or was killed."""
    unread = store.rows(UNREAD_MEDIA_SQL, {"version": FINGERPRINT_VERSION, **_bounds(spans)})
    if not unread:
        return
    with FingerprintPool(_lanes(len(unread))) as pool:
        for row in unread:
            pool.submit(row["sha256"], home / row["path"], row["kind"])
        store.append({"fingerprint_rows": [fingerprint_row(sha, one) for sha, one in pool.drain()]})


def spans_of(references: Sequence[Reference], workspace: Workspace) -> dict[str, Span]:
    """For each material that is owed, by its reference id, the time in which a post may matter to it."""
    spans: dict[str, Span] = {}
    by_material = {(one.material.campaign_id, one.material.material_id): one.reference_id for one in references}
    for duty in workspace.duties:
        reference_id = by_material.get((duty.campaign_id, duty.material_id))
        if reference_id:
            first = duty.window.start - timedelta(days=EARLY_DAYS)
            last = duty.window.end + timedelta(hours=duty.grace_hours)
            known = spans.get(reference_id, Span(first, last))
            spans[reference_id] = Span(min(known.start, first), max(known.end, last))
    return spans


def _bounds(spans: Iterable[Span]) -> Row:
    spans = list(spans)
    return {"starts": [span.start for span in spans], "ends": [span.end for span in spans]}


def _batches(pending: Sequence[Row]) -> Iterator[list[Row]]:
    for first in range(0, len(pending), BATCH_POSTS):
        yield list(pending[first : first + BATCH_POSTS])


def _compare_batch(home: Path, store: Store, comparer: Comparer, batch: Sequence[Row]) -> int:
    """Compare one batch and keep signs and the fact of comparing in one transaction."""
    at = now_utc()
    signs: list[Row] = []
    failed: dict[str, str] = {}
    for task, compared in comparer.compare(_tasks(home, store, batch)):
        post_id, state = task.post.post_id, content_id(task.post)
        failed |= compared.troubles
        for reference_id, found, lacking in compared.found:
            reference = comparer.references[reference_id]
            signs += sign_rows(post_id, state, reference, found, lacking, at)
    pairs = [{"content_id": row["content_id"], "reference_id": one} for row in batch for one in row["pending"]]
    store.say_signs({
        "fingerprint_rows": [failed_row(sha, trouble) for sha, trouble in failed.items()],
        "sign_rows": signs, "compared_rows": pairs,
    })  # fmt: skip
    return len(pairs)


def _tasks(home: Path, store: Store, batch: Sequence[Row]) -> Iterator[Task]:
    rows = store.rows(STATES_SQL, {"ids": [row["content_id"] for row in batch]})
    posts = {row["content_id"]: post_of(row) for row in rows}
    digests = sorted({one.sha256 for post in posts.values() for one in post.media if one.sha256})
    known = {row["sha256"]: row for row in store.rows(MEDIA_SQL, {"ids": digests, "version": FINGERPRINT_VERSION})}
    for row in batch:
        post = posts[row["content_id"]]
        yield _task(home, post, [known[one.sha256] for one in post.media if one.sha256 in known], row["pending"])


def _task(home: Path, post: Post, media: Sequence[Row], pending: Sequence[str]) -> Task:
    shown = {one["sha256"]: unpack(one["data"], one["trouble"]) for one in media}
    return Task(post, shown, {one["sha256"]: home / one["path"] for one in media}, tuple(pending))


def unread_media(store: Store) -> dict[str, int]:
    """How many kept media files could not be read, by the sentence that says why."""
    found = store.rows(TROUBLES_SQL, {"version": FINGERPRINT_VERSION})
    return {describe_trouble(row["trouble"]): row["files"] for row in found}
