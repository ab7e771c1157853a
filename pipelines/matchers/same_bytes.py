"""A media file of the post with the very bytes of a material's file -> match."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipelines.items import Decision, Material, Sign
from pipelines.matchers import Example, Matcher, Reference, Seen


class SameBytes(Matcher):
    """Certain, and free."""

    name = "same_bytes"

    def applies(self, material: Material) -> bool:
        """Materials with files."""
        return bool(material.files)

    def compare(self, seen: Seen, reference: Reference) -> Sign | None:
        """Match when one digest is on both sides."""
        common = [one.sha256 for one in seen.post.media if one.sha256 in (reference.files or {})]
        if not common:
            return None
        words = ("Berkasnya sama persis, bita demi bita.", "The file is the same, byte for byte.")
        return self.sign(Decision.MATCH, 1.0, words, media_sha256=common[0])

    def examples(self, folder: Path) -> Iterable[Example]:
        """The file itself, and another."""
        from crawler.sandbox import studio
        from pipelines.exhibits import a_post, a_reference

        one, other = folder / "one.jpg", folder / "other.jpg"
        one.write_bytes(studio.filler_jpeg(1))
        other.write_bytes(studio.filler_jpeg(2))
        reference = a_reference("image", [one])
        yield Example("the file itself", a_post(files=[(one, "image")]), reference, Decision.MATCH)
        yield Example("another file", a_post(files=[(other, "image")]), reference, None)


MATCHER = SameBytes()
