"""A text -> its lines that are an article's own, and how two of them are compared."""

from __future__ import annotations

import re

from crawler.readers.headline import letters_of

ENOUGH_LETTERS = 60  # by which a line is found again in another reading
TELLING = 25  # letters; shorter lines count views, name a section or the writer
_HASHTAG = re.compile(r"(?<!\w)#[^\W\d]\w{3}")
_EXCLAIMED = 10  # letters; a pledge may be as short
_READ_ALSO = re.compile(r"^(?:baca (?:juga|pula)|simak (?:juga|pula)|lihat juga|artikel terkait)\b", re.IGNORECASE)
_CREDIT = re.compile(
    r"^(?:\|?\s*(?:editor|penulis|pewarta|reporter|redaktur|uploader|kontributor)\s*\|?\s*:|copyright\b|©|\([a-z]{2,5}/[a-z]{2,5}\)$)",
    re.IGNORECASE,
)
_LONGEST_CREDIT = 100
_DATELINE = re.compile(
    r"^[-–•\s]*(?:(?:sen|sel|rab|kam|jum|sab|min|ahad)\w*'?\w*,?\s+)?\d{1,2}(?:/|-|\s\w+\s)[\d/ -]{2,8},?\s*(?:\|\s*)?"
    r"(?:\d{1,2}[:.]\d{2}\s*(?:wib|wita|wit)?)?$",
    re.IGNORECASE,
)


def lines_of(text: str, title: str) -> list[str]:
    """The lines of an article's text, without its title, who wrote it, its date and pointers to others."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return [line for line in lines if line and letters_of(line) != letters_of(title) and not _is_beside(line)]


def _is_beside(line: str) -> bool:
    """Whether a line points to other articles, names who wrote it, or is only a date."""
    is_aside = len(line) <= _LONGEST_CREDIT and (_CREDIT.match(line) or _DATELINE.match(line))
    return bool(_READ_ALSO.match(line) or is_aside)


def least_telling(line: str) -> int:
    """Letters from which a line says something of its own."""
    return _EXCLAIMED if line.endswith("!") or calls(line) else TELLING


def calls(line: str) -> bool:
    """Whether a line has a hashtag, as campaigns do."""
    return bool(_HASHTAG.search(line))


def found_in(line: str, letters: str) -> bool:
    """Whether another reading, of which these are the letters, has a line."""
    return letters_of(line)[:ENOUGH_LETTERS] in letters
