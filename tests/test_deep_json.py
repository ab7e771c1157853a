"""JSON nested without end, from whoever: every reader says what it says of anything else that it cannot read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.errors import SourceTrouble
from crawler.imports import json_object
from crawler.items import Account, Capture
from crawler.readers.graph import minutes_to_wait, read_discovery, usage_percent
from crawler.readers.token import read_token
from crawler.readers.wordpress import read_links, read_posts, read_types
from pipelines.audit import audit_evidence
from pipelines.ledger import decode_line
from queries.bundle import periksa_bukti

AT = datetime(2026, 5, 2, tzinfo=UTC)
ACCOUNT = Account("a", "instagram", "a")
DEEP = {"lists": "[" * 100_000, "objects": '{"a":' * 100_000, "closed": "[" * 900 + "]" * 900}


def _answer(body: str, *headers: tuple[str, str]) -> Capture:
    return Capture("graph", "https://g.example/", "https://g.example/", 200, headers, body.encode(), AT)


READERS: dict[str, Callable[[str], object]] = {
    "graph": lambda body: read_discovery(_answer(body), ACCOUNT),
    "graph, under data": lambda body: read_discovery(
        _answer(f'{{"business_discovery":{{"id":"1","media":{{"data":[{body}]}}}}}}'), ACCOUNT),
    "posts": lambda body: read_posts(_answer(body), UTC),
    "types": lambda body: read_types(_answer(body)),
    "token": lambda body: read_token(body.encode()),
    "ledger": lambda body: decode_line(body.encode(), 1),
    "import": lambda body: json_object(body.encode()),
}  # fmt: skip


@pytest.mark.parametrize("depth", DEEP)
@pytest.mark.parametrize("reader", READERS)
def test_json_without_end_is_unreadable(reader: str, depth: str) -> None:
    """Never another error, which would end the run of a whole channel."""
    with pytest.raises((SourceTrouble, ValueError)):
        READERS[reader](DEEP[depth])


@pytest.mark.parametrize("depth", DEEP)
def test_a_usage_header_nested_without_end_states_nothing(depth: str) -> None:
    """A header is not what was asked for: the answer below it is read all the same."""
    answer = _answer("{}", ("x-app-usage", DEEP[depth]), ("x-business-use-case-usage", DEEP[depth]))

    assert (usage_percent(answer), minutes_to_wait(answer), read_links(_answer(DEEP[depth]))) == (0, 0, frozenset())


def test_a_ledger_line_nested_without_end_is_damage(tmp_path: Path) -> None:
    """To the audit and to the stand-alone verifier."""
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "ledger.jsonl").write_text(DEEP["lists"] + "\n")

    assert audit_evidence(tmp_path)[1]
    assert periksa_bukti.check(tmp_path / "evidence").wrong
