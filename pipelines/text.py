"""A post's words -> the same words without decoration, and whether they carry what was asked.

Captions arrive in fancy letters, with zero-width signs, look-alike Cyrillic, emoji, and without
their `@` (the Graph API drops it); all of that is folded away before anything is compared.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

NORMALISER_VERSION = 1
GRAM = 5

# Cyrillic, Greek and small-capital letters that are drawn like Latin ones (after casefolding).
_LOOKALIKES = str.maketrans(
    "авекмнорстухіјѕԁԛԝһґьαβεικνορτυχγηωᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢıɑɡ",
    "abekmhopctyxijsdqwhrbabeikvoptuxynwabcdefghijklmnoprstuvwyziag",
)
_SQUARED = {code: chr(ord("a") + (code - first)) for first in (0x1F130, 0x1F150, 0x1F170, 0x1F1E6)
            for code in range(first, first + 26)}  # fmt: skip
_TAG = re.compile(r"[#＃]([^\W_]\w*)")
_MENTION = re.compile(r"(?<![\w@])@([\w.]*\w)")
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_NOT_WORDS = re.compile(r"[^\w]+|_")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """`text` with letters unified, invisible signs and emoji gone, case and spacing levelled.

    Keeps punctuation, `#` and `@`. Folding twice changes nothing.
    """
    once = _fold_once(text)
    while (again := _fold_once(once)) != once:  # some letters only reach their form in a second round
        once = again
    return once


def _fold_once(text: str) -> str:
    if text.isascii():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKC", text.translate(_SQUARED))
    plain = unicodedata.normalize("NFKC", plain.casefold())
    return " ".join(plain.translate(_SIGNS).translate(_LOOKALIKES).split())


def _visible(sign: str) -> str:
    """The sign, nothing for an invisible one or an accent mark, a space for a picture sign."""
    kind = unicodedata.category(sign)
    if kind in ("Cf", "Mn", "Me", "Cc"):
        return " " if sign in "\n\r\t\x0b\x0c\x85" else ""
    return " " if kind in ("So", "Sk", "Cs", "Co", "Cn") else sign


class _Signs(dict[int, str]):
    """What remains of each sign, worked out once per sign ever met."""

    def __missing__(self, code: int) -> str:
        self[code] = _visible(chr(code))
        return self[code]


_SIGNS = _Signs()


def words_of(text: str) -> str:
    """The running text as folded words: no hashtags, addresses, `@` or punctuation."""
    bare = _TAG.sub(" ", fold(_URL.sub(" ", text)))
    return " ".join(_NOT_WORDS.sub(" ", bare).split())


def hashtags_in(text: str) -> frozenset[str]:
    """The hashtags of a text, folded, without `#`."""
    return frozenset(_TAG.findall(fold(text)))


def mentions_in(text: str) -> frozenset[str]:
    """The names written with `@`, folded, without it."""
    return frozenset(_MENTION.findall(fold(text)))


def mentions(text: str, name: str) -> bool:
    """Whether `name` stands in the text as a word, with or without `@`."""
    wanted = re.escape(fold(name).lstrip("@"))
    return bool(wanted) and re.search(rf"(?<![\w.]){wanted}(?!\.?\w)", fold(text)) is not None


def phrase_in(text: str, phrase: str) -> bool:
    """Whether the words of `phrase` stand in the text next to each other, hashtags and punctuation aside."""
    wanted = _levelled(phrase)
    return bool(wanted) and f" {wanted} " in f" {_levelled(text)} "


def _levelled(text: str) -> str:
    return " ".join(_NOT_WORDS.sub(" ", fold(text)).split())


def grams_of(text: str) -> frozenset[str]:
    """All runs of five letters of the running text; a shorter text is its own only run."""
    words = words_of(text)
    if len(words) < GRAM:
        return frozenset({words} if words else ())
    return frozenset(words[at : at + GRAM] for at in range(len(words) - GRAM + 1))


def containment(wanted: frozenset[str], found: frozenset[str]) -> float:
    """The share of `wanted` that `found` holds, 0..1; 0 when nothing is wanted."""
    return len(wanted & found) / len(wanted) if wanted else 0.0


def numbers_in(text: str) -> frozenset[str]:
    """The numbers of the running text, leading zeros dropped."""
    digits = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in words_of(text))
    return frozenset(number.lstrip("0") or "0" for number in _NUMBER.findall(digits))


def years_among(numbers: Iterable[str]) -> frozenset[str]:
    """Those that look like years of our time."""
    return frozenset(number for number in numbers if len(number) == 4 and "1990" <= number <= "2099")


def contradicting_numbers(wanted: str, found: str) -> tuple[str, ...]:
    """Numbers and years by which two similar texts speak of different things, in order; () = none.

    Every number of `wanted` must be found; a year that is found in its place contradicts it too.
    """
    asked, given = numbers_in(wanted), numbers_in(found)
    lost = asked - given
    strange = years_among(given) - asked if years_among(lost) else frozenset()
    return tuple(sorted(lost | strange))
