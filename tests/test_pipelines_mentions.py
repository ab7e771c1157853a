"""Which articles speak of which campaign: whole words, in any spelling, in the campaign's own time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Span
from pipelines.items import Campaign, DutyRule, Instrument, Material, Require
from pipelines.mentions import AROUND, is_running, span_of, spoken, words_of

OPENS = datetime(2024, 4, 23, 17, tzinfo=UTC)
WINDOW = Span(OPENS, OPENS + timedelta(days=1))
LETTER = Instrument("B/700/127/11", "Setda", date(2024, 4, 4))


def campaign(*words: str, rules: tuple[DutyRule, ...] = (DutyRule("tip", WINDOW),)) -> Campaign:
    require = Require(hashtags=("#KlatenBersih",), phrases=("laporkan gratifikasi",))
    material = Material("anti", "tip", "Tolak tip", "video", require=require)
    return Campaign("anti", "Kampanye Antikorupsi 2024", (LETTER,), (material,), rules, words=words)


def test_without_words_of_its_own_a_campaign_is_known_by_titles_phrases_and_hashtags() -> None:
    """In the order in which they are written; the first few are searched for."""
    assert words_of(campaign()) == (
        "kampanye antikorupsi 2024", "tolak tip", "laporkan gratifikasi", "klatenbersih",
    )  # fmt: skip
    assert words_of(campaign("Ikrar Anti-Korupsi")) == ("ikrar antikorupsi",)


@pytest.mark.parametrize(
    "text",
    ["Warga diminta TOLAK TIP di loket", "“Tolak-tip!” kata Bupati", "#tolaktip itu lain, tapi tolak\ntip ya",
     "𝗧𝗼𝗹𝗮𝗸 𝘁𝗶𝗽"],
)  # fmt: skip
def test_a_phrase_is_found_in_any_spelling(text: str) -> None:
    """Case, marks, line breaks and drawn letters are no difference."""
    assert spoken(("tolak tip",), text) == ("tolak tip",)


@pytest.mark.parametrize("text", ["tolak tiping", "menolak tip", "tip tolak", "tolak uang tip", ""])
def test_other_words_are_not_the_phrase(text: str) -> None:
    """Only whole words in their order count."""
    assert spoken(("tolak tip",), text) == ()


@pytest.mark.parametrize("spelling", ["antikorupsi", "anti korupsi", "Anti-Korupsi", "#AntiKorupsi", "anti‑korupsi"])
def test_antikorupsi_is_one_word_however_it_is_joined(spelling: str) -> None:
    """Papers write it in three ways."""
    assert spoken(words_of(campaign("kampanye antikorupsi")), f"Kampanye {spelling} dimulai") == (
        ("kampanye antikorupsi",)
    )


@given(st.text(alphabet="abcdefg ", min_size=1).filter(str.strip), st.text("xyz -#.,\n"), st.text("xyz -#.,\n"))
def test_words_put_into_a_text_are_found_there(words: str, before: str, after: str) -> None:
    """Whatever stands around them, if it is parted from them."""
    own = words_of(campaign(words))

    assert spoken(own, f"{before} {words} {after}") == own


def test_media_are_asked_from_a_month_before_the_first_window_to_a_month_after_the_last() -> None:
    """Announcements come before, echoes after."""
    one = campaign()

    assert span_of(one) == Span(WINDOW.start - AROUND, WINDOW.end + AROUND)
    assert is_running(one, WINDOW.end + AROUND - timedelta(seconds=1))
    assert not is_running(one, WINDOW.end + AROUND)
    assert not is_running(campaign(rules=()), WINDOW.start)
