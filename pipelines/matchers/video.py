"""A clip of the post whose frames follow the material's, in order and in all that moves -> match; doubt -> review.

The background of a scene proves nothing: another take by the same camera has it too. What moves must agree, enough of
the material's seconds must be shown, and what stands still (slides, an end card) must not have been changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.compare.candidates import FeatureIndex
from pipelines.compare.pane import FEWEST_VOTES
from pipelines.compare.screening import Screening, screen, screen_clip
from pipelines.compare.spans import Span, length, without
from pipelines.items import Decision, Material, Sign
from pipelines.matchers import Candidates, Example, Matcher, Reference, Seen, strongest
from pipelines.media.fingerprint import USABLE_QUALITY, VIEWS, Fingerprint
from pipelines.media.original import Original
from pipelines.media.pdq import WORDS, Hashes, distances, turned_words

NEAR = 31
ENOUGH_BLOCKS, ENOUGH_OK = 100, 0.7  # of what moves: true copies .74-1.0, other takes .12-.38
STILL_ENOUGH = 0.45  # of what stands still: an interpreter or a moving mark may be laid over anything
STILL_OK = 0.7  # of one frame's blocks
VERIFIED = 0.5  # of the slides
LEAST_SECONDS = 1.0
MOST_LEADS = 64
Words = tuple[str, str]


class Video(Matcher):
    """Clips against clips; a still of the material is only a hint."""

    name = "video"
    version = 2

    def applies(self, material: Material) -> bool:
        """Clips."""
        return material.kind == "video"

    def compare(self, seen: Seen, reference: Reference) -> Sign | None:
        """The strongest sign over the post's media and the material's versions."""
        signs = [
            self._compare_one(seen, (sha, mark), reference, (own_sha, own))
            for sha, mark in seen.shown
            for own_sha, own in reference.originals
            if sha != own_sha and mark.kind != "audio" and own.reel
        ]
        return strongest(signs)

    def _compare_one(
        self, seen: Seen, posted: tuple[str, Fingerprint], reference: Reference, own: tuple[str, Original]
    ) -> Sign | None:
        sha, mark = posted
        is_near, looks = _is_near(mark, own[1].fingerprint), seen.looks(sha)
        measures: dict[str, Any] = {"media_sha256": sha, "reference_sha256": own[0]}
        if mark.kind == "image":
            found = screen(own[1], looks, is_near)
            kinds = {one.sha256: one.kind for one in seen.post.media}
            return self._still(found, kinds.get(sha) == "thumbnail", measures) if found else None
        files = ((reference.files or {})[own[0]], seen.open_media(sha))
        found = screen_clip(own[1], files, looks, mark.duration_seconds, is_near)
        if found is None:
            return None
        if not found.course.pieces:
            return self._place(found, measures)
        return self._judge(found, reference, (measures, reference.shared(self.name, own[0])))

    def _judge(
        self, found: Screening, reference: Reference, about: tuple[dict[str, Any], Sequence[Span]]
    ) -> Sign | None:
        measures, shared = about
        whole = without([(0.0, found.own.duration)], shared)
        shown = _Shown(without(found.course.ordered_spans, shared), length(whole), reference.material.minimum_share)
        measures |= _measures(found, shown)
        decision, words = _decide(found, shown)
        if decision is Decision.NONE:
            return None
        return self.sign(decision, shown.share if decision is Decision.MATCH else 0.9 * shown.share, words, **measures)

    def _place(self, found: Screening, measures: dict[str, Any]) -> Sign | None:
        """Nothing runs along, but the place is the material's, with nothing before it that could tell."""
        if found.place_seconds < LEAST_SECONDS:
            return self._still(found, False, measures) if found.is_still else None
        words = (
            "Tempatnya sama dengan di materi dan tidak ada yang bergerak, sehingga rekaman lain di situ tampak sama.",
            "The place is the material's and nothing moves, so that another recording there would look the same.",
        )
        return self.sign(Decision.REVIEW, 0.3, words, corners=found.pane.corners(found.own.size), **measures)

    def _still(self, found: Screening, is_cover: bool, measures: dict[str, Any]) -> Sign | None:
        best = max(found.pane.met, key=lambda one: one.agreeing)
        if max(best.agreeing, best.moving) < STILL_OK:
            return None
        second = round(best.own_second, 1)
        words = (
            f"Gambar diam dari detik {second} materi; videonya tidak ikut ditayangkan.",
            f"A still from second {second} of the material; the clip itself is not shown.",
        )
        if is_cover:
            words = (
                f"Sampul video unggahan ini mirip detik {second} materi; videonya tidak dapat diambil.",
                f"This video's cover is like second {second} of the material; the video itself was withheld.",
            )
        measures |= {
            "second": second,
            "agreeing": round(best.agreeing, 3),
            "corners": found.pane.corners(found.own.size),
            "mirrored": found.pane.is_mirrored,
            "pairs": [[second, round(best.second, 2)]],
            "thresholds": {"agreeing": STILL_OK},
        }
        return self.sign(Decision.REVIEW, 0.9 * best.agreeing, words, **measures)

    def index(self, references: Sequence[Reference]) -> Candidates:
        """The distinct frames of all references in one index, beside their hashes."""
        fitting = [one for one in references if self.applies(one.material)]
        own = [(number, shown) for number, one in enumerate(fitting) for _, shown in one.originals if shown.reel]
        views = [(number, view.features) for number, shown in own for view in shown.views]
        features = FeatureIndex([one for _, one in views])

        def candidates(seen: Seen) -> Iterable[Reference]:
            found: set[int] = set()
            for sha, mark in seen.shown:
                if mark.kind != "audio" and own:
                    found |= {number for number, shown in own if _is_near(mark, shown.fingerprint)}
                    looks = seen.looks(sha)
                    leads = (features.leads(look.features, FEWEST_VOTES, MOST_LEADS) for look in looks)
                    found |= {views[lead.entry][0] for some in leads for lead in some}
            return [fitting[number] for number in sorted(found)]

        return candidates

    def examples(self, folder: Path) -> Iterable[Example]:
        """A recompressed copy, one shown in a frame, a third of it, a still, another clip."""
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


@dataclass(frozen=True, slots=True)
class _Shown:
    """Which seconds of the material are shown, of how many that only it has, and how large a share must be."""

    spans: Sequence[Span]
    total: float
    minimum: float

    @property
    def share(self) -> float:
        return length(self.spans) / max(self.total, 0.1)

    @property
    def words(self) -> Words:
        """As "9 of the material's 12 seconds (75%)"."""
        seconds, total, share = round(length(self.spans)), round(self.total), f"({100 * self.share:.0f}%)"
        return f"{seconds} dari {total} detik materi {share}", f"{seconds} of the material's {total} seconds {share}"


def _decide(found: Screening, shown: _Shown) -> tuple[Decision, Words]:
    """What a course with at least one piece says, and in which words."""
    if shown.share < shown.minimum and (found.course.moving_ok < ENOUGH_OK or _is_unread_show(found)):
        return Decision.NONE, ("", "")
    doubts = _changed(found), _hardly_moving(found), _other_ground(found), _partial(found, shown), _unverified(found)
    doubt = next((one for one in doubts if one), None)
    if doubt:
        return Decision.REVIEW, doubt
    indonesian, english = shown.words
    return Decision.MATCH, (f"Video yang sama: {indonesian} tampil berurutan.", f"The same clip: {english}, in order.")


def _verified(found: Screening) -> int:
    return sum(one.found.verdict in ("same", "overlay") for one in found.slides)


def _is_unread_show(found: Screening) -> bool:
    """Whether it is a slide show of which no slide could be compared."""
    return found.own.is_frozen and bool(found.slides) and not _verified(found)


def _changed(found: Screening) -> Words | None:
    changed = next((one for one in found.slides if one.found.verdict == "changed"), None)
    if changed is None:
        return None
    at = round(changed.second, 1)
    return (f"Versi lain: pada detik {at} materi ada bagian yang berbeda.",
            f"Another version: at second {at} of the material a part differs.")  # fmt: skip


def _hardly_moving(found: Screening) -> Words | None:
    if found.course.moving >= ENOUGH_BLOCKS and found.course.moving_ok >= ENOUGH_OK:
        return None
    return (
        "Yang bergerak terlalu sedikit atau tidak cukup sama; rekaman lain di tempat itu bisa tampak serupa.",
        "Too little moves, or it does not agree enough; another recording of the same scene may look alike.",
    )


def _other_ground(found: Screening) -> Words | None:
    if found.course.still < ENOUGH_BLOCKS or found.course.still_ok >= STILL_ENOUGH:
        return None
    return (
        "Yang bergerak sama dengan di materi, tetapi latarnya lain.",
        "What moves is the material's, but before another background.",
    )


def _partial(found: Screening, shown: _Shown) -> Words | None:
    if shown.share >= shown.minimum:
        return None
    (indonesian, english), order = shown.words, _order(found)
    return f"Hanya {indonesian} yang ditayangkan{order[0]}.", f"Only {english} are shown{order[1]}."


def _unverified(found: Screening) -> Words | None:
    """Standing pictures whose lettering could not be compared: an end card may show another date, or be another."""
    unsure = [one for one in found.slides if one.is_drawn and one.found.verdict == "unverifiable"]
    if found.own.is_frozen and _verified(found) >= VERIFIED * len(found.slides):
        return None
    if not unsure:
        return None
    at = round(unsure[0].second, 1)
    return (f"Sama sejauh terlihat, tetapi gambar diam pada detik {at} materi terlalu kecil, buram, atau lain untuk "
            "diperiksa tulisannya.",
            f"The same as far as can be seen, but the standing picture at second {at} of the material is too small, "
            "too blurred or too different to compare its lettering.")  # fmt: skip


def _order(found: Screening) -> Words:
    if found.course.is_in_order:
        return ("", "")
    return (" menurut urutannya; bagian lain tampil dalam urutan lain", " in their order; other parts come in another")


def _measures(found: Screening, shown: _Shown) -> dict[str, Any]:
    course, main = found.course, max(found.course.pieces, key=lambda one: one.end - one.start)
    pairs = [[round(float(found.own.seconds[own]), 2), round(second, 2)] for own, second in course.pairs]
    pieces = [(one.start, one.end, one.shown_at(one.start)) for one in course.pieces]
    worst = max(found.slides, key=lambda one: (one.found.verdict == "changed", one.found.worst), default=None)
    boxes = [asdict(box) for box in worst.found.boxes] if worst else []
    return {
        "covered": [[round(start, 1), round(end, 1)] for start, end in shown.spans],
        "covered_share": round(shown.share, 3),
        "covered_seconds": round(length(shown.spans), 1),
        "material_seconds": round(found.own.duration, 1),
        "speed": round(main.speed, 3),
        "offset_seconds": round(main.offset, 2),
        "pieces": [[round(second, 1) for second in piece] for piece in pieces],
        "in_order": course.is_in_order,
        "moving_ok": round(course.moving_ok, 3),
        "moving_blocks": course.moving,
        "still_ok": round(course.still_ok, 3),
        "pairs": pairs,
        "corners": found.pane.corners(found.own.size),
        "mirrored": found.pane.is_mirrored,
        "hidden": [list(box) for box in course.hidden],
        "slides": [[round(one.second, 1), round(one.clip_second, 1), one.found.verdict] for one in found.slides],
        "boxes": boxes,
        "thresholds": {"moving_ok": ENOUGH_OK, "covered_share": shown.minimum},
    }


def _is_near(mark: Fingerprint, own: Fingerprint) -> bool:
    """Whether any usable frame is within `NEAR` bits of one of the material's, in any turn."""
    theirs, ours = _usable(mark), turned_words(own.hashes).reshape(8, -1, VIEWS, WORDS)
    kept = [number for number, quality in enumerate(own.quality) if quality >= USABLE_QUALITY]
    if not len(theirs) or not kept:
        return False
    return bool((distances(theirs, ours[:, kept].reshape(-1, WORDS)) <= NEAR).any())


def _usable(mark: Fingerprint) -> Hashes:
    """The hashes of frames not too plain to tell anything: black, fades, slates."""
    kept = [number for number, quality in enumerate(mark.quality) if quality >= USABLE_QUALITY]
    return np.ascontiguousarray(mark.words.reshape(-1, VIEWS, WORDS)[kept]).reshape(-1, WORDS)


MATCHER = Video()
