"""A clip of the post whose frames follow the material's in order and at a steady pace -> match.

Frames vote for a speed and an offset; what counts is how much of the material's own change is
covered: a clip that hardly moves has few distinct moments, and one of them proves little.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipelines.items import Decision, Material, Sign
from pipelines.matchers import Candidates, Example, Matcher, Reference, Seen, strongest
from pipelines.media.fingerprint import USABLE_QUALITY, VIEWS, Fingerprint
from pipelines.media.pdq import WORDS, Hashes, distances, turned_words

NEAR = 31
WORTH_A_LOOK = 84
ENOUGH = 0.8
SOME = 0.2
DISTINCT = 2.5  # distinct moments that must be covered; below, other takes of the scene look the same
SLOT_SECONDS = 1.0
SLACK_SECONDS = 0.3
Times = NDArray[np.float64]
Counts = NDArray[np.int64]
SPEEDS = (1.0, 0.8, 0.9, 0.95, 1.05, 1.1, 1.2, 1.25, 1.33)


@dataclass(frozen=True, slots=True)
class Course:
    """Where a clip runs along the material: reference time = speed × clip time + offset.

    `share`: covered part of the material's distinct moments, 0..1; `distinct`: how many those are;
    `pairs`: best frame pairs as (reference second, clip second, distance).
    """

    share: float
    distinct: float
    covered_seconds: float
    speed: float
    offset_seconds: float
    pairs: tuple[tuple[float, float, int], ...]


class Video(Matcher):
    """Clips against clips; a still of the material is only a hint."""

    name = "video"

    def applies(self, material: Material) -> bool:
        """Clips."""
        return material.kind == "video"

    def compare(self, seen: Seen, reference: Reference) -> Sign | None:
        """The strongest sign over the post's media and the material's versions."""
        signs = [
            self._compare_one(seen, sha, mark, own)
            for sha, mark in seen.shown
            for own_sha, own in reference.fingerprints
            if sha != own_sha and mark.hashes and own.hashes
        ]
        return strongest(signs)

    def _compare_one(self, seen: Seen, sha: str, mark: Fingerprint, own: Fingerprint) -> Sign | None:
        near = _nearest(mark, own)
        if mark.kind == "image":
            return self._still(seen, sha, mark, own)
        if near > WORTH_A_LOOK or mark.trouble:
            return None
        course = follow(mark, own)
        return self._judge(course, sha, own) if course else None

    def _judge(self, course: Course, sha: str, own: Fingerprint) -> Sign | None:
        if course.share < SOME:
            return None
        percent, seconds = round(100 * course.share), round(course.covered_seconds)
        total = round(own.duration_seconds)
        measures = {
            "covered_share": round(course.share, 3),
            "covered_seconds": round(course.covered_seconds, 1),
            "material_seconds": round(own.duration_seconds, 1),
            "speed": course.speed,
            "offset_seconds": round(course.offset_seconds, 2),
            "distinct_moments": round(course.distinct, 1),
            "pairs": [list(pair) for pair in course.pairs],
            "media_sha256": sha,
        }
        if course.share >= ENOUGH and course.distinct >= DISTINCT:
            words = (
                f"Video yang sama: {seconds} dari {total} detik materi ({percent} %) tampil berurutan.",
                f"The same clip: {seconds} of the material's {total} seconds ({percent} %), in order.",
            )
            return self.sign(Decision.MATCH, course.share, words, **measures)
        if course.share >= ENOUGH:
            words = (
                "Gambarnya hampir tidak bergerak, sehingga rekaman lain di situ tampak sama.",
                "The picture hardly moves, so another recording of the same scene would look alike.",
            )
            return self.sign(Decision.REVIEW, course.share * 0.9, words, **measures)
        words = (
            f"Hanya {seconds} dari {total} detik materi ({percent} %) yang dikenali.",
            f"Only {seconds} of the material's {total} seconds ({percent} %) were recognised.",
        )
        return self.sign(Decision.REVIEW, course.share, words, **measures)

    def _still(self, seen: Seen, sha: str, mark: Fingerprint, own: Fingerprint) -> Sign | None:
        usable = _usable(own)
        if max(mark.quality, default=0) < USABLE_QUALITY or not usable.quality:
            return None
        near = _frame_distances(mark, usable).min(axis=(0, 2))
        at = int(near.argmin())
        if near[at] > NEAR:
            return None
        second, distance = round(usable.seconds[at], 1), int(near[at])
        kinds = {one.sha256: one.kind for one in seen.post.media}
        if kinds.get(sha) == "thumbnail":
            words = (
                f"Sampul video unggahan ini mirip detik {second} materi; videonya tidak dapat diambil.",
                f"This video's cover is like second {second} of the material; the video itself was withheld.",
            )
        else:
            words = (
                f"Gambar diam dari detik {second} materi; videonya tidak ikut ditayangkan.",
                f"A still from second {second} of the material; the clip itself is not shown.",
            )
        return self.sign(
            Decision.REVIEW, 1 - distance / 256, words, distance=distance, second=second, media_sha256=sha
        )

    def index(self, references: Sequence[Reference]) -> Candidates:
        """The distinct frames of all references in one table."""
        fitting = [one for one in references if self.applies(one.material)]
        marks = [
            (number, turned_words(mark.hashes).reshape(-1, WORDS))
            for number, one in enumerate(fitting)
            for _, mark in one.fingerprints
            if mark.hashes
        ]
        if not marks:
            return lambda seen: ()
        table = np.concatenate([words for _, words in marks])
        owner = np.concatenate([np.full(len(words), number) for number, words in marks])

        def candidates(seen: Seen) -> Iterable[Reference]:
            found: set[int] = set()
            for _, mark in seen.shown:
                limit = NEAR if mark.kind == "image" else WORTH_A_LOOK
                near = (distances(mark.words, table) <= limit).any(axis=0)
                found.update(np.unique(owner[near]).tolist())
            return [fitting[number] for number in sorted(found)]

        return candidates

    def examples(self, folder: Path) -> Iterable[Example]:
        """A recompressed copy, one shown in a frame, half of it, a still, another clip."""
        from crawler.sandbox import studio
        from pipelines.exhibits import a_post, a_reference

        take = studio.Take(size=(240, 426), seconds=9.0, with_sound=False)
        own = studio.clip(folder / "own.mp4", 1, take)
        frames = list(studio.frames_of(own))
        reference = a_reference("video", [own])

        def kept(name: str, pictures: Iterable[studio.Picture], size: tuple[int, int] = take.size) -> Path:
            return studio.write_clip(folder / f"{name}.mp4", iter(pictures), replace(take, size=size, crf=32))

        framed = (studio.letterboxed(one, (426, 426)) for one in frames)
        cases = (
            ("recompressed", kept("again", frames), "video", Decision.MATCH),
            ("in a black square", kept("square", framed, (426, 426)), "video", Decision.MATCH),
            ("its first four seconds", kept("half", frames[:96]), "video", Decision.REVIEW),
            ("another clip", studio.clip(folder / "other.mp4", 2, take), "video", None),
        )
        for name, path, kind, expected in cases:
            yield Example(name, a_post(files=[(path, kind)]), reference, expected)
        still = folder / "still.jpg"
        still.write_bytes(studio.as_jpeg(frames[40]))
        yield Example("a still", a_post(files=[(still, "image")]), reference, Decision.REVIEW)
        yield Example("its cover", a_post(files=[(still, "thumbnail")]), reference, Decision.REVIEW)


def follow(clip: Fingerprint, own: Fingerprint) -> Course | None:
    """The course on which most of the material's distinct moments are met, or None when none is."""
    clip, own = _usable(clip), _usable(own)
    if not clip.seconds or not own.seconds:
        return None
    near = _frame_distances(clip, own)
    form = int((near <= NEAR).sum(axis=(1, 2)).argmax())
    own_at, clip_at = np.asarray(own.seconds), np.asarray(clip.seconds)
    rows, columns = np.nonzero(near[form] <= NEAR)
    if not len(rows):
        return None
    weight = _distinctness(own)
    speed, offset = _vote(own_at[rows], clip_at[columns], weight[rows])
    on_course = np.abs(own_at[rows] - speed * clip_at[columns] - offset) <= SLACK_SECONDS
    rows, columns = rows[on_course], columns[on_course]
    worth, covered = _coverage(own_at, weight, rows)
    return Course(
        share=float(worth[covered].sum() / worth.sum()), distinct=float(worth[covered].sum()),
        covered_seconds=float(min(covered.sum() * SLOT_SECONDS, own.duration_seconds)),
        speed=speed, offset_seconds=offset,
        pairs=_best_pairs(own_at[rows], clip_at[columns], near[form][rows, columns]),
    )  # fmt: skip


def _coverage(own_at: Times, weight: Times, met: Counts) -> tuple[Times, NDArray[np.bool_]]:
    """Each second of the material: what it is worth, and whether one of its frames was met."""
    slots = (own_at / SLOT_SECONDS).astype(int)
    names = np.unique(slots)
    worth = np.array([weight[slots == name].max() for name in names])
    return worth, np.isin(names, slots[met])


def _best_pairs(own_at: Times, clip_at: Times, near: Counts) -> tuple[tuple[float, float, int], ...]:
    """The nearest pair of each quarter of what was met, in order of time."""
    quarters = np.array_split(np.argsort(own_at, kind="stable"), min(4, len(own_at)))
    best = [part[near[part].argmin()] for part in quarters]
    return tuple((round(float(own_at[at]), 1), round(float(clip_at[at]), 1), int(near[at])) for at in best)


def _vote(own_at: Times, clip_at: Times, weight: Times) -> tuple[float, float]:
    """The speed and offset on which the weightiest pairs lie; normal speed wins a draw."""
    best = (-1.0, 1.0, 0.0)
    for speed in SPEEDS:
        offsets = own_at - speed * clip_at
        bins = np.round(offsets / SLACK_SECONDS).astype(int)
        names, where = np.unique(bins, return_inverse=True)
        votes = np.bincount(where, weights=weight)
        top = int(votes.argmax())
        middle = float(np.median(offsets[np.abs(offsets - names[top] * SLACK_SECONDS) <= SLACK_SECONDS]))
        total = float(weight[np.abs(offsets - middle) <= SLACK_SECONDS].sum())
        if total > best[0] * 1.05:
            best = (total, speed, middle)
    return best[1], best[2]


def _distinctness(own: Fingerprint) -> Times:
    """For each frame, one over the number of seconds of the material that look the same."""
    alike = _frame_distances(own, own)[0] <= NEAR
    slots = (np.asarray(own.seconds) / SLOT_SECONDS).astype(int)
    return np.array([1 / len(np.unique(slots[row])) for row in alike])


def _usable(mark: Fingerprint) -> Fingerprint:
    """Without frames too plain to tell anything: black, fades, slates."""
    kept = [at for at, quality in enumerate(mark.quality) if quality >= USABLE_QUALITY]
    if len(kept) == len(mark.quality):
        return mark
    words = mark.words.reshape(-1, VIEWS, WORDS)[kept]
    seconds, quality = (tuple(part[at] for at in kept) for part in (mark.seconds, mark.quality))
    return replace(mark, seconds=seconds, quality=quality, hashes=words.tobytes())  # type: ignore[arg-type]


def _frame_distances(clip: Fingerprint, own: Fingerprint) -> Counts:
    """The nearest views of each pair of frames in each turn: shape (8, own frames, clip frames)."""
    forms: Hashes = turned_words(own.hashes)
    every = distances(forms.reshape(-1, WORDS), clip.words)
    views = every.reshape(8, len(own.seconds), VIEWS, len(clip.seconds), VIEWS)
    return np.asarray(views.min(axis=(2, 4)), np.int64)


def _nearest(clip: Fingerprint, own: Fingerprint) -> int:
    return int(_frame_distances(clip, own).min())


MATCHER = Video()
