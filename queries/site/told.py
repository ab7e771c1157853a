"""What the site knows -> words, links and lines that its templates set."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from markupsafe import Markup, escape

from pipelines.items import Verdict
from queries import report
from queries.details import told_detail
from queries.report.captions import tidy
from queries.report.facts import SignFact
from queries.report.page import anchor_of, safe_link
from queries.site.arranged import Site
from queries.site.names import agency_name, campaign_name, digest_of, post_name
from queries.wording import Wording

REPORT = Path(report.__file__).parent
SHOWN_LETTERS = 20_000  # of a post's text


@dataclass(frozen=True, slots=True)
class Line:
    """One duty and what is said of it. `page`: of its post; `link`: the post itself, where it has no page."""

    verdict: Verdict
    anchor: str
    campaign: str
    campaign_page: str
    material: str
    agency: str
    agency_page: str
    page: str | None
    link: str | None
    is_submitted: bool
    evidence_sha256: str
    quality: str


class Told:
    """The voice of one site."""

    def __init__(self, site: Site) -> None:
        self.site = site
        instance = site.request.instance
        self.words = Wording(instance.language, instance.zone)
        self._texts: dict[str, Markup] = {}

    def text(self, key: str, **parts: object) -> Markup:
        """The text under `section.key`, ready for a page; without parts it is looked up once."""
        if parts:
            return escape(tidy(self.words.text(key, **parts)))
        if key not in self._texts:
            self._texts[key] = escape(self.words.text(key))
        return self._texts[key]

    def technical(self, detail: str) -> Markup:
        """What a program recorded of its trouble, in words and set apart."""
        return self.text("unseen.technical", detail=told_detail(detail, self.words.language)[:200])

    def lines(self, verdicts: Sequence[Verdict]) -> list[Line]:
        """In the same order."""
        return [self.line(verdict) for verdict in verdicts]

    def line(self, verdict: Verdict) -> Line:
        """All that stands in one row."""
        duty, brief = verdict.duty, self.site.brief_of(verdict)
        is_submitted = self.site.is_submitted(verdict)
        has_page = self.site.has_page(verdict)
        return Line(
            verdict, anchor_of(verdict),
            self.campaign(duty.campaign_id), campaign_name(duty.campaign_id),
            self.material(duty.campaign_id, duty.material_id),
            self.agency(duty.agency_id), agency_name(duty.agency_id),
            post_name(verdict.post_id) if verdict.post_id and has_page else None,
            None if has_page or is_submitted else safe_link(verdict.post_url),
            is_submitted,
            brief.pages.get((duty.campaign_id, duty.material_id), brief.evidence_sha256) if brief else "",
            brief.quality if brief else "exact",
        )  # fmt: skip

    def campaign(self, campaign_id: str) -> str:
        """Its title."""
        return self.site.campaigns[campaign_id].title

    def material(self, campaign_id: str, material_id: str) -> str:
        """Its title; one that has left its campaign is told by its id."""
        known = self.site.materials.get((campaign_id, material_id))
        return known.title if known else material_id

    def agency(self, agency_id: str) -> str:
        """Its name."""
        known = self.site.agencies.get(agency_id)
        return known.name if known else agency_id

    def why(self, sign: SignFact) -> str:
        """The matcher's own sentence in the site's language."""
        return sign.explanation.get(self.words.language) or sign.explanation.get("id") or ""

    def cell(self, verdict: Verdict) -> str:
        """The few characters that fit a cell: the time, with its date where that is not plain."""
        if verdict.published_at is None:
            return ""
        clock = self.words.clock(verdict.published_at)
        same = self._day(verdict.published_at) == self._day(verdict.duty.window.start)
        return clock if same else f"{self.words.short_date(verdict.published_at)} {clock}"

    def day(self, day: date) -> str:
        """`Rabu, 24 April 2024`."""
        return f"{self.words.weekday(day)}, {self.words.full_date(day)}"

    def month(self, first: date) -> str:
        """`April 2024`."""
        return self.words.full_date(first).partition(" ")[2]

    def span(self, since: datetime, until: datetime) -> str:
        """`24 Apr 2024, 09.12 WIB – 25 Apr 2024, 10.00 WIB`."""
        return f"{self.words.moment(since)} – {self.words.moment(until)}"

    def _day(self, instant: datetime) -> date:
        return instant.astimezone(self.words.zone).date()


def account_anchor(key: str) -> str:
    """The name of an account's part within its agency's page."""
    return f"akun-{digest_of(key)}"


def material_anchor(material_id: str) -> str:
    """The name of a material's part within its campaign's page."""
    return f"materi-{digest_of(material_id)}"


def text_lines(text: str) -> list[str]:
    """What its author wrote, line by line, without what could disturb the page."""
    cut = text[:SHOWN_LETTERS] + ("…" if len(text) > SHOWN_LETTERS else "")
    return [tidy(line) for line in cut.splitlines()]


@cache
def symbols() -> Markup:
    """The icons of the daily report, one for each status."""
    page = (REPORT / "page.html").read_text(encoding="utf-8")
    return Markup("\n".join(re.findall(r'<symbol id="i-.*?</symbol>', page)))  # noqa: S704 - our own template
