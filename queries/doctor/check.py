"""One thing that was looked at -> how it stands, in a sentence, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

OK, WARN, BAD = "ok", "warn", "bad"
EXIT_CODES = {OK: 0, WARN: 1, BAD: 2}


@dataclass(frozen=True, slots=True)
class Check:
    """`name` is for programs and never changes; `state`: ok | warn | bad; `do` is empty where all is well."""

    name: str
    state: str
    says: str
    do: str = ""


def exit_code_of(checks: Sequence[Check]) -> int:
    """0 all well, 1 something to see to, 2 something that keeps runs from working or being believed."""
    return max((EXIT_CODES[check.state] for check in checks), default=0)


def text_of(checks: Sequence[Check]) -> str:
    """One line a check."""
    return "\n".join(
        f"{check.state:5}{check.name:12} {check.says}" + (f" → {check.do}" if check.do else "") for check in checks
    )
