"""The moments on which material and clip agree -> a strip of frames, and a bar of the seconds that are shown."""

from __future__ import annotations

from collections.abc import Sequence

from queries.explain.pair import Pair, Sign
from queries.explain.places import Span, number, spans_of
from queries.explain.scene import Frames, Scene
from queries.explain.sheet import BLUE, GREEN, GROUND, INK, INSIDE, LINE, MARGIN, SOFT, Sheet
from queries.explain.wording import ExplainWording

STRIP_GAP = 10
STRIP_TALL = 130
LABEL = 170  # pixels left of a bar
BAR_TALL = 24
MOST_SPANS = 6  # told in figures; all are drawn


def draw_strip(sheet: Sheet, frames: Sequence[Frames], wording: ExplainWording) -> None:
    """Frames of the material over those of the clip, with their seconds."""
    if not frames:
        return
    sheet.head(wording.text("explain.strip"))
    wide = (INSIDE - LABEL - (len(frames) - 1) * STRIP_GAP) / len(frames)
    tops = sheet.y + 24, sheet.y + 24 + STRIP_TALL + 8
    for key, top in zip(("material", "post"), tops, strict=True):
        sheet.say((MARGIN, top + STRIP_TALL / 2 - 12), wording.text(f"explain.{key}"), 17, SOFT)
    for at, one in enumerate(frames):
        left = MARGIN + LABEL + at * (wide + STRIP_GAP)
        for still, top in zip((one.own, one.shown), tops, strict=True):
            place = (left, top, left + wide, top + STRIP_TALL)
            sheet.picture(still, place) if still else sheet.blank(place, "")
        for second, y in ((one.own_second, sheet.y), (one.shown_second, tops[1] + STRIP_TALL + 5)):
            sheet.say((left, y), wording.text("explain.second", second=wording.figure(second)), 15, SOFT)
    sheet.y = tops[1] + STRIP_TALL + 32


def draw_course(sheet: Sheet, pair: Pair, scene: Scene, wording: ExplainWording) -> None:
    """Which seconds of the material are seen, and which are heard."""
    told = [(sign, spans) for sign in pair.signs if (spans := spans_of(sign.why))]
    rows = {sign.matcher: (sign, spans) for sign, spans in reversed(told)}  # the strongest sign of each matcher
    if not rows:
        return
    total = max(max(_total(sign), spans[-1][1]) for sign, spans in rows.values())
    sheet.head(wording.text("explain.course"))
    for matcher in sorted(rows, key=lambda name: name == "audio"):
        sign, spans = rows[matcher]
        label, colour = ("heard", BLUE) if matcher == "audio" else ("seen", GREEN)
        sheet.say((MARGIN, sheet.y + 1), wording.text(f"explain.{label}"), 17, INK)
        _draw_bar(sheet, spans, total, colour)
        words = wording.text(
            "explain.of_seconds", spans=_named(spans, wording), total=wording.figure(_total(sign) or total)
        )
        sheet.say((MARGIN + LABEL, sheet.y + BAR_TALL + 4), words, 15, SOFT)
        sheet.y += BAR_TALL + 34


def _named(spans: Sequence[Span], wording: ExplainWording) -> str:
    named = ", ".join(f"{wording.figure(start)}-{wording.figure(end)}" for start, end in spans[:MOST_SPANS])
    return named + (", …" if len(spans) > MOST_SPANS else "")


def _total(sign: Sign) -> float:
    return number(sign.why, "material_seconds") or 0.0


def _draw_bar(sheet: Sheet, spans: Sequence[Span], total: float, colour: str) -> None:
    left, wide = MARGIN + LABEL, INSIDE - LABEL
    sheet.draw.rectangle((left, sheet.y, left + wide, sheet.y + BAR_TALL), GROUND, LINE)
    for start, end in spans:
        begin, stop = (left + wide * min(1.0, at / total) for at in (start, end))
        sheet.draw.rectangle((begin, sheet.y, max(begin + 1, stop), sheet.y + BAR_TALL), colour)
