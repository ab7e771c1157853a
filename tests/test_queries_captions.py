"""Captions of any shape: the quick way through a plain text says what the long way through its graphemes says."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from queries.report.captions import CODE_POINTS, clean, graphemes, shorten

HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn")
# Plain letters, spaces of all kinds, hidden characters, marks, emoji with what joins and dresses them, flags.
LETTERS = st.sampled_from(
    "ab é–” \n\t\u00a0\u00ad\u200b\u200d\u202e\u2028\u0301\u0ccd\ufe0f\U0001f600\U0001f3fb\U0001f1ee\U0001f1e9"
)
TEXTS = st.text(LETTERS, max_size=60) | st.text(st.characters(max_codepoint=0x2FF), max_size=60) | st.text(max_size=30)


@given(text=TEXTS)
def test_nothing_hidden_is_left_in_a_caption(text: str) -> None:
    """No control, direction or zero-width character but the emoji's joiner, one space at a time; the rest in order."""
    cleaned = clean(text)

    assert not [char for char in cleaned if char != "\u200d" and unicodedata.category(char) in HIDDEN]
    assert cleaned == " ".join(cleaned.split(" ")).strip()
    assert "  " not in cleaned
    assert [char for char in text if unicodedata.category(char)[0] in "LMNPS"] == [
        char for char in cleaned if unicodedata.category(char)[0] in "LMNPS"
    ]


@given(text=TEXTS, length=st.integers(1, 70))
def test_a_caption_is_cut_between_graphemes(text: str, length: int) -> None:
    """As many graphemes as asked for, counted one by one, whether or not the text is plain enough for the quick way."""
    whole, kept = list(graphemes(clean(text))), list[str]()
    while len(kept) < min(length, len(whole)) and len("".join(whole[: len(kept) + 1])) <= length * CODE_POINTS:
        kept.append(whole[len(kept)])

    assert shorten(text, length) == ("".join(kept) if kept == whole else "".join(kept).rstrip() + "…")
