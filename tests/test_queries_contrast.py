"""Text over each status's ground, its hatching too: readable on screen, on paper, in pictures and in the workbook."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipelines.items import Status
from queries.report.drawing import LOOKS
from queries.report.workbook_looks import look_of

QUERIES = Path(__file__).parent.parent / "queries"
COLOUR = re.compile(r"#[0-9a-f]{6}\b|#[0-9a-f]{3}\b", re.I)
TEXT, SIGN = 4.5, 3.0  # WCAG 2.2: text of any size; marks that mean something


def contrast(one: str, other: str) -> float:
    """Of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    whole = digits if len(digits) == 6 else "".join(2 * one for one in digits)
    parts = [int(whole[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def rule(sheet: str, status: Status) -> tuple[str, list[str]]:
    """The ink of a status and every colour of its ground, from a style sheet; variables by their values."""
    named = dict(re.findall(r"(--[\w-]+):(#[0-9a-f]{3,6})", sheet))
    [body] = re.findall(rf"(?m)^\.s-{status}\{{([^}}]+)\}}", sheet)
    plain = re.sub(r"var\((--[\w-]+)\)", lambda found: named[found[1]], body)
    told = dict(part.split(":", 1) for part in plain.split(";"))
    return told["color"], COLOUR.findall(told["background"])


def test_contrast_is_computed_as_wcag_does() -> None:
    """Black on white, equal colours, and the example that just fails."""
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#abcdef", "#abcdef") == 1
    assert 4.47 < contrast("#777", "#fff") < TEXT


@pytest.mark.parametrize("status", Status)
def test_cells_on_screen_and_in_print_can_be_read(status: Status) -> None:
    """Against every colour of the ground: where a letter crosses a line of the hatching, too."""
    ink, grounds = rule((QUERIES / "report" / "page.css").read_text("utf-8"), status)

    assert grounds
    assert len(grounds) == (2 if status is Status.UNKNOWN else 1)
    assert min(contrast(ink, ground) for ground in grounds) >= TEXT


@pytest.mark.parametrize("status", Status)
def test_cells_on_paper_can_be_read(status: Status) -> None:
    """The same of report.typ: dark ink, or white on what is dark."""
    written = (QUERIES / "report" / "report.typ").read_text("utf-8")
    [ink] = re.findall(r'#let ink = rgb\("(#\w+)"\)', written)
    [dark] = re.findall(r"#let is-dark\(status\) = status in \(([^)]+)\)", written)
    [told] = re.findall(rf'\b{status}: (rgb\("#\w+"\)|white|hatched)', written)
    hatching = written.split("#let hatched")[1].split("#let")[0]
    grounds = COLOUR.findall(hatching if told == "hatched" else "#ffffff" if told == "white" else told)

    assert len(grounds) == (2 if status is Status.UNKNOWN else 1)
    assert min(contrast("#fff" if f'"{status}"' in dark else ink, ground) for ground in grounds) >= TEXT


@pytest.mark.parametrize("status", Status)
def test_signs_in_pictures_stand_out(status: Status) -> None:
    """The sign against its square."""
    ground, _, sign = LOOKS[status]

    assert contrast(sign, ground) >= SIGN


@pytest.mark.parametrize("status", Status)
def test_cells_of_the_workbook_can_be_read(status: Status) -> None:
    """Letters against their fill, and against the lines of a patterned one."""
    look = look_of(status)
    grounds = [str(look[name]) for name in ("bg_color", "fg_color") if name in look]

    assert len(grounds) == (2 if status is Status.UNKNOWN else 1)
    assert min(contrast(str(look["font_color"]), ground) for ground in grounds) >= TEXT
