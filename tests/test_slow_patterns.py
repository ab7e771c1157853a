"""No regular expression of ours can be made to take its time: neither by what it repeats, nor where texts come in."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import re._constants as marks  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import crawler
import pipelines
import queries
from crawler.dates import find_dates, read_date
from crawler.handles import normalise_handle
from crawler.imports.submission import _SEPARATORS
from crawler.readers.content import canonical_url
from crawler.readers.date_statements import is_told
from crawler.readers.lines import _is_beside
from crawler.readers.pictures import stem_of
from crawler.readers.site_links import _SIGNS
from crawler.redaction import redact
from pipelines.passage import read
from pipelines.text import fold, grams_of, hashtags_in

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow  # imports and reads all of the product
LENGTHS = (20, 24, 28, 120)  # what grows without measure shows at the first ones, and fails instead of hanging
LONG = 20_000
REPEATS = {marks.MAX_REPEAT, marks.MIN_REPEAT, marks.POSSESSIVE_REPEAT}
KINDS = {marks.CATEGORY_DIGIT: "1", marks.CATEGORY_SPACE: " ", marks.CATEGORY_WORD: "a"}


def patterns() -> dict[tuple[str | bytes, int], str]:
    """Every compiled pattern that a module of ours holds, and every one written at the place where it is used."""
    found: dict[tuple[str | bytes, int], str] = {}
    for package in (crawler, pipelines, queries):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for name, value in vars(importlib.import_module(module.name)).items():
                for one in _held(value):
                    found.setdefault((one.pattern, one.flags), f"{module.name}.{name}")
    for path in (path for room in ("crawler", "pipelines", "queries") for path in (ROOT / room).rglob("*.py")):
        for pattern in _written(ast.parse(path.read_text("utf-8"))):
            found.setdefault((pattern, 0), str(path.relative_to(ROOT)))
    return found


def _held(value: Any, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 3 and isinstance(value, tuple | list | frozenset | set):
        for one in value:
            yield from _held(one, depth + 1)
    elif depth < 3 and isinstance(value, dict):
        yield from _held([*value, *value.values()], depth)
    elif depth < 3 and is_dataclass(value) and not isinstance(value, type):
        yield from _held([getattr(value, one.name, None) for one in fields(value)], depth)


def _written(tree: ast.AST) -> Iterator[str | bytes]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            is_ours = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
            if is_ours and isinstance(node.args[0], ast.Constant) and node.func.attr != "escape":
                yield node.args[0].value  # type: ignore[misc]


def _letter(choices: Sequence[Any]) -> str:
    """A letter that a class takes."""
    for letter in "a 1<-./\"'~":
        if re.fullmatch(_class_of(choices), letter):
            return letter
    return next((chr(code) for kind, code in choices if kind is marks.LITERAL), "~")


def _class_of(choices: Sequence[Any]) -> str:
    written = ""
    for kind, value in choices:
        if kind is marks.NEGATE:
            written += "^"
        elif kind is marks.LITERAL:
            written += re.escape(chr(value))
        elif kind is marks.RANGE:
            written += f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
        else:
            name = str(value)
            letter = {"DIGIT": "d", "SPACE": "s", "WORD": "w"}[name.rpartition("_")[2]]
            written += "\\" + (letter.upper() if "_NOT_" in name else letter)
    return f"[{written}]"


def sample(tree: Any) -> str:
    """A text that a part of a pattern takes, as short as it allows."""
    text = ""
    for kind, value in tree:
        if kind is marks.LITERAL:
            text += chr(value)
        elif kind in (marks.ANY, marks.NOT_LITERAL):
            text += "a" if value != ord("a") else "b"
        elif kind is marks.IN:
            text += _letter(value)
        elif kind in REPEATS:
            text += sample(value[2]) * value[0]
        elif kind is marks.SUBPATTERN:
            text += sample(value[3])
        elif kind is marks.BRANCH:
            text += sample(value[1][0])
    return text


def repeats(tree: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """Of every repeat in a pattern: a text that leads to it, and one that it repeats."""
    items = list(tree)
    for at, (kind, value) in enumerate(items):
        lead = before + sample(items[:at])
        if kind in REPEATS:
            if value[1] is marks.MAXREPEAT:
                yield from ((lead, unit) for unit in _units(value[2]) if unit)
            yield from repeats(value[2], lead)
        elif kind is marks.BRANCH:
            for one in value[1]:
                yield from repeats(one, lead)
        elif kind in (marks.SUBPATTERN, marks.ASSERT, marks.ASSERT_NOT):
            yield from repeats(value[-1], lead)


def _units(body: Any) -> set[str]:
    inner = [value[3] if kind is marks.SUBPATTERN else [(kind, value)] for kind, value in body]
    branches = [one for part in inner for kind, value in part if kind is marks.BRANCH for one in value[1]]
    return {sample(body), *map(sample, branches)}


@contextmanager
def _within(seconds: float, what: object) -> Iterator[None]:
    started = time.process_time()
    yield
    assert time.process_time() - started < seconds, what


def test_no_pattern_explodes_on_what_it_repeats() -> None:
    """Each pattern searched in what leads to a repeat and then repeats: a third of a second is far more than enough."""
    found = patterns()
    for (pattern, flags), where in found.items():
        _search(pattern, flags, where)

    assert len(found) > 200


def test_a_pattern_that_explodes_is_found() -> None:
    """Else the test above could not fail."""
    with pytest.raises(AssertionError):
        _search(r"<(?:a+|b)+>", 0, "here")


def _search(pattern: str | bytes, flags: int, where: str) -> None:
    compiled = re.compile(pattern, flags)
    for lead, unit in set(repeats(parser.parse(pattern, flags))):
        for length in LENGTHS:
            text: Any = lead + unit * (length // len(unit)) + "\0"
            with _within(0.3, (where, pattern, lead, unit)):
                compiled.search(text.encode("latin-1", "replace") if isinstance(pattern, bytes) else text)


NOW, ZONE = datetime(2026, 5, 2, tzinfo=UTC), ZoneInfo("Asia/Jakarta")
READERS: dict[str, Callable[[str], object]] = {
    "a date line": lambda text: read_date(text, NOW, ZONE),
    "dates in a text": lambda text: list(find_dates(text, NOW, ZONE)),
    "a line that tells of a day": is_told,
    "a line beside the article": _is_beside,
    "a caption": read,
    "folded": fold,
    "grams": grams_of,
    "hashtags": hashtags_in,
    "a picture's address": stem_of,
    "an article's address": canonical_url,
    "signs of an article's address": lambda text: [sign.search(text) for _, sign in _SIGNS],
    "a cell of links": _SEPARATORS.split,
    "a log line": redact,
    "a handle": lambda text: normalise_handle("instagram", text),
}  # fmt: skip
LEADS = ("", "2 mei 2024", "hari", "sen", "posting", "http://", "#", "a--")
UNITS = (" ", "a", "1", "-", "a.", "a-", "/", "(", "senin, ", "2 mei ", "&a;", "token=")


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
def test_texts_made_to_be_slow_are_read_in_bounded_time(reader: str) -> None:
    """Twenty thousand letters of the same, behind what begins a date, an address or a tag: a second each at most."""
    for lead in LEADS:
        for unit in UNITS:
            text = lead + unit * (LONG // len(unit)) + "!"
            with _within(1.0, (lead, unit)):
                try:
                    READERS[reader](text)
                except ValueError:  # no handle: a documented answer too
                    continue
