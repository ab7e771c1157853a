"""The chain of statements: whatever is changed, removed or moved is found; what a kill tore is mended."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import StoreDamaged
from pipelines.ledger import GENESIS, Ledger, broken_links, lines_of_kind, read_lines

STATEMENTS = st.lists(
    st.dictionaries(
        st.sampled_from(["kind", "url", "sha256", "bytes"]), st.text(max_size=8) | st.integers(), max_size=3
    ),
    min_size=2,
    max_size=6,
)


def written(path: Path, statements: list[dict[str, object]]) -> bytes:
    ledger = Ledger(path)
    for statement in statements:
        ledger.add(statement)
    ledger.commit()
    return path.read_bytes()


def holds(path: Path, count: int) -> bool:
    """Whether the file is whole, in order, and has all its lines."""
    try:
        lines = list(read_lines(path))
    except ValueError:
        return False
    return len(lines) == count and broken_links(lines) == []


def fresh() -> Path:
    return Path(tempfile.mkdtemp()) / "ledger.jsonl"


@settings(max_examples=40, deadline=None)
@given(STATEMENTS, st.data())
def test_any_one_byte_change_is_found(statements: list[dict[str, object]], data: st.DataObject) -> None:
    """Replaced, inserted or taken out, wherever it stands."""
    path = fresh()
    raw = written(path, statements)
    at = data.draw(st.integers(0, len(raw) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != raw[at]))
    for changed in (
        raw[:at] + bytes([byte]) + raw[at + 1 :],
        raw[:at] + bytes([byte]) + raw[at:],
        raw[:at] + raw[at + 1 :],
    ):
        path.write_bytes(changed)
        # A byte behind the last line is a torn beginning of the next: it says nothing.
        assert not holds(path, len(statements)) or changed.startswith(raw)


@settings(max_examples=40, deadline=None)
@given(STATEMENTS, st.data())
def test_a_removed_or_moved_line_is_found(statements: list[dict[str, object]], data: st.DataObject) -> None:
    """Also the last one, by the number of lines, which the store knows."""
    path = fresh()
    lines = written(path, statements).splitlines(keepends=True)
    one = data.draw(st.integers(0, len(lines) - 1))
    other = data.draw(st.integers(0, len(lines) - 1).filter(lambda number: number != one))
    swapped = list(lines)
    swapped[one], swapped[other] = lines[other], lines[one]
    for changed in (lines[:one] + lines[one + 1 :], swapped, [*lines, lines[one]]):
        path.write_bytes(b"".join(changed))
        assert not holds(path, len(statements))


@settings(max_examples=20, deadline=None)
@given(STATEMENTS, st.data())
def test_a_line_that_a_kill_tore_is_cut_off_and_the_chain_goes_on(
    statements: list[dict[str, object]], data: st.DataObject
) -> None:
    """All whole lines stay as they are; the next statement follows the last of them."""
    path = fresh()
    raw = written(path, statements)
    cut = data.draw(st.integers(0, len(raw) - 1))
    path.write_bytes(raw[:cut])
    whole = raw[: raw.rfind(b"\n", 0, cut) + 1]

    assert [*read_lines(path)] == [*read_lines(path)][: whole.count(b"\n")]
    after = written(path, [{"kind": "next"}])
    assert after.startswith(whole)
    assert holds(path, whole.count(b"\n") + 1)


def test_statements_are_on_disk_only_after_commit(tmp_path: Path) -> None:
    """A ledger that was not committed says nothing; what it returns is what it wrote."""
    ledger = Ledger(tmp_path / "evidence" / "ledger.jsonl")
    ledger.add({"kind": "media"})

    assert not ledger.path.exists()
    [line] = ledger.commit()
    assert [line] == list(read_lines(ledger.path))
    assert (line["seq"], line["prev"]) == (1, GENESIS)
    assert ledger.commit() == []


def test_long_lines_do_not_break_the_chain(tmp_path: Path) -> None:
    """Lines longer than the tail that is read first: an import's note may hold a whole form."""
    path = tmp_path / "ledger.jsonl"
    written(path, [{"kind": "note", "content": "x" * 300_000}, {"kind": "note", "content": "y" * 200_000}])
    path.write_bytes(path.read_bytes() + b'{"torn' * 50_000)
    written(path, [{"kind": "next"}])

    assert holds(path, 3)


@pytest.mark.parametrize("damage", [b"not json\n", b"5\n", b'{"seq":1}\n', b'{"hash":"x","seq":"1"}\n'])
def test_a_ledger_that_cannot_be_continued_is_damage(tmp_path: Path, damage: bytes) -> None:
    """Nothing is sealed onto a line that is none: exit 3, a person looks."""
    path = tmp_path / "ledger.jsonl"
    raw = written(path, [{"kind": "media"}])
    path.write_bytes(raw + damage if damage != b'{"seq":1}\n' else raw.replace(b":", b": "))

    with pytest.raises(StoreDamaged):
        Ledger(path)
    assert not holds(path, 1)


def test_lines_are_read_from_any_point(tmp_path: Path) -> None:
    """What the store has not indexed yet."""
    path = tmp_path / "ledger.jsonl"
    written(path, [{"kind": str(number)} for number in range(5)])

    assert [line["kind"] for line in read_lines(path, after=3)] == ["3", "4"]
    assert list(read_lines(tmp_path / "none.jsonl")) == []


def test_lines_of_one_kind_are_those_that_hold(tmp_path: Path) -> None:
    """Neither others that name it within, nor a damaged or a torn one; of no ledger and of an empty one none."""
    path = tmp_path / "ledger.jsonl"
    assert list(lines_of_kind(path, "review")) == []
    path.touch()
    assert list(lines_of_kind(path, "review")) == []

    kinds = ("review", "run", "review", "review")
    whole = written(path, [{"kind": kind, "content": {"kind": "review"}} for kind in kinds])
    path.write_bytes(whole + whole.splitlines()[0])
    assert [line["seq"] for line in lines_of_kind(path, "review")] == [1, 3, 4]

    path.write_bytes(whole.replace(b'"seq":3', b'"seq": 3'))
    assert [line["seq"] for line in lines_of_kind(path, "review")] == [1, 4]


@pytest.mark.parametrize("left", [0, 1])
def test_what_was_deleted_under_a_run_is_not_begun_anew(left: int) -> None:
    """Neither the run that goes on nor the next one takes a ledger without its beginning for a whole one."""
    path = fresh()
    written(path, [{"kind": "a"}, {"kind": "b"}])
    at_work = Ledger(path)
    whole = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(whole[2 - left :]))
    at_work.add({"kind": "c"})

    with pytest.raises(StoreDamaged):
        at_work.commit()
    if left:
        with pytest.raises(StoreDamaged, match="begins with seq 2"):
            Ledger(path)
