"""One sentence written in many ways gives the same tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.passage import read


def words(text: str) -> list[str]:
    return [token.word for token in read(text).tokens]


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("dlm 30 (tiga puluh) hr", "dalam 30 hari"),
        ("tiga puluh (30) hari", "30 hari"),
        ("09/12/2026", "9 desember 2026"),
        ("2026-12-09", "9 desember 2026"),
        ("9 Des 2026", "9 desember 2026"),
        ("Rp1.000.000.000,00", "rp 1000000000"),
        ("Rp 1 miliar", "rp 1000000000"),
        ("enam ratus ribu", "600000"),
        ("pukul 08.00", "pukul 8"),
        ("pukul 13:30", "pukul 13:30"),
        ("0811-2345-678", "08112345678"),
        ("+62 811 2345 678", "08112345678"),
        ("Pasal 12 B", "pasal 12b"),
        ("tahap III", "tahap 3"),
        ("#TolakGratifikasi yuk", "tolak gratifikasi yuk"),
        ("#tolakgratifikasi yuk", "tolak gratifikasi yuk"),
        ("T O L A K  T I P", "tolak tip"),
        ("k0rupsi, tolaaaak!", "korupsi tolak"),
        ("ibu2 anti-korupsi", "ibu ibu antikorupsi"),
        ("https://gol.kpk.go.id/", "gol.kpk.go.id"),
        ("SP4N", "sp 4 n"),
    ],
)
def test_writings_of_one_thing_are_one(written: str, plain: str) -> None:
    """Short forms, dates, sums, telephone numbers, number words, hashtags and addresses have one form."""
    assert plain.split() == words(written)


@given(st.integers(2, 999_999))
def test_thousands_may_be_parted(number: int) -> None:
    """A number is the same with dots, with commas and without."""
    assert words(str(number)) == words(f"{number:,}".replace(",", ".")) == words(f"{number:,}")


@given(st.text(max_size=80))
def test_every_token_stands_in_the_text(anything: str) -> None:
    """Whatever the text, each token has a word and a place, in order, so that a quote can be cut out."""
    tokens = read(anything).tokens

    assert all(token.word and 0 <= token.start < token.end <= len(anything) for token in tokens)
    assert sorted(token.start for token in tokens) == [token.start for token in tokens]


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("Berani jujur! #Hebat #KPK", "berani jujur"),
        ("Mari #TolakSuap sekarang", "mari tolak suap sekarang"),
        ("Mari #TolakSuap #KPK", "mari tolak suap"),
        ("#a #b #c", ""),
        ("Jujur\n@official.kpk", "jujur"),
    ],
)
def test_lists_of_hashtags_are_no_running_text(text: str, body: str) -> None:
    """A tag woven into a sentence is a word of it, a list of tags is not."""
    assert body.split() == [token.word for token in read(text).body]
