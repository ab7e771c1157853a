"""The signs -> their sentences and measures, each against its threshold; or what was compared without finding any."""

from __future__ import annotations

from pipelines.media.trouble import describe_trouble
from queries.explain.beside import COLOURS
from queries.explain.measures import Measure, measures_of
from queries.explain.pair import Pair, Sign
from queries.explain.sheet import AMBER, GREEN, GREY, GROUND, INK, INSIDE, LINE, MARGIN, SOFT, Sheet
from queries.explain.wording import ExplainWording

MOST_SIGNS, MOST_DIGESTS = 6, 3
NAME, BAR, VALUE = 330, 330, 90  # pixels of the table's columns
ROW = 28


def draw_signs(sheet: Sheet, pair: Pair, wording: ExplainWording) -> None:
    """Every sign in words and figures."""
    sheet.head(wording.text("explain.signs"))
    if not pair.signs:
        sheet.tell(unsaid(pair, wording))
    for sign in pair.signs[:MOST_SIGNS]:
        _draw_sign(sheet, pair, sign, wording)


def unsaid(pair: Pair, wording: ExplainWording) -> str:
    """One sentence about a pair without any sign."""
    if not pair.is_compared:
        return wording.text("unsaid.not_compared")
    if pair.post.lost or pair.post.troubles:
        why = [describe_trouble(one) for one in pair.post.troubles] or [wording.text("unsaid.lost")]
        return wording.text("unsaid.unread", why="; ".join(why))
    words = len(pair.post.text.split())
    what = [wording.text("unsaid.files", count=len(pair.post.media))] if pair.post.media else []
    what += [wording.text("unsaid.words", count=words)] if words else []
    return wording.text("unsaid.compared", what=", ".join(what) or wording.text("unsaid.nothing"))


def sentences_of(pair: Pair, wording: ExplainWording) -> list[str]:
    """What there is to say, a line for each sign."""
    if not pair.signs:
        return [unsaid(pair, wording)]
    return [
        f"{wording.named('decision', sign.decision)}, {wording.named('matcher', sign.matcher)}: "
        f"{sign.sentence(wording.language)}"
        for sign in pair.signs
    ]


def _draw_sign(sheet: Sheet, pair: Pair, sign: Sign, wording: ExplainWording) -> None:
    colour = COLOURS.get(sign.decision, GREY)
    right = sheet.chip((MARGIN, sheet.y), wording.named("decision", sign.decision), colour, 15)
    right = sheet.say((right + 12, sheet.y + 2), wording.named("matcher", sign.matcher), 18, INK, True)
    score = wording.text("explain.score", percent=round(100 * sign.score))
    sheet.say((right + 12, sheet.y + 4), score, 16, SOFT)
    sheet.y += 36
    sheet.tell(sign.sentence(wording.language), 18, most=5)
    sheet.y += 6
    for measure in measures_of(sign, pair.material, wording):
        _draw_measure(sheet, measure)
    sheet.y += 18


def _draw_measure(sheet: Sheet, measure: Measure) -> None:
    """A row: what, the bar with its threshold, the value, the threshold in words."""
    sheet.say((MARGIN, sheet.y), measure.name, 16, SOFT)
    left, y = MARGIN + NAME, sheet.y + 3
    if measure.filled is not None:
        sheet.draw.rectangle((left, y, left + BAR, y + 14), GROUND, LINE)
        colour = GREY if measure.mark is None else GREEN if measure.is_passed else AMBER
        if measure.filled > 0:
            sheet.draw.rectangle((left, y, left + max(1, BAR * measure.filled), y + 14), colour)
        if measure.mark is not None:
            at = left + BAR * min(1.0, measure.mark)
            sheet.draw.line((at, y - 4, at, y + 18), INK, 2)
    value_at = left + (BAR + 14 if measure.filled is not None else 0)
    sheet.say((value_at, sheet.y), measure.value, 16, INK)
    sheet.say((left + BAR + VALUE, sheet.y), measure.limit, 15, SOFT)
    sheet.y += ROW


def draw_digests(sheet: Sheet, pair: Pair, wording: ExplainWording) -> None:
    """By which bytes all this can be checked again."""
    named = {sign.media_sha256 for sign in pair.signs}
    told = [("material", one.sha256) for one in pair.own[:MOST_DIGESTS]]
    told += [("post", one.sha256) for one in pair.post.media if one.sha256 in named]
    if not told:
        return
    sheet.y += 10
    sheet.draw.line((MARGIN, sheet.y, MARGIN + INSIDE, sheet.y), LINE)
    sheet.y += 10
    for key, sha256 in told:
        sheet.tell(f"{wording.text(f'explain.{key}')} SHA-256 {sha256}", 13, SOFT)
