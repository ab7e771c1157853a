"""Clips as they come: odd, cut, absurd or malicious -> a fingerprint or a named reason, in the process beside."""

from __future__ import annotations

import os
import random
import struct
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from crawler.sandbox import studio
from pipelines.fingerprinting import FingerprintPool
from pipelines.media.fingerprint import Fingerprint, fingerprint
from pipelines.media.pdq import as_words, distances, pdq
from pipelines.media.trouble import Trouble
from pipelines.workers import Failure, Workers

SIZE = (192, 144)
POSTER = studio.poster(0, "Tolak tip", 2026, SIZE).convert("RGB")
FAR = 90  # bits; another picture is at 128 of 256


@pytest.fixture(scope="module")
def pool() -> Iterator[FingerprintPool]:
    with FingerprintPool() as opened:
        yield opened


def seen(pool: FingerprintPool, path: Path, kind: str = "video") -> Fingerprint:
    """The fingerprint, from the process beside; that it comes at all is half of each test."""
    pool.submit(path.name, path, kind)
    [(_, found)] = pool.drain()
    return found


def written(
    path: Path,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    ticks: Sequence[int] = tuple(range(0, 60, 2)),
    options: dict[str, str] | None = None,
    size: tuple[int, int] = SIZE,
    picture: Image.Image = POSTER,
) -> Path:
    """A clip of the poster, one frame at each of `ticks` (25 a second)."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25, options=options or {})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt, stream.time_base = *size, pixels, Fraction(1, 25)
        stream.codec_context.time_base = Fraction(1, 25)
        for tick in ticks:
            frame = av.VideoFrame.from_image(picture.resize(size)).reformat(format=pixels)
            frame.pts, frame.time_base = tick, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def shows_the_poster(found: Fingerprint) -> bool:
    """Whether some frame is the poster."""
    still = as_words(pdq(np.asarray(POSTER.convert("L"))).bits)
    return found.trouble is None and int(distances(found.words, still).min()) < FAR


def patched(path: Path, old: bytes, new: bytes) -> Path:
    """The file with every `old` replaced by `new` of the same length."""
    content = path.read_bytes()
    assert old in content
    assert len(old) == len(new)
    path.write_bytes(content.replace(old, new))
    return path


@pytest.mark.parametrize(
    ("name", "codec", "pixels"),
    [
        ("c.mp4", "libx264", "yuv420p"),
        ("c.mp4", "libx264", "yuvj420p"),
        ("c.mp4", "libx264", "yuv444p10le"),
        ("c.mp4", "libx264", "gray"),
        ("c.mkv", "libx264rgb", "rgb24"),
        ("c.mkv", "libx265", "yuv420p12le"),
        ("c.webm", "libvpx-vp9", "yuva420p"),
        ("c.webm", "libvpx-vp9", "gbrp"),
        ("c.mkv", "ffv1", "bgra"),
        ("c.mkv", "ffv1", "yuv420p16le"),
        ("c.mkv", "ffv1", "yuv410p"),
        ("c.mov", "prores", "yuva444p10le"),
        ("c.mov", "png", "rgba"),
        ("c.avi", "mjpeg", "yuvj420p"),
        ("c.mp4", "libsvtav1", "yuv420p"),
        ("c.ts", "libx264", "yuv422p"),
        ("c.flv", "libx264", "yuv420p"),
        ("c.gif", "gif", "rgb8"),
        ("c.h264", "libx264", "yuv420p"),
    ],
)
def test_odd_pixels_and_containers_are_read(
    tmp_path: Path, pool: FingerprintPool, name: str, codec: str, pixels: str
) -> None:
    """Whatever a codec may hold is brought to the same brightness."""
    path = tmp_path / name
    if not (_is_written_apart if codec == "libsvtav1" else _is_written)(path, codec, pixels):
        pytest.skip(f"this build of FFmpeg cannot write {codec} {pixels}")

    assert shows_the_poster(seen(pool, path))


def _is_written(path: Path, codec: str, pixels: str) -> bool:
    try:
        written(path, codec, pixels)
    except (av.FFmpegError, ValueError):
        return False
    return True


def _is_written_apart(path: Path, codec: str, pixels: str) -> bool:
    """In a process of its own: where root encodes, SVT-AV1 makes its caller a real-time one, and all others starve."""
    with Workers[str]() as beside:
        beside.submit("clip", _is_written, path, codec, pixels)
        return beside.drain() == [("clip", True)]


def test_a_clip_cut_off_before_its_index_is_named(tmp_path: Path, pool: FingerprintPool) -> None:
    """An MP4 has its index at the end: without it nothing can be read, and it is no other format either."""
    path = written(tmp_path / "c.mp4")
    path.write_bytes(path.read_bytes()[:-600])

    assert seen(pool, path).trouble == Trouble.TRUNCATED


@pytest.mark.parametrize("name", ["c.mkv", "c.ts", "c.flv"])
def test_a_clip_cut_off_later_shows_what_is_left(tmp_path: Path, pool: FingerprintPool, name: str) -> None:
    """Containers without an index at the end are read as far as they go."""
    path = written(tmp_path / name, options={"g": "5"})
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    assert shows_the_poster(seen(pool, path))


def test_no_index_of_keyframes(tmp_path: Path, pool: FingerprintPool) -> None:
    """The table that marks keyframes may be missing: then each frame claims to be one."""
    path = patched(written(tmp_path / "c.mp4"), b"stss", b"free")

    assert shows_the_poster(seen(pool, path))


def test_no_keyframe_but_the_first(tmp_path: Path, pool: FingerprintPool) -> None:
    """Periodic refresh by columns: the picture is never sent whole again."""
    options = {"x264-params": "intra-refresh=1:keyint=10:bframes=0"}
    path = written(tmp_path / "c.mp4", ticks=range(0, 200, 2), options=options)

    assert shows_the_poster(seen(pool, path))


def test_frames_at_uneven_times(tmp_path: Path, pool: FingerprintPool) -> None:
    """Screen recordings have a frame when something moves."""
    uneven = sorted(random.Random(4).sample(range(1500), 40))
    found = seen(pool, written(tmp_path / "c.mp4", ticks=uneven, options={"g": "4"}))

    assert shows_the_poster(found)
    assert list(found.seconds) == sorted(found.seconds)
    assert found.seconds[-1] <= uneven[-1] / 25 + 0.1


def test_a_single_frame(tmp_path: Path, pool: FingerprintPool) -> None:
    """A clip of one frame lasts no time and is a clip all the same."""
    assert shows_the_poster(seen(pool, written(tmp_path / "c.mp4", ticks=(0,))))


def test_all_frames_at_one_time(tmp_path: Path, pool: FingerprintPool) -> None:
    """A raw stream has no clock and no duration."""
    found = seen(pool, written(tmp_path / "c.h264"))

    assert shows_the_poster(found)
    assert found.duration_seconds >= 0


def test_ten_hours_of_a_few_frames(tmp_path: Path, pool: FingerprintPool) -> None:
    """What the header claims costs nothing: only what is there is read."""
    ten_hours = 10 * 3600 * 25
    found = seen(pool, written(tmp_path / "c.mkv", ticks=[0, 25, ten_hours // 2, ten_hours], options={"g": "1"}))

    assert shows_the_poster(found)
    assert 35_000 < found.duration_seconds < 37_000


@pytest.mark.slow
def test_hours_of_frames_give_a_bounded_fingerprint(tmp_path: Path, pool: FingerprintPool) -> None:
    """Three hours, all keyframes: as many hashes as a short clip has, spread over all of it."""
    ticks = range(0, 3 * 3600 * 25, 75)
    path = written(tmp_path / "c.mp4", ticks=ticks, options={"g": "1", "preset": "ultrafast"}, size=(64, 48))
    found = seen(pool, path)

    assert found.trouble is None
    assert len(found.seconds) <= 1200
    assert found.seconds[-1] > 9000


def display_matrix(degrees: int) -> bytes:
    a, b = {90: (0, 1), 180: (-1, 0), 270: (0, -1)}[degrees]
    one = 1 << 16
    return struct.pack(">9i", a * one, b * one, 0, -b * one, a * one, 0, 0, 0, 1 << 30)


def turned(path: Path, degrees: int) -> Path:
    """The poster as a phone held otherwise stores it: lying, with a matrix in the track's header."""
    turn = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}[degrees]
    written(path, picture=POSTER.transpose(turn), size=SIZE if degrees == 180 else SIZE[::-1])
    straight = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    content = path.read_bytes()
    at = content.index(straight, content.index(b"tkhd"))
    path.write_bytes(content[:at] + display_matrix(degrees) + content[at + 36 :])
    return path


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_phone_held_otherwise(tmp_path: Path, pool: FingerprintPool, degrees: int) -> None:
    """The display matrix says how the stored frames are to be turned."""
    upright = seen(pool, written(tmp_path / "upright.mp4"))
    found = seen(pool, turned(tmp_path / "turned.mp4", degrees))

    assert int(distances(found.words, upright.words).min()) < 40


@pytest.mark.parametrize("degrees", [90, 270])
def test_the_size_of_a_turned_clip_is_as_seen(tmp_path: Path, pool: FingerprintPool, degrees: int) -> None:
    """Width and height are those of the frames upright, as for pictures."""
    found = seen(pool, turned(tmp_path / "turned.mp4", degrees))

    assert (found.width, found.height) == SIZE


def sound_file(path: Path, with_cover: bool = False) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac" if path.suffix == ".mp4" else "mp3", rate=22_050)
        assert isinstance(stream, av.AudioStream)
        cover = None
        if with_cover:
            cover = container.add_stream("mjpeg", rate=1)
            assert isinstance(cover, av.VideoStream)
            cover.width, cover.height, cover.pix_fmt = *SIZE, "yuvj420p"
            cover.disposition = av.stream.Disposition.attached_pic
        noise = np.random.default_rng(1).normal(0, 3000, (1, 22_050)).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(noise, format="s16", layout="mono")
        frame.sample_rate = 22_050
        resampler = av.AudioResampler(stream.format, "mono", 22_050)
        if cover is not None:
            container.mux(cover.encode(av.VideoFrame.from_image(POSTER)))
            container.mux(cover.encode())
        for part in resampler.resample(frame):
            container.mux(stream.encode(part))
        container.mux(stream.encode())
    return path


def test_sound_declared_a_clip(tmp_path: Path, pool: FingerprintPool) -> None:
    """An .mp4 with sound only, and a song whose sleeve has a picture, show nothing that moves."""
    assert seen(pool, sound_file(tmp_path / "c.mp4")).trouble == Trouble.NOT_MEDIA
    assert seen(pool, sound_file(tmp_path / "c.mp4"), "audio").trouble is None
    assert seen(pool, sound_file(tmp_path / "c.mp3", with_cover=True)).trouble == Trouble.NOT_MEDIA


def test_a_silent_clip_declared_sound(tmp_path: Path, pool: FingerprintPool) -> None:
    """There is nothing to hear."""
    assert seen(pool, written(tmp_path / "c.mp4"), "audio").trouble == Trouble.NOT_MEDIA


def test_nothing_at_all(tmp_path: Path, pool: FingerprintPool) -> None:
    """Zero bytes, no file, a folder, an office's login page."""
    empty, page = tmp_path / "c.mp4", tmp_path / "page.mp4"
    empty.touch()
    page.write_bytes(b"<html>login</html>" * 1000)

    assert seen(pool, empty).trouble == Trouble.EMPTY
    assert seen(pool, page).trouble == Trouble.NOT_MEDIA
    assert seen(pool, tmp_path / "absent.mp4").trouble == Trouble.MISSING
    assert seen(pool, tmp_path).trouble == Trouble.NOT_MEDIA


@pytest.mark.parametrize(
    "text",
    [
        "ffconcat version 1.0\nfile own.mp4\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:2.0,\nown.mp4\n#EXT-X-ENDLIST\n",
        "v=0\nm=video 9 RTP/AVP 96\nc=IN IP4 127.0.0.1\na=rtpmap:96 H264/90000\n",
        "<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011' type='static'></MPD>",
    ],
    ids=["ffconcat", "m3u8", "sdp", "dash"],
)
@pytest.mark.parametrize("name", ["posted", "posted.mp4", "posted.m3u8"])
def test_a_text_that_points_at_a_file_shows_nothing(
    tmp_path: Path, pool: FingerprintPool, text: str, name: str
) -> None:
    """A few lines posted as a clip must not be taken for the material that lies beside them."""
    written(tmp_path / "own.mp4")
    posted = tmp_path / name
    posted.write_text(text)

    assert seen(pool, posted).trouble == Trouble.NOT_MEDIA
    assert seen(pool, posted, "audio").trouble == Trouble.NOT_MEDIA


def test_an_absurd_size_is_refused_by_the_header(tmp_path: Path, pool: FingerprintPool) -> None:
    """A frame of 15,000 x 15,000 pixels is never made."""
    path = written(tmp_path / "c.avi", "rawvideo")
    old = struct.pack("<ii", *SIZE)
    content = path.read_bytes()
    at = content.index(old, content.index(b"strf"))
    path.write_bytes(content[:at] + struct.pack("<ii", 15_000, 15_000) + content[at + 8 :])

    assert seen(pool, path).trouble == Trouble.TOO_LARGE


def test_a_clip_that_changes_its_size(tmp_path: Path, pool: FingerprintPool) -> None:
    """Live recordings do, in the middle."""
    parts = [written(tmp_path / f"{side}.ts", size=(side, side)).read_bytes() for side in (96, 160, 64)]
    path = tmp_path / "c.ts"
    path.write_bytes(b"".join(parts))

    assert seen(pool, path).trouble is None


def test_damage_anywhere_gives_frames_or_a_name(tmp_path: Path, pool: FingerprintPool) -> None:
    """Forty clips with noise strewn in: each comes back, in order, and a crash would be that clip's own."""
    whole = [written(tmp_path / name, options={"g": "5"}).read_bytes() for name in ("w.mp4", "w.mkv", "w.ts", "w.avi")]
    rng = random.Random(7)
    for number in range(40):
        damaged = bytearray(whole[number % len(whole)])
        for _ in range(rng.randrange(1, 30)):
            at = rng.randrange(len(damaged))
            damaged[at : at + 4] = rng.randbytes(4)
        path = tmp_path / f"damaged {number}"
        path.write_bytes(damaged)
        pool.submit(str(number), path, "video")

    found = pool.drain()

    assert [key for key, _ in found] == [str(number) for number in range(40)]
    assert all(one.trouble is None or one.trouble in list(Trouble) for _, one in found)
    assert sum(one.trouble is None for _, one in found) > 10


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes by name on this system")
def test_a_file_that_never_answers_is_given_up(tmp_path: Path) -> None:
    """Whatever keeps the reader waiting, the file after it is read."""
    stuck, good = tmp_path / "pipe", written(tmp_path / "c.mp4")
    os.mkfifo(stuck)
    # With an initializer of this file each process imports it when it starts, not within the limit of a job.
    with Workers[str](limit_seconds=1.0, initializer=_read_all, arguments=(good,)) as workers:
        workers.submit("stuck", _read_all, stuck)
        workers.submit("good", fingerprint, good, "video")
        done = dict(workers.drain())

    assert done["stuck"] == Failure(Trouble.TOO_LONG)
    assert shows_the_poster(done["good"])


def _read_all(path: Path) -> int:
    return len(path.read_bytes())

