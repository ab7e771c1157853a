"""A picture of the post, or a still of its clip, that holds the material's picture -> match, or review with the reason.

Corners or a near hash only propose; `pipelines.compare.placement` finds where the material lies and
`pipelines.compare.contradiction` what differs there, because a changed date or word moves neither.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.compare import placement
from pipelines.compare.candidates import FeatureIndex, FileIndex
from pipelines.compare.contradiction import Contradiction, contradict
from pipelines.compare.geometry import Matrix, corners_of, resizing, through
from pipelines.compare.placement import Placement, place, placed_at
from pipelines.compare.readings import read_places
from pipelines.items import Decision, Material, Sign
from pipelines.matchers import Candidates, Example, Look, Matcher, Reference, Seen, strongest
from pipelines.media.features import mirror
from pipelines.media.fingerprint import HASHED_SIDE, Fingerprint, hash_views, trim_box
from pipelines.media.original import PICTURE_SIDE, Original
from pipelines.media.pdq import WORDS, Grey, Hashes, as_words, distances, eight_forms, pdq, turned_words, unturned
from pipelines.media.pictures import read_grey, shrink
from pipelines.media.trouble import UNREADABLE

MOST_LEADS = 4
CLEAR = 0.8  # of its blocks agree: no other view needs to be tried
# Where spots cannot be compared, only blocks speak: other posters on the template, shown small, agree in up to two
# thirds of all blocks, or in four fifths of the less than half that can be seen.
LIKELY_WHOLE, LIKELY_PART, HALF = 0.75, 0.9, 0.5
NEAR = 31  # Meta's threshold: no unrelated pair of 64,554 came below it, nor below 68
MAYBE = 60
STANDS_STILLS = 2  # looks at the clip with the picture; one alone may have flashed by
NOT_COMPARED = Contradiction("unverifiable", cause="lost")
Words = tuple[str, str]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The material placed in one look, and what contradicts there; `placed` None: only its hash is near."""

    look: Look
    distance: int
    placed: Placement | None = None
    is_mirrored: bool = False
    against: Contradiction = NOT_COMPARED

    @property
    def shown_share(self) -> float:
        """The share of the material's area that can be seen."""
        return max(0.0, self.placed.overlap - self.against.hidden) if self.placed else 0.0


class Image(Matcher):
    """Pictures against pictures, and against the stills of clips."""

    name = "image"
    version = 3

    def applies(self, material: Material) -> bool:
        """Pictures."""
        return material.kind == "image"

    def compare(self, seen: Seen, reference: Reference) -> Sign | None:
        """The strongest sign over the post's media and the material's versions."""
        return strongest(
            self._compare_one(seen, sha, reference, (own_sha, own))
            for sha, shown in seen.shown
            for own_sha, own in reference.originals
            if sha != own_sha and shown.hashes and own.views
        )

    def _compare_one(self, seen: Seen, sha: str, reference: Reference, own: tuple[str, Original]) -> Sign | None:
        own_sha, original = own
        path = (reference.files or {})[own_sha]
        nearest = int(distances(seen.media[sha].words, all_forms(original.fingerprint)).min())
        found = [one for look in seen.looks(sha) if (one := find(look, own, path, nearest)) is not None]
        if not found:
            return None
        shas = {"media_sha256": sha, "reference_sha256": own_sha}
        best = max(found, key=lambda one: _rank(one, reference.material))
        decision, words = decide(best, reference.material)
        if seen.media[sha].kind == "image":
            read, scene = _readings(best, path), _scene_of(best.look)
            words = _in_scene(_told(words, read.get("readings", ())), **scene)
            return self._signed(best, decision, words, shas, **read, **scene)
        whole = [one for one in found if decide(one, reference.material)[0] is Decision.MATCH]
        seconds = sorted({second for one in whole for second in one.look.times})
        decision, words = _in_clip(decision, words, len(seconds), best.look.second)
        return self._signed(best, decision, words, shas, second=round(best.look.second, 2), seconds=seconds)

    def _signed(self, best: Found, decision: Decision, words: Words, shas: dict[str, str], **when: Any) -> Sign:
        return self.sign(decision, _score(best), words, **_measures(best), **shas, **when)

    def index(self, references: Sequence[Reference]) -> Candidates:
        """All corners of all references, and all their hashes."""
        fitting = [one for one in references if self.applies(one.material) and one.originals]
        return _Shortlist.of(fitting) if fitting else lambda seen: ()

    def examples(self, folder: Path) -> Iterable[Example]:
        """What offices do to a poster, other versions of it, another poster."""
        from crawler.sandbox import studio
        from pipelines.exhibits import a_post, a_reference

        def kept(name: str, picture: studio.Picture, quality: int = 88) -> Path:
            path = folder / f"{name}.jpg"
            path.write_bytes(studio.as_jpeg(picture, quality))
            return path

        own = studio.poster(1, "Tolak gratifikasi", 2026)
        reference = a_reference("image", [kept("own", own, 95)])
        for name, picture, expected in _examples(own):
            post = a_post(files=[(kept(name.replace(" ", "-"), picture), "image")])
            yield Example(name, post, reference, expected)


@dataclass(frozen=True, slots=True, eq=False)
class _Shortlist:
    """Which references a post may show; `owners` number them by file, `hashed` by entry of `hashes`."""

    references: Sequence[Reference]
    corners: FileIndex
    owners: Mapping[str, Sequence[int]]
    hashes: Hashes
    hashed: Numbers

    @classmethod
    def of(cls, references: Sequence[Reference]) -> _Shortlist:
        files = [(number, sha, own) for number, one in enumerate(references) for sha, own in one.originals]
        owners: dict[str, list[int]] = defaultdict(list)
        for number, sha, _ in files:
            owners[sha].append(number)
        forms = [(number, all_forms(own.fingerprint)) for number, _, own in files]
        corners = FileIndex({sha: [view.features for view in own.views] for _, sha, own in files})
        hashed = np.concatenate([np.full(len(words), number) for number, words in forms])
        return cls(references, corners, owners, np.concatenate([words for _, words in forms]), hashed)

    def __call__(self, seen: Seen) -> Iterable[Reference]:
        numbers: set[int] = set()
        for sha, mark in seen.shown:
            if not mark.hashes:
                continue
            numbers |= set(self.hashed[(distances(mark.words, self.hashes) <= MAYBE).any(axis=0)].tolist())
            for look in seen.looks(sha):
                look.leads.update(self.corners.propose(look.features))
                numbers.update(*(self.owners[own] for own in look.leads if own in self.owners))
        return [self.references[number] for number in sorted(numbers)]


def find(look: Look, own: tuple[str, Original], path: Path, nearest: int) -> Found | None:
    """The material in one look: placed by its corners, else by its hash, else only near, else None.

    `nearest`: the least distance of any hash of the posted file; where that is far, no look is near.
    """
    near = distance_of(look, own[1]) if nearest <= MAYBE else nearest
    try:
        proposed = _by_corners(look, own, path) or _by_hash(look, path, near)
    except UNREADABLE:
        proposed = None  # the material's file is gone: what is left is its hash
    if proposed is not None:
        placed, is_mirrored = proposed
        against = contradict(own_picture(path, is_mirrored), look.grey, placed)
        if against.verdict != "unverifiable" or _is_likely(placed):
            return Found(look, near, placed, is_mirrored, against)
    return Found(look, near) if near <= MAYBE else None


def _is_likely(placed: Placement) -> bool:
    """Whether the blocks alone are worth a person's look."""
    return placed.agreeing >= (LIKELY_WHOLE if placed.share >= HALF else LIKELY_PART)


def distance_of(look: Look, original: Original) -> int:
    """Differing bits of the nearest of the look's and the original's hashes, in any turn."""
    hashes, _ = hash_views(shrink(look.grey, HASHED_SIDE))
    return int(distances(as_words(hashes), all_forms(original.fingerprint)).min())


def _by_corners(look: Look, own: tuple[str, Original], path: Path) -> tuple[Placement, bool] | None:
    """The placement at which most of the material agrees, and whether it is mirrored."""
    sha, original = own
    best: tuple[Placement, bool] | None = None
    leads = look.leads[sha] if sha in look.leads else _index_of(original).leads(look.features)
    for lead in leads[:MOST_LEADS]:
        view = original.views[lead.entry]
        picture = own_picture(path, view.is_mirrored)
        placed = place(picture, look.grey, view.features, look.features, lead.pairs)
        if placed is not None and placed.carries and (best is None or placed.share > best[0].share):
            best = placed, view.is_mirrored
        if best is not None and best[0].share >= CLEAR:
            break
    return best


def _by_hash(look: Look, path: Path, near: int) -> tuple[Placement, bool] | None:
    """Whole picture on whole picture, borders apart: for pictures too plain to have corners."""
    if near > MAYBE:
        return None
    own = own_picture(path, False)
    form = form_shown(own, look.grey)
    shown = unturned(look.grey, form)
    is_mirrored = (form % 2 + form // 2 % 2 + form // 4) % 2 == 1
    laid = [(trim_box(own), trim_box(shown)), ((slice(0, own.shape[0]), slice(0, own.shape[1])), trim_box(shown))]
    for own_box, box in laid:
        matrix = unturning(look.grey, form) @ _box_on_box(own_box, box)
        if is_mirrored:
            matrix = matrix @ np.array([[-1, 0, own.shape[1] - 1], [0, 1, 0], [0, 0, 1]], np.float64)
        placed = placed_at(own_picture(path, is_mirrored), look.grey, matrix)
        if placed is not None and placed.carries:
            return placed, is_mirrored
    return None


def _box_on_box(own: tuple[slice, slice], shown: tuple[slice, slice]) -> Matrix:
    shapes = [(rows.stop - rows.start, columns.stop - columns.start) for rows, columns in (own, shown)]
    before, after = (np.array([[1, 0, columns.start], [0, 1, rows.start], [0, 0, 1]], np.float64)
                     for rows, columns in (own, shown))  # fmt: skip
    return np.asarray(after @ resizing(*shapes) @ np.linalg.inv(before), np.float64)


def unturning(grey: Grey, form: int) -> Matrix:
    """Pixels of `unturned(grey, form)` -> pixels of `grey`."""
    rows, columns = np.mgrid[0 : grey.shape[0], 0 : grey.shape[1]][:, :: grey.shape[0] - 1, :: grey.shape[1] - 1]
    x, y = (unturned(each.astype(np.float32), form).reshape(-1) for each in (columns, rows))
    tall, wide = unturned(grey, form).shape
    here = np.array([[0, 0], [wide - 1, 0], [0, tall - 1], [wide - 1, tall - 1]], np.float32)
    return np.asarray(cv2.getPerspectiveTransform(here, np.column_stack([x, y]).astype(np.float32)), np.float64)


@lru_cache(maxsize=48)
def own_picture(path: Path, is_mirrored: bool) -> Grey:
    """The material's picture as it is compared. Raises one of `UNREADABLE`."""
    grey = shrink(read_grey(path, PICTURE_SIDE), PICTURE_SIDE)
    return mirror(grey) if is_mirrored else grey


@lru_cache(maxsize=64)
def _index_of(original: Original) -> FeatureIndex:
    """The corners of one material's file, kept because many posts are compared with few materials."""
    return FeatureIndex([view.features for view in original.views])


def all_forms(mark: Fingerprint) -> Hashes:
    """Every hash of a fingerprint in every turn, shape (n, 4)."""
    return turned_words(mark.hashes).reshape(-1, WORDS)


def form_shown(own: Grey, posted: Grey) -> int:
    """Which of its eight turned forms `posted` shows `own` in; borders are set aside on both."""
    forms = b"".join(b"".join(eight_forms(pdq(view).cosines)) for view in (own, own[trim_box(own)]))
    near = distances(as_words(hash_views(posted)[0]), as_words(forms)).min(axis=0)
    return int(near.argmin()) % 8


def decide(found: Found, material: Material) -> tuple[Decision, Words]:
    """The decision for one look, and its sentences."""
    if found.placed is None:
        return Decision.REVIEW, (
            "Mirip materi, tetapi letaknya di gambar tidak dapat dipastikan; bandingkan keduanya.",
            "Similar to the material, but where it lies in the picture cannot be made sure; compare both.",
        )
    verdict, boxes = found.against.verdict, found.against.boxes
    if verdict == "unverifiable":
        return Decision.REVIEW, _UNVERIFIABLE[found.against.cause]
    if verdict == "changed":
        many = sum(box.kind == "changed" for box in boxes)
        return Decision.REVIEW, (
            f"Versi lain dari materi, atau tulisannya tertutup: {many} bagian bertentangan.",
            f"Another version of the material, or its words are covered: {many} place(s) contradict.",
        )
    if found.shown_share < material.minimum_share:
        return Decision.REVIEW, (
            f"Hanya {found.shown_share:.0%} dari bidang materi yang tampak; selebihnya terpotong atau tertutup.",
            f"Only {found.shown_share:.0%} of the material's area can be seen; the rest is cut off or covered.",
        )
    return Decision.MATCH, _SAME if verdict == "same" else _overlaid(found)


_SAME = (
    "Gambarnya sama: tidak ada bagian yang bertentangan setelah keduanya ditumpuk.",
    "The same picture: nothing contradicts when both are laid over each other.",
)
_UNVERIFIABLE = {
    "small": (
        "Materi tampak terlalu kecil untuk diperiksa titik demi titik.",
        "The material is shown too small to be compared spot by spot.",
    ),
    "plain": (
        "Materi terlalu polos, atau terlalu sedikit yang tampak, untuk dipastikan.",
        "The material is too plain, or too little of it is shown, to be sure.",
    ),
    "poor": (
        "Mutu gambar terlalu rendah untuk diperiksa titik demi titik.",
        "The picture's quality is too poor for comparing spot by spot.",
    ),
    "lost": (
        "Sangat mirip, tetapi terlalu berubah untuk diperiksa titik demi titik.",
        "Very similar, but too altered to be compared spot by spot.",
    ),
}


def _overlaid(found: Found) -> Words:
    hidden = found.against.hidden
    return (
        f"Gambarnya sama; di atasnya ada logo, bingkai, atau stiker yang menutup {hidden:.0%} bidangnya.",
        f"The same picture; a logo, frame or sticker laid over it hides {hidden:.0%} of it.",
    )


def _readings(found: Found, path: Path) -> dict[str, Any]:
    """What is written where the picture contradicts the material, on both sides."""
    if found.placed is None or found.against.verdict != "changed":
        return {}
    own = own_picture(path, found.is_mirrored)
    return read_places(own, found.look.grey, found.placed, found.against.boxes, found.is_mirrored)


def _told(words: Words, readings: Sequence[Mapping[str, Any]]) -> Words:
    """The sentences with what is written otherwise, where that could be read."""
    first = next((one for one in readings if one["differing"]), None)
    return (f"{words[0]} {first['id']}", f"{words[1]} {first['en']}") if first else words


def _rank(found: Found, material: Material) -> tuple[bool, bool, float]:
    return decide(found, material)[0] is Decision.MATCH, found.placed is not None, _score(found)


def _score(found: Found) -> float:
    """Of the reference's textured blocks, the share that agrees; a near hash alone says less than half of that."""
    return found.placed.share if found.placed else 0.5 * (1 - found.distance / 256)


def _scene_of(look: Look) -> dict[str, int]:
    """The number of an animation's scene, unless it is the first."""
    return {"scene": round(look.second)} if look.second else {}


def _in_scene(words: Words, scene: int = 0) -> Words:
    """The sentences, with the scene of an animated picture behind its first."""
    if not scene:
        return words
    return f"Adegan {scene + 1} dari gambar bergerak: {words[0]}", f"Scene {scene + 1} of the animation: {words[1]}"


def _in_clip(decision: Decision, words: Words, stills: int, second: float) -> tuple[Decision, Words]:
    if decision is Decision.MATCH and stills < STANDS_STILLS:
        return Decision.REVIEW, (
            f"Gambar materi tampak sekejap di dalam video, pada detik {second:.1f}; lihat videonya.",
            f"The material's picture appears for a moment in the clip, at second {second:.1f}; look at the clip.",
        )
    said = (f"Di dalam video, detik {second:.1f}: {words[0]}", f"In the clip, second {second:.1f}: {words[1]}")
    return decision, said


def _measures(found: Found) -> dict[str, Any]:
    """What was measured, rounded; corners and boxes as shares of the pictures' sides."""
    measured: dict[str, Any] = {"distance": found.distance, "thresholds": THRESHOLDS}
    placed, against = found.placed, found.against
    if placed is None:
        return measured
    rows, columns = found.look.grey.shape
    corners = through(placed.matrix, corners_of(placed.shape)) / [columns, rows]
    return measured | {
        "share": round(placed.share, 3), "agreeing": round(placed.agreeing, 3), "overlap": round(placed.overlap, 3),
        "inliers": placed.inliers, "model": placed.model, "scale": round(placed.scale, 3),
        "mirrored": found.is_mirrored, "corners": [[round(at, 4) for at in corner] for corner in corners.tolist()],
        "verdict": against.verdict, "cause": against.cause, "worst": against.worst,
        "hidden": against.hidden, "shown_share": round(found.shown_share, 3),
        "boxes": [asdict(box) for box in against.boxes],
    }  # fmt: skip


THRESHOLDS = {
    "share": placement.CARRIES, "agreeing": placement.WELL_AGREEING, "overlap": placement.LEAST_OVERLAP,
    "inliers": placement.LEAST_INLIERS, "worst": 1.0, "distance": NEAR,
}  # fmt: skip


def _examples(own: Any) -> Iterator[tuple[str, Any, Decision | None]]:
    from crawler.sandbox import studio

    match, review = Decision.MATCH, Decision.REVIEW
    yield "sent on three times", studio.forwarded(own), match
    yield "in a black frame", studio.letterboxed(own, (1080, 1920)), match
    yield "mirrored", studio.mirrored(own), match
    yield "with an office's bar", studio.branded(own, "Kecamatan Wedi"), match
    yield "cut on all sides", own.crop((70, 60, own.width - 90, own.height - 90)), match
    yield "last year's", studio.poster(1, "Tolak gratifikasi", 2025), review
    yield "a small part of it", own.crop((0, 0, round(own.width * 0.55), round(own.height * 0.6))), review
    yield "too small to be sure", studio.resized(own, 320), review
    yield "another poster", studio.poster(3, "Jam layanan baru", 2026), None


MATCHER = Image()
