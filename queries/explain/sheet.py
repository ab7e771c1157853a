"""Words, pictures and boxes -> one tall sheet, filled from the top; every part takes the room it needs."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from queries.explain.lettering import font, length, plain, wrapped
from queries.explain.places import Point, Shares

WIDTH, MARGIN, TALLEST = 1200, 40, 8_000
INSIDE = WIDTH - 2 * MARGIN
PAPER, GROUND, INK, SOFT, LINE = "#ffffff", "#f4f5f6", "#1a2230", "#566072", "#dfe3e8"
GREEN, PURPLE, RED, BLUE, GREY, AMBER = "#0b6b57", "#5a3d99", "#b3261e", "#1f5f99", "#4d5665", "#b06a00"
GREEN_GROUND, RED_GROUND = "#dcf0ea", "#fbe3e1"
BOLD = 0.02  # of the size: the font has one weight; a thin outline makes the other
LEAST_FRAME = 34  # pixels: a digit that differs must be seen within its frame

Place = tuple[float, float, float, float]  # left, top, right, bottom in pixels


class Sheet:
    """A white sheet; `y` is where the next part begins."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH, TALLEST), PAPER)
        self.draw = ImageDraw.Draw(self.image)
        self.y = float(MARGIN)

    def cut(self) -> Image.Image:
        """As much of it as is filled."""
        return self.image.crop((0, 0, WIDTH, min(TALLEST, round(self.y) + MARGIN)))

    def say(self, at: Point, text: str, size: int = 17, colour: str = INK, is_bold: bool = False) -> float:
        """One line of words; returns where it ends."""
        text = plain(text)
        self.draw.text(at, text, colour, font(size), stroke_width=BOLD * size if is_bold else 0)
        return at[0] + length(text, size)

    def tell(
        self, text: str, size: int = 17, colour: str = INK, is_bold: bool = False, most: int = 4, right: float = 0
    ) -> None:  # fmt: skip
        """A paragraph over the whole width, less `right`; the next part begins under it."""
        for line in wrapped(text, size, INSIDE - right, most):
            self.say((MARGIN, self.y), line, size, colour, is_bold)
            self.y += round(size * 1.4)

    def head(self, text: str) -> None:
        """A heading with a rule over it."""
        self.y += 26
        self.draw.line((MARGIN, self.y, WIDTH - MARGIN, self.y), LINE, 1)
        self.y += 14
        self.tell(text, 20, is_bold=True)
        self.y += 8

    def chip(self, at: Point, text: str, colour: str, size: int = 18) -> float:
        """A word on its colour; returns where it ends."""
        text = plain(text)
        right = at[0] + length(text, size) + size * 1.4
        self.draw.rounded_rectangle((*at, right, at[1] + size * 1.75), size * 0.4, colour)
        self.draw.text((at[0] + size * 0.7, at[1] + size * 0.92), text, PAPER, font(size), anchor="lm")
        return right

    def picture(self, image: Image.Image, place: Place) -> Place:
        """An image as large as fits, in the middle; returns where it lies."""
        left, top, right, bottom = place
        scale = min((right - left) / image.width, (bottom - top) / image.height, 4.0)
        width, height = max(1, round(image.width * scale)), max(1, round(image.height * scale))
        x, y = round((left + right - width) / 2), round((top + bottom - height) / 2)
        self.draw.rectangle(place, GROUND)
        self.image.paste(image.resize((width, height), Image.Resampling.LANCZOS), (x, y))
        return (x, y, x + width, y + height)

    def blank(self, place: Place, text: str) -> None:
        """Where no picture can be shown: why not."""
        left, top, right, bottom = place
        self.draw.rectangle(place, GROUND, LINE)
        lines = wrapped(text, 17, right - left - 30, 3)
        y = (top + bottom) / 2 - 12 * len(lines)
        for line in lines:
            self.say(((left + right - length(line, 17)) / 2, y), line, 17, SOFT)
            y += 24

    def outline(self, place: Place, corners: Sequence[Point], colour: str) -> None:
        """A four-cornered line around a part of a picture; what lies outside of the picture is not drawn."""
        left, top, right, bottom = map(round, place)
        inside = self.image.crop((left, top, right, bottom))
        moved = [(x * (right - left), y * (bottom - top)) for x, y in corners]
        brush = ImageDraw.Draw(inside)
        for tone, width in ((PAPER, 6), (colour, 4)):
            brush.line([*moved, moved[0], moved[1]], tone, width, joint="curve")
        self.image.paste(inside, (left, top))

    def box(self, place: Place, shares: Shares, letter: str, colour: str) -> None:
        """A place of a picture in a frame, with its letter at the corner."""
        left, top, right, bottom = place
        frame = widened((
            left + shares[0] * (right - left), top + shares[1] * (bottom - top),
            left + shares[2] * (right - left), top + shares[3] * (bottom - top),
        ), LEAST_FRAME)  # fmt: skip
        self.frame(frame, colour)
        is_high = frame[1] - 24 < top
        x, y = max(left, min(frame[0] - 3, right - 22)), frame[3] + 4 if is_high else frame[1] - 25
        self.draw.rectangle((x, y, x + 22, y + 22), colour)
        self.draw.text((x + 11, y + 11), letter, PAPER, font(17), anchor="mm")

    def frame(self, frame: Place, colour: str) -> None:
        """A coloured frame with a light one around it, seen on any ground."""
        left, top = frame[:2]
        right, bottom = max(left, frame[2]), max(top, frame[3])
        self.draw.rectangle((left - 4, top - 4, right + 4, bottom + 4), None, PAPER, 5)
        self.draw.rectangle((left - 3, top - 3, right + 3, bottom + 3), None, colour, 3)


def widened(place: Place, least: float) -> Place:
    """A place around the same middle, no side shorter than `least`."""
    left, top, right, bottom = place
    wide, tall = max(0.0, least - (right - left)) / 2, max(0.0, least - (bottom - top)) / 2
    return left - wide, top - tall, right + wide, bottom + tall


def within(place: Place, around: Place) -> Place:
    """As much of a place as lies in another, with room for its frame."""
    left, top, right, bottom = around
    return max(left + 4, place[0]), max(top + 4, place[1]), min(right - 4, place[2]), min(bottom - 4, place[3])
