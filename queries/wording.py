"""Keys, instants and verdicts -> words of the instance's language, from the one catalogue texts.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from crawler.items import Span
from pipelines.items import Status, Verdict

CATALOGUE = Path(__file__).with_name("texts.toml")


@cache
def catalogue() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """texts.toml: section -> key -> language -> text."""
    return tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))


# Reasons of the judge that are words of its own, not required elements.
REASONS = frozenset({"removed", "time_not_certain", "not_open", "on_time_sign", "window_not_observed"})


class Wording:
    """The report's voice: one language (`id` or `en`), one time zone."""

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        self.language = language
        self.zone = zone

    def text(self, key: str, **parts: object) -> str:
        """The text under `section.key`, its places filled in. Raises: KeyError for an unknown key."""
        section, name = key.split(".")
        written = catalogue()[section][name][self.language]
        return written.format(**parts) if parts else written

    def full_date(self, day: date) -> str:
        """`24 April 2024`."""
        return f"{day.day} {self._word('months', day.month - 1)} {day.year}"

    def weekday(self, day: date) -> str:
        """`Rabu`."""
        return self._word("days", day.weekday())

    def clock(self, instant: datetime) -> str:
        """`09.12`."""
        local = instant.astimezone(self.zone)
        return f"{local:%H}{self.text('calendar.clock_mark')}{local:%M}"

    def short_date(self, instant: datetime) -> str:
        """`24 Apr`."""
        local = instant.astimezone(self.zone)
        return f"{local.day} {self._word('short_months', local.month - 1)}"

    def short_day(self, day: date) -> str:
        """`24 Apr`, of a local date."""
        return f"{day.day} {self._word('short_months', day.month - 1)}"

    def moment(self, instant: datetime) -> str:
        """`24 Apr 2024, 09.12 WIB`."""
        local = instant.astimezone(self.zone)
        return f"{self.short_date(instant)} {local.year}, {self.clock(instant)} {local.tzname()}"

    def naive(self, instant: datetime | None) -> datetime | None:
        """What a clock on the wall showed, for a spreadsheet, which knows no zones."""
        return instant.astimezone(self.zone).replace(tzinfo=None) if instant else None

    def zone_name(self, instant: datetime) -> str:
        """`WIB`."""
        return instant.astimezone(self.zone).tzname() or self.zone.key

    def window(self, window: Span) -> str:
        """`24 Apr` for a whole day, `24–25 Apr` for several; times and their zone where it is not whole days."""
        starts, ends = window.start.astimezone(self.zone), window.end.astimezone(self.zone)
        if (starts.hour, starts.minute, ends.hour, ends.minute) != (0, 0, 0, 0):
            closes = self.clock(ends) if ends.date() == starts.date() else f"{self.short_date(ends)} {self.clock(ends)}"
            return f"{self.short_date(starts)} {self.clock(starts)} – {closes} {ends.tzname()}"
        last = ends - timedelta(days=1)
        if last.date() <= starts.date():
            return self.short_date(starts)
        if starts.month == last.month:
            return f"{starts.day}–{self.short_date(last)}"
        return f"{self.short_date(starts)} – {self.short_date(last)}"

    def duration(self, minutes: int) -> str:
        """`12 menit`, `3 jam 5 menit`, `2 hari 4 jam`."""
        if minutes < 60:
            return self.text("reason.minutes", count=minutes)
        large, small = ("hours", "minutes") if minutes < 48 * 60 else ("days", "hours")
        count, rest = divmod(minutes, 60) if large == "hours" else divmod(minutes // 60, 24)
        parts = [self.text(f"reason.{large}", count=count)]
        return " ".join([*parts, self.text(f"reason.{small}", count=rest)] if rest else parts)

    def channel(self, name: str) -> str:
        """`situs web`, of `news`."""
        return self._known("channel", name) or name

    def account(self, key: str) -> str:
        """`Instagram @dinkes`, of `instagram:dinkes`."""
        channel, _, handle = key.partition(":")
        known = self._known("account", channel)
        return known.format(handle=handle) if known else key

    def matcher(self, name: str | None) -> str:
        """How it was recognised, in words; a way that is not ours keeps its name."""
        return self._known("matcher", name or "") or name or "–"

    def note(self, verdict: Verdict) -> str:
        """What there is to say of a verdict beyond its status, as one phrase; empty if nothing."""
        window = verdict.duty.window
        parts = [self._reason(verdict)]
        if verdict.status is Status.LATE and verdict.minutes_late is not None:
            parts.insert(0, self.text("reason.late_by", span=self.duration(verdict.minutes_late)))
        if verdict.status is Status.EARLY and verdict.published_at:
            minutes = int((window.start - verdict.published_at).total_seconds() // 60)
            parts.insert(0, self.text("reason.early_by", span=self.duration(minutes)))
        if verdict.status is Status.MISSING:
            deadline = window.end + timedelta(hours=verdict.duty.grace_hours)
            if verdict.as_of < deadline:
                parts.append(self.text("reason.may_be_late", time=self.moment(deadline)))
        if verdict.status is Status.PENDING:
            parts.append(self.text("reason.closes", time=self.moment(window.end)))
        return "; ".join(part for part in parts if part)

    def _reason(self, verdict: Verdict) -> str:
        if verdict.status is Status.UNKNOWN:
            return self._known("cause", verdict.reason) or verdict.reason
        if verdict.post_id is None or verdict.decided_by != "tayang":
            return self._known("reason", verdict.reason) or verdict.reason
        return self._lacking(verdict.reason)

    def _known(self, section: str, name: str) -> str | None:
        known = catalogue()[section].get(name)
        return known[self.language] if known else None

    def _lacking(self, reason: str) -> str:
        """The judge's `; `-joined reasons: its own words are translated, the rest are missing elements."""
        named = [part.strip() for part in reason.split(";") if part.strip()]
        own = [part for part in named if part in REASONS]
        elements = ", ".join(part for part in named if part not in own)
        lacking = [self.text("reason.lacking", elements=elements)] if elements else []
        return "; ".join(lacking + [self.text(f"reason.{part}") for part in own])

    def _word(self, key: str, position: int) -> str:
        return self.text(f"calendar.{key}").split()[position]
