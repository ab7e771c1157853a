"""Facts in few words -> a store of the project's own writer, for tests that know every row of it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.store import Row, Store
from queries.ask import ask
from queries.reader import open_store

ZONE = ZoneInfo("Asia/Jakarta")
CAMPAIGN, MATERIAL = "antikorupsi", "tolak-tip"


def at(day: int, hour: float = 0) -> datetime:
    """A local hour of a day of April 2024."""
    return (datetime(2024, 4, 1, tzinfo=ZONE) + timedelta(days=day - 1, hours=hour)).astimezone(UTC)


def on(day: int) -> date:
    """A day of April 2024."""
    return date(2024, 4, day)


def picture(name: str, sha256: str | None = "", trouble: str | None = None) -> dict[str, Any]:
    """One picture of a post; its bytes are its name where nothing else is said."""
    return {"media_id": name, "kind": "image", "url": f"https://x/{name}", "sha256": name if sha256 == "" else sha256,
            "trouble": trouble}  # fmt: skip


@dataclass
class Facts:
    """What is known so far, as rows of each table; `as_of` is the instant all newest verdicts speak of."""

    home: Path
    as_of: datetime = field(default_factory=lambda: at(30))
    tables: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, table: str, **row: Any) -> None:
        """One row, as it is."""
        self.tables.setdefault(table, []).append(row)

    def agency(self, agency_id: str, kind: str = "opd", *handles: str, **more: Any) -> None:
        """An agency with its Instagram accounts; `native_id` and `active_*` of the accounts may follow."""
        self.add("agency_rows", agency_id=agency_id, name=f"Dinas {agency_id}", kind=kind)
        for handle in handles:
            self.add("account_rows", agency_id=agency_id, channel="instagram", handle=handle, **more)

    def material(self, material_id: str = MATERIAL, kind: str = "video", campaign_id: str = CAMPAIGN) -> None:
        """A material whose newest form is `ref`."""
        self.add("material_rows", campaign_id=campaign_id, material_id=material_id, title=material_id, kind=kind,
                 mode="same", reference_id=f"ref-{material_id}")  # fmt: skip

    def verdict(self, agency_id: str, status: str, day: int = 20, rule: str = "must", **more: Any) -> None:
        """A duty of one day and its newest verdict; `grace_hours`, `keep_hours` and columns of verdicts may follow."""
        key = {"campaign_id": more.pop("campaign_id", CAMPAIGN), "material_id": more.pop("material_id", MATERIAL),
               "agency_id": agency_id, "opens_at": at(day), "closes_at": at(day + 1)}  # fmt: skip
        hours = {name: more.pop(name, 0.0) for name in ("grace_hours", "keep_hours")}
        self.add("duty_rows", **key, **hours, rule=rule, accounts=[f"instagram:{agency_id}"])
        if more.get("post_id"):
            usual = {"published_at": at(day, 9), "post_url": url(more["post_id"]), "matcher": "video", "grade": "A"}
            more = {**usual, **more}
        row = {**key, "status": status, "reason": "", "decided_by": "tayang", "as_of": self.as_of, **more}
        self.add("newest_verdict_rows", **row)
        self.add("verdict_rows", **{"said_at": row["as_of"], **row})

    def said(self, agency_id: str, status: str, as_of: datetime, day: int = 20, **more: Any) -> None:
        """What was said of the duty of a day at an earlier instant."""
        row = {"campaign_id": CAMPAIGN, "material_id": MATERIAL, "agency_id": agency_id, "opens_at": at(day),
               "closes_at": at(day + 1), "reason": "", "decided_by": "tayang", "said_at": as_of, **more}  # fmt: skip
        self.add("verdict_rows", status=status, as_of=as_of, **row)

    def post(self, post_id: str, agency_id: str, published_at: datetime, *seen: datetime, **more: Any) -> None:
        """One state of a post, and the looks that saw it so."""
        content_id = more.pop("content_id", f"state of {post_id}")
        row = {"channel": "instagram", "handle": agency_id, "native_id": post_id, "url": url(post_id),
               "published_until": published_at, "published_quality": "exact", "text": "teks", "links": [], "media": [],
               "origin": "crawl", "is_pinned": False, **more}  # fmt: skip
        seen = seen or (published_at + timedelta(hours=1),)
        self.add("post_rows", post_id=post_id, content_id=content_id, agency_id=agency_id, published_at=published_at,
                 seen_at=seen[0], **row)  # fmt: skip
        for look in seen:
            self.add("sighting_rows", post_id=post_id, content_id=content_id, seen_at=look)

    def article(self, post_id: str, campaign_id: str, published_at: datetime) -> None:
        """What a news medium wrote of a campaign."""
        self.post(post_id, "", published_at, channel="media", handle="kabar")
        self.add("mention_rows", post_id=post_id, campaign_id=campaign_id, words=["tolak tip"])

    def sign(self, post_id: str, matcher: str, media_sha256: str | None = None, **more: Any) -> None:
        """A certain sign of the material in a post's state."""
        row = {"content_id": f"state of {post_id}", "campaign_id": CAMPAIGN, "material_id": MATERIAL, "score": 0.9,
               "reference_id": f"ref-{more.get('material_id', MATERIAL)}", "decision": "match", **more}  # fmt: skip
        self.add("sign_rows", post_id=post_id, matcher=matcher, media_sha256=media_sha256, **row)

    def look(self, agency_id: str, started_at: datetime, covers: tuple[datetime, datetime] | None, **more: Any) -> None:
        """A look at the agency's account of its own name, and the span it proves (None = it proves nothing)."""
        starts, ends = covers or (None, None)
        row = {"channel": "instagram", "handle": agency_id, "outcome": "complete" if covers else "blocked",
               "cause": None if covers else "blocked", "covers_from": starts, "covers_until": ends,
               "finished_at": started_at + timedelta(minutes=1), **more}  # fmt: skip
        self.add("visit_rows", run_id=f"r{started_at:%d%H}", agency_id=agency_id, started_at=started_at, **row)

    def ask(self, name: str, *columns: str, **parameters: str) -> list[tuple[Any, ...]]:
        """These columns of a query's answer, from a store that holds the facts and nothing else."""
        store = Store(self.home / "tayang.duckdb")
        store.prepare()
        store.append(self.tables)
        self.tables = {}
        with closing(open_store(store.path, ZONE.key)) as connection:
            answer = ask(connection, name, parameters)
        return [tuple(dict(zip(answer.columns, row, strict=True))[column] for column in columns) for row in answer.rows]


def url(post_id: str) -> str:
    """The address of a post."""
    return f"https://www.instagram.com/p/{post_id}/"
