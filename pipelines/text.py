"""A post's words -> the same words without decoration, and whether they carry the elements that were asked.

Captions arrive in fancy letters, with zero-width signs, look-alike Cyrillic, accents, emoji, and without
their `@` (the Graph API drops it); all of that is folded away before anything is compared.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

NORMALISER_VERSION = 2
GRAM = 5

# Letters drawn like Latin ones (after casefolding): Cyrillic, Greek, Armenian, small capitals, Lisu.
_LOOKALIKES = str.maketrans(
    "авекмнорстухіјѕԁԛԝһґьαβεικνορτυχγηωᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢıɑɡӏոսօհցøłđħŧʀɴꞯꓐꓑꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ",
    "abekmhopctyxijsdqwhrbabeikvoptuxynwabcdefghijklmnoprstuvwyziaglnuohgoldhtrnqbpdtgkjczfmnlsrvhwxyaeiou",
)
_SQUARED = {code: chr(ord("a") + (code - first)) for first in (0x1F130, 0x1F150, 0x1F170, 0x1F1E6)
            for code in range(first, first + 26)}  # fmt: skip
_FLAG = re.compile(r"(?<![\U0001F1E6-\U0001F1FF])[\U0001F1E6-\U0001F1FF]{2}(?![\U0001F1E6-\U0001F1FF])")
_TAG = re.compile(r"[#＃]([^\W_]\w*)")
_MENTION = re.compile(r"(?<![\w@])@([\w.]*\w)")
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_NOT_WORDS = re.compile(r"[^\w]+|_")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """`text` with letters and digits unified, invisible signs, accents and emoji gone, case and spacing levelled.

    Keeps punctuation, `#` and `@`. Folding twice changes nothing.
    """
    once = _fold_once(text)
    while (again := _fold_once(once)) != once:  # some letters only reach their form in a second round
        once = again
    return once


def _fold_once(text: str) -> str:
    if text.isascii():
        return " ".join(_without_controls(text.lower()).split())
    drawn = _FLAG.sub(" ", text).translate(_SQUARED)
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", drawn).casefold())
    return " ".join(plain.translate(_SIGNS).translate(_LOOKALIKES).split())


def _without_controls(ascii_text: str) -> str:
    return ascii_text if ascii_text.isprintable() else ascii_text.translate(_SIGNS)


def _visible(sign: str) -> str:
    """The sign, nothing for an invisible one or an accent mark, a space for a picture sign, digits as 0-9."""
    kind = unicodedata.category(sign)
    if kind in ("Cf", "Mn", "Me", "Cc"):
        return " " if sign in "\n\r\t\x0b\x0c\x85\x1c\x1d\x1e\x1f" else ""
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    return " " if kind in ("So", "Sk", "Cs", "Co", "Cn") and sign not in "^`" else sign


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
