"""What a page may cost in the browser, and what comes of it: words that need no browser to be read."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from crawler.items import Capture

# An address, and the headers that the page would send with it -> the answer. Raises SourceTrouble.
AskFor = Callable[[str, Mapping[str, str]], Coroutine[Any, Any, Capture]]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of one page: seconds, besides `pause_seconds` for each question; questions; bytes of all answers together."""

    seconds: float = 30.0
    pause_seconds: float = 0.0
    questions: int = 60
    most_bytes: int = 30_000_000


@dataclass(frozen=True, slots=True)
class Rendition:
    """The DOM as HTML. `by`: which browser; `moved_to`: where the page led instead; `lacks`: what it asked in vain."""

    html: str
    by: str
    moved_to: str | None = None
    lacks: tuple[str, ...] = ()
