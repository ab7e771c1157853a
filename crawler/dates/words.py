"""Names of months, weekdays, market days and zones as Indonesians write them; a text -> its smoothed spelling."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape

_MONTH_NAMES = (
    "januari january jan", "februari february febuari pebruari febr feb peb", "maret march mar mrt",
    "april apr", "mei may", "juni june jun", "juli july jul",
    "agustus august agust agt ags agu aug", "september sept sep", "oktober october okt oct",
    "november nopember nov nop", "desember december des dec",
)  # fmt: skip
# Besides Indonesian and English the Javanese names that local papers print.
_DAY_NAMES = (
    "senin senen monday sen mon", "selasa tuesday sel tues tue", "rabu rebo wednesday rab wed",
    "kamis kemis thursday kam thurs thu", "jumat jum'at jum?at jemuah jemuwah friday jum fri",
    "sabtu setu saturday sab sat", "minggu ahad sunday mgg min sun",
)  # fmt: skip

MONTHS = {word: number for number, words in enumerate(_MONTH_NAMES, 1) for word in words.split()}
WEEKDAYS = {word: number for number, words in enumerate(_DAY_NAMES) for word in words.split()}
WEEKDAYS["jum at"] = WEEKDAYS["jumat"]
# Hours ahead of UTC: Indonesia's three, its neighbours', and those that RFC 822 names.
ZONES = {
    "wib": 7, "wita": 8, "wit": 9, "utc": 0, "gmt": 0, "ut": 0, "z": 0, "sgt": 8, "myt": 8, "jst": 9, "est": -5,
    "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "cet": 1, "cest": 2, "bst": 1,
}  # fmt: skip


def any_of(words: Iterable[str]) -> str:
    """A pattern that matches each of `words`, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


MONTH = any_of(MONTHS)
WEEKDAY = rf"(?:{any_of(WEEKDAYS)})\b\.?(?:\s+(?:pon|wage|kliwon|legi|manis|pahing|paing)\b)?"
TO = r"\s*(?:-|s\s?[./]?\s?d\b\.?|\b(?:sampai(?:\s+dengan)?|hingga|sampe|until|till|to)\b)\s*"

# One letter for one letter, so that places in the smoothed text are places in the written one.
_SAME = str.maketrans(
    {
        **dict.fromkeys("’‘`´ʼ′", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00a0\u200b\u200e\u200f\ufeff", " "),
    }
)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200e\u200f\ufeff\u00ad"))


def fold(text: str) -> str:
    """A line in small letters, with plain quotes, dashes and single spaces, entities resolved."""
    if "&" in text:
        text = unescape(text)
    if not text.isascii():
        text = text.translate(_INVISIBLE).translate(_SAME)
    return " ".join(text.lower().split())


def smooth(text: str) -> str:
    """As `fold`, but each letter stays at its place: what is found at n stands at n in `text`."""
    same = text if text.isascii() else text.translate(_SAME)
    small = same.lower()
    return small if len(small) == len(text) else "".join(one.lower()[:1] or " " for one in same)


def weekday_of(written: str | None) -> int | None:
    """Monday = 0 of a match of WEEKDAY, None where none was written."""
    if not written:
        return None
    name = written.split(".")[0]
    return WEEKDAYS[name] if name in WEEKDAYS else WEEKDAYS[name.rsplit(maxsplit=1)[0]]
