"""An own production that carries all required elements -> review: a person confirms it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipelines.items import Decision, Material, Require, Sign
from pipelines.matchers import Example, Matcher, Reference, Seen
from pipelines.text import fold, hashtags_in, mentions, phrase_in


def lacking(words: str, require: Require) -> tuple[str, ...]:
    """Required hashtags, mentions and phrases that a text does not carry; mentions with their `@`."""
    tags = hashtags_in(words)
    return (
        *(tag for tag in require.hashtags if fold(tag).lstrip("#") not in tags),
        *(f"@{name.lstrip('@')}" for name in require.mentions if not mentions(words, name)),
        *(phrase for phrase in require.phrases if not phrase_in(words, phrase)),
    )


class Elements(Matcher):
    """For `mode = "derivative"`: no file to compare with, only what must be in it."""

    name = "elements"

    def applies(self, material: Material) -> bool:
        """Own productions with at least one element that can be read in a text."""
        asked = material.require
        return material.mode == "derivative" and bool(asked.hashtags or asked.mentions or asked.phrases)

    def compare(self, seen: Seen, reference: Reference) -> Sign | None:
        """Review when nothing is lacking."""
        asked = reference.material.require
        if lacking(seen.post.text, asked):
            return None
        elements = [*asked.hashtags, *asked.mentions, *asked.phrases]
        named = ", ".join(elements)
        words = (
            f"Memuat semua unsur wajib ({named}); pastikan ini produksi sendiri tentang materi tersebut.",
            f"Carries every required element ({named}); confirm that it is an own production.",
        )
        return self.sign(Decision.REVIEW, 0.6, words, elements=elements)

    def examples(self, folder: Path) -> Iterable[Example]:
        """All elements, the mention without its `@`; and one short."""
        from pipelines.exhibits import a_post, a_reference

        require = Require(("#antikorupsi",), ("official.kpk",), ("Berani jujur",))
        reference = a_reference("video", require=require, mode="derivative")
        whole = "BERANI JUJUR bersama official.kpk! #AntiKorupsi"
        yield Example("all elements", a_post(whole), reference, Decision.REVIEW)
        yield Example("without the mention", a_post("Berani jujur #antikorupsi"), reference, None)


MATCHER = Elements()
