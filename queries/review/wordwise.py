"""A caption and a reference text -> both with the words marked in which they differ."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

from markupsafe import Markup

MOST_WORDS = 600  # beyond this comparing takes longer than a page may
ENOUGH = 0.5  # of the reference's words must be there, else it is another text and marks would only confuse

_WORD = re.compile(r"\S+")
_EDGES = re.compile(r"^\W+|\W+$")


def marked(caption: str, reference: str) -> tuple[Markup, Markup]:
    """Both texts as HTML: what stands instead of the reference's words, and what is not in the caption."""
    ours, theirs = list(_WORD.finditer(caption)), list(_WORD.finditer(reference))
    plain = Markup.escape(caption), Markup.escape(reference)
    if not theirs or max(len(ours), len(theirs)) > MOST_WORDS:
        return plain
    steps = SequenceMatcher(None, _folded(theirs), _folded(ours), autojunk=False).get_opcodes()
    shared = sum(end - start for kind, start, end, *_ in steps if kind == "equal")
    if shared < ENOUGH * len(theirs):
        return plain
    instead = [ours[start:end] for kind, _, _, start, end in steps if kind == "replace"]
    lost = [theirs[start:end] for kind, start, end, *_ in steps if kind in ("replace", "delete")]
    return _with_marks(caption, instead), _with_marks(reference, lost)


def _folded(words: Sequence[re.Match[str]]) -> list[str]:
    """Words as compared: letters alike in look are alike, case and punctuation do not count."""
    plain = [unicodedata.normalize("NFKC", word.group()).casefold() for word in words]
    return [_EDGES.sub("", word) or word for word in plain]


def _with_marks(text: str, passages: Sequence[Sequence[re.Match[str]]]) -> Markup:
    parts, at = Markup(), 0
    for words in passages:
        start, end = words[0].start(), words[-1].end()
        parts += Markup("{}<mark>{}</mark>").format(text[at:start], text[start:end])
        at = end
    return parts + text[at:]
