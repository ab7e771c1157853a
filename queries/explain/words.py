"""A caption and a post's words -> both, with the words marked that the post holds and those that it lacks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.lexicon import FUNCTION_WEIGHT
from pipelines.passage import Token, read
from pipelines.quotation import find_quotation
from queries.explain.beside import GAP, HALF
from queries.explain.lettering import font, length, plain
from queries.explain.pair import Pair, Sign
from queries.explain.places import words_of
from queries.explain.sheet import GREEN, GREEN_GROUND, INK, MARGIN, RED, RED_GROUND, SOFT, Sheet
from queries.explain.wording import ExplainWording

SIZE, LEADING = 18, 29
MOST_LINES = 14
MOST_LETTERS = 6_000  # of a post in which a quotation is looked for
BEFORE = 60  # letters shown before the quotation
WRITTEN = ("text", "lettering")
GROUNDS = {"met": GREEN_GROUND, "missed": RED_GROUND}


@dataclass(frozen=True, slots=True)
class Word:
    """A word as written; `mark`: met | missed | empty."""

    text: str
    mark: str = ""


def draw_words(sheet: Sheet, pair: Pair, wording: ExplainWording) -> None:
    """Caption left, what was written right."""
    sign = next((one for one in pair.signs if one.matcher in WRITTEN), None)
    caption = pair.material.caption
    if not caption or (sign is None and pair.material.kind != "text"):
        return
    seen = sign.why.get("read") if sign else None
    name, said = ("words_read", seen) if isinstance(seen, str) else ("post", pair.post.text)
    sheet.head(wording.text("explain.words"))
    own, shown = marked(caption, said[:MOST_LETTERS])
    left = _column(sheet, MARGIN, wording.text("explain.material"), own)
    shown = shown or [Word(wording.text("blank.no_words"))]
    right = _column(sheet, MARGIN + HALF + GAP, wording.text(f"explain.{name}"), shown)
    sheet.y = max(left, right) + 8
    _draw_key(sheet, [*own, *shown], wording)
    _draw_lists(sheet, sign, wording)


def marked(caption: str, said: str) -> tuple[list[Word], list[Word]]:
    """Both texts word by word; the post from shortly before what it quotes."""
    found = find_quotation(read(caption), read(said))
    met = [found.own[at] for at in sorted(found.met)]
    lacking = [one for at, one in enumerate(found.own) if at not in found.met and one.weight > FUNCTION_WEIGHT]
    echoes = [found.post[block.at + step] for block in found.blocks for step in range(block.length)]
    own = _words(caption, {"missed": lacking, "met": met})
    start = max(0, echoes[0].start - BEFORE) if echoes else 0
    return own, ([Word("…")] if start else []) + _words(said, {"met": echoes}, start)


def _words(text: str, marks: dict[str, Sequence[Token]], start: int = 0) -> list[Word]:
    words = []
    for piece in re.finditer(r"\S+", text):
        if piece.start() >= start and (shown := plain(piece[0]).strip()):
            hit = (mark for mark, tokens in marks.items() if _touches(tokens, piece.start(), piece.end()))
            words.append(Word(shown, next(hit, "")))
    return words


def _touches(tokens: Iterable[Token], start: int, end: int) -> bool:
    return any(token.start < end and start < token.end for token in tokens)


def _column(sheet: Sheet, left: float, name: str, words: Sequence[Word]) -> float:
    """One text under its name; returns where it ends."""
    sheet.say((left, sheet.y), name, 18, is_bold=True)
    x, y, space = left, sheet.y + 34, length(" ", SIZE)
    for word in words:
        shown = word.text
        while length(shown, SIZE) > HALF:
            shown = shown[: len(shown) * 3 // 4]
        wide = length(shown, SIZE)
        if x > left and x + wide > left + HALF:
            x, y = left, y + LEADING
        if y > sheet.y + 34 + (MOST_LINES - 1) * LEADING:
            sheet.say((left, y), "…", SIZE, SOFT)
            return y + LEADING
        _draw_word(sheet, (x, y), shown, word.mark)
        x += wide + space
    return y + LEADING


def _draw_word(sheet: Sheet, at: tuple[float, float], text: str, mark: str) -> None:
    x, y = at
    if mark:
        sheet.draw.rounded_rectangle((x - 3, y - 2, x + length(text, SIZE) + 2, y + 23), 4, GROUNDS[mark])
    colour = {"met": GREEN, "missed": RED}.get(mark, INK)
    sheet.draw.text((x, y), text, colour, font(SIZE))
    if mark == "missed":
        sheet.draw.line((x, y + 21, x + length(text, SIZE), y + 21), RED, 2)


def _draw_key(sheet: Sheet, words: Sequence[Word], wording: ExplainWording) -> None:
    x = float(MARGIN)
    for mark in ("met", "missed"):
        if any(word.mark == mark for word in words):
            sheet.draw.rounded_rectangle((x, sheet.y + 1, x + 20, sheet.y + 17), 4, GROUNDS[mark])
            x = sheet.say((x + 28, sheet.y), wording.text(f"explain.key_{mark}"), 16, SOFT) + 28
    sheet.y += 28 if x > MARGIN else 0


def _draw_lists(sheet: Sheet, sign: Sign | None, wording: ExplainWording) -> None:
    """What the matcher itself names as absent or different."""
    why = sign.why if sign else {}
    differing = [word for key in ("numbers", "names", "changed") for word in words_of(why, key)]
    for key, words in (("missing", words_of(why, "missing")), ("differing", differing)):
        if words:
            sheet.tell(wording.text(f"explain.{key}", words=", ".join(dict.fromkeys(words))), 17, RED, most=3)
