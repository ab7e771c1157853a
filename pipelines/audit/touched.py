"""Damage -> the newest verdicts that rest on it: by the post, by the look that proved absence, or by themselves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from pipelines.audit.damage import Damage
from pipelines.store import Store

TOUCHED_SQL = """
    WITH bytes AS (SELECT sha256, run_id, account FROM evidence_rows
      WHERE list_contains($sha256s::TEXT[], sha256) OR list_contains($seqs::BIGINT[], seq)),
    posts_hit AS (
      SELECT post_id FROM post_rows p WHERE list_contains($posts::TEXT[], post_id)
        OR evidence_sha256 IN (SELECT sha256 FROM bytes)
      UNION
      SELECT post_id FROM (SELECT post_id, unnest(media).sha256 AS sha256 FROM post_rows)
      SEMI JOIN bytes USING (sha256)),
    looks_hit AS (
      SELECT run_id, account FROM bytes WHERE account <> ''
      UNION SELECT unnest($runs::TEXT[]), unnest($accounts::TEXT[])),
    -- What a look covers is gone with it; a verdict of absence rests on every look into its window.
    spans_hit AS (
      SELECT channel || ':' || handle AS account, covers_from, covers_until FROM visit_rows v
      WHERE covers_from IS NOT NULL AND EXISTS (FROM looks_hit l
        WHERE l.account = v.channel || ':' || v.handle AND l.run_id IN (v.run_id, ''))),
    duties_hit AS (SELECT unnest($campaigns::TEXT[]) AS campaign_id, unnest($materials::TEXT[]) AS material_id,
      unnest($agencies::TEXT[]) AS agency_id, unnest($openings::TIMESTAMPTZ[]) AS opens_at)
    SELECT v.campaign_id, v.material_id, v.agency_id, v.opens_at, v.closes_at, v.status,
      CASE WHEN v.post_id IN (SELECT post_id FROM posts_hit) THEN 'post' WHEN h.campaign_id IS NOT NULL THEN 'duty'
        ELSE 'look' END AS because
    FROM newest_verdict_rows v
    LEFT JOIN (SELECT DISTINCT * FROM duties_hit) h ON h.campaign_id = v.campaign_id AND h.material_id = v.material_id
      AND h.agency_id = v.agency_id AND h.opens_at = v.opens_at
    WHERE v.post_id IN (SELECT post_id FROM posts_hit) OR h.campaign_id IS NOT NULL
      OR (v.status IN ('missing', 'clear', 'pending') AND EXISTS (
        FROM duty_rows d JOIN spans_hit s ON list_contains(d.accounts, s.account)
        WHERE d.campaign_id = v.campaign_id AND d.material_id = v.material_id AND d.agency_id = v.agency_id
          AND d.opens_at = v.opens_at AND s.covers_from < v.closes_at AND s.covers_until > v.opens_at))
    ORDER BY v.campaign_id, v.material_id, v.agency_id, v.opens_at
"""


def touched_by(store: Store, damages: Sequence[Damage]) -> list[dict[str, Any]]:
    """Verdicts by duty with their status, and `because`: post | look | duty. Raises: StoreDamaged."""
    looks = {one.look for one in damages if one.look[1]}
    duties = {one.duty for one in damages if len(one.duty) == 4 and all(one.duty)}
    runs, accounts = _columns(looks, 2)
    campaigns, materials, agencies, openings = _columns(duties, 4)
    return store.rows(TOUCHED_SQL, {
        "sha256s": sorted({one.sha256 for one in damages} - {""}), "seqs": sorted({one.seq for one in damages}),
        "posts": sorted({one.post_id for one in damages} - {""}), "runs": runs, "accounts": accounts,
        "campaigns": campaigns, "materials": materials, "agencies": agencies, "openings": openings,
    })  # fmt: skip


def _columns(told: Collection[tuple[Any, ...]], width: int) -> list[list[Any]]:
    """Tuples of one width as columns, in a fixed order."""
    return [list(column) for column in zip(*sorted(told), strict=True)] or [[] for _ in range(width)]
