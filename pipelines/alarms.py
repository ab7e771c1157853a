"""What a run read of a channel, and what runs before it read -> alarms about ourselves. Pure.

An alarm never says anything of an agency. A severe one (`is_withheld`) keeps the run's visits from proving absence:
what they say is not borne out. It costs a delay, for the next normal run reads the same days again; it must
therefore be rare. So it is never raised for a day on which merely little was published, and never without a history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from statistics import median

HISTORY = timedelta(days=28)
LEAST_DAYS = 8  # two days of a weekend are among them
LEAST_ACCOUNTS = 5
LEAST_POSTS = 20

OBSERVED, FRESH, PICTURED, FETCHED, BROKEN = "observed", "fresh", "pictured", "fetched", "broken"
VANISHED, MATCHED, CANARY, SILENT = "vanished", "matched", "canary", "silent"
KINDS = (CANARY, VANISHED, FRESH, PICTURED, OBSERVED, FETCHED, BROKEN, MATCHED)  # in the order they are told


@dataclass(frozen=True, slots=True)
class Reading:
    """What one run read of one channel: the numbers of reading.sql by name; absent = 0."""

    run_id: str
    channel: str
    started_at: datetime
    numbers: Mapping[str, int]

    def of(self, name: str) -> int:
        """One number."""
        return self.numbers.get(name, 0)

    def share(self, part: str, whole: str, least: int) -> float | None:
        """A share 0..1, None where the whole is too small to tell anything."""
        return self.of(part) / self.of(whole) if self.of(whole) >= least else None


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something strange about a channel in a run: `found` where `usual` is what was to be expected, of `sample`.

    Shares are 0..1, `fresh` and `canary` are numbers. `handle` is set for a notice about one account alone.
    """

    run_id: str
    channel: str
    started_at: datetime
    kind: str
    found: float
    usual: float
    sample: int
    is_withheld: bool = False
    handle: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """A reading that was judged, and for which kinds it was strange."""

    reading: Reading
    strange: frozenset[str] = field(default_factory=frozenset)


def judge_run(reading: Reading, history: Sequence[Past], is_confirmed: bool = False) -> tuple[Alarm, ...]:
    """What is strange about a reading, in the order of `KINDS`; `history`: earlier readings of the same channel.

    What a person has confirmed is told all the same, and withholds nothing.
    """
    past = _comparable(reading, history)
    found = [alarm for kind in KINDS if (alarm := _RULES[kind](reading, past))]
    return tuple(replace(one, is_withheld=one.is_withheld and not is_confirmed) for one in found)


class Judge:
    """Judges readings, oldest first. What was strange teaches nothing, unless a person confirmed its run."""

    def __init__(self, confirmed: Iterable[str] = ()) -> None:
        self._confirmed = frozenset(confirmed)
        self._history: dict[str, list[Past]] = {}

    def take(self, reading: Reading) -> tuple[Alarm, ...]:
        """The alarms of the next reading, which becomes part of the history."""
        since = reading.started_at - HISTORY
        past = [one for one in self._history.get(reading.channel, ()) if one.reading.started_at >= since]
        is_confirmed = reading.run_id in self._confirmed
        alarms = judge_run(reading, past, is_confirmed)
        strange = frozenset() if is_confirmed else frozenset(alarm.kind for alarm in alarms)
        self._history[reading.channel] = [*past, Past(reading, strange)]
        return alarms


def _alarm(
    reading: Reading, kind: str, found: float, usual: float, sample: int, is_withheld: bool = False
) -> Alarm:  # fmt: skip
    return Alarm(reading.run_id, reading.channel, reading.started_at, kind, found, usual, sample, is_withheld)


def _comparable(reading: Reading, history: Sequence[Past]) -> list[Past]:
    """Earlier runs over about as many accounts; none where this one looked at a part of them only."""
    near = [one for one in history if reading.started_at - HISTORY <= one.reading.started_at < reading.started_at]
    if not near:
        return []
    half = median(one.reading.of("visits") for one in near) / 2
    return [one for one in near if one.reading.of("visits") >= half] if reading.of("visits") >= half else []


def _days(past: Iterable[Past], kind: str, measure: Callable[[Reading], float | None]) -> list[float]:
    """The measure of each day, the median of its runs, lowest first; empty where too few days are known."""
    days: dict[date, list[float]] = {}
    for one in past:
        value = None if kind in one.strange else measure(one.reading)
        if value is not None:
            days.setdefault(one.reading.started_at.date(), []).append(value)
    return sorted(median(values) for values in days.values()) if len(days) >= LEAST_DAYS else []


def _canary(reading: Reading, _past: Sequence[Past]) -> Alarm | None:
    """None of the accounts that surely post was read with something new in it."""
    canaries = reading.of("canaries")
    if not canaries or reading.of("singing"):
        return None
    return _alarm(reading, CANARY, 0, canaries, canaries)


def _vanished(reading: Reading, _past: Sequence[Past]) -> Alarm | None:
    """Posts that the last undoubted look saw are listed no more, in many accounts at once. No holiday does that."""
    share = reading.share("vanished", "again", LEAST_POSTS)
    if share is None or share < 0.2 or reading.of("vanished_accounts") < LEAST_ACCOUNTS:
        return None
    is_everywhere = 2 * reading.of("vanished_accounts") >= reading.of("again_accounts")
    return _alarm(reading, VANISHED, share, 0, reading.of("again"), share >= 0.5 and is_everywhere)


def _fresh(reading: Reading, past: Sequence[Past]) -> Alarm | None:
    """Hardly anything new, even for a quiet day. Of each seven days the quietest is set aside: a weekend has two.

    Where a canary goes on posting, the others may well be silent (a holiday): told, nothing is withheld.
    """
    days = _days(past, FRESH, lambda one: one.share("fresh", "read", LEAST_ACCOUNTS))
    if not days or reading.of("read") < LEAST_ACCOUNTS:
        return None
    expected, fresh = days[len(days) // 7] * reading.of("read"), reading.of("fresh")
    if expected < LEAST_POSTS or fresh > 0.3 * expected:
        return None
    is_canary_silent = bool(reading.of("canaries")) and not reading.of("singing")
    is_withheld = is_canary_silent or (not reading.of("singing") and fresh <= 0.05 * expected)
    return _alarm(reading, FRESH, fresh, round(expected, 1), reading.of("read"), is_withheld)


def _pictured(reading: Reading, past: Sequence[Past]) -> Alarm | None:
    """Posts that always had pictures have none: nothing could be recognised in them."""
    share, usual = _against(reading, past, PICTURED, ("pictured", "fresh", LEAST_POSTS))
    if share is None or usual is None or usual < 0.8 or share > 0.1:
        return None
    return _alarm(reading, PICTURED, share, usual, reading.of("fresh"), is_withheld=True)


def _observed(reading: Reading, past: Sequence[Past]) -> Alarm | None:
    """Half of the accounts that are usually read were not: each of them is `unknown` already."""
    return _halved(reading, past, OBSERVED, ("observed", "visits", LEAST_ACCOUNTS))


def _fetched(reading: Reading, past: Sequence[Past]) -> Alarm | None:
    return _halved(reading, past, FETCHED, ("fetched", "media", LEAST_POSTS))


def _broken(reading: Reading, past: Sequence[Past]) -> Alarm | None:
    """Files that came and cannot be decoded: our decoder, or what we were sent in their place."""
    share, usual = _against(reading, past, BROKEN, ("broken", "files", LEAST_POSTS))
    if share is None or usual is None or usual > 0.1 or share < 0.5:
        return None
    return _alarm(reading, BROKEN, share, usual, reading.of("files"))


def _matched(reading: Reading, past: Sequence[Past]) -> Alarm | None:
    """Nothing was recognised where usually much is; it may be a new material, so nothing is withheld."""
    share, usual = _against(reading, past, MATCHED, ("matched", "owed", LEAST_POSTS))
    if share or usual is None or usual * reading.of("owed") < LEAST_POSTS / 2:
        return None
    return _alarm(reading, MATCHED, 0, usual, reading.of("owed"))


Share = tuple[str, str, int]


def _against(reading: Reading, past: Sequence[Past], kind: str, share: Share) -> tuple[float | None, float | None]:
    """A share now and its median over the days known, each None where too little is known."""
    days = _days(past, kind, lambda one: one.share(*share))
    now = reading.share(*share)
    return (now, median(days)) if days and now is not None else (None, None)


def _halved(reading: Reading, past: Sequence[Past], kind: str, share: Share) -> Alarm | None:
    now, usual = _against(reading, past, kind, share)
    if now is None or usual is None or usual < 0.5 or now > usual / 2:
        return None
    return _alarm(reading, kind, now, usual, reading.of(share[1]))


_RULES: Mapping[str, Callable[[Reading, Sequence[Past]], Alarm | None]] = {
    OBSERVED: _observed, FRESH: _fresh, PICTURED: _pictured, FETCHED: _fetched, BROKEN: _broken,
    VANISHED: _vanished, MATCHED: _matched, CANARY: _canary,
}  # fmt: skip
