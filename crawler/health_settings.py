"""The table [health] of tayang.toml -> the canaries, the runs a person has confirmed, and how long logs are kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crawler.handles import channels_with_spiders, normalise_handle, same_place
from crawler.items import Account
from crawler.language import say
from crawler.problems import Problem
from crawler.sections import Section, unknown

LOG_DAYS = 90
_OUTLETS = "media"  # a channel whose accounts are listed elsewhere


@dataclass(frozen=True, slots=True)
class HealthSettings:
    """What `[health]` says. `canaries`: accounts of no agency; `canary_lines`: where each is written in `file`."""

    canaries: tuple[Account, ...] = ()
    confirmed_runs: tuple[str, ...] = ()
    log_days: int = LOG_DAYS
    canary_lines: tuple[int, ...] = ()
    file: str = ""

    def registered(self, accounts: Iterable[Account]) -> Iterator[Problem]:
        """Canaries that stand in the registry too: one look cannot be both a measure and measured by it."""
        known = {(one.channel, same_place(one.channel, one.handle)) for one in accounts}
        for one, line in zip(self.canaries, self.canary_lines, strict=True):
            if (one.channel, same_place(one.channel, one.handle)) in known:
                text = say(f"'{one.key}' terdaftar di registry/accounts.csv; pilih akun di luar daftar",
                           f"'{one.key}' stands in registry/accounts.csv; choose an account outside it")  # fmt: skip
                yield Problem(self.file, line, "health.canaries", text)


def health_settings(section: Section) -> HealthSettings:
    """The table as written; what is wrong becomes a problem."""
    written = [(_canary(section, text, index), index) for index, text in enumerate(section.texts("canaries"))]
    found = {one.key: (one, index) for one, index in written if one}.values()
    document, place = section.document, section.place_of("canaries")
    settings = HealthSettings(
        tuple(one for one, _ in found), section.texts("confirmed_runs"), section.whole("log_days", LOG_DAYS),
        tuple(document.line_of((*place, index)) for _, index in found), document.name,
    )  # fmt: skip
    section.close()
    return settings


def _canary(section: Section, written: str, index: int) -> Account | None:
    """`instagram:name` or `news:https://…` as an account of no agency."""
    channel, mark, handle = written.partition(":")
    channels = sorted(channels_with_spiders() - {_OUTLETS})
    if channel not in channels or not mark:
        how = say('tulis seperti "instagram:official.kpk"', 'write it like "instagram:official.kpk"')
        section.wrong("canaries", f"{unknown(channel, channels)}; {how}", index)
        return None
    try:
        return Account("", channel, normalise_handle(channel, handle))
    except ValueError as wrong:
        section.wrong("canaries", str(wrong), index)
        return None
