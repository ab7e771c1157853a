"""What spiders recorded in English, told in the language of whoever reads it."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.details import LONGEST, told_detail
from queries.wording import catalogue

ROOT = Path(__file__).parent.parent
SHAPE = re.compile(r"\{\w+\}")

TOLD = {
    "HTTP 200 without a media block": "layanan menjawab (HTTP 200) tanpa daftar unggahan",
    "the list ends after 25 posts, the account counts 43":
        "daftar berakhir setelah 25 unggahan, padahal akun menghitung 43",
    "(110/2207013) Invalid user id: no such account, or not a professional one":
        "akun tidak ada, atau bukan akun profesional; jawaban layanan: (110/2207013) Invalid user id",
    "robots.txt: challenge page": "robots.txt: halaman penguji peramban, bukan isinya",
    "blocked: robots.txt: HTTP 500": "akses ditolak: robots.txt: HTTP 500",
    "https://a.example/x?y=1: page cut off; truncated": "https://a.example/x?y=1: halaman terpotong; berkas terpotong",
    "truncated; shown by another service; not fetched; empty":
        "berkas terpotong; ditampilkan dari layanan lain; isinya tidak diambil; berkas kosong",
    "peramban gagal: x": "peramban gagal: x",
    "": "",
}  # fmt: skip


@pytest.mark.parametrize("recorded", TOLD)
def test_a_detail_is_told_in_the_reports_language(recorded: str) -> None:
    """Known sentences, alone, joined, or behind an address; what is not known stays. In English all stay."""
    assert told_detail(recorded, "id") == TOLD[recorded]
    assert told_detail(recorded, "en") == recorded


@pytest.mark.parametrize("key", catalogue()["detail"])
def test_every_known_sentence_is_told_whole(key: str) -> None:
    """A sentence that holds what stands between two notes would be taken for two, and neither would be known."""
    english, indonesian = (SHAPE.sub("7", catalogue()["detail"][key][language]) for language in ("en", "id"))

    assert told_detail(english, "id") == indonesian


@cache
def recorded_somewhere() -> frozenset[str]:
    """Every text in the source, the places of an f-string as `{}`."""
    files = [path for room in ("crawler", "pipelines") for path in ROOT.glob(f"{room}/**/*.py")]
    trees = [ast.parse(path.read_text("utf-8")) for path in files]
    found = set()
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
        if isinstance(node, ast.JoinedStr):
            found.add("".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values))
    return frozenset(found)


@pytest.mark.parametrize("key", catalogue()["detail"])
def test_what_the_catalogue_knows_is_still_recorded(key: str) -> None:
    """An English text that a spider no longer writes would leave the new one untold."""
    english = SHAPE.sub("{}", catalogue()["detail"][key]["en"])
    parts = ("blocked", "unreadable") if key in ("blocked", "unreadable") else (english,)

    assert any(part in text for part in parts for text in recorded_somewhere()), english


@given(st.text(max_size=300))
def test_any_detail_can_be_told(recorded: str) -> None:
    """A service's words are nobody's format: braces, colons and semicolons break nothing."""
    assert isinstance(told_detail(recorded, "id"), str)


def test_an_endless_detail_is_bounded() -> None:
    """Sentences within sentences are not followed without end."""
    assert len(told_detail("blocked: " * 100_000, "id")) <= 2 * LONGEST
