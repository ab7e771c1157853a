"""The import formats on the real shapes beside the checkout; skipped, and said so, without them."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crawler.imports import Delivery, Export, Reading, formats
from crawler.items import Quality

SAMPLES = Path(os.environ.get("TAYANG_SAMPLES", Path(__file__).parents[2] / "shared" / "samples"))
pytestmark = pytest.mark.skipif(
    not (SAMPLES / "zeeschuimer").is_dir(), reason=f"no real samples at {SAMPLES} (set TAYANG_SAMPLES)"
)


def read(name: str, pattern: str) -> Reading:
    files = sorted(SAMPLES.glob(pattern))
    exports = [Export(path.name, path.read_bytes(), frozenset(p.name for p in path.parent.iterdir())) for path in files]
    return formats()[name].read(Delivery(tuple(exports), datetime(2026, 11, 23, tzinfo=UTC), ZoneInfo("Asia/Jakarta")))


def test_zeeschuimer_with_and_without_time() -> None:
    """The item list tells its time; the web page's row gets its shortcode's, as a lower bound."""
    dated, undated = read("zeeschuimer", "zeeschuimer/instagram_CONSTRUCTED.ndjson").found

    assert (datetime(2026, 10, 2, 21, 5, 27, tzinfo=UTC), Quality.EXACT) == (
        dated.post.published_at, dated.post.published_quality)  # fmt: skip
    assert Quality.LOWER_BOUND is undated.post.published_quality
    assert undated.post.post_id == "instagram:pk:3983118388705688735"


def test_a_cut_line_and_another_platform_are_named() -> None:
    """A line that breaks off, and one of TikTok, give a problem each and no post."""
    for pattern in ("zeeschuimer/*REAL*", "zeeschuimer/tiktok*"):
        reading = read("zeeschuimer", pattern)

        assert (len(reading.found), len(reading.problems)) == (0, 1)


@pytest.mark.parametrize(
    ("name", "pattern"), [("instaloader", "instaloader/*.json*"), ("gallery-dl", "gallery_dl/*.json")]
)
def test_two_programs_tell_the_same_post(name: str, pattern: str) -> None:
    """The same post by either program, packed or not: one number, one time, one text."""
    found = read(name, pattern).found

    assert {("instagram:pk:3999518748855536783", datetime(2026, 10, 3, 3, 43, 20, tzinfo=UTC), "Contoh #kampanye")} == {
        (one.post.post_id, one.post.published_at, one.post.text) for one in found
    }


def test_a_google_form() -> None:
    """Three links in two answers; the stamp whose day and month may be exchanged is not believed."""
    reading = read("submission", "google_forms/*.csv")

    assert [claim.agency for claim in reading.claims] == ["Dinas Kesehatan", "Diskominfo", "Diskominfo"]
    assert [None, datetime(2026, 10, 3, 2, 20, 44, tzinfo=UTC)] == [c.submitted_at for c in reading.claims[:2]]
    assert [problem.column for problem in reading.problems] == ["submitted_at"]
