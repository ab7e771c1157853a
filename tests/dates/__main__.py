"""Prints how many of the lists' dates are read right, wrong or not at all, and how fast."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from crawler.dates import find_dates, read_field
from tests.dates.lists import CAPTURED_AT, WIB, Case, lines, read_line, read_sentence, sentences

_AT_LEAST_S = 2.0


def main() -> None:
    """Figures on stdout; every difference is shown."""
    all_lines, all_sentences = list(lines()), list(sentences())
    wrong = [(case, read) for case in all_lines if (read := read_line(case)) != case.meanings[0]]
    silently = sum(read != "-" for _, read in wrong)
    right = len(all_lines) - len(wrong)
    print(f"lines: {len(all_lines)}, right {right / len(all_lines):.1%}, silently wrong {silently}, ", end="")
    print(f"{_rate(_line, all_lines):,.0f} a second of one core")
    for case, read in wrong:
        print(f"  {case.text!r}: read {read}, is {case.meanings[0]}")
    _show_sentences(all_sentences)


def _show_sentences(cases: list[Case]) -> None:
    pairs = [(set(case.meanings), set(read_sentence(case)), case) for case in cases]
    written, false = sum(len(meant) for meant, _, _ in pairs), sum(len(read - meant) for meant, read, _ in pairs)
    lost = sum(len(meant - read) for meant, read, _ in pairs)
    print(f"sentences: {len(cases)} with {written} dates, found {written - lost}, false {false}, ", end="")
    print(f"{_rate(_sentence, cases):,.0f} a second of one core")
    for meant, read, case in pairs:
        if meant != read:
            print(f"  {case.text!r}: read {sorted(read - meant)}, lost {sorted(meant - read)}")


def _line(case: Case) -> object:
    return read_field(case.text, CAPTURED_AT, WIB)


def _sentence(case: Case) -> object:
    return list(find_dates(case.text, CAPTURED_AT, WIB))


def _rate(read: Callable[[Case], object], cases: Iterable[Case]) -> float:
    """Cases a second of processor time: what else the machine does is left out."""
    cases, times, begun = list(cases), 0, time.process_time()
    while time.process_time() - begun < _AT_LEAST_S:
        for case in cases:
            read(case)
        times += len(cases)
    return times / (time.process_time() - begun)


if __name__ == "__main__":
    main()
