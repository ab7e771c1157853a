"""The report's content -> report.pdf, laid out by report.typ as an official letter with annexes.

Everything handed to the template is plain data in the report's language; what people wrote is never markup.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines.items import Status, Verdict
from queries.report.annexes import Annexes, link_of
from queries.report.as_json import digest_of
from queries.report.captions import clean, shorten
from queries.report.content import Content, Proofs
from queries.report.headline import (
    told_alarms,
    told_figures,
    told_instruments,
    told_note,
    told_read,
    told_share,
    told_stamps,
)
from queries.report.page import Entry, Page
from queries.report.pictures import thumbnails_of
from queries.report.scope import Column, Figures
from queries.report.season import Season
from queries.report.unseen import Obstacle, by_cause
from queries.typeset import typeset
from queries.wording import Wording

TEMPLATE = Path(__file__).with_name("report.typ")
MOST_COLUMNS = 9  # of the matrix on one page; more go into further tables
MOST_PICTURES = 120  # cards with pictures, ten pages; the index names the evidence of all
MOST_LISTED = 200  # entries of one list; all are in report.json
LOGO = "logo.jpg"

Data = dict[str, Any]


def render_pdf(content: Content) -> bytes:
    """The whole report as PDF. Raises: WrongUse where Typst is not installed."""
    return lay_out(Paper(content))


def lay_out(paper: Paper, has_machine_fonts: bool = True) -> bytes:
    """The PDF; without the machine's fonts only those that Typst brings along."""
    return typeset(TEMPLATE, cleaned(paper.data()), paper.content.request.as_of, paper.pictures(), has_machine_fonts)


class Paper:
    """The report as the template wants it: words, lists of them, and pictures by name."""

    def __init__(self, content: Content) -> None:
        instance = content.request.instance
        self.content = content
        self.wording = Wording(instance.language, instance.zone)
        self.t = self.wording.text
        shown = few(content.proofs(), MOST_PICTURES)
        self.page = Page(content, self.wording, thumbnails_of(content, shown))
        self.logo = self.page.logo()
        self.season = Season(content, self.page)
        self.annexes = Annexes(content, self.page, shown)
        self.digest = digest_of(content)

    def data(self) -> Data:
        """All that report.typ names."""
        return {
            **self._document(), **self._head(), "words": self._words(), "statuses": self._statuses(),
            "alarms": told_alarms(self.content, self.wording), "figures": self._figures(),
            "scope": self._scope(), "unseen": self._unseen(), "matrix": self._matrix(),
            "changes": self.season.changes(), "lists": self._lists(), "decided": self._decided(),
            "trends": self.season.trends(), "media": self._media(), "closing": self._closing(),
            "annexes": self.annexes.data(),
        }  # fmt: skip

    def pictures(self) -> Mapping[str, bytes]:
        """JPEGs and SVG by the names that `data` calls them."""
        logo = {LOGO: self.logo.jpeg} if self.logo else {}
        return {**logo, **self.season.pictures(), **self.annexes.pictures()}

    def _document(self) -> Data:
        request, w = self.content.request, self.wording
        day, as_of, name = w.full_date(request.day), w.moment(request.as_of), request.instance.name
        return {
            "language": w.language, "author": name, "document_title": f"{self.t('title.report')}, {day} – {name}",
            "running": self.t("paper.running", instance=name, day=day, as_of=as_of),
            "page_mark": self.t("paper.page"), "digest": self.t("paper.digest", digest=self.digest),
        }  # fmt: skip

    def _head(self) -> Data:
        request, w = self.content.request, self.wording
        letters = [line for title, named in told_instruments(self.content, self.wording)
                   for line in (named or [self.t("paper.no_letter", campaign=title)])]  # fmt: skip
        meta = [
            (self.t("paper.day"), [f"{w.weekday(request.day)}, {w.full_date(request.day)}"]),
            (self.t("title.as_of"), [w.moment(request.as_of)]),
            (self.t("paper.basis"), letters),
            (self.t("title.seal"), [self.content.seal] if self.content.seal else []),
            (self.t("title.stamp"), told_stamps(self.content, w)),
        ]
        return {
            "letterhead": list(request.instance.letterhead) or [request.instance.name],
            "logo": LOGO if self.logo else None, "logo_alt": self.t("paper.logo", instance=request.instance.name),
            "meta": [pair for pair in meta if pair[1]],
        }  # fmt: skip

    def _words(self) -> Mapping[str, str]:
        keys = (
            "paper.title", "paper.subtitle", "paper.number", "paper.duties", "paper.column", "paper.campaign",
            "paper.account", "paper.effect", "paper.closing", "paper.esign", "paper.annexes", "figures.heading",
            "unseen.heading", "matrix.heading", "matrix.agency", "matrix.legend",
            "matrix.today", "matrix.ban",
            "lists.heading", "lists.empty", "lists.agency", "lists.material", "lists.window", "lists.note",
            "decided.about", "decided.decision",
            "alarm.note", "media.heading", "media.outlet", "media.article", "media.words", "cards.published",
        )  # fmt: skip
        return {key.replace(".", "_"): self.t(key) for key in keys} | {**self.season.words(), **self.annexes.words()}

    def _statuses(self) -> Data:
        return {
            status.value: {name: self.t(f"{section}.{status}") for name, section in
                           (("mark", "mark"), ("word", "status"), ("meaning", "meaning"))}
            for status in Status
        }  # fmt: skip

    def _figures(self) -> list[Data]:
        """None where the report has no duty: the scope says so."""
        told = told_figures(self.content, self.wording) if self.content.matrix.columns else []
        return [self._figure(self.t(f"figures.{key}", date=date), found) for key, date, found in told]

    def _figure(self, label: str, figures: Figures) -> Data:
        counts = ", ".join(f"{self.t(f'status.{status}')} {number}" for status, number in figures.counts.items())
        return {
            "label": label, "counts": [[status.value, number] for status, number in figures.counts.items()],
            "ratio": self.t("paper.ratio", done=figures.done, due=figures.due) if figures.due else None,
            "says": told_share(figures, self.wording),
            "alt": self.t("paper.bar", duties=figures.duties, counts=counts),
        }  # fmt: skip

    def _scope(self) -> list[str]:
        matrix = self.content.matrix
        if not matrix.columns:
            return [self.t("figures.none")]
        counts = {"duties": matrix.figures.duties, "agencies": len(matrix.rows), "materials": self.page.materials()}
        return [self.t("figures.scope", **counts) + ".", self.t("figures.due_note")]

    def _unseen(self) -> Data:
        causes = [self._cause(cause.value, found) for cause, found in by_cause(self.content.obstacles).items()]
        unread = len({one.post_id for one in self.content.facts.unread})
        return {
            "note": self.t("unseen.note" if causes else self.content.calm) if causes or not unread else None,
            "causes": causes, "unread": self.t("paper.unread", count=unread) if unread else None,
        }  # fmt: skip

    def _cause(self, cause: str, found: Sequence[Obstacle]) -> Data:
        return {
            "title": f"{self.t(f'cause.{cause}')} ({len(found)})", "todo": self.t(f"todo.{cause}"),
            "entries": [self._obstacle(one) for one in found[:MOST_LISTED]],
            "more": self._more(len(found) - MOST_LISTED),
        }  # fmt: skip

    def _obstacle(self, one: Obstacle) -> Data:
        affects = self.t("unseen.affects", count=one.duties) if one.duties else self.t("unseen.affects_none")
        return {
            "agency": self.page.names.get(one.agency_id, one.agency_id), "affects": affects,
            "account": self.wording.account(one.account),
            "detail": shorten(self.page.technical(one.detail), 160),
        }  # fmt: skip

    def _more(self, number: int) -> str | None:
        return self.t("unseen.more", count=number) if number > 0 else None

    def _matrix(self) -> Data | None:
        matrix = self.content.matrix
        if not matrix.columns:
            return None
        is_partial = any(None in row.cells for row in matrix.rows)
        return {
            "duties": [self._duty(column) for column in matrix.columns],
            "tables": [self._table(columns) for columns in split_evenly(matrix.columns, MOST_COLUMNS)],
            "legend": [status.value for status in matrix.figures.counts],
            "decided": self.t("decided.mark") if any(map(self.content.is_marked, matrix.verdicts)) else None,
            "not_obliged": self.t("matrix.not_obliged") if is_partial else None,
        }  # fmt: skip

    def _duty(self, column: Column) -> Data:
        return {
            "number": column.number, "campaign": column.campaign_title, "material": column.material.title,
            "window": self.wording.window(column.window), "is_ban": column.rule == "must_not",
            "is_today": column.is_today,
        }  # fmt: skip

    def _table(self, columns: Sequence[Column]) -> Data:
        places = [column.number - 1 for column in columns]
        return {
            "columns": [self._duty(column) for column in columns],
            "says": self.t(
                "paper.columns", first=columns[0].number, last=columns[-1].number,
                zone=self.wording.zone_name(self.content.request.as_of),
            ),
            "rows": [
                {"agency": row.agency.name, "cells": [self._cell(row.cells[place]) for place in places]}
                for row in self.content.matrix.rows
            ],
        }  # fmt: skip

    def _cell(self, verdict: Verdict | None) -> Data | None:
        return {"status": verdict.status.value, "time": self.page.cell_text(verdict)} if verdict else None

    def _lists(self) -> list[Data]:
        return [
            {
                "title": f"{self.t(f'lists.{key}')} ({len(entries)})", "status": entries[0].verdict.status.value,
                "entries": [self._entry(entry) for entry in entries],
            }
            for key, entries in self.page.lists()
        ]  # fmt: skip

    def _decided(self) -> Data | None:
        found = self.page.decided()
        if not found:
            return None
        return {
            "title": f"{self.t('decided.heading')} ({len(found)})",
            "entries": [
                {"agency": one.agency, "material": one.material, "subject": one.subject, "href": one.link,
                 "decision": one.decision, "note": one.note}
                for one in found[:MOST_LISTED]
            ],
            "more": self._more(len(found) - MOST_LISTED),
        }  # fmt: skip

    def _entry(self, entry: Entry) -> Data:
        at, url = entry.verdict.published_at, entry.verdict.post_url
        return {
            "agency": entry.agency, "material": entry.column.material.title,
            "window": self.wording.window(entry.column.window), "href": link_of(url),
            "published": self.wording.moment(at) if at else self.t("cards.post") if url else "",
            "note": told_note(self.content, entry.verdict, self.wording), "more": list(self._more_of(entry.verdict)),
        }  # fmt: skip

    def _more_of(self, verdict: Verdict) -> Iterator[str]:
        """Why it was recognised, or which accounts were read in vain."""
        if verdict.status is Status.REVIEW and (why := self.page.why(verdict)):
            yield why
        if read := told_read(verdict, self.wording, self.content.former):
            yield self.t("lists.read", accounts=read)

    def _media(self) -> Data | None:
        media = self.content.media
        if not media.outlets:
            return None
        return {
            "note": self.t("media.note", outlets=media.outlets),
            "none": None if media.mentions else self.t("media.none"),
            "entries": [
                {
                    "outlet": one.outlet_name, "title": shorten(one.title), "href": link_of(one.url),
                    "lead": None if one.is_read else self.t("media.lead"),
                    "published": self.wording.moment(one.published_at), "words": ", ".join(one.words),
                }
                for one in media.mentions[:MOST_LISTED]
            ],
            "more": self._more(len(media.mentions) - MOST_LISTED),
        }  # fmt: skip

    def _closing(self) -> Data:
        request, matrix = self.content.request, self.content.matrix
        signatory = request.instance.signatory
        date = self.wording.full_date(request.as_of.astimezone(request.instance.zone).date())
        as_of = self.wording.moment(request.as_of)
        numbers = {"duties": matrix.figures.duties, "agencies": len(matrix.rows), "as_of": as_of}
        has_nip = signatory and signatory.nip
        return {
            "statement": self.t("paper.statement", **numbers), "end": self.t("paper.end"), "digest": self.digest,
            "place": self.t("sign.place", date=date),
            "title": (signatory and signatory.title) or f"{self.t('sign.title')} ……………………",
            "name": signatory.name if signatory else "……………………………………",
            "nip": self.t("sign.nip", nip=signatory.nip) if signatory and has_nip else self.t("sign.nip_empty"),
        }  # fmt: skip


def few(proofs: Sequence[Proofs], most: int) -> list[Proofs]:
    """The duties with at most `most` cards in all: what a person must act on before what was fulfilled."""
    cards = [verdict for one in proofs for verdict in one.cards]
    kept = {v.duty.key for v in sorted(cards, key=lambda v: v.status is Status.FULFILLED)[:most]}
    return [Proofs(one.column, tuple(v for v in one.cards if v.duty.key in kept), one.lines) for one in proofs]


def split_evenly(columns: Sequence[Column], most: int) -> list[Sequence[Column]]:
    """As few groups of at most `most` as will do, all about the same size."""
    groups = -(-len(columns) // most)
    size = -(-len(columns) // groups)
    return [columns[start : start + size] for start in range(0, len(columns), size)]


def cleaned(value: Any) -> Any:
    """The data with every text in one line and without invisible characters, so that none can turn the page."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {key: cleaned(part) for key, part in value.items()}
    return [cleaned(part) for part in value] if isinstance(value, (list, tuple)) else value
