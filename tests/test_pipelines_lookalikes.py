"""Materials compared with each other: what cannot be told apart, and seconds that several share, do not decide."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from crawler.language import speak
from crawler.sandbox import studio
from pipelines.exhibits import a_post
from pipelines.items import Campaign, Decision, Material
from pipelines.lookalikes import Lookalike, excluding, find_lookalikes, key_of, pack, sentences, unpack
from pipelines.match import build_references, compare, index_references
from pipelines.matchers import Reference

TAKE = studio.Take(size=(240, 426), seconds=9.0, with_sound=False)
OPENING = studio.Take(size=(240, 426), seconds=3.0)


def references(*materials: Material) -> tuple[Reference, ...]:
    return build_references([Campaign("c", "C", (), materials, ())])


@pytest.fixture(scope="module")
def posters(tmp_path_factory: pytest.TempPathFactory) -> tuple[Reference, ...]:
    """One poster saved twice, its last year's version, and another."""
    folder = tmp_path_factory.mktemp("posters")
    drawn = {
        "a": (studio.poster(0, "Tolak tip", 2026), 95), "again": (studio.poster(0, "Tolak tip", 2026), 75),
        "before": (studio.poster(0, "Tolak tip", 2025), 90), "other": (studio.poster(1, "Lapor", 2026), 90),
    }  # fmt: skip
    for name, (picture, quality) in drawn.items():
        (folder / f"{name}.jpg").write_bytes(studio.as_jpeg(picture, quality))
    return references(*(Material("c", name, name.upper(), "image", (folder / f"{name}.jpg",)) for name in drawn))


@pytest.fixture(scope="module")
def found(posters: tuple[Reference, ...]) -> tuple[Lookalike, ...]:
    return find_lookalikes(posters)


def test_twins_are_named_and_go_to_a_person(posters: tuple[Reference, ...], found: tuple[Lookalike, ...]) -> None:
    """The same poster saved twice decides nothing by sight; last year's and another are told apart."""
    told = excluding(posters, found)
    post = a_post(files=[(next(iter((posters[1].files or {}).values())), "image")])
    signs = {one.material.material_id: signs for one, signs, _ in compare(post, index_references(told))}

    assert [one.twins for one in told] == [("AGAIN",), ("A",), (), ()]
    assert [sign.decision for sign in signs["a"]] == [Decision.REVIEW]
    assert "AGAIN" in signs["a"][0].explanation["en"]
    assert Decision.MATCH in {sign.decision for sign in signs["again"]}  # the very same bytes are certain
    assert found == unpack(pack(found))


def test_only_those_concerned_are_compared_anew(posters: tuple[Reference, ...], found: tuple[Lookalike, ...]) -> None:
    """A twin that appears later changes the id of its twin, and of nobody else."""
    told = excluding(posters, found)

    changed = [before.reference_id != after.reference_id for before, after in zip(posters, told, strict=True)]
    assert changed == [True, True, False, False]
    assert key_of(posters) == key_of(posters[::-1]) != key_of(posters[1:])


def test_check_says_so_in_both_languages(posters: tuple[Reference, ...], found: tuple[Lookalike, ...]) -> None:
    """One sentence for each, with what to do."""
    assert len(sentences(posters, found)) == 2
    assert all("tidak dapat dibedakan" in one for one in sentences(posters, found))
    speak("en")
    try:
        assert all("cannot be told" in one for one in sentences(posters, found))
    finally:
        speak("id")


def test_a_common_opening_decides_nothing(tmp_path: Path) -> None:
    """Three seconds that open both clips are named on both and excluded from what must be shown."""

    def film(name: str, seed: int) -> Path:
        frames: Iterator[studio.Picture] = chain(studio.scenes(9, OPENING), studio.scenes(seed, TAKE))
        return studio.write_clip(tmp_path / f"{name}.mp4", frames, TAKE)

    films = {"a": film("a", 1), "b": film("b", 2)}
    clips = references(*(Material("c", name, name, "video", (path,)) for name, path in films.items()))
    told = excluding(clips, find_lookalikes(clips))

    for one in told:
        assert one.twins == ()
        [sha] = one.files or {}
        [(first, last)] = one.shared("video", sha)
        assert first == pytest.approx(0, abs=1)
        assert last == pytest.approx(3, abs=1)
