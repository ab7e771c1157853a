"""The sandbox world against its known truth: nobody falsely accused, nobody falsely pardoned."""

from __future__ import annotations

from crawler.sandbox.offices import World
from tests.conftest import Lived
from tests.truth import ACCUSES, PARDONS, Words, expected_of, said_of

HARD = ACCUSES | PARDONS | {"early", "review", "unknown", "pending"}


def wrong(lived: Lived) -> dict[tuple[str, str], tuple[str, str | None]]:
    expected, said = expected_of(lived.world), said_of(lived.store, lived.world)
    return {key: (word, said.get(key)) for key, word in expected.items() if said.get(key) != word}


def statuses(words: Words) -> set[str]:
    return {word.split()[0] for word in words.values()}


def test_every_verdict_is_the_truth(lived: Lived) -> None:
    """100 % of the world's duties get the one word that may honestly be said, with its reason."""
    assert wrong(lived) == {}
    assert expected_of(lived.world).keys() == said_of(lived.store, lived.world).keys()


def test_nobody_is_accused_or_pardoned_against_the_truth(lived: Lived) -> None:
    """Counted apart, because these are the two errors that matter most."""
    found = {key: (said or "").split()[0] for key, (_, said) in wrong(lived).items()}

    assert {key: word for key, word in found.items() if word in ACCUSES | PARDONS} == {}


def test_the_world_is_hard(lived: Lived) -> None:
    """It holds at least twelve agencies and every word that can be said."""
    world: World = lived.world

    assert len(world.offices) >= 12
    assert statuses(expected_of(world)) == HARD
