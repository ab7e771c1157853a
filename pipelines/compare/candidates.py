"""Features of all references + those of a posted picture -> which references it may hold, and where to look.

Descriptors that share two of their bytes at the same place are compared (locality-sensitive hashing with
sixteen tables); pairs then vote for one turn and one scale, and only pairs that agree are handed on.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipelines.media.features import DESCRIPTOR_BYTES, Features

TABLES = DESCRIPTOR_BYTES // 2
MOST_BITS = 64
TURN_BINS, SCALE_BINS = 12, 16  # 30 degrees; half an octave, from 1/16 to 16
# A bucket holding more than this, beyond what its size makes likely, says nothing: plain edges, common glyphs.
CROWDED = 40
SLACK_BITS, MOST_PAIRS = 12, 8
MIDDLE_CELL = 0.25
VOTES = 16
BINS = TURN_BINS * SCALE_BINS * 64 * 64
PAIR_BITS = 24  # a number of a pair; a picture has 1,500 features with at most 8 pairs each
# True copies, 9 pictures in 53 guises: 35 votes and more, place 9 and better (a news page, a 40 % crop). Unrelated
# pictures get up to 50 (a quarter of those with 24 get less than 30), up to 286 where they share a template.
FEWEST_VOTES, MOST_LEADS = 30, 12
Pairs = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Lead:
    """`entry`: number of the reference picture; `votes`: pairs that agree on turn and scale.

    `pairs`: (n, 2) feature numbers, reference first, posted second.
    """

    entry: int
    votes: int
    pairs: Pairs


class FeatureIndex:
    """All references' features in sixteen tables; about 100 bytes a feature."""

    def __init__(self, entries: Sequence[Features]) -> None:
        self.entries = tuple(entries)
        counts = [len(one) for one in entries]
        self._owner = np.repeat(np.arange(len(counts)), counts)
        self._first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        bits = [one.descriptors for one in entries] or [np.zeros((0, DESCRIPTOR_BYTES), np.uint8)]
        self._bits = np.ascontiguousarray(np.concatenate(bits))
        self._crowded = CROWDED + 2 * len(self._bits) // 65536
        self._place = np.concatenate([_place(one) for one in entries] or [np.zeros((0, 4), np.float32)])
        self._extent = np.array([math.hypot(one.width, one.height) for one in entries], np.float32)
        keys = self._bits.view(np.uint16).T
        self._orders = [np.argsort(key, kind="stable").astype(np.int32) for key in keys]
        sorted_keys = [key[order] for key, order in zip(keys, self._orders, strict=True)]
        self._ends = [np.searchsorted(key, np.arange(65537)) for key in sorted_keys]

    def leads(self, posted: Features, fewest: int = FEWEST_VOTES, most: int = MOST_LEADS) -> list[Lead]:
        """The entries with at least `fewest` agreeing pairs, most votes first."""
        if not len(posted) or not len(self._bits):
            return []
        own, seen = self._near(posted)
        bins = self._bins(posted, own, seen, self._owner[own])
        # Bin and pair in one number: numpy sorts numbers far faster than it sorts their places.
        voted = np.sort(bins << PAIR_BITS | np.tile(np.arange(len(own)), VOTES))
        starts = np.flatnonzero(np.diff(voted >> PAIR_BITS, prepend=-1))
        ends = np.r_[starts[1:], len(voted)]
        tops = _best_bins(voted[starts] >> PAIR_BITS, ends - starts, fewest, most)
        chosen = (voted[starts[at] : ends[at]] & ((1 << PAIR_BITS) - 1) for at in tops)
        return [self._lead(own[pairs], seen[pairs]) for pairs in chosen]

    def _near(self, posted: Features) -> tuple[Pairs, Pairs]:
        """Pairs of descriptors that differ in few bits: numbers here, numbers there."""
        found = []
        theirs = np.ascontiguousarray(posted.descriptors).view(np.uint64)
        ours = self._bits.view(np.uint64)
        for table, key in enumerate(posted.descriptors.view(np.uint16).T):
            starts, ends = self._ends[table][key], self._ends[table][key.astype(np.int64) + 1]
            counts = np.where(ends - starts > self._crowded, 0, ends - starts)
            within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
            own = self._orders[table][np.repeat(starts, counts) + within].astype(np.int64)
            seen = np.repeat(np.arange(len(posted)), counts)
            differing = _differing_bits(ours[own], theirs[seen])
            near = np.flatnonzero(differing <= MOST_BITS)
            found.append((seen[near] << 48) | (differing[near].astype(np.int64) << 40) | own[near])
        return _nearest_few(_distinct(np.concatenate(found)))

    def _bins(self, posted: Features, own: Pairs, seen: Pairs, owner: Pairs) -> Pairs:
        """For each pair the sixteen bins it votes for: entry, turn, scale, and where the middle would lie."""
        ours, theirs = self._place[own], _place(posted)[seen]
        turn = (theirs[:, 2] - ours[:, 2]) % 1.0
        scale = theirs[:, 3] - ours[:, 3]
        angle, stretch = turn * 2 * np.pi, np.exp2(scale)
        cos, sin = np.cos(angle) * stretch, np.sin(angle) * stretch
        x = theirs[:, 0] - cos * ours[:, 0] + sin * ours[:, 1]
        y = theirs[:, 1] - sin * ours[:, 0] - cos * ours[:, 1]
        # The coarser the guess of the scale, the farther off the guessed middle: cells grow with the extent.
        cell = np.exp2(np.round(scale * 2) / 2) * self._extent[owner] * MIDDLE_CELL
        axes = [turn * TURN_BINS, scale * 2 + SCALE_BINS / 2, x / cell + 32, y / cell + 32]
        low = [np.floor(axis - 0.5).astype(np.int64) for axis in axes]
        sides = (TURN_BINS, SCALE_BINS, 64, 64)
        votes = []
        for corner in range(VOTES):
            key = owner
            for number, (first, side) in enumerate(zip(low, sides, strict=True)):
                step = first + (corner >> number & 1)
                key = key * side + (step % side if number == 0 else step.clip(0, side - 1))
            votes.append(key)
        return np.concatenate(votes)

    def _lead(self, own: Pairs, seen: Pairs) -> Lead:
        entry = int(self._owner[own[0]])
        pairs = np.stack([own - self._first[entry], seen], axis=1)
        return Lead(entry, min(len(np.unique(pairs[:, 0])), len(np.unique(pairs[:, 1]))), pairs)


def _distinct(numbers: Pairs) -> Pairs:
    """Sorted, each once."""
    ordered = np.sort(numbers)
    return ordered[np.diff(ordered, prepend=-1) > 0]


def _differing_bits(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> NDArray[np.uint16]:
    """Of each pair of descriptors of four words; words are added by hand, numpy's sum over four is slow."""
    words = np.bitwise_count(one ^ other)
    return np.asarray(words[:, 0].astype(np.uint16) + words[:, 1] + words[:, 2] + words[:, 3], np.uint16)


def _place(features: Features) -> NDArray[np.float32]:
    """(n, 4): x and y from the picture's middle, turn, log2 size."""
    middle = np.array([features.width / 2, features.height / 2], np.float32)
    return np.column_stack([features.points - middle, features.angles, features.sizes]).astype(np.float32)


def _nearest_few(pairs: Pairs) -> tuple[Pairs, Pairs]:
    """Of each posted feature's pairs, sorted by distance, those about as near as the nearest."""
    seen, differing, own = pairs >> 48, pairs >> 40 & 255, pairs & ((1 << 40) - 1)
    starts = np.flatnonzero(np.r_[True, seen[1:] != seen[:-1]]) if len(pairs) else np.zeros(0, np.int64)
    first = np.repeat(starts, np.diff(np.r_[starts, len(pairs)]))
    kept = (np.arange(len(pairs)) - first < MOST_PAIRS) & (differing <= differing[first] + SLACK_BITS)
    return own[kept], seen[kept]


def _best_bins(bins: Pairs, votes: Pairs, fewest: int, most: int) -> Pairs:
    """Numbers of the fullest bin of each entry, of the entries with the fullest ones, these first."""
    full = np.flatnonzero(votes >= fewest)
    entries = bins[full] // BINS
    order = np.lexsort((-votes[full], entries))
    firsts = full[order[np.diff(entries[order], prepend=-1) > 0]]
    return firsts[np.argsort(-votes[firsts], kind="stable")[:most]]


class FileIndex:
    """The views of many files, by the files' digests, in one index."""

    def __init__(self, views: Mapping[str, Sequence[Features]]) -> None:
        self._files = [(sha256, number) for sha256, own in views.items() for number in range(len(own))]
        self._index = FeatureIndex([one for own in views.values() for one in own])

    def propose(self, posted: Features) -> dict[str, list[Lead]]:
        """Leads by file, most votes first; their `entry` is the number of the view within its file."""
        found: dict[str, list[Lead]] = {}
        for lead in self._index.leads(posted):
            sha256, number = self._files[lead.entry]
            found.setdefault(sha256, []).append(replace(lead, entry=number))
        return found
