"""Campaigns and registry -> duties: which agency owes which material in which window, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crawler.items import Account, Agency, Span
from crawler.registry import Registry
from pipelines.items import Campaign, Duty, DutyRule

_MEDIA_KINDS = frozenset({"image", "video", "audio"})


def duties_of(campaigns: Iterable[Campaign], registry: Registry, zone: ZoneInfo) -> tuple[Duty, ...]:
    """One Duty per agency × material × window, sorted by key.

    An agency that is not active at any time of the window owes nothing; accounts that are not
    active at any time of it do not count. Days of activity are local days of `zone`.
    """
    agencies = {agency.agency_id: agency for agency in registry.agencies}
    accounts = _accounts_by_agency(registry)
    found = [
        duty
        for campaign in campaigns
        for rule in campaign.rules
        for duty in _duties(
            campaign, rule, [agencies[one] for one in selected_agencies(rule, registry)], accounts, zone
        )
    ]
    return tuple(_with_taken(sorted(found, key=lambda duty: duty.key)))


def _with_taken(duties: Sequence[Duty]) -> Iterator[Duty]:
    """Each duty told of the earlier windows of its own series; `duties` are sorted by key."""
    taken: dict[tuple[str, str, str], tuple[Span, ...]] = {}
    for duty in duties:
        series = (duty.campaign_id, duty.material_id, duty.agency_id)
        yield replace(duty, taken=taken.get(series, ()))
        end = duty.window.end + timedelta(hours=duty.grace_hours)
        taken[series] = (*taken.get(series, ()), Span(duty.window.start, end))


def selected_agencies(rule: DutyRule, registry: Registry) -> frozenset[str]:
    """Ids of the agencies a rule speaks of: by kind (case does not matter) or id; neither = all."""
    kinds = {kind.casefold() for kind in rule.kinds}
    chosen = {
        agency.agency_id
        for agency in registry.agencies
        if agency.kind.casefold() in kinds or agency.agency_id in rule.agencies or not (kinds or rule.agencies)
    }
    return frozenset(chosen.difference(rule.exclude))


def is_active(holder: Agency | Account, window: Span, zone: ZoneInfo) -> bool:
    """Whether the days `[active_from, active_until)` of `holder` touch `window`."""
    begun = holder.active_from is None or _midnight(holder.active_from, zone) < window.end
    return begun and (holder.active_until is None or _midnight(holder.active_until, zone) > window.start)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _accounts_by_agency(registry: Registry) -> dict[str, list[Account]]:
    grouped: dict[str, list[Account]] = {}
    for account in registry.accounts:
        grouped.setdefault(account.agency_id, []).append(account)
    return grouped


def _duties(
    campaign: Campaign,
    rule: DutyRule,
    agencies: Sequence[Agency],
    accounts: Mapping[str, Sequence[Account]],
    zone: ZoneInfo,
) -> Iterator[Duty]:
    kinds = {material.material_id: material.kind for material in campaign.materials}
    for agency in agencies:
        if is_active(agency, rule.window, zone):
            yield Duty(
                campaign.campaign_id, rule.material_id, agency.agency_id, rule.window, rule.grace_hours,
                rule.keep_hours, rule.rule, _keys(accounts.get(agency.agency_id, ()), rule, zone),
                needs_media=kinds.get(rule.material_id) in _MEDIA_KINDS,
                exempt_reason=_exempt_reason(campaign, rule, agency.agency_id),
                limits=_limits(accounts.get(agency.agency_id, ()), zone),
            )  # fmt: skip


def _keys(accounts: Sequence[Account], rule: DutyRule, zone: ZoneInfo) -> tuple[str, ...]:
    return tuple(
        sorted(one.key for one in accounts if one.channel in rule.channels and is_active(one, rule.window, zone))
    )


def _limits(accounts: Sequence[Account], zone: ZoneInfo) -> dict[str, Span]:
    """The active time of those accounts that have a beginning or an end."""
    return {
        one.key: Span(
            _midnight(one.active_from, zone) if one.active_from else datetime.min.replace(tzinfo=UTC),
            _midnight(one.active_until, zone) if one.active_until else datetime.max.replace(tzinfo=UTC),
        )
        for one in accounts
        if one.active_from or one.active_until
    }


def _exempt_reason(campaign: Campaign, rule: DutyRule, agency_id: str) -> str | None:
    for exemption in campaign.exemptions:
        if exemption.agency_id == agency_id and exemption.material_id in (None, rule.material_id):
            return exemption.reason
    return None
