"""A page and the day it was captured -> where its family of pages keeps the article's body; one family per file.

A file here has `LAYOUTS`, newest first. None is deleted when a site is redesigned: it gets a `valid_until`, so that
what was captured before can still be read as it was.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Layout:
    """`bodies`: XPaths of the article's body, the first that finds exactly one element with words holds.

    `without`: XPaths below it (`.//…`) of what is not the article's. `marks`: XPaths of which one must be found first,
    needed where the bodies' names are common. `valid_until`: the last day of capture for which it is known to hold.
    `family`: its file's name, filled in when the folder is read.
    """

    bodies: tuple[str, ...]
    without: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    valid_until: date | None = None
    family: str = ""

    def holds_for(self, root: Any, captured_on: date) -> bool:
        """Whether the page (lxml root) may be of this family."""
        is_in_time = self.valid_until is None or captured_on <= self.valid_until
        return is_in_time and (not self.marks or any(root.xpath(path) for path in self.marks))


def classed(name: str, tag: str = "*") -> str:
    """XPath of the elements that have a class."""
    return f'//{tag}[contains(concat(" ", normalize-space(@class), " "), " {name} ")]'


def within(name: str, tag: str = "*") -> str:
    """XPath of the elements below the present one that have a class."""
    return f".{classed(name, tag)}"


@cache
def all_layouts() -> tuple[Layout, ...]:
    """Every layout in this folder, by file name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(
        replace(one, family=name) for name in names for one in importlib.import_module(f"{__name__}.{name}").LAYOUTS
    )


def find_body(root: Any, captured_on: date, layouts: Sequence[Layout] | None = None) -> tuple[Any, Layout] | None:
    """The body's element (lxml) by the first layout (of this folder's) that knows the page, or None."""
    for layout in all_layouts() if layouts is None else layouts:
        if layout.holds_for(root, captured_on):
            for path in layout.bodies:
                found = [one for one in root.xpath(path) if "".join(one.itertext()).strip()]
                if len(found) == 1:
                    return found[0], layout
    return None
