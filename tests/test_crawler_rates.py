"""Questions and statements over hours, restarts and kills -> how much of an hour's budget is used."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.host_budget import seconds_of
from crawler.rates import HOUR, LONGEST_REST, STOP_AT, RateBook, token_key

KEY = "token:0123"
EVENTS = st.lists(
    st.tuples(st.integers(0, 7200), st.sampled_from(["asked", "said", "rest"]), st.integers(0, 100)), max_size=30
)


class Hands:
    """A clock that is set by hand."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def play(book: RateBook, hands: Hands, events: list[tuple[int, str, int]]) -> None:
    began = hands.now
    for at, what, number in sorted(events):
        hands.now = began + at
        if what == "asked":
            book.asked(KEY)
        elif what == "said":
            book.said(KEY, number)
        else:
            book.rest(KEY, number * 60)


def test_what_is_asked_leaves_the_budget_after_an_hour() -> None:
    """A sliding window, not an hour of the clock."""
    hands = Hands()
    book = RateBook(clock=hands)
    for _ in range(10):
        book.asked(KEY)
        hands.now += 60
    hands.now += HOUR - 600 - 1

    assert book.percent(KEY, 10) == 100
    hands.now += 2
    assert book.percent(KEY, 10) == 90
    assert book.percent(KEY) == 0
    hands.now += HOUR
    assert book.percent(KEY, 10) == 0


def test_a_statement_shrinks_with_the_questions_it_counted() -> None:
    """96 % after four questions is 48 % when two of them lie an hour back; without any it stands an hour."""
    hands = Hands()
    book, bare = RateBook(clock=hands), RateBook(clock=hands)
    for pause in (0, 0, 600, 0):
        hands.now += pause
        book.asked(KEY)
    book.said(KEY, 96)
    bare.said(KEY, 96)
    said_at = hands.now

    assert book.percent(KEY) == bare.percent(KEY) == 96
    assert book.free_at(KEY) == said_at + HOUR - 600
    hands.now = said_at + HOUR - 600
    assert (book.percent(KEY), bare.percent(KEY)) == (48, 96)
    assert bare.free_at(KEY) == said_at + HOUR
    hands.now = said_at + HOUR
    assert (book.percent(KEY), bare.percent(KEY), book.is_stated(KEY)) == (0, 0, False)


def test_a_refusal_uses_up_the_budget_until_its_end() -> None:
    """Nothing said in between takes that back, and no service is waited for longer than a day."""
    hands = Hands()
    book = RateBook(clock=hands)
    book.rest(KEY, 1800)
    book.rest(KEY, 60)
    book.said(KEY, 3)

    assert (book.percent(KEY), book.free_at(KEY)) == (100, hands.now + 1800)
    assert book.percent("host:other") == 0
    hands.now += 1800
    assert book.percent(KEY) == 3
    book.rest(KEY, 1e9)
    assert book.free_at(KEY) == hands.now + LONGEST_REST


@given(EVENTS, st.integers(0, 20), st.integers(0, 4000))
def test_a_restart_changes_nothing(events: list[tuple[int, str, int]], limit: int, later: int) -> None:
    """Whatever happened: the book that is opened again says what the one that was never closed says."""
    with tempfile.TemporaryDirectory() as folder:
        path, hands = Path(folder) / "rates", Hands()
        book = RateBook(path, hands)
        play(book, hands, events)
        hands.now += later

        again = RateBook(path, hands)
        assert book.percent(KEY, limit) == again.percent(KEY, limit)
        assert book.free_at(KEY, limit) == again.free_at(KEY, limit)


@given(EVENTS, st.integers(0, 20))
def test_it_is_free_when_it_says(events: list[tuple[int, str, int]], limit: int) -> None:
    """At the told instant there is room, and an hour after the last event and refusal all of it."""
    hands = Hands()
    book = RateBook(clock=hands)
    play(book, hands, events)
    free = book.free_at(KEY, limit)

    assert free == hands.now or book.percent(KEY, limit) >= STOP_AT
    hands.now = free
    assert book.percent(KEY, limit) < STOP_AT
    hands.now += 2 * HOUR + 6000
    assert book.percent(KEY, limit) == 0


def test_a_restart_knows_what_a_statement_counted(tmp_path: Path) -> None:
    """Also the questions that have left the hour since."""
    hands = Hands()
    book = RateBook(tmp_path / "rates", hands)
    book.asked(KEY)
    hands.now += 900
    book.asked(KEY)
    book.said(KEY, 90)
    hands.now += 2800

    assert book.percent(KEY) == RateBook(tmp_path / "rates", hands).percent(KEY) == 45


def test_a_killed_process_loses_no_question(tmp_path: Path) -> None:
    """kill -9 right after the call; a line torn by a full disk is passed over."""
    path = tmp_path / "rates"
    code = (
        "import os, signal, sys; from pathlib import Path; from crawler.rates import RateBook\n"
        "book = RateBook(Path(sys.argv[1]))\nfor _ in range(7): book.asked('k')\nos.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(path)], check=False, cwd=Path(__file__).parents[1])
    with path.open("ab") as stream:
        stream.write(b'{"key": "k", "asked": tru\n["k"]\n{"key": "k", "said": "x", "percent": 1}\n{"key": "k", "as')

    assert killed.returncode == -9
    assert RateBook(path).percent("k", 7) == 100
    assert path.read_text().count("\n") == 7


def test_lines_of_the_future_are_dropped(tmp_path: Path) -> None:
    """A clock that stood a year ahead must not silence the channel for a year."""
    path, ahead = tmp_path / "rates", Hands(2_000_000.0)
    wrong = RateBook(path, ahead)
    wrong.asked(KEY)
    wrong.said(KEY, 99)
    wrong.rest(KEY, HOUR)

    assert RateBook(path, Hands()).percent(KEY, 1) == 0
    assert path.read_bytes() == b""


def test_the_token_is_not_in_its_name() -> None:
    """Two tokens have two budgets, and nobody reads them."""
    assert token_key("EAAG-secret") != token_key("EAAG-other")
    assert "EAAG" not in token_key("EAAG-secret")


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("120", 120), (" 5 ", 5), ("Thu, 01 Jan 1970 00:02:00 GMT", 20), ("-3", 0), ("soon", 0), ("٣", 0),
        ("9" * 40, 999_999_999),
    ],
)
def test_retry_after_is_seconds_or_a_date(told: str, seconds: float) -> None:
    """What is neither asks for nothing."""
    assert seconds_of(told, 100.0) == seconds

