"""All that a bundle says, before it is written: what the index, the PDF and the texts share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.items import Campaign, Material
from queries.bundle.chain import Chain
from queries.bundle.documents import Document
from queries.bundle.selection import Selection
from queries.bundle.wording import BundleWording
from queries.report.request import Issuer


@dataclass(frozen=True, slots=True)
class Content:
    """The documents with the names of what they tell of; `former`: earlier names of accounts."""

    instance: Issuer
    as_of: datetime
    selection: Selection
    documents: Sequence[Document]
    chain: Chain
    agencies: Mapping[str, str]
    campaigns: Mapping[str, Campaign]
    former: Mapping[str, tuple[str, ...]]

    @property
    def wording(self) -> BundleWording:
        """The instance's voice."""
        return BundleWording(self.instance.language, self.instance.zone)

    def agency(self, agency_id: str) -> str:
        """Its name, or its id where the registry has forgotten it."""
        return self.agencies.get(agency_id, agency_id)

    def material(self, document: Document) -> str:
        """The title of a document's material, or its id."""
        duty = document.resting.verdict.duty
        campaign = self.campaigns.get(duty.campaign_id)
        known: dict[str, Material] = {one.material_id: one for one in campaign.materials} if campaign else {}
        return known[duty.material_id].title if duty.material_id in known else duty.material_id

    def of_chosen_campaigns(self) -> list[Campaign]:
        """The campaigns that the documents are about, in the order of their ids."""
        ids = sorted({document.resting.verdict.duty.campaign_id for document in self.documents})
        return [self.campaigns[one] for one in ids if one in self.campaigns]
