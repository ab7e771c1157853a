"""All matchers together: signs per material, what is lacking, and when a person must say the last word."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crawler.sandbox import studio
from pipelines.exhibits import a_post
from pipelines.items import Campaign, Decision, Material, Require
from pipelines.match import Found, Index, build_references, compare, index_references
from pipelines.media.original import Original

CAPTION = "Tolak tip untuk petugas pelayanan publik, semua layanan kami gratis sejak 2026."


@pytest.fixture
def poster(tmp_path: Path) -> Path:
    path = tmp_path / "poster.jpg"
    path.write_bytes(studio.as_jpeg(studio.poster(0, "Tolak tip", 2026, (720, 720)), 92))
    return path


def references(*materials: Material) -> Index:
    return index_references(build_references([Campaign("c", "C", (), materials, ())]))


def found_in(post: str, against: Index, *files: tuple[Path, str]) -> list[Found]:
    return compare(a_post(post, files=files), against)


def decisions(found: list[Found]) -> set[tuple[str, str, Decision]]:
    return {
        (one.material.material_id, sign.matcher, sign.decision) for one, signs, _ in found for sign in signs
    }


def test_signs_are_grouped_by_material(poster: Path) -> None:
    """One post may carry several materials; what carries none leaves nothing."""
    against = references(
        Material("c", "poster", "", "image", (poster,)),
        Material("c", "words", "", "text", caption=CAPTION),
        Material("c", "reel", "", "video", links=("https://www.instagram.com/reel/Cabcdef1234/",)),
    )

    found = found_in(CAPTION, against, (poster, "image"))

    assert {("poster", "same_bytes", Decision.MATCH), ("words", "text", Decision.MATCH)} == decisions(found)
    assert found_in("Selamat pagi", against) == []


def test_lacking_elements_are_named_as_written(poster: Path) -> None:
    """Required hashtags, mentions and phrases that the text does not carry."""
    require = Require(("#AntiKorupsi",), ("@official.kpk",), ("Berani Jujur",))
    against = references(Material("c", "m", "", "image", (poster,), require=require))

    [(_, _, lacking)] = found_in("berani jujur bersama official.kpk", against, (poster, "image"))

    assert lacking == ("#AntiKorupsi",)


@pytest.mark.parametrize("changed", [{"mode": "derivative"}, {"require": Require(logos=(Path(__file__),))}])
def test_a_person_confirms_logos_and_own_productions(poster: Path, changed: dict[str, object]) -> None:
    """No match without a person where a machine cannot see what was asked; the reason is said."""
    plain = Material("c", "m", "", "image", (poster,))

    [(_, [sign], _)] = found_in("", references(replace(plain, **changed)), (poster, "image"))

    assert sign.decision == Decision.REVIEW
    assert "same, byte for byte" in sign.explanation["en"]


def test_a_common_hashtag_alone_is_no_sign() -> None:
    """A tag shared by two materials, or one lone common word, proves nothing; a telling set asks a person."""
    shared = Material("c", "a", "", "text", caption="#antikorupsi #kpk")
    lone = Material("c", "b", "", "text", caption="#kpk")
    telling = Material("c", "t", "", "text", caption="#antikorupsi #TolakTipKlaten")
    against = references(shared, lone, telling)

    assert found_in("Rapat rutin #kpk #antikorupsi", against) == []
    assert {("t", "text", Decision.REVIEW)} == decisions(
        found_in("Rapat #antikorupsi #toLAKtipklaten", against)
    )


def test_sound_is_left_to_a_person(tmp_path: Path) -> None:
    """Only the same bytes or the official link match a sound; near words with a clip ask a person."""
    song = studio.clip(tmp_path / "song.mp4", 1, studio.Take((96, 96), 2.0))
    other = studio.clip(tmp_path / "other.mp4", 2, studio.Take((96, 96), 2.0))
    against = references(Material("c", "song", "", "audio", (song,), CAPTION))

    assert ("song", "same_bytes", Decision.MATCH) in decisions(found_in("", against, (song, "video")))
    assert {("song", "text", Decision.REVIEW)} == decisions(found_in(CAPTION, against, (other, "video")))
    assert found_in(CAPTION, against) == []


def test_the_reference_id_follows_the_content(poster: Path, tmp_path: Path) -> None:
    """Another caption or file is another reference, the same content is the same; the cache is used."""
    cache: dict[str, Original] = {}
    plain = Material("c", "m", "", "image", (poster,))
    campaign = Campaign("c", "C", (), (plain, replace(plain, caption="lain")), ())

    one, other = build_references([campaign], cache)
    [again] = build_references([replace(campaign, materials=(plain,))], cache)

    assert one.reference_id == again.reference_id != other.reference_id
    assert len(cache) == 1
