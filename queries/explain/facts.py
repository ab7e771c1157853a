"""The store's views and the files -> posts and materials with the signs between them, ready to be drawn."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from pipelines.items import Material
from queries.explain.pair import Exhibit, Key, Pair, Post, Review, Sign
from queries.reader import Connection, Parameters, rows
from queries.shelf import PLAIN, Shelf, content_type_of

Said = tuple[tuple[Sign, ...], bool, Review | None]

# Each post as it stands now (no campaign), and in the state in which each material was recognised.
_POSTS = """
WITH wanted AS (
  SELECT post_id, '' AS campaign_id, '' AS material_id, content_id FROM posts
  UNION SELECT post_id, campaign_id, material_id, content_id FROM shown_signs)
SELECT post_id, campaign_id, material_id, p.channel || ':' || p.handle AS account,
  coalesce(a.name, p.agency_id) AS agency, url, published_at,
  text, list_transform(media, lambda m: m.sha256) AS media,
  (SELECT list(DISTINCT f.trouble ORDER BY f.trouble) FROM fingerprint_rows f
   WHERE f.trouble IS NOT NULL AND f.sha256 IN (SELECT m.sha256 FROM (SELECT unnest(p.media) AS m))) AS troubles
FROM wanted JOIN post_rows p USING (post_id, content_id) LEFT JOIN agencies a USING (agency_id)
WHERE post_id IN (SELECT unnest($ids))"""
_SIGNS = """
SELECT post_id, campaign_id, material_id, matcher, score, decision, explanation, media_sha256 FROM shown_signs
WHERE post_id IN (SELECT unnest($ids))
ORDER BY CASE decision WHEN 'match' THEN 0 ELSE 1 END, score DESC, matcher, media_sha256"""
_COMPARED = """
SELECT DISTINCT p.post_id, m.campaign_id, m.material_id FROM posts p
JOIN compared_rows c USING (content_id) JOIN materials m USING (reference_id)
WHERE p.post_id IN (SELECT unnest($ids))"""
_REVIEWS = """
SELECT post_id, campaign_id, material_id, arg_max(decision, (reviewed_at, review_id)) AS decision,
  arg_max(reviewer, (reviewed_at, review_id)) AS reviewer
FROM reviews WHERE post_id IN (SELECT unnest($ids)) GROUP BY ALL"""


def read_pairs(
    connection: Connection, shelf: Shelf, materials: Iterable[Material], keys: Sequence[Key]
) -> list[Pair]:
    """A pair for each key whose post and material are there, in the order of the keys."""
    if not keys:
        return []
    ids = {"ids": sorted({key[0] for key in keys})}
    by_id = {(one.campaign_id, one.material_id): one for one in materials}
    posts = {_key(row): row for row in rows(connection, _POSTS, ids)}
    said = _read_said(connection, ids)
    shown = cache(lambda key: _post(connection, shelf, posts[key]))
    own = cache(lambda material: _own(shelf, by_id[material]))
    return [
        Pair(shown(key if key in posts else (key[0], "", "")), by_id[key[1:]], own(key[1:]), *said(key))
        for key in dict.fromkeys(keys)
        if (key[0], "", "") in posts and key[1:] in by_id
    ]


def _read_said(connection: Connection, ids: Parameters) -> Callable[[Key], Said]:
    """For each pair of these posts: its signs, whether it was compared, and a person's decision."""
    signs = _grouped(rows(connection, _SIGNS, ids))
    compared = {_key(row) for row in rows(connection, _COMPARED, ids)}
    reviews = {_key(row): Review(row["decision"], row["reviewer"]) for row in rows(connection, _REVIEWS, ids)}
    return lambda key: (tuple(signs.get(key, ())), key in compared, reviews.get(key))


def _key(row: Mapping[str, Any]) -> Key:
    return (row["post_id"], row["campaign_id"], row["material_id"])


def _grouped(found: Iterable[Mapping[str, Any]]) -> dict[Key, list[Sign]]:
    signs: dict[Key, list[Sign]] = {}
    for row in found:
        why = json.loads(row["explanation"] or "{}")
        sign = Sign(row["matcher"], row["score"], row["decision"], why, row["media_sha256"])
        signs.setdefault(_key(row), []).append(sign)
    return signs


def _post(connection: Connection, shelf: Shelf, row: Mapping[str, Any]) -> Post:
    digests = row["media"] or []
    kept = dict.fromkeys(sha for sha in digests if sha)
    return Post(
        row["post_id"], row["account"], row["agency"], row["url"] or "", row["published_at"], row["text"] or "",
        tuple(_posted(connection, shelf, sha) for sha in kept), sum(not sha for sha in digests),
        tuple(row["troubles"] or ()),
    )  # fmt: skip


def _posted(connection: Connection, shelf: Shelf, sha256: str) -> Exhibit:
    kept = shelf.find(connection, (), sha256)
    return Exhibit(sha256, kept.path, kept.family) if kept else Exhibit(sha256, None, PLAIN.partition("/")[0])


def _own(shelf: Shelf, material: Material) -> tuple[Exhibit, ...]:
    found = ((shelf.digest(path), path) for path in material.files)
    return tuple(Exhibit(sha, path, content_type_of(path).partition("/")[0]) for sha, path in found if sha)
