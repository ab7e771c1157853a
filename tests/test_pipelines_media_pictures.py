"""Pictures of every kind -> the same pixels; what is cut off, absurd or no picture is refused by name."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from crawler.sandbox import studio
from pipelines.media.fingerprint import fingerprint
from pipelines.media.pdq import distances
from pipelines.media.picture_header import read_header
from pipelines.media.pictures import (
    MOST_SCENES,
    SLENDEREST,
    Grey,
    open_picture,
    picture_size,
    read_colour,
    read_grey,
    read_scenes,
    shrink,
    upright,
)
from pipelines.media.trouble import MediaError, Trouble

# pytest shows what the product silences
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")

SIDE = 320
POSTER = studio.poster(0, "Tolak tip", 2026, (320, 400)).convert("RGB")
BLACK = Image.new("RGB", POSTER.size)
GREY = np.asarray(POSTER.convert("L"))
# What a person does to a stored picture of orientation n to see it upright, undone.
STORED: dict[int, Image.Transpose | None] = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def moving(form: str) -> bytes:
    """Two dark frames, the poster, its reverse."""
    dark = BLACK.point(lambda value: value + 3)
    return saved(BLACK, form, save_all=True, append_images=[dark, POSTER, POSTER.rotate(180)], duration=100)


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_of(width: int, height: int, rows: bytes) -> bytes:
    """A grey PNG that claims a size and holds these bytes, compressed."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(rows, 9))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + body + chunk(b"IEND", b"")


def oriented(form: str, orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    turn = STORED[orientation]
    return saved(POSTER if turn is None else POSTER.transpose(turn), form, exif=exif.tobytes())


def kept(folder: Path, content: bytes) -> Path:
    path = folder / "picture"
    path.write_bytes(content)
    return path


def off(folder: Path, content: bytes) -> tuple[float, float]:
    """How far grey and colour are from the poster, on average, in 255ths."""
    path = kept(folder, content)
    grey, colour = read_grey(path, SIDE), read_colour(path, SIDE)
    assert picture_size(path) == POSTER.size
    assert grey.shape == GREY.shape
    true = np.asarray(POSTER)[..., ::-1].astype(int)
    return float(np.abs(grey.astype(int) - GREY).mean()), float(np.abs(colour.astype(int) - true).mean())


def refusal(folder: Path, content: bytes) -> Trouble:
    with pytest.raises(MediaError) as refused:
        read_grey(kept(folder, content), SIDE)
    return refused.value.trouble


@pytest.mark.parametrize(
    "content",
    [
        saved(POSTER, "JPEG", quality=92),
        saved(POSTER, "JPEG", quality=92, progressive=True),
        saved(POSTER, "JPEG", quality=92, keep_rgb=True),
        saved(POSTER.convert("CMYK"), "JPEG", quality=92),
        saved(POSTER, "MPO", quality=92, save_all=True, append_images=[BLACK]),
        saved(POSTER, "PNG"),
        saved(POSTER.convert("RGBA"), "PNG"),
        saved(POSTER.quantize(256), "PNG"),
        cv2.imencode(".png", np.asarray(POSTER)[..., ::-1].astype(np.uint16) * 257)[1].tobytes(),
        saved(POSTER, "WEBP", quality=92),
        saved(POSTER.convert("RGBA"), "WEBP", lossless=True),
        saved(POSTER, "GIF"),
        saved(POSTER, "BMP"),
        saved(POSTER, "TIFF"),
        saved(POSTER, "TIFF", compression="tiff_lzw"),
        saved(POSTER.convert("CMYK"), "TIFF"),
    ],
    ids=["jpeg", "progressive", "rgb-jpeg", "cmyk-jpeg", "mpo", "png", "rgba", "palette", "16-bit", "webp", "webp-rgba",
         "gif", "bmp", "tiff", "lzw", "cmyk-tiff"],
)
def test_every_kind_shows_the_same(tmp_path: Path, content: bytes) -> None:
    """However a picture is stored, its pixels are within what the coding itself costs."""
    grey, colour = off(tmp_path, content)

    assert grey < 2
    assert colour < 3


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled_not_clipped(tmp_path: Path, form: str) -> None:
    """A scan of 16 bits a pixel is as bright as its 8-bit copy."""
    grey, _ = off(tmp_path, saved(Image.fromarray(GREY.astype(np.uint16) * 257), form))

    assert grey == 0


def test_wide_grey_uses_its_own_range(tmp_path: Path) -> None:
    """A TIFF of floating numbers is stretched from its darkest to its brightest."""
    wide = Image.fromarray((GREY.astype(np.float32) - 80) / 1000)

    seen = read_grey(kept(tmp_path, saved(wide, "TIFF")), SIDE).astype(int)

    assert (seen.min(), seen.max()) == (0, 255)
    assert np.corrcoef(seen.ravel(), GREY.ravel())[0, 1] > 0.999


def see_through() -> Image.Image:
    pixels = np.array(POSTER.convert("RGBA"))
    pixels[:100] = 0  # black where nothing is
    return Image.fromarray(pixels)


def palette_with_hole() -> Image.Image:
    indices = np.array(POSTER.quantize(255))
    indices[:100] = 255
    picture = Image.fromarray(indices, "L")
    picture.putpalette([*(POSTER.quantize(255).getpalette() or []), 0, 0, 0])
    return picture


@pytest.mark.parametrize(
    "content",
    [
        saved(see_through(), "PNG"),
        saved(see_through(), "WEBP", quality=92),
        saved(see_through().convert("LA"), "PNG"),
        saved(palette_with_hole(), "PNG", transparency=255),
        saved(palette_with_hole(), "GIF", transparency=255),
    ],
    ids=["png", "webp", "grey-alpha", "palette", "gif"],
)
def test_what_is_transparent_is_white(tmp_path: Path, content: bytes) -> None:
    """As on the page it was made for, not the black that lies beneath."""
    seen = read_grey(kept(tmp_path, content), SIDE)

    assert seen[:98].min() > 250
    assert np.abs(seen[102:].astype(int) - GREY[102:]).mean() < 2


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", sorted(STORED))
def test_exif_turns_the_picture(tmp_path: Path, form: str, orientation: int) -> None:
    """All eight orientations, in every format that carries them."""
    grey, _ = off(tmp_path, oriented(form, orientation))

    assert grey < 3


@pytest.mark.parametrize("orientation", sorted(STORED))
def test_upright_undoes_how_it_was_stored(orientation: int) -> None:
    """The turning itself, exact to the pixel."""
    turn = STORED[orientation]
    stored = np.asarray(POSTER if turn is None else POSTER.transpose(turn))

    assert (upright(stored, orientation) == np.asarray(POSTER)).all()


@pytest.mark.parametrize("exif", [b"Exif\0\0rubbish", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0MM\0*\0\0\0\x08\0\1"])
def test_a_damaged_note_does_not_cost_the_picture(tmp_path: Path, exif: bytes) -> None:
    """EXIF that cannot be read means upright."""
    plain = saved(POSTER, "JPEG", quality=92)
    segment = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif

    assert off(tmp_path, plain[:2] + segment + plain[2:])[0] < 2


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_of_a_moving_picture_the_first_frame_that_shows_something(tmp_path: Path, form: str) -> None:
    """Animations fade in; a black frame would look like every other black frame."""
    assert off(tmp_path, moving(form))[0] < 3


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_each_scene_of_a_moving_picture_is_seen_once(tmp_path: Path, form: str) -> None:
    """The dark beginning, the poster, its reverse; the second dark frame is the first again."""
    scenes = list(read_scenes(kept(tmp_path, moving(form)), SIDE))

    assert len(scenes) == 3
    assert scenes[0].max() < 20 < scenes[1].std()


def test_a_picture_that_stands_still_is_its_only_scene(tmp_path: Path) -> None:
    """The pages of a document are no film either."""
    plain, paged = saved(POSTER, "JPEG"), saved(POSTER, "TIFF", save_all=True, append_images=[BLACK])

    for content in (plain, paged):
        assert len(list(read_scenes(kept(tmp_path, content), SIDE))) == 1


def test_an_animation_of_many_scenes_is_looked_at_within_bounds(tmp_path: Path) -> None:
    """Eight scenes; the rest is known not to be looked at."""
    scenes = [Image.effect_noise((64, 80), 90).resize((256, 320)) for _ in range(20)]
    content = saved(scenes[0], "GIF", save_all=True, append_images=scenes[1:], duration=100)

    assert len(list(read_scenes(kept(tmp_path, content), SIDE))) == MOST_SCENES


def test_a_moving_picture_that_shows_nothing_is_its_first_frame(tmp_path: Path) -> None:
    """No frame to prefer: no refusal either."""
    content = saved(BLACK, "GIF", save_all=True, append_images=[BLACK.point(lambda value: value + 2)])

    assert read_grey(kept(tmp_path, content), SIDE).max() <= 2


def test_ten_thousand_frames_cost_no_more_than_a_few(tmp_path: Path) -> None:
    """Only the first frames of an animation are ever looked at."""
    blank, dot = Image.new("P", (40, 40)), Image.new("P", (40, 40))
    dot.putpixel((3, 3), 1)
    content = saved(blank, "GIF", save_all=True, append_images=[dot, blank] * 500)
    body = content[content.index(b"\x21\xf9") : -1]

    assert read_grey(kept(tmp_path, content[:-1] + body * 10 + b";"), SIDE).shape == (40, 40)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
@pytest.mark.parametrize("share", [0.3, 0.7, 0.98])
def test_what_is_cut_off_is_named(tmp_path: Path, form: str, share: float) -> None:
    """Decoders fill the missing part in silence, or call it damaged: it is cut off."""
    content = saved(POSTER, form)

    assert refusal(tmp_path, content[: int(len(content) * share)]) == Trouble.TRUNCATED


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_a_moving_picture_cut_within_is_named(tmp_path: Path, form: str) -> None:
    """Cut before anything was shown."""
    content = moving(form)

    assert refusal(tmp_path, content[: len(content) // 3]) == Trouble.TRUNCATED


def test_a_thumbnail_within_does_not_make_a_cut_picture_whole(tmp_path: Path) -> None:
    """The end mark of the small picture in the note is not the large one's; bytes after the end are allowed."""
    small = saved(POSTER.resize((64, 80)), "JPEG")
    whole = saved(POSTER, "JPEG", quality=92)
    noted = whole[:2] + b"\xff\xe1" + struct.pack(">H", len(small) + 2) + small + whole[2:]

    assert off(tmp_path, noted + b"trailer" * 500)[0] < 2
    assert refusal(tmp_path, noted[: len(noted) * 2 // 3]) == Trouble.TRUNCATED
    assert refusal(tmp_path, noted[: len(small)]) == Trouble.TRUNCATED


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"", Trouble.EMPTY),
        (b"<html>login</html>" * 50, Trouble.NOT_MEDIA),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Trouble.NOT_MEDIA),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n", Trouble.NOT_MEDIA),
        (b"<svg xmlns='http://www.w3.org/2000/svg' width='400' height='400'/>", Trouble.NOT_MEDIA),
        (b"\xff\xd8\xff", Trouble.TRUNCATED),
        (saved(POSTER.resize((1, 1)), "PNG"), Trouble.TOO_SMALL),
        (saved(POSTER.resize((1, 1)), "JPEG"), Trouble.TOO_SMALL),
        (saved(POSTER.resize((32 * SLENDEREST + 1, 32)), "PNG"), Trouble.TOO_SMALL),
        (png_of(20_000, 20_000, b"\0" * 1000), Trouble.TOO_LARGE),
        (png_of(2**31 - 1, 2**31 - 1, b""), Trouble.TOO_LARGE),
        (png_of(400, 400, b"\0" * 1000), Trouble.NOT_MEDIA),
    ],
    ids=["empty", "html", "heic", "eps", "svg", "three-bytes", "1x1-png", "1x1-jpeg", "ruler", "20000",
         "absurd", "rows"],
)
def test_what_cannot_be_used_has_a_name(tmp_path: Path, content: bytes, trouble: Trouble) -> None:
    """From the header alone where that says enough; nothing else is raised."""
    assert refusal(tmp_path, content) == trouble
    assert fingerprint(kept(tmp_path, content), "image").trouble == trouble


def test_a_heic_that_claims_more_than_it_holds_is_cut_off(tmp_path: Path) -> None:
    """Boxes tell their lengths in any file of that family."""
    assert refusal(tmp_path, b"\0\0\0\x18ftypavif\0\0\0\0mif1avif\0\0\1\0meta") == Trouble.TRUNCATED


@pytest.mark.slow
def test_a_scanned_banner_of_20000_pixels_is_read(tmp_path: Path) -> None:
    """A JPEG is read reduced row by row; a progressive one would have to be held whole, and is refused."""
    scan = cv2.resize(GREY, (20_000, 20_000), interpolation=cv2.INTER_LINEAR)
    banner = kept(tmp_path, cv2.imencode(".jpg", scan)[1].tobytes())

    assert picture_size(banner) == (20_000, 20_000)
    seen = read_grey(banner, 256)
    assert seen.shape == (512, 512)
    assert np.abs(seen.astype(int) - cv2.resize(GREY, (512, 512), interpolation=cv2.INTER_LINEAR)).mean() < 4

    layered = cv2.imencode(".jpg", scan[:5100], [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])[1].tobytes()
    assert refusal(tmp_path, layered) == Trouble.TOO_LARGE


def test_the_header_says_how_a_jpeg_is_read() -> None:
    """Layered files are held whole by the decoder, ordinary ones are not; CMYK goes another way."""
    plain = read_header(saved(POSTER, "JPEG"))
    layered = read_header(saved(POSTER, "JPEG", progressive=True))
    inks = read_header(saved(POSTER.convert("CMYK"), "JPEG"))

    assert (plain.is_jpeg, plain.is_simple, plain.is_streamed) == (True, True, True)
    assert (layered.is_simple, layered.is_streamed) == (True, False)
    assert not inks.is_simple


def test_pixels_are_never_enlarged_and_seldom_many(tmp_path: Path) -> None:
    """The shorter side is between `side` and twice that, where the picture has so much."""
    picture = open_picture(kept(tmp_path, saved(POSTER, "JPEG")))

    assert picture.size == (320, 400)
    assert [min(picture.grey(side).shape) for side in (1000, 320, 160, 100, 30)] == [320, 320, 160, 160, 40]
    assert picture.colour(100).shape == (200, 160, 3)
    assert shrink(np.zeros((10, 3000), np.uint8), 5).shape == (5, 1500)


def test_kinds_of_one_poster_have_one_hash(tmp_path: Path) -> None:
    """What the fingerprint is made of does not depend on how the poster was saved."""
    forms = [
        saved(POSTER, "PNG"),
        oriented("JPEG", 6),
        saved(POSTER.convert("CMYK"), "JPEG"),
        moving("GIF"),
        saved(POSTER.quantize(200), "PNG"),
    ]
    words = [fingerprint(kept(tmp_path, form), "image").words[:1] for form in forms]

    assert max(int(distances(words[0], other).max()) for other in words) <= 12


SEEDS = [
    saved(POSTER.resize((80, 100)).convert(mode), form)
    for form, mode in (
        ("JPEG", "RGB"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("GIF", "RGB"), ("WEBP", "RGB"), ("BMP", "RGB"),
        ("TIFF", "RGB"),
    )
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(whole=st.sampled_from(SEEDS), noise=st.binary(min_size=1, max_size=40), at=st.floats(0, 1), near=st.booleans())
def test_damage_anywhere_gives_pixels_or_a_name(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, noise: bytes, at: float, near: bool
) -> None:
    """Whatever stands in the file, near its head or anywhere, nothing but a named refusal is raised."""
    start = int(at * (200 if near else len(whole)))
    path = kept(tmp_path_factory.getbasetemp(), whole[:start] + noise + whole[start + len(noise) :])

    seen: Grey | None = None
    try:
        seen = read_grey(path, 32)
    except MediaError as refused:
        assert refused.trouble in Trouble  # noqa: PT017 - either way is right

    assert seen is None or seen.dtype == np.uint8
