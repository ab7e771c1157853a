"""The material's picture in posts: framed, on a page, in a clip, in two versions, out of reach."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from crawler.sandbox import studio
from pipelines.exhibits import a_post, a_reference
from pipelines.items import Decision, Sign
from pipelines.matchers import Reference
from pipelines.matchers.image import MATCHER, unturning
from pipelines.media.pdq import unturned

Kept = Callable[[studio.Picture], Path]


@pytest.fixture(scope="module")
def keep(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    folder = tmp_path_factory.mktemp("pictures")

    def kept(picture: studio.Picture) -> Path:
        path = folder / f"{len(list(folder.iterdir()))}.jpg"
        path.write_bytes(studio.as_jpeg(picture, 88))
        return path

    return kept


@pytest.fixture(scope="module")
def own() -> studio.Picture:
    return studio.poster(1, "Tolak gratifikasi", 2026)


@pytest.fixture(scope="module")
def reference(own: studio.Picture, keep: Kept) -> Reference:
    return a_reference("image", [keep(own)])


def sign_of(path: Path, reference: Reference, kind: str = "image") -> Sign | None:
    return MATCHER.compare(a_post(files=[(path, kind)]), reference)


def test_the_explanation_says_where_and_how_well(own: studio.Picture, reference: Reference, keep: Kept) -> None:
    """On a page: the four corners in the posted picture, the scores, the thresholds, the files."""
    page = studio.poster(4, "Portal berita", 2024, (1200, 1500))
    page.paste(own.resize((660, 660), Image.Resampling.LANCZOS), (120, 750))
    sign = sign_of(path := keep(page), reference)

    assert sign is not None
    assert sign.decision is Decision.MATCH
    corners = [[0.1, 0.5], [0.65, 0.5], [0.65, 0.94], [0.1, 0.94]]
    assert np.abs(np.array(sign.explanation["corners"]) - corners).max() < 0.003
    assert sign.explanation["share"] > sign.explanation["thresholds"]["share"]
    assert sign.explanation["model"] == "similarity"
    assert not sign.explanation["mirrored"]
    assert [sha for sha, _ in a_post(files=[(path, "image")]).shown] == [sign.media_sha256]
    assert sign.explanation["reference_sha256"] in (reference.files or {})


def test_this_years_and_last_years_are_told_apart(own: studio.Picture, reference: Reference, keep: Kept) -> None:
    """Both are references: what was posted is a match of its own year and a review, with boxes, of the other."""
    before = studio.poster(1, "Tolak gratifikasi", 2025)
    other = a_reference("image", [keep(before)])
    path = keep(studio.letterboxed(before, (1080, 1600)))

    true, false = sign_of(path, other), sign_of(path, reference)

    assert true is not None
    assert true.decision is Decision.MATCH
    assert false is not None
    assert false.decision is Decision.REVIEW
    assert false.explanation["boxes"][0]["kind"] == "changed"


def test_too_little_of_it_goes_to_a_person(own: studio.Picture, reference: Reference, keep: Kept) -> None:
    """A part is named with the share that can be seen."""
    sign = sign_of(keep(own.crop((0, 380, 1080, 860))), reference)

    assert sign is not None
    assert sign.decision is Decision.REVIEW
    assert sign.explanation["shown_share"] == pytest.approx(480 / 1080, abs=0.02)
    assert "44%" in sign.explanation["en"]


def clip_of(scenes: list[studio.Picture], path: Path) -> Path:
    """Each picture for two and a half seconds, beginning with a keyframe."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=4, options={"g": "10", "preset": "veryfast", "crf": "24"})
        stream.width, stream.height, stream.pix_fmt = *scenes[0].size, "yuv420p"
        for scene in scenes:
            for _ in range(10):
                container.mux(stream.encode(av.VideoFrame.from_ndarray(np.asarray(scene), format="rgb24")))
        container.mux(stream.encode())
    return path


@pytest.mark.parametrize("form", ["gif", "webp"])
def test_a_poster_in_a_later_scene_of_an_animation(
    own: studio.Picture, reference: Reference, tmp_path: Path, form: str
) -> None:
    """An office's slide show: the greeting first, the material second; the sign says which."""
    greeting, path = studio.poster(3, "Selamat pagi", 2026), tmp_path / f"slides.{form}"
    greeting.save(path, save_all=True, append_images=[own, greeting], duration=2000)
    sign = sign_of(path, reference)

    assert sign is not None
    assert (sign.decision, sign.explanation["scene"]) == (Decision.MATCH, 1)
    assert sign.explanation["en"].startswith("Scene 2 of the animation")


@pytest.mark.parametrize(("shown", "expected"), [("abcb", Decision.MATCH), ("abcd", Decision.REVIEW), ("acd", None)])
def test_a_poster_shown_in_a_clip(
    own: studio.Picture, reference: Reference, tmp_path: Path, shown: str, expected: Decision | None
) -> None:
    """Standing in two keyframes it is a match, with the seconds; in one it may have flashed by: a person looks."""
    scenes = {name: studio.poster(seed, "Lain", 2024, (720, 720)) for name, seed in (("a", 3), ("c", 5), ("d", 7))}
    scenes["b"] = own.resize((720, 720), Image.Resampling.LANCZOS)

    sign = sign_of(clip_of([scenes[name] for name in shown], tmp_path / "clip.mp4"), reference, "video")

    assert expected == (sign and sign.decision)
    if sign:
        assert sign.explanation["second"] == pytest.approx(2.5, abs=0.2)
        assert len(sign.explanation["seconds"]) == shown.count("b")


def test_a_clip_with_a_single_keyframe_is_looked_at_all_along(
    own: studio.Picture, reference: Reference, tmp_path: Path
) -> None:
    """Encoders of phones leave ten seconds between keyframes; a poster that stands in between is seen."""
    scenes = [studio.poster(3, "Lain", 2024, (720, 720)), own.resize((720, 720), Image.Resampling.LANCZOS)]
    frames = (scenes[second in range(3, 8)] for second in range(10) for _ in range(4))
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w") as container:
        options = {"g": "400", "sc_threshold": "0", "preset": "veryfast", "crf": "24"}
        stream = container.add_stream("libx264", rate=4, options=options)
        stream.width, stream.height, stream.pix_fmt = 720, 720, "yuv420p"
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.asarray(frame), format="rgb24")))
        container.mux(stream.encode())

    sign = sign_of(path, reference, "video")

    assert sign is not None
    assert sign.decision is Decision.MATCH


def test_a_missing_or_broken_file_costs_only_its_sign(
    own: studio.Picture, reference: Reference, keep: Kept, tmp_path: Path
) -> None:
    """A material whose file is gone is not called the same; a posted file that is no picture says nothing."""
    path = tmp_path / "gone.jpg"
    gone = Reference(reference.material, "r", reference.shown, dict.fromkeys(reference.shown or {}, path))
    (broken := tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 not much")

    sign = sign_of(keep(studio.forwarded(own)), gone)

    assert sign is not None
    assert sign.decision is Decision.REVIEW
    assert sign_of(broken, reference) is None


def test_the_index_keeps_the_right_one_of_many(own: studio.Picture, reference: Reference, keep: Kept) -> None:
    """Among other posters, the shown one is a candidate."""
    others = [a_reference("image", [keep(studio.poster(seed, f"Materi {seed}", 2026))]) for seed in range(3, 9)]
    small = studio.poster(9, "Portal berita", 2024, (1200, 1500))
    small.paste(own.resize((520, 520), Image.Resampling.LANCZOS), (600, 900))

    found = list(MATCHER.index([*others, reference])(a_post(files=[(keep(small), "image")])))

    assert reference in found


@pytest.mark.parametrize("form", range(8))
def test_unturning_is_the_matrix_of_unturned(form: int) -> None:
    """Every pixel of the unturned picture is found where the matrix says."""
    grey = np.random.default_rng(form).integers(0, 255, (5, 9), np.uint8)
    matrix, upright = unturning(grey, form), unturned(grey, form)

    for row in range(upright.shape[0]):
        for column in range(upright.shape[1]):
            x, y, _ = np.rint(matrix @ [column, row, 1]).astype(int)
            assert upright[row, column] == grey[y, x]
