"""A workspace folder -> Workspace, wholly read and checked, or every problem of every file at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from crawler.errors import InvalidWorkspace
from crawler.handles import channels_with_spiders
from crawler.instance import FILE, Instance, load_instance
from crawler.language import say
from crawler.outlets import OUTLETS, Outlet, load_outlets
from crawler.registry import ACCOUNTS, Registry, load_registry
from crawler.render_settings import why_not_shown
from pipelines.campaigns import FOLDER, OpenCheck, load_campaigns
from pipelines.duties import duties_of, selected_agencies
from pipelines.items import Campaign, Duty
from pipelines.media.ocr import can_read, why_absent


@dataclass(frozen=True, slots=True)
class Workspace:
    """Everything people wrote, understood."""

    instance: Instance
    registry: Registry
    campaigns: tuple[Campaign, ...]
    duties: tuple[Duty, ...]
    outlets: tuple[Outlet, ...] = ()


def open_workspace(home: Path, open_check: OpenCheck | None = None) -> Workspace:
    """The workspace `home`; contacts nothing. Raises: InvalidWorkspace with all problems, sorted."""
    instance, problems = load_instance(home)
    # Without a valid instance nothing is returned; any zone will do to find the other problems.
    zone = instance.zone if instance else ZoneInfo("Asia/Jakarta")
    registry, registry_problems = load_registry(home)
    campaigns, campaign_problems = load_campaigns(home, zone, registry, open_check)
    outlets, outlet_problems = load_outlets(home)
    rendering_problems = list(instance.rendering.unregistered(registry.accounts)) if instance else []
    rendering_problems += instance.health.registered(registry.accounts) if instance else []
    problems = [*problems, *rendering_problems, *registry_problems, *campaign_problems, *outlet_problems]
    if problems or instance is None:
        raise InvalidWorkspace(sorted(set(problems)))
    return Workspace(instance, registry, campaigns, duties_of(campaigns, registry, zone), outlets)


def warnings_of(workspace: Workspace) -> list[str]:
    """What is no error but worth knowing before the first run, sorted, each as `file: sentence`."""
    return sorted({
        *_silent_agencies(workspace), *_unread_channels(workspace), *_idle_rules(workspace),
        *_bare_campaigns(workspace), *_unready_instance(workspace), *_unread_lettering(workspace),
        *_unready_rendering(workspace), *_unconfirmed_outlets(workspace),
    })  # fmt: skip


def _silent_agencies(workspace: Workspace) -> Iterator[str]:
    """Agencies that owe something on channels where they have no account."""
    owing = Counter(
        duty.agency_id for duty in workspace.duties if not duty.accounts and not duty.exempt_reason
    )
    for agency_id, count in owing.items():
        reason = say(
            f"tidak punya akun pada kanal {count} kewajibannya; hasilnya akan `unknown`",
            f"has no account on the channels of {count} of its duties; they will be `unknown`",
        )
        yield f"{ACCOUNTS}: {agency_id} {reason}"


def _unread_channels(workspace: Workspace) -> Iterator[str]:
    """Channels that have accounts but cannot be crawled."""
    counts = Counter(account.channel for account in workspace.registry.accounts)
    for channel in counts.keys() - channels_with_spiders():
        reason = say(
            "akun kanal ini belum dapat dibaca sendiri; gunakan `tayang import`",
            "accounts of this channel cannot be crawled yet; use `tayang import`",
        )
        yield f"{ACCOUNTS}: {channel}: {counts[channel]} {reason}"


def _idle_rules(workspace: Workspace) -> Iterator[str]:
    """Duty tables that select nobody."""
    for campaign in workspace.campaigns:
        for rule in campaign.rules:
            if not selected_agencies(rule, workspace.registry):
                opens = rule.window.start.astimezone(workspace.instance.zone).date()
                yield _of(
                    campaign,
                    say(f"jadwal '{rule.material_id}' mulai {opens} tidak berlaku bagi siapa pun",
                        f"the window of '{rule.material_id}' from {opens} applies to nobody"),
                )  # fmt: skip


def _unconfirmed_outlets(workspace: Workspace) -> Iterator[str]:
    """Media that are not asked, because nobody has confirmed their addresses."""
    waiting = [outlet.outlet_id for outlet in workspace.outlets if outlet.confirmed_on is None]
    if waiting:
        named = ", ".join(waiting[:5]) + (" …" if len(waiting) > 5 else "")
        reason = say("media belum ditanyai: periksa alamatnya, lalu isi confirmed_on",
                     "media are not asked: look at their addresses, then fill in confirmed_on")  # fmt: skip
        yield f"{OUTLETS}: {len(waiting)} {reason} ({named})"


def _unread_lettering(workspace: Workspace) -> Iterator[str]:
    """Materials for which words in pictures should be read, without the extra that reads them."""
    for campaign in () if can_read() else workspace.campaigns:
        for material in campaign.materials:
            if material.kind == "text" or material.require.phrases:
                yield _of(campaign, f"{material.material_id}: {say(*why_absent())}")


def _unready_rendering(workspace: Workspace) -> Iterator[str]:
    """Sites that need a browser, without one."""
    rendering = workspace.instance.rendering
    lack = why_not_shown(rendering) if rendering.sites else None
    if lack:
        yield f"{FILE}: channels.news.render: {lack}"


def _bare_campaigns(workspace: Workspace) -> Iterator[str]:
    """Campaigns without an ordering letter, materials without a duty."""
    if not workspace.campaigns:
        yield say(f"{FOLDER}: belum ada kampanye", f"{FOLDER}: there is no campaign yet")
    for campaign in workspace.campaigns:
        if not campaign.instruments:
            yield _of(campaign, say("tanpa surat dasar ([[instrument]])", "names no letter ([[instrument]])"))
        owed = {rule.material_id for rule in campaign.rules}
        for material in campaign.materials:
            if material.material_id not in owed:
                lack = say("tidak punya jadwal ([[duty]])", "has no window ([[duty]])")
                yield _of(campaign, f"{material.material_id}: {lack}")


def _of(campaign: Campaign, sentence: str) -> str:
    return f"{FOLDER}/{campaign.campaign_id}/campaign.toml: {sentence}"


def _unready_instance(workspace: Workspace) -> Iterator[str]:
    """Settings without which a run sees less, or is less polite, than it could."""
    instance = workspace.instance
    if not instance.crawl.contact:
        lack = say("pengelola situs tidak tahu harus bertanya ke mana", "webmasters cannot tell whom to ask")
        yield f"{FILE}: crawl.contact: {lack}"
    if not any(account.channel == "instagram" for account in workspace.registry.accounts):
        return
    if not instance.instagram.ig_user_id:
        lack = say("kosong; akun Instagram tidak akan terbaca", "empty; Instagram accounts will not be read")
        yield f"{FILE}: channels.instagram.ig_user_id: {lack}"
    graph = urlsplit(instance.instagram.graph_url)
    if graph.scheme == "http" and graph.hostname not in ("127.0.0.1", "::1", "localhost"):
        lack = say("tanpa https token terkirim terbuka", "without https the token travels in the open")
        yield f"{FILE}: channels.instagram.graph_url: {lack}"
