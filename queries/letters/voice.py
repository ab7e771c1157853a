"""Keys, instants and verdicts -> the words of letters in one language, from this folder's texts.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from crawler.items import Cause
from pipelines.items import Campaign, Status, Verdict
from queries.wording import Wording

NAMELESS = (Cause.NO_ACCOUNT, Cause.GONE)  # what helps is the account's name, whatever the duty
CATALOGUE = Path(__file__).with_name("texts.toml")


@cache
def letter_texts() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """texts.toml: section -> key -> language -> text."""
    return tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))


class Voice(Wording):
    """The letters' voice: `say` for their own sentences, all else as in the report."""

    def say(self, key: str, **parts: object) -> str:
        """The letters' text under `section.key`, its places filled in. Raises: KeyError for an unknown key."""
        section, name = key.split(".")
        written = letter_texts()[section][name][self.language]
        return written.format(**parts) if parts else written

    def standing(self, verdict: Verdict, until: datetime | None = None) -> str:
        """What may be said of a verdict, as one phrase; empty where its status says all. `until`: see `seen`."""
        if verdict.status is Status.PENDING:
            told = self._pending(verdict, until)
        else:
            known = {Status.MISSING: self._missing, Status.UNKNOWN: self._unknown}
            told = known.get(verdict.status, self.note)(verdict)
        if verdict.decided_by == "tayang":
            return told
        return "; ".join(filter(None, (told, self.say("common.decided_by", name=verdict.decided_by))))

    def seen(self, verdict: Verdict, until: datetime | None) -> str:
        """Of a pending duty: that nothing was seen up to `until`, or (None) that nobody could look."""
        if verdict.status is not Status.PENDING or until is None:
            return self.say("standing.unseen") if verdict.status is Status.PENDING else ""
        key = "ban_seen" if verdict.duty.rule == "must_not" else "seen"
        return self.say(f"standing.{key}", until=self.moment(until))

    def because(self, verdict: Verdict) -> tuple[str, str]:
        """Why a duty was not observed, and what would help."""
        cause = verdict.reason if verdict.reason in set(Cause) else "other"
        # Nobody is asked for the link of what must not be shown.
        is_ban = verdict.duty.rule == "must_not" and cause not in NAMELESS
        return self.say(f"because.{cause}"), self.say("ask.ban" if is_ban else f"ask.{cause}")

    def times(self, verdict: Verdict) -> dict[str, str]:
        """The instants that sentences about a verdict may name."""
        window = verdict.duty.window
        return {
            "as_of": self.moment(verdict.as_of), "opens": self.moment(window.start), "closes": self.moment(window.end),
            "deadline": self.moment(window.end + timedelta(hours=verdict.duty.grace_hours)),
        }  # fmt: skip

    def orders(self, campaigns: Sequence[Campaign]) -> str:
        """The letters that order these campaigns, as one phrase; campaigns without any by their title."""
        told = list(dict.fromkeys(phrase for campaign in campaigns for phrase in self._orders_of(campaign)))
        return self.say("common.and").join(filter(None, ("; ".join(told[:-1]), *told[-1:])))

    def _orders_of(self, campaign: Campaign) -> list[str]:
        if not campaign.instruments:
            return [self.say("common.order_of_campaign", campaign=campaign.title)]
        return [
            self.say("common.order", issuer=one.issuer, number=one.number, date=self.full_date(one.issued_on))
            for one in campaign.instruments
        ]

    def _pending(self, verdict: Verdict, until: datetime | None) -> str:
        if verdict.as_of < verdict.duty.window.start:
            return self.say("standing.not_open", **self.times(verdict))
        key = "ban_pending" if verdict.duty.rule == "must_not" else "pending"
        return self.say(f"standing.{key}", seen=self.seen(verdict, until), **self.times(verdict))

    def _missing(self, verdict: Verdict) -> str:
        """Absence as it was proved: of the window to its end, not of the time since."""
        by_person = verdict.decided_by != "tayang"
        parts = [self.say(f"standing.missing{'_by_person' if by_person else ''}", **self.times(verdict))]
        parts += [verdict.reason] if by_person and verdict.reason else []
        parts += [self.say("standing.may_be_late", **self.times(verdict))] if is_in_grace(verdict) else []
        return "; ".join(parts)

    def _unknown(self, verdict: Verdict) -> str:
        because, ask = self.because(verdict)
        return self.say("standing.unknown", because=because, ask=ask)


def is_in_grace(verdict: Verdict) -> bool:
    """Whether a duty whose window has closed may still be done late."""
    window = verdict.duty.window
    return window.end <= verdict.as_of < window.end + timedelta(hours=verdict.duty.grace_hours)
