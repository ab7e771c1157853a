"""A quotation -> the numbers, names and words by which the post says something else than the caption.

A caption on the same template differs in one word; a decorated, shortened or framed copy differs in none that
matters. Whatever was exchanged counts; what was dropped from a sentence or put into it counts when it is a
number, a name, a word that tells, or a small one such as "jangan", "wajib", "sebelum".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from pipelines.lexicon import FUNCTION_WEIGHT, SUBJECT_WEIGHT, Guard, is_known, lexicon, without_ending
from pipelines.passage import CUT, Passage, Token
from pipelines.quotation import Quotation
from pipelines.text import hashtags_in

NEIGHBOURS = 4  # tokens beside a quotation that can turn its meaning: "tidak benar bahwa ..."
OWN_SENTENCE = 4  # tokens an office's own sentence has at least

_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs; empty when the post says the same."""

    numbers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every one of them, the numbers first."""
        return (*self.numbers, *self.names, *self.words)

    def __bool__(self) -> bool:
        return bool(self.all)


def find_differences(caption: Passage, post: Passage, quotation: Quotation) -> Differences:
    """Numbers, names and words that a person has to look at."""
    every = [*_exchanged(quotation), *_dropped(quotation), *_denied(caption, post)]
    kinds: dict[str, list[str]] = {"numbers": [], "names": [], "words": []}
    for token in every:
        kinds[_kind(token)].append(token.word)
    kinds["numbers"] += _other_years_in_tags(caption.text, post.text)
    return Differences(**{kind: tuple(dict.fromkeys(words)) for kind, words in kinds.items()})


def _exchanged(quotation: Quotation) -> list[Token]:
    """What is lost and tells, what stands for other words, and what was moved."""
    gaps, lost = list(_gaps(quotation)), _lost(quotation)
    every = [token for token in lost if token.is_number or _is_name(token)]
    every += (token for gap in gaps for token in gap.strange())
    every += (there for own, there in quotation.pairs if _is_other_form(own, there))
    return every + _moved(gaps, lost)


def _lost(quotation: Quotation) -> list[Token]:
    return [own for at, own in enumerate(quotation.own) if at not in quotation.met and not own.is_tag]


def _kind(token: Token) -> str:
    return "numbers" if token.is_number else "names" if _is_name(token) else "words"


def _is_name(token: Token) -> bool:
    """A capital inside of a sentence, on a word the lists do not know."""
    return token.is_proper and not token.opens and not is_known(token.word) and token.word.isalpha()


def _tells(token: Token) -> bool:
    return token.weight > FUNCTION_WEIGHT or _guard(token) is not None


def _guard(token: Token) -> Guard | None:
    return lexicon().guards.get(token.word)


def _is_other_form(own: Token, there: Token) -> bool:
    """Of one stem, but not one: pelapor and terlapor. Laporkan and laporan are one; names have one form."""
    if own.word == there.word:
        return False
    return _is_name(own) or without_ending(own.word) != without_ending(there.word)


def _moved(gaps: Sequence[_Gap], lost: Sequence[Token]) -> list[Token]:
    """Words that stand elsewhere in the sentence: "jangan diam, adukan" and "diam, jangan adukan"."""
    roots = {token.root for token in lost if _tells(token)}
    return [token for gap in gaps for token in gap.there if token.root in roots and not token.is_tag]


@dataclass(frozen=True, slots=True)
class _Gap:
    """What stands between two blocks, or before or behind all: the caption's tokens and the post's.

    `turning` are the small words that turn the meaning there. `is_apart`: both are whole sentences, so
    neither stands for the other.
    """

    own: Sequence[Token]
    there: Sequence[Token]
    turning: tuple[Guard, ...]
    is_inside: bool = False
    is_apart: bool = False

    def strange(self) -> list[Token]:
        """The post's tokens that stand for other ones, or that change what is said."""
        if self.is_apart and len(self.there) >= OWN_SENTENCE:
            return []
        own, there = list(filter(_tells, self.own)), list(filter(_tells, self.there))
        if own and there:
            return there + [one for one in own if one.is_number]
        return [one for one in there if not one.is_tag and self._changes(one)]

    def _changes(self, token: Token) -> bool:
        """Any word that tells changes a sentence it is put into: "gratis" and "gratis bagi lansia"."""
        if _guard(token) in self.turning:
            return True
        is_added = self.is_inside and not self.is_apart and token.word.isalnum()
        return is_added and (token.is_number or token.weight >= SUBJECT_WEIGHT)


def _gaps(quotation: Quotation) -> Iterator[_Gap]:
    own, post, blocks = quotation.own, quotation.post, quotation.blocks
    if not blocks:
        return
    yield _head(quotation)
    for block, after in pairwise(blocks):
        own_end, end = block.own + block.length, block.at + block.length
        is_apart = all(_opens(own, at) for at in (own_end, after.own)) and all(
            _opens(post, at) for at in (end, after.at)
        )
        yield _Gap(own[own_end : after.own], post[end : after.at], tuple(Guard), True, is_apart)
    yield _tail(quotation)


def _opens(tokens: Sequence[Token], at: int) -> bool:
    return at >= len(tokens) or bool(tokens[at].opens)


def _head(quotation: Quotation) -> _Gap:
    """What stands before: a caption that begins otherwise, or a word that denies what follows."""
    first = quotation.blocks[0]
    begins_whole = bool(quotation.own[first.own].opens)
    before: list[Token] = []
    for at in range(first.at - 1, max(-1, first.at - 1 - NEIGHBOURS), -1):
        if quotation.post[at + 1].opens >= (1 if begins_whole else CUT):
            break
        before.insert(0, quotation.post[at])
    own = () if begins_whole else _same_sentence(quotation.own[: first.own])
    return _Gap(own, before, (Guard.NEGATION, Guard.MODALITY))


def _same_sentence(before: Sequence[Token]) -> Sequence[Token]:
    start = max((at for at, token in enumerate(before) if token.opens), default=0)
    return before[start:]


def _tail(quotation: Quotation) -> _Gap:
    """What stands behind: a caption that ends otherwise; one that was cut off ends in dots or with the post."""
    last = quotation.blocks[-1]
    own_end, end = last.own + last.length, last.at + last.length
    ends_whole = _opens(quotation.own, own_end)
    behind: list[Token] = []
    for token in quotation.post[end : end + NEIGHBOURS]:
        if token.opens >= (1 if ends_whole else CUT):
            break
        behind.append(token)
    rest = () if ends_whole else quotation.own[own_end : own_end + NEIGHBOURS]
    return _Gap(rest, behind, (Guard.NEGATION,))


def _dropped(quotation: Quotation) -> list[Token]:
    """Words that tell, and small ones such as "tidak", missing inside of a sentence which is otherwise there."""
    own, met = quotation.own, quotation.met
    sentences = list(accumulate(int(bool(token.opens)) for token in own))
    quoted = {sentences[at] for at in met if own[at].weight > FUNCTION_WEIGHT}
    missing = [own[at] for at in range(max(met, default=0)) if at not in met and sentences[at] in quoted]
    return [one for one in missing if not one.is_tag and _decides(one)]


def _decides(token: Token) -> bool:
    return _guard(token) is not None or token.weight >= SUBJECT_WEIGHT


def _denied(caption: Passage, post: Passage) -> list[Token]:
    """Words with which a text is called a hoax or a joke, unless the caption itself speaks of such."""
    own = {token.word for token in caption.tokens}
    return [token for token in post.tokens if token.word in lexicon().hoax and token.word not in own]


def _other_years_in_tags(caption: str, post: str) -> list[str]:
    """Numbers of hashtags that are the caption's but for the number: #hakordia2025 for #hakordia2026."""
    own, there = hashtags_in(caption), hashtags_in(post)
    stems = {_DIGITS.sub("", tag) for tag in own if _DIGITS.search(tag) and tag not in there}
    other = [tag for tag in sorted(there - own) if _DIGITS.search(tag) and _DIGITS.sub("", tag) in stems]
    return [number for tag in other for number in _DIGITS.findall(tag)]
