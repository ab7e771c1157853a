"""What a report says -> the writing systems in it beyond Latin, each with letters to look for in the fonts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from queries.wording import catalogue

MOST_LETTERS = 60  # of one writing system: enough to tell whether a font knows it
LATIN = 0x24F
EMOJI = "EMOJI"

_LETTERS = ("Lo", "Ll", "Lu", "Lm", "Lt", "Nd", "Nl", "No", "So", "Sm")
_SIGNS = ("So", "Sm", "No")


def scripts_in(data: Any, language: str) -> list[tuple[str, str]]:
    """(name in the language, letters) of each, in one order; signs and emoji go by one name."""
    found: dict[str, set[str]] = {}
    for letter in {letter for text in _texts(data) for letter in text if ord(letter) > LATIN}:
        if unicodedata.category(letter) in _LETTERS:
            found.setdefault(_script(letter), set()).add(letter)
    known = catalogue()["script"]
    return [
        (known[name.lower()][language] if name.lower() in known else name.capitalize(),
         "".join(sorted(letters)[:MOST_LETTERS]))
        for name, letters in sorted(found.items())
    ]  # fmt: skip


def _script(letter: str) -> str:
    """As the standard names its letters: JAVANESE, ARABIC, CJK."""
    name = unicodedata.name(letter, "")
    return EMOJI if unicodedata.category(letter) in _SIGNS else name.split(" ")[0].split("-")[0] or "?"


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for part in data.values():
            yield from _texts(part)
    elif isinstance(data, Sequence):
        for part in data:
            yield from _texts(part)
