"""The ledger's bytes -> its lines in order, each checked against its seal, its place and the one before.

Damage does not end the reading: a line that cannot be read is named, and the next one is held against what it
says of itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from crawler.language import say
from pipelines.audit.damage import Damage, Found
from pipelines.ledger import GENESIS, decode_line, sealed

NAME = "evidence/ledger.jsonl"
Line = Mapping[str, Any]


def checked_lines(home: Path, found: Found) -> Iterator[Line]:
    """Every line that can be read, in order; what does not hold goes to `found`."""
    path = home / NAME
    if not path.exists():
        return
    prev, seq = GENESIS, 0
    with path.open("rb") as stream:
        for number, raw in enumerate(stream, 1):
            found.bytes += len(raw)
            if not raw.endswith(b"\n"):
                found.notes.append(say(
                    f"{NAME}: {len(raw)} bita di akhir bukan baris utuh: sisa proses yang terhenti, tanpa pernyataan",
                    f"{NAME}: {len(raw)} bytes at the end are no whole line: left by a kill; they state nothing",
                ))  # fmt: skip
                return
            try:
                line = decode_line(raw, number)
            except ValueError as error:
                found.add(Damage(f"{NAME}: {error}", seq=number), "chain")
                seq += 1
                prev = ""
                continue
            for problem in _links(line, seq + 1, prev):
                found.add(Damage(f"{NAME}: {problem}", seq=seq + 1), "chain")
            seq, prev = line["seq"], str(line.get("hash"))
            found.lines, found.head = found.lines + 1, (seq, prev)
            yield line


def _links(line: Line, expected: int, prev: str) -> Iterator[str]:
    """`prev` is empty behind a line that could not be read: that one is told by itself."""
    if line["seq"] != expected:
        yield f"seq {line['seq']}: expected {expected}"
    if prev and line.get("prev") != prev:
        yield f"seq {line['seq']}: does not follow the line before it"
    if sealed({key: value for key, value in line.items() if key != "hash"})["hash"] != line.get("hash"):
        yield f"seq {line['seq']}: content does not match its seal"
