"""Who said what, the material beside the post, and the places that differ -> the upper half of a sheet."""

from __future__ import annotations

from PIL import Image

from queries.explain.pair import Pair
from queries.explain.places import Shares, Spot
from queries.explain.scene import Scene, Side
from queries.explain.sheet import (
    BLUE,
    GREEN,
    GREY,
    INSIDE,
    LEAST_FRAME,
    LINE,
    MARGIN,
    PURPLE,
    RED,
    SOFT,
    WIDTH,
    Place,
    Sheet,
    widened,
    within,
)
from queries.explain.wording import ExplainWording

GAP = 24
HALF = (INSIDE - GAP) / 2
TALL, FLAT = 560, 110  # of the two panels, with pictures and without any
COLOURS = {"match": GREEN, "review": PURPLE, "none": GREY, "refused": RED}
MOST_PLACES = 3
PLACE_TALL = 190
AROUND = 0.6  # of a place's size, shown around it
LEAST_AROUND = 0.04  # of the picture


def draw_title(sheet: Sheet, pair: Pair, wording: ExplainWording) -> None:
    """The decision, the material, whose post, when and where."""
    decision = "refused" if pair.review and pair.decision == "none" else pair.decision
    right = sheet.chip((MARGIN, sheet.y), wording.named("decision", decision), COLOURS.get(decision, GREY), 22)
    if pair.review is not None:
        sheet.say((right + 14, sheet.y + 9), wording.text("explain.said_by", name=pair.review.reviewer), 17, SOFT)
    sheet.y += 56
    sheet.tell(pair.material.title, 30, is_bold=True, most=2)
    sheet.y += 2
    sheet.tell(f"{pair.post.agency}, {wording.moment(pair.post.published_at)}", 20, most=2)
    sheet.tell(f"{pair.post.account} - {pair.post.url}", 15, SOFT, most=2)
    sheet.y += 14


def draw_beside(sheet: Sheet, pair: Pair, scene: Scene, wording: ExplainWording) -> None:
    """Material left, post right, the matched region and the places marked in both."""
    if pair.material.kind == "text" and not pair.post.media:
        return  # the words stand side by side further down
    tall = TALL if scene.own.still or scene.shown.still else FLAT
    places = [(left, sheet.y + 30, left + HALF, sheet.y + 30 + tall) for left in (MARGIN, MARGIN + HALF + GAP)]
    _draw_own(sheet, places[0], pair, scene, wording)
    _draw_shown(sheet, places[1], scene, wording)
    sheet.y += 30 + tall + 12
    _draw_key(sheet, scene, wording)


def _draw_own(sheet: Sheet, place: Place, pair: Pair, scene: Scene, wording: ExplainWording) -> None:
    """The material, with the places that differ."""
    _draw_name(sheet, place, "material", _second(scene.own, wording), wording)
    laid = _panel(sheet, place, scene.own, "text" if pair.material.kind == "text" else "", wording)
    if laid is not None:
        for spot in reversed(scene.spots):
            sheet.box(laid, spot.own, spot.letter, colour_of(spot))


def _draw_shown(sheet: Sheet, place: Place, scene: Scene, wording: ExplainWording) -> None:
    """The post, with where the material lies in it and what differs there."""
    is_mirrored = scene.sign is not None and scene.sign.why.get("mirrored") is True
    notes = [_second(scene.shown, wording), wording.text("explain.mirrored") if is_mirrored else ""]
    _draw_name(sheet, place, "post", ", ".join(filter(None, notes)), wording)
    laid = _panel(sheet, place, scene.shown, "", wording)
    if laid is not None:
        _mark(sheet, laid, scene)


def _draw_name(sheet: Sheet, place: Place, key: str, note: str, wording: ExplainWording) -> None:
    right = sheet.say((place[0], place[1] - 30), wording.text(f"explain.{key}"), 18, is_bold=True)
    sheet.say((right + 10, place[1] - 28), note, 16, SOFT)


def _panel(sheet: Sheet, place: Place, side: Side, kind: str, wording: ExplainWording) -> Place | None:
    """One side's picture with its places; where it lies, None without one."""
    if side.still is None:
        blank = kind or (side.family if side.family in ("audio", "none") else "unreadable")
        sheet.blank(place, wording.text(f"blank.{blank}"))
        return None
    return sheet.picture(side.still, place)


def _mark(sheet: Sheet, placed: Place, scene: Scene) -> None:
    """Where the material lies in the post, and what differs there."""
    if scene.corners:
        sheet.outline(placed, scene.corners, GREEN)
    for spot in reversed(scene.spots):
        if spot.shown is not None:
            sheet.box(placed, spot.shown, spot.letter, colour_of(spot))


def _second(side: Side, wording: ExplainWording) -> str:
    if side.second is None or side.still is None:
        return ""
    return wording.text("explain.second", second=wording.figure(side.second))


def colour_of(spot: Spot) -> str:
    """Red says something else, blue is only covered."""
    return RED if spot.is_changed else BLUE


def _draw_key(sheet: Sheet, scene: Scene, wording: ExplainWording) -> None:
    """What the colours mean, only of those that are there."""
    told = [("outline", GREEN)] if scene.corners and scene.shown.still else []
    told += [("changed", RED)] if any(spot.is_changed for spot in scene.spots) else []
    told += [("overlay", BLUE)] if any(not spot.is_changed for spot in scene.spots) else []
    x = float(MARGIN)
    for key, colour in told:
        sheet.draw.rectangle((x, sheet.y + 4, x + 16, sheet.y + 16), None, colour, 4)
        x = sheet.say((x + 24, sheet.y), wording.text(f"key.{key}"), 16, SOFT) + 28
    sheet.y += 26 if told else 0


def draw_places(sheet: Sheet, scene: Scene, wording: ExplainWording) -> None:
    """The largest places that differ, each cut out of both pictures."""
    own, shown = scene.own.still, scene.shown.still
    chosen = [spot for spot in scene.spots if spot.shown is not None][:MOST_PLACES]
    if own is None or shown is None or not chosen:
        return
    sheet.head(wording.text("explain.places"))
    for spot in chosen:
        if spot.shown is None:
            continue
        sheet.say((MARGIN, sheet.y), f"{spot.letter}  {wording.named('kind', spot.kind)}", 17, colour_of(spot), True)
        sheet.y += 28
        for at, (still, shares) in enumerate(((own, spot.own), (shown, spot.shown))):
            left = MARGIN + at * (HALF + GAP)
            _cut_out(sheet, (left, sheet.y, left + HALF, sheet.y + PLACE_TALL), still, shares, colour_of(spot))
        sheet.y += PLACE_TALL + 16


def _cut_out(sheet: Sheet, place: Place, still: Image.Image, shares: Shares, colour: str) -> None:
    """A place with what stands around it, as wide as the room for it allows."""
    wide, tall = still.size
    left, top, right, bottom = (share * side for share, side in zip(shares, (wide, tall, wide, tall), strict=True))
    least = LEAST_AROUND * max(wide, tall)
    height = bottom - top + 2 * max(least, AROUND * (bottom - top))
    width = right - left + 2 * max(least, AROUND * (right - left))
    shape = (place[2] - place[0]) / (place[3] - place[1])
    width = min(wide, max(width, height * shape))
    height = min(tall, max(height, width / shape))
    x = min(max(0.0, (left + right - width) / 2), wide - width)
    y = min(max(0.0, (top + bottom - height) / 2), tall - height)
    cut = still.crop((round(x), round(y), round(x + width), round(y + height)))
    lies = sheet.picture(cut, place)
    scale = (lies[2] - lies[0]) / max(1, cut.width)
    frame = (lies[0] + (left - x) * scale, lies[1] + (top - y) * scale,
             lies[0] + (right - x) * scale, lies[1] + (bottom - y) * scale)  # fmt: skip
    sheet.frame(within(widened(frame, 2 * LEAST_FRAME), lies), colour)
    sheet.draw.rectangle(place, None, LINE)


def draw_losses(sheet: Sheet, pair: Pair, wording: ExplainWording) -> None:
    """Media that nobody could look at."""
    if pair.post.lost:
        sheet.tell(wording.text("explain.lost", count=pair.post.lost), 16, RED, right=WIDTH / 4)
