"""Statements about kept bytes -> an append-only file in which each line seals all before it.

One JSON object a line, keys sorted. `hash` is the SHA-256 of the line without it, and `prev` is
the hash of the line before (64 zeros for the first): no line can be changed, removed or moved
without breaking every later one.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from crawler.errors import StoreDamaged

GENESIS = "0" * 64
_TAIL_BYTES = 1 << 16


class Ledger:
    """The writer of one ledger file; lines are held until `commit`. `seq` is the last one given.

    Raises: StoreDamaged when its last line cannot be continued.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._waiting: list[dict[str, Any]] = []
        self.seq, self._prev = _mend(path)

    def add(self, statement: Mapping[str, Any]) -> None:
        """Seal one statement after all earlier ones; on disk only after `commit`."""
        self.seq += 1
        line = sealed({**statement, "seq": self.seq, "prev": self._prev})
        self._prev = line["hash"]
        self._waiting.append(line)

    def commit(self) -> list[dict[str, Any]]:
        """Write and fsync the waiting lines; return them."""
        lines, self._waiting = self._waiting, []
        if lines:
            with self.path.open("ab") as stream:
                stream.write(b"".join(_encode(line) for line in lines))
                stream.flush()
                os.fsync(stream.fileno())
        return lines


def sealed(statement: Mapping[str, Any]) -> dict[str, Any]:
    """The statement with its `hash`."""
    return {**statement, "hash": hashlib.sha256(_canonical(statement)).hexdigest()}


def read_lines(path: Path, after: int = 0) -> Iterator[dict[str, Any]]:
    """All lines with `seq` above `after`, as written; stops before a torn last line.

    Raises: ValueError where a line is not what `Ledger` writes, to the byte.
    """
    if not path.exists():
        return
    with path.open("rb") as stream:
        for number, raw in enumerate(stream, 1):
            if not raw.endswith(b"\n"):
                return
            line = _decode(raw, number)
            if line["seq"] > after:
                yield line


def broken_links(lines: Sequence[Mapping[str, Any]]) -> list[str]:
    """Every place where the chain does not hold, as `seq N: what`; [] when it holds."""
    found, prev = [], GENESIS
    for number, line in enumerate(lines, 1):
        unsealed = {key: value for key, value in line.items() if key != "hash"}
        if line.get("seq") != number:
            found.append(f"seq {line.get('seq')}: expected {number}")
        if line.get("prev") != prev:
            found.append(f"seq {number}: does not follow the line before it")
        if sealed(unsealed)["hash"] != line.get("hash"):
            found.append(f"seq {number}: content does not match its seal")
        prev = str(line.get("hash"))
    return found


def _mend(path: Path) -> tuple[int, str]:
    """Cut off a last line that a kill left torn, and return the last seq and hash."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        return 0, GENESIS
    size = path.stat().st_size
    with path.open("r+b") as stream:
        tail = _tail(stream, size)
        whole = tail.rfind(b"\n") + 1
        if whole < len(tail):
            stream.truncate(size - len(tail) + whole)
    if not whole:
        return 0, GENESIS
    try:
        last = _decode(tail[:whole].splitlines(keepends=True)[-1], 0)
    except ValueError as error:
        raise StoreDamaged(f"{path.name}: {error}") from error
    return last["seq"], last["hash"]


def _tail(stream: BinaryIO, size: int) -> bytes:
    """The end of the file: at least one whole line, or all of it."""
    length = _TAIL_BYTES
    while True:
        stream.seek(max(0, size - length))
        tail = stream.read()
        if tail.count(b"\n") > 1 or length >= size:
            return tail
        length *= 4


def _decode(raw: bytes, number: int) -> dict[str, Any]:
    """One line; `number` is told where it is not as sealed, 0 = the last."""
    where = f"line {number}" if number else "last line"
    try:
        line = json.loads(raw)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error
    if not isinstance(line, dict) or not isinstance(line.get("seq"), int) or _encode(line) != raw:
        raise ValueError(f"{where}: not written as it was sealed")
    return line


def _canonical(statement: Mapping[str, Any]) -> bytes:
    return json.dumps(statement, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _encode(line: Mapping[str, Any]) -> bytes:
    return _canonical(line) + b"\n"
