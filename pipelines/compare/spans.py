"""Spans of seconds -> merged, cut, measured."""

from __future__ import annotations

from collections.abc import Sequence

Span = tuple[float, float]


def length(spans: Sequence[Span]) -> float:
    """Seconds in all of the spans."""
    return sum(end - start for start, end in spans)


def merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans in order, those that touch or overlap as one."""
    whole: list[Span] = []
    for start, end in sorted(spans):
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end))
        elif end > start:
            whole.append((start, end))
    return tuple(whole)


def without(spans: Sequence[Span], excluded: Sequence[Span]) -> tuple[Span, ...]:
    """What of the spans lies outside of the excluded ones."""
    left = list(spans)
    for low, high in excluded:
        parts = [((start, min(end, low)), (max(start, high), end)) for start, end in left]
        left = [part for pair in parts for part in pair if part[1] > part[0]]
    return merged(left)
