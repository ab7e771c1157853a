"""A picture of the post near the material's picture -> match, or review with the spots that differ.

A near hash is only a hint: `pipelines.compare.contradiction` lays the two files over each other before anything
is called the same, because a changed date or word does not move the hash.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

import cv2
import numpy as np

from pipelines.compare.contradiction import WORKING_SIDE, Alike, compare_pixels
from pipelines.items import Decision, Material, Sign
from pipelines.matchers import Candidates, Example, Matcher, Reference, Seen, strongest
from pipelines.media.fingerprint import Fingerprint, hash_views, read_grey, trim_box
from pipelines.media.pdq import WORDS, Grey, Hashes, as_words, distances, eight_forms, pdq, turned_words, unturned

NEAR = 31  # Meta's threshold: no unrelated pair of 64,554 came below it, nor below 68
MAYBE = 60


class Image(Matcher):
    """Pictures against pictures; a still of a clip can only be a hint."""

    name = "image"

    def applies(self, material: Material) -> bool:
        """Pictures."""
        return material.kind == "image"

    def compare(self, seen: Seen, reference: Reference) -> Sign | None:
        """The strongest sign over the post's media and the material's versions."""
        signs = [
            self._compare_one(seen, (sha, shown), reference, (own_sha, own))
            for sha, shown in seen.shown
            for own_sha, own in reference.fingerprints
            if sha != own_sha and shown.hashes and own.hashes
        ]
        return strongest(signs)

    def _compare_one(
        self, seen: Seen, shown: tuple[str, Fingerprint], reference: Reference, own: tuple[str, Fingerprint]
    ) -> Sign | None:
        sha, mark = shown
        near = int(distances(mark.words, all_forms(own[1])).min())
        if near > MAYBE:
            return None
        measures = {"distance": near, "media_sha256": sha, "reference_sha256": own[0]}
        score = 1 - near / 256
        kinds = {one.sha256: one.kind for one in seen.post.media}
        if kinds.get(sha) != "image":
            return self._still(score, near, measures)
        if near > NEAR:
            words = (
                "Mirip materi, tetapi tidak cukup dekat untuk dipastikan (mungkin dipotong atau dibingkai).",
                "Similar to the material, but not near enough to be sure; perhaps cropped or framed.",
            )
            return self.sign(Decision.REVIEW, score, words, **measures)
        alike = compare_files((reference.files or {})[own[0]], seen.open_media(sha))
        return self._after_overlay(alike, score, measures)

    def _still(self, score: float, near: int, measures: dict[str, object]) -> Sign | None:
        if near > NEAR:
            return None
        words = (
            "Gambar materi tampak di dalam video unggahan ini; periksa apakah utuh.",
            "The material's picture appears inside this post's video; look whether it is whole.",
        )
        return self.sign(Decision.REVIEW, score, words, **measures)

    def _after_overlay(self, alike: Alike, score: float, measures: dict[str, object]) -> Sign:
        measures |= {"worst": alike.worst, "share": round(alike.share, 5)}
        if alike.verdict == "same":
            words = (
                "Gambarnya sama: tidak ada bagian yang bertentangan setelah keduanya ditumpuk.",
                "The same picture: nothing contradicts when both are laid over each other.",
            )
            return self.sign(Decision.MATCH, score, words, **measures)
        if alike.verdict == "changed":
            boxes = [asdict(box) for box in alike.boxes]
            words = (
                f"Versi lain atau ditimpa sesuatu: {len(boxes)} bagian berbeda dari materi.",
                f"Another version or an overlay: {len(boxes)} place(s) differ from the material.",
            )
            return self.sign(Decision.REVIEW, score, words, boxes=boxes, **measures)
        words = (
            "Sangat mirip, tetapi terlalu kecil, polos, atau berubah untuk diperiksa titik demi titik.",
            "Very similar, but too small, plain or distorted to be compared spot by spot.",
        )
        return self.sign(Decision.REVIEW, score, words, **measures)

    def index(self, references: Sequence[Reference]) -> Candidates:
        """All hashes of all references in one table."""
        fitting = [one for one in references if self.applies(one.material)]
        marks = [
            (number, all_forms(mark))
            for number, one in enumerate(fitting)
            for _, mark in one.fingerprints
            if mark.hashes
        ]
        if not marks:
            return lambda seen: ()
        table = np.concatenate([words for _, words in marks])
        owner = np.concatenate([np.full(len(words), number) for number, words in marks])

        def candidates(seen: Seen) -> Iterable[Reference]:
            hashes = [mark.words for _, mark in seen.shown if mark.hashes]
            if not hashes:
                return []
            near = (distances(np.concatenate(hashes), table) <= MAYBE).any(axis=0)
            return [fitting[number] for number in np.unique(owner[near])]

        return candidates

    def examples(self, folder: Path) -> Iterable[Example]:
        """A recompressed copy, another year, another poster."""
        from crawler.sandbox import studio
        from pipelines.exhibits import a_post, a_reference

        def kept(name: str, picture: studio.Picture, quality: int = 88) -> Path:
            path = folder / f"{name}.jpg"
            path.write_bytes(studio.as_jpeg(picture, quality))
            return path

        own = studio.poster(1, "Tolak gratifikasi", 2026)
        reference = a_reference("image", [kept("own", own, 95)])
        cases = (
            ("sent on three times", studio.forwarded(own), Decision.MATCH),
            ("in a black frame", studio.letterboxed(own, (1080, 1920)), Decision.MATCH),
            ("mirrored", studio.mirrored(own), Decision.MATCH),
            ("last year's", studio.poster(1, "Tolak gratifikasi", 2025), Decision.REVIEW),
            ("with an office's bar", studio.branded(own, "Kecamatan Wedi"), Decision.REVIEW),
            ("too small to be sure", studio.resized(own, 320), Decision.REVIEW),
            ("another poster", studio.poster(3, "Jam layanan baru", 2026), None),
        )
        for name, picture, expected in cases:
            post = a_post(files=[(kept(name.replace(" ", "-"), picture), "image")])
            yield Example(name, post, reference, expected)


def all_forms(mark: Fingerprint) -> Hashes:
    """Every hash of a fingerprint in every turn, shape (n, 4)."""
    return turned_words(mark.hashes).reshape(-1, WORDS)


def compare_files(own: Path, posted: Path) -> Alike:
    """Lay two picture files over each other; whatever cannot be read cannot be verified."""
    try:
        left, right = read_grey(own, WORKING_SIDE), read_grey(posted, WORKING_SIDE)
    except (OSError, ValueError, cv2.error):
        return Alike("unverifiable")
    return compare_pixels(left, unturned(right, form_shown(left, right)))


def form_shown(own: Grey, posted: Grey) -> int:
    """Which of its eight turned forms `posted` shows `own` in; borders are set aside on both."""
    forms = b"".join(b"".join(eight_forms(pdq(view).cosines)) for view in (own, own[trim_box(own)]))
    near = distances(as_words(hash_views(posted)[0]), as_words(forms)).min(axis=0)
    return int(near.argmin()) % 8


MATCHER = Image()
