"""A caption + a post, both read -> where and how far the post quotes the caption, and what it shares beyond words.

Quoting is words in order; sharing is meanings in any order, which also holds for a paraphrase or a translation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache

from pipelines.lexicon import FUNCTION_WEIGHT, SUBJECT_WEIGHT, is_known
from pipelines.passage import Passage, Token, read

SHORTEST_SLIP = 5  # in shorter words one letter makes another word: suap, siap
FAR = 12  # tokens between a stray word and the quotation it does not belong to
STRAY_WEIGHT = 2.0
LONGEST_QUOTE = 400


@dataclass(frozen=True, slots=True)
class Block:
    """`length` tokens of the caption from `own` stand in the post from `at`, in the same order."""

    own: int
    at: int
    length: int


@dataclass(frozen=True)
class Quotation:
    """The tokens of the caption's body and of the post's, and the blocks in which they agree, in order."""

    own: tuple[Token, ...]
    post: tuple[Token, ...]
    blocks: tuple[Block, ...]
    text: str

    @cached_property
    def pairs(self) -> list[tuple[Token, Token]]:
        """Each token of the caption with the one of the post that stands for it."""
        return [
            (self.own[block.own + step], self.post[block.at + step])
            for block in self.blocks
            for step in range(block.length)
        ]

    @cached_property
    def met(self) -> frozenset[int]:
        """Which tokens of the caption were met."""
        return frozenset(block.own + step for block in self.blocks for step in range(block.length))

    @cached_property
    def containment(self) -> float:
        """The share of the caption's words that stand in the post in order, by weight, 0..1."""
        total = sum(token.weight for token in self.own)
        return sum(self.own[at].weight for at in self.met) / total if total else 0.0

    @property
    def quote(self) -> str:
        """The stretch of the post from the first to the last of these words."""
        if not self.blocks:
            return ""
        first, last = self.blocks[0], self.blocks[-1]
        stretch = self.text[self.post[first.at].start : self.post[last.at + last.length - 1].end]
        return stretch if len(stretch) <= LONGEST_QUOTE else f"{stretch[:LONGEST_QUOTE]}…"


@dataclass(frozen=True, slots=True)
class Common:
    """What a caption and the stretch of a post that comes nearest to it have in common, as the caption's words."""

    share: float
    telling: int
    found: tuple[str, ...]
    missing: tuple[str, ...]


def bag_share(caption: Passage, post: Passage) -> float:
    """The share of the caption's meanings that stand anywhere in the post, by weight, 0..1."""
    asked = caption.demanded
    met = sum(asked[meaning][0] for meaning in asked.keys() & post.meanings)
    return met / caption.weight if asked else 0.0


def find_common(caption: Passage, post: Passage) -> Common:
    """What the two have in common in the stretch of the post that shares most."""
    weights = {meaning: weight for meaning, (weight, _) in caption.demanded.items()}
    hits = [(at, token.meaning) for at, token in enumerate(post.tokens) if token.meaning in weights]
    met = _richest(hits, len(caption.body) * 3 // 2 + 20, weights)
    return Common(
        sum(weights[one] for one in met) / (caption.weight or 1.0),
        sum(weights[one] >= SUBJECT_WEIGHT for one in met),
        _words_of(caption, met),
        _words_of(caption, weights.keys() - met),
    )


def _words_of(caption: Passage, meanings: Set[str]) -> tuple[str, ...]:
    """The caption's words for these meanings, the most telling first, without glue."""
    said = sorted((one for one in caption.demanded.items() if one[0] in meanings), key=lambda one: -one[1][0])
    return tuple(word for _, (weight, word) in said if weight > FUNCTION_WEIGHT)


def _richest(hits: Sequence[tuple[int, str]], width: int, weights: dict[str, float]) -> frozenset[str]:
    """The different meanings in the stretch of `width` tokens where they weigh most."""
    inside: Counter[str] = Counter()
    best, best_weight, weight, first = frozenset[str](), 0.0, 0.0, 0
    for at, meaning in hits:
        inside[meaning] += 1
        weight += weights[meaning] if inside[meaning] == 1 else 0.0
        while hits[first][0] <= at - width:
            inside[hits[first][1]] -= 1
            weight -= 0.0 if inside[hits[first][1]] else weights[hits[first][1]]
            first += 1
        if weight > best_weight + 1e-9:
            best, best_weight = frozenset(+inside), weight
    return best


def find_quotation(caption: Passage, post: Passage) -> Quotation:
    """The caption's words that the post holds in the caption's order."""
    own = caption.body
    start, end = _densest(own, post.body)
    window = post.body[start:end]
    spelled = _without_slips(caption, window)
    same = SequenceMatcher(None, [one.root for one in own], [one.root for one in spelled], autojunk=False)
    blocks = [Block(*found) for found in same.get_matching_blocks() if found.size]
    return Quotation(own, tuple(spelled), tuple(_together(blocks, own)), post.text)


def _densest(own: Sequence[Token], tokens: Sequence[Token]) -> tuple[int, int]:
    """The stretch of the post, at most twice as long as the caption, that holds most of its words."""
    width = 2 * len(own) + 40
    if len(tokens) <= width:
        return 0, len(tokens)
    weights = {token.root: token.weight for token in own}
    gained = [weights.get(token.root, 0.0) for token in tokens]
    held = best = sum(gained[:width])
    start = 0
    for at in range(width, len(tokens)):
        held += gained[at] - gained[at - width]
        if held > best + 1e-9:
            best, start = held, at - width + 1
    return max(0, start - len(own)), min(len(tokens), start + width + len(own))


def _without_slips(own: Passage, window: Sequence[Token]) -> list[Token]:
    """The post's tokens, with those one slip away from a word of the caption spelled like it.

    Known words and names are left alone: another letter makes another word or person.
    """
    shortened = _shortened(own.text)
    fixed: dict[str, Token | None] = {one.word: None for one in own.body}
    for token in window:
        word = token.word
        if word not in fixed:
            fixed[word] = _meant(word, shortened) if _may_slip(word) and not is_known(word) else None
    return [_spelled_like(token, fixed[token.word]) for token in window]


def _meant(word: str, shortened: Mapping[str, Sequence[Token]]) -> Token | None:
    near = (one for less in _one_less(word) for one in shortened.get(less, ()))
    return next((one for one in near if is_slip(word, one.word)), None)


@lru_cache(maxsize=4096)
def _shortened(caption: str) -> dict[str, list[Token]]:
    """The words of a caption by what is left of them without one letter: words one slip apart meet there."""
    left: dict[str, list[Token]] = {}
    for token in read(caption).body:
        if _may_slip(token.word) and (is_known(token.word) or not token.is_proper):
            for less in _one_less(token.word):
                left.setdefault(less, []).append(token)
    return left


@lru_cache(maxsize=65536)
def _one_less(word: str) -> tuple[str, ...]:
    return (word, *dict.fromkeys(word[:at] + word[at + 1 :] for at in range(len(word))))


def _may_slip(word: str) -> bool:
    return len(word) >= SHORTEST_SLIP and word.isalpha()


def _spelled_like(token: Token, other: Token | None) -> Token:
    if other is None:
        return token
    return token._replace(word=other.word, root=other.root, meaning=other.meaning, weight=other.weight)


def is_slip(written: str, meant: str) -> bool:
    """Whether one letter is missing, added or swapped with its neighbour.

    A changed letter is no slip: it makes another word, rekanan of rekaman.
    """
    if abs(len(written) - len(meant)) > 1:
        return False
    start = 0
    while start < min(len(written), len(meant)) and written[start] == meant[start]:
        start += 1
    end = 0
    while end < min(len(written), len(meant)) - start and written[-1 - end] == meant[-1 - end]:
        end += 1
    one, other = written[start : len(written) - end], meant[start : len(meant) - end]
    return len(one) + len(other) <= 1 or (len(one) == 2 and one == other[::-1])


def _together(blocks: list[Block], own: Sequence[Token]) -> list[Block]:
    """Without stray words far before or behind the quotation."""

    def is_stray(block: Block, gap: int) -> bool:
        weight = sum(token.weight for token in own[block.own : block.own + block.length])
        return gap > FAR and weight < STRAY_WEIGHT

    while len(blocks) > 1 and is_stray(blocks[0], blocks[1].at - blocks[0].at - blocks[0].length):
        blocks = blocks[1:]
    while len(blocks) > 1 and is_stray(blocks[-1], blocks[-1].at - blocks[-2].at - blocks[-2].length):
        blocks = blocks[:-1]
    return blocks
