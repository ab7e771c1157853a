"""A folded word -> what it stands for and how much it tells, by the hand-written lists in lexicon.toml.

Words that mean the same share a meaning, in Indonesian, English and Javanese; an unknown word means its
own stem. The lists decide what is worth a person's look, never what is called the same.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

FUNCTION_WEIGHT, EVERYDAY_WEIGHT, SUBJECT_WEIGHT, TELLING_WEIGHT = 0.05, 0.25, 0.6, 1.0
SHORTEST_STEM = 4

_ENDING = re.compile(r"(?:lah|kah|pun|nya|ku|mu)$")
_SUFFIX = re.compile(r"(?:kan|an|(?<!ber)(?<!s)i|s)$")
_VOWELS = "aeiou"
# What a prefix hides of the word behind it: menolak <- tolak, memakai <- pakai, menyuap <- suap.
_PREFIXES = (
    (re.compile(r"[mp]eng(?=[aeioughk])"), ""),
    (re.compile(r"[mp]eny(?=[aeiou])"), "s"),
    (re.compile(r"[mp]em(?=[bfpv])"), ""),
    (re.compile(r"[mp]em(?=[aeiou])"), "p"),
    (re.compile(r"[mp]en(?=[cdjtsz])"), ""),
    (re.compile(r"[mp]en(?=[aeiou])"), "t"),
    (re.compile(r"[mp]e(?=[lrwymn])"), ""),
    (re.compile(r"(?:ber|ter|per|bel|pel)"), ""),
    (re.compile(r"(?:di|ke|se)"), ""),
)


class Guard(StrEnum):
    """Why a small word weighs much."""

    NEGATION = "negation"
    MODALITY = "modality"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The lists, folded into lookups by word or by stem."""

    spelling: dict[str, str]
    meanings: dict[str, str]
    weights: dict[str, float]
    guards: dict[str, Guard]
    hoax: frozenset[str]


@cache
def lexicon() -> Lexicon:
    """The lists, read once."""
    told = tomllib.loads(Path(__file__).with_name("lexicon.toml").read_text(encoding="utf-8"))
    weights = _weights(told["weights"])
    guards = {
        word: guard
        for name, guard in (("negation", Guard.NEGATION), ("modality", Guard.MODALITY), ("limits", Guard.LIMIT))
        for word in told["guards"][name].split()
    }
    for word in guards:  # they decide by being there or not, and are in every second sentence
        weights.setdefault(word, EVERYDAY_WEIGHT)
    meanings: dict[str, str] = {}
    for line in told["meanings"]["words"].strip().splitlines():
        first, *_ = line.split()
        for word in line.split():
            meanings.setdefault(word, first)
            meanings.setdefault(stem(word), first)
    return Lexicon(told["spelling"], meanings, weights, guards, frozenset(told["guards"]["hoax"].split()))


def _weights(told: dict[str, str]) -> dict[str, float]:
    weights: dict[str, float] = {}
    for name, weight in (("subject", SUBJECT_WEIGHT), ("everyday", EVERYDAY_WEIGHT), ("function", FUNCTION_WEIGHT)):
        forms = [form for word in told[name].split() for form in (word, stem(word))]
        for form in forms[:: 2 if name == "function" else 1]:  # glue has no forms
            weights[form] = min(weight, weights.get(form, weight))
    return weights


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The word without its affixes, roughly: all its forms lead to one key, which need not be a word."""
    bare = without_ending(word)
    for _ in range(2):
        shorter = _without_prefix(bare)
        if shorter == bare:
            break
        bare = shorter
    return bare[1:] if len(bare) > SHORTEST_STEM and bare[0] == "k" and bare[1] in _VOWELS else bare


def without_ending(word: str) -> str:
    """The word without -lah, -nya, -kan, -an, -i: what is left of laporkan, laporkanlah and laporan is the same."""
    return _cut(_SUFFIX, _cut(_ENDING, word))


def _cut(ending: re.Pattern[str], word: str) -> str:
    shorter = ending.sub("", word)
    return shorter if len(shorter) >= SHORTEST_STEM else word


def _without_prefix(word: str) -> str:
    for prefix, hidden in _PREFIXES:
        found = prefix.match(word)
        if found and len(word) - found.end() + len(hidden) >= SHORTEST_STEM:
            return hidden + word[found.end() :]
    return word


@lru_cache(maxsize=65536)
def meaning_of(word: str) -> str:
    """The first word of its line in the list of meanings, or its stem."""
    known = lexicon().meanings
    root = stem(word)
    return known.get(word) or known.get(root) or root


@lru_cache(maxsize=65536)
def weight_of(word: str) -> float:
    """How much the word tells, 0..1: little when every office says it every day."""
    weights = lexicon().weights
    if word in weights:
        return weights[word]
    weight = weights.get(stem(word), TELLING_WEIGHT)
    return weight if weight > FUNCTION_WEIGHT else TELLING_WEIGHT  # glue has no forms: atasan is not "atas"


def is_known(word: str) -> bool:
    """Whether the lists hold the word itself or a form of it: then it is neither a name nor a misspelling."""
    known = lexicon()
    return word in known.weights or word in known.guards or word in known.meanings or stem(word) in known.meanings
