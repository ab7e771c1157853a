"""Required elements: where each is found, what is surely lacking, and what nobody can tell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crawler.items import Media
from crawler.sandbox import studio
from pipelines.exhibits import a_post, a_reference, an_emblem
from pipelines.items import Decision, Require
from pipelines.matchers import Seen
from pipelines.matchers.elements import MATCHER, doubts_of, elements_of, lacking, lacking_elements
from pipelines.media.lettering import Line
from pipelines.media.ocr import why_absent

PHRASE = Require(phrases=("Berani jujur",))


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("elements") / "picture.jpg"
    path.write_bytes(studio.filler_jpeg(2, (400, 400)))
    return path


def reading(picture: Path, text: str | None, words: str = "") -> Seen:
    """A post with a picture in which `text` is read; None = nobody can read."""
    lines = None if text is None else (Line(text, 0.9, (0.1, 0.1, 0.9, 0.2)),)
    return replace(a_post(words, files=[(picture, "image")]), read_words=lambda path: lines)


def places(seen: Seen, require: Require) -> list[tuple[str, str]]:
    return [(one.name, one.place) for one in elements_of(seen, require)]


def test_a_phrase_counts_in_the_text_and_in_the_picture(picture: Path) -> None:
    """In the text, else as read in the picture, else it is lacking."""
    assert places(reading(picture, None, "Berani jujur!"), PHRASE) == [("Berani jujur", "text")]
    assert places(reading(picture, "BERANIJUJUR"), PHRASE) == [("Berani jujur", "media")]
    assert places(reading(picture, "Jadwal pelayanan"), PHRASE) == [("Berani jujur", "lacking")]
    assert lacking_elements(elements_of(reading(picture, "Jadwal"), PHRASE)) == ("Berani jujur",)
    assert lacking("Jadwal", PHRASE) == ("Berani jujur",)


def test_what_nobody_can_read_is_undecided_and_says_why(picture: Path) -> None:
    """Without the extra, and when something like the phrase was read."""
    absent, unsure = (elements_of(reading(picture, text), PHRASE) for text in (None, "BERAMI JVJUP"))

    assert [one.place for one in (*absent, *unsure)] == ["undecided", "undecided"]
    assert doubts_of(absent) == why_absent()
    assert "Berani jujur" in (doubts_of(unsure) or ("", ""))[1]
    assert doubts_of(()) is None


def test_without_pictures_a_missing_phrase_is_lacking() -> None:
    """Nothing to look at is nothing left undecided; a picture that could not be fetched is."""
    words = a_post("Jadwal pelayanan")
    dark = replace(words, post=replace(words.post, media=(Media("x", "image", ""),)))

    assert places(words, PHRASE) == [("Berani jujur", "lacking")]
    assert places(dark, PHRASE) == [("Berani jujur", "undecided")]


def test_logos_are_looked_for_in_every_picture(picture: Path, tmp_path: Path) -> None:
    """Found in the second picture; lacking where all pictures were seen; undecided when its file is broken."""
    emblem, marked, broken = tmp_path / "emblem.png", tmp_path / "marked.jpg", tmp_path / "broken.png"
    an_emblem(5).save(emblem)
    broken.write_bytes(b"no picture")
    scene = studio.resized(studio.poster(2, "Jam layanan", 2026), 600)
    small = an_emblem(5).resize((90, 90))
    scene.paste(small, (480, 20), small)
    marked.write_bytes(studio.as_jpeg(scene, 80))

    both = a_post(files=[(picture, "image"), (marked, "image")])
    assert places(both, Require(logos=(emblem,))) == [("emblem.png", "media")]
    assert places(a_post(files=[(picture, "image")]), Require(logos=(emblem,))) == [("emblem.png", "lacking")]
    assert places(both, Require(logos=(broken,))) == [("broken.png", "undecided")]


def test_a_clip_is_looked_at_in_frames_and_never_surely_without(tmp_path: Path) -> None:
    """Between the frames there may be what is asked for."""
    emblem, clip = tmp_path / "emblem.png", tmp_path / "clip.mp4"
    an_emblem(5).save(emblem)
    studio.clip(clip, 3, studio.Take(seconds=2.0, with_sound=False))

    assert places(a_post(files=[(clip, "video")]), Require(logos=(emblem,))) == [("emblem.png", "undecided")]


def test_an_own_production_matches_by_what_is_seen_in_it(picture: Path) -> None:
    """All in the text is a review, one element in the picture a match, one lacking nothing."""
    asked = Require(("#antikorupsi",), (), ("Berani jujur",))
    reference = a_reference("image", require=asked, mode="derivative")

    def decision(text: str | None, words: str) -> Decision | None:
        sign = MATCHER.compare(reading(picture, text, words), reference)
        return sign and sign.decision

    assert decision("Berani jujur", "#antikorupsi") is Decision.MATCH
    assert decision("", "Berani jujur #antikorupsi") is Decision.REVIEW
    assert decision(None, "#antikorupsi") is Decision.REVIEW
    assert decision("Jadwal", "#antikorupsi") is None
    assert decision("Berani jujur", "tanpa tagar") is None


def test_the_sign_names_what_was_found_where(picture: Path) -> None:
    """In both languages, with the picture's digest."""
    reference = a_reference("image", require=Require(("#antikorupsi",), (), ("Berani jujur",)), mode="derivative")
    seen = reading(picture, "Berani jujur", "#antikorupsi")

    sign = MATCHER.compare(seen, reference)

    assert sign is not None
    assert sign.explanation["en"] == "Required elements: in the text #antikorupsi; in the picture Berani jujur."
    assert "pada gambar Berani jujur" in sign.explanation["id"]
    assert sign.media_sha256 == seen.shown[0][0]
