"""What a report is made from. Nothing else goes in: the same request gives the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from crawler.instance import Signatory
from crawler.items import Agency
from pipelines.items import Campaign, Verdict
from queries.reader import Connection
from queries.report.scope import LOOK_BACK_DAYS


class Issuer(Protocol):
    """What the report needs of the instance (`crawler.instance.Instance` has it all)."""

    @property
    def name(self) -> str:
        """The public body, `Pemerintah Kabupaten Klaten`."""

    @property
    def zone(self) -> ZoneInfo:
        """Where its days begin and end."""

    @property
    def language(self) -> str:
        """`id` or `en`."""

    @property
    def letterhead(self) -> Sequence[str]:
        """Lines of the head, may be empty."""

    @property
    def logo(self) -> Path | None:
        """The coat of arms."""

    @property
    def signatory(self) -> Signatory | None:
        """Who signs."""


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """One report: of local `day`, as known at `as_of`, written into the folder `out`.

    `home` is the workspace that evidence paths are relative to; `verdicts` are the newest of every
    duty (the report chooses which belong to its time: the day and the `days` before it). `formats`: html, json,
    pdf, xlsx.
    """

    home: Path
    instance: Issuer
    day: date
    as_of: datetime
    verdicts: Sequence[Verdict]
    campaigns: Sequence[Campaign]
    agencies: Sequence[Agency]
    connection: Connection
    out: Path
    formats: tuple[str, ...] = ("html", "json")
    days: int = LOOK_BACK_DAYS
