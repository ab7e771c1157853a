"""Where a reference lies in a posted picture, and whether that picture carries it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from crawler.sandbox import studio
from pipelines.compare.candidates import FeatureIndex
from pipelines.compare.geometry import corners_of, is_sane, resizing, scale_of, through
from pipelines.compare.placement import Placement, place, placed_at
from pipelines.media.features import find_features, reference_features
from pipelines.media.pdq import Grey

BICUBIC = Image.Resampling.BICUBIC
TILTED = (-60, -30, -20, 1100, 1150, 1060, 1090, -90)


def grey(picture: studio.Picture) -> Grey:
    return np.asarray(picture.convert("L"), np.uint8)


@cache
def own() -> studio.Picture:
    return studio.poster(1, "Tolak gratifikasi", 2026)


@cache
def index() -> FeatureIndex:
    return FeatureIndex([reference_features(grey(own()))])


def placed(picture: studio.Picture) -> Placement | None:
    posted = grey(picture)
    features = find_features(posted)
    leads = index().leads(features)
    return place(grey(own()), posted, index().entries[0], features, leads[0].pairs) if leads else None


def page(material: studio.Picture, at: tuple[int, int]) -> studio.Picture:
    ground = studio.poster(4, "Portal berita", 2024, (1280, 1500))
    ground.paste(material, at)
    return ground


def test_a_crop_lies_where_it_was_cut() -> None:
    """The matrix takes the reference's pixels to the posted ones, to within a pixel, with the share that is shown."""
    found = placed(own().crop((130, 90, 1000, 1010)))

    assert found is not None
    assert found.carries
    assert np.abs(through(found.matrix, corners_of((1080, 1080))) - corners_of((1080, 1080)) + [130, 90]).max() < 1
    assert found.overlap == pytest.approx(870 * 920 / 1080**2, abs=0.02)
    assert found.agreeing > 0.95


def test_shown_small_on_a_page() -> None:
    """A material at 40 % of its size among other things is found, at its place and scale."""
    found = placed(page(own().resize((432, 432), Image.Resampling.LANCZOS), (60, 700)))

    assert found is not None
    assert found.carries
    assert found.scale == pytest.approx(0.4, abs=0.005)
    assert np.abs(through(found.matrix, np.array([[0.0, 0.0]])) - [60, 700]).max() < 2


@pytest.mark.parametrize(
    ("model", "change"),
    [
        ("similarity", lambda picture: picture.rotate(8, BICUBIC, expand=True)),
        ("similarity", lambda picture: picture.transpose(Image.Transpose.ROTATE_90)),
        ("affine", lambda picture: picture.resize((1000, 760))),
        ("homography", lambda picture: picture.transform((1000, 1000), Image.Transform.QUAD, TILTED, BICUBIC)),
    ],
)
def test_the_simplest_model_that_fits(model: str, change: object) -> None:
    """Turned: a similarity; stretched: affine; photographed from the side: a homography."""
    assert callable(change)

    found = placed(change(own()))

    assert found is not None
    assert found.carries
    assert model == found.model
    assert found.share > 0.9


def test_the_same_template_with_other_words_is_not_carried() -> None:
    """Shared shapes give corners enough, but not blocks."""
    found = placed(studio.poster(1 + 3, "Jam layanan baru", 2026))

    assert found is None or not found.carries


def test_an_unrelated_picture_has_no_place(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Fewer pairs than a movement needs, or a movement under which the blocks disagree."""
    path = tmp_path_factory.mktemp("other") / "filler.jpg"
    path.write_bytes(studio.filler_jpeg(5))
    found = placed(Image.open(path).convert("RGB"))

    assert found is None or not found.carries


def test_a_rough_proposal_is_moved_into_place() -> None:
    """Eight pixels off and a little too large: the blocks pull it to within a fraction of a pixel."""
    rough = np.array([[1.006, 0, 8], [0, 1.006, -7], [0, 0, 1]], np.float64)

    found = placed_at(grey(own()), grey(own()), rough)

    assert found is not None
    assert found.share > 0.98
    assert np.abs(found.matrix - np.eye(3)).max() < 0.5


@pytest.mark.parametrize(
    "matrix",
    [
        [[-1, 0, 100], [0, 1, 0], [0, 0, 1]],
        [[0.05, 0, 0], [0, 0.05, 0], [0, 0, 1]],
        [[9, 0, 0], [0, 9, 0], [0, 0, 1]],
        [[1, 0, 0], [0, 3, 0], [0, 0, 1]],
        [[1, 0, 0], [0, 1, 0], [-0.02, 0, 1]],
        [[1, 0, 0], [0, 1, 0], [0.02, 0, 1]],
        [[np.nan, 0, 0], [0, 1, 0], [0, 0, 1]],
    ],
)
def test_what_no_camera_does_is_refused(matrix: list[list[float]]) -> None:
    """Mirrored, vanishingly small, huge, stretched to a strip, folded, tilted to a line, not a number."""
    assert not is_sane(np.array(matrix, np.float64), (100, 100))


@given(st.floats(0.12, 7.5), st.floats(-3.1, 3.1), st.floats(-500, 500))
def test_every_similarity_within_bounds_is_sane(scale: float, turn: float, shift: float) -> None:
    """And its scale is read back from it."""
    cos, sin = scale * np.cos(turn), scale * np.sin(turn)
    matrix = np.array([[cos, -sin, shift], [sin, cos, -shift], [0, 0, 1]])

    assert is_sane(matrix, (120, 90))
    assert scale_of(matrix, (120, 90)) == pytest.approx(scale, rel=1e-3)


@given(st.tuples(st.integers(1, 3000), st.integers(1, 3000)), st.tuples(st.integers(1, 3000), st.integers(1, 3000)))
def test_resizing_takes_edges_to_edges(before: tuple[int, int], after: tuple[int, int]) -> None:
    """Pixels have middles: the outer edge, at -0.5, stays the outer edge, and the way back undoes it."""
    edges = np.array([[-0.5, -0.5], [before[1] - 0.5, before[0] - 0.5]])

    assert through(resizing(before, after), edges) == pytest.approx(
        np.array([[-0.5, -0.5], [after[1] - 0.5, after[0] - 0.5]]), abs=1e-6
    )
    assert resizing(after, before) @ resizing(before, after) == pytest.approx(np.eye(3), abs=1e-6)
