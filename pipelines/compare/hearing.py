"""Landmarks of the references + landmarks of a post's sound -> which reference is heard where, how fast.

Pairs of landmarks vote for an alignment at each speed of a grid; the best few alignments are then
verified landmark by landmark against chance, so the votes only decide where to look.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.compare.spans import Span, length, merged, without
from pipelines.media.sound import FRAME_SECONDS, TONES, TONES_PER_OCTAVE, Sound

Pitch = Literal["same", "kept", "moved"]
_Whole = NDArray[np.int32]
_Real = NDArray[np.float64]

_GRID = 1.035  # between two speeds; verification finds the exact one
_SPEEDS = tuple(_GRID**step for step in range(-7, 13) if step)  # 0.79 to 1.51
_Passes = Sequence[tuple[float, int]]
_Run = tuple[int, int, float]  # first slot, the one after the last, proof
_PLAIN = ((1.0, 0),)
_OTHERS = tuple(
    (speed, shift) for speed in _SPEEDS for shift in (0, -round(TONES_PER_OCTAVE * math.log2(speed)))
)

# A pair is a landmark with a near one: its tone, the way to the other's tone, the frames between. Cells of time grow
# with it, because an error in speed does.
_TONE_CELL = 2
_NEAR_TONES, _FAR_TONES = 2, 24
_STEP_CELLS = _FAR_TONES + 1
_FRAME_EDGES = (0, 1, 2, 3, 4, 6, 8, 10, 13, 16, 20, 24)
_FRAME_CELLS, _FAR_FRAMES = len(_FRAME_EDGES) - 1, _FRAME_EDGES[-1]
_FRAME_CELL = np.searchsorted(_FRAME_EDGES, np.arange(2 * _FAR_FRAMES), side="right").astype(np.int32) - 1
_CELLS = TONES // _TONE_CELL * _STEP_CELLS * _FRAME_CELLS

_WINDOW = 2048  # frames of the post that vote together: 33 s
_BIN = 8  # frames of offset that votes may differ by
_PAD = _WINDOW * 2  # frames between two references on their common axis
_LEADS_PER_PASS, _LEADS = 4, 10  # of each reference
_WORTH = 14.0  # standard deviations above a reference's usual votes; true copies have 24 and more

_CLOSE = 48  # frames between the offset that was voted for and the exact one, with the drift of half a window
_REACH = 190  # frames around an alignment that tell what chance gives: 3 s
_SLACK = 1.5  # frames
_FEWEST = 16  # landmarks that a second opinion needs
_PLAIN_ERROR = 0.012  # of speed 1; beyond, a neighbour on the grid is nearer
_TURNS = np.linspace(-0.02, 0.02, 21)  # errors of speed that are tried
_RATIO = 4.0  # how much more than chance a copy must show to gain proof; under a voice of +12 dB it is 5
_SLOT = 16  # frames of the post that are weighed together
_MOST_GAIN = 6.0  # of one slot: a single vowel that another voice spoke alike is no proof
_DROP = 14.0  # a span ends where its proof falls by this: about two seconds of chance
_PROOF = 30.0
_MORE_PROOF = 20.0  # for further spans on an alignment that is proven

# Votes of pairs (worth) and coincidences (standard deviations above those of the same spans at other offsets) must be
# unusual together: their geometric mean. Of 447 wrong alignments that passed the proof the strongest had 14.7, of 276
# true copies in 23 guises the weakest 17.3. A few notes repeated are not unusual even in a true copy, but there nearly
# all landmarks of the post coincide: of wrong alignments one in 447 had 70 % of them, with a strength of 9.7.
_STRENGTH = 16.0
_NEARLY_ALL, _STRENGTH_OF_ALL = 0.7, 12.5
_LEAST_DEVIATIONS = 6.0
_EXPLAINED = 0.9  # of a post's seconds with sound, by one reference: no other speed need be tried


@dataclass(frozen=True, slots=True)
class Heard:
    """A reference heard in a post: reference time = `speed` × post time + `offset_seconds`.

    `pitch`: moved with the speed, kept in spite of it, or the same (normal speed). `votes`: landmarks
    that coincide; `needed`: how many would do. `covered`: seconds of the reference, `share` of all
    that may decide; `posted`: from where to where in the post.
    """

    entry: int
    speed: float
    pitch: Pitch
    offset_seconds: float
    votes: int
    needed: int
    covered: tuple[Span, ...]
    share: float
    posted: Span


_Proven = tuple[float, Heard]


class _Lead(NamedTuple):
    """An alignment worth a look: reference frame = speed × post frame + offset around the frame `middle`."""

    worth: float
    entry: int
    speed: float
    shift: int
    offset: float
    middle: float


class _Landmarks(NamedTuple):
    times: _Whole
    tones: _Whole


class _Pairs(NamedTuple):
    """First landmark's time and tone, the cell of the way to the second's, and the frames between."""

    times: _Whole
    tones: _Whole
    steps: _Whole
    apart: _Whole

    def keys(self, speed: float, shift: int) -> tuple[_Whole, _Whole]:
        """Cell numbers of the pairs as they would be at this speed and shift, and their times there."""
        frames = _FRAME_CELL[np.rint(self.apart * np.float32(speed)).astype(np.int32)]
        tones = self.tones + shift
        usable = (frames < _FRAME_CELLS) & (tones >= 0) & (tones < TONES)
        key = (tones // _TONE_CELL * _STEP_CELLS + self.steps) * _FRAME_CELLS + frames
        return key[usable], np.rint(self.times[usable] * np.float32(speed)).astype(np.int32)


class SoundIndex:
    """Sounds of references, ready to be heard; `excluded` seconds of each neither vote nor count.

    Takes about 2 KB per second of a reference.
    """

    def __init__(self, sounds: Sequence[Sound], excluded: Sequence[Sequence[Span]] = ()) -> None:
        self._seconds = [sound.seconds for sound in sounds]
        self._excluded = [tuple(spans) for spans in excluded] or [() for _ in sounds]
        kept = [_outside(_landmarks(one), spans) for one, spans in zip(sounds, self._excluded, strict=True)]
        # whole bins, so that an entry gets the same votes among others as alone
        lengths = np.round(np.array(self._seconds) / FRAME_SECONDS).astype(np.int64) // _BIN * _BIN + _PAD
        self._starts = np.cumsum([_PAD, *lengths])
        pairs = [_pairs(one, _FAR_FRAMES).keys(1.0, 0) for one in kept]
        keys = np.concatenate([np.zeros(0, np.int32), *(key for key, _ in pairs)])
        times = [at + start for (_, at), start in zip(pairs, self._starts, strict=False)]
        order = np.argsort(keys, kind="stable")
        self._times = np.concatenate([np.zeros(0, np.int32), *times]).astype(np.int32)[order]
        self._firsts = np.searchsorted(keys[order], np.arange(_CELLS + 1)).astype(np.int32)
        self._codes = [np.sort(_code(one.tones, one.times)) for one in kept]

    def find(self, sound: Sound) -> list[Heard]:
        """Every reference heard, the best proven first; at other speeds those that speed 1 does not explain."""
        posted, explained = _landmarks(sound), set[int]()
        found = self._hear(posted, _PLAIN, explained)
        if len(explained) < len(self._codes):
            found += self._hear(posted, _OTHERS, explained)
        return _best(found)

    def shared(self, sound: Sound, entry: int) -> list[Heard]:
        """What entry `entry`, whose sound this is, has in common with the others."""
        return _best(self._hear(_landmarks(sound), _PLAIN, {entry}))

    def _hear(self, posted: _Landmarks, passes: _Passes, explained: set[int]) -> list[_Proven]:
        """What is heard of the entries that are not in `explained`; those that explain the whole post are added."""
        found: list[_Proven] = []
        enough = _EXPLAINED * len(np.unique(posted.times // _SLOT)) * _SLOT * FRAME_SECONDS
        for window in _windows(posted):
            for lead in self._leads(window, passes, explained):
                line = self._refine(window, lead) if lead.entry not in explained else None
                proven = self._verify(posted, lead, line) if line is not None else None
                if proven is None:
                    continue
                found.append(proven)
                if length(proven[1].covered) >= enough:
                    explained.add(lead.entry)
        return found

    def _leads(self, window: _Landmarks, passes: _Passes, but: set[int]) -> list[_Lead]:
        """For each reference the alignments with the most unusual votes, one for each place."""
        start, middle = int(window.times[0]), float(window.times[[0, -1]].mean())
        pairs = _pairs(_Landmarks(window.times - start, window.tones), round(_FAR_FRAMES / _SPEEDS[0]))
        found = [
            _Lead(worth, entry, speed, shift, offset - speed * start, middle)
            for speed, shift in passes
            for worth, entry, offset in self._vote(*pairs.keys(speed, shift))
            if entry not in but
        ]
        leads: dict[int, list[_Lead]] = {}
        for lead in sorted(found, reverse=True):
            rivals = leads.setdefault(lead.entry, [])
            if len(rivals) < _LEADS and not any(_is_same(lead, other) for other in rivals):
                rivals.append(lead)
        return [lead for rivals in leads.values() for lead in rivals]

    def _vote(self, keys: _Whole, times: _Whole) -> Iterator[tuple[float, int, float]]:
        """The best offsets as (worth, entry, offset in frames); each entry has its own usual votes."""
        firsts = self._firsts[keys]
        counts = self._firsts[keys + 1] - firsts
        ends = np.cumsum(counts)
        if not len(ends) or not ends[-1]:
            return
        hits = np.arange(ends[-1]) + np.repeat(firsts + counts - ends, counts)
        edges = (self._starts - _PAD) // _BIN
        votes = np.bincount((self._times[hits] - np.repeat(times, counts)) // _BIN, minlength=edges[-1] + 1)
        votes = (votes + np.roll(votes, 1))[: edges[-1]]
        width = np.diff(edges) + (int(times.max()) - _PAD) // _BIN  # bins that can have votes
        usual = np.add.reduceat(votes, edges[:-1]) / width
        spread = np.diff(edges)
        worth = (votes - np.repeat(usual, spread)) / np.repeat(np.sqrt(usual + 1), spread)
        unusual = np.nonzero(worth > _WORTH)[0]
        entries = np.searchsorted(edges, unusual, side="right") - 1
        order = np.lexsort((-worth[unusual], entries))
        rank = np.arange(len(order)) - np.searchsorted(entries[order], entries[order])
        for at in order[rank < _LEADS_PER_PASS].tolist():
            entry, offset = int(entries[at]), float(unusual[at] * _BIN)
            yield float(worth[unusual[at]]), entry, offset - float(self._starts[entry])

    def _refine(self, window: _Landmarks, lead: _Lead) -> _Lead | None:
        """The lead with the speed and offset on which most landmarks of the window coincide."""
        which, apart = self._near(window, lead, _CLOSE)
        at = window.times[which] - lead.middle
        turns = [_fullest(apart - turn * lead.speed * at) for turn in _TURNS]
        best = max(range(len(_TURNS)), key=lambda turn: turns[turn][0])
        slope, shift = _TURNS[best] * lead.speed, turns[best][1]
        for _ in range(2):
            close = np.abs(apart - slope * at - shift) <= 2
            if close.sum() < _FEWEST:
                return None
            slope, shift = np.polyfit(at[close], apart[close], 1)
        limit = _PLAIN_ERROR if lead.speed == 1 else 2 * _PLAIN_ERROR
        if abs(slope) > limit * lead.speed:
            return None
        return lead._replace(speed=lead.speed + slope, offset=lead.offset + shift - slope * lead.middle)

    def _verify(self, posted: _Landmarks, lead: _Lead, line: _Lead) -> _Proven | None:
        """The refined lead with its proof, if there is enough."""
        which, apart = self._near(posted, line, _REACH)
        met, chance = self._weigh(posted, line, which, apart)
        slots = posted.times // _SLOT
        gains = np.bincount(slots, met * math.log(_RATIO) - (_RATIO - 1) * chance).astype(float)
        runs = _proven(np.minimum(gains, _MOST_GAIN))
        if not runs:
            return None
        inside = np.isin(slots, np.concatenate([np.arange(first, after) for first, after, _ in runs]))
        votes, needed = _votes_needed(apart[inside[which]], line.worth, int(inside.sum()))
        if votes < needed:
            return None
        covered = self._covered(line, runs)
        decides = self._seconds[line.entry] - length(self._excluded[line.entry])
        share = length(covered) / max(decides, FRAME_SECONDS)
        span = (_seconds(runs[0][0] * _SLOT), _seconds(runs[-1][1] * _SLOT))
        pitch: Pitch = "same" if lead.speed == 1 else "moved" if lead.shift else "kept"
        return sum(proof for *_, proof in runs), Heard(
            line.entry, round(float(line.speed), 4), pitch, _seconds(line.offset), votes, needed, covered,
            min(1.0, share), span,
        )  # fmt: skip

    def _weigh(
        self, posted: _Landmarks, line: _Lead, which: NDArray[np.intp], apart: _Real
    ) -> tuple[_Real, _Real]:
        """For each landmark of the post: whether the reference has it there, and how likely that is by chance."""
        count = len(posted.times)
        met = np.bincount(which[np.abs(apart) <= _SLACK], minlength=count) > 0
        others = np.bincount(which[np.abs(apart) > 2 * _SLACK], minlength=count)
        at, last = line.speed * posted.times + line.offset, self._seconds[line.entry] / FRAME_SECONDS
        room = np.minimum(at + _REACH, last) - np.maximum(at - _REACH, 0) - 4 * _SLACK
        rate = others * 2 * _SLACK / np.maximum(room, _REACH / 4)
        inside = (at >= -_SLACK) & (at <= last + _SLACK)
        return met.astype(float), np.where(inside, 1 - np.exp(-rate - 0.01), 0.05)

    def _near(self, posted: _Landmarks, lead: _Lead, reach: int) -> tuple[NDArray[np.intp], _Real]:
        """Landmarks of the reference near those of the post, of the same tone: index of the latter, frames between."""
        at = lead.speed * posted.times + lead.offset
        low, high = (np.clip(np.rint(at + way), 0, _LATEST).astype(np.int32) for way in (-reach, reach))
        codes = self._codes[lead.entry]
        tones = (posted.tones + lead.shift + np.arange(-1, 2, dtype=np.int32)[:, None]).ravel()
        firsts = np.searchsorted(codes, _code(tones, np.tile(low, 3)))
        counts = np.maximum(np.searchsorted(codes, _code(tones, np.tile(high, 3)), side="right") - firsts, 0)
        which = np.repeat(np.tile(np.arange(len(at)), 3), counts)
        found = np.arange(counts.sum()) + np.repeat(firsts + counts - np.cumsum(counts), counts)
        return which, (codes[found] & _LATEST) - at[which]

    def _covered(self, line: _Lead, runs: Sequence[_Run]) -> tuple[Span, ...]:
        def second(slot: int) -> float:
            return min(max(_seconds(slot * _SLOT * line.speed + line.offset), 0.0), self._seconds[line.entry])

        return without(merged([(second(first), second(after)) for first, after, _ in runs]), self._excluded[line.entry])


def shared_spans(sounds: Sequence[Sound]) -> list[tuple[Span, ...]]:
    """For each sound the seconds that another one has too: a jingle, a bumper."""
    index = SoundIndex(sounds)
    spans: list[list[Span]] = [[] for _ in sounds]
    for number, sound in enumerate(sounds):
        for heard in index.shared(sound, number):
            spans[heard.entry] += heard.covered
    return [merged(one) for one in spans]


_LATEST = (1 << 17) - 1


def _code(tones: _Whole, times: _Whole) -> _Whole:
    return np.asarray(tones << 17 | times, np.int32)


def _landmarks(sound: Sound) -> _Landmarks:
    return _Landmarks(sound.times.astype(np.int32), sound.tones.astype(np.int32))


def _outside(landmarks: _Landmarks, spans: Sequence[Span]) -> _Landmarks:
    kept = np.ones(len(landmarks.times), bool)
    for start, end in spans:
        kept &= (landmarks.times * FRAME_SECONDS < start) | (landmarks.times * FRAME_SECONDS >= end)
    return _Landmarks(landmarks.times[kept], landmarks.tones[kept])


def _windows(posted: _Landmarks) -> Iterator[_Landmarks]:
    """The landmarks in equal parts of at most `_WINDOW` frames."""
    if len(posted.times) < _FEWEST:
        return
    parts = -(-int(posted.times[-1] + 1) // _WINDOW)
    length = -(-int(posted.times[-1] + 1) // parts)
    for part in range(parts):
        inside = posted.times // length == part
        if inside.sum() >= _FEWEST:
            yield _Landmarks(posted.times[inside], posted.tones[inside])


def _pairs(landmarks: _Landmarks, reach: int) -> _Pairs:
    """Every landmark with those that follow within `reach` frames at another, not too far tone."""
    times, tones = landmarks
    ends = np.searchsorted(times, times + reach, side="right")
    firsts = np.arange(len(times))
    counts = ends - firsts - 1
    first = np.repeat(firsts, counts)
    second = np.arange(counts.sum()) + np.repeat(firsts + 1 + counts - np.cumsum(counts), counts)
    steps = tones[second] - tones[first]
    wide = np.abs(steps)
    kept = (wide >= _NEAR_TONES) & (wide <= _FAR_TONES)
    first, second, steps = first[kept], second[kept], steps[kept]
    return _Pairs(times[first], tones[first], (steps + _FAR_TONES) // _TONE_CELL, times[second] - times[first])


def _is_same(lead: _Lead, other: _Lead) -> bool:
    """Whether two leads would be refined to one line."""
    apart = lead.speed * lead.middle + lead.offset - other.speed * other.middle - other.offset
    return lead.entry == other.entry and abs(apart) <= _REACH / 2 and (lead.shift == 0) == (other.shift == 0)


def _fullest(apart: _Real) -> tuple[int, float]:
    """How many differences lie in the fullest three frames, and where these are."""
    votes = _by_offset(apart, _CLOSE)
    best = int(votes.argmax())
    return int(votes[best]), float(best - _CLOSE)


def _by_offset(apart: _Real, reach: int) -> NDArray[np.intp]:
    """How many differences lie within a frame of each offset from -reach to reach."""
    frames = np.rint(apart[np.abs(apart) <= reach]).astype(int) + reach
    return np.convolve(np.bincount(frames, minlength=2 * reach + 1), (1, 1, 1), "same")


def _votes_needed(apart: _Real, worth: float, landmarks: int) -> tuple[int, int]:
    """Coincidences on the line, and how many it takes of that many landmarks where pairs voted with this worth."""
    votes = _by_offset(apart, _REACH)
    on_line = int(votes[_REACH])
    others = np.concatenate([votes[2 : _REACH - 5], votes[_REACH + 6 : -2]])
    strength = _STRENGTH_OF_ALL if on_line >= _NEARLY_ALL * landmarks else _STRENGTH
    deviations = max(_LEAST_DEVIATIONS, strength**2 / worth)
    return on_line, math.ceil(others.mean() + deviations * (others.std() + 1))


def _proven(gains: _Real) -> list[_Run]:
    """Runs of slots whose summed gains prove a copy."""
    runs = list(_runs(gains))
    proven = max((proof for *_, proof in runs), default=0.0) >= _PROOF
    return [run for run in runs if run[2] >= _MORE_PROOF] if proven else []


def _runs(gains: _Real) -> Iterator[_Run]:
    """Runs that begin with a gain and end at their height, before the sum falls by `_DROP` or to nothing."""
    first = after = 0
    proof = height = 0.0
    for slot, gain in enumerate([*gains.tolist(), -math.inf]):
        proof += gain
        if proof > height:
            height, after = proof, slot + 1
        elif proof <= 0 or height - proof > _DROP:
            if height > 0:
                yield first, after, height
            first, proof, height = slot + 1, 0.0, 0.0


def _best(found: Iterable[tuple[float, Heard]]) -> list[Heard]:
    """The best proven first; of one entry not twice for the same seconds of the post."""
    heard: list[Heard] = []
    for _, one in sorted(found, key=lambda pair: -pair[0]):
        if not any(one.entry == other.entry and _overlap(one, other) > 0.5 for other in heard):
            heard.append(one)
    return heard


def _overlap(one: Heard, other: Heard) -> float:
    """The part of the post's seconds of `one` that are `other`'s as well."""
    mine, others = (
        [((start - each.offset_seconds) / each.speed, (end - each.offset_seconds) / each.speed)
         for start, end in each.covered]
        for each in (one, other)
    )  # fmt: skip
    return 1 - length(without(mine, others)) / max(length(mine), FRAME_SECONDS)


def _seconds(frames: float) -> float:
    return round(float(frames) * FRAME_SECONDS, 2) + 0.0  # no -0.0
