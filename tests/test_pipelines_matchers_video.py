"""Posted clips against a material: what offices do to it, and what only looks like it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from crawler.sandbox import studio
from pipelines.exhibits import a_post, a_reference, digest
from pipelines.items import Decision, Sign
from pipelines.matchers import Reference
from pipelines.matchers.video import MATCHER

TAKE = studio.Take(size=(540, 540), seconds=9.0, rate=16, crf=28, with_sound=False)
Pictures = list[studio.Picture]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("video")


@pytest.fixture(scope="module")
def frames() -> Pictures:
    """Six seconds of scenes, then a poster with a date: an end card."""
    moving = studio.scenes(11, replace(TAKE, seconds=6.0), ("Tolak tip", "Catat semua"))
    return [*moving, *[studio.poster(5, "Jujur itu hebat", 2026, TAKE.size)] * 48]


def write(
    folder: Path, name: str, pictures: Iterable[studio.Picture], size: tuple[int, int] = TAKE.size, crf: int = 28
) -> Path:
    return studio.write_clip(folder / f"{name}.mp4", iter(pictures), replace(TAKE, size=size, crf=crf))


@pytest.fixture(scope="module")
def material(folder: Path, frames: Pictures) -> Reference:
    return a_reference("video", [write(folder, "material", frames, crf=18)])


def judged(path: Path, reference: Reference, kind: str = "video") -> tuple[Decision | None, Sign | None]:
    seen = a_post(files=[(path, kind)])
    sign = MATCHER.compare(seen, reference)
    if sign is not None:
        assert reference in list(MATCHER.index([reference])(seen))
        json.dumps(sign.explanation)
    return (sign.decision if sign else None), sign


def cropped(picture: studio.Picture) -> studio.Picture:
    return picture.crop((60, 40, 500, 480))


def inset(picture: studio.Picture) -> studio.Picture:
    sheet = Image.new("RGB", (960, 540), (90, 60, 40))
    sheet.paste(picture.resize((380, 380)), (560, 20))
    return sheet


def leaning(picture: studio.Picture) -> studio.Picture:
    corners = np.float32([[0, 0], [540, 0], [540, 540], [0, 540]])
    there = np.float32([[30, 24], [516, 40], [500, 516], [36, 500]])
    warped = cv2.warpPerspective(np.asarray(picture), cv2.getPerspectiveTransform(corners, there), TAKE.size)
    return Image.fromarray(warped)


@pytest.mark.parametrize(
    ("name", "change", "size"),
    [
        ("sent on", lambda one: one.resize((360, 360)).resize((540, 540)), (540, 540)),
        ("mirrored", studio.mirrored, (540, 540)),
        ("branded", lambda one: studio.branded(one, "Kecamatan Wedi"), (540, 540)),
        ("cropped", cropped, (440, 440)),
        ("in a story", lambda one: studio.letterboxed(one, (540, 960)), (540, 960)),
        ("grey", lambda one: one.convert("L").convert("RGB"), (540, 540)),
        ("filmed from a screen", leaning, (540, 540)),
    ],
)
def test_what_offices_do_is_a_match(
    folder: Path, frames: Pictures, material: Reference, name: str, change: object, size: tuple[int, int]
) -> None:
    """Whole, in order, where and how said."""
    assert callable(change)
    decision, sign = judged(write(folder, name, (change(one) for one in frames), size), material)

    assert sign is not None
    assert decision == Decision.MATCH, sign.explanation["en"]
    why = sign.explanation
    assert pytest.approx(why["covered_seconds"], abs=0.6) == 9.0
    assert (name == "mirrored") == why["mirrored"]
    assert len(why["corners"]) == 4
    assert why["pairs"] == sorted(why["pairs"])
    assert why["moving_ok"] >= why["thresholds"]["moving_ok"]


def test_the_corners_say_where(folder: Path, frames: Pictures, material: Reference) -> None:
    """A picture in the picture lies where it was put."""
    decision, sign = judged(write(folder, "inset", map(inset, frames), (960, 540)), material)

    assert decision is not None
    assert sign is not None
    expected = [(560 / 960, 20 / 540), (940 / 960, 20 / 540), (940 / 960, 400 / 540), (560 / 960, 400 / 540)]
    assert np.abs(np.array(sign.explanation["corners"]) - expected).max() < 0.02


def test_last_years_end_card_is_another_version(folder: Path, frames: Pictures, material: Reference) -> None:
    """One digit in a still at the end; the place is boxed."""
    other = [*frames[:96], *[studio.poster(5, "Jujur itu hebat", 2025, TAKE.size)] * 48]

    decision, sign = judged(write(folder, "last-year", other), material)

    assert decision == Decision.REVIEW
    assert sign is not None
    box = sign.explanation["boxes"][0]
    assert box["kind"] == "changed"
    assert 0.2 < box["left"] < box["right"] < 0.45
    assert box["top"] > 0.85


def test_seconds_shown_are_named(folder: Path, frames: Pictures, material: Reference) -> None:
    """Three of nine seconds within another clip go to a person; a lower minimum makes them enough."""
    others = list(studio.scenes(31, replace(TAKE, seconds=6.0), ("Cuaca hari ini", "Besok hujan")))
    path = write(folder, "piece", chain(others[:48], frames[16:64], others[48:]))
    modest = replace(material, material=replace(material.material, minimum_share=0.25))

    decision, sign = judged(path, material)

    assert decision == Decision.REVIEW
    assert sign is not None
    assert "3 of the material's 9 seconds" in sign.explanation["en"]
    assert pytest.approx(np.array(sign.explanation["covered"]), abs=0.5) == [[1.0, 4.0]]
    assert judged(path, modest)[0] == Decision.MATCH


def test_shared_seconds_do_not_count(folder: Path, frames: Pictures, material: Reference) -> None:
    """What another material has too is taken off both sides of the share."""
    path = write(folder, "beginning", frames[:72])
    sha = next(iter(material.files or {}))
    sharing = replace(material, shared_spans={("video", sha): ((0.0, 4.0),)})

    _, alone = judged(path, material)
    _, shared = judged(path, sharing)

    assert alone is not None
    assert shared is not None
    assert pytest.approx(alone.explanation["covered_share"], abs=0.06) == 0.5
    assert pytest.approx(shared.explanation["covered_share"], abs=0.08) == 0.1


def test_another_order_is_said(folder: Path, frames: Pictures, material: Reference) -> None:
    """All is shown, but the last third first: less than half is in order."""
    thirds = [frames[96:], frames[48:96], frames[:48]]

    decision, sign = judged(write(folder, "turned-round", chain(*thirds)), material)

    assert decision == Decision.REVIEW
    assert sign is not None
    assert not sign.explanation["in_order"]


@pytest.mark.slow
def test_another_recording_of_the_place_is_no_match(folder: Path) -> None:
    """The same camera at another hour: the ground agrees, what moves does not."""
    ground = np.asarray(studio.poster(4, "Ruang pelayanan", 2026, TAKE.size))

    def hour(seed: int) -> Iterable[studio.Picture]:
        rng = np.random.default_rng(seed)
        paths = rng.uniform(60, 480, (3, 2, 2))
        for step in range(144):
            picture = ground.copy()
            for number, (start, end) in enumerate(paths):
                x, y = start + (end - start) * (0.5 - 0.5 * np.cos(step / 9 + number))
                cv2.circle(picture, (int(x), int(y)), 52, (220, 200 - 60 * number, 90), -1)
                cv2.circle(picture, (int(x), int(y)), 24, (30, 30, 60), -1)
            yield Image.fromarray(picture)

    own = a_reference("video", [write(folder, "hour-1", hour(1), crf=18)])

    assert judged(write(folder, "hour-1-again", hour(1), crf=30), own)[0] == Decision.MATCH
    assert judged(write(folder, "hour-2", hour(2)), own)[0] != Decision.MATCH
    assert judged(write(folder, "nobody", [Image.fromarray(ground)] * 144), own)[0] != Decision.MATCH


def test_one_picture_all_along_is_compared_as_a_picture(folder: Path) -> None:
    """The poster as a clip: the same year matches, another goes to a person."""

    def still(year: int) -> Pictures:
        return [studio.poster(5, "Jujur itu hebat", year, TAKE.size)] * 80

    own = a_reference("video", [write(folder, "one", still(2026), crf=18)])

    assert judged(write(folder, "one-again", still(2026)), own)[0] == Decision.MATCH
    assert judged(write(folder, "one-2025", still(2025)), own)[0] == Decision.REVIEW


def test_a_cover_is_named_as_such(folder: Path, frames: Pictures, material: Reference) -> None:
    """The still of a video that was withheld; a crop of it as well."""
    path = folder / "cover.jpg"
    path.write_bytes(studio.as_jpeg(cropped(frames[40])))

    decision, sign = judged(path, material, "thumbnail")

    assert decision == Decision.REVIEW
    assert sign is not None
    assert pytest.approx(sign.explanation["second"], abs=0.3) == 2.5
    assert "cover" in sign.explanation["en"]


def test_the_file_itself_is_left_to_same_bytes(material: Reference) -> None:
    """Another matcher knows the very file; nothing is decoded for it here."""
    path = next(iter((material.files or {}).values()))

    assert digest(path) in dict(material.originals)
    assert MATCHER.compare(a_post(files=[(path, "video")]), material) is None


def test_clips_in_which_nothing_moves_and_nothing_is(folder: Path, material: Reference) -> None:
    """Black frames leave no sign."""
    path = write(folder, "black", [Image.new("RGB", TAKE.size)] * 64)

    assert MATCHER.compare(a_post(files=[(path, "video")]), material) is None
