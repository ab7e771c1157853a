"""What a site is made from. Nothing else goes in: the same request of the same store gives the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from crawler.items import Agency
from pipelines.items import Campaign, Verdict
from queries.report.request import Issuer


@dataclass(frozen=True, slots=True)
class SiteRequest:
    """One site, as known at `as_of`, written into the folder `out`.

    `store` is the file of the store in the workspace `home`; `verdicts` are the newest of every duty; `day` is
    the local date that the front page's figures are of.
    """

    home: Path
    store: Path
    instance: Issuer
    day: date
    as_of: datetime
    verdicts: Sequence[Verdict]
    campaigns: Sequence[Campaign]
    agencies: Sequence[Agency]
    out: Path
