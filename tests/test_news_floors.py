"""Pages drawn by our own code in eleven families -> figures that may rise, never fall."""

from __future__ import annotations

import pytest

from tests.news.families import FAMILIES
from tests.news.reading import Read, drawn_cases, read
from tests.news.stories import TRAITS

SEED = 4
# Titles, days and minutes are right on every page. Programmed without names or metadata, a page is read less surely.
LEAST_F1 = {"bare_php": 0.85}


@pytest.fixture(scope="module")
def given() -> list[Read]:
    return [read(case) for case in drawn_cases(SEED)]


def test_every_family_is_drawn_with_every_trait(given: list[Read]) -> None:
    """No easy half of the pages is left over."""
    assert len(FAMILIES) * len(TRAITS) == len(given)
    assert len(given) >= 60


@pytest.mark.parametrize("fact", ["has_title", "has_day", "has_minute"])
def test_title_and_instant_are_right_on_every_page(given: list[Read], fact: str) -> None:
    """Whatever else stands there: clocks, other articles' JSON-LD, local time called UTC."""
    assert [(one.case.family, one.case.name) for one in given if not getattr(one, fact)] == []


def test_no_other_article_s_words_enter(given: list[Read]) -> None:
    """They would be another campaign's, and a false match."""
    assert [(one.case.family, one.case.name) for one in given if one.is_tainted] == []


def test_pictures_and_embeds_are_found(given: list[Read]) -> None:
    """Beside the body, loaded late, offered in sizes: a poster that is not seen would be called missing."""
    assert [(one.case.family, one.case.name, one.misses) for one in given if one.media < 1 and not one.is_doubted] == []


@pytest.mark.parametrize("family", [render.__name__ for render in FAMILIES])
def test_bodies_are_read(given: list[Read], family: str) -> None:
    """Word for word, but for what a wrong charset spoilt; what was not read whole says so."""
    own = [one for one in given if one.case.family == family]

    assert sum(one.f1 for one in own) / len(own) >= LEAST_F1.get(family, 0.98)


def test_what_may_not_have_been_read_whole_says_so() -> None:
    """One short paragraph among lists, in tables without names: no two readings agree, so nothing is claimed absent."""
    [lost] = [one for one in drawn_cases(1) if (one.family, one.name) == ("bare_php", "short")]

    assert read(lost).is_doubted
