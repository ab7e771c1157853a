"""The ledger -> the lines that a bundle rests on, and the part of it that lets others recompute the chain.

A line's seal covers the whole line, so a line can be handed over whole or not checked at all. Lines about what
anybody could see (answers of public sources, looks, sightings, runs) are handed over whole. Lines that may name
persons (imports, reviews, notifications) are closed: their number and both seals, unless the bundle rests on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any

from crawler.errors import StoreDamaged
from crawler.language import say
from pipelines.deletions import DELETION, FORGET
from pipelines.evidence import BEGUN, WARCINFO
from pipelines.ledger import GENESIS, read_lines, sealed
from pipelines.sealed import RUN, SIGHTING, VISIT
from pipelines.timestamps import ROOTS, TIMESTAMP
from queries.bundle.periksa import canonical

NAME = "evidence/ledger.jsonl"
Line = Mapping[str, Any]

_PUBLIC_NOTES = frozenset({SIGHTING, VISIT, RUN, BEGUN, WARCINFO, TIMESTAMP, ROOTS})


@dataclass(frozen=True, slots=True)
class Chain:
    """What one reading of the ledger found: the needed lines by number, and where the handed-over part lies.

    `first_prev` is the seal before the first line; a bundle that needs no line has the newest alone.
    """

    needed: Mapping[int, Line] = field(default_factory=dict)
    first_seq: int = 1
    first_prev: str = GENESIS
    last_seq: int = 0
    last_hash: str = GENESIS


def read_chain(home: Path, is_needed: Callable[[Line], bool]) -> Chain:
    """Read the whole ledger once, recomputing it. Raises: StoreDamaged at the first line that does not hold."""
    needed: dict[int, Line] = {}
    last: Line | None = None
    for line in _holding(home):
        last = line
        if is_needed(line):
            needed[line["seq"]] = line
    if last is None:
        return Chain()
    first = needed[min(needed)] if needed else last
    return Chain(needed, first["seq"], first["prev"], last["seq"], last["hash"])


def handed_over(home: Path, chain: Chain) -> Iterator[bytes]:
    """The bytes of `buku-besar.jsonl`, line by line; lines that a run adds meanwhile are not in it."""
    part = takewhile(lambda line: line["seq"] <= chain.last_seq, _read(home, chain.first_seq - 1))
    for line in part:
        yield canonical(dict(line if line["seq"] in chain.needed or is_public(line) else closed(line))) + b"\n"


def closed(line: Line) -> Line:
    """A line of which only its place in the chain is told."""
    return {"closed": True, "seq": line["seq"], "prev": line["prev"], "hash": line["hash"]}


def is_public(line: Line) -> bool:
    """Whether a line tells only what anybody could see; a kind that is not known here does not."""
    if line["kind"] == DELETION:  # a forgotten post may have been a person's
        return bool(line["content"]["rule"] != FORGET)
    return line["kind"] in _PUBLIC_NOTES or str(line.get("url", "")).startswith(("http://", "https://"))


def _holding(home: Path) -> Iterator[Line]:
    prev = GENESIS
    for number, line in enumerate(_read(home, 0), 1):
        bare = {key: value for key, value in line.items() if key != "hash"}
        if (line["seq"], line.get("prev"), line.get("hash")) != (number, prev, sealed(bare)["hash"]):
            raise _damaged(f"seq {number}")
        prev = line["hash"]
        yield line


def _read(home: Path, after: int) -> Iterator[Line]:
    try:
        yield from read_lines(home / NAME, after)
    except ValueError as error:
        raise _damaged(str(error)) from error


def _damaged(what: str) -> StoreDamaged:
    return StoreDamaged(say(f"{NAME}: rantai putus ({what}); jalankan `tayang audit`",
                            f"{NAME}: the chain is broken ({what}); run `tayang audit`"))  # fmt: skip
