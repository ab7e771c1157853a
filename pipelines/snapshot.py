"""Registry, campaigns and duties as they stand -> the store's snapshot tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from pipelines.check import Workspace
from pipelines.items import Campaign, Duty, Material
from pipelines.matchers import Reference
from pipelines.store import Store

Row = dict[str, Any]

# A name that the registry no longer holds, whose first owner it knows by another name; in doubt (two names for one id)
# nothing is said.
FORMER_NAMES_SQL = """
    WITH former AS (
      SELECT channel, handle, arg_min(native_id, started_at) AS native_id FROM visit_rows
      WHERE native_id IS NOT NULL GROUP BY channel, handle)
    SELECT f.channel, f.handle, f.native_id, any_value(a.agency_id) AS agency_id, any_value(a.handle) AS now_handle
    FROM former f JOIN accounts a ON a.channel = f.channel AND a.native_id = f.native_id
    WHERE NOT EXISTS (FROM account_rows r WHERE r.channel = f.channel AND r.handle = f.handle)
    GROUP BY f.channel, f.handle, f.native_id HAVING count(DISTINCT a.handle) = 1
"""


def publish(workspace: Workspace, references: Sequence[Reference], store: Store) -> None:
    """Make the views `agencies`, `accounts`, `campaigns`, `materials` and `duties` say what the files say."""
    publish_registry(workspace, store)
    ids = {(one.material.campaign_id, one.material.material_id): one.reference_id for one in references}
    rows = campaigns_of(workspace)
    for row in rows["material_rows"]:
        row["reference_id"] = ids[(row["campaign_id"], row["material_id"])]
    store.replace({
        **rows, "outlet_rows": [asdict(outlet) for outlet in workspace.outlets],
        "duty_rows": [_duty_row(duty) for duty in workspace.duties],
    })  # fmt: skip


def publish_registry(workspace: Workspace, store: Store) -> None:
    """Agencies and accounts, and the names that these accounts had before: one id under another name."""
    store.replace(registry_of(workspace))
    store.replace({"former_name_rows": store.rows(FORMER_NAMES_SQL)})


def registry_of(workspace: Workspace) -> dict[str, list[Row]]:
    """What the registry's files say, as rows."""
    return {
        "agency_rows": [asdict(agency) for agency in workspace.registry.agencies],
        "account_rows": [asdict(account) for account in workspace.registry.accounts],
    }


def campaigns_of(workspace: Workspace) -> dict[str, list[Row]]:
    """What the campaigns' files say, as rows; without the digests of the materials."""
    materials = [material for campaign in workspace.campaigns for material in campaign.materials]
    return {
        "campaign_rows": [_campaign_row(campaign) for campaign in workspace.campaigns],
        "material_rows": [_material_row(material) for material in materials],
    }


def _campaign_row(campaign: Campaign) -> Row:
    instruments = [
        {"number": one.number, "issuer": one.issuer, "issued_on": one.issued_on.isoformat()}
        for one in campaign.instruments
    ]
    return {
        "campaign_id": campaign.campaign_id, "title": campaign.title,
        "instruments": json.dumps(instruments, ensure_ascii=False),
    }  # fmt: skip


def _material_row(material: Material) -> Row:
    return {
        "campaign_id": material.campaign_id, "material_id": material.material_id, "title": material.title,
        "kind": material.kind, "mode": material.mode, "caption": material.caption,
        "files": [path.name for path in material.files], "links": list(material.links),
    }  # fmt: skip


def _duty_row(duty: Duty) -> Row:
    return {
        "campaign_id": duty.campaign_id, "material_id": duty.material_id, "agency_id": duty.agency_id,
        "opens_at": duty.window.start, "closes_at": duty.window.end, "grace_hours": duty.grace_hours,
        "keep_hours": duty.keep_hours, "rule": duty.rule, "accounts": list(duty.accounts),
        "exempt_reason": duty.exempt_reason,
    }  # fmt: skip
