"""Logos: found at every size and on every ground, never taken for another; doubt is told as near."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from crawler.sandbox import studio
from pipelines.compare.logos import NEAR, find_logo, seek_logo
from pipelines.exhibits import an_emblem
from pipelines.media.logo import Logo, prepare_logo, read_logo
from pipelines.media.trouble import MediaError


def pixels_of(picture: Image.Image) -> NDArray[np.uint8]:
    channels = [2, 1, 0, 3] if picture.mode == "RGBA" else [2, 1, 0]
    return np.ascontiguousarray(np.asarray(picture, np.uint8)[:, :, channels])


def photograph(seed: int) -> Image.Image:
    fine = cv2.imdecode(np.frombuffer(studio.filler_jpeg(seed, (720, 720)), np.uint8), 1)
    return Image.fromarray(np.asarray(fine, np.uint8)[:, :, ::-1])


def bar(seed: int) -> Image.Image:
    scene = photograph(seed)
    ImageDraw.Draw(scene).rectangle((0, 400, 720, 720), fill=(210, 225, 240))
    return scene


def showing(scene: Image.Image, emblem: Image.Image, share: float, quality: int = 70) -> NDArray[np.uint8]:
    """The scene as posted, with the emblem `share` of its width wide, its corner at 60 %, 58 %."""
    marked, side = scene.copy(), round(scene.width * share)
    small = emblem.resize((side, side * emblem.height // emblem.width), Image.Resampling.LANCZOS)
    marked.paste(small, (round(scene.width * 0.58), round(scene.height * 0.58)), small)
    encoded = cv2.imencode(".jpg", pixels_of(marked), [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(encoded, 1), np.uint8)


@pytest.fixture(scope="module")
def logo() -> Logo:
    return prepare_logo(pixels_of(an_emblem(5)))


@pytest.mark.parametrize("share", [0.06, 0.12, 0.4])
@pytest.mark.parametrize("ground", [photograph, bar])
def test_found_at_its_place(logo: Logo, share: float, ground: object) -> None:
    """On a photograph and on a bar, small and large, recompressed."""
    scene = bar(4) if ground is bar else photograph(4)

    found = find_logo(showing(scene, an_emblem(5), share), logo)

    assert found is not None
    assert found.box == pytest.approx((0.58, 0.58, 0.58 + share, 0.58 + share), abs=0.03)
    assert 0.84 <= found.score <= 1


@pytest.mark.parametrize("share", [0.06, 0.12, 0.4])
def test_a_look_alike_is_not_it(logo: Logo, share: float) -> None:
    """The same disc and ring with a star of three or eight points, or in other colours."""
    red, green, blue, alpha = an_emblem(5).split()
    swapped = Image.merge("RGBA", (blue, red, green, alpha))

    for other in (an_emblem(3), an_emblem(8), swapped):
        assert find_logo(showing(photograph(6), other, share), logo) is None


def test_an_empty_picture_is_far_and_a_hidden_one_near(logo: Logo) -> None:
    """Nothing there is nothing; half covered is for a person."""
    covered = an_emblem(5)
    ImageDraw.Draw(covered).rectangle((150, 100, 256, 256), fill=(20, 50, 120, 255))

    assert seek_logo(pixels_of(photograph(8)), logo).near < NEAR
    half = seek_logo(showing(photograph(8), covered, 0.2), logo)
    assert half.found is None


def test_mere_lettering_that_is_not_found_is_never_far() -> None:
    """Letters without a ground of their own are easily missed, so nobody is accused of lacking them."""
    words = Image.new("RGBA", (400, 90), (0, 0, 0, 0))
    font = ImageFont.load_default(64)
    ImageDraw.Draw(words).text((200, 45), "KABUPATEN", fill=(20, 30, 90, 255), font=font, anchor="mm")
    lettering = prepare_logo(pixels_of(words))

    assert not lettering.is_solid
    assert seek_logo(pixels_of(photograph(9)), lettering).near >= NEAR


def test_paper_around_an_opaque_logo_is_no_part_of_it(tmp_path: Path) -> None:
    """A JPEG on white is cut out; the same logo is found on a photograph."""
    sheet = Image.new("RGB", (300, 300), "white")
    sheet.paste(an_emblem(5), (22, 22), an_emblem(5))
    path = tmp_path / "logo.jpg"
    path.write_bytes(studio.as_jpeg(sheet, 95))

    logo = read_logo(path)

    assert logo.opacity[0, 0] == 0
    assert max(logo.opacity.shape) < 256
    assert find_logo(showing(photograph(4), an_emblem(5), 0.15), logo) is not None


def test_what_is_no_logo_is_refused(tmp_path: Path) -> None:
    """Not a picture, nothing opaque, too small."""
    (tmp_path / "words.png").write_bytes(b"no picture")

    with pytest.raises(MediaError):
        read_logo(tmp_path / "words.png")
    for pixels in (np.zeros((64, 64, 4), np.uint8), np.zeros((4, 90, 3), np.uint8)):
        with pytest.raises(MediaError):
            prepare_logo(pixels)


def test_a_logo_larger_than_the_picture_is_not_there(logo: Logo) -> None:
    """Tiny and slender pictures give an answer, not an error."""
    assert seek_logo(np.zeros((8, 300, 3), np.uint8), logo).found is None
    assert seek_logo(np.zeros((40, 40, 3), np.uint8), logo).found is None
