"""A text as people write it -> its tokens in one spelling, each with where it stands.

Short forms are spelled out, hashtags taken apart, dates, sums, telephone numbers and number words
brought into one form, so that two writings of the same sentence give the same tokens.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from pipelines.lexicon import (
    EVERYDAY_WEIGHT,
    SUBJECT_WEIGHT,
    TELLING_WEIGHT,
    is_known,
    lexicon,
    meaning_of,
    stem,
    weight_of,
)
from pipelines.text import fold

MONTHS = (
    "januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september", "oktober", "november",
    "desember",
)  # fmt: skip
_UNITS = {"dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9}
_WHOLE = {"sepuluh": 10, "sebelas": 11, "seratus": 100, "seribu": 1000, "sejuta": 1_000_000}
_SCALES = {"puluh": 10, "ratus": 100, "ribu": 1000, "juta": 10**6, "miliar": 10**9, "milyar": 10**9, "triliun": 10**12}
_NUMBER_WORDS = frozenset({*_UNITS, *_WHOLE, *_SCALES, "satu", "belas"})

_ADDRESS = re.compile(
    r"^[(\"'<\[]*(?:https?://|www\.)(?P<spelled>[^\s)\"'>\]]+)"
    r"|^[(\"'<\[]*(?P<bare>[\w.+-]*@?(?:[\w-]+\.)+(?:id|com|org|net|info|gov)(?:/[^\s)\"'>\]]*)?)[.,;:!?)\"'>\]]*$"
)
_TAG = re.compile(r"#([^\W_]\w*)")
_HUMPS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\da-zA-Z_]+")
_PIECE = re.compile(
    r"(?P<iso>\d{4}-\d{2}-\d{2})(?!\d)"
    r"|(?P<date>\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2}))(?!\d)"
    r"|(?P<sum>[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{0,2}(?:,\d{3})+)(?:[.,](?:00(?!\d)|-))?(?!\d)"
    r"|(?P<phone>(?:\+62|62|0)[\d.-]{7,}\d)"
    r"|(?P<time>\d{1,2}[.:]\d{2})(?!\d)"
    r"|(?P<number>\d+(?:[a-e](?![a-z]))?)"
    r"|(?P<word>[^\W\d_]+)(?P<twice>2(?![\d.,]))?"
    r"|(?P<cut>\.{3,})|(?P<stop>[.!?;•|–—])"
)
_LEET = re.compile(r"(?<=[a-z])[013457](?=[a-z])")
_LEET_LETTERS = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t"}
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12"}

LONGEST_PHONE = 13
LONGEST_ADDRESS = 300  # in anything longer, looking for an address would take its time
SHORTEST_JOINED, LONGEST_JOINED = 8, 40  # letters of a hashtag in which words are looked for
_PAIRS = frozenset({("terima", "kasih"), ("jangan", "lupa")})

NO_BREAK, SENTENCE, CUT = 0, 1, 2


class Token(NamedTuple):
    """One word, number or address. `opens`: what stands before it: NO_BREAK, SENTENCE or CUT (three dots)."""

    word: str
    root: str
    meaning: str
    weight: float
    opens: int = NO_BREAK
    is_proper: bool = False
    is_tag: bool = False  # of a hashtag or a mention
    start: int = 0
    end: int = 0

    @property
    def is_number(self) -> bool:
        """Numbers, also with a letter behind them: 30, 12b, 8:30."""
        return self.word[0].isdigit()


@dataclass(frozen=True)
class Passage:
    """A text with its tokens in order."""

    text: str
    tokens: tuple[Token, ...]

    @cached_property
    def meanings(self) -> frozenset[str]:
        """What its words mean, hashtags included."""
        return frozenset(token.meaning for token in self.tokens)

    @cached_property
    def demanded(self) -> dict[str, tuple[float, str]]:
        """What the running text means: how much each meaning tells, and its word there."""
        told: dict[str, tuple[float, str]] = {}
        for token in self.body:
            if token.meaning not in told or told[token.meaning][0] < token.weight:
                told[token.meaning] = (token.weight, token.word)
        return told

    @cached_property
    def weight(self) -> float:
        """What all its meanings weigh together."""
        return sum(weight for weight, _ in self.demanded.values())

    @cached_property
    def body(self) -> tuple[Token, ...]:
        """The running text: without lists of hashtags and mentions, but with one woven into a sentence."""
        kept: list[Token] = []
        for at, token in enumerate(self.tokens):
            behind = self.tokens[at - 1] if at else None
            if behind and token.is_tag and token.start == behind.start:
                is_running = bool(kept) and kept[-1] is behind
            else:
                is_running = not token.is_tag or self._is_woven(at)
            if is_running:
                kept.append(token)
        return tuple(kept)

    def _is_woven(self, at: int) -> bool:
        """Whether a word stands right before or behind this tag, in the same sentence."""
        tag = self.tokens[at]
        if at and not tag.opens:
            return not self.tokens[at - 1].is_tag
        after = next((one for one in self.tokens[at:] if one.start != tag.start), tag)
        return not after.is_tag and not after.opens


@lru_cache(maxsize=4096)
def read(text: str) -> Passage:
    """The tokens of a text."""
    placed = list(_placed(text))
    for change in (_join_letters, _join_phones, _say_numbers, _join_pairs):
        placed = change(placed)
    return Passage(text, tuple(placed))


def _placed(text: str) -> Iterator[Token]:
    pending, behind = SENTENCE, 0
    for found in re.finditer(r"\S+", text):
        tokens, closing = _chunk(found[0])
        if "\n" in text[behind : found.start()]:
            pending = max(pending, SENTENCE)
        for token in tokens:
            yield token._replace(opens=max(token.opens, pending), start=found.start(), end=found.end())
            pending = NO_BREAK
        pending, behind = max(pending, closing), found.end()


@lru_cache(maxsize=65536)
def _chunk(raw: str) -> tuple[tuple[Token, ...], int]:
    """The tokens between two blanks, and what kind of break stands behind them."""
    folded = fold(raw)
    address = _ADDRESS.match(folded) if len(folded) <= LONGEST_ADDRESS else None
    if address:
        return (_address(address["spelled"] or address["bare"]),), NO_BREAK
    if "#" in folded and (tags := _TAG.findall(unicodedata.normalize("NFKC", _shown(raw)))):
        return tuple(token for tag in tags for token in _tag_tokens(tag)), NO_BREAK
    tokens, closing = _pieces(_without_leet(folded), _is_proper(raw))
    if folded[:1] == "@":
        return tuple(token._replace(is_tag=True) for token in tokens), closing
    return tokens, closing


def _without_leet(folded: str) -> str:
    """K0rupsi is korupsi, SP4N is SP4N: digits are letters only where they make a known word."""
    if not _LEET.search(folded):
        return folded
    read_so = _LEET.sub(lambda found: _LEET_LETTERS[found[0]], folded)
    return read_so if any(map(is_known, re.findall(r"[a-z]{5,}", read_so))) else folded


def _shown(raw: str) -> str:
    return "".join(sign for sign in raw if unicodedata.category(sign) not in ("Cf", "Mn", "Me"))


def _is_proper(raw: str) -> bool:
    letters = [sign for sign in unicodedata.normalize("NFKC", raw) if sign.isalpha()]
    return bool(letters) and letters[0].isupper()


def _address(spelled: str) -> Token:
    name = spelled.rstrip(".,;:!?/").replace("@", "").removeprefix("www.")
    return Token(name, name, name, TELLING_WEIGHT)


def _tag_tokens(tag: str) -> Iterator[Token]:
    for hump in _HUMPS.findall(tag):
        for word in _taken_apart(fold(hump)):
            yield _word(word)._replace(is_tag=True)


@lru_cache(maxsize=4096)
def _taken_apart(joined: str) -> tuple[str, ...]:
    """Words of the lists that together make up `joined`; itself when it is a word or cannot be taken apart."""
    if is_known(joined) or not SHORTEST_JOINED <= len(joined) <= LONGEST_JOINED:
        return (joined,)
    for at in range(len(joined) - 3, 2, -1):
        if is_known(joined[:at]):
            rest = _taken_apart(joined[at:])
            if all(map(is_known, rest)):
                return (joined[:at], *rest)
    return (joined,)


def _pieces(folded: str, proper: bool) -> tuple[tuple[Token, ...], int]:
    tokens: list[Token] = []
    opens, behind = NO_BREAK, 0
    for found in _PIECE.finditer(folded):
        if " " in folded[behind : found.start()]:  # an emoji stood here
            opens = max(opens, SENTENCE)
        behind = found.end()
        if found.lastgroup in ("cut", "stop"):
            opens = max(opens, CUT if found["cut"] else SENTENCE)
            continue
        for token in _spelled(found):
            tokens.append(token._replace(opens=opens, is_proper=proper))
            opens = NO_BREAK
    return tuple(tokens), max(opens, NO_BREAK if tokens else SENTENCE if _is_picture(folded) else NO_BREAK)


def _is_picture(folded: str) -> bool:
    return not folded or folded in ("-", "~", "*")


def _spelled(found: re.Match[str]) -> Iterator[Token]:
    written = found[0]
    match found.lastgroup:
        case "word" | "twice":
            yield from _spelled_word(found["word"], bool(found["twice"]))
        case "iso" | "date":
            yield from _date(written)
        case "sum":
            yield _number(re.sub(r"[.,]", "", found["sum"]))
        case "phone":
            yield _number(re.sub(r"[.-]", "", re.sub(r"^\+?62", "0", written)))
        case "time":
            hour, minute = re.split(r"[.:]", written)
            yield _number(_plain(hour) if minute == "00" else f"{_plain(hour)}:{minute}")
        case _:
            yield _number(_plain(written))


def _spelled_word(written: str, twice: bool) -> Iterator[Token]:
    if written in _ROMAN:
        yield _number(_ROMAN[written])
        return
    for word in _spelling(written).split():
        yield from (_word(word),) * (2 if twice else 1)


def _spelling(word: str) -> str:
    word = _DRAWN_OUT.sub(r"\1", word)
    return lexicon().spelling.get(word, word)


def _plain(digits: str) -> str:
    """Without the zero of 09, but with that of 0811 and 021."""
    return digits.lstrip("0") or "0" if len(digits) <= 2 else digits


def _date(written: str) -> Iterator[Token]:
    parts = re.split(r"[/.-]", written)
    day, month, year = reversed(parts) if len(parts[0]) == 4 else parts
    yield _number(_plain(day))
    yield _word(MONTHS[int(month) - 1]) if 1 <= int(month) <= 12 else _number(_plain(month))
    yield _number(year if len(year) == 4 else f"20{year}")


@lru_cache(maxsize=65536)
def _word(word: str) -> Token:
    return Token(word, stem(word), meaning_of(word), weight_of(word))


def _number(digits: str) -> Token:
    weight = (EVERYDAY_WEIGHT, SUBJECT_WEIGHT, TELLING_WEIGHT)[min(len(digits), 3) - 1]
    return Token(digits, digits, digits, weight)


def _join_letters(tokens: list[Token]) -> list[Token]:
    """T O L A K is a word; two blanks part two words."""

    def belongs(behind: Token, token: Token) -> bool:
        return len(behind.word) == len(token.word) == 1 and token.start == behind.end + 1 and token.word.isalpha()

    return [run[0] if len(run) == 1 else _spoken(run) for run in _split(tokens, belongs, 3)]


def _join_phones(tokens: list[Token]) -> list[Token]:
    """0811 1234 5678 and 12 B are one number each."""
    joined: list[Token] = []
    for token in tokens:
        if joined and _continues(joined[-1], token):
            behind = joined.pop()
            begun = "0" if behind.word == "62" else behind.word
            joined.append(_numbered(begun + token.word, (behind, token)))
        else:
            joined.append(token)
    return joined


def _continues(behind: Token, token: Token) -> bool:
    if token.opens or token.start > behind.end + 1 or not behind.word.isdigit():
        return False
    if behind.word == "62":
        return token.word[0] == "8"
    if behind.word[0] == "0" and 3 <= len(behind.word) < LONGEST_PHONE - 2:
        return token.word.isdigit() and len(token.word) >= 3 and token.word[0] != "0"
    return token.word in "abcde"


def _split(
    tokens: Sequence[Token], belongs: Callable[[Token, Token], bool], least: int = 2
) -> Iterator[Sequence[Token]]:
    """Runs of tokens of which each belongs to the one behind; runs below `least` come one by one."""
    run: list[Token] = []
    for token in tokens:
        if run and belongs(run[-1], token):
            run.append(token)
            continue
        yield from [run] if len(run) >= least else [[one] for one in run]
        run = [token]
    yield from [run] if len(run) >= least else [[one] for one in run]


def _say_numbers(tokens: list[Token]) -> list[Token]:
    """Number words as digits; 30 (tiga puluh) is said once."""
    said: list[Token] = []
    was_counted = False
    for run in _split(tokens, _goes_on_counting):
        counted = _value(run)
        one = run[0] if counted is None else _numbered(str(counted), run)
        is_repeated = bool(said) and one.is_number and one.word == said[-1].word
        if not (is_repeated and (was_counted or counted is not None)):
            said.append(one)
        was_counted = counted is not None
    return said


def _goes_on_counting(behind: Token, token: Token) -> bool:
    if token.opens or token.word not in _NUMBER_WORDS:
        return False
    if behind.word.isdigit():
        return token.word in _SCALES and token.word != "puluh"
    return behind.word in _NUMBER_WORDS


def _value(run: Sequence[Token]) -> int | None:
    """What the number words of a run say; None when they say nothing in digits."""
    if len(run) == 1 and run[0].word not in {**_UNITS, **_WHOLE}:
        return None
    total, part = 0, 0
    for word in (one.word for one in run):
        if word in ("puluh", "ratus"):
            tens = part % 10 or 1
            part += tens * (_SCALES[word] - 1)
        elif word in _SCALES:
            total, part = total + max(part, 1) * _SCALES[word], 0
        else:
            part += int(word) if word.isdigit() else 10 if word == "belas" else {**_UNITS, **_WHOLE}.get(word, 1)
    return total + part


def _join_pairs(tokens: list[Token]) -> list[Token]:
    """Two words that are one: anti korupsi, terima kasih, jangan lupa (which forbids nothing)."""

    def belongs(behind: Token, token: Token) -> bool:
        return behind.word == "anti" or (behind.word, token.word) in _PAIRS

    return [run[0] if len(run) == 1 else _spoken(run) for run in _split(tokens, belongs)]


def _spoken(run: Sequence[Token]) -> Token:
    return _moved(_word("".join(one.word for one in run)), run)


def _numbered(digits: str, run: Sequence[Token]) -> Token:
    return _moved(_number(digits), run)


def _moved(token: Token, run: Sequence[Token]) -> Token:
    first = run[0]
    return token._replace(
        opens=first.opens, is_proper=first.is_proper, is_tag=first.is_tag, start=first.start, end=run[-1].end
    )
