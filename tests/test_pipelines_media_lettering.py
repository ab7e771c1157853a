"""Words in pictures: what is read, what is said when nobody can read, and which pictures are worth reading."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from crawler.sandbox import studio
from pipelines.compare.lettering import (
    Change,
    around_words,
    explain_change,
    numbers_read,
    phrase_likeness,
    phrase_visible,
    respelled,
    same_words,
    text_share,
    words_differ,
)  # fmt: skip
from pipelines.items import Decision, Material, Require
from pipelines.matchers.lettering import LETTERED, MATCHER
from pipelines.media.lettering import (
    Line,
    has_lettering,
    lettering_version,
    read_lettering,
    reader,
    scout_lettering,
)  # fmt: skip
from pipelines.media.ocr import can_read, why_absent

with_extra = pytest.mark.skipif(not can_read(), reason='needs the extra: pip install -e ".[ocr]"')

CAPTION = "Laporkan gratifikasi paling lambat 30 hari kerja. Hubungi 198 sebelum 9 Desember 2026."


def pixels_of(picture: studio.Picture) -> NDArray[np.uint8]:
    return np.ascontiguousarray(np.asarray(picture.convert("RGB"), np.uint8)[:, :, ::-1])


def read_as(*texts: str) -> tuple[Line, ...]:
    return tuple(Line(text, 0.9, (0.1, 0.1 * row, 0.9, 0.1 * row + 0.06)) for row, text in enumerate(texts))


@pytest.fixture(scope="module")
def poster() -> NDArray[np.uint8]:
    return pixels_of(studio.poster(1, "Tolak suap dan pungli", 2026, (720, 720)))


def year_of(year: int, width: int) -> NDArray[np.uint8]:
    whole = pixels_of(studio.resized(studio.poster(1, "Tolak suap", year), width))
    return np.ascontiguousarray(whole[int(width * 0.9) : int(width * 0.98), int(width * 0.06) : int(width * 0.36)])


def test_without_the_extra_everything_is_said_and_nothing_breaks() -> None:
    """Reader and sentences agree on whether the extra is there, and the version tells the two apart."""
    assert (reader() is not None) == can_read()
    assert "tayang[ocr]" in why_absent()[0]
    assert "tayang[ocr]" in why_absent()[1]
    assert lettering_version().endswith("absent") != can_read()


@with_extra
def test_a_poster_is_read_with_places(poster: NDArray[np.uint8]) -> None:
    """Headline and date are read; the date stands in the foot."""
    with_words = reader()
    assert with_words is not None

    lines = with_words.read(poster)

    assert phrase_visible(lines, "Tolak suap dan pungli")
    assert phrase_visible(lines, "9 Desember 2026")
    (date,) = [line for line in lines if "Desember" in line.text]
    assert date.box[1] > 0.85
    assert all(0 <= side <= 1 for line in lines for side in line.box)
    assert lines == with_words.read(poster)


@with_extra
@pytest.mark.parametrize("width", [1080, 540])
def test_a_changed_year_is_named(width: int) -> None:
    """2026 against 2025 in crops of the same place, also on a small and badly compressed picture."""
    posted = cv2.imdecode(cv2.imencode(".jpg", year_of(2025, width), [cv2.IMWRITE_JPEG_QUALITY, 50])[1], 1)

    change = explain_change(year_of(2026, width), np.asarray(posted, np.uint8))

    assert change is not None
    assert change.differing == ("2026", "2025")
    assert "2025" in change.words[0]
    assert "2025" in change.words[1]


@with_extra
def test_what_has_no_words_reads_as_nothing(tmp_path: Path) -> None:
    """Plain crops, slivers and files that are no picture."""
    with_words = reader()
    assert with_words is not None
    plain = np.full((40, 90, 3), 90, np.uint8)
    (tmp_path / "torn.jpg").write_bytes(b"\xff\xd8\xff")

    assert explain_change(plain, plain) is None
    assert with_words.read(plain[:4]) == ()
    assert read_lettering(tmp_path / "torn.jpg") == ()


def test_pictures_with_many_words_stand_out(tmp_path: Path) -> None:
    """A written poster is worth reading, a photograph is not, an unreadable file is not either."""
    written = studio.poster(2, CAPTION, 2026, line=CAPTION)
    photograph = cv2.imdecode(np.frombuffer(studio.filler_jpeg(3), np.uint8), 0)
    path = tmp_path / "poster.jpg"
    path.write_bytes(studio.as_jpeg(written, 60))

    assert scout_lettering(path) >= LETTERED
    assert has_lettering(np.asarray(photograph, np.uint8)) < LETTERED
    assert scout_lettering(tmp_path / "missing.jpg") == 0.0


@pytest.mark.parametrize(
    ("read", "wanted", "expected"),
    [
        ("9Desember2O26", "9 Desember 2026", True),
        ("TOLAK SUAP!", "tolak suap", True),
        ("lnformasi modem", "Informasi modern", True),
        ("9 Desember 2025", "9 Desember 2026", False),
        ("tolak siap", "tolak suap", False),
    ],
)
def test_same_words_despite_readers_faults(read: str, wanted: str, expected: bool) -> None:
    """Spaces, case, 0/O, 1/l/I and rn/m are forgiven, other letters and digits are not."""
    assert same_words(read, wanted) is expected


@given(st.integers(0, 99_999), st.integers(0, 99_999))
def test_no_number_is_taken_for_another(one: int, other: int) -> None:
    """Whatever is forgiven, digits are not."""
    assert same_words(str(one), str(other)) == (one == other)
    assert bool(words_differ(f"tahun {one}", f"tahun {other}")) == (one != other)


def test_differing_words_are_named_on_both_sides() -> None:
    """Numbers and words, each once; a misread letter in a long word is no difference."""
    assert words_differ("9 Desember 2026", "9Desember 2025") == ("2026", "2025")
    assert words_differ("Tolak suap", "Terima suap") == ("tolak", "terima")
    assert words_differ("Laporkan gratifikasi", "Laporkan gratitikasi") == ()
    assert words_differ("", "Baru") == ("baru",)
    assert Change("Tolak", "Tolak", ()).words[0].startswith("Tulisannya sama")


def test_a_phrase_may_run_over_lines_but_not_hide_in_a_word() -> None:
    """Lines beneath each other belong together; a short phrase must be a word; other digits only come near."""
    assert phrase_visible(read_as("BERANI", "JUJUR HEBAT"), "Berani jujur hebat")
    assert phrase_visible(read_as("Hari Antikorupsi Seduna"), "Hari Antikorupsi Sedunia")
    assert not phrase_visible(read_as("Kejujuran kita"), "jujur")
    assert 0.6 < phrase_likeness(read_as("9 Desember 2025"), "9 Desember 2026") < 0.88
    assert phrase_likeness((), "jujur") == 0.0
    assert phrase_likeness(read_as("Jadwal pelayanan keliling"), "Berani jujur hebat") < 0.6


def test_columns_are_read_one_by_one() -> None:
    """Two columns side by side do not tear a phrase apart."""
    left, right = (0.05, 0.45), (0.55, 0.95)
    lines = tuple(
        Line(text, 0.9, (side[0], top, side[1], top + 0.05))
        for top, row in ((0.1, ("Tolak suap", "Jam layanan")), (0.17, ("dan pungli", "baru")))
        for side, text in zip((left, right), row, strict=True)
    )

    assert phrase_visible(lines, "Tolak suap dan pungli")


def test_a_caption_read_with_faults_is_spelled_as_the_caption() -> None:
    """Joined words and look-alikes become the caption's; another year stays."""
    good = read_as("PEMKAB", "Laporkangratifikasi paling lambat 3O hari kerja.", "Hubungi l98 sebelum 9Desember2O26.")
    late = read_as("Laporkan gratifikasi paling lambat 30 hari kerja.", "Hubungi 198 sebelum 9 Desember 2025.")

    assert text_share(good, CAPTION) == 1.0
    assert "Laporkan gratifikasi paling lambat 30 hari kerja." in respelled(good, CAPTION)
    assert "198 sebelum 9 Desember 2026." in respelled(good, CAPTION)
    assert "2025" in respelled(late, CAPTION)
    assert "2026" not in respelled(late, CAPTION)
    assert text_share((), CAPTION) == 0.0
    assert numbers_read("30hari, 2O26, l98") >= {"30", "2026", "198"}


def test_a_changed_box_is_widened_to_whole_words() -> None:
    """Within the picture, mostly sideways."""
    assert around_words((500, 950, 520, 980), (1080, 1080)) == (380, 938, 640, 992)
    assert around_words((0, 0, 20, 20), (50, 40)) == (0, 0, 50, 32)


def test_only_text_materials_are_looked_for_in_pictures() -> None:
    """Pictures and own productions have matchers of their own."""
    text, image = (Material("c", "m", "M", kind, caption=CAPTION) for kind in ("text", "image"))
    own = Material("c", "m", "M", "text", caption=CAPTION, mode="derivative", require=Require(("#a",)))

    assert [MATCHER.applies(one) for one in (text, image, own)] == [True, False, False]


@with_extra
def test_a_caption_is_recognised_in_a_real_picture(tmp_path: Path) -> None:
    """From the drawn picture to the sign, through the reader; another year goes to a person."""
    from pipelines.exhibits import a_post, a_reference

    caption = "Laporkan gratifikasi paling lambat 30 hari kerja sejak diterima, tahun 2026."
    decisions = []
    for year in ("2026", "2025"):
        path = tmp_path / f"{year}.jpg"
        path.write_bytes(studio.as_jpeg(studio.poster(1, caption.replace("2026", year), int(year)), 70))
        sign = MATCHER.compare(a_post(files=[(path, "image")]), a_reference("text", caption=caption))
        decisions.append(sign and sign.decision)

    assert decisions == [Decision.MATCH, Decision.REVIEW]
