"""Figures of the small set <-> the floors below which none may fall; a floor is lowered by hand, in sight."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

FLOORS = Path(__file__).with_suffix(".json")
SEED = 4  # not the one on which thresholds were chosen, nor one of those that are shown
LESS_IS_BETTER = ("false_matches", "wrong_references", "copies_called_changed", "copies_lost", "seconds")
_Floors = dict[str, dict[str, float]]


def read_floors(subject: str) -> _Floors:
    """What is pinned of one subject: {figure: {"least" or "most": value}}."""
    pinned: _Floors = json.loads(FLOORS.read_text())
    return {name: one for name, one in pinned.items() if name.startswith(f"{subject}.")}


def broken(figures: Mapping[str, float], floors: _Floors) -> list[str]:
    """A sentence for each figure that is missing or on the wrong side of its floor."""
    return [sentence for name, one in floors.items() for sentence in _said(name, figures.get(name), one)]


def _said(name: str, value: float | None, floor: Mapping[str, float]) -> Iterator[str]:
    if value is None:
        yield f"{name} was not measured"
    elif value < floor.get("least", value):
        yield f"{name} is {value}, its floor is {floor['least']}"
    elif value > floor.get("most", value):
        yield f"{name} is {value}, at most {floor['most']} is allowed"


def pin(figures: Mapping[str, float]) -> list[str]:
    """Write what was measured as the floors; a floor that would become laxer stays, and is named."""
    kept: _Floors = json.loads(FLOORS.read_text()) if FLOORS.exists() else {}
    told = []
    for name, value in figures.items():
        if name.endswith(".pairs"):
            continue
        laxer = broken({name: value}, {name: kept[name]} if name in kept else {})
        told += [f"kept: {sentence}; edit {FLOORS.name} by hand to lower it" for sentence in laxer]
        if not laxer:
            kept[name] = {"most" if name.endswith(LESS_IS_BETTER) else "least": value}
    FLOORS.write_text(json.dumps(dict(sorted(kept.items())), indent=1) + "\n")
    return [*told, f"{len(figures)} figures pinned in {FLOORS.name}"]
