"""The normaliser and what is asked of folded words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import text


@pytest.mark.parametrize(
    "decorated",
    [
        "𝗧𝗼𝗹𝗮𝗸 𝘁𝗶𝗽",
        "𝓣𝓸𝓵𝓪𝓴 𝓽𝓲𝓹",
        "T\u200bolak\u2060 t\u202eip",
        "Тоlаk tiр",
        "🅃🄾🄻🄰🄺 🅃🄸🄿",
        "ＴＯＬＡＫ　ＴＩＰ",
        "TOLAK\n\n👉 tip",
    ],
)
def test_decoration_is_folded_away(decorated: str) -> None:
    """Fancy letters, invisible signs, look-alikes, width, case, emoji: all are the same words."""
    assert text.words_of(decorated) == "tolak tip"


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(anything: str) -> None:
    """The folded form is final, so folded and unfolded words can be compared safely."""
    assert text.fold(anything) == text.fold(text.fold(anything))


@given(st.text(max_size=60), st.text(max_size=60))
def test_containment_is_a_share(wanted: str, found: str) -> None:
    """Between 0 and 1, and whole when the words are within the other's."""
    share = text.containment(text.grams_of(wanted), text.grams_of(found))

    assert 0 <= share <= 1
    if text.grams_of(wanted):
        assert text.containment(text.grams_of(wanted), text.grams_of(wanted)) == 1


def test_hashtags_are_split_from_the_words() -> None:
    """Tags and mentions are answered apart; a tag never counts as running text."""
    caption = "Jujur itu hebat #AntiKorupsi #Tolak_Tip, @official.kpk."

    assert {"antikorupsi", "tolak_tip"} == text.hashtags_in(caption)
    assert {"official.kpk"} == text.mentions_in(caption)
    assert text.words_of(caption) == "jujur itu hebat official kpk"


@pytest.mark.parametrize(
    ("said", "there"),
    [
        ("bersama @official.kpk", True),
        ("bersama Official.KPK.", True),
        ("bersama official.kpks", False),
        ("bersama unofficial.kpk", False),
        ("bersama official.kpk.klaten", False),
    ],
)
def test_mentions_need_no_sign_but_are_whole_words(said: str, there: bool) -> None:
    """The Graph API drops the `@`; another account that only begins alike is another account."""
    assert there == text.mentions(said, "@official.kpk")


def test_phrases_ignore_punctuation_but_not_order() -> None:
    """Words must stand next to each other as ordered."""
    assert text.phrase_in("BERANI... jujur: hebat!", "berani jujur")
    assert not text.phrase_in("jujur dan berani", "berani jujur")
    assert not text.phrase_in("pemberani jujur", "berani jujur")


@pytest.mark.parametrize(
    ("post", "strange"),
    [
        ("Hakordia 9 Desember 2026, lapor 198", ()),
        ("Hakordia 09 Desember 2026, lapor 198 atau 119", ()),
        ("Hakordia 9 Desember 2025, lapor 198", ("2025", "2026")),
        ("Hakordia 9 Desember 2026, lapor 199", ("198",)),
    ],
)
def test_other_numbers_contradict(post: str, strange: tuple[str, ...]) -> None:
    """A year or a hotline that differs makes a similar text another one; added numbers do not."""
    assert strange == text.contradicting_numbers("Hakordia 9 Desember 2026, lapor 198", post)
