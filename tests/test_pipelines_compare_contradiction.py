"""What differs once the reference lies in its place: nothing, something laid over it, or another version."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

from crawler.sandbox import studio
from pipelines.compare.contradiction import Contradiction, contradict
from pipelines.compare.glyphs import lettering_in
from pipelines.compare.placement import placed_at
from pipelines.media.pdq import Grey

Change = Callable[[studio.Picture], studio.Picture]


def grey(picture: studio.Picture) -> Grey:
    return np.asarray(picture.convert("L"), np.uint8)


@cache
def own() -> studio.Picture:
    return studio.poster(1, "Tolak gratifikasi", 2026)


def against(picture: studio.Picture, quality: int = 85) -> Contradiction:
    """The poster against a posted picture that shows it whole."""
    sent = Image.open(BytesIO(studio.as_jpeg(picture, quality)))
    matrix = np.diag([sent.width / own().width, sent.height / own().height, 1.0])
    found = placed_at(grey(own()), grey(sent), matrix)
    assert found is not None
    return contradict(grey(own()), grey(sent), found)


def with_drawing(draw: Callable[[ImageDraw.ImageDraw], object]) -> studio.Picture:
    picture = own().copy()
    draw(ImageDraw.Draw(picture))
    return picture


@pytest.mark.parametrize(
    ("change", "quality"),
    [
        (lambda picture: picture, 10),
        (studio.forwarded, 60),
        (ImageOps.grayscale, 85),
        (lambda picture: picture.filter(ImageFilter.GaussianBlur(2)), 85),
        (lambda picture: picture.filter(ImageFilter.UnsharpMask(3, 180, 2)), 85),
        (lambda picture: picture.point(lambda level: level * 0.6 + 40), 85),
        (lambda picture: studio.resized(picture, 640), 85),
    ],
    ids=["q10", "sent on", "grey", "blurred", "sharpened", "faded", "smaller"],
)
def test_untouched_copies_contradict_nothing(change: Change, quality: int) -> None:
    """However poor the copy, nothing may be reported as changed that was not."""
    found = against(change(own()), quality)

    assert (found.verdict, found.boxes) == ("same", ())
    assert found.worst < 1


@pytest.mark.parametrize("width", [1080, 640])
@pytest.mark.parametrize("quality", [85, 30])
def test_a_changed_year_is_another_version(width: int, quality: int) -> None:
    """One digit in an otherwise identical poster; the boxes stand on it, in both pictures."""
    found = against(studio.resized(studio.poster(1, "Tolak gratifikasi", 2025), width), quality)

    assert found.verdict == "changed"
    assert found.share < 0.002
    for box in found.boxes:
        assert 0.25 < box.left < box.right < 0.45
        assert 0.9 < box.top < box.bottom < 0.98
        assert box.shown == pytest.approx((box.left, box.top, box.right, box.bottom), abs=0.01)


def test_a_changed_word_is_another_version() -> None:
    """Another headline on the same ground."""
    assert against(studio.poster(1, "Lawan gratifikasi", 2026)).verdict == "changed"


def test_erased_words_are_another_version() -> None:
    """Nothing was added, the ground is the material's own, but a line is gone."""
    picture = own().copy()
    box = (86, 600, 630, 650)
    ground = cv2.inpaint(np.asarray(picture), _strokes(picture, box), 7, cv2.INPAINT_TELEA)
    found = against(Image.fromarray(ground))

    assert found.verdict == "changed"


def _strokes(picture: studio.Picture, box: tuple[int, int, int, int]) -> Grey:
    left, top, right, bottom = box
    mask = np.zeros((picture.height, picture.width), np.uint8)
    mask[top:bottom, left:right] = (grey(picture)[top:bottom, left:right] > 120) * 255
    return np.asarray(cv2.dilate(mask, np.ones((7, 7), np.uint8)), np.uint8)


def test_an_offices_bar_and_badge_are_an_overlay() -> None:
    """What hides the foot and a corner is said, with the share it hides, and is no other version."""
    found = against(studio.branded(own(), "Kecamatan Wedi"))

    assert found.verdict == "overlay"
    assert found.boxes[0].kind == "edge"
    assert found.boxes[0].bottom > 0.97
    assert 0.04 < found.hidden < 0.12


def test_a_sticker_on_the_ground_is_an_overlay() -> None:
    """Where the reference has nothing to say, nothing is hidden."""
    found = against(with_drawing(lambda draw: draw.ellipse((150, 310, 270, 430), fill=(250, 210, 60))))

    assert {box.kind for box in found.boxes} == {"overlay"}
    assert found.verdict == "overlay"


def test_a_patch_over_words_is_another_version() -> None:
    """What it hid cannot be known, so a person looks."""
    found = against(with_drawing(lambda draw: draw.rectangle((80, 590, 420, 660), fill=(250, 250, 250))))

    assert found.verdict == "changed"


def test_words_added_to_the_ground_are_told() -> None:
    """An office's name written onto the plain ground: laid over, nothing of the material's is touched."""
    font = ImageFont.load_default(30)
    found = against(with_drawing(lambda draw: draw.text((90, 800), "Kelurahan Gergunung", "white", font)))

    assert found.verdict in {"overlay", "changed"}
    assert found.boxes[0].top > 0.7
    assert found.boxes[0].right < 0.5


def test_too_small_or_too_plain_is_unverifiable() -> None:
    """Never "the same", never "not": it cannot be told."""
    assert against(studio.resized(own(), 320)).cause == "small"
    plain = np.full((900, 900), 200, np.uint8)
    plain[400:460, 400:460] = np.random.default_rng(1).integers(0, 255, (60, 60), np.uint8)
    found = placed_at(plain, plain, np.eye(3))
    assert found is not None
    assert contradict(plain, plain, found).cause == "plain"


def test_the_same_pictures_always_give_the_same_answer() -> None:
    """RANSAC or not: evidence is reproducible."""
    picture = studio.branded(own(), "Kecamatan Wedi")

    assert against(picture) == against(picture)


def test_lettering_is_seen_where_it_stands() -> None:
    """Lines of letters, large and small, bright and dark; not the ground between."""
    sheet = Image.new("L", (800, 600), 230)
    draw = ImageDraw.Draw(sheet)
    draw.text((40, 40), "Pelayanan", 20, ImageFont.load_default(90))
    draw.text((40, 300), "Laporkan gratifikasi", 60, ImageFont.load_default(22))
    draw.rectangle((0, 450, 800, 600), fill=30)
    draw.text((40, 500), "0811-2810-466", 240, ImageFont.load_default(30))
    found = lettering_in(np.asarray(sheet, np.uint8))

    assert found[60:110, 60:300].mean() > 0.6
    assert found[306:318, 44:180].mean() > 0.6
    assert found[508:526, 44:200].mean() > 0.6
    assert not found[160:290].any()
    assert not found[340:490].any()
    assert not found[:, 560:].any()
