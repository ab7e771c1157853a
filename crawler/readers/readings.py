"""An article page -> its words as trafilatura, readability and jusText read them, each in its own way."""

from __future__ import annotations

import copy
import re
from typing import Any

import justext
import trafilatura
from lxml import html as html_elements  # type: ignore[import-untyped]  # lxml ships no types
from trafilatura.readability_lxml import Document  # readability-lxml itself caps cssselect below what Scrapy brings

from crawler.readers.boxes import is_named_box
from crawler.readers.content import text_of
from crawler.readers.headline import headline_of, letters_of
from crawler.readers.lines import ENOUGH_LETTERS, lines_of

SHORT = 250  # letters; below this an extractor's answer is checked against the named frame's own text
_ROW = re.compile(r"^\|.*\|\s*$", re.MULTILINE)
READINGS = ("trafilatura", "readability", "jusText")


def by_trafilatura(root: Any, title: str, framed: str) -> list[str]:
    """The lines that trafilatura takes for the article, with the lead; `framed`: what a named frame says, where it is
    short."""
    text = trafilatura.extract(
        copy.deepcopy(root), favor_precision=True, include_comments=False, include_tables=True,
        include_formatting=False, deduplicate=False,
    ) or ""  # fmt: skip
    if len(text) < SHORT:
        text = framed if len(framed) > len(text) else text
    lines = lines_of(_ROW.sub(_cells_of, text), title)
    return [*_lead(root, lines), *lines]


def _cells_of(row: re.Match[str]) -> str:
    """A table's row, which trafilatura writes in one line: old pages are one, with other articles in the next cell."""
    return "\n".join(row[0].split("|"))


def _lead(root: Any, lines: list[str]) -> list[str]:
    """Text that stands directly before the first extracted paragraph, in the same element."""
    wanted = letters_of(lines[0])[:ENOUGH_LETTERS] if lines else ""
    if not wanted:
        return []
    for paragraph in root.iter("p"):
        if letters_of("".join(paragraph.itertext()))[:ENOUGH_LETTERS] == wanted:
            before = paragraph.itersiblings("p", preceding=True)
            texts = (" ".join("".join(one.itertext()).split()) for one in before)
            return list(reversed([text for text in texts if len(text) > 60]))
    return []


def by_readability(root: Any, title: str) -> list[str]:
    """The lines that readability takes for the article."""
    page = copy.deepcopy(root)
    head = headline_of(page, title)
    for around in () if head is None else filter(is_named_box, head.iterancestors()):
        around.attrib.clear()  # it leaves out what calls itself a sidebar, though the article stand in it
    try:
        summary = Document(page).summary()
    except ValueError:  # it moves text about, and lxml refuses to set control characters that it read itself
        return []
    return lines_of(text_of(html_elements.fromstring(summary)), "") if summary else []


def by_justext(root: Any) -> list[str]:
    """The lines that jusText takes for text; it drops short paragraphs."""
    page = html_elements.tostring(root, encoding="unicode")
    try:
        paragraphs = justext.justext(page, justext.get_stoplist("Indonesian"))
    except ValueError:  # as above
        return []
    return lines_of("\n".join(one.text for one in paragraphs if not one.is_boilerplate), "")
