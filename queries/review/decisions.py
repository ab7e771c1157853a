"""A form sent from the desk -> a decision, or what is wrong with it; and the same form to be shown again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pipelines.reviews import Review, new_review_id
from queries.report.captions import clean

_REVIEW_ID = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in a form: `after` names the decision that the person sees standing ("" = none).

    `notices` say why it was not recorded, as sentences.
    """

    review_id: str
    after: str
    reviewer: str
    reason: str = ""
    notices: tuple[str, ...] = ()

    @classmethod
    def fresh(cls, after: str, reviewer: str) -> Draft:
        """An empty form."""
        return cls(new_review_id(), after, reviewer)

    def again(self, *notices: str, after: str | None = None) -> Draft:
        """The same words, with what to say about them."""
        return replace(self, notices=notices, after=self.after if after is None else after)


@dataclass(frozen=True, slots=True)
class Target:
    """What a decision or a page is about: a post and a material, or a duty."""

    campaign_id: str
    material_id: str
    post_id: str | None = None
    agency_id: str = ""
    opens_at: datetime | None = None

    @property
    def address(self) -> dict[str, str]:
        """The same as fields of a form or parameters of an address."""
        about = {"kampanye": self.campaign_id, "materi": self.material_id}
        if self.post_id is not None:
            return {**about, "unggahan": self.post_id}
        opens = self.opens_at.astimezone(UTC).isoformat() if self.opens_at else ""
        return {**about, "perangkat": self.agency_id, "mulai": opens}


def target_of(fields: Mapping[str, str]) -> Target | None:
    """What the fields name; None when they name nothing whole."""
    campaign_id, material_id = fields.get("kampanye", ""), fields.get("materi", "")
    if "/" in material_id and not campaign_id:  # one choice of a list holds both
        campaign_id, _, material_id = material_id.partition("/")
    if fields.get("unggahan"):
        return Target(campaign_id, material_id, post_id=fields["unggahan"])
    opens_at = _instant(fields.get("mulai", ""))
    if opens_at is None:
        return None
    return Target(campaign_id, material_id, agency_id=fields.get("perangkat", ""), opens_at=opens_at)


def draft_of(fields: Mapping[str, str]) -> Draft | None:
    """The form as it was sent; None when its id is none of ours."""
    review_id = fields.get("id", "")
    if not _REVIEW_ID.fullmatch(review_id):
        return None
    reason = fields.get("alasan", "").replace("\r\n", "\n").strip()
    return Draft(review_id, fields.get("sesudah", ""), clean(fields.get("pemeriksa", "")), reason)


def review_of(target: Target, draft: Draft, agency_id: str, decision: str, now: datetime) -> Review:
    """The decision as it would be recorded at `now`."""
    return Review(
        draft.review_id, target.post_id, target.campaign_id, target.material_id, agency_id, target.opens_at, decision,
        draft.reviewer, draft.reason, now,
    )  # fmt: skip


def _instant(text: str) -> datetime | None:
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else None
