"""Everything that can go wrong, as one tree.

TayangError
├── WrongUse               the user's call or configuration; exit 2, nothing was contacted
│   └── InvalidWorkspace     with every Problem found, each as file:line: column: text
├── StoreDamaged           evidence or store cannot be trusted; exit 3
├── StoreBusy              another run holds the lock, or a reader the file; exit 75
└── SourceTrouble          a source did not show what was asked; becomes a Visit, never an absence
    ├── Blocked              refused, throttled, forbidden by robots.txt, login wall
    ├── Private              the account is closed to the public
    ├── Gone                 no such account or page; renamed; another account under the name
    ├── Unreadable           an answer that is not what was asked for
    ├── Unreachable          no answer: network, DNS, TLS, timeout, server fault
    └── ChannelStopped       our own fault or budget: the whole channel stops, all unobserved

Do not add an error that is not in this drawing: a test reads it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from crawler.items import Cause, Outcome
from crawler.problems import Problem


class TayangError(Exception):
    """Base of all of ours; `exit_code` is what the front door returns for it."""

    exit_code: ClassVar[int] = 1


class WrongUse(TayangError):
    """Raised by the front door and loaders before any request."""

    exit_code = 2


class InvalidWorkspace(WrongUse):
    """All problems of a workspace at once; raised by the loaders, printed by the front door."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class StoreDamaged(TayangError):
    """Raised by store and evidence; a person must look before the next run."""

    exit_code = 3


class StoreBusy(TayangError):
    """Raised when a lock was not freed in time (EX_TEMPFAIL)."""

    exit_code = 75


class SourceTrouble(TayangError):
    """Raised by readers and fetches, turned into a Visit by `crawler.visit`, one module up."""

    outcome: ClassVar[Outcome] = Outcome.FAILED
    default_cause: ClassVar[Cause] = Cause.NOT_VISITED

    def __init__(self, detail: str, cause: Cause | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.cause = cause or self.default_cause


class Blocked(SourceTrouble):
    """The source refused us: 401, 403, 429, robots.txt, a login wall, a throttle."""

    outcome = Outcome.BLOCKED
    default_cause = Cause.BLOCKED


class Private(SourceTrouble):
    """The account exists and is closed."""

    outcome = Outcome.PRIVATE
    default_cause = Cause.PRIVATE


class Gone(SourceTrouble):
    """Nothing under this name, or somebody else; cause may be `not_professional`."""

    outcome = Outcome.GONE
    default_cause = Cause.GONE


class Unreadable(SourceTrouble):
    """An answer arrived and is not what was asked for: wrong type, no data block, cut off."""

    outcome = Outcome.UNREADABLE
    default_cause = Cause.UNREADABLE


class Unreachable(SourceTrouble):
    """No answer at all, or a server fault that outlived the retries."""

    outcome = Outcome.FAILED
    default_cause = Cause.NOT_VISITED


class ChannelStopped(SourceTrouble):
    """The rest of the channel must not be asked now: dead token, missing permission, budget spent."""

    outcome = Outcome.BLOCKED
    default_cause = Cause.BLOCKED


def unread_because(trouble: SourceTrouble) -> str:
    """What a post says of itself where trouble with its own page left it unread: cause and detail."""
    return f"{'blocked' if isinstance(trouble, Blocked) else 'unreadable'}: {trouble.detail}"
