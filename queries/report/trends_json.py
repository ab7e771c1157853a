"""The numbers of a season -> plain values for report.json, as KEYS.md documents them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from queries.report.scope import Column
from queries.report.trends import Day, Pace, Sight, Standing, Strip, Trends


def trends_object(trends: Trends, zone: ZoneInfo) -> dict[str, Any]:
    """All that the pictures show; instants local with offset, shares 0..1, null where nothing can be judged."""
    return {
        "days": [_day(one) for one in trends.days],
        "paces": [_pace(one, zone) for one in trends.paces],
        "ranked_before": _local(trends.ranked_before, zone) if trends.ranked_before else None,
        "ranking": [_standing(one) for one in (*trends.ranking, *trends.unranked)],
        "season": {
            "duties": [_column(one, zone) for one in trends.season],
            "agencies": [_strip(one) for one in trends.strips],
        },
        "observed": [_sight(one) for one in trends.sights],
    }  # fmt: skip


def _local(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).isoformat()


def _share(done: float, due: float) -> float | None:
    return round(done / due, 4) if due else None


def _day(one: Day) -> dict[str, Any]:
    figures = one.figures
    return {
        "day": one.day.isoformat(), "done": figures.done, "due": figures.due,
        "share": _share(figures.done, figures.due), "unknown": one.unknown, "still_open": one.still_open,
        "by_status": {status.value: number for status, number in figures.counts.items()},
    }  # fmt: skip


def _column(column: Column, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "campaign_id": column.campaign_id, "material_id": column.material.material_id,
        "opens_at": _local(column.window.start, zone), "closes_at": _local(column.window.end, zone),
    }  # fmt: skip


def _pace(one: Pace, zone: ZoneInfo) -> dict[str, Any]:
    return {
        **_column(one.column, zone), "done": one.figures.done, "due": one.figures.due,
        "hours": [round(hours, 3) for hours in one.hours],
    }  # fmt: skip


def _standing(one: Standing) -> dict[str, Any]:
    return {
        "agency_id": one.agency_id, "rank": one.rank, "done": one.done, "due": one.due,
        "share": _share(one.done, one.due), "unknown": one.unknown, "rank_before": one.rank_before,
        "share_before": round(float(one.share_before), 4) if one.share_before is not None else None,
    }  # fmt: skip


def _strip(one: Strip) -> dict[str, Any]:
    return {"agency_id": one.agency_id, "statuses": [status.value if status else None for status in one.statuses]}


def _sight(one: Sight) -> dict[str, Any]:
    return {
        "day": one.day.isoformat(), "accounts": one.accounts, "hours": round(one.hours, 2), "seen": round(one.seen, 2),
        "share": _share(one.seen, one.hours),
    }  # fmt: skip
