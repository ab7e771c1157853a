"""The recognisers on the real pictures and clips beside the checkout; skipped, and said so, without them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines.exhibits import a_post, a_reference
from pipelines.items import Decision
from pipelines.matchers import Reference
from pipelines.matchers.image import MATCHER as IMAGE
from pipelines.matchers.video import MATCHER as VIDEO
from pipelines.media.pdq import pdq, to_hex
from pipelines.media.pictures import read_grey

MEDIA = Path(os.environ.get("TAYANG_SAMPLES", Path(__file__).parents[2] / "shared" / "samples")) / "media"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not MEDIA.is_dir(), reason=f"no real samples at {MEDIA} (set TAYANG_SAMPLES)"),
]


@pytest.fixture(scope="module")
def bridge() -> Reference:
    return a_reference("image", [MEDIA / "image" / "aaa-orig.jpg"])


@pytest.fixture(scope="module")
def chair() -> Reference:
    return a_reference("video", [MEDIA / "video" / "chair-orig-22-sd-bar.mp4"])


def test_the_hash_is_metas_to_the_bit() -> None:
    """The value that Meta publishes for this picture."""
    meta = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"

    assert meta == to_hex(pdq(read_grey(MEDIA / "image" / "aaa-orig.jpg", 4000)).bits)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("blur-a-little", Decision.MATCH),
        ("blur-a-lot", Decision.MATCH),
        ("bridge-2-rotate-90", Decision.MATCH),
        ("bridge-5-flipx", Decision.MATCH),
        ("high-contrast", Decision.MATCH),
        ("letterboxed_sample-b", Decision.MATCH),
        ("shrink-a-little", Decision.MATCH),
        ("sharpen-a-lot", Decision.MATCH),
        ("shrink-a-lot", Decision.REVIEW),
        ("square-256x256", Decision.REVIEW),
    ],
)
def test_forms_of_one_picture(bridge: Reference, name: str, expected: Decision) -> None:
    """Turned, framed, softened, sharpened: a match; too small to be sure: a person looks. Never none."""
    sign = IMAGE.compare(a_post(files=[(MEDIA / "image" / f"{name}.jpg", "image")]), bridge)

    assert expected == (sign and sign.decision)


def test_no_other_photograph_leaves_a_sign(bridge: Reference) -> None:
    """26 unrelated photographs."""
    others = sorted((MEDIA / "other").iterdir())

    assert [None] * len(others) == [IMAGE.compare(a_post(files=[(path, "image")]), bridge) for path in others]


@pytest.mark.parametrize(
    ("name", "expected", "covered"),
    [
        ("chair-19-sd-bar", Decision.MATCH, (3.67, 22.46)),
        ("chair-20-sd-bar", Decision.MATCH, (2.0, 22.46)),
        ("chair-22-sd-grey-bar", Decision.MATCH, (0.0, 22.46)),
        ("chair-22-sd-sepia-bar", Decision.MATCH, (0.0, 22.46)),
        ("chair-22-with-large-logo-bar", Decision.MATCH, (0.0, 22.46)),
        ("chair-22-with-small-logo-bar", Decision.MATCH, (0.0, 22.46)),
        ("doorknob-hd-no-bar", None, ()),
    ],
)
def test_forms_of_one_clip(chair: Reference, name: str, expected: Decision | None, covered: tuple[float, ...]) -> None:
    """Cut, grey, sepia, under a logo: followed second by second; another clip is not."""
    sign = VIDEO.compare(a_post(files=[(MEDIA / "video" / f"{name}.mp4", "video")]), chair)

    assert expected == (sign and sign.decision)
    if sign is not None:
        spans = sign.explanation["covered"]
        assert covered == pytest.approx((spans[0][0], spans[-1][1]), abs=1.0)
