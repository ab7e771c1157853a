"""Which seconds of a material run in a clip: on small frames drawn here, of a standing and of a moving camera."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipelines.compare.course import Course, follow
from pipelines.compare.tempo import Piece
from pipelines.compare.witness import Strip, Witness

Frames = NDArray[np.uint8]
SIZE = (96, 128)
SECONDS = 12.0
PACE = 4.0


def texture(seed: int, size: tuple[int, int] = SIZE, cells: int = 24) -> Frames:
    """A ground with something to see in every block."""
    coarse = np.random.default_rng(seed).normal(128, 45, (cells, cells)).astype(np.float32)
    return np.clip(cv2.resize(coarse, size[::-1], interpolation=cv2.INTER_CUBIC), 0, 255).astype(np.uint8)


def standing(scene: int, action: int, at: float) -> Frames:
    """A camera on a wall at a second: two patches cross the ground on paths that follow from `action`."""
    picture, rng = texture(scene), np.random.default_rng([action, 5])
    for _ in range(2):
        start, way = rng.uniform(0, 1, 2), rng.uniform(-0.25, 0.25, 2)
        patch = texture(int(rng.integers(1 << 30)), (28, 28), 7)
        places = np.abs((start + way * at) % 2 - 1) * (np.array(SIZE) - 28)
        row, column = (int(place) for place in places)
        picture[row : row + 28, column : column + 28] = patch
    return picture


def gliding(scene: int, at: float) -> Frames:
    """A camera that moves over a large ground, and cuts every three seconds."""
    shot, within = divmod(at, 3.0)
    ground = texture(scene * 100 + int(shot), (SIZE[0], SIZE[1] * 2), 40)
    left = int(within * 16)
    return ground[:, left : left + SIZE[1]]


def film(draw: str, scene: int, action: int, seconds: NDArray[np.float64]) -> Frames:
    if draw == "gliding":
        return np.stack([gliding(scene, at) for at in seconds])
    return np.stack([standing(scene, action, at) for at in seconds])


def material(draw: str = "standing", scene: int = 1, action: int = 1) -> Witness:
    seconds = np.arange(0, SECONDS, 1 / PACE)
    return Witness.of(seconds.tolist(), SECONDS, film(draw, scene, action, seconds))


def posted(own_seconds: NDArray[np.float64], draw: str = "standing", scene: int = 1, action: int = 1) -> Strip:
    """A clip that shows these seconds of a scene, ten frames a second, a little noisy and darker."""
    frames = film(draw, scene, action, own_seconds).astype(np.float32) * 0.8 + 10
    noise = np.random.default_rng(9).normal(0, 3, frames.shape)
    return Strip(np.arange(len(frames)) / 10, np.clip(frames + noise, 0, 255).astype(np.uint8), np.ones(SIZE, bool))


def seconds(start: float, end: float, speed: float = 1.0) -> NDArray[np.float64]:
    return np.arange(start, end, speed / 10)


@pytest.mark.parametrize("draw", ["standing", "gliding"])
@pytest.mark.parametrize("speed", [0.8, 1.0, 1.1, 1.25, 1.5])
def test_a_copy_is_followed_at_any_speed(draw: str, speed: float) -> None:
    """From the first second to the last, and all that moves agrees."""
    course = follow(material(draw), posted(seconds(0, SECONDS, speed), draw))

    assert pytest.approx(course.covered_seconds, abs=0.6) == SECONDS
    assert speed == pytest.approx(course.pieces[0].speed, abs=0.02)
    assert course.moving >= 100
    assert course.moving_ok >= 0.85


@pytest.mark.parametrize("action", range(2, 8))
def test_another_hour_by_the_same_camera_is_not_followed(action: int) -> None:
    """The ground is the same, what moves is not."""
    course = follow(material(), posted(seconds(0, SECONDS), action=action))

    assert course.covered_seconds < 0.4 * SECONDS
    assert course.moving_ok < 0.7 or course.covered_seconds < 4


def test_an_empty_scene_proves_nothing() -> None:
    """The same place with nobody in it gives no piece at all."""
    empty = np.stack([texture(1)] * 120)

    assert Course() == follow(material(), Strip(np.arange(120) / 10, empty, np.ones(SIZE, bool)))


def test_another_scene_is_not_followed() -> None:
    """Nothing agrees."""
    assert follow(material(), posted(seconds(0, SECONDS), scene=8, action=8)).pieces == ()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 16), st.integers(12, 32))
def test_a_piece_is_placed_to_half_a_second(start: int, length: int) -> None:
    """Wherever three seconds or more are cut out, the span says which."""
    begin, end = start / 4, min(SECONDS, (start + length) / 4)

    course = follow(material("gliding"), posted(seconds(begin, end), "gliding"))

    assert course.spans
    assert begin == pytest.approx(course.spans[0][0], abs=0.5)
    assert end == pytest.approx(course.spans[-1][1], abs=0.5)


def test_the_same_movement_before_another_ground_is_seen_through() -> None:
    """An interpreter laid over other pictures: what moves agrees, what stands still does not."""
    course = follow(material(), posted(seconds(0, SECONDS), scene=8))

    assert course.moving_ok > 0.7
    assert course.still_ok < 0.4


def test_cut_and_turned_round() -> None:
    """The second half before the first: both are found, only one half is in order."""
    swapped = np.concatenate([seconds(6, SECONDS), seconds(0, 6)])

    course = follow(material("gliding"), posted(swapped, "gliding"))

    assert pytest.approx(course.covered_seconds, abs=1.0) == SECONDS
    assert not course.is_in_order
    assert pytest.approx(sum(end - start for start, end in course.ordered_spans), abs=1.0) == 6.0


def test_what_is_left_out_is_not_covered() -> None:
    """A cut in the middle leaves a gap of just that length, in order."""
    course = follow(material("gliding"), posted(np.concatenate([seconds(0, 4), seconds(8, SECONDS)]), "gliding"))

    assert course.is_in_order
    assert [(round(start), round(end)) for start, end in course.spans] == [(0, 4), (8, 12)]


def test_a_logo_is_told_apart() -> None:
    """What covers the material all the time is named, and does not count against the rest."""
    strip = posted(seconds(0, SECONDS), "gliding")
    strip.frames[:, 8:40, 80:120] = texture(77, (32, 40), 8)

    course = follow(material("gliding"), strip)

    (left, top, right, bottom) = course.hidden[0]
    assert course.moving_ok >= 0.95
    assert pytest.approx((left, top, right, bottom), abs=0.07) == (0.62, 0.08, 0.94, 0.42)


def test_only_what_is_inside_testifies() -> None:
    """A cropped copy is judged by what it shows."""
    strip = posted(seconds(0, SECONDS), "gliding")
    inside = np.zeros(SIZE, bool)
    inside[16:80, 24:104] = True
    strip.frames[:, ~inside] = 0
    whole = follow(material("gliding"), posted(seconds(0, SECONDS), "gliding"))

    course = follow(material("gliding"), Strip(strip.seconds, strip.frames, inside))

    assert course.moving_ok >= 0.9
    assert course.moving < 0.6 * whole.moving


def test_slides_testify_with_all_they_show() -> None:
    """A deck has no background that another take could share."""
    at = np.arange(0, SECONDS, 1 / PACE)
    deck = Witness.of(at.tolist(), SECONDS, np.stack([texture(int(second // 4) + 40) for second in at]))
    shown = np.stack([texture(int(second // 4) + 40) for second in seconds(0, SECONDS)])

    course = follow(deck, Strip(np.arange(len(shown)) / 10, shown, np.ones(SIZE, bool)))

    assert deck.is_frozen
    assert pytest.approx(course.covered_seconds, abs=0.5) == SECONDS


PIECES = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 8)), min_size=1, max_size=8)


@given(PIECES)
def test_in_order_is_never_more_than_covered(drawn: list[tuple[int, int]]) -> None:
    """The choice in order is a part of what is covered, and all of it when pieces follow each other."""
    pieces = tuple(Piece(1.0, 0.0, float(start), float(start + length)) for start, length in drawn)
    rising = tuple(sorted(pieces, key=lambda one: one.start))

    ordered = Course(pieces).ordered_spans
    least = max(one.end - one.start for one in pieces)

    assert sum(end - start for start, end in ordered) >= least - 1e-6
    assert sum(end - start for start, end in ordered) <= sum(e - s for s, e in Course(rising).ordered_spans) + 1e-6


def test_pieces_at_other_speeds_do_not_add_up() -> None:
    """In another take each walker has a pace of their own."""
    pieces = (Piece(1.0, 0.0, 0.0, 4.0), Piece(1.3, 0.0, 4.0, 7.0), Piece(1.02, 0.0, 7.0, 9.0))

    assert Course(pieces).ordered_spans == ((0.0, 4.0), (7.0, 9.0))
