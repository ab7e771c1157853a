"""A post's words that hold the material's caption -> match for texts, review for everything else.

Right words under another picture prove nothing, so only a text material can be matched by text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from pipelines.items import Decision, Material, Sign
from pipelines.matchers import Candidates, Example, Matcher, Reference, Seen
from pipelines.text import containment, contradicting_numbers

CARRIES = 0.65  # measured: the nearest caption that does not carry the material reaches 0.59
RESEMBLES = 0.45
LONG_TAG = 15
PLAYABLE = frozenset({"video", "audio", "thumbnail"})


class Text(Matcher):
    """Five-letter runs of the caption found in the post, with a guard on numbers and years."""

    name = "text"

    def applies(self, material: Material) -> bool:
        """Materials with reference text or hashtags; own productions are judged by `elements`."""
        return material.mode == "same" and bool(material.caption or material.require.hashtags)

    def compare(self, seen: Seen, reference: Reference) -> Sign | None:
        """Match, review or None by the kind of material and how much of its caption is there."""
        share = containment(reference.grams, seen.grams)
        kind = reference.material.kind
        if kind == "text":
            return self._of_text(seen, reference, share) or self._by_tags(seen, reference)
        if share < CARRIES:
            return self._by_tags(seen, reference)
        return self._of_sound(seen, share) if kind == "audio" else self._of_picture(share)

    def _of_text(self, seen: Seen, reference: Reference, share: float) -> Sign | None:
        if share < RESEMBLES:
            return None
        strange = contradicting_numbers(reference.material.caption, seen.post.text)
        percent = round(100 * share)
        measures = {"containment": round(share, 3), "numbers": list(strange)}
        if share < CARRIES:
            words = (
                f"Hanya {percent} % teks materi ditemukan; mungkin diringkas atau diubah.",
                f"Only {percent} % of the material's text was found; perhaps shortened or reworded.",
            )
            return self.sign(Decision.REVIEW, share, words, **measures)
        if strange:
            named = ", ".join(strange)
            words = (
                f"{percent} % teks sama, tetapi angka atau tahun berbeda: {named}.",
                f"{percent} % of the text is the same, but numbers or years differ: {named}.",
            )
            return self.sign(Decision.REVIEW, share, words, **measures)
        words = (
            f"{percent} % teks materi ditemukan, semua angkanya cocok.",
            f"{percent} % of the material's text was found, all its numbers agree.",
        )
        return self.sign(Decision.MATCH, share, words, **measures)

    def _of_picture(self, share: float) -> Sign:
        percent = round(100 * share)
        words = (
            f"Teksnya sesuai ({percent} %), tetapi materinya tidak dikenali pada gambar atau video.",
            f"The words fit ({percent} %), but the material itself was not recognised in picture or clip.",
        )
        return self.sign(Decision.REVIEW, share * 0.8, words, containment=round(share, 3))

    def _of_sound(self, seen: Seen, share: float) -> Sign | None:
        if not any(one.kind in PLAYABLE for one in seen.post.media):
            return None
        words = (
            "Teksnya sesuai dan ada suaranya, tetapi suara belum dapat dibandingkan; dengarkan sendiri.",
            "The words fit and the post has sound, but sound cannot be compared yet; please listen.",
        )
        return self.sign(Decision.REVIEW, share * 0.8, words, containment=round(share, 3))

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
        """Which references hold each five-letter run, and which hold each hashtag of their own."""
        fitting = [one for one in references if self.applies(one.material)]
        holders: dict[str, list[int]] = {}
        for number, one in enumerate(fitting):
            for gram in one.grams | {f"#{tag}" for tag in one.own_tags}:
                holders.setdefault(gram, []).append(number)

        def candidates(seen: Seen) -> Iterable[Reference]:
            votes = Counter(number for gram in seen.grams for number in holders.get(gram, ()))
            tagged = {number for tag in seen.tags for number in holders.get(f"#{tag}", ())}
            near = {
                number for number, count in votes.items() if count >= RESEMBLES * len(fitting[number].grams)
            }
            return [fitting[number] for number in sorted(near | tagged)]

        return candidates

    def examples(self, folder: Path) -> Iterable[Example]:
        """Decorated, dated otherwise, under a picture, and other words."""
        from pipelines.exhibits import a_post, a_reference

        caption = "Laporkan penerimaan gratifikasi paling lambat 30 hari kerja sejak diterima, tahun 2026."
        bold = caption.translate({code: 0x1D5EE + code - 97 for code in range(97, 123)})
        words, picture, sound = (a_reference(kind, caption=caption) for kind in ("text", "image", "audio"))
        yield Example("in fancy letters", a_post(f"\u200b{bold} 🙏 #antikorupsi"), words, Decision.MATCH)
        yield Example("last year's", a_post(caption.replace("2026", "2025")), words, Decision.REVIEW)
        yield Example(
            "half of it",
            a_post("Laporkan penerimaan gratifikasi paling lambat 30 hari"),
            words,
            Decision.REVIEW,
        )
        yield Example("right words, no such picture", a_post(caption), picture, Decision.REVIEW)
        yield Example("right words, no sound at all", a_post(caption), sound, None)
        yield Example("other words", a_post("Jadwal pelayanan keliling kecamatan pekan ini"), words, None)


MATCHER = Text()
