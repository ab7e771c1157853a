"""The normaliser and what is asked of folded words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import text

WORDS = ("tolak tip untuk petugas", "laporkan ke 198, ya!", "berani jujur hebat 2026")


def bold(sign: str) -> str:
    return chr(0x1D5EE + ord(sign) - 97)


def wide(sign: str) -> str:
    return chr(ord(sign) + 0xFEE0)


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
        "🇮🇩 tólàk t̶i̶p̶",
        "ꓔꓳꓡꓮꓗ ꓔꓲꓑ",
    ],
)
def test_decoration_is_folded_away(decorated: str) -> None:
    """Fancy letters, invisible signs, look-alikes, width, case, emoji: all are the same words."""
    assert text.words_of(decorated) == "tolak tip"


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(anything: str) -> None:
    """The folded form is final, so folded and unfolded words can be compared safely."""
    assert text.fold(anything) == text.fold(text.fold(anything))


@given(st.sampled_from(WORDS), st.data())
def test_decoration_never_changes_the_words(words: str, data: st.DataObject) -> None:
    """Any mix of fancy letters, invisible signs, accents and upper case reads as the plain text does."""
    dressings = (str, str.upper, bold, lambda sign: f"{sign}\u200d", lambda sign: f"{sign}\u0301", wide)
    dressed = "".join(data.draw(st.sampled_from(dressings))(sign) if sign.isalpha() else sign for sign in words)

    assert text.words_of(words) == text.words_of(dressed)


@pytest.mark.parametrize("written", ["３０", "3️⃣0️⃣", "٣٠", "❸⓪", "𝟯𝟬"])
def test_digits_are_digits(written: str) -> None:
    """A number in circles, keycaps, fancy or foreign digits is that number, so the guard sees it."""
    assert text.words_of(written) == "30"


def test_a_flag_is_a_picture_and_letters_in_squares_are_letters() -> None:
    """Two regional signs alone are a flag; more of them spell a word."""
    assert text.words_of("Merdeka 🇮🇩!") == "merdeka"
    assert text.words_of("🇹🇴🇱🇦🇰") == "tolak"


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
