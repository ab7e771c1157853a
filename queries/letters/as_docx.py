"""A Word template with `{{names}}` and a letter's values -> the letter as DOCX. Values become text runs, never markup.

A table row that names `{{list.field}}` stands once per item of the list, a paragraph that names `{{list}}` likewise. A
paragraph that holds nothing but empty values and a table whose list is empty fall away. Each place is filled once: what
a value says is not looked at again.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from crawler.errors import WrongUse
from crawler.language import say
from crawler.problems import nearest
from queries.letters.request import Letter
from queries.letters.word import open_document, saved

if TYPE_CHECKING:
    from docx.document import Document

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PLACE = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")
LOGO = "logo"
LOGO_HEIGHT_EMU = 756_000  # 2.1 cm
BROKEN = (zipfile.BadZipFile, KeyError, ValueError, etree.XMLSyntaxError)


def render_docx(template: bytes, source: str, letter: Letter, as_of: datetime, logo: bytes | None = None) -> bytes:
    """The letter's file. Raises: WrongUse that names `source` where the template is no Word file or names nothing."""
    try:
        document = open_document(template)
    except BROKEN as wrong:
        raise WrongUse(say(f"{source}: bukan berkas Word (.docx) yang utuh: {wrong}",
                           f"{source}: no whole Word file (.docx): {wrong}")) from wrong  # fmt: skip
    for part in _parts(document):
        Filling(source, part, logo).walk(part.element, letter.said)
    return saved(document, str(letter.said["subject"]), str(letter.said["government"]), as_of)


def _parts(document: Document) -> Iterator[Any]:
    """The body, and the headers and footers of its sections."""
    from docx.parts.story import StoryPart

    return (part for part in document.part.package.iter_parts() if isinstance(part, StoryPart))


@dataclass(frozen=True)
class Filling:
    """One part of a Word file that is being filled; `source` is its name in messages."""

    source: str
    part: Any
    logo: bytes | None

    def walk(self, element: Any, said: Mapping[str, Any]) -> None:
        """Fill all below `element`, each place once."""
        for child in list(element):
            if child.tag in (f"{W}p", f"{W}tr"):
                self._unit(child, said)
            else:
                self.walk(child, said)
            if child.tag == f"{W}tbl" and child.find(f"{W}tr") is None:
                element.remove(child)

    def _unit(self, unit: Any, said: Mapping[str, Any]) -> None:
        """A paragraph or a row: once, or once per item of the list that it names."""
        head = self._list_in(unit, said)
        if head is None:
            return self._once(unit, said)
        for item in said[head]:
            copy = deepcopy(unit)
            unit.addprevious(copy)
            self._once(copy, {**said, head: item})
        return self._drop_with_table(unit) if not said[head] and unit.tag == f"{W}tr" else _drop(unit)

    def _once(self, unit: Any, said: Mapping[str, Any]) -> None:
        if unit.tag == f"{W}p":
            self._fill(unit, said)
        self.walk(unit, said)

    def _drop_with_table(self, row: Any) -> None:
        """A list without items leaves no lonely heading row."""
        table = row.getparent()
        for one in list(table.findall(f"{W}tr")):
            table.remove(one)

    def _list_in(self, unit: Any, said: Mapping[str, Any]) -> str | None:
        """The list that a paragraph, or a row without tables in it, names. Raises: WrongUse for two."""
        heads = {name.partition(".")[0] for name in _repeating(unit)}
        lists = sorted(head for head in heads if isinstance(said.get(head), list))
        if len(lists) > 1:
            raise WrongUse(say(f"{self.source}: satu baris hanya untuk satu daftar, bukan {', '.join(lists)}",
                               f"{self.source}: one row is for one list, not {', '.join(lists)}"))  # fmt: skip
        return lists[0] if lists else None

    def _fill(self, paragraph: Any, said: Mapping[str, Any]) -> None:
        """Put the values into a paragraph's runs; Word may have split a place over several."""
        texts = _own_texts(paragraph)
        whole = _joined(texts)
        found = list(PLACE.finditer(whole))
        values = [self._value(match[1], said) for match in found]
        for match, value in reversed(list(zip(found, values, strict=True))):
            _replace(texts, match.start(), match.end(), self._picture(texts[0]) if match[1] == LOGO else value)
        if found and not any(values) and not PLACE.sub("", whole).strip():
            _drop(paragraph)

    def _value(self, name: str, said: Mapping[str, Any]) -> str:
        value: Any = said
        for word in name.split("."):
            value = value.get(word) if isinstance(value, Mapping) else None
        if isinstance(value, str):
            return value
        known = [*_names(said)]
        meant = nearest(name, known)
        hint = say(f"; maksudnya {{{{{meant}}}}}?", f"; did you mean {{{{{meant}}}}}?") if meant else ""
        raise WrongUse(say(f"{self.source}: tidak ada {{{{{name}}}}}{hint}",
                           f"{self.source}: there is no {{{{{name}}}}}{hint}"))  # fmt: skip

    def _picture(self, text: Any) -> str:
        """Put the logo beside a text, where there is one; of its place no word stays."""
        if self.logo:
            inline = self.part.new_pic_inline(io.BytesIO(self.logo), None, LOGO_HEIGHT_EMU)
            text.getparent().add_drawing(inline)
        return ""


def _names(said: Mapping[str, Any]) -> Iterator[str]:
    """Every name that a place may have."""
    for key, value in said.items():
        inner = value[0] if isinstance(value, list) and value else value
        if isinstance(inner, Mapping):
            yield from (f"{key}.{name}" for name in inner)
        else:
            yield key


def _repeating(unit: Any) -> list[str]:
    """The names by which a unit may be repeated: a row by those of lines, a paragraph by any of its own."""
    if unit.tag == f"{W}p":
        return PLACE.findall(_joined(_own_texts(unit)))
    if unit.find(f".//{W}tbl") is not None:
        return []
    return [name for name in PLACE.findall(_joined(unit.iter(f"{W}t"))) if "." in name]


def _joined(texts: Iterable[Any]) -> str:
    return "".join(text.text or "" for text in texts)


def _own_texts(paragraph: Any) -> list[Any]:
    """The pieces of text of a paragraph, without those of text boxes in it."""
    return [text for text in paragraph.iter(f"{W}t") if next(text.iterancestors(f"{W}p")) is paragraph]


def _replace(texts: list[Any], start: int, end: int, value: str) -> None:
    """Characters `start` to `end` of the joined texts become `value`, in the run where they began."""
    at = 0
    for text in texts:
        written = text.text or ""
        first, last = max(start - at, 0), min(end - at, len(written))
        at += len(written)
        if first >= len(written) or last <= 0:
            continue
        text.text = written[:first] + value + written[last:]
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        value = ""


def _drop(unit: Any) -> None:
    """Take a paragraph or row away; a cell keeps its last paragraph, which Word insists on."""
    parent = unit.getparent()
    if parent.tag == f"{W}tc" and len(parent.findall(f"{W}p")) == 1:
        return
    parent.remove(unit)
