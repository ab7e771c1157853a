"""The explanation of a match: shows what the matchers stored, whatever shape it has, the same every time."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from small_world import SmallWorld, an_account
from test_queries_report import Office
from test_queries_world import AS_OF, DAY, World, build_world

from crawler.errors import WrongUse
from crawler.instance import load_instance
from crawler.registry import Registry
from crawler.sandbox import studio
from pipelines.check import Workspace
from pipelines.items import Material
from queries.explain import stills
from queries.explain.asked import explain, find_material, name_of
from queries.explain.facts import read_pairs
from queries.explain.lettering import length, plain, wrapped
from queries.explain.measures import measures_of
from queries.explain.pair import Exhibit, Pair, Post, Review, Sign
from queries.explain.picture import draw, draw_pairs, without_files
from queries.explain.places import corners_of, frames_of, spans_of, spots_of
from queries.explain.sheet import GREEN, RED, WIDTH
from queries.explain.told import sentences_of
from queries.explain.wording import ExplainWording, explain_catalogue
from queries.explain.words import marked
from queries.reader import open_store
from queries.report import ReportRequest, write_report
from queries.shelf import Shelf, content_type_of

ZONE = ZoneInfo("Asia/Jakarta")
INDONESIAN, ENGLISH = ExplainWording("id", ZONE), ExplainWording("en", ZONE)
WHOLE = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]

anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
KEYS = ("corners", "boxes", "hidden", "covered", "pairs", "mirrored", "share", "votes", "needed", "thresholds", "id")


def a_box(left: float, top: float, right: float, bottom: float, kind: str = "changed") -> dict[str, Any]:
    """A box as the image matcher stores it."""
    sides = {"left": left, "top": top, "right": right, "bottom": bottom}
    return {**sides, "kind": kind, "shown": [left, top, right, bottom]}


def exhibit(path: Path) -> Exhibit:
    """A file as the shelf tells of it."""
    return Exhibit(
        hashlib.sha256(path.read_bytes()).hexdigest(), path, content_type_of(path).partition("/")[0]
    )


def a_pair(kind: str, own: list[Path], posted: list[Path], *signs: Sign, text: str = "", caption: str = "") -> Pair:
    """A pair of these files."""
    media = tuple(map(exhibit, posted))
    post = Post("p1", "instagram:x", "Dinas X", "https://x.id/p/1", datetime(2026, 11, 21, tzinfo=UTC), text, media, 0)
    material = Material("k", "m", "Tolak gratifikasi", kind, tuple(own), caption)
    return Pair(post, material, tuple(map(exhibit, own)), signs, True)


def a_sign(matcher: str, why: Mapping[str, Any], sha256: str | None = None, decision: str = "match") -> Sign:
    """A sign with its explanation."""
    return Sign(matcher, 0.9, decision, why, sha256)


def pixels(drawn: bytes) -> np.ndarray[Any, Any]:
    """Of a PNG, as integers."""
    with Image.open(io.BytesIO(drawn)) as image:
        return np.asarray(image.convert("RGB"), np.int64)


def has_colour(shown: np.ndarray[Any, Any], colour: str) -> bool:
    """Whether some pixels have exactly this colour."""
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return int((shown == wanted).all(axis=-1).sum()) > 20


@pytest.fixture(scope="module")
def posters(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """This year's poster and last year's."""
    folder = tmp_path_factory.mktemp("posters")
    for year in (2026, 2025):
        poster = studio.poster(1, "Tolak gratifikasi", year)
        (folder / f"{year}.jpg").write_bytes(studio.as_jpeg(poster))
    return folder / "2026.jpg", folder / "2025.jpg"


@pytest.fixture(scope="module")
def changed(posters: tuple[Path, Path]) -> Pair:
    """Last year's poster, as the image matcher tells of it."""
    own, posted = posters
    why = {
        "id": "Versi lain.", "en": "Another version.", "corners": WHOLE, "share": 1.0, "worst": 9.9,
        "boxes": [a_box(0.30, 0.93, 0.34, 0.95)], "thresholds": {"share": 0.4, "worst": 4.5},
        "reference_sha256": exhibit(own).sha256,
    }  # fmt: skip
    return a_pair("image", [own], [posted], a_sign("image", why, exhibit(posted).sha256, "review"))


def test_a_picture_shows_both_sides_and_what_differs(changed: Pair, tmp_path: Path) -> None:
    """Drawn in a process beside: both posters, the outline, the place; a broken file costs only its still."""
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0 cut off")
    dark = a_pair("image", [broken], [broken], *changed.signs)
    (_, first), (_, second), (_, blank) = draw_pairs([changed, changed, dark], INDONESIAN)
    shown = pixels(first)

    assert first == second
    assert shown.shape[1] == WIDTH
    assert has_colour(shown, GREEN)
    assert has_colour(shown, RED)
    half = shown.shape[1] // 2
    assert all(side.std() > 30 for side in (shown[200:700, 60 : half - 60], shown[200:700, half + 60 : -60]))
    assert pixels(blank)[200:300, 60 : half - 60].std() < 30


def test_a_pair_whose_files_break_the_process_is_drawn_without_them(changed: Pair) -> None:
    """What remains are the words and the measures."""
    drawn = pixels(draw(without_files(changed), "en", "Asia/Jakarta", "PNG"))

    assert drawn.shape[0] < pixels(draw(changed, "en", "Asia/Jakarta", "PNG")).shape[0]


def test_a_clip_is_shown_by_its_frames_and_seconds(tmp_path: Path) -> None:
    """Pairs of frames in a strip, and bars of what is seen and heard."""
    own = studio.clip(tmp_path / "own.mp4", 1, studio.Take((160, 120), 4.0, with_sound=False))
    sha = exhibit(own).sha256
    seen = {"covered": [[0, 2], [3, 4]], "material_seconds": 4.0, "pairs": [[0.5, 0.5], [3, 3]], "covered_share": 0.75}
    heard = {"covered": [[0, 4]], "material_seconds": 4.0, "votes": 90, "needed": 20}
    bare = a_pair("video", [own], [own], a_sign("video", {"pairs": [[0.5, 0.5]]}, sha))
    whole = replace(bare, signs=(a_sign("video", seen, sha), a_sign("audio", heard, sha, "review")))
    heights = [pixels(draw(one, "id", "Asia/Jakarta", "PNG")).shape[0] for one in (bare, whole)]

    assert heights[1] > heights[0] + 400


def test_words_that_are_there_and_that_are_not_are_marked() -> None:
    """In the caption what is found and what is absent, in the post what it quotes."""
    caption = "Laporkan penerimaan gratifikasi paling lambat 30 hari kerja, tahun 2026."
    own, said = marked(caption, f"Selamat pagi. {caption.replace('2026', '2025')}")

    assert {word.text for word in own if word.mark == "missed"} == {"2026."}
    assert {word.text for word in said if not word.mark} >= {"Selamat", "2025."}
    assert "Laporkan" in {word.text for word in said if word.mark == "met"}


def test_no_sign_is_said_in_one_sentence(posters: tuple[Path, Path]) -> None:
    """What was compared, and that nothing was found; or that it was not compared."""
    pair = a_pair("image", [posters[0]], [posters[1]], text="Jam layanan baru")
    [compared] = sentences_of(pair, ENGLISH)
    [unknown] = sentences_of(replace(pair, is_compared=False), INDONESIAN)

    assert compared == "Compared: 1 file(s), a text of 3 word(s). Not one sign of this material was found."
    assert unknown.startswith("Belum dibandingkan")
    assert pair.decision == "none"
    assert not pair.is_worth_a_picture


def test_a_persons_word_holds() -> None:
    """The decision shown is the person's, not the matcher's."""
    pair = a_pair("text", [], [], a_sign("text", {}))

    assert replace(pair, review=Review("none", "Siti")).decision == "none"


@given(st.dictionaries(st.sampled_from(KEYS), anything))
def test_explanations_of_any_shape_are_bearable(why: dict[str, Any]) -> None:
    """What has another shape is left out; what is kept lies within the pictures."""
    for spot in spots_of(why):
        assert all(0 <= side <= 1 for side in spot.own)
    assert len(corners_of(why)) in (0, 4)
    assert all(start < end for start, end in spans_of(why))
    assert all(min(pair) >= 0 for pair in frames_of(why))
    sign = a_sign("image", why)
    assert isinstance(sign.sentence("en"), str)
    for row in measures_of(sign, Material("k", "m", "t", "image"), INDONESIAN):
        assert row.filled is None or 0 <= row.filled <= 1


def test_an_explanation_of_odd_shape_is_still_drawn(posters: tuple[Path, Path]) -> None:
    """A sign of a matcher nobody knows, with nonsense for measures, breaks nothing."""
    own, posted = posters
    odd = {"corners": [[1, 2]], "boxes": [3, {"left": "x"}], "covered": "x", "id": ["?"], "share": True, "hidden": 0.2}
    pair = a_pair("image", [own], [posted], a_sign("novel", odd, "0" * 64, "odd"), text="مرحبا " * 900)

    assert pixels(draw(pair, "id", "Asia/Jakarta", "PNG")).shape[1] == WIDTH


def test_strokes_of_a_digit_are_one_place() -> None:
    """Places of one kind that nearly touch are joined; another kind, or far away, is another place."""
    near = [a_box(0.30, 0.90, 0.31, 0.91), a_box(0.315, 0.91, 0.32, 0.92)]
    others = [a_box(0.30, 0.90, 0.31, 0.91, "overlay"), a_box(0.8, 0.1, 0.9, 0.2)]
    spots = spots_of({"boxes": [*others, *near]})

    assert [(spot.letter, spot.kind) for spot in spots] == [("A", "changed"), ("B", "changed"), ("C", "overlay")]
    assert spots[1].own == (0.30, 0.90, 0.32, 0.92)


def test_places_of_a_mirrored_copy_are_told_where_the_material_has_them() -> None:
    """Boxes are shares of the mirrored material; the picture shows it as it is."""
    [spot] = spots_of({"boxes": [a_box(0.1, 0.2, 0.3, 0.4)], "mirrored": True})

    assert spot.own == pytest.approx((0.7, 0.2, 0.9, 0.4))
    assert spot.shown == (0.1, 0.2, 0.3, 0.4)


def test_measures_stand_against_their_thresholds() -> None:
    """The sign's own thresholds count; the share that must be shown is configuration."""
    why: dict[str, Any] = {"covered_share": 0.4, "moving_ok": 0.9, "votes": 30, "needed": 20, "speed": 1.25}
    why["thresholds"] = {"moving_ok": 0.7}
    rows = {row.name: row for row in measures_of(a_sign("video", why), Material("k", "m", "t", "video"), ENGLISH)}

    assert not rows["Of the material, is shown"].is_passed
    assert rows["Of the material, is shown"].limit == "threshold: at least 50%"
    assert rows["Of what moves, agrees"].is_passed
    assert rows["Landmarks of sound that agree"].limit == "threshold: at least 20"
    assert rows["Speed"].value == "125%"
    assert rows["Speed"].filled is None


@given(st.text(max_size=200), st.integers(40, 900), st.integers(1, 6))
def test_any_text_keeps_within_its_lines(text: str, width: int, most: int) -> None:
    """No line is wider than it may be, and there are no more lines than asked for."""
    lines = wrapped(text, 17, width, most)

    assert len(lines) <= most
    assert all(length(line, 17) <= width for line in lines)


def test_letters_that_the_font_lacks_are_folded() -> None:
    """Fancy letters become plain ones, accents go, dashes are hyphens, emoji vanish."""
    assert plain("𝗧𝗢𝗟𝗔𝗞 suap – café 🙏 “ya” …") == "TOLAK suap - cafe  “ya” ..."


def test_every_text_has_both_languages() -> None:
    """No key is in one language only."""
    assert all(set(words) == {"id", "en"} for keys in explain_catalogue().values() for words in keys.values())


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The synthetic world, with one post's picture told by its true digest; no test changes it."""
    made = build_world(tmp_path_factory.mktemp("explained") / "home")
    with closing(duckdb.connect(made.store)) as connection:
        [[sha, path]] = connection.execute(
            "SELECT media_sha256, e.path FROM sign_rows s JOIN evidence_rows e ON e.sha256 = s.media_sha256 "
            "WHERE s.post_id = 'post-5-1'"
        ).fetchall()
        true = hashlib.sha256((made.home / path).read_bytes()).hexdigest()
        connection.execute("UPDATE evidence_rows SET sha256 = $new WHERE sha256 = $old", {"new": true, "old": sha})
        connection.execute("UPDATE sign_rows SET media_sha256 = $new WHERE post_id = 'post-5-1'", {"new": true})
        connection.execute(
            "UPDATE post_rows SET media = [struct_pack(media_id := 'm', kind := 'image', url := '', sha256 := $new, "
            "trouble := NULL)] WHERE post_id = 'post-5-1'", {"new": true},
        )  # fmt: skip
    return made


@pytest.fixture(scope="module")
def workspace(world: World) -> Workspace:
    """The synthetic world as the front door opens it."""
    (world.home / "tayang.toml").write_text('[instance]\nname = "Uji"\ntimezone = "Asia/Jakarta"\n', encoding="utf-8")
    instance, _ = load_instance(world.home)
    assert instance is not None
    return Workspace(instance, Registry((), ()), world.campaigns, ())


def test_a_stored_pair_is_explained(workspace: Workspace) -> None:
    """By id or address; the picture is written, the facts hold what the matchers stored."""
    explained = explain(workspace, "post-5-1", "poster-gratifikasi")
    again = explain(workspace, "https://www.instagram.com/p/C5x1/", "antikorupsi-2024/poster-gratifikasi")

    assert explained.path == again.path
    assert explained.path.read_bytes().startswith(b"\x89PNG")
    assert [sign["matcher"] for sign in explained.facts["signs"]] == ["image"]
    assert explained.facts["decision"] == "review"
    assert "9 dari 11 bingkai" in explained.sentences[0]
    assert explained.pair.post.media[0].family == "image"


def test_a_pair_without_a_sign_is_explained_too(workspace: Workspace, tmp_path: Path) -> None:
    """Both sides are drawn where `--out` says, and the sentence says that nothing was compared."""
    explained = explain(workspace, "post-5-1", "tolak-tip", tmp_path / "deep" / "it.png")

    assert explained.path == tmp_path / "deep" / "it.png"
    assert explained.path.exists()
    assert explained.sentences[0].startswith("Belum dibandingkan")


@pytest.mark.parametrize(
    ("post", "material", "named"),
    [("post-5-9", "tolak-tip", "post-5-"), ("post-5-1", "tolak-tipp", "antikorupsi-2024/tolak-tip")],
)
def test_what_is_not_there_is_refused_with_the_nearest(
    workspace: Workspace, post: str, material: str, named: str
) -> None:
    """A slip of the pen is answered with what was probably meant."""
    with pytest.raises(WrongUse, match=named):
        explain(workspace, post, material)


def test_a_material_of_several_campaigns_must_be_named_whole(workspace: Workspace) -> None:
    """The choices are given."""
    first, second = workspace.campaigns
    double = replace(second, materials=(replace(second.materials[0], material_id="tolak-tip"),))
    both = replace(workspace, campaigns=(first, double))

    with pytest.raises(WrongUse, match="antikorupsi-2024/tolak-tip, netralitas-2024/tolak-tip"):
        find_material(both, "tolak-tip")


def test_files_are_shown_only_while_they_have_their_bytes(world: World) -> None:
    """A file of the evidence that was changed is told as not shown."""
    poster = world.campaigns[0].materials[1]
    with closing(open_store(world.store)) as connection:
        keys = [(post, poster.campaign_id, poster.material_id) for post in ("post-5-1", "post-6-1", "nothing")]
        pairs = {one.key[0]: one for one in read_pairs(connection, Shelf(world.home), [poster], keys)}

    assert set(pairs) <= {"post-5-1", "post-6-1"}
    assert pairs["post-5-1"].post.media[0].path is not None
    assert all(one.path is None for key, pair in pairs.items() if key != "post-5-1" for one in pair.post.media)


def test_names_of_files_are_safe_whatever_an_id_holds() -> None:
    """No folder, no leading dot, no endless name."""
    pair = a_pair("text", [], [])
    name = name_of(replace(pair, post=replace(pair.post, post_id="news:http://x/../../" + "a" * 300)))

    assert "/" not in name
    assert len(name) < 200


def test_the_report_names_the_pictures_beside_it(world: World, tmp_path: Path) -> None:
    """Page and JSON name the same files, all are there, and a file of an earlier report goes."""
    out = tmp_path / "out"
    old = out / "explain" / "old-m-0123abcd.jpg"
    foreign = out / "explain" / "holiday.jpg"
    old.parent.mkdir(parents=True)
    for path in (old, foreign):
        path.write_bytes(b"x")
    with closing(open_store(world.store, "Asia/Jakarta")) as connection:
        page, told = write_report(
            ReportRequest(
                world.home, Office(), DAY, AS_OF, world.verdicts, world.campaigns, world.agencies, connection, out
            )
        )
    named = {one["picture"] for one in json.loads(told.read_bytes())["verdicts"]} - {None}
    review = next(one for one in json.loads(told.read_bytes())["verdicts"] if one["status"] == "review")

    assert review["picture"] in named
    assert {f"explain/{path.name}" for path in old.parent.iterdir()} == {*named, "explain/holiday.jpg"}
    assert all(f'href="{name}"' in page.read_text(encoding="utf-8") for name in named)
    assert all((out / name).read_bytes().startswith(b"\xff\xd8\xff") for name in named)


def test_the_command_needs_something_to_explain(tmp_path: Path) -> None:
    """In a workspace without any post: exit code 2 and one sentence."""
    world = SmallWorld(tmp_path / "home", [an_account("dinkes")])
    world.write(port=9)
    world.store.prepare()
    done = world.here("match", "--explain", "p1", "ikrar")

    assert done.returncode == 2
    assert "belum ada unggahan" in done.stderr


def test_the_scene_that_was_recognised_is_the_one_drawn(tmp_path: Path) -> None:
    """Of an animation, not its first picture; a scene that is not there is drawn as nothing."""
    greeting, own = (studio.poster(number, words, 2026) for number, words in ((3, "Selamat pagi"), (1, "Tolak tip")))
    path = tmp_path / "slides.gif"
    greeting.save(path, save_all=True, append_images=[own, greeting], duration=2000)
    drawn = stills.picture(path, scene=1)

    assert drawn is not None
    apart = [np.abs(np.asarray(drawn.convert("L"), float) - np.asarray(one.convert("L"), float)).mean()
             for one in (own.resize(drawn.size), greeting.resize(drawn.size))]  # fmt: skip
    assert apart[0] < 6 < apart[1]
    assert stills.picture(path, scene=5) is None
