"""A sign -> what was measured, each as a row: its words, the value, and the threshold it was held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.items import Material
from pipelines.matchers.text import CARRIES
from queries.explain.pair import Sign
from queries.explain.places import number
from queries.explain.wording import ExplainWording

# In the order in which they are told: shares of a whole, counts, plain numbers.
SHARES = (
    "share", "agreeing", "overlap", "shown_share", "hidden", "covered_share", "moving_ok", "still_ok", "containment",
    "common",
)  # fmt: skip
COUNTS = ("inliers", "worst", "distance", "votes")
PLAIN = ("covered_seconds", "speed")
AT_MOST = frozenset({"worst", "distance", "opposed"})


@dataclass(frozen=True, slots=True)
class Measure:
    """One row. `filled` and `mark`: value and threshold on a bar of length 1; None = no bar, no threshold."""

    name: str
    value: str
    filled: float | None
    mark: float | None
    limit: str
    is_passed: bool


def measures_of(sign: Sign, material: Material, wording: ExplainWording) -> list[Measure]:
    """The rows of a sign, only of what it holds."""
    kinds = dict.fromkeys(SHARES, 1.0) | dict.fromkeys(COUNTS, 0.0) | dict.fromkeys(PLAIN, -1.0)
    limits = _limits(sign, material)
    told = [(key, value) for key in kinds if (value := number(sign.why, key)) is not None]
    is_placed = number(sign.why, "share") is not None
    return [
        _row(key, value, kinds[key], limits.get(key), wording)
        for key, value in told
        if key != "distance" or not is_placed  # only a hint, of no weight once the place is known
    ]


def _limits(sign: Sign, material: Material) -> dict[str, float]:
    """The sign's own thresholds; those that are configuration, or the sign keeps elsewhere, are filled in."""
    own = sign.why.get("thresholds")
    limits: dict[str, float | None] = {"covered_share": material.minimum_share, "shown_share": material.minimum_share}
    limits["votes"] = number(sign.why, "needed")
    limits["containment"] = CARRIES
    if isinstance(own, Mapping):
        limits |= {str(key): number(own, str(key)) for key in own}
    return {key: limit for key, limit in limits.items() if limit is not None}


def _row(key: str, value: float, whole: float, limit: float | None, wording: ExplainWording) -> Measure:
    is_share = whole == 1.0
    is_passed = limit is None or (value <= limit if key in AT_MOST else value >= limit)
    most = 1.0 if is_share else 1.25 * max(value, limit or 0.0, 1e-9)
    has_bar = is_share or (whole == 0.0 and limit is not None)
    return Measure(
        wording.named("measure", key),
        _shown(key, value, is_share, wording),
        min(1.0, max(0.0, value / most)) if has_bar else None,
        limit / most if limit is not None and has_bar else None,
        _limit(key, limit, is_share, wording),
        is_passed,
    )


def _shown(key: str, value: float, is_share: bool, wording: ExplainWording) -> str:
    if is_share:
        return f"{100 * value:.0f}%"
    return f"{wording.figure(100 * value)}%" if key == "speed" else wording.figure(value)


def _limit(key: str, limit: float | None, is_share: bool, wording: ExplainWording) -> str:
    if limit is None:
        return ""
    words = "explain.most" if key in AT_MOST else "explain.least"
    return wording.text(words, limit=_shown(key, limit, is_share, wording))
