"""What the site tells -> its pages as names and bytes; nothing is read or written here but the templates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from crawler.items import Agency, Span
from pipelines.items import Campaign, Verdict
from queries.report.captions import tidied
from queries.report.page import anchor_of, bar_of, coded, safe_link
from queries.report.scope import Column, local_day, matrix_of, reported, touches
from queries.site.arranged import Site
from queries.site.calendar import due_days, months_of
from queries.site.facts import PostFact, Recognised
from queries.site.names import (
    DAYS,
    FRONT,
    INDEX_SCRIPT,
    SCRIPT,
    STYLE,
    agency_name,
    campaign_name,
    post_name,
)
from queries.site.pictures import picture_name
from queries.site.tallies import Tally, streak_of, tally_of
from queries.site.told import (
    REPORT,
    Told,
    account_anchor,
    material_anchor,
    symbols,
    text_lines,
)

FOLDER = Path(__file__).parent
RECENT = 14  # daily reports whose files are listed openly; the older ones are a click away
MENTIONS = 500  # articles of one campaign on its page; all are in the store


@dataclass(frozen=True, slots=True)
class Window:
    """One column of a campaign's matrix, with the figures of its duties."""

    column: Column
    tally: Tally
    is_today: bool


class Pages:
    """One site's pages. `pictures`: the names of those that are there; `materials`: the one of each material's file."""

    def __init__(self, told: Told, pictures: Set[str], materials: dict[tuple[str, str], str]) -> None:
        self.told = told
        self.site: Site = told.site
        self._pictures = pictures
        self._materials = materials
        instance = self.site.request.instance
        self._shared: dict[str, Any] = {
            "t": told.text, "w": told.words, "told": told, "instance": instance, "request": self.site.request,
            "symbols": symbols(), "bar_of": bar_of, "coded": coded, "safe_link": safe_link,
            "STYLE": STYLE, "SCRIPT": SCRIPT, "INDEX_SCRIPT": INDEX_SCRIPT, "FRONT": FRONT, "DAYS": DAYS,
            "agency_page": agency_name, "campaign_page": campaign_name, "account_anchor": account_anchor,
            "material_anchor": material_anchor, "anchor_of": anchor_of, "tally_of": tally_of, "text_lines": text_lines,
        }  # fmt: skip

    def front(self) -> tuple[str, bytes]:
        """The newest day's figures, days, campaigns, agencies, and the search."""
        request, site = self.site.request, self.site
        today = local_day(request.day, self.told.words.zone)
        musts = {key: [one for one in request.verdicts if touches(one.duty.window, span)]
                 for key, span in (("today", today), ("since", reported(today)))}  # fmt: skip
        starts = {"today": today.start, "since": reported(today).start}
        due = due_days({one.duty.window for one in request.verdicts}, self.told.words.zone)
        return FRONT, self._render(
            "front.html", "",
            figures=[(key, self.told.words.short_date(starts[key]), tally_of(found)) for key, found in musts.items()],
            months=months_of(site.days.published, due, request.day), left_out=len(site.days.left_out),
            reports=[(day, site.days.paper(day), site.days.workbook(day))
                     for day in sorted(site.days.published, reverse=True)], RECENT=RECENT,
            campaigns=[(one, site.by_campaign.get(key, [])) for key, one in site.campaigns.items()],
            agencies=[(one, tally_of(site.by_agency.get(key, []))) for key, one in site.agencies.items()],
        )  # fmt: skip

    def campaigns(self) -> Iterator[tuple[str, bytes]]:
        """One page each."""
        for campaign_id, campaign in self.site.campaigns.items():
            yield campaign_name(campaign_id), self._campaign(campaign, self.site.by_campaign.get(campaign_id, []))

    def agencies(self) -> Iterator[tuple[str, bytes]]:
        """One page each."""
        for agency_id, agency in self.site.agencies.items():
            yield agency_name(agency_id), self._agency(agency, self.site.by_agency.get(agency_id, []))

    def post(self, post: PostFact, found: Sequence[Recognised]) -> tuple[str, bytes]:
        """The page of one post."""
        resting = self.site.by_post[post.post_id]
        shown = self.site.briefs[post.post_id].shown
        picture = picture_name(shown[1], shown[0]) if shown else ""
        return post_name(post.post_id), self._render(
            "post.html", "../", post=post, found=found, lines=self.told.lines(resting), text=text_lines(post.text),
            picture=picture if picture in self._pictures else None, reported=self._reported(resting),
        )  # fmt: skip

    def _campaign(self, campaign: Campaign, verdicts: list[Verdict]) -> bytes:
        request = self.site.request
        today = local_day(request.day, self.told.words.zone)
        starts, ends = ([getattr(one.duty.window, edge) for one in verdicts] for edge in ("start", "end"))
        whole = Span(min(starts, default=today.start), max(ends, default=today.end))
        matrix = matrix_of(verdicts, list(self.site.campaigns.values()), request.agencies, whole)
        windows = [
            Window(one, tally_of(matrix.verdicts_of(one)), touches(one.window, today)) for one in matrix.columns
        ]
        mentions = [one for one in self.site.mentions if one.campaign_id == campaign.campaign_id]
        pictures = {key[1]: name for key, name in self._materials.items()
                    if key[0] == campaign.campaign_id and name in self._pictures}  # fmt: skip
        return self._render(
            "campaign.html", "../", campaign=campaign, tally=tally_of(verdicts), matrix=matrix, windows=windows,
            mentions=mentions[:MENTIONS], more=max(0, len(mentions) - MENTIONS), outlets=self.site.outlets,
            pictures=pictures,
        )  # fmt: skip

    def _agency(self, agency: Agency, verdicts: list[Verdict]) -> bytes:
        accounts = self.site.accounts.get(agency.agency_id, ())
        named = {one.key for one in accounts}
        unlisted = sorted({key for one in verdicts for key in one.duty.accounts} - named)
        return self._render(
            "agency.html", "../", agency=agency, tally=tally_of(verdicts), streak=streak_of(verdicts),
            lines=self.told.lines(verdicts), accounts=accounts, unlisted=unlisted,
        )  # fmt: skip

    def _reported(self, verdicts: Sequence[Verdict]) -> list[date]:
        """The published daily reports in which one of these verdicts stands."""
        zone, days = self.told.words.zone, sorted(self.site.days.published)
        spans = [(day, reported(local_day(day, zone))) for day in days]
        return [day for day, span in spans if any(touches(one.duty.window, span) for one in verdicts)]

    def _render(self, template: str, up: str, **more: Any) -> bytes:
        return _environment().get_template(template).render(up=up, **self._shared, **more).encode()


def style_sheet() -> bytes:
    """The daily report's style, and what the site adds."""
    return (REPORT / "page.css").read_bytes() + (FOLDER / "site.css").read_bytes()


def script() -> bytes:
    """The search: the one script."""
    return (FOLDER / "search.js").read_bytes()


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, finalize=tidied,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
