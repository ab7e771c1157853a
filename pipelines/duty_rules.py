"""The [[duty]] tables of one campaign.toml -> duty rules, and every problem in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crawler.handles import known_channels
from crawler.items import Span
from crawler.language import say
from crawler.registry import Registry
from crawler.sections import Section, unknown
from pipelines.duties import selected_agencies
from pipelines.items import DutyRule

RULES = ("must", "must_not")
_YEARS = range(2000, 2101)  # a year outside is a typing error
_NEVER = Span(datetime.fromtimestamp(0, UTC), datetime.fromtimestamp(0, UTC))


@dataclass(frozen=True, slots=True)
class _Known:
    """Words a rule may use; empty = not known, so nothing is called unknown."""

    materials: frozenset[str]
    agencies: frozenset[str]
    kinds: frozenset[str]


def read_rules(
    sections: list[Section], materials: set[str], registry: Registry, zone: ZoneInfo
) -> tuple[DutyRule, ...]:
    """The rules whose window can be known; what is wrong is noted in the sections."""
    known = _Known(
        frozenset(materials),
        frozenset(one.agency_id for one in registry.agencies),
        frozenset(one.kind for one in registry.agencies if one.kind),
    )
    read = [(section, _rule(section, known, zone)) for section in sections]
    rules = [(section, rule) for section, rule in read if rule is not None]
    _note_overlaps(rules, registry)
    return tuple(rule for _, rule in rules)


def _rule(section: Section, known: _Known, zone: ZoneInfo) -> DutyRule | None:
    """One [[duty]]; None when its window cannot be known."""
    window = _window(section, zone)
    section.require("material", '"…"')
    material_id = section.text("material")
    if material_id and material_id not in known.materials:
        section.wrong("material", unknown(material_id, sorted(known.materials)))
    read = DutyRule(
        material_id=material_id, window=window or _NEVER,
        grace_hours=section.number("grace_hours", 0.0), channels=_duty_channels(section),
        kinds=_selection(section, "kinds", known.kinds),
        agencies=_selection(section, "agencies", known.agencies),
        exclude=_selection(section, "exclude", known.agencies), keep_hours=section.number("keep_hours", 0.0),
        rule=section.choice("rule", RULES, "must"),
    )  # fmt: skip
    section.close()
    return read if window else None


def _window(section: Section, zone: ZoneInfo) -> Span | None:
    section.require("opens", "2024-04-24")
    section.require("closes", "2024-04-25")
    opens, closes = _instant(section, "opens", zone), _instant(section, "closes", zone)
    if opens is None or closes is None:
        return None
    if closes > opens:
        return Span(opens, closes)
    next_day = (opens.astimezone(zone) + timedelta(days=1)).date()
    section.wrong(
        "closes",
        say(
            f"harus sesudah opens; closes tidak ikut dihitung: untuk sehari penuh tulis {next_day}",
            f"must be after opens; closes is exclusive: for one whole day write {next_day}",
        ),
    )
    return None


def _instant(section: Section, key: str, zone: ZoneInfo) -> datetime | None:
    """A date is its local midnight, a date-time without offset is local."""
    written = section.instant(key)
    if written is None:
        return None
    if written.year not in _YEARS:
        section.wrong(
            key, say(f"tahun {written.year} salah tulis?", f"is the year {written.year} a typing error?")
        )
        return None
    at = written if isinstance(written, datetime) else datetime.combine(written, time())
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _duty_channels(section: Section) -> tuple[str, ...]:
    if not section.has("channels"):
        return ("instagram", "news")
    return _selection(section, "channels", known_channels())


def _selection(section: Section, key: str, known: frozenset[str]) -> tuple[str, ...]:
    """A list of known words; kinds are told apart without regard to case."""
    words = section.texts(key)
    if section.has(key) and section.values[key] == []:
        section.wrong(
            key,
            say("daftar kosong; hapus barisnya bila maksudnya semua", "an empty list; delete it to mean all"),
        )
    folded = {word.casefold() for word in known} if key == "kinds" else known
    for index, word in enumerate(words):
        if known and (word.casefold() if key == "kinds" else word) not in folded:
            section.wrong(key, unknown(word, sorted(known)), index)
    return words


def _note_overlaps(rules: list[tuple[Section, DutyRule]], registry: Registry) -> None:
    """Two windows of one material may not overlap for one agency: a post would count twice."""
    who = [selected_agencies(rule, registry) for _, rule in rules]
    for later, (section, rule) in enumerate(rules):
        for earlier, (other_section, other) in enumerate(rules[:later]):
            both = sorted(who[later] & who[earlier])
            if rule.material_id == other.material_id and _overlap(rule.window, other.window) and both:
                names = ", ".join(both[:3]) + (" …" if len(both) > 3 else "")
                line = other_section.line()
                section.wrong(
                    "opens",
                    say(
                        f"bertumpang tindih dengan jadwal di baris {line} untuk {names}",
                        f"overlaps the window on line {line} for {names}",
                    ),
                )


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
