"""Sound files -> landmarks: the same in every codec and however the samples come, packed and unpacked."""

from __future__ import annotations

import wave
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.sandbox import sounds, studio
from pipelines.media import sound
from pipelines.media.sound import FRAME_SECONDS, SAMPLES_PER_SECOND, Sound, find_landmarks, listen, unpack


def near(one: Sound, other: Sound) -> float:
    """The share of `one`'s landmarks that `other` has within a frame and a tone."""
    known = {(at + late, tone + high) for at, tone in zip(other.times.tolist(), other.tones.tolist(), strict=True)
             for late in (-1, 0, 1) for high in (-1, 0, 1)}  # fmt: skip
    return float(np.mean([pair in known for pair in zip(one.times.tolist(), one.tones.tolist(), strict=True)]))


def test_a_copy_in_another_codec_has_the_same_landmarks(tmp_path: Path) -> None:
    """AAC keeps more than nine in ten of them; another voice has few of them."""
    spoken = sounds.speech(1, 6.0)
    plain, packed = (listen(sounds.write_sound(tmp_path / name, spoken)) for name in ("a.wav", "a.m4a"))
    other = listen(sounds.write_sound(tmp_path / "b.wav", sounds.speech(2, 6.0)))

    assert plain
    assert packed
    assert other
    assert plain.seconds == pytest.approx(6.0, abs=0.05)
    assert near(packed, plain) > 0.9
    assert near(other, plain) < 0.2


def test_a_clip_gives_its_sound_and_one_without_sound_none(tmp_path: Path) -> None:
    """No sound is None; there is nothing wrong with such a clip."""
    silent = studio.clip(tmp_path / "silent.mp4", 1, studio.Take((160, 120), 2.0, with_sound=False))
    heard = listen(sounds.dubbed(silent, tmp_path / "heard.mp4", sounds.music(1, 2.0)))

    assert listen(silent) is None
    assert heard
    assert len(heard.times) > 20


def test_silence_has_no_landmarks(tmp_path: Path) -> None:
    """Nor have the rounding errors of a codec that packs silence."""
    quiet = np.zeros(3 * sounds.SAMPLES_PER_SECOND, np.float32)

    assert [len(listen(sounds.write_sound(tmp_path / name, quiet)).times) for name in ("a.wav", "a.m4a")] == [0, 0]  # type: ignore[union-attr]


def test_volume_does_not_matter() -> None:
    """A landmark stands out from its surroundings, not from nothing."""
    samples = np.random.default_rng(1).normal(0, 0.1, 4 * SAMPLES_PER_SECOND).astype(np.float32)
    loud, quiet = find_landmarks([samples]), find_landmarks([samples * np.float32(0.1)])

    assert near(quiet, loud) > 0.98


def test_what_is_played_faster_is_shifted_by_a_constant() -> None:
    """Pitch moved by a quarter: every tone is as many steps higher as that takes."""
    samples = np.ascontiguousarray(sounds.speech(2, 8.0)[::2])
    own, fast = find_landmarks([samples]), find_landmarks([sounds.faster(samples, 1.25)])
    shift = round(sound.TONES_PER_OCTAVE * np.log2(1.25))
    moved = Sound(own.seconds, np.rint(fast.times * 1.25).astype(np.uint16), (fast.tones - shift).astype(np.uint8))

    assert near(moved, own) > 0.6


def test_noise_is_bounded_to_so_many_landmarks_a_second() -> None:
    """Whatever it sounds like, 30 s of it are less than 4 KB."""
    samples = np.random.default_rng(3).normal(0, 0.2, 30 * SAMPLES_PER_SECOND).astype(np.float32)
    found = find_landmarks([samples])

    assert len(found.times) <= (30 / (62 * FRAME_SECONDS) + 1) * sound.MAX_PER_SECOND
    assert len(found.pack()) < 4096


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 12 * SAMPLES_PER_SECOND), max_size=6))
def test_the_parts_in_which_samples_come_do_not_matter(cuts: list[int]) -> None:
    """Decoders give any number of samples at a time."""
    samples = np.random.default_rng(4).normal(0, 0.1, 12 * SAMPLES_PER_SECOND).astype(np.float32)
    whole, parts = find_landmarks([samples]), find_landmarks(np.split(samples, sorted(cuts)))

    assert whole.seconds == parts.seconds
    assert np.array_equal(whole.times, parts.times)
    assert np.array_equal(whole.tones, parts.tones)


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, sound.TONES - 1)), unique=True, max_size=80))
def test_what_is_packed_can_be_unpacked(landmarks: list[tuple[int, int]]) -> None:
    """Times and tones in order, and the seconds."""
    times, tones = np.array(sorted(landmarks), int).reshape(-1, 2).T
    own = Sound(48.0, times.astype(np.uint16), tones.astype(np.uint8))
    again = unpack(own.pack())

    assert again.seconds == own.seconds
    assert np.array_equal(again.times, own.times)
    assert np.array_equal(again.tones, own.tones)


def test_a_torn_record_is_refused() -> None:
    """Cut off anywhere, or of another version."""
    packed = find_landmarks([np.random.default_rng(5).normal(0, 0.1, 8000).astype(np.float32)]).pack()

    for torn in (b"", packed[:3], packed[:40], packed[:-1], packed + b"x", b"\xff" + packed[1:]):
        with pytest.raises(ValueError, match="sound record"):
            unpack(torn)


def test_only_the_first_quarter_of_an_hour_is_listened_to(tmp_path: Path) -> None:
    """A recording of hours costs no more than its beginning."""
    path = tmp_path / "long.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, SAMPLES_PER_SECOND, 0, "NONE", ""))
        file.writeframes(bytes(2 * 910 * SAMPLES_PER_SECOND))
    heard = listen(path)

    assert heard
    assert heard.seconds == sound.MAX_SOUND_SECONDS


def test_a_file_that_is_no_sound_raises(tmp_path: Path) -> None:
    """The caller names the trouble."""
    path = tmp_path / "x.m4a"
    path.write_bytes(b"no sound at all" * 100)

    with pytest.raises((av.FFmpegError, OSError, ValueError)):
        listen(path)


def test_a_sound_with_a_hole_in_it_is_heard_around_it(tmp_path: Path) -> None:
    """Broken packets are passed over."""
    path = sounds.write_sound(tmp_path / "a.m4a", sounds.speech(6, 6.0))
    whole = listen(path)
    content = bytearray(path.read_bytes())
    middle = len(content) // 3
    content[middle : middle + 600] = b"\xff" * 600
    path.write_bytes(content)
    broken = listen(path)

    assert whole
    assert broken
    assert near(broken, whole) > 0.3
