"""A clip's frames: bounded, spread, upright, and small ones that fit in a record."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.sandbox import studio
from pipelines.media.clips import (
    MAX_SECONDS,
    distinct,
    distinct_frames,
    frames_at,
    keyframes,
    luma,
    read_header,
    read_reel,
    steady_frames,
    unpack_reel,
)
from pipelines.media.trouble import MediaError, Trouble

TAKE = studio.Take(size=(160, 284), seconds=6.0, with_sound=False)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return studio.clip(tmp_path_factory.mktemp("clips") / "a.mp4", 3, TAKE)


def written(path: Path, frames: list[np.ndarray], codec: str = "libx264", pixels: str = "yuv420p") -> Path:
    """Grey pictures as a clip in any codec and pixel format."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=10)
        stream.height, stream.width = frames[0].shape
        stream.pix_fmt = pixels
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="gray").reformat(format=pixels)))
        container.mux(stream.encode())
    return path


def slope(rows: int = 64, columns: int = 96) -> np.ndarray:
    """Dark on the left, bright on the right."""
    return np.tile(np.linspace(30, 220, columns), (rows, 1)).astype(np.uint8)


def test_keyframes_are_few_and_in_order(clip: Path) -> None:
    """One at the beginning of each scene, never more than asked for."""
    times = [at for at, _ in keyframes(clip)]

    assert times[0] == 0.0
    assert times == sorted(times)
    assert len(list(keyframes(clip, most=2))) == 2


def test_steady_frames_stay_between_start_and_end(clip: Path) -> None:
    """Sought to the start, stopped at the end, at about the pace."""
    times = [at for at, _ in steady_frames(clip, 4.0, 2.0, 4.0)]

    assert pytest.approx(times[0], abs=0.1) == 2.0
    assert times[-1] <= 4.0
    assert 8 <= len(times) <= 9
    assert all(0.1 < after - before < 0.4 for before, after in pairwise(times))


def test_a_moment_is_the_same_sought_or_passed(clip: Path) -> None:
    """The frame at a second is the one that plays there; after the end there is none."""
    passed = dict(steady_frames(clip, 25.0, side=160))
    found = dict(frames_at(clip, [3.5, 1.25, 99.0], side=160))

    assert pytest.approx(list(found), abs=0.05) == [3.5, 1.25]
    for at, grey in found.items():
        nearest = min(passed, key=lambda other: abs(other - at))
        assert np.abs(passed[nearest].astype(int) - grey).mean() < 3


def test_distinct_frames_tell_scenes_apart(clip: Path) -> None:
    """Each scene is among them, by time."""
    times = [at for at, _ in distinct_frames(clip, 8)]

    assert times == sorted(times)
    assert 2 <= len(times) <= 8
    assert {int(at // 3) for at in times} >= {0, 1}


def test_a_reel_survives_its_record(clip: Path) -> None:
    """What is packed is unpacked; small enough for 700 kB a minute; torn records are refused."""
    reel = read_reel(clip)
    packed = reel.pack()
    again = unpack_reel(packed)

    assert reel.pictures == again.pictures
    assert list(again.seconds) == pytest.approx(reel.seconds, abs=1e-4)
    assert (len(reel.seconds), reel.height, reel.width) == again.frames().shape
    assert max(reel.height, reel.width) <= 160
    assert len(packed) < 700_000 / 60 * 6
    assert again.is_whole
    for torn in (b"", packed[:-1], packed + b"x"):
        with pytest.raises(ValueError, match="reel record"):
            unpack_reel(torn)


def test_a_damaged_picture_in_a_reel_is_refused(clip: Path) -> None:
    """Bytes that are no picture raise ValueError, which every reader of records expects."""
    reel = read_reel(clip)
    broken = unpack_reel(reel.pack().replace(reel.pictures[1], b"\0" * len(reel.pictures[1])))

    with pytest.raises(ValueError, match="damaged"):
        broken.frames()


@pytest.mark.parametrize(
    ("codec", "pixels", "suffix"),
    [
        ("libx264", "yuv444p", "mp4"),
        ("libx264", "yuv420p10le", "mp4"),
        ("ffv1", "gray16le", "mkv"),
        ("ffv1", "bgra", "mkv"),
        ("mjpeg", "yuvj422p", "mkv"),
    ],
)
def test_odd_pixels_show_the_same(tmp_path: Path, codec: str, pixels: str, suffix: str) -> None:
    """Whatever the pixel format, brightness rises from left to right."""
    path = written(tmp_path / f"odd.{suffix}", [slope()] * 4, codec, pixels)

    _, grey = next(keyframes(path))

    assert grey.shape == (64, 96)
    assert np.corrcoef(grey.mean(axis=0), slope().mean(axis=0))[0, 1] > 0.99


def test_a_display_matrix_turns_the_frames(tmp_path: Path) -> None:
    """A phone held upright stores its frames lying and says so in the file's header."""
    path = written(tmp_path / "lying.mp4", [slope()] * 4)
    content = path.read_bytes()
    plain = b"".join(number.to_bytes(4, "big") for number in (65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30))
    turned = (0, 65536, 0, (1 << 32) - 65536, 0, 0, 64 << 16, 0, 1 << 30)
    at = content.index(plain, content.index(b"tkhd"))
    path.write_bytes(content[:at] + b"".join(one.to_bytes(4, "big") for one in turned) + content[at + 36 :])

    _, grey = next(keyframes(path))
    header = read_header(path)

    assert grey.shape == (96, 64)
    assert (header.width, header.height) == (64, 96)
    assert grey[:10].mean() < grey[-10:].mean()


def test_hours_long_clips_are_bounded(tmp_path: Path) -> None:
    """A steady look ends; keyframes are sought over the whole length."""
    path = tmp_path / "long.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=1, options={"g": "4"})
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        for number in range(200):
            picture = np.roll(slope(), number, axis=1)
            frame = av.VideoFrame.from_ndarray(picture, format="gray").reformat(format="yuv420p")
            frame.pts, frame.time_base = number * 60, Fraction(1, 1)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())

    steady = [at for at, _ in steady_frames(path, 1.0)]
    marked = [at for at, _ in keyframes(path, most=20)]

    assert steady[-1] <= MAX_SECONDS
    assert len(marked) <= 20
    assert marked[-1] > 9000
    assert not read_reel(path).is_whole


def test_sound_alone_is_no_clip(tmp_path: Path) -> None:
    """A file without pictures is named, not guessed."""
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=22_050, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 22_050
        container.mux(stream.encode(frame))
        container.mux(stream.encode())

    with pytest.raises(MediaError) as refused:
        next(keyframes(path))

    assert refused.value.trouble == Trouble.NOT_MEDIA


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=12), st.integers(1, 4))
def test_the_most_telling_frames_are_kept(seeds: list[int], most: int) -> None:
    """Never too many, never one twice, always in the order of time."""
    pictures = [np.random.default_rng(seed).integers(0, 255, (6, 6)).repeat(16, 0).repeat(16, 1) for seed in range(6)]
    frames = [(float(at), pictures[seed].astype(np.uint8)) for at, seed in enumerate(seeds)]

    kept = [at for at, _ in distinct(frames, most)]

    assert min(most, len(set(seeds))) == len(kept)
    assert kept == sorted(kept)
    assert len({seeds[int(at)] for at in kept}) == len(kept)


def test_luma_shrinks_never_enlarges() -> None:
    """At most the side asked for, or less than twice it where that is enough."""
    frame = av.VideoFrame.from_ndarray(np.zeros((300, 500), np.uint8), format="gray")

    assert luma(frame, 100).shape == (100, 167)
    assert luma(frame, 100, is_exact=False).shape == (150, 250)
    assert luma(frame, 900).shape == (300, 500)
