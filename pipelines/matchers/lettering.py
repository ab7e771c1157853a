"""A text material shown as a picture -> what the text matcher says of the words read in it.

Reading costs a second, so only pictures that look written on are read, and only where the post's own
words do not carry the material already. A word misread by one letter sends the post to a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pipelines.compare.lettering import respelled, text_share
from pipelines.items import Decision, Material, Sign
from pipelines.matchers import Example, Matcher, Reference, Seen
from pipelines.matchers.text import MATCHER as TEXT
from pipelines.media.lettering import Line
from pipelines.media.ocr import why_absent

LETTERED = 0.06  # of a picture within lines of letters: photographs without a banner have up to 0.05, posters 0.06-0.26
MOST_READ = 4  # pictures of one post, the most lettered ones
WORTH_COMPARING = 0.3  # of the caption read: below it the text matcher has nothing to say either
HINTED = 0.25  # of the caption in the post's words


class Lettering(Matcher):
    """The caption written in the picture, compared as if it stood in the post."""

    name = "lettering"

    def applies(self, material: Material) -> bool:
        """Text materials with a text."""
        return material.kind == "text" and material.mode == "same" and bool(material.caption)

    def compare(self, seen: Seen, reference: Reference) -> Sign | None:
        """What `text` says of the words in the pictures; review when they could not be read but should be."""
        written = [sha for sha, share in seen.lettered.items() if share >= LETTERED]
        if not written or _is_told(seen, reference):
            return None
        chosen = sorted(written, key=lambda sha: -seen.lettered[sha])[:MOST_READ]
        read = {sha: seen.lettering(sha) for sha in written if sha in chosen}
        if None in read.values():
            return self._unread(seen, reference)
        return self._of_words(seen, reference, {sha: lines for sha, lines in read.items() if lines})

    def _of_words(self, seen: Seen, reference: Reference, read: dict[str, tuple[Line, ...]]) -> Sign | None:
        caption = reference.material.caption
        shares = {sha: text_share(lines, caption) for sha, lines in read.items()}
        # A caption may go on over several pictures of a carousel; those without any of it only disturb.
        telling = {sha: lines for sha, lines in read.items() if shares[sha] >= WORTH_COMPARING / len(read)}
        if sum(shares.values()) < WORTH_COMPARING:
            return None
        words = "\n".join(respelled(lines, caption) for lines in telling.values())
        sign = TEXT.compare(replace(seen, post=replace(seen.post, text=words)), reference)
        return sign and self._renamed(sign, max(shares, key=shares.__getitem__), words)

    def _renamed(self, sign: Sign, sha256: str, words: str) -> Sign:
        why = sign.explanation
        told = {"id": f"Terbaca di dalam gambar: {why['id']}", "en": f"Read in the picture: {why['en']}"}
        return replace(sign, matcher=self.name, explanation={**why, **told, "read": words}, media_sha256=sha256)

    def _unread(self, seen: Seen, reference: Reference) -> Sign | None:
        """Review if anything in the post's words hints at the material, else every written picture were one."""
        held = len(reference.grams & seen.grams) / max(1, len(reference.grams))
        if held < HINTED and not reference.own_tags & seen.tags:
            return None
        return self.sign(Decision.REVIEW, 0.1, why_absent(), containment=round(held, 3))

    def examples(self, folder: Path) -> Iterable[Example]:
        """The caption in a picture, last year's, another text, and a reader that is not there."""
        from crawler.sandbox import studio
        from pipelines.exhibits import a_post, a_reference

        caption = "Laporkan penerimaan gratifikasi paling lambat 30 hari kerja sejak diterima, tahun 2026."
        reference = a_reference("text", caption=caption + " #LaporSebelum30Hari")
        picture = folder / "lettering.jpg"
        picture.write_bytes(studio.as_jpeg(studio.poster(2, caption, 2026, line=caption)))

        def showing(words: str, *read: str) -> Seen:
            post = a_post(words, files=[(picture, "image")])
            lines = tuple(Line(text, 0.95, (0.1, 0.1 * row, 0.9, 0.1 * row + 0.05)) for row, text in enumerate(read))
            return replace(post, read_words=lambda path: lines or None)

        own = ("KEMENTERIAN", "Laporkan penerimaangratifikasi", "paling lambat 3O hari kerja",
               "sejak diterima, tahun 2026.")  # fmt: skip
        yield Example("in the picture", showing("", *own), reference, Decision.MATCH)
        yield Example("last year's", showing("", *own[:3], "sejak diterima, tahun 2025."), reference, Decision.REVIEW)
        yield Example("another text", showing("", "Jadwal pelayanan keliling", "kecamatan pekan ini"), reference, None)
        yield Example("already in the words", showing(caption, *own), reference, None)
        yield Example("nobody can read it", showing("#LaporSebelum30Hari"), reference, Decision.REVIEW)
        yield Example("nobody can read it, no hint", showing("Selamat pagi"), reference, None)


def _is_told(seen: Seen, reference: Reference) -> bool:
    """Whether the post's own words carry the material, so that nothing need be read."""
    sign = TEXT.compare(seen, reference)
    return sign is not None and sign.decision is Decision.MATCH


MATCHER = Lettering()
