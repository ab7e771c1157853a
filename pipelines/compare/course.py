"""A material's small frames + a posted clip's, laid on them -> which seconds run along, and whether what moves agrees.

The pieces that `tempo` finds are grown while frames agree and measured block by block. Seconds in which nothing moves
ride along but never decide: they look the same in every recording by the same camera.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipelines.compare.cover import Shares, boxes_of, find_cover
from pipelines.compare.geometry import Mask
from pipelines.compare.spans import Span, length
from pipelines.compare.tempo import Numbers, Piece, find_pieces, nearest_to
from pipelines.compare.witness import AGREES, EVIDENCE, Blocks, Strip, Times, Witness
from pipelines.media.pdq import Floats

GAP_SECONDS = 1.0
ONE_SPEED = 0.06


@dataclass(frozen=True, slots=True)
class Course:
    """`pieces` by the clip's time; `spans` of the material's seconds, by their time.

    `moving`, `moving_ok`: blocks that move and the share of them that agrees; `still`, `still_ok`: the others.
    `met`: numbers of frames that show the same, own and shown; `pairs`: the best of each quarter of them as (number
    of the own frame, clip second); `hidden`: parts of the material's picture that are covered all the time, as shares
    0..1 (left, top, right, bottom).
    """

    pieces: tuple[Piece, ...] = ()
    spans: tuple[Span, ...] = ()
    moving: int = 0
    moving_ok: float = 0.0
    still: int = 0
    still_ok: float = 0.0
    met: tuple[tuple[int, int], ...] = ()
    pairs: tuple[tuple[int, float], ...] = ()
    hidden: tuple[Shares, ...] = ()

    @property
    def worth(self) -> float:
        """How much of all blocks agrees; what moves counts most."""
        return self.moving * self.moving_ok + 0.01 * self.still * self.still_ok

    @property
    def covered_seconds(self) -> float:
        """Seconds of the material that are shown, in whatever order."""
        return length(self.spans)

    @property
    def ordered_spans(self) -> tuple[Span, ...]:
        """The material's seconds that are shown in the material's order and at one speed: the most that there are.

        In another take everybody walks at a pace of their own, and each may be followed for a while.
        """
        longest = max(self.pieces, key=lambda one: one.end - one.start, default=None)
        best: list[tuple[Piece, ...]] = [()]
        for piece in self.pieces:
            if longest is not None and abs(piece.speed / longest.speed - 1) <= ONE_SPEED:
                ways = [way for way in best if not way or way[-1].start <= piece.start]
                best.append(max(((*way, piece) for way in ways), key=_seconds_of))
        return _spans_of(max(best, key=_seconds_of))

    @property
    def is_in_order(self) -> bool:
        """Whether later pieces of the clip show later seconds of the material."""
        return self.ordered_spans == self.spans


def _spans_of(pieces: Sequence[Piece]) -> tuple[Span, ...]:
    return joined([(one.start, one.end) for one in pieces])


def _seconds_of(pieces: Sequence[Piece]) -> float:
    return length(_spans_of(pieces))


@dataclass(frozen=True, slots=True, eq=False)
class _Met:
    """Own frames `numbers` met in shown frames `frames`; `like`: (numbers, blocks) correlations."""

    numbers: Numbers
    frames: Numbers
    like: Floats


def follow(own: Witness, posted: Strip) -> Course:
    """Where the posted clip runs along the material; an empty course where it does not."""
    if not len(posted.seconds) or not len(own.seconds):
        return Course()
    seen, shown = own.seen(posted.inside), Blocks.of(posted.frames)
    taken = np.zeros(len(own.seconds), bool)
    measured: list[tuple[Piece, _Met]] = []
    for piece in find_pieces(own, seen, posted.seconds, shown):
        met = _along(own, seen, (posted.seconds, shown), piece, taken)
        if met is not None:
            taken[met.numbers] = True
            measured.append((_with_ends(own, piece, met), met))
    return _summed(own, seen, (posted.seconds, shown), measured) if measured else Course()


def joined(spans: Sequence[Span], gap: float = GAP_SECONDS / 2) -> tuple[Span, ...]:
    """Spans in order, those that nearly touch as one."""
    whole: list[Span] = []
    for start, end in sorted(spans):
        if whole and start <= whole[-1][1] + gap:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return tuple(whole)


def _along(own: Witness, seen: Mask, clip: tuple[Times, Blocks], piece: Piece, taken: Mask) -> _Met | None:
    """Own frames on the piece's course that agree, as far as they hang together."""
    clip_at, shown = clip
    expected = piece.shown_at(0) + own.seconds / piece.speed
    nearest = nearest_to(clip_at, expected)
    numbers = np.flatnonzero((np.abs(clip_at[nearest] - expected) <= 0.75 * max(own.step, 0.25)) & ~taken)
    frames, like = nearest[numbers], np.zeros((len(numbers), len(seen)), np.float32)
    for place, number in enumerate(numbers):
        around = np.unique(np.clip(nearest[number] + np.array([-1, 0, 1]), 0, len(clip_at) - 1))
        every = np.einsum("bp,nbp->nb", own.blocks.units[number], shown.units[around])
        best = int((every * (own.blocks.textured[number] & seen)).sum(axis=1).argmax())
        frames[place], like[place] = around[best], every[best]
    gap = max(GAP_SECONDS, 1.5 * own.step)
    start, end = _grown(own.seconds[numbers], _is_good(own, seen, numbers, like), piece, gap)
    return _Met(numbers[start:end], frames[start:end], like[start:end]) if end > start else None


def _is_good(own: Witness, seen: Mask, numbers: Numbers, like: Floats) -> Mask:
    """Which frames agree: by what moves in them as far as they have that, else by all that is seen."""
    good, moving, textured = like > AGREES, own.moving[numbers] & seen, own.blocks.textured[numbers] & seen
    counts = moving.sum(axis=1), textured.sum(axis=1)
    weight = np.minimum(1, counts[0] / EVIDENCE)
    witnessed = (good & moving).sum(axis=1) / np.maximum(counts[0], 1) - 0.5
    agreeing = np.where(counts[1] > 0, (good & textured).sum(axis=1) / np.maximum(counts[1], 1) - 0.5, 0.01)
    return np.asarray(weight * witnessed + (1 - weight) * agreeing > 0)


def _grown(own_at: Times, good: Mask, piece: Piece, gap: float) -> tuple[int, int]:
    """First and after-last of the run of good frames that holds the piece, with gaps of at most `gap` seconds."""
    inner = np.flatnonzero(good & (own_at >= piece.start - 0.3) & (own_at <= piece.end + 0.3))
    if not len(inner):
        return 0, 0
    start, end = int(inner[0]), int(inner[-1])
    for number in np.flatnonzero(good[:start])[::-1]:
        if own_at[start] - own_at[number] > gap:
            break
        start = int(number)
    for number in end + 1 + np.flatnonzero(good[end + 1 :]):
        if own_at[number] - own_at[end] > gap:
            break
        end = int(number)
    return start, end + 1


def _with_ends(own: Witness, piece: Piece, met: _Met) -> Piece:
    """The piece with the seconds that its first and last frame stand for."""
    half, last = own.step / 2, len(own.seconds) - 1
    start = 0.0 if met.numbers[0] == 0 else float(own.seconds[met.numbers[0]]) - half
    end = own.duration if met.numbers[-1] == last else float(own.seconds[met.numbers[-1]]) + half
    return replace(piece, start=start, end=max(start, end))


def _summed(
    own: Witness, seen: Mask, clip: tuple[Times, Blocks], measured: Sequence[tuple[Piece, _Met]]
) -> Course:
    clip_at, shown = clip
    numbers, frames = (np.concatenate([getattr(met, name) for _, met in measured]) for name in ("numbers", "frames"))
    good = np.concatenate([met.like for _, met in measured]) > AGREES
    textured = own.blocks.textured[numbers] & seen
    hidden = find_cover((good, textured, own.moving[numbers]), own.blocks.some(numbers), shown.some(frames), own.shape)
    told = textured & ~hidden
    moving, still = own.moving[numbers] & told, told & ~own.moving[numbers]
    order = np.argsort(numbers)
    best = [part[good[part].mean(axis=1).argmax()] for part in np.array_split(order, min(4, len(order)))]
    pieces = sorted((piece for piece, _ in measured), key=lambda one: one.shown_at(one.start))
    return Course(
        tuple(pieces), _spans_of(pieces),
        int(moving.sum()), _mean(good[moving]), int(still.sum()), _mean(good[still]),
        tuple(zip(numbers[order].tolist(), frames[order].tolist(), strict=True)),
        tuple((int(numbers[one]), float(clip_at[frames[one]])) for one in best), boxes_of(hidden, own.shape),
    )  # fmt: skip


def _mean(values: Mask) -> float:
    return float(values.mean()) if values.size else 0.0
