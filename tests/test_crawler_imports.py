"""Every import format against its saved cases, and against files that mean harm."""

from __future__ import annotations

import gzip
import json
import lzma
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.imports import Delivery, Export, Format, Reading, formats, plain_name, unpacked
from crawler.items import Quality
from crawler.language import speak
from crawler.shortcodes import code_of, earliest_instant, pk_of, post_link

PAGES = Path(__file__).parent / "pages" / "import"
NOW = datetime(2024, 5, 2, tzinfo=UTC)
NONSENSE = [b"", b"\xff\xfe\x00", b"[" * 100_000, b"null", b"{}", b'{"data": 1}', b"\xfd7zXZ\0", b"\x1f\x8b"]
CASES = sorted(path.parent for path in PAGES.glob("*/*/expected.json"))


def read(form: Format, *exports: Export) -> Reading:
    return form.read(Delivery(exports, NOW, ZoneInfo("Asia/Jakarta")))


def brought(folder: Path) -> tuple[Format, list[Export]]:
    """The files of a case as its format would be given them."""
    form, names = formats()[folder.parent.name], frozenset(path.name for path in folder.iterdir())
    files = sorted(name for name in names if name.endswith(form.suffixes) and name != "expected.json")
    return form, [Export(name, (folder / name).read_bytes(), names) for name in files]


def told(folder: Path) -> dict[str, Any]:
    """What a format says of a folder, in the words of expected.json."""
    form, exports = brought(folder)
    reading = read(form, *exports)
    posts = [
        {
            "id": found.post.post_id, "url": found.post.url, "from": found.post.published_at.isoformat(),
            "until": found.post.published_until.isoformat(), "quality": found.post.published_quality.value,
            "text": found.post.text, "who": [*found.handles, found.agency], "unread": found.post.unread,
            "media": [[m.media_id, m.kind, found.media_files.get(m.media_id) or m.trouble] for m in found.post.media],
        }
        for found in reading.found
    ]  # fmt: skip
    claims = [
        {
            "who": claim.agency, "url": claim.url, "for": [claim.campaign_id, claim.material_id],
            "claimed": claim.claimed_at and claim.claimed_at.isoformat(),
            "submitted": claim.submitted_at and claim.submitted_at.isoformat(),
        }
        for claim in reading.claims
    ]  # fmt: skip
    return {"posts": posts, "claims": claims, "problems": [str(problem) for problem in reading.problems]}


@pytest.mark.parametrize("folder", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_saved_case_is_read_as_expected(folder: Path) -> None:
    """A folder of files and what they show: posts, claims, and every line that gave less, named."""
    speak("en")
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))

    assert expected == told(folder)


@pytest.mark.parametrize("name", formats())
class TestEveryFormat:
    def test_has_cases_with_and_without_problems(self, name: str) -> None:
        """A format is known by its cases: at least one post, at least one named problem."""
        cases = [json.loads((folder / "expected.json").read_text()) for folder in CASES if folder.parent.name == name]

        assert any(case["posts"] for case in cases)
        assert any(case["problems"] for case in cases)

    def test_names_its_origin_and_never_an_account(self, name: str) -> None:
        """Whose a post is, the registry says; where it comes from, the format."""
        cases = [brought(folder) for folder in CASES if folder.parent.name == name]
        found = [one for form, exports in cases for one in read(form, *exports).found]

        assert {f"import:{name}"} == {one.post.origin for one in found}
        assert {("", "")} == {(one.post.agency_id, one.post.handle) for one in found}

    @pytest.mark.parametrize("body", NONSENSE)
    def test_nonsense_is_named_not_raised(self, name: str, body: bytes) -> None:
        """Whatever is brought: nothing is found, and nothing is thrown."""
        assert not read(formats()[name], Export("x", body)).found

    @given(body=st.binary(max_size=200))
    def test_any_bytes_are_survived(self, name: str, body: bytes) -> None:
        """Readers meet files of any origin."""
        read(formats()[name], Export("x", body))


def test_a_packed_bomb_is_refused_within_bounds() -> None:
    """A small archive of a large nothing is told as too large, without unpacking it whole."""
    bomb = lzma.compress(bytes(64 << 20), preset=0)
    tracemalloc.start()
    with pytest.raises(ValueError, match="MB"):
        unpacked(Export("bomb.json.xz", bomb), bound=1 << 20)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 16 << 20


@pytest.mark.parametrize(
    ("name", "unit", "many", "told"),
    [
        ("instaloader", b"{},", 10 << 20, "lebih dari 8 MB"),
        ("gallery-dl", b"{},", 10 << 20, "lebih dari 8 MB"),
        ("zeeschuimer", b"{},", 10 << 20, "lebih dari 8 MB"),
        ("zeeschuimer", b"{}\n", 60_000, "dan 10001 lagi"),
        ("zeeschuimer", b"{}\n", 30_000_000, "sisanya tidak dibaca"),
        ("submission", b"x\n", 5 << 20, "lebih dari 4 MB"),
        ("submission", b"x\n", 40_000, "dan 1 lagi"),
    ],
)
def test_a_small_file_of_millions_of_nothings_fills_no_memory(name: str, unit: bytes, many: int, told: str) -> None:
    """Packed a few kilobytes, unpacked within the bound of a file, as objects it would be gigabytes."""
    head, tail = (b'{"node":[', b"{}]}") if unit == b"{}," else (b"agency_id,url\n", b"")
    body = gzip.compress(head + unit * (many // len(unit)) + tail, 1)
    tracemalloc.start()
    problems = read(formats()[name], Export("bom.json", body)).problems
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert told in problems[-1].text
    assert len(problems) <= 10_001
    assert peak < 96 << 20


def test_blank_lines_cost_next_to_nothing_and_are_counted() -> None:
    """A captured file of 32 MB of blank lines is gone over at once; the row behind them keeps its number."""
    body = b"\n" * (32 << 20) + b" \r\n\t{\r\n"
    began = time.process_time()
    [problem] = read(formats()["zeeschuimer"], Export("kosong.ndjson", body)).problems

    assert problem.line == (32 << 20) + 2
    assert time.process_time() - began < 3  # line by line it was 10


def test_gzip_is_unpacked_and_a_cut_one_refused() -> None:
    """Both ways of packing are known by their first bytes."""
    packed = gzip.compress(b"isi")

    assert unpacked(Export("x.gz", packed)) == b"isi"
    with pytest.raises(ValueError, match="terpotong"):
        unpacked(Export("x.gz", packed[:-4]))


@pytest.mark.parametrize("name", ["../x.jpg", "/etc/passwd", "a\\b", "..", ".", "x\0"])
def test_paths_lead_nowhere(name: str) -> None:
    """Even where such a name were listed beside, it is not taken."""
    assert plain_name(name, frozenset({name})) is None


@given(milliseconds=st.integers(1_325_376_000_000, 1_893_456_000_000), rest=st.integers(0, (1 << 23) - 1))
def test_a_shortcode_carries_its_time(milliseconds: int, rest: int) -> None:
    """Number, code and millisecond are one thing in three spellings."""
    pk = ((milliseconds - 1_314_220_021_721) << 23) + rest

    assert pk == pk_of(code_of(pk))
    assert abs(earliest_instant(pk).timestamp() * 1000 - milliseconds) < 1


def test_a_measured_post_is_never_earlier_than_its_code() -> None:
    """Two posts whose time the service told: the code is 197 and 479 seconds early, never late."""
    told_at = datetime(2026, 10, 2, 21, 5, 27, tzinfo=UTC)

    assert timedelta(0) <= told_at - earliest_instant(pk_of("DeAZ0uAgNuA")) < timedelta(minutes=4)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.instagram.com/p/DeAZ0uAgNuA/?igsh=x", ("DeAZ0uAgNuA", None)),
        ("https://instagram.com/dinas.contoh/reel/DeAZ0uAgNuA", ("DeAZ0uAgNuA", "dinas.contoh")),
        ("instagram.com/reels/DeAZ0uAgNuA/", ("DeAZ0uAgNuA", None)),
        ("https://www.instagram.com/dinas.contoh/", None),
        ("https://www.instagram.com/share/p/DeAZ0uAgNuA", None),
        ("https://instagram.com.evil.example/p/DeAZ0uAgNuA/", None),
        ("https://[broken/p/DeAZ0uAgNuA/", None),
    ],
)
def test_links_of_posts(url: str, expected: tuple[str, str | None] | None) -> None:
    """Only the address of one post on Instagram itself is one."""
    assert expected == post_link(url)


@pytest.mark.parametrize("code", ["", "abc", "zzzzzzzzzzz", "kode dengan spasi"])
def test_what_is_no_code_is_refused(code: str) -> None:
    """Too short, too large for a number, or other letters."""
    with pytest.raises(ValueError, match="^" + code):
        pk_of(code)


def test_no_import_claims_an_exact_time_from_a_code() -> None:
    """What is derived from a shortcode is a lower bound, whatever people claim beside it."""
    found = [one.post for form, exports in map(brought, CASES) for one in read(form, *exports).found]
    derived = [one for one in found if one.channel == "instagram" and one.published_at != one.published_until]

    assert {"import:zeeschuimer", "import:submission"} == {one.origin for one in derived}
    assert {Quality.LOWER_BOUND} == {one.published_quality for one in derived}
    assert {earliest_instant(int(one.native_id)) for one in derived} == {one.published_at for one in derived}


def test_a_tiktok_number_refutes_an_earlier_claim() -> None:
    """Its upper 32 bits are the second of its making: a claim before it is named, the post begins there."""
    made_at = datetime(2024, 4, 24, 3, tzinfo=UTC)
    url = f"https://www.tiktok.com/@dinkes/video/{int(made_at.timestamp()) << 32}"
    rows = f"agency_id,url,claimed_at\ndinkes,{url},2024-04-22\ndinkes,{url},2024-04-25\n".encode()
    file, received_at = Export("k.csv", rows, frozenset()), made_at + timedelta(days=9)
    delivery = Delivery((file,), received_at, ZoneInfo("Asia/Jakarta"), {})
    reading = formats()["submission"].read(delivery)

    assert [one.line for one in reading.problems] == [2]
    assert {made_at} == {one.post.published_at for one in reading.found}
