"""The words of `tayang bundle` and all verdicts -> those of the bundle, in the order of the campaign."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from crawler.errors import WrongUse
from crawler.items import Agency
from crawler.language import say
from crawler.problems import nearest
from pipelines.items import Campaign, Verdict
from queries.report.scope import local_day, touches


@dataclass(frozen=True, slots=True)
class Selection:
    """Which duties: of these agencies (empty = all), of one campaign (None = all), with a window on one local day."""

    agencies: tuple[str, ...] = ()
    campaign: str | None = None
    day: date | None = None
    with_submissions: bool = False

    def choose(self, verdicts: Iterable[Verdict], as_of: datetime, zone: ZoneInfo) -> list[Verdict]:
        """Whatever their status: the failed ones are not left out. What opens after `as_of` is not yet owed."""
        chosen = [verdict for verdict in verdicts if self._holds(verdict, as_of, zone)]
        return sorted(chosen, key=_place)

    def _holds(self, verdict: Verdict, as_of: datetime, zone: ZoneInfo) -> bool:
        duty = verdict.duty
        return (
            duty.window.start < as_of
            and duty.agency_id in (self.agencies or (duty.agency_id,))
            and self.campaign in (None, duty.campaign_id)
            and (self.day is None or touches(duty.window, local_day(self.day, zone)))
        )


def check_names(selection: Selection, agencies: Sequence[Agency], campaigns: Sequence[Campaign]) -> None:
    """Raises: WrongUse for an agency or a campaign that the workspace does not have, with the nearest that it has."""
    known = [agency.agency_id for agency in agencies]
    for name in selection.agencies:
        _check(say("perangkat daerah", "agency"), name, known)
    if selection.campaign is not None:
        _check(say("kampanye", "campaign"), selection.campaign, [one.campaign_id for one in campaigns])


def nothing_chosen(selection: Selection, verdicts: Sequence[Verdict]) -> WrongUse:
    """What to say where the words are right and yet no duty matches: which agencies do have some."""
    owing = sorted({v.duty.agency_id for v in verdicts if selection.campaign in (None, v.duty.campaign_id)})
    meant = nearest(selection.agencies[0], owing) if selection.agencies else None
    hint = say(f"; maksudnya {meant}?", f"; did you mean {meant}?") if meant not in (None, *selection.agencies) else ""
    return WrongUse(say("tidak ada kewajiban tayang yang sudah dimulai untuk pilihan ini",
                        "no duty of this choice has begun") + hint)  # fmt: skip


def _check(kind: str, name: str, known: Sequence[str]) -> None:
    if name not in known:
        meant = nearest(name, known) or ", ".join(sorted(known)[:5])
        raise WrongUse(say(f"{kind} '{name}' tidak dikenal; maksudnya {meant}?",
                           f"{kind} '{name}' is unknown; did you mean {meant}?"))  # fmt: skip


def _place(verdict: Verdict) -> tuple[str, datetime, datetime, str, str]:
    duty = verdict.duty
    return (duty.campaign_id, duty.window.start, duty.window.end, duty.material_id, duty.agency_id)
