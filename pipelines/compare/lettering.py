"""Words read in pictures + words wanted -> whether they are the same, despite what readers get wrong.

Readers drop spaces, take O for 0, l and I for 1, rn for m, and now and then misread a letter. Digits are
never forgiven: 2025 is not 2026, whatever the reader's doubts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipelines.media.lettering import Line, reader
from pipelines.media.pictures import Colour
from pipelines.text import GRAM, fold

VISIBLE, NEARLY_VISIBLE = 0.88, 0.6  # of a phrase's letters: one misread in nine; a coincidence reaches 0.5
LONG_WORD = 6  # letters from which one may be misread
LONE_LETTERS = 8  # a shorter phrase must stand as words of its own: "jujur" is not in "kejujuran"

_NOT_LETTERS = re.compile(r"[\W_]+")
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_NUMBER = re.compile(r"\d+")
_NEARLY_NUMBER = re.compile(r"(?<![^\W\d_])[oil|\d]*\d[oil|\d]*(?![^\W\d_])")
_TAKEN_FOR = str.maketrans({"o": "0", "l": "1", "i": "1", "|": "1"})


@dataclass(frozen=True, slots=True)
class Change:
    """What the material's own crop says and what the posted one says; `differing` is empty when they agree."""

    own: str
    posted: str
    differing: tuple[str, ...]

    @property
    def words(self) -> tuple[str, str]:
        """The same as a sentence, in Indonesian and English."""
        if not self.differing:
            return (f"Tulisannya sama: “{self.own}”.", f"The lettering is the same: “{self.own}”.")
        own, posted = self.own or "–", self.posted or "–"
        return (f"Pada materi terbaca “{own}”, pada unggahan “{posted}”.",
                f"It reads “{own}” in the material, “{posted}” in the post.")  # fmt: skip


def explain_change(own_crop: Colour, posted_crop: Colour) -> Change | None:
    """What a contradicted place says on both sides; None when nothing can be read there, or by nobody.

    Both crops are BGR and show the same place; `around_words` cuts them so that whole words are in them.
    """
    with_words = reader()
    if with_words is None:
        return None
    own, posted = (" ".join(line.text for line in with_words.read(crop)) for crop in (own_crop, posted_crop))
    return Change(own, posted, words_differ(own, posted)) if own or posted else None


def around_words(box: tuple[int, int, int, int], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """A changed box (left, top, right, bottom) widened so that words cut by it are whole; `size` is width, height."""
    left, top, right, bottom = box
    aside, above = max(80, 4 * (bottom - top)), max(12, (bottom - top) // 3)
    return max(0, left - aside), max(0, top - above), min(size[0], right + aside), min(size[1], bottom + above)


def same_words(read: str, wanted: str) -> bool:
    """Whether both are the same letters and digits, apart from spaces, signs, case and look-alikes."""
    return _skeleton(read) == _skeleton(wanted)


def words_differ(own_text: str, posted_text: str) -> tuple[str, ...]:
    """Numbers and words of one text that the other lacks: the first text's, then the second's."""
    lost, added = (_missing(one, other) for one, other in ((own_text, posted_text), (posted_text, own_text)))
    return tuple(dict.fromkeys((*lost, *added)))


def phrase_visible(lines: Sequence[Line], phrase: str) -> bool:
    """Whether the phrase stands in what was read, in one line or over lines beneath each other."""
    return phrase_likeness(lines, phrase) >= VISIBLE


def phrase_likeness(lines: Sequence[Line], phrase: str) -> float:
    """How much of the phrase was read in one place, 0..1; below `VISIBLE` it is not said to be there.

    A phrase of other digits stays below; so does a short one that is only part of a longer word.
    """
    texts = tuple(_runs(lines))
    wanted = _skeleton(phrase)
    if not wanted or not texts:
        return 0.0
    if any(_holds(text, phrase) for text in texts):
        return 1.0
    likeness = max(_best_likeness(wanted, _skeleton(text)) for text in texts)
    is_certain = len(wanted) >= LONE_LETTERS and numbers_read(phrase) <= numbers_read(" ".join(texts))
    return likeness if is_certain else min(likeness, VISIBLE - 0.01)


def text_share(lines: Sequence[Line], caption: str) -> float:
    """The share of the caption's runs of five letters, spaces and look-alikes aside, that were read, 0..1."""
    return _share("\n".join(_runs(lines)), caption)


def numbers_read(text: str) -> frozenset[str]:
    """The numbers of a text, as read and with letters that stand among digits taken for digits."""
    folded = fold(text)
    mended = _NEARLY_NUMBER.sub(lambda found: found[0].translate(_TAKEN_FOR), folded)
    found = _NUMBER.findall(folded) + _NUMBER.findall(mended)
    return frozenset(number.lstrip("0") or "0" for number in found)


def text_of(lines: Iterable[Line]) -> str:
    """All that was read, line by line."""
    return "\n".join(line.text for line in lines)


def respelled(lines: Sequence[Line], caption: str) -> str:
    """What was read, nearest to the caption first, with the caption's words where they only look otherwise.

    `9Desember 2O26` becomes `9 Desember 2026` if the caption says so; other words and digits stay as read.
    """
    own = {_skeleton(word): word for word in reversed(caption.split())}
    runs = sorted(_runs(lines), key=lambda text: -_share(text, caption))
    return " ".join(_in_words_of(own, token) for token in runs[0].split()) if runs else ""


def _in_words_of(own: dict[str, str], token: str) -> str:
    """The token as the caption's words that it is made of, else as it is."""
    joined = _skeleton(token)
    parts: list[tuple[str, ...] | None] = [()]
    for end in range(1, len(joined) + 1):
        starts = (at for at in range(end) if parts[at] is not None and joined[at:end] in own)
        first = next(starts, None)
        parts.append(None if first is None else (*(parts[first] or ()), own[joined[first:end]]))
    found = parts[-1]
    return " ".join(found) if found else token


def _share(text: str, caption: str) -> float:
    wanted = _grams(_skeleton(caption))
    return len(wanted & _grams(_skeleton(text))) / len(wanted) if wanted else 0.0


def _skeleton(text: str) -> str:
    """Letters and digits only, what looks alike made alike."""
    return _NOT_LETTERS.sub("", fold(text.replace("|", "l"))).replace("rn", "m").translate(_TAKEN_FOR)


def _grams(skeleton: str) -> frozenset[str]:
    return frozenset(skeleton[at : at + GRAM] for at in range(max(1, len(skeleton) - GRAM + 1))) - {""}


def _missing(text: str, other: str) -> Iterator[str]:
    """Tokens of `text` that do not stand in `other`, spaces aside."""
    there, numbers = _skeleton(other), numbers_read(other)
    mended = _NEARLY_NUMBER.sub(lambda found: found[0].translate(_TAKEN_FOR), fold(text))
    for token in _TOKEN.findall(mended):
        number = token.lstrip("0") or "0"
        if not (number in numbers if token.isdigit() else _stands_in(_skeleton(token), there)):
            yield token


def _stands_in(word: str, text: str) -> bool:
    return word in text or (len(word) >= LONG_WORD and _edits(word, text) <= 1)


def _holds(text: str, phrase: str) -> bool:
    """Whether the phrase's letters stand in the text, as words of their own if they are few."""
    wanted, tokens = _skeleton(phrase), [_skeleton(token) for token in _NOT_LETTERS.split(text)]
    if len(wanted) >= LONE_LETTERS and not any(sign.isdigit() for sign in phrase):
        return wanted in "".join(tokens)
    longest = len(phrase.split()) + 2
    return any(
        wanted == "".join(tokens[first : first + many]) for first in range(len(tokens)) for many in range(1, longest)
    )


def _best_likeness(wanted: str, text: str) -> float:
    return max(0.0, 1 - _edits(wanted, text) / len(wanted))


def _edits(wanted: str, text: str) -> int:
    """The least letters to change in `wanted` so that it stands somewhere in `text` (Sellers 1980)."""
    above = [0] * (len(text) + 1)
    for row, letter in enumerate(wanted, 1):
        here = [row]
        for column, sign in enumerate(text, 1):
            here.append(min(above[column] + 1, here[-1] + 1, above[column - 1] + (letter != sign)))
        above = here
    return min(above)


def _runs(lines: Sequence[Line]) -> Iterator[str]:
    """What belongs together: everything in reading order, and every column of lines beneath each other."""
    if not lines:
        return
    yield " ".join(line.text for line in lines)
    rest = sorted(lines, key=lambda line: line.box[1])
    while rest:
        column = [rest.pop(0)]
        for line in tuple(rest):
            if _continues(column[-1], line):
                column.append(line)
                rest.remove(line)
        yield " ".join(line.text for line in column)


def _continues(line: Line, below: Line) -> bool:
    """Whether `below` is the next line of the same paragraph: beneath it, near, and of like height."""
    (left, top, right, bottom), (other_left, other_top, other_right, other_bottom) = line.box, below.box
    high, other_high = bottom - top, other_bottom - other_top
    overlap = min(right, other_right) - max(left, other_left)
    is_near = -0.5 * high < other_top - bottom < 1.2 * max(high, other_high)
    is_beneath = overlap > 0.3 * min(right - left, other_right - other_left)
    return is_near and is_beneath and other_high < 2 * high < 4 * other_high
