"""The report's content -> index.html: one file, no script, nothing loaded from anywhere."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from pipelines.items import Grade, Status, Verdict
from queries.details import told_detail
from queries.report.captions import clean, shorten, tidied
from queries.report.changes import Change
from queries.report.content import Content
from queries.report.headline import (
    none_of,
    told_alarms,
    told_decider,
    told_decision,
    told_figures,
    told_instruments,
    told_note,
    told_notices,
    told_read,
    told_stamps,
    told_subject,
    told_trends,
)
from queries.report.pictures import material_source, post_source, thumbnails_of
from queries.report.scope import Column, Figures
from queries.report.unseen import by_cause
from queries.thumbnails import Thumbnail, thumbnail
from queries.wording import Wording

FOLDER = Path(__file__).parent
DECIDED = "*"  # of what a person decided
LISTED = 40  # entries of one list on the page; all are in report.json

# The lists a reader acts on, in the order of urgency, and last what others decided.
FOLLOW_UP: Sequence[tuple[str, tuple[Status, ...]]] = (
    ("missing", (Status.MISSING,)),
    ("violated", (Status.VIOLATED,)),
    ("late", (Status.LATE, Status.EARLY)),
    ("incomplete", (Status.INCOMPLETE,)),
    ("review", (Status.REVIEW,)),
    ("exempt", (Status.EXEMPT,)),
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A thumbnail beside its place: `missing` is the text of the drawn placeholder."""

    name: str
    small: Thumbnail | None
    missing: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A verdict with its duty's column and its agency's name, as lists and cards need it."""

    verdict: Verdict
    column: Column
    agency: str
    anchor: str


@dataclass(frozen=True, slots=True)
class DecidedEntry:
    """A person's decision, in words; `link`: the post it is about."""

    agency: str
    material: str
    subject: str
    decision: str
    note: str
    link: str | None


def render_page(content: Content) -> bytes:
    """The whole page as UTF-8."""
    instance = content.request.instance
    wording = Wording(instance.language, instance.zone)
    template = _environment().get_template("page.html")
    return template.render(Page(content, wording, thumbnails_of(content)).context()).encode()


class Page:
    """The words of one page. Everything the template may call is a key of `context`. `small`: pictures by name."""

    def __init__(self, content: Content, wording: Wording, small: Mapping[str, Thumbnail]) -> None:
        self.content = content
        self.wording = wording
        self.small = small
        self.names = {row.agency.agency_id: row.agency.name for row in content.matrix.rows}
        self.titles = {(m.campaign_id, m.material_id): m.title for c in content.request.campaigns for m in c.materials}
        self.titles |= {(c.campaign_id, c.material.material_id): c.material.title for c in content.matrix.columns}
        self.names |= {agency.agency_id: agency.name for agency in content.request.agencies}

    def context(self) -> dict[str, Any]:
        """All that page.html names."""
        style = (FOLDER / "page.css").read_text(encoding="utf-8")
        request, matrix = self.content.request, self.content.matrix
        return {
            "request": request, "instance": request.instance, "matrix": matrix, "content": self.content,
            "t": self.wording.text, "w": self.wording, "LISTED": LISTED,
            "style": style, "style_digest": _digest(style),
            "logo": self.logo(), "small": self.small, "coded": coded, "bar_of": bar_of, "none_of": none_of,
            "lists": self.lists(), "obstacles": by_cause(self.content.obstacles), "unread": self.unread(),
            "alarms": told_alarms(self.content, self.wording), "notices": told_notices(self.content, self.wording),
            "figures": told_figures(self.content, self.wording), "materials": self.materials(),
            "trends_note": told_trends(self.content, self.wording),
            "stamps": told_stamps(self.content, self.wording),
            "instruments": told_instruments(self.content, self.wording), "agency": lambda key: self.names.get(key, key),
            "anchor": anchor_of, "cell_text": self.cell_text, "proofs": self.content.proofs(),
            "post_picture": self.post_picture, "material_picture": self.material_picture,
            "material": self.material, "change_note": self.change_note, "note": self.note,
            "shorten": shorten, "clean": clean, "safe_link": safe_link, "why": self.why,
            "grades": "; ".join(self.wording.text(f"grade.{grade}") for grade in Grade),
            "DECIDED": DECIDED, "has_decided": any(map(self.content.is_marked, matrix.verdicts)),
            "decided": self.decided(),
            "read": lambda verdict: told_read(verdict, self.wording, self.content.former), "technical": self.technical,
            "has_empty": any(None in row.cells for row in matrix.rows),
            "as_of_day": request.as_of.astimezone(request.instance.zone).date(),
        }  # fmt: skip

    def lists(self) -> list[tuple[str, list[Entry]]]:
        """The follow-up lists that are not empty."""
        matrix = self.content.matrix
        entries = [
            Entry(verdict, column, row.agency.name, anchor_of(verdict))
            for at, column in enumerate(matrix.columns)
            for row in matrix.rows
            if (verdict := row.cells[at])
        ]
        chosen = [(key, [e for e in entries if e.verdict.status in wanted]) for key, wanted in FOLLOW_UP]
        return [(key, found) for key, found in chosen if found]

    def decided(self) -> list[DecidedEntry]:
        """What people decided on these duties, in words."""
        w = self.wording
        return [
            DecidedEntry(self.names.get(one.agency_id, one.agency_id), self.title(one.campaign_id, one.material_id),
                         told_subject(one, w), told_decision(one, w), told_decider(one, w), safe_link(one.post_url))
            for one in self.content.decided
        ]  # fmt: skip

    def technical(self, detail: str) -> str:
        """What a program recorded of its trouble, in words and set apart; empty if nothing."""
        told = told_detail(detail, self.wording.language)
        return self.wording.text("unseen.technical", detail=told) if told else ""

    def title(self, campaign_id: str, material_id: str) -> str:
        """A material's title; its id where it has left its campaign."""
        return self.titles.get((campaign_id, material_id), material_id)

    def material(self, verdict: Verdict) -> str:
        """The title of what the duty orders to show, also of a duty that is older than the matrix."""
        return self.title(verdict.duty.campaign_id, verdict.duty.material_id)

    def change_note(self, change: Change) -> str:
        """Why something else is said now."""
        parts = [clean(self.wording.note(change.verdict))]
        if change.is_closing:
            closed_at = self.wording.moment(change.verdict.duty.window.end)
            parts.insert(0, self.wording.text("changes.closing", time=closed_at))
        if change.decider:
            parts.append(self.wording.text("cards.decided_by", name=clean(change.decider)))
        return "; ".join(filter(None, parts))

    def note(self, verdict: Verdict) -> str:
        """As `told_note`, without what a browser could stumble over."""
        return clean(told_note(self.content, verdict, self.wording))

    def unread(self) -> Mapping[str, list[Any]]:
        """Posts of which something could not be read, media and content apart."""
        found = self.content.facts.unread
        return {what: [one for one in found if one.what == what] for what in ("media", "content")}

    def cell_text(self, verdict: Verdict) -> str:
        """The few characters that fit a cell: the time, its date where that is not plain, a person's mark."""
        mark = DECIDED if self.content.is_marked(verdict) else ""
        if verdict.published_at is None:
            return mark
        clock = self.wording.clock(verdict.published_at) + mark
        same = self._local_date(verdict.published_at) == self._local_date(verdict.duty.window.start)
        return clock if same else f"{self.wording.short_date(verdict.published_at)} {clock}"

    def post_picture(self, verdict: Verdict) -> Picture:
        """What the post shows."""
        source, post = post_source(self.content, verdict), self.content.post_of(verdict)
        if source and source.name in self.small:
            return Picture(source.name, self.small[source.name], "")
        missing = "unreadable" if source or (post and any(trouble for *_, trouble in post.media)) else "no_picture"
        return Picture("", None, self.wording.text(f"cards.{missing}"))

    def material_picture(self, column: Column) -> Picture:
        """What the material shows."""
        source = material_source(column.material)
        if source and source.name in self.small:
            return Picture(source.name, self.small[source.name], "")
        names = {"text": "text_only", "audio": "audio"}
        missing = names.get(column.material.kind, "unreadable" if source else "no_picture")
        return Picture("", None, self.wording.text(f"cards.{missing}"))

    def why(self, verdict: Verdict) -> str:
        """The matcher's own sentence in the report's language."""
        sign = self.content.sign_of(verdict)
        told = sign.explanation if sign else {}
        return shorten(told.get(self.wording.language) or told.get("id") or "", 320)

    def logo(self) -> Thumbnail | None:
        """The coat of arms; None where there is none to be read."""
        logo = self.content.request.instance.logo
        return thumbnail(logo, "image", 20_000) if logo else None

    def materials(self) -> int:
        """How many different ones the matrix has."""
        return len({(c.campaign_id, c.material.material_id) for c in self.content.matrix.columns})

    def _local_date(self, instant: datetime) -> Any:
        return instant.astimezone(self.wording.zone).date()


def bar_of(figures: Figures) -> list[tuple[Status, float, float]]:
    """(status, start, width) of each part of a headline bar, of 1000."""
    start, parts = 0.0, []
    for status, number in figures.counts.items():
        width = round(1000 * number / figures.duties, 2)
        parts.append((status, round(start, 2), width))
        start += width
    return parts


def _digest(style: str) -> str:
    """The name by which the page's policy allows its one style sheet."""
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def anchor_of(verdict: Verdict) -> str:
    """The card's name within the page, the same in every report of the same duty."""
    key = "|".join(str(part) for part in verdict.duty.key)
    return "k" + hashlib.sha256(key.encode()).hexdigest()[:8]


def coded(text: str) -> Markup:
    """One of our own texts with its `commands` set as code."""
    plain, *rest = re.split(r"`([^`]+)`", text)
    pairs = zip(rest[::2], rest[1::2], strict=True)
    return Markup().join([escape(plain), *(Markup("<code>{}</code>{}").format(*pair) for pair in pairs)])


def safe_link(url: str | None) -> str | None:
    """A web address that may be followed; anything else is shown as text only."""
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, finalize=tidied,  # names and reasons are people's words, too
    )  # fmt: skip
