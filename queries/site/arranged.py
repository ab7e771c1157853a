"""A request and the store -> everything the site tells, arranged by agency, campaign and post."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from crawler.items import Agency, Span
from pipelines.items import Campaign, Grade, Material, Verdict
from queries.reader import open_store
from queries.report.facts import MentionFact, count_outlets, read_mentions
from queries.site.days import Days, read_days
from queries.site.facts import (
    SUBMISSION,
    AccountFact,
    PostBrief,
    read_accounts,
    read_briefs,
    read_paths,
    read_submitted,
)
from queries.site.request import SiteRequest

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Site:
    """What is said. `paths`: where each medium lies; `outlets`: how many news media are asked."""

    request: SiteRequest
    briefs: Mapping[str, PostBrief]
    submitted: frozenset[str]
    accounts: Mapping[str, tuple[AccountFact, ...]]
    mentions: Sequence[MentionFact]
    outlets: int
    paths: Mapping[str, str]
    days: Days

    @cached_property
    def campaigns(self) -> Mapping[str, Campaign]:
        """By id, in the order of the workspace; those that have left it but still have verdicts come last."""
        known = {one.campaign_id: one for one in self.request.campaigns}
        strangers = sorted({one.duty.campaign_id for one in self.request.verdicts} - known.keys())
        return {**known, **{one: Campaign(one, one, (), (), ()) for one in strangers}}

    @cached_property
    def agencies(self) -> Mapping[str, Agency]:
        """By id, in the order of the registry; those that have left it but still have verdicts come last."""
        known = {one.agency_id: one for one in self.request.agencies}
        strangers = sorted({one.duty.agency_id for one in self.request.verdicts} - known.keys())
        return {**known, **{one: Agency(one, one, "") for one in strangers}}

    @cached_property
    def materials(self) -> Mapping[tuple[str, str], Material]:
        """By campaign and id."""
        known = (material for campaign in self.campaigns.values() for material in campaign.materials)
        return {(one.campaign_id, one.material_id): one for one in known}

    @cached_property
    def by_agency(self) -> Mapping[str, list[Verdict]]:
        """In the order of the windows."""
        return _grouped((one.duty.agency_id, one) for one in self._ordered)

    @cached_property
    def by_campaign(self) -> Mapping[str, list[Verdict]]:
        """In the order of the windows."""
        return _grouped((one.duty.campaign_id, one) for one in self._ordered)

    @cached_property
    def by_post(self) -> Mapping[str, list[Verdict]]:
        """The verdicts that rest on each post that has a page, by the post's id in order."""
        resting = _grouped((one.post_id, one) for one in self._ordered if one.post_id and self.has_page(one))
        return dict(sorted(resting.items()))

    def brief_of(self, verdict: Verdict) -> PostBrief | None:
        """The post a verdict rests on, as the store holds it."""
        return self.briefs.get(verdict.post_id or "")

    def is_submitted(self, verdict: Verdict) -> bool:
        """Whether it rests on what the agency handed in itself, which no public page holds."""
        brief = self.brief_of(verdict)
        is_own = verdict.post_id in self.submitted or (brief is not None and brief.origin == SUBMISSION)
        return is_own or verdict.grade is Grade.SUBMITTED

    def has_page(self, verdict: Verdict) -> bool:
        """Whether the post it rests on has a page of its own."""
        return verdict.post_id in self._public

    @cached_property
    def _public(self) -> frozenset[str]:
        closed = {one.post_id for one in self.request.verdicts if self.is_submitted(one)}
        return frozenset(self.briefs.keys() - closed)

    @cached_property
    def _ordered(self) -> list[Verdict]:
        """The order in which a request names its verdicts plays no part."""
        return sorted(self.request.verdicts, key=_time_order)


def read_site(request: SiteRequest) -> Site:
    """Read everything but the posts' texts; the store is closed again at once."""
    ids = sorted({one.post_id for one in request.verdicts if one.post_id})
    opened = min((one.duty.window.start for one in request.verdicts), default=request.as_of)
    with closing(open_store(request.store, request.instance.zone.key)) as connection:
        submitted, addresses = read_submitted(connection)
        return Site(
            request, read_briefs(connection, ids), submitted, read_accounts(connection, opened),
            read_mentions(connection, Span(_BEGINNING, request.as_of)), count_outlets(connection),
            read_paths(connection), read_days(request.home / "reports", submitted, addresses),
        )  # fmt: skip


def _grouped(pairs: Iterable[tuple[str, Verdict]]) -> dict[str, list[Verdict]]:
    grouped: dict[str, list[Verdict]] = {}
    for key, verdict in pairs:
        grouped.setdefault(key, []).append(verdict)
    return grouped


def _time_order(verdict: Verdict) -> tuple[object, ...]:
    duty = verdict.duty
    return (duty.window.start, duty.window.end, duty.campaign_id, duty.material_id, duty.agency_id)
