"""A post's words that hold the material's caption -> match for texts, review for everything else.

Right words under another picture prove nothing, so only a text material can be matched by text. What a
paraphrase, a translation or another version leaves is a reason to look, never a match.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.differences import Differences, find_differences
from pipelines.items import Decision, Material, Sign
from pipelines.lexicon import FUNCTION_WEIGHT
from pipelines.matchers import Candidates, Example, Matcher, Reference, Seen
from pipelines.passage import Passage, read
from pipelines.quotation import Common, Quotation, bag_share, find_common, find_quotation

WORTH_A_LOOK = 0.25  # share of the caption's meanings anywhere in the post below which nothing is compared
CARRIES = 0.65  # with no number, name or word that differs; what was cut off may be a third
RESEMBLES = 0.50
# Share of the caption's meanings, and how many of them tell. Measured (tests/matching/captions.py, the half they were
# chosen on): the poorest paraphrase has 0.30 and 7, everyday posts reach 0.24 and 2, another campaign's 0.32 and 4.
PARAPHRASES = ((0.28, 6), (0.34, 5), (0.40, 4))
SHORTEST = 4  # words that tell: a slogan of three stands in posts that mean something else
LONG_TAG = 15
LISTED = 8
PLAYABLE = frozenset({"video", "audio", "thumbnail"})


@dataclass(frozen=True)
class Reading:
    """How a post relates to a caption."""

    own: Passage
    post: Passage
    quotation: Quotation
    common: Common

    @cached_property
    def differences(self) -> Differences:
        """By what the two texts say different things."""
        return find_differences(self.own, self.post, self.quotation)

    @property
    def share(self) -> float:
        """How much of the caption is quoted, 0..1."""
        return self.quotation.containment

    @property
    def measures(self) -> dict[str, Any]:
        """For the explanation."""
        met = self.quotation.met
        missing = [token.word for at, token in enumerate(self.quotation.own)
                   if at not in met and token.weight > FUNCTION_WEIGHT]  # fmt: skip
        return {
            "containment": round(self.share, 3),
            "common": round(self.common.share, 3),
            "numbers": list(self.differences.numbers),
            "names": list(self.differences.names),
            "changed": list(self.differences.words),
            "found": list(self.common.found[:LISTED]),
            "missing": (list(dict.fromkeys(missing)) if self.share >= RESEMBLES else [*self.common.missing])[:LISTED],
            "quote": self.quotation.quote,
        }


def compare_texts(own: Passage, post: Passage) -> Reading | None:
    """How the post relates to the caption; None when they hardly share a word."""
    if bag_share(own, post) < WORTH_A_LOOK:
        return None
    common = find_common(own, post)
    if common.share < WORTH_A_LOOK:
        return None
    return Reading(own, post, find_quotation(own, post), common)


class Text(Matcher):
    """The caption's words in their order, a guard on numbers, names and small words, and shared meanings."""

    name = "text"
    version = 2

    def applies(self, material: Material) -> bool:
        """Materials with reference text or hashtags; own productions are judged by `elements`."""
        return material.mode == "same" and bool(material.caption or material.require.hashtags)

    def compare(self, seen: Seen, reference: Reference) -> Sign | None:
        """Match, review or None by the kind of material and how much of its caption is there."""
        own = read(reference.material.caption)
        reading = compare_texts(own, read(seen.post.text))
        if reading is None:
            return self._by_tags(seen, reference)
        kind = reference.material.kind
        if kind == "text":
            return self._of_text(reading) or self._by_tags(seen, reference)
        if reading.share < CARRIES:
            return self._by_tags(seen, reference)
        return self._of_sound(seen, reading) if kind == "audio" else self._of_picture(reading)

    def _of_text(self, reading: Reading) -> Sign | None:
        share, percent = reading.share, round(100 * reading.share)
        if share < RESEMBLES:
            return self._of_meaning(reading)
        if share < CARRIES:
            words = (
                f"Hanya {percent}% teks materi ditemukan; mungkin diringkas atau diubah.",
                f"Only {percent}% of the material's text was found; perhaps shortened or reworded.",
            )
            return self.sign(Decision.REVIEW, share, words, **reading.measures)
        if reading.differences:
            return self._of_other(reading)
        if sum(token.weight > FUNCTION_WEIGHT for token in reading.own.body) < SHORTEST:
            words = (
                "Teksnya sama, tetapi terlalu pendek untuk memastikan bahwa materi ini yang dimaksud.",
                "The text is the same, but too short to tell that this material is meant.",
            )
            return self.sign(Decision.REVIEW, share * 0.9, words, **reading.measures)
        words = (
            f"{percent}% teks materi ditemukan; angka, nama, dan kata pentingnya cocok.",
            f"{percent}% of the material's text was found; its numbers, names and words that matter agree.",
        )
        return self.sign(Decision.MATCH, share, words, **reading.measures)

    def _of_other(self, reading: Reading) -> Sign:
        percent = round(100 * reading.share)
        named = ", ".join(reading.differences.all[:LISTED])
        words = (
            f"{percent}% teks sama, tetapi angka, nama, atau kata berikut berbeda atau tidak ada: {named}.",
            f"{percent}% of the text is the same, but these numbers, names or words differ or are absent: {named}.",
        )
        return self.sign(Decision.REVIEW, reading.share * 0.9, words, **reading.measures)

    def _of_meaning(self, reading: Reading) -> Sign | None:
        common = reading.common
        if not any(common.share >= share and common.telling >= telling for share, telling in PARAPHRASES):
            return None
        found, missing = ", ".join(common.found[:LISTED]), ", ".join(common.missing[:LISTED]) or "–"
        words = (
            "Bukan kutipan, tetapi pokoknya serupa; mungkin parafrasa atau terjemahan. "
            f"Ditemukan: {found}. Tidak ditemukan: {missing}.",
            "Not a quotation, but about the same; perhaps a paraphrase or a translation. "
            f"Found: {found}. Not found: {missing}.",
        )
        return self.sign(Decision.REVIEW, common.share * 0.7, words, **reading.measures)

    def _of_picture(self, reading: Reading) -> Sign:
        percent = round(100 * reading.share)
        words = (
            f"Teksnya sesuai ({percent}%), tetapi materinya tidak dikenali pada gambar atau video.",
            f"The words fit ({percent}%), but the material itself was not recognised in picture or clip.",
        )
        if reading.differences:
            named = ", ".join(reading.differences.all[:LISTED])
            words = (f"{words[0]} Berbeda: {named}.", f"{words[1]} Different: {named}.")
        return self.sign(Decision.REVIEW, reading.share * 0.8, words, **reading.measures)

    def _of_sound(self, seen: Seen, reading: Reading) -> Sign | None:
        if not any(one.kind in PLAYABLE for one in seen.post.media):
            return None
        words = (
            "Teksnya sesuai dan ada suaranya, tetapi suara materi tidak dikenali di dalamnya; dengarkan sendiri.",
            "The words fit and the post has sound, but the material was not recognised in it; please listen.",
        )
        return self.sign(Decision.REVIEW, reading.share * 0.8, words, **reading.measures)

    def _by_tags(self, seen: Seen, reference: Reference) -> Sign | None:
        """All hashtags of the material, one of them its own; a lone common word is nobody's own."""
        tags = reference.tags
        telling = len(tags) >= 2 or any(len(tag) >= LONG_TAG for tag in tags)
        if not telling or not tags <= seen.tags or not reference.own_tags & seen.tags:
            return None
        named = " ".join(f"#{tag}" for tag in sorted(tags))
        words = (
            f"Memakai semua tagar materi ini ({named}), tetapi isinya tidak dikenali.",
            f"Uses all hashtags of this material ({named}), but its content was not recognised.",
        )
        return self.sign(Decision.REVIEW, 0.3, words, hashtags=sorted(tags))

    def index(self, references: Sequence[Reference]) -> Candidates:
        """Which references mean what, with what share, and which hold each hashtag of their own."""
        fitting = [one for one in references if self.applies(one.material)]
        holders: dict[str, list[tuple[int, float]]] = {}
        tagged: dict[str, list[int]] = {}
        for number, one in enumerate(fitting):
            own = read(one.material.caption)
            for meaning, (weight, _) in own.demanded.items():
                holders.setdefault(meaning, []).append((number, weight / own.weight))
            for tag in one.own_tags:
                tagged.setdefault(tag, []).append(number)
        packed = {
            meaning: (np.array([number for number, _ in held]), np.array([share for _, share in held]))
            for meaning, held in holders.items()
        }

        def candidates(seen: Seen) -> Iterable[Reference]:
            near = {number for tag in seen.tags for number in tagged.get(tag, ())}
            met = [packed[meaning] for meaning in read(seen.post.text).meanings if meaning in packed]
            if met:
                numbers, shares = (np.concatenate(part) for part in zip(*met, strict=True))
                near.update(np.flatnonzero(np.bincount(numbers, shares) >= WORTH_A_LOOK - 1e-6).tolist())
            return [fitting[number] for number in sorted(near)]

        return candidates

    def examples(self, folder: Path) -> Iterable[Example]:
        """Decorated, dated otherwise, denied, in other words, under a picture, and about something else."""
        from pipelines.exhibits import a_post, a_reference

        caption = "Laporkan penerimaan gratifikasi paling lambat 30 hari kerja sejak diterima, tahun 2026."
        bold = caption.translate({code: 0x1D5EE + code - 97 for code in range(97, 123)})
        english = "Report every gratification you receive within 30 working days, at the latest, in 2026."
        words, picture, sound = (a_reference(kind, caption=caption) for kind in ("text", "image", "audio"))
        yield Example("in fancy letters", a_post(f"\u200b{bold} 🙏 #antikorupsi"), words, Decision.MATCH)
        yield Example("last year's", a_post(caption.replace("2026", "2025")), words, Decision.REVIEW)
        yield Example("denied", a_post(f"Jangan {caption}"), words, Decision.REVIEW)
        half = a_post("Laporkan penerimaan gratifikasi paling lambat 30 hari")
        yield Example("half of it", half, words, Decision.REVIEW)
        yield Example("translated", a_post(english), words, Decision.REVIEW)
        yield Example("right words, no such picture", a_post(caption), picture, Decision.REVIEW)
        yield Example("right words, no sound at all", a_post(caption), sound, None)
        yield Example("other words", a_post("Jadwal pelayanan keliling kecamatan pekan ini"), words, None)


MATCHER = Text()
