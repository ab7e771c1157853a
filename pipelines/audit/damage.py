"""What an audit finds: damage with what it is about, remarks that are none, and the head of the chain."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

MOST_LIKE_IT = 1000  # of one kind are named; where more is broken, a list of all helps nobody


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that does not hold. What it is about leads to the statements that rest on it.

    `sha256`: of a payload; `look`: (run_id, account); `duty`: (campaign_id, material_id, agency_id, opens_at).
    """

    text: str
    sha256: str = ""
    seq: int = 0
    post_id: str = ""
    look: tuple[str, str] = ("", "")
    duty: tuple[Any, ...] = ()


@dataclass
class Found:
    """Collected while an audit goes on. `lines` and `bytes` were checked; `head` is the newest line's (seq, hash).

    `deleted` entries, `deleted_bytes` of them: what a sealed deletion names, and so is no damage.
   """

    damages: list[Damage] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    lines: int = 0
    bytes: int = 0
    head: tuple[int, str] = (0, "0" * 64)
    deleted: int = 0
    deleted_bytes: int = 0
    _more: dict[str, int] = field(default_factory=dict)

    def delete(self, size: int) -> None:
        """One entry whose bytes were deleted on purpose."""
        self.deleted += 1
        self.deleted_bytes += size

    def add(self, damage: Damage, kind: str = "") -> None:
        """One damage; of each `kind` only so many are named, the rest are counted."""
        self._more[kind] = self._more.get(kind, 0) + 1
        if self._more[kind] <= MOST_LIKE_IT:
            self.damages.append(damage)

    @property
    def texts(self) -> list[str]:
        """Every damage as a sentence; the last says how many more there are."""
        unnamed = sum(max(0, number - MOST_LIKE_IT) for number in self._more.values())
        return [one.text for one in self.damages] + ([f"+ {unnamed}"] if unnamed else [])
