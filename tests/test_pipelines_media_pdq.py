"""PDQ: the bits of the original, their turned forms, and the distance between them."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from crawler.sandbox import studio
from pipelines.media.pdq import Grey, as_words, distances, eight_forms, pdq, turned, turned_words, unturned


def grey(seed: int) -> Grey:
    return np.asarray(Image.open(io.BytesIO(studio.filler_jpeg(seed, (300, 240)))).convert("L"), np.uint8)


def bits(words: np.ndarray) -> list[int]:
    return np.bitwise_count(words).sum(axis=-1).tolist()


def test_half_of_the_bits_are_set() -> None:
    """Each bit says above the median, so exactly 128 of 256 are."""
    assert bits(as_words(pdq(grey(1)).bits)) == [128]


def test_distance_counts_differing_bits_of_every_pair() -> None:
    """0 to itself, 256 to its inverse; unrelated pictures lie around 128."""
    own, other = pdq(grey(1)).bits, pdq(grey(2)).bits
    inverse = bytes(255 - byte for byte in own)

    table = distances(as_words(own), as_words(own + inverse + other))

    assert table[0, :2].tolist() == [0, 256]
    assert 90 < table[0, 2] < 166


@pytest.mark.parametrize("form", range(8))
def test_turned_forms_are_hashes_of_the_turned_picture(form: int) -> None:
    """Mirroring the waves gives what hashing the mirrored picture would, within a few bits."""
    drawn = studio.poster(3, "Tolak tip", 2026, (512, 384))
    picture = np.asarray(drawn.convert("L"), np.uint8)
    wanted = as_words(pdq(turned(picture, form)).bits)

    from_waves = as_words(eight_forms(pdq(picture).cosines)[form])
    from_bits = turned_words(pdq(picture).bits)[form]

    assert distances(wanted, from_waves)[0, 0] <= 16
    assert distances(wanted, from_bits)[0, 0] <= 20
    assert np.array_equal(picture, unturned(turned(picture, form), form))


def test_quality_is_nothing_for_a_plain_picture() -> None:
    """A plain ground has no gradient and cannot be recognised; a photograph reaches 100."""
    assert pdq(np.full((200, 200), 77, np.uint8)).quality == 0
    assert pdq(grey(1)).quality == 100
