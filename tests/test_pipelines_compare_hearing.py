"""Landmarks against landmarks: what is heard, where, how fast; and what is not."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sandbox import sounds
from pipelines.compare.hearing import SoundIndex, shared_spans
from pipelines.compare.spans import Span, length, merged, without
from pipelines.media.sound import SAMPLES_PER_SECOND, Sound, find_landmarks

RATE = sounds.SAMPLES_PER_SECOND
MAKERS = (sounds.speech, sounds.music)


@cache
def wave_of(number: int) -> sounds.Wave:
    """Talk at even numbers, music at odd ones: 12 s."""
    return MAKERS[number % 2](40 + number, 12.0)


def heard_as(wave: sounds.Wave) -> Sound:
    """Landmarks of a wave, halved to the rate that is listened at."""
    even = wave[: len(wave) // 2 * 2]
    assert RATE == 2 * SAMPLES_PER_SECOND
    return find_landmarks([np.asarray((even[::2] + even[1::2]) / 2, np.float32)])


@cache
def index() -> SoundIndex:
    """Six references."""
    return SoundIndex([heard_as(wave_of(number)) for number in range(6)])


def part(wave: sounds.Wave, start: float, end: float) -> sounds.Wave:
    return wave[int(start * RATE) : int(end * RATE)]


def test_every_reference_is_heard_in_its_copy_and_no_other() -> None:
    """At speed 1, from its first to its last second."""
    for number in range(6):
        [one] = index().find(heard_as(wave_of(number)))
        assert (number, "same") == (one.entry, one.pitch)
        assert one.speed == pytest.approx(1.0, abs=0.001)
        assert one.share > 0.9
        assert one.votes > 1.3 * one.needed


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("speed", [0.8, 1.1, 1.5])
def test_a_copy_played_faster_or_slower_is_heard_with_its_speed(number: int, speed: float) -> None:
    """As a tape: pitch moves with the speed."""
    one = index().find(heard_as(sounds.faster(wave_of(number), speed)))[0]

    assert (number, "moved") == (one.entry, one.pitch)
    assert one.speed == pytest.approx(speed, rel=0.005)
    assert one.share > 0.85


@pytest.mark.parametrize("number", [0, 3])
def test_three_seconds_are_found_in_the_middle_of_another_sound(number: int) -> None:
    """The offset leads from the post's time to the reference's, and edges are right to a second and a half."""
    talk = sounds.speech(90, 9.0)
    post = np.concatenate([part(talk, 0, 4), part(wave_of(number), 5, 8), part(talk, 4, 9)])
    [one] = index().find(heard_as(post))

    assert one.entry == number
    assert one.offset_seconds == pytest.approx(1.0, abs=0.15)
    assert length(one.covered) == pytest.approx(3.0, abs=1.2)
    assert one.posted == pytest.approx((4.0, 7.0), abs=1.6)


@pytest.mark.parametrize("number", range(4))
def test_a_material_is_heard_under_a_voice(number: int) -> None:
    """The voice is twice as strong."""
    voice = sounds.speech(91, 12.0)
    heard = index().find(heard_as(sounds.mixed(voice, wave_of(number), 6.0)))

    assert [number] == [one.entry for one in heard]
    assert heard[0].share > 0.7


def test_what_is_cut_out_is_not_covered() -> None:
    """A copy without its middle is heard twice, with two offsets."""
    heard = index().find(heard_as(np.concatenate([part(wave_of(0), 0, 4), part(wave_of(0), 8, 12)])))

    assert {one.entry for one in heard} == {0}
    covered = merged([span for one in heard for span in one.covered])
    assert length(covered) == pytest.approx(8.0, abs=1.2)
    assert length(without(covered, [(4.5, 7.5)])) == pytest.approx(length(covered), abs=0.8)


def test_other_sounds_are_not_heard() -> None:
    """Other voices, other tunes, noise, silence and a lasting tone."""
    rng = np.random.default_rng(1)
    others = [make(seed, 12.0) for seed in range(300, 302) for make in MAKERS]
    others += [rng.normal(0, 0.1, 12 * RATE).astype(np.float32), np.zeros(12 * RATE, np.float32)]
    others += [np.sin(np.arange(12 * RATE) * 0.3).astype(np.float32) * np.float32(0.5)]

    assert [index().find(heard_as(other)) for other in others] == [[]] * len(others)


def test_a_shared_jingle_is_found_and_can_be_set_aside() -> None:
    """Two materials with the same opening: it is shared, and once excluded it proves neither."""
    jingle = part(wave_of(1), 0, 4)
    pair = [heard_as(np.concatenate([jingle, part(wave_of(number), 0, 8)])) for number in (0, 2)]
    spans = shared_spans([*pair, heard_as(wave_of(4))])

    assert spans[2] == ()
    for one in spans[:2]:
        assert length(one) == pytest.approx(4.0, abs=0.8)
        assert one[0][0] == pytest.approx(0.0, abs=0.5)
    opening = heard_as(np.concatenate([jingle, part(wave_of(5), 0, 4)]))
    assert {one.entry for one in SoundIndex(pair).find(opening)} == {0, 1}
    assert SoundIndex(pair, [((0.0, 4.5),)] * 2).find(opening) == []
    [whole] = SoundIndex(pair, [((0.0, 4.5),)] * 2).find(pair[0])
    assert whole.covered[0][0] >= 4.5
    assert whole.share > 0.9


def test_an_entry_is_heard_alike_alone_and_among_others() -> None:
    """What an index of one says, the index of all says too: one may stand for the other."""
    for number in range(4):
        post = heard_as(sounds.mixed(sounds.speech(92, 12.0), part(wave_of(number), 2, 9), 3.0))
        alone = SoundIndex([heard_as(wave_of(number))]).find(post)
        among = [one for one in index().find(post) if one.entry == number]
        assert [(one.votes, one.covered) for one in alone] == [(one.votes, one.covered) for one in among]


def test_nothing_is_heard_in_nothing() -> None:
    """No references, no landmarks, or hardly any."""
    empty = Sound(0.0, np.zeros(0, np.uint16), np.zeros(0, np.uint8))
    few = Sound(5.0, np.array([3, 9], np.uint16), np.array([4, 8], np.uint8))

    assert SoundIndex([]).find(heard_as(wave_of(0))) == []
    assert SoundIndex([empty, few]).find(heard_as(wave_of(0))) == []
    assert index().find(empty) == index().find(few) == []


SPANS = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda two: (min(two) * 1.0, max(two) * 1.0)))


@given(SPANS, SPANS)
def test_spans_are_sets_of_seconds(some: list[Span], others: list[Span]) -> None:
    """Merging keeps every second once; cutting takes away exactly those of the others."""

    def seconds(spans: list[Span] | tuple[Span, ...]) -> set[int]:
        return {second for start, end in spans for second in range(int(start), int(end))}

    assert seconds(merged(some)) == seconds(some)
    assert length(merged(some)) == len(seconds(some))
    assert seconds(without(some, others)) == seconds(some) - seconds(others)
