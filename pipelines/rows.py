"""Pages, visits and ledger lines -> rows as the store's tables want them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from crawler.items import Media, Page, Post, Quality, Visit
from pipelines.items import Sign
from pipelines.matchers import Reference
from pipelines.media.fingerprint import FINGERPRINT_VERSION, Fingerprint
from pipelines.media.original import ORIGINAL_VERSION, Original
from pipelines.said import SIGNS, VERDICTS

Row = dict[str, Any]
# Lines with bytes of their own that no source sent: what was said, and what confirms when.
_NOT_INDEXED = frozenset({VERDICTS, SIGNS, "timestamp", "timestamp_roots"})


def content_id(post: Post) -> str:
    """A digest of one state of one post: it changes exactly when what it says or shows does.

    The post's own id is part of it: two offices that publish the same words are compared apart.
    """
    content = [
        post.post_id, post.text, post.published_at.isoformat(), post.published_until.isoformat(),
        sorted(post.links), post.unread,
        [(one.media_id, one.kind, one.sha256, one.trouble) for one in post.media],
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()[:32]


def row_digest(row: Mapping[str, Any]) -> str:
    """A digest of one whole row of the store, by which the ledger knows it again; empty columns are left out."""
    told = {key: _written(value) for key, value in row.items() if value is not None}
    canonical = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _written(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def post_rows(page: Page) -> list[Row]:
    """One row of `post_rows` per post."""
    return [_post_row(post, page.seen_at) for post in page.posts]


def sighting_rows(page: Page) -> list[Row]:
    """One row of `sighting_rows` per post that was read or found standing."""
    return [
        {"post_id": post.post_id, "content_id": content_id(post), "seen_at": page.seen_at}
        for post in page.posts
    ] + [
        {"post_id": post_id, "content_id": content, "seen_at": page.seen_at} for post_id, content in page.standing
    ]


def visit_row(visit: Visit) -> Row:
    """The row of `visit_rows`."""
    return {
        "run_id": visit.run_id, "channel": visit.account.channel, "agency_id": visit.account.agency_id,
        "handle": visit.account.handle, "started_at": visit.started_at, "finished_at": visit.finished_at,
        "outcome": visit.outcome.value, "covers_from": visit.covers.start if visit.covers else None,
        "covers_until": visit.covers.end if visit.covers else None, "posts_seen": visit.posts_seen,
        "cause": visit.cause.value if visit.cause else None, "detail": visit.detail,
        "native_id": visit.native_id, "evidence_sha256": visit.evidence_sha256,
    }  # fmt: skip


def evidence_row(line: Mapping[str, Any]) -> Row | None:
    """The row of `evidence_rows` for a ledger line about kept bytes, else None."""
    if "sha256" not in line or line["kind"] in _NOT_INDEXED:
        return None
    names = ("seq", "sha256", "kind", "url", "warc_file", "warc_offset", "bytes", "path", "run_id", "account",
             "status")  # fmt: skip
    return {
        **{name: line.get(name) for name in names},
        "fetched_at": datetime.fromisoformat(line["fetched_at"]),
    }


def head_rows(lines: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The row of `ledger_head_rows` for lines just committed: the last of them stands for all before."""
    return [{"seq": line["seq"], "hash": line["hash"]} for line in lines[-1:]]


def _post_row(post: Post, seen_at: datetime) -> Row:
    return {
        "post_id": post.post_id, "content_id": content_id(post), "channel": post.channel,
        "agency_id": post.agency_id, "handle": post.handle, "native_id": post.native_id, "url": post.url,
        "published_at": post.published_at, "published_until": post.published_until,
        "published_quality": post.published_quality.value, "text": post.text, "links": list(post.links),
        "is_pinned": post.is_pinned, "origin": post.origin, "evidence_sha256": post.evidence_sha256,
        "unread": post.unread, "seen_at": seen_at,
        "media": [
            {"media_id": one.media_id, "kind": one.kind, "url": one.url, "sha256": one.sha256, "trouble": one.trouble}
            for one in post.media
        ],
    }  # fmt: skip


def fingerprint_row(sha256: str, fingerprint: Fingerprint) -> Row:
    """The row of `fingerprint_rows`."""
    return {
        "sha256": sha256, "version": FINGERPRINT_VERSION, "kind": fingerprint.kind,
        "data": fingerprint.pack(), "trouble": fingerprint.trouble,
    }  # fmt: skip


def failed_row(sha256: str, trouble: str) -> Row:
    """The row of `fingerprint_rows` for a file that failed when it was looked at again."""
    return {"sha256": sha256, "version": FINGERPRINT_VERSION, "kind": "failed", "data": b"", "trouble": trouble}


def original_row(sha256: str, original: Original) -> Row:
    """The row of `fingerprint_rows` for a material's own file."""
    return {
        "sha256": sha256, "version": ORIGINAL_VERSION, "kind": "reference", "data": original.pack(),
        "trouble": original.trouble,
    }  # fmt: skip


def lookalikes_row(key: str, data: bytes) -> Row:
    """The row of `fingerprint_rows` for what was found when the materials were compared with each other."""
    return {"sha256": key, "version": ORIGINAL_VERSION, "kind": "lookalikes", "data": data, "trouble": None}


def sign_rows(
    post_id: str, content: str, reference: Reference, signs: Sequence[Sign], lacking: Sequence[str], at: datetime
) -> list[Row]:  # fmt: skip
    """Rows of `sign_rows` for one post and one material."""
    return [
        {
            "post_id": post_id, "content_id": content, "reference_id": reference.reference_id,
            "campaign_id": reference.material.campaign_id, "material_id": reference.material.material_id,
            "matcher": sign.matcher, "score": sign.score, "decision": sign.decision.value,
            "explanation": json.dumps(sign.explanation, ensure_ascii=False, sort_keys=True, default=str),
            "media_sha256": sign.media_sha256, "lacking": list(lacking), "matched_at": at,
        }
        for sign in signs
    ]  # fmt: skip


def post_of(row: Mapping[str, Any]) -> Post:
    """The post that a row of the view `posts` tells of."""
    return Post(
        post_id=row["post_id"], channel=row["channel"], agency_id=row["agency_id"], handle=row["handle"],
        native_id=row["native_id"], url=row["url"], published_at=row["published_at"],
        published_until=row["published_until"], published_quality=Quality(row["published_quality"]), text=row["text"],
        links=tuple(row["links"]), media=tuple(Media(**media) for media in row["media"]), is_pinned=row["is_pinned"],
        origin=row["origin"], evidence_sha256=row["evidence_sha256"], unread=row["unread"],
    )  # fmt: skip
