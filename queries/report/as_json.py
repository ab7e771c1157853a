"""The report's content -> report.json, keys sorted, as KEYS.md documents them."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from functools import lru_cache
from typing import Any

from pipelines.items import Verdict
from queries.alarms import as_object
from queries.report.changes import Change
from queries.report.content import Content, Health
from queries.report.decided import Decided
from queries.report.facts import MentionFact, PostFact, SignFact, UnreadFact, page_behind
from queries.report.scope import Column, Figures
from queries.report.sights import Sight
from queries.report.trends_json import trends_object
from queries.report.unseen import Obstacle


@lru_cache(maxsize=1)  # the other formats of one report ask for its digest
def render_json(content: Content) -> bytes:
    """UTF-8, one value per line, sorted keys."""
    return (json.dumps(report_object(content), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def digest_of(content: Content) -> str:
    """The SHA-256 of its report.json, by which the other formats name what they were made of."""
    return hashlib.sha256(render_json(content)).hexdigest()


def report_object(content: Content) -> dict[str, Any]:
    """All that the page says, as plain values; instants local with offset."""
    request, matrix = content.request, content.matrix
    zone = request.instance.zone
    return {
        "format": 1,
        "instance": request.instance.name,
        **_sealed(content),
        "timezone": zone.key,
        "day": request.day.isoformat(),
        "days_before": request.days,
        "as_of": request.as_of.astimezone(zone).isoformat(),
        "figures": {
            **_figures(matrix.figures), "agencies": len(matrix.rows), "today": _figures(matrix.todays),
        },
        "duties": [_column(column, content) for column in matrix.columns],
        "verdicts": [_verdict(verdict, content) for verdict in matrix.verdicts],
        "not_observed": [_obstacle(obstacle) for obstacle in content.obstacles],
        "not_read": [_unread(one, content) for one in content.facts.unread],
        "changes_since": _local(content.changes.since, content),
        "changes": [_change(change, content) for change in content.changes.found],
        "trends": trends_object(content.trends, zone),
        "decisions": [_decided(one, content) for one in content.decided],
        "alarms": [as_object(one) for one in content.alarms],
        "health": _health(content.health, content),
        "media_coverage": {
            "outlets": content.media.outlets, "articles": [_mention(one, content) for one in content.media.mentions],
        },
    }  # fmt: skip


def _sealed(content: Content) -> dict[str, Any]:
    return {
        "ledger_head": {"seq": content.head[0], "hash": content.head[1]} if content.head else None,
        "timestamps": [
            {"authority": one.authority, "seq": one.seq, "hash": one.hash,
             "stamped_at": _local(one.stamped_at, content)}
            for one in content.stamps
        ],
    }  # fmt: skip


def _local(instant: datetime | None, content: Content) -> str | None:
    return instant.astimezone(content.request.instance.zone).isoformat() if instant else None


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "duties": figures.duties, "due": figures.due, "done": figures.done, "ahead": figures.ahead,
        "by_status": {status.value: number for status, number in figures.counts.items()},
    }  # fmt: skip


def _column(column: Column, content: Content) -> dict[str, Any]:
    return {
        "number": column.number, "campaign_id": column.campaign_id,
        "material_id": column.material.material_id, "title": column.material.title, "rule": column.rule,
        "is_today": column.is_today,
        "opens_at": _local(column.window.start, content), "closes_at": _local(column.window.end, content),
    }  # fmt: skip


def _decided(one: Decided, content: Content) -> dict[str, Any]:
    return {
        "campaign_id": one.campaign_id, "material_id": one.material_id, "agency_id": one.agency_id,
        "opens_at": _local(one.opens_at, content), "post_id": one.post_id, "post_url": one.post_url,
        "published_at": _local(one.published_at, content), "decision": one.decision, "reviewer": one.reviewer,
        "reason": one.reason, "reviewed_at": _local(one.reviewed_at, content),
    }  # fmt: skip


def _change(change: Change, content: Content) -> dict[str, Any]:
    duty, verdict, before = change.verdict.duty, change.verdict, change.before
    return {
        "group": change.group.value, "is_closing": change.is_closing, "decided_by": change.decider or None,
        "campaign_id": duty.campaign_id, "material_id": duty.material_id, "agency_id": duty.agency_id,
        "opens_at": _local(duty.window.start, content), "closes_at": _local(duty.window.end, content),
        "from": {"status": before.status.value, "reason": before.reason} if before else None,
        "to": {"status": verdict.status.value, "reason": verdict.reason}, "post_url": change.post_url,
    }  # fmt: skip


def _verdict(verdict: Verdict, content: Content) -> dict[str, Any]:
    duty = verdict.duty
    return {
        "campaign_id": duty.campaign_id, "material_id": duty.material_id, "agency_id": duty.agency_id,
        "opens_at": _local(duty.window.start, content), "closes_at": _local(duty.window.end, content),
        "status": verdict.status.value, "reason": verdict.reason, "decided_by": verdict.decided_by,
        "post_id": verdict.post_id, "post_url": verdict.post_url,
        "published_at": _local(verdict.published_at, content), "minutes_late": verdict.minutes_late,
        "matcher": verdict.matcher, "score": verdict.score,
        "grade": verdict.grade.value if verdict.grade else None,
        "evidence": {
            **_evidence(content.post_of(verdict), content.sign_of(verdict)),
            **_sight(content.sights.get(verdict.post_id or ""), content),
        },
        "picture": content.explained_by(verdict),
        "also_for": [_local(window.start, content) for window in content.also_for(verdict)],
    }  # fmt: skip


def _evidence(post: PostFact | None, sign: SignFact | None) -> dict[str, Any]:
    return {
        "page_sha256": page_behind(post, sign),
        "media_sha256": sign.media_sha256 if sign else None,
        "published_quality": post.quality if post else None,
        "explanation": dict(sign.explanation) if sign else None,
    }


def _sight(sight: Sight | None, content: Content) -> dict[str, Any]:
    return {
        "first_seen_at": _local(sight.seen_at if sight else None, content),
        "not_yet_seen_at": _local(sight.not_yet_at if sight else None, content),
    }


def _obstacle(obstacle: Obstacle) -> dict[str, Any]:
    return {
        "cause": obstacle.cause.value, "agency_id": obstacle.agency_id, "account": obstacle.account or None,
        "detail": obstacle.detail, "duties": obstacle.duties,
    }  # fmt: skip


def _unread(one: UnreadFact, content: Content) -> dict[str, Any]:
    return {
        "what": one.what, "post_id": one.post_id, "account": f"{one.channel}:{one.handle}",
        "detail": one.detail, "agency_id": one.agency_id, "url": one.url,
        "published_at": _local(one.published_at, content),
    }  # fmt: skip


def _mention(one: MentionFact, content: Content) -> dict[str, Any]:
    return {
        "campaign_id": one.campaign_id, "outlet_id": one.outlet_id, "outlet_name": one.outlet_name, "url": one.url,
        "title": one.title, "published_at": _local(one.published_at, content), "words": list(one.words),
        "is_read": one.is_read, "evidence_sha256": one.evidence_sha256,
    }  # fmt: skip


def _health(health: Health | None, content: Content) -> dict[str, Any] | None:
    if health is None:
        return None
    return {
        "run_id": health.run_id, "started_at": _local(health.started_at, content),
        "finished_at": _local(health.finished_at, content),
        "channels": [
            {"channel": c.channel, "visits": c.visits, "outcomes": c.outcomes, "posts_seen": c.posts_seen}
            for c in health.channels
        ],
    }  # fmt: skip
