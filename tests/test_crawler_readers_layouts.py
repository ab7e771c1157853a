"""Families of pages, each one file -> the folder's promise: known by their names, in their time, for one article."""

from __future__ import annotations

import pkgutil
from dataclasses import replace
from datetime import date
from importlib import import_module
from typing import Any

import pytest

from crawler.readers import layouts
from crawler.readers.body import read_body_of
from crawler.readers.cards import Here
from crawler.readers.content import parse_html
from crawler.readers.layouts import Layout, all_layouts, classed, find_body, within

NAMES = sorted(module.name for module in pkgutil.iter_modules(layouts.__path__))
URL = "https://desa.example/artikel/2024/5/2/pasar-murah"
TODAY = date(2026, 11, 26)
LONG = "Warga datang sejak pagi untuk mengikuti pasar murah yang digelar di halaman kantor kecamatan. " * 3


def page(body: str) -> Any:
    return parse_html(f"<html><body><h1>Pasar murah dibuka</h1>{body}</body></html>")


@pytest.mark.parametrize("name", NAMES)
def test_every_family_can_be_asked(name: str) -> None:
    """A file has layouts whose paths are XPath, and says for whom it is."""
    module = import_module(f"crawler.readers.layouts.{name}")

    assert module.LAYOUTS
    assert module.__doc__
    for one in module.LAYOUTS:
        for path in (*one.bodies, *one.marks, *one.without):
            assert page("<p>x</p>").xpath(path) is not None


def test_a_page_without_any_mark_is_no_family_s() -> None:
    """Nothing is taken for a layout that only looks like one."""
    assert find_body(page(f"<div class='isi'><p>{LONG}</p></div>"), TODAY) is None


def test_a_layout_holds_until_its_last_day() -> None:
    """What was captured before a redesign is read by the layout of its time, what came after by the next."""
    old = Layout(bodies=(classed("lama"),), valid_until=date(2025, 3, 1))
    new = Layout(bodies=(classed("baru"),))
    both = page(f"<div class='lama'>{LONG}</div><div class='baru'>{LONG}</div>")

    def kept(captured_on: date) -> Layout | None:
        found = find_body(both, captured_on, (old, new))
        return found[1] if found else None

    assert (old, new) == (kept(date(2025, 3, 1)), kept(date(2025, 3, 2)))


def test_two_bodies_are_none() -> None:
    """A list of whole articles is not one article."""
    both = page("<div class='b'>satu</div><div class='b'>dua</div>")

    assert find_body(both, TODAY, (Layout((classed("b"),)),)) is None


def test_a_folder_s_layouts_are_all_asked() -> None:
    """A new file needs no other edit."""
    listed = [
        replace(one, family=name) for name in NAMES for one in import_module(f"crawler.readers.layouts.{name}").LAYOUTS
    ]

    assert listed == list(all_layouts())
    assert within("a").startswith(".//")


def test_the_poster_between_headline_and_body_is_the_article_s() -> None:
    """Many themes keep it there; a poster before the headline belongs to the site."""
    opensid = parse_html(
        "<html><head><meta name='theme' content='OpenSID'></head><body><img src='/kepala.jpg'>"
        "<h1>Pasar murah dibuka</h1>"
        f"<img src='/poster.jpg'><div id='isi-artikel'><p>{LONG}</p></div><img src='/iklan.jpg'></body></html>"
    )
    body = read_body_of(opensid, "Pasar murah dibuka", TODAY, Here(URL, URL))

    pictures = [image.get("src") for one in body.holders for image in one.iter("img")]
    assert pictures == ["/poster.jpg"]
