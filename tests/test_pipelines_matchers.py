"""Every matcher in the folder keeps its examples, and its index never loses what compare would find."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.matchers import Matcher, all_matchers


@pytest.mark.parametrize("matcher", all_matchers(), ids=lambda matcher: matcher.name)
def test_examples_are_decided_as_labelled(matcher: Matcher, tmp_path: Path) -> None:
    """Each example gets its decision from the comparison, survives the index, and says why twice."""
    examples = list(matcher.examples(tmp_path))

    for example in examples:
        sign = matcher.compare(example.seen, example.reference)
        assert example.expected == (sign and sign.decision), (example.name, sign)
        candidates = list(matcher.index([example.reference])(example.seen))
        assert sign is None or example.reference in candidates, example.name
        if sign:
            assert matcher.name == sign.matcher
            assert {"id", "en"} <= sign.explanation.keys()
            assert 0 <= sign.score <= 1
    assert {None} < {example.expected for example in examples}


def test_names_are_unique_and_are_the_file_names() -> None:
    """A sign's matcher leads to the file that made it."""
    names = [matcher.name for matcher in all_matchers()]

    assert sorted(names) == ["audio", "elements", "image", "lettering", "link", "same_bytes", "text", "video"]
    assert all(matcher.__class__.__module__.endswith(f".{matcher.name}") for matcher in all_matchers())
