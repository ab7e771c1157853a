"""Fingerprints: what is read, what is refused and by which name, and the process beside the crawl."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sandbox import studio
from pipelines.media.fingerprint import (
    Fingerprint,
    Trouble,
    check_media,
    describe_trouble,
    fingerprint,
    unpack,
)
from pipelines.media.pdq import distances


def kept(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return studio.clip(tmp_path_factory.mktemp("clip") / "c.mp4", 5, studio.Take((180, 320), 6.0))


def test_a_border_does_not_change_the_trimmed_hash(tmp_path: Path) -> None:
    """A poster in a plain frame keeps one of its two hashes."""
    own = studio.poster(0, "Tolak tip", 2026)
    plain = fingerprint(kept(tmp_path, "a.jpg", studio.as_jpeg(own)), "image")
    framed = fingerprint(
        kept(tmp_path, "b.jpg", studio.as_jpeg(studio.letterboxed(own, (1080, 1920)))), "image"
    )

    near = distances(plain.words, framed.words)

    assert near.min() <= 31 < near[0, 0]


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
def test_a_cut_off_picture_is_named(tmp_path: Path, suffix: str) -> None:
    """Decoders fill the missing part in silence; we say truncated."""
    whole = tmp_path / f"whole.{suffix}"
    studio.poster(0, "Tolak tip", 2026, (400, 400)).save(whole)
    cut = kept(tmp_path, f"cut.{suffix}", whole.read_bytes()[: whole.stat().st_size * 2 // 3])

    assert fingerprint(whole, "image").trouble is None
    assert fingerprint(cut, "image").trouble == Trouble.TRUNCATED


@pytest.mark.parametrize("kind", ["image", "thumbnail", "video", "audio"])
def test_bytes_that_are_no_media_are_a_value(tmp_path: Path, kind: str) -> None:
    """HTML under a picture's name, nothing at all, no file: each has its name and raises nothing."""
    page = kept(tmp_path, "page", b"<html>login</html>" * 50)

    assert fingerprint(page, kind).trouble == Trouble.NOT_MEDIA
    assert fingerprint(kept(tmp_path, "none", b""), kind).trouble == Trouble.EMPTY
    assert fingerprint(tmp_path / "absent", kind).trouble == Trouble.MISSING


@given(noise=st.binary(min_size=1, max_size=400), at=st.integers(0, 3000))
def test_damaged_pictures_never_raise(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int
) -> None:
    """Whatever stands in the file, an answer comes back."""
    whole = studio.filler_jpeg(1, (96, 96))
    path = kept(tmp_path_factory.getbasetemp(), "damaged.jpg", whole[:at] + noise + whole[at + len(noise) :])

    assert fingerprint(path, "image").kind == "image"


def test_a_clip_is_read_at_its_keyframes_and_heard(clip: Path) -> None:
    """The kept form is the same again, sound and all; a clip asked as a sound is one."""
    seen = fingerprint(clip, "video")

    assert pytest.approx(6.0, abs=0.2) == seen.duration_seconds
    assert 2 <= len(seen.seconds) <= 24
    assert seen == replace(unpack(seen.pack()), seconds=seen.seconds, duration_seconds=seen.duration_seconds)
    assert seen.sound
    assert fingerprint(clip, "audio").sound == seen.sound


def test_a_cut_off_clip_is_a_value(clip: Path, tmp_path: Path) -> None:
    """An mp4 without its index cannot be read and says so."""
    cut = kept(tmp_path, "cut.mp4", clip.read_bytes()[:9000])

    assert fingerprint(cut, "video").trouble is not None


def test_a_torn_record_is_refused() -> None:
    """The store's bytes are checked before they are believed."""
    packed = Fingerprint("image", 10, 10, 0.0, (0.0,), (90,), bytes(64)).pack()

    assert unpack(packed).quality == (90,)
    for torn in (packed[:-1], b"", b"\x63" + packed[1:]):
        with pytest.raises(ValueError, match="fingerprint record"):
            unpack(torn)


def test_check_speaks_to_the_author(tmp_path: Path) -> None:
    """A plain picture cannot be a material; each trouble has its sentence."""
    plain = tmp_path / "plain.png"
    studio.Image.new("RGB", (400, 400), "white").save(plain)

    assert "polos" in str(check_media(plain, "image"))
    assert check_media(kept(tmp_path, "f.jpg", studio.filler_jpeg(1)), "image") is None
    assert all(describe_trouble(trouble) for trouble in Trouble)
